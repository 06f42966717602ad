use std::fmt::Debug;
use std::ops::Range;

/// A text and its highlighted parts. Plain text, not HTML: the caller escapes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked {
    /// The text.
    pub text: String,
    /// Byte ranges, in order and not overlapping.
    pub marks: Vec<Range<usize>>,
}

impl Marked {
    /// The parts of the text, and whether each is marked.
    pub fn parts(&self) -> impl Iterator<Item = (&str, bool)> {
        let mut end = 0;
        let marks = self.marks.iter().flat_map(move |mark| {
            let before = (end..mark.start, false);
            end = mark.end;
            [before, (mark.clone(), true)]
        });
        let last = self.marks.last().map_or(0, |mark| mark.end);
        marks
            .chain([(last..self.text.len(), false)])
            .map(|(range, marked)| (&self.text[range], marked))
            .filter(|(part, _)| !part.is_empty())
    }
}

/// Marks the words of one query in any text.
pub trait Highlighter: Debug + Send + Sync {
    /// The text, with the words of the query marked.
    fn highlight(&self, text: &str) -> Marked;
}

/// Marks nothing: the highlighter of an empty query.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoHighlights;

impl Highlighter for NoHighlights {
    fn highlight(&self, text: &str) -> Marked {
        Marked {
            text: text.to_owned(),
            marks: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marked_text_is_cut_at_its_marks() {
        let marked = Marked {
            text: "le tri des déchets".to_owned(),
            marks: vec![3..6, 11..19],
        };
        let parts: Vec<_> = marked.parts().collect();
        assert_eq!(
            parts,
            [("le ", false), ("tri", true), (" des ", false), ("déchets", true)]
        );
    }
}
