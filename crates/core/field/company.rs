//! Companies' names. The legal form is written in many ways, before the name or behind it; people
//! leave it out as they like. The name without it says whether two may be the same company, and two
//! different legal forms say that they are not.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::key::fold;

/// A legal form, by the way in which it is written out first in this list.
type Form = &'static str;

/// Legal forms of Japan, China and Korea, folded, the longer ones first: they stand before the name or
/// behind it, without a space.
const EAST_ASIAN: [(&str, Form); 31] = [
    ("株式会社", "株式会社"),
    ("株式會社", "株式会社"),
    ("(株)", "株式会社"),
    ("有限会社", "有限会社"),
    ("有限會社", "有限会社"),
    ("(有)", "有限会社"),
    ("合同会社", "合同会社"),
    ("合同會社", "合同会社"),
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
    ("股份有限公司", "股份有限公司"),
    ("有限責任公司", "有限公司"),
    ("有限责任公司", "有限公司"),
    ("有限公司", "有限公司"),
    ("주식회사", "주식회사"),
    ("(주)", "주식회사"),
];

/// Legal forms behind a name, folded, without dots and commas; longer ones first. Each word may be
/// spelled letter by letter, as in *G.m.b.H.*
const LATIN: [(&str, Form); 58] = [
    ("gmbh & co kg", "gmbh & co kg"),
    ("gmbh und co kg", "gmbh & co kg"),
    ("gmbh + co kg", "gmbh & co kg"),
    ("company limited", "ltd"),
    ("co limited", "ltd"),
    ("pty limited", "pty ltd"),
    ("pte limited", "pte ltd"),
    ("private limited", "pvt ltd"),
    ("pvt ltd", "pvt ltd"),
    ("pty ltd", "pty ltd"),
    ("pte ltd", "pte ltd"),
    ("co ltd", "ltd"),
    ("sa de cv", "sa de cv"),
    ("sp z oo", "sp z oo"),
    ("incorporated", "inc"),
    ("corporation", "corp"),
    ("limited", "ltd"),
    ("inc", "inc"),
    ("corp", "corp"),
    ("ltda", "ltda"),
    ("ltd", "ltd"),
    ("llc", "llc"),
    ("llp", "llp"),
    ("lp", "lp"),
    ("plc", "plc"),
    ("ggmbh", "ggmbh"),
    ("gmbh", "gmbh"),
    ("mbh", "gmbh"),
    ("ag", "ag"),
    ("kg", "kg"),
    ("ohg", "ohg"),
    ("ug", "ug"),
    ("ek", "ek"),
    ("ev", "ev"),
    ("eg", "eg"),
    ("se", "se"),
    ("sas", "sas"),
    ("sarl", "sarl"),
    ("sàrl", "sarl"),
    ("sro", "sro"),
    ("srl", "srl"),
    ("spa", "spa"),
    ("sa", "sa"),
    ("sl", "sl"),
    ("doo", "doo"),
    ("kft", "kft"),
    ("bv", "bv"),
    ("nv", "nv"),
    ("oyj", "oyj"),
    ("oy", "oy"),
    ("ab", "ab"),
    ("a/s", "as"),
    ("aps", "aps"),
    ("as", "as"),
    ("kabushiki kaisha", "株式会社"),
    ("kk", "株式会社"),
    ("company", "co"),
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
    let east_asian = if folded.is_ascii() { None } else { east_asian(&folded) };
    if let Some((written, form)) = east_asian {
        let bare = folded.replace(written, "").trim().to_owned();
        return if bare.is_empty() { (folded, None) } else { (bare, Some(form)) };
    }
    let plain = undotted(&folded);
    match latin(&plain) {
        Some((name, form)) => (name.join(" "), Some(form)),
        None if plain.is_empty() => (folded, None),
        None => (plain, None),
    }
}

/// The legal form at either end of a folded name.
fn east_asian(folded: &str) -> Option<(&'static str, Form)> {
    let at_an_end = |written: &str| folded.starts_with(written) || folded.ends_with(written);
    EAST_ASIAN.into_iter().find(|(written, _)| at_an_end(written))
}

/// The words of a name without dots before its Latin legal form, and the form.
fn latin(plain: &str) -> Option<(Vec<&str>, Form)> {
    let words: Vec<&str> = plain.split(' ').collect();
    LATIN.into_iter().find_map(|(written, form)| {
        let name = before(&words, written).filter(|name| !name.is_empty())?;
        Some((name.to_vec(), form))
    })
}

/// The words before a form, each word of which stands there as one or letter by letter.
fn before<'a, 'b>(words: &'a [&'b str], written: &str) -> Option<&'a [&'b str]> {
    let mut rest = words;
    for word in written.split(' ').rev() {
        rest = match rest.split_last() {
            Some((last, others)) if *last == word => others,
            Some(_) | None => {
                let mut letters = word.chars().rev();
                letters.try_fold(rest, |rest, letter| {
                    let (last, others) = rest.split_last()?;
                    last.chars().eq([letter]).then_some(others)
                })?
            }
        };
    }
    Some(rest)
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
    let spelled = EAST_ASIAN.iter().flat_map(|(written, _)| {
        [(*written).to_owned(), written.replace('(', "（").replace(')', "）")]
    });
    let signs = ["㈱", "㈲", "㈳", "㈶", "㈴", "㈾", "㈜"].map(str::to_owned);
    if let Some(rest) = spelled.chain(signs).find_map(|form| without(&form)) {
        return Cow::Borrowed(rest);
    }
    let folded = undotted(&fold(plain));
    match latin(&folded) {
        // As many words as the form has are left out behind.
        Some((name, _)) => {
            let words: Vec<&str> =
                plain.split([' ', '\u{3000}', '.', ',']).filter(|word| !word.is_empty()).collect();
            let form = folded.split(' ').count().saturating_sub(name.len());
            let kept = words.len().saturating_sub(form);
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
