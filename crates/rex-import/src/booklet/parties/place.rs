//! The territory that lines of facts name: « Lieu d'exécution : Rouen », « Département : Rhône ».

use crate::booklet::parties::buyer::{meant, territory};
use crate::imported::Findings;
use rex_corpus::{Territories, Territory, name_key};

/// A line that names places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlaceLine {
    line: usize,
    label: String,
    pub(crate) value: String,
}

/// Maximum number of names of one line that are looked up.
const MOST_NAMES: usize = 20;

impl PlaceLine {
    pub(crate) fn new(line: usize, text: &str, value: &str) -> Self {
        Self {
            line,
            label: name_key(text.split(':').next().unwrap_or_default()),
            value: value.to_owned(),
        }
    }

    /// Whether the list of territories has each of its names.
    pub(crate) fn is_known(&self) -> bool {
        let names = self.names();
        names.len() < MOST_NAMES && names.iter().all(|(_, places)| !places.is_empty())
    }

    /// Each name, with the territories it may be. The label says of what kind: « Commune : … ».
    fn names(&self) -> Vec<(&str, Vec<Territory>)> {
        let whole = self.places(&self.value);
        if !whole.is_empty() {
            return vec![(&self.value, whole)];
        }
        let parts = self
            .value
            .split([',', ';', '/', '>'])
            .flat_map(|part| part.split(" et "));
        parts
            .map(|part| part.trim().trim_end_matches('.'))
            .filter(|part| !part.is_empty())
            .take(MOST_NAMES)
            .map(|part| (part, self.places(part)))
            .collect()
    }

    fn places(&self, name: &str) -> Vec<Territory> {
        // « Rouen (76) », « 76000 Rouen ».
        let words = name.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')'));
        let (codes, own): (Vec<&str>, Vec<&str>) = words
            .filter(|word| !word.is_empty() && *word != "-")
            .partition(|word| word.starts_with(|c: char| c.is_ascii_digit()) && word.len() <= 5);
        let named = Territories::shipped().named(&own.join(" "));
        let says = |word: &str| {
            self.label
                .split(' ')
                .any(|label| label == word || label == format!("{word}s"))
        };
        let fits = |place: &&Territory| match place {
            Territory::Commune(_) => says("commune"),
            Territory::Departement(_) => says("departement"),
            Territory::Region(_) => says("region"),
            Territory::Epci(_) => false,
        };
        let there = |place: &&Territory| {
            let area = codes.first().and_then(|code| Territories::departement(code.get(..2)?));
            area.is_some_and(|area| place.is_in(area))
        };
        let of_kind: Vec<Territory> = named.iter().copied().filter(|place| fits(&place)).collect();
        let kept = if of_kind.is_empty() { named } else { of_kind };
        let inside: Vec<Territory> = kept.iter().copied().filter(|place| there(&place)).collect();
        if inside.is_empty() { kept } else { inside }
    }
}

/// The field `territoire` by lines of places: the most precise place, or the area of several. Empty if none is known. What is unknown
/// or ambiguous is noted.
pub(crate) fn of_lines(lines: &[PlaceLine], context: &[Territory], findings: &mut Findings) -> Vec<String> {
    let mut chosen: Vec<(usize, Territory)> = Vec::new();
    for line in lines {
        for (name, places) in line.names() {
            let mut doubt = |why: String| {
                findings.doubtful(line.line, "territoire", name, format!("territoire: \"{name}\" {why}"));
            };
            match meant(&places, context) {
                Some(place) => chosen.push((line.line, place)),
                None if places.is_empty() => {
                    doubt("is no known région, département, EPCI or commune; it is left in the text".to_owned());
                }
                None => doubt(format!(
                    "is the name of {} territories, none is taken for it",
                    places.len()
                )),
            }
        }
    }
    let Some(deepest) = chosen.iter().map(|(_, place)| depth(*place)).max() else {
        return Vec::new();
    };
    chosen.retain(|(_, place)| depth(*place) == deepest);
    let (line, first) = chosen[0];
    let parents = [
        Some(first),
        first.departement().map(Territory::Departement),
        first.region(),
    ];
    let shared = parents
        .into_iter()
        .flatten()
        .find(|area| chosen.iter().all(|(_, place)| place == area || place.is_in(*area)));
    if shared != Some(first) {
        let names: Vec<&str> = chosen.iter().map(|(_, place)| place.name()).collect();
        let taken = shared.map_or("none is taken".to_owned(), |area| format!("{} is taken", area.name()));
        let names = names.join(", ");
        findings.doubtful(
            line,
            "territoire",
            &names,
            format!("territoire: several places, {names}; {taken}"),
        );
    }
    let path = shared.map(territory).unwrap_or_default();
    if !path.is_empty() {
        findings.found(line, "territoire", &path.join(" > "));
    }
    path
}

fn depth(place: Territory) -> usize {
    match place {
        Territory::Region(_) => 0,
        Territory::Departement(_) => 1,
        Territory::Epci(_) => 2,
        Territory::Commune(_) => 3,
    }
}
