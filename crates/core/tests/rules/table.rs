//! Reading a golden table: a case a line, its cells between bars, the last cell a sentence.

/// One case: its place in the file, its cells and the sentence.
pub(crate) struct Case {
    pub(crate) line: usize,
    pub(crate) cells: Vec<String>,
    pub(crate) sentence: String,
}

/// The cases of a table of `width` cells before the sentence. `\n` stands for a line break, `\u{200b}`
/// for a character that nobody sees, `∅` for nothing, and text between quotes keeps its outer spaces.
pub(crate) fn cases(text: &str, width: usize) -> Vec<Case> {
    let mut cases = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let mut cells: Vec<String> = line.split('|').map(cell).collect();
        let sentence = cells.pop().unwrap_or_default();
        assert_eq!(cells.len(), width, "line {} has another width: {line}", index + 1);
        assert!(sentence.contains(' '), "line {} needs a sentence", index + 1);
        cases.push(Case { line: index + 1, cells, sentence });
    }
    assert!(!cases.is_empty(), "the table is empty");
    cases
}

fn cell(text: &str) -> String {
    let text = text.trim();
    let inner = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    if inner == "∅" { String::new() } else { unescaped(inner) }
}

fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('}').expect("a closed code");
        let code = u32::from_str_radix(code, 16).expect("a hexadecimal number");
        whole.push(char::from_u32(code).expect("a character"));
        whole.push_str(rest);
    }
    whole.replace("\\n", "\n").replace("\\r", "\r")
}

/// A value of a cell: empty is none.
pub(crate) fn value(cell: &str) -> Option<&str> {
    Some(cell).filter(|cell| !cell.is_empty())
}

/// Runs one check on every case and tells of all that fail.
pub(crate) fn check(text: &str, width: usize, run: impl Fn(&[String]) -> Result<(), String>) {
    let failed: Vec<String> = cases(text, width)
        .iter()
        .filter_map(|case| {
            let error = run(&case.cells).err()?;
            Some(format!("line {}: {}\n    {error}", case.line, case.sentence))
        })
        .collect();
    assert!(failed.is_empty(), "{} cases fail:\n{}", failed.len(), failed.join("\n"));
}

/// Compares what was expected with what is.
pub(crate) fn expect(expected: &str, found: &str) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("expected {expected:?}, found {found:?}")) }
}
