//! `rex generations`, `rex rollback`, `rex verify`, and the relevance gate.

use std::fs;

use rex_tests::Site;

/// Two generations, of five cases and of six.
fn two_generations() -> Site {
    let site = Site::shipped();
    site.run(&["index"]);
    site.write("corpus/nouveau.md", "---\ntitre: Une licorne\n---\n");
    let built = site.run(&["index"]).stdout();
    assert!(built.ends_with(" built, 6 cases (1 read anew, 5 kept)\n"), "{built}");
    site
}

#[test]
fn generations_are_listed_with_the_current_one_marked() {
    let site = two_generations();
    let [older, newer] = site.generations().try_into().expect("two generations");
    let listed = site.run(&["generations"]).stdout();
    let lines: Vec<_> = listed.lines().collect();
    assert!(
        lines[0].starts_with(&format!("* {newer}  20")) && lines[0].contains(" UTC  6 cases  "),
        "{listed}"
    );
    assert!(lines[1].starts_with(&format!("  {older}  20")), "{listed}");
    let json: serde_json::Value = serde_json::from_str(&site.run(&["generations", "--json"]).stdout()).expect("JSON");
    assert_eq!((&json[0]["current"], &json[0]["cases"]), (&true.into(), &6.into()));
    assert_eq!(
        (&json[1]["name"], &json[1]["problem"]),
        (&older.into(), &serde_json::Value::Null)
    );
}

#[test]
fn a_rollback_holds_until_rex_index() {
    let site = two_generations();
    let [older, newer] = site.generations().try_into().expect("two generations");
    assert_eq!(site.run(&["rollback"]).stdout(), format!("{older} is current\n"));
    let searched = site.run(&["search", "licorne"]);
    assert!(searched.stdout().starts_with("0 cases in "), "{}", searched.stdout());
    assert_eq!(
        searched.stderr(),
        format!("rex: {older} is current by `rex rollback`; run `rex index` to build the corpus as it is\n")
    );
    let nothing = site.run(&["rollback"]);
    assert_eq!(nothing.code(), Some(1));
    assert!(
        nothing
            .stderr()
            .ends_with(" to go back to; `rex generations` lists them\n"),
        "{}",
        nothing.stderr()
    );
    assert_eq!(site.run(&["rollback", "g-x"]).code(), Some(1));
    assert_eq!(
        site.run(&["index"]).stdout(),
        format!("{newer} current again, 6 cases\n")
    );
}

#[test]
fn damage_is_found_and_named() {
    let site = two_generations();
    let [older, newer] = site.generations().try_into().expect("two generations");
    let sound = site.run(&["verify"]);
    assert!(
        sound.stdout().starts_with(&format!("{newer} intact, ")),
        "{}",
        sound.stdout()
    );
    assert_eq!(sound.code(), Some(0));
    let file = format!("index/{older}/completions");
    let mut bytes = fs::read(site.path().join(&file)).expect("a file");
    bytes[10] ^= 1;
    site.write(&file, bytes);
    let damaged = site.run(&["verify"]);
    assert!(
        damaged
            .stdout()
            .ends_with(&format!("{older} damaged: its file completions is damaged\n"))
    );
    assert_eq!(damaged.code(), Some(1));
    let listed = site.run(&["generations"]).stdout();
    assert!(listed.contains(" UTC  its file completions is damaged  "), "{listed}");
}

#[test]
fn an_index_that_judged_queries_find_worse_is_not_served() {
    let site = two_generations();
    let newer = site.generations().pop().expect("a generation");
    let judged = |case: &str| format!("floor = 0.5\n[[queries]]\nq = \"licorne\"\ncases = [\"{case}\"]\n");
    site.write("corpus/relevance.toml", judged("toulouse-ramassage-cartons"));
    site.write("corpus/autre.md", "---\ntitre: Une autre licorne\n---\n");
    let refused = site.run(&["index"]);
    assert_eq!((refused.code(), refused.stdout().as_str()), (Some(1), ""));
    let said = "the judged queries score 0.000, below the floor of 0.5; the worst are \"licorne\" 0.00; what was built is not made current";
    assert!(refused.stderr().contains(said), "{}", refused.stderr());
    let searched = site.run(&["search", "licorne"]);
    assert!(searched.stdout().starts_with("1 case in ") && searched.stderr().contains(&newer));
    assert_eq!(site.generations().len(), 2);
    site.write("corpus/relevance.toml", judged("autre"));
    assert!(site.run(&["index"]).stdout().contains(" built, 7 cases"));
}
