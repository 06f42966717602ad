/// The bytes of a raw record.
#[derive(Clone, Copy)]
pub(crate) enum Content<'a> {
    /// A line of JSON.
    Line(&'a [u8]),
    /// A file of Markdown.
    File(&'a [u8]),
    /// Not a record; the reason.
    Wrong(&'a str),
}
