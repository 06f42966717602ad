use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use clap::Args;
use rex_indexer::BuildError;
use rex_query::SearchBackend;
use rex_server::{AppState, HotSwap, SearchLog, serve};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

use crate::args::{CorpusPathArgs, IndexPathArg};
use crate::config::Settings;
use crate::corpus_watcher::CorpusWatcher;
use crate::ensure_index::{Chosen, generation_to_serve, open_engine};
use crate::failure::UserError;
use crate::index_watcher::IndexWatcher;
use crate::logging::{self, LogArgs};
use crate::signal::{STOPPED, StopSignal, on_hangup};
use crate::terminal::say;

/// Time for a build to remove what it wrote, once it was stopped.
const TIDY_TIME: Duration = Duration::from_secs(1);

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Address to listen on; port 0 picks a free one [default: 127.0.0.1:7373]
    #[arg(long, value_name = "HOST:PORT", env = "REX_ADDR")]
    addr: Option<String>,
    /// Watch the corpus and index it again when it changes
    #[arg(long)]
    watch: bool,
    #[command(flatten)]
    places: CorpusPathArgs,
    #[command(flatten)]
    index: IndexPathArg,
    #[command(flatten)]
    log: LogArgs,
}

/// Brings the index up to date and serves it until Ctrl-C or SIGTERM.
pub(crate) fn run(args: &ServeArgs) -> anyhow::Result<()> {
    let settings = Settings::resolve(&args.places, Some(&args.index), args.addr.as_deref())?;
    if let Some(searches) = &settings.searches {
        check_search_log(&searches.log)?;
    }
    logging::start(&args.log, settings.log);
    let runtime = tokio::runtime::Runtime::new()?;
    let settings = Arc::new(settings);
    let stop_builds = Arc::new(AtomicBool::new(false));
    runtime.block_on(async {
        let mut signal = StopSignal::of_server()?;
        let search_log: Arc<OnceLock<SearchLog>> = Arc::default();
        on_hangup({
            let search_log = Arc::clone(&search_log);
            move || reopen(search_log.get())
        })?;
        // Fail before the build if the port is in use, but do not keep it: during the build, connections should be refused rather
        // than wait.
        drop(listen(&settings.addr).await?);
        let watch = args
            .watch
            .then(|| CorpusWatcher::new(Arc::clone(&settings), Arc::clone(&stop_builds)));
        let Chosen {
            generation,
            current_name,
            is_to_be_retried,
        } = first_build(&settings, &stop_builds, &mut signal).await?;
        let listener = listen(&settings.addr).await?;
        let engine = open_engine(&settings, generation.clone())?;
        let address = listener.local_addr()?;
        let limits = settings.limits.on(address);
        raise_file_limit(limits.connections);
        say(format_args!(
            "Rex serves {} cases at http://{address}/ (Ctrl-C to stop)",
            engine.info().cases
        ));
        let state = AppState::new(engine, settings.site.clone())
            .with_labels(settings.cpv.clone())
            .with_origins(settings.origins.clone())
            .with_index_names(settings.index_names.clone())
            .with_settings_digest(&settings.digest)
            .with_limits(limits);
        let state = match settings.searches.clone() {
            Some(searches) => {
                let log = SearchLog::start(searches.log, searches.keep_months, state.metrics())?;
                state.with_search_log(search_log.get_or_init(|| log).clone())
            }
            None => state,
        };
        let live = HotSwap::new(state);
        tokio::spawn(IndexWatcher::new(Arc::clone(&settings), live.clone(), generation, current_name).run());
        if let Some(watch) = watch {
            tokio::spawn(watch.run(is_to_be_retried));
        }
        serve(listener, live, stop(signal, Arc::clone(&stop_builds))).await?;
        if let Some(log) = search_log.get() {
            log.end();
        }
        anyhow::Ok(())
    })?;
    // Not longer: a search may have outlived its request.
    runtime.shutdown_timeout(TIDY_TIME);
    Ok(())
}

/// Builds the index if it is not up to date, until a signal.
async fn first_build(
    settings: &Arc<Settings>,
    stop: &Arc<AtomicBool>,
    signal: &mut StopSignal,
) -> anyhow::Result<Chosen> {
    let mut build = {
        let (settings, stop) = (Arc::clone(settings), Arc::clone(stop));
        spawn_blocking(move || generation_to_serve(&settings, &stop))
    };
    tokio::select! {
        chosen = &mut build => return Ok(chosen??),
        () = signal.received() => stop.store(true, Ordering::Relaxed),
    }
    tokio::select! {
        chosen = build => drop(chosen??),
        () = signal.received() => std::process::exit(STOPPED.into()),
    }
    // The build was complete already.
    Err(BuildError::Stopped.into())
}

/// Refuses a search log that cannot be written, so that the operator learns of it before searches are lost.
fn check_search_log(folder: &Path) -> Result<(), UserError> {
    SearchLog::check(folder).map_err(|error| {
        UserError(format!(
            "cannot write the search log in {}: {error}; log of [searches] takes a folder that rex may write",
            folder.display()
        ))
    })
}

fn reopen(log: Option<&SearchLog>) {
    if let Some(log) = log {
        log.reopen();
    }
    tracing::info!(
        "SIGHUP: the search log is opened again; the settings are those of the start, restart rex to change them"
    );
}

async fn listen(addr: &str) -> Result<TcpListener, UserError> {
    TcpListener::bind(addr).await.map_err(|error| {
        UserError(match error.kind() {
            io::ErrorKind::AddrInUse => {
                format!("cannot listen on {addr}: the port is in use; stop what uses it, or choose another with --addr")
            }
            _ => format!("cannot listen on {addr}: {error}; --addr takes HOST:PORT, such as 127.0.0.1:7373"),
        })
    })
}

/// Raises the limit of open files: each connection is one, and the default limit of many systems is low.
#[cfg(unix)]
fn raise_file_limit(connections: usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    /// Open files besides connections: index, logs, runtime.
    const OTHERS: u64 = 256;
    let wanted = connections as u64 + OTHERS;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_none_or(|current| current >= wanted) {
        return;
    }
    let raised = maximum.map_or(wanted, |maximum| wanted.min(maximum));
    let limit = Rlimit {
        current: Some(raised),
        maximum,
    };
    if setrlimit(Resource::Nofile, limit).is_err() || raised < wanted {
        tracing::warn!(
            "this process may open {raised} files, {wanted} are needed for {connections} connections; raise its limit (ulimit -n, \
             LimitNOFILE) or lower `connections` in the configuration"
        );
    }
}

#[cfg(not(unix))]
fn raise_file_limit(_: usize) {}

/// Completes at the first signal, which also stops a build; a second one exits at once.
async fn stop(mut signal: StopSignal, stop_builds: Arc<AtomicBool>) {
    signal.received().await;
    stop_builds.store(true, Ordering::Relaxed);
    say("Rex completes running requests; Ctrl-C again stops it at once");
    tokio::spawn(async move {
        signal.received().await;
        std::process::exit(STOPPED.into());
    });
}
