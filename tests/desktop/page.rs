//! A page as a person uses it: by what is written on it.

use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, Locator};

/// How long something may take to appear, seconds.
const PATIENCE: u64 = 30;

/// A page in a driven browser or window. Everything waits until what it wants is there.
#[derive(Clone, Debug)]
pub struct Page {
    client: Client,
}

impl Page {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The WebDriver client, for what is not among the verbs here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Presses the button, link, tab or option that is named `name`.
    pub async fn press(&self, name: &str) {
        let quoted = quoted(name);
        let path = format!(
            "//*[self::button or self::a or self::summary or @role='button' or @role='tab' \
             or @role='menuitem' or @role='radio' or @role='option' or @role='switch' \
             or @role='checkbox']\
             [normalize-space(.)={quoted} or @aria-label={quoted}] \
             | //input[@type='submit' or @type='button'][@value={quoted}]"
        );
        self.press_at(&path, name).await;
    }

    /// Presses what a CSS selector finds.
    pub async fn press_css(&self, selector: &str) {
        let element = self.find(Locator::Css(selector), selector).await;
        if let Err(error) = self.click(&element).await {
            self.fail(&format!("press {selector}"), &error.to_string()).await;
        }
    }

    /// Ticks or chooses the box or radio button with the label `name`.
    pub async fn choose(&self, name: &str) {
        let quoted = quoted(name);
        let path = format!(
            "//label[contains(normalize-space(.), {quoted})] | //*[@role='radio' or @role='checkbox']\
             [contains(normalize-space(.), {quoted}) or @aria-label={quoted}]"
        );
        self.press_at(&path, name).await;
    }

    /// Puts `value` in place of what the field labelled `label` holds.
    pub async fn fill(&self, label: &str, value: &str) {
        let element = self.field(label).await;
        let typed = async {
            element.clear().await?;
            element.send_keys(value).await
        };
        if let Err(error) = typed.await {
            self.fail(&format!("fill {label}"), &error.to_string()).await;
        }
    }

    /// Takes the option with this value from the list that a CSS selector finds. The driver cannot press
    /// what the desktop's own menu shows.
    pub async fn pick(&self, selector: &str, value: &str) {
        self.find(Locator::Css(selector), selector).await;
        let script = "const list = document.querySelector(arguments[0]);
            list.value = arguments[1];
            list.dispatchEvent(new Event('change', { bubbles: true }));
            return list.value;";
        let asked = self.client.execute(script, vec![selector.into(), value.into()]).await;
        let taken = asked.unwrap_or_else(|error| panic!("{selector}: {error}"));
        if taken.as_str() != Some(value) {
            self.fail(&format!("pick {value} of {selector}"), "there is no such option").await;
        }
    }

    /// What the field labelled `label` holds.
    pub async fn value(&self, label: &str) -> String {
        let field = self.field(label).await;
        field.prop("value").await.ok().flatten().unwrap_or_default()
    }

    /// Brings what a CSS selector finds into sight; the place of its middle in the page.
    pub async fn middle(&self, selector: &str) -> (i16, i16) {
        self.find(Locator::Css(selector), selector).await;
        let script = "const seen = document.querySelector(arguments[0]);
            seen.scrollIntoView({ block: 'center' });
            const box = seen.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2].map(Math.round);";
        let asked = self.client.execute(script, vec![selector.into()]).await;
        let place = asked.unwrap_or_else(|error| panic!("the place of {selector}: {error}"));
        serde_json::from_value(place).unwrap_or_else(|error| panic!("a place: {error}"))
    }

    /// Waits until the text stands somewhere on the page.
    pub async fn see(&self, text: &str) {
        self.wait_for_text(&format!("see \"{text}\""), |page| page.contains(text)).await;
    }

    /// Waits until the text stands nowhere on the page.
    pub async fn miss(&self, text: &str) {
        self.wait_for_text(&format!("no longer see \"{text}\""), |page| !page.contains(text)).await;
    }

    /// Everything that is written on the page, as it is shown; nothing while it is redrawn.
    pub async fn text(&self) -> String {
        self.read().await.unwrap_or_default()
    }

    async fn read(&self) -> Result<String, CmdError> {
        self.client.find(Locator::Css("body")).await?.text().await
    }

    /// Waits until what is written on the page fulfils `wanted`.
    pub async fn wait_for_text(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let end = tokio::time::Instant::now() + Duration::from_secs(PATIENCE);
        loop {
            let text = self.text().await;
            if wanted(&text) {
                return text;
            }
            if tokio::time::Instant::now() > end {
                self.fail(what, "it did not come").await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Saves a picture of the page as `NAME.png` (see [`super::keep`]).
    pub async fn shoot(&self, name: &str) {
        match self.client.screenshot().await {
            Ok(picture) => super::keep(name, &picture),
            Err(error) => panic!("a picture of the page: {error}"),
        }
    }

    async fn field(&self, label: &str) -> Element {
        let quoted = quoted(label);
        let kinds = "self::input or self::textarea or self::select";
        let path = format!(
            "//label[contains(normalize-space(.), {quoted})]//*[{kinds}] \
             | //*[{kinds}][@id=//label[contains(normalize-space(.), {quoted})]/@for] \
             | //*[{kinds}][@aria-label={quoted}] | //*[{kinds}][@name={quoted}]"
        );
        self.find(Locator::XPath(&path), label).await
    }

    async fn press_at(&self, path: &str, name: &str) {
        let end = tokio::time::Instant::now() + Duration::from_secs(PATIENCE);
        loop {
            // What is found may be redrawn before it is pressed, or still be disabled.
            let element = self.find(Locator::XPath(path), name).await;
            let pressed = match enabled(&element).await {
                Ok(true) => self.click(&element).await.map_err(|error| error.to_string()),
                Ok(false) => Err("it is disabled".to_owned()),
                Err(error) => Err(error.to_string()),
            };
            match pressed {
                Ok(()) => return,
                Err(why) if tokio::time::Instant::now() > end => {
                    self.fail(&format!("press \"{name}\""), &why).await;
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    /// Presses an element; where something lies over it, as a bar does, it is brought into sight first.
    async fn click(&self, element: &Element) -> Result<(), CmdError> {
        if element.click().await.is_ok() {
            return Ok(());
        }
        let script = "arguments[0].scrollIntoView({ block: 'center' })";
        let at = serde_json::to_value(element).map_err(CmdError::Json)?;
        self.client.execute(script, vec![at]).await?;
        element.click().await
    }

    async fn find(&self, locator: Locator<'_>, name: &str) -> Element {
        let wait = self.client.wait().at_most(Duration::from_secs(PATIENCE));
        match wait.for_element(locator).await {
            Ok(element) => element,
            Err(error) => self.fail(&format!("find \"{name}\""), &error.to_string()).await,
        }
    }

    /// Fails with the page's text and leaves a picture of it.
    async fn fail(&self, wanted: &str, why: &str) -> ! {
        if let Ok(picture) = self.client.screenshot().await {
            super::keep("failure", &picture);
        }
        // A page that cannot be reached says why.
        let address =
            self.client.current_url().await.map_or_else(|no| no.to_string(), String::from);
        let text = self.read().await.unwrap_or_else(|no| no.to_string());
        panic!("could not {wanted}: {why}\nat {address}, where this is written:\n{text}");
    }
}

/// A text as XPath writes it.
fn quoted(text: &str) -> String {
    if text.contains('\'') { format!("\"{text}\"") } else { format!("'{text}'") }
}

/// Whether it can be pressed now: a button that keeps the keyboard while it rests says so by itself.
async fn enabled(element: &Element) -> Result<bool, CmdError> {
    let rests = element.attr("aria-disabled").await?.is_some_and(|said| said == "true");
    Ok(!rests && element.is_enabled().await?)
}
