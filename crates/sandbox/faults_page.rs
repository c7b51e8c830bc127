//! The page where a person pulls faults while the app runs.

use crate::clock::SECOND;
use crate::control;
use crate::faults::{Action, Answer, Rule};
use crate::http::{Call, field};
use crate::log::{Side, Traffic};
use crate::world::World;

struct Lever {
    id: &'static str,
    text: &'static str,
    help: &'static str,
}

const COMMON: [Lever; 6] = [
    Lever {
        id: "too-many",
        text: "Answer 429 for a minute",
        help: "Every API call is refused as too many.",
    },
    Lever {
        id: "unavailable",
        text: "Answer 503 for a minute",
        help: "A gateway's HTML page instead of the service.",
    },
    Lever {
        id: "drop-next",
        text: "Lose the next answer",
        help: "The next write takes effect, but its answer never arrives.",
    },
    Lever {
        id: "slow",
        text: "Slow answers for a minute",
        help: "Every API call takes two seconds.",
    },
    Lever {
        id: "expire-access",
        text: "Expire the access tokens",
        help: "The app has to renew them.",
    },
    Lever {
        id: "expire-refresh",
        text: "Revoke the sign-in",
        help: "The app has to ask the person to sign in again.",
    },
];

const GOOGLE: [Lever; 2] = [
    Lever {
        id: "expire-sync",
        text: "Expire the sync tokens",
        help: "The next incremental list is refused; a full one is needed.",
    },
    Lever {
        id: "delete-all",
        text: "Delete all contacts",
        help: "Moves everybody to the bin (they can be restored one by one).",
    },
];

const ZOHO: [Lever; 2] = [
    Lever {
        id: "expire-pages",
        text: "Expire the page tokens",
        help: "A list that is being read has to start again.",
    },
    Lever {
        id: "delete-all",
        text: "Delete all contacts",
        help: "Moves every contact to the recycle bin.",
    },
];

/// The page's body.
pub(crate) fn page(world: &World, side: Side) -> String {
    let own = match side {
        Side::Google => &GOOGLE,
        Side::Zoho => &ZOHO,
    };
    let rows: String = own
        .iter()
        .chain(&COMMON)
        .map(|l| {
            format!(
                "<tr><td><form method=\"post\" action=\"/ui/faults\"><button id=\"{id}\" name=\"pull\" value=\"{id}\">{}</button></form></td><td>{}</td></tr>",
                l.text,
                l.help,
                id = l.id
            )
        })
        .collect();
    let now = world.clock.now();
    let rules = world.rules().states();
    let live = |r: &&crate::faults::RuleState| {
        r.rule.side.is_none_or(|s| s == side)
            && r.rule.until.is_none_or(|t| t > now)
            && r.rule.times.is_none_or(|t| r.struck < t)
    };
    let active: String = rules
        .iter()
        .filter(live)
        .map(|r| {
            let left = r.rule.until.map(|t| {
                format!(" <span class=\"soft\">seconds left: {}</span>", (t - now) / SECOND)
            });
            format!(
                "<li><span>{}</span> <span class=\"soft\">struck: {}</span>{}</li>",
                told(&r.rule.action),
                r.struck,
                left.unwrap_or_default()
            )
        })
        .collect();
    let active = if active.is_empty() {
        "<p class=\"soft\" id=\"no-faults\">None.</p>".to_owned()
    } else {
        format!("<ul id=\"active\">{active}</ul>")
    };
    let counts = world.log().counts();
    let asked = counts.get(&side).and_then(|c| c.get(&Traffic::Api)).copied().unwrap_or(0);
    format!(
        "<h1>Faults</h1><p class=\"soft\">What can go wrong with the real service, on demand.</p><table><tbody>{rows}</tbody></table>\
         <h2>In force</h2>{active}<form method=\"post\" action=\"/ui/faults\"><button id=\"clear\" name=\"pull\" value=\"clear\">End all faults</button></form>\
         <p class=\"soft\">API requests so far: <span id=\"requests\">{asked}</span></p>"
    )
}

/// What a fault does, in words.
fn told(action: &Action) -> &'static str {
    match action {
        Action::TooMany(_) => "Too many requests",
        Action::Answer(_) | Action::AnswerAfter(_) => "Another answer",
        Action::DropBefore | Action::DropAfter => "The answer is lost",
        Action::DelayMs(_) | Action::TrickleMs(_) => "Slow answers",
        Action::Truncate
        | Action::Garble(_)
        | Action::Duplicate
        | Action::HumanBefore(_)
        | Action::HumanAfter(_) => "Another fault",
    }
}

/// Pulls the lever that a form names.
pub(crate) fn pull(world: &World, side: Side, call: &Call) {
    let form = call.form();
    let minute = Some(world.clock.now() + 60 * SECOND);
    let rule = |action: Action, until: Option<i64>, times: Option<u64>, method: Option<&str>| {
        world.rules().add(Rule {
            side: Some(side),
            traffic: Traffic::Api,
            method: method.map(str::to_owned),
            path: None,
            nth: None,
            every: None,
            chance: None,
            seed: 0,
            times,
            until,
            action,
        });
    };
    let name = match side {
        Side::Google => "google",
        Side::Zoho => "zoho",
    };
    // Expiring and deleting cannot fail here: the names are this page's own.
    match field(&form, "pull").unwrap_or("") {
        "too-many" => rule(Action::TooMany(None), minute, None, None),
        "unavailable" => {
            let html = "<html><head><title>503</title></head><body><h1>Service Unavailable</h1></body></html>".to_owned();
            rule(
                Action::Answer(Answer {
                    status: 503,
                    json: None,
                    html: Some(html),
                    retry_after: None,
                }),
                minute,
                None,
                None,
            );
        }
        "drop-next" => rule(Action::DropAfter, None, Some(1), Some("POST")),
        "slow" => rule(Action::DelayMs(2000), minute, None, None),
        "expire-access" => drop(control::expire(world, &format!("{name}_access"))),
        "expire-refresh" => {
            drop(control::expire(world, &format!("{name}_refresh")));
            drop(control::expire(world, &format!("{name}_access")));
        }
        "expire-sync" => drop(control::expire(world, "google_sync_tokens")),
        "expire-pages" => drop(control::expire(world, "zoho_pages")),
        "delete-all" => {
            let act = match side {
                Side::Google => serde_json::json!({"op": "delete_all"}),
                Side::Zoho => serde_json::json!({"op": "delete_all", "module": "Contacts"}),
            };
            drop(control::human(world, side, act));
        }
        "clear" => world.rules().clear(),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Language;

    #[test]
    fn what_every_lever_says_is_said_in_japanese_too() {
        for lever in COMMON.iter().chain(&GOOGLE).chain(&ZOHO) {
            for text in [lever.text, lever.help] {
                assert_ne!(Language::Ja.word(text), text, "{}", lever.id);
            }
        }
    }
}
