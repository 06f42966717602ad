//! The order of what was found.

use rex_query::CompletionKind;

use super::found::FoundCompletion;

/// Completions of one kind before other kinds have their turn.
const MAX_OF_A_KIND: usize = 3;

/// The best of what was found, at most `most`: what most records have first, but no more than three of a kind while there
/// are others, and one title of a case at least where there is one: a title is of one case, and would never be seen.
pub(super) fn diversify(mut found: Vec<FoundCompletion<'_>>, most: usize) -> Vec<FoundCompletion<'_>> {
    found.sort_by_key(|found| (std::cmp::Reverse(found.entry.count), found.id));
    // The last is that of the kinds which the index does not have: the labels of CPV codes.
    let mut taken = [0; CompletionKind::ALL.len() + 1];
    let mut has_turn = |found: &FoundCompletion<'_>| {
        let rank = CompletionKind::ALL.iter().position(|kind| *kind == found.entry.kind);
        let taken = &mut taken[rank.unwrap_or(CompletionKind::ALL.len())];
        *taken += 1;
        *taken <= MAX_OF_A_KIND
    };
    let (mut mixed, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|found| has_turn(found));
    mixed.extend(others);
    let title = mixed.iter().position(|found| found.entry.kind == CompletionKind::Title);
    if let Some(title) = title.filter(|title| *title >= most && most > 1) {
        mixed.swap(title, most - 1);
    }
    mixed.truncate(most);
    mixed
}
