//! What an export takes out, what it says of that, and when it refuses.

use super::console::Console;
use crate::bundle::Bundle;
use crate::cli::{Export, RedactArg};
use crate::error::Error;
use crate::manifest::Manifest;
use crate::redact::{Config, Level, Redactor, Spot};
use crate::when::clock_text;

/// Places that an error lists.
const LISTED: usize = 20;

/// What takes secrets out, as the options want it.
pub(super) fn redactor(options: &Export) -> Result<Redactor, Error> {
    let level = match options.redact {
        RedactArg::Standard => Level::Standard,
        RedactArg::Strict => Level::Strict,
        RedactArg::Off => Level::Off,
    };
    if level == Level::Off && (options.fail_on_secret || options.redact_config.is_some()) {
        let fact = "with --redact off nothing is searched for secrets";
        return Err(Error::usage(fact, "leave it out, or leave out --fail-on-secret and --redact-config"));
    }
    let config = options.redact_config.as_deref().map_or_else(|| Ok(Config::default()), Config::read)?;
    Ok(Redactor::new(level, config))
}

/// Refuses a recording that held secrets, where that is wanted; says where, never what.
pub(super) fn check(options: &Export, bundle: &Bundle) -> Result<(), Error> {
    let total = bundle.manifest.redaction.as_ref().map_or(0, |report| report.total);
    if !options.fail_on_secret || total == 0 {
        return Ok(());
    }
    let mut lines: Vec<_> = bundle.spots.iter().take(LISTED).map(|spot| place(spot, bundle.manifest.started)).collect();
    let more = total - lines.len() as u64;
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    let (values, it) = if total == 1 { ("1 secret", "it") } else { (&*format!("{total} secrets"), "them") };
    Err(Error::refused(
        format!("the recording holds {values}:\n  {}", lines.join("\n  ")),
        format!(
            "record without {it}, allow what is none with --redact-config, or leave out --fail-on-secret to take {it} out"
        ),
    ))
}

/// `network row 3 at 0:12: /detail/request/headers/4/value (authorization)`
fn place(spot: &Spot, zero: Option<f64>) -> String {
    let event = spot.stream.map_or_else(String::new, |stream| {
        // Times of wall clocks are of another size than those from the zero.
        let time = spot.time.map(|time| if time > 1e11 { time - zero.unwrap_or(time) } else { time });
        let time = time.map_or_else(String::new, |time| format!(" at {}", clock_text(time)));
        format!("{} event {}{time}: ", stream.name(), spot.number)
    });
    format!("{event}{} ({})", spot.pointer, spot.rule)
}

/// What was blackened of the video, in words.
pub(super) fn masks(manifest: &Manifest) -> Option<String> {
    let boxes = manifest.video.as_ref().map_or(0, |video| video.masks.len());
    let what = if boxes == 1 { "1 box".into() } else { format!("{boxes} boxes") };
    (boxes > 0).then(|| format!("{what} blackened in the video, which was encoded anew; its sound is not touched"))
}

/// A line on what was taken out.
pub(super) fn say(manifest: &Manifest, console: &mut Console) {
    masks(manifest).iter().for_each(|words| console.note(words));
    let Some(report) = manifest.redaction.as_ref() else { return };
    if report.level == Level::Off.name() {
        console.note("nothing was redacted: look through it before you send it");
    } else if report.total > 0 || report.headers_not_listed > 0 {
        console.note(&format!("redacted {}; -v tells where", report.words()));
    }
}

/// A warning, when there were more secrets than can be looked for everywhere.
pub(super) fn gap(manifest: &Manifest) -> Option<String> {
    let number = manifest.redaction.as_ref().map_or(0, |report| report.not_looked_for);
    (number > 0).then(|| {
        format!("{number} of the secrets were taken out where something told of them, but are too many to be looked for elsewhere")
    })
}

/// The plan's lines on it.
pub(super) fn lines(manifest: &Manifest) -> Vec<String> {
    let report = manifest.redaction.clone().unwrap_or_default();
    if report.level == Level::Off.name() {
        return vec!["nothing: look through it before you send it".into()];
    }
    let nothing = report.total == 0 && report.headers_not_listed == 0;
    let mut lines = vec![if nothing { "nothing: no secret was found".into() } else { report.words() }];
    lines.extend(report.by_place.iter().map(|(place, count)| format!("  {count} in {place}")));
    if manifest.video.is_some() || manifest.audio.is_some() || manifest.frames.is_some() || !manifest.stills.is_empty()
    {
        lines.push("not picture and sound: look through them before you send it".into());
    }
    lines
}
