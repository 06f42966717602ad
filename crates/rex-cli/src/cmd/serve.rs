use std::io;
use std::sync::Arc;

use clap::Args;
use rex_query::SearchBackend;
use rex_server::{AppState, Live, SearchLog, serve};
use tokio::net::TcpListener;

use crate::args::{CorpusPathArgs, IndexPathArg};
use crate::config::{Searches, Settings};
use crate::corpus_watcher::CorpusWatcher;
use crate::ensure_index::{generation_to_serve, open_engine};
use crate::failure::UserError;
use crate::index_watcher::IndexWatcher;
use crate::logging::{self, LogArgs};
use crate::signal::{STOPPED, StopSignal};
use crate::terminal::say;

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Address to listen on; port 0 takes a free one [default: 127.0.0.1:7373]
    #[arg(long, value_name = "HOST:PORT", env = "REX_ADDR")]
    addr: Option<String>,
    /// Follow the corpus too: index it again each time it changes
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
    logging::start(&args.log, settings.log);
    let runtime = tokio::runtime::Runtime::new()?;
    let settings = Arc::new(settings);
    runtime.block_on(async {
        // Finding the port taken should not cost a build; during the build, nobody should wait on a port nobody answers.
        drop(listen(&settings.addr).await?);
        let watch = args.watch.then(|| CorpusWatcher::new(Arc::clone(&settings)));
        let (generation, pointed) = generation_to_serve(&settings)?;
        let listener = listen(&settings.addr).await?;
        let engine = open_engine(&settings, generation.clone())?;
        let address = listener.local_addr()?;
        let limits = settings.limits.on(address);
        make_room_for_files(limits.connections);
        let signal = StopSignal::listen()?;
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
        let log = settings
            .searches
            .clone()
            .map(|log| search_log(log, &state))
            .transpose()?;
        let state = match &log {
            Some(log) => state.with_search_log(log.clone()),
            None => state,
        };
        let live = Live::new(state);
        tokio::spawn(IndexWatcher::new(Arc::clone(&settings), live.clone(), generation, pointed).follow());
        if let Some(watch) = watch {
            tokio::spawn(watch.watch());
        }
        serve(listener, live, stop(signal)).await?;
        if let Some(log) = log {
            log.end();
        }
        anyhow::Ok(())
    })?;
    // A search that outlived its request does not hold up the end.
    runtime.shutdown_background();
    Ok(())
}

fn search_log(searches: Searches, state: &AppState) -> io::Result<SearchLog> {
    SearchLog::start(searches.log, searches.keep_months, state.metrics())
}

async fn listen(addr: &str) -> Result<TcpListener, UserError> {
    TcpListener::bind(addr).await.map_err(|error| {
        UserError(match error.kind() {
            io::ErrorKind::AddrInUse => {
                format!("cannot listen on {addr}: the port is in use; stop what uses it, or choose another with --addr")
            }
            _ => format!("cannot listen on {addr}: {error}; --addr takes HOST:PORT, as 127.0.0.1:7373"),
        })
    })
}

/// A connection is an open file, and systems begin with few of them: takes as many as this process may have.
#[cfg(unix)]
fn make_room_for_files(connections: usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    /// Files open besides connections: the index, the log, what the runtime needs.
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
            "this process may open {raised} files, {wanted} are wanted for {connections} connections; raise its limit (ulimit -n, \
             LimitNOFILE) or lower `connections` in the configuration"
        );
    }
}

#[cfg(not(unix))]
fn make_room_for_files(_: usize) {}

/// Ends when the process is asked to stop; asked again, it stops at once.
async fn stop(mut signal: StopSignal) {
    signal.asked().await;
    say("Rex ends the requests under way; Ctrl-C again stops it at once");
    tokio::spawn(async move {
        signal.asked().await;
        std::process::exit(STOPPED);
    });
}
