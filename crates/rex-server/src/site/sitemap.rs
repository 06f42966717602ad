//! `sitemap.xml` (<https://www.sitemaps.org/protocol.html>, 0.9) and `robots.txt`.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use rex_query::{Scan, SearchRequest};
use tokio::sync::OwnedSemaphorePermit;

use crate::http::base_url::base_address;
use crate::pages;
use crate::search::app_state::AppState;
use rex_api::case_address::case_address;
use rex_api::generation_time::built_at;
use rex_api::html_escape::escape_into;
use rex_api::problem::Problem;

/// Addresses per file. The protocol allows 50,000 and 50 MiB; an id of 300 bytes may take 900 once encoded.
const MAX_ADDRESSES: usize = 40_000;
/// Cases per chunk. Bounds the memory that a slow client holds.
const CASES_PER_CHUNK: usize = 200;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// The sitemap, or the sitemap index where one file is not enough.
pub(crate) async fn sitemap(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let answer = Sitemap::new(state.clone(), &headers, MAX_ADDRESSES).whole().await;
    answer.unwrap_or_else(|error| pages::problem(&state, &error))
}

/// One file of the sitemap index, from `1.xml`.
pub(crate) async fn part(State(state): State<AppState>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let answer = Sitemap::new(state.clone(), &headers, MAX_ADDRESSES).named(&name).await;
    answer.unwrap_or_else(|error| pages::problem(&state, &error))
}

/// Excludes result pages, whose cases are in the sitemap, and the API.
pub(crate) async fn robots(State(state): State<AppState>, headers: HeaderMap) -> impl IntoResponse {
    let base = base_address(state.site(), &headers);
    let text =
        format!("User-agent: *\nDisallow: /v1/\nDisallow: /recherche?\nAllow: /\n\nSitemap: {base}/sitemap.xml\n");
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
}

/// The addresses of a site in files of at most `limit`: the home page, then the cases.
struct Sitemap {
    state: AppState,
    base: String,
    limit: usize,
}

impl Sitemap {
    fn new(state: AppState, headers: &HeaderMap, limit: usize) -> Self {
        Self {
            base: base_address(state.site(), headers),
            state,
            limit,
        }
    }

    /// Number of files.
    fn files(&self) -> usize {
        let cases = usize::try_from(self.state.cases()).unwrap_or(usize::MAX);
        cases.saturating_add(1).div_ceil(self.limit)
    }

    async fn whole(self) -> Result<Response, Problem> {
        match self.files() {
            0 | 1 => self.file(1).await,
            files => Ok(xml(Body::from(self.index(files)))),
        }
    }

    async fn named(self, name: &str) -> Result<Response, Problem> {
        let files = self.files();
        let number = name.strip_suffix(".xml").and_then(|digits| {
            let number: usize = digits.parse().ok()?;
            (number.to_string() == digits).then_some(number)
        });
        match number {
            Some(number) if files > 1 && (1..=files).contains(&number) => self.file(number).await,
            _ => Err(Problem::NotFound(String::new())),
        }
    }

    /// The sitemap index. The files change only with the index.
    fn index(&self, files: usize) -> String {
        let built = built_at(self.state.generation());
        let mut xml = format!("{DECLARATION}<sitemapindex xmlns=\"{NAMESPACE}\">\n");
        for number in 1..=files {
            xml.push_str("<sitemap><loc>");
            escape_into(&format!("{}/sitemap-{number}.xml", self.base), &mut xml);
            xml.push_str("</loc>");
            if let Some(built) = &built {
                xml.push_str(&format!("<lastmod>{built}</lastmod>"));
            }
            xml.push_str("</sitemap>\n");
        }
        xml.push_str("</sitemapindex>\n");
        xml
    }

    /// The file with a number, from 1, streamed.
    async fn file(self, number: usize) -> Result<Response, Problem> {
        let permit = self.state.export_permit()?;
        let first = (number - 1) * self.limit;
        // The first address is the home page.
        let cases = first.saturating_sub(1)..first + self.limit - 1;
        let scan = self.state.scan(SearchRequest::default(), cases).await?;
        let file = SitemapFile {
            has_home: number == 1,
            sitemap: self,
            scan,
            given: None,
            _permit: permit,
        };
        Ok(xml(Body::from_stream(stream::try_unfold(file, SitemapFile::next))))
    }
}

/// A sitemap file being streamed.
struct SitemapFile {
    sitemap: Sitemap,
    has_home: bool,
    scan: Arc<dyn Scan>,
    /// The cases of the last chunk; `None` before the first.
    given: Option<Range<usize>>,
    /// Released after the last chunk, or when the client disconnects.
    _permit: OwnedSemaphorePermit,
}

impl SitemapFile {
    /// The next chunk, produced when the client is ready for it; `None` at the end.
    async fn next(mut self) -> io::Result<Option<(String, Self)>> {
        let mut xml = String::new();
        let start = match &self.given {
            Some(given) if given.end >= self.scan.len() => return Ok(None),
            Some(given) => given.end,
            None => {
                xml.push_str(&format!("{DECLARATION}<urlset xmlns=\"{NAMESPACE}\">\n"));
                if self.has_home {
                    self.add("/", &mut xml);
                }
                0
            }
        };
        let cases = start..start + CASES_PER_CHUNK;
        // The response has started: aborting it is the only way to signal an error.
        let records = self.sitemap.state.records(&self.scan, cases.clone()).await;
        let records = records.map_err(|problem| io::Error::other(problem.to_string()))?;
        for record in &records {
            self.add(&case_address(&record.id), &mut xml);
        }
        if cases.end >= self.scan.len() {
            xml.push_str("</urlset>\n");
        }
        self.given = Some(cases);
        Ok(Some((xml, self)))
    }

    /// Appends an address. `lastmod` is left out: the modification time of a case is unknown.
    fn add(&self, path: &str, xml: &mut String) {
        xml.push_str("<url><loc>");
        escape_into(&self.sitemap.base, xml);
        escape_into(path, xml);
        xml.push_str("</loc></url>\n");
    }
}

fn xml(body: Body) -> Response {
    ([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], body).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use axum::http::StatusCode;
    use rex_indexer::IndexWriter;

    use rex_search::Engine;
    use tantivy::directory::RamDirectory;

    use super::*;
    use crate::site::config::Site;

    fn state(cases: usize) -> AppState {
        let directory = RamDirectory::create();
        let writer = IndexWriter::create(directory.clone()).unwrap();
        for number in 0..cases {
            let record = serde_json::json!({"id": format!("c{number}"), "titre": "Tri"});
            writer.add(&serde_json::from_value(record).unwrap()).unwrap();
        }
        writer.finish().unwrap();
        let engine = Engine::open(directory, "g-20231005T081500123Z-1a2b3c4d").unwrap();
        AppState::new(engine, Site::default())
    }

    async fn text(response: Response) -> String {
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "application/xml; charset=utf-8");
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    fn addresses(xml: &str) -> Vec<String> {
        let document = roxmltree::Document::parse(xml).unwrap();
        let places = document
            .descendants()
            .filter(|node| node.has_tag_name((NAMESPACE, "loc")));
        places.map(|node| node.text().unwrap().to_owned()).collect()
    }

    #[tokio::test]
    async fn what_one_file_does_not_hold_is_in_several() {
        let state = state(450);
        let sitemap = || Sitemap::new(state.clone(), &HeaderMap::new(), 205);
        let index = text(sitemap().whole().await.unwrap()).await;
        assert_eq!(index.matches("<lastmod>2023-10-05T08:15:00.123Z</lastmod>").count(), 3);
        let named = addresses(&index);
        assert_eq!(named[2], "http://localhost/sitemap-3.xml");
        let mut all = Vec::new();
        for (number, address) in named.iter().enumerate() {
            let name = address.strip_prefix("http://localhost/sitemap-").unwrap();
            let file = text(sitemap().named(name).await.unwrap()).await;
            assert!(!file.contains("lastmod"));
            let addresses = addresses(&file);
            assert_eq!(addresses.len(), [205, 205, 41][number]);
            all.extend(addresses);
        }
        assert_eq!(all[0], "http://localhost/");
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 451, "every case once, and the first page");
        for name in [
            "0.xml",
            "4.xml",
            "01.xml",
            "1",
            "+1.xml",
            "x.xml",
            "99999999999999999999.xml",
        ] {
            assert_eq!(
                sitemap().named(name).await.unwrap_err(),
                Problem::NotFound(String::new()),
                "{name}"
            );
        }
    }

    #[tokio::test]
    async fn one_file_holds_as_many_as_it_may() {
        for (cases, files) in [(0, 1), (4, 1), (5, 2)] {
            let state = state(cases);
            let sitemap = || Sitemap::new(state.clone(), &HeaderMap::new(), 5);
            let whole = addresses(&text(sitemap().whole().await.unwrap()).await);
            if files == 1 {
                assert_eq!(whole.len(), cases + 1);
                assert!(sitemap().named("1.xml").await.is_err());
            } else {
                assert_eq!(
                    whole,
                    ["http://localhost/sitemap-1.xml", "http://localhost/sitemap-2.xml"]
                );
            }
        }
    }
}
