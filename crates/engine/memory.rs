//! What others on this computer may not read of this process: the memory that holds a person's tokens.

/// Keeps what is in this process's memory to it: no core dump is written when it fails, and on Linux no
/// other program of the same person may attach to it. To be called before the first secret is read.
///
/// A debug build lets others attach, or no debugger could and no test would find what it started. Windows
/// writes a dump only where its user asked for one. What a system refuses stays open: that is no reason
/// not to start.
pub fn shut_memory() {
    #[cfg(unix)]
    {
        use nix::sys::resource::{Resource, setrlimit};
        if let Err(error) = setrlimit(Resource::RLIMIT_CORE, 0, 0) {
            tracing::warn!(%error, "core dumps stay possible");
        }
    }
    #[cfg(target_os = "linux")]
    if cfg!(not(debug_assertions)) {
        attached_by_nobody();
    }
}

#[cfg(target_os = "linux")]
fn attached_by_nobody() {
    if let Err(error) = nix::sys::prctl::set_dumpable(false) {
        tracing::warn!(%error, "other programs may attach");
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use nix::sys::prctl::get_dumpable;
    use nix::sys::resource::{Resource, getrlimit};

    #[test]
    fn memory_leaves_this_process_in_no_way() {
        assert_eq!(get_dumpable(), Ok(true), "as a program starts");
        super::shut_memory();
        assert_eq!(getrlimit(Resource::RLIMIT_CORE), Ok((0, 0)), "no core is written");
        super::attached_by_nobody();
        assert_eq!(get_dumpable(), Ok(false), "nobody attaches");
    }
}
