//! A PDF: a child process with limits reads it; the answer is pages or one sentence, in time.
//!
//! The child is this program, started again. What the child could read, which therefore takes little memory and time, is read in
//! this process too: this gives libFuzzer its coverage, and both must read the same. What ends the child (a stack overflow, a limit)
//! is not read here, so that such inputs, which third-party code has many of, do not stop the run: that the parent words them is
//! what is tested.

#![no_main]

use std::env;
use std::fs::File;
use std::io;
use std::panic;
use std::process::{self, Command};
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

use libfuzzer_sys::{Corpus, fuzz_target};
use rex_fuzz::Folder;
use rex_import::{ChildError, ChildLimits, PDF_LIMITS, pdf_pages, read_pdf, serve_pdf};

/// Marks the process that is the child.
const CHILD: &str = "REX_FUZZ_PDF_CHILD";
/// Far less than for a person's file, so that a run goes on.
const LIMITS: ChildLimits = ChildLimits {
    memory_bytes: 512 << 20,
    processor: Duration::from_secs(2),
    time: Duration::from_secs(5),
    ..PDF_LIMITS
};
/// Stack of the reader in this process in bytes, more than the child has.
const STACK_BYTES: usize = 256 << 20;

static FILES: LazyLock<Folder> = LazyLock::new(Folder::create);

/// Serves the parent if this process is the child; else keeps libFuzzer from taking a panic of the reader, which is caught, for a
/// failure.
fn begin() {
    if env::var_os(CHILD).is_some() {
        let served = serve_pdf(&LIMITS, io::stdin().lock(), io::stdout().lock());
        process::exit(i32::from(served.is_err()));
    }
    let fail = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if thread::current().name() != Some("reader") {
            fail(panic);
        }
    }));
}

fuzz_target!(init: begin(), |bytes: &[u8]| -> Corpus {
    let path = FILES.write("in.pdf", bytes);
    let file = File::open(path).expect("the file was written");
    let mut child = Command::new(env::current_exe().expect("a program"));
    child.env(CHILD, "1");
    let begun = Instant::now();
    let read = read_pdf(child, file, &LIMITS);
    assert!(begun.elapsed() < LIMITS.time + Duration::from_secs(3), "{:?}", begun.elapsed());
    let sentence = match &read {
        Ok(Ok(_)) => String::new(),
        Ok(Err(problem)) => problem.to_string(),
        Err(ChildError::Start(error)) => panic!("the machine is at its limits: {error}"),
        Err(failed) => failed.to_string(),
    };
    assert!(sentence.lines().count() <= 1 && sentence.len() < 200, "{sentence}");
    let Ok(answer) = read else { return Corpus::Keep };
    if let Ok(pages) = &answer {
        let size: usize = pages.iter().flatten().map(String::len).sum();
        assert!(!pages.is_empty() && size <= 8 << 20, "{} pages, {size} bytes", pages.len());
    }
    let input = bytes.to_vec();
    let reader = thread::Builder::new().name("reader".to_owned()).stack_size(STACK_BYTES);
    let reader = reader.spawn(move || pdf_pages(&input)).expect("a thread");
    let again = reader.join().expect("panics are caught");
    assert_eq!(again, answer, "the child and this process read the same");
    Corpus::Keep
});
