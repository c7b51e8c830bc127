//! Why a contact of the list stands where it stands.

/// Why a contact stands where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Its sync is turned off.
    Off,
    /// The person left it out.
    LeftOut,
    /// Its pair was unlinked, or kept after a deletion.
    Stopped,
    /// A question about it waits for the person.
    Asked,
    /// What a service refused, or what cannot be read of it.
    Failed,
    /// The next run carries out what was answered.
    Answered,
    /// Its link sleeps.
    Suspended,
    /// It is not to be seen.
    Hidden,
    /// It cannot be read.
    Unreadable,
    /// A write for it has an unknown outcome.
    Unsure,
    /// Linked, and different in a field that is left so.
    Differs,
    /// Linked, and changed since it was settled.
    Changed,
    /// Linked and settled.
    InStep,
    /// Outside the sync's view or label.
    Outside,
    /// Linked in another module.
    Elsewhere,
    /// The sync goes the other way only.
    OneWay,
    /// The person chose to leave it beside the contact that shares its key.
    Ignored,
    /// It waits to be created on the other side.
    Waits,
    /// None of its values is synced.
    Nothing,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Cause; 19] = [
        Cause::Off,
        Cause::LeftOut,
        Cause::Stopped,
        Cause::Asked,
        Cause::Failed,
        Cause::Answered,
        Cause::Suspended,
        Cause::Hidden,
        Cause::Unreadable,
        Cause::Unsure,
        Cause::Differs,
        Cause::Changed,
        Cause::InStep,
        Cause::Outside,
        Cause::Elsewhere,
        Cause::OneWay,
        Cause::Ignored,
        Cause::Waits,
        Cause::Nothing,
    ];

    /// Its name in the statements below.
    pub(super) fn name(self) -> &'static str {
        match self {
            Cause::Off => "off",
            Cause::LeftOut => "left_out",
            Cause::Stopped => "stopped",
            Cause::Asked => "asked",
            Cause::Failed => "failed",
            Cause::Answered => "answered",
            Cause::Suspended => "asleep",
            Cause::Hidden => "hidden",
            Cause::Unreadable => "unreadable",
            Cause::Unsure => "unsure",
            Cause::Differs => "differs",
            Cause::Changed => "changed",
            Cause::InStep => "in_step",
            Cause::Outside => "outside",
            Cause::Elsewhere => "elsewhere",
            Cause::OneWay => "one_way",
            Cause::Ignored => "ignored",
            Cause::Waits => "waits",
            Cause::Nothing => "nothing",
        }
    }

    pub(super) fn of(name: &str) -> Option<Cause> {
        Cause::ALL.into_iter().find(|cause| cause.name() == name)
    }
}
