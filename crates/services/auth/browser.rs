//! Opening the login page in the person's own browser.

use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use renraku_core::message::{Failure, FailureCode};

/// How soon a command that opens no browser has ended. A browser that was running already ends as
/// soon, and well; one that is started stays.
const ENDS_AT_ONCE: Duration = Duration::from_millis(700);

/// Opens an address. On Linux the command in `BROWSER` comes first, whether or not there is a
/// display: `xdg-open` ignores it as soon as there is one.
///
/// # Errors
/// [`FailureCode::Failed`] where no browser can be started; the message says how else to go on.
pub fn open(url: &str, browser: Option<&str>) -> Result<(), Failure> {
    let own =
        browser.filter(|_| cfg!(target_os = "linux")).into_iter().flat_map(|list| list.split(':'));
    for words in own.filter_map(|command| words(command, url)) {
        if start(&words) == Some(true) {
            return Ok(());
        }
    }
    // The desktop's own command says by its exit status whether it opened anything, which `opener` does
    // not look at. Without that command `opener` brings one along.
    if cfg!(target_os = "linux")
        && let Some(opened) = run(desktop(url))
    {
        return if opened { Ok(()) } else { Err(no_browser()) };
    }
    opener::open_browser(url).map_err(|_| no_browser())
}

fn no_browser() -> Failure {
    Failure::new(FailureCode::Failed, "error-no-browser")
}

/// The command's words with the address in the place of `%s`, or at the end.
fn words(command: &str, url: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = command.split_whitespace().map(ToOwned::to_owned).collect();
    if words.is_empty() {
        return None;
    }
    if words.iter().any(|w| w.contains("%s")) {
        for word in &mut words {
            *word = word.replace("%s", url);
        }
    } else {
        words.push(url.to_owned());
    }
    Some(words)
}

/// The desktop's own command for an address. The one in `BROWSER` had its turn.
fn desktop(url: &str) -> Command {
    let mut command = Command::new("xdg-open");
    command.arg(url).env_remove("BROWSER");
    command
}

fn start(words: &[String]) -> Option<bool> {
    let (program, arguments) = words.split_first()?;
    let mut command = Command::new(program);
    command.args(arguments);
    run(command)
}

/// Whether the command opened something; none where there is no such command.
fn run(mut command: Command) -> Option<bool> {
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = child.ok()?;
    let (tell, ended) = mpsc::channel();
    // Someone must collect the child when it ends, or it stays a zombie while the app runs.
    std::thread::spawn(move || {
        let well = child.wait().is_ok_and(|status| status.success());
        // Nobody listens any more: the browser had stayed.
        let _ = tell.send(well);
    });
    Some(ended.recv_timeout(ENDS_AT_ONCE).unwrap_or(true))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::{desktop, start, words};

    #[cfg(unix)]
    #[test]
    fn a_command_that_fails_at_once_has_opened_nothing() {
        let started = |command: &str| start(&words(command, "http://x/").expect("a command"));
        assert_eq!(started("true"), Some(true), "it handed the address on and is done");
        assert_eq!(started("false"), Some(false), "it failed");
        assert_eq!(started("/no/such/browser"), None, "it is not there");
    }

    #[test]
    fn the_desktop_does_not_try_the_own_browser_a_second_time() {
        let command = desktop("http://x/");
        let removed = command.get_envs().find(|(name, _)| *name == OsStr::new("BROWSER"));
        assert_eq!(removed, Some((OsStr::new("BROWSER"), None)));
        assert_eq!(command.get_args().collect::<Vec<_>>(), ["http://x/"]);
    }

    #[test]
    fn the_address_takes_the_place_of_percent_s_or_the_end() {
        let check = |command: &str, expected: Option<&[&str]>, why: &str| {
            let got = words(command, "http://x/?a=1&b=2");
            assert_eq!(got, expected.map(|e| e.iter().map(ToString::to_string).collect()), "{why}");
        };
        check("firefox", Some(&["firefox", "http://x/?a=1&b=2"]), "a bare program");
        check("a --url=%s -n", Some(&["a", "--url=http://x/?a=1&b=2", "-n"]), "a place of its own");
        check("a  -b", Some(&["a", "-b", "http://x/?a=1&b=2"]), "several words");
        check("  ", None, "nothing");
    }
}
