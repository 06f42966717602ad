/// The text of a booklet, with what may be wrong with it.
#[derive(Debug)]
pub(super) struct BookletText {
    pub(super) text: String,
    /// Said of the text as a whole, each a clause.
    pub(super) doubts: Vec<String>,
}
