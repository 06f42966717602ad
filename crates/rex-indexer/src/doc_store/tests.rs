use proptest::prelude::*;
use rex_corpus::Record;
use tantivy::directory::{Directory, OwnedBytes, RamDirectory};

use super::dictionary_builder::DictionaryBuilder;
use super::encode::RecordEncoder;
use crate::build::memory_budget::MemoryBudget;
use rex_index::doc_store::{Dictionary, FILE, RecordDecoder, piece};

/// The decoder for the records of an encoder.
fn decoder(writer: &RecordEncoder) -> RecordDecoder {
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
fn every_field_is_decoded_with_new_and_with_known_texts() {
    let mut writer = RecordEncoder::new(MemoryBudget::default());
    let written: Vec<_> = (0..4).map(|_| writer.bytes(&full())).collect();
    let reader = decoder(&writer);
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
    // Each field missing in turn.
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
        assert_eq!(decoder(&writer).read(&bytes).unwrap(), expected, "{name}");
    }
}

#[test]
fn dictionary_numbers_of_every_size_are_decoded() {
    let mut writer = RecordEncoder::new(MemoryBudget::default());
    let count = piece::FIRST_OF_THREE + 70_000;
    let titled = |number: u32| record(serde_json::json!({"id": "x", "titre": format!("w{number}w")}));
    for _ in 0..2 {
        (0..count).for_each(|number| drop(writer.bytes(&titled(number))));
    }
    let reader = decoder(&writer);
    let edges = [
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
    let lengths = edges.map(|number| {
        let bytes = writer.bytes(&titled(number));
        assert_eq!(reader.read(&bytes).unwrap(), titled(number));
        bytes.len()
    });
    assert!(lengths.is_sorted() && lengths[9] - lengths[0] == 2, "{lengths:?}");
}

#[test]
fn an_update_continues_the_dictionary() {
    let mut before = RecordEncoder::new(MemoryBudget::default());
    let old: Vec<_> = (0..3).map(|_| before.bytes(&full())).collect();
    let mut after = RecordEncoder::after(decoder(&before).texts(), MemoryBudget::default());
    let other = Record {
        titre: "Des bacs neufs".to_owned(),
        ..full()
    };
    let new: Vec<_> = (0..3).map(|_| after.bytes(&other)).collect();
    let reader = decoder(&after);
    assert!(old.iter().all(|bytes| reader.read(bytes).unwrap() == full()));
    assert!(new.iter().all(|bytes| reader.read(bytes).unwrap() == other));
    // Known texts have numbers from the first record on.
    assert!(new[0].len() < old[2].len() + 20);
}

#[test]
fn memory_is_bounded() {
    let mut numbers = DictionaryBuilder::new(MemoryBudget::default());
    let long = vec![b'x'; (1 << 10) + 1];
    assert!((0..3).all(|_| numbers.of(&long).is_none() && numbers.of(b"ab").is_none()));
    let text = |number: u32| format!("{number:0>1000}").into_bytes();
    let numbered = (0..70_000).filter(|number| numbers.of(&text(*number)).or(numbers.of(&text(*number))).is_some());
    assert_eq!(numbered.count(), (64 << 20) / (1_000 + 64));
    // Texts with a number keep it.
    assert_eq!(numbers.of(&text(5)), Some(5));
}

#[test]
fn damage_is_an_error_or_another_record_and_never_a_panic() {
    let mut writer = RecordEncoder::new(MemoryBudget::default());
    let bytes: Vec<_> = (0..3).flat_map(|_| [writer.bytes(&full())]).collect();
    let whole = decoder(&writer);
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
    // A record cannot be decoded without its dictionary.
    assert!(
        decoder(&RecordEncoder::new(MemoryBudget::default()))
            .read(&bytes[2])
            .is_err()
    );
    // Repeated references to long texts: a few bytes would decode to gigabytes.
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
fn damage_of_the_dictionary_is_an_error_or_gives_other_texts() {
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

/// Texts of the characters that decide the kind of a piece: digits, hexadecimal digits, separators.
const TEXTS: &str =
    "([-0-9a-f /]{0,24}|[0-9]{1,24}|[a-f0-9]{4,70}|\\PC{0,12}|(é | word | de |\u{0}){0,6}|x{1020,1030})";

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_texts_are_decoded_as_encoded(texts in prop::collection::vec(TEXTS, 12), page in any::<u32>(), months in any::<Option<u32>>()) {
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
        let reader = decoder(&writer);
        for bytes in written {
            prop_assert_eq!(&reader.read(&bytes).unwrap(), &expected);
        }
    }
}
