//! Test world shared by the end-to-end and engine tests.
