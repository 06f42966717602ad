//! Rex and raw tantivy as `run.py` drives them.
//!
//! ```text
//! speed-engines rex INDEX CPV QUERIES KEYSTROKES     Rex, searched in process: a session, see `session.rs`
//! speed-engines tantivy FOLDER QUERIES               tantivy, the bare minimum: a session
//! speed-engines index minimal|same THREADS RECORDS CPV FOLDER
//!                                                    records to an index of tantivy
//! speed-engines texts RECORDS CPV OUT                records to what other engines index: JSON lines
//! speed-engines records FOLDER OUT                   a corpus folder to records: JSON lines
//! ```

mod floor;
mod plain;
mod queries;
mod rex;
mod session;
mod texts;
mod writing;

use std::error::Error;
use std::path::Path;

type Failure = Box<dyn Error + Send + Sync>;

const USAGE: &str = "usage: speed-engines rex INDEX CPV QUERIES KEYSTROKES
       speed-engines tantivy FOLDER QUERIES
       speed-engines index minimal|same THREADS RECORDS CPV FOLDER
       speed-engines texts RECORDS CPV OUT
       speed-engines records FOLDER OUT";

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["rex", index, cpv, queries, keystrokes] => {
            let rex = rex::Rex::open(Path::new(index), Path::new(cpv))?;
            let asked = rex::Asked::read(Path::new(queries), Path::new(keystrokes))?;
            session::run(&asked.len(), &|mode, at| rex.answer(mode, &asked, at))
        }
        ["tantivy", folder, queries] => {
            let floor = floor::Floor::open(Path::new(folder))?;
            let queries = queries::read(Path::new(queries))?;
            let asked = queries
                .iter()
                .map(|query| floor.read(query))
                .collect::<Result<Vec<_>, _>>()?;
            session::run(&|_| asked.len(), &|mode, at| floor.answer(mode, &asked[at]))
        }
        ["index", shape, threads, records, cpv, folder] => {
            let shape = writing::Shape::named(shape)?;
            writing::index(
                shape,
                threads.parse()?,
                Path::new(records),
                Path::new(cpv),
                Path::new(folder),
            )
        }
        ["texts", records, cpv, out] => texts::write(Path::new(records), Path::new(cpv), Path::new(out)),
        ["records", folder, out] => texts::records(Path::new(folder), Path::new(out)),
        _ => Err(USAGE.into()),
    }
}
