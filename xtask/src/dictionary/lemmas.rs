//! Maps each folded form to its lemmas.
//!
//! A lemma whose forms are all forms of another lemma is left out: the noun *élève* (*élever*), *commune* (*commun*). A query for one of
//! its forms matches the forms of the larger lemma anyway, so matches are the same. All but some three thousand forms then have one
//! lemma.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rex_analysis::{Kinds, fold};

use super::affixes::{Affixes, NEEDS_AFFIX, flags_of};

/// Above the number of forms of any noun or adjective.
const FORMS_OF_A_VERB: usize = 12;

/// A word of the dictionary with its forms, unfolded.
pub(super) struct Lemma {
    word: String,
    forms: BTreeSet<String>,
    /// Forms of a verb that are only *passé simple* or subjunctive.
    rare: BTreeSet<String>,
    kind: Kinds,
}

/// Lemmas and kinds of a folded form.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FormEntry {
    /// Folded lemmas; of several with the same folding, all but the first end with a number.
    pub(super) lemmas: BTreeSet<String>,
    pub(super) kinds: Kinds,
}

/// Reads the word list.
pub(super) fn read(affixes: &Affixes, words: &str) -> Vec<Lemma> {
    let lines = words.lines().skip(1).filter(|line| !line.is_empty());
    let lemmas = lines.map(|line| {
        let (word, flags) = line.split_once('/').unwrap_or((line, ""));
        let flags = flags_of(flags.split_whitespace().next().unwrap_or_default());
        let by_flag = flags
            .iter()
            .map(|flag| affixes.expand(word, std::slice::from_ref(flag)));
        let by_flag: Vec<Vec<String>> = by_flag.collect();
        let rare = rare_forms(&by_flag);
        let mut forms: BTreeSet<String> = by_flag.into_iter().flatten().collect();
        let plurals = PLURALS.iter().filter(|(singular, _)| *singular == word);
        forms.extend(plurals.map(|(_, plural)| (*plural).to_owned()));
        if !flags.iter().any(|flag| flag == NEEDS_AFFIX) {
            forms.insert(word.to_owned());
        }
        let kind = match forms.len() {
            _ if word.starts_with(char::is_uppercase) => Kinds::NAME,
            FORMS_OF_A_VERB.. => Kinds::VERB,
            2.. => Kinds::NOUN_OR_ADJECTIVE,
            _ => Kinds::INVARIABLE,
        };
        Lemma {
            word: word.to_owned(),
            forms,
            rare,
            kind,
        }
    });
    lemmas.collect()
}

/// Plurals that are entries of their own in the word list (Académie française, *Dictionnaire*, 9e édition, at each singular).
const PLURALS: &[(&str, &str)] = &[
    ("œil", "yeux"),
    ("ciel", "cieux"),
    ("aïeul", "aïeux"),
    ("monsieur", "messieurs"),
    ("madame", "mesdames"),
    ("mademoiselle", "mesdemoiselles"),
    ("bonhomme", "bonshommes"),
    ("gentilhomme", "gentilshommes"),
];

/// The forms of a verb that are only *passé simple* or subjunctive: *vins*, *but*, *vienne*. A form that is also a participle or
/// present (*mis*, *dit*) is generated twice.
fn rare_forms(by_flag: &[Vec<String>]) -> BTreeSet<String> {
    let mut rare = BTreeSet::new();
    let mut others = BTreeSet::new();
    for forms in by_flag {
        let is_rare = is_rare_place(forms);
        let (of_flag, rest): (Vec<_>, Vec<_>) = forms.iter().enumerate().partition(is_rare);
        rare.extend(of_flag.into_iter().map(|(_, form)| form));
        others.extend(rest.into_iter().map(|(_, form)| form));
    }
    rare.difference(&others).map(|form| (*form).clone()).collect()
}

/// Recognises *passé simple* and subjunctive by position. A flag of the affix file has the forms of a verb in the order of the
/// grammars: participles, present, imperfect (the last one in *-aient*), *passé simple* (*-îmes*, *-îtes*, *-irent* at its end),
/// future, conditional, subjunctives, imperative. After the *passé simple* only subjunctives end in *-e*, *-es* or *-ssent*, but for
/// imperatives that are presents too.
fn is_rare_place(forms: &[String]) -> impl Fn(&(usize, &String)) -> bool {
    const PAST: &[&str] = &["âmes", "îmes", "ûmes", "înmes"];
    let is_past = |form: &String| PAST.iter().any(|ending| form.ends_with(ending));
    let past = forms.iter().position(is_past).and_then(|past| {
        let imperfect = forms[..past].iter().rposition(|form| form.ends_with("aient"))?;
        Some(imperfect + 1..past + 3)
    });
    move |(at, form)| {
        past.as_ref().is_some_and(|past| {
            let is_subjunctive = *at >= past.end && ["e", "es", "ssent"].iter().any(|ending| form.ends_with(ending));
            past.contains(at) || is_subjunctive
        })
    }
}

/// The lemmas and the kinds of every folded form.
pub(super) fn by_form(lemmas: &[Lemma]) -> BTreeMap<String, FormEntry> {
    let likely = likely_forms(lemmas);
    let forms_of = folded_forms(lemmas, &likely);
    let kept = without_contained(&forms_of);
    let names = names(lemmas, &kept);
    let mut entries: BTreeMap<String, FormEntry> = BTreeMap::new();
    for (rank, forms) in forms_of.iter().enumerate() {
        for form in forms {
            let entry = entries.entry(form.clone()).or_default();
            let is_likely = likely.contains(form);
            entry.kinds = entry.kinds | if is_likely { lemmas[rank].kind } else { Kinds::RARE_VERB };
            if kept[rank] {
                entry.lemmas.insert(names[&rank].clone());
            }
        }
    }
    entries
}

/// The folded forms that are not only unlikely verb forms.
fn likely_forms(lemmas: &[Lemma]) -> BTreeSet<String> {
    let likely = |lemma: &Lemma| {
        let forms = lemma.forms.iter().filter(|form| !is_unlikely(lemma, form));
        forms.filter_map(|form| folded(form)).collect::<Vec<_>>()
    };
    lemmas.iter().flat_map(likely).collect()
}

/// The folded forms of each lemma, without unlikely ones.
fn folded_forms(lemmas: &[Lemma], likely: &BTreeSet<String>) -> Vec<BTreeSet<String>> {
    let mut other_than_verb: BTreeSet<String> = BTreeSet::new();
    for lemma in lemmas.iter().filter(|lemma| lemma.kind != Kinds::VERB) {
        other_than_verb.extend(lemma.forms.iter().filter_map(|form| folded(form)));
    }
    let forms = |lemma: &Lemma| {
        let forms = lemma.forms.iter().filter_map(|form| {
            let folded = folded(form)?;
            let is_unlikely = is_unlikely(lemma, form) && likely.contains(&folded);
            // *restaurant*, *montant*: a word with an entry of its own is not a participle.
            let is_participle =
                lemma.kind == Kinds::VERB && folded.ends_with("ant") && other_than_verb.contains(&folded);
            let is_noted = NOT_READ.contains(&(folded.as_str(), lemma.word.as_str()));
            (!is_unlikely && !is_participle && !is_noted).then_some(folded)
        });
        forms.collect()
    };
    lemmas.iter().map(forms).collect()
}

/// Lemmas to ignore for a form, which is always another word in the texts of public buyers.
const NOT_READ: &[(&str, &str)] = &[
    ("bois", "boire"),
    ("sens", "sentir"),
    ("sommes", "être"),
    ("faux", "faillir"),
    ("part", "partir"),
    ("lit", "lire"),
    ("point", "poindre"),
    ("cours", "courir"),
    ("court", "courir"),
    ("sort", "sortir"),
    ("ressort", "ressortir"),
    ("entretiens", "entretenir"),
    ("soutiens", "soutenir"),
    ("maintiens", "maintenir"),
    ("vue", "voir"),
    ("vues", "voir"),
    ("vu", "vu"),
    ("vus", "vu"),
    ("bus", "boire"),
    ("vis", "vivre"),
    ("bat", "battre"),
    ("vaux", "valoir"),
    ("nuit", "nuire"),
    ("fond", "fondre"),
    ("crue", "croire"),
    ("crues", "croire"),
    ("crue", "croître"),
    ("crues", "croître"),
    ("rene", "renaître"),
    ("offre", "offrir"),
    ("offres", "offrir"),
    ("allee", "aller"),
    ("allees", "aller"),
    ("donnee", "donner"),
    ("donnees", "donner"),
    ("partie", "partir"),
    ("parties", "partir"),
    ("tranchee", "trancher"),
    ("tranchees", "trancher"),
    ("assemblee", "assembler"),
    ("assemblees", "assembler"),
    ("entreprise", "entreprendre"),
    ("entreprises", "entreprendre"),
    ("concours", "concourir"),
    ("secours", "secourir"),
    ("parcours", "parcourir"),
    ("recours", "recourir"),
    ("discours", "discourir"),
    ("mur", "mûr"),
    ("murs", "mûr"),
    // Singulars that end like a plural.
    ("cours", "cour"),
    ("fonds", "fond"),
    ("fonds", "fondre"),
    ("paris", "pari"),
    ("sens", "sen"),
    ("sous", "sou"),
    ("vers", "ver"),
    ("plus", "plaire"),
    ("plus", "pleuvoir"),
];

/// Whether a form is one of a verb that hardly any text has where the same letters are another word: the first and second person
/// plural and those in *-ais*, the *passé simple*, the subjunctive. So *cartons* is no form of *carter*, nor *actions* of *acter*, nor *contrat*
/// (*contrât*) of *contrer*.
fn is_unlikely(lemma: &Lemma, form: &str) -> bool {
    const ANY_VERB: &[&str] = &[
        "ais", "ions", "iez", "ons", "ez", "âmes", "îmes", "ûmes", "âtes", "îtes", "ûtes", "ât", "ît", "ût", "èrent",
    ];
    const FIRST_GROUP: &[&str] = &["a", "as", "ai", "asse", "asses", "assent"];
    if lemma.kind != Kinds::VERB {
        return false;
    }
    let is_of_first_group = |stem: &str| {
        form.strip_prefix(stem)
            .is_some_and(|ending| FIRST_GROUP.contains(&ending))
    };
    lemma.rare.contains(form)
        || ANY_VERB.iter().any(|ending| form.ends_with(ending))
        || lemma.word.strip_suffix("er").is_some_and(is_of_first_group)
}

/// A form folded as by the analyzer; `None` if it has other characters than letters.
fn folded(form: &str) -> Option<String> {
    let folded = fold(form);
    let is_word = folded.len() > 1 && folded.bytes().all(|byte| byte.is_ascii_lowercase());
    is_word.then_some(folded)
}

/// Which lemmas are kept: those whose forms are not all forms of one other kept lemma.
fn without_contained(forms_of: &[BTreeSet<String>]) -> Vec<bool> {
    let mut holding: HashMap<&str, Vec<usize>> = HashMap::new();
    for (rank, forms) in forms_of.iter().enumerate() {
        forms
            .iter()
            .for_each(|form| holding.entry(form).or_default().push(rank));
    }
    let mut smallest: Vec<usize> = (0..forms_of.len()).collect();
    smallest.sort_by_key(|rank| (forms_of[*rank].len(), *rank));
    let mut kept = vec![true; forms_of.len()];
    for rank in smallest {
        let forms = &forms_of[rank];
        let rarest = forms.iter().min_by_key(|form| holding[form.as_str()].len());
        let is_contained = rarest.is_none_or(|rarest| {
            let others = holding[rarest.as_str()].iter();
            others
                .filter(|other| **other != rank && kept[**other])
                .any(|other| forms.is_subset(&forms_of[*other]))
        });
        kept[rank] = !is_contained;
    }
    kept
}

/// A unique name for each kept lemma: folded, with a number if the name is taken.
fn names(lemmas: &[Lemma], kept: &[bool]) -> HashMap<usize, String> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut names = HashMap::new();
    for (rank, lemma) in lemmas.iter().enumerate().filter(|(rank, _)| kept[*rank]) {
        let base = fold(&lemma.word);
        let mut name = base.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{base}{number}");
            number += 1;
        }
        names.insert(rank, name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_and_the_subjunctive_are_told_by_their_place() {
        let forms = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for (by_flag, expected) in [
            (
                &["venir viens venaient vins vint vînmes vîntes vinrent viendrai vienne viennes vinsse vînt viens"][..],
                &[
                    "vins", "vint", "vînmes", "vîntes", "vinrent", "vienne", "viennes", "vinsse",
                ][..],
            ),
            (
                &["mettre mis mise mets mettaient mis mit mîmes mîtes mirent mettrai mette"],
                &["mit", "mîmes", "mîtes", "mirent", "mette"],
            ),
            (
                &["finir finis finit finissent finissaient finîmes finîtes finirent finirai finisse finissent finis"],
                &["finîmes", "finîtes", "finirent", "finisse"],
            ),
            (
                &[
                    "ouvrir ouvre ouvraient ouvris ouvrîmes ouvrîtes ouvrirent ouvre",
                    "ouverte ouvertes",
                ],
                &["ouvris", "ouvrîmes", "ouvrîtes", "ouvrirent"],
            ),
            (&["lots"], &[]),
        ] {
            let by_flag: Vec<_> = by_flag.iter().map(|text| forms(text)).collect();
            let expected: BTreeSet<String> = expected.iter().map(|form| (*form).to_owned()).collect();
            assert_eq!(rare_forms(&by_flag), expected);
        }
    }
}
