//! The figures of performance, measured: `cargo xtask bench [FILTER] [--people N]` prints each
//! beside its goal; the filter `desktop` is about the app in its window. The command line of a release build does the work, in a process of its own; the
//! stand-ins serve it from this one. What is judged is its CPU time, its peak memory and its calls:
//! the clock on the wall tells more about a machine's other work.

mod bare;
mod cost;
mod desktop;
mod page;
mod scenes;

use std::process::ExitCode;

/// How many contacts a side, unless `--people` says otherwise; the goals are for these.
const PEOPLE: usize = 25_000;
/// What growth is measured from.
const FEW: usize = 1_000;

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if args.first().is_some_and(|arg| arg == cost::MEASURE) {
        return cost::measure(&args.split_off(1));
    }
    let mut people = PEOPLE;
    if let Some(at) = args.iter().position(|arg| arg == "--people") {
        let number = args.get(at + 1).and_then(|text| text.parse().ok());
        people = number.expect("--people takes a number");
        args.drain(at..=at + 1);
    }
    let filter = args.first().map_or("", String::as_str);
    let runtime = tokio::runtime::Runtime::new().expect("the runtime starts");
    if filter == "desktop" {
        runtime.block_on(desktop::figures(people));
    } else {
        runtime.block_on(figures(filter, people));
    }
    ExitCode::SUCCESS
}

async fn figures(filter: &str, people: usize) {
    let idle = scenes::start().await;
    page::start(&idle);
    for scene in scenes::ALL.iter().filter(|scene| scene.name.contains(filter)) {
        let (few, many) = (scene.play(FEW).await, scene.play(people).await);
        page::scene(scene, &idle, (FEW, &few), (people, &many));
    }
}
