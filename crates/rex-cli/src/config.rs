//! `rex.toml`, the configuration of a publisher, resolved with flags and environment into [`Settings`]. Every key is optional.

mod cpv;
mod generations;
mod import;
mod limits;
mod log;
mod meilisearch;
mod search;
mod searches;
mod site;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rex_analysis::Lexicon;
use rex_corpus::{CpvLabels, FileDigest, read_regular_text};
use rex_import::TableMap;
use rex_indexer::MemoryBudget;
use rex_server::{AllowedOrigins, Site};
use serde::Deserialize;

use crate::args::{ConfigPathArg, CorpusPathArgs, IndexPathArg};
use crate::failure::UserError;
use generations::GenerationsSection;
use import::ImportSection;
pub(crate) use limits::LimitSettings;
use limits::LimitsSection;
pub(crate) use log::{LogFormat, LogLevel, LogSection};
use meilisearch::MeilisearchSection;
use search::SearchSection;
pub(crate) use searches::Searches;
use searches::SearchesSection;
use site::SiteSection;

/// Maximum size of the file, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// The file read when none is named.
const DEFAULT_FILE: &str = "rex.toml";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    corpus: Option<PathBuf>,
    #[serde(default)]
    sources: Vec<PathBuf>,
    index: Option<PathBuf>,
    addr: Option<String>,
    cpv: Option<PathBuf>,
    origins: Option<Vec<String>>,
    #[serde(default)]
    site: SiteSection,
    #[serde(default)]
    generations: GenerationsSection,
    #[serde(default)]
    limits: LimitsSection,
    #[serde(default)]
    meilisearch: MeilisearchSection,
    #[serde(default)]
    synonyms: Vec<SynonymSection>,
    #[serde(default)]
    log: LogSection,
    #[serde(default)]
    search: SearchSection,
    #[serde(default)]
    searches: SearchesSection,
    #[serde(default)]
    import: ImportSection,
}

/// `[[synonyms]]`: an entry of the publisher's own lexicon.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SynonymSection {
    words: String,
    finds: String,
    #[serde(default = "is_mutual")]
    mutual: bool,
    #[serde(default)]
    source: String,
}

fn is_mutual() -> bool {
    true
}

/// Every setting, resolved.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) corpus: PathBuf,
    /// Further files and folders to index, besides the corpus folder.
    pub(crate) sources: Vec<PathBuf>,
    pub(crate) index: PathBuf,
    /// Generations to keep, the current one included.
    pub(crate) keep: usize,
    /// Memory budget of a build.
    pub(crate) memory: MemoryBudget,
    /// Interval between verifications of all digests by a server; `None` for never.
    pub(crate) verify_every: Option<Duration>,
    pub(crate) addr: String,
    pub(crate) site: Site,
    /// AllowedOrigins of pages that may call the API (CORS).
    pub(crate) origins: AllowedOrigins,
    /// Limits of the server.
    pub(crate) limits: LimitSettings,
    /// Index names for Meilisearch clients.
    pub(crate) index_names: Vec<String>,
    /// Digest of the configuration file and of its logo, on which answers depend; empty without a file.
    pub(crate) digest: String,
    /// The acronyms and synonyms of Rex and of the publisher.
    pub(crate) lexicon: Lexicon,
    /// Whether hits are ranked, and cases are offered, by meaning too.
    pub(crate) has_meaning: bool,
    /// Labels of CPV codes: from the list in `cpv`, or those shipped.
    pub(crate) cpv: CpvLabels,
    /// Format and level of the event log.
    pub(crate) log: LogSection,
    /// The search log; `None` if it is off.
    pub(crate) searches: Option<Searches>,
}

impl Settings {
    /// Resolves each setting: flag, environment variable, file, default, in this order.
    ///
    /// # Errors
    /// A file that cannot be read, an unknown key, or a value out of bounds.
    pub(crate) fn resolve(
        places: &CorpusPathArgs,
        index: Option<&IndexPathArg>,
        addr: Option<&str>,
    ) -> Result<Self, UserError> {
        let (file, digest) = read(places.config.config.as_deref())?;
        let site = file.site.site()?;
        let index = index.and_then(|place| place.index.clone());
        Ok(Self {
            lexicon: lexicon(&file.synonyms)?,
            has_meaning: file.search.has_meaning(),
            cpv: cpv::labels(file.cpv.as_deref())?,
            log: file.log,
            searches: file.searches.searches()?,
            sources: file.sources,
            corpus: places.corpus.clone().or(file.corpus).unwrap_or_else(|| "corpus".into()),
            index: index.or(file.index).unwrap_or_else(|| "index".into()),
            keep: file.generations.keep()?,
            memory: file.generations.memory()?,
            verify_every: file.generations.verify_every()?,
            addr: addr
                .map(str::to_owned)
                .or(file.addr)
                .unwrap_or_else(|| "127.0.0.1:7373".to_owned()),
            origins: file
                .origins
                .map_or_else(|| Ok(AllowedOrigins::default()), |list| origins(&list))?,
            limits: file.limits.settings()?,
            index_names: file.meilisearch.index_names()?,
            digest: with_logo(digest, &site),
            site,
        })
    }
}

/// Adds the digest of the logo, whose URL is in pages, to that of the configuration.
fn with_logo(digest: String, site: &Site) -> String {
    match &site.logo {
        Some(logo) => format!("{digest} {}", logo.digest()),
        None => digest,
    }
}

/// The CPV labels of a list or, without one, of the configuration alone, for commands that need no other setting.
pub(crate) fn cpv_labels(list: Option<&Path>, place: &ConfigPathArg) -> Result<CpvLabels, UserError> {
    match list {
        Some(_) => cpv::labels(list),
        None => cpv::labels(read(place.config.as_deref())?.0.cpv.as_deref()),
    }
}

/// The columns of tables in the configuration alone.
pub(crate) fn table_map(place: &ConfigPathArg) -> Result<TableMap, UserError> {
    let (file, _) = read(place.config.as_deref())?;
    file.import.table_map()
}

/// The search log of the configuration alone, for commands that need no other setting.
pub(crate) fn searches(place: &ConfigPathArg) -> Result<Option<Searches>, UserError> {
    let (file, _) = read(place.config.as_deref())?;
    file.searches.searches()
}

/// The lexicon of Rex, and what the publisher adds.
fn lexicon(synonyms: &[SynonymSection]) -> Result<Lexicon, UserError> {
    let mut lexicon = Lexicon::shipped();
    for synonym in synonyms {
        let relation = if synonym.mutual { "=" } else { ">" };
        lexicon
            .add(&synonym.words, relation, &synonym.finds, &synonym.source)
            .map_err(|reason| UserError(format!("[[synonyms]] of the configuration: {reason}")))?;
    }
    Ok(lexicon)
}

fn origins(list: &[String]) -> Result<AllowedOrigins, UserError> {
    AllowedOrigins::parse(list).map_err(|reason| UserError(format!("origins of the configuration: {reason}")))
}

/// The named file, or the default one, and its digest. Relative paths in it are joined to its folder.
fn read(named: Option<&Path>) -> Result<(File, String), UserError> {
    let path = named.unwrap_or(Path::new(DEFAULT_FILE));
    let text = match read_regular_text(path, MAX_BYTES) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => {
            return Ok((File::default(), String::new()));
        }
        Err(error) => {
            return Err(UserError(format!(
                "cannot read the configuration {}: {error}; --config takes the path of a rex.toml",
                path.display()
            )));
        }
        Ok(text) => text,
    };
    let mut file: File = toml::from_str(&text).map_err(|error| {
        let line = error
            .span()
            .map_or(1, |span| 1 + text[..span.start.min(text.len())].matches('\n').count());
        UserError(format!("{}:{line}: {}", path.display(), error.message()))
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    file.corpus = file.corpus.map(|corpus| folder.join(corpus));
    file.index = file.index.map(|index| folder.join(index));
    file.cpv = file.cpv.map(|list| folder.join(list));
    file.searches.log = file.searches.log.map(|log| folder.join(log));
    file.site.logo = file.site.logo.map(|logo| folder.join(logo));
    file.sources = file.sources.iter().map(|source| folder.join(source)).collect();
    let digest = FileDigest::of_content(text.as_bytes()).map_or_else(|_| String::new(), |digest| digest.sha256);
    Ok((file, digest))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn resolve(text: &str, corpus: Option<&str>, addr: Option<&str>) -> Result<Settings, String> {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("rex.toml");
        fs::write(&config, text).unwrap();
        let places = CorpusPathArgs {
            config: ConfigPathArg { config: Some(config) },
            corpus: corpus.map(PathBuf::from),
        };
        let settings = Settings::resolve(&places, None, addr).map_err(|error| error.0);
        let prefix = format!("{}/", folder.path().display());
        settings
            .map(|settings| {
                let shown = |path: &Path| path.to_string_lossy().replace(&prefix, "./").into();
                Settings {
                    corpus: shown(&settings.corpus),
                    sources: settings.sources.iter().map(|source| shown(source)).collect(),
                    ..settings
                }
            })
            .map_err(|error| error.replace(&prefix, ""))
    }

    #[test]
    fn a_flag_overrides_the_file_which_overrides_the_default() {
        let settings = resolve("corpus = 'cas'\n[site]\nname = 'CRESS'\n", None, Some("[::1]:80")).unwrap();
        assert_eq!(settings.corpus, Path::new("./cas"));
        assert_eq!(
            (settings.index.as_path(), settings.addr.as_str()),
            (Path::new("index"), "[::1]:80")
        );
        assert_eq!(settings.site.name, "CRESS");
        assert_eq!(
            resolve("corpus = 'cas'", Some("flag"), None).unwrap().corpus,
            Path::new("flag")
        );
    }

    #[test]
    fn says_where_the_file_is_wrong() {
        let error = resolve("addr = 'x'\ncorpsu = 'y'\n", None, None).unwrap_err();
        assert!(
            error.starts_with("rex.toml:2: unknown field `corpsu`, expected one of `corpus`"),
            "{error}"
        );
        assert!(resolve("a = [", None, None).unwrap_err().starts_with("rex.toml:1: "));
    }

    #[test]
    fn addresses_and_origins_are_checked_when_they_are_read() {
        let settings = resolve(
            "origins = ['https://a.fr']\n[site]\nurl = 'https://rex.fr/cas/'",
            None,
            None,
        )
        .unwrap();
        assert_eq!(settings.site.url.as_deref(), Some("https://rex.fr/cas"));
        assert!(matches!(settings.origins, AllowedOrigins::Only(list) if list == ["https://a.fr"]));
        let error = resolve("origins = ['a.fr']", None, None).unwrap_err();
        assert!(
            error.starts_with("origins of the configuration: \"a.fr\" is not an origin"),
            "{error}"
        );
        let error = resolve("[site]\nurl = 'rex.fr'", None, None).unwrap_err();
        assert!(error.contains("\"rex.fr\" is not the address of a site"), "{error}");
        assert_ne!(settings.digest, resolve("", None, None).unwrap().digest);
    }

    #[test]
    fn names_of_the_index_are_those_meilisearch_takes() {
        let names = |text: &str| resolve(text, None, None).map(|settings| settings.index_names);
        assert_eq!(names("").unwrap(), ["rex"]);
        assert_eq!(
            names("[meilisearch]\nindexes = ['cas', 'marches_2']").unwrap(),
            ["cas", "marches_2"]
        );
        assert_eq!(names("[meilisearch]\nindexes = []").unwrap(), [] as [&str; 0]);
        let error = names("[meilisearch]\nindexes = ['marchés']").unwrap_err();
        assert!(
            error.contains("\"marchés\" is not a name, expected letters without accents"),
            "{error}"
        );
    }

    #[test]
    fn sources_and_labels_are_beside_the_file() {
        let settings = resolve("sources = ['m.jsonl', 'autres']", Some("flag"), None).unwrap();
        assert_eq!(settings.sources, [Path::new("./m.jsonl"), Path::new("./autres")]);
        assert_eq!(settings.cpv, CpvLabels::shipped());
        let error = resolve("cpv = 'none.csv'", None, None).unwrap_err();
        assert!(error.starts_with("cannot read the CPV labels none.csv: "), "{error}");
        let error = resolve("cpv = 'rex.toml'", None, None).unwrap_err();
        assert!(
            error.starts_with("rex.toml:1: the columns are cpv = 'rex.toml'; expected"),
            "{error}"
        );
    }

    #[test]
    fn a_logo_is_beside_the_file_and_part_of_the_digest() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("rex.toml"), "[site]\nlogo = 'logo.svg'\n").unwrap();
        let settings = |logo: &str| {
            fs::write(folder.path().join("logo.svg"), logo).unwrap();
            let places = CorpusPathArgs {
                config: ConfigPathArg {
                    config: Some(folder.path().join("rex.toml")),
                },
                corpus: None,
            };
            Settings::resolve(&places, None, None).unwrap()
        };
        let (first, second) = (settings("<svg/>"), settings("<svg></svg>"));
        assert!(first.site.logo.is_some());
        assert_ne!(first.digest, second.digest);
    }

    #[test]
    fn the_example_is_read_and_sets_nothing_but_defaults() {
        let example = include_str!("../../../rex.toml");
        let live: Vec<_> = example
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .collect();
        assert_eq!(
            live,
            [
                "[generations]",
                "[site]",
                "[meilisearch]",
                "[limits]",
                "[search]",
                "[log]",
                "[searches]"
            ],
            "the example is all comments, so that a new clone runs on the defaults"
        );
        let uncommented = [
            "addr",
            "corpus",
            "index",
            "sources",
            "origins",
            "name",
            "description",
            "indexes",
            "keep",
            "theme",
            "footer",
            "format",
            "level",
            "keep_months",
            "verify_hours",
            "queue",
            "queue_ms",
            "search_ms",
            "connections",
            "header_seconds",
            "stall_seconds",
            "burst",
            "kept_mib",
            "meaning",
            "trusted_proxies",
        ]
        .iter()
        .fold(example.to_owned(), |text, key| {
            text.replace(&format!("\n# {key} = "), &format!("\n{key} = "))
        });
        let settings = resolve(&uncommented, None, None).unwrap();
        assert_eq!(settings.addr, "127.0.0.1:7373");
        let loopback = ([127, 0, 0, 1], 80).into();
        assert_eq!(settings.limits.on(loopback), rex_server::Limits::default());
        assert_eq!(settings.keep, rex_indexer::KEPT_GENERATIONS);
        assert_eq!(settings.site, Site::default());
        assert_eq!(settings.sources, [] as [PathBuf; 0]);
        assert_eq!(settings.index_names, ["rex"]);
        assert_eq!(settings.log, LogSection::default());
        assert_eq!(settings.searches, None);
        assert!(settings.has_meaning);
    }

    #[test]
    fn meaning_counts_unless_it_is_turned_off() {
        let meaning = |text: &str| resolve(text, None, None).map(|settings| settings.has_meaning);
        assert_eq!(meaning(""), Ok(true));
        assert_eq!(meaning("[search]\nmeaning = true"), Ok(true));
        assert_eq!(meaning("[search]\nmeaning = false"), Ok(false));
        assert_eq!(
            meaning("[search]\nmeanings = false").unwrap_err(),
            "rex.toml:2: unknown field `meanings`, expected `meaning`"
        );
        let error = meaning("[search]\nmeaning = 'off'").unwrap_err();
        assert_eq!(error, "rex.toml:2: invalid type: string \"off\", expected a boolean");
    }

    #[test]
    fn the_configuration_to_deploy_is_read() {
        let text = include_str!("../../../deploy/rex.toml");
        let settings = resolve(text, None, None).unwrap();
        assert_eq!(settings.index, Path::new("/var/lib/rex/index"));
        assert_eq!(
            settings.searches, None,
            "nothing is logged unless the operator asks for it"
        );
        let limits = settings.limits.on(([127, 0, 0, 1], 7373).into());
        assert!(limits.rate.is_some() && limits.trusted_proxies.len() == 1, "{limits:?}");
        let asked = text.replace("# [searches]", "[searches]");
        let asked = asked
            .replace("# log = ", "log = ")
            .replace("# keep_months", "keep_months");
        assert!(resolve(&asked, None, None).unwrap().searches.is_some());
    }

    #[test]
    fn the_manual_has_every_key() {
        let example = include_str!("../../../rex.toml");
        let manual = include_str!("../../../docs/OPERATIONS.md");
        let keys = example
            .lines()
            .filter_map(|line| line.strip_prefix("# ")?.split_once(" = "));
        let is_key = |key: &str| key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let keys: Vec<_> = keys.filter(|(key, _)| is_key(key)).collect();
        assert!(keys.len() > 30, "{keys:?}");
        for (key, _) in keys {
            assert!(manual.contains(&format!("`{key}`")), "no {key} in docs/OPERATIONS.md");
        }
    }

    #[test]
    fn searches_are_logged_where_it_is_said_and_nowhere_else() {
        let searches = |text: &str| resolve(text, None, None).map(|settings| settings.searches);
        assert_eq!(searches("[searches]\nkeep_months = 2").unwrap(), None);
        let log = searches("[searches]\nlog = 'recherches'").unwrap().unwrap();
        assert!(
            log.log.ends_with("recherches") && log.log.is_absolute(),
            "beside the file: {log:?}"
        );
        assert_eq!(log.keep_months, 13);
        assert_eq!(
            searches("[searches]\nlog = 'x'\nkeep_months = 0").unwrap_err(),
            "[searches] keep_months of the configuration: 0, expected 1 to 1200 months"
        );
    }

    #[test]
    fn the_log_of_events_has_two_formats_and_four_levels() {
        let log = |text: &str| resolve(text, None, None).map(|settings| settings.log);
        let said = log("[log]\nformat = 'json'\nlevel = 'debug'").unwrap();
        assert_eq!((said.format, said.level), (LogFormat::Json, LogLevel::Debug));
        let error = log("[log]\nformat = 'xml'").unwrap_err();
        assert_eq!(error, "rex.toml:2: unknown variant `xml`, expected `text` or `json`");
    }
}
