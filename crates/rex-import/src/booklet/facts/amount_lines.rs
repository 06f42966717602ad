//! Chooses the amount of a contract among those of an information block.

use crate::booklet::facts::fact_line::{FactKind, FactLine};
use crate::booklet::facts::money::{self, Bound, Money, Per, Tax};
use crate::imported::Findings;
use rex_corpus::Euros;
use rex_corpus::name_key;

pub(crate) fn amount(entries: &mut [FactLine], findings: &mut Findings) -> Option<Euros> {
    let labelled = entries
        .iter()
        .any(|entry| entry.about == Some(FactKind::Amount) && !read_amounts(entry).is_empty());
    let mut read: Vec<(usize, String, Money, bool)> = Vec::new();
    for entry in entries.iter_mut() {
        let amounts = read_amounts(entry);
        entry.is_used |= !amounts.is_empty() || entry.is_label_of(FactKind::Amount);
        if labelled && entry.about != Some(FactKind::Amount) {
            continue;
        }
        let key = name_key(&entry.text);
        let is_total = key.contains("total") || key.contains("global");
        read.extend(
            amounts
                .into_iter()
                .map(|money| (entry.line, entry.text.clone(), money, is_total)),
        );
    }
    let (first_line, first_text, ..) = read.first()?.clone();
    let pick = |tax: Tax, bound: Bound| {
        let of = |money: &Money| {
            money.tax == tax && money.bound == bound && money.per == Per::Contract && money.amount.cents() > 0
        };
        let mut fitting: Vec<_> = read.iter().filter(|(_, _, money, _)| of(money)).collect();
        if fitting.iter().any(|(.., is_total)| *is_total) {
            fitting.retain(|(.., is_total)| *is_total);
        }
        fitting.dedup_by_key(|(_, _, money, _)| money.amount);
        (fitting.len() == 1).then(|| (fitting[0].0, fitting[0].2.amount, fitting[0].1.clone()))
    };
    let several = read.iter().filter(|(_, _, money, _)| {
        money.bound == Bound::Exact && money.per == Per::Contract && money.tax != Tax::Included
    });
    let is_clear = several.count() > 0;
    if let Some((line, amount, _)) = pick(Tax::Before, Bound::Exact) {
        findings.found(line, "montant_ht", &amount.to_string());
        return Some(amount);
    }
    let doubtful = [
        (Tax::Unsaid, Bound::Exact, "it does not say whether that is before tax"),
        (Tax::Before, Bound::Maximum, "it is said to be a maximum"),
        (Tax::Before, Bound::About, "it is said to be about so much"),
        (
            Tax::Unsaid,
            Bound::Maximum,
            "it is said to be a maximum, and not whether before tax",
        ),
        (
            Tax::Unsaid,
            Bound::About,
            "it is said to be about so much, and not whether before tax",
        ),
    ];
    for (tax, bound, why) in doubtful
        .into_iter()
        .filter(|(_, bound, _)| !is_clear || *bound == Bound::Exact)
    {
        if let Some((line, amount, text)) = pick(tax, bound) {
            findings.found(line, "montant_ht", &amount.to_string());
            findings.doubtful(line, "montant_ht", &text, format!("montant_ht: \"{text}\": {why}"));
            return Some(amount);
        }
    }
    let money = &read[0].2;
    let why = match (money.tax, money.per, money.bound) {
        _ if money.amount.cents() == 0 => "it is no amount",
        (Tax::Included, ..) => "it is with tax",
        (_, Per::Part, _) => "it is not for the whole contract",
        (.., Bound::End) => "it is a range",
        (.., Bound::Minimum) => "it is a minimum",
        _ => "there are several",
    };
    findings.doubtful(
        first_line,
        "montant_ht",
        &first_text,
        format!("montant_ht: \"{first_text}\": {why}, none is taken"),
    );
    None
}

/// The amounts of a line. A labelled number needs no unit.
fn read_amounts(entry: &FactLine) -> Vec<Money> {
    let mut amounts = money::amounts(&entry.text);
    if amounts.is_empty()
        && entry.about == Some(FactKind::Amount)
        && entry.value.chars().filter(char::is_ascii_digit).count() > 3
    {
        amounts = money::amounts(&format!("{} €", entry.value));
    }
    // « Montant (HT) : 210 000 ».
    let label = entry.text.split(':').next().unwrap_or_default();
    if let Some(tax) = money::tax_of(label).filter(|_| label.len() < entry.text.len()) {
        let unsaid = amounts.iter_mut().filter(|money| money.tax == Tax::Unsaid);
        unsaid.for_each(|money| money.tax = tax);
    }
    let start = amounts.first().map_or(0, |first| first.range.start);
    if entry.text.get(..start).is_some_and(money::is_of_part) {
        amounts.iter_mut().for_each(|money| money.per = Per::Part);
    }
    amounts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FindingKind;

    #[test]
    fn takes_the_amount_of_the_contract_and_reports_doubts() {
        for (value, taken, doubts) in [
            ("160.000,00 € HT", Some("160000"), 0),
            ("< 40 000 € HT", Some("40000"), 1),
            ("moins de 40 000 € HT", Some("40000"), 1),
            ("25 €/h HT", None, 1),
            ("1 250 euros HT la journée", None, 1),
            ("2 lots de 50 000 € HT", None, 1),
            ("0 € HT", None, 1),
        ] {
            let mut entries = [FactLine {
                line: 1,
                last: 1,
                text: format!("Montant : {value}"),
                about: Some(FactKind::Amount),
                value: value.to_owned(),
                is_used: false,
            }];
            let mut findings = Findings::default();
            let amount = amount(&mut entries, &mut findings).map(|amount| amount.to_string());
            let doubtful = findings
                .list()
                .iter()
                .filter(|finding| finding.kind == FindingKind::Doubtful);
            assert_eq!((amount.as_deref(), doubtful.count()), (taken, doubts), "{value}");
        }
    }
}
