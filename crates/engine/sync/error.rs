//! Why a run could not be done.

use renraku_core::contact::Side;
use renraku_core::message::Failure;
use renraku_services::RemoteError;
use renraku_store::StoreError;

/// Why a run could not be done. It becomes words once, where the run ends.
#[derive(Debug)]
pub(crate) enum RunError {
    /// Something on this computer: the database, the keychain, a file.
    Local(Failure),
    /// A service.
    Service(Side, RemoteError),
}

impl From<StoreError> for RunError {
    fn from(error: StoreError) -> RunError {
        RunError::Local(error.into())
    }
}

impl From<Failure> for RunError {
    fn from(failure: Failure) -> RunError {
        RunError::Local(failure)
    }
}

impl RunError {
    /// Whether it is this computer's own matter: no other write can be done either.
    pub(crate) fn is_local(&self) -> bool {
        match self {
            RunError::Local(_) => true,
            RunError::Service(_, error) => matches!(error, RemoteError::Local(_)),
        }
    }

    /// Whether a write that ended like this may nevertheless have been done.
    pub(crate) fn outcome_unknown(&self) -> bool {
        match self {
            RunError::Local(_) => false,
            RunError::Service(_, error) => error.outcome_unknown(),
        }
    }

    /// The service that this is about; nobody's where it is about this computer.
    pub(crate) fn side(&self) -> Option<Side> {
        match self {
            RunError::Local(_) => None,
            RunError::Service(side, _) => Some(*side),
        }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Failure {
        match error {
            RunError::Local(failure) => failure,
            RunError::Service(side, error) => error.failure(side),
        }
    }
}

/// Says which service an answer is of.
pub(crate) trait OfSide<T> {
    /// The answer, or the error of this service.
    fn of(self, side: Side) -> Result<T, RunError>;
}

impl<T> OfSide<T> for Result<T, RemoteError> {
    fn of(self, side: Side) -> Result<T, RunError> {
        self.map_err(|error| RunError::Service(side, error))
    }
}
