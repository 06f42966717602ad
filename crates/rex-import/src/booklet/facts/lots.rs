//! The lots of a contract.

use super::fact_line::{FactKind, FactLine};
use crate::booklet::facts::duration::tokens::number_word;
use crate::imported::Findings;
use rex_corpus::{Lots, name_key};

pub(crate) fn lots(entries: &mut [FactLine], findings: &mut Findings) -> Option<Lots> {
    let (entry, lots) = entries.iter_mut().find_map(|entry| {
        let lots = read_lots(&entry.text, entry.about == Some(FactKind::Lots))?;
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
pub(crate) fn read_lots(text: &str, is_labelled: bool) -> Option<Lots> {
    let key = name_key(text);
    let words: Vec<&str> = key.split(' ').collect();
    let number = |word: &str| word.parse::<u32>().ok().or_else(|| number_word(word));
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
