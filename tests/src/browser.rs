//! A browser of its own for each test, driven through ChromeDriver.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};

/// A screen.
#[derive(Clone, Copy)]
pub struct Screen {
    width: u32,
    height: u32,
    is_phone: bool,
}

/// A desktop computer.
pub const DESKTOP: Screen = Screen {
    width: 1280,
    height: 900,
    is_phone: false,
};

/// A phone, as narrow as they get.
pub const PHONE: Screen = Screen {
    width: 360,
    height: 740,
    is_phone: true,
};

/// A browser, closed when dropped.
pub struct Browser {
    client: Client,
    driver: Child,
}

impl Browser {
    /// A browser that runs no script of a page.
    ///
    /// # Panics
    /// Like all here, when there is no browser to drive.
    pub async fn open(screen: Screen) -> Self {
        Self::start(screen, false).await
    }

    /// A browser as people have it.
    ///
    /// # Panics
    /// When there is no browser to drive.
    pub async fn open_with_scripts(screen: Screen) -> Self {
        Self::start(screen, true).await
    }

    /// What drives it.
    pub fn client(&self) -> &Client {
        &self.client
    }

    async fn start(screen: Screen, runs_scripts: bool) -> Self {
        let (driver, port) = start_driver();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(screen, runs_scripts))
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("ChromeDriver starts a browser: Chromium and ChromeDriver have to be of one version");
        Self { client, driver }
    }

    /// Waits for the page of a title.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn until_title(&self, title: &str) {
        let mut shown = String::new();
        for _ in 0..200 {
            // Between two pages there may be none to ask.
            shown = self.client.title().await.unwrap_or_default();
            if shown == title {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the page is {shown:?}, expected {title:?}");
    }

    /// Whether an element is rendered. `Is Element Displayed` does not know of `::details-content`.
    ///
    /// # Errors
    /// Those of the browser.
    pub async fn is_visible(&self, element: &Element) -> Result<bool, CmdError> {
        let script = "return arguments[0].checkVisibility({visibilityProperty: true})";
        let visible = self.client.execute(script, vec![json!(element)]).await?;
        Ok(visible == json!(true))
    }

    /// The name a screen reader says, as the browser computes it.
    ///
    /// # Errors
    /// Those of the browser.
    pub async fn accessible_name(&self, element: &Element) -> Result<String, CmdError> {
        let name = self
            .client
            .issue_cmd(ComputedLabel(element.element_id().to_string()))
            .await?;
        Ok(name.as_str().unwrap_or_default().to_owned())
    }

    /// The errors logged since this was last asked: exceptions, what did not load, answers that another origin may not read.
    ///
    /// # Errors
    /// Those of the browser.
    pub async fn errors(&self) -> Result<Vec<String>, CmdError> {
        let log = self.client.issue_cmd(ConsoleLog).await?;
        let entries = log.as_array().map(Vec::as_slice).unwrap_or_default();
        let errors = entries.iter().filter(|entry| entry["level"] == "SEVERE");
        Ok(errors.map(|entry| entry["message"].to_string()).collect())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // ChromeDriver takes its browsers with it.
        let _ = Command::new("pkill")
            .args(["-P", &self.driver.id().to_string()])
            .status();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// ChromeDriver on a port that the system chooses for IPv6. The same has to be free for IPv4: where it is not, ChromeDriver ends, and the
/// next one gets another.
fn start_driver() -> (Child, u16) {
    const TRIES: usize = 20;
    let mut said = String::new();
    for _ in 0..TRIES {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver runs; `cargo xtask test` says how to get it");
        let mut lines = BufReader::new(driver.stdout.take().expect("a pipe"))
            .lines()
            .map_while(Result::ok);
        for line in lines.by_ref() {
            if let Some(port) = port_said(&line) {
                std::thread::spawn(move || lines.for_each(drop));
                return (driver, port);
            }
            said = line;
        }
        let _ = driver.wait();
    }
    panic!("chromedriver ended {TRIES} times before it served, saying: {said}");
}

/// The port in the line with which ChromeDriver says that it serves.
fn port_said(line: &str) -> Option<u16> {
    let port = line.split_once("successfully on port ")?.1;
    port.trim_end_matches('.').parse().ok()
}

fn capabilities(screen: Screen, runs_scripts: bool) -> Map<String, Value> {
    let window = format!("--window-size={},{}", screen.width, screen.height);
    let mut options = json!({
        // A browser that keeps to the page: no sandbox, as tests may run as root in a container, and no talk to its maker.
        "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", window,
        ],
        "prefs": {"profile.managed_default_content_settings.javascript": if runs_scripts { 1 } else { 2 }},
    });
    if screen.is_phone {
        let metrics = json!({"width": screen.width, "height": screen.height, "pixelRatio": 2.0});
        options["mobileEmulation"] = json!({"deviceMetrics": metrics});
    }
    if let Some(chromium) = chromium() {
        options["binary"] = json!(chromium);
    }
    let mut capabilities = Map::new();
    capabilities.insert("goog:chromeOptions".to_owned(), options);
    capabilities.insert("goog:loggingPrefs".to_owned(), json!({"browser": "ALL"}));
    capabilities
}

/// Chromium, where there is no Chrome: ChromeDriver finds Chrome by itself, and is made for it where both are installed.
fn chromium() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let find = |name: &str| {
        std::env::split_paths(&path)
            .map(|folder| folder.join(name))
            .find(|path| path.is_file())
    };
    find("chromium").filter(|_| find("google-chrome").is_none())
}

/// `Get Computed Label` of WebDriver.
#[derive(Debug)]
struct ComputedLabel(String);

impl WebDriverCompatibleCommand for ComputedLabel {
    fn endpoint(&self, base_url: &url::Url, session_id: Option<&str>) -> Result<url::Url, url::ParseError> {
        base_url.join(&format!(
            "session/{}/element/{}/computedlabel",
            session_id.unwrap_or_default(),
            self.0
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::GET, None)
    }
}

/// `Get Log` of ChromeDriver, which WebDriver does not have: what the console of the page shows, once.
#[derive(Debug)]
struct ConsoleLog;

impl WebDriverCompatibleCommand for ConsoleLog {
    fn endpoint(&self, base_url: &url::Url, session_id: Option<&str>) -> Result<url::Url, url::ParseError> {
        base_url.join(&format!("session/{}/se/log", session_id.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({"type": "browser"}).to_string()))
    }
}
