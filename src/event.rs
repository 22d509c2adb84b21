//! Events: what happened when, in which stream, as a short row and a full detail.

mod failure;

pub use failure::FailureKind;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The four kinds of log a recording can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Stream {
    /// Console messages and uncaught errors.
    Console,
    /// HTTP requests, WebSocket and event-stream connections.
    Network,
    /// What the user did.
    Actions,
    /// Log lines of the servers behind the page.
    Backend,
}

impl Stream {
    /// All streams, in the order of their numbers in the bundle.
    pub const ALL: [Self; 4] = [Self::Console, Self::Network, Self::Actions, Self::Backend];

    /// The stream's number in the bundle's merged order.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The name used in the manifest, in options and in the page.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Network => "network",
            Self::Actions => "actions",
            Self::Backend => "backend",
        }
    }

    /// The letter before the number in a row's id, as in `c12`.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Console => 'c',
            Self::Network => 'n',
            Self::Actions => 'a',
            Self::Backend => 'b',
        }
    }
}

/// When an event happened, on the clock its source used.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum EventTime {
    /// Milliseconds since 1970 on a wall clock.
    Wall(f64),
    /// Milliseconds from the recording's own zero.
    Offset(f64),
    /// Not known: the event keeps its place after the one pushed before it in its stream.
    Unknown,
}

/// How bad a console or backend line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Level {
    /// Errors, failed assertions, exceptions.
    Error,
    /// Warnings.
    Warn,
    /// Everything of ordinary interest.
    Info,
    /// Debug, verbose and trace output.
    Debug,
}

impl Level {
    /// Maps the names that browsers and loggers use to one scale.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "error" | "err" | "assert" | "exception" | "pageerror" | "fatal" | "critical" | "crit" | "panic"
            | "alert" | "emerg" | "emergency" | "severe" => Self::Error,
            "warn" | "warning" => Self::Warn,
            "info"
            | "log"
            | "notice"
            | "information"
            | "dir"
            | "dirxml"
            | "table"
            | "group"
            | "groupcollapsed"
            | "startgroup"
            | "startgroupcollapsed"
            | "groupend"
            | "endgroup"
            | "count"
            | "time"
            | "timeend"
            | "timelog"
            | "clear" => Self::Info,
            "debug" | "verbose" | "trace" | "fine" | "finer" | "finest" => Self::Debug,
            _ => return None,
        })
    }
}

/// A console message as the list shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ConsoleRow {
    /// Severity.
    pub level: Level,
    /// The message; long ones are cut, the detail holds the whole.
    pub text: String,
    /// Whether `text` was cut.
    #[serde(default, skip_serializing_if = "is_false")]
    pub cut: bool,
    /// Console method or event name where it says more than the level (`table`, `assert`, `exception`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Where it comes from: `console`, `javascript`, `network`, `security`, `other`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// An error nothing caught, or a promise rejection nothing handled.
    #[serde(default, skip_serializing_if = "is_false")]
    pub uncaught: bool,
    /// `file:line:column`, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// How often the source repeated it, when it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat: Option<u64>,
    /// Ids that join it to other streams.
    #[serde(flatten)]
    pub ids: Ids,
}

/// A request as the list shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NetworkRow {
    /// HTTP method.
    pub method: String,
    /// Full URL as recorded.
    pub url: String,
    /// HTTP status; 0 = no response.
    pub status: u16,
    /// `document fetch xhr script stylesheet image font media websocket eventsource other`.
    pub kind: String,
    /// Media type of the response without parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime: Option<String>,
    /// Milliseconds from start to end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// Milliseconds from start to the first byte of the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<f64>,
    /// Whole milliseconds of `blocked`, `dns`, `connect` (with `ssl`), `ssl` and `send`; zeros at the end are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<u64>,
    /// Bytes over the wire, or of the body where only that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The browser's word for what went wrong (`net::ERR_CONNECTION_RESET`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Given up by the page or the user, so not a failure.
    #[serde(default, skip_serializing_if = "is_false")]
    pub canceled: bool,
    /// `cache` or `service-worker` when it did not come from the network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Ids that join it to other streams.
    #[serde(flatten)]
    pub ids: Ids,
}

/// Something the user did, as the list shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ActionRow {
    /// `navigate`, `click`, `change`, `keyDown`, `scroll`, … unknown kinds are shown by name.
    pub kind: String,
    /// What it was done to, in words (`Pay now`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The best selector of the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// What was typed, chosen or pressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// URL navigated to, or of the page it happened on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// CSS pixels from the viewport's left edge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<f64>,
    /// CSS pixels from the viewport's top edge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
    /// Milliseconds it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A server's log line as the list shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BackendRow {
    /// Severity.
    pub level: Level,
    /// Which service wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The message; long ones are cut, the detail holds the whole.
    pub text: String,
    /// Whether `text` was cut.
    #[serde(default, skip_serializing_if = "is_false")]
    pub cut: bool,
    /// Ids that join it to other streams.
    #[serde(flatten)]
    pub ids: Ids,
}

/// Ids by which rows of different streams belong together.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ids {
    /// Trace id (W3C `traceparent` or the log's own).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
    /// Request id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}

/// The short form of an event, one kind a stream.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Row {
    /// For [`Stream::Console`].
    Console(ConsoleRow),
    /// For [`Stream::Network`].
    Network(NetworkRow),
    /// For [`Stream::Actions`].
    Action(ActionRow),
    /// For [`Stream::Backend`].
    Backend(BackendRow),
}

/// One event on its way from an importer into the sink.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Event {
    /// When, on the source's clock.
    pub time: EventTime,
    /// What the list shows.
    pub row: Row,
    /// The source's own JSON, unknown keys kept. Always an object.
    pub detail: Value,
}

impl Event {
    /// Puts an event together.
    #[must_use]
    pub const fn new(time: EventTime, row: Row, detail: Value) -> Self {
        Self { time, row, detail }
    }
}

impl Row {
    /// The stream this row belongs to.
    #[must_use]
    pub const fn stream(&self) -> Stream {
        match self {
            Self::Console(_) => Stream::Console,
            Self::Network(_) => Stream::Network,
            Self::Action(_) => Stream::Actions,
            Self::Backend(_) => Stream::Backend,
        }
    }

    /// Milliseconds the event lasted, where known.
    #[must_use]
    pub fn duration(&self) -> Option<f64> {
        match self {
            Self::Network(row) => row.duration,
            Self::Action(row) => row.duration,
            Self::Console(_) | Self::Backend(_) => None,
        }
    }

    /// The class the index counts this row under: level, or status class of a request.
    #[must_use]
    pub fn class(&self) -> usize {
        match self {
            Self::Console(row) => row.level as usize,
            Self::Backend(row) => row.level as usize,
            Self::Network(row) => usize::from(row.status / 100).min(5),
            Self::Action(_) => 0,
        }
    }

    /// Whether the tab counts it in red.
    #[must_use]
    pub fn marked(&self) -> bool {
        match self {
            Self::Action(row) => row.error.is_some(),
            Self::Backend(row) => row.level == Level::Error,
            Self::Console(_) | Self::Network(_) => self.failure().is_some(),
        }
    }
}

impl ActionRow {
    /// An action of which nothing but its kind is known.
    #[must_use]
    pub fn of_kind(kind: impl Into<String>) -> Self {
        let kind = kind.into();
        Self { kind, label: None, target: None, value: None, url: None, x: None, y: None, duration: None, error: None }
    }
}

impl NetworkRow {
    /// A response of 400 or more, or none at all though nobody cancelled the request.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.status >= 400 || (self.status == 0 && !self.canceled)
    }
}

fn is_false(value: &bool) -> bool {
    !*value
}

/// Number of classes the index counts in a stream's blocks.
#[must_use]
pub const fn class_count(stream: Stream) -> usize {
    match stream {
        Stream::Console | Stream::Backend => 4,
        Stream::Network => 6,
        Stream::Actions => 0,
    }
}
