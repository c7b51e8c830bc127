//! Text as people see it: characters that show nothing, and digits of every script.

use std::borrow::Cow;

/// Whether a character shows nothing and only steers how others are shown: zero-width spaces and
/// joiners, the controls of writing direction, the soft hyphen, the byte order mark. They come along
/// when text is copied from web pages and messages, and nobody types them on purpose. So do the letters
/// that stand for none in Korean, which people type to leave a name empty.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe0e}' | '\u{fe0f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{3164}' | '\u{ffa0}')
}

/// Whether a character only chooses between the shapes of the letter before it, as Japanese keyboards do for
/// names: the name is the same in each shape.
#[must_use]
pub fn is_shape(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0d}'
        | '\u{e0100}'..='\u{e01ef}')
}

/// The text without the characters that show nothing.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| !is_invisible(*c)).collect())
}

/// The text as it is written to a service: without what shows nothing and does nothing. A joiner
/// between signs that make one picture, one behind a letter of a script whose letters join, and the
/// choice of a sign's look are a part of what people see.
#[must_use]
pub fn written(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let before = out.chars().next_back();
        let next = rest.clone().next();
        let picture = |c: Option<char>| c.is_some_and(is_picture);
        let tells = match c {
            '\u{200c}' => before.is_some_and(is_joining),
            '\u{200d}' => before.is_some_and(is_joining) || (picture(before) && picture(next)),
            '\u{fe0e}' | '\u{fe0f}' => picture(before) || next == Some('\u{20e3}'),
            '\u{180e}' => before.is_some_and(|c| matches!(c, '\u{1820}'..='\u{18aa}')),
            // A blank between letters.
            '\u{3164}' | '\u{ffa0}' => before.is_some(),
            c => !is_invisible(c),
        };
        if tells {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Whether a character belongs to a script in which a joiner changes how letters are written: Arabic
/// and Persian, Syriac, those of India and its neighbours, Khmer, Mongolian.
fn is_joining(c: char) -> bool {
    matches!(c, '\u{0600}'..='\u{07bf}' | '\u{0840}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
        | '\u{1a20}'..='\u{1aad}' | '\u{a840}'..='\u{a87f}' | '\u{a8e0}'..='\u{a8ff}'
        | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{11000}'..='\u{11fff}')
}

/// Whether a character is a picture, or changes the one before it.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
        | '\u{2190}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{fe0f}'
        | '\u{1f000}'..='\u{1faff}')
}

/// Whether there is nothing to see.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// The text, unless there is nothing to see in it.
#[must_use]
pub fn seen(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !is_blank(text))
}

/// A decimal digit of any script as 0 to 9; every other character as it is.
#[must_use]
pub fn plain_digit(c: char) -> char {
    /// The zeroes of Unicode's decimal digits; nine more follow each of them.
    const ZEROES: [u32; 52] = [
        0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6,
        0x0d66, 0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0,
        0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0,
        0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0,
        0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11c50, 0x16a60, 0x1e950,
    ];
    if c.is_ascii() {
        return c;
    }
    let code = u32::from(c);
    let zero = ZEROES.iter().find(|zero| (**zero..**zero + 10).contains(&code));
    zero.and_then(|zero| char::from_digit(code - zero, 10)).unwrap_or(c)
}
