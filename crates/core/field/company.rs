//! Companies' names. The legal form is written in many ways, before the name or behind it; people
//! leave it out as they like. The name without it says whether two may be the same company, and two
//! different legal forms say that they are not.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::fold;

/// A legal form, by the way in which it is written out first in this list.
type Form = &'static str;

/// Japanese legal forms, folded: they stand before the name or behind it, without a space.
const JAPANESE: [(&str, Form); 24] = [
    ("株式会社", "株式会社"),
    ("株式會社", "株式会社"),
    ("(株)", "株式会社"),
    ("有限会社", "有限会社"),
    ("有限會社", "有限会社"),
    ("(有)", "有限会社"),
    ("合同会社", "合同会社"),
    ("(同)", "合同会社"),
    ("(合)", "合同会社"),
    ("合資会社", "合資会社"),
    ("(資)", "合資会社"),
    ("合名会社", "合名会社"),
    ("(名)", "合名会社"),
    ("一般社団法人", "社団法人"),
    ("公益社団法人", "社団法人"),
    ("(一社)", "社団法人"),
    ("(社)", "社団法人"),
    ("一般財団法人", "財団法人"),
    ("公益財団法人", "財団法人"),
    ("(一財)", "財団法人"),
    ("(財)", "財団法人"),
    ("医療法人", "医療法人"),
    ("(医)", "医療法人"),
    ("学校法人", "学校法人"),
];

/// Legal forms behind a name, folded, without dots and commas; longer ones first.
const LATIN: [(&str, Form); 45] = [
    ("gmbh & co kg", "gmbh & co kg"),
    ("company limited", "ltd"),
    ("co limited", "ltd"),
    ("pty limited", "pty ltd"),
    ("pte limited", "pte ltd"),
    ("private limited", "pvt ltd"),
    ("pvt ltd", "pvt ltd"),
    ("pty ltd", "pty ltd"),
    ("pte ltd", "pte ltd"),
    ("co ltd", "ltd"),
    ("incorporated", "inc"),
    ("corporation", "corp"),
    ("limited", "ltd"),
    ("inc", "inc"),
    ("corp", "corp"),
    ("ltd", "ltd"),
    ("llc", "llc"),
    ("l l c", "llc"),
    ("llp", "llp"),
    ("lp", "lp"),
    ("plc", "plc"),
    ("gmbh", "gmbh"),
    ("ggmbh", "ggmbh"),
    ("mbh", "gmbh"),
    ("ag", "ag"),
    ("kg", "kg"),
    ("ohg", "ohg"),
    ("ug", "ug"),
    ("se", "se"),
    ("sa", "sa"),
    ("s a", "sa"),
    ("sas", "sas"),
    ("sarl", "sarl"),
    ("srl", "srl"),
    ("s r l", "srl"),
    ("spa", "spa"),
    ("s p a", "spa"),
    ("bv", "bv"),
    ("b v", "bv"),
    ("nv", "nv"),
    ("n v", "nv"),
    ("oy", "oy"),
    ("kk", "株式会社"),
    ("k k", "株式会社"),
    ("co", "co"),
];

/// A company's name, folded, without its legal form; for looking companies up.
#[must_use]
pub fn fold_company(name: &str) -> String {
    split(name).0
}

/// Whether two names mean the same company: the same name, and not two different legal forms.
#[must_use]
pub fn same_company(a: &str, b: &str) -> bool {
    let ((a, form_a), (b, form_b)) = (split(a), split(b));
    a == b && (form_a == form_b || form_a.is_none() || form_b.is_none())
}

/// Whether two names have the same legal form, however it is written, or none.
#[must_use]
pub fn has_same_form(a: &str, b: &str) -> bool {
    split(a).1 == split(b).1
}

/// The name without its legal form as it may stand in Zoho: as it was typed, and in the other width.
/// Each one holds nothing but letters, digits and single spaces between its words; a name without
/// letters and digits has none.
#[must_use]
pub fn company_cores(name: &str) -> Vec<String> {
    let narrow: String = name.nfkc().collect();
    let narrow = letters(&bare(&narrow));
    let typed = letters(&bare(name));
    let wide: String = narrow.chars().map(wide).collect();
    let mut cores = Vec::new();
    for core in [typed, narrow, wide] {
        if !core.is_empty() && !cores.contains(&core) {
            cores.push(core);
        }
    }
    cores
}

/// The folded name without its legal form, and the form.
fn split(name: &str) -> (String, Option<Form>) {
    let folded = fold(name);
    let form = |at: Option<(&'static str, Form)>| at.map(|(_, form)| form);
    let japanese = if folded.is_ascii() { None } else { japanese(&folded) };
    if let Some((written, _)) = japanese {
        let bare = folded.replace(written, "").trim().to_owned();
        return if bare.is_empty() { (folded, None) } else { (bare, form(japanese)) };
    }
    let plain = undotted(&folded);
    match latin(&plain) {
        Some((written, form)) => {
            let bare = plain.strip_suffix(written).unwrap_or_default().trim().to_owned();
            (bare, Some(form))
        }
        None if plain.is_empty() => (folded, None),
        None => (plain, None),
    }
}

/// The Japanese legal form at either end of a folded name.
fn japanese(folded: &str) -> Option<(&'static str, Form)> {
    let at_an_end = |written: &str| folded.starts_with(written) || folded.ends_with(written);
    JAPANESE.into_iter().find(|(written, _)| at_an_end(written))
}

/// The Latin legal form behind a name without dots.
fn latin(plain: &str) -> Option<(&'static str, Form)> {
    let behind = |written: &str| {
        plain.strip_suffix(written).is_some_and(|name| name.ends_with(' ') && name.trim() != "")
    };
    LATIN.into_iter().find(|(written, _)| behind(written))
}

/// Without the dots and commas of a Latin legal form, and with single spaces.
fn undotted(folded: &str) -> String {
    let spaced: String =
        folded.chars().map(|c| if matches!(c, '.' | ',') { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name as it was typed, without its legal form; one of nothing else as it is.
fn bare(name: &str) -> Cow<'_, str> {
    let plain = name.trim();
    let without = |form: &str| {
        let rest = plain.strip_prefix(form).or_else(|| plain.strip_suffix(form));
        rest.map(str::trim).filter(|rest| !rest.is_empty())
    };
    let spelled = JAPANESE.iter().flat_map(|(written, _)| {
        [(*written).to_owned(), written.replace('(', "（").replace(')', "）")]
    });
    let signs = ["㈱", "㈲", "㈳", "㈶", "㈴", "㈾"].map(str::to_owned);
    if let Some(rest) = spelled.chain(signs).find_map(|form| without(&form)) {
        return Cow::Borrowed(rest);
    }
    match latin(&undotted(&fold(plain))) {
        // As many words as the form has are left out behind.
        Some((written, _)) => {
            let words: Vec<&str> =
                plain.split([' ', '\u{3000}', '.', ',']).filter(|word| !word.is_empty()).collect();
            let kept = words.len().saturating_sub(written.split(' ').count());
            Cow::Owned(words.get(..kept).unwrap_or_default().join(" "))
        }
        None => Cow::Borrowed(plain),
    }
}

/// Letters and digits, everything between them as one space.
fn letters(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A printable ASCII character in its full width.
fn wide(c: char) -> char {
    match c {
        '0'..='9' | 'A'..='Z' | 'a'..='z' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
        c => c,
    }
}
