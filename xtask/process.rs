//! Child processes: always with a time limit, never with a wait for input.

use std::ffi::{OsStr, OsString};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

const POLL: Duration = Duration::from_millis(40);

/// One command to run.
#[derive(Debug)]
pub(crate) struct Job {
    command: Command,
    shown: String,
    limit: Duration,
}

/// What cargo told about *its* package when it started us: nothing for the children to see.
const CARGO_LEFTOVERS: [&str; 5] =
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_PACKAGE"];

impl Job {
    /// A program by name or path, with a limit of ten minutes and no input.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref();
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name
                .to_str()
                .is_some_and(|name| CARGO_LEFTOVERS.iter().any(|start| name.starts_with(start)))
            {
                command.env_remove(name);
            }
        }
        let shown =
            Path::new(program).file_stem().unwrap_or(program).to_string_lossy().into_owned();
        Self { command, shown, limit: Duration::from_secs(600) }
    }

    /// Adds arguments.
    pub(crate) fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, args: I) -> Self {
        for arg in args {
            self.shown.push(' ');
            self.shown.push_str(&arg.as_ref().to_string_lossy());
            self.command.arg(arg);
        }
        self
    }

    /// Sets the folder it runs in.
    pub(crate) fn dir(mut self, dir: impl AsRef<Path>) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets the time limit.
    pub(crate) fn minutes(mut self, minutes: u64) -> Self {
        self.limit = Duration::from_secs(minutes * 60);
        self
    }

    /// Gives it the terminal's input, for a password prompt.
    pub(crate) fn with_input(mut self) -> Self {
        self.command.stdin(Stdio::inherit());
        self
    }

    /// Runs it with its output shown; anything but success is an error in words.
    pub(crate) fn run(mut self) -> Result<(), String> {
        println!("   $ {}", self.shown);
        let mut child = self.spawn()?;
        let status =
            wait(&mut child, self.limit).map_err(|why| format!("{}: {why}", self.shown))?;
        self.judge(status)
    }

    /// Runs it until it ends by itself, however long that takes: for the app.
    pub(crate) fn run_until_closed(mut self) -> Result<(), String> {
        println!("   $ {}", self.shown);
        let status = self.spawn()?.wait().map_err(|error| format!("{}: {error}", self.shown))?;
        self.judge(status)
    }

    /// Runs it quietly and returns what it printed, or `None` when it is not there or fails.
    pub(crate) fn quiet_output(mut self) -> Option<String> {
        self.command.stderr(Stdio::null());
        let output = self.command.output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    fn spawn(&mut self) -> Result<Child, String> {
        let outcome = self.command.spawn();
        outcome.map_err(|error| {
            let program = self.program();
            if error.kind() == ErrorKind::NotFound {
                return format!("{program} is not installed or not in PATH");
            }
            format!("{program} could not be started: {error}")
        })
    }

    fn program(&self) -> String {
        PathBuf::from(self.command.get_program()).display().to_string()
    }

    fn judge(&self, status: ExitStatus) -> Result<(), String> {
        if status.success() {
            return Ok(());
        }
        match status.code() {
            Some(code) => Err(format!("{} ended with exit code {code}", self.shown)),
            None => Err(format!("{} was ended by a signal", self.shown)),
        }
    }
}

/// Waits at most `limit`; then ends the child and everything it started.
fn wait(child: &mut Child, limit: Duration) -> Result<ExitStatus, String> {
    let end = Instant::now() + limit;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if Instant::now() < end => std::thread::sleep(POLL),
            Ok(None) => {
                end_tree(child);
                return Err(format!(
                    "had no end after {} minutes and was stopped",
                    limit.as_secs() / 60
                ));
            }
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// Ends a child with its descendants (where the system shows them, under `/proc`).
fn end_tree(child: &mut Child) {
    let family = descendants(child.id());
    let _ = child.kill();
    for pid in family {
        let _ =
            Command::new("kill").args(["-KILL", &pid.to_string()]).stderr(Stdio::null()).status();
    }
    let _ = child.wait();
}

fn descendants(root: u32) -> Vec<u32> {
    let mut parents: Vec<(u32, u32)> = Vec::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        // "pid (name) state ppid …"; the name may hold anything, also brackets.
        let parent =
            stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)?.parse().ok());
        parents.extend(parent.map(|parent| (pid, parent)));
    }
    let mut family = vec![root];
    let mut at = 0;
    while let Some(&person) = family.get(at) {
        family.extend(parents.iter().filter(|(_, parent)| *parent == person).map(|(pid, _)| *pid));
        at += 1;
    }
    family.remove(0);
    family
}

/// The path of a program in `PATH`, if there is one.
pub(crate) fn in_path(program: &str) -> Option<PathBuf> {
    let path: OsString = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
