//! What no spreadsheet carries out, however it splits a table.

use std::borrow::Cow;

use renraku_core::text::is_invisible;

/// Where a spreadsheet that does not split at commas may begin another cell or row, whatever the quotes say: a
/// cell that begins with one is all that it takes for quoted.
pub(super) const SPLITS: [char; 4] = [';', '\t', '\r', '\n'];

/// A value that a spreadsheet would carry out as a formula is told to be text, also one that begins
/// with the wide form of a sign, which Japanese spreadsheets take for the sign, or with what nobody sees
/// before the sign; and so is each part of it that may become a cell of its own. Telephone numbers stay as they
/// are where no spreadsheet can calculate with them.
pub(super) fn harmless(value: &str) -> Cow<'_, str> {
    let before = value.len() - value.trim_start_matches(is_unseen).len();
    let steers = value.get(..before).is_some_and(|unseen| unseen.contains(['\t', '\r', '\n']));
    let mut told = String::new();
    for (place, part) in value.split_inclusive(SPLITS).enumerate() {
        let runs = match place {
            // Whoever minds the quotes goes on calculating at the next line.
            0 => steers || value.split(';').next().is_some_and(is_formula),
            _ => is_formula(part.trim_start_matches(opens).trim_end_matches(SPLITS)),
        };
        if runs {
            told.push('\'');
        }
        told.push_str(part);
    }
    if told == value { value.into() } else { told.into() }
}

/// Whether a character may stand before a cell's content without being a part of it.
fn opens(c: char) -> bool {
    c == '"' || is_unseen(c)
}

/// Whether a spreadsheet would carry a cell out.
fn is_formula(cell: &str) -> bool {
    let mut chars = cell.trim_start_matches(is_unseen).chars();
    match chars.next() {
        Some('=' | '@') => true,
        Some(c) if is_form_of_a_sign(c) => true,
        Some('+' | '-') => !is_number(chars.as_str()),
        Some(_) | None => false,
    }
}

/// Whether a character is another form of one of these signs, which a spreadsheet may take for it: the wide
/// and small ones, and the true minus.
fn is_form_of_a_sign(c: char) -> bool {
    let wide = matches!(c, '＝' | '＠' | '＋' | '－');
    wide || matches!(c, '\u{fe66}' | '\u{fe6b}' | '\u{fe62}' | '\u{fe63}' | '\u{2212}')
}

/// Whether nobody sees a character, and spreadsheets may pass over it: also those that only say how the
/// one before is drawn, and the letters of some scripts that are blank.
fn is_unseen(c: char) -> bool {
    let selects =
        matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{180b}'..='\u{180f}' | '\u{e0000}'..='\u{e0fff}');
    let blank = matches!(
        c,
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}' | '\u{17b4}' | '\u{17b5}'
    );
    c.is_whitespace() || c.is_control() || is_invisible(c) || selects || blank
}

/// Whether what follows a sign is one number, or several that are written beside each other as in
/// telephone numbers, so that nothing comes out of calculating.
fn is_number(text: &str) -> bool {
    let text = text.replace(['\t', '\r', '\n'], " ");
    let written = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-' | '.' | '/');
    let sums = text.contains(['-', '/']);
    let bytes = text.as_bytes();
    let beside =
        bytes.windows(2).any(|two| matches!(two, [b')', b'0'..=b'9'] | [b'0'..=b'9', b'(']))
            || text.split(['-', '/', '(', ')']).any(|part| part.trim().contains(' '))
            || text.contains(" (");
    text.chars().all(written) && (!sums || beside)
}
