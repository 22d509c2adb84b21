//! What an export took for what, in words.

use std::fmt::Write as _;

use super::facts;
use super::redaction;
use super::report::Report;
use super::span::TrimReport;
use crate::bundle::Bundle;
use crate::cli::Export;
use crate::layout::{Target, WrittenFile};
use crate::manifest::{Manifest, Timeline};
use crate::recording::ClockSource;
use crate::size::bytes_text;
use crate::visible::visible;
use crate::when::clock_text;

/// One line on the share: length, panels and failures.
pub(super) fn summary(manifest: &Manifest, report: &Report) -> String {
    let counts = &report.counts;
    let mut parts = Vec::new();
    if manifest.video.is_some() {
        parts.push(format!("{} of video", clock_text(manifest.duration)));
    } else if let Some(frames) = &manifest.frames {
        parts.push(format!("{} of pictures ({} frames)", clock_text(manifest.duration), frames.count));
    } else if manifest.audio.is_some() {
        parts.push(format!("{} of sound", clock_text(manifest.duration)));
    }
    let mut add = |count: u64, one: &str, many: &str| {
        if count > 0 {
            parts.push(format!("{count} {}", if count == 1 { one } else { many }));
        }
    };
    add(counts.console, "console message", "console messages");
    add(counts.network, "request", "requests");
    add(counts.actions, "action", "actions");
    add(counts.backend, "backend line", "backend lines");
    add(manifest.stills.len() as u64, "still", "stills");
    let failures = match manifest.failures.count {
        0 => String::new(),
        1 => " (1 failure)".into(),
        count => format!(" ({count} failures)"),
    };
    format!("{}{failures}", parts.join(", "))
}

/// Where the pictures of the video come from.
pub(super) fn stills(options: &Export, manifest: &Manifest) -> &'static str {
    match (manifest.poster.is_some(), manifest.preview.is_some()) {
        (true, true) => "a picture, and small ones for the scrub bar",
        (true, false) => "a picture",
        (false, true) => "small pictures for the scrub bar",
        _ if options.dry_run && options.wants_stills() => "what ffmpeg takes out of the video, where it is on PATH",
        _ => "what the page draws of the video",
    }
}

/// What the timeline's zero rests on, and how exact that is.
fn zero_words(timeline: &Timeline) -> String {
    let source = ClockSource::parse(&timeline.source).map_or("", ClockSource::words);
    let uncertainty = timeline.uncertainty.map_or_else(String::new, |ms| format!(", ±{ms} ms"));
    let offset = timeline.offset.map_or_else(String::new, |ms| format!(", moved by {ms} ms"));
    format!("{source}{uncertainty}{offset}")
}

/// The whole plan, a line each.
pub(super) fn lines(bundle: &Bundle, report: &Report) -> String {
    let manifest = &bundle.manifest;
    let mut text = String::new();
    for input in &report.inputs {
        let fate = match &input.skipped {
            Some(why) => format!("skipped: {why}"),
            None => match &input.known {
                Some(known) => format!("{}; {}", input.used_for.join(", "), visible(known)),
                None => input.used_for.join(", "),
            },
        };
        line(&mut text, "input", &format!("{} ({}) → {fate}", visible(&input.path), input.format));
    }
    if let Some(TrimReport { from_ms, to_ms, cut_ms }) = &report.trim {
        let [from, cut] = [from_ms, cut_ms].map(|ms| format!("{:.1} s", ms / 1e3));
        let to = to_ms.map_or_else(|| "its end".into(), |ms| format!("{:.1} s", ms / 1e3));
        line(&mut text, "keeps", &format!("from {from} to {to}; the new beginning lies at {cut}"));
    }
    line(&mut text, "holds", &summary(manifest, report));
    if let Some((from, to)) = bundle.span {
        line(&mut text, "events", &format!("from {} to {}", clock_text(from), clock_text(to)));
    }
    facts::lines(manifest, |label, what| line(&mut text, label, &visible(what)));
    if let Some(words) = redaction::masks(manifest) {
        line(&mut text, "masked", &words);
    }
    if manifest.video.is_some() {
        line(&mut text, "poster", report.stills);
    }
    // Without events there is nothing that the zero would lie among.
    if bundle.span.is_some() {
        line(&mut text, "zero", &zero_words(&manifest.timeline));
    }
    line(
        &mut text,
        "sealed",
        if bundle.seal.is_some() { "yes: it opens with its key only" } else { "no: whoever has it can read it" },
    );
    for words in redaction::lines(manifest) {
        line(&mut text, "redacts", &words);
    }
    line(&mut text, "expires", report.expires_at.as_deref().unwrap_or("never"));
    let about = if report.files.is_some() { "" } else { "about " };
    line(&mut text, "size", &format!("{about}{}", bytes_text(report.bytes)));
    if let Some(size) = report.split_bytes {
        line(&mut text, "split", &format!("parts above {} into files of that size", bytes_text(size)));
    }
    line(&mut text, "output", &format!("{} (layout {})", visible(&report.output), report.layout));
    text
}

fn line(text: &mut String, label: &str, what: &str) {
    writeln!(text, "{label:>8}  {what}").expect("writing to a string cannot fail");
}

/// Says that a host which takes no larger files than the target's parts are cut to does not take the page.
pub(super) fn page_warning(target: &Target, files: &[WrittenFile]) -> Option<String> {
    let (size, page) = (target.split?, files.first()?);
    (page.bytes > size).then(|| {
        let [page_bytes, size] = [page.bytes, size].map(bytes_text);
        format!("{} has {page_bytes}, more than the {size} of --split, and is never cut", page.path)
    })
}
