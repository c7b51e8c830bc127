//! The command line as a person reads it: in words, in the language of the system, with the next step.

use std::process::Stdio;

use renraku_sandbox::Options;
use renraku_tests::world::{World, program, within};

/// What a command prints without a terminal: the answer, and what stands on standard error.
async fn printed(world: &mut World, language: &str, args: &[&str]) -> (String, String) {
    let mut command = world.surroundings().command(program("renraku-cli"));
    command.args(args).env("LANG", language).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = within(120, "renraku-cli", command.output()).await.expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is text");
    (text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn a_person_reads_words_of_the_systems_language_and_how_to_go_on() {
    let mut world = World::in_sandbox(Options::default()).await;
    world.connect_both().await;
    let setup = world.file("setup.json", r#"{"module": "Contacts"}"#);
    world.cli(&["setup", &setup]).await.done();
    let approve = "renraku-cli sync Contacts --approve-held";
    for (language, args, lines) in [
        ("C.UTF-8", &["sync"][..], &["Contacts · Needs you", "to add to Zoho", approve][..]),
        ("ja_JP.UTF-8", &["sync"], &["連絡先 · 確認待ち", "件を追加予定", approve]),
        ("C.UTF-8", &["syncs"], &["Two-way sync · Plan to approve", "After your approval"]),
        ("ja_JP.UTF-8", &["syncs"], &["双方向同期 · 計画の承認待ち", "承認後"]),
        ("C.UTF-8", &["accounts"], &["Connected", "Data centre: United States (us)"]),
        ("ja_JP.UTF-8", &["accounts"], &["接続済み", "データセンター：アメリカ（us）"]),
        ("C.UTF-8", &["review"], &["renraku-cli resolve ITEM CHOICE"]),
        ("ja_JP.UTF-8", &["review"], &["renraku-cli resolve 番号 選択肢"]),
    ] {
        let (said, _) = printed(&mut world, language, args).await;
        for line in lines {
            assert!(said.contains(line), "{language} {args:?}: {line}:\n{said}");
        }
        for code in ["two_way", "awaiting_approval", "needs_you", "null", "0 conflicts"] {
            assert!(!said.contains(code), "{language} {args:?}: {code}:\n{said}");
        }
    }
    for (language, refused) in [("C.UTF-8", "not set up yet"), ("ja_JP.UTF-8", "見込み客はまだ")]
    {
        let (_, errors) = printed(&mut world, language, &["sync", "Leads"]).await;
        assert!(errors.contains(refused), "{language}: {errors}");
    }
}
