//! Modifications of a contract after its notification. The record has the current values.

use super::anomaly::{Anomalies, DecpProblem};
use super::holder::holders;
use super::json::Json;
use super::text::{clean, escaped};
use super::value::{euros, first_date, first_read, say_if_long, whole_months};
use rex_corpus::Party;
use rex_corpus::{Date, Euros};

/// Maximum modifications in the text, the latest ones. The longest contracts have a few dozen.
const MAX_PURPOSES: usize = 100;
/// A modification gives the new value (arrêté du 22 décembre 2022, annexe). Many published files give the difference instead: a
/// value below a fifth of the old one is taken as a difference.
const LEAST_PART: u64 = 5;

/// The modifications of a contract, the oldest first.
pub(super) struct Modifications<'a>(Vec<Modification<'a>>);

struct Modification<'a> {
    fields: &'a Json,
    made: Option<Date>,
    published: Option<Date>,
}

impl<'a> Modifications<'a> {
    pub(super) fn read(fields: &'a Json) -> Self {
        let modifications = fields.get("modifications").items("modification").into_iter();
        let mut modifications: Vec<_> = modifications
            .filter(|fields| matches!(fields, Json::Map(_)))
            .map(|fields| Modification {
                made: day(fields, &["dateNotificationModification", "dateSignatureModification"]),
                published: day(fields, &["datePublicationDonneesModification"]),
                fields,
            })
            .collect();
        modifications.sort_by_key(|modification| {
            let day = modification.made.or(modification.published);
            day.map_or(0, Date::sort_key)
        });
        Self(modifications)
    }

    /// Replaces the old values by the new ones.
    pub(super) fn apply(
        &self,
        amount: &mut Option<Euros>,
        months: &mut Option<u32>,
        parties: &mut Vec<Party>,
        most_months: u32,
        wrong: &mut Anomalies,
    ) {
        for Modification { fields, .. } in &self.0 {
            let typed = ["montant", "valeurGlobale"].map(|name| fields.get(name).text());
            let typed = first_read(&typed, euros);
            if !typed.is_empty() {
                match euros(typed).filter(|new| is_new_value(amount.map(Euros::cents), new.cents())) {
                    Some(new) => *amount = Some(new),
                    None => wrong.add(DecpProblem::Modification, "montant modifié écarté", typed),
                }
            }
            let typed = fields.get("dureeMois").text();
            if !typed.is_empty() {
                let new = whole_months(typed).filter(|new| (1..=most_months).contains(new));
                match new.filter(|new| is_new_value(months.map(u64::from), u64::from(*new))) {
                    Some(new) => {
                        say_if_long(new, most_months, typed, wrong);
                        *months = Some(new);
                    }
                    None => wrong.add(DecpProblem::Modification, "durée modifiée écartée", typed),
                }
            }
            let new = holders(fields, wrong);
            if !new.is_empty() {
                *parties = new;
            }
        }
    }

    /// The purpose of each modification, as a Markdown paragraph.
    pub(super) fn purposes(&self) -> impl Iterator<Item = String> + '_ {
        const LONGEST: usize = 2_000;
        let latest = self.0.len().saturating_sub(MAX_PURPOSES);
        self.0[latest..].iter().filter_map(|modification| {
            let object = clean(modification.fields.get("objetModification").text());
            let object: String = object.chars().take(LONGEST).collect();
            let day = modification.made.map(|day| format!(" du {day}")).unwrap_or_default();
            (!object.is_empty()).then(|| format!("Modification{day} : {}", escaped(&object)))
        })
    }

    /// Date of the last publication, as [`Date::sort_key`]. `first` is the date of the first. 0 if unknown.
    pub(super) fn published(&self, first: Option<Date>) -> u64 {
        let later = self
            .0
            .iter()
            .flat_map(|modification| [modification.published, modification.made]);
        let later = later.flatten();
        later.chain(first).map(Date::sort_key).max().unwrap_or_default()
    }
}

fn day(fields: &Json, names: &[&str]) -> Option<Date> {
    names.iter().find_map(|name| first_date(fields.get(name).text()))
}

fn is_new_value(old: Option<u64>, new: u64) -> bool {
    old.is_none_or(|old| new >= old / LEAST_PART)
}
