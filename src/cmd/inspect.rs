//! `sealcast inspect`.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::console::Console;
use super::facts;
use super::target::Target;
use crate::cli::Inspect;
use crate::error::Error;
use crate::event::Stream;
use crate::read::{Opened, ReadEvent};
use crate::size::bytes_text;
use crate::visible::visible;
use crate::when::{self, clock_text};

pub(super) fn run(options: &Inspect, console: &mut Console) -> Result<(), Error> {
    let opened = Target::read(&options.target)?.open(Some(when::now()))?;
    if options.timeline {
        return timeline(options, &opened, console);
    }
    if options.json { console.result(&format!("{}\n", object(&opened)?)) } else { console.result(&text(&opened)) }
}

/// Everything but the events, as one object.
fn object(opened: &Opened) -> Result<Value, Error> {
    let header: Value = serde_json::from_str(&opened.header.to_json()).unwrap_or_default();
    let manifest = serde_json::to_value(&opened.manifest)
        .map_err(|error| Error::input(format!("the manifest cannot be written: {error}"), "please report this"))?;
    Ok(json!({
        "schema_version": 1,
        "bundle_id": opened.header.bundle_id(),
        "encrypted": opened.header.is_sealed(),
        "created_at": when::rfc3339(opened.header.created),
        "expires_at": (opened.header.expires > 0).then(|| when::rfc3339(opened.header.expires)),
        "expired": expired(opened),
        "header": header,
        "video": opened.manifest.video.as_ref().map(facts::object),
        "manifest": manifest,
    }))
}

fn expired(opened: &Opened) -> bool {
    opened.header.expires > 0 && opened.header.expires <= when::now()
}

fn text(opened: &Opened) -> String {
    let manifest = &opened.manifest;
    let mut text = String::new();
    let mut line = |label: &str, what: &str| {
        writeln!(text, "{label:>10}  {}", visible(what)).expect("writing to a string cannot fail");
    };
    line("title", manifest.title.as_deref().unwrap_or("(none)"));
    line("bundle", &format!("{}, format version {}, {}", opened.header.bundle_id(), manifest.v, manifest.producer));
    line("created", &when::rfc3339(opened.header.created));
    let expires = match opened.header.expires {
        0 => "never".into(),
        at if expired(opened) => format!("{} (expired)", when::rfc3339(at)),
        at => when::rfc3339(at),
    };
    line("expires", &expires);
    line("length", &clock_text(manifest.duration));
    facts::lines(manifest, &mut line);
    for stream in Stream::ALL {
        if let Some(parts) = opened.stream(stream) {
            line(stream.name(), &format!("{} events, {} failed", parts.count, parts.failed));
        }
    }
    line("failures", &manifest.failures.count.to_string());
    for part in &manifest.parts {
        let carrier = match (&part.file, part.files.as_deref()) {
            (None, Some([(first, _), rest @ ..])) => format!("{first} and {} more", rest.len()),
            (file, _) => file.as_deref().unwrap_or("inline").to_owned(),
        };
        line("part", &format!("{} {} ({carrier})", part.id, bytes_text(part.length)));
    }
    for warning in &manifest.warnings {
        line("left out", warning);
    }
    text
}

/// All events merged by time, one JSON object a line.
fn timeline(options: &Inspect, opened: &Opened, console: &mut Console) -> Result<(), Error> {
    let (from, to) = limits(options, opened)?;
    for event in opened.events()? {
        let event = event?;
        let time = event.row.get("time").and_then(Value::as_f64);
        let inside = match time {
            Some(time) => time >= from && time <= to,
            // An event without a time belongs to no span but the whole.
            None => from == f64::NEG_INFINITY && to == f64::INFINITY,
        };
        if inside {
            console.line(&format!("{}\n", line_of(&event)))?;
        }
    }
    console.result("")
}

fn line_of(event: &ReadEvent) -> Value {
    json!({
        "id": format!("{}{}", event.stream.letter(), event.row_number + 1),
        "stream": event.stream.name(),
        "time": event.row.get("time"),
        "row": event.row,
        "detail": event.detail,
    })
}

/// The span asked for, in ms.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of a recording")]
fn limits(options: &Inspect, opened: &Opened) -> Result<(f64, f64), Error> {
    if let Some(text) = &options.around_failure {
        let around = when::duration_ms(text).ok_or_else(|| {
            Error::usage(format!("--around-failure does not understand {text:?}"), "write a duration such as 5s")
        })?;
        let time = opened.manifest.failures.first.as_ref().and_then(|first| first.0);
        let time =
            time.ok_or_else(|| Error::input("there is no failure in this share", "leave out --around-failure"))?;
        return Ok((time - around as f64, time + around as f64));
    }
    let place = |name: &str, text: &Option<String>, otherwise: f64| match text {
        None => Ok(otherwise),
        Some(text) => {
            let (sign, digits) = text.strip_prefix('-').map_or((1.0, text.as_str()), |digits| (-1.0, digits));
            when::place_ms(digits).map(|ms| sign * ms as f64).ok_or_else(|| {
                Error::usage(
                    format!("{name} does not understand {text:?}"),
                    "write seconds such as 83.5, or 1m23s, or 1:23",
                )
            })
        }
    };
    Ok((place("--from", &options.from, f64::NEG_INFINITY)?, place("--to", &options.to, f64::INFINITY)?))
}
