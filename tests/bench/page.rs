//! The page: a line a figure, what was measured beside its goal.

use crate::cost::Cost;
use crate::scenes::{BARE, Figure, Goal, Scene};

/// A process that only starts.
const START_SECONDS: f64 = 0.02;
const IDLE_MB: f64 = 15.0;

/// Kibibytes as mebibytes.
pub(crate) fn mb(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

fn judged(good: bool) -> &'static str {
    if good { "" } else { "  OVER" }
}

/// One figure that has to stay below its goal.
pub(crate) fn figure(name: &str, value: f64, unit: &str, goal: f64) {
    println!("  {name:<44} {value:8.2} {unit:<2} (goal {goal}){}", judged(value <= goal));
}

/// How an idle command does.
pub(crate) fn start(idle: &Cost) {
    let (seconds, memory) = (idle.wall.as_secs_f64(), mb(idle.peak_kib));
    println!("\nthe command line starts");
    println!(
        "  start to end       {:8.1} ms (goal {:.0}){}",
        seconds * 1000.0,
        START_SECONDS * 1000.0,
        judged(seconds <= START_SECONDS)
    );
    println!(
        "  memory             {memory:8.1} MB (goal {IDLE_MB:.0}){}",
        judged(memory <= IDLE_MB)
    );
}

/// The figures of a scene at two sizes.
pub(crate) fn scene(scene: &Scene, idle: &Cost, few: (usize, &[Figure]), many: (usize, &[Figure])) {
    println!("\n{}, {} contacts", scene.name, many.0);
    let bare = many.1.iter().find(|figure| figure.name == BARE).map(|figure| figure.cost.cpu);
    for (small, large) in few.1.iter().zip(many.1) {
        let (cost, goal) = (&large.cost, large.goal);
        let cpu = cost.cpu.as_secs_f64();
        println!("  {}", large.name);
        let loops = bare.map(|bare| cpu / bare.as_secs_f64());
        let told = match (goal, loops) {
            (Goal { cpu: Some(goal), .. }, _) => format!(" (goal {goal}){}", judged(cpu <= goal)),
            (Goal { loops: Some(goal), .. }, Some(loops)) => {
                format!(" = {loops:.1} bare loops (goal {goal}){}", judged(loops <= goal))
            }
            (Goal { .. }, _) => String::new(),
        };
        println!("    CPU              {cpu:8.3} s{told}; wall {:.1} s", cost.wall.as_secs_f64());
        // Linear growth has the exponent 1; what a start costs anyway is no growth.
        let above =
            |figure: &Figure| figure.cost.cpu.saturating_sub(idle.cpu).as_secs_f64().max(0.001);
        let times = many.0 as f64 / few.0 as f64;
        let growth = (above(large) / above(small)).ln() / times.ln();
        println!("    growth           {growth:8.2} (1 is linear, from {} contacts)", few.0);
        if large.name == BARE {
            continue;
        }
        let memory = mb(cost.peak_kib) - mb(idle.peak_kib);
        let told = goal
            .memory
            .map_or_else(String::new, |goal| format!(" (goal {goal}){}", judged(memory <= goal)));
        println!("    above idle       {memory:8.1} MB{told}");
        if let Some(floor) = goal.floor {
            let most = floor as f64 * 1.1 + 6.0;
            let good = cost.calls as f64 <= most;
            println!("    calls            {:8} (floor {floor}){}", cost.calls, judged(good));
        }
    }
}
