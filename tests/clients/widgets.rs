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
    first: texts("#hits article:first-of-type h3")[0],
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

/// The page, in a browser of its own, served from another origin than Rex.
pub(crate) struct Widgets {
    browser: Browser,
}

impl Widgets {
    /// Opens the page on a Rex, through a version of instant-meilisearch; `finite` says that the page wants to know the last page.
    pub(crate) async fn open(rex: &Server, client: &str, finite: bool) -> Result<Self, CmdError> {
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
    ///
    /// # Panics
    /// When it does not come to be.
    pub(crate) async fn until(&self, part: &str, expected: impl Into<Value>) -> Result<(), CmdError> {
        let expected = expected.into();
        let mut shown = Value::Null;
        for _ in 0..200 {
            shown = self.shown().await?;
            if shown[part] == expected {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!(
            "{part} is {}, expected {expected}; the page shows {shown:#} and logged {:#?}",
            shown[part],
            self.browser.errors().await?
        );
    }

    /// All that is shown.
    pub(crate) async fn shown(&self) -> Result<Value, CmdError> {
        self.page().execute(SHOWN, Vec::new()).await
    }

    /// The words marked within the elements of a selector.
    pub(crate) async fn marks(&self, selector: &str) -> Result<Vec<String>, CmdError> {
        let marks = self.page().find_all(Locator::Css(&format!("{selector} mark"))).await?;
        let mut words = Vec::new();
        for mark in marks {
            words.push(mark.text().await?);
        }
        Ok(words)
    }

    /// Types a query in place of the one before.
    pub(crate) async fn type_query(&self, query: &str) -> Result<(), CmdError> {
        self.fill("#searchbox input", query).await
    }

    /// Types into a field in place of what it holds.
    pub(crate) async fn fill(&self, field: &str, text: &str) -> Result<(), CmdError> {
        let field = self.page().find(Locator::Css(field)).await?;
        field.click().await?;
        // Clearing it through WebDriver fires no event that the widgets listen to.
        let all = format!("{}a{}", char::from(Key::Control), char::from(Key::Null));
        field
            .send_keys(&format!("{all}{}{text}", char::from(Key::Delete)))
            .await
    }

    /// Clicks what has a text, of those that a selector finds.
    ///
    /// # Panics
    /// When none has.
    pub(crate) async fn click(&self, selector: &str, text: &str) -> Result<(), CmdError> {
        const FIND: &str = "return [...document.querySelectorAll(arguments[0])].find((one) => one.textContent.trim() === arguments[1])";
        let found = self.page().execute(FIND, vec![json!(selector), json!(text)]).await?;
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

    /// Makes sure that the browser has nothing to complain about.
    ///
    /// # Panics
    /// When an error was logged.
    pub(crate) async fn close(self) -> Result<(), CmdError> {
        assert_eq!(self.browser.errors().await?, Vec::<String>::new());
        Ok(())
    }
}
