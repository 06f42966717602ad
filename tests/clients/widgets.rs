//! The page of InstantSearch, as one who sits before it sees and uses it.

use std::time::Duration;

use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use rex_tests::Server;
use rex_tests::browser::{Browser, DESKTOP};
use serde_json::{Value, json};

/// Reads what the widgets show. Values of a list come with their counts.
const SHOWN: &str = r##"
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const texts = (selector, within) => all(selector, within).map((element) => element.textContent.trim());
const counts = (list, label) => Object.fromEntries(all(list).map((item) => [
    texts(label, item)[0], Number(texts("[class$=-count]", item)[0]),
]));
return {
    stats: texts("#stats .ais-Stats-text")[0],
    ids: all("#hits article").map((hit) => hit.dataset.id),
    years: [...new Set(all("#hits article").map((hit) => hit.dataset.annee))],
    first: texts("#hits h3")[0],
    marks: [...new Set(texts("#hits li:first-child mark"))].sort(),
    buyers: texts("#hits .acheteur"),
    procedure: counts("#procedure li", ".ais-RefinementList-labelText"),
    theme: counts("#theme li", ".ais-RefinementList-labelText"),
    chosen: texts("li.ais-RefinementList-item--selected .ais-RefinementList-labelText"),
    territoire: counts("#territoire li", ".ais-HierarchicalMenu-label"),
    bounds: all("#montant input").map((input) => input.placeholder),
    pages: texts("#pagination .ais-Pagination-item--page"),
    current: texts("#current .ais-CurrentRefinements-item").map((text) => text.replace(/\s+/g, " ")),
};
"##;

/// How often one looks for what is to come, far more often than it should take, and how long one waits in between.
const TRIES: usize = 400;
const PAUSE: Duration = Duration::from_millis(50);

/// The page, in a browser of its own, served from another origin than Rex.
pub(crate) struct Widgets {
    browser: Browser,
}

impl Widgets {
    /// Opens the page on a Rex, through a version of instant-meilisearch, and waits for a first answer; `finite` says that the page
    /// wants to know the last page.
    pub(crate) async fn open(rex: &Server, client: &str, finite: bool) -> Result<Self, CmdError> {
        let page = Self::load(rex, client, finite).await?;
        page.until_that("a first answer", |shown| !shown["stats"].is_null())
            .await?;
        Ok(page)
    }

    /// Opens the page, whether it gets an answer or none.
    pub(crate) async fn load(rex: &Server, client: &str, finite: bool) -> Result<Self, CmdError> {
        let browser = Browser::open_with_scripts(DESKTOP).await;
        let mut address = url::Url::parse(&format!("http://{}/", crate::web::serve())).expect("an address");
        address
            .query_pairs_mut()
            .append_pair("rex", &rex.url(""))
            .append_pair("client", client);
        if finite {
            address.query_pairs_mut().append_pair("finite", "");
        }
        browser.client().goto(address.as_str()).await?;
        Ok(Self { browser })
    }

    pub(crate) fn page(&self) -> &Client {
        self.browser.client()
    }

    /// Waits until a part of what is shown is as expected.
    pub(crate) async fn until(&self, part: &str, expected: impl Into<Value>) -> Result<(), CmdError> {
        let expected = expected.into();
        self.until_that(&format!("{part}: {expected}"), |shown| shown[part] == expected)
            .await
    }

    /// Waits until what is shown is as expected.
    ///
    /// # Panics
    /// When it does not come to be.
    async fn until_that(&self, expected: &str, is_shown: impl Fn(&Value) -> bool) -> Result<(), CmdError> {
        let mut shown = Value::Null;
        for _ in 0..TRIES {
            shown = self.shown().await?;
            if is_shown(&shown) {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
        let errors = self.browser.errors().await?;
        panic!("expected {expected}; the page shows {shown:#} and logged {errors:#?}");
    }

    /// All that is shown.
    pub(crate) async fn shown(&self) -> Result<Value, CmdError> {
        self.page().execute(SHOWN, Vec::new()).await
    }

    /// Types a query in place of the one before, key by key.
    pub(crate) async fn type_query(&self, query: &str) -> Result<(), CmdError> {
        let field = self.page().find(Locator::Css("#searchbox input")).await?;
        field.click().await?;
        // Clearing it through WebDriver fires no event that the widgets listen to.
        let all = format!("{}a{}", char::from(Key::Control), char::from(Key::Null));
        field
            .send_keys(&format!("{all}{}{query}", char::from(Key::Delete)))
            .await
    }

    /// Pastes a text into a field in place of what it holds. For each key a list of refinements asks for values, and shows the
    /// answer that comes last, which need not be that of the last key.
    pub(crate) async fn paste(&self, field: &str, text: &str) -> Result<(), CmdError> {
        const PASTE: &str = "
            const field = document.querySelector(arguments[0]);
            field.value = arguments[1];
            field.dispatchEvent(new Event('input', {bubbles: true}));";
        self.page()
            .execute(PASTE, vec![json!(field), json!(text)])
            .await
            .map(drop)
    }

    /// Clicks what has a text, of those that a selector finds.
    pub(crate) async fn click(&self, selector: &str, text: &str) -> Result<(), CmdError> {
        self.click_within(selector, text, "").await
    }

    /// Takes a choice off again, by the button beside it.
    pub(crate) async fn take_off(&self, choice: &str) -> Result<(), CmdError> {
        self.click_within(
            "#current .ais-CurrentRefinements-category",
            &format!("{choice}✕"),
            "button",
        )
        .await
    }

    /// Clicks what has a text, or something within it.
    ///
    /// # Panics
    /// When there is none.
    async fn click_within(&self, selector: &str, text: &str, part: &str) -> Result<(), CmdError> {
        const FIND: &str = "
            const [selector, text, part] = arguments;
            const found = [...document.querySelectorAll(selector)].find((one) => one.textContent.trim() === text);
            return part ? found?.querySelector(part) : found;";
        let found = self
            .page()
            .execute(FIND, vec![json!(selector), json!(text), json!(part)])
            .await?;
        let id = found
            .as_object()
            .and_then(|reference| reference.values().next()?.as_str());
        let Some(id) = id else {
            panic!("no {selector} says {text:?}; the page shows {:#}", self.shown().await?);
        };
        Element::from_element_id(self.page().clone(), ElementRef::from(id.to_owned()))
            .click()
            .await
    }

    /// Chooses an option by its text.
    pub(crate) async fn choose(&self, list: &str, option: &str) -> Result<(), CmdError> {
        self.page()
            .find(Locator::Css(list))
            .await?
            .select_by_label(option)
            .await
    }

    /// Waits for an error in the console.
    ///
    /// # Panics
    /// When there is none of these words.
    pub(crate) async fn until_error(&self, words: &str) -> Result<(), CmdError> {
        let mut errors = Vec::new();
        for _ in 0..TRIES {
            errors.extend(self.browser.errors().await?);
            if errors.iter().any(|error| error.contains(words)) {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("expected an error {words:?}; the page logged {errors:#?}");
    }

    /// Makes sure that the browser has nothing to complain about.
    ///
    /// # Panics
    /// When an error was logged.
    pub(crate) async fn close(self) -> Result<(), CmdError> {
        assert_eq!(self.browser.errors().await?, Vec::<String>::new());
        Ok(())
    }
}
