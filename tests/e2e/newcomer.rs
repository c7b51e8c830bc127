//! Somebody without an OAuth client is led to one in the real window, up to the service's own page.

use super::Desk;

#[tokio::test]
async fn a_newcomer_is_led_step_by_step_to_zohos_own_page() {
    for (language, country, host) in [
        ("en_US.UTF-8", "Canada", "https://accounts.zohocloud.ca/oauth/v2/auth?"),
        ("ja_JP.UTF-8", "日本", "https://accounts.zoho.jp/oauth/v2/auth?"),
    ] {
        let mut desk = Desk::new().await;
        desk.world.surroundings().set("LANG", language);
        let app = desk.open_connected().await;
        let window = app.page();
        window.press_css("[data-testid=connect-zoho]").await;
        window.press_css("[data-testid=guide-begin]").await;
        window.choose(country).await;
        for _ in 0..3 {
            window.press_css("[data-testid=guide-next]").await;
        }
        let next = "[data-testid=guide-next]";
        let id = fantoccini::Locator::Css("[data-testid=key-id]");
        let secret = fantoccini::Locator::Css("[data-testid=key-secret]");
        let page = window.client();
        let refused = async |field: &str| {
            let css = format!("[data-testid=key-{field}][aria-invalid=true]");
            let wait = page.wait().for_element(fantoccini::Locator::Css(&css)).await;
            wait.expect("it is said what is wrong");
        };
        let field = page.wait().for_element(id).await.expect("the id's field");
        field.send_keys("7.apps.googleusercontent.com").await.expect("it is typed");
        refused("id").await;
        field.clear().await.expect("it is emptied");
        field.send_keys("1000.AOZORA").await.expect("it is typed");
        window.press_css(next).await;
        refused("secret").await;
        let field = page.find(secret).await.expect("the secret's field");
        field.send_keys("a secret of the tests").await.expect("it is typed");
        window.press_css(next).await;
        window.press_css("[data-testid=connect-zoho]").await;
        let address = desk.world.browser().opened().await;
        assert!(address.starts_with(host), "{address}");
        drop(app);
    }
}
