use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, STORED, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};

/// Names of the tokenizers of fields: what a field holds, as each reads packed words. The schema names them.
pub const EXACT: &str = "exact";
pub const STEM: &str = "stem";
pub const FORMS: &str = "forms";

/// A part of a record that words are looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zone {
    /// Everything that can be searched: the title first, then the names, then the rest.
    All,
    /// The title.
    Title,
    /// The buyer and the holders.
    Parties,
}

impl Zone {
    /// Every zone.
    pub const ALL: [Self; 3] = [Self::All, Self::Title, Self::Parties];

    /// How much more a zone weighs in the whole of a case: a word of the title is scored as if the title stood there three times.
    /// So it weighs as three of the text, but a word that is in both is not worth the sum of two matches (Robertson, Zaragoza &
    /// Taylor, « Simple BM25 extension to multiple weighted fields », CIKM 2004). In the order of the texts of [`Zone::All`].
    pub const REPEATS: [(Self, f32); 2] = [(Self::Title, 3.0), (Self::Parties, 2.0)];

    const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Title => "title",
            Self::Parties => "parties",
        }
    }
}

/// Whether a word is its own stem, whatever the stemmer.
pub fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Every field of the index, by handle.
#[derive(Debug, Clone)]
pub struct Fields {
    /// The whole record, stored as [`RecordDecoder`](crate::RecordDecoder) reads it.
    pub record: Field,
    /// The words of [`Zone::All`] as they are written, accents and capitals aside, but for numbers. The other zones have none: what
    /// is written somewhere in a case, and has its stem in the title, is written so there but in the rarest case. Only how often is
    /// kept: a word that a case holds as often as its stem is where its stem is.
    pub exact: Field,
    /// The stems of the zones, in their order. It is their lengths that are kept: both fields hold the words of the same texts.
    stems: [Field; Zone::ALL.len()],
    /// The words of [`Zone::All`] as they are written, but for numbers, with their places, where a case holds other words of their
    /// stem too.
    pub forms: Field,
    /// Stems of the label of the CPV code, and of it alone: that of a branch above would be said by thousands of codes. Only
    /// whether a record has them is kept, as a label is no text in which a word could count more than once.
    pub cpv_label: Field,
    /// The date as a growing number, see [`rex_corpus::Date::sort_key`]: for sorting.
    pub date: Field,
    /// The two halves of the digest of what the record was read from: the next build keeps the record where it meets it again. A
    /// record that changed and has the digest of another would not be read, and nobody would know: so many bits that it does not
    /// happen, not even to whoever writes records to make it happen.
    pub digest: [Field; 2],
}

/// Names of the fast fields.
impl Fields {
    /// Fast field of the date.
    pub const DATE: &'static str = "date";
    /// Fast fields of the digest, the first half first.
    pub const DIGEST: [&'static str; 2] = ["digest_high", "digest_low"];

    /// The schema and the handles of its fields. The order of the fields is part of the format.
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
        };
        (builder.build(), fields)
    }

    /// The stems of a zone.
    pub fn stem(&self, zone: Zone) -> Field {
        self.stems[zone as usize]
    }

    /// The field that holds a word as it is written: a number is its own stem, and kept among them only.
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
    // The places of the words of a title and of names are the first ones of the whole.
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
