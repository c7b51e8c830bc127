use std::collections::BTreeMap;

use renraku_core::compile::SetupError;
use renraku_core::contact::{Module, Pair};
use renraku_core::matching::Reason;
use renraku_services::RemoteError;

use super::*;
use crate::text::catalogue::{Catalogue, Language, english};

#[test]
fn every_mistake_in_a_setup_names_what_it_is_about_in_both_languages() {
    let labels = BTreeMap::from([("Last_Name".to_owned(), "姓".to_owned())]);
    let field = || "Last_Name".to_owned();
    let check = |message: &Message, named: &str| {
        for language in [Language::En, Language::Ja] {
            let said = Catalogue::of(language).tell(message);
            assert!(said.contains(named), "{language:?}: \"{named}\" is named in: {said}");
            assert_ne!(said, message.id, "{language:?} has words for it");
        }
    };
    for (error, named) in [
        (SetupError::UnknownField { module: "Leads", field: "Nope".to_owned() }, "Nope"),
        (SetupError::UnknownPlace("nowhere".to_owned()), "nowhere"),
        (
            SetupError::Types {
                field: field(),
                data_type: "text".to_owned(),
                place: "birthdays".to_owned(),
            },
            "姓 (Last_Name)",
        ),
        (SetupError::Twice("biographies".to_owned()), "biographies"),
        (SetupError::NoDefault(field()), "姓 (Last_Name)"),
        (SetupError::BadDefault(field()), "姓 (Last_Name)"),
        (SetupError::ReadOnly(field()), "姓 (Last_Name)"),
        (SetupError::NoRows, ""),
        (SetupError::UnknownMapping("mine".to_owned()), "mine"),
        (SetupError::OutOfRange("frequency_minutes"), "frequency_minutes"),
    ] {
        check(&mistake(&error, &labels), named);
    }
    check(&own_group("starred"), "starred");
    check(&no_view("今月の展示会", Module::Contacts), "今月の展示会");
}

/// Expects a sentence in both languages, with nothing in it that only the program understands.
fn is_told(message: &Message, raw: &[&str]) {
    for language in [Language::En, Language::Ja] {
        let said = Catalogue::of(language).tell(message);
        assert_ne!(said, message.id, "{language:?} has words for {message:?}");
        assert!(!said.contains(['{', '}', '_']), "{language:?}, {message:?}: {said}");
        assert!(said.ends_with(['.', '?', '。', '？', '!']), "{language:?}, a sentence: {said}");
        for code in raw {
            assert!(!said.contains(code), "{language:?}, {message:?}: {said}");
        }
    }
}

#[test]
fn a_missing_right_is_told_as_a_person_would_say_it() {
    for (side, named, english) in [
        (Side::Zoho, "Crm_Implied_View_Contacts", "the right to view contacts"),
        (Side::Zoho, "Crm_Implied_Create_Leads", "the right to create leads"),
        (Side::Zoho, "Crm_Implied_Edit_Vendors", "the right to edit vendors"),
        (Side::Zoho, "Crm_Implied_View_Accounts", "accounts, where Zoho keeps companies"),
        (Side::Zoho, "Crm_Implied_Delete_Tours", "the right to delete what is in Tours"),
        (Side::Zoho, "Crm_Implied_Api_Access", "\"Zoho CRM API Access\""),
        (Side::Zoho, "Crm_Implied_Gcontact_Sync", "\"Sync with Google Contact\""),
        (Side::Zoho, "NO_PERMISSION", "Zoho CRM does not say which"),
        (Side::Google, "PERMISSION_DENIED", "Google Contacts does not say which"),
        (Side::Google, "admin_policy_enforced", "Your organisation does not allow"),
    ] {
        let error = RemoteError::Rights { permission: named.to_owned() };
        let message = Message::from(&error.failure(side));
        is_told(&message, &["Crm", "PERMISSION", "policy"]);
        let said = Catalogue::of(Language::En).tell(&message);
        assert!(said.contains(english), "{named}: {said}");
    }
    // A right that has no words here is named as its service does: an administrator finds it.
    let error = RemoteError::Rights { permission: "Crm_Implied_Customize".to_owned() };
    for language in [Language::En, Language::Ja] {
        let said = Catalogue::of(language).tell(&Message::from(&error.failure(Side::Zoho)));
        assert!(said.contains("Crm_Implied_Customize"), "{said}");
    }
}

fn misfits() -> Vec<Misfit> {
    let refused = |code: &str| Misfit::Refused(code.to_owned());
    let held = |code: &str| Misfit::OnHold { code: code.to_owned() };
    let all = vec![
        Misfit::TooLong { max: 40 },
        Misfit::Email,
        Misfit::Phone,
        Misfit::Url,
        Misfit::Date,
        Misfit::NoYear,
        Misfit::NotInList,
        Misfit::Number,
        Misfit::Flag,
        Misfit::Required,
        Misfit::EmploymentDates,
        Misfit::TooManyEntries,
        Misfit::NoAccount,
        Misfit::AccountsOutOfReach { by_sign_in: true, creating: false },
        Misfit::AccountsOutOfReach { by_sign_in: true, creating: true },
        Misfit::AccountsOutOfReach { by_sign_in: false, creating: false },
        Misfit::AccountsOutOfReach { by_sign_in: false, creating: true },
        Misfit::AccountRefused {
            field: "Industry".to_owned(),
            code: "MANDATORY_NOT_FOUND".to_owned(),
            company: None,
        },
        Misfit::AccountRefused {
            field: "Account_Name".to_owned(),
            code: "INVALID_DATA".to_owned(),
            company: Some("Acme".to_owned()),
        },
        Misfit::AccountRefused {
            field: String::new(),
            code: "LICENSE_LIMIT_EXCEEDED".to_owned(),
            company: None,
        },
        Misfit::AccountRefused { field: String::new(), code: "NEW".to_owned(), company: None },
        Misfit::AccountNotTaken { company: "Acme".to_owned() },
        Misfit::Unasked,
        Misfit::SeveralAccounts,
        Misfit::TakenElsewhere { module: "Leads".to_owned() },
        held("RECORD_LOCKED"),
        held("NOT_REVIEWED"),
        held("NOT_APPROVED"),
        held("RECORD_IN_BLUEPRINT"),
        refused(""),
        refused("INVALID_DATA"),
        refused("INVALID_ARGUMENT"),
        refused("NO_PERMISSION"),
        refused("PERMISSION_DENIED"),
        refused("NOT_ALLOWED"),
        refused("INTERNAL"),
        refused("INTERNAL_ERROR"),
    ];
    let last = |misfit: &Misfit| match misfit {
        // A new kind is added to the list above.
        Misfit::TooLong { .. }
        | Misfit::Email
        | Misfit::Phone
        | Misfit::Url
        | Misfit::Date
        | Misfit::NoYear
        | Misfit::NotInList
        | Misfit::Number
        | Misfit::Flag
        | Misfit::Required
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
        | Misfit::Refused(_) => misfit.clone(),
    };
    all.iter().map(last).collect()
}

fn asked(about: About) -> Message {
    let ids = Pair { zoho: None, google: None };
    question(&Question { key: String::new(), contact: "Vell".to_owned(), ids, about })
}

#[test]
fn whatever_a_service_does_not_take_is_told_in_a_sentence_that_names_the_field() {
    let labels = BTreeMap::from([("Last_Name".to_owned(), "姓".to_owned())]);
    let raw = ["RECORD", "NOT_", "INVALID", "PERMISSION", "INTERNAL"];
    for misfit in misfits() {
        for side in Side::BOTH {
            for field in ["Last_Name", ""] {
                let (misfit, field) = (misfit.clone(), field.to_owned());
                let held = matches!(misfit, Misfit::OnHold { .. });
                let about = About::Misfit { side, field: field.clone(), misfit, judged: true };
                assert_eq!(question_field(&about).is_some(), !field.is_empty());
                let message = asked(about).labelled(&labels);
                is_told(&message, &raw);
                let said = Catalogue::of(Language::En).tell(&message);
                assert!(held || field.is_empty() || said.contains("姓"), "{said}");
            }
        }
    }
    let about = |field: &str| About::Misfit {
        side: Side::Google,
        field: field.to_owned(),
        misfit: Misfit::Email,
        judged: true,
    };
    let several = about("Last_Name, Title");
    assert_eq!(question_field(&several), None, "it is not one field");
    let said = Catalogue::of(Language::En).tell(&asked(several).labelled(&labels));
    assert!(said.starts_with("姓, Title cannot"), "{said}");
}

#[test]
fn every_question_reason_and_state_has_its_sentence() {
    let reasons = [
        Reason::Mark,
        Reason::Email,
        Reason::NameAndPhone,
        Reason::NameAndEmail,
        Reason::SharedEmail,
        Reason::WholeCard,
        Reason::NameOnly,
        Reason::UniqueField,
        Reason::Decided,
    ];
    let field = || "Title".to_owned();
    for side in Side::BOTH {
        let record = |contact: &str| Holder::Record {
            id: "1".to_owned(),
            contact: contact.to_owned(),
            version: String::new(),
        };
        let holders =
            [record("Ada"), record(""), Holder::Module("Leads".to_owned()), Holder::Unknown];
        let refused = |holder: Holder| {
            let of = move |field: String| About::Refused {
                side,
                field,
                holder: holder.clone(),
                alike: false,
            };
            [of(field()), of(String::new())]
        };
        let mut all: Vec<About> = holders.into_iter().flat_map(refused).collect();
        all.extend(reasons.map(About::Doubtful));
        for yes in [false, true] {
            all.extend([
                About::Deletion { side, edited: yes, put_back: yes },
                About::Duplicate { side, unasked: yes, namesakes: false, apart: false },
                About::Duplicate { side, unasked: false, namesakes: yes, apart: false },
                About::Duplicate { side, unasked: false, namesakes: false, apart: yes },
                About::MassChange { side, contacts: 12, put_back: true, delete: yes },
            ]);
        }
        all.extend([
            About::Unreadable { side },
            About::InOnePiece { fields: vec![field(), "Street".to_owned()] },
            About::Recreate { side },
            About::Merged { side, into: String::new() },
            About::Difference { field: field(), zoho: None, google: Some("0312345678".to_owned()) },
            About::Frozen { field: field() },
            About::Scope { contacts: 3 },
        ]);
        for obstacle in [Obstacle::Edited, Obstacle::ReadOnly, Obstacle::Hidden, Obstacle::Unmapped]
        {
            all.push(About::UndoLeft { side, field: field(), obstacle });
        }
        for about in all {
            is_told(&asked(about), &[]);
        }
        for state in [
            Suspended::OutOfScope(side),
            Suspended::Hidden(side),
            Suspended::TargetGone(side),
            Suspended::Merged(side),
            Suspended::Asked,
            Suspended::Alarm(side),
            Suspended::Unreadable(side),
        ] {
            is_told(&suspended(state), &[]);
        }
        for reason in [
            Why::Changed(side),
            Why::Filled(side),
            Why::Won(side),
            Why::Chosen(side),
            Why::New(side),
            Why::Deleted(side),
            Why::PutBack(side),
            Why::Account,
            Why::Default,
            Why::Label,
            Why::Scope,
            Why::Echo,
            Why::Undo,
        ] {
            is_told(&why(reason), &[]);
        }
    }
    for reason in reasons {
        is_told(&alike("engine-alike", reason), &[]);
        is_told(&alike("engine-why-matched", reason), &[]);
    }
}

#[test]
fn what_has_no_place_in_zoho_has_its_sentence() {
    is_told(&Message::new("engine-why-no-place").with("values", "+1 212 555 1000"), &[]);
}

#[test]
fn whatever_keeps_a_row_at_rest_has_its_sentence() {
    for rest in [Rest::Unseen, Rest::OtherType, Rest::ReadOnly] {
        is_told(&at_rest(rest, &["Title".to_owned()]), &[]);
    }
    is_told(&Message::new("engine-why-at-rest").with("field", "Title"), &[]);
}

#[test]
fn a_number_that_is_no_count_is_shown_as_it_was_typed() {
    let about = About::Difference {
        field: "Phone".to_owned(),
        zoho: Some("0312345678".to_owned()),
        google: Some("007".to_owned()),
    };
    let said = Catalogue::of(Language::En).tell(&asked(about));
    assert!(said.contains("“0312345678”") && said.contains("“007”"), "{said}");
}

#[test]
fn a_sign_in_that_nobody_came_back_from_names_what_likely_kept_them() {
    for (side, own) in
        [(Side::Google, "test users"), (Side::Zoho, "http://localhost:48620/callback")]
    {
        let late = Failure::of(FailureCode::LoginAborted, "error-login-late", side)
            .with("side", side.name())
            .with("redirect", "http://localhost:48620/callback")
            .with("minutes", 1);
        let said = english(&late);
        for cause in ["closed", "another profile", "connected before stays", "within a minute", own]
        {
            assert!(said.contains(cause), "\"{cause}\" in \"{said}\"");
        }
    }
}
