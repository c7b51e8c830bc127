//! Killed at any instant, the next run brings the same end (P7): the real program is killed with
//! SIGKILL before every call's effect, after every call's effect but before its answer is heard,
//! before every commit of its database and after every commit, and then started again.

use serde_json::Value;

use super::stage::{Point, Scenario, Stage};

/// What came of the points around one kind of thing.
#[derive(Default)]
struct Found {
    points: u32,
    failures: Vec<String>,
}

/// Kills at the points around the first, the second, … until the program does not come that far.
async fn kill_around<const N: usize>(
    stage: &mut Stage,
    points: impl Fn(u64) -> [Point; N],
    most: u64,
    expected: &[Vec<String>; 2],
) -> Found {
    let mut found = Found::default();
    for nth in 1..=most {
        let before = found.points;
        for point in points(nth) {
            if stage.kill(point).await {
                found.points += 1;
                let stands = stage.settle(&format!("{point:?}")).await;
                if stands != *expected {
                    found.failures.push(format!("{point:?}:\n  {stands:#?}"));
                }
            }
        }
        if found.points == before {
            break;
        }
    }
    found
}

async fn matrix(scenario: Scenario) {
    let mut stage = Stage::at(scenario).await;
    let calls = stage.count_calls().await;
    let expected = stage.settle("not killed").await;
    let around = |nth| [Point::BeforeCall(nth), Point::AfterCall(nth)];
    let at_calls = kill_around(&mut stage, around, calls, &expected).await;
    let around = |nth| [Point::BeforeCommit(nth), Point::AfterCommit(nth)];
    let at_commits = kill_around(&mut stage, around, u64::MAX, &expected).await;
    let failures = [at_calls.failures, at_commits.failures].concat();
    println!(
        "{scenario:?}: {} points around {calls} calls, {} around commits, {} failures",
        at_calls.points,
        at_commits.points,
        failures.len()
    );
    assert!(at_commits.points >= 16, "a run makes more commits than that");
    assert!(failures.is_empty(), "expected {expected:#?}\n{}", failures.join("\n"));
}

#[tokio::test]
async fn a_first_run_killed_anywhere() {
    matrix(Scenario::First).await;
}

#[tokio::test]
async fn a_later_run_killed_anywhere() {
    matrix(Scenario::Later).await;
}

#[tokio::test]
async fn an_undo_killed_anywhere() {
    matrix(Scenario::Undo).await;
}

#[tokio::test]
async fn an_undo_that_leaves_a_label_killed_anywhere() {
    matrix(Scenario::UndoLabels).await;
}

#[tokio::test]
async fn those_who_vanished_put_back_killed_anywhere() {
    matrix(Scenario::Alarm("put_back")).await;
}

#[tokio::test]
async fn those_who_vanished_deleted_too_killed_anywhere() {
    matrix(Scenario::Alarm("delete")).await;
}

#[tokio::test]
async fn those_who_vanished_decided_one_by_one_killed_anywhere() {
    matrix(Scenario::Alarm("one_by_one")).await;
}

#[tokio::test]
async fn a_later_run_whose_disk_is_full_from_any_commit_on() {
    let mut stage = Stage::at(Scenario::Later).await;
    stage.count_calls().await;
    let expected = stage.settle("with room").await;
    let full = |nth| [Point::FullDisk(nth)];
    let found = kill_around(&mut stage, full, u64::MAX, &expected).await;
    assert!(found.points >= 8, "a run makes more commits than {}", found.points);
    assert!(found.failures.is_empty(), "expected {expected:#?}\n{}", found.failures.join("\n"));
}

#[tokio::test]
async fn what_the_services_took_back_is_said_also_on_a_full_disk() {
    let mut stage = Stage::at(Scenario::First).await;
    let (told, revoked) = stage.on_a_full_disk(&["disconnect", "zoho"]).await;
    let sentence = told.pointer("/error/message").and_then(Value::as_str).unwrap_or_default();
    assert!(sentence.contains("has taken the access back"), "{told}");
    assert_eq!(revoked, 1, "it was");
    let told = stage.with_room(&["disconnect", "zoho"]).await;
    assert_eq!(told.pointer("/zoho/connected"), Some(&Value::Bool(false)), "once more: {told}");
    let (told, revoked) = stage.on_a_full_disk(&["forget", "--yes"]).await;
    let said = |key: &str| told.get(key).map(ToString::to_string).unwrap_or_default();
    assert!(said("gone").contains("The sign-in to Google"), "{told}");
    assert!(!said("left").contains("did not confirm"), "{told}");
    assert_eq!(revoked, 1, "Google's too");
}
