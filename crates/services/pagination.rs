//! A list that never ends is noticed: a service that repeats itself must not hold a run for ever.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::RemoteError;
use super::http::broken;

/// The most pages of one list. At 200 contacts a page this is two million of them.
const MOST_PAGES: u32 = 10_000;
/// The most pages in a row that bring nobody new. Google may send empty pages between full ones, and
/// a list that changes while it is read shows some contacts twice.
const MOST_STALE: u32 = 50;

/// What has come of one list so far. Only digests are kept: eight bytes a contact.
#[derive(Debug, Default)]
pub(crate) struct Pagination {
    ids: HashSet<u64>,
    tokens: HashSet<u64>,
    pages: u32,
    stale: u32,
}

impl Pagination {
    /// Takes note of a page: who is on it, and the token of the next one where the service gives
    /// tokens.
    ///
    /// # Errors
    /// [`RemoteError::Broken`] where a token comes a second time, where page after page brings
    /// nobody new, or where there are more pages than any account has.
    pub(crate) fn page<'a>(
        &mut self,
        ids: impl IntoIterator<Item = &'a str>,
        next: Option<&str>,
    ) -> Result<(), RemoteError> {
        let known = self.ids.len();
        self.ids.extend(ids.into_iter().map(digest));
        self.pages += 1;
        self.stale = if self.ids.len() > known { 0 } else { self.stale + 1 };
        let repeated = next.is_some_and(|token| !self.tokens.insert(digest(token)));
        if repeated || self.pages > MOST_PAGES || self.stale > MOST_STALE {
            return Err(broken("a list without an end", false));
        }
        Ok(())
    }
}

fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many pages are taken of a list that would go on for ever.
    fn taken(page: impl Fn(u32) -> (Vec<String>, Option<String>)) -> u32 {
        let mut pages = Pagination::default();
        (1..)
            .take_while(|number| {
                let (ids, next) = page(*number);
                pages.page(ids.iter().map(String::as_str), next.as_deref()).is_ok()
            })
            .last()
            .unwrap_or(0)
    }

    #[test]
    fn a_list_without_an_end_is_left() {
        let some = |number: u32| vec![format!("people/c{number}")];
        let token = |number: u32| Some(format!("P{number}"));
        let cases = [
            ("the same token again", taken(|n| (some(n), token(7))), 1),
            ("tokens that go in a circle", taken(|n| (some(n), token(n % 3))), 3),
            ("empty pages", taken(|n| (Vec::new(), token(n))), MOST_STALE),
            ("the same contacts again", taken(|n| (some(1), token(n))), MOST_STALE + 1),
            ("pages by number, always somebody new", taken(|n| (some(n), None)), MOST_PAGES),
        ];
        for (why, taken, expected) in cases {
            assert_eq!(taken, expected, "{why}");
        }
    }

    #[test]
    fn empty_pages_between_full_ones_are_no_end() {
        let mut pages = Pagination::default();
        for number in 0..MOST_STALE * 4 {
            let id = format!("people/c{number}");
            let ids = (number % MOST_STALE == 0).then_some(id.as_str());
            pages.page(ids, Some(&format!("P{number}"))).expect("a list that moves");
        }
    }
}
