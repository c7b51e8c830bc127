//! Everything that the two stand-ins share: the clock, the switches, the rules, the log, the stores.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::Clock;
use crate::faults::Rules;
use crate::google::Google;
use crate::log::Log;
use crate::switches::Switches;
use crate::zoho::Zoho;

/// The sandbox's whole state.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    switches: Mutex<Arc<Switches>>,
    rules: Mutex<Rules>,
    log: Mutex<Log>,
    google: Mutex<Google>,
    zoho: Mutex<Zoho>,
    /// The people as they were at the start, for `reset`.
    seed: Box<(Google, Zoho)>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    pub(crate) fn new(clock: Clock, switches: Switches, google: Google, zoho: Zoho) -> Self {
        Self {
            clock,
            switches: Mutex::new(Arc::new(switches)),
            rules: Mutex::new(Rules::default()),
            log: Mutex::new(Log::default()),
            seed: Box::new((google.clone(), zoho.clone())),
            google: Mutex::new(google),
            zoho: Mutex::new(zoho),
        }
    }

    pub(crate) fn switches(&self) -> Arc<Switches> {
        Arc::clone(&lock(&self.switches))
    }

    pub(crate) fn set_switches(&self, switches: Switches) {
        *lock(&self.switches) = Arc::new(switches);
    }

    pub(crate) fn rules(&self) -> MutexGuard<'_, Rules> {
        lock(&self.rules)
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        lock(&self.log)
    }

    pub(crate) fn google(&self) -> MutexGuard<'_, Google> {
        lock(&self.google)
    }

    pub(crate) fn zoho(&self) -> MutexGuard<'_, Zoho> {
        lock(&self.zoho)
    }

    /// Back to the start: people, tokens, rules, log. Switches stay. Addresses stay.
    pub(crate) fn reset(&self) {
        let (mut google, mut zoho) = (*self.seed).clone();
        {
            let mut now = self.google();
            google.base = std::mem::take(&mut now.base);
            *now = google;
        }
        {
            let mut now = self.zoho();
            zoho.hosts = std::mem::take(&mut now.hosts);
            *now = zoho;
        }
        self.rules().clear();
        self.log().clear();
    }
}
