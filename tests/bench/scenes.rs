//! What is measured: worlds of so many contacts, and the commands that are run in them.

use renraku_sandbox::{Control, Options, People, Side};
use renraku_tests::world::World;
use serde_json::{Value, json};

use crate::bare;
use crate::cost::{self, Cost};

/// A world and what is measured in it.
pub(crate) struct Scene {
    pub(crate) name: &'static str,
    what: What,
}

enum What {
    /// Everybody is on both sides already.
    Shared,
    /// One side is empty.
    Fill(Side),
    /// Half of each side is on the other.
    Half,
}

/// Every scene, in the order of the page.
pub(crate) const ALL: [Scene; 4] = [
    Scene { name: "everybody on both sides", what: What::Shared },
    Scene { name: "first sync, Zoho empty", what: What::Fill(Side::Zoho) },
    Scene { name: "first sync, Google empty", what: What::Fill(Side::Google) },
    Scene { name: "first sync, half shared", what: What::Half },
];

/// What a figure has to keep to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Goal {
    /// CPU seconds at 25,000.
    pub(crate) cpu: Option<f64>,
    /// CPU as a multiple of the bare loop's.
    pub(crate) loops: Option<f64>,
    /// Peak memory above an idle command's, MB, at 25,000.
    pub(crate) memory: Option<f64>,
    /// The fewest calls that the services' batch and page sizes allow.
    pub(crate) floor: Option<usize>,
}

/// One line of the page.
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) cost: Cost,
    pub(crate) goal: Goal,
}

/// The bare loop's line, against which others are judged.
pub(crate) const BARE: &str = "bare loop: parse, compare 15 fields";

/// An idle command: it opens the engine and ends.
pub(crate) async fn start() -> Cost {
    let mut world = World::in_sandbox(Options::default()).await;
    cheapest(&mut world, &["syncs"], 15).await
}

async fn cheapest(world: &mut World, args: &[&str], times: usize) -> Cost {
    let mut best: Option<Cost> = None;
    for _ in 0..times {
        let (cost, _) = cost::of(world, args).await;
        let old = best.take().unwrap_or_else(|| cost.clone());
        best = Some(Cost {
            wall: old.wall.min(cost.wall),
            ..if cost.cpu < old.cpu { cost } else { old }
        });
    }
    best.expect("it was run")
}

impl Scene {
    /// Makes the world and measures.
    pub(crate) async fn play(&self, people: usize) -> Vec<Figure> {
        match self.what {
            What::Shared => shared(people).await,
            What::Fill(empty) => vec![fill(people, empty).await],
            What::Half => vec![half(people).await],
        }
    }
}

/// Both accounts connected, contacts set up, the limits out of the way.
async fn world(count: usize, shared: usize, change: impl FnOnce(&Control)) -> World {
    let people = People::Generated { count, shared, seed: 7 };
    let mut world = World::in_sandbox(Options { people, ..Options::default() }).await;
    world.connect_both().await;
    change(&world.control());
    let setup = json!({
        "module": "Contacts",
        "defaults": {"Last_Name": "-"},
        "limits": {"first_run": 1_000_000, "later_run": 1_000_000, "google_contacts": 1_000_000},
    });
    let setup = world.file("setup.json", &setup.to_string());
    world.cli(&["setup", &setup]).await.done();
    world
}

async fn first(world: &mut World) -> Cost {
    let (cost, answer) = cost::of(world, &["sync", "--approve-held"]).await;
    assert_eq!(answer.pointer("/runs/0/outcome"), Some(&json!("completed")), "{answer}");
    cost
}

async fn shared(people: usize) -> Vec<Figure> {
    let mut world = world(people, people, |_| ()).await;
    let control = world.control();
    let bare = bare::run(&control);
    let (read, _) = cost::of(&mut world, &["preview"]).await;
    // The mirror is full now: what is left of a preview is the plan of everybody.
    let planned = cheapest(&mut world, &["preview"], 2).await;
    first(&mut world).await;
    let quiet = cheapest(&mut world, &["sync"], 5).await;
    edit(&control, people);
    let (changed, answer) = cost::of(&mut world, &["sync"]).await;
    let written = |side: &str| answer.pointer(side).and_then(Value::as_u64);
    let expected = Some(u64::try_from(people / 100).expect("a number"));
    for side in ["/runs/0/zoho/updated", "/runs/0/google/updated"] {
        assert_eq!(written(side), expected, "every edit travels: {answer}");
    }
    let none = Goal::default();
    let figure = |name, cost, goal| Figure { name, cost, goal };
    let floor = 3 + (people / 100).div_ceil(200) + (people / 100).div_ceil(100);
    vec![
        figure(BARE, bare, none),
        figure("first preview: read and plan", read, none),
        figure(
            "plan from the mirror",
            planned,
            Goal { loops: Some(3.0), memory: Some(60.0), ..none },
        ),
        figure("nothing changed", quiet, Goal { cpu: Some(0.05), floor: Some(3), ..none }),
        figure(
            "1 % changed each side",
            changed,
            Goal { cpu: Some(0.2), floor: Some(floor), ..none },
        ),
    ]
}

/// Different contacts change on either side.
fn edit(control: &Control, people: usize) {
    let ids = |side, list: &str, id: &str| -> Vec<String> {
        let store = control.store(side);
        let list = store.pointer(list).and_then(Value::as_array).expect("a list");
        let ids = list.iter().filter_map(|one| one.get(id)?.as_str());
        ids.map(ToOwned::to_owned).collect()
    };
    let zoho = ids(Side::Zoho, "/modules/Contacts/records", "id");
    let google = ids(Side::Google, "/people", "resourceName");
    let some = people / 100;
    for record in zoho.iter().take(some) {
        let fields = json!({"Title": "Head of Measuring"});
        let act = json!({"op": "edit", "module": "Contacts", "record": record, "fields": fields});
        control.human(Side::Zoho, act).expect("the record is edited");
    }
    for contact in google.iter().rev().take(some) {
        let fields = json!({"biographies": [{"value": "Measured."}]});
        let act = json!({"op": "edit", "contact": contact, "fields": fields});
        control.human(Side::Google, act).expect("the person is edited");
    }
}

async fn fill(people: usize, empty: Side) -> Figure {
    let act = match empty {
        Side::Google => json!({"op": "delete_all"}),
        Side::Zoho => json!({"op": "delete_all", "module": "Contacts"}),
    };
    let clear = |control: &Control| {
        control.human(empty, act).expect("everybody goes");
    };
    let mut world = world(people, 0, clear).await;
    let floor = match empty {
        Side::Zoho => people.div_ceil(1000) + 1 + people.div_ceil(100),
        Side::Google => 1 + people.div_ceil(200) + people.div_ceil(2000),
    };
    let goal = Goal { cpu: Some(1.5), floor: Some(floor), ..Goal::default() };
    Figure { name: "everybody is created", cost: first(&mut world).await, goal }
}

async fn half(people: usize) -> Figure {
    let mut world = world(people, people / 2, |_| ()).await;
    let floor =
        people.div_ceil(1000) + people.div_ceil(400) + people.div_ceil(2000) + people.div_ceil(200);
    let goal = Goal { floor: Some(floor), ..Goal::default() };
    Figure { name: "half is matched, half created", cost: first(&mut world).await, goal }
}
