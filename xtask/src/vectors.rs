//! `cargo xtask vectors FOLDER`: learns `crates/rex-analysis/src/data/vectors.bin`, the table of word vectors, from French texts.
//!
//! Sources, in FOLDER, both of the DILA under the Licence Ouverte 2.0: `codes.jsonl.xz`, articles of the codes of law (LEGI), JSON
//! objects with `text`, one a line; `boamp_objets.txt.xz`, objects of public contracts (BOAMP), one a line.
//!
//! Method: co-occurrence counts in windows, positive pointwise mutual information, truncated SVD without the singular values (Levy,
//! Goldberg & Dagan 2015); weights and removal of the common components of texts (smooth inverse frequency: Arora, Liang & Ma 2017).
//! The same texts give the same file. `rex_analysis::WordVectors` reads the file and documents its format.

mod cooccurrence;
mod factorize;
mod vocabulary;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;

use lzma_rust2::XzReader;
use nalgebra::{DMatrix, DVector};
use rex_analysis::{DIMENSIONS, WordVector, WordVectors};
use serde::Deserialize;

use vocabulary::{Texts, Vocabulary};

const OUTPUT: &str = "crates/rex-analysis/src/data/vectors.bin";
/// The file is embedded in the binary.
const MAX_BYTES: usize = 1_700_000;
/// Names the sources. The date is that of the texts.
const SOURCE: &str = "Learned from: DILA, codes of law (LEGI), 90,077 articles, and BOAMP, 34,517 objects, first quarter of 2021; \
                      Licence Ouverte 2.0; 2026";
/// Smoothing of the weights: a word of this share of all words has weight one half.
const HALF_WEIGHT: f64 = 0.001;
/// Number of components that are removed as common to all texts.
const COMMON: usize = 3;

#[derive(Deserialize)]
struct Article {
    text: String,
}

/// Learns the table from the texts in a folder.
pub(crate) fn run(root: &Path, folder: &Path) -> Result<(), String> {
    let mut texts = Texts::default();
    read(&folder.join("codes.jsonl.xz"), |line| {
        let article: Article = serde_json::from_str(line).map_err(|error| error.to_string())?;
        texts.add(&article.text);
        Ok(())
    })?;
    read(&folder.join("boamp_objets.txt.xz"), |line| {
        texts.add(line);
        Ok(())
    })?;
    let vocabulary = texts.vocabulary();
    let counts = cooccurrence::counts(&vocabulary);
    let information = cooccurrence::positive_mutual_information(&counts, vocabulary.keys.len());
    eprintln!("{} words, {} pairs", vocabulary.keys.len(), information.len());
    let mut vectors = factorize::left_singular_vectors(&information, vocabulary.keys.len(), DIMENSIONS)?;
    for mut vector in vectors.column_iter_mut() {
        vector.try_normalize_mut(0.0);
    }
    let weights = weights(&vocabulary);
    remove_common_components(&mut vectors, &vocabulary, &weights);
    let words = vocabulary.keys.iter().zip(vectors.column_iter()).zip(&weights);
    let words: BTreeMap<String, WordVector> = words
        .filter_map(|((key, vector), weight)| {
            let components = std::array::from_fn(|at| vector[at]);
            Some((key.clone(), WordVector::quantized(*weight, &components)?))
        })
        .collect();
    let source = format!(
        "{SOURCE}; window {}, context exponent {}, SVD of {DIMENSIONS} dimensions, weight a / (a + p) with a = {HALF_WEIGHT}, \
         {COMMON} common components removed",
        cooccurrence::WINDOW,
        cooccurrence::CONTEXT_EXPONENT
    );
    let bytes = WordVectors::encode(&source, &words);
    if bytes.len() > MAX_BYTES {
        return Err(format!("{} bytes, expected at most {MAX_BYTES}", bytes.len()));
    }
    let output = root.join(OUTPUT);
    fs::write(&output, &bytes).map_err(|error| format!("cannot write {}: {error}", output.display()))?;
    eprintln!("{OUTPUT}: {} words, {} bytes", words.len(), bytes.len());
    Ok(())
}

/// Reads the lines of a file compressed with xz.
fn read(path: &Path, mut line: impl FnMut(&str) -> Result<(), String>) -> Result<(), String> {
    let failed = |error: String| format!("cannot read {}: {error}", path.display());
    let file = File::open(path).map_err(|error| failed(error.to_string()))?;
    for text in BufReader::new(XzReader::new(BufReader::new(file), true)).lines() {
        let text = text.map_err(|error| failed(error.to_string()))?;
        line(&text).map_err(failed)?;
    }
    Ok(())
}

/// The weight of each word in a text: small for frequent words.
fn weights(vocabulary: &Vocabulary) -> Vec<f64> {
    let all: u64 = vocabulary.frequencies.iter().sum();
    let shares = vocabulary.frequencies.iter().map(|count| *count as f64 / all as f64);
    shares.map(|share| HALF_WEIGHT / (HALF_WEIGHT + share)).collect()
}

/// Subtracts from each vector its projection on the first principal components of the vectors of all texts: what all texts have in
/// common says nothing about one.
fn remove_common_components(vectors: &mut DMatrix<f64>, vocabulary: &Vocabulary, weights: &[f64]) {
    let mut moments = DMatrix::zeros(DIMENSIONS, DIMENSIONS);
    for text in &vocabulary.texts {
        let mut sum = DVector::zeros(DIMENSIONS);
        for word in text.iter().flatten() {
            let word = *word as usize;
            sum.axpy(weights[word], &vectors.column(word), 1.0);
        }
        if sum.try_normalize_mut(0.0).is_some() {
            moments.syger(1.0, &sum, &sum, 1.0);
        }
    }
    let (axes, _) = factorize::eigenvectors(moments);
    for common in axes.column_iter().take(COMMON) {
        for mut vector in vectors.column_iter_mut() {
            let share = vector.dot(&common);
            vector.axpy(-share, &common, 1.0);
        }
    }
}
