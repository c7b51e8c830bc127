//! What may reach a terminal.

use renraku_engine::core::text::is_invisible;

/// Whether a character shows nothing, steers the direction of writing, or tags what nobody sees. What joins
/// letters or signs, and the choice of a sign's look, are a part of what people see.
pub(crate) fn is_unseen(c: char) -> bool {
    let seen = matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}');
    (is_invisible(c) && !seen) || matches!(c, '\u{e0000}'..='\u{e007f}')
}

/// A text on one line, without what would steer the terminal or turn the direction of writing: contacts
/// hold what anybody wrote.
pub(crate) fn printable(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\u{2028}' | '\u{2029}' => " ⏎ ".to_owned(),
        '\r' => String::new(),
        c if is_unseen(c) || c.is_control() => '\u{fffd}'.to_string(),
        c => c.to_string(),
    };
    text.chars().map(shown).collect()
}

/// A sentence of the engine's. It isolates names that are written from right to left, in which it leaves no
/// isolation of their own: where each is closed, those stay.
pub(crate) fn sentence(text: &str) -> String {
    const OPENS: char = '\u{2068}';
    const CLOSES: char = '\u{2069}';
    let mut open = false;
    let paired = text.chars().all(|c| match c {
        OPENS => !std::mem::replace(&mut open, true),
        CLOSES => std::mem::replace(&mut open, false),
        _ => true,
    });
    if !paired || open {
        return printable(text);
    }
    let parts = text.split_inclusive([OPENS, CLOSES]).map(|part| {
        let mark = part.chars().next_back().filter(|c| matches!(*c, OPENS | CLOSES));
        let plain = printable(part.trim_end_matches([OPENS, CLOSES]));
        plain + mark.map(String::from).as_deref().unwrap_or_default()
    });
    parts.collect()
}
