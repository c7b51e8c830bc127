//! The engine says everything in the language of the day it is read, what was stored before too.

use renraku_engine::PREFERENCES;
use renraku_engine::catalogue::Language;
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::people::person;
use super::rig::Rig;

#[tokio::test]
async fn what_was_said_before_is_read_in_the_language_of_today() {
    let rig = Rig::new().await;
    rig.add(Side::Zoho, &person(1));
    rig.contacts(json!({})).await;
    let held = rig.sync().await;
    let run = rig.synced().await;
    let told = |rig: &Rig| {
        let runs = rig.engine().history().expect("the history is read").runs;
        let message = runs.into_iter().find(|one| one.run == held.run).and_then(|one| one.message);
        let why = rig.history(run.run).changes.into_iter().map(|change| change.why).next();
        (message.expect("the held run says why"), why.expect("the write says why"))
    };
    let english = told(&rig);
    assert_eq!(held.message.as_ref(), Some(&english.0), "the run and the history say the same");
    assert!(english.0.contains("1 to create"), "with its counts: {}", english.0);
    assert_eq!(english.1, "The contact is new in Zoho.");

    // The command line speaks what was chosen in the window.
    assert_eq!(rig.engine().chosen_language(), None, "nobody chose yet");
    for (kept, chosen) in [(r#"{"language": "ja"}"#, Some(Language::Ja)), ("{}", None)] {
        rig.engine().set_setting(PREFERENCES, kept).expect("it is saved");
        assert_eq!(rig.engine().chosen_language(), chosen, "{kept}");
    }

    rig.engine().speak(Language::Ja);
    let japanese = told(&rig);
    assert!(japanese.0.contains("作成 1 件"), "{}", japanese.0);
    assert!(japanese.1.contains("新しい連絡先"), "{}", japanese.1);
}
