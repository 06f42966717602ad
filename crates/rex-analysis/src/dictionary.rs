//! The dictionary of French forms with their lemmas and word kinds: `data/dictionary.bin`, which `cargo xtask dictionary` makes from
//! the hunspell dictionary named in its first line.
//!
//! Format: a line with the source, then three parts, each after its length as a little-endian `u32`: the lemma rules
//! ([`encode_rules`]), an FST from folded forms to rule numbers, and an FST of keys `lemma=lemma+other`, one for each lemma and each
//! set of lemmas that share a form. Lookups read the bytes directly; nothing is decoded in advance.

use std::fmt;
use std::ops::BitOr;
use std::sync::LazyLock;

use tantivy_fst::raw::Fst;
use tantivy_fst::{IntoStreamer, Map, Streamer};

/// Separates the lemmas of a form that inflects several.
pub const LEMMA_SEPARATOR: &str = "+";
/// Maximum sets of lemmas read for one lemma. *être* and *avoir* share forms with a dozen words.
const MAX_SHARED: usize = 32;

static SHIPPED: LazyLock<Dictionary> =
    LazyLock::new(|| Dictionary::read(include_bytes!("data/dictionary.bin")).unwrap_or_default());

/// The word kinds of a folded form, as bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// A name of a person, a place or a brand, or an acronym.
    pub const NAME: Self = Self(1);
    /// A noun or an adjective that has a plural or a feminine.
    pub const NOUN_OR_ADJECTIVE: Self = Self(2);
    /// A verb.
    pub const VERB: Self = Self(4);
    /// A word of one form: an adverb, a preposition, a noun without a plural.
    pub const INVARIABLE: Self = Self(8);
    /// A rare form of a verb: *passé simple*, imperfect subjunctive, first and second person plural.
    pub const RARE_VERB: Self = Self(16);

    /// Whether it has any of these kinds.
    pub const fn is_any_of(self, kinds: Self) -> bool {
        self.0 & kinds.0 != 0
    }

    /// Whether it has no kind but these.
    pub const fn is_only(self, kinds: Self) -> bool {
        self.0 & !kinds.0 == 0
    }

    /// Whether it is a common word: not only a name or a rare verb form.
    pub const fn is_common_word(self) -> bool {
        !self.is_only(Self(Self::NAME.0 | Self::RARE_VERB.0))
    }

    /// The letter that encodes it in the file.
    pub const fn letter(self) -> char {
        (b'@' + self.0) as char
    }

    fn from_letter(letter: u8) -> Self {
        Self(letter.wrapping_sub(b'@') & 31)
    }
}

impl BitOr for Kinds {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Makes a lemma from a form: cuts bytes off its end, then adds letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LemmaRule<'a> {
    /// Bytes to cut.
    pub cut: usize,
    /// Letters to add.
    pub add: &'a str,
}

impl fmt::Display for LemmaRule<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.cut, self.add)
    }
}

impl<'a> LemmaRule<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (cut, add) = text.split_once(':')?;
        Some(Self {
            cut: cut.parse().ok()?,
            add,
        })
    }

    fn lemma(self, form: &str) -> Option<String> {
        let stem = form.get(..form.len().checked_sub(self.cut)?)?;
        Some(format!("{stem}{}", self.add))
    }
}

/// Encodes rules for the file: their count, the offset of each in the texts and the end of the last, four bytes each, then the texts.
pub fn encode_rules(rules: &[&str]) -> Vec<u8> {
    let count = rules.len() as u32;
    let mut bytes = count.to_le_bytes().to_vec();
    let mut end = 0;
    bytes.extend(0_u32.to_le_bytes());
    for rule in rules {
        end += rule.len() as u32;
        bytes.extend(end.to_le_bytes());
    }
    rules.iter().for_each(|rule| bytes.extend(rule.as_bytes()));
    bytes
}

/// The French words by folded form. The default is empty.
#[derive(Debug, Default)]
pub struct Dictionary {
    source: &'static str,
    rules: &'static [u8],
    forms: Option<Map<&'static [u8]>>,
    shared: Option<Map<&'static [u8]>>,
}

/// The entry of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DictionaryEntry<'a> {
    form: &'a str,
    rule: &'static str,
}

impl Dictionary {
    /// The shipped dictionary.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Parses a dictionary file. `None` if it is damaged.
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let line = bytes.iter().position(|byte| *byte == b'\n')?;
        let (rules, rest) = part(bytes.get(line + 1..)?)?;
        let (forms, rest) = part(rest)?;
        let (shared, _) = part(rest)?;
        let map = |bytes| Fst::new(bytes).ok().map(Map::from);
        Some(Self {
            source: std::str::from_utf8(&bytes[..line]).ok()?,
            rules,
            forms: Some(map(forms)?),
            shared: Some(map(shared)?),
        })
    }

    /// The source of the words: publisher, version, licence.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// The entry of a form folded by [`crate::fold`]. `None` if it is not a French word.
    pub fn get<'a>(&self, form: &'a str) -> Option<DictionaryEntry<'a>> {
        let number = self.forms.as_ref()?.get(form)?;
        let rule = self.rule(usize::try_from(number).ok()?)?;
        Some(DictionaryEntry { form, rule })
    }

    /// Each set of lemmas with a common form that contains `lemma`: *mise* inflects *mettre* and *miser*.
    pub fn shared_by(&self, lemma: &str) -> Vec<Vec<String>> {
        let Some(shared) = &self.shared else {
            return Vec::new();
        };
        let first = format!("{lemma}=");
        let mut keys = shared.range().ge(&first).into_stream();
        let mut sets = Vec::new();
        while let Some((key, _)) = keys.next().filter(|_| sets.len() < MAX_SHARED) {
            let key = std::str::from_utf8(key).unwrap_or_default();
            let Some(set) = key.strip_prefix(&first) else { break };
            sets.push(set.split(LEMMA_SEPARATOR).map(str::to_owned).collect());
        }
        sets
    }

    fn rule(&self, number: usize) -> Option<&'static str> {
        let at = |place: usize| {
            let bytes = self.rules.get(4 * place..4 * place + 4)?;
            Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize)
        };
        let texts = 4 * (at(0)? + 2);
        let (start, end) = (at(number + 1)?, at(number + 2)?);
        std::str::from_utf8(self.rules.get(texts + start..texts + end)?).ok()
    }
}

impl DictionaryEntry<'_> {
    /// The lemmas of the form, folded, in alphabetical order. A final digit distinguishes lemmas of one spelling.
    pub fn lemmas(&self) -> Vec<String> {
        let rules = self.rule.get(1..).unwrap_or_default().split(',');
        let lemmas = rules.filter_map(|rule| LemmaRule::parse(rule)?.lemma(self.form));
        lemmas.collect()
    }

    /// The kinds of words with this form.
    pub fn kinds(&self) -> Kinds {
        self.rule.bytes().next().map_or(Kinds::default(), Kinds::from_letter)
    }
}

/// The first part of the bytes, and the rest.
fn part(bytes: &'static [u8]) -> Option<(&'static [u8], &'static [u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold;

    fn lemmas(word: &str) -> Vec<String> {
        let folded = fold(word);
        Dictionary::shipped()
            .get(&folded)
            .map_or(Vec::new(), |entry| entry.lemmas())
    }

    #[test]
    fn inflected_forms_share_a_lemma_and_others_do_not() {
        for (one, other, share) in [
            ("conduisent", "conduit", true),
            ("nouveau", "nouvelle", true),
            ("travail", "travaux", true),
            ("Déchets", "déchet", true),
            ("réservé", "réservées", true),
            ("collecte", "collecter", true),
            ("acheteur", "acheteuses", true),
            ("mise", "mettre", true),
            ("communication", "commune", false),
            ("élèves", "élévateur", false),
            ("réserver", "réservoir", false),
            ("carton", "carte", false),
            ("contrat", "contre", false),
            ("action", "acte", false),
            ("missions", "mise", false),
            ("voie", "vue", false),
            ("restaurant", "restaurer", false),
            // The passé simple and the subjunctive where another word has the form.
            ("vins", "venir", false),
            ("vins", "vin", true),
            ("vienne", "venir", false),
            ("but", "boire", false),
            ("provins", "provenir", false),
            ("sortes", "sortir", false),
            ("vives", "vivre", false),
            ("vives", "vif", true),
            ("calais", "caler", false),
            ("viennent", "venir", true),
            ("conduisirent", "conduire", true),
            ("vint", "venir", true),
            ("puisse", "pouvoir", true),
            // Presents and participles that look alike.
            ("finis", "finir", true),
            ("finit", "finissent", true),
            ("dit", "dire", true),
            ("conduit", "conduire", true),
            ("mis", "mettre", true),
            ("pris", "prendre", true),
            ("vendu", "vendre", true),
            ("reçus", "recevoir", true),
            ("vu", "voir", true),
            // Nouns.
            ("entreprises", "entreprendre", false),
            ("offres", "offert", false),
            ("données", "donner", false),
            ("partie", "partir", false),
            ("vue", "vu", false),
            ("allées", "aller", false),
            ("parcours", "parcourir", false),
            ("bus", "boire", false),
            // Irregular plurals.
            ("œil", "yeux", true),
            ("ciel", "cieux", true),
            ("aïeul", "aïeux", true),
            ("monsieur", "messieurs", true),
            ("madame", "mesdames", true),
            ("mademoiselle", "mesdemoiselles", true),
            ("bonhomme", "bonshommes", true),
            ("gentilhomme", "gentilshommes", true),
        ] {
            let (one_lemmas, other_lemmas) = (lemmas(one), lemmas(other));
            let shared = one_lemmas.iter().any(|lemma| other_lemmas.contains(lemma));
            assert_eq!(shared, share, "{one} {one_lemmas:?} {other} {other_lemmas:?}");
        }
        assert_eq!(lemmas("tradiction"), [""; 0]);
    }

    #[test]
    fn distinguishes_names_from_words() {
        let kinds = |word: &str| Dictionary::shipped().get(&fold(word)).map(|entry| entry.kinds());
        assert_eq!(kinds("Toulouse"), Some(Kinds::NAME));
        assert!(kinds("combles").is_some_and(Kinds::is_common_word));
        assert_eq!(kinds("prestât"), Some(Kinds::RARE_VERB));
        assert!(kinds("publier").is_some_and(|kinds| kinds.is_any_of(Kinds::VERB)));
        assert!(kinds("Pierre").is_some_and(|kinds| kinds.is_any_of(Kinds::NAME) && kinds.is_common_word()));
    }

    #[test]
    fn a_lemma_knows_the_forms_it_shares() {
        let dictionary = Dictionary::shipped();
        let both = ["mettre", "miser"].map(str::to_owned);
        assert!(dictionary.shared_by("mettre").contains(&both.to_vec()));
        assert!(dictionary.shared_by("carton").is_empty());
        assert!(dictionary.source().contains("MPL-2.0"));
    }

    #[test]
    fn damaged_bytes_are_refused() {
        for bytes in [
            &b""[..],
            b"source\n",
            b"source\n\xff\xff\xff\xff",
            b"a\n\0\0\0\0\0\0\0\0\0\0\0\0",
        ] {
            assert!(Dictionary::read(bytes).is_none());
        }
        assert!(Dictionary::default().get("mot").is_none());
        assert!(Dictionary::default().shared_by("mot").is_empty());
    }
}
