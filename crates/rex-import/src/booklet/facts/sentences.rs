//! Facts of a contract inside the sentences of a case: « Le marché vaut 48 000 € HT et dure 24 mois. »

use super::contract_facts::Facts;
use super::duration;
use super::fact_line::{self, FactKind, FactLine};
use super::money::{self, Bound, Per, Tax};
use crate::booklet::layout::body::Block;
use crate::booklet::parties::holder::HolderLine;
use crate::booklet::parties::names;
use crate::imported::{FindingKind, Findings};
use rex_corpus::{CpvLabels, name_key};

/// What sentences say of a contract.
#[derive(Debug, Default)]
pub(crate) struct SentenceFacts {
    /// Whether one gives an exact amount.
    pub(crate) has_amount: bool,
    /// Whether one gives an amount and a duration.
    pub(crate) has_both: bool,
    /// Whether one names the holder: « Le titulaire est… ».
    pub(crate) has_holder: bool,
}

/// Fills in the facts that no line gave from the sentences about the contract, each with a doubt.
pub(crate) fn fill(facts: &mut Facts, blocks: &[Block], labels: &CpvLabels, findings: &mut Findings) -> SentenceFacts {
    let mut entries = Vec::new();
    let mut said = SentenceFacts::default();
    for block in blocks {
        for range in names::sentences(&block.text) {
            let line = block.line(range.start);
            let sentence = block.text[range].trim();
            let is_labelled = fact_line::labelled(sentence).is_some();
            if let Some(holder) = holder(sentence) {
                said.has_holder = true;
                if facts.holders.is_empty() {
                    facts.holders.push(HolderLine::new(line, sentence, holder));
                }
            } else if is_labelled || is_about_contract(sentence) {
                let is_exact = |money: &money::Money| {
                    money.bound == Bound::Exact && money.per == Per::Contract && money.tax != Tax::Included
                };
                let has_amount = money::amounts(sentence).iter().any(is_exact);
                said.has_amount |= has_amount;
                said.has_both |= !money::amounts(sentence).is_empty() && duration::read(sentence).is_some();
                entries.push(FactLine::new(line, sentence));
            }
        }
    }
    for entry in &mut entries {
        // « Le marché : … » is no label, and a date of a sentence is seldom that of the contract.
        if !matches!(entry.about, Some(FactKind::Buyer | FactKind::Holder)) {
            entry.about = None;
        }
    }
    let mut read = Findings::default();
    let found = Facts::read(&mut entries, labels, &mut read);
    said.has_holder |= !found.holders.is_empty();
    merge(facts, found, &read, findings);
    said
}

/// Whether a sentence speaks of the contract itself: names it, or gives an amount with or without tax and a duration.
fn is_about_contract(sentence: &str) -> bool {
    const CONTRACT: &[&str] = &[
        "marche",
        "marches",
        "contrat",
        "accord",
        "montant",
        "consultation",
        "lots",
    ];
    let key = name_key(sentence);
    let has_taxed_amount = || {
        let amounts = money::amounts(sentence);
        amounts
            .iter()
            .any(|money| matches!(money.tax, Tax::Included | Tax::Before))
    };
    key.split(' ').any(|word| CONTRACT.contains(&word)) || (has_taxed_amount() && duration::read(sentence).is_some())
}

/// The holder that a sentence names: « Le titulaire est L'Atelier », « Le marché a été attribué à l'association Un Nom ».
fn holder(sentence: &str) -> Option<&str> {
    const SAID: &[&str] = &[
        "titulaire est ",
        "titulaire du marché est ",
        "attributaire est ",
        "attributaire du marché est ",
        "prestataire est ",
        "prestataire retenu est ",
        "entreprise retenue est ",
        "structure retenue est ",
        "lauréat est ",
        "attribué à ",
        "attribué au ",
        "confié à ",
        "titulaire : ",
        "attributaire : ",
        "prestataire : ",
    ];
    const LONGEST: usize = 200;
    let at = SAID
        .iter()
        .filter_map(|said| Some((sentence.find(said)?, said.len())))
        .min()?;
    let value = sentence[at.0 + at.1..].trim().trim_end_matches('.');
    let end = [" pour ", " à l'issue", " après ", " en 20", " : ", " ; ", " qui "]
        .iter()
        .filter_map(|stop| value.find(stop))
        .min();
    let value = &value[..end.unwrap_or(value.len())];
    // « confié à des personnes éloignées de l'emploi » names nobody.
    let is_named = value
        .split([' ', '\''])
        .take(8)
        .any(|word| word.starts_with(char::is_uppercase));
    (is_named && value.len() <= LONGEST).then_some(value)
}

/// Takes the facts that are missing, with their findings.
fn merge(facts: &mut Facts, found: Facts, read: &Findings, findings: &mut Findings) {
    fn take<T>(fact: &mut Option<T>, found: Option<T>) -> bool {
        let is_missing = fact.is_none();
        if is_missing {
            *fact = found;
        }
        is_missing
    }
    let mut taken: Vec<&str> = Vec::new();
    let mut note = |is_taken: bool, field: &'static str| taken.extend(is_taken.then_some(field));
    note(take(&mut facts.amount, found.amount), "montant_ht");
    note(take(&mut facts.months, found.months), "duree_mois");
    note(take(&mut facts.procedure, found.procedure), "procedure");
    note(take(&mut facts.nature, found.nature), "nature");
    note(take(&mut facts.cpv, found.cpv), "cpv");
    note(take(&mut facts.lots, found.lots), "lots");
    note(facts.reserve.is_empty(), "reserve");
    if facts.reserve.is_empty() {
        facts.reserve = found.reserve;
    }
    take(&mut facts.buyer, found.buyer);
    if facts.holders.is_empty() {
        facts.holders = found.holders;
    }
    for finding in read
        .list()
        .iter()
        .filter(|finding| finding.field.is_some_and(|field| taken.contains(&field)))
    {
        findings.take_over(finding.clone());
        if let (FindingKind::Found, Some(field)) = (finding.kind, finding.field) {
            let value = finding.message.split_once(": ").map_or("", |(_, value)| value);
            findings.doubtful(
                finding.line,
                field,
                value,
                format!("{field}: read in the text, not in a block of facts"),
            );
        }
    }
}
