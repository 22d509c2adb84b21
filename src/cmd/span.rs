//! `export --from` and `--to`: what of the recording is kept.

use serde::Serialize;

use super::console::Console;
use crate::bundle::Bundle;
use crate::cli::Export;
use crate::error::Error;
use crate::trim::{Span, Trimmed};
use crate::when;

/// The picture may begin so many ms before `--from` without a word.
const NEAR: f64 = 50.0;

/// The span that the options name, when they name one.
pub(super) fn of(options: &Export) -> Result<Option<Span>, Error> {
    let place = |name: &str, text: &Option<String>| -> Result<Option<f64>, Error> {
        let Some(text) = text else { return Ok(None) };
        let ms = when::place_ms(text).ok_or_else(|| {
            Error::usage(
                format!("{name} does not understand {text:?}"),
                "write seconds such as 83.5, or 1m23s, or 1:23",
            )
        })?;
        Ok(Some(ms as f64))
    };
    let (from, to) = (place("--from", &options.from)?, place("--to", &options.to)?);
    if to.is_some_and(|to| to <= from.unwrap_or(0.0)) {
        return Err(Error::usage(
            "--to does not lie behind --from, so nothing is left",
            "name a later time with --to, or an earlier one with --from",
        ));
    }
    Ok((from.is_some() || to.is_some())
        .then(|| Span::new(from, to, options.poster.is_some() && options.wants_stills())))
}

/// Says where the cut really is when the picture begins earlier than was asked for.
pub(super) fn note(trimmed: &Trimmed, console: &mut Console) {
    let early = trimmed.from - trimmed.cut;
    if early > NEAR {
        console.note(&format!(
            "the video begins {:.1} s before --from, at its keyframe; sound and logs begin at --from",
            early / 1e3
        ));
    }
}

/// Refuses a share in which there is nothing to look at.
pub(super) fn refuse_nothing(bundle: &Bundle) -> Result<(), Error> {
    let manifest = &bundle.manifest;
    if manifest.video.is_some() || manifest.audio.is_some() || manifest.frames.is_some() || manifest.order.is_some() {
        return Ok(());
    }
    Err(Error::input("nothing of the recording lies between --from and --to", "name a longer span, or another"))
}

/// The span and its cut in `--json`.
#[derive(Debug, Serialize)]
pub(super) struct TrimReport {
    pub(super) from_ms: f64,
    pub(super) to_ms: Option<f64>,
    pub(super) cut_ms: f64,
}

impl From<Trimmed> for TrimReport {
    fn from(Trimmed { from, to, cut, .. }: Trimmed) -> Self {
        Self { from_ms: from, to_ms: to, cut_ms: crate::blocks::round(cut) }
    }
}
