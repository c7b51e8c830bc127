//! The page where a person sees and edits Zoho's records, views and rights: server-made HTML, no script.

use serde_json::Value;

use super::act::{Who, ZohoAct};
use super::actions::act;
use super::coql::eval::ready;
use super::coql::parse::condition;
use super::store::{Module, Org, Rec};
use super::{form, setup_page};
use crate::faults_page;
use crate::html::{Brand, esc, notice, page};
use crate::http::{Call, Reply, field};
use crate::log::Side;
use crate::world::World;

/// Records on one page of the list.
const PAGE: usize = 50;

/// Answers the page's addresses.
pub(crate) fn answer(world: &World, call: &Call) -> Reply {
    match (call.method.as_str(), call.path.as_str()) {
        ("GET", "/") => list(world, call),
        ("GET", "/ui/new") => edit(world, call.param("module"), None),
        ("GET", "/ui/edit") => edit(world, call.param("module"), call.param("id")),
        ("POST", "/ui/save") => save(world, call),
        ("POST", "/ui/delete") => {
            act_on(world, call, |module, record| ZohoAct::Delete { module, record, who: Who::Me })
        }
        ("POST", "/ui/restore") => {
            act_on(world, call, |module, record| ZohoAct::Restore { module, record })
        }
        ("POST", "/ui/convert") => act_on(world, call, |_, record| ZohoAct::Convert { record }),
        ("GET", "/ui/views") => setup_page::views(world, call),
        ("POST", "/ui/views") => setup_page::change_view(world, call),
        ("GET", "/ui/rights") => setup_page::rights(world),
        ("POST", "/ui/rights") => setup_page::change_rights(world, call),
        ("GET", "/ui/faults") => {
            framed("faults", "Faults", &faults_page::page(world, Side::Zoho), world)
        }
        ("POST", "/ui/faults") => {
            faults_page::pull(world, Side::Zoho, call);
            Reply::redirect("/ui/faults")
        }
        _ => Reply::html(404, notice(Brand::Zoho, "Not found", "The sandbox has no such page.")),
    }
}

pub(super) fn framed(tab: &str, title: &str, body: &str, world: &World) -> Reply {
    let zoho = world.zoho();
    let org = zoho.orgs.first();
    let link = |id: &str, to: &str, text: &str| {
        let on = if id == tab { " class=\"on\" aria-current=\"page\"" } else { "" };
        format!("<a id=\"tab-{id}\" href=\"{to}\"{on}>{}</a>", esc(text))
    };
    let modules: String = ["Contacts", "Leads", "Vendors", "Accounts"]
        .iter()
        .filter_map(|name| {
            org.and_then(|o| o.modules.get(*name))
                .map(|m| link(name, &format!("/?module={name}"), &m.plural))
        })
        .collect();
    let who = org
        .map(|o| {
            format!("{} \u{2013} {}", o.company, o.users.first().map_or("", |u| u.email.as_str()))
        })
        .unwrap_or_default();
    let top = format!(
        "<header class=\"top\"><b><span class=\"mark\"></span>CRM</b><nav>{modules}{}{}{}</nav><span class=\"who\">Zoho sandbox \u{2013} {}</span></header>",
        link("views", "/ui/views", "Views"),
        link("rights", "/ui/rights", "Rights"),
        link("faults", "/ui/faults", "Faults"),
        esc(&who)
    );
    Reply::html(
        200,
        page(Brand::Zoho, &format!("{} \u{2013} Zoho sandbox", esc(title)), &top, body),
    )
}

pub(super) fn missing(text: &str) -> Reply {
    Reply::html(404, notice(Brand::Zoho, "Not found", text))
}

fn list(world: &World, call: &Call) -> Reply {
    let zoho = world.zoho();
    let name = call.param("module").unwrap_or("Contacts");
    let Some((org, module)) = zoho.orgs.first().and_then(|o| o.modules.get(name).map(|m| (o, m)))
    else {
        return missing("There is no such module.");
    };
    let query = call.param("q").unwrap_or("").trim().to_lowercase();
    let bin = call.param("bin") == Some("1");
    let view = call
        .param("view")
        .and_then(|id| module.views.iter().find(|v| v.id.to_string() == id))
        .filter(|v| !v.condition.is_empty());
    let wanted = view
        .and_then(|v| condition(&v.condition).ok())
        .and_then(|c| ready(org, module, &c, 1000).ok());
    let fits = |r: &&Rec| {
        wanted.as_ref().is_none_or(|w| w.holds(org, module, r))
            && (query.is_empty()
                || module.display_name(r).to_lowercase().contains(&query)
                || r.cells.iter().flatten().any(|c| c.to_lowercase().contains(&query)))
    };
    let all: Box<dyn Iterator<Item = &Rec>> = if bin {
        Box::new(module.bin.values().filter(|b| !b.permanent).map(|b| &b.rec))
    } else {
        Box::new(module.records.values())
    };
    let mut hits: Vec<(String, &Rec)> =
        all.filter(fits).map(|r| (module.display_name(r), r)).collect();
    hits.sort_by(|a, b| a.0.cmp(&b.0));
    let number = call.param("page").and_then(|t| t.parse::<usize>().ok()).unwrap_or(0);
    let rows: String = hits
        .iter()
        .skip(number * PAGE)
        .take(PAGE)
        .map(|(name, r)| row(org, module, name, r, bin))
        .collect();
    let title = if bin { format!("Recycle bin: {}", module.plural) } else { module.plural.clone() };
    let third = if name == "Leads" { "Company" } else { "Account" };
    let body = format!(
        "<h1>{} <span class=\"soft\" id=\"total\">{}</span></h1>{}\
         <table id=\"records\"><thead><tr><th>Name</th><th>E-mail</th><th>Phone</th><th>{third}</th><th>State</th><th></th></tr></thead><tbody>{rows}</tbody></table>{}",
        esc(&title),
        hits.len(),
        bar(module, call, bin),
        pager(call, number, hits.len())
    );
    let tab = module.api_name.clone();
    drop(zoho);
    framed(&tab, &title, &body, world)
}

fn bar(module: &Module, call: &Call, bin: bool) -> String {
    let chosen = call.param("view").unwrap_or("");
    let options: String = module
        .views
        .iter()
        .map(|v| {
            let selected = if v.id.to_string() == chosen { " selected" } else { "" };
            format!("<option value=\"{}\"{selected}>{}</option>", v.id, esc(&v.name))
        })
        .collect();
    let name = &module.api_name;
    let (hidden, other) = if bin {
        (
            "<input type=\"hidden\" name=\"bin\" value=\"1\">",
            format!(
                "<a class=\"button end\" id=\"records-link\" href=\"/?module={name}\">Records</a>"
            ),
        )
    } else {
        (
            "",
            format!(
                "<a class=\"button end\" id=\"bin\" href=\"/?module={name}&amp;bin=1\">Recycle bin</a>"
            ),
        )
    };
    format!(
        "<div class=\"bar\"><form method=\"get\" action=\"/\"><input type=\"hidden\" name=\"module\" value=\"{name}\">{hidden}\
         <input type=\"search\" id=\"search\" name=\"q\" value=\"{}\" placeholder=\"Search\" aria-label=\"Search\">\
         <select id=\"view\" name=\"view\" aria-label=\"View\">{options}</select><button id=\"find\">Find</button></form>{other}\
         <a class=\"button main\" id=\"new\" href=\"/ui/new?module={name}\">Create {}</a></div>",
        esc(call.param("q").unwrap_or("")),
        esc(&module.singular)
    )
}

fn row(org: &Org, module: &Module, name: &str, rec: &Rec, bin: bool) -> String {
    let id = rec.id;
    let mut states = Vec::new();
    for (on, text) in [
        (rec.locked, "locked"),
        (rec.hidden, "not shared"),
        (rec.converted, "converted"),
        (rec.waiting.is_some(), "waiting"),
    ] {
        if on {
            states.push(format!("<span class=\"pill\">{text}</span>"));
        }
    }
    let third = if module.api_name == "Leads" {
        module.text(rec, "Company")
    } else {
        module
            .text(rec, "Account_Name")
            .parse()
            .ok()
            .and_then(|id| org.lookup_name("Accounts", id))
            .unwrap_or_default()
    };
    let shown = if name.is_empty() { "(no name)" } else { name };
    let (title, action) = if bin {
        let form = format!(
            "<form method=\"post\" action=\"/ui/restore\"><input type=\"hidden\" name=\"module\" value=\"{}\"><input type=\"hidden\" name=\"id\" value=\"{id}\"><button class=\"restore\">Restore</button></form>",
            module.api_name
        );
        (esc(shown), form)
    } else {
        (
            format!(
                "<a class=\"open\" href=\"/ui/edit?module={}&amp;id={id}\">{}</a>",
                module.api_name,
                esc(shown)
            ),
            String::new(),
        )
    };
    format!(
        "<tr data-id=\"{id}\"><td>{title}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{action}</td></tr>",
        esc(&module.text(rec, "Email")),
        esc(&module.text(rec, "Phone")),
        esc(&third),
        states.concat()
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

fn edit(world: &World, module: Option<&str>, id: Option<&str>) -> Reply {
    let zoho = world.zoho();
    let name = module.unwrap_or("Contacts");
    let Some((org, module)) = zoho.orgs.first().and_then(|o| o.modules.get(name).map(|m| (o, m)))
    else {
        return missing("There is no such module.");
    };
    let rec = match id {
        None => None,
        Some(id) => match id.parse().ok().and_then(|n: u64| module.records.get(&n)) {
            Some(rec) => Some(rec),
            None => return missing("This record does not exist any more."),
        },
    };
    let title =
        rec.map_or_else(|| format!("Create {}", module.singular), |r| module.display_name(r));
    let body = form::render(org, module, rec, &title);
    let tab = module.api_name.clone();
    drop(zoho);
    framed(&tab, &title, &body, world)
}

pub(super) fn refused(text: &str) -> Reply {
    Reply::html(400, notice(Brand::Zoho, "This was not saved", text))
}

fn save(world: &World, call: &Call) -> Reply {
    let (switches, now) = (world.switches(), world.clock.now());
    let values = call.form();
    let name = field(&values, "module").unwrap_or("Contacts").to_owned();
    let mut zoho = world.zoho();
    let found = zoho.orgs.first().and_then(|o| o.modules.get(&name).map(|m| (o, m)));
    let Some((org, module)) = found else { return missing("There is no such module.") };
    let rec = field(&values, "id")
        .and_then(|t| t.parse::<u64>().ok())
        .and_then(|id| module.records.get(&id));
    if rec.is_none() && field(&values, "id").is_some() {
        return missing("This record does not exist any more.");
    }
    let fields = form::read(org, module, rec, &values);
    let change = match rec {
        Some(_) if fields.is_empty() => None,
        Some(rec) => Some(ZohoAct::Edit {
            module: name.clone(),
            record: rec.id.to_string(),
            fields,
            who: Who::Me,
        }),
        None => Some(ZohoAct::Create { module: name.clone(), fields, who: Who::Me }),
    };
    let mandatory = module
        .fields
        .iter()
        .find(|f| f.mandatory && field(&values, &f.api_name).is_none_or(|v| v.trim().is_empty()));
    if let Some(mandatory) = mandatory {
        return refused(&format!("{} must not be empty.", mandatory.label));
    }
    match change.map(|c| act(&mut zoho, 0, c, &switches.zoho, now)) {
        None | Some(Ok(_)) => Reply::redirect(&format!("/?module={name}")),
        Some(Err(text)) => refused(&text),
    }
}

fn act_on(world: &World, call: &Call, build: impl FnOnce(String, String) -> ZohoAct) -> Reply {
    let (switches, now) = (world.switches(), world.clock.now());
    let values = call.form();
    let module = field(&values, "module").unwrap_or("Contacts").to_owned();
    let record = field(&values, "id").unwrap_or("").to_owned();
    match act(&mut world.zoho(), 0, build(module.clone(), record), &switches.zoho, now) {
        Ok(_) => Reply::redirect(&format!("/?module={module}")),
        Err(text) => refused(&text),
    }
}

/// The plain text of a JSON value, for inputs.
pub(crate) fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
