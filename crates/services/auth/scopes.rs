//! What a sign-in granted of what was asked for. Zoho spells scopes with and without capitals, in
//! any order, separated by spaces or commas, and one of a whole area stands for its parts.

use renraku_core::contact::Module;
use reqwest::Method;

/// Google's scope, without which nothing can be synced.
pub(crate) const GOOGLE_CONTACTS: &str = "https://www.googleapis.com/auth/contacts";
/// What is asked for at Google: who it is, and the contacts.
pub(super) const GOOGLE: [&str; 3] = ["openid", "email", GOOGLE_CONTACTS];
/// What a sync needs, module by module (Zoho's own list of scopes per call).
pub(crate) const ZOHO: [&str; 13] = [
    CONTACTS,
    "ZohoCRM.modules.leads.ALL",
    "ZohoCRM.modules.vendors.ALL",
    ACCOUNTS,
    NEW_ACCOUNTS,
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
/// The scopes that let companies be looked up, and new ones be made.
const ACCOUNTS: &str = "ZohoCRM.modules.accounts.READ";
const NEW_ACCOUNTS: &str = "ZohoCRM.modules.accounts.CREATE";

/// Scopes of a whole module, and their part that deletes.
const DELETING: [(&str, &str); 3] = [
    (CONTACTS, "ZohoCRM.modules.contacts.DELETE"),
    ("ZohoCRM.modules.leads.ALL", "ZohoCRM.modules.leads.DELETE"),
    ("ZohoCRM.modules.vendors.ALL", "ZohoCRM.modules.vendors.DELETE"),
];

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

/// Whether a granted scope holds an asked one, both in one spelling: of its area or a wider one, it is
/// the same right, or one that holds it.
fn holds(granted: &str, asked: &str) -> bool {
    let (Some((area, right)), Some((within, wanted))) =
        (granted.rsplit_once('.'), asked.rsplit_once('.'))
    else {
        return granted == asked;
    };
    let inside = within.strip_prefix(area).is_some_and(|r| r.is_empty() || r.starts_with('.'));
    let enough = right == "all"
        || right == wanted
        || (right == "write" && ["create", "update"].contains(&wanted));
    inside && enough
}

/// Whether the granted scopes together hold an asked one: all of an area is also had by its parts. The
/// right to delete is counted apart: most syncs never use it.
fn held(told: &[String], asked: &str) -> bool {
    let one = |asked: &str| told.iter().any(|granted| holds(granted, asked));
    let parts = |area: &str| {
        ["read", "create", "update"].into_iter().all(|part| one(&format!("{area}.{part}")))
    };
    one(asked) || asked.strip_suffix(".all").is_some_and(parts)
}

/// The asked scopes that nothing told holds; none where nothing was told.
pub fn missing(told: &[String]) -> Vec<&'static str> {
    let told = spelled(told);
    if told.is_empty() {
        return Vec::new();
    }
    let lacks = |asked: &&str| !held(&told, &asked.to_lowercase());
    ZOHO.into_iter().filter(lacks).collect()
}

/// Whether the right to create accounts was left out, as far as what was told is understood: it names
/// the right to see them.
pub fn withholds_new_accounts(told: &[String]) -> bool {
    let told = spelled(told);
    held(&told, &ACCOUNTS.to_lowercase()) && !held(&told, &NEW_ACCOUNTS.to_lowercase())
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

/// What it costs to go without a scope, as the catalogue names it; none where everything works all
/// the same.
fn cost(scope: &str) -> Option<&'static str> {
    match scope {
        CONTACTS => Some("lack-contacts"),
        "ZohoCRM.modules.leads.ALL" => Some("lack-leads"),
        "ZohoCRM.modules.vendors.ALL" => Some("lack-vendors"),
        ACCOUNTS => Some("lack-companies"),
        NEW_ACCOUNTS => Some("lack-new-companies"),
        "ZohoCRM.coql.READ" => Some("lack-queries"),
        "ZohoCRM.settings.custom_views.READ" => Some("lack-views"),
        // The module's own flags tell what this user may do, too.
        "ZohoCRM.settings.profiles.READ" => None,
        // Without these nobody is signed in at all.
        "ZohoCRM.users.READ" | "ZohoCRM.org.READ" => None,
        _ => Some("lack-setup"),
    }
}

/// The asked scopes that are missed, each with what it costs.
pub fn costs(told: &[String]) -> Vec<(&'static str, &'static str)> {
    let mut costs: Vec<_> =
        missing(told).into_iter().filter_map(|scope| Some((scope, cost(scope)?))).collect();
    let told = spelled(told);
    let kept = |(all, part): &(&'static str, &'static str)| {
        !told.is_empty()
            && held(&told, &all.to_lowercase())
            && !told.iter().any(|granted| holds(granted, &part.to_lowercase()))
    };
    costs.extend(DELETING.into_iter().filter(kept).map(|(_, part)| (part, "lack-deletions")));
    costs
}

/// The scope that lets a module's records be read and written.
pub fn of_module(module: Module) -> &'static str {
    match module {
        Module::Contacts => CONTACTS,
        Module::Leads => "ZohoCRM.modules.leads.ALL",
        Module::Vendors => "ZohoCRM.modules.vendors.ALL",
    }
}

/// The scope that a call needs: its method, and its path from behind the API's version.
pub(crate) fn of_call(method: &Method, path: &str) -> &'static str {
    let path = path.split('?').next().unwrap_or_default().trim_matches('/').to_lowercase();
    let mut parts = path.split('/');
    let area = match (parts.next().unwrap_or_default(), parts.next()) {
        ("settings", Some(area)) => format!("zohocrm.settings.{area}.read"),
        (area @ ("users" | "org" | "coql"), _) => format!("zohocrm.{area}.read"),
        ("accounts", _) if *method == Method::GET => "zohocrm.modules.accounts.read".to_owned(),
        ("accounts", _) => "zohocrm.modules.accounts.create".to_owned(),
        (module, _) => format!("zohocrm.modules.{module}.all"),
    };
    ZOHO.into_iter().find(|scope| scope.to_lowercase() == area).unwrap_or(CONTACTS)
}

/// What a scope is for, as the catalogue's selectors name it.
pub fn right(scope: &str) -> &'static str {
    match scope {
        CONTACTS | GOOGLE_CONTACTS => "contacts",
        "ZohoCRM.modules.leads.ALL" => "leads",
        "ZohoCRM.modules.vendors.ALL" => "vendors",
        "ZohoCRM.modules.accounts.READ" | "ZohoCRM.modules.accounts.CREATE" => "accounts",
        "ZohoCRM.users.READ" | "ZohoCRM.org.READ" => "who",
        "ZohoCRM.coql.READ" => "queries",
        "ZohoCRM.settings.custom_views.READ" => "views",
        _ => "setup",
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
    fn a_right_is_had_by_its_parts_together() {
        let rest =
            ZOHO.into_iter().filter(|scope| *scope != CONTACTS).collect::<Vec<_>>().join(" ");
        for (parts, granted, deletes) in [
            ("READ CREATE UPDATE DELETE", true, true),
            ("delete update create read", true, true),
            ("Read Write", true, false),
            ("READ CREATE UPDATE", true, false),
            ("READ CREATE", false, false),
            ("CREATE UPDATE DELETE", false, false),
            ("READ", false, false),
        ] {
            let parts: Vec<String> =
                parts.split(' ').map(|part| format!("zohocrm.Modules.Contacts.{part}")).collect();
            let told = told(&format!("{rest},{}", parts.join("+")));
            let expected = if granted { Contacts::Granted } else { Contacts::Missing };
            assert_eq!(contacts(&told), expected, "{parts:?}");
            let costs = costs(&told);
            let warned = costs.iter().any(|(_, cost)| *cost == "lack-deletions");
            assert_eq!(warned, granted && !deletes, "{parts:?}: {costs:?}");
        }
        let wide = told(&format!("{rest} ZohoCRM.modules.READ ZohoCRM.modules.WRITE"));
        assert_eq!(contacts(&wide), Contacts::Granted, "of every module");
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

    #[test]
    fn every_call_names_the_scope_that_it_needs() {
        for (method, path, scope) in [
            (Method::GET, "/Contacts?fields=id", "ZohoCRM.modules.contacts.ALL"),
            (Method::GET, "/Contacts/deleted?type=all", "ZohoCRM.modules.contacts.ALL"),
            (Method::PUT, "/Leads", "ZohoCRM.modules.leads.ALL"),
            (Method::DELETE, "/Vendors?ids=1", "ZohoCRM.modules.vendors.ALL"),
            (Method::GET, "/Accounts?page=1", "ZohoCRM.modules.accounts.READ"),
            (Method::POST, "/Accounts", "ZohoCRM.modules.accounts.CREATE"),
            (Method::POST, "/coql", "ZohoCRM.coql.READ"),
            (Method::GET, "/settings/fields?module=Leads", "ZohoCRM.settings.fields.READ"),
            (Method::GET, "/settings/modules", "ZohoCRM.settings.modules.READ"),
            (Method::GET, "/settings/layouts?module=Leads", "ZohoCRM.settings.layouts.READ"),
            (Method::GET, "/settings/custom_views", "ZohoCRM.settings.custom_views.READ"),
            (Method::GET, "/settings/profiles/7", "ZohoCRM.settings.profiles.READ"),
            (Method::GET, "/users?type=CurrentUser", "ZohoCRM.users.READ"),
            (Method::GET, "/org", "ZohoCRM.org.READ"),
        ] {
            assert_eq!(of_call(&method, path), scope, "{method} {path}");
        }
        for module in [Module::Contacts, Module::Leads, Module::Vendors] {
            let path = format!("/{}", module.api_name());
            assert_eq!(of_call(&Method::PUT, &path), of_module(module));
        }
    }
}
