//! A web server of files, so that the page comes from another origin than Rex.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;

/// Serves the page of these tests and the packages it loads, for as long as the tests run.
///
/// # Panics
/// When the npm packages are not there.
pub(crate) fn serve() -> SocketAddr {
    let folder = Arc::new(crate::installed::npm());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let folder = Arc::clone(&folder);
            // The browser opens connections it does not use: none may keep the others waiting.
            thread::spawn(move || answer(stream, &folder));
        }
    });
    address
}

/// Answers one request and closes. A browser that went away is no failure.
fn answer(mut stream: TcpStream, folder: &Path) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines().map_while(Result::ok);
    let asked = lines.next()?;
    // Closing before all was read would reset the connection.
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let path = asked.split(' ').nth(1)?.split('?').next()?.to_owned();
    let (status, kind, body) = match file(folder, &path).and_then(|file| Some((kind(&file), fs::read(file).ok()?))) {
        Some((kind, body)) => ("200 OK", kind, body),
        None => ("404 Not Found", "text/plain", Vec::new()),
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )
    .ok()?;
    stream.write_all(&body).ok()
}

/// The file of a path: of a package, or of the page.
fn file(folder: &Path, path: &str) -> Option<PathBuf> {
    let within = Path::new(path.strip_prefix('/')?);
    let is_plain = within.components().all(|part| matches!(part, Component::Normal(_)));
    let place = match path {
        "/" => return Some(folder.join("page/index.html")),
        path if path.starts_with("/node_modules/") => folder.to_owned(),
        _ => folder.join("page"),
    };
    is_plain.then(|| place.join(within))
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        _ => "application/octet-stream",
    }
}
