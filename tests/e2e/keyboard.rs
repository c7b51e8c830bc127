//! A life by keyboard alone: from the first sign-in over the wizard and the plan to an undo. The
//! services' own pages are the browser's affair.

use fantoccini::Locator;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::key::Key;
use renraku_tests::desktop::Page;

use super::{Desk, newest_run, run_is_listed};

/// More often than this nobody presses Tab on one screen.
const STOPS: usize = 90;

#[tokio::test]
async fn everything_from_connect_to_undo_is_done_by_keyboard() {
    let mut desk = Desk::new().await;
    let app = desk.open_app().await;
    let window = app.page();

    press(window, "[data-testid=connect-zoho]", Key::Enter).await;
    let address = desk.world.browser().opened().await;
    let zoho = desk.visit(&address).await;
    zoho.press("Accept").await;
    window.see("Aozora Trading").await;
    press(window, "[data-testid=connect-google]", Key::Enter).await;
    let address = desk.world.browser().opened().await;
    let google = desk.visit(&address).await;
    google.press("Allow").await;
    window.see("sora.sales@gmail.example").await;

    // Who takes part is chosen knowingly: without it the first step goes on to nothing.
    press(window, "[data-testid=start-wizard]", Key::Enter).await;
    window.see("of your").await;
    press(window, "[data-testid=wizard-next]", Key::Enter).await;
    window.see("Please choose which Google contacts take part.").await;
    keys(window, " ").await;
    keys(window, &char::from(Key::Down).to_string()).await;
    press(window, "[data-testid=wizard-next]", Key::Enter).await;
    window.see("Map the fields").await;
    press(window, "[data-testid=wizard-next]", Key::Enter).await;
    window.see("Default values for Zoho").await;
    press(window, "[data-testid=wizard-next]", Key::Enter).await;
    window.see("The first plan for Contacts").await;
    press(window, "[data-testid=approve]", Key::Enter).await;
    window.see("Last synced").await;

    // The history by its key, the run, and what it wrote is taken back.
    chord(window, '3').await;
    window.see("Every run with every field it wrote.").await;
    press(window, "[data-testid^=run-]", Key::Enter).await;
    press(window, "[data-testid=undo]", Key::Enter).await;
    press(window, "[data-testid=undo-confirm]", Key::Enter).await;
    let undone = Locator::Css("[data-testid=undone]");
    let wait = window.client().wait().at_most(std::time::Duration::from_secs(60));
    assert!(wait.for_element(undone).await.is_ok(), "it was undone:\n{}", window.text().await);
    window.shoot("undone-by-keyboard").await;

    // Every screen has its key, as has the search of a list, and a sync begins from anywhere.
    chord(window, ',').await;
    window.see("Language and appearance").await;
    chord(window, '4').await;
    window.see("Everyone on either side").await;
    chord(window, 'f').await;
    assert!(is_at(window, "[data-testid=contacts-search]").await, "the search is where one types");
    keys(window, "nobody at all").await;
    window.see("Nobody matches").await;
    chord(window, '1').await;
    let next = newest_run(window).await + 1;
    chord(window, '4').await;
    window.see("Everyone on either side").await;
    chord(window, 'r').await;
    run_is_listed(window, next).await;

    // A setting that is not saved is asked about on the way out, and Escape leads back to it.
    chord(window, '1').await;
    window.see("Recent runs").await;
    press(window, "[data-testid^=edit-]", Key::Enter).await;
    window.see("Deletions and matching").await;
    reach(window, "[data-testid=frequency]").await;
    keys(window, &char::from(Key::Down).to_string()).await;
    chord(window, '3').await;
    window.see("Save your changes?").await;
    keys(window, &char::from(Key::Escape).to_string()).await;
    window.miss("Save your changes?").await;
    window.see("Deletions and matching").await;
}

/// Goes to what a selector finds by Tab alone.
async fn reach(window: &Page, selector: &str) {
    let wait = window.client().wait().at_most(std::time::Duration::from_secs(60));
    let there = wait.for_element(Locator::Css(selector)).await;
    assert!(there.is_ok(), "there is {selector}:\n{}", window.text().await);
    let tab = char::from(Key::Tab).to_string();
    for _ in 0..STOPS {
        if is_at(window, selector).await {
            return;
        }
        keys(window, &tab).await;
    }
    panic!("{selector} is not reached by Tab:\n{}", window.text().await);
}

/// Goes to what a selector finds, and presses a key there.
async fn press(window: &Page, selector: &str, key: Key) {
    reach(window, selector).await;
    keys(window, &char::from(key).to_string()).await;
}

async fn is_at(window: &Page, selector: &str) -> bool {
    let script = "return document.activeElement?.matches(arguments[0]) ?? false";
    let answer = window.client().execute(script, vec![selector.into()]).await;
    answer.ok().and_then(|at| at.as_bool()).unwrap_or(false)
}

/// Presses keys one after the other, as a keyboard does.
async fn keys(window: &Page, keys: &str) {
    let mut strokes = KeyActions::new("keyboard".to_owned());
    for value in keys.chars() {
        strokes = strokes.then(KeyAction::Down { value }).then(KeyAction::Up { value });
    }
    window.client().perform_actions(strokes).await.expect("keys can be pressed");
}

/// A key while Control is held.
async fn chord(window: &Page, value: char) {
    let control = char::from(Key::Control);
    let strokes = KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value: control })
        .then(KeyAction::Down { value })
        .then(KeyAction::Up { value })
        .then(KeyAction::Up { value: control });
    window.client().perform_actions(strokes).await.expect("keys can be pressed");
}
