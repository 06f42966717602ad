//! The schema of the tantivy index.

use rex_analysis::RecordVector;
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, STORED, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};

/// Numbers of eight bytes that a vector takes.
pub const MEANING_WORDS: usize = RecordVector::BYTES / size_of::<u64>();

/// Name of the tokenizer of exact forms. As the schema names tokenizers, the name is part of the format.
pub const EXACT: &str = "exact";
/// Name of the tokenizer of stems.
pub const STEM: &str = "stem";
/// Name of the tokenizer of forms that share a stem within a document.
pub const FORMS: &str = "forms";

/// A part of a record that is indexed on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zone {
    /// All searchable texts: the title first, then the names of the parties, then the rest.
    All,
    /// The title.
    Title,
    /// The buyer and the holders.
    Parties,
}

impl Zone {
    /// Every zone.
    pub const ALL: [Self; 3] = [Self::All, Self::Title, Self::Parties];

    /// Field weights of BM25F, in the order of the texts of [`Zone::All`]: a name is scored as if it were in the text twice. Weighting
    /// term frequencies before saturation, instead of adding field scores, follows Robertson, Zaragoza & Taylor, « Simple BM25 extension
    /// to multiple weighted fields », CIKM 2004. The title counts once here: what it weighs is its score as a field of its own.
    pub const REPEATS: [(Self, f32); 2] = [(Self::Title, 1.0), (Self::Parties, 2.0)];

    const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Title => "title",
            Self::Parties => "parties",
        }
    }
}

/// Whether a word consists of digits, and is therefore its own stem.
pub fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Handles of all fields of the index.
#[derive(Debug, Clone)]
pub struct Fields {
    /// The whole record, stored, in the encoding of [`RecordDecoder`](crate::RecordDecoder).
    pub record: Field,
    /// Exact forms of the words of [`Zone::All`], folded, without numbers; term frequencies but no positions. A form that is as frequent
    /// as its stem in a document has the positions of the stem. The other zones have no exact forms: a document that contains a form, and
    /// its stem in the title, nearly always has that form in the title.
    pub exact: Field,
    /// Stems, by zone. Only these fields have field norms: exact forms come from the same texts.
    stems: [Field; Zone::ALL.len()],
    /// Exact forms of [`Zone::All`] with positions, without numbers, where the document contains several forms of one stem.
    pub forms: Field,
    /// Stems of the label of the CPV code, without frequencies: no word occurs twice in a label to any effect. Labels of ancestor codes
    /// are left out, as each would match thousands of records.
    pub cpv_label: Field,
    /// The date as [`rex_corpus::Date::sort_key`], a fast field for sorting.
    pub date: Field,
    /// High and low half of the 128-bit digest of the source of the record. The next build reuses records with a known digest. A changed
    /// record with the digest of another would be missed silently, hence a digest long enough to make collisions infeasible even on
    /// purpose.
    pub digest: [Field; 2],
    /// The [`rex_analysis::RecordVector`] of title and text, eight bytes a field, little-endian; zeros for a record without one.
    pub meaning: [Field; MEANING_WORDS],
}

impl Fields {
    /// Name of the fast field of the date.
    pub const DATE: &'static str = "date";
    /// Names of the fast fields of the digest, the high half first.
    pub const DIGEST: [&'static str; 2] = ["digest_high", "digest_low"];
    /// Names of the fast fields of the vector, the first bytes first.
    pub const MEANING: [&'static str; MEANING_WORDS] = [
        "meaning_0",
        "meaning_1",
        "meaning_2",
        "meaning_3",
        "meaning_4",
        "meaning_5",
        "meaning_6",
        "meaning_7",
    ];

    /// The schema and its handles. The order of the fields is part of the format.
    pub fn schema() -> (Schema, Self) {
        let mut builder = Schema::builder();
        let fast_number = NumericOptions::default().set_fast();
        let fields = Self {
            record: builder.add_bytes_field("record", STORED),
            exact: add_words(&mut builder, "all_exact", EXACT, IndexRecordOption::WithFreqs),
            stems: Zone::ALL.map(|zone| add_stems(&mut builder, zone)),
            forms: add_words(
                &mut builder,
                "all_forms",
                FORMS,
                IndexRecordOption::WithFreqsAndPositions,
            ),
            cpv_label: add_label(&mut builder, "cpv_label"),
            date: builder.add_u64_field(Self::DATE, fast_number.clone()),
            digest: Self::DIGEST.map(|name| builder.add_u64_field(name, fast_number.clone())),
            meaning: Self::MEANING.map(|name| builder.add_u64_field(name, fast_number.clone())),
        };
        (builder.build(), fields)
    }

    /// The field of the stems of a zone.
    pub fn stem(&self, zone: Zone) -> Field {
        self.stems[zone as usize]
    }

    /// The field that holds the exact form of a word. A number is its own stem and is indexed among the stems only.
    pub fn of_exact(&self, word: &str) -> Field {
        if is_number(word) {
            self.stem(Zone::All)
        } else {
            self.exact
        }
    }
}

fn add_label(builder: &mut SchemaBuilder, name: &str) -> Field {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(STEM)
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    builder.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
}

fn add_stems(builder: &mut SchemaBuilder, zone: Zone) -> Field {
    // Title and names are the first texts of `Zone::All`, whose positions serve them too.
    let option = match zone {
        Zone::All => IndexRecordOption::WithFreqsAndPositions,
        Zone::Title | Zone::Parties => IndexRecordOption::WithFreqs,
    };
    add_words(builder, &format!("{}_{STEM}", zone.name()), STEM, option)
}

fn add_words(builder: &mut SchemaBuilder, name: &str, tokenizer: &str, option: IndexRecordOption) -> Field {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_index_option(option)
        .set_fieldnorms(tokenizer == STEM);
    builder.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
}
