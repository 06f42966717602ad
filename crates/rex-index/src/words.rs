//! The words of texts, each text cut once: a title is indexed several times over, in both its forms, and the same names, places
//! and labels come back in record after record.

use std::sync::{Arc, Mutex, PoisonError};

use foldhash::HashMap;
use rex_analysis::{Analyzer, Token};

/// Bytes of the texts remembered. Their words take about ten times as much.
const MAX_BYTES: usize = 2 << 20;

/// Cuts texts into words and remembers them, for every thread that shares it.
#[derive(Debug, Clone)]
pub(crate) struct WordCutter {
    analyzer: Analyzer,
    remembered: Arc<Mutex<Remembered>>,
}

#[derive(Debug, Default)]
struct Remembered {
    texts: HashMap<Box<str>, Arc<[Token]>>,
    bytes: usize,
}

impl WordCutter {
    pub(crate) fn new(analyzer: Analyzer) -> Self {
        Self {
            analyzer,
            remembered: Arc::default(),
        }
    }

    /// The words of a text.
    pub(crate) fn cut(&self, text: &str) -> Arc<[Token]> {
        let lock = || self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(words) = lock().texts.get(text) {
            return Arc::clone(words);
        }
        // Nobody waits while a text is cut; two threads may cut the same one, which does no harm.
        let words: Arc<[Token]> = self.analyzer.analyze(text).into();
        let mut remembered = lock();
        if remembered.bytes + text.len() > MAX_BYTES {
            *remembered = Remembered::default();
        }
        if text.len() <= MAX_BYTES {
            remembered.bytes += text.len();
            remembered.texts.insert(text.into(), Arc::clone(&words));
        }
        words
    }
}
