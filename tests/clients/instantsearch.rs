//! InstantSearch, as sites have it, over both lines of `@meilisearch/instant-meilisearch`.

use fantoccini::error::CmdError;
use rex_tests::Site;
use serde_json::json;

use crate::made;
use crate::widgets::Widgets;

type Outcome = Result<(), CmdError>;

/// The newer number is the older line: npm's `latest` is 0.31.3, and both are in use.
const CLIENTS: [&str; 2] = ["0.31.3", "1.0.0"];

const CARDBOARD: &str = "Ramassage des cartons du centre-ville de Toulouse\u{a0}: une action d'insertion";

#[tokio::test]
async fn words_find_the_right_case_first_and_are_marked() -> Outcome {
    let site = Site::shipped();
    let server = site.serve();
    for client in CLIENTS {
        let page = Widgets::open(&server, client, true).await?;
        page.until("stats", "5 cas").await?;

        page.type_query("insertion metropole toulouse").await?;
        page.until("first", CARDBOARD).await?;
        page.until("marks", json!(["Métropole", "Toulouse", "insertion"]))
            .await?;

        page.type_query("zzzz").await?;
        page.until("stats", "0 cas").await?;
        page.until("ids", json!([])).await?;

        // A typing error, and then the whole list again.
        page.type_query("bambuo").await?;
        page.until("ids", json!(["mtsamboro-guichet-bancaire-bambou"])).await?;
        page.until("marks", json!(["bambou"])).await?;
        page.type_query("").await?;
        page.until("stats", "5 cas").await?;
        page.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn refining_narrows_the_hits_and_keeps_what_else_could_be_chosen() -> Outcome {
    let site = Site::shipped();
    let server = site.serve();
    for client in CLIENTS {
        let page = Widgets::open(&server, client, false).await?;
        page.until("procedure", json!({"Procédure adaptée": 3, "Marché réservé": 2}))
            .await?;

        page.click("#procedure .ais-RefinementList-labelText", "Marché réservé")
            .await?;
        page.until("stats", "2 cas").await?;
        page.until("chosen", json!(["Marché réservé"])).await?;
        // The counts of the list one chose from are those of a next choice; those of another are of what is left.
        page.until("procedure", json!({"Procédure adaptée": 3, "Marché réservé": 2}))
            .await?;
        page.until("territoire", json!({"Auvergne-Rhône-Alpes": 1, "Île-de-France": 1}))
            .await?;

        page.click("#procedure .ais-RefinementList-labelText", "Procédure adaptée")
            .await?;
        page.until("stats", "5 cas").await?;
        page.until("current", json!(["Procedure: Marché réservé✕Procédure adaptée✕"]))
            .await?;
        page.take_off("Marché réservé").await?;
        page.until("stats", "3 cas").await?;
        page.until("chosen", json!(["Procédure adaptée"])).await?;

        // Under a query, with a choice that goes on.
        page.type_query("insertion").await?;
        page.until("procedure", json!({"Procédure adaptée": 3, "Marché réservé": 1}))
            .await?;
        page.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_hierarchy_opens_level_by_level() -> Outcome {
    let site = made::site();
    let server = site.serve();
    for client in CLIENTS {
        let page = Widgets::open(&server, client, true).await?;
        page.until("territoire", json!({"Bretagne": 40, "Occitanie": 20}))
            .await?;

        page.click("#territoire .ais-HierarchicalMenu-label", "Bretagne")
            .await?;
        page.until("stats", "40 cas").await?;
        page.until(
            "territoire",
            json!({"Bretagne": 40, "Finistère": 20, "Morbihan": 20, "Occitanie": 20}),
        )
        .await?;

        page.click("#territoire .ais-HierarchicalMenu-label", "Finistère")
            .await?;
        page.until("stats", "20 cas").await?;
        let below = json!({"Bretagne": 40, "Finistère": 20, "Brest Métropole": 20, "Morbihan": 20, "Occitanie": 20});
        page.until("territoire", below).await?;

        page.click("#territoire .ais-HierarchicalMenu-label", "Brest Métropole")
            .await?;
        page.until(
            "current",
            json!(["Territoire.lvl0: Bretagne > Finistère > Brest Métropole✕"]),
        )
        .await?;
        page.until("buyers", json!(vec!["Brest Métropole"; 20])).await?;
        page.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_range_narrows_between_the_bounds_there_are() -> Outcome {
    let site = Site::shipped();
    let server = site.serve();
    for client in CLIENTS {
        let page = Widgets::open(&server, client, true).await?;
        page.until("bounds", json!(["127721", "1590000"])).await?;
        page.paste("#montant .ais-RangeInput-input--min", "150000").await?;
        page.paste("#montant .ais-RangeInput-input--max", "350000").await?;
        page.click("#montant button", "Go").await?;
        page.until("stats", "3 cas").await?;
        page.until("procedure", json!({"Procédure adaptée": 2, "Marché réservé": 1}))
            .await?;
        // The bounds of the range are those without it.
        page.until("bounds", json!(["127721", "1590000"])).await?;
        page.until("current", json!(["Montant: ≥ 150000✕≤ 350000✕"])).await?;
        page.take_off("≤ 350000").await?;
        page.until("stats", "4 cas").await?;
        page.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_long_list_is_searched_without_accents_and_with_errors() -> Outcome {
    let site = made::site();
    let server = site.serve();
    for client in CLIENTS {
        let page = Widgets::open(&server, client, true).await?;
        page.until("stats", "60 cas").await?;
        for (typed, found) in [
            ("dechets", "déchets"),
            ("energ", "énergie"),
            ("inserton", "insertion"),
            ("vert", "espaces verts"),
        ] {
            page.paste("#theme .ais-SearchBox-input", typed).await?;
            page.until("theme", json!({found: 5})).await?;
        }
        page.click("#theme .ais-RefinementList-labelText", "espaces verts")
            .await?;
        page.until("stats", "5 cas").await?;
        page.until("chosen", json!(["espaces verts"])).await?;
        page.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn pages_lead_through_all_hits_in_the_order_chosen() -> Outcome {
    let site = made::site();
    let server = site.serve();
    for client in CLIENTS {
        let page = Widgets::open(&server, client, true).await?;
        page.until("pages", json!(["1", "2", "3"])).await?;
        page.choose("#sort select", "Montant croissant").await?;
        page.until("ids", ids(with_amount().take(20))).await?;
        page.click("#pagination a", "2").await?;
        page.until("ids", ids(with_amount().skip(20).take(20))).await?;

        page.choose("#per-page select", "8 par page").await?;
        page.until("pages", json!(["1", "2", "3", "4", "5", "6", "7"])).await?;
        page.until("ids", ids(with_amount().take(8))).await?;
        page.click("#pagination a", "›").await?;
        page.until("ids", ids(with_amount().skip(8).take(8))).await?;

        page.choose("#sort select", "Les plus récents").await?;
        page.until("years", json!(["2023"])).await?;
        page.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn pages_go_on_as_long_as_there_are_more() -> Outcome {
    let site = made::site();
    let server = site.serve();
    for client in CLIENTS {
        let page = Widgets::open(&server, client, false).await?;
        // Without the number of pages it is asked for one hit more than fits, which says that there is a next one.
        page.until("pages", json!(["1", "2"])).await?;
        page.choose("#sort select", "Montant croissant").await?;
        page.until("ids", ids(with_amount().take(20))).await?;
        page.click("#pagination a", "2").await?;
        page.until("ids", ids(with_amount().skip(20).take(20))).await?;
        page.until("pages", json!(["1", "2", "3"])).await?;
        page.click("#pagination a", "3").await?;
        page.until("pages", json!(["1", "2", "3"])).await?;
        let shown = page.shown().await?;
        assert_eq!(shown["stats"], "60 cas", "{client}");
        page.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_a_case_holds_is_shown_as_text() -> Outcome {
    const HOSTILE: &str = "<img src=x onerror=\"document.title='pris'\"> L'été & \"la\" suite";
    const BUYER: &str = "<script>document.title='pris'</script>";
    let site = Site::empty();
    site.write(
        "corpus/hostile.jsonl",
        json!({
            "id": "hostile",
            "titre": HOSTILE,
            "acheteur": {"nom": BUYER},
            "procedure": "Procédure adaptée",
            "themes": ["<b onmouseover=alert(1)>"],
            "territoire": ["<i Bretagne"],
            "montant_ht": 1,
            "sections": [{"titre": "<u>", "texte": "L'usage & <img src=x onerror=\"document.title='pris'\"> du bois"}],
        })
        .to_string(),
    );
    let server = site.serve();
    for client in CLIENTS {
        let page = Widgets::open(&server, client, true).await?;
        let queries = [
            ("", json!([])),
            ("img suite", json!(["img", "suite"])),
            ("script", json!(["script"])),
            ("bois", json!(["bois"])),
        ];
        for (query, marks) in queries {
            page.type_query(query).await?;
            page.until("marks", marks).await?;
            page.until("ids", json!(["hostile"])).await?;
            page.until("first", as_shown(HOSTILE)).await?;
            page.until("buyers", json!([as_shown(BUYER)])).await?;
            page.until("theme", json!({"<b onmouseover=alert(1)>": 1})).await?;
            page.until("territoire", json!({"<i Bretagne": 1})).await?;
        }
        page.click("#theme .ais-RefinementList-labelText", "<b onmouseover=alert(1)>")
            .await?;
        page.until("chosen", json!(["<b onmouseover=alert(1)>"])).await?;
        page.until("ids", json!(["hostile"])).await?;
        assert_eq!(page.page().title().await?, "Rex par InstantSearch", "{client}");
        page.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_browser_lets_no_page_read_that_rex_does_not_name() -> Outcome {
    let site = Site::shipped();
    site.write("rex.toml", "origins = [\"https://autre.example\"]\n");
    let server = site.serve();
    for client in CLIENTS {
        let page = Widgets::load(&server, client, true).await?;
        page.until_error("blocked by CORS policy").await?;
        assert_eq!(page.shown().await?["ids"], json!([]), "{client}");
    }
    Ok(())
}

/// How the page shows a marked text: Rex escapes the `<` that InstantSearch escapes again, and nothing else.
fn as_shown(text: &str) -> String {
    text.replace('<', "&lt;")
}

/// The numbers of the contracts made that have an amount, the least first; the others come after them.
fn with_amount() -> impl Iterator<Item = usize> {
    (1..=made::COUNT).filter(|number| number % 10 != 0)
}

fn ids(numbers: impl Iterator<Item = usize>) -> serde_json::Value {
    numbers.map(made::id).collect()
}
