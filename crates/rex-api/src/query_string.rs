//! Query strings: parsed into requests, and written back into links.

use std::ops::Range;

use rex_query::{Facet, FacetQuery, Filters, MAX_COMPLETIONS, MAX_DEPTH, MAX_PER_PAGE, MAX_VALUES, SearchRequest};

use crate::parameter_values::{
    decode_component, encode, facets, matching, matching_name, number, query, selection, selection_value, sort,
    sort_name, unknown_parameter,
};
use crate::problem::Problem;

/// Maximum number of selected values in a request, over all facets.
pub(crate) const MAX_SELECTIONS: usize = 100;

/// The parameters of a search besides the facets.
const SEARCH_PARAMETERS: [&str; 7] = ["q", "matching", "tri", "page", "par_page", "facettes", "maxi"];
/// The parameters of a facet value search besides the facets. Here `q` matches the values, and `recherche` is the search.
const FACET_PARAMETERS: [&str; 5] = ["q", "recherche", "matching", "page", "maxi"];
/// Values on a page by default.
pub const DEFAULT_FACET_VALUES: usize = 20;

/// The parameters of a completion request.
const COMPLETION_PARAMETERS: [&str; 2] = ["q", "limite"];
/// Completions by default.
pub const DEFAULT_COMPLETIONS: usize = 8;

/// Default and maximum number of similar cases.
const DEFAULT_SIMILAR: usize = 5;
const MAX_SIMILAR: usize = 20;

/// How unknown parameters are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownParameters {
    /// For the API: a misspelt filter must not silently widen a search.
    Refuse,
    /// For pages: campaigns add `utm_*` parameters. Empty values, which forms send, are ignored too.
    Ignore,
}

/// Decoded names and values, in the order sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Decodes a query string, without its `?`.
    ///
    /// # Errors
    /// Percent-encoded bytes that are not UTF-8.
    pub fn decode(raw: &str) -> Result<Self, Problem> {
        let pairs = raw.split('&').filter(|pair| !pair.is_empty());
        let decoded = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode_component(name)
                .ok_or_else(|| Problem::invalid("?", "a name is not UTF-8, expected percent-encoded UTF-8"))?;
            let value = decode_component(value)
                .ok_or_else(|| Problem::invalid(&name, "not UTF-8, expected percent-encoded UTF-8"))?;
            Ok((name, value))
        });
        decoded.collect::<Result<_, _>>().map(Self)
    }

    /// Parameters from another source than a query string.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// The decoded names and values.
    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }

    /// The search request.
    ///
    /// # Errors
    /// The first invalid parameter: unknown (unless ignored), out of bounds, or repeated where one value is expected.
    pub fn request(&self, unknown: UnknownParameters) -> Result<SearchRequest, Problem> {
        let mut request = SearchRequest::default();
        let mut page = 1;
        for (name, value) in self.read(&mut request.filters, &SEARCH_PARAMETERS, unknown)? {
            match name {
                "q" => request.query = query(name, value)?,
                "matching" => request.matching = matching(value)?,
                "tri" => request.sort = sort(value)?,
                "page" => page = number(name, value, MAX_DEPTH)?,
                "par_page" => request.limit = number(name, value, MAX_PER_PAGE)?,
                "maxi" => request.max_values = number(name, value, MAX_VALUES)?,
                _ => request.facets = facets(value)?,
            }
        }
        if page.saturating_mul(request.limit) > MAX_DEPTH {
            let detail = format!(
                "page {page} of {} hits is too deep, expected page * par_page up to {MAX_DEPTH}",
                request.limit
            );
            return Err(Problem::invalid("page", detail));
        }
        Ok(request.at_page(page))
    }

    /// The facet query, and the search request whose hits it counts.
    ///
    /// # Errors
    /// The first invalid parameter, as in [`Self::request`].
    pub fn facet_request(&self, facet: Facet) -> Result<(SearchRequest, FacetQuery), Problem> {
        let mut request = SearchRequest::default();
        let mut values = FacetQuery {
            facet,
            words: String::new(),
            level: None,
            offset: 0,
            limit: DEFAULT_FACET_VALUES,
        };
        let mut page = 1;
        for (name, value) in self.read(&mut request.filters, &FACET_PARAMETERS, UnknownParameters::Refuse)? {
            match name {
                "q" => values.words = query(name, value)?,
                "recherche" => request.query = query(name, value)?,
                "matching" => request.matching = matching(value)?,
                "page" => page = number(name, value, MAX_DEPTH)?,
                _ => values.limit = number(name, value, MAX_VALUES)?,
            }
        }
        values.offset = (page - 1) * values.limit;
        Ok((request, values))
    }

    /// Parses the filters and returns the other parameters, each of them `known` and given once.
    fn read<'a>(
        &'a self,
        filters: &mut Filters,
        known: &'a [&'static str],
        unknown: UnknownParameters,
    ) -> Result<Vec<(&'static str, &'a str)>, Problem> {
        let mut others: Vec<(&str, &str)> = Vec::new();
        let mut selections = 0;
        for (name, value) in &self.0 {
            // Forms submit empty fields.
            if unknown == UnknownParameters::Ignore && value.trim().is_empty() {
                continue;
            }
            if let Some(facet) = Facet::from_name(name) {
                selections += 1;
                if selections > MAX_SELECTIONS {
                    return Err(Problem::invalid(
                        name,
                        format!("too many selections, expected at most {MAX_SELECTIONS}"),
                    ));
                }
                filters.add(facet, selection(facet, value)?);
                continue;
            }
            let Some(known) = known.iter().find(|known| *known == name) else {
                match unknown {
                    UnknownParameters::Ignore => continue,
                    UnknownParameters::Refuse => {
                        let known = Facet::ALL.into_iter().map(Facet::name).chain(known.iter().copied());
                        return Err(unknown_parameter(name, known));
                    }
                }
            };
            if others.iter().any(|(other, _)| other == known) {
                return Err(Problem::invalid(name, "given twice, expected once"));
            }
            others.push((known, value));
        }
        Ok(others)
    }

    /// The range of hits, from 0, that `page` and `par_page` select; `None` where neither is given.
    pub fn hits(&self, request: &SearchRequest) -> Option<Range<usize>> {
        let is_paged = self.has("page") || self.has("par_page");
        is_paged.then(|| request.offset..request.offset + request.limit)
    }

    /// Whether a parameter is given.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(given, _)| given == name)
    }

    /// The text to complete and the number of completions.
    ///
    /// # Errors
    /// The first invalid parameter, as in [`Self::request`].
    pub fn completion(&self) -> Result<(String, usize), Problem> {
        let mut typed = None;
        let mut limit = None;
        for (name, value) in &self.0 {
            let is_repeated = match name.as_str() {
                "q" => typed.replace(query(name, value)?).is_some(),
                "limite" => limit.replace(number(name, value, MAX_COMPLETIONS)?).is_some(),
                _ => return Err(unknown_parameter(name, COMPLETION_PARAMETERS)),
            };
            if is_repeated {
                return Err(Problem::invalid(name, "given twice, expected once"));
            }
        }
        Ok((typed.unwrap_or_default(), limit.unwrap_or(DEFAULT_COMPLETIONS)))
    }

    /// The number of similar cases.
    ///
    /// # Errors
    /// Any parameter but `limite`; `limite` repeated or out of bounds.
    pub fn similar_limit(&self) -> Result<usize, Problem> {
        self.only_number("limite", DEFAULT_SIMILAR, MAX_SIMILAR)
    }

    /// Checks that there are no parameters.
    ///
    /// # Errors
    /// The first parameter.
    pub fn expect_none(&self) -> Result<(), Problem> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => Err(Problem::UnknownParameter {
                name: name.chars().take(100).collect(),
                hint: ", expected none here".to_owned(),
            }),
        }
    }

    /// The value of one parameter, 1 to `max`, or `default`.
    ///
    /// # Errors
    /// Any other parameter; the parameter repeated or out of bounds.
    fn only_number(&self, name: &str, default: usize, max: usize) -> Result<usize, Problem> {
        let mut given = None;
        for (other, value) in &self.0 {
            if other != name {
                return Err(Problem::UnknownParameter {
                    name: other.chars().take(100).collect(),
                    hint: format!(", expected {name} or none here"),
                });
            }
            if given.is_some() {
                return Err(Problem::invalid(name, "given twice, expected once"));
            }
            given = Some(number(name, value, max)?);
        }
        Ok(given.unwrap_or(default))
    }

    /// The canonical parameters of a request: a fixed order, defaults left out. Equal searches have equal addresses.
    pub fn of(request: &SearchRequest) -> Self {
        let default = SearchRequest::default();
        let mut pairs = Vec::new();
        let mut push = |name: &str, value: String| pairs.push((name.to_owned(), value));
        let words: Vec<&str> = request.query.split_whitespace().collect();
        if !words.is_empty() {
            push("q", words.join(" "));
        }
        if request.matching != default.matching {
            push("matching", matching_name(request.matching).to_owned());
        }
        for (facet, selections) in request.filters.iter() {
            let mut values: Vec<String> = selections
                .iter()
                .map(|selection| selection_value(facet, selection))
                .collect();
            values.sort();
            values.into_iter().for_each(|value| push(facet.name(), value));
        }
        if request.sort != default.sort {
            push("tri", sort_name(request.sort).to_owned());
        }
        let mut facets = request.facets.clone();
        facets.sort();
        if facets != default.facets {
            let names: Vec<_> = facets.into_iter().map(Facet::name).collect();
            push("facettes", names.join(","));
        }
        if request.max_values != default.max_values {
            push("maxi", request.max_values.to_string());
        }
        if request.limit != default.limit {
            push("par_page", request.limit.to_string());
        }
        if request.offset != default.offset {
            push("page", request.page().to_string());
        }
        Self(pairs)
    }

    /// The canonical parameters of a feed or export. Paging is kept as given, since its defaults differ there; facet
    /// settings are left out.
    pub fn of_list(&self, request: &SearchRequest) -> Self {
        let default = SearchRequest::default();
        let mut query = Self::of(&SearchRequest {
            facets: default.facets,
            max_values: default.max_values,
            offset: default.offset,
            limit: default.limit,
            ..request.clone()
        });
        for name in ["par_page", "page"] {
            query.0.extend(self.0.iter().find(|(given, _)| given == name).cloned());
        }
        query
    }

    /// A path with these parameters as its query string.
    pub fn address(&self, path: &str) -> String {
        match self.encode().as_str() {
            "" => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    /// The query string, without `?`; empty for the default search.
    pub fn encode(&self) -> String {
        let pairs = self
            .0
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

#[cfg(test)]
mod tests {
    use rex_query::Selection;

    use super::*;

    fn read(raw: &str) -> Result<SearchRequest, String> {
        let query = Query::decode(raw).map_err(|problem| problem.to_string())?;
        query
            .request(UnknownParameters::Refuse)
            .map_err(|problem| problem.to_string())
    }

    #[test]
    fn a_search_has_one_address() {
        for (given, canonical) in [
            ("", ""),
            ("q=&page=1&tri=pertinence&par_page=10", ""),
            ("page=2&q=tri+des%20d%C3%A9chets", "q=tri%20des%20d%C3%A9chets&page=2"),
            ("theme=de%CC%81chets", "theme=d%C3%A9chets"),
            ("reserve=siae&nature=Services", "nature=services&reserve=SIAE"),
            ("procedure=procedure+ADAPTEE", "procedure=Proc%C3%A9dure%20adapt%C3%A9e"),
            ("cpv=75231240-8&cpv=75231240", "cpv=75231240"),
            ("cpv=752+312+40-8&cpv=752312408&cpv=75.231.240", "cpv=75231240"),
            // A misprinted code is resolved against the codes of the index.
            ("cpv=728810000", "cpv=728810000"),
            ("cpv=8530000-2", "cpv=8530000-2"),
            ("cpv=75&cpv=752312", "cpv=75000000&cpv=75231200"),
            (
                "montant=150000..400000&tri=-montant",
                "montant=150000..400000&tri=-montant",
            ),
            (
                "montant=..0.5&duree=12..&theme=non-renseigne",
                "theme=non-renseigne&montant=..0.50&duree=12..",
            ),
            (
                "territoire=Occitanie+%3E+Haute-Garonne",
                "territoire=Occitanie%20%3E%20Haute-Garonne",
            ),
        ] {
            let request = read(given).unwrap();
            assert_eq!(Query::of(&request).encode(), canonical);
            assert_eq!(read(canonical).unwrap().filters, request.filters);
        }
    }

    #[test]
    fn says_what_is_wrong_with_a_parameter() {
        let long = format!("q={}", "x".repeat(10_000));
        for (raw, expected) in [
            (
                "page=0",
                "page: \"0\" is out of bounds, expected a whole number, 1 to 10000",
            ),
            (
                "par_page=1000",
                "par_page: \"1000\" is out of bounds, expected a whole number, 1 to 100",
            ),
            (
                "page=101&par_page=100",
                "page: page 101 of 100 hits is too deep, expected page * par_page up to 10000",
            ),
            (
                "montant=abc",
                "montant: \"abc\" is not a range, expected bounds such as 40000..90000, ..40000 or 90000..",
            ),
            (
                "montant=..-5",
                "montant: negative amount -5, expected 0 or more euros before tax",
            ),
            (
                "montant=2..1",
                "montant: \"2..1\" ends before it begins, expected bounds such as 40000..90000, ..40000 or 90000..",
            ),
            (
                "duree=..",
                "duree: no bound, expected bounds such as 12..24, ..24 or 12..",
            ),
            (
                "duree=1.5..",
                "duree: \"1.5\" is not a number of months, expected a whole one",
            ),
            ("proc=x", "unknown parameter \"proc\", the nearest is \"procedure\""),
            (
                "tri=prix",
                "tri: \"prix\" is not an order, expected one of: pertinence, montant, -montant, date, -date, duree, -duree, titre",
            ),
            (
                "facettes=procedures",
                "facettes: \"procedures\" is not a facet, the nearest is \"procedure\"",
            ),
            (
                "annee=abc",
                "annee: \"abc\" is not a year, expected one such as 2023; several may be given, each by itself",
            ),
            (
                "annee=2019..2021",
                "annee: \"2019..2021\" is not a year, expected one such as 2023; several may be given, each by itself",
            ),
            ("q=a&q=b", "q: given twice, expected once"),
            ("q=%ff", "q: not UTF-8, expected percent-encoded UTF-8"),
            (
                "cpv=tri",
                "cpv: \"tri\" is not a CPV code, expected eight digits and their check digit such as 75231240-8",
            ),
            (
                "territoire=a+>+b+>+c+>+d",
                "territoire: a path of over 3 levels, expected one such as Occitanie > Haute-Garonne",
            ),
            ("theme=", "theme: empty, expected a value or non-renseigne"),
            (&long, "q: 10000 characters, expected at most 512"),
        ] {
            assert_eq!(read(raw).unwrap_err(), expected);
        }
    }

    #[test]
    fn leaves_a_code_that_documents_may_print_to_the_index() {
        for (raw, value) in [
            ("cpv=728810001-1", "728810001-1"),
            ("cpv=7", "7"),
            ("cpv=45+23+31+4", "45 23 31 4"),
            // Whether a bad check digit is an error depends on the codes of the index.
            ("cpv=75231240-1", "75231240-1"),
        ] {
            let read = read(raw).unwrap();
            assert_eq!(read.filters.of(Facet::Cpv), [Selection::Value(value.to_owned())]);
        }
    }

    #[test]
    fn reads_what_is_to_be_completed() {
        let read = |raw: &str| Query::decode(raw).and_then(|query| query.completion());
        assert_eq!(read(""), Ok((String::new(), DEFAULT_COMPLETIONS)));
        assert_eq!(read("limite=20&q=l%27%C3%A9"), Ok(("l'é".to_owned(), 20)));
        let long = format!("q={}", "x".repeat(513));
        for (raw, expected) in [
            (
                "limite=0",
                "limite: \"0\" is out of bounds, expected a whole number, 1 to 20",
            ),
            (
                "limite=21",
                "limite: \"21\" is out of bounds, expected a whole number, 1 to 20",
            ),
            ("limit=5", "unknown parameter \"limit\", the nearest is \"limite\""),
            ("theme=x", "unknown parameter \"theme\", expected one of: q, limite"),
            ("q=a&q=b", "q: given twice, expected once"),
            (&long, "q: 513 characters, expected at most 512"),
        ] {
            assert_eq!(read(raw).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn bounds_the_number_of_selections() {
        let raw = "theme=a&".repeat(MAX_SELECTIONS + 1);
        assert!(read(&raw).unwrap_err().contains("too many selections"));
    }

    #[test]
    fn pages_ignore_what_is_not_theirs() {
        let query = Query::decode("utm_source=lettre&q=tri").unwrap();
        assert_eq!(query.request(UnknownParameters::Ignore).unwrap().query, "tri");
        let query = Query::decode("q=tri&procedure=&montant=&theme=+&tri=&page=&par_page=&cpv").unwrap();
        let expected = Query::decode("q=tri").unwrap().request(UnknownParameters::Refuse);
        assert_eq!(query.request(UnknownParameters::Ignore), expected);
    }
}
