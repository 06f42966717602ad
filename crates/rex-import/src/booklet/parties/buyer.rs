//! The buyer: the collectivité or the public body most likely meant by the text.

use std::ops::Range;

use crate::booklet::layout::body::Block;
use crate::booklet::parties::mentions::{COMMUNES, Mention, MentionKind, mentions};
use crate::booklet::parties::names::{Word, words};
use crate::imported::Findings;
use rex_corpus::{Territories, Territory};
use rex_corpus::{most_likely, name_key};

/// The buyer of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Buyer {
    pub(crate) name: String,
    /// Its territory, from the région down.
    pub(crate) territory: Vec<String>,
    pub(crate) line: usize,
}

/// The texts of a case that may name its buyer.
pub(crate) struct BuyerSources<'a> {
    /// The texts to search, the most likely first. The first that names a buyer counts.
    pub(crate) texts: Vec<&'a [Block]>,
    /// A line of the information block.
    pub(crate) labelled: Option<&'a (usize, String)>,
    /// Whether the name of that line stays as it is written.
    pub(crate) keeps_name: bool,
    /// Keys of the texts of logos.
    pub(crate) logos: Vec<String>,
    /// The départements and régions that the text names.
    pub(crate) context: Vec<Territory>,
}

/// The départements and régions named in texts, in order. They disambiguate communes with the same name.
pub(crate) fn context<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<Territory> {
    let mut context = Vec::new();
    /// A case names its territory early.
    const MOST_TEXTS: usize = 60;
    for text in texts.take(MOST_TEXTS).map(beginning) {
        for (range, places) in Territories::shipped().mentioned(text) {
            // « Le lot » is not the département.
            let last = text[range].rsplit([' ', '-', '\'']).next().unwrap_or_default();
            let is_name = last.starts_with(char::is_uppercase);
            let wide = places
                .into_iter()
                .filter(|place| matches!(place, Territory::Departement(_) | Territory::Region(_)));
            for place in wide.filter(|_| is_name) {
                if !context.contains(&place) {
                    context.push(place);
                }
            }
        }
        // « Saint-Denis (93) »
        for part in text.split('(').skip(1) {
            let code = part.split(')').next().unwrap_or_default();
            context.extend(Territories::departement(code.trim()));
        }
    }
    context
}

/// The buyer. Doubts about it go to `findings`.
pub(crate) fn find(sources: &BuyerSources<'_>, findings: &mut Findings) -> Option<Buyer> {
    if let Some((line, name)) = sources.labelled {
        let mention = mentions(name).into_iter().next();
        let buyer = match &mention {
            Some(mention) => resolve(mention, *line, sources, findings),
            None => bare_name(name, *line, sources),
        };
        let kept = sources.keeps_name.then(|| as_written(name, mention.as_ref()));
        return Some(Buyer {
            name: kept.unwrap_or(buyer.name),
            ..buyer
        });
    }
    for (rank, blocks) in sources.texts.iter().enumerate() {
        if let Some((mention, line, score)) = best(blocks, sources) {
            let buyer = resolve(&mention, line, sources, findings);
            if rank == 0 && score < 0 {
                let message = format!(
                    "acheteur: \"{}\" is named in passing only, it may be another",
                    mention.typed
                );
                findings.doubtful(line, "acheteur", &mention.typed, message);
            }
            if rank > 0 {
                findings.doubtful(
                    line,
                    "acheteur",
                    &mention.typed,
                    format!(
                        "acheteur: the presentation names none; \"{}\" is named further on",
                        mention.typed
                    ),
                );
            }
            return Some(buyer);
        }
    }
    None
}

/// The name as a line gives it, without an article before « Ville de… ».
fn as_written(name: &str, mention: Option<&Mention>) -> String {
    let start = mention.map_or(0, |mention| mention.range.start);
    let is_article = matches!(name[..start].trim().to_lowercase().as_str(), "l'" | "la" | "le" | "les");
    capitalised(if is_article { &name[start..] } else { name })
}

/// A buyer with a name without a lead, which may still be a territory.
fn bare_name(name: &str, line: usize, sources: &BuyerSources<'_>) -> Buyer {
    let mut places = Territories::shipped().named(name);
    // « l'hôpital » is not the commune of L'Hôpital.
    places.retain(|_| name.contains(char::is_uppercase));
    let place = meant(&places, &sources.context);
    Buyer {
        name: place.map_or_else(|| name.to_owned(), Territory::collectivite),
        territory: place.map(territory).unwrap_or_default(),
        line,
    }
}

/// The mention with the highest score: subject of a sentence, early, in bold, in a logo.
fn best(blocks: &[Block], sources: &BuyerSources<'_>) -> Option<(Mention, usize, i32)> {
    const MOST_BLOCKS: usize = 40;
    let mut scored: Vec<(i32, Mention, usize)> = Vec::new();
    let mut rank = 0;
    for block in blocks.iter().take(MOST_BLOCKS) {
        let text = beginning(&block.text);
        let words = words(text);
        for mention in mentions(text) {
            let is_bold = block
                .bold
                .iter()
                .any(|bold| bold.start < mention.range.end && mention.range.start < bold.end);
            let key = name_key(&mention.typed);
            let in_logo = sources
                .logos
                .iter()
                .any(|logo| logo.len() > 3 && (key.contains(logo.as_str()) || logo.contains(&key)));
            let score = grammar(&words, &mention.range) + i32::from(is_bold) + 2 * i32::from(in_logo) - rank;
            let line = block.line(mention.range.start);
            match scored.iter_mut().find(|(_, known, _)| is_same(known, &mention)) {
                Some((best, ..)) => *best = (*best).max(score) + 1,
                None => scored.push((score, mention, line)),
            }
            rank += 1;
        }
    }
    let best = scored
        .into_iter()
        .enumerate()
        .max_by_key(|(rank, (score, ..))| (*score, std::cmp::Reverse(*rank)))?;
    let (score, mention, line) = best.1;
    Some((mention, line, score))
}

/// Whether a text is the name of a buyer and nothing else: « Ville de Rennes », « CHU de Nantes ».
pub(crate) fn is_name(text: &str) -> bool {
    const LONGEST: usize = 120;
    let text = text
        .trim_start_matches(['«', ' ', '*', '_'])
        .trim_end_matches(['»', '.', ' ', '*', '_']);
    let is_whole = |mention: &Mention| mention.range == (0..text.len());
    text.len() <= LONGEST && mentions(text).first().is_some_and(is_whole)
}

/// The start of a text, to bound the search.
fn beginning(text: &str) -> &str {
    const LONGEST: usize = 4_000;
    let end = (0..=LONGEST.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

fn is_same(one: &Mention, other: &Mention) -> bool {
    match (&one.what, &other.what) {
        (MentionKind::Territory(one), MentionKind::Territory(other)) => one.first() == other.first(),
        _ => name_key(&one.typed) == name_key(&other.typed),
    }
}

/// MentionKind the words around a name say: a subject buys, a place where something happens does not.
fn grammar(words: &[Word<'_>], range: &Range<usize>) -> i32 {
    const PREPOSITIONS: &[&str] = &[
        "dans", "sur", "de", "du", "des", "à", "au", "aux", "avec", "entre", "pour", "en", "d", "vers", "chez", "près",
        "centre",
    ];
    const VERBS: &[&str] = &[
        "a",
        "ont",
        "souhaite",
        "souhaitait",
        "souhaitent",
        "met",
        "lance",
        "cherche",
        "cherchait",
        "voulait",
        "veut",
        "doit",
        "devait",
        "s",
        "confie",
        "organise",
        "gère",
        "dispose",
        "compte",
        "décide",
        "mène",
        "développe",
        "achète",
        "fait",
        "est",
        "avait",
        "porte",
        "propose",
        "entretient",
        "poursuit",
        "consacre",
        "engage",
        "renouvelle",
        "passe",
        "assure",
        "travaille",
    ];
    let Some(first) = words.iter().position(|word| word.range.start >= range.start) else {
        return 0;
    };
    let mut before = words[..first].iter().rev().take(2);
    let direct = before.next();
    let is_article = direct.is_some_and(|word| ["la", "le", "l", "les"].contains(&word.text.to_lowercase().as_str()));
    let preposition = if is_article && direct.is_some_and(|word| !word.starts_sentence()) {
        before.next()
    } else {
        direct
    };
    let is_place = preposition.is_some_and(|word| {
        PREPOSITIONS.contains(&word.text.to_lowercase().as_str()) && !words[first].gap.contains([',', '.'])
    });
    let after = words[first..].iter().find(|word| word.range.start >= range.end);
    let is_subject = after.is_some_and(|word| word.gap == " " && VERBS.contains(&word.text));
    3 * i32::from(is_subject) - 3 * i32::from(is_place)
}

fn resolve(mention: &Mention, line: usize, sources: &BuyerSources<'_>, findings: &mut Findings) -> Buyer {
    let typed = capitalised(&mention.typed);
    let as_typed = Buyer {
        name: typed,
        territory: Vec::new(),
        line,
    };
    match &mention.what {
        MentionKind::Territory(places) => match meant(places, &sources.context) {
            Some(place) => of_place(place, line),
            None => {
                let message = format!(
                    "acheteur: \"{}\" is the name of {} territories, none is taken for it",
                    mention.typed,
                    places.len()
                );
                findings.doubtful(line, "acheteur", &mention.typed, message);
                as_typed
            }
        },
        MentionKind::Unknown(own) => match nearest(own, &sources.context) {
            Some(place) if is_commune(&mention.typed) => {
                let departement = place.departement().map_or("", |departement| departement.name);
                let message = format!(
                    "acheteur: « {own} » is no commune; the nearest is {} ({departement})",
                    place.name()
                );
                findings.doubtful(line, "acheteur", own, message);
                of_place(place, line)
            }
            _ => {
                findings.doubtful(
                    line,
                    "acheteur",
                    own,
                    format!("acheteur: « {} » is in no list, and nothing is near it", mention.typed),
                );
                as_typed
            }
        },
        MentionKind::Body => Buyer {
            // Its path ends at the territory it serves: « SDIS de la Gironde ».
            territory: seat(&mention.typed, &sources.context)
                .map(Territory::path)
                .unwrap_or_default(),
            ..as_typed
        },
    }
}

fn is_commune(typed: &str) -> bool {
    let key = name_key(typed);
    COMMUNES.iter().any(|lead| key.starts_with(lead))
}

fn of_place(place: Territory, line: usize) -> Buyer {
    Buyer {
        name: place.collectivite(),
        territory: territory(place),
        line,
    }
}

/// The field `territoire` of a record. A département as buyer is also the third level.
pub(super) fn territory(place: Territory) -> Vec<String> {
    let mut path = place.path();
    if let Territory::Departement(_) = place {
        path.push(place.collectivite());
    }
    path
}

/// The territory in the name of a body: `CHU de Nantes`, `préfecture de la Gironde`.
fn seat(name: &str, context: &[Territory]) -> Option<Territory> {
    let named = Territories::shipped().mentioned(name);
    let places = named
        .iter()
        .filter(|(range, _)| range.start > 0 && name[range.clone()].chars().any(char::is_uppercase));
    let key = name_key(name);
    let is_wide = ["prefecture", "departement", "sdis", "region", "ministere", "academie"]
        .iter()
        .any(|word| key.contains(word));
    places
        .filter_map(|(_, places)| {
            let wide = places
                .iter()
                .find(|place| !matches!(place, Territory::Commune(_)))
                .copied();
            let commune: Vec<Territory> = places
                .iter()
                .filter(|place| matches!(place, Territory::Commune(_)))
                .copied()
                .collect();
            wide.filter(|_| is_wide || commune.is_empty())
                .or_else(|| meant(&commune, context))
                .or(wide)
        })
        .next_back()
}

/// The territory meant by an ambiguous name: the only one within the context, else the most likely.
pub(super) fn meant(places: &[Territory], context: &[Territory]) -> Option<Territory> {
    let within = context.iter().find_map(|area| {
        let mut inside = places.iter().filter(|place| place.is_in(*area) && *place != area);
        let first = inside.next();
        first.filter(|_| inside.next().is_none())
    });
    within.copied().or_else(|| most_likely(places))
}

/// The commune nearest to a name within the context. Elsewhere, only one that is very near or whose name ends with it.
fn nearest(name: &str, context: &[Territory]) -> Option<Territory> {
    const NEAR: f64 = 0.85;
    let inside = context
        .iter()
        .find_map(|area| Territories::nearest_commune(name, Some(*area)));
    inside.or_else(|| {
        let place = Territories::nearest_commune(name, None)?;
        let (name, known) = (name_key(name), name_key(place.name()));
        let is_near = strsim::normalized_damerau_levenshtein(&name, &known) >= NEAR;
        (is_near || known.ends_with(&format!(" {name}"))).then_some(place)
    })
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buyer(text: &str) -> (String, String, usize) {
        let block = Block::of_line(text, 1);
        let blocks = [block];
        let sources = BuyerSources {
            texts: vec![&blocks],
            labelled: None,
            keeps_name: false,
            logos: Vec::new(),
            context: context(std::iter::once(text)),
        };
        let mut findings = Findings::default();
        let buyer = find(&sources, &mut findings);
        let (name, territory) = buyer.map(|buyer| (buyer.name, buyer.territory)).unwrap_or_default();
        (name, territory.join(" > "), findings.list().len())
    }

    #[test]
    fn names_the_buyer() {
        for (text, name, territory) in [
            (
                "La Ville de Rennes souhaite entretenir ses parcs.",
                "Commune de Rennes",
                "Bretagne > Ille-et-Vilaine > Rennes",
            ),
            (
                "Dans la ville de Cholet, le département de Maine-et-Loire a souhaité agir.",
                "Département de Maine-et-Loire",
                "Pays de la Loire > Maine-et-Loire > Département de Maine-et-Loire",
            ),
            (
                "Pour ses agents, Bordeaux Métropole a lancé un marché.",
                "Bordeaux Métropole",
                "Nouvelle-Aquitaine > Gironde > Bordeaux Métropole",
            ),
            (
                "Le Département de la Gironde veut des repas.",
                "Département de la Gironde",
                "Nouvelle-Aquitaine > Gironde > Département de la Gironde",
            ),
            (
                "La Région Bretagne achète des ordinateurs.",
                "Région Bretagne",
                "Bretagne",
            ),
            (
                "Le CHU de Nantes a confié son linge.",
                "CHU de Nantes",
                "Pays de la Loire > Loire-Atlantique > Nantes",
            ),
            (
                "Le conseil départemental du Nord a fait appel à elle.",
                "Département du Nord",
                "Hauts-de-France > Nord > Département du Nord",
            ),
            (
                "Le Syndicat mixte d'études et d'aménagement de la Garonne souhaitait agir, avec le Département de la Gironde.",
                "Syndicat mixte d'études et d'aménagement de la Garonne",
                "",
            ),
            (
                "Le SDIS de la Gironde a confié son linge.",
                "SDIS de la Gironde",
                "Nouvelle-Aquitaine > Gironde",
            ),
            (
                "Le Syndicat départemental d'énergie de Loire-Atlantique souhaite agir.",
                "Syndicat départemental d'énergie de Loire-Atlantique",
                "Pays de la Loire > Loire-Atlantique",
            ),
            (
                "La mairie du Havre cherche une équipe.",
                "Commune du Havre",
                "Normandie > Seine-Maritime > Le Havre",
            ),
        ] {
            assert_eq!(buyer(text), (name.to_owned(), territory.to_owned(), 0), "{text}");
        }
    }

    #[test]
    fn doubts_what_no_list_has() {
        let (name, territory, doubts) = buyer("À Mayotte, la commune de M'Tsambo a souhaité un guichet.");
        assert_eq!(
            (name.as_str(), territory.as_str(), doubts),
            ("Commune de Mtsamboro", "Mayotte > Mayotte > Mtsamboro", 1)
        );
        assert_eq!(
            buyer("Bordeaux Métropole Aménagement souhaite rénover ses locaux."),
            ("Bordeaux Métropole Aménagement".to_owned(), String::new(), 1)
        );
        assert_eq!(
            buyer("La commune de Zzyzxville a souhaité un guichet."),
            ("Commune de Zzyzxville".to_owned(), String::new(), 1)
        );
        assert_eq!(
            buyer("La commune de Bretteville-sur-Odonn a souhaité un guichet."),
            (
                "Commune de Bretteville-sur-Odon".to_owned(),
                "Normandie > Calvados > Bretteville-sur-Odon".to_owned(),
                1
            )
        );
        // In no list: not the Bretteville that its name begins with.
        assert_eq!(
            buyer("La commune de Bretteville-l'Orgeuilleuse a souhaité un guichet."),
            ("Commune de Bretteville-l'Orgeuilleuse".to_owned(), String::new(), 1)
        );
        assert_eq!(buyer("La commune de Saint-Denis a souhaité un guichet.").2, 1);
        assert_eq!(
            buyer("La commune de Saint-Denis (93) a souhaité un guichet.").1,
            "Île-de-France > Seine-Saint-Denis > Saint-Denis"
        );
        assert_eq!(buyer("Rien de tel ici."), (String::new(), String::new(), 0));
    }
}
