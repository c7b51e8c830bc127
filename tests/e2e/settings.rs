//! The app's own settings: what they change is changed at once.

use super::Desk;

#[tokio::test]
async fn language_and_start_at_login_take_effect_at_once() {
    let mut desk = Desk::new().await;
    let app = desk.open_app().await;
    let window = app.page();
    let tray = desk.tray.tray().await;
    window.see("Keep Zoho and Google Contacts in step").await;
    window.press_css("[data-testid=nav-settings]").await;
    window.see("Language and appearance").await;

    // Window, its title, and the whole menu.
    let english = tray.labels().await;
    window.choose("日本語").await;
    window.see("言語と外観").await;
    tray.labels_become(&[
        "設定が必要です",
        "今すぐ同期",
        "Renraku を開く",
        "一時停止",
        "1 時間",
        "明日まで",
        "再開するまで",
        "要確認",
        "設定",
        "終了",
    ])
    .await;
    desk.display.wait_for_window("Renraku – サンドボックス", true).await;
    window.shoot("settings-ja").await;
    window.choose("English").await;
    window.see("Language and appearance").await;
    tray.labels_become(&english).await;

    // The entry that starts the app at login, hidden and in the same world.
    let folder = desk.world.home().join(".config/autostart");
    let entries = || {
        let files = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        files.map(|file| file.path()).collect::<Vec<_>>()
    };
    assert_eq!(entries().len(), 0, "off at first");
    window.press_css("[data-testid=start-at-login]").await;
    let on = async {
        while entries().is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    renraku_tests::world::within(10, "an entry for the start at login", on).await;
    let [entry] = entries().try_into().expect("one entry");
    let text = std::fs::read_to_string(entry).expect("it can be read");
    let command = text.lines().find(|line| line.starts_with("Exec=")).expect("it starts something");
    assert!(command.contains("renraku") && command.contains("--hidden"), "{command}");
    assert!(command.contains("--sandbox"), "the world it was turned on in: {command}");
    window.press_css("[data-testid=start-at-login]").await;
    let off = async {
        while !entries().is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    renraku_tests::world::within(10, "the entry's end", off).await;
}

#[tokio::test]
async fn a_file_that_is_dropped_on_its_field_is_read() {
    let mut desk = Desk::new().await;
    let app = desk.open_app().await;
    let window = app.page();
    window.press_css("[data-testid=nav-settings]").await;
    window.see("Drop the file here, or choose it").await;
    let text =
        r#"{"installed": {"client_id": "1-a.apps.googleusercontent.com", "client_secret": "s"}}"#;
    let file = desk.world.file("client_secret.json", text);
    let (x, y) = window.middle("label:has([data-testid=client-file])").await;
    desk.display.drop_file("Renraku", (x, y), file.as_ref()).await;
    window.see("The file is loaded").await;

    // Beside its field it is taken too, and it does not take the page's place.
    desk.display.drop_file("Renraku", (20, 500), file.as_ref()).await;
    window.see("Ready to connect").await;
    window.see("Drop the file here, or choose it").await;
}
