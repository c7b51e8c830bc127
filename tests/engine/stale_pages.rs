//! A page of the database is an older one, because the disk lost a write, or an index leads nowhere: each row
//! is right by itself, and yet nothing is overwritten, nobody is made twice, and no run ends in a panic.

use std::path::Path;

use renraku_engine::api::{FailureCode, ReviewKind};
use renraku_engine::core::contact::Side;
use renraku_store::Store;
use serde_json::json;

use super::damage::approved;
use super::edits::in_step;
use super::people::card;
use super::rig::Rig;

/// Where a table or an index begins in the file, and how long a page is.
fn root(file: &Path, name: &str) -> (usize, usize) {
    let store = Store::open(file.parent().expect("a folder")).expect("it opens");
    let found: (i64, i64) = store
        .read(|db| {
            let root = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
            let size = db.pragma_query_value(None, "page_size", |row| row.get(0))?;
            Ok((db.query_row(root, [name], |row| row.get(0))?, size))
        })
        .expect("where it is");
    let [root, size] = [found.0, found.1].map(|n| usize::try_from(n).expect("a place"));
    ((root - 1) * size, size)
}

fn page(rig: &mut Rig, name: &str) -> Vec<u8> {
    let mut page = Vec::new();
    rig.closed(|file| {
        let (at, size) = root(file, name);
        page = std::fs::read(file).expect("it").into_iter().skip(at).take(size).collect();
    });
    page
}

fn put_back(rig: &mut Rig, name: &str, old: &[u8]) {
    rig.closed(|file| {
        let (at, _) = root(file, name);
        let mut bytes = std::fs::read(file).expect("the database");
        bytes.iter_mut().skip(at).zip(old).for_each(|(byte, old)| *byte = *old);
        std::fs::write(file, bytes).expect("it is written");
    });
}

/// What a run of a damaged database ends with.
async fn is_told(rig: &Rig, what: &str) {
    match rig.engine().sync(None, true).await {
        Ok(runs) => {
            let run = runs.runs.first().expect("one run");
            assert_eq!(run.failure, Some(FailureCode::Store), "{what}: {run:?}");
            let message = run.message.as_deref().unwrap_or_default();
            assert!(message.contains("damaged"), "{what}: {message}");
        }
        Err(failure) => assert_eq!(failure.id, "error-database-damaged", "{what}: {failure:?}"),
    }
}

#[tokio::test]
async fn an_older_page_of_the_pairs_overwrites_nothing_that_was_typed() {
    let mut rig = in_step(3, json!({})).await;
    let [zoho, google] = Side::BOTH.map(|side| rig.find(side, "Email", "p1@a.test"));
    let before = page(&mut rig, "link");
    rig.edit(Side::Zoho, &zoho, "Title", Some("Chief"));
    rig.settle().await;
    put_back(&mut rig, "link", &before);
    rig.edit(Side::Google, &google, "Title", Some("Countess"));
    is_told(&rig, "link").await;
    approved(&rig).await;
    assert_eq!(rig.value(Side::Google, &google, "Title").as_deref(), Some("Countess"));
    rig.decide(ReviewKind::Difference, "google");
    rig.settle().await;
    rig.agree(3);
}

#[tokio::test]
async fn an_older_page_of_what_contacts_are_found_by_makes_nobody_twice() {
    let mut rig = in_step(3, json!({"direction": "google_to_zoho"})).await;
    let before = page(&mut rig, "evidence");
    rig.add(Side::Zoho, &card(&[("Last_Name", "Sam"), ("Email", "sam@z.test")]));
    rig.settle().await;
    put_back(&mut rig, "evidence", &before);
    rig.add(Side::Google, &card(&[("Last_Name", "Sam"), ("Email", "sam@z.test")]));
    is_told(&rig, "evidence").await;
    approved(&rig).await;
    let sams = rig.cards(Side::Zoho);
    let sams = sams.iter().filter(|c| c.get("Email").is_some_and(|e| e == "sam@z.test"));
    assert_eq!(sams.count(), 1, "nobody stands there twice");
}

#[tokio::test]
async fn an_index_that_leads_nowhere_ends_in_a_sentence_and_loses_no_edit() {
    // A copy that its index does not lead to is taken in once more with the edit, which then travels.
    for (index, told) in
        [("link_by_zoho", true), ("link_by_google", true), ("sqlite_autoindex_mirror_1", false)]
    {
        for side in Side::BOTH {
            let what = format!("{index} {}", side.name());
            let mut rig = in_step(3, json!({})).await;
            let mut bytes = page(&mut rig, index);
            // The newest entry stands in front of the others; its id ends before the number of its row.
            let size = bytes.len();
            let digit = |byte: &u8| byte.is_ascii_digit();
            let last = bytes.iter().rposition(digit).filter(|at| *at + 40 > size);
            let flipped = last.and_then(|at| bytes.get_mut(at)).expect("an id");
            *flipped ^= 0x01;
            put_back(&mut rig, index, &bytes);
            for number in 0..3 {
                let id = rig.find(side, "Email", &format!("p{number}@a.test"));
                rig.edit(side, &id, "Title", Some("Countess"));
            }
            if told {
                is_told(&rig, &what).await;
            }
            approved(&rig).await;
            for number in 0..3 {
                let id = rig.find(side, "Email", &format!("p{number}@a.test"));
                let title = rig.value(side, &id, "Title");
                assert_eq!(
                    title.as_deref(),
                    Some("Countess"),
                    "{what}: it stands where it was typed"
                );
            }
            let people = [Side::Zoho, Side::Google].map(|side| rig.cards(side).len());
            assert_eq!(people, [3, 3], "{what}: nobody is made twice");
        }
    }
}

#[tokio::test]
async fn a_deletion_that_a_damaged_index_hides_is_not_passed_over() {
    let index = "link_by_google";
    let mut rig = in_step(3, json!({})).await;
    let id = rig.find(Side::Google, "Email", "p1@a.test");
    let mut bytes = page(&mut rig, index);
    let at = bytes.windows(id.len()).position(|part| part == id.as_bytes());
    let last = at.expect("its entry") + id.len() - 1;
    bytes.iter_mut().skip(last).take(1).for_each(|byte| *byte ^= 0x01);
    put_back(&mut rig, index, &bytes);
    rig.delete(Side::Google, &id);
    is_told(&rig, index).await;
    assert_eq!(rig.cards(Side::Zoho).len(), 3, "nobody is deleted");
}
