//! The two services.
