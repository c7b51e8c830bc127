//! Zoho has no field of its own for how a Japanese name is read; whoever needs one makes it. It is
//! known by its label.

use crate::field::fold;

/// How a label says that a field holds a reading; as [`fold`] writes it, longer ones first.
const READING: [&str; 11] = [
    "フリガナ",
    "ヨミガナ",
    "読ミ仮名",
    "読仮名",
    "読ミ",
    "ヨミ",
    "カナ",
    "furigana",
    "phonetic",
    "yomigana",
    "kana",
];

/// What is left of the label of a family name's reading.
const FAMILY: [&str; 9] =
    ["姓", "セイ", "苗字", "名字", "ミョウジ", "last", "lastname", "family", "familyname"];

/// What is left of the label of a given name's reading.
const GIVEN: [&str; 6] = ["名", "メイ", "first", "firstname", "given", "givenname"];

/// The Google place that a field of this label is mapped to by default, where it reads like the
/// reading of a family or of a given name: 姓（フリガナ）, よみがな 名, Phonetic Last Name. A
/// reading of the whole name, or of a company, is none of either.
#[must_use]
pub fn reading_place(label: &str) -> Option<&'static str> {
    let folded = fold(label);
    let word = READING.iter().find(|word| folded.contains(**word))?;
    let rest: String =
        folded.replacen(word, "", 1).chars().filter(|c| c.is_alphanumeric()).collect();
    let rest = rest.strip_suffix('ノ').unwrap_or(&rest);
    if FAMILY.contains(&rest) {
        Some("names.phoneticFamilyName")
    } else if GIVEN.contains(&rest) {
        Some("names.phoneticGivenName")
    } else {
        None
    }
}
