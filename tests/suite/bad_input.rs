//! Invalid input of people, programs and attackers: each gets one clear error sentence.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use rex_tests::Site;

#[test]
fn a_bad_parameter_is_a_problem_that_names_it() {
    let site = Site::shipped();
    let server = site.serve();
    let long = format!("/v1/search?q={}", "x".repeat(10_000));
    for (path, status, parameter, detail) in [
        ("/v1/search?page=0", 400, "page", "expected a whole number, 1 to 10000"),
        (
            "/v1/search?par_page=1000",
            400,
            "par_page",
            "expected a whole number, 1 to 100",
        ),
        ("/v1/search?montant=abc", 400, "montant", "expected bounds such as"),
        ("/v1/search?proc=x", 400, "proc", "the nearest is \"procedure\""),
        (
            "/v1/search?territoire=haute-garone",
            400,
            "territoire",
            "no value is called \"haute-garone\", the nearest is \"Occitanie > Haute-Garonne\"",
        ),
        (
            "/v1/feed.atom?procedure=appel+d%27offres",
            400,
            "procedure",
            "several values may be meant by \"appel d'offres\", expected one of: Appel d'offres ouvert, Appel d'offres restreint",
        ),
        ("/v1/search?theme=", 400, "theme", "empty, expected a value"),
        (&long, 400, "q", "10000 characters, expected at most 512"),
        ("/v1/search?q=%ff%fe", 400, "q", "not UTF-8"),
        ("/v1/search?%ff=1", 400, "?", "not UTF-8"),
        ("/v1/cases/unknown", 404, "", "no case has the id \"unknown\""),
        ("/v1/cases/%ff", 404, "", "not UTF-8"),
        ("/v1/cases/..%2f..%2fCargo.toml", 404, "", "no case has the id"),
        ("/v1/nothing", 404, "", "/v1/docs"),
    ] {
        let answer = server.get(path);
        let problem = answer.json();
        let shown = path.get(..60).unwrap_or(path);
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (status, "application/problem+json"),
            "{shown}"
        );
        assert_eq!(problem["status"], status, "{shown}");
        assert!(problem["type"].is_string() && problem["title"].is_string(), "{shown}");
        assert_eq!(problem["parameter"].as_str().unwrap_or_default(), parameter, "{shown}");
        assert!(
            problem["detail"].as_str().is_some_and(|text| text.contains(detail)),
            "{shown}: {problem}"
        );
    }
    assert_eq!(server.get("/health").status, 200);
}

#[test]
fn raw_bytes_do_not_break_the_server() {
    let site = Site::shipped();
    let server = site.serve();
    for request in [
        b"GET /v1/search?q=\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".as_slice(),
        b"\x00\x01\x02\r\n\r\n",
        b"POST /v1/search HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
    ] {
        let mut stream = TcpStream::connect(server.address()).expect("a connection");
        stream.write_all(request).expect("a request sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        let status = String::from_utf8_lossy(answer.get(..12).unwrap_or_default()).into_owned();
        assert!(status.starts_with("HTTP/1.1 4"), "{status:?}");
    }
    assert_eq!(server.get("/health").status, 200);
}

#[test]
fn a_page_says_it_in_french() {
    let site = Site::shipped();
    let server = site.serve();
    for (path, status, expected) in [
        (
            "/recherche?page=0",
            400,
            "L&#39;adresse donne au paramètre « page » une valeur",
        ),
        ("/recherche?q=%ff", 400, "Adresse incorrecte"),
        (
            "/recherche?territoire=haute-garone",
            400,
            "Le filtre « territoire » n&#39;a pas de valeur « haute-garone » ; la plus proche est « Occitanie &#62; Haute-Garonne ».",
        ),
        ("/cas/inconnu", 404, "Page introuvable"),
        ("/cas/%ff", 404, "Page introuvable"),
        ("/rien", 404, "Page introuvable"),
        ("/recherche?utm_source=lettre&proc=x", 200, "cas</h2>"),
    ] {
        let answer = server.get(path);
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (status, "text/html; charset=utf-8"),
            "{path}"
        );
        let body = answer.body.replace('\u{a0}', " ").replace("&#x27;", "&#39;");
        assert!(body.contains(expected), "{path}: {body}");
    }
}

#[test]
fn a_place_that_cannot_be_used_is_one_sentence() {
    let site = Site::shipped();
    site.write("a-file", "x");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = taken.local_addr().expect("an address").to_string();
    let empty = Site::empty();
    for (ran, expected) in [
        (
            site.run(&["--corpus", "nowhere"]),
            "rex: no corpus folder at nowhere; create it, or name another with --corpus",
        ),
        (
            site.run(&["--corpus", "a-file"]),
            "rex: a-file is not a folder; --corpus takes the folder that holds the cases",
        ),
        (
            empty.run(&[]),
            "rex: the corpus folder corpus holds no case; add a .md file with front matter, or a .jsonl file",
        ),
        (
            site.run(&["index", "--index", "a-file/index"]),
            "rex: cannot write the index folder a-file/index: ",
        ),
        (
            site.run(&["--index", "a-file"]),
            "rex: cannot write the index folder a-file: ",
        ),
        (
            site.run(&["--addr", &taken]),
            "the port is in use; stop what uses it, or choose another with --addr",
        ),
        (site.run(&["--addr", "nonsense"]), "rex: cannot listen on nonsense: "),
        (
            site.run(&["--config", "none.toml"]),
            "rex: cannot read the configuration none.toml: ",
        ),
        (
            site.run(&["search", "tri", "-f", "natures=x"]),
            "rex: --filter: \"natures\" is not a facet, the nearest is \"nature\"",
        ),
        (
            site.run(&["search", "tri", "-f", "montant=x"]),
            "rex: montant: \"x\" is not a range",
        ),
        (
            site.run(&["search", "tri", "-f", "procedure=mapaa"]),
            "rex: procedure: no value is called \"mapaa\", the nearest is \"Procédure adaptée\"",
        ),
    ] {
        let said = ran.stderr();
        assert_eq!(said.lines().filter(|line| !line.is_empty()).count(), 1, "{said}");
        assert!(said.contains(expected), "{said}");
        assert_eq!((ran.code(), ran.stdout().as_str()), (Some(1), ""), "{said}");
    }
    assert_eq!(site.run(&["--nonsense"]).code(), Some(2));
    assert_eq!(site.run(&["search"]).code(), Some(2));
}

#[test]
fn an_index_folder_one_may_not_write_is_one_sentence() {
    let site = Site::shipped();
    // Even root cannot write there.
    let ran = site.run(&["index", "--index", "/proc/rex"]);
    assert!(
        ran.stderr()
            .starts_with("rex: cannot write the index folder /proc/rex: "),
        "{}",
        ran.stderr()
    );
    assert_eq!(ran.code(), Some(1));
}
