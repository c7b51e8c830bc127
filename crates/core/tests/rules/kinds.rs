//! Values: when two mean the same, what one becomes in Zoho or Google, and how text is folded.

use renraku_core::field::{
    Fit, Kind, Misfit, company_cores, email_key, fold, fold_company, phone_key,
};
use renraku_core::mapping::GooglePath;

use crate::table::{check, expect, value};

pub(crate) fn kind(name: &str) -> Kind {
    let pairs = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(a, d)| ((*a).to_owned(), (*d).to_owned())).collect()
    };
    match name {
        "text" => Kind::Text,
        "note" => Kind::Note,
        "email" => Kind::Email,
        "phone" => Kind::Phone { region: None },
        "phone-jp" => Kind::Phone { region: Some("JP".to_owned()) },
        "phone-us" => Kind::Phone { region: Some("US".to_owned()) },
        "url" => Kind::Url,
        "date" => Kind::Date,
        "choice" => Kind::Choice(pairs(&[("web", "Web site"), ("fair", "展示会")])),
        "choices" => {
            Kind::Choices(pairs(&[("web", "Web site"), ("fair", "展示会"), ("a, b", "A, B")]))
        }
        "swapped" => Kind::Choice(pairs(&[("Left", "Right"), ("Right", "Left")])),
        "moment" => Kind::Moment,
        "number" => Kind::Number,
        "flag" => Kind::Flag,
        "company" => Kind::Company,
        other => panic!("no kind {other}"),
    }
}

#[test]
fn values_that_mean_the_same() {
    check(include_str!("tables/same.txt"), 4, |cells| {
        let (kind, a, b) = (kind(&cells[0]), value(&cells[1]), value(&cells[2]));
        let found = match (kind.same(a, b), kind.edited(a, b)) {
            (true, false) => "same",
            (true, true) => "same but edited",
            (false, _) => "differ",
        };
        assert_eq!(kind.same(a, b), kind.same(b, a), "sameness has no direction");
        expect(&cells[3], found)
    });
}

#[test]
fn what_fits_into_zoho() {
    check(include_str!("tables/fit.txt"), 4, |cells| {
        let max = value(&cells[1]).map(|max| max.parse().expect("a length"));
        let found = match kind(&cells[0]).fit_zoho(&cells[2], max) {
            Fit::Value(text) => format!("={text}"),
            Fit::Skip => "skip".to_owned(),
            Fit::Invalid(misfit) => match misfit {
                Misfit::TooLong { max } => format!("too long, {max}"),
                Misfit::Email => "no e-mail".to_owned(),
                Misfit::Phone => "no phone".to_owned(),
                Misfit::Url => "no address".to_owned(),
                Misfit::Date => "no date".to_owned(),
                Misfit::NotInList => "not in the list".to_owned(),
                Misfit::Number => "no number".to_owned(),
                Misfit::Flag => "neither yes nor no".to_owned(),
                Misfit::Required
                | Misfit::NoYear
                | Misfit::EmploymentDates
                | Misfit::TooManyEntries
                | Misfit::NoAccount
                | Misfit::AccountsOutOfReach { .. }
                | Misfit::AccountRefused { .. }
                | Misfit::AccountNotTaken { .. }
                | Misfit::Unasked
                | Misfit::SeveralAccounts
                | Misfit::TakenElsewhere { .. }
                | Misfit::OnHold { .. }
                | Misfit::Refused(_) => "never said here".to_owned(),
            },
        };
        expect(&cells[3], &found)
    });
}

#[test]
fn what_google_is_given() {
    for (name, value, sent) in [
        ("choice", "web", "web"),
        ("choice", "展示会", "展示会"),
        ("choice", "unknown", "unknown"),
        ("choices", "Web site;展示会", "Web site; 展示会"),
        ("choices", "unknown", "unknown"),
        ("swapped", "Left", "Left"),
        ("text", " as typed ", " as typed "),
        ("text", "Ya\u{200b}ma\u{ad}da\u{feff}", "Yamada"),
        ("text", "👩\u{200d}👧 می\u{200c}خواهم", "👩\u{200d}👧 می\u{200c}خواهم"),
        ("text", "辻\u{e0100}井", "辻\u{e0100}井"),
        ("text", "\u{3164}김\u{3164}철수", "김\u{3164}철수"),
        ("note", "\u{2068}a\u{2069}\nb", "a\nb"),
        ("company", "\u{202a}㈱\u{200b}みなと\u{202c}", "㈱みなと"),
        ("email", "ta\u{200b}ro@example.com", "taro@example.com"),
        ("url", "https://exam\u{ad}ple.com", "https://example.com"),
        ("phone-jp", "\u{202a}03-1234-5678\u{202c}", "03-1234-5678"),
        ("phone-jp", "03-1234-5678", "03-1234-5678"),
        ("date", "1980-05-17", "1980-05-17"),
    ] {
        assert_eq!(kind(name).fit_google(value), sent, "{name} {value}");
    }
}

#[test]
fn folding_for_comparing() {
    check(include_str!("tables/fold.txt"), 3, |cells| {
        let found = match cells[0].as_str() {
            "name" => fold(&cells[1]),
            "company" => fold_company(&cells[1]),
            "email" => email_key(&cells[1]),
            "phone-jp" => phone_key(&cells[1], Some("JP")),
            "phone-us" => phone_key(&cells[1], Some("US")),
            "phone" => phone_key(&cells[1], None),
            other => panic!("no folding {other}"),
        };
        expect(&cells[2], &found)
    });
}

#[test]
fn places_in_a_google_person() {
    check(include_str!("tables/paths.txt"), 2, |cells| match GooglePath::parse(&cells[0]) {
        Ok(path) => expect(&cells[1], &path.to_string()),
        Err(text) => {
            assert_eq!(text, cells[0], "the error names what was written");
            expect(&cells[1], "no such place")
        }
    });
}

#[test]
fn companies_are_looked_for_in_either_width_without_their_legal_form() {
    for (name, cores) in [
        ("㈱みなと", &["みなと"][..]),
        ("（株）ひかり", &["ひかり"]),
        ("ソラ合同会社", &["ソラ"]),
        ("(有)丸山", &["丸山"]),
        ("株式会社ＮＴＴ", &["ＮＴＴ", "NTT"]),
        ("Acme, Inc.", &["Acme", "Ａｃｍｅ"]),
        ("Macy's", &["Macy s", "Ｍａｃｙ ｓ"]),
        ("AC\\DC Co., Ltd.", &["AC DC", "ＡＣ ＤＣ"]),
        ("Müller G.m.b.H. & Co. K.G.", &["Müller", "Ｍüｌｌｅｒ"]),
        ("Rossi S.p.A.", &["Rossi", "Ｒｏｓｓｉ"]),
        ("㈜하늘", &["하늘"]),
        ("株式会社", &["株式会社"]),
        ("&", &[]),
    ] {
        assert_eq!(company_cores(name), cores, "{name}");
    }
}
