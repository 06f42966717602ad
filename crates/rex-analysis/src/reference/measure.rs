use crate::compound::is_unit;
use crate::fold::fold;
use crate::tokenize::is_space;
use crate::word::Word;

/// Whether a unit of measure follows the number `words[at]`.
pub(super) fn is_measure(text: &str, words: &[Word], at: usize) -> bool {
    let end = words[at].range.end;
    let next = words
        .get(at + 1)
        .filter(|next| text[end..next.range.start].chars().all(is_space));
    text[end..]
        .trim_start_matches(is_space)
        .starts_with(['%', '€', '°', '$'])
        || next
            .and_then(|next| next.plain(text))
            .is_some_and(|next| is_unit(&fold(next)))
}
