//! What a sign-in granted of what was asked for. Zoho spells scopes with and without capitals, in
//! any order, separated by spaces or commas, and one of a whole area stands for its parts.

/// What a sync needs, module by module (Zoho's own list of scopes per call).
pub(crate) const ZOHO: [&str; 13] = [
    CONTACTS,
    "ZohoCRM.modules.leads.ALL",
    "ZohoCRM.modules.vendors.ALL",
    "ZohoCRM.modules.accounts.READ",
    "ZohoCRM.modules.accounts.CREATE",
    "ZohoCRM.coql.READ",
    "ZohoCRM.settings.fields.READ",
    "ZohoCRM.settings.modules.READ",
    "ZohoCRM.settings.layouts.READ",
    "ZohoCRM.settings.custom_views.READ",
    "ZohoCRM.settings.profiles.READ",
    "ZohoCRM.users.READ",
    "ZohoCRM.org.READ",
];
/// The scope without which there is nothing to sync.
const CONTACTS: &str = "ZohoCRM.modules.contacts.ALL";

/// What was told of the right to contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contacts {
    /// It is granted, or nothing was told.
    Granted,
    /// It was left out.
    Missing,
    /// The scopes are told in words that are not understood: the service itself is to be asked.
    Unclear,
}

/// The scopes of a text, in one spelling.
fn spelled(told: &[String]) -> Vec<String> {
    told.iter()
        .flat_map(|text| text.split([',', ' ', '+']))
        .map(|scope| scope.trim().to_lowercase())
        .filter(|scope| !scope.is_empty())
        .collect()
}

/// Whether a granted scope holds an asked one, both in one spelling: it is the same, of a whole area,
/// or of all that can be done there.
fn holds(granted: &str, asked: &str) -> bool {
    let whole = |scope: &str| scope.strip_suffix(".all").map(ToOwned::to_owned);
    granted == asked
        || whole(granted)
            .is_some_and(|area| asked.strip_prefix(&area).is_some_and(|rest| rest.starts_with('.')))
}

/// The asked scopes that nothing told holds; none where nothing was told.
pub(crate) fn missing(told: &[String]) -> Vec<&'static str> {
    let told = spelled(told);
    if told.is_empty() {
        return Vec::new();
    }
    let lacks = |asked: &&str| {
        let asked = asked.to_lowercase();
        !told.iter().any(|granted| holds(granted, &asked))
    };
    ZOHO.into_iter().filter(lacks).collect()
}

/// What was told of the right to contacts.
pub(super) fn contacts(told: &[String]) -> Contacts {
    if !missing(told).contains(&CONTACTS) {
        Contacts::Granted
    } else if spelled(told).iter().any(|scope| scope.starts_with("zohocrm.")) {
        Contacts::Missing
    } else {
        Contacts::Unclear
    }
}

/// What will not work without a scope, as the catalogue names it.
pub(crate) fn purpose(scope: &str) -> &'static str {
    match scope {
        CONTACTS => "lack-contacts",
        "ZohoCRM.modules.leads.ALL" => "lack-leads",
        "ZohoCRM.modules.vendors.ALL" => "lack-vendors",
        "ZohoCRM.modules.accounts.READ" | "ZohoCRM.modules.accounts.CREATE" => "lack-companies",
        "ZohoCRM.coql.READ" => "lack-queries",
        _ => "lack-setup",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        vec![text.to_owned()]
    }

    #[test]
    fn scopes_are_compared_however_they_are_spelled() {
        let all = ZOHO.join(" ");
        let reversed = ZOHO.into_iter().rev().collect::<Vec<_>>().join(",");
        for (text, why) in [
            (all.clone(), "as asked"),
            (all.to_uppercase(), "in capitals"),
            (reversed, "in another order, with commas"),
            (
                "ZohoCRM.modules.ALL ZohoCRM.settings.ALL ZohoCRM.coql.READ ZohoCRM.Users.Read \
              ZohoCRM.org.ALL"
                    .to_owned(),
                "as whole areas",
            ),
            (format!("{all} AaaServer.profile.Read"), "with more than was asked for"),
            (String::new(), "not told"),
        ] {
            assert_eq!(missing(&told(&text)), Vec::<&str>::new(), "{why}");
            assert_eq!(contacts(&told(&text)), Contacts::Granted, "{why}");
        }
    }

    #[test]
    fn what_is_missing_is_found() {
        let without = |left_out: &str| {
            let rest = ZOHO.into_iter().filter(|scope| *scope != left_out);
            told(&rest.collect::<Vec<_>>().join(" "))
        };
        for scope in ZOHO {
            assert_eq!(missing(&without(scope)), [scope]);
            let expected = if scope == CONTACTS { Contacts::Missing } else { Contacts::Granted };
            assert_eq!(contacts(&without(scope)), expected, "{scope}");
        }
        let read = told("ZohoCRM.modules.contacts.READ");
        assert_eq!(contacts(&read), Contacts::Missing, "reading is not writing");
        let near = told("ZohoCRM.modules.contacts_archive.ALL");
        assert_eq!(contacts(&near), Contacts::Missing, "another module's");
        assert_eq!(contacts(&told("crm-full")), Contacts::Unclear, "other words");
    }
}
