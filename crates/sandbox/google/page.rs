//! The page where a person sees and edits Google's contacts and labels: server-made HTML, no script.

use serde_json::Value;

use super::Google;
use super::actions::{GoogleAct, act};
use super::field::Field;
use super::form;
use super::people::contact_id;
use super::store::{Record, SYSTEM_GROUPS, Store};
use crate::faults_page;
use crate::html::{Brand, esc, notice, page};
use crate::http::{Call, Reply, field};
use crate::log::Side;
use crate::world::World;

/// Contacts on one page of the list.
const PAGE: usize = 50;

/// Answers the page's addresses.
pub(crate) fn answer(world: &World, call: &Call) -> Reply {
    match (call.method.as_str(), call.path.as_str()) {
        ("GET", "/") => list(world, call),
        ("GET", "/ui/new") => edit(world, None),
        ("GET", "/ui/edit") => edit(world, call.param("id")),
        ("POST", "/ui/save") => save(world, call),
        ("POST", "/ui/delete") => act_on(world, call, |contact| GoogleAct::Delete { contact }),
        ("POST", "/ui/restore") => {
            act_on(world, call, |contact| GoogleAct::Restore { contact, same_id: true })
        }
        ("GET", "/ui/labels") => labels(world),
        ("POST", "/ui/labels") => change_label(world, call),
        ("GET", "/ui/faults") => {
            framed("faults", "Faults", &faults_page::page(world, Side::Google), world)
        }
        ("POST", "/ui/faults") => {
            faults_page::pull(world, Side::Google, call);
            Reply::redirect("/ui/faults")
        }
        _ => Reply::html(404, notice(Brand::Google, "Not found", "The sandbox has no such page.")),
    }
}

fn framed(tab: &str, title: &str, body: &str, world: &World) -> Reply {
    let who = world.google().accounts.first().map(|a| a.email.clone()).unwrap_or_default();
    let link = |id: &str, to: &str, text: &str| {
        let on = if id == tab { " class=\"on\" aria-current=\"page\"" } else { "" };
        format!("<a id=\"tab-{id}\" href=\"{to}\"{on}>{text}</a>")
    };
    let top = format!(
        "<header class=\"top\"><b><span class=\"mark\"></span>Contacts</b><nav>{}{}{}{}</nav><span class=\"who\">Google sandbox \u{2013} {}</span></header>",
        link("contacts", "/", "Contacts"),
        link("labels", "/ui/labels", "Labels"),
        link("bin", "/?bin=1", "Bin"),
        link("faults", "/ui/faults", "Faults"),
        esc(&who)
    );
    Reply::html(
        200,
        page(Brand::Google, &format!("{} \u{2013} Google sandbox", esc(title)), &top, body),
    )
}

/// The first value of a field's items.
fn first(record: &Record, field: Field, key: &str) -> String {
    let items = record.items(field);
    items.iter().find_map(|i| i.get(key).and_then(Value::as_str)).unwrap_or("").to_owned()
}

fn shown_name(record: &Record) -> String {
    [
        (Field::NAMES, "displayName"),
        (Field::ORGANIZATIONS, "name"),
        (Field::EMAILS, "value"),
        (Field::PHONES, "value"),
    ]
    .into_iter()
    .map(|(field, key)| first(record, field, key))
    .find(|t| !t.is_empty())
    .unwrap_or_else(|| "(no name)".to_owned())
}

fn list(world: &World, call: &Call) -> Reply {
    let google = world.google();
    let Some(store) = google.accounts.first().map(|a| &a.store) else {
        return Reply::html(404, notice(Brand::Google, "No account", ""));
    };
    let query = call.param("q").unwrap_or("").trim().to_lowercase();
    let label = call.param("label").unwrap_or("").to_owned();
    let bin = call.param("bin") == Some("1");
    let fits = |r: &&Record| {
        (label.is_empty() || r.groups.contains(&label))
            && (query.is_empty()
                || r.fields.values().any(|text| text.to_lowercase().contains(&query)))
    };
    let all = store
        .people
        .values()
        .filter_map(|e| if bin { e.binned.as_deref() } else { e.now.as_deref() });
    let mut hits: Vec<(String, &Record)> = all.filter(fits).map(|r| (shown_name(r), r)).collect();
    hits.sort_by(|a, b| a.0.cmp(&b.0));
    let number = call.param("page").and_then(|t| t.parse::<usize>().ok()).unwrap_or(0);
    let rows: String = hits
        .iter()
        .skip(number * PAGE)
        .take(PAGE)
        .map(|(name, r)| row(store, name, r, bin))
        .collect();
    let body = format!(
        "<h1>{} <span class=\"soft\" id=\"total\">{}</span></h1>{}\
         <table id=\"contacts\"><thead><tr><th>Name</th><th>E-mail</th><th>Phone</th><th>Company</th><th>Labels</th><th></th></tr></thead><tbody>{rows}</tbody></table>{}",
        if bin { "Bin" } else { "Contacts" },
        hits.len(),
        bar(store, call, &label, bin),
        pager(call, number, hits.len())
    );
    drop(google);
    framed(if bin { "bin" } else { "contacts" }, "Contacts", &body, world)
}

fn bar(store: &Store, call: &Call, label: &str, bin: bool) -> String {
    let mut options = String::from("<option value=\"\">All labels</option>");
    let own =
        store.groups.values().filter(|g| !g.deleted).map(|g| (g.id.as_str(), g.name.as_str()));
    for (id, name) in own.chain([("starred", "Starred"), ("myContacts", "My Contacts")]) {
        let selected = if id == label { " selected" } else { "" };
        options.push_str(&format!(
            "<option value=\"{}\"{selected}>{}</option>",
            esc(id),
            esc(name)
        ));
    }
    let bin = if bin { "<input type=\"hidden\" name=\"bin\" value=\"1\">" } else { "" };
    format!(
        "<div class=\"bar\"><form method=\"get\" action=\"/\">{bin}<input type=\"search\" id=\"search\" name=\"q\" value=\"{}\" placeholder=\"Search\" aria-label=\"Search\">\
         <select id=\"label\" name=\"label\" aria-label=\"Label\">{options}</select><button id=\"find\">Find</button></form>\
         <a class=\"button main end\" id=\"new\" href=\"/ui/new\">Create contact</a></div>",
        esc(call.param("q").unwrap_or(""))
    )
}

fn row(store: &Store, name: &str, record: &Record, bin: bool) -> String {
    let id = record.id;
    let labels: String = record
        .groups
        .iter()
        .filter_map(|g| {
            store
                .groups
                .get(g)
                .map(|g| g.name.as_str())
                .or_else(|| (g == "starred").then_some("Starred"))
        })
        .map(|n| format!("<span class=\"pill\">{}</span>", esc(n)))
        .collect();
    let (name, action) = if bin {
        let form = format!(
            "<form method=\"post\" action=\"/ui/restore\"><input type=\"hidden\" name=\"id\" value=\"people/c{id}\"><button class=\"restore\">Restore</button></form>"
        );
        (esc(name), form)
    } else {
        (
            format!("<a class=\"open\" href=\"/ui/edit?id=people/c{id}\">{}</a>", esc(name)),
            String::new(),
        )
    };
    format!(
        "<tr data-id=\"people/c{id}\"><td>{name}</td><td>{}</td><td>{}</td><td>{}</td><td>{labels}</td><td>{action}</td></tr>",
        esc(&first(record, Field::EMAILS, "value")),
        esc(&first(record, Field::PHONES, "value")),
        esc(&first(record, Field::ORGANIZATIONS, "name")),
    )
}

fn pager(call: &Call, number: usize, total: usize) -> String {
    let link = |page: usize, id: &str, text: &str| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (key, value) in call.query.iter().filter(|(k, _)| k != "page") {
            query.append_pair(key, value);
        }
        query.append_pair("page", &page.to_string());
        format!("<a class=\"button\" id=\"{id}\" href=\"/?{}\">{text}</a> ", esc(&query.finish()))
    };
    let mut out = String::from("<p class=\"bar\">");
    if number > 0 {
        out.push_str(&link(number - 1, "previous", "Previous"));
    }
    if total > (number + 1) * PAGE {
        out.push_str(&link(number + 1, "next", "Next"));
    }
    out + "</p>"
}

fn edit(world: &World, contact: Option<&str>) -> Reply {
    let google = world.google();
    let Some(store) = google.accounts.first().map(|a| &a.store) else {
        return Reply::html(404, notice(Brand::Google, "No account", ""));
    };
    let record = match contact {
        None => None,
        Some(name) => match contact_id(name).and_then(|id| store.get(id)) {
            Some(record) => Some(record.as_ref()),
            None => {
                return Reply::html(
                    404,
                    notice(Brand::Google, "Gone", "This contact does not exist any more."),
                );
            }
        },
    };
    let title = record.map_or_else(|| "Create contact".to_owned(), shown_name);
    let body = form::render(store, record, &title);
    drop(google);
    framed("contacts", &title, &body, world)
}

fn refused(text: &str) -> Reply {
    Reply::html(400, notice(Brand::Google, "This was not saved", text))
}

fn save(world: &World, call: &Call) -> Reply {
    let (switches, now) = (world.switches(), world.clock.now());
    let values = call.form();
    let mut google = world.google();
    let id = field(&values, "id").and_then(contact_id);
    let old = id.and_then(|id| google.accounts.first().and_then(|a| a.store.get(id)).cloned());
    if id.is_some() && old.is_none() {
        return refused("This contact does not exist any more.");
    }
    let fields = form::read(&values, old.as_deref());
    let contact = match &old {
        Some(record) => {
            let name = format!("people/c{}", record.id);
            if !fields.is_empty()
                && let Err(text) = act(
                    &mut google,
                    0,
                    GoogleAct::Edit { contact: name.clone(), fields },
                    &switches.google,
                    now,
                )
            {
                return refused(&text);
            }
            name
        }
        None => match act(
            &mut google,
            0,
            GoogleAct::Create { fields, labels: Vec::new() },
            &switches.google,
            now,
        ) {
            Ok(made) => {
                made.get("resourceName").and_then(Value::as_str).unwrap_or_default().to_owned()
            }
            Err(text) => return refused(&text),
        },
    };
    set_labels(&mut google, &contact, &values, now);
    Reply::redirect("/")
}

/// Brings a contact's labels to what is ticked; leaves system groups other than the star alone.
fn set_labels(google: &mut Google, contact: &str, values: &[(String, String)], now: i64) {
    let Some(store) = google.accounts.first_mut().map(|a| &mut a.store) else { return };
    let Some(record) = contact_id(contact).and_then(|id| store.get(id)).cloned() else { return };
    let ticked: Vec<&str> =
        values.iter().filter(|(k, _)| k == "label").map(|(_, v)| v.as_str()).collect();
    let mut groups = record.groups.clone();
    groups.retain(|g| SYSTEM_GROUPS.iter().any(|(id, _)| id == g) && g != "starred");
    groups.extend(ticked.into_iter().filter(|g| store.group_exists(g)).map(str::to_owned));
    if groups != record.groups {
        store.edit(record.id, now, |r| r.groups = groups);
    }
}

fn act_on(world: &World, call: &Call, build: impl FnOnce(String) -> GoogleAct) -> Reply {
    let (switches, now) = (world.switches(), world.clock.now());
    let values = call.form();
    let contact = field(&values, "id").unwrap_or("").to_owned();
    match act(&mut world.google(), 0, build(contact), &switches.google, now) {
        Ok(_) => Reply::redirect("/"),
        Err(text) => refused(&text),
    }
}

fn labels(world: &World) -> Reply {
    let google = world.google();
    let store = google.accounts.first().map(|a| &a.store);
    let rows: String = store
        .into_iter()
        .flat_map(|s| s.groups.values().filter(|g| !g.deleted).map(move |g| (g, s.members.get(&g.id).map_or(0, std::collections::BTreeSet::len))))
        .map(|(g, members)| {
            format!(
                "<tr data-id=\"{}\"><td><a href=\"/?label={}\">{name}</a></td><td>{members}</td><td><form method=\"post\" action=\"/ui/labels\" class=\"row\">\
                 <input type=\"hidden\" name=\"name\" value=\"{name}\"><input type=\"text\" name=\"to\" value=\"{name}\" aria-label=\"New name\">\
                 <button name=\"do\" value=\"rename\">Rename</button><button class=\"danger\" name=\"do\" value=\"delete\">Delete</button></form></td></tr>",
                g.resource(),
                g.id,
                name = esc(&g.name)
            )
        })
        .collect();
    drop(google);
    let body = format!(
        "<h1>Labels</h1><div class=\"bar\"><form method=\"post\" action=\"/ui/labels\"><input type=\"text\" id=\"label-name\" name=\"name\" placeholder=\"New label\" aria-label=\"New label\" required>\
         <button class=\"main\" id=\"create-label\" name=\"do\" value=\"create\">Create label</button></form></div>\
         <table id=\"labels\"><thead><tr><th>Label</th><th>Contacts</th><th>Change</th></tr></thead><tbody>{rows}</tbody></table>"
    );
    framed("labels", "Labels", &body, world)
}

fn change_label(world: &World, call: &Call) -> Reply {
    let (switches, now) = (world.switches(), world.clock.now());
    let values = call.form();
    let name = field(&values, "name").unwrap_or("").trim().to_owned();
    let change = match field(&values, "do") {
        Some("rename") => GoogleAct::RenameLabel {
            name,
            to: field(&values, "to").unwrap_or("").trim().to_owned(),
        },
        Some("delete") => GoogleAct::DeleteLabel { name, with_contacts: false },
        Some(_) | None => GoogleAct::CreateLabel { name },
    };
    match act(&mut world.google(), 0, change, &switches.google, now) {
        Ok(_) => Reply::redirect("/ui/labels"),
        Err(text) => refused(&text),
    }
}
