//! The lexicon of acronyms and synonyms.

use std::collections::{HashMap, HashSet};

use crate::dictionary::Dictionary;
use crate::french::{Token, words};

/// Maximum words on one side of an entry.
const MAX_WORDS: usize = 12;
/// Acronyms of up to two letters match only in capitals: in lower case they are words (`ai`, `ei`).
const MAX_AMBIGUOUS_ACRONYM: usize = 2;

/// Acronyms and synonyms. A query with one side of an entry also searches the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lexicon {
    /// By the stem of the first word of `from`.
    by_first: HashMap<String, Vec<Synonym>>,
    /// The stems of all words of `from`.
    words: HashSet<String>,
}

/// One direction of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synonym {
    /// The words in the query.
    pub from: Vec<Token>,
    /// The words in the query, as written in the lexicon.
    pub from_text: String,
    /// The words also searched.
    pub to: Vec<Token>,
    /// The words also searched, as written in the lexicon.
    pub to_text: String,
    /// Whether the query must be in capitals to match.
    pub is_in_capitals: bool,
    /// Whether `from` is an acronym in the lexicon.
    pub is_acronym: bool,
    /// The source of the entry.
    pub source: String,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct LexiconError {
    /// From 1.
    pub line: usize,
    /// What is wrong, and what was expected.
    pub reason: String,
}

impl Lexicon {
    /// The shipped lexicon, `data/lexicon.tsv`.
    pub fn shipped() -> Self {
        let mut lexicon = Self::default();
        // A test checks the format of the file.
        let _ = lexicon.extend(include_str!("data/lexicon.tsv"));
        lexicon
    }

    /// Adds entries, one a line: words, `=` (mutual) or `>` (one way), words, and a source, separated by tabs. Lines that begin
    /// with `#` are comments.
    ///
    /// # Errors
    /// The first malformed line. The entries before it are added.
    pub fn extend(&mut self, entries: &str) -> Result<(), LexiconError> {
        for (index, line) in entries.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
            let reason = match columns.as_slice() {
                [from, relation, to, source @ ..] if source.len() <= 1 => {
                    self.add(from, relation, to, source.first().copied().unwrap_or_default())
                }
                _ => Err("expected words, = or >, words and a source, separated by tabs".to_owned()),
            };
            reason.map_err(|reason| LexiconError {
                line: index + 1,
                reason,
            })?;
        }
        Ok(())
    }

    /// Adds an entry: `from` also searches `to` and, if `relation` is `=` rather than `>`, the reverse.
    ///
    /// # Errors
    /// Another relation, or a side without words or with too many.
    pub fn add(&mut self, from: &str, relation: &str, to: &str, source: &str) -> Result<(), String> {
        let is_mutual = match relation {
            "=" => true,
            ">" => false,
            _ => {
                return Err(format!(
                    "\"{relation}\" is no relation, expected = (mutual) or > (one way)"
                ));
            }
        };
        self.add_direction(from, to, source)?;
        if is_mutual {
            self.add_direction(to, from, source)?;
        }
        Ok(())
    }

    fn add_direction(&mut self, from: &str, to: &str, source: &str) -> Result<(), String> {
        let tokens = |text: &str| -> Result<Vec<Token>, String> {
            let tokens = words(text);
            match tokens.len() {
                1..=MAX_WORDS => Ok(tokens),
                words => Err(format!("\"{text}\" has {words} words, expected 1 to {MAX_WORDS}")),
            }
        };
        let (from_tokens, to_tokens) = (tokens(from)?, tokens(to)?);
        self.words.extend(from_tokens.iter().map(|token| token.stem.clone()));
        let is_acronym = from_tokens.len() == 1 && !from.chars().any(char::is_lowercase);
        let synonym = Synonym {
            is_in_capitals: is_acronym && from.chars().count() <= MAX_AMBIGUOUS_ACRONYM,
            is_acronym,
            to: to_tokens,
            to_text: to.to_owned(),
            source: source.to_owned(),
            from: from_tokens,
            from_text: from.to_owned(),
        };
        self.by_first
            .entry(synonym.from[0].stem.clone())
            .or_default()
            .push(synonym);
        Ok(())
    }

    /// The synonyms whose `from` begins with a word, given its stem.
    pub fn beginning_with(&self, stem: &str) -> &[Synonym] {
        self.by_first.get(stem).map_or(&[], Vec::as_slice)
    }

    /// Whether a word is an acronym of the lexicon and also a French word. Typed in capitals, it is the acronym.
    pub fn has_acronym(&self, word: &str) -> bool {
        let tokens = words(word);
        let [token] = tokens.as_slice() else { return false };
        if Dictionary::shipped().get(&token.exact).is_none() {
            return false;
        }
        let is_acronym = |synonym: &Synonym| synonym.is_acronym && synonym.from[0].exact == token.exact;
        self.beginning_with(&token.stem).iter().any(is_acronym)
    }

    /// Whether a stem occurs in the `from` side of an entry.
    pub fn has_word(&self, stem: &str) -> bool {
        self.words.contains(stem)
    }

    /// Number of directions: a mutual entry counts twice.
    pub fn len(&self) -> usize {
        self.by_first.values().map(Vec::len).sum()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.by_first.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_lexicon_keeps_its_format() {
        let text = include_str!("data/lexicon.tsv");
        assert_eq!(Lexicon::default().extend(text), Ok(()));
        let mut seen = HashSet::new();
        let mut mutual = HashSet::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let columns: Vec<_> = line.split('\t').collect();
            assert!(columns.len() == 4 && !columns[3].is_empty(), "no source: {line}");
            assert!(seen.insert((columns[0], columns[2])), "twice: {line}");
            assert!(
                !mutual.contains(&(columns[2], columns[0])),
                "known from the other side: {line}"
            );
            if columns[1] == "=" {
                assert!(!seen.contains(&(columns[2], columns[0])), "known one way: {line}");
                mutual.insert((columns[0], columns[2]));
            }
        }
        assert!(Lexicon::shipped().len() > 200);
    }

    /// Entries of the shipped lexicon.
    fn entries() -> Vec<[&'static str; 4]> {
        let lines = include_str!("data/lexicon.tsv").lines();
        let entries = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        entries
            .filter_map(|line| line.split('\t').collect::<Vec<_>>().try_into().ok())
            .collect()
    }

    #[test]
    fn an_acronym_that_reads_as_a_word_or_has_several_meanings_is_found_by_none() {
        /// Those that lower case makes a word of.
        const WORDS: [&str; 15] = [
            "AI", "AMI", "ARS", "AURA", "CAT", "CC", "EPI", "MAM", "MAS", "OS", "PLU", "RAM", "SEM", "SI", "TIC",
        ];
        for [from, relation, to, _] in entries() {
            assert!(!WORDS.contains(&to), "{from} finds a word: {to}");
            assert!(!WORDS.contains(&from) || relation == ">", "{to} finds a word: {from}");
        }
        for acronym in ["CAO", "CMP", "DAE", "ERP", "MCO", "PAC", "PC", "SSI", "VAE"] {
            let is_found = |[from, relation, to, _]: &[&str; 4]| *to == acronym || *from == acronym && *relation == "=";
            assert!(!entries().iter().any(is_found), "{acronym} has several meanings");
        }
    }

    #[test]
    fn no_entry_finds_a_word_that_every_text_has() {
        // Names of places that are words once they are folded: a lot, a sum, a meeting.
        const COMMON: [&str; 10] = [
            "lot",
            "somme",
            "la réunion",
            "réunion",
            "nord",
            "manche",
            "landes",
            "marché",
            "service",
            "travaux",
        ];
        for [from, relation, to, _] in entries() {
            assert!(!COMMON.contains(&to.to_lowercase().as_str()), "{from} finds {to}");
            assert!(
                relation == ">" || !COMMON.contains(&from.to_lowercase().as_str()),
                "{to} finds {from}"
            );
        }
    }

    #[test]
    fn the_trade_and_the_everyday_names_are_known() {
        let lexicon = Lexicon::shipped();
        let finds = |typed: &str, found: &str| {
            let stem = &words(typed)[0].stem;
            let synonyms = lexicon.beginning_with(stem).iter();
            synonyms
                .filter(|synonym| synonym.from_text == typed)
                .any(|synonym| synonym.to_text == found)
        };
        for (typed, found) in [
            ("DAB", "distributeur automatique de billets"),
            ("GAB", "guichet automatique bancaire"),
            ("SSIG", "service social d'intérêt général"),
            ("GME", "groupement momentané d'entreprises"),
            ("TPE", "très petite entreprise"),
            ("DUME", "document unique de marché européen"),
            ("DOE", "dossier des ouvrages exécutés"),
            ("OMR", "ordures ménagères résiduelles"),
            ("ADEME", "agence de l'environnement et de la maîtrise de l'énergie"),
            ("Anjou", "Maine-et-Loire"),
            ("Maine-et-Loire", "Anjou"),
            ("covid", "crise sanitaire"),
            ("outre-mer", "Mayotte"),
            ("école", "groupe scolaire"),
            ("groupe scolaire", "école"),
            ("cantine", "restauration scolaire"),
        ] {
            assert!(finds(typed, found), "{typed} does not find {found}");
        }
        assert!(!finds("Mayotte", "outre-mer"));
    }

    #[test]
    fn finds_both_ways_only_where_both_are_meant() {
        let mut lexicon = Lexicon::default();
        lexicon.add("MAPA", "=", "marché à procédure adaptée", "CCP").unwrap();
        lexicon.add("AI", ">", "association intermédiaire", "CT").unwrap();
        let to = |typed: &str| {
            let stem = &crate::analyze(typed)[0].stem;
            lexicon
                .beginning_with(stem)
                .iter()
                .map(|synonym| synonym.to_text.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(to("mapa"), ["marché à procédure adaptée"]);
        assert_eq!(to("marché"), ["MAPA"]);
        assert_eq!(to("ai"), ["association intermédiaire"]);
        assert!(to("association").is_empty());
        assert!(lexicon.beginning_with(&crate::analyze("ai")[0].stem)[0].is_in_capitals);
    }

    #[test]
    fn says_which_line_is_wrong() {
        let mut lexicon = Lexicon::default();
        let error = lexicon.extend("# ok\nA\t=\tB\tsource\nA\t?\tB\tsource\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 3: \"?\" is no relation, expected = (mutual) or > (one way)"
        );
        assert!(lexicon.extend("A = B").is_err());
        assert!(lexicon.add("!", "=", "b", "").is_err());
    }
}
