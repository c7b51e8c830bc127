//! Opening the login page in the person's own browser.

use std::process::{Command, Stdio};

use renraku_core::message::{Failure, FailureCode};

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
    // Someone must collect the child when it ends, or it stays a zombie while the app runs.
    std::thread::spawn(move || child.wait());
    true
}

#[cfg(test)]
mod tests {
    use super::words;

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
