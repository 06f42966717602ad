use std::io::{self, Write};

use clap::Args;
use rex_search::{Explanation, MatchPlace, MatchRule, MeaningExplanation, WordExplanation};
use rex_terminal::{Indent, Output, StyledText};

use crate::args::{CorpusPathArgs, IndexPathArg};
use crate::config::Settings;
use crate::ensure_index::{generation_to_read, open_engine};
use crate::failure::UserError;
use crate::terminal::WIDEST;

/// What an addition of meaning may fall short of its worth by when it is added whole, in floating point.
const ROUNDING: f32 = 1e-3;

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Query; put one that starts with a dash after --
    #[arg(allow_hyphen_values = true)]
    query: String,
    /// Id of the case
    id: String,
    #[command(flatten)]
    places: CorpusPathArgs,
    #[command(flatten)]
    index: IndexPathArg,
}

/// Prints which words matched, where and by which rule, and the parts of the score.
pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<()> {
    let settings = Settings::resolve(&args.places, Some(&args.index), None)?;
    let engine = open_engine(&settings, generation_to_read(&settings)?)?;
    let Some(explanation) = engine.explain(&args.query, &args.id)? else {
        return Err(UserError(format!(
            "no case has the id \"{}\"; `rex search` shows the ids of cases",
            args.id
        ))
        .into());
    };
    print(&mut Output::stdout(), &explanation)?;
    Ok(())
}

fn print(out: &mut Output<impl Write>, explanation: &Explanation) -> io::Result<()> {
    for word in &explanation.words {
        print_word(out, word)?;
    }
    if !explanation.phrases.is_empty() {
        let phrases = explanation.phrases.join("\", \"");
        out.line(format_args!("{:>9.3}  phrases \"{phrases}\"", explanation.phrase_score))?;
    }
    if explanation.proximity > 0.0 {
        out.line(format_args!("{:>9.3}  words near each other", explanation.proximity))?;
    }
    if let Some(meaning) = &explanation.meaning {
        print_meaning(out, meaning, explanation)?;
    }
    for (facet, score) in &explanation.boosts {
        out.line(format_args!(
            "{score:>9.3}  has the {} that the query names",
            facet.name()
        ))?;
    }
    if explanation.case > 0.0 {
        out.line(format_args!(
            "{:>9.3}  is a case, which comes before contracts that match as well",
            explanation.case
        ))?;
    }
    out.line(format_args!("{:>9.3}  in all", explanation.score))?;
    let verdict = match explanation {
        Explanation { is_excluded: true, .. } => "excluded by the query",
        Explanation {
            holds_all_words: true, ..
        } => "holds all the words",
        _ => "does not hold all the words: a hit where few cases do, or if it scores as high",
    };
    out.line(format_args!("{:>9}  {verdict}", ""))
}

fn print_word(out: &mut Output<impl Write>, word: &WordExplanation) -> io::Result<()> {
    let note = match (word.matches.is_empty(), word.is_required) {
        (true, _) => "  not found",
        (false, true) => "",
        (false, false) => "  (not required)",
    };
    out.line(format_args!("{:>9.3}  {}{note}", word.score, word.word))?;
    for found in &word.matches {
        let (rule, place) = (rule(found.rule), place(found.place));
        out.line(format_args!(
            "{:>9}    {:>9.3}  {rule} \"{}\" {place}",
            "", found.score, found.found
        ))?;
    }
    Ok(())
}

fn print_meaning(
    out: &mut Output<impl Write>,
    meaning: &MeaningExplanation,
    explanation: &Explanation,
) -> io::Result<()> {
    out.line(format_args!(
        "{:>9.3}  near in meaning, similarity {:.2}",
        meaning.added, meaning.similarity
    ))?;
    let near = meaning.near.iter();
    let near: Vec<String> = near
        .map(|near| format!("{} ~ {} {:.2}", near.typed, near.found, near.cosine))
        .collect();
    let why = if meaning.added >= meaning.worth - ROUNDING {
        String::new()
    } else {
        format!("worth {:.3}, but {}", meaning.worth, why_less(explanation))
    };
    let width = textwrap::termwidth().clamp(40, WIDEST);
    for detail in [near.join(", "), why].iter().filter(|detail| !detail.is_empty()) {
        let indent = " ".repeat(13);
        let indent = Indent {
            first: &indent,
            next: &indent,
        };
        out.wrapped(&StyledText::plain(detail), width, indent)?;
    }
    Ok(())
}

/// Why meaning adds less than it is worth.
const fn why_less(explanation: &Explanation) -> &'static str {
    if explanation.is_whole_title {
        "the query is its title or names its parties: then nothing is added"
    } else if explanation.is_in_title {
        "a contract does not pass a case; nothing is added beyond the first 100 hits, or where the query is a title or names the parties"
    } else {
        "it does not pass a record with all the words in its title, nor a contract a case; nothing is added beyond the first 100 hits, or where the query is a title or names the parties"
    }
}

const fn rule(rule: MatchRule) -> &'static str {
    match rule {
        MatchRule::Exact => "as typed",
        MatchRule::Stem => "in another inflected form",
        MatchRule::Derived => "by a word of its family",
        MatchRule::Joined => "in one word",
        MatchRule::Synonym => "by the lexicon",
        MatchRule::Completion => "completed to",
        MatchRule::Correction => "corrected to",
        MatchRule::Label => "not said, as",
        MatchRule::Tier => "kept above weaker matches of the only word,",
    }
}

const fn place(place: MatchPlace) -> &'static str {
    match place {
        MatchPlace::Case => "in the case",
        MatchPlace::Title => "in the title, on top",
        MatchPlace::Parties => "in the names of the parties, on top",
        MatchPlace::Label => "in the label of its CPV code",
    }
}
