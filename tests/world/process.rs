//! Programs of a test's world: their environment, their output, their end.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::{Command as Plain, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// The variable by which a world knows its own processes.
const MARK: &str = "RENRAKU_TEST_WORLD";

/// The environment of every program of one world. Nothing of the developer's own session is in it
/// but the search path and the language tools' settings.
#[derive(Clone, Debug)]
pub struct Surroundings {
    home: PathBuf,
    variables: BTreeMap<OsString, OsString>,
}

impl Surroundings {
    /// A home with its standard folders, private to this test.
    pub(crate) fn in_home(home: &Path) -> Self {
        let mut all = Self { home: home.to_path_buf(), variables: BTreeMap::new() };
        for kept in ["PATH", "RUST_BACKTRACE"] {
            if let Some(value) = std::env::var_os(kept) {
                all.set(kept, value);
            }
        }
        for (name, below) in [
            ("HOME", "."),
            ("XDG_RUNTIME_DIR", "run"),
            ("XDG_DATA_HOME", ".local/share"),
            ("XDG_CONFIG_HOME", ".config"),
            ("XDG_CACHE_HOME", ".cache"),
            ("XDG_STATE_HOME", ".local/state"),
            ("TMPDIR", "tmp"),
        ] {
            let folder = home.join(below);
            std::fs::create_dir_all(&folder).expect("the home's folders are made");
            all.set(name, folder);
        }
        owner_only(&home.join("run"));
        all.set("LANG", "C.UTF-8");
        all.set("TZ", "UTC");
        all.set(MARK, home);
        all
    }

    /// Sets a variable for programs started from now on.
    pub fn set(&mut self, name: &str, value: impl AsRef<OsStr>) {
        self.variables.insert(name.into(), value.as_ref().into());
    }

    /// Removes a variable for programs started from now on.
    pub fn unset(&mut self, name: &str) {
        self.variables.remove(OsStr::new(name));
    }

    /// The home folder.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Every variable, for a program that somebody else starts.
    pub fn variables(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.variables.iter().map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }

    /// A command in this environment that ends with the test, however the test ends: the kernel
    /// kills it with its parent (`setpriv` is part of util-linux).
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(program);
        command.env_clear().envs(&self.variables).current_dir(&self.home);
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Ends every process that was started in this world, also by others than the test.
    pub(crate) fn end_everyone(&self) {
        // A process may start another while the list is read, so it is read until it is empty.
        for _ in 0..20 {
            let pids = self.everyone();
            if pids.is_empty() {
                return;
            }
            let _ = Plain::new("kill").arg("-KILL").args(&pids).stderr(Stdio::null()).status();
        }
    }

    /// The ids of this world's processes that run the program `name`.
    pub fn running(&self, name: &str) -> Vec<u32> {
        let runs = |pid: &String| {
            let link = std::fs::read_link(Path::new("/proc").join(pid).join("exe"));
            link.is_ok_and(|file| file.file_name() == Some(OsStr::new(name)))
        };
        self.everyone().iter().filter(|pid| runs(pid)).filter_map(|pid| pid.parse().ok()).collect()
    }

    fn everyone(&self) -> Vec<String> {
        let mark = [MARK.as_bytes(), b"=", self.home.as_os_str().as_encoded_bytes()].concat();
        let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let ours = entries.filter(|entry| {
            let environ = std::fs::read(entry.path().join("environ")).unwrap_or_default();
            environ.split(|byte| *byte == 0).any(|variable| variable == mark)
        });
        let names = ours.filter_map(|entry| entry.file_name().into_string().ok());
        names.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit())).collect()
    }
}

fn owner_only(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
        .expect("the runtime folder is made private");
}

/// A running program that ends when this is dropped.
#[derive(Debug)]
pub struct Owned {
    child: Child,
    name: &'static str,
    /// Kept open: a program whose output nobody takes any more may end of it.
    lines: Option<Lines<BufReader<ChildStdout>>>,
}

impl Owned {
    /// Starts the command; `name` is for messages. Standard error goes to the test's.
    pub fn start(name: &'static str, mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{name} did not start: {error}"));
        let lines = child.stdout.take().map(|out| BufReader::new(out).lines());
        Self { child, name, lines }
    }

    /// The next line that it prints on standard output.
    pub async fn line(&mut self) -> String {
        let name = self.name;
        let lines = self.lines.as_mut().expect("standard output is taken");
        within(20, &format!("a line from {name}"), lines.next_line())
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"))
            .unwrap_or_else(|| panic!("{name} ended without the line that was waited for"))
    }

    /// Waits until it ends by itself and returns its exit code.
    pub async fn ended(&mut self) -> Option<i32> {
        let what = format!("the end of {}", self.name);
        within(60, &what, self.child.wait()).await.expect("its status is known").code()
    }

    /// Its standard input, where the command asked for one; dropping it closes it.
    pub(crate) fn input(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// Whether it is still running.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Its process id, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }
}

/// Waits at most `seconds`, then fails with what was waited for.
pub async fn within<T>(seconds: u64, what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(seconds), future)
        .await
        .unwrap_or_else(|_| panic!("waited {seconds} s in vain for {what}"))
}
