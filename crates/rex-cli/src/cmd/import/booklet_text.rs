/// The text of a booklet, with doubts about its quality.
#[derive(Debug)]
pub(super) struct BookletText {
    pub(super) text: String,
    /// About the text as a whole, one clause each.
    pub(super) doubts: Vec<String>,
}
