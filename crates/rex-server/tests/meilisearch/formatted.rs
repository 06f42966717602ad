//! Highlighted and cropped texts.

use super::*;

#[tokio::test]
async fn formatted_texts_are_marked_and_escaped() {
    let answer = search(json!({"q": "déchets", "filter": "duree = 6", "attributesToHighlight": ["*"]})).await;
    let hit = &answer["hits"][0];
    assert_eq!(hit["titre"], HOSTILE);
    let formatted = &hit["_formatted"];
    assert_eq!(
        formatted["titre"],
        "&lt;script&gt;alert(&#39;tri&#39;)&lt;/script&gt; &amp; &quot;<em>déchets</em>&quot;"
    );
    assert_eq!(formatted["acheteur"], "L&#39;eau &amp; &lt;i&gt;l&#39;air&lt;/i&gt;");
    assert_eq!(
        formatted["theme"],
        json!(["<em>déchets</em>", "&lt;b&gt;gras&lt;/b&gt;"])
    );
    assert_eq!(formatted["duree"], "6");
    assert_eq!(formatted["territoire"], json!({"lvl0": "Bretagne"}));
    let answer = search(json!({
        "q": "déchets", "filter": "duree = 6", "attributesToRetrieve": ["id"], "attributesToHighlight": ["titre"],
        "highlightPreTag": "<mark class=\"x\">", "highlightPostTag": "</mark>",
    }))
    .await;
    assert_eq!(answer["hits"][0]["_formatted"]["id"], "hostile");
    let marked = answer["hits"][0]["_formatted"]["titre"].as_str().unwrap();
    assert!(
        marked.ends_with("&quot;<mark class=\"x\">déchets</mark>&quot;"),
        "{marked}"
    );
    assert_eq!(
        answer["hits"][0].as_object().unwrap().len(),
        2,
        "the title is not retrieved"
    );
}

#[tokio::test]
async fn placeholders_leave_escaping_to_the_client() {
    let answer = search(json!({
        "q": "déchets", "filter": "duree = 6", "attributesToHighlight": ["titre"],
        "highlightPreTag": "__ais-highlight__", "highlightPostTag": "__/ais-highlight__",
    }))
    .await;
    let formatted = &answer["hits"][0]["_formatted"];
    assert_eq!(
        formatted["titre"],
        "&lt;script>alert('tri')&lt;/script> & \"__ais-highlight__déchets__/ais-highlight__\""
    );
    assert_eq!(formatted["acheteur"], "L'eau & &lt;i>l'air&lt;/i>");
}

#[tokio::test]
async fn long_texts_are_cut_around_what_was_found() {
    let formatted = async |body: Value| {
        let answer = search(body).await;
        answer["hits"][0]["_formatted"]["resume"].as_str().unwrap().to_owned()
    };
    let cut = formatted(
        json!({"q": "tri", "filter": "duree = 12", "attributesToCrop": ["resume:5"], "attributesToHighlight": ["*"]}),
    );
    assert_eq!(cut.await, "…longtemps. Le <em>tri</em> des déchets…");
    let cut = formatted(
        json!({"q": "tri", "filter": "duree = 12", "attributesToCrop": ["*"], "cropLength": 3, "cropMarker": "[&]"}),
    );
    assert_eq!(cut.await, "[&amp;]Le tri des[&amp;]");
    let cut = formatted(json!({"filter": "duree = 12", "attributesToCrop": ["resume"]}));
    assert_eq!(
        cut.await,
        "Avant toute chose, la collectivité a cherché longtemps. Le tri…"
    );
}

#[tokio::test]
async fn positions_are_in_bytes() {
    let answer = search(json!({"q": "déchets", "filter": "duree = 12", "showMatchesPosition": true})).await;
    let positions = &answer["hits"][0]["_matchesPosition"];
    assert_eq!(positions["titre"], json!([{"start": 8, "length": 8}]));
    assert_eq!(positions["theme"], json!([{"start": 0, "length": 8, "indices": [0]}]));
    assert!(positions.get("url").is_none());
}
