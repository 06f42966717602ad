//! The command line.

use std::io::Read;
use std::process::Stdio;

use rex_tests::Site;
use serde_json::Value;

#[test]
fn check_reports_everything_and_only_that() {
    let site = Site::shipped();
    let ran = site.run(&["check"]);
    assert_eq!(
        (ran.code(), ran.stdout().as_str(), ran.stderr().as_str()),
        (Some(0), "", "5 good cases, no problem\n")
    );

    site.write(
        "corpus/brouillon.md",
        "---\ntitre: Brouillon\n---\n<!-- à relire -->\nUn <b>mot</b> ![plan](plan.png).\n",
    );
    let ran = site.run(&["check"]);
    assert_eq!(
        (ran.code(), ran.stderr().as_str()),
        (Some(0), "6 good cases, no problem\n")
    );
    assert_eq!(
        ran.stdout(),
        "corpus/brouillon.md:4: not shown: an HTML comment\n\
         corpus/brouillon.md:5: not shown as HTML: <b>; it is shown as it is typed\n\
         corpus/brouillon.md:5: not shown: the image \"plan.png\"; only its description is\n"
    );
    site.write("corpus/brouillon.md", "---\ntitre: Brouillon\n---\n");

    site.write(
        "corpus/a.md",
        "---\ntitre: A\nprocedure: Procédure adapté\ncpv: 75231240-1\nmontant_ht: -1\nacheteurs: x\n---\n",
    );
    site.write(
        "corpus/b.jsonl",
        "{\"id\":\"toulouse-ramassage-cartons\",\"titre\":\"B\"}\n",
    );
    site.write("corpus/c.md", b"---\ntitre: \xff\n---\n");
    site.write("corpus/d.md", "");
    let ran = site.run(&["check"]);
    assert_eq!(ran.code(), Some(1));
    assert_eq!(
        ran.stdout(),
        "corpus/a.md:3: unknown procedure \"Procédure adapté\", expected one of the 16 known ones; the nearest is \"Procédure adaptée\"\n\
         corpus/a.md:4: bad CPV check digit in \"75231240-1\", expected 75231240-8 if the eight digits are right\n\
         corpus/a.md:5: negative amount -1, expected 0 or more euros before tax\n\
         corpus/a.md:6: unknown key \"acheteurs\", the nearest is \"acheteur\"\n\
         corpus/c.md:2: not UTF-8, expected the file in that encoding; save it again as UTF-8\n\
         corpus/d.md:1: the file is empty, expected front matter between two lines \"---\", then the text\n\
         corpus/toulouse-ramassage-cartons.md:1: duplicate id \"toulouse-ramassage-cartons\", first used at corpus/b.jsonl:1, expected an id of its own\n"
    );
    assert_eq!(ran.stderr(), "rex: 7 problems, 6 good cases\n");
    assert!(site.generations().is_empty(), "check builds nothing");
    let ran = site.run(&["index"]);
    assert_eq!((ran.code(), ran.stderr().lines().count()), (Some(1), 8));
}

#[test]
fn index_says_what_it_did_and_nothing_else_in_a_pipe() {
    let site = Site::shipped();
    let ran = site.run(&["index"]);
    assert!(
        ran.stdout().ends_with(" built, 5 cases\n") && ran.stderr().is_empty(),
        "{} {}",
        ran.stdout(),
        ran.stderr()
    );
    let ran = site.run(&["index"]);
    assert!(
        ran.stdout().ends_with(" up to date, 5 cases\n") && ran.stderr().is_empty(),
        "{}",
        ran.stdout()
    );
}

#[test]
fn search_prints_a_list_and_the_facets() {
    let site = Site::shipped();
    let ran = site.run(&["search", "insertion déchets"]);
    let printed = ran.stdout();
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr());
    assert!(printed.starts_with("2 cases in "), "{printed}");
    let (first, second) = (
        printed.find(" 1. Ramassage des cartons"),
        printed.find(" 2. Réemploi et recond"),
    );
    assert!(first.is_some() && first < second, "{printed}");
    assert!(
        printed.contains("procedure      Marché réservé\u{a0}(1), Procédure adaptée\u{a0}(1)"),
        "{printed}"
    );
    assert!(!printed.contains('\u{1b}'), "no colours in a pipe");
    assert!(printed.lines().all(|line| line.chars().count() <= 80), "{printed}");

    let coloured = site
        .command(&["search", "cartons"])
        .env("CLICOLOR_FORCE", "1")
        .output()
        .expect("rex runs");
    assert!(String::from_utf8_lossy(&coloured.stdout).contains("\u{1b}[1m\u{1b}[33mcartons\u{1b}[0m"));
}

#[test]
fn search_json_is_the_answer_of_the_api() {
    let site = Site::shipped();
    let ran = site.run(&[
        "search",
        "insertion",
        "--json",
        "-f",
        "procedure=Procédure adaptée",
        "-s",
        "-montant",
        "--per-page",
        "2",
    ]);
    let mut printed: Value = serde_json::from_str(&ran.stdout()).expect("JSON");
    let mut served = site
        .serve()
        .search("q=insertion&procedure=Proc%C3%A9dure+adapt%C3%A9e&tri=-montant&par_page=2");
    assert!(printed["took_ms"].take().is_number() && served["took_ms"].take().is_number());
    assert_eq!(printed, served);
}

#[test]
fn a_filter_may_have_its_accents_apart() {
    let site = Site::shipped();
    let ran = site.run(&["search", "", "-f", "territoire=I\u{302}le-de-France"]);
    assert!(ran.stdout().starts_with("1 case in "), "{}", ran.stdout());
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let site = Site::shipped();
    let mut child = site
        .command(&["search", "", "--per-page", "100"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("rex runs");
    drop(child.stdout.take());
    let mut said = String::new();
    child
        .stderr
        .take()
        .expect("a pipe")
        .read_to_string(&mut said)
        .expect("text");
    assert_eq!((child.wait().expect("an end").code(), said.as_str()), (Some(0), ""));
}

#[test]
fn help_and_completions_are_there() {
    let site = Site::empty();
    let help = site.run(&["--help"]).stdout();
    for word in [
        "serve",
        "index",
        "search",
        "check",
        "eval",
        "report",
        "completions",
        "--addr",
        "--corpus",
        "--index",
        "--config",
        "--log-format",
        "127.0.0.1:7373",
    ] {
        assert!(help.contains(word), "{word} in {help}");
    }
    assert!(!help.contains("extract"), "{help}");
    for shell in ["bash", "zsh", "fish"] {
        let script = site.run(&["completions", shell]).stdout();
        assert!(script.contains("rollback") && script.contains("addr"), "{shell}");
        // A hidden subcommand, for child processes only.
        assert!(!script.contains("extract"), "{shell}");
    }
}

#[test]
fn a_flag_beats_the_environment_which_beats_the_file() {
    let site = Site::shipped();
    site.write("rex.toml", "corpus = \"from-file\"\n");
    let corpus_named_by = |environment: Option<&str>, arguments: &[&str]| {
        let mut command = site.command(arguments);
        if let Some(corpus) = environment {
            command.env("REX_CORPUS", corpus);
        }
        String::from_utf8(command.output().expect("rex runs").stderr).expect("text")
    };
    assert!(corpus_named_by(None, &["check"]).contains("no corpus folder at from-file"));
    assert!(corpus_named_by(Some("from-env"), &["check"]).contains("no corpus folder at from-env"));
    assert!(
        corpus_named_by(Some("from-env"), &["check", "--corpus", "from-flag"])
            .contains("no corpus folder at from-flag")
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_closed_standard_error_is_no_failure() {
    let site = Site::shipped();
    let full = || {
        Stdio::from(
            std::fs::File::options()
                .write(true)
                .open("/dev/full")
                .expect("a device that is full"),
        )
    };
    let checked = site.command(&["check"]).stderr(full()).status().expect("rex runs");
    assert_eq!(checked.code(), Some(0));
    let missing = site
        .command(&["check", "--corpus", "nowhere"])
        .stderr(full())
        .status()
        .expect("rex runs");
    assert_eq!(missing.code(), Some(1));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_a_problem_like_others() {
    let site = Site::shipped();
    std::os::unix::fs::symlink("nowhere", site.path().join("corpus/lien.md")).expect("a link");
    std::os::unix::fs::symlink(".", site.path().join("corpus/boucle")).expect("a link");
    for command in ["check", "index"] {
        let ran = site.run(&[command]);
        let said = ran.stdout() + &ran.stderr();
        assert!(said.starts_with("corpus/lien.md:1: cannot be read: "), "{said}");
        assert_eq!((ran.code(), said.lines().count()), (Some(1), 2), "{said}");
    }
}

#[test]
fn a_search_uses_the_last_good_index_when_the_corpus_broke() {
    let site = Site::shipped();
    site.run(&["index"]);
    site.write("corpus/mauvais.jsonl", "");
    let ran = site.run(&["search", "bambou", "--json"]);
    assert_eq!(ran.code(), Some(0));
    assert!(
        ran.stderr().contains("corpus/mauvais.jsonl:1: the file is empty")
            && ran.stderr().contains("using the last good generation")
    );
    assert!(ran.stdout().contains("mtsamboro-guichet-bancaire-bambou"));
}

#[test]
fn the_case_of_the_readme_is_right() {
    let readme = std::fs::read_to_string(rex_tests::workspace().join("README.md")).expect("a README");
    let example = readme
        .split("```markdown\n")
        .nth(1)
        .and_then(|rest| rest.split("\n```").next())
        .expect("an example");
    let site = Site::empty();
    site.write("corpus/exemple.md", example);
    let ran = site.run(&["check"]);
    assert_eq!((ran.code(), ran.stdout().as_str()), (Some(0), ""));
}
