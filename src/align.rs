//! Finds the wall time of the timeline's zero, by the best evidence there is.

mod file_date;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use jiff::tz::TimeZone;

use crate::media::Created;
use crate::recording::{Clock, ClockSource, Media, MediaKind, Recording};
use crate::sink::Sink;

/// How far from all logs a video may start by the date of its file, in ms.
const AROUND_LOGS_MS: f64 = 60_000.0;

/// What importers learnt about the clock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    /// What the recording's description says.
    pub(crate) stated: Option<Clock>,
    /// Pages of traces in the order found.
    pub(crate) trace_pages: Vec<TracePage>,
    /// Pages of HARs in the order found.
    pub(crate) har_pages: Vec<HarPage>,
    /// Videos that Playwright's recorder can have written: `WebM` by libavformat.
    pub(crate) by_lavf: Vec<PathBuf>,
    /// Dates inside media files.
    pub(crate) created: Vec<(PathBuf, Created)>,
    /// Wall time of the video's start that the user gave, ms since 1970.
    pub(crate) video_start: Option<f64>,
    /// By how much later than found the video starts, in ms, as the user says.
    pub(crate) offset_ms: f64,
}

impl Evidence {
    /// Has what is known of a video said of the one that was made of it.
    pub(crate) fn moved(&mut self, from: &Path, to: &Path) {
        let dated = self.created.iter_mut().map(|(path, _)| path);
        dated.chain(&mut self.by_lavf).filter(|path| *path == from).for_each(|path| *path = to.to_path_buf());
    }
}

/// When the page of a HAR was opened.
#[derive(Clone, Debug)]
pub(crate) struct HarPage {
    /// `pages[].id`.
    pub(crate) id: String,
    /// `pages[].startedDateTime`, ms since 1970.
    pub(crate) started: f64,
    /// `creator.name`.
    pub(crate) creator: String,
    /// `creator.version`.
    pub(crate) version: String,
}

/// When the frames of a trace's page were shown.
#[derive(Clone, Debug)]
pub(crate) struct TracePage {
    /// `pageId`, which since Playwright 1.60 is the name of the page's video.
    pub(crate) id: String,
    /// Time of the first and of the last frame, ms since 1970.
    pub(crate) first: f64,
    pub(crate) last: f64,
    /// Whether these are the times at which they were shown, not those at which they came.
    pub(crate) swapped: bool,
    /// Whether videos of that version keep the frames' times.
    pub(crate) exact: bool,
}

/// All a rung may look at.
struct Ground<'a> {
    evidence: &'a Evidence,
    recording: &'a Recording,
    /// Earliest start and latest end of the events by the clock, ms since 1970.
    logs: Option<(f64, f64)>,
}

impl Ground<'_> {
    /// Whether a video whose name says nothing may be one of Playwright's.
    fn by_playwright(&self, video: &Media) -> bool {
        self.evidence.by_lavf.contains(&video.path)
    }

    fn video(&self) -> Option<&Media> {
        self.recording.media.iter().find(|media| media.kind == MediaKind::Video)
    }
}

/// A way of finding the zero.
struct Rung {
    find: fn(&Ground<'_>) -> Option<Clock>,
    /// Whether a zero far from all logs means that this rung is wrong.
    checked: bool,
}

/// The ladder: the first rung that holds is taken.
const LADDER: &[Rung] = &[
    Rung { find: given, checked: false },
    Rung { find: stated, checked: false },
    Rung { find: trace_page, checked: true },
    Rung { find: har_page, checked: true },
    Rung { find: frames, checked: false },
    Rung { find: container, checked: true },
    Rung { find: file_name, checked: true },
    Rung { find: modified, checked: true },
];

/// Sets the recording's clock.
pub(crate) fn align(evidence: &Evidence, recording: &mut Recording, sink: &mut Sink) {
    let mut warnings = Vec::new();
    let ground = Ground { evidence, recording, logs: sink.wall_span() };
    let found = LADDER.iter().find_map(|rung| {
        let clock = (rung.find)(&ground)?;
        if overlaps(&clock, recording, sink) {
            return Some(clock);
        }
        let what = clock.source.words();
        if rung.checked {
            warnings.push(format!("the zero of the timeline by {what} lies outside the logs and was not used"));
            return None;
        }
        warnings.push(format!("no log entry falls into the video's time; the zero of the timeline is {what}"));
        Some(clock)
    });
    let mut clock = found.unwrap_or_else(|| earliest(recording, sink, &mut warnings));
    if evidence.offset_ms != 0.0 {
        // Whoever moves it has looked: that is the best evidence there is.
        clock = Clock {
            zero: clock.zero.map(|zero| zero + evidence.offset_ms),
            source: ClockSource::Given,
            uncertainty_ms: Some(0.0),
            offset_ms: Some(evidence.offset_ms),
        };
        sink.shift_offsets(-evidence.offset_ms);
    }
    recording.clock = clock;
    recording.warnings.append(&mut warnings);
}

fn given(ground: &Ground<'_>) -> Option<Clock> {
    let zero = ground.evidence.video_start?;
    Some(Clock { zero: Some(zero), source: ClockSource::Given, uncertainty_ms: Some(0.0), ..Clock::default() })
}

fn stated(ground: &Ground<'_>) -> Option<Clock> {
    ground.evidence.stated.clone()
}

/// A page's video begins with its first frame. Which page is it? The one of the same name; else, since older videos
/// have names that say nothing, the one that was filmed for as long as the video is, if Playwright can have made it.
fn trace_page(ground: &Ground<'_>) -> Option<Clock> {
    let video = ground.video()?;
    let stem = video.path.file_stem().map(|stem| stem.to_string_lossy());
    let pages = &ground.evidence.trace_pages;
    let length = video.duration_ms.unwrap_or(0.0);
    let off = |page: &&TracePage| (page.last - page.first - length).abs();
    let named = pages.iter().find(|page| Some(page.id.as_str()) == stem.as_deref());
    let alike = || pages.iter().filter(|_| ground.by_playwright(video));
    let page = named.or_else(|| alike().min_by(|a, b| off(a).total_cmp(&off(b))))?;
    let uncertainty = match (page.exact, page.swapped) {
        (true, _) => 100.0,
        (false, true) => 600.0,
        (false, false) => 700.0,
    };
    Some(Clock {
        zero: Some(page.first),
        source: ClockSource::Trace,
        uncertainty_ms: Some(uncertainty),
        ..Clock::default()
    })
}

/// Frames in place of a video carry their times with them: nothing has to be found out.
fn frames(ground: &Ground<'_>) -> Option<Clock> {
    let (first, _) = ground.recording.frames.as_ref()?.span()?;
    let zero = ground.logs.map_or(first, |(from, _)| from.min(first));
    Some(Clock { zero: Some(zero), source: ClockSource::Trace, uncertainty_ms: Some(20.0), ..Clock::default() })
}

/// Playwright opens a page's record when it starts filming the page.
fn har_page(ground: &Ground<'_>) -> Option<Clock> {
    let video = ground.video()?;
    let stem = video.path.file_stem().map(|stem| stem.to_string_lossy());
    let pages = || ground.evidence.har_pages.iter().filter(|page| page.creator == "Playwright");
    let named = pages().find(|page| Some(page.id.as_str()) == stem.as_deref());
    let page = named.or_else(|| pages().next().filter(|_| ground.by_playwright(video)))?;
    let uncertainty = if exact_frames(&page.version) { 150.0 } else { 600.0 };
    Some(Clock {
        zero: Some(page.started),
        source: ClockSource::HarPage,
        uncertainty_ms: Some(uncertainty),
        ..Clock::default()
    })
}

/// Recorders that write a date into the file write when they began, or nearly so.
fn container(ground: &Ground<'_>) -> Option<Clock> {
    let video = ground.video()?;
    let (_, created) = ground.evidence.created.iter().find(|(path, _)| *path == video.path)?;
    let uncertainty = if created.exact { 700.0 } else { 1500.0 };
    Some(Clock {
        zero: Some(created.ms),
        source: ClockSource::Container,
        uncertainty_ms: Some(uncertainty),
        ..Clock::default()
    })
}

fn file_name(ground: &Ground<'_>) -> Option<Clock> {
    let name = ground.video()?.path.file_stem()?.to_string_lossy();
    let zero = file_date::of_name(&name, &TimeZone::system())?;
    Some(Clock { zero: Some(zero), source: ClockSource::Filename, uncertainty_ms: Some(1000.0), ..Clock::default() })
}

/// A recorder that was just stopped has just written the file. A copy has the date of the copying: it is believed
/// only where it falls among the logs.
fn modified(ground: &Ground<'_>) -> Option<Clock> {
    let video = ground.video()?;
    let (from, to) = ground.logs?;
    let modified = std::fs::metadata(&video.path).ok()?.modified().ok()?;
    let modified = modified.duration_since(UNIX_EPOCH).ok()?.as_secs_f64() * 1e3;
    let zero = modified - video.duration_ms?;
    let among = zero >= from - AROUND_LOGS_MS && zero <= to + AROUND_LOGS_MS;
    among.then_some(Clock {
        zero: Some(zero),
        source: ClockSource::Mtime,
        uncertainty_ms: Some(1500.0),
        ..Clock::default()
    })
}

/// Since 1.64 frames carry the times they were shown at.
fn exact_frames(version: &str) -> bool {
    let mut numbers = version.split(['.', '-']).map(|part| part.parse::<u32>().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= (1, 64)
}

/// Whether some log entry falls into the video's time; true when that cannot be said.
fn overlaps(clock: &Clock, recording: &Recording, sink: &Sink) -> bool {
    let video = recording.media.iter().find(|media| media.kind == MediaKind::Video);
    let length = video.and_then(|video| video.duration_ms).or(recording.duration_ms);
    match (clock.zero, length, sink.wall_span()) {
        (Some(zero), Some(length), Some((from, to))) => from <= zero + length && to >= zero,
        _ => true,
    }
}

/// The ground under the ladder: the earliest entry is the zero.
fn earliest(recording: &Recording, sink: &Sink, warnings: &mut Vec<String>) -> Clock {
    let zero = sink.wall_span().map(|(from, _)| from);
    let video = recording.media.iter().any(|media| media.kind == MediaKind::Video);
    if zero.is_some() && sink.offset_span().is_some() {
        warnings.push(
            "some logs count from the recording's start and others by the clock, and nothing says when it started; \
             the earliest clock time was taken for it"
                .into(),
        );
    } else if zero.is_some() && video {
        warnings.push(
            "the video and the logs are not synchronised: nothing says when the video started, \
             so its start was laid on the earliest log entry"
                .into(),
        );
    }
    if zero.is_none() && sink.offset_span().is_some() {
        return Clock { zero, source: ClockSource::Given, uncertainty_ms: Some(0.0), ..Clock::default() };
    }
    Clock { zero, source: ClockSource::None, uncertainty_ms: None, ..Clock::default() }
}
