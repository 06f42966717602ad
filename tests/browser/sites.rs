//! Corpora other than the shipped one: a large one, and one with hostile content.

use rex_tests::{Site, made};
use serde_json::{Value, json};

/// Number of contracts of [`many`]: a hundred pages.
const MANY: usize = 1_000;
/// Number of distinct holders, more than a facet shows at once.
const HOLDERS: usize = 40;
const CPV: [&str; 4] = ["90511000-2", "77310000-6", "45000000-7", "33100000-1"];

/// Characters that reverse the following text, are invisible, or stack up.
const ODD: &str = "\u{202e}\u{2066}à l'envers\u{2069}\u{202c} \u{200b}\u{feff} Z\u{335}\u{335}\u{335}\u{335} \u{1f468}\u{200d}\u{1f469}";
/// Markup that sets `pris` if it is interpreted; the tests check for it.
const MARKUP: &str = "</script><script>window.pris='script'</script><img src=x onerror=\"window.pris='img'\">\
                      <svg onload=\"window.pris='svg'\"></svg><a href=\"javascript:window.pris='lien'\" style=\"position:fixed;inset:0\">clic</a>\
                      <mark>marque</mark> \"' onfocus=window.pris='attribut' autofocus x='";

/// A thousand generated contracts, with holders and CPV codes.
pub(crate) fn many() -> Site {
    let site = Site::empty();
    let records = made::records(MANY).enumerate().map(|(rank, mut record)| {
        let holder = rank % HOLDERS;
        record["titulaires"] = json!([{"nom": format!("Coopérative {holder:02}"), "structure": "SCOP"}]);
        record["cpv"] = json!(CPV[rank % CPV.len()]);
        record
    });
    site.write("corpus/marches.jsonl", made::lines(records));
    site
}

/// The shipped cases, with CORS for one origin only.
pub(crate) fn closed() -> Site {
    let site = Site::shipped();
    site.write("rex.toml", "origins = [\"https://autre.example\"]\n");
    site
}

/// One case, with markup in the fields that InstantSearch shows.
pub(crate) fn markup() -> Site {
    let site = Site::empty();
    site.write(
        "corpus/hostile.jsonl",
        json!({
            "id": "hostile",
            "titre": "<img src=x onerror=\"document.title='pris'\"> L'été & \"la\" suite",
            "acheteur": {"nom": "<script>document.title='pris'</script>"},
            "procedure": "Procédure adaptée",
            "themes": ["<b onmouseover=alert(1)>"],
            "territoire": ["<i Xanadu"],
            "montant_ht": 1,
            "sections": [{"titre": "<u>", "texte": "L'usage & <img src=x onerror=\"document.title='pris'\"> du bois"}],
        })
        .to_string(),
    );
    site
}

/// Cases with markup, odd characters and very long words in every text field, up to its maximum length.
pub(crate) fn hostile() -> Site {
    let site = Site::empty();
    let long = format!("interminable{}", "x".repeat(10_000));
    let fields = [("balises", MARKUP), ("sens", ODD), ("longs", &long)];
    let records = fields.map(|(id, text)| record(id, text));
    site.write("corpus/hostiles.jsonl", made::lines(records.into_iter()));
    site.write("corpus/balises-md.md", markdown());
    // The name of the site is text, too.
    site.write(
        "rex.toml",
        format!(
            "[site]\nname = {}\ndescription = {}\n",
            json!("<b>Rex</b> & \"Cie\""),
            json!(MARKUP)
        ),
    );
    site
}

fn record(id: &str, text: &str) -> Value {
    let (name, title) = (cut(text, 300), cut(text, 1_000));
    let place = cut(&text.replace('>', "›"), 300);
    json!({
        "id": format!("hostile_{id}-É{}", if id == "longs" { "y".repeat(200) } else { String::new() }),
        "titre": title,
        "type": "marche",
        "acheteur": {"nom": name},
        "titulaires": [{"nom": name, "structure": name}, {"nom": format!("B {}", cut(text, 290))}],
        "nature": "services",
        "procedure": "Procédure adaptée",
        "considerations": [name],
        "themes": [name],
        "territoire": [place],
        "montant_ht": 999_999_999_999.99,
        "duree_mois": 1_188,
        "date": "2023-05-01",
        "source": {"titre": title, "editeur": name, "url": format!("https://example.org/\"onmouseover=window.pris=1//{}", "z".repeat(800)), "page": 99_999},
        "anomalies": [name],
        "sections": [{"titre": title, "texte": format!("{text}\n\n{text}")}, {"texte": text}],
    })
}

/// The same in Markdown, with links and HTML.
fn markdown() -> String {
    format!(
        "---\ntitre: Hostile en Markdown\nthemes: [Markdown]\n---\n\n## {MARKUP}\n\n{MARKUP}\n\n[lien](javascript:window.pris='lien') \
         ![image](https://ailleurs.invalid/x.png) <javascript:window.pris=1> [données](data:text/html,<script>window.pris=1</script>)\n\n\
         <div onclick=\"window.pris='div'\">bloc</div>\n\n- {MARKUP}\n\n{}\n",
        "m".repeat(10_000)
    )
}

/// The first characters of a text.
fn cut(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}
