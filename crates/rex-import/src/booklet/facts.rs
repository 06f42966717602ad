//! The facts of a contract, each read from the lines of the information block that can give it.

use super::duration::{self, Duration};
use super::finding::Findings;
use super::headings;
use super::information::{About, Entry};
use super::{amount_lines, cpv_line};
use rex_corpus::name_key;
use rex_corpus::{Cpv, CpvLabels, Date, Euros, Lots, Nature, Procedure, Reserve, nearest_hint};

/// What an information block says.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) nature: Option<Nature>,
    pub(super) procedure: Option<Procedure>,
    pub(super) reserve: Vec<Reserve>,
    pub(super) lots: Option<Lots>,
    pub(super) cpv: Option<Cpv>,
    pub(super) amount: Option<Euros>,
    pub(super) months: Option<u32>,
    pub(super) date: Option<Date>,
    /// Who buys, by a line of its own: line, name.
    pub(super) buyer: Option<(usize, String)>,
    /// Who holds the contract.
    pub(super) holder: Option<(usize, String)>,
    /// Where.
    pub(super) place: Option<String>,
}

impl Facts {
    pub(super) fn read(entries: &mut [Entry], labels: &CpvLabels, findings: &mut Findings) -> Self {
        Self {
            cpv: cpv_line::cpv(entries, labels, findings),
            nature: nature(entries, findings),
            lots: lots(entries, findings),
            reserve: reserve(entries, findings),
            procedure: procedure(entries, findings),
            amount: amount_lines::amount(entries, findings),
            months: months(entries, findings),
            date: date(entries, findings),
            buyer: labelled(entries, About::Buyer),
            holder: labelled(entries, About::Holder),
            place: labelled(entries, About::Place).map(|(_, place)| place),
        }
    }
}

fn labelled(entries: &mut [Entry], about: About) -> Option<(usize, String)> {
    let entry = entries
        .iter_mut()
        .find(|entry| entry.about == Some(about) && !entry.value.is_empty())?;
    entry.is_used = true;
    Some((entry.line, entry.value.clone()))
}

fn nature(entries: &mut [Entry], findings: &mut Findings) -> Option<Nature> {
    for entry in entries
        .iter_mut()
        .filter(|entry| !entry.is_used && entry.about != Some(About::Object))
    {
        match natures(&entry.text, entry.about == Some(About::Nature)).as_slice() {
            [] => {}
            [nature] => {
                entry.is_used = true;
                findings.found(entry.line, "nature", nature.label());
                return Some(*nature);
            }
            _ => {
                entry.is_used = true;
                findings.doubtful(
                    entry.line,
                    "nature",
                    &entry.text,
                    format!("nature: \"{}\" names several, none is taken", entry.text),
                );
                return None;
            }
        }
    }
    None
}

/// The natures a line names, where naming one is all it does or its label says so.
pub(super) fn natures(text: &str, is_labelled: bool) -> Vec<Nature> {
    const AROUND: &[&str] = &[
        "marche",
        "public",
        "prestation",
        "accord",
        "cadre",
        "contrat",
        "courante",
        "intellectuelle",
        "type",
        "nature",
        "achat",
        "divers",
        "diverse",
        "passe",
        "bon",
        "commande",
        "alloti",
        "reserve",
    ];
    let words = headings::words(text);
    let named = |word: &String| match word.as_str() {
        "service" => Some(Nature::Services),
        "travaux" => Some(Nature::Works),
        "fourniture" => Some(Nature::Supplies),
        _ => None,
    };
    let mut natures: Vec<Nature> = Vec::new();
    for nature in words.iter().filter_map(named) {
        if !natures.contains(&nature) {
            natures.push(nature);
        }
    }
    let has = |pair: [&str; 2]| words.windows(2).any(|two| two[0] == pair[0] && two[1] == pair[1]);
    if natures.is_empty() && has(["prestation", "intellectuelle"]) {
        natures.push(Nature::Services);
    }
    let only = words
        .iter()
        .all(|word| named(word).is_some() || AROUND.contains(&word.as_str()));
    let said = ["service", "travaux", "fourniture"].iter().any(|nature| {
        has(["prestation", nature])
            || has(["marche", nature])
            || has(["contrat", nature])
            || has(["cadre", nature])
            || has(["public", nature])
    });
    if is_labelled || only || said {
        natures
    } else {
        Vec::new()
    }
}

fn lots(entries: &mut [Entry], findings: &mut Findings) -> Option<Lots> {
    let (entry, lots) = entries.iter_mut().find_map(|entry| {
        let lots = read_lots(&entry.text, entry.about == Some(About::Lots))?;
        Some((entry, lots))
    })?;
    entry.is_used = true;
    if lots.nombre == 0 || lots.nombre > 10_000 || lots.reserves.is_some_and(|reserved| reserved > lots.nombre) {
        findings.doubtful(
            entry.line,
            "lots",
            &entry.text,
            format!("lots: \"{}\" does not add up, none is taken", entry.text),
        );
        return None;
    }
    let reserved = lots
        .reserves
        .map(|reserved| format!(", {reserved} reserved"))
        .unwrap_or_default();
    findings.found(entry.line, "lots", &format!("{}{reserved}", lots.nombre));
    Some(lots)
}

/// `Marché divisé en 3 lots, dont un réservé`, `Lots : 3`, `Lot unique`.
fn read_lots(text: &str, is_labelled: bool) -> Option<Lots> {
    let key = name_key(text);
    let words: Vec<&str> = key.split(' ').collect();
    let number = |word: &str| word.parse::<u32>().ok().or_else(|| duration::number_word(word));
    if key.contains("lot unique") || key.contains("non alloti") || key.contains("non allotie") {
        return Some(Lots {
            nombre: 1,
            reserves: None,
        });
    }
    let is_lot = |word: &str| matches!(word, "lots" | "lot");
    let before = words
        .windows(2)
        .find_map(|pair| number(pair[0]).filter(|_| is_lot(pair[1])));
    let first = words.iter().find_map(|word| number(word)).filter(|_| is_labelled);
    let nombre = before.or(first)?;
    // « 3 lots, dont un réservé », « 5 lots dont 2 lots réservés », « tous réservés ».
    let reserved = words.iter().position(|word| word.starts_with("reserve"));
    let reserves = reserved.and_then(|reserved| {
        let dont = words[..reserved]
            .iter()
            .rposition(|word| matches!(*word, "dont" | "tous"))?;
        if words[dont] == "tous" {
            return Some(nombre);
        }
        words[dont..reserved].iter().find_map(|word| number(word)).or_else(|| {
            // « dont le lot 2 réservé » is one.
            words[dont..reserved].contains(&"le").then_some(1)
        })
    });
    // « Lot n° 2 réservé, sur 3 lots ».
    let is_one = reserved.is_some_and(|reserved| {
        let before: Vec<&&str> = words[..reserved].iter().rev().take(3).collect();
        reserves.is_none() && before.iter().any(|word| **word == "lot")
    });
    let reserves = if is_one { Some(1) } else { reserves };
    let names_one = reserves.is_some()
        && words[..reserved.unwrap_or(0)]
            .windows(2)
            .any(|two| two[0] == "lot" && number(two[1]).is_some());
    Some(Lots {
        nombre,
        reserves: if names_one { Some(1) } else { reserves },
    })
}

fn reserve(entries: &mut [Entry], findings: &mut Findings) -> Vec<Reserve> {
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

fn procedure(entries: &mut [Entry], findings: &mut Findings) -> Option<Procedure> {
    let is_reserved = |procedure: &Procedure| procedure.label() == "Marché réservé";
    let mut named: Vec<(usize, Procedure)> = Vec::new();
    for (rank, entry) in entries.iter_mut().enumerate() {
        if let Some(procedure) = Procedure::named_in(&entry.text).filter(|_| entry.about != Some(About::Object)) {
            entry.is_used = true;
            named.push((rank, procedure));
        }
    }
    // A contract can be reserved and be awarded by a procedure: that one is the procedure.
    let own = named.iter().find(|(_, procedure)| !is_reserved(procedure));
    if own.is_none() {
        unclear_procedure(entries, findings);
    }
    if let Some((rank, procedure)) = own.or(named.first()) {
        findings.found(entries[*rank].line, "procedure", procedure.label());
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

/// Says which line is about a procedure and does not name one: « Appel d'offres », « Procédure négociée ».
fn unclear_procedure(entries: &mut [Entry], findings: &mut Findings) {
    let is_open = |entry: &Entry| name_key(&entry.text).contains("appel d offre");
    let unclear = entries.iter_mut().find(|entry| {
        let is_labelled = entry.about == Some(About::Procedure) && !entry.value.is_empty();
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

fn months(entries: &mut [Entry], findings: &mut Findings) -> Option<u32> {
    let mut read: Vec<(usize, String, Duration)> = Vec::new();
    for labelled in [true, false] {
        for entry in entries
            .iter_mut()
            .filter(|entry| (entry.about == Some(About::Duration)) == labelled)
        {
            let other = matches!(
                entry.about,
                Some(About::Buyer | About::Holder | About::Object | About::Cpv | About::Date)
            );
            let found = if other { None } else { duration::read(&entry.text) };
            entry.is_used |= labelled || found.is_some();
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

/// `Notification : 15/03/2023`, `Date : 12 mars 2023`, `Année : 2023`.
fn date(entries: &mut [Entry], findings: &mut Findings) -> Option<Date> {
    let entry = entries
        .iter_mut()
        .find(|entry| entry.about == Some(About::Date) && !entry.value.is_empty())?;
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
            duration::first_day(&entry.value).unwrap_or_else(|| (*year).to_owned())
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
            let mut entries = [Entry {
                line: 1,
                text: format!("Date : {value}"),
                about: Some(About::Date),
                value: value.to_owned(),
                is_used: false,
            }];
            let date = date(&mut entries, &mut Findings::default());
            let expected = written.map(|written| Date::parse(written).unwrap());
            assert_eq!(date, expected, "{value}");
        }
    }
}
