//! `cargo xtask dictionary`: makes `crates/rex-analysis/src/data/dictionary.bin` from a hunspell dictionary of French.
//!
//! The dictionary is that of Grammalecte as the npm package `dictionary-fr` has it (MPL-2.0, a copy beside the output). Affixes are
//! expanded, forms folded as the analyzer folds words, and each form gets the lemmas it inflects. `rex_analysis::Dictionary` reads the
//! file and documents its format. A new vintage is a new [`VERSION`] here.

mod affixes;
mod lemmas;
mod writer;

use std::fs;
use std::path::{Path, PathBuf};

use affixes::Affixes;

use crate::npm;

const PACKAGE: &str = "dictionary-fr";
const VERSION: &str = "3.0.0";
const OUTPUT: &str = "crates/rex-analysis/src/data/dictionary.bin";
/// The file is part of the program.
const MAX_BYTES: usize = 1_200_000;

/// Makes the file from a folder that holds the package, or from the package itself, fetched with npm.
pub(crate) fn run(root: &Path, folder: Option<&str>) -> Result<(), String> {
    let folder = match folder {
        Some(folder) => PathBuf::from(folder),
        None => npm::fetch(&root.join("target/dictionary"), PACKAGE, VERSION)?,
    };
    let affixes = Affixes::parse(&read(&folder.join("index.aff"))?)?;
    let lemmas = lemmas::read(&affixes, &read(&folder.join("index.dic"))?);
    let source =
        format!("Grammalecte, dictionnaire orthographique « Classique » 7.5, npm {PACKAGE} {VERSION}, MPL-2.0");
    let bytes = writer::write(&source, &lemmas::by_form(&lemmas))?;
    if bytes.len() > MAX_BYTES {
        return Err(format!("{} bytes, expected at most {MAX_BYTES}", bytes.len()));
    }
    let output = root.join(OUTPUT);
    fs::write(&output, &bytes).map_err(|error| format!("cannot write {}: {error}", output.display()))?;
    eprintln!("{OUTPUT}: {} bytes", bytes.len());
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}
