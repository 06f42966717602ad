//! Inclusive writing: `salarié·es` is both `salariés` and `salariées`, `agent(e)` both `agent` and `agente`.
//!
//! Marks and endings: those listed by the Haut Conseil à l'égalité, « Pour une communication publique sans stéréotype de sexe »
//! (2022), and those of older documents: parentheses, hyphens, slashes, full stops.

use crate::fold::fold;
use crate::gender::{Number, genders};
use crate::tokenize::is_hyphen;
use crate::word::{Word, gap, replace};

/// Endings, in the singular, that are not words themselves. They count after any mark.
const ENDINGS: &[&str] = &[
    "e", "ee", "rice", "ice", "trice", "ctrice", "euse", "teuse", "ere", "iere", "ve", "ive", "esse", "eresse", "sse",
    "nne", "enne", "ienne", "onne", "lle", "ale", "ffe", "fe", "tte", "ette",
];
/// Endings that are also words: `professionnel.le` but `fini.le`. After a common mark they count only with this end of the masculine
/// and at least this many letters before it.
const AMBIGUOUS: &[(&str, &str, usize)] = &[
    ("ne", "ien", 2),
    ("ne", "yen", 2),
    ("le", "el", 2),
    ("se", "eur", 3),
    ("se", "eux", 3),
    ("elle", "eau", 1),
    ("te", "tou", 0),
];

/// The mark between a word and its ending.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// The middle dot and its look-alikes, used by inclusive writing only.
    Dot,
    /// An opening parenthesis.
    Parenthesis,
    /// A full stop, a hyphen or a slash, which also separate other words.
    Common,
}

/// Joins a word and its feminine and plural endings.
pub(crate) fn join(text: &str, words: Vec<Word>) -> Vec<Word> {
    if !text.contains(|c| mark_of(c).is_some()) {
        return words;
    }
    replace(words, |words, at| read(text, &words[at..]))
}

/// The word in inclusive writing at the start of the words, and the number of words it takes.
fn read(text: &str, words: &[Word]) -> Option<(Word, usize)> {
    let [base, ending, after @ ..] = words else {
        return None;
    };
    let mark = mark(text, base, ending)?;
    let written = base.plain(text)?;
    let folded = fold(ending.plain(text)?);
    if written.chars().count() < 2 || !written.chars().all(char::is_alphabetic) {
        return None;
    }
    if mark == Mark::Common && is_other(text, base, ending) {
        return None;
    }
    if mark == Mark::Parenthesis && !text[ending.range.end..].starts_with(')') {
        return None;
    }
    if let Some(spelled) = plural_only(text, base, ending, mark, &folded) {
        return Some((spelled, 2));
    }
    let plural = after
        .first()
        .filter(|plural| is_plural_mark(text, mark, ending, plural));
    let singular = folded
        .strip_suffix('s')
        .filter(|ending| !ending.ends_with('s'))
        .filter(|_| plural.is_none());
    let number = match (plural, singular) {
        (None, None) => Number::Singular,
        _ => Number::Plural,
    };
    let singular = singular.unwrap_or(&folded);
    let has_to_be_clear = mark == Mark::Common && plural.is_none();
    // Most hyphens and full stops are rejected here.
    if has_to_be_clear && !is_known(singular) {
        return None;
    }
    let genders = genders(&written.to_lowercase(), singular, number)?;
    if has_to_be_clear && !is_clear(singular, number, &genders.singular) {
        return None;
    }
    let range = base.range.start..plural.unwrap_or(ending).range.end;
    let used = if plural.is_some() { 3 } else { 2 };
    Some((Word::spelled(range, vec![genders.masculine, genders.feminine]), used))
}

/// Whether two words are an address, `www.e-achats.fr`, alternatives, `achat/e-achat`, or a place name, `Riom-ès-Montagnes`.
fn is_other(text: &str, base: &Word, ending: &Word) -> bool {
    let written = &text[ending.range.clone()];
    let is_prefix = matches!(written, "e" | "E")
        && gap(text, base, ending) == "/"
        && text[ending.range.end..].starts_with(is_hyphen);
    is_prefix || written.starts_with(['è', 'È']) && written.chars().count() == 2 || &text[base.range.clone()] == "www"
}

/// `lot(s)`, `bénéficiaire·s`: the singular and the plural.
fn plural_only(text: &str, base: &Word, ending: &Word, mark: Mark, folded: &str) -> Option<Word> {
    let written = base.plain(text)?;
    let is_read = match mark {
        Mark::Parenthesis | Mark::Dot => true,
        // `m/s` and `est-s` are not plurals.
        Mark::Common => gap(text, base, ending) == "." && written.chars().count() > 2,
    };
    let takes = match folded {
        "s" => !written.ends_with(['s', 'x', 'z']),
        "x" => written.ends_with('u'),
        _ => false,
    };
    let range = base.range.start..ending.range.end;
    (is_read && takes).then(|| Word::spelled(range, vec![written.to_owned(), format!("{written}{folded}")]))
}

fn is_known(ending: &str) -> bool {
    ENDINGS.contains(&ending) || AMBIGUOUS.iter().any(|(known, ..)| *known == ending)
}

/// Whether an ending counts after a common mark.
fn is_clear(ending: &str, number: Number, masculine: &str) -> bool {
    let fits = |(known, end, before): &(&str, &str, usize)| {
        *known == ending
            && masculine
                .strip_suffix(end)
                .is_some_and(|radical| radical.chars().count() >= *before)
    };
    let is_no_word = ENDINGS.contains(&ending) || ending == "ne" && number == Number::Plural;
    is_no_word || AMBIGUOUS.iter().any(fits)
}

/// A single sign, or a slash or a parenthesis before a hyphen, as in `directeur/-trice`.
fn mark(text: &str, base: &Word, ending: &Word) -> Option<Mark> {
    let mut between = gap(text, base, ending).chars();
    let first = between.next()?;
    let mark = mark_of(first)?;
    match (between.next(), between.next()) {
        (None, _) => Some(mark),
        (Some(second), None) if matches!(first, '/' | '(') && is_hyphen(second) => Some(mark),
        _ => None,
    }
}

fn mark_of(c: char) -> Option<Mark> {
    match c {
        '·' | '•' | '‧' | '⋅' | '∙' | '・' => Some(Mark::Dot),
        '(' => Some(Mark::Parenthesis),
        '.' | '/' => Some(Mark::Common),
        c if is_hyphen(c) => Some(Mark::Common),
        _ => None,
    }
}

/// Whether a word is the `s` that ends `acheteur·rice·s`, `agent(e)s` or `usager-ère-s`.
fn is_plural_mark(text: &str, mark_before: Mark, ending: &Word, plural: &Word) -> bool {
    let is_s = plural.plain(text).is_some_and(|s| matches!(s, "s" | "S" | "x"));
    let between = gap(text, ending, plural);
    is_s && match mark_before {
        Mark::Parenthesis => matches!(between, ")" | ")("),
        Mark::Dot | Mark::Common => mark(text, ending, plural) == Some(mark_before),
    }
}

#[cfg(test)]
mod tests {
    use crate::analyze;

    fn forms(text: &str) -> String {
        let forms: Vec<_> = analyze(text)
            .into_iter()
            .map(|token| format!("{}@{}", token.exact, token.position))
            .collect();
        forms.join(" ")
    }

    #[test]
    fn both_genders_are_words() {
        for (texts, masculine, feminine) in [
            (
                &[
                    "porteurs·euses",
                    "porteurs.euses",
                    "porteurs/euses",
                    "porteurs-euses",
                    "PORTEURS•EUSES",
                    "porteur‧se‧s",
                    "porteur(se)s",
                    "porteur(euse)s",
                ][..],
                "porteurs",
                "porteuses",
            ),
            (
                &[
                    "acteur·rice·s",
                    "acteurs·rices",
                    "acteurs·trices",
                    "acteur/rice/s",
                    "acteurs/rices",
                    "acteur(rice)s",
                    "acteurs·ctrices",
                    "acteur.ice.s",
                ],
                "acteurs",
                "actrices",
            ),
            (
                &[
                    "directeur·trice·s",
                    "directeur·rice·s",
                    "directeur-trice-s",
                    "directeurs/trices",
                    "directeur.ice.s",
                ],
                "directeurs",
                "directrices",
            ),
            (
                &[
                    "directeur/trice",
                    "directeur/-trice",
                    "directeur(-trice)",
                    "directeur(trice)",
                ],
                "directeur",
                "directrice",
            ),
            (
                &[
                    "travailleurs·ses",
                    "travailleur·se·s",
                    "travailleurs.ses",
                    "travailleurs/ses",
                    "travailleur/se/s",
                    "travailleur-se-s",
                    "travailleur(se)s",
                ],
                "travailleurs",
                "travailleuses",
            ),
            (
                &["travailleur.se", "travailleur/se", "travailleur·euse"],
                "travailleur",
                "travailleuse",
            ),
            (&["ambassadeur·rice"], "ambassadeur", "ambassadrice"),
            (
                &["acheteur·euse", "acheteur·se", "acheteur·teuse"],
                "acheteur",
                "acheteuse",
            ),
            (&["demandeur·eresse"], "demandeur", "demanderesse"),
            (
                &["chef·fe", "chef.fe", "chef/fe", "chef-fe", "chef(fe)", "chef·ffe"],
                "chef",
                "cheffe",
            ),
            (
                &["chef·fe·s", "chefs·fes", "chef.fe.s", "chef(fe)s"],
                "chefs",
                "cheffes",
            ),
            (
                &[
                    "tous·tes",
                    "tous.tes",
                    "tous/tes",
                    "tou·te·s",
                    "tou.te.s",
                    "tout·e·s",
                    "Tous·tes",
                ],
                "tous",
                "toutes",
            ),
            (
                &[
                    "ouvrier·ère·s",
                    "ouvriers·ières",
                    "ouvriers/ères",
                    "ouvrier-ère-s",
                    "ouvriers·ères",
                ],
                "ouvriers",
                "ouvrieres",
            ),
            (
                &[
                    "citoyen·ne·s",
                    "citoyen·nes",
                    "citoyens·nes",
                    "citoyen.ne.s",
                    "citoyen·enne·s",
                    "citoyen·e·s",
                ],
                "citoyens",
                "citoyennes",
            ),
            (
                &[
                    "technicien·nes",
                    "technicien.nes",
                    "techniciens/nes",
                    "technicien·ienne·s",
                ],
                "techniciens",
                "techniciennes",
            ),
            (
                &["technicien.ne", "technicien/ne", "technicien(ne)"],
                "technicien",
                "technicienne",
            ),
            (
                &[
                    "sportif·ve·s",
                    "sportifs·ves",
                    "sportif·ive·s",
                    "sportifs.ives",
                    "sportif(ve)s",
                ],
                "sportifs",
                "sportives",
            ),
            (
                &["nouveaux·elles", "nouveau·elle·s", "nouveaux/elles", "nouveau·velle·s"],
                "nouveaux",
                "nouvelles",
            ),
            (
                &[
                    "professionnel·le·s",
                    "professionnels·les",
                    "professionnel.le.s",
                    "professionnel.les",
                    "professionnels/les",
                    "professionnel·e·s",
                ],
                "professionnels",
                "professionnelles",
            ),
            (
                &["régional·e·s", "régionaux·ales", "régional.ale.s"],
                "regionaux",
                "regionales",
            ),
            (
                &[
                    "employé·e·s",
                    "employés·es",
                    "employé·es",
                    "employé(e)s",
                    "employés-ées",
                    "employé/e/s",
                ],
                "employes",
                "employees",
            ),
            (
                &["français·e·s", "français·es", "français·aises"],
                "francais",
                "francaises",
            ),
            (&["inclus·es"], "inclus", "incluses"),
            (&["amis·es", "ami·e·s"], "amis", "amies"),
            (&["étudiant·ante·s", "étudiants·tes"], "etudiants", "etudiantes"),
            (
                &["heureux·ses", "heureux·euse·s", "heureux/ses"],
                "heureux",
                "heureuses",
            ),
            (&["créateur·ice·s", "créateurs·rices"], "createurs", "creatrices"),
            (&["public·que"], "public", "publique"),
            (&["gros·se"], "gros", "grosse"),
            (&["maire·sse"], "maire", "mairesse"),
            (&["un·e"], "un", "une"),
            (&["usager·ère"], "usager", "usagere"),
            (
                &["bénéficiaire·s", "bénéficiaire(s)", "bénéficiaire.s"],
                "beneficiaire",
                "beneficiaires",
            ),
        ] {
            for text in texts {
                assert_eq!(
                    forms(&format!("x {text}, y")),
                    format!("x@0 {masculine}@1 {feminine}@1 y@2"),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn other_words_stay_apart() {
        for (text, expected) in [
            ("et/ou", "et@0 ou@1"),
            ("km/h", "km@0 h@1"),
            ("services/travaux", "services@0 travaux@1"),
            ("services·travaux", "services@0 travaux@1"),
            ("fini.les lots", "fini@0 les@1 lots@2"),
            ("www.exemple.fr", "www@0 exemple@1 fr@2"),
            ("www.e-achats.fr", "www@0 eachats@1 e@1 achats@2 fr@3"),
            ("achat/e-achat", "achat@0 eachat@1 e@1 achat@2"),
            ("Riom-ès", "riomes@0 riom@0 es@1"),
            ("www.toulouse.es", "www@0 toulouse@1 es@2"),
            ("n/a", "n@0 a@1"),
            ("leurs/ses", "leurs@0 ses@1"),
            ("rien.ne va", "rien@0 ne@1 va@2"),
            ("ceux·celles", "ceux@0 celles@1"),
            ("ils·elles", "ils@0 elles@1"),
            ("un·une", "un@0 une@1"),
            ("toutes et tous·tes", "toutes@0 et@1 tous@2 toutes@2"),
            ("peut-elle", "peut@0 elle@1"),
            ("m/s", "m@0 s@1"),
            ("mot.que", "mot@0 que@1"),
        ] {
            assert_eq!(forms(text), expected, "{text}");
        }
    }
}
