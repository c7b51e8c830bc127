//! What Zoho's fields take (its insert page): it neither shortens nor repairs.

use unicode_normalization::UnicodeNormalization;

use crate::text::plain_digit;

/// Zoho's rule: a local part that starts with a letter, digit, `_`, `+` or `-`; 4 to 256 characters
/// after the `@`; a top-level domain of 2 to 22 letters.
fn takes_email(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return false;
    };
    let first = local.chars().next();
    let top = domain.rsplit('.').next().unwrap_or_default();
    email_address::EmailAddress::is_valid(address)
        && first.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '+' | '-'))
        && (4..=256).contains(&domain.chars().count())
        && domain.contains('.')
        && (2..=22).contains(&top.chars().count())
        && top.chars().all(char::is_alphabetic)
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

/// Zoho's phone fields take letters, digits and `+ ( ) - . space , ; #`; other spaces, dashes and
/// full-width forms and digits of other scripts are written in those characters, everything else is left as it was typed.
pub(super) fn phone(text: &str) -> Option<String> {
    let fitted: String = text
        .trim()
        .nfkc()
        .map(|c| match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | 'ー' | '〜' | '~' => '-',
            c if c.is_whitespace() => ' ',
            '/' | ':' => ' ',
            c => plain_digit(c),
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
