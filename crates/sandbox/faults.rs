//! Rules: faults and hooks that strike chosen calls.
//!
//! A rule says which calls it means (service, kind of traffic, method, path pattern), which of them
//! it strikes (the n-th, every n-th, by chance), how often, and what it does.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::log::{Side, Traffic};
use crate::random::Random;

/// A fault or hook, as tests write it. Unknown keys are refused.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Only calls to this service; both when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// Only this kind of traffic; `api` when absent.
    #[serde(default = "api")]
    pub traffic: Traffic,
    /// Only this HTTP method; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only paths that fit this pattern, in which `*` stands for any text; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Strikes the n-th fitting call only (from 1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    /// Strikes every n-th fitting call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// Strikes each fitting call with this probability (0.0 to 1.0), drawn from `seed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chance: Option<f64>,
    /// The seed of `chance`.
    #[serde(default)]
    pub seed: u64,
    /// Strikes at most so many times; without end when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Strikes only before this time of the sandbox clock (microseconds since 1970).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// What happens.
    #[serde(rename = "do")]
    pub action: Action,
}

fn api() -> Traffic {
    Traffic::Api
}

/// What a rule does to a call.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Answers this instead, without any effect.
    Answer(Answer),
    /// Carries the call out, then answers this instead of the true answer.
    AnswerAfter(Answer),
    /// Closes the connection before any effect.
    DropBefore,
    /// Carries the call out, then closes the connection without an answer.
    DropAfter,
    /// Carries the call out and sends only the first half of the answer's body.
    Truncate,
    /// Carries the call out and sends the answer with a text in it in another's place: half a
    /// character, `null` for a list, a value of another type.
    Garble(Garble),
    /// Waits so many milliseconds of real time, then goes on.
    DelayMs(u64),
    /// Carries the call out and sends the answer's body in pieces over so many milliseconds.
    TrickleMs(u64),
    /// Carries the call out twice (as a proxy that repeats would) and gives the second answer.
    Duplicate,
    /// Answers 429 in the service's own form, with `Retry-After` in seconds when given.
    TooMany(Option<u64>),
    /// A person does these things just before the call is carried out.
    HumanBefore(Vec<Value>),
    /// A person does these things just after the call was carried out, before it is answered.
    HumanAfter(Vec<Value>),
}

/// What is put in the place of what in an answer's body.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Garble {
    /// The text as it stands in the body.
    pub this: String,
    /// What is sent instead.
    pub with: String,
}

/// A made-up answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// A JSON body; wins over `html`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<Value>,
    /// An HTML body, as gateways send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// A `Retry-After` header, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

#[derive(Debug)]
struct Active {
    id: u64,
    rule: Rule,
    seen: u64,
    struck: u64,
    random: Random,
}

/// A rule's state, for reading back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RuleState {
    /// The rule's number.
    pub id: u64,
    /// Calls that fitted so far.
    pub seen: u64,
    /// Calls that were struck so far.
    pub struck: u64,
    /// The rule itself.
    pub rule: Rule,
}

/// All rules in force.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    active: Vec<Active>,
    next: u64,
}

impl Rules {
    pub(crate) fn add(&mut self, rule: Rule) -> u64 {
        self.next += 1;
        let random = Random::new(rule.seed);
        self.active.push(Active { id: self.next, rule, seen: 0, struck: 0, random });
        self.next
    }

    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let before = self.active.len();
        self.active.retain(|a| a.id != id);
        self.active.len() < before
    }

    pub(crate) fn clear(&mut self) {
        self.active.clear();
    }

    pub(crate) fn states(&self) -> Vec<RuleState> {
        let state = |a: &Active| RuleState {
            id: a.id,
            seen: a.seen,
            struck: a.struck,
            rule: a.rule.clone(),
        };
        self.active.iter().map(state).collect()
    }

    /// The actions for one call, in the order in which the rules were added.
    pub(crate) fn strike(
        &mut self,
        side: Side,
        traffic: Traffic,
        method: &str,
        path: &str,
        now: i64,
    ) -> Vec<(u64, Action)> {
        let mut actions = Vec::new();
        for active in &mut self.active {
            let rule = &active.rule;
            let fits = rule.side.is_none_or(|s| s == side)
                && rule.traffic == traffic
                && rule.method.as_deref().is_none_or(|m| m.eq_ignore_ascii_case(method))
                && rule.path.as_deref().is_none_or(|p| glob(p, path))
                && rule.until.is_none_or(|t| now < t);
            if !fits || rule.times.is_some_and(|t| active.struck >= t) {
                continue;
            }
            active.seen += 1;
            let due = rule.nth.is_none_or(|n| active.seen == n)
                && rule.every.is_none_or(|n| n > 0 && active.seen.is_multiple_of(n))
                && rule.chance.is_none_or(|c| active.random.chance(c));
            if due {
                active.struck += 1;
                actions.push((active.id, rule.action.clone()));
            }
        }
        actions
    }
}

/// Whether `text` fits `pattern`, in which `*` stands for any text.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut rest = rest;
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or("");
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Rule {
        serde_json::from_str(text).expect("a rule")
    }

    #[test]
    fn patterns() {
        for (pattern, text, fits) in [
            ("/v1/people*", "/v1/people/me/connections", true),
            ("/v1/people", "/v1/people/me", false),
            ("*:updateContact", "/v1/people/c1:updateContact", true),
            ("/crm/*/Contacts", "/crm/v8/Contacts", true),
            ("/crm/*/Contacts", "/crm/v8/Contacts/1", false),
            ("*", "", true),
        ] {
            assert_eq!(glob(pattern, text), fits, "{pattern} on {text}");
        }
    }

    #[test]
    fn rules_strike_the_calls_they_name() {
        let mut rules = Rules::default();
        rules.add(rule(r#"{"side":"google","method":"POST","nth":2,"do":"drop_after"}"#));
        let mut struck =
            |method: &str| rules.strike(Side::Google, Traffic::Api, method, "/x", 0).len();
        assert_eq!([struck("POST"), struck("GET"), struck("POST"), struck("POST")], [0, 0, 1, 0]);
        rules.clear();
        rules.add(rule(
            r#"{"every":3,"times":1,"do":{"answer":{"status":503,"html":"<h1>busy</h1>"}}}"#,
        ));
        let hits: usize =
            (0..9).map(|_| rules.strike(Side::Zoho, Traffic::Api, "GET", "/y", 0).len()).sum();
        assert_eq!(hits, 1);
        assert!(serde_json::from_str::<Rule>(r#"{"do":"drop_before","metod":"GET"}"#).is_err());
    }
}
