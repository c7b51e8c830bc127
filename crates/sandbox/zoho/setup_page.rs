//! The pages for list views and for the profile's rights.

use super::act::ZohoAct;
use super::actions::act;
use super::page::{framed, missing, refused};
use crate::html::esc;
use crate::http::{Call, Reply, field};
use crate::world::World;

pub(super) fn views(world: &World, call: &Call) -> Reply {
    let zoho = world.zoho();
    let mut sections = String::new();
    for module in zoho.orgs.first().into_iter().flat_map(|o| o.modules.values()) {
        let rows: String = module
            .views
            .iter()
            .map(|v| {
                let drop = if v.system_name.is_some() {
                    String::new()
                } else {
                    format!(
                        "<form method=\"post\" action=\"/ui/views\"><input type=\"hidden\" name=\"module\" value=\"{}\"><input type=\"hidden\" name=\"name\" value=\"{}\"><button class=\"danger\" name=\"do\" value=\"drop\">Delete</button></form>",
                        module.api_name,
                        esc(&v.name)
                    )
                };
                format!(
                    "<tr data-id=\"{id}\"><td><a href=\"/?module={}&amp;view={id}\">{}</a></td><td>{}</td><td>{drop}</td></tr>",
                    module.api_name,
                    esc(&v.name),
                    if v.condition.is_empty() { "all records".to_owned() } else { esc(&v.condition) },
                    id = v.id
                )
            })
            .collect();
        sections.push_str(&format!(
            "<h2>{}</h2><table><thead><tr><th>View</th><th>Condition</th><th></th></tr></thead><tbody>{rows}</tbody></table>",
            esc(&module.plural)
        ));
    }
    drop(zoho);
    let chosen = call.param("module").unwrap_or("Contacts");
    let options: String = ["Contacts", "Leads", "Vendors", "Accounts"]
        .iter()
        .map(|m| {
            let selected = if *m == chosen { " selected" } else { "" };
            format!("<option value=\"{m}\"{selected}>{m}</option>")
        })
        .collect();
    let body = format!(
        "<h1>Views</h1><form method=\"post\" action=\"/ui/views\" class=\"card grid\"><label for=\"module\">Module</label><select id=\"module\" name=\"module\">{options}</select>\
         <label for=\"view-name\">Name</label><input type=\"text\" id=\"view-name\" name=\"name\" required>\
         <label for=\"view-condition\">Condition</label><input type=\"text\" id=\"view-condition\" name=\"condition\" placeholder=\"Customer_Rank = 'VIP'\" required>\
         <span></span><button class=\"main\" id=\"save-view\" name=\"do\" value=\"save\">Save view</button></form>{sections}"
    );
    framed("views", "Views", &body, world)
}

pub(super) fn change_view(world: &World, call: &Call) -> Reply {
    let (switches, now) = (world.switches(), world.clock.now());
    let values = call.form();
    let text = |name: &str| field(&values, name).unwrap_or("").trim().to_owned();
    let change = if field(&values, "do") == Some("drop") {
        ZohoAct::DropView { module: text("module"), name: text("name") }
    } else {
        ZohoAct::View { module: text("module"), name: text("name"), condition: text("condition") }
    };
    match act(&mut world.zoho(), 0, change, &switches.zoho, now) {
        Ok(_) => Reply::redirect("/ui/views"),
        Err(text) => refused(&text),
    }
}

const GENERAL: [(&str, &str); 3] = [
    ("api_access", "Zoho CRM API access"),
    ("gcontact_sync", "Sync with Google Contact"),
    ("manage_profiles", "Manage profiles (may read them)"),
];

pub(super) fn rights(world: &World) -> Reply {
    let zoho = world.zoho();
    let Some(org) = zoho.orgs.first() else { return missing("There is no organisation.") };
    let tick = |id: &str, on: bool, text: &str| {
        let ticked = if on { " checked" } else { "" };
        format!(
            "<label class=\"pill\"><input type=\"checkbox\" id=\"{id}\" name=\"{id}\" value=\"1\"{ticked}> {text}</label>"
        )
    };
    let rows: String = org
        .modules
        .values()
        .map(|m| {
            let id = |verb: &str| format!("{}-{verb}", m.api_name);
            format!(
                "<tr><td>{}</td><td>{}{}{}{}{}</td></tr>",
                esc(&m.plural),
                tick(&id("view"), m.rights.view, "View"),
                tick(&id("create"), m.rights.create, "Create"),
                tick(&id("edit"), m.rights.edit, "Edit"),
                tick(&id("delete"), m.rights.delete, "Delete"),
                tick(&id("visible"), m.visible, "Shown in CRM"),
            )
        })
        .collect();
    let flags = [org.api_access, org.gcontact_sync, org.manage_profiles];
    let general: String =
        GENERAL.iter().zip(flags).map(|((id, text), on)| tick(id, on, text)).collect();
    drop(zoho);
    let body = format!(
        "<h1>Rights of the profile \u{201c}Sales\u{201d}</h1><form method=\"post\" action=\"/ui/rights\"><table><tbody>{rows}<tr><td>General</td><td>{general}</td></tr></tbody></table>\
         <div class=\"actions\"><button class=\"main\" id=\"save\">Save rights</button></div></form>"
    );
    framed("rights", "Rights", &body, world)
}

pub(super) fn change_rights(world: &World, call: &Call) -> Reply {
    let values = call.form();
    let on = |id: &str| field(&values, id).is_some();
    let mut zoho = world.zoho();
    if let Some(org) = zoho.orgs.first_mut() {
        for (name, module) in &mut org.modules {
            module.rights.view = on(&format!("{name}-view"));
            module.rights.create = on(&format!("{name}-create"));
            module.rights.edit = on(&format!("{name}-edit"));
            module.rights.delete = on(&format!("{name}-delete"));
            module.visible = on(&format!("{name}-visible"));
        }
        org.api_access = on("api_access");
        org.gcontact_sync = on("gcontact_sync");
        org.manage_profiles = on("manage_profiles");
    }
    Reply::redirect("/ui/rights")
}
