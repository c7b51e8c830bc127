//! The two pages for a person's hand, used as a browser without scripts would.

use renraku_sandbox::{Language, People, Side};
use serde_json::json;

use crate::setup::World;

impl World {
    async fn page(&self, url: &str) -> String {
        let response = self.http.get(url).send().await.expect("a page");
        assert_eq!(response.status().as_u16(), 200, "{url}");
        response.text().await.expect("text")
    }

    async fn send(&self, url: &str, form: &[(&str, &str)]) -> u16 {
        self.http.post(url).form(form).send().await.expect("an answer").status().as_u16()
    }
}

#[tokio::test]
async fn google_page() {
    let world = World::new(People::Sample).await;
    let base = world.sandbox.google_page();
    let home = world.page(&base).await;
    for id in ["search", "label", "new", "contacts", "tab-labels", "tab-faults"] {
        assert!(home.contains(&format!("id=\"{id}\"")), "{id}");
    }
    let new = [
        ("familyName", "Page"),
        ("givenName", "Paula"),
        ("email-0", "paula@page.test"),
        ("email-0-type", "work"),
        ("phone-0", "+1 555 0100"),
        ("phone-0-type", "mobile"),
        ("address-0-street", "1 <b>Street</b>"),
        ("birthday-month", "5"),
        ("birthday-day", "6"),
        ("biography", "one\r\ntwo"),
        ("custom-0-key", "Loyalty_ID"),
        ("custom-0-value", "L-1"),
        ("org-name", "Acme"),
    ];
    assert_eq!(world.send(&format!("{base}ui/save"), &new).await, 302);
    let found = world.page(&format!("{base}?q=paula@page.test")).await;
    let name = found
        .split("data-id=\"")
        .nth(1)
        .and_then(|t| t.split('"').next())
        .expect("a row")
        .to_owned();
    let store = world
        .g(
            "GET",
            &format!("{name}?personFields=biographies,birthdays,emailAddresses,userDefined"),
            None,
        )
        .await;
    assert_eq!(store.text("/biographies/0/value"), "one\ntwo");
    assert_eq!(store.at("/birthdays/0/date"), json!({"month": 5, "day": 6}));
    let form = world.page(&format!("{base}ui/edit?id={name}")).await;
    assert!(form.contains("1 &lt;b&gt;Street&lt;/b&gt;") && form.contains("id=\"email-1\""));
    assert_eq!(world.send(&format!("{base}ui/delete"), &[("id", &name)]).await, 302);
    assert!(world.page(&format!("{base}?bin=1")).await.contains(&name));
    assert_eq!(world.send(&format!("{base}ui/restore"), &[("id", &name)]).await, 302);
    assert_eq!(
        world.send(&format!("{base}ui/labels"), &[("name", "Page label"), ("do", "create")]).await,
        302
    );
    assert!(world.page(&format!("{base}ui/labels")).await.contains("Page label"));
    let fields = "people/me/connections?personFields=names&requestSyncToken=true";
    assert_eq!(world.send(&format!("{base}ui/faults"), &[("pull", "expire-sync")]).await, 302);
    assert_eq!(world.send(&format!("{base}ui/faults"), &[("pull", "too-many")]).await, 302);
    assert_eq!(world.g("GET", fields, None).await.status, 429);
    assert_eq!(world.send(&format!("{base}ui/faults"), &[("pull", "clear")]).await, 302);
    assert_eq!(world.g("GET", fields, None).await.status, 200);
    world.sandbox.stop().await;
}

#[tokio::test]
async fn zoho_page() {
    let world = World::new(People::Sample).await;
    let base = world.sandbox.zoho_page();
    for module in ["Contacts", "Leads", "Vendors", "Accounts"] {
        let page = world.page(&format!("{base}?module={module}")).await;
        assert!(page.contains("id=\"records\"") && page.contains("class=\"open\""), "{module}");
    }
    let new = [
        ("module", "Contacts"),
        ("Last_Name", "Page"),
        ("Email", "paul@page.test"),
        ("Account_Name", "Page & Sons"),
        ("Interests", "Tea, Golf"),
    ];
    assert_eq!(world.send(&format!("{base}ui/save"), &new).await, 302);
    let found = world.page(&format!("{base}?module=Contacts&q=paul@page.test")).await;
    let id = found
        .split("data-id=\"")
        .nth(1)
        .and_then(|t| t.split('"').next())
        .expect("a row")
        .to_owned();
    let record = world.z("GET", &format!("Contacts/{id}"), None).await;
    assert_eq!(
        (record.text("/data/0/Account_Name/name").as_str(), record.at("/data/0/Interests")),
        ("Page & Sons", json!(["Tea", "Golf"]))
    );
    let before = world.control.store(Side::Zoho);
    let form = world.page(&format!("{base}ui/edit?module=Contacts&id={id}")).await;
    assert!(form.contains("id=\"field-Last_Name\"") && form.contains("value=\"Page &amp; Sons\""));
    let mut same = new.to_vec();
    same.push(("id", &id));
    assert_eq!(world.send(&format!("{base}ui/save"), &same).await, 302);
    assert_eq!(
        world.control.store(Side::Zoho).pointer("/modules/Contacts"),
        before.pointer("/modules/Contacts"),
        "nothing changed, nothing written"
    );
    assert_eq!(
        world
            .send(
                &format!("{base}ui/save"),
                &[("module", "Contacts"), ("id", &id), ("Last_Name", "")]
            )
            .await,
        400
    );
    assert_eq!(
        world
            .send(
                &format!("{base}ui/save"),
                &[("module", "Contacts"), ("id", &id), ("Last_Name", "P"), ("Email", "bad")]
            )
            .await,
        400
    );
    assert_eq!(
        world.send(&format!("{base}ui/delete"), &[("module", "Contacts"), ("id", &id)]).await,
        302
    );
    assert_eq!(
        world.send(&format!("{base}ui/restore"), &[("module", "Contacts"), ("id", &id)]).await,
        302
    );
    let view = [
        ("module", "Contacts"),
        ("name", "Pages"),
        ("condition", "Last_Name = 'Page'"),
        ("do", "save"),
    ];
    assert_eq!(world.send(&format!("{base}ui/views"), &view).await, 302);
    assert!(world.page(&format!("{base}ui/views")).await.contains("Pages"));
    assert_eq!(
        world
            .send(
                &format!("{base}ui/rights"),
                &[("Contacts-view", "1"), ("Contacts-visible", "1"), ("api_access", "1")]
            )
            .await,
        302
    );
    let modules = world.z("GET", "settings/modules/Contacts", None).await;
    assert_eq!(
        (modules.at("/modules/0/viewable"), modules.at("/modules/0/editable")),
        (json!(true), json!(false))
    );
    world.sandbox.stop().await;
}

/// What a page shows or tells in English: texts and attributes that people read, without styles, and
/// without the names of views, their conditions and what lists offer, which are data.
fn english(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for part in page.split('<') {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        let attributes = ["placeholder=\"", "aria-label=\"", "title=\""];
        let told = attributes.iter().filter_map(|name| tag.split_once(name)?.1.split('"').next());
        let told = told.filter(|text| !text.contains(" = "));
        let data = ["style", "option", "a href=\"/?module="];
        let text = Some(text.trim())
            .filter(|text| !data.iter().any(|one| tag.starts_with(one)) && !text.contains(" = "));
        found.extend(told.chain(text).filter(|text| is_english(text)));
    }
    found
}

/// Whether a text is words of English; addresses and what is called the same in Japanese are not.
fn is_english(text: &str) -> bool {
    let same = ["CRM", "FAX", "Skype ID", "Twitter"];
    let letters = text.chars().filter(char::is_ascii_alphabetic).count();
    letters > 1 && text.is_ascii() && !text.contains('@') && !same.contains(&text)
}

#[tokio::test]
async fn the_pages_speak_japanese_wherever_nobody_has_typed_anything() {
    let world = World::new(People::Empty).await;
    world.control.set_switches(|switches| switches.zoho.language = Language::Ja);
    let (google, zoho) = (world.sandbox.google_page(), world.sandbox.zoho_page());
    for lever in ["too-many", "drop-next", "slow"] {
        for base in [&google, &zoho] {
            world.send(&format!("{base}ui/faults"), &[("pull", lever)]).await;
        }
    }
    let mut pages = Vec::new();
    for path in ["", "?bin=1", "ui/new", "ui/labels", "ui/faults"] {
        pages.push(format!("{google}{path}"));
    }
    for module in ["Contacts", "Leads", "Vendors", "Accounts"] {
        for path in ["?", "?bin=1&", "ui/new?"] {
            pages.push(format!("{zoho}{path}module={module}"));
        }
    }
    for path in ["ui/views", "ui/rights", "ui/faults"] {
        pages.push(format!("{zoho}{path}"));
    }
    let mut left = std::collections::BTreeSet::new();
    for address in pages {
        let page = world.page(&address).await;
        assert!(page.contains("<html lang=\"ja\">"), "{address}");
        left.extend(english(&page).into_iter().map(str::to_owned));
    }
    assert!(left.is_empty(), "{left:?}");
    let view = [
        ("module", "Leads"),
        ("name", "Pages"),
        ("condition", "Last_Name = 'Page'"),
        ("do", "save"),
    ];
    assert_eq!(world.send(&format!("{zoho}ui/views"), &view).await, 302);
    let views = world.page(&format!("{zoho}ui/views")).await;
    assert!(views.contains("<option value=\"Leads\">見込み客</option>"), "what is sent stays");
    world.sandbox.stop().await;
}
