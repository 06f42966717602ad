//! Parses Meilisearch filters into a [`Condition`].
//!
//! ```text
//! filter      = expression | list: AND of its entries, an inner list is an OR
//! expression  = conjunction ("OR" conjunction)*
//! conjunction = negation ("AND" negation)*
//! negation    = "NOT" negation | "(" expression ")" | comparison
//! comparison  = attribute ("=" | "!=") value
//!             | attribute (">" | ">=" | "<" | "<=") number
//!             | attribute number "TO" number
//!             | attribute "NOT"? "IN" "[" (value ("," value)* ","?)? "]"
//!             | attribute "NOT"? "EXISTS"
//!             | attribute "IS" "NOT"? ("NULL" | "EMPTY")
//! ```
//!
//! `IS NULL`, `IS EMPTY` and `NOT EXISTS` are equivalent: a case has a value or has none. `!=` and `NOT IN` also match cases
//! without a value. An empty expression or list matches every case.

use rex_query::{Condition, Facet, FacetKind, PATH_SEPARATOR, Selection};
use serde_json::Value;

use super::attribute::{self, Attribute};
use super::error::{ErrorCode, MeilisearchError, short};
use super::lexer::{LexError, LocatedToken, Token, tokens};
use super::number::{ScaledNumber, between};
use rex_api::parameter_values::facet_value;

/// Maximum length of a filter in characters, over all its expressions.
const MAX_CHARS: usize = 10_000;
/// Maximum number of values in a filter.
const MAX_VALUES: usize = 500;
/// Maximum nesting of parentheses and negations.
const MAX_DEPTH: usize = 100;

/// Parses a filter.
///
/// # Errors
/// A syntax error, an unknown attribute, an invalid value, or a limit that is exceeded.
pub(super) fn condition(filter: &Value) -> Result<Condition, MeilisearchError> {
    let mut budget = Budget {
        chars: MAX_CHARS,
        values: MAX_VALUES,
    };
    let mut all = Vec::new();
    match filter {
        Value::String(text) => all.extend(expression("filter", text, &mut budget)?),
        Value::Array(entries) => {
            for (rank, entry) in entries.iter().enumerate() {
                all.extend(alternatives(&format!("filter[{rank}]"), entry, &mut budget)?);
            }
        }
        other => return Err(wrong_type("filter", "a string or an array", other)),
    }
    Ok(joined(all, Condition::All))
}

/// Parses a list entry: an expression, or an inner list of alternatives.
fn alternatives(place: &str, entry: &Value, budget: &mut Budget) -> Result<Option<Condition>, MeilisearchError> {
    match entry {
        Value::String(text) => expression(place, text, budget),
        Value::Array(entries) => {
            let mut any = Vec::new();
            for (rank, entry) in entries.iter().enumerate() {
                let place = format!("{place}[{rank}]");
                match entry {
                    Value::String(text) => any.extend(expression(&place, text, budget)?),
                    other => return Err(wrong_type(&place, "a string, as lists are nested no deeper", other)),
                }
            }
            Ok((!any.is_empty()).then(|| joined(any, Condition::Any)))
        }
        other => Err(wrong_type(place, "a string or an array of strings", other)),
    }
}

/// Parses an expression; `None` where it is empty.
fn expression(place: &str, text: &str, budget: &mut Budget) -> Result<Option<Condition>, MeilisearchError> {
    let refused = |at: usize, what: &str| {
        let column = text[..at].chars().count() + 1;
        MeilisearchError::new(ErrorCode::Filter, format!("`{place}`, column {column}: {what}"))
    };
    budget.chars = budget.chars.checked_sub(text.chars().count()).ok_or_else(|| {
        MeilisearchError::new(
            ErrorCode::Filter,
            format!("`filter` is too long, expected at most {MAX_CHARS} characters"),
        )
    })?;
    let tokens = tokens(text).map_err(|stray| match stray {
        LexError::UnclosedQuote(at) => refused(at, "this quote is never closed"),
        LexError::UnexpectedCharacter(c, at) => {
            refused(at, &format!("`{c}` has no meaning here; quote a value that holds it"))
        }
    })?;
    if tokens.len() == 1 {
        return Ok(None);
    }
    let mut parser = Parser {
        tokens: &tokens,
        depth: 0,
        budget,
    };
    let read = parser.whole().map_err(|ParseError { at, what }| refused(at, &what))?;
    Ok(Some(read))
}

fn wrong_type(place: &str, expected: &str, found: &Value) -> MeilisearchError {
    let found = super::fields::kind_of(found);
    MeilisearchError::new(
        ErrorCode::Filter,
        format!("`{place}`: expected {expected}, found {found}"),
    )
}

/// Joins conditions; a single condition is returned as is.
fn joined(mut conditions: Vec<Condition>, join: fn(Vec<Condition>) -> Condition) -> Condition {
    match conditions.pop() {
        Some(only) if conditions.is_empty() => only,
        last => {
            conditions.extend(last);
            join(conditions)
        }
    }
}

/// What is left of the limits of a filter.
struct Budget {
    chars: usize,
    values: usize,
}

/// An error message and the byte offset of its token.
struct ParseError {
    at: usize,
    what: String,
}

struct Parser<'a> {
    /// The remaining tokens; the last is always [`Token::End`].
    tokens: &'a [LocatedToken<'a>],
    depth: usize,
    budget: &'a mut Budget,
}

impl<'a> Parser<'a> {
    fn whole(&mut self) -> Result<Condition, ParseError> {
        let condition = self.expression()?;
        match self.next().token {
            Token::End => Ok(condition),
            _ => Err(self.expected("AND, OR or the end; quote a value of several words")),
        }
    }

    fn expression(&mut self) -> Result<Condition, ParseError> {
        let mut any = vec![self.conjunction()?];
        while self.accept("OR") {
            any.push(self.conjunction()?);
        }
        Ok(joined(any, Condition::Any))
    }

    fn conjunction(&mut self) -> Result<Condition, ParseError> {
        let mut all = vec![self.negation()?];
        while self.accept("AND") {
            all.push(self.negation()?);
        }
        Ok(joined(all, Condition::All))
    }

    fn negation(&mut self) -> Result<Condition, ParseError> {
        let at = self.next().at;
        if self.accept("NOT") {
            self.descend(at)?;
            let negated = self.negation()?;
            self.depth -= 1;
            return Ok(not(negated));
        }
        if self.next().token != Token::Open {
            return self.comparison();
        }
        self.advance();
        self.descend(at)?;
        let within = self.expression()?;
        self.depth -= 1;
        self.expect(&Token::Close, "AND, OR or `)`")?;
        Ok(within)
    }

    /// Enters a nesting level. The limit bounds the stack use of parsing and evaluation.
    fn descend(&mut self, at: usize) -> Result<(), ParseError> {
        self.depth += 1;
        if self.depth <= MAX_DEPTH {
            return Ok(());
        }
        let what = format!("more than {MAX_DEPTH} parentheses and negations within each other");
        Err(ParseError { at, what })
    }

    fn comparison(&mut self) -> Result<Condition, ParseError> {
        let attribute = self.attribute()?;
        let LocatedToken { token, at } = self.next().clone();
        match token {
            Token::Equal => {
                self.advance();
                self.equal(attribute)
            }
            Token::NotEqual => {
                self.advance();
                self.equal(attribute).map(not)
            }
            Token::Compare(comparison) => {
                self.advance();
                let number = self.number(attribute, at)?;
                Ok(ranged(attribute, number.bounds(comparison)))
            }
            _ if self.accept("IN") => self.one_of(attribute),
            _ if self.accept("EXISTS") => Ok(exists(attribute)),
            _ if self.accept("IS") => self.state(attribute),
            _ if self.accept("NOT") => self.negated(attribute),
            _ if token.is("CONTAINS") || token.is("STARTS") => Err(partial(at)),
            Token::Word(_) | Token::Quoted(_) if self.tokens.get(1).is_some_and(|next| next.token.is("TO")) => {
                let from = self.number(attribute, at)?;
                self.advance();
                let to = self.number(attribute, at)?;
                Ok(ranged(attribute, between(from, to)))
            }
            _ => Err(self.expected("=, !=, >, >=, <, <=, TO, IN, NOT IN, EXISTS, NOT EXISTS, IS NULL or IS EMPTY")),
        }
    }

    fn attribute(&mut self) -> Result<Attribute, ParseError> {
        let LocatedToken { token, at } = self.next().clone();
        let fault = |what: String| ParseError { at, what };
        let name = match &token {
            Token::Word(name) if name.starts_with("_geo") => {
                return Err(fault(format!(
                    "`{}`: cases have no coordinates to filter by",
                    short(name)
                )));
            }
            Token::Word(name) if !token.is_keyword() => *name,
            Token::Quoted(name) => name.as_str(),
            _ => return Err(self.expected("an attribute, NOT or `(`")),
        };
        let attribute = Attribute::from_name(name)
            .ok_or_else(|| fault(attribute::unknown(name, "filterable", &attribute::names())))?;
        self.advance();
        Ok(attribute)
    }

    fn equal(&mut self, attribute: Attribute) -> Result<Condition, ParseError> {
        let selection = self.selection(attribute)?;
        Ok(Condition::Has(attribute.facet(), selection.into_iter().collect()))
    }

    fn one_of(&mut self, attribute: Attribute) -> Result<Condition, ParseError> {
        self.expect(&Token::OpenList, "`[`")?;
        let mut selections = Vec::new();
        while self.next().token != Token::CloseList {
            if let Some(selection) = self.selection(attribute)?
                && !selections.contains(&selection)
            {
                selections.push(selection);
            }
            if self.next().token != Token::CloseList {
                self.expect(&Token::Comma, "`,` or `]`")?;
            }
        }
        self.advance();
        Ok(Condition::Has(attribute.facet(), selections))
    }

    /// Parses the part after `IS`.
    fn state(&mut self, attribute: Attribute) -> Result<Condition, ParseError> {
        let is_negated = self.accept("NOT");
        if !self.accept("NULL") && !self.accept("EMPTY") {
            return Err(self.expected(if is_negated {
                "NULL or EMPTY"
            } else {
                "NULL, EMPTY or NOT"
            }));
        }
        Ok(if is_negated {
            exists(attribute)
        } else {
            absent(attribute)
        })
    }

    /// Parses the part after an attribute and `NOT`.
    fn negated(&mut self, attribute: Attribute) -> Result<Condition, ParseError> {
        let LocatedToken { token, at } = self.next().clone();
        if self.accept("IN") {
            return self.one_of(attribute).map(not);
        }
        if self.accept("EXISTS") {
            return Ok(absent(attribute));
        }
        if token.is("CONTAINS") || token.is("STARTS") {
            return Err(partial(at));
        }
        Err(self.expected("IN or EXISTS"))
    }

    /// Parses a value into a selection of the attribute; `None` where no case can have it.
    fn selection(&mut self, attribute: Attribute) -> Result<Option<Selection>, ParseError> {
        let (text, at) = self.value()?;
        selection(attribute, &text).map_err(|what| ParseError { at, what })
    }

    /// Parses a number to compare with; `operator` is the byte offset of the operator, for errors.
    fn number(&mut self, attribute: Attribute, operator: usize) -> Result<ScaledNumber, ParseError> {
        if !attribute.is_number() {
            let what =
                format!("`{attribute}` has no numbers to compare; those of montant, duree and annee can be compared");
            return Err(ParseError { at: operator, what });
        }
        let (text, at) = self.value()?;
        number(attribute, &text).map_err(|what| ParseError { at, what })
    }

    fn value(&mut self) -> Result<(String, usize), ParseError> {
        let LocatedToken { token, at } = self.next().clone();
        let text = match token {
            Token::Quoted(text) => text,
            Token::Word(word) if !token.is_keyword() => word.to_owned(),
            Token::Word(_) => return Err(self.expected("a value; quote one that is a keyword")),
            _ => return Err(self.expected("a value")),
        };
        self.budget.values = self.budget.values.checked_sub(1).ok_or_else(|| ParseError {
            at,
            what: format!("too many values, expected at most {MAX_VALUES} in a filter"),
        })?;
        self.advance();
        Ok((text, at))
    }

    fn next(&self) -> &'a LocatedToken<'a> {
        &self.tokens[0]
    }

    fn advance(&mut self) {
        if self.tokens.len() > 1 {
            self.tokens = &self.tokens[1..];
        }
    }

    /// Consumes a keyword if it is the next token.
    fn accept(&mut self, keyword: &str) -> bool {
        let is_next = self.next().token.is(keyword);
        if is_next {
            self.advance();
        }
        is_next
    }

    fn expect(&mut self, token: &Token<'_>, named: &str) -> Result<(), ParseError> {
        if self.next().token != *token {
            return Err(self.expected(named));
        }
        self.advance();
        Ok(())
    }

    /// The error for an unexpected next token.
    fn expected(&self, what: &str) -> ParseError {
        let LocatedToken { token, at } = self.next();
        let found = match token {
            Token::End => "the end".to_owned(),
            Token::Word(word) => format!("`{}`", short(word)),
            Token::Quoted(text) => format!("\"{}\"", short(text)),
            Token::Open => "`(`".to_owned(),
            Token::Close => "`)`".to_owned(),
            Token::OpenList => "`[`".to_owned(),
            Token::CloseList => "`]`".to_owned(),
            Token::Comma => "`,`".to_owned(),
            Token::Equal | Token::NotEqual | Token::Compare(_) => "an operator".to_owned(),
        };
        ParseError {
            at: *at,
            what: format!("expected {what}, found {found}"),
        }
    }
}

fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

fn exists(attribute: Attribute) -> Condition {
    match attribute {
        Attribute::Facet(_) => not(absent(attribute)),
        Attribute::Level(facet, level) => Condition::Reaches(facet, level),
    }
}

fn absent(attribute: Attribute) -> Condition {
    match attribute {
        Attribute::Facet(facet) => Condition::Has(facet, vec![Selection::Missing]),
        Attribute::Level(..) => not(exists(attribute)),
    }
}

/// Matches the numbers within bounds; matches nothing without bounds.
fn ranged(attribute: Attribute, bounds: Option<rex_query::Bounds>) -> Condition {
    Condition::Has(attribute.facet(), bounds.map(Selection::Range).into_iter().collect())
}

fn partial(at: usize) -> ParseError {
    let what = "CONTAINS and STARTS WITH are not supported; search the values of an attribute with /facet-search, and filter by those found";
    ParseError {
        at,
        what: what.to_owned(),
    }
}

fn number(attribute: Attribute, text: &str) -> Result<ScaledNumber, String> {
    ScaledNumber::read(attribute.facet(), text.trim()).ok_or_else(|| {
        format!(
            "\"{}\" is not a number, expected one such as 40000 or 12.5",
            short(text)
        )
    })
}

/// The selection of a value; `None` where no case can have it: a fractional number, a path of another level, an empty text.
fn selection(attribute: Attribute, text: &str) -> Result<Option<Selection>, String> {
    let facet = attribute.facet();
    if attribute.is_number() {
        let ScaledNumber::Whole(number) = number(attribute, text)? else {
            return Ok(None);
        };
        return Ok(Some(match facet {
            Facet::Annee => Selection::Value(number.to_string()),
            _ => Selection::Range(rex_query::Bounds {
                from: Some(number),
                to: Some(number),
            }),
        }));
    }
    let text = match facet {
        Facet::Cpv => text.rsplit(PATH_SEPARATOR).next().unwrap_or(text),
        _ => text,
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    let value = facet_value(facet, text).map_err(|problem| problem.to_string())?;
    let is_of_level = match attribute {
        Attribute::Facet(_) => true,
        Attribute::Level(facet, level) => facet.kind() == FacetKind::Hierarchy && facet.level(&value) == level,
    };
    Ok(is_of_level.then_some(Selection::Value(value)))
}

#[cfg(test)]
#[path = "filter_tests.rs"]
mod tests;
