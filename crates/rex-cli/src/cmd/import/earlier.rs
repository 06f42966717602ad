//! The files that earlier imports of tables wrote to a folder, and which of them is that of a row.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use rex_import::is_as_imported;

/// Files over this size are no cases of a table.
const MAX_FILE: u64 = 4 << 20;
/// Pairs of rows and files of one title and buyer that are compared line by line. More are taken in order.
const MAX_PAIRS: usize = 10_000;

/// The case files of a folder.
#[derive(Debug, Default)]
pub(super) struct EarlierFiles {
    /// By file name.
    files: Vec<EarlierFile>,
    by_case: HashMap<CaseKey, Vec<usize>>,
    by_path: HashMap<PathBuf, usize>,
}

#[derive(Debug)]
struct EarlierFile {
    path: PathBuf,
    key: CaseKey,
    body: Vec<u64>,
    is_edited: bool,
    is_of_row: bool,
}

/// The title and the buyer of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct CaseKey {
    title: String,
    buyer: String,
}

/// Whether the text of a case file is from a table.
pub(super) fn is_of_table(text: &str) -> bool {
    let mark = text.lines().nth(1);
    mark.is_some_and(|mark| mark.starts_with("# rex import table"))
}

impl EarlierFiles {
    /// Reads the Markdown files of a folder.
    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        let mut found = Self::default();
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            let is_case = path.extension().is_some_and(|extension| extension == "md");
            if is_case && entry.metadata()?.is_file() && entry.metadata()?.len() <= MAX_FILE {
                paths.push(path);
            }
        }
        paths.sort();
        for path in paths {
            // A file that is not text is no case.
            let Ok(text) = fs::read_to_string(&path) else { continue };
            let (key, at) = (CaseKey::of(&text), found.files.len());
            if is_of_table(&text) {
                found.by_case.entry(key.clone()).or_default().push(at);
            }
            found.by_path.insert(path.clone(), at);
            found.files.push(EarlierFile {
                path,
                key,
                body: body(&text),
                is_edited: !is_as_imported(&text),
                is_of_row: !is_of_table(&text),
            });
        }
        Ok(found)
    }

    /// The file of each case of a table, whatever number stands after its id: one with the same title and buyer, those with the same
    /// contents first; else the one of its id that a person edited; else a new one.
    pub(super) fn paths(&mut self, folder: &Path, cases: &[(&str, &str)], taken: &HashSet<PathBuf>) -> Vec<PathBuf> {
        let mut chosen: Vec<Option<PathBuf>> = vec![None; cases.len()];
        let mut groups: HashMap<CaseKey, Vec<usize>> = HashMap::new();
        for (case, (_, text)) in cases.iter().enumerate() {
            groups.entry(CaseKey::of(text)).or_default().push(case);
        }
        for (key, rows) in &groups {
            let free = self.by_case.get(key).map_or(&[][..], Vec::as_slice).iter().copied();
            let free: Vec<usize> = free.filter(|file| !self.files[*file].is_of_row).collect();
            if free.is_empty() {
                continue;
            }
            for (row, file) in self.pairs(folder, cases, rows, &free) {
                self.files[file].is_of_row = true;
                chosen[row] = Some(self.files[file].path.clone());
            }
        }
        let ids: HashSet<&str> = cases.iter().map(|(id, _)| *id).collect();
        let mut used: HashSet<PathBuf> = taken.clone();
        used.extend(chosen.iter().flatten().cloned());
        let mut last: HashMap<String, usize> = HashMap::new();
        let mut paths = Vec::with_capacity(cases.len());
        for (path, (id, text)) in chosen.into_iter().zip(cases) {
            let path = path.unwrap_or_else(|| {
                let own = folder.join(format!("{id}.md"));
                if !used.contains(&own) && self.take_edited(&own, &CaseKey::of(text)) {
                    return own;
                }
                let base = unnumbered(id).filter(|base| ids.contains(base)).unwrap_or(id);
                self.new_path(folder, id, base, &used, &mut last)
            });
            used.insert(path.clone());
            paths.push(path);
        }
        paths
    }

    /// Pairs rows and files that have the same title and buyer.
    fn pairs(&self, folder: &Path, cases: &[(&str, &str)], rows: &[usize], files: &[usize]) -> Vec<(usize, usize)> {
        if let ([row], [file]) = (rows, files) {
            return vec![(*row, *file)];
        }
        let own = |row: usize| self.by_path.get(&folder.join(format!("{}.md", cases[row].0)));
        let mut pairs = Vec::new();
        let (mut rows_left, mut files_left) = (Vec::new(), files.to_vec());
        for row in rows {
            let content = body(cases[*row].1);
            let same = |file: &&usize| self.files[**file].body == content;
            let found = own(*row).filter(|own| files_left.contains(own)).filter(same);
            match found.or_else(|| files_left.iter().find(same)).copied() {
                Some(file) => {
                    files_left.retain(|left| *left != file);
                    pairs.push((*row, file));
                }
                None => rows_left.push((*row, content)),
            }
        }
        let mut likeness = Vec::new();
        if rows_left.len().saturating_mul(files_left.len()) <= MAX_PAIRS {
            for (row, content) in &rows_left {
                let lines: HashSet<&u64> = content.iter().collect();
                for file in &files_left {
                    let shared = self.files[*file].body.iter().filter(|line| lines.contains(line));
                    likeness.push((shared.count(), own(*row) == Some(file), *row, *file));
                }
            }
            // The most alike first, then the same name, then in order.
            likeness.sort_by_key(|(shared, is_own, row, file)| (std::cmp::Reverse((*shared, *is_own)), *row, *file));
        } else {
            let in_order = rows_left.iter().zip(&files_left);
            likeness.extend(in_order.map(|((row, _), file)| (0, false, *row, *file)));
        }
        let (mut paired_rows, mut paired_files) = (HashSet::new(), HashSet::new());
        for (.., row, file) in likeness {
            if !paired_rows.contains(&row) && !paired_files.contains(&file) {
                paired_rows.insert(row);
                paired_files.insert(file);
                pairs.push((row, file));
            }
        }
        pairs
    }

    /// Whether the file of an id is that of a case whose title or buyer a person corrected, or has neither. It is then taken.
    fn take_edited(&mut self, path: &Path, key: &CaseKey) -> bool {
        let Some(file) = self.by_path.get(path).and_then(|at| self.files.get_mut(*at)) else {
            return false;
        };
        let is_bare = file.key == CaseKey::default();
        let is_same = file.key.title == key.title || (file.key.buyer == key.buyer && !key.buyer.is_empty());
        let is_taken = file.is_edited && (is_bare || is_same);
        file.is_of_row |= is_taken;
        is_taken
    }

    fn new_path(
        &self,
        folder: &Path,
        id: &str,
        base: &str,
        used: &HashSet<PathBuf>,
        last: &mut HashMap<String, usize>,
    ) -> PathBuf {
        let is_free = |path: &PathBuf| !used.contains(path) && !self.by_path.contains_key(path) && !path.exists();
        let own = folder.join(format!("{id}.md"));
        if is_free(&own) {
            return own;
        }
        let rank = last.entry(base.to_owned()).or_insert(1);
        loop {
            *rank += 1;
            let path = folder.join(format!("{base}-{rank}.md"));
            if is_free(&path) {
                return path;
            }
        }
    }

    /// The files of earlier imports of tables that no row has been found for.
    pub(super) fn without_row(&self) -> impl Iterator<Item = &Path> {
        let left = self.files.iter().filter(|file| !file.is_of_row);
        left.map(|file| file.path.as_path())
    }
}

impl CaseKey {
    /// By the lines of the front matter, in the quotes of an import or as a person retyped them.
    fn of(text: &str) -> Self {
        let front = text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n"));
        let front = format!("\n{}\n", front.map_or("", |(front, _)| front));
        let after = |key: &str| {
            let line = front
                .split_once(key)
                .map(|(_, rest)| rest.lines().next().unwrap_or_default());
            let value = line.unwrap_or_default().trim();
            let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            quoted.map_or_else(
                || value.to_owned(),
                |value| value.replace("\\\"", "\"").replace("\\\\", "\\"),
            )
        };
        Self {
            title: after("\ntitre:"),
            buyer: after("\nacheteur:\n  nom:"),
        }
    }
}

/// The lines of a case without comments, which name the cells of the table.
fn body(text: &str) -> Vec<u64> {
    let is_comment = |line: &&str| line.starts_with("# ");
    let hash = |line: &str| {
        let mut hasher = DefaultHasher::new();
        line.hash(&mut hasher);
        hasher.finish()
    };
    text.lines().filter(|line| !is_comment(line)).map(hash).collect()
}

/// An id without the number after it.
fn unnumbered(id: &str) -> Option<&str> {
    let (base, number) = id.rsplit_once('-')?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then_some(base)
}
