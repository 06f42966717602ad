//! Writes the file that `rex_analysis::Dictionary` reads.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rex_analysis::{LEMMA_SEPARATOR, LemmaRule, encode_rules};
use tantivy_fst::MapBuilder;

use super::lemmas::FormEntry;

/// Encodes a dictionary: an automaton maps each form to the number of a rule that derives its lemmas. Frequent rules have small
/// numbers.
pub(super) fn write(source: &str, entries: &BTreeMap<String, FormEntry>) -> Result<Vec<u8>, String> {
    let rules: Vec<String> = entries.iter().map(|(form, entry)| rule(form, entry)).collect();
    let mut uses: HashMap<&str, u64> = HashMap::new();
    rules.iter().for_each(|rule| *uses.entry(rule).or_default() += 1);
    let mut by_use: Vec<_> = uses.into_iter().collect();
    by_use.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
    let number: HashMap<&str, u64> = by_use.iter().map(|(rule, _)| *rule).zip(0..).collect();
    let failed = |error: tantivy_fst::Error| format!("cannot build the automaton: {error}");
    let mut forms = MapBuilder::memory();
    for (form, rule) in entries.keys().zip(&rules) {
        forms.insert(form, number[rule.as_str()]).map_err(failed)?;
    }
    let mut shared = MapBuilder::memory();
    for pair in shared_lemmas(entries) {
        shared.insert(pair, 0).map_err(failed)?;
    }
    let rules: Vec<&str> = by_use.iter().map(|(rule, _)| *rule).collect();
    eprintln!("{} forms, {} rules", entries.len(), rules.len());
    let parts = [
        encode_rules(&rules),
        forms.into_inner().map_err(failed)?,
        shared.into_inner().map_err(failed)?,
    ];
    let mut bytes = format!("{source}\n").into_bytes();
    for part in &parts {
        let length = u32::try_from(part.len()).map_err(|error| error.to_string())?;
        bytes.extend(length.to_le_bytes());
        bytes.extend(part);
    }
    Ok(bytes)
}

/// The rule that derives the lemmas of a form.
fn rule(form: &str, entry: &FormEntry) -> String {
    let lemmas = entry.lemmas.iter().map(|lemma| {
        let common = form.bytes().zip(lemma.bytes()).take_while(|(a, b)| a == b).count();
        LemmaRule {
            cut: form.len() - common,
            add: &lemma[common..],
        }
        .to_string()
    });
    let lemmas: Vec<_> = lemmas.collect();
    format!("{}{}", entry.kinds.letter(), lemmas.join(","))
}

/// For every lemma that shares forms with others: the sets of lemmas of these forms.
fn shared_lemmas(entries: &BTreeMap<String, FormEntry>) -> BTreeSet<String> {
    let shared = entries.values().filter(|entry| entry.lemmas.len() > 1);
    let pairs = shared.flat_map(|entry| {
        let all = entry
            .lemmas
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(LEMMA_SEPARATOR);
        entry.lemmas.iter().map(move |lemma| format!("{lemma}={all}"))
    });
    pairs.collect()
}
