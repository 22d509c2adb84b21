//! Finds the wall time of the timeline's zero, by the best evidence there is.

use crate::recording::{Clock, ClockSource, MediaKind, Recording};
use crate::sink::Sink;

/// What importers learnt about the clock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    /// What the recording's description says.
    pub(crate) stated: Option<Clock>,
    /// Pages of traces in the order found.
    pub(crate) trace_pages: Vec<TracePage>,
    /// Pages of HARs in the order found.
    pub(crate) har_pages: Vec<HarPage>,
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
    sink: &'a Sink,
}

/// A way of finding the zero.
struct Rung {
    find: fn(&Ground<'_>) -> Option<Clock>,
    /// Whether a zero far from all logs means that this rung is wrong.
    checked: bool,
}

/// The ladder: the first rung that holds is taken.
const LADDER: &[Rung] = &[
    Rung { find: stated, checked: false },
    Rung { find: trace_page, checked: true },
    Rung { find: har_page, checked: true },
    Rung { find: frames, checked: false },
];

/// Sets the recording's clock.
pub(crate) fn align(evidence: &Evidence, recording: &mut Recording, sink: &Sink) {
    let mut warnings = Vec::new();
    let ground = Ground { evidence, recording, sink };
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
    let clock = found.unwrap_or_else(|| earliest(recording, sink, &mut warnings));
    recording.clock = clock;
    recording.warnings.append(&mut warnings);
}

fn stated(ground: &Ground<'_>) -> Option<Clock> {
    ground.evidence.stated.clone()
}

/// A page's video begins with its first frame. Which page is it? The one of the same name; else, since older videos
/// have names that say nothing, the one that was filmed for as long as the video is.
fn trace_page(ground: &Ground<'_>) -> Option<Clock> {
    let video = ground.recording.media.iter().find(|media| media.kind == MediaKind::Video)?;
    let stem = video.path.file_stem().map(|stem| stem.to_string_lossy());
    let pages = &ground.evidence.trace_pages;
    let length = video.duration_ms.unwrap_or(0.0);
    let off = |page: &&TracePage| (page.last - page.first - length).abs();
    let named = pages.iter().find(|page| Some(page.id.as_str()) == stem.as_deref());
    let page = named.or_else(|| pages.iter().min_by(|a, b| off(a).total_cmp(&off(b))))?;
    let uncertainty = match (page.exact, page.swapped) {
        (true, _) => 100.0,
        (false, true) => 600.0,
        (false, false) => 700.0,
    };
    Some(Clock { zero: Some(page.first), source: ClockSource::Trace, uncertainty_ms: Some(uncertainty) })
}

/// Frames in place of a video carry their times with them: nothing has to be found out.
fn frames(ground: &Ground<'_>) -> Option<Clock> {
    let (first, _) = ground.recording.frames.as_ref()?.span()?;
    let zero = ground.sink.wall_span().map_or(first, |(from, _)| from.min(first));
    Some(Clock { zero: Some(zero), source: ClockSource::Trace, uncertainty_ms: Some(20.0) })
}

/// Playwright opens a page's record when it starts filming the page.
fn har_page(ground: &Ground<'_>) -> Option<Clock> {
    let video = ground.recording.media.iter().find(|media| media.kind == MediaKind::Video)?;
    let stem = video.path.file_stem().map(|stem| stem.to_string_lossy());
    let pages = || ground.evidence.har_pages.iter().filter(|page| page.creator == "Playwright");
    let page = pages().find(|page| Some(page.id.as_str()) == stem.as_deref()).or_else(|| pages().next())?;
    let uncertainty = if exact_frames(&page.version) { 150.0 } else { 600.0 };
    Some(Clock { zero: Some(page.started), source: ClockSource::HarPage, uncertainty_ms: Some(uncertainty) })
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
        return Clock { zero, source: ClockSource::Given, uncertainty_ms: Some(0.0) };
    }
    Clock { zero, source: ClockSource::None, uncertainty_ms: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{ActionRow, Event, EventTime, Row};
    use crate::limits::Bodies;
    use crate::recording::Media;

    fn recording(video: bool) -> Recording {
        let mut recording = Recording::default();
        if video {
            let mut media = Media::new(MediaKind::Video, "page@2.webm".into(), "video/webm".into());
            media.duration_ms = Some(1_000.0);
            recording.media.push(media);
        }
        recording
    }

    fn sink(times: &[EventTime]) -> Sink {
        let mut sink = Sink::new(Bodies::Text, [true; 4]);
        for time in times {
            let row = ActionRow {
                kind: "click".into(),
                label: None,
                target: None,
                value: None,
                url: None,
                x: None,
                y: None,
                duration: None,
                error: None,
            };
            sink.push(Event::new(*time, Row::Action(row), serde_json::json!({}))).unwrap();
        }
        sink
    }

    fn page(id: &str, started: f64, version: &str) -> HarPage {
        HarPage { id: id.into(), started, creator: "Playwright".into(), version: version.into() }
    }

    fn zero(evidence: &Evidence, video: bool, times: &[EventTime]) -> (Option<f64>, ClockSource, Option<f64>, usize) {
        let mut recording = recording(video);
        align(evidence, &mut recording, &sink(times));
        (recording.clock.zero, recording.clock.source, recording.clock.uncertainty_ms, recording.warnings.len())
    }

    #[test]
    fn a_playwright_page_beside_a_video_sets_the_zero_of_that_page() {
        let mut evidence = Evidence {
            stated: None,
            trace_pages: Vec::new(),
            har_pages: vec![page("page@1", 5_000.0, "1.65.1"), page("page@2", 7_000.0, "1.65.1")],
        };
        let times = [EventTime::Wall(7_100.0)];
        assert_eq!(zero(&evidence, true, &times), (Some(7_000.0), ClockSource::HarPage, Some(150.0), 0));
        assert_eq!(zero(&evidence, false, &times), (Some(7_100.0), ClockSource::None, None, 0));
        evidence.har_pages = vec![page("page@x", 7_000.0, "1.46.0")];
        assert_eq!(zero(&evidence, true, &times), (Some(7_000.0), ClockSource::HarPage, Some(600.0), 0));
        evidence.har_pages[0].creator = "WebInspector".into();
        assert_eq!(zero(&evidence, true, &times), (Some(7_100.0), ClockSource::None, None, 1));
    }

    #[test]
    fn the_first_frame_of_the_videos_own_page_goes_before_a_har() {
        let frames = |id: &str, first, last| TracePage { id: id.into(), first, last, swapped: true, exact: true };
        let mut evidence = Evidence {
            trace_pages: vec![frames("page@1", 5_000.0, 5_900.0), frames("page@2", 7_050.0, 9_000.0)],
            har_pages: vec![page("page@2", 7_000.0, "1.65.1")],
            ..Evidence::default()
        };
        let times = [EventTime::Wall(7_100.0), EventTime::Wall(5_100.0)];
        assert_eq!(zero(&evidence, true, &times), (Some(7_050.0), ClockSource::Trace, Some(100.0), 0));
        // Of pages of other names it is the one that was filmed for as long as the video is.
        evidence.trace_pages[1].id = "page@3".into();
        assert_eq!(zero(&evidence, true, &times), (Some(5_000.0), ClockSource::Trace, Some(100.0), 0));
        evidence.trace_pages.truncate(1);
        evidence.trace_pages[0].exact = false;
        assert_eq!(zero(&evidence, true, &times).2, Some(600.0));
    }

    #[test]
    fn a_page_far_from_the_logs_is_not_believed() {
        let evidence =
            Evidence { stated: None, trace_pages: Vec::new(), har_pages: vec![page("page@2", 900_000.0, "1.65.1")] };
        assert_eq!(zero(&evidence, true, &[EventTime::Wall(7_100.0)]), (Some(7_100.0), ClockSource::None, None, 2));
    }

    #[test]
    fn what_is_stated_wins() {
        let stated = Clock { zero: Some(6_900.0), source: ClockSource::Measured, uncertainty_ms: Some(50.0) };
        let evidence = Evidence {
            stated: Some(stated),
            trace_pages: Vec::new(),
            har_pages: vec![page("page@2", 7_000.0, "1.65.1")],
        };
        assert_eq!(
            zero(&evidence, true, &[EventTime::Wall(7_100.0)]),
            (Some(6_900.0), ClockSource::Measured, Some(50.0), 0)
        );
    }

    #[test]
    fn offsets_need_no_wall_clock() {
        let evidence = Evidence::default();
        assert_eq!(zero(&evidence, true, &[EventTime::Offset(5.0)]), (None, ClockSource::Given, Some(0.0), 0));
        assert_eq!(zero(&evidence, true, &[EventTime::Offset(5.0), EventTime::Wall(9.0)]).3, 1);
    }
}
