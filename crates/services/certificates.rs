//! The environment's own certificates: which variable names none.

use std::path::Path;

use renraku_core::message::{Failure, FailureCode};

/// That the environment names certificates that are not there: then nobody is trusted.
pub(crate) fn no_certificates() -> Option<Failure> {
    let read = |name: &str| Some(std::env::var_os(name)?.to_string_lossy().into_owned());
    let (variable, file) = unusable(read)?;
    let failure = Failure::new(FailureCode::Failed, "error-certificates");
    Some(failure.with("variable", variable).with("file", file))
}

/// A variable that is to name certificates and names none that can be read, with what it says. Without
/// them nobody is trusted.
fn unusable(read: impl Fn(&str) -> Option<String>) -> Option<(&'static str, String)> {
    let named = |variable: &'static str| Some((variable, read(variable)?));
    let file = named("SSL_CERT_FILE").filter(|(_, file)| !holds_certificates(Path::new(file)));
    let folder = || {
        let named = named("SSL_CERT_DIR")?;
        // The system looks at several, and at none where nothing is said.
        let mut folders = named.1.split(':').filter(|folder| !folder.is_empty()).peekable();
        let unusable =
            folders.peek().is_some() && !folders.any(|folder| Path::new(folder).is_dir());
        unusable.then_some(named.clone())
    };
    file.or_else(folder)
}

/// Whether a file holds certificates that can be trusted.
fn holds_certificates(file: &Path) -> bool {
    let is_file = std::fs::metadata(file).is_ok_and(|about| about.is_file());
    let bytes = if is_file { std::fs::read(file).unwrap_or_default() } else { Vec::new() };
    let all = reqwest::Certificate::from_pem_bundle(&bytes).unwrap_or_default();
    !all.is_empty() && reqwest::Client::builder().tls_certs_only(all).build().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_names_no_certificates_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str, text: &str| {
            let file = folder.path().join(name);
            std::fs::write(&file, text).expect("it is written");
            file.display().to_string()
        };
        let empty = at("empty.pem", "");
        let words = at("words.pem", "garbage");
        let form = at("form.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        let here = folder.path().display().to_string();
        let check = |file: Option<&str>, dir: Option<&str>, expected: Option<&str>, why: &str| {
            let read = |name: &str| {
                let value = if name == "SSL_CERT_FILE" { file } else { dir };
                value.map(str::to_owned)
            };
            assert_eq!(unusable(read).map(|(variable, _)| variable), expected, "{why}");
        };
        check(None, None, None, "the system's own");
        check(Some(""), None, Some("SSL_CERT_FILE"), "nothing is named");
        check(Some("/no/such/file.pem"), None, Some("SSL_CERT_FILE"), "nothing is there");
        check(Some(&here), None, Some("SSL_CERT_FILE"), "a folder");
        check(Some(&empty), None, Some("SSL_CERT_FILE"), "an empty file");
        check(Some(&words), None, Some("SSL_CERT_FILE"), "no certificate");
        check(Some(&form), None, Some("SSL_CERT_FILE"), "the form of one alone");
        check(None, Some(""), None, "an empty list of folders is none");
        check(None, Some(&here), None, "a folder that is there");
        check(None, Some("/no/such/folder"), Some("SSL_CERT_DIR"), "a folder that is not");
    }
}
