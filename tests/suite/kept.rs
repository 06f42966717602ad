//! Cases of other programs, from the file to the page.

use rex_tests::{Site, ids, values};

const POST: &str = "---
title: Entretien des haies
date: 2024-03-15T10:00:00+02:00
author: admin
tags: [haies, insertion]
lieu: saumur
---
<!-- wp:paragraph -->
<p>La commune voulait confier ses <strong>haies</strong> &agrave; une entreprise adapt&eacute;e.</p>
<!-- /wp:paragraph -->
";

#[test]
fn a_post_is_checked_indexed_found_and_shown() {
    let site = Site::empty();
    site.write("corpus/haies.md", POST);
    site.write(
        "corpus/brouillon.md",
        "---\ntitle: Plus tard\ndraft: true\n---\nTexte.\n",
    );
    let ran = site.run(&["check"]);
    assert_eq!(
        (ran.code(), ran.stdout().as_str(), ran.stderr().as_str()),
        (
            Some(0),
            "corpus/brouillon.md:1: note: a draft (draft: true), it is not published\n\
             corpus/haies.md:1: note: title is read as titre, tags is read as themes, lieu is read as territoire; \
             passed over: author\n\
             corpus/haies.md:6: note: territoire: [saumur] is read as [Pays de la Loire, Maine-et-Loire, Saumur]\n",
            "1 good case, no problem, 3 notes\n"
        )
    );
    let ran = site.run(&["index"]);
    assert!(ran.stdout().ends_with(" built, 1 cases\n") && ran.stderr().is_empty());

    let server = site.serve();
    let answer = server.search("q=entreprise+adaptée");
    assert_eq!(ids(&answer), ["haies"]);
    assert_eq!(
        answer["hits"][0]["snippets"][0]["html"],
        "La commune voulait confier ses haies à une <mark>entreprise</mark> <mark>adaptée</mark>."
    );
    assert_eq!(
        values(&answer, "theme"),
        [("haies".to_owned(), 1), ("insertion".to_owned(), 1)]
    );
    let page = server.get("/cas/haies").body;
    assert!(
        page.contains("<p>La commune voulait confier ses <strong>haies</strong> à une entreprise adaptée.</p>"),
        "{page}"
    );
}

/// A draft does not make a build read everything anew.
#[test]
fn a_draft_among_many_is_passed_over() {
    let site = Site::shipped();
    site.run(&["index"]);
    site.write(
        "corpus/brouillon.md",
        "---\ntitle: Plus tard\ndraft: true\n---\nTexte.\n",
    );
    site.write("corpus/haies.md", POST);
    let ran = site.run(&["index"]);
    assert!(
        ran.stdout().ends_with(" built, 6 cases (1 read anew, 5 kept)\n"),
        "{}",
        ran.stdout()
    );
}
