//! How quick and how small the app is: the release build in its real window and in the tray.

use std::time::{Duration, Instant};

use renraku_sandbox::{Options, People};
use renraku_tests::desktop::{App, Display, Start, TrayHost};
use renraku_tests::world::{Surroundings, World, program};
use serde_json::json;

use crate::page;

/// The processes that belong to the app, by their program's name.
const OURS: [&str; 3] = ["renraku", "WebKitWebProcess", "WebKitNetworkProcess"];

/// Starts that are measured; the one in the middle counts.
const STARTS: usize = 7;

/// Every figure of the desktop, beside its goal.
pub(crate) async fn figures(people: usize) {
    println!("\nthe desktop app");
    let bytes = std::fs::metadata(program("renraku")).expect("the app is built").len();
    page::figure("binary", bytes as f64 / 1e6, "MB", 15.0);
    starts().await;
    at_rest().await;
    many_rows(people).await;
    beside_a_run(people).await;
}

fn middle(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or_default()
}

async fn starts() {
    let mut world = World::in_step(60).await;
    let display = Display::start(world.surroundings()).await;
    let mut host = TrayHost::start(world.bus()).await;
    let (mut to_tray, mut to_paint) = (Vec::new(), Vec::new());
    for count in 1..=STARTS {
        let begun = Instant::now();
        let mut app = App::start_by_hand(world.surroundings(), &[]);
        let painted = async {
            display.wait_for_paint("Renraku").await;
            begun.elapsed().as_secs_f64()
        };
        let shown = async { (host.tray_of(count).await, begun.elapsed().as_secs_f64()) };
        let (painted, (tray, shown)) = tokio::join!(painted, shown);
        to_paint.push(painted);
        to_tray.push(shown);
        tray.click("Quit").await;
        app.ended().await;
        display.wait_for_window("Renraku", false).await;
    }
    page::figure("start to tray icon", middle(to_tray), "s", 0.5);
    page::figure("start to first paint", middle(to_paint), "s", 1.0);
}

async fn at_rest() {
    let mut world = World::in_step(60).await;
    let display = Display::start(world.surroundings()).await;
    let mut host = TrayHost::start(world.bus()).await;
    // The notice of the first closing is read.
    let app = App::start(world.surroundings(), Start::Plain).await;
    app.page().see("Last synced").await;
    let tray = host.tray().await;
    display.close_window("Renraku");
    app.page().press("Keep running in the tray").await;
    display.wait_for_window("Renraku", false).await;
    tray.click("Quit").await;
    tray.gone().await;
    drop(app);

    let _app = App::start_by_hand(world.surroundings(), &[]);
    let _tray = host.tray_of(2).await;
    display.wait_for_paint("Renraku").await;
    quiet(world.surroundings()).await;
    display.close_window("Renraku");
    display.wait_for_window("Renraku", false).await;
    quiet(world.surroundings()).await;
    page::figure("in the tray, memory", memory(world.surroundings()), "MB", 100.0);
    let (begun, before) = (Instant::now(), ticks(world.surroundings()));
    tokio::time::sleep(Duration::from_secs(60)).await;
    let spent = ticks(world.surroundings()).saturating_sub(before);
    // A hundred ticks are a second of CPU time.
    page::figure("in the tray, CPU", spent as f64 / begun.elapsed().as_secs_f64(), "%", 0.1);
}

/// A world with so many contacts on each side and a sync whose first plan is not approved.
async fn full(count: usize, shared: usize) -> World {
    let mut world = World::new().await;
    let people = People::Generated { count, shared, seed: 1 };
    world.start_sandbox(Options { people, ..Options::default() }).await;
    world.connect_both().await;
    let setup = json!({"module": "Contacts", "limits": {"first_run": 2 * count}});
    let setup = world.file("setup.json", &setup.to_string());
    world.cli(&["setup", &setup]).await.done();
    world
}

async fn many_rows(people: usize) {
    let mut world = full(people, 0).await;
    let _display = Display::start(world.surroundings()).await;
    let _host = TrayHost::start(world.bus()).await;
    let app = App::start(world.surroundings(), Start::Plain).await;
    let window = app.page();
    window.press_css("[data-testid=see-plan]").await;
    window.press_css("[data-testid=change] button").await;
    quiet(world.surroundings()).await;
    let held = memory(world.surroundings());
    page::figure(&format!("a plan of {} rows, memory", 2 * people), held, "MB", 300.0);
}

/// Asks for the syncs again and again while a run is under way, and keeps the longest wait.
const ASK: &str = "
    const { invoke } = window.__TAURI_INTERNALS__;
    window.asked = { worst: 0, times: 0, over: false };
    invoke('sync', { module: 'Contacts', approveHeld: true }).finally(() => (asked.over = true));
    (async () => {
        while (!asked.over) {
            const begun = performance.now();
            await invoke('syncs');
            asked.worst = Math.max(asked.worst, performance.now() - begun);
            asked.times += 1;
            await new Promise((go) => setTimeout(go, 5));
        }
    })();";

async fn beside_a_run(people: usize) {
    let mut world = full(people, people).await;
    let _display = Display::start(world.surroundings()).await;
    let _host = TrayHost::start(world.bus()).await;
    let app = App::start(world.surroundings(), Start::Plain).await;
    let client = app.page().client();
    app.page().see("plan").await;
    client.execute(ASK, Vec::new()).await.expect("the window runs it");
    let asked = loop {
        let asked = client.execute("return window.asked", Vec::new()).await.expect("an answer");
        if asked.get("over").and_then(serde_json::Value::as_bool) == Some(true) {
            break asked;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    let number = |key: &str| asked.get(key).and_then(serde_json::Value::as_f64).unwrap_or(f64::NAN);
    let name = format!("longest of {} questions, {people} contacts run", number("times"));
    page::figure(&name, number("worst"), "ms", 50.0);
}

/// Waits until the app's processes spend next to no time for a second, a minute at most.
async fn quiet(surroundings: &Surroundings) {
    let mut before = ticks(surroundings);
    for _ in 0..60 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let now = ticks(surroundings);
        if now <= before + 1 {
            return;
        }
        before = now;
    }
}

/// The memory of all processes together, shared pages by their share (Pss), in megabytes.
fn memory(surroundings: &Surroundings) -> f64 {
    let mut kib = 0;
    for pid in OURS.iter().flat_map(|name| surroundings.running(name)) {
        let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or_default();
        kib += line.trim().trim_end_matches(" kB").parse().unwrap_or(0_u64);
    }
    page::mb(kib)
}

/// CPU time of all processes together, in hundredths of a second.
fn ticks(surroundings: &Surroundings) -> u64 {
    let mut sum = 0;
    for pid in OURS.iter().flat_map(|name| surroundings.running(name)) {
        let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // After the name in brackets come state, parent and so on; its times are the 12th and 13th.
        let numbers = text.rsplit(')').next().unwrap_or_default().split_whitespace();
        sum += numbers.skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum::<u64>();
    }
    sum
}
