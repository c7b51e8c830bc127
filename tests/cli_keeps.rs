//! What is kept on this computer, for how long, and what goes when everything is forgotten.

use renraku_tests::world::World;
use serde_json::json;

#[tokio::test]
async fn how_long_history_is_kept_is_told_and_chosen() {
    let world = World::new().await;
    let kept = |days: u32| json!({"retention_days": days});
    assert_eq!(world.cli(&["retention"]).await.done(), kept(90), "unless another time is chosen");
    for days in [30, 0, 3650] {
        let told = world.cli(&["retention", &days.to_string()]).await.done();
        assert_eq!(told, kept(days));
        assert_eq!(world.cli(&["retention"]).await.done(), kept(days), "and it stays");
    }
    for refused in ["3651", "-1", "ever", "1.5"] {
        let answer = world.cli(&["retention", "--", refused]).await;
        answer.refused(2);
        assert_eq!(world.cli(&["retention"]).await.done(), kept(3650), "{refused} changes nothing");
    }
}

#[tokio::test]
async fn forgetting_everything_ends_the_start_at_login_and_says_so() {
    let world = World::new().await;
    let folder = world.home().join(".config/autostart");
    std::fs::create_dir_all(&folder).expect("a folder");
    let [own, sandbox, other] = ["Renraku", "Renraku Sandbox", "Other"].map(|name| {
        let file = folder.join(format!("{name}.desktop"));
        std::fs::write(&file, "[Desktop Entry]\n").expect("a file");
        file
    });
    let told = |list: &serde_json::Value| list.to_string().contains("when you log in");
    let would = world.cli(&["forget"]).await;
    assert_eq!(would.code, Some(3), "it is only told: {would:?}");
    assert!(told(&would.json) && own.exists(), "{would:?}");
    let gone = world.cli(&["forget", "--yes"]).await.done();
    assert!(told(&gone["gone"]), "what went is said: {gone}");
    assert!(!own.exists() && sandbox.exists() && other.exists(), "its own entry alone went");
    let again = world.cli(&["forget", "--yes"]).await.done();
    assert!(!told(&again), "it was off already: {again}");
    // An entry that cannot be removed is said to be left.
    std::fs::create_dir_all(own.join("in the way")).expect("a folder");
    let left = world.cli(&["forget", "--yes"]).await;
    assert_eq!(left.code, Some(1), "{left:?}");
    assert!(told(&left.json["left"]), "{left:?}");
}

#[tokio::test]
async fn the_file_for_somebody_who_helps_is_written_once_and_for_its_owner_alone() {
    let world = World::new().await;
    let file = world.home().join("support.json");
    let path = file.display().to_string();
    let told = world.cli(&["support", &path]).await.done();
    assert_eq!(told, json!({"file": path}));
    let text = std::fs::read_to_string(&file).expect("the file");
    let support: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((&support["zoho"]["connected"], &support["syncs"]), (&json!(false), &json!([])));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    std::fs::write(&file, "mine").expect("another file");
    world.cli(&["support", &path]).await.refused(2);
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), "mine", "it stays as it is");
}

#[tokio::test]
async fn the_manual_and_the_completions_name_every_command() {
    let world = World::new().await;
    let dir = world.home().join("man");
    world.cli(&["man", &dir.display().to_string()]).await.done();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let told = world.cli(&["completions", shell]).await.done();
        let script = told["script"].as_str().unwrap_or_default().to_owned();
        for command in ["connect", "leave-out", "undo", "support"] {
            assert!(script.contains(command), "{shell} completes {command}");
            let page = dir.join(format!("renraku-cli-{command}.1"));
            assert!(page.exists(), "{} is there", page.display());
        }
    }
}
