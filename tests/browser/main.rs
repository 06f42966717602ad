//! The pages in a real browser, JavaScript switched off: keyboard, phone, names of controls.
//!
//! Needs Chromium or Chrome and the ChromeDriver that goes with it; `cargo xtask test` installs them where it can.

use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use rex_tests::Site;
use rex_tests::browser::{Browser, DESKTOP, PHONE};

type Outcome = Result<(), fantoccini::error::CmdError>;

#[tokio::test]
async fn a_search_is_made_and_narrowed_with_the_keyboard() -> Outcome {
    let site = Site::shipped();
    let server = site.serve();
    let browser = Browser::open(DESKTOP).await;
    let page = browser.client();
    page.goto(&server.url("/")).await?;
    let press = async |key: Key| {
        page.active_element()
            .await?
            .send_keys(&String::from(char::from(key)))
            .await
    };

    // From the top: the way past the banner, the name of the site, the search field.
    page.find(Locator::Css("body"))
        .await?
        .send_keys(&String::from(char::from(Key::Tab)))
        .await?;
    assert_eq!(page.active_element().await?.text().await?, "Aller au contenu");
    press(Key::Tab).await?;
    press(Key::Tab).await?;
    let field = page.active_element().await?;
    assert_eq!(field.attr("name").await?.as_deref(), Some("q"));
    field.send_keys("insertion dechets").await?;
    press(Key::Enter).await?;
    page.wait()
        .at_most(Duration::from_secs(20))
        .for_element(Locator::Css("#resultats"))
        .await?;
    browser.until_title("insertion dechets : 2\u{a0}cas · Rex").await;
    let first = page.find(Locator::Css(".hit h3")).await?.text().await?;
    assert!(first.starts_with("Ramassage des cartons"), "{first}");

    // A check box, then the form it belongs to.
    let choice = page
        .find(Locator::Css("input[name=procedure][value='Marché réservé']"))
        .await?;
    strike(page, &choice, ' ').await?;
    assert!(choice.is_selected().await?);
    let apply = page.find(Locator::Css(".apply button")).await?;
    strike(page, &apply, Key::Enter.into()).await?;
    browser.until_title("insertion dechets : 1\u{a0}cas · Rex").await;

    // The filter is taken off again by its link.
    let filter = page.find(Locator::Css(".active a")).await?;
    assert!(filter.text().await?.contains("Marché réservé"));
    filter.send_keys(&String::from(char::from(Key::Enter))).await?;
    browser.until_title("insertion dechets : 2\u{a0}cas · Rex").await;

    // Into the case, and back to the results.
    page.find(Locator::Css(".hit h3 a"))
        .await?
        .send_keys(&String::from(char::from(Key::Enter)))
        .await?;
    page.wait()
        .at_most(Duration::from_secs(20))
        .for_element(Locator::Css(".figures"))
        .await?;
    let figures = page.find(Locator::Css(".figures")).await?.text().await?;
    assert!(
        figures.replace(['\u{202f}', '\u{a0}'], " ").contains("350 000 € HT"),
        "{figures}"
    );
    page.find(Locator::Css(".back a"))
        .await?
        .send_keys(&String::from(char::from(Key::Enter)))
        .await?;
    browser.until_title("insertion dechets : 2\u{a0}cas · Rex").await;
    Ok(())
}

/// Presses a key on an element that has the focus, as a keyboard does. ChromeDriver types into nothing that is within a closed
/// `details`, even where the style shows it.
async fn strike(page: &Client, element: &Element, key: char) -> Outcome {
    page.execute("arguments[0].focus()", vec![serde_json::to_value(element)?])
        .await?;
    let keys = KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value: key })
        .then(KeyAction::Up { value: key });
    page.perform_actions(keys).await?;
    Ok(())
}

#[tokio::test]
async fn a_phone_shows_everything_without_scrolling_sideways() -> Outcome {
    let site = Site::shipped();
    let long = "x".repeat(300);
    site.write(
        "corpus/long.md",
        format!("---\ntitre: {long}\nacheteur: {{nom: {long}}}\nthemes: [{long}]\n---\n{long}\n"),
    );
    let server = site.serve();
    let browser = Browser::open(PHONE).await;
    let page = browser.client();
    for path in [
        "/",
        "/recherche?q=insertion&procedure=March%C3%A9%20r%C3%A9serv%C3%A9",
        "/recherche?q=zzz",
        "/cas/long",
        "/v1/docs",
        "/nulle-part",
    ] {
        page.goto(&server.url(path)).await?;
        let widths = page
            .execute(
                // A phone zooms out of a page that is too wide: its window tells nothing.
                "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]",
                Vec::new(),
            )
            .await?;
        assert_eq!(widths[0], widths[1], "{path}");
    }

    // The filters are behind a button there, and in sight where there is room.
    page.goto(&server.url("/recherche?q=insertion")).await?;
    let choice = page.find(Locator::Css("input[name=procedure]")).await?;
    assert!(!browser.is_visible(&choice).await?);
    page.find(Locator::Css(".drawer > summary"))
        .await?
        .send_keys(" ")
        .await?;
    assert!(browser.is_visible(&choice).await?);
    Ok(())
}

#[tokio::test]
async fn examples_of_the_api_are_sent_from_its_page_or_are_links() -> Outcome {
    let site = Site::shipped();
    let server = site.serve();
    let browser = Browser::open_with_scripts(DESKTOP).await;
    let page = browser.client();
    page.goto(&server.url("/v1/docs")).await?;
    let address = page.find(Locator::Css("#facet .try input")).await?;
    address.clear().await?;
    address.send_keys("/v1/facets/acheteur?q=tolouse").await?;
    page.find(Locator::Css("#facet .try button")).await?.click().await?;
    let answer = page.find(Locator::Css("#facet pre code")).await?;
    let mut shown = String::new();
    for _ in 0..200 {
        shown = answer.text().await?;
        if shown.contains("Toulouse Métropole") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(shown.contains("\"path\": \"Toulouse Métropole\""), "{shown}");
    assert_eq!(browser.errors().await?, Vec::<String>::new());

    let without = Browser::open(DESKTOP).await;
    let page = without.client();
    page.goto(&server.url("/v1/docs")).await?;
    let form = page.find(Locator::Css("#search .try")).await?;
    assert!(!without.is_visible(&form).await?);
    page.find(Locator::Css("#search .open a")).await?.click().await?;
    assert!(page.source().await?.contains("toulouse-ramassage-cartons"));
    Ok(())
}

#[tokio::test]
async fn the_tag_for_other_sites_says_what_is_chosen_and_nothing_else() -> Outcome {
    let site = Site::shipped();
    let server = site.serve();
    let text = async |page: &Client| {
        let script = "return document.querySelector('#snippet').textContent";
        let text = page.execute(script, Vec::new()).await?;
        Ok::<_, fantoccini::error::CmdError>(text.as_str().unwrap_or_default().to_owned())
    };
    let without = Browser::open(DESKTOP).await;
    without.client().goto(&server.url("/integrer")).await?;
    let plain = without.client().find(Locator::Css("#snippet")).await?.text().await?;

    let browser = Browser::open_with_scripts(DESKTOP).await;
    let page = browser.client();
    page.goto(&server.url("/integrer")).await?;
    page.wait().for_element(Locator::Css("#reglages:not([hidden])")).await?;
    assert_eq!(text(page).await?, plain);

    let territory = page.find(Locator::Css("#preset-territoire")).await?;
    territory.send_keys("\"><b>&|Occitanie").await?;
    page.find(Locator::Css("#map")).await?.click().await?;
    page.wait().for_element(Locator::Css("#preview[map]")).await?;
    let chosen = text(page).await?;
    let value = "&quot;&gt;&lt;b&gt;&amp;";
    assert!(
        chosen.contains(&format!(" map territoire=\"{value}|Occitanie\">\n")),
        "{chosen}"
    );
    assert!(
        chosen.contains(&format!(
            "<input type=\"hidden\" name=\"territoire\" value=\"{value}\">"
        )),
        "{chosen}"
    );

    // Taken back, nothing is left of it.
    territory.clear().await?;
    page.find(Locator::Css("#map")).await?.click().await?;
    page.wait()
        .for_element(Locator::Css("#preview:not([map], [territoire])"))
        .await?;
    assert_eq!(text(page).await?, plain);
    assert_eq!(browser.errors().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn a_desktop_shows_the_filters_beside_the_results() -> Outcome {
    let site = Site::shipped();
    let server = site.serve();
    let browser = Browser::open(DESKTOP).await;
    let page = browser.client();
    page.goto(&server.url("/recherche?q=insertion")).await?;
    let visible = async |selector| browser.is_visible(&page.find(Locator::Css(selector)).await?).await;
    assert!(visible("input[name=procedure]").await?);
    assert!(!visible(".drawer > summary").await?);
    let (left, ..) = page.find(Locator::Css(".filters")).await?.rectangle().await?;
    let (right, ..) = page.find(Locator::Css(".results")).await?.rectangle().await?;
    assert!(left < right);
    Ok(())
}

#[tokio::test]
async fn every_control_has_a_name_and_every_page_its_landmarks() -> Outcome {
    let site = Site::shipped();
    let server = site.serve();
    let browser = Browser::open(DESKTOP).await;
    let page = browser.client();
    for path in [
        "/",
        "/recherche?q=insertion&reserve=SIAE&par_page=1",
        "/cas/paris-precarite-energetique",
        "/nulle-part",
    ] {
        page.goto(&server.url(path)).await?;
        assert_eq!(page.find_all(Locator::Css("main")).await?.len(), 1, "{path}");
        assert_eq!(page.find_all(Locator::Css("h1")).await?.len(), 1, "{path}");
        assert_eq!(
            page.find(Locator::Css("html")).await?.attr("lang").await?.as_deref(),
            Some("fr"),
            "{path}"
        );
        for control in page
            .find_all(Locator::Css(
                "a, button, input:not([type=hidden]), select, summary, fieldset",
            ))
            .await?
        {
            if !browser.is_visible(&control).await? {
                continue;
            }
            let name = browser.accessible_name(&control).await?;
            assert!(!name.trim().is_empty(), "{path}: {}", control.html(false).await?);
        }
    }
    Ok(())
}
