use proptest::prelude::*;
use rex_corpus::Record;
use tantivy::directory::{Directory, OwnedBytes, RamDirectory};

use super::dictionary_builder::DictionaryBuilder;
use super::encode::RecordEncoder;
use crate::build::memory_budget::MemoryBudget;
use rex_index::doc_store::{Dictionary, FILE, RecordDecoder, piece};

/// What the records of a writer are read with.
fn reading(writer: &RecordEncoder) -> RecordDecoder {
    let directory = RamDirectory::create();
    writer.write_texts(&directory).unwrap();
    RecordDecoder::open(&directory).unwrap()
}

fn record(fields: serde_json::Value) -> Record {
    serde_json::from_value(fields).unwrap_or_else(|error| panic!("{error}"))
}

fn full() -> Record {
    record(serde_json::json!({
        "id": "21590009300018-20190000000100-9ca4212e",
        "titre": "Collecte des  déchets , lot 12 ",
        "type": "marche",
        "acheteur": {"nom": "Ville d'Évry", "siret": "21910228200015", "structure": "Commune"},
        "titulaires": [{"nom": "A", "structure": ["Association", "Entreprise d'insertion"]}, {"nom": "", "siret": "00000000000000"}],
        "nature": "services",
        "procedure": "Marché réservé",
        "reserve": ["SIAE", "ESS"],
        "considerations": ["Clause sociale", "Clause environnementale"],
        "lots": {"nombre": 12, "reserves": 0},
        "cpv": "90500000-2",
        "montant_ht": 127_721.5,
        "duree_mois": 48,
        "territoire": ["Île-de-France", "Essonne", "Évry-Courcouronnes"],
        "themes": ["déchets", ""],
        "date": "2023-05-01",
        "source": {"titre": "Livret", "editeur": "ESS France", "url": "https://example.org/a//b?c=d e", "page": 7},
        "anomalies": ["montant écarté : « 0 »"],
        "sections": [{"texte": "Avant tout"}, {"titre": "Marché", "texte": "a\n\nb  c\u{0} 🜁 0007 18446744073709551615 0a1b2c3d4e"}],
    }))
}

#[test]
fn every_field_comes_back_the_first_time_and_when_all_is_known() {
    let mut writer = RecordEncoder::new(MemoryBudget::default());
    let written: Vec<_> = (0..4).map(|_| writer.bytes(&full())).collect();
    let reader = reading(&writer);
    for bytes in &written {
        assert_eq!(reader.read(bytes).unwrap(), full());
    }
    let json = serde_json::to_vec(&full()).unwrap();
    assert!(
        written[0].len() < json.len() / 2 && written[3].len() < 60,
        "{} {}",
        written[0].len(),
        written[3].len()
    );
    // One field at a time is missing.
    let all = serde_json::to_value(full()).unwrap();
    for name in all
        .as_object()
        .unwrap()
        .keys()
        .filter(|name| !["id", "titre"].contains(&name.as_str()))
    {
        let mut fields = all.clone();
        fields.as_object_mut().unwrap().remove(name);
        let expected = record(fields);
        let mut writer = RecordEncoder::new(MemoryBudget::default());
        let bytes = writer.bytes(&expected);
        assert_eq!(reading(&writer).read(&bytes).unwrap(), expected, "{name}");
    }
}

#[test]
fn numbers_of_every_size_stand_for_their_texts() {
    let mut writer = RecordEncoder::new(MemoryBudget::default());
    let count = piece::FIRST_OF_THREE + 70_000;
    let titled = |rank: u32| record(serde_json::json!({"id": "x", "titre": format!("w{rank}w")}));
    for _ in 0..2 {
        (0..count).for_each(|rank| drop(writer.bytes(&titled(rank))));
    }
    let reader = reading(&writer);
    let ranks = [
        0,
        1,
        143,
        144,
        145,
        146,
        20_000,
        piece::FIRST_OF_THREE,
        count - 2,
        count - 1,
    ];
    let lengths = ranks.map(|rank| {
        let bytes = writer.bytes(&titled(rank));
        assert_eq!(reader.read(&bytes).unwrap(), titled(rank));
        bytes.len()
    });
    assert!(lengths.is_sorted() && lengths[9] - lengths[0] == 2, "{lengths:?}");
}

#[test]
fn an_update_goes_on_with_the_numbers_there_are() {
    let mut before = RecordEncoder::new(MemoryBudget::default());
    let old: Vec<_> = (0..3).map(|_| before.bytes(&full())).collect();
    let mut after = RecordEncoder::after(reading(&before).texts(), MemoryBudget::default());
    let other = Record {
        titre: "Des bacs neufs".to_owned(),
        ..full()
    };
    let new: Vec<_> = (0..3).map(|_| after.bytes(&other)).collect();
    let reader = reading(&after);
    assert!(old.iter().all(|bytes| reader.read(bytes).unwrap() == full()));
    assert!(new.iter().all(|bytes| reader.read(bytes).unwrap() == other));
    // What was known before is so from the first record on.
    assert!(new[0].len() < old[2].len() + 20);
}

#[test]
fn memory_is_bounded_whatever_comes() {
    let mut numbers = DictionaryBuilder::new(MemoryBudget::default());
    let long = vec![b'x'; (1 << 10) + 1];
    assert!((0..3).all(|_| numbers.of(&long).is_none() && numbers.of(b"ab").is_none()));
    let text = |rank: u32| format!("{rank:0>1000}").into_bytes();
    let numbered = (0..70_000).filter(|rank| numbers.of(&text(*rank)).or(numbers.of(&text(*rank))).is_some());
    assert_eq!(numbered.count(), (64 << 20) / (1_000 + 64));
    // Those that have a number keep it.
    assert_eq!(numbers.of(&text(5)), Some(5));
}

#[test]
fn damage_is_an_error_or_another_record_and_never_a_panic() {
    let mut writer = RecordEncoder::new(MemoryBudget::default());
    let bytes: Vec<_> = (0..3).flat_map(|_| [writer.bytes(&full())]).collect();
    let whole = reading(&writer);
    for good in &bytes {
        for length in 0..good.len() {
            assert!(whole.read(&good[..length]).is_err(), "cut at {length}");
        }
        assert!(whole.read(&[good.as_slice(), b"\0"].concat()).is_err());
        for at in 0..good.len() {
            for mask in [0x01, 0x80, 0xff, 0x55] {
                let mut bad = good.clone();
                bad[at] ^= mask;
                let _ = whole.read(&bad);
            }
        }
    }
    // Without the texts that it names, a record is not read.
    assert!(
        reading(&RecordEncoder::new(MemoryBudget::default()))
            .read(&bytes[2])
            .is_err()
    );
    // Texts that name one another without end: a few bytes would say gigabytes.
    let mut numbers = DictionaryBuilder::new(MemoryBudget::default());
    let text = vec![b'y'; 1 << 10];
    let _ = (numbers.of(&text), numbers.of(&text));
    let directory = RamDirectory::create();
    numbers.write(&directory).unwrap();
    let mut huge = vec![0, 0, piece::SEVERAL, 0xff, 0xff, 0x7f];
    huge.extend(vec![piece::ONE_BYTE; 1 << 20]);
    assert!(RecordDecoder::open(&directory).unwrap().read(&huge).is_err());
}

#[test]
fn a_file_of_texts_that_is_damaged_says_so_or_gives_other_texts() {
    let mut writer = RecordEncoder::new(MemoryBudget::default());
    let bytes: Vec<_> = (0..3).map(|_| writer.bytes(&full())).collect();
    let directory = RamDirectory::create();
    writer.write_texts(&directory).unwrap();
    let good = directory.atomic_read(std::path::Path::new(FILE)).unwrap();
    let open = |file: &[u8]| Dictionary::read(&OwnedBytes::new(file.to_vec()));
    for length in 0..good.len() {
        assert!(open(&good[..length]).is_err(), "cut at {length}");
    }
    assert!(open(&[good.as_slice(), b"x"].concat()).is_err());
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0xd5;
        let opened = open(&bad);
        assert!(at >= 24 || opened.is_err(), "byte {at}");
        if let Ok(texts) = opened {
            let reader = RecordDecoder::of(texts);
            bytes.iter().for_each(|bytes| drop(reader.read(bytes)));
        }
    }
}

/// Texts with what the pieces are told apart by: digits, hexadecimal digits, spaces and dashes where they cut.
const TEXTS: &str =
    "([-0-9a-f /]{0,24}|[0-9]{1,24}|[a-f0-9]{4,70}|\\PC{0,12}|(é | word | de |\u{0}){0,6}|x{1020,1030})";

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_texts_come_back(texts in prop::collection::vec(TEXTS, 12), page in any::<u32>(), months in any::<Option<u32>>()) {
        let some = |at: usize| texts[at].clone();
        let expected = record(serde_json::json!({
            "id": some(0),
            "titre": some(1),
            "acheteur": {"nom": some(2), "siret": some(3)},
            "titulaires": [{"nom": some(4), "structure": some(5)}, {"nom": some(2), "siret": some(3)}],
            "lots": {"nombre": page, "reserves": page},
            "duree_mois": months,
            "territoire": [some(6), some(7)],
            "source": {"url": some(8), "page": page},
            "sections": [{"titre": some(9), "texte": some(10)}, {"titre": some(11), "texte": texts.join("\n")}],
        }));
        let mut writer = RecordEncoder::new(MemoryBudget::default());
        let written: Vec<_> = (0..3).map(|_| writer.bytes(&expected)).collect();
        let reader = reading(&writer);
        for bytes in written {
            prop_assert_eq!(&reader.read(&bytes).unwrap(), &expected);
        }
    }
}
