//! Removes the elided article or pronoun of a word (`l'insertion` is `insertion`), and joins the words that contain an apostrophe: `aujourd'hui`, `prud'hommes`, `M'Tsamboro`.
//!
//! French elides before a vowel or a mute h (Grevisse, Le Bon Usage, § 45). Before a consonant the apostrophe is part of
//! the word, as in the Mahorais `M'Tsamboro`, unless capitals are read letter by letter: `l'SCIC`, `d'HLM`.
//!
//! *Avoir* and *être* after an elision become their infinitive, a stop word: `j'ai` must not match the acronym `AI`.

use crate::fold::fold;
use crate::tokenize::{is_apostrophe, is_hyphen, is_space};
use crate::word::{Word, gap};

/// Elided before any vowel: pronouns and the negation.
const BEFORE_VERBS: &[&str] = &["c", "j", "m", "n", "s", "t"];
/// Elided before nouns too, acronyms among them.
const BEFORE_NOUNS: &[&str] = &["d", "jusqu", "l", "lorsqu", "puisqu", "qu", "quoiqu"];
/// Those of them that verbs follow too: `l'ai`, `qu'ont`. No verb in one of these forms follows `d'` or `jusqu'`.
const BEFORE_VERBS_TOO: &[&str] = &["l", "lorsqu", "puisqu", "qu", "quoiqu"];
/// The forms of *avoir* that begin with a vowel.
const AVOIR: &[&str] = &[
    "ai", "as", "a", "avons", "avez", "ont", "avais", "avait", "avions", "aviez", "avaient", "aurai", "auras", "aura",
    "aurons", "aurez", "auront", "aurais", "aurait", "aurions", "auriez", "auraient", "aie", "aies", "ait", "ayons",
    "ayez", "aient", "eus", "eut", "eumes", "eutes", "eurent", "ayant",
];
/// The forms of *être* that begin with a vowel, without the participle: `d'été` is the summer.
const ETRE: &[&str] = &[
    "es", "est", "etes", "etais", "etait", "etions", "etiez", "etaient", "etant",
];
/// Forms that are nouns after `l'`: the east, planes.
const NOUNS: &[&str] = &["est", "avions"];
/// Subjects joined to a verb by a hyphen, in any case: `QU'AI-JE`.
const SUBJECTS: &[&str] = &[
    "je", "tu", "il", "elle", "on", "nous", "vous", "ils", "elles", "ce", "t",
];
/// Minimum length of a name that also matches without the letter before its apostrophe: `Tsamboro` is `M'Tsamboro`.
const MIN_NAME: usize = 4;

/// Removes elided articles and joins words that contain an apostrophe.
pub(crate) fn strip(text: &str, words: Vec<Word>) -> Vec<Word> {
    if !text.contains(is_apostrophe) {
        return words;
    }
    let mut stripped: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        match stripped.last().map(|last| apostrophe(text, last, &word)) {
            Some(Apostrophe::Elides) => {
                let article = stripped.pop().map(|article| fold(&text[article.range]));
                let infinitive = article.and_then(|article| infinitive(text, &article, &word));
                stripped.push(match infinitive {
                    Some(infinitive) => Word::spelled(word.range, vec![infinitive.to_owned()]),
                    None => word,
                });
            }
            Some(Apostrophe::Joins) => {
                let last = stripped.pop().map_or(word.range.start, |last| last.range.start);
                stripped.push(whole(text, last..word.range.end, &word));
            }
            Some(Apostrophe::None) | None => stripped.push(word),
        }
    }
    stripped
}

/// The infinitive of a form of *avoir* or *être* after an elision. In capitals, a form after `J'` is a verb, but `L'AI` is the acronym.
fn infinitive(text: &str, article: &str, word: &Word) -> Option<&'static str> {
    /// Bytes of the longest form, `auraient`, if every letter had an accent.
    const LONGEST: usize = 16;
    let written = word.plain(text).filter(|written| written.len() <= LONGEST)?;
    let folded = fold(written);
    // `qu'à` has a preposition.
    let is_accented_a = folded == "a" && !written.is_ascii();
    let verb = if is_accented_a {
        return None;
    } else if AVOIR.contains(&folded.as_str()) {
        "avoir"
    } else if ETRE.contains(&folded.as_str()) {
        "être"
    } else {
        return None;
    };
    let is_small = written.starts_with(char::is_lowercase) && !(article == "l" && NOUNS.contains(&folded.as_str()));
    let is_verb = BEFORE_VERBS.contains(&article)
        || BEFORE_VERBS_TOO.contains(&article) && (is_small || has_subject(&text[word.range.end..]));
    is_verb.then_some(verb)
}

/// Whether a text begins with the subject of the verb before it.
fn has_subject(after: &str) -> bool {
    /// Bytes of the longest, `elles`, and room for accents.
    const LONGEST: usize = 8;
    let mut chars = after.chars();
    let is_tied = chars.next().is_some_and(is_hyphen);
    let letters = chars.as_str();
    let end = letters.find(|c: char| !c.is_alphabetic()).unwrap_or(letters.len());
    is_tied && end <= LONGEST && SUBJECTS.contains(&letters[..end].to_lowercase().as_str())
}

enum Apostrophe {
    None,
    Elides,
    Joins,
}

fn apostrophe(text: &str, before: &Word, after: &Word) -> Apostrophe {
    let mut between = gap(text, before, after).chars();
    if !between.next().is_some_and(is_apostrophe) {
        return Apostrophe::None;
    }
    let is_tight = match between.next() {
        None => true,
        // `l' insertion`, as texts taken out of PDF files have it.
        Some(space) if is_space(space) && between.next().is_none() => false,
        Some(_) => return Apostrophe::None,
    };
    let (article, rest) = (fold(&text[before.range.clone()]), &text[after.range.clone()]);
    let before_verb = BEFORE_VERBS.contains(&article.as_str());
    let before_noun = BEFORE_NOUNS.contains(&article.as_str());
    if (before_verb || before_noun) && starts_with_vowel(rest) || before_noun && is_acronym(rest) {
        Apostrophe::Elides
    } else if is_tight && before.plain(text).is_some() == after.plain(text).is_some() {
        Apostrophe::Joins
    } else {
        Apostrophe::None
    }
}

/// A word with its apostrophe; a name behind a single letter is found by itself too.
fn whole(text: &str, range: std::ops::Range<usize>, last: &Word) -> Word {
    let written = &text[range.clone()];
    let rest = &text[last.range.clone()];
    let is_name = rest.chars().next().is_some_and(char::is_uppercase)
        && rest.chars().count() >= MIN_NAME
        && written.chars().take_while(|c| !is_apostrophe(*c)).count() == 1;
    if is_name {
        Word::spelled(range.clone(), vec![written.to_owned(), rest.to_owned()])
    } else {
        Word::written(range)
    }
}

fn starts_with_vowel(rest: &str) -> bool {
    rest.chars()
        .next()
        .is_some_and(|first| fold(first.encode_utf8(&mut [0; 4])).starts_with(['a', 'e', 'h', 'i', 'o', 'u', 'y']))
}

fn is_acronym(rest: &str) -> bool {
    let mut letters = rest.chars().filter(|c| c.is_alphabetic());
    rest.chars().count() > 1 && letters.all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use crate::{analyze, words};

    #[test]
    fn an_elided_verb_is_no_acronym() {
        let read = |text: &str| -> Vec<String> { words(text).into_iter().map(|word| word.exact).collect() };
        for (text, expected) in [
            ("j'ai, l'ai, n'ai, m'ai, t’ai", "avoir avoir avoir avoir avoir"),
            ("qu'ai-je", "avoir je"),
            ("QU'AI-JE", "avoir je"),
            ("J'AI DIT, J’Ai", "avoir dit avoir"),
            ("j' ai", "avoir"),
            ("t'as, l'a, n'ont, qu'ont", "avoir avoir avoir avoir"),
            ("m'est, s'est, C'EST, n'es, qu'est-ce", "etre etre etre etre etre ce"),
            ("il n’avait, lorsqu'aura", "il avoir avoir"),
            ("l'AI, L'AI, d'AI, qu'AI, L'Ai", "ai ai ai ai ai"),
            ("l'est, L'EST, l'été, l'avions, d'avions", "est est ete avions avions"),
            ("n'avions", "avoir"),
            ("AI, ai, a", "ai ai a"),
            ("l'air, s'il, d'aide, qu'à", "air il aide a"),
        ] {
            assert_eq!(read(text).join(" "), expected, "{text}");
        }
        let token = &analyze("il l'ai")[1];
        assert_eq!((token.start, token.end, token.position), (5, 7, 1));
    }
}
