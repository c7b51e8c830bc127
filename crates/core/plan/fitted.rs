//! What a value becomes on its way to the other side, and which values are none that somebody typed.

use crate::contact::{Card, Pair, Side, Text};
use crate::field::{Fit, Kind, Misfit};
use crate::mapping::{Group, Mapping, Rule};

/// What a value becomes on its way to the other side.
pub(super) enum Fitted {
    /// It is written like this; `None` clears.
    Sent(Option<Text>),
    /// The sync's default is written, for Zoho refuses the field empty.
    Default(Text),
    /// The field takes no such value, and that is as it should be.
    Closed,
    /// It cannot be valid there.
    Misfit(Misfit),
}

pub(super) fn fit(spec: &Rule, to: Side, value: Option<&str>) -> Fitted {
    let text = |value: &str| Some(Text::from(value)).filter(|v| !v.trim().is_empty());
    match (to, value) {
        (Side::Google, value) => {
            Fitted::Sent(value.and_then(|value| text(&spec.kind.fit_google(value))))
        }
        (Side::Zoho, _) if !spec.zoho_writable => Fitted::Closed,
        (Side::Zoho, Some(value)) => match spec.kind.fit_zoho(value, spec.zoho_length) {
            Fit::Value(fitted) => Fitted::Sent(text(&fitted)),
            Fit::Skip => Fitted::Closed,
            // Google also keeps birthdays that are only words; they are left alone.
            Fit::Invalid(Misfit::Date) if spec.google.group == Group::Birthdays => Fitted::Closed,
            Fit::Invalid(misfit) => Fitted::Misfit(misfit),
        },
        // Zoho's flags are never empty.
        (Side::Zoho, None) if spec.kind == Kind::Flag => Fitted::Sent(text("false")),
        (Side::Zoho, None) if spec.required => match spec.default.as_deref().and_then(text) {
            Some(default) => Fitted::Default(default),
            None => Fitted::Misfit(Misfit::Required),
        },
        (Side::Zoho, None) => Fitted::Sent(None),
    }
}

/// Whether the two bases are one option of a list under two names: it was renamed since, and its new
/// name was put into Zoho's base alone.
pub(super) fn has_other_name(spec: &Rule, rule: usize, base: Pair<&Card>) -> bool {
    let (zoho, google) = (base.zoho.get(rule), base.google.get(rule));
    spec.kind.is_list() && zoho.is_some() && google.is_some() && !spec.kind.same(zoho, google)
}

/// Whether a side holds what the other side's value becomes there.
pub(super) fn holds_already(spec: &Rule, to: Side, now: Pair<&Card>, rule: usize) -> bool {
    match fit(spec, to, now[to.other()].get(rule)) {
        Fitted::Sent(sent) => !spec.kind.edited(now[to].get(rule), sent.as_deref()),
        Fitted::Default(_) | Fitted::Closed | Fitted::Misfit(_) => false,
    }
}

/// Whether Zoho's value only stands in for a name that nobody gave: no news for Google.
pub(super) fn stands_in(spec: &Rule, zoho: Option<&str>) -> bool {
    matches!(spec.google.group, Group::Names | Group::Organizations) && is_default(spec, zoho)
}

/// Whether Zoho no longer says what stood in a field that nobody can empty there. That is no edit: its
/// answer lacks the value, be it that it names the field.
pub(super) fn lacks_required(
    mapping: &Mapping,
    rule: usize,
    base: Pair<&Card>,
    now: Pair<&Card>,
) -> bool {
    let never_empty = |spec: &Rule| spec.required || spec.kind == Kind::Flag;
    base.zoho.get(rule).is_some()
        && now.zoho.get(rule).is_none()
        && mapping.rules().get(rule).is_some_and(never_empty)
}

/// Whether Zoho's value is the one that the sync gives a field which may not be empty.
pub(super) fn is_default(spec: &Rule, zoho: Option<&str>) -> bool {
    spec.required && spec.default.is_some() && spec.kind.same(zoho, spec.default.as_deref())
}
