//! Completions from other names: `mapa` for a procedure, `siae` for a reservation, `aci` for a kind of structure.

use std::sync::LazyLock;

use rex_analysis::words;
use rex_corpus::{CaseType, Procedure, Territories, reserve_names};
use rex_index::CompletionEntry;
use rex_query::{CompletionKind, Facet};

use super::found::Sources;
use super::typed::key;
use crate::entities::{departement_meant, other_names};
use crate::facet::value_matcher::folded;

/// Letters from which an acronym is completed.
const MIN_BEGUN: usize = 3;

/// Names of a case, the label first: « REX » and « retex » are the usual abbreviations.
const CASES: [&str; 3] = ["Retour d'expérience", "REX", "RETEX"];

/// A name of a value of a closed list.
struct ListedName {
    text: &'static str,
    key: String,
    /// Folded, with elided articles: `retour d experience`.
    folded: String,
    facet: Facet,
    /// The label shown.
    label: &'static str,
    label_key: String,
    /// The value, if it differs from the label.
    value: Option<&'static str>,
}

/// A value by another name.
pub(super) struct NamedCompletion<'a> {
    pub(super) entry: CompletionEntry<'a>,
    /// The name; `None` if it is the text of the completion.
    pub(super) name: Option<String>,
    /// The value, if it differs from the text of the completion.
    pub(super) value: Option<&'a str>,
    /// Whether nothing else is likely meant.
    pub(super) is_sure: bool,
    /// Whether it is typed in full, as a name in the list.
    is_whole: bool,
}

/// The names and labels of procedures and reservations, and those of cases and considerations.
static NAMES: LazyLock<Vec<ListedName>> = LazyLock::new(|| {
    let name = |text, facet, label| ListedName {
        text,
        key: key(text),
        folded: folded(text),
        facet,
        label,
        label_key: key(label),
        value: None,
    };
    let names_of = |procedure: Procedure| procedure.other_names().chain([procedure.label()]);
    let procedures = Procedure::all()
        .flat_map(|procedure| names_of(procedure).map(move |text| name(text, Facet::Procedure, procedure.label())));
    let reserves = reserve_names().map(|(text, reserve)| name(text, Facet::Reserve, reserve.label()));
    let case = CaseType::Case.label();
    let types = CASES.map(|text| ListedName {
        value: Some(case),
        ..name(text, Facet::Type, CASES[0])
    });
    let facet = Facet::Considerations;
    let considerations = other_names(facet)
        .flat_map(|(label, names)| names.chain([label]).map(move |text| (text, label)))
        .map(|(text, label)| name(text, facet, label));
    procedures.chain(reserves).chain(types).chain(considerations).collect()
});

/// The values that a text names or begins to name: of closed lists, and by the lexicon. `typed` is its key.
pub(super) fn named<'a>(sources: Sources<'a>, text: &str, typed: &str) -> tantivy::Result<Vec<NamedCompletion<'a>>> {
    let mut found: Vec<NamedCompletion<'a>> = Vec::new();
    let begun = folded(text);
    for name in NAMES.iter().filter(|name| name.is_typed(typed, &begun)) {
        found.extend(name.value(sources).map(|entry| NamedCompletion {
            entry,
            name: (name.key != name.label_key).then(|| name.text.to_owned()),
            value: name.value,
            is_sure: name.key == typed,
            is_whole: name.key == typed,
        }));
    }
    let first = words(text).into_iter().next();
    let synonyms = first.map_or(&[][..], |first| sources.lexicon.beginning_with(&first.stem));
    for synonym in synonyms.iter().filter(|synonym| key(&synonym.from_text) == typed) {
        let is_acronym = is_in_capitals(&synonym.from_text);
        for entry in what_has_key(sources, &key(&synonym.to_text))? {
            let is_value = matches!(entry.kind, CompletionKind::Value(_));
            // Values of a list have their own acronyms: a synonym of a wider word is not meant by `AOO`.
            let is_another = found
                .iter()
                .any(|known| known.is_whole && known.entry.kind == entry.kind && known.entry.key != entry.key);
            if (is_value || is_acronym) && !is_another {
                found.push(NamedCompletion {
                    entry,
                    name: Some(synonym.from_text.clone()),
                    value: None,
                    is_sure: is_acronym && is_value,
                    is_whole: false,
                });
            }
        }
    }
    found.extend(departement(sources, text)?);
    let mut seen: Vec<&str> = Vec::new();
    found.sort_by_key(|named| !named.is_sure);
    found.retain(|named| {
        let is_first = !seen.contains(&named.entry.key);
        seen.push(named.entry.key);
        is_first
    });
    Ok(found)
}

/// The département with a number: `31`, `2A`.
fn departement<'a>(sources: Sources<'a>, text: &str) -> tantivy::Result<Option<NamedCompletion<'a>>> {
    let Some(code) = departement_meant(text) else {
        return Ok(None);
    };
    let name = Territories::departements().iter().find(|known| known.code == code);
    let key = name.map(|known| key(known.name)).unwrap_or_default();
    let kind = CompletionKind::Value(Facet::Territoire);
    let Some(id) = sources.completions.with_key(kind, &key) else {
        return Ok(None);
    };
    Ok(Some(NamedCompletion {
        entry: sources.completions.get(id)?,
        name: Some(code.to_owned()),
        value: None,
        is_sure: true,
        is_whole: false,
    }))
}

/// The completions with a key: an expression or values, and the values of closed lists with this name.
fn what_has_key<'a>(sources: Sources<'a>, key: &str) -> tantivy::Result<Vec<CompletionEntry<'a>>> {
    let mut found: Vec<CompletionEntry<'a>> = Vec::new();
    for kind in CompletionKind::ALL {
        if matches!(kind, CompletionKind::Value(_) | CompletionKind::Expression)
            && let Some(id) = sources.completions.with_key(kind, key)
        {
            found.push(sources.completions.get(id)?);
        }
    }
    let named = NAMES.iter().filter(|name| name.key == key);
    let listed: Vec<CompletionEntry<'a>> = named.filter_map(|name| name.value(sources)).collect();
    // A value says more than the same words as an expression.
    if !listed.is_empty() {
        found.retain(|entry| entry.kind != CompletionKind::Expression);
    }
    found.extend(listed);
    Ok(found)
}

impl ListedName {
    /// Whether it is typed, in full or, for an acronym or several words, as a prefix; `begun` is the folded text.
    fn is_typed(&self, typed: &str, begun: &str) -> bool {
        // Labels of other lists are completed from the index.
        let is_listed = self.key != self.label_key || matches!(self.facet, Facet::Type | Facet::Considerations);
        let is_long_enough = match is_in_capitals(self.text) {
            true => typed.len() >= MIN_BEGUN,
            false => typed.contains(' '),
        };
        self.key == typed
            || is_long_enough && is_listed && (self.key.starts_with(typed) || self.folded.starts_with(begun))
    }

    /// The completion of its value, if a case has it.
    fn value(&'static self, sources: Sources<'_>) -> Option<CompletionEntry<'static>> {
        let table = sources.facets.table(self.facet);
        let value = self.value.unwrap_or(self.label);
        let ordinal = table.ordinal_of(&self.facet.term(value));
        let count = ordinal.and_then(|ordinal| table.totals().nth(ordinal as usize));
        count.map(|count| CompletionEntry {
            kind: CompletionKind::Value(self.facet),
            text: self.label,
            key: &self.label_key,
            count,
            record: None,
        })
    }
}

fn is_in_capitals(text: &str) -> bool {
    text.chars().all(|c| c.is_uppercase() || c.is_ascii_digit())
}
