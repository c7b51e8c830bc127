//! What may reach a terminal.

/// A text on one line, without what would steer the terminal or turn the direction of writing: contacts
/// hold what anybody wrote.
pub(crate) fn printable(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\u{2028}' | '\u{2029}' => " ⏎ ".to_owned(),
        '\r' => String::new(),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' => {
            '\u{fffd}'.to_string()
        }
        c if c.is_control() => '\u{fffd}'.to_string(),
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
