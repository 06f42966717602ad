//! From a parsed query to the tree the engine runs.

use rex_analysis::Token;
use rex_index::{Fields, Zone};
use tantivy::Term;
use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use crate::parse::ParsedQuery;

/// How much a match counts by where it is: a title says what the case is, a section mentions many things.
const fn weight(zone: Zone) -> f32 {
    match zone {
        Zone::Title => 3.0,
        Zone::Parties => 2.0,
        Zone::Subject => 1.5,
        Zone::Text => 1.0,
    }
}

/// What a word counts on top of its stem when it is written as typed.
const EXACT_BONUS: f32 = 0.5;

/// The tree that finds the cases holding at least `required` of the words, and every phrase, and no exclusion.
pub(crate) fn plan(fields: &Fields, query: &ParsedQuery, required: usize) -> Box<dyn Query> {
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    match words(fields, &query.words, required) {
        Some(words) => clauses.push((Occur::Must, words)),
        None if query.phrases.is_empty() => clauses.push((Occur::Must, Box::new(AllQuery))),
        None => {}
    }
    clauses.extend(
        query
            .phrases
            .iter()
            .map(|phrase| (Occur::Must, anywhere(fields, phrase))),
    );
    clauses.extend(
        query
            .excluded
            .iter()
            .map(|phrase| (Occur::MustNot, anywhere_by_stem(fields, phrase))),
    );
    Box::new(BooleanQuery::new(clauses))
}

fn words(fields: &Fields, words: &[Token], required: usize) -> Option<Box<dyn Query>> {
    if words.is_empty() {
        return None;
    }
    let occur = if required == words.len() {
        Occur::Must
    } else {
        Occur::Should
    };
    let mut query = BooleanQuery::new(words.iter().map(|token| (occur, word(fields, token))).collect());
    if occur == Occur::Should {
        query.set_minimum_number_should_match(required);
    }
    Some(Box::new(query))
}

/// A word in any zone, by its stem, and better as it is typed.
fn word(fields: &Fields, token: &Token) -> Box<dyn Query> {
    let clauses = Zone::ALL.into_iter().flat_map(|zone| {
        let field = fields.zone(zone);
        [
            boosted(term(field.stem, &token.stem), weight(zone)),
            boosted(term(field.exact, &token.exact), weight(zone) * EXACT_BONUS),
        ]
    });
    Box::new(BooleanQuery::union(clauses.collect()))
}

/// A sequence of words as they are typed, within one zone.
fn anywhere(fields: &Fields, phrase: &[Token]) -> Box<dyn Query> {
    let clauses = Zone::ALL.map(|zone| {
        let sequence = sequence(fields.zone(zone).exact, phrase, |token| &token.exact);
        boosted(sequence, weight(zone) * (1.0 + EXACT_BONUS))
    });
    Box::new(BooleanQuery::union(clauses.into()))
}

fn anywhere_by_stem(fields: &Fields, phrase: &[Token]) -> Box<dyn Query> {
    let clauses = Zone::ALL.map(|zone| sequence(fields.zone(zone).stem, phrase, |token| &token.stem));
    Box::new(BooleanQuery::union(clauses.into()))
}

fn sequence(field: Field, phrase: &[Token], form: fn(&Token) -> &str) -> Box<dyn Query> {
    match phrase {
        [only] => term(field, form(only)),
        _ => {
            let first = phrase.first().map_or(0, |token| token.position);
            let terms = phrase
                .iter()
                .map(|token| (token.position - first, Term::from_field_text(field, form(token))));
            Box::new(PhraseQuery::new_with_offset(terms.collect()))
        }
    }
}

fn term(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(
        Term::from_field_text(field, text),
        IndexRecordOption::WithFreqs,
    ))
}

fn boosted(query: Box<dyn Query>, by: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, by))
}
