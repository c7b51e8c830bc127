//! Pure: which records a query of Zoho's asks for.

use renraku_core::timestamp::Timestamp;

/// Which records.
pub(super) enum Where<'a> {
    All,
    /// Since a time, and how many are known to have been changed since then.
    ModifiedSince(Timestamp, u32),
    CreatedSince(Timestamp),
    /// Those whose text or id is one of these.
    In {
        column: &'static str,
        values: &'a [String],
    },
    /// Those whose text holds the longest word of one of these, for the caller to choose from: Zoho's pages
    /// tell of no pattern with a gap inside.
    Holds {
        column: &'static str,
        words: &'a [String],
    },
}

impl Where<'_> {
    pub(crate) fn conditions(&self) -> Vec<String> {
        match self {
            Where::All => Vec::new(),
            Where::ModifiedSince(since, _) => vec![format!("Modified_Time >= '{}'", stamp(*since))],
            Where::CreatedSince(since) => vec![format!("Created_Time >= '{}'", stamp(*since))],
            Where::In { column, values } => {
                let values: Vec<String> = values.iter().map(|v| quoted(v)).collect();
                vec![format!("{column} in ({})", values.join(","))]
            }
            Where::Holds { column, words } => {
                let pattern = |words: &str| {
                    let longest = words.split(' ').max_by_key(|word| word.len());
                    quoted(&format!("%{}%", longest.unwrap_or_default()))
                };
                let tests = words.iter().map(|words| format!("{column} like {}", pattern(words)));
                tests.reduce(|any, test| format!("({any} or {test})")).into_iter().collect()
            }
        }
    }

    /// How many records to ask for first.
    pub(super) fn expected(&self) -> u32 {
        match self {
            Where::All => MOST,
            Where::ModifiedSince(_, known) => known.saturating_add(FEW / 2).clamp(FEW, MOST),
            Where::CreatedSince(_) | Where::In { .. } | Where::Holds { .. } => FEW,
        }
    }
}

/// What a look-up of values found, and the values that Zoho's query language does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedUp<T> {
    /// What was found.
    pub found: T,
    /// What could not be asked for: nothing is known of these.
    pub left_out: Vec<String>,
}

/// The most records of a query.
pub(super) const MOST: u32 = 2000;
/// What a query that is expected to bring few asks for first.
const FEW: u32 = 200;
/// The most columns of a query.
pub(super) const COLUMNS: usize = 500;
/// The most values of an `in`.
pub(super) const IN: usize = 100;
/// The most patterns of a query, each a condition; one more says where the page begins.
pub(super) const LIKE: usize = 24;

/// A text literal.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A time as Zoho reads it: whole seconds with an offset.
pub(super) fn stamp(time: Timestamp) -> String {
    time.utc().format("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}
