//! The person stops a run: it ends cleanly, while it reads at once and while it writes after the
//! batch in flight, and what is left waits.

use tokio::sync::watch;

/// How often the person has asked runs to stop.
pub(crate) type Stops = watch::Sender<u64>;

/// Whether the person asks to stop what began before.
#[derive(Debug, Clone)]
pub(crate) struct Stop {
    stops: watch::Receiver<u64>,
    before: u64,
}

impl Stop {
    /// For something that begins now.
    pub(crate) fn from_now(stops: &Stops) -> Stop {
        let stops = stops.subscribe();
        let before = *stops.borrow();
        Stop { stops, before }
    }

    /// Whether it is to stop.
    pub(crate) fn is_asked(&self) -> bool {
        *self.stops.borrow() != self.before
    }

    /// Does this until it is to stop; `None` where it stopped before the end. What is dropped in the
    /// middle must be as good as what a crash leaves.
    pub(crate) async fn or<T>(&self, doing: impl Future<Output = T>) -> Option<T> {
        let mut stops = self.stops.clone();
        tokio::select! {
            biased;
            // The sender lives as long as the engine: an error is no stop.
            Ok(_) = stops.wait_for(|stops| *stops != self.before) => None,
            done = doing => Some(done),
        }
    }
}
