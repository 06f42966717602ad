//! A document: HTML, or the body of a Word or OpenDocument text if it begins with `w` or `o`. Gives text or one sentence.
//!
//! Inputs are short, so no child process bounds them.

#![no_main]

use std::io::{Cursor, Write};

use libfuzzer_sys::{Corpus, fuzz_target};
use rex_import::document_text;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A stored archive of files, so that the fuzzer sees the XML and not its compression.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in files {
        archive.start_file(*name, stored).expect("memory takes a file");
        archive.write_all(content).expect("memory takes a file");
    }
    archive.finish().expect("memory takes an archive").into_inner()
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let document = match bytes.split_first() {
        Some((b'w', body)) => archive(&[("word/document.xml", body), ("word/styles.xml", body)]),
        Some((b'o', body)) => archive(&[
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            ("content.xml", body),
        ]),
        _ => bytes.to_vec(),
    };
    match document_text(&document) {
        Ok(text) => assert!(!text.trim().is_empty() && text.len() <= (8 << 20) + 1, "{} bytes", text.len()),
        Err(error) => {
            let sentence = error.to_string();
            assert!(sentence.lines().count() == 1 && sentence.len() < 200, "{sentence}");
        }
    }
    Corpus::Keep
});
