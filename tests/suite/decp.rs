//! `rex import decp`.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use rex_tests::Site;
use serde_json::{Value, json};

fn contract(id: &str, title: &str) -> Value {
    json!({
        "id": id, "acheteur": {"id": "21590328700013", "nom": "Commune de Lambersart"}, "objet": title,
        "codeCPV": "77311000", "procedure": "MAPA", "lieuExecution": {"code": "59130", "typeCode": "CODE POSTAL"},
        "dureeMois": 12, "dateNotification": "2019-01-14+01:00", "montant": 0
    })
}

fn file(contracts: &[Value]) -> String {
    json!({ "marches": contracts }).to_string()
}

#[test]
fn contracts_are_imported_and_found() {
    let site = Site::shipped();
    site.write(
        "a.json",
        file(&[contract("A", "Tonte des pelouses"), contract("B", "Élagage<br />")]),
    );
    let ran = site.run(&["import", "decp", "a.json", "--out", "corpus/marches.jsonl"]);
    assert_eq!((ran.code(), ran.stderr().as_str()), (Some(0), ""));
    assert_eq!(
        ran.stdout(),
        "        2 read of a.json\n        2 written to corpus/marches.jsonl\n        0 left out, published again later\n        0 refused\n\n\
         Corrected or kept out of the fields, and said in each record:\n        2 amount of 0, negative, made up or out of range\n"
    );
    let check = site.run(&["check"]);
    assert_eq!(
        (check.code(), check.stderr().as_str()),
        (Some(0), "7 good cases, no problem\n")
    );
    let found: Value = serde_json::from_str(&site.run(&["search", "elagage", "--json"]).stdout()).unwrap();
    assert_eq!(found["total"], 1);
    let record = &found["hits"][0]["record"];
    assert_eq!(record["procedure"], "Procédure adaptée");
    assert_eq!(record["territoire"], json!(["Hauts-de-France", "Nord", "Lambersart"]));
    assert_eq!(found["facets"]["type"]["values"][0]["value"], "marche");
}

#[test]
fn what_cannot_be_read_is_said_and_harms_nothing() {
    let site = Site::empty();
    let whole = file(&[contract("A", "Tonte"), contract("B", "Élagage")]);
    site.write("cut.json", &whole[..whole.len() - 20]);
    site.write("other.json", b"\x89PNG\r\n");
    site.write(
        "long.json",
        format!("{{\"marches\": [{{\"objet\": \"{}", "x".repeat(100 << 20)),
    );
    site.write("out.jsonl", "before\n");
    let cut = whole.len() - 20;
    for (name, said) in [
        (
            "cut.json",
            format!(
                "rex: cut.json: byte {cut}: the file ends in the middle of a record; it was cut; the record before it is kept\n"
            ),
        ),
        (
            "other.json",
            "rex: other.json: is a picture, expected DECP in JSON, XML, CSV or Parquet, also in .gz or .zip\n".to_owned(),
        ),
        (
            "long.json",
            "rex: long.json: holds no contract (byte 13: over 16777216 bytes without the end of a record, expected contracts), expected DECP in JSON, XML, CSV or Parquet, also in .gz or .zip\n".to_owned(),
        ),
        (
            "corpus",
            "rex: corpus: is a folder, expected DECP in JSON, XML, CSV or Parquet, also in .gz or .zip\n".to_owned(),
        ),
        (
            "none.json",
            "rex: none.json: cannot be read: No such file or directory (os error 2)\n".to_owned(),
        ),
    ] {
        let ran = site.run(&["import", "decp", name, "--out", "out.jsonl"]);
        assert_eq!((ran.code(), ran.stderr()), (Some(1), said));
        assert_eq!(
            fs::read_to_string(site.path().join("out.jsonl")).unwrap(),
            "before\n",
            "{name}"
        );
    }
    let kept = fs::read_to_string(site.path().join("out.partial.jsonl")).unwrap();
    assert_eq!(kept.lines().count(), 1);
}

#[test]
fn a_bad_file_or_a_bad_record_does_not_stop_the_others() {
    let site = Site::empty();
    let good = contract("A", "Tonte").to_string();
    let number = contract("B", "Taille")
        .to_string()
        .replace("\"montant\":0", "\"montant\":1e400");
    let colon = good.replace("\"objet\":", "\"objet\" ");
    let third = contract("C", "Élagage");
    site.write(
        "a.json",
        format!("{{\"marches\": [{good}, {number}, {colon}, {third}]}}"),
    );
    site.write("cut.json", &file(&[contract("D", "Semis"), third])[..400]);
    let ran = site.run(&[
        "import",
        "decp",
        "none.json",
        "corpus",
        "/dev/zero",
        "cut.json",
        "a.json",
        "--out",
        "out.jsonl",
    ]);
    let start = format!("{{\"marches\": [{good}, {number}, ").len();
    let at = start + good.find("\"Tonte").expect("the object");
    assert_eq!(
        (ran.code(), ran.stderr()),
        (
            Some(1),
            format!(
                "rex: refused: a.json: record 3, byte {at}: expected `:`\n\
                 rex: none.json: cannot be read: No such file or directory (os error 2)\n\
                 rex: corpus: is a folder, expected DECP in JSON, XML, CSV or Parquet, also in .gz or .zip\n\
                 rex: /dev/zero: is a device, expected DECP in JSON, XML, CSV or Parquet, also in .gz or .zip\n\
                 rex: cut.json: byte 400: the file ends in the middle of a record; it was cut; the record before it is kept\n"
            )
        )
    );
    let printed = ran.stdout();
    assert!(printed.contains("        4 read of a.json\n"), "{printed}");
    assert!(printed.contains("        1 refused\n"), "{printed}");
    assert!(
        printed.contains("        1 value that is not JSON, such as NaN or 1e400\n"),
        "{printed}"
    );
    let kept = fs::read_to_string(site.path().join("out.jsonl")).unwrap();
    assert_eq!(kept.lines().count(), 4);
    assert!(
        kept.contains("valeur illisible écartée, champ montant : « 1e400 »"),
        "{kept}"
    );
    // Refused records alone are no failure: they are said, and the file was read to its end.
    let ran = site.run(&["import", "decp", "a.json", "--out", "a.jsonl"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr());
}

#[test]
fn a_wrong_output_is_refused() {
    let site = Site::empty();
    site.write("a.json", file(&[contract("A", "Tonte")]));
    site.write("b.jsonl", file(&[contract("A", "Tonte")]));
    for (out, code, said) in [
        (
            "out.json",
            1,
            "rex: --out out.json: expected a file name that ends in .jsonl\n",
        ),
        (
            "no/out.jsonl",
            1,
            "rex: cannot write no/out.jsonl: No such file or directory (os error 2)\n",
        ),
        (
            "b.jsonl",
            1,
            "rex: b.jsonl is to be read and written; name another file with --out\n",
        ),
    ] {
        let ran = site.run(&["import", "decp", "a.json", "b.jsonl", "--out", out]);
        assert_eq!((ran.code(), ran.stderr().as_str()), (Some(code), said));
    }
    assert_eq!(site.run(&["import", "decp", "a.json"]).code(), Some(2));
    assert_eq!(site.run(&["import"]).code(), Some(2));
}

#[test]
fn ctrl_c_and_a_closed_terminal_leave_nothing_behind() {
    for signal in ["-INT", "-HUP"] {
        stop_an_import(signal);
    }
}

fn stop_an_import(signal: &str) {
    let site = Site::empty();
    site.write("out.jsonl", "before\n");
    // A pipe that stays open: the import is waiting for input when it is stopped.
    let mut child = site
        .command(&["import", "decp", "/dev/stdin", "--out", "out.jsonl"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("rex runs");
    let mut input = child.stdin.take().expect("a pipe");
    let record = contract("A", "Tonte").to_string();
    input.write_all(b"{\"marches\": [").expect("a reader");
    let feed = std::thread::spawn(move || {
        // Fails once the reader has exited.
        while input.write_all(format!("{record},\n").as_bytes()).is_ok() {}
    });
    // The signal handler is registered before the first file is written.
    rex_tests::until("it writes", || hidden(&site).next().is_some());
    for signal in ["-USR1", "-USR2", "-ALRM", signal] {
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
    }
    let ended = child.wait_with_output().expect("an end");
    feed.join().expect("the feeder ends");
    let said = String::from_utf8(ended.stderr).expect("UTF-8");
    assert_eq!(
        (ended.status.code(), said.as_str()),
        (Some(130), "rex: the import was stopped; nothing was written\n")
    );
    let kept = fs::read_to_string(site.path().join("out.jsonl"));
    assert_eq!(kept.expect("the output of before"), "before\n");
    let left: Vec<_> = hidden(&site).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// The hidden files of a site.
fn hidden(site: &Site) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(site.path()).expect("a folder").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with('.'))
}
