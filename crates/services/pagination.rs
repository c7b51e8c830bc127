//! A list that never ends is noticed: a service that repeats itself must not hold a run for ever.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::RemoteError;
use crate::error::{ENDLESS, broken};

/// The most contacts of one list of Zoho's, deleted ones too: five times what it lists.
const MOST_IDS: usize = 500_000;
/// The most people of one list of Google's: four times what an account holds.
pub(crate) const MOST_PEOPLE: usize = 100_000;
/// A list of so many pages brings this many new contacts a page on average, a tenth of what each page
/// may hold.
const MANY_PAGES: u32 = 1_000;
const THIN: usize = 20;
/// The most pages in a row that bring nobody new. Google may send empty pages between full ones, and
/// a list that changes while it is read shows some contacts twice.
const MOST_STALE: u32 = 50;

/// What has come of one list so far. Only digests are kept: eight bytes a contact.
#[derive(Debug)]
pub(crate) struct Pagination {
    most: usize,
    ids: HashSet<u64>,
    tokens: HashSet<u64>,
    pages: u32,
    stale: u32,
}

impl Default for Pagination {
    fn default() -> Self {
        Pagination::of_at_most(MOST_IDS)
    }
}

impl Pagination {
    /// Of a list with at most so many contacts.
    pub(crate) fn of_at_most(most: usize) -> Pagination {
        let (ids, tokens) = (HashSet::new(), HashSet::new());
        Pagination { most, ids, tokens, pages: 0, stale: 0 }
    }

    /// Takes note of a page: who is on it, and the token of the next one where the service gives
    /// tokens.
    ///
    /// # Errors
    /// [`RemoteError::Broken`] where a token comes a second time, where page after page brings
    /// nobody new, or where there are more contacts, or more pages with hardly any, than any account has.
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
        let thin = self.pages > MANY_PAGES
            && usize::try_from(self.pages).is_ok_and(|pages| self.ids.len() < pages * THIN);
        if repeated || thin || self.ids.len() > self.most || self.stale > MOST_STALE {
            return Err(broken(ENDLESS, false));
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
        let full = |number: u32| (0..1_000).map(|one| format!("people/c{number}x{one}")).collect();
        let token = |number: u32| Some(format!("P{number}"));
        let cases = [
            ("the same token again", taken(|n| (some(n), token(7))), 1),
            ("tokens that go in a circle", taken(|n| (some(n), token(n % 3))), 3),
            ("empty pages", taken(|n| (Vec::new(), token(n))), MOST_STALE),
            ("the same contacts again", taken(|n| (some(1), token(n))), MOST_STALE + 1),
            ("pages by number, always somebody new", taken(|n| (some(n), None)), MANY_PAGES),
            ("full pages, always new people", taken(|n| (full(n), token(n))), 500),
            ("full pages by number", taken(|n| (full(n), None)), 500),
        ];
        for (why, taken, expected) in cases {
            assert_eq!(taken, expected, "{why}");
        }
    }

    #[test]
    fn no_account_of_googles_holds_more_people_than_are_taken() {
        let mut pages = Pagination::of_at_most(MOST_PEOPLE);
        let full = (1..).take_while(|number| {
            let ids: Vec<String> = (0..1_000).map(|one| format!("{number}x{one}")).collect();
            pages.page(ids.iter().map(String::as_str), Some(&format!("P{number}"))).is_ok()
        });
        assert_eq!(full.count(), 100);
    }

    #[test]
    fn a_list_as_long_as_a_service_gives_one_comes_to_its_end() {
        for (many, last) in [(200, 2_000), (100, 4_000), (1_000, 100), (1, 900)] {
            let mut pages = Pagination::default();
            for number in 0..last {
                let ids: Vec<String> = (0..many).map(|one| format!("{number}x{one}")).collect();
                let ids = ids.iter().map(String::as_str);
                let taken = pages.page(ids, Some(&format!("P{number}")));
                assert_eq!(taken, Ok(()), "page {number} of {last} with {many} each");
            }
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
