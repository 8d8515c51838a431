//! What open pages are told: jobs that progress, pages that were read.
//!
//! Notices carry ids and counts, never personal data. Whoever missed one asks the API.

use serde::Serialize;
use std::sync::{Mutex, PoisonError};

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// `job`, `page`, `batch`.
    pub topic: &'static str,
    /// Which.
    pub id: String,
    /// Kind of the job, where it is one.
    pub kind: String,
    /// State.
    pub state: String,
    /// Progress.
    pub done: i64,
    /// Out of.
    pub total: i64,
}

type Ear = Box<dyn Fn(&Notice) -> bool + Send>;

/// Everybody who listens in this process.
#[derive(Default)]
pub struct Hub {
    ears: Mutex<Vec<Ear>>,
}

impl Hub {
    /// From now on `ear` hears every notice until it answers `false`.
    pub fn listen(&self, ear: impl Fn(&Notice) -> bool + Send + 'static) {
        self.ears.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(ear));
    }

    /// Tells everybody.
    pub fn tell(&self, notice: &Notice) {
        self.ears.lock().unwrap_or_else(PoisonError::into_inner).retain(|ear| ear(notice));
    }
}
