//! A duration with renewals: `12 mois reconductible 3 fois`.

use rex_corpus::name_key;

use super::base::{base, is_firm};
use super::length::{Duration, MAX_MONTHS, ROUNDED, sum, whole};
use super::tokens::{Exact, Token};

/// The duration of a text that mentions a renewal.
pub(crate) fn renewed(tokens: &[Token], first: usize, renewal: usize, is_total: bool) -> Option<Duration> {
    let is_after = renewal > first;
    let initial = Initial::read(&tokens[first..if is_after { renewal } else { tokens.len() }])?;
    let Initial { base, exact, .. } = initial;
    let rounded = (exact == Exact::Rounded).then_some(ROUNDED);
    let after = if is_after { renewal + 1 } else { tokens.len() };
    let ceiling = (after..tokens.len())
        .filter(|at| is_ceiling(tokens, *at))
        .filter_map(|at| tokens[at].months())
        .find(|months| *months > base);
    let renewals = renewals(tokens, first, renewal, base, ceiling);
    // « 4 ans (1 an renouvelable 3 fois) », « 48 mois, reconductions comprises ».
    if is_total && ceiling.is_none() {
        return Some(Duration {
            months: initial.beside.map_or(base, |beside| beside.max(base)),
            made_of: None,
            doubt: rounded,
        });
    }
    let Some((times, each)) = renewals else {
        let months = initial.whole(base).max(ceiling.unwrap_or(0));
        let open = "it can be renewed, how often is not said";
        return Some(Duration {
            months: Some(months).filter(|months| *months <= MAX_MONTHS)?,
            made_of: ceiling.map(|ceiling| format!("{base}, renewable up to {ceiling}")),
            doubt: rounded.or(ceiling.is_none().then_some(open)),
        });
    };
    let sums_up = sum(base, times, each)?;
    let made_of = (times > 0).then(|| match times {
        1 => format!("{base}, renewable once for {each}"),
        times => format!("{base}, renewable {times} times for {each}"),
    });
    if initial.is_added {
        // « 2 ans ferme + 1 an renouvelable 2 fois »: two years, and one year twice.
        let firm = initial.beside.unwrap_or(0);
        let unclear = "what is added may be counted once more";
        return Some(Duration {
            months: ceiling.map_or_else(|| sum(firm, times, each), Some)?,
            made_of: ceiling.is_none().then(|| format!("{firm}, plus {times} times {each}")),
            doubt: rounded.or((ceiling.is_none() && !initial.is_firm).then_some(unclear)),
        });
    }
    let given = ceiling.or(initial.beside);
    let differs = given.is_some_and(|given| given != sums_up);
    let others = tokens[after..].iter().enumerate().filter_map(|(at, part)| {
        let months = part.months()?;
        (!is_ceiling(tokens, after + at)).then_some(months)
    });
    let is_clear = others.clone().all(|other| other == each || other == sums_up);
    let doubt = if differs {
        Some("its parts do not add up to the whole it gives")
    } else {
        (!is_clear).then_some("it is renewed for several lengths")
    };
    Some(Duration {
        months: match (ceiling, initial.beside) {
            // No more than the ceiling.
            (Some(ceiling), _) => ceiling.min(sums_up),
            (None, Some(beside)) => beside.max(sums_up).min(MAX_MONTHS),
            (None, None) => sums_up,
        },
        made_of: made_of.filter(|_| !differs),
        doubt: doubt.or(rounded),
    })
}

/// The lengths before a renewal.
struct Initial {
    /// The length that is renewed.
    base: u32,
    exact: Exact,
    /// A length before that one: the total, « 4 ans (1 an renouvelable 3 fois) », or a first period.
    beside: Option<u32>,
    /// Whether the renewed period is added to that length: `2 ans ferme + 1 an renouvelable`.
    is_added: bool,
    is_firm: bool,
}

impl Initial {
    fn read(tokens: &[Token]) -> Option<Self> {
        let (months, mut exact, length) = base(tokens)?;
        let alone = whole(months)?;
        let (mut base_months, mut beside) = (alone, None);
        let last = tokens.iter().rposition(|part| matches!(part, Token::Length(..)))?;
        let is_plus = last > 0 && tokens[last - 1] == Token::Word("+".to_owned());
        if last >= length {
            (base_months, beside) = (tokens[last].months()?, Some(alone));
        } else if is_plus {
            base_months = tokens[last].months()?;
            beside = alone.checked_sub(base_months);
        }
        if let Token::Length(_, kind) = tokens[last] {
            exact = if kind == Exact::Rounded { kind } else { exact };
        }
        let is_firm = tokens[..last]
            .iter()
            .any(|part| matches!(part, Token::Word(word) if is_firm(word)));
        Some(Self {
            base: base_months,
            exact,
            beside,
            is_added: is_plus,
            is_firm,
        })
    }

    /// The total if the number of renewals is not given.
    fn whole(&self, base: u32) -> u32 {
        match self.beside {
            Some(firm) if self.is_added => firm + base,
            Some(beside) => beside.max(base),
            None => base,
        }
    }
}

/// Whether a length is the maximum with renewals: `dans la limite de 4 ans`, `sans excéder 48 mois`, `soit 24 mois`.
fn is_ceiling(tokens: &[Token], at: usize) -> bool {
    const BEFORE: usize = 4;
    const LIMITS: &[&str] = &[
        "limite", "jusqu", "jusque", "exceder", "excede", "excedant", "depasser", "depasse", "maximum", "maximal",
        "maximale", "max", "total", "totale", "soit", "plafond", "plus",
    ];
    const AFTER: &[&str] = &["maximum", "maximal", "maximale", "max", "total", "totale", "plus"];
    let word = |part: &Token| match part {
        Token::Word(word) => Some(name_key(word)),
        _ => None,
    };
    // « 3 fois un an au maximum » gives the length of each period.
    if !matches!(tokens[at], Token::Length(..))
        || at.checked_sub(1).is_some_and(|before| tokens[before] == Token::Times)
    {
        return false;
    }
    let mut before = tokens[..at].iter().rev().take(BEFORE).map_while(word);
    let mut after = tokens[at + 1..].iter().take(2).map_while(word);
    before.any(|word| LIMITS.contains(&word.as_str())) || after.any(|word| AFTER.contains(&word.as_str()))
}

/// The number of renewals, and the months of each: `3 fois`, `2 fois un an`, `par périodes de 6 mois, 3 fois`.
fn renewals(tokens: &[Token], first: usize, renewal: usize, base: u32, ceiling: Option<u32>) -> Option<(u32, u32)> {
    let after = &tokens[renewal + 1..];
    let at = (renewal + 1..tokens.len()).find(|at| {
        let months = tokens[*at].months();
        months.is_some() && (months != ceiling || !is_ceiling(tokens, *at))
    });
    let length = at.and_then(|at| tokens[at].months());
    let times = |tokens: &[Token]| {
        let at = tokens.iter().position(|part| *part == Token::Times)?;
        match tokens.get(at.checked_sub(1)?) {
            Some(Token::Number(times)) => Some(*times),
            _ => None,
        }
    };
    // « 12 mois + 3 reconductions de 12 mois », « 3 reconductions possibles ».
    let before = match tokens.get(first..renewal).unwrap_or_default().last() {
        Some(Token::Number(times)) => Some(*times),
        Some(Token::Times) => times(tokens.get(first..renewal).unwrap_or_default()),
        _ => None,
    };
    match (times(after).or(before), length) {
        // « 1 an renouvelable 3 fois (4 ans) » gives the total.
        (Some(times), Some(length)) if times > 0 && times.checked_add(1)?.checked_mul(base) == Some(length) => {
            Some((times, base))
        }
        (Some(times), length) => Some((times, length.unwrap_or(base))),
        // « 1 an renouvelable 3 ans », « renouvelable pour un an »: one renewal. « par période » may mean several.
        (None, Some(length)) if ceiling.is_none() => {
            let is_period = |part: &Token| matches!(part, Token::Word(word) if word.starts_with("période"));
            let between = &tokens[renewal + 1..at?];
            (!between.iter().any(is_period)).then_some((1, length))
        }
        (None, _) => None,
    }
}
