//! A server whose index is replaced while it answers.

use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use rex_query::SearchBackend;

use crate::http::router::router;
use crate::search::app_state::AppState;

/// What answers requests now; cheap to clone, all clones are one.
///
/// Each request is answered from beginning to end by what was there when it came: an answer never holds the hits of one
/// generation and the counts of another, and the generation before is let go when the last request it answers is done.
#[derive(Clone)]
pub struct HotSwap(Arc<RwLock<Application>>);

struct Application {
    state: AppState,
    router: Router,
}

impl Application {
    fn new(state: AppState) -> Self {
        Self {
            router: router(state.clone()),
            state,
        }
    }
}

impl HotSwap {
    /// Answers from a state, until another is put in its place.
    pub fn new(state: AppState) -> Self {
        Self(Arc::new(RwLock::new(Application::new(state))))
    }

    /// Answers the requests that come from now on from another backend.
    pub fn swap_backend(&self, backend: impl SearchBackend + 'static) {
        self.put(self.state().with_backend(backend));
    }

    /// Answers nothing from the index any more: it is damaged, and there is no other.
    pub fn make_unavailable(&self) {
        self.put(self.state().unavailable());
    }

    /// What requests are answered from now.
    pub fn state(&self) -> AppState {
        self.read(|application| application.state.clone())
    }

    /// What answers a request that comes now.
    pub(crate) fn router(&self) -> Router {
        self.read(|application| application.router.clone())
    }

    fn read<T>(&self, read: impl FnOnce(&Application) -> T) -> T {
        read(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn put(&self, state: AppState) {
        // Made, and let go, outside of the lock: no request waits for it.
        let mut application = Application::new(state);
        {
            let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::swap(&mut *current, &mut application);
        }
        drop(application);
    }
}
