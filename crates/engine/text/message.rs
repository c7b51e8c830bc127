//! What the engine has to say, as messages of the catalogue with their arguments: the words are put
//! in where they are shown, in the language that is spoken then.

mod misfit;
pub(crate) mod setup;

use renraku_core::compile::Rest;
use renraku_core::contact::Side;
use renraku_core::field::Misfit;
use renraku_core::matching::Reason;
use renraku_core::message::{Failure, FailureCode, Message, SEVERAL};
use renraku_core::plan::{About, Holder, Obstacle, Plan, Question, Suspended, Verb, Why};
use renraku_store::Anew;

use crate::api::{ReviewKind, Run};

pub(crate) use misfit::cause;
use misfit::{detail, detail_name, misfit, next};
pub(crate) use setup::{missing_rights, mistake, no_view, own_group};

/// Why something was written.
pub(crate) fn why(why: Why) -> Message {
    match why {
        Why::Changed(side) => Message::of("engine-changed", side),
        Why::Filled(side) => Message::of("engine-filled", side),
        Why::Won(side) => Message::of("engine-won", side),
        Why::Chosen(side) => Message::of("engine-chosen", side),
        Why::New(side) => Message::of("engine-new", side),
        Why::Deleted(side) => Message::of("engine-deleted", side),
        Why::PutBack(side) => Message::of("engine-put-back", side),
        Why::Account => Message::new("engine-account"),
        Why::Default => Message::new("engine-default"),
        Why::Label => Message::new("engine-label"),
        Why::Scope => Message::new("engine-scope"),
        Why::Echo => Message::new("engine-echo"),
        Why::HandedOn => Message::new("engine-handed-on"),
        Why::Undo => Message::new("engine-undo"),
    }
}

/// What a first plan holds; `anew` tells why it is not the very first one.
pub(crate) fn first_plan(plan: &Plan, anew: Option<&Anew>) -> Message {
    let differs = |question: &&Question| matches!(question.about, About::Difference { .. });
    match anew {
        Some(Anew::Damaged { file, kept }) => {
            totals("engine-first-plan-again", plan).with("file", file).with("kept", kept.word())
        }
        Some(Anew::Missing { kept }) => {
            totals("engine-first-plan-missing", plan).with("kept", kept.word())
        }
        Some(Anew::Older) => totals("engine-first-plan-older", plan)
            .with("differences", plan.questions.iter().filter(differs).count()),
        None => totals("engine-first-plan", plan),
    }
}

/// What a plan holds that writes because of a changed setup.
pub(crate) fn changed_setup(plan: &Plan) -> Message {
    totals("engine-changed-setup", plan)
}

/// Contacts that changed after the plan was shown whose approval a run carries out.
pub(crate) fn came_since(contacts: usize) -> Message {
    Message::new("engine-came-since").with("contacts", contacts)
}

fn totals(id: &str, plan: &Plan) -> Message {
    let (mut create, mut update, mut delete) = (0, 0, 0);
    for step in &plan.steps {
        match step.verb {
            Verb::Create { .. } => create += 1,
            Verb::Update { .. } => update += 1,
            Verb::Delete { .. } => delete += 1,
        }
    }
    Message::new(id).with("create", create).with("update", update).with("delete", delete)
}

/// Why everything begins with a plan again.
pub(crate) fn anew(anew: &Anew) -> Message {
    match anew {
        Anew::Damaged { file, kept } => {
            Message::new("engine-set-aside").with("file", file).with("kept", kept.word())
        }
        Anew::Missing { kept } => Message::new("engine-missing").with("kept", kept.word()),
        Anew::Older => Message::new("engine-older"),
    }
}

/// A run, or an undo, that was cut off.
pub(crate) fn interrupted(run: &Run) -> Message {
    Message::new(if run.undo { "engine-undo-interrupted" } else { "engine-interrupted" })
}

/// The messages that tell that contacts vanished at once.
pub(crate) const ALARMS: [&str; 4] = [
    "engine-mass-change",
    "engine-mass-change-held",
    "engine-mass-change-both",
    "engine-mass-change-both-held",
];

/// Whether a message tells that contacts vanished at once.
pub(crate) fn is_alarm(said: &Message) -> bool {
    ALARMS.contains(&said.id.as_ref())
}

/// What is told of contacts that vanished at once as soon as the person has chosen what becomes of them.
pub(crate) fn alarm_over(said: Message) -> Message {
    let both = said.id.starts_with("engine-mass-change-both");
    let id = if both { "engine-mass-change-both-over" } else { "engine-mass-change-over" };
    Message { id: id.into(), ..said }
}

/// A run that the person stopped, and how many contacts it leaves.
pub(crate) fn stopped(contacts: u32) -> Message {
    Message::new("engine-stopped").with("contacts", contacts)
}

/// A run that the person stopped before it could plan anything.
pub(crate) fn stopped_reading() -> Message {
    Message::new("engine-stopped-reading")
}

/// A narrower scope.
pub(crate) fn narrowed(contacts: u32) -> Message {
    Message::new("engine-narrowed").with("contacts", contacts)
}

/// Contacts outside a narrower scope whose counterparts the person chose to remove; `held` tells
/// whether that waits for an approval.
pub(crate) fn scope_removes(contacts: u32, held: bool) -> Message {
    let id = if held { "engine-scope-removes-held" } else { "engine-scope-removes" };
    Message::new(id).with("contacts", contacts)
}

/// Google's cap.
pub(crate) fn google_full(cap: u32) -> Message {
    Message::new("engine-google-full").with("cap", cap)
}

/// Writes whose answers were lost.
pub(crate) fn unsettled(writes: usize) -> Message {
    Message::new("engine-unsettled").with("count", writes)
}

/// Fields of Zoho's whose rows are at rest.
pub(crate) fn at_rest(rest: Rest, fields: &[String]) -> Message {
    let id = match rest {
        Rest::Unseen => "engine-unreadable",
        Rest::OtherType => "engine-other-type",
        Rest::ReadOnly => "engine-read-only",
    };
    Message::new(id).with("fields", fields.join(SEVERAL))
}

/// Records from which Zoho's answer left a field out.
pub(crate) fn left_out(records: usize, fields: &[String]) -> Message {
    Message::new("engine-left-out").with("count", records).with("fields", fields.join(SEVERAL))
}

/// How much of what a run wrote is put back, how many fields an undo left alone, and how many people
/// it cannot add to their label again.
pub(crate) fn undone(done: usize, all: usize, left: usize, unlabelled: usize) -> Message {
    let (id, count) = match (left, unlabelled) {
        (0, 0) => return Message::new("engine-undone").with("done", done).with("all", all),
        (0, people) => ("engine-undo-unlabelled-some", ("people", people)),
        (fields, _) => ("engine-undo-left-some", ("left", fields)),
    };
    Message::new(id).with("done", done).with("all", all).with(count.0, count.1)
}

/// People whom an undo cannot add to their label again.
pub(crate) fn unlabelled(people: usize) -> Message {
    Message::new("engine-undo-unlabelled").with("people", people)
}

/// An undo that found everything as it was before the run.
pub(crate) fn nothing_undone() -> Message {
    Message::new("engine-undo-nothing")
}

/// A message about how two contacts were recognised as one person.
pub(crate) fn alike(id: &str, by: Reason) -> Message {
    Message::new(id).with("reason", reason(by))
}

/// How two contacts were recognised, as the catalogue's selectors name it.
fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Mark => "mark",
        Reason::Email => "email",
        Reason::NameAndPhone => "name-and-phone",
        Reason::NameAndEmail => "name-and-email",
        Reason::SharedEmail => "shared-email",
        Reason::WholeCard => "whole-card",
        Reason::NameOnly => "name-only",
        Reason::Namesakes => "namesakes",
        Reason::UniqueField => "unique",
        Reason::Decided => "decided",
    }
}

/// Why an undo leaves a field as it is, as the catalogue's selectors name it.
fn obstacle(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Edited => "edited",
        Obstacle::ReadOnly => "read-only",
        Obstacle::Hidden => "hidden",
        Obstacle::Unmapped => "unmapped",
    }
}

/// What kind of question it is.
pub(crate) fn question_kind(about: &About) -> ReviewKind {
    match about {
        About::Deletion { .. } | About::Recreate { .. } => ReviewKind::Deletion,
        About::Doubtful(_) | About::Duplicate { .. } | About::Merged { .. } => ReviewKind::Match,
        About::Misfit { .. } => ReviewKind::Invalid,
        About::Refused { .. } => ReviewKind::Refused,
        About::Difference { .. } => ReviewKind::Difference,
        About::MassChange { .. } => ReviewKind::MassChange,
        About::Unreadable { .. } | About::InOnePiece { .. } => ReviewKind::Unreadable,
        About::Frozen { .. } => ReviewKind::Frozen,
        About::Scope { .. } => ReviewKind::Scope,
        About::UndoLeft { .. } => ReviewKind::Undo,
    }
}

/// The field a question is about.
pub(crate) fn question_field(about: &About) -> Option<String> {
    match about {
        About::Misfit { field, .. }
        | About::Refused { field, .. }
        | About::Difference { field, .. }
        | About::Frozen { field }
        | About::UndoLeft { field, .. } => {
            let one = |field: &String| !field.is_empty() && !field.contains(SEVERAL);
            Some(field.clone()).filter(one)
        }
        About::InOnePiece { fields } => match fields.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        },
        About::Deletion { .. }
        | About::Recreate { .. }
        | About::Doubtful(_)
        | About::Duplicate { .. }
        | About::Merged { .. }
        | About::MassChange { .. }
        | About::Unreadable { .. }
        | About::Scope { .. } => None,
    }
}

/// A question in words.
pub(crate) fn question(question: &Question) -> Message {
    match &question.about {
        About::Deletion { side, edited, .. } => {
            let id = if *edited { "engine-ask-deleted-edited" } else { "engine-ask-deleted" };
            Message::between(id, *side)
        }
        About::Recreate { side } => Message::of("engine-ask-recreate", *side),
        About::Doubtful(why) => alike("engine-ask-doubtful", *why),
        About::Duplicate { side, unasked, namesakes, apart } => {
            let why = match (unasked, apart, namesakes) {
                (true, _, _) => "unasked",
                (false, true, _) => "apart",
                (false, false, true) => "namesakes",
                (false, false, false) => "twin",
            };
            Message::between("engine-ask-duplicate", *side).with("why", why)
        }
        About::Merged { side, .. } => Message::of("engine-ask-merged", *side),
        About::Misfit { misfit: why @ Misfit::OnHold { .. }, .. } => {
            Message::new("engine-ask-on-hold").with("hold", misfit(why))
        }
        About::Refused { side, field, holder, .. } => {
            let (by, who) = match holder {
                Holder::Record { contact, .. } if !contact.is_empty() => ("record", contact),
                Holder::Module(module) => ("module", module),
                Holder::Record { contact: none, .. } => ("unknown", none),
                Holder::Unknown => ("unknown", field),
            };
            let holder = if by == "module" { "module" } else { "who" };
            Message::of("engine-ask-refused", *side)
                .with("named", if field.is_empty() { "no" } else { "yes" })
                .with("field", field)
                .with("by", by)
                .with(holder, who)
        }
        About::Difference { field, zoho, google } => Message::new("engine-ask-difference")
            .with("field", field)
            .with("zoho", zoho.as_deref().unwrap_or("–"))
            .with("google", google.as_deref().unwrap_or("–")),
        About::Misfit { side, field, misfit: why, .. } => Message::of("engine-ask-misfit", *side)
            .with("named", if field.is_empty() { "no" } else { "yes" })
            .with("field", field)
            .with("misfit", misfit(why))
            .with(detail_name(why), detail(why))
            .with("next", next(why)),
        About::Frozen { field } => Message::new("engine-ask-frozen").with("field", field),
        About::Scope { contacts } => narrowed(*contacts),
        About::MassChange { side, contacts, delete, .. } => {
            Message::between("engine-ask-mass-change", *side)
                .with("contacts", contacts)
                .with("delete", if *delete { "yes" } else { "no" })
        }
        About::Unreadable { side } => Message::of("engine-ask-unreadable", *side),
        About::InOnePiece { fields } => {
            Message::new("engine-ask-one-piece").with("field", fields.join(SEVERAL))
        }
        About::UndoLeft { field, obstacle, .. } => Message::new("engine-ask-undo-left")
            .with("field", field)
            .with("obstacle", self::obstacle(*obstacle)),
    }
}

/// Why a link sleeps.
pub(crate) fn suspended(suspended: Suspended) -> Message {
    match suspended {
        Suspended::OutOfScope(Side::Zoho) => Message::new("engine-asleep-view"),
        Suspended::OutOfScope(Side::Google) => Message::new("engine-asleep-label"),
        Suspended::Hidden(side) => Message::of("engine-asleep-hidden", side),
        Suspended::TargetGone(side) => Message::of("engine-asleep-gone", side),
        Suspended::Merged(side) => Message::of("engine-asleep-merged", side),
        Suspended::Asked => Message::new("engine-asleep-asked"),
        Suspended::Alarm(side) => Message::of("engine-asleep-alarm", side),
        Suspended::Unreadable(side) => Message::of("engine-ask-unreadable", side),
        Suspended::Undone => Message::new("engine-asleep-undone"),
        Suspended::LeftOut => Message::new("engine-contact-left-out"),
    }
}

/// The service has no account.
pub(crate) fn not_connected(side: Side) -> Failure {
    Failure::of(FailureCode::NotConnected, "error-not-connected", side)
}

#[cfg(test)]
#[path = "message_tests.rs"]
mod tests;
