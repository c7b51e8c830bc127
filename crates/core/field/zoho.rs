//! What Zoho's fields take (its insert page): it neither shortens nor repairs.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::text::plain_digit;

/// Zoho's rule, which is wider than the standard's: a local part that starts with a letter, digit,
/// `_`, `+` or `-` and may hold dots wherever it likes (Japan's old mobile addresses do); 4 to 256
/// characters after the `@`, in parts of letters, digits and hyphens; a top-level domain of 2 to 22
/// letters. Letters are those of every script.
fn takes_email(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return false;
    };
    let letter = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    let starts = local.chars().next().is_some_and(|c| letter(c) || "_+-".contains(c));
    let mut parts = domain.split('.');
    let top = parts.next_back().unwrap_or_default();
    let mut hosts = parts.peekable();
    starts
        && local.chars().all(|c| letter(c) || "!#$%&'*+-/=?^_`{|}~.".contains(c))
        && (4..=256).contains(&domain.chars().count())
        && hosts.peek().is_some()
        && hosts.all(|host| {
            let within = host.chars().all(|c| letter(c) || matches!(c, '-' | '_'));
            within && host.starts_with(letter) && host.ends_with(letter)
        })
        && (2..=22).contains(&top.chars().count())
        && top.chars().all(|c| c.is_alphabetic() || is_combining_mark(c))
}

/// The address as it was typed where Zoho takes it so, else in one width.
pub(super) fn email(text: &str) -> Option<String> {
    let typed = text.trim().nfc().collect::<String>();
    if takes_email(&typed) {
        return Some(typed);
    }
    let plain = typed.nfkc().map(plain_digit).collect::<String>();
    takes_email(&plain).then_some(plain)
}

/// Whether a text has the form of an address that both services can hold.
#[must_use]
pub fn is_email(text: &str) -> bool {
    email(text).is_some()
}

/// Zoho's phone fields take letters, digits and `+ ( ) - . space , ; #`; other spaces, dashes, the
/// digits of other scripts and full-width forms are written in those characters, everything else is
/// left as it was typed.
pub(super) fn phone(text: &str) -> Option<String> {
    let fitted: String = text
        .trim()
        .nfkc()
        .map(|c| match plain_digit(c) {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | 'ー' | '〜' | '~' => '-',
            c if c.is_whitespace() => ' ',
            '/' | ':' => ' ',
            c => c,
        })
        .collect();
    let allowed = |c: char| {
        c.is_alphanumeric() || matches!(c, '+' | '(' | ')' | '-' | '.' | ' ' | ',' | ';' | '#')
    };
    (fitted.chars().all(allowed) && fitted.chars().any(|c| c.is_ascii_digit())).then_some(fitted)
}

/// Zoho's website fields want a scheme or `www.` in front; without one it gets `https://`.
pub(super) fn url(text: &str) -> Option<String> {
    let url = text.trim();
    if url.is_empty() || url.chars().any(char::is_whitespace) || !url.contains('.') {
        return None;
    }
    let lower = url.to_lowercase();
    let known = ["http://", "https://", "ftp://", "www."].iter().any(|p| lower.starts_with(p));
    Some(if known { url.to_owned() } else { format!("https://{url}") })
}
