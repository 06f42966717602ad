//! `cargo xtask dictionary`: generates `crates/rex-analysis/src/data/dictionary.bin` from a hunspell dictionary of French.
//!
//! Source: the dictionary of Grammalecte in the npm package `dictionary-fr` (MPL-2.0, a copy is beside the output). Affixes are
//! expanded, forms folded as by the analyzer, and each form is mapped to its lemmas. `rex_analysis::Dictionary` reads the file and
//! documents its format. To update the dictionary, change [`VERSION`].

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
/// The file is embedded in the binary.
const MAX_BYTES: usize = 1_200_000;

/// Generates the file from a folder with the unpacked package, or from npm.
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
