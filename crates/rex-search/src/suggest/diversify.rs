//! Orders completions of different kinds.

use rex_query::CompletionKind;

use super::found::FoundCompletion;

/// Completions of one kind before those of other kinds.
const MAX_OF_A_KIND: usize = 3;

/// The best completions, at most `most`: the most frequent first, but no more than three of a kind while there are others, and at least
/// one title of a case if there is one. A title has a frequency of one and would never be shown otherwise.
pub(super) fn diversify(mut found: Vec<FoundCompletion<'_>>, most: usize) -> Vec<FoundCompletion<'_>> {
    found.sort_by_key(|found| (std::cmp::Reverse(found.entry.count), found.id));
    // The last slot is for kinds that are not in the index: CPV labels.
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
