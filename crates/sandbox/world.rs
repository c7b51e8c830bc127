//! Everything that the two stand-ins share: the clock, the switches, the rules, the log, the stores.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::People;
use crate::clock::Clock;
use crate::faults::Rules;
use crate::google::Google;
use crate::log::Log;
use crate::persist::{Keeping, save};
use crate::sample;
use crate::switches::Switches;
use crate::zoho::Zoho;

/// The people as they were at the start, for `reset`.
#[derive(Debug)]
pub(crate) enum Seed {
    /// A copy.
    Copy(Box<(Google, Zoho)>),
    /// Made-up people are made again (a copy of thousands would be held for nothing).
    Made(People, i64),
}

/// The stand-ins as they were at one moment: everything but sign-ins, switches, rules and log.
#[derive(Debug, Clone)]
pub struct Snapshot {
    sides: Box<(Google, Zoho)>,
    ahead: i64,
}

/// Where the state is kept between starts.
#[derive(Debug)]
pub(crate) struct Keep {
    pub(crate) path: PathBuf,
    pub(crate) ports: BTreeMap<String, u16>,
}

/// The sandbox's whole state.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    switches: Mutex<Arc<Switches>>,
    rules: Mutex<Rules>,
    log: Mutex<Log>,
    google: Mutex<Google>,
    zoho: Mutex<Zoho>,
    seed: Seed,
    keep: Option<Mutex<Keep>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    pub(crate) fn new(
        clock: Clock,
        switches: Switches,
        sides: (Google, Zoho),
        seed: Seed,
        keep: Option<Keep>,
    ) -> Self {
        Self {
            clock,
            switches: Mutex::new(Arc::new(switches)),
            rules: Mutex::new(Rules::default()),
            log: Mutex::new(Log::default()),
            google: Mutex::new(sides.0),
            zoho: Mutex::new(sides.1),
            seed,
            keep: keep.map(Mutex::new),
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

    pub(crate) fn is_kept(&self) -> bool {
        self.keep.is_some()
    }

    /// Writes the state to its file, if it has one. A disk that refuses loses the keeping, not the
    /// running sandbox: the next change tries again.
    pub(crate) fn save(&self) {
        let Some(keep) = &self.keep else { return };
        let keep = lock(keep);
        let (google, zoho) = (self.google(), self.zoho());
        let state = Keeping {
            google: &google,
            zoho: &zoho,
            ports: &keep.ports,
            clock_offset: self.clock.offset(),
        };
        let _ = save(&keep.path, &state);
    }

    /// Back to the start: people, tokens, rules, log. Switches stay. Addresses stay.
    pub(crate) fn reset(&self) {
        let sides = match &self.seed {
            Seed::Copy(sides) => (**sides).clone(),
            Seed::Made(people, now) => sample::people(people, *now),
        };
        self.put(sides);
    }

    /// Everything that is stored, and how far the clock is ahead.
    pub(crate) fn copy(&self) -> Snapshot {
        let sides = Box::new((self.google().clone(), self.zoho().clone()));
        Snapshot { sides, ahead: self.clock.offset() }
    }

    /// Back to a copy; sign-ins stay, so that what a client remembers of them is good.
    pub(crate) fn put_back(&self, to: &Snapshot) {
        let (mut google, mut zoho) = (*to.sides).clone();
        google.auth = self.google().auth.clone();
        zoho.auth = self.zoho().auth.clone();
        self.put((google, zoho));
        self.clock.advance(to.ahead - self.clock.offset());
    }

    fn put(&self, (mut google, mut zoho): (Google, Zoho)) {
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
