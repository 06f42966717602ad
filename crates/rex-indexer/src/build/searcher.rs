use tantivy::{Index, IndexReader, ReloadPolicy, Searcher};

/// A searcher over the committed segments of an index that is being built.
///
/// It does not watch the index. By default tantivy does, and takes a lock file at any moment to do so; a generation must not hold a file
/// that its manifest does not name.
pub(crate) fn searcher(index: &Index) -> tantivy::Result<Searcher> {
    let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok(reader.searcher())
}
