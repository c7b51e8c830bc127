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
        if start(&words) {
            return Ok(());
        }
    }
    opener::open_browser(url).map_err(|_| Failure::new(FailureCode::Failed, "error-no-browser"))
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

fn start(words: &[String]) -> bool {
    let Some((program, arguments)) = words.split_first() else { return false };
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else { return false };
    let (tell, ended) = mpsc::channel();
    // Someone must collect the child when it ends, or it stays a zombie while the app runs.
    std::thread::spawn(move || {
        let well = child.wait().is_ok_and(|status| status.success());
        // Nobody listens any more: the browser had stayed.
        let _ = tell.send(well);
    });
    ended.recv_timeout(ENDS_AT_ONCE).unwrap_or(true)
}

#[cfg(test)]
mod tests {
    use super::{start, words};

    #[cfg(unix)]
    #[test]
    fn a_command_that_fails_at_once_has_opened_nothing() {
        let started = |command: &str| start(&words(command, "http://x/").expect("a command"));
        assert!(started("true"), "it handed the address on and is done");
        assert!(!started("false"), "it failed");
        assert!(!started("/no/such/browser"), "it is not there");
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
