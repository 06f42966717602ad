//! The event log, on standard error: one event per line, as text or as JSON.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::borrow::Cow;
use std::fmt::{Debug, Display};
use std::io::{self, Write};
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::{AutoStream, ColorChoice};
use anstyle::Style;
use clap::Args;
use rex_terminal::{Notation, escape, escape_between_styles};
use tracing::Subscriber;
use tracing::field::Field;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::{self, Writer};
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::Registry;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, layer};

use crate::config::{LogFormat, LogLevel, LogSection};

/// Target of messages to the user. With a JSON log they are logged, at any level.
const SAID: &str = "rex::said";

/// Whether standard error is JSON lines.
static IS_JSON: AtomicBool = AtomicBool::new(false);

/// Flags that override `[log]`.
#[derive(Debug, Args)]
pub(crate) struct LogArgs {
    /// Format of the event log [default: text]
    #[arg(long, value_name = "FORMAT", env = "REX_LOG_FORMAT")]
    log_format: Option<LogFormat>,
    /// Lowest level to log [default: info]
    #[arg(long, value_name = "LEVEL", env = "REX_LOG_LEVEL")]
    log_level: Option<LogLevel>,
}

/// Starts the log, and logs panics.
#[allow(clippy::disallowed_methods, reason = "`OneLine` escapes every event")]
pub(crate) fn start(args: &LogArgs, section: LogSection) {
    let format = args.log_format.unwrap_or(section.format);
    let level = args.log_level.unwrap_or(section.level);
    let has_colours = AutoStream::choice(&io::stderr()) != ColorChoice::Never;
    IS_JSON.store(format == LogFormat::Json, Ordering::Relaxed);
    subscriber(format, level, has_colours, io::stderr).init();
    panic::set_hook(Box::new(|panicked| {
        let cause = panicked.payload_as_str().unwrap_or_default();
        let place = panicked.location().map(ToString::to_string);
        let backtrace = Backtrace::capture();
        let backtrace = (backtrace.status() == BacktraceStatus::Captured).then(|| backtrace.to_string());
        tracing::error!(cause, place, backtrace, "a thread panicked");
    }));
}

/// Logs the error of a command if standard error is JSON; returns whether it did.
pub(crate) fn fail_as_json(sentence: &impl Display) -> bool {
    let is_json = IS_JSON.load(Ordering::Relaxed);
    if is_json {
        tracing::error!(target: SAID, "{sentence}");
    }
    is_json
}

/// Logs a message to the user if standard error is JSON; returns whether it did.
pub(crate) fn say_as_json(line: &impl Display) -> bool {
    let is_json = IS_JSON.load(Ordering::Relaxed);
    if is_json {
        tracing::info!(target: SAID, "{line}");
    }
    is_json
}

fn subscriber<W>(format: LogFormat, level: LogLevel, has_colours: bool, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let layer: Box<dyn layer::Layer<Registry> + Send + Sync> = match format {
        LogFormat::Json => fmt::layer()
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .with_writer(OneLine { writer, escape: json })
            .boxed(),
        LogFormat::Text => fmt::layer()
            .with_ansi(has_colours)
            .fmt_fields(format::debug_fn(write_field).delimited(" "))
            .with_writer(OneLine {
                writer,
                escape: if has_colours { coloured } else { plain },
            })
            .boxed(),
    };
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    // Debug events of libraries may contain anything, including the URL of a request.
    let targets = Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_target("rex", level)
        .with_target(SAID, LevelFilter::INFO);
    tracing_subscriber::registry().with(layer.with_filter(targets))
}

/// Writes a field of an event or a span, with its value escaped. `tracing_subscriber` leaves some values as they are.
fn write_field(out: &mut Writer<'_>, field: &Field, value: &dyn Debug) -> std::fmt::Result {
    let value = format!("{value:?}");
    let value = escape(&value, Notation::Text);
    if field.name() == "message" {
        return out.write_str(&value);
    }
    let (name, equals) = if out.has_ansi_escapes() {
        (Style::new().italic(), Style::new().dimmed())
    } else {
        (Style::new(), Style::new())
    };
    write!(out, "{name}{}{name:#}{equals}={equals:#}{value}", field.name())
}

fn json(event: &str) -> Cow<'_, str> {
    escape(event, Notation::Json)
}

fn plain(event: &str) -> Cow<'_, str> {
    escape(event, Notation::Text)
}

/// Colours are ANSI styles; [`write_field`] escapes those in values.
fn coloured(event: &str) -> Cow<'_, str> {
    escape_between_styles(event)
}

/// Writes each event as one line, escaped, so that a value sent by a client can neither forge a line of the log nor control the terminal.
struct OneLine<W> {
    writer: W,
    escape: fn(&str) -> Cow<'_, str>,
}

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for OneLine<W> {
    type Writer = OneLine<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        OneLine {
            writer: self.writer.make_writer(),
            escape: self.escape,
        }
    }
}

impl<W: Write> Write for OneLine<W> {
    /// Expects one whole event per call, as `tracing_subscriber` writes them.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let line = (self.escape)(text.strip_suffix('\n').unwrap_or(&text));
        self.writer.write_all(format!("{line}\n").as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::Value;

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is logged while `happen` runs.
    fn logged(format: LogFormat, level: LogLevel, happen: impl FnOnce()) -> String {
        let written = Written::default();
        let writer = written.clone();
        let subscriber = subscriber(format, level, false, move || writer.clone());
        tracing::subscriber::with_default(subscriber, happen);
        let bytes = written.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    fn fail() {
        let error = "a\nb\r\u{1b}[31m\u{85}\t\"c\"";
        tracing::error_span!("request", request_id = "r-1").in_scope(|| {
            tracing::warn!(%error, text = error, status = 7, duration_ms = 0.5, "it\nfailed");
        });
    }

    #[test]
    fn an_event_is_one_line_of_text_whatever_is_in_it() {
        let text = logged(LogFormat::Text, LogLevel::Info, fail);
        assert_eq!(text.matches(char::is_control).collect::<String>(), "\n", "{text:?}");
        assert!(text.contains("WARN") && text.contains(r#"request_id="r-1""#), "{text}");
        assert!(text.contains(r"it\nfailed") && text.contains(r"error=a\nb\r"), "{text}");
    }

    #[test]
    fn a_value_has_no_style_in_a_log_in_colour() {
        let written = Written::default();
        let writer = written.clone();
        let subscriber = subscriber(LogFormat::Text, LogLevel::Info, true, move || writer.clone());
        let forged = "\u{1b}[5m\u{1b}]0;t\u{7}\u{9b}5m\u{202e}\n";
        tracing::subscriber::with_default(subscriber, || {
            tracing::error_span!("request", id = forged, shown = %forged).in_scope(|| {
                let error = io::Error::other(forged);
                tracing::warn!(%forged, debug = ?forged, text = forged, error = &error as &dyn std::error::Error, "{forged}");
            });
        });
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        assert!(text.contains("\u{1b}[33m WARN\u{1b}[0m"), "{text:?}");
        assert!(!text.contains("\u{1b}[5m") && !text.contains("\u{1b}]"), "{text:?}");
        assert!(!text.contains(['\u{7}', '\u{9b}', '\u{202e}']), "{text:?}");
        assert_eq!(text.matches('\n').count(), 1, "{text:?}");
    }

    #[test]
    fn an_event_is_one_object_of_json() {
        let text = logged(LogFormat::Json, LogLevel::Info, fail);
        assert_eq!(text.lines().count(), 1, "{text}");
        let event: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(event["level"], "WARN");
        assert_eq!(event["message"], "it\nfailed");
        assert_eq!(event["text"], "a\nb\r\u{1b}[31m\u{85}\t\"c\"");
        assert_eq!((&event["status"], &event["duration_ms"]), (&7.into(), &0.5.into()));
        assert_eq!(event["span"]["request_id"], "r-1");
        let time = event["timestamp"].as_str().unwrap();
        assert!(
            time.len() >= "2026-01-01T00:00:00Z".len() && time.ends_with('Z'),
            "{time}"
        );
    }

    #[test]
    fn a_level_holds_for_rex_and_libraries_only_warn() {
        let happen = || {
            tracing::debug!("ours");
            tracing::debug!(target: "hyper::proto", "theirs");
            tracing::warn!(target: "hyper::proto", "their warning");
            tracing::info!(target: SAID, "said");
        };
        let lines = |level| {
            let text = logged(LogFormat::Json, level, happen);
            let messages = text.lines().map(|line| {
                let event: Value = serde_json::from_str(line).unwrap();
                event["message"].as_str().unwrap().to_owned()
            });
            messages.collect::<Vec<_>>()
        };
        assert_eq!(lines(LogLevel::Debug), ["ours", "their warning", "said"]);
        assert_eq!(lines(LogLevel::Info), ["their warning", "said"]);
        assert_eq!(lines(LogLevel::Error), ["said"]);
    }
}
