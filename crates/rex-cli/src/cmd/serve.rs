use std::io;

use clap::Args;
use rex_server::{AppState, serve};
use tokio::net::TcpListener;

use crate::cli::{IndexPlace, Places};
use crate::config::Settings;
use crate::failure::UserError;
use crate::index::{engine, generation_to_read};
use crate::output::say;
use crate::signal::{STOPPED, StopSignal};

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Address to listen on; port 0 takes a free one [default: 127.0.0.1:7373]
    #[arg(long, value_name = "HOST:PORT", env = "REX_ADDR")]
    addr: Option<String>,
    #[command(flatten)]
    places: Places,
    #[command(flatten)]
    index: IndexPlace,
}

/// Brings the index up to date and serves it until Ctrl-C or SIGTERM.
pub(crate) fn run(args: &ServeArgs) -> anyhow::Result<()> {
    let settings = Settings::resolve(&args.places, Some(&args.index), args.addr.as_deref())?;
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_max_level(tracing::Level::WARN)
        .init();
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        // Finding the port taken should not cost a build; during the build, nobody should wait on a port nobody answers.
        drop(listen(&settings.addr).await?);
        let generation = generation_to_read(&settings)?;
        let listener = listen(&settings.addr).await?;
        let engine = engine(&settings, generation)?;
        let address = listener.local_addr()?;
        let signal = StopSignal::listen()?;
        say(format_args!(
            "Rex serves {} cases at http://{address}/ (Ctrl-C to stop)",
            engine.cases()
        ));
        let state = AppState::new(engine, settings.site)
            .with_labels(settings.cpv)
            .with_origins(settings.origins)
            .with_index_names(settings.index_names)
            .with_settings_digest(&settings.digest);
        serve(listener, state, stop(signal)).await?;
        anyhow::Ok(())
    })?;
    // A search that outlived its request does not hold up the end.
    runtime.shutdown_background();
    Ok(())
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

/// Ends when the process is asked to stop; asked again, it stops at once.
async fn stop(mut signal: StopSignal) {
    signal.asked().await;
    say("Rex ends the requests under way; Ctrl-C again stops it at once");
    tokio::spawn(async move {
        signal.asked().await;
        std::process::exit(STOPPED);
    });
}
