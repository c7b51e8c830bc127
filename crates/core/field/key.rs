//! The keys by which people, companies, mailboxes and numbers are compared: width, case, digits of
//! every script, and characters that nobody sees make no difference. For comparing, never for writing.

use unicode_normalization::UnicodeNormalization;

use crate::text::{is_shape, plain_digit, visible};

/// Whether a character is kana or a Chinese character, a rare one or the sign that repeats one too: names in
/// them are written family first and mostly without a space.
#[must_use]
pub fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

/// Folds width, case, kana and space (none is left between Japanese characters), the middle dot
/// between foreign names, typographic apostrophes and hyphens, digits of every script, and drops what
/// shows nothing.
#[must_use]
pub fn fold(text: &str) -> String {
    let wide: String = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        let letters = visible(text);
        let letters = letters.chars().filter(|c| !is_shape(*c));
        letters.nfkc().flat_map(char::to_lowercase).map(fold_char).collect()
    };
    let mut folded = String::with_capacity(wide.len());
    for word in wide.split_whitespace() {
        let joined = folded.chars().next_back().is_some_and(is_cjk) && word.starts_with(is_cjk);
        if !folded.is_empty() && !joined {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// The text in one width and without what shows nothing: two texts that people read alike.
#[must_use]
pub(crate) fn plain_width(text: &str) -> String {
    visible(text).nfkc().collect()
}

fn fold_char(c: char) -> char {
    match c {
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
        '・' => ' ',
        '‘' | '’' => '\'',
        '‐'..='―' | '−' => '-',
        c => plain_digit(c),
    }
}

/// The key that pairs people: an e-mail address trimmed, without what shows nothing, in one width
/// (Unicode's NFKC) and lower-cased.
#[must_use]
pub fn email_key(address: &str) -> String {
    if address.is_ascii() {
        return address.trim().to_ascii_lowercase();
    }
    let plain = visible(address);
    let plain = plain.nfkc().flat_map(char::to_lowercase).map(plain_digit);
    plain.collect::<String>().trim().to_owned()
}

/// A phone number for comparing: E.164 where the number can be read, its digits otherwise.
#[must_use]
pub fn phone_key(text: &str, region: Option<&str>) -> String {
    let plain: String = visible(text).nfkc().map(plain_digit).collect();
    let country = region.and_then(|r| r.parse::<phonenumber::country::Id>().ok());
    match phonenumber::parse(country, plain.trim()) {
        Ok(number) if number.is_valid() => {
            let mut key = number.format().mode(phonenumber::Mode::E164).to_string();
            if let Some(extension) = number.extension() {
                key.push('x');
                let _ = std::fmt::Write::write_fmt(&mut key, format_args!("{extension}"));
            }
            key
        }
        Ok(_) | Err(_) => {
            let digits: String =
                plain.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
            if digits.is_empty() { fold(&plain) } else { digits }
        }
    }
}
