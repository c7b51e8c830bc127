//! Contacts as files: the snapshot before the first write, exports, and the history's search.

use std::path::Path;

use renraku_engine::api::{FileForm, Snapshot, Whose};
use renraku_engine::core::contact::{Module, Side};
use serde_json::json;

use super::people::{card, person};
use super::rig::Rig;

fn read(folder: &str, file: &str) -> String {
    std::fs::read_to_string(Path::new(folder).join(file)).expect("the file is there")
}

fn snapshots(rig: &Rig) -> Vec<Snapshot> {
    rig.engine().snapshots().expect("the snapshots are listed")
}

#[tokio::test]
async fn both_sides_are_kept_as_they_were_before_the_first_write() {
    let rig = Rig::new().await;
    rig.add(Side::Zoho, &person(1));
    let both = rig.add(Side::Google, &person(2));
    rig.add(Side::Zoho, &card(&[("Last_Name", "Family2"), ("Email", "p2@a.test")]));
    rig.contacts(json!({})).await;
    rig.engine().preview(None).await.expect("the plan is made");
    rig.sync().await;
    assert_eq!(snapshots(&rig), [], "nothing was approved, so nothing is kept");

    rig.approve().await;
    let kept = snapshots(&rig);
    let [first] = kept.as_slice() else { panic!("one snapshot: {kept:?}") };
    assert_eq!((first.module, first.zoho, first.google), (Module::Contacts, 2, 1));
    let google = read(&first.folder, "google.csv");
    assert!(google.contains("Family2") && !google.contains("Family1"), "as it was: {google}");
    assert!(read(&first.folder, "zoho.vcf").contains("EMAIL;TYPE=WORK:p1@a.test"));
    let lines = read(&first.folder, "google.jsonl");
    assert!(lines.contains(&both) && lines.lines().count() == 1, "as the service gave it: {lines}");

    rig.add(Side::Zoho, &person(3));
    rig.settle().await;
    assert_eq!(snapshots(&rig), kept, "later runs keep none");
}

#[tokio::test]
async fn a_run_that_cannot_keep_a_snapshot_writes_nothing() {
    let rig = Rig::new().await;
    rig.add(Side::Zoho, &person(1));
    rig.contacts(json!({})).await;
    // A file stands where the folder has to be.
    rig.block("snapshots");
    let run = rig.engine().sync(None, true).await.expect("the run ends").runs.remove(0);
    assert_eq!(run.outcome, renraku_engine::api::Outcome::Failed);
    assert!(run.message.is_some_and(|said| said.contains("nothing was written")));
    assert_eq!(rig.writes(Side::Google), Vec::<String>::new());
}

#[tokio::test]
async fn contacts_are_written_for_other_programs() {
    let rig = Rig::new().await;
    rig.add(Side::Zoho, &person(1));
    rig.add(Side::Google, &person(2));
    rig.contacts(json!({"direction": "zoho_to_google"})).await;
    rig.approve().await;
    let folder = tempfile::tempdir().expect("a folder");
    let check = |whose: Whose, form: FileForm, people: u32, holds: &str, why: &str| {
        let file = folder.path().join("people");
        let count = rig.engine().export(Module::Contacts, whose, form, &file);
        assert_eq!(count.expect("it is written"), people, "{why}");
        let text = std::fs::read_to_string(&file).expect("the file is there");
        assert!(text.contains(holds), "{why}: {text}");
    };
    check(Whose::Zoho, FileForm::Csv, 1, "zoho_id,First_Name,Last_Name", "Zoho's, by its names");
    check(Whose::Google, FileForm::Csv, 2, "google,names.givenName", "Google's, by its names");
    check(Whose::Linked, FileForm::Csv, 1, "p1@a.test", "pairs alone");
    check(Whose::Google, FileForm::Vcard, 2, "N:Family2;Given2;;;", "as address cards");
}

#[tokio::test]
async fn the_history_is_searched_as_people_read_it() {
    let rig = Rig::new().await;
    rig.add(Side::Zoho, &card(&[("Last_Name", "佐藤 陽菜"), ("Email", "Sato@a.test")]));
    rig.contacts(json!({})).await;
    let first = rig.approve().await;
    rig.add(Side::Zoho, &person(7));
    let second = rig.synced().await;
    let check = |text: &str, expected: &[u32]| {
        assert_eq!(rig.engine().runs_about(text).expect("it is searched"), expected, "{text}");
    };
    check("佐藤陽菜", &[first.run]);
    check("ｓａｔｏ@A.TEST", &[first.run]);
    check("family7", &[second.run]);
    check("a.test", &[second.run, first.run]);
    check("nobody", &[]);
}
