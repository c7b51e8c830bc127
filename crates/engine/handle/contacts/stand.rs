//! Where one contact stands: its state, the reason in words, and the ways out of it.

use renraku_core::contact::{Card, Pair, RecordId, Side};
use renraku_core::mapping::Mapping;
use renraku_core::message::{Message, SEVERAL};
use renraku_core::plan::Suspended;
use renraku_core::seen::Hint;
use renraku_services::google;
use renraku_store::{Cause, LinkRow, MirrorRow, ReviewRow, State, SyncRow};

use crate::api::{ContactAction, ContactState};
use crate::sync::settle::FLIPS;
use crate::text::message;

/// The state that a cause means to the person.
pub(super) fn state(cause: Cause) -> ContactState {
    match cause {
        Cause::InStep => ContactState::InStep,
        Cause::Answered | Cause::Unsure | Cause::Changed | Cause::Waits => ContactState::Waiting,
        Cause::Asked => ContactState::NeedsYou,
        Cause::Stopped => ContactState::Unlinked,
        Cause::Differs => ContactState::Differs,
        Cause::Failed | Cause::Unreadable => ContactState::Failed,
        Cause::Off
        | Cause::LeftOut
        | Cause::Suspended
        | Cause::Hidden
        | Cause::Outside
        | Cause::Elsewhere
        | Cause::OneWay
        | Cause::Ignored
        | Cause::Nothing => ContactState::KeptOut,
    }
}

/// What is known of one contact of the list.
pub(super) struct Known<'a> {
    /// Why it stands where it stands.
    pub(super) cause: Cause,
    /// Its sync.
    pub(super) sync: &'a SyncRow,
    /// The sync's mapping.
    pub(super) mapping: &'a Mapping,
    /// The Zoho fields whose rows are at rest.
    pub(super) resting: Vec<&'a str>,
    /// What the sync's last run had to say.
    pub(super) said: Option<&'a Message>,
    /// Both ids, as far as it has them.
    pub(super) ids: Pair<Option<RecordId>>,
    /// Both copies, as far as it has them.
    pub(super) copies: &'a Pair<Option<MirrorRow>>,
    /// Its link.
    pub(super) link: Option<LinkRow>,
    /// What is asked or was decided about it.
    pub(super) questions: Vec<ReviewRow>,
    /// Whether the newest write to a field in which its pair differs was an undo's, or an undo took the
    /// other end of its pair away.
    pub(super) undone: bool,
}

impl Known<'_> {
    /// The side on which a pair has a tombstone.
    fn gone(&self) -> Option<Side> {
        let gone =
            |side: &Side| self.copies[*side].as_ref().is_some_and(|copy| copy.state == State::Gone);
        Side::BOTH.into_iter().find(gone)
    }

    /// Why its pair sleeps.
    fn suspended(&self) -> Option<Suspended> {
        self.link.as_ref().and_then(|link| link.suspended)
    }

    /// The side that a contact without a counterpart is on.
    fn own(&self) -> Side {
        if self.ids.zoho.is_some() { Side::Zoho } else { Side::Google }
    }

    /// The field that Zoho does not take for now, where Google says something new in it.
    fn rests(&self) -> Option<&str> {
        let (link, copy) = (self.link.as_ref()?, self.copies.google.as_ref()?);
        let read = google::wire::record(&copy.raw, self.mapping).ok()?;
        self.resting.iter().find_map(|field| {
            let rule = self.mapping.by_zoho(field)?;
            let base = link.base.google.get(*field).map(|text| &**text);
            self.mapping.edited(rule, base, read.card.get(rule)).then_some(*field)
        })
    }

    /// The field that the person chose to leave as it is on both sides.
    fn left_aside(&self) -> Option<&str> {
        let ignored = |row: &&ReviewRow| row.chosen.as_deref() == Some("ignore");
        let unwritten = self.questions.iter().filter(ignored);
        let mut unwritten = unwritten.filter_map(|row| row.question.about.unwritten());
        let found = unwritten.find(|(_, field)| field.is_empty() || self.differs_in(field));
        found.map(|(_, field)| field)
    }

    /// The fields that kept flipping and are left alone.
    fn frozen(&self) -> impl Iterator<Item = &str> {
        let flips = self.link.iter().flat_map(|link| &link.flips);
        flips.filter(|(_, flip)| flip.count >= FLIPS).map(|(field, _)| field.as_str())
    }

    /// The fields in which its pair differs and is left so.
    fn differing(&self) -> impl Iterator<Item = &str> {
        self.link.iter().flat_map(|link| &link.differs).map(String::as_str)
    }

    fn differs_in(&self, field: &str) -> bool {
        self.differing().any(|one| one == field)
    }

    /// The fields in which its pair differs and that Zoho takes no changes of.
    fn closed(&self) -> Vec<&str> {
        if !self.sync.setup.direction.writes(Side::Zoho) {
            return Vec::new();
        }
        let rule = |field: &str| self.mapping.rules().get(self.mapping.by_zoho(field)?);
        let closed = |field: &&str| rule(field).is_some_and(|rule| !rule.zoho_writable);
        self.differing().filter(closed).collect()
    }

    /// Whether the person chose to leave something of it as it is, or a field is left alone.
    fn leaves_something(&self) -> bool {
        let ignored = |row: &ReviewRow| row.chosen.as_deref() == Some("ignore");
        self.frozen().next().is_some() || self.questions.iter().any(ignored)
    }

    /// The reason.
    pub(super) fn reason(&self) -> Message {
        let own = self.own();
        match self.cause {
            Cause::Off => Message::new("engine-why-off"),
            Cause::LeftOut => message::suspended(Suspended::LeftOut),
            Cause::Stopped => match self.gone() {
                Some(side) if self.undone => Message::of("engine-contact-undone", side),
                Some(side) => Message::of("engine-contact-kept", side),
                None => Message::new("engine-contact-unlinked"),
            },
            Cause::Asked | Cause::Failed => {
                let open = self.questions.iter().find(|row| row.chosen.is_none());
                match open {
                    Some(row) => message::question(&row.question),
                    // Of whoever is part of an alarm nothing is asked alone.
                    None => message::suspended(self.suspended().unwrap_or(Suspended::Asked)),
                }
            }
            Cause::Answered => Message::new("engine-contact-answered"),
            Cause::Suspended => match self.suspended() {
                // No question about it is open: it was taken up again.
                None | Some(Suspended::Asked) => Message::new("engine-contact-answered"),
                Some(why) => message::suspended(why),
            },
            Cause::Hidden => message::suspended(Suspended::Hidden(own)),
            Cause::Unreadable => message::suspended(Suspended::Unreadable(own)),
            Cause::Unsure => Message::new("engine-why-unsure"),
            Cause::Changed => match self.rests() {
                Some(field) => Message::new("engine-why-at-rest").with("field", field),
                None => Message::new("engine-why-dirty"),
            },
            Cause::InStep => self.in_step(),
            Cause::Differs => self.differs(),
            Cause::Outside => message::suspended(Suspended::OutOfScope(own)),
            Cause::Elsewhere => Message::new("engine-why-elsewhere"),
            Cause::OneWay => Message::new(match own {
                Side::Google => "engine-why-only-to-google",
                Side::Zoho => "engine-why-only-to-zoho",
            }),
            Cause::Ignored => Message::new("engine-why-ignored"),
            Cause::Nothing => Message::new("engine-why-nothing"),
            Cause::Waits => self.waits(),
        }
    }

    /// What Google's person has for which no field of this sync is left in Zoho.
    fn without_place(&self) -> Vec<String> {
        let writes = self.sync.setup.direction.writes(Side::Zoho);
        let known = (self.link.as_ref(), self.copies.google.as_ref());
        let (Some(link), Some(copy)) = known else { return Vec::new() };
        let read = google::wire::record(&copy.raw, self.mapping);
        let Some(read) = read.ok().filter(|_| writes) else { return Vec::new() };
        let rules = self.mapping.rules().iter();
        let said = Card(rules.map(|rule| link.base.google.get(&rule.zoho).cloned()).collect());
        let hint = Hint { said: &said, base: Some(&said), seen: Some(&link.seen) };
        self.mapping.without_place(&read.card, &read.listed, hint)
    }

    fn in_step(&self) -> Message {
        let left = self.without_place();
        if !left.is_empty() {
            return Message::new("engine-why-no-place").with("values", left.join(SEVERAL));
        }
        let by = self.link.as_ref().and_then(|link| link.by);
        match by {
            Some(by) => message::alike("engine-why-matched", by),
            None => Message::new("engine-why-in-step"),
        }
    }

    /// Why the two differ and nothing is written for it.
    fn differs(&self) -> Message {
        let of = |id: &str, fields: &[&str]| Message::new(id).with("field", fields.join(SEVERAL));
        if let Some(field) = self.unsplit().filter(|field| self.differs_in(field)) {
            return of("engine-why-unsplit", &[field.as_str()]);
        }
        if let Some(field) = self.frozen().find(|field| self.differs_in(field)) {
            return of("engine-why-frozen", &[field]);
        }
        if let Some(field) = self.left_aside() {
            let named = if field.is_empty() { "no" } else { "yes" };
            return of("engine-contact-left-aside", &[field]).with("named", named);
        }
        let closed = self.closed();
        if !closed.is_empty() {
            return of("engine-why-closed", &closed);
        }
        let fields: Vec<&str> = self.differing().collect();
        match self.sync.setup.direction.source() {
            Some(source) if !self.undone => {
                let drifted = Message::between("engine-why-drifted", source.other());
                drifted.with("field", fields.join(SEVERAL))
            }
            Some(_) | None if self.undone => of("engine-why-undone", &fields),
            Some(_) | None => of("engine-why-differs", &fields),
        }
    }

    /// The first field that is left alone because Google's person holds it in one piece.
    fn unsplit(&self) -> Option<String> {
        let copy = self.copies.google.as_ref()?;
        let read = google::wire::record(&copy.raw, self.mapping).ok()?;
        let spec = self.mapping.rules().get(*read.whole.first()?)?;
        Some(spec.zoho.clone())
    }

    /// Why a contact that will be created on the other side is not there yet.
    fn waits(&self) -> Message {
        let limits = self.sync.setup.limits;
        let full = message::google_full(limits.google_contacts);
        if self.own() == Side::Zoho && self.said == Some(&full) {
            return Message::new("engine-why-full");
        }
        if self.sync.waiting > 0 {
            let limit = if self.sync.first_done { limits.later_run } else { limits.first_run };
            return Message::new("engine-why-limit").with("limit", limit);
        }
        Message::new("engine-why-waits")
    }

    /// The ways out, the most fitting first. Every state has one.
    pub(super) fn actions(&self) -> Vec<ContactAction> {
        use ContactAction::{Edit, Enable, LeaveOut, Resume, Review, Separate, Sync, Unlink};
        let suspended = self.suspended();
        let mut actions = match self.cause {
            Cause::Off => vec![Enable],
            Cause::LeftOut | Cause::Stopped | Cause::Ignored => vec![Resume],
            Cause::Asked | Cause::Failed | Cause::Unreadable => vec![Review, LeaveOut],
            Cause::Answered | Cause::Unsure | Cause::Changed | Cause::Waits => {
                vec![Sync, LeaveOut]
            }
            Cause::Suspended => match suspended {
                Some(Suspended::OutOfScope(_)) => vec![Edit],
                Some(
                    Suspended::Merged(_)
                    | Suspended::TargetGone(_)
                    | Suspended::Asked
                    | Suspended::Alarm(_)
                    | Suspended::Undone
                    | Suspended::LeftOut,
                ) => vec![Resume],
                Some(Suspended::Hidden(_) | Suspended::Unreadable(_)) | None => vec![Sync],
            },
            Cause::Hidden => vec![Sync],
            // Nothing can be written for it as the sync is set up.
            Cause::Differs if !self.closed().is_empty() => vec![Edit, LeaveOut],
            Cause::Differs => vec![Resume, LeaveOut],
            Cause::InStep if self.leaves_something() => vec![Resume, LeaveOut],
            Cause::InStep => vec![LeaveOut],
            Cause::Outside | Cause::Elsewhere | Cause::OneWay | Cause::Nothing => vec![Edit],
        };
        let live = self.link.as_ref().filter(|link| !link.stopped);
        if let Some(link) = live
            && !matches!(self.cause, Cause::Off | Cause::LeftOut)
        {
            actions.push(Unlink);
            if link.by.is_some() && self.gone().is_none() {
                actions.push(Separate);
            }
        }
        actions
    }
}
