//! Replaces the index while the server runs.

use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use rex_query::SearchBackend;

use crate::http::router::router;
use crate::search::app_state::AppState;

/// The current state and its router; clones share them.
///
/// A request uses the state that was current when it arrived until its response is complete, so that no response mixes two
/// generations. The old state is dropped with its last request.
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
    /// Starts with a state.
    pub fn new(state: AppState) -> Self {
        Self(Arc::new(RwLock::new(Application::new(state))))
    }

    /// Serves later requests from another backend. Limits, metrics and permits are kept.
    pub fn swap_backend(&self, backend: impl SearchBackend + 'static) {
        self.put(self.state().with_backend(backend));
    }

    /// Answers later searches with 503: the index is damaged and there is no other.
    pub fn make_unavailable(&self) {
        self.put(self.state().unavailable());
    }

    /// The current state.
    pub fn state(&self) -> AppState {
        self.read(|application| application.state.clone())
    }

    /// The router for a new request.
    pub(crate) fn router(&self) -> Router {
        self.read(|application| application.router.clone())
    }

    fn read<T>(&self, read: impl FnOnce(&Application) -> T) -> T {
        read(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn put(&self, state: AppState) {
        // Built and dropped outside the lock, so that no request waits.
        let mut application = Application::new(state);
        {
            let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::swap(&mut *current, &mut application);
        }
        drop(application);
    }
}
