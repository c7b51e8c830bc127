use super::*;
use crate::zoho::condition::Where;

#[test]
fn what_a_query_says() {
    let values = ["O'Brien's".to_owned(), "ひかり".to_owned()];
    let words = ["Lumen Optics of Oslo".to_owned()];
    let texts = [
        (Where::In { column: "Email", values: &values }, "Email in ('O''Brien''s','ひかり')"),
        (
            Where::Holds { column: "Account_Name", words: &values },
            "(Account_Name like '%O''Brien''s%' or Account_Name like '%ひかり%')",
        ),
        (Where::Holds { column: "Account_Name", words: &words }, "Account_Name like '%Optics%'"),
        (Where::All, "id is not null"),
    ];
    for (condition, text) in texts {
        let asked = query("Contacts", &["Email", "External", "State"], &condition, None, 7);
        let wanted = format!(
            "select id, Email, 'External', State from Contacts where {text} order by id asc limit 7"
        );
        assert_eq!(asked, wanted);
    }
    let after = query("Leads", &["Email"], &Where::All, Some("5"), 7);
    assert!(after.contains("where id > '5' order"), "{after}");
}

#[tokio::test]
async fn one_value_that_zoho_stumbles_over_is_left_out_alone() {
    let refused = || RemoteError::Refused { code: "SYNTAX_ERROR".to_owned(), field: None };
    let failed = || RemoteError::Broken { what: "status 500".to_owned(), unknown: false };
    let values: Vec<String> = ["a", "odd", "b", "c"].map(str::to_owned).to_vec();
    let check = async |stumbles: &dyn Fn(&[String]) -> Option<RemoteError>| {
        let ask = |part: &[String]| {
            let answer = stumbles(part).map_or_else(|| Ok(part.to_vec()), Err);
            std::future::ready(answer)
        };
        by_value(&values, 100, ask).await
    };
    for error in [&refused as &dyn Fn() -> RemoteError, &failed] {
        let odd = |part: &[String]| part.iter().any(|one| one == "odd").then(error);
        let found = check(&odd).await.expect("the others are found");
        assert_eq!((found.found.len(), found.left_out), (3, vec!["odd".to_owned()]), "{}", error());
        let all = |_: &[String]| Some(error());
        assert_eq!(check(&all).await.err(), Some(error()), "whatever is asked for");
    }
}
