//! The engine's sentences, for the command line and wherever a message has no key of its own.

use renraku_core::contact::Side;
use renraku_core::field::Misfit;
use renraku_core::matching::Reason;
use renraku_core::plan::{About, Asleep, Plan, Question, Verb, Why};

use crate::api::ReviewKind;

fn name(side: Side) -> &'static str {
    match side {
        Side::Zoho => "Zoho",
        Side::Google => "Google",
    }
}

/// Why something was written.
pub(crate) fn why(why: Why) -> String {
    match why {
        Why::Changed(side) => format!("It was changed in {}.", name(side)),
        Why::Filled(side) => {
            format!("It was empty here and is filled from {}.", name(side))
        }
        Why::Won(side) => {
            format!("Both sides changed it; {} wins conflicts in this sync.", name(side))
        }
        Why::New(side) => format!("The contact is new in {}.", name(side)),
        Why::Deleted(side) => format!("The contact was deleted in {}.", name(side)),
        Why::Default => "Zoho requires a value, so the default value is used.".to_owned(),
        Why::Label => "The contact joins the label of this sync.".to_owned(),
        Why::Scope => {
            "It is outside the label or view of this sync; you chose to remove it.".to_owned()
        }
        Why::Echo => {
            "It is a second copy that the service made of a contact created by Renraku.".to_owned()
        }
        Why::Undo => "A run was undone.".to_owned(),
    }
}

/// What a first plan holds.
pub(crate) fn first_plan(plan: &Plan) -> String {
    let (mut create, mut update, mut delete) = (0, 0, 0);
    for step in &plan.steps {
        match step.verb {
            Verb::Create { .. } => create += 1,
            Verb::Update { .. } => update += 1,
            Verb::Delete { .. } => delete += 1,
        }
    }
    format!(
        "The first plan waits for your approval: {create} to create, {update} to update, {delete} \
         to delete. Nothing was written. Look at it with 'preview' and approve it with \
         'sync --approve-held'."
    )
}

/// A run that was cut off.
pub(crate) fn interrupted() -> String {
    "This run was interrupted. Nothing was lost; the next run took up where it stopped.".to_owned()
}

/// The deletion brake.
pub(crate) fn brake(deletions: u32, linked: u32) -> String {
    format!(
        "This run would delete {deletions} of {linked} linked contacts, more than usual. Nothing was \
         written. If that is right, approve it with 'sync --approve-held'."
    )
}

/// A narrower scope.
pub(crate) fn narrowed(contacts: u32) -> String {
    format!(
        "The label or view of this sync has changed and {contacts} linked contacts are now outside \
         it. Nothing was written. Approve with 'sync --approve-held' to leave them as they are."
    )
}

/// Google's cap.
pub(crate) fn google_full(cap: u32) -> String {
    format!(
        "Your Google account has reached {cap} contacts, so no more are added there. Everything \
         else goes on."
    )
}

/// How two contacts were recognised.
pub(crate) fn reason(reason: Reason) -> String {
    match reason {
        Reason::Mark => "Renraku linked the two before.",
        Reason::Email => "Both have the same main e-mail.",
        Reason::NameAndPhone => "Both have the same name and phone number.",
        Reason::NameOnly => {
            "Both have the same name, but nothing else tells whether they are one person."
        }
        Reason::UniqueField => "Zoho says that this value belongs to another record already.",
        Reason::Decided => "You decided so.",
    }
    .to_owned()
}

/// Why a value does not fit.
pub(crate) fn misfit(misfit: &Misfit) -> String {
    match misfit {
        Misfit::TooLong { max } => {
            format!("it is longer than the {max} characters the field takes")
        }
        Misfit::Email => "it is not an e-mail address that Zoho takes".to_owned(),
        Misfit::Phone => "it is not a phone number that Zoho takes".to_owned(),
        Misfit::Url => "it is not a web address".to_owned(),
        Misfit::Date => "it is not a date".to_owned(),
        Misfit::NotInList => "it is not in the field's list".to_owned(),
        Misfit::Number => "it is not a number".to_owned(),
        Misfit::Flag => "it is neither yes nor no".to_owned(),
        Misfit::Required => {
            "the field is required, and there is neither a value nor a default".to_owned()
        }
        Misfit::EmploymentDates => {
            "Google takes no changes to a company that has employment dates".to_owned()
        }
        Misfit::NoAccount => {
            "Zoho has no account of this name, and you may not create one there".to_owned()
        }
        Misfit::Refused(code) => format!("the service refuses the value ({code})"),
    }
}

/// What kind of question it is.
pub(crate) fn question_kind(about: &About) -> ReviewKind {
    match about {
        About::Deletion { .. } | About::Recreate { .. } => ReviewKind::Deletion,
        About::Doubtful(_) | About::Duplicate { .. } | About::Merged { .. } => ReviewKind::Match,
        About::Misfit { .. } => ReviewKind::Invalid,
        About::Frozen { .. } => ReviewKind::Frozen,
        About::Scope { .. } => ReviewKind::Scope,
        About::UndoLeft { .. } => ReviewKind::Undo,
    }
}

/// The field a question is about.
pub(crate) fn question_field(about: &About) -> Option<String> {
    match about {
        About::Misfit { field, .. } | About::Frozen { field } | About::UndoLeft { field, .. } => {
            Some(field.clone()).filter(|field| !field.is_empty())
        }
        About::Deletion { .. }
        | About::Recreate { .. }
        | About::Doubtful(_)
        | About::Duplicate { .. }
        | About::Merged { .. }
        | About::Scope { .. } => None,
    }
}

/// A question in words.
pub(crate) fn question(question: &Question) -> String {
    match &question.about {
        About::Deletion { side, edited: false } => format!(
            "It was deleted in {}. Delete it in {} too, or keep it and stop syncing it?",
            name(*side),
            name(side.other())
        ),
        About::Deletion { side, edited: true } => format!(
            "It was deleted in {}, but edited in {} since. Delete it there too, or keep it?",
            name(*side),
            name(side.other())
        ),
        About::Recreate { side } => format!(
            "It was deleted in {}, which this sync only writes to. Create it again, or leave it?",
            name(*side)
        ),
        About::Doubtful(why) => {
            format!("{} Link them, or keep them separate?", reason(*why))
        }
        About::Duplicate { side } => format!(
            "Another contact in {} has the same main e-mail and is synced already. Sync this one as \
             a separate person, or ignore it?",
            name(*side)
        ),
        About::Merged { side } => format!(
            "It was merged in {} with a contact that has a counterpart of its own, so the two on the \
             other side are one person. Nothing was deleted; merge them there.",
            name(*side)
        ),
        About::Misfit { side, field, misfit: why } => format!(
            "{} cannot be written to {}: {}. Mend it and retry, or ignore the field for this contact.",
            if field.is_empty() { "A value" } else { field },
            name(*side),
            misfit(why)
        ),
        About::Frozen { field } => format!(
            "{field} keeps flipping between two values; perhaps another program changes it back. It \
             is left alone until you decide."
        ),
        About::Scope { contacts } => narrowed(*contacts),
        About::UndoLeft { field, .. } => {
            format!("{field} was edited after the run, so the undo left it as it is.")
        }
    }
}

/// Why a link sleeps.
pub(crate) fn asleep(asleep: Asleep) -> String {
    match asleep {
        Asleep::OutOfScope(Side::Zoho) => "It is outside the Zoho view of this sync.".to_owned(),
        Asleep::OutOfScope(Side::Google) => {
            "It does not have the Google label of this sync.".to_owned()
        }
        Asleep::Hidden(side) => format!("You cannot see it in {} now.", name(side)),
        Asleep::TargetGone(side) => {
            format!("It was deleted in {}; you are asked what to do.", name(side))
        }
        Asleep::Merged(side) => format!("It was merged with another contact in {}.", name(side)),
        Asleep::Asked => "A question about it waits for you.".to_owned(),
    }
}
