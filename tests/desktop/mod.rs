//! The app in its real window.
