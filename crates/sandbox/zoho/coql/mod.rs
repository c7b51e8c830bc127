//! COQL: Zoho's query language, read by a small parser and run against the store.

pub(crate) mod eval;
pub(crate) mod parse;

/// A literal as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lit {
    pub(crate) text: String,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    In,
    NotIn,
    Like,
    NotLike,
    Null,
    NotNull,
    Between,
    NotBetween,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cond {
    And(Box<Cond>, Box<Cond>),
    Or(Box<Cond>, Box<Cond>),
    Test { field: String, op: Op, values: Vec<Lit> },
}

impl Cond {
    /// How many comparisons it holds.
    pub(crate) fn tests(&self) -> usize {
        match self {
            Self::And(a, b) | Self::Or(a, b) => a.tests() + b.tests(),
            Self::Test { .. } => 1,
        }
    }
}

/// A whole query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    pub(crate) columns: Vec<String>,
    pub(crate) module: String,
    pub(crate) condition: Cond,
    /// Field and whether ascending.
    pub(crate) order: Vec<(String, bool)>,
    pub(crate) offset: usize,
    pub(crate) limit: usize,
}

/// Why a query was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The text is no query; what stands near the place.
    Syntax(String),
    /// A part of it is not allowed.
    Invalid(String),
    /// A limit of the language.
    Limit(usize),
}
