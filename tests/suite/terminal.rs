//! What a record, a query, a file name or an argument holds never controls the terminal.

use std::fs;
use std::process::Command;

use rex_tests::{Ran, Server, Site, until};
use serde_json::{Value, json};

/// Sets the title of the terminal, links elsewhere, blinks, clears the screen by a C1 control, overprints the line, makes a line of its
/// own, and shows the rest from right to left and hidden characters.
const HOSTILE: &str = "\u{1b}]0;pwned\u{7}\u{1b}]8;;http://x\u{1b}\\lien\u{1b}[5m\u{9b}2J\u{7f}\rsur\nrex: fini\u{202e}\u{2066}\u{200f}\u{61c}\u{2028}\u{feff}\u{200b}\u{e0041}";

/// The part of [`HOSTILE`] that may stand in an argument, a file name or YAML as it is.
const IN_NAMES: &str = "\u{1b}]0;pwned\u{7}\u{9b}2J\u{1b}[5m\u{202e}";

fn hostile(word: &str) -> String {
    format!("{word} {HOSTILE} {word}")
}

/// Panics at a character that a terminal obeys or hides, other than line feeds and, in colour, ANSI styles.
fn assert_harmless(what: &str, text: &str, has_colours: bool) {
    let mut plain = text.to_owned();
    if has_colours {
        assert!(!text.contains("\u{1b}[5m"), "{what}: a style of a value: {text:?}");
        let mut parts = text.split("\u{1b}[");
        plain = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let style = part
                .find(|c: char| !c.is_ascii_digit() && c != ';')
                .unwrap_or(part.len());
            assert!(part[style..].starts_with('m'), "{what}: no style: {part:?}");
            plain += &part[style + 1..];
        }
    }
    let is_harmful = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
            || ('\u{e0000}'..='\u{e007f}').contains(&c)
    };
    let harmful: String = plain.chars().filter(|c| is_harmful(*c)).collect();
    assert!(harmful.is_empty(), "{what}: {harmful:?} in {plain:?}");
    assert!(
        !plain.lines().any(|line| line.starts_with("rex: fini")),
        "{what}: a line of a value: {plain:?}"
    );
}

/// Runs a command with and without colours, and returns what it printed without.
fn run(site: &Site, arguments: &[&str]) -> String {
    run_with(&|| site.command(arguments), &arguments.join(" "))
}

fn run_with(command: &dyn Fn() -> Command, what: &str) -> String {
    let mut printed = String::new();
    for has_colours in [true, false] {
        let mut command = command();
        if has_colours {
            command.env("CLICOLOR_FORCE", "1");
        }
        let ran = Ran::from(command.output().expect("rex runs"));
        printed = ran.stdout() + &ran.stderr();
        assert_harmless(what, &printed, has_colours);
        assert!(matches!(ran.code(), Some(0..=2)), "{what}: {printed}");
    }
    printed
}

/// A record whose every text is hostile.
fn record(id: &str) -> Value {
    json!({
        "id": id,
        "titre": hostile("licorne"),
        "acheteur": {"nom": hostile("ville"), "structure": hostile("commune")},
        "titulaires": [{"nom": hostile("atelier"), "structure": [hostile("coopérative")]}],
        "considerations": [hostile("clause")],
        "territoire": [hostile("région"), hostile("département")],
        "themes": [hostile("tri")],
        "source": {"titre": hostile("livret"), "editeur": hostile("éditeur")},
        "anomalies": [hostile("anomalie")],
        "sections": [{"titre": hostile("besoin"), "texte": hostile("La licorne trie")}],
    })
}

/// The same as front matter, as far as YAML holds it.
fn markdown() -> String {
    let Value::Object(mut fields) = record("x") else {
        unreachable!("a record is an object")
    };
    fields.remove("sections");
    fields.remove("id");
    let fields = fields.iter().map(|(name, value)| format!("{name}: {value}\n"));
    let front: String = fields.collect();
    format!("---\n{front}---\n# {IN_NAMES}\n\nLa licorne {IN_NAMES} trie. <b>{IN_NAMES}</b> <!-- {IN_NAMES} -->\n")
}

fn site() -> Site {
    let site = Site::empty();
    site.write("corpus/marches.jsonl", format!("{}\n{}\n", record("a"), record("b")));
    let folder = site.path().join("corpus").join(IN_NAMES);
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join("c.md"), markdown()).expect("a case");
    site
}

#[test]
fn cases_do_not_control_the_terminal() {
    let site = site();
    let checked = run(&site, &["check"]);
    assert!(checked.contains("3 good cases"), "{checked}");
    assert!(
        checked.contains(r"corpus/\u{1b}]0;pwned"),
        "hidden content is listed: {checked}"
    );
    run(&site, &["index"]);
    let found = run(&site, &["search", "licorne"]);
    assert!(
        found.starts_with("3 cases in ") && found.contains(r"\u{202e}"),
        "{found}"
    );
    for (facet, word) in [("theme", "tri"), ("acheteur", "ville")] {
        assert!(
            found.lines().any(|line| line.starts_with(facet) && line.contains(word)),
            "{found}"
        );
    }
    let found = run(&site, &["search", "licorne", "--json"]);
    let found: Value = serde_json::from_str(&found).expect("JSON");
    let title = found["hits"][0]["record"]["acheteur"]["nom"].as_str().expect("a buyer");
    assert!(
        title.contains("\u{1b}]0;pwned\u{7}") && title.contains('\u{202e}'),
        "the same value: {title:?}"
    );
    run(&site, &["explain", &format!("licorne \"la licorne\" {IN_NAMES}"), "a"]);
    for command in ["generations", "verify", "rollback"] {
        run(&site, &[command]);
    }
    run(&site, &["generations", "--json"]);
}

#[test]
fn problems_and_arguments_do_not_control_the_terminal() {
    let site = site();
    run(&site, &["index"]);
    run(&site, &["search", IN_NAMES]);
    run(&site, &["search", &format!("licornes {IN_NAMES} \"a\nrex: fini\"")]);
    run(&site, &["search", "x", "-f", &format!("theme={IN_NAMES}")]);
    run(&site, &["search", "x", "-f", &format!("{IN_NAMES}=x")]);
    run(&site, &["search", "x", "--sort", IN_NAMES]);
    run(&site, &["explain", "x", IN_NAMES]);
    run(&site, &["rollback", IN_NAMES]);
    for arguments in [
        [IN_NAMES, "x"],
        ["search", &format!("--{IN_NAMES}")],
        ["report", &format!("--top={IN_NAMES}")],
    ] {
        let said = run(&site, &arguments);
        assert!(said.contains(r"\u{202e}"), "{said}");
    }
    for arguments in [&["--help"][..], &["check"], &["serve"]] {
        let command = || {
            let mut command = site.command(arguments);
            command
                .env("REX_CORPUS", IN_NAMES)
                .env("REX_LOG_FORMAT", IN_NAMES)
                .env("REX_ADDR", IN_NAMES);
            command
        };
        run_with(&command, arguments[0]);
    }
    for name in [IN_NAMES, &format!("{IN_NAMES}.jsonl")] {
        for arguments in [
            &["check", "--corpus", name][..],
            &["check", "--config", name],
            &["index", "--index", &format!("{name}/x\0").replace('\0', "")],
            &["import", "booklet", name],
            &["import", "decp", name, "--out", "x.jsonl"],
            &["import", "decp", name, "--out", name],
            &["eval", "--docs", name, "--queries", name, "--qrels", name],
        ] {
            run(&site, arguments);
        }
    }
    site.write(
        "corpus/faux.md",
        format!(
            "---\ntitre: X\nid: {0}\nprocedure: {0}\n{0}: x\ndate: {0}\n---\n",
            json!(HOSTILE)
        ),
    );
    site.write(
        "corpus/faux.jsonl",
        format!(
            "{}\n{}\n{{\"a\": {IN_NAMES}}}\n",
            json!({"id": HOSTILE, "titre": "X"}),
            json!({HOSTILE: HOSTILE})
        ),
    );
    fs::write(
        site.path().join("corpus").join(format!("{IN_NAMES}.md")),
        "---\ntitre: X\n---\n",
    )
    .expect("a case");
    for command in ["check", "index"] {
        let said = run(&site, &[command]);
        let named = said
            .lines()
            .filter(|line| line.contains("cannot be an id, expected at most 300 bytes of letters"));
        assert_eq!(named.count(), 3, "{said}");
        assert!(said.contains("; rename the file, or set the field \"id\""), "{said}");
    }
    site.write(
        "corpus/relevance.toml",
        format!("floor = 1\n[[queries]]\nq = {0}\ncases = [{0}]\n", json!(HOSTILE)),
    );
    run(&site, &["index"]);
    for toml in [
        format!("{} = 1", json!(HOSTILE)),
        format!("addr = \"{IN_NAMES}"),
        format!("origins = [{}]", json!(HOSTILE)),
    ] {
        site.write("rex.toml", toml);
        run(&site, &["check"]);
    }
}

#[test]
fn imports_and_reports_do_not_control_the_terminal() {
    let site = Site::empty();
    let booklet = format!(
        "Un livret {IN_NAMES}\n\nMarché {IN_NAMES}\n\nLe besoin\n\nUne ville {IN_NAMES} cherche.\n\nLa réponse\n\nUne association {IN_NAMES} à 10 € {IN_NAMES}\nActeur : {IN_NAMES}\nAcheteur : Ville {IN_NAMES}\nMontant : 48 000 € HT\nDurée : 12 mois\nCode CPV : 9999{IN_NAMES}\n"
    );
    let file = format!("{IN_NAMES}.txt");
    site.write(&file, booklet);
    let read = run(&site, &["import", "booklet", &file, "--dry-run"]);
    assert!(read.contains("1 case in ") && read.contains(r"\u{202e}"), "{read}");
    run(&site, &["import", "booklet", &file]);

    let contract = json!({
        "id": HOSTILE, "acheteur": {"id": HOSTILE, "nom": HOSTILE}, "objet": hostile("Objet"), "nature": HOSTILE,
        "codeCPV": HOSTILE, "procedure": HOSTILE, "dateNotification": HOSTILE, "montant": HOSTILE,
    });
    let file = format!("{IN_NAMES}.json");
    site.write(&file, json!({"marches": [contract]}).to_string());
    let out = format!("corpus/{IN_NAMES}.jsonl");
    let read = run(&site, &["import", "decp", &file, "--out", &out]);
    assert!(read.contains("1 written to "), "{read}");
    site.write("cut.json", format!("{{\"marches\": [{}, {{{IN_NAMES}", record("a")));
    run(&site, &["import", "decp", "cut.json", &file, "--out", &out]);
    run(&site, &["search", "objet"]);

    fs::create_dir(site.path().join("log")).expect("a folder");
    site.write("rex.toml", "[searches]\nlog = \"log\"\n");
    let line = json!({"hour": "2026-11-24T21Z", "q": hostile("tri"), "facets": ["cpv"], "total": 0, "page": 1});
    site.write("log/searches-2026-11.jsonl", format!("{line}\n").repeat(9));
    let report = run(&site, &["report"]);
    assert!(report.contains("pwned") && report.contains(r"\u{202e}"), "{report}");
    let report: Value = serde_json::from_str(&run(&site, &["report", "--json"])).expect("JSON");
    let query = report["queries"][0]["query"].as_str().expect("a query");
    assert!(query.contains('\u{202e}'), "the same value: {query:?}");

    site.write("docs.jsonl", format!("{}\n", json!({"_id": HOSTILE, "text": HOSTILE})));
    site.write(
        "queries.jsonl",
        format!("{0}\n{0}\n", json!({"_id": HOSTILE, "text": "x"})),
    );
    site.write(
        "qrels.tsv",
        format!("query-id\tcorpus-id\tscore\n{IN_NAMES}\t{IN_NAMES}\t{IN_NAMES}\n"),
    );
    let files = [
        "eval",
        "--docs",
        "docs.jsonl",
        "--queries",
        "queries.jsonl",
        "--qrels",
        "qrels.tsv",
    ];
    run(&site, &files);
    site.write(
        "queries.jsonl",
        format!("{}\n", json!({"_id": IN_NAMES, "text": HOSTILE})),
    );
    run(&site, &files);
    site.write(
        "qrels.tsv",
        format!("query-id\tcorpus-id\tscore\n{IN_NAMES}\t{IN_NAMES}\t1\n"),
    );
    run(&site, &files);
    run(&site, &[&files[..], &["--run", "run"]].concat());
}

#[test]
fn the_log_does_not_control_the_terminal() {
    for format in ["text", "json"] {
        for has_colours in [true, false] {
            let site = site().patient();
            let mut command = site.command(&[
                "serve",
                "--watch",
                "--addr",
                "127.0.0.1:0",
                "--log-format",
                format,
                "--log-level",
                "debug",
            ]);
            if has_colours {
                command.env("CLICOLOR_FORCE", "1");
            }
            let server = Server::start(command).unwrap_or_else(|ended| panic!("rex ended: {ended:?}"));
            server.get_with(
                "/v1/search?q=%1B%5D0%3Bpwned%07%C2%9B2J%E2%80%AE&x%1B%5B5m=1",
                &[("X-Request-Id", "a%1b[5m"), ("User-Agent", "\u{1b}[5m")]
                    .map(|(name, value)| (name, value.trim_matches('\u{1b}'))),
            );
            fs::write(
                site.path().join("corpus").join(format!("{IN_NAMES}.md")),
                "---\ntitre: X\n---\n",
            )
            .expect("a case");
            until("the problem is logged", || {
                server.said().iter().any(|line| line.contains("cannot be an id"))
            });
            let said = server.said();
            let has_styles = has_colours && format == "text";
            said.iter().for_each(|line| assert_harmless(format, line, has_styles));
            if format == "json" {
                let events = said
                    .iter()
                    .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
                let messages: Vec<_> = events.map(|event| event["message"].to_string()).collect();
                assert!(
                    messages.iter().any(|message| message.contains("cannot be an id")),
                    "{messages:?}"
                );
            }
        }
    }
}
