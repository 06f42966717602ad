//! Reads each fact of a contract from the lines of the block that may hold it.

use super::duration::length::Duration;
use super::duration::{self, dates};
use super::{lots, nature};
use crate::booklet::facts::amount_lines;
use crate::booklet::facts::cpv_line;
use crate::booklet::facts::fact_line::{FactKind, FactLine};
use crate::booklet::parties::holder::HolderLine;
use crate::booklet::parties::place::PlaceLine;
use crate::imported::Findings;
use rex_corpus::name_key;
use rex_corpus::{Cpv, CpvLabels, Date, Euros, Lots, Nature, Procedure, Reserve, nearest_hint};

/// The facts in an information block.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) nature: Option<Nature>,
    pub(crate) procedure: Option<Procedure>,
    pub(crate) reserve: Vec<Reserve>,
    pub(crate) lots: Option<Lots>,
    pub(crate) cpv: Option<Cpv>,
    pub(crate) amount: Option<Euros>,
    pub(crate) months: Option<u32>,
    pub(crate) date: Option<Date>,
    /// The buyer of a labelled line: line, name.
    pub(crate) buyer: Option<(usize, String)>,
    /// The lines that name holders.
    pub(crate) holders: Vec<HolderLine>,
    /// The lines that name places.
    pub(crate) places: Vec<PlaceLine>,
    pub(crate) themes: Vec<String>,
}

impl Facts {
    pub(crate) fn read(entries: &mut [FactLine], labels: &CpvLabels, findings: &mut Findings) -> Self {
        Self {
            cpv: cpv_line::cpv(entries, labels, findings),
            nature: nature::nature(entries, findings),
            lots: lots::lots(entries, findings),
            reserve: reserve(entries, findings),
            procedure: procedure(entries, findings),
            amount: amount_lines::amount(entries, findings),
            months: months(entries, findings),
            date: date(entries, findings),
            buyer: labelled(entries, FactKind::Buyer),
            holders: holders(entries),
            places: places(entries),
            themes: themes(entries, findings),
        }
    }

    /// How much the facts show that a text is about a contract: two for its buyer and for its holder, one for any other fact.
    pub(crate) fn points(&self) -> u32 {
        let parties = u32::from(self.buyer.is_some()) + u32::from(!self.holders.is_empty());
        2 * parties + self.terms()
    }

    /// The number of facts that are no names: amount, duration, procedure...
    pub(crate) fn terms(&self) -> u32 {
        let terms = [
            self.amount.is_some(),
            self.months.is_some(),
            self.cpv.is_some(),
            self.procedure.is_some(),
            self.nature.is_some(),
            self.lots.is_some(),
            !self.reserve.is_empty(),
        ];
        terms.into_iter().map(u32::from).sum()
    }
}

fn labelled(entries: &mut [FactLine], about: FactKind) -> Option<(usize, String)> {
    let entry = entries
        .iter_mut()
        .find(|entry| entry.about == Some(about) && !entry.value.is_empty())?;
    entry.is_used = true;
    Some((entry.line, entry.value.clone()))
}

fn holders(entries: &mut [FactLine]) -> Vec<HolderLine> {
    let named = entries
        .iter_mut()
        .filter(|entry| entry.about == Some(FactKind::Holder) && !entry.value.is_empty());
    named
        .map(|entry| {
            entry.is_used = true;
            HolderLine::new(entry.line, &entry.text, &entry.value)
        })
        .collect()
}

/// The lines of places. One that names no known place is not used, so that it stays in the text.
fn places(entries: &mut [FactLine]) -> Vec<PlaceLine> {
    let named = entries
        .iter_mut()
        .filter(|entry| entry.about == Some(FactKind::Place) && !entry.value.is_empty());
    named
        .map(|entry| {
            let place = PlaceLine::new(entry.line, &entry.text, &entry.value);
            entry.is_used |= place.is_known();
            place
        })
        .collect()
}

/// `Thèmes : insertion, réemploi`.
fn themes(entries: &mut [FactLine], findings: &mut Findings) -> Vec<String> {
    const MOST: usize = 50;
    let mut themes: Vec<String> = Vec::new();
    for entry in entries.iter_mut().filter(|entry| entry.about == Some(FactKind::Theme)) {
        let names = entry
            .value
            .split([',', ';', '/'])
            .map(|name| name.trim().trim_end_matches('.'));
        let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
        if names.is_empty() || names.len() > MOST {
            continue;
        }
        entry.is_used = true;
        findings.found(entry.line, "themes", &names.join(", "));
        for name in names {
            if themes.iter().all(|known| name_key(known) != name_key(name)) {
                themes.push(name.to_owned());
            }
        }
    }
    themes
}

fn reserve(entries: &mut [FactLine], findings: &mut Findings) -> Vec<Reserve> {
    let mut found: Vec<Reserve> = Vec::new();
    let mut first = None;
    for entry in entries.iter_mut() {
        let key = name_key(&entry.text);
        let says_reserved = key
            .split(' ')
            .any(|word| word.starts_with("reserve") || word.starts_with("reservation"));
        if !says_reserved {
            continue;
        }
        let named = Reserve::named_in(&entry.text);
        let is_no = ["non", "aucune", "sans"]
            .iter()
            .any(|no| key.split(' ').any(|word| word == *no));
        let is_lots = key.contains("lot");
        entry.is_used = entry.is_used || !named.is_empty() || is_no;
        if named.is_empty() && !is_no && !is_lots {
            entry.is_used = true;
            findings.doubtful(
                entry.line,
                "reserve",
                &entry.text,
                format!("reserve: \"{}\" does not say for whom", entry.text),
            );
        }
        for reserve in named.into_iter().filter(|_| !is_no) {
            if !found.contains(&reserve) {
                found.push(reserve);
            }
        }
        first = first.or(Some(entry.line)).filter(|_| !found.is_empty());
    }
    if let Some(line) = first {
        let names: Vec<_> = found.iter().map(|reserve| reserve.label()).collect();
        findings.found(line, "reserve", &names.join(", "));
    }
    found
}

fn procedure(entries: &mut [FactLine], findings: &mut Findings) -> Option<Procedure> {
    let is_reserved = |procedure: &Procedure| procedure.label() == "Marché réservé";
    let mut named: Vec<(usize, Procedure)> = Vec::new();
    for (index, entry) in entries.iter_mut().enumerate() {
        if let Some(procedure) = Procedure::named_in(&entry.text).filter(|_| entry.about != Some(FactKind::Object)) {
            entry.is_used = true;
            named.push((index, procedure));
        }
    }
    // A contract can be reserved and also name its procedure, which then counts.
    let own = named.iter().find(|(_, procedure)| !is_reserved(procedure));
    if own.is_none() {
        unclear_procedure(entries, findings);
    }
    if let Some((index, procedure)) = own.or(named.first()) {
        findings.found(entries[*index].line, "procedure", procedure.label());
        return Some(*procedure);
    }
    let reserved = entries.iter().find(|entry| {
        let key = name_key(&entry.text);
        key.contains("reserve") && !key.contains("lot") && !Reserve::named_in(&entry.text).is_empty()
    });
    if let Some(entry) = reserved {
        let procedure = Procedure::from_spelling("Marché réservé")?;
        findings.found(entry.line, "procedure", procedure.label());
        return Some(procedure);
    }
    None
}

/// Reports a line about the procedure that names no exact one: « Appel d'offres », « Procédure négociée ».
fn unclear_procedure(entries: &mut [FactLine], findings: &mut Findings) {
    let is_open = |entry: &FactLine| name_key(&entry.text).contains("appel d offre");
    let unclear = entries.iter_mut().find(|entry| {
        let is_labelled = entry.about == Some(FactKind::Procedure) && !entry.value.is_empty();
        (is_labelled || is_open(entry)) && Procedure::named_in(&entry.text).is_none()
    });
    let Some(unclear) = unclear else { return };
    unclear.is_used = true;
    let why = if is_open(unclear) {
        "is open or restricted, which is not said".to_owned()
    } else {
        let names: Vec<&str> = Procedure::all().map(Procedure::label).collect();
        format!("is no known procedure{}", nearest_hint(&unclear.text, names))
    };
    findings.doubtful(
        unclear.line,
        "procedure",
        &unclear.text,
        format!("procedure: \"{}\" {why}", unclear.text),
    );
}

fn months(entries: &mut [FactLine], findings: &mut Findings) -> Option<u32> {
    let mut read: Vec<(usize, String, Duration)> = Vec::new();
    for labelled in [true, false] {
        for entry in entries
            .iter_mut()
            .filter(|entry| (entry.about == Some(FactKind::Duration)) == labelled)
        {
            let other = matches!(
                entry.about,
                Some(
                    FactKind::Buyer
                        | FactKind::Holder
                        | FactKind::Object
                        | FactKind::Cpv
                        | FactKind::Date
                        | FactKind::Place
                        | FactKind::Theme
                        | FactKind::Contact
                )
            );
            let found = if other {
                None
            } else {
                duration::read(&entry.text).or_else(|| duration_in_unit_of_label(entry))
            };
            entry.is_used |= found.is_some() || entry.is_label_of(FactKind::Duration);
            read.extend(found.map(|duration| (entry.line, entry.text.clone(), duration)));
        }
        if !read.is_empty() {
            break;
        }
    }
    let (line, text, duration) = read
        .iter()
        .max_by_key(|(line, _, duration)| (duration.months, std::cmp::Reverse(*line)))?;
    let made = duration
        .made_of
        .as_deref()
        .map(|made| format!(" ({made})"))
        .unwrap_or_default();
    findings.found(*line, "duree_mois", &format!("{}{made}", duration.months));
    if let Some(doubt) = duration.doubt {
        findings.doubtful(*line, "duree_mois", text, format!("duree_mois: \"{text}\": {doubt}"));
    }
    if read.iter().any(|(_, _, other)| other.months != duration.months) {
        findings.doubtful(
            *line,
            "duree_mois",
            text,
            format!("duree_mois: several durations, the longest is taken: \"{text}\""),
        );
    }
    Some(duration.months)
}

/// `Durée en mois : 36`.
fn duration_in_unit_of_label(entry: &FactLine) -> Option<Duration> {
    let is_number = !entry.value.is_empty() && entry.value.bytes().all(|byte| byte.is_ascii_digit());
    let label = name_key(entry.text.split(':').next().unwrap_or_default());
    let unit = label
        .split(' ')
        .find(|word| matches!(*word, "mois" | "an" | "ans" | "annee" | "annees"))?;
    let is_labelled = is_number && entry.about == Some(FactKind::Duration);
    is_labelled
        .then(|| duration::read(&format!("{} {unit}", entry.value)))
        .flatten()
}

/// `Notification : 15/03/2023`, `Date : 12 mars 2023`, `Année : 2023`.
fn date(entries: &mut [FactLine], findings: &mut Findings) -> Option<Date> {
    let entry = entries
        .iter_mut()
        .find(|entry| entry.about == Some(FactKind::Date) && !entry.value.is_empty())?;
    let parts: Vec<&str> = entry
        .value
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let written = match parts.as_slice() {
        [day, month, year] if year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        [year, month, day] if year.len() == 4 => format!("{year}-{month}-{day}"),
        parts => {
            let year = parts.iter().find(|part| part.len() == 4)?;
            dates::first_day(&entry.value).unwrap_or_else(|| (*year).to_owned())
        }
    };
    let date = Date::parse(&written).ok()?;
    entry.is_used = true;
    findings.found(entry.line, "date", &written);
    Some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_dates_as_they_are_written() {
        for (value, written) in [
            ("12 mars 2023", Some("2023-03-12")),
            ("1er août 2023", Some("2023-08-01")),
            ("le 12 mars 2023, pour 2 ans", Some("2023-03-12")),
            // A record has a day or a year.
            ("mars 2023", Some("2023")),
            ("15/03/2023", Some("2023-03-15")),
            ("2023-03-15", Some("2023-03-15")),
            ("2023", Some("2023")),
            ("en 2023", Some("2023")),
            ("31 février 2023", None),
            ("bientôt", None),
        ] {
            let mut entries = [FactLine {
                line: 1,
                last: 1,
                text: format!("Date : {value}"),
                about: Some(FactKind::Date),
                value: value.to_owned(),
                is_used: false,
            }];
            let date = date(&mut entries, &mut Findings::default());
            let expected = written.map(|written| Date::parse(written).unwrap());
            assert_eq!(date, expected, "{value}");
        }
    }
}
