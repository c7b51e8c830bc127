//! What the window says about the app itself, and the outside pages it links to.

use renraku_core::contact::{Module, Side};
use renraku_engine::api::DataCentre;
use renraku_engine::auth::browser;
use renraku_engine::catalogue::Language;
use renraku_engine::support::Desktop;
use renraku_engine::{Failure, Until};
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, Manager};

use crate::preferences::of_system;
use crate::state::{SandboxPages, Shell};
use crate::tray::host;

/// The app and where it runs.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub(crate) struct About {
    version: String,
    data_dir: String,
    sandbox: Option<SandboxPages>,
    /// Whether a tray is there; without one no text mentions it.
    tray: bool,
    system_language: Language,
    /// Whether the timer rests.
    paused: bool,
    /// Until when it rests, where it has an end.
    paused_until: Option<String>,
}

impl About {
    /// As things are now.
    pub(crate) async fn of(app: &AppHandle) -> About {
        let tray = host::is_there().await;
        let shell = app.state::<Shell>();
        let rest = shell.resting();
        let paused_until = rest.and_then(|rest| match rest {
            Until::Time(at) => Some(at.to_string()),
            Until::Resumed => None,
        });
        About {
            version: app.package_info().version.to_string(),
            data_dir: shell.data_dir(),
            sandbox: shell.sandbox().cloned(),
            tray,
            system_language: of_system(),
            paused: rest.is_some(),
            paused_until,
        }
    }
}

/// What can be handed to somebody who helps.
pub(crate) async fn support_text(app: &AppHandle) -> Result<String, Failure> {
    let tray = host::is_there().await;
    let shell = app.state::<Shell>();
    let desktop = Desktop { tray, paused: shell.resting().is_some() };
    shell.engine()?.support(Some(desktop))
}

/// The outside pages; the window cannot open any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Link {
    /// The sandbox's contacts.
    SandboxGoogle,
    /// The sandbox's records.
    SandboxZoho,
    /// Where Google lists the apps that have access.
    GoogleAccess,
    /// Where Zoho lists the apps that have access.
    ZohoAccess,
    /// Where a Google Cloud project is made.
    GoogleProject,
    /// Where the People API is switched on for a project.
    GooglePeopleApi,
    /// Where an app that asks for consent is described to Google.
    GoogleConsent,
    /// Where it is said who may sign in to such an app.
    GoogleAudience,
    /// Where a Google OAuth client is made.
    GoogleClients,
    /// Where a Zoho OAuth client is made, at one of Zoho's data centres.
    ZohoConsole(DataCentre),
}

impl Link {
    /// Opens it in the person's browser.
    pub(crate) fn open(self, app: &AppHandle) -> Result<(), Failure> {
        let shell = app.state::<Shell>();
        let page = |page: fn(&SandboxPages) -> &String| {
            shell.sandbox().map(page).cloned().unwrap_or_default()
        };
        let address = match self {
            Link::SandboxGoogle => page(|p| &p.google),
            Link::SandboxZoho => page(|p| &p.zoho),
            Link::GoogleAccess => shell.engine()?.access_page(Side::Google),
            Link::ZohoAccess => shell.engine()?.access_page(Side::Zoho),
            Link::GoogleProject => "https://console.cloud.google.com/projectcreate".to_owned(),
            Link::GooglePeopleApi => {
                "https://console.cloud.google.com/apis/library/people.googleapis.com".to_owned()
            }
            Link::GoogleConsent => "https://console.cloud.google.com/auth/overview".to_owned(),
            Link::GoogleAudience => "https://console.cloud.google.com/auth/audience".to_owned(),
            Link::GoogleClients => "https://console.cloud.google.com/auth/clients".to_owned(),
            Link::ZohoConsole(centre) => centre.console(),
        };
        browser::open(&address, std::env::var("BROWSER").ok().as_deref())
            .map_err(|failure| failure.with("address", address))
    }
}

/// Opens a contact where the person can look at it and edit it.
pub(crate) fn open_contact(
    app: &AppHandle,
    module: Module,
    side: Side,
    id: &str,
) -> Result<(), Failure> {
    let shell = app.state::<Shell>();
    let centre = match side {
        Side::Zoho => shell.engine()?.accounts()?.zoho.data_centre.unwrap_or_default(),
        Side::Google => String::new(),
    };
    let address = contact_page(shell.sandbox(), &centre, module, side, id);
    browser::open(&address, std::env::var("BROWSER").ok().as_deref())
        .map_err(|failure| failure.with("address", address))
}

/// The page of a contact: the service's own, or the stand-in's.
fn contact_page(
    sandbox: Option<&SandboxPages>,
    centre: &str,
    module: Module,
    side: Side,
    id: &str,
) -> String {
    // Ids are the services' own; whatever else stands in one leads nowhere else.
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-');
    let id: String = id.chars().filter(plain).collect();
    match (sandbox, side) {
        (Some(pages), Side::Zoho) => {
            let root = pages.zoho.trim_end_matches('/');
            format!("{root}/ui/edit?module={}&id={id}", module.api_name())
        }
        (Some(pages), Side::Google) => {
            format!("{}/ui/edit?id={id}", pages.google.trim_end_matches('/'))
        }
        (None, Side::Zoho) => {
            let domain = match centre {
                "eu" => "zoho.eu",
                "in" => "zoho.in",
                "au" => "zoho.com.au",
                "jp" => "zoho.jp",
                "cn" => "zoho.com.cn",
                "ca" => "zohocloud.ca",
                "uk" => "zoho.uk",
                "sa" => "zoho.sa",
                "ae" => "zoho.ae",
                _ => "zoho.com",
            };
            format!("https://crm.{domain}/crm/tab/{}/{id}", module.api_name())
        }
        (None, Side::Google) => {
            format!("https://contacts.google.com/person/{}", id.trim_start_matches("people/"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_has_its_page_in_every_place() {
        let pages = SandboxPages {
            google: "http://127.0.0.1:1/".to_owned(),
            zoho: "http://127.0.0.1:2/".to_owned(),
        };
        let check = |sandbox: Option<&SandboxPages>, centre: &str, side, id: &str, to: &str| {
            assert_eq!(contact_page(sandbox, centre, Module::Leads, side, id), to);
        };
        check(None, "us", Side::Zoho, "57", "https://crm.zoho.com/crm/tab/Leads/57");
        check(None, "jp", Side::Zoho, "57", "https://crm.zoho.jp/crm/tab/Leads/57");
        check(None, "ca", Side::Zoho, "57", "https://crm.zohocloud.ca/crm/tab/Leads/57");
        check(None, "", Side::Google, "people/c9", "https://contacts.google.com/person/c9");
        let own = Some(&pages);
        check(own, "jp", Side::Zoho, "57", "http://127.0.0.1:2/ui/edit?module=Leads&id=57");
        check(own, "", Side::Google, "people/c9", "http://127.0.0.1:1/ui/edit?id=people/c9");
        let odd = "people/c9?next=http://a.test#";
        check(None, "", Side::Google, odd, "https://contacts.google.com/person/c9nexthttp//atest");
    }
}
