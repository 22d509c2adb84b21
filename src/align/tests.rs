use super::*;
use crate::event::{ActionRow, Event, EventTime, Row};
use crate::limits::Bodies;

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

#[test]
fn a_video_of_another_recorder_is_not_laid_on_a_page() {
    let frames = TracePage { id: "page@1".into(), first: 5_000.0, last: 5_900.0, swapped: true, exact: true };
    let times = [EventTime::Wall(5_100.0)];
    let mut evidence = Evidence { trace_pages: vec![frames], ..Evidence::default() };
    assert_eq!(zero(&evidence, true, &times).1, ClockSource::None, "MediaRecorder's");
    evidence.by_lavf = vec!["page@2.webm".into()];
    assert_eq!(zero(&evidence, true, &times).1, ClockSource::Trace);
    let evidence = Evidence { har_pages: vec![page("page@1", 5_000.0, "1.65.1")], ..Evidence::default() };
    assert_eq!(zero(&evidence, true, &times).1, ClockSource::None);
}

fn zero(evidence: &Evidence, video: bool, times: &[EventTime]) -> (Option<f64>, ClockSource, Option<f64>, usize) {
    let mut recording = recording(video);
    align(evidence, &mut recording, &mut sink(times));
    (recording.clock.zero, recording.clock.source, recording.clock.uncertainty_ms, recording.warnings.len())
}

#[test]
fn a_playwright_page_beside_a_video_sets_the_zero_of_that_page() {
    let mut evidence = Evidence {
        har_pages: vec![page("page@1", 5_000.0, "1.65.1"), page("page@2", 7_000.0, "1.65.1")],
        by_lavf: vec!["page@2.webm".into()],
        ..Evidence::default()
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
        by_lavf: vec!["page@2.webm".into()],
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
    let evidence = Evidence {
        har_pages: vec![page("page@2", 900_000.0, "1.65.1")],
        by_lavf: vec!["page@2.webm".into()],
        ..Evidence::default()
    };
    assert_eq!(zero(&evidence, true, &[EventTime::Wall(7_100.0)]), (Some(7_100.0), ClockSource::None, None, 2));
}

#[test]
fn what_is_stated_wins() {
    let stated =
        Clock { zero: Some(6_900.0), source: ClockSource::Measured, uncertainty_ms: Some(50.0), ..Clock::default() };
    let evidence = Evidence {
        stated: Some(stated),
        har_pages: vec![page("page@2", 7_000.0, "1.65.1")],
        by_lavf: vec!["page@2.webm".into()],
        ..Evidence::default()
    };
    assert_eq!(
        zero(&evidence, true, &[EventTime::Wall(7_100.0)]),
        (Some(6_900.0), ClockSource::Measured, Some(50.0), 0)
    );
}

#[test]
fn what_the_user_says_wins_and_moves_all_logs() {
    let stated = Clock { zero: Some(6_900.0), source: ClockSource::Measured, ..Clock::default() };
    let mut evidence = Evidence {
        stated: Some(stated),
        video_start: Some(7_050.0),
        by_lavf: vec!["page@2.webm".into()],
        ..Evidence::default()
    };
    let times = [EventTime::Wall(7_100.0)];
    assert_eq!(zero(&evidence, true, &times), (Some(7_050.0), ClockSource::Given, Some(0.0), 0));
    evidence.offset_ms = -30.0;
    assert_eq!(zero(&evidence, true, &times).0, Some(7_020.0));
    let mut sink = sink(&[EventTime::Offset(500.0)]);
    let evidence = Evidence { offset_ms: 200.0, by_lavf: vec!["page@2.webm".into()], ..Evidence::default() };
    let mut recording = recording(true);
    align(&evidence, &mut recording, &mut sink);
    assert_eq!((sink.offset_span(), recording.clock.offset_ms), (Some((300.0, 300.0)), Some(200.0)));
    let event = sink.merge(0.0).unwrap().next().unwrap().unwrap();
    assert_eq!(event.time, Some(300.0), "200 ms into the logs the video begins");
}

#[test]
fn a_date_in_the_file_is_believed_where_it_meets_the_logs() {
    let created = |ms, exact| Evidence {
        created: vec![("page@2.webm".into(), Created::new(ms, exact))],
        by_lavf: vec!["page@2.webm".into()],
        ..Evidence::default()
    };
    let times = [EventTime::Wall(7_100.0)];
    assert_eq!(zero(&created(6_800.0, true), true, &times), (Some(6_800.0), ClockSource::Container, Some(700.0), 0));
    assert_eq!(zero(&created(6_500.0, false), true, &times).2, Some(1500.0));
    assert_eq!(zero(&created(900_000.0, true), true, &times), (Some(7_100.0), ClockSource::None, None, 2));
}

#[test]
fn offsets_need_no_wall_clock() {
    let evidence = Evidence::default();
    assert_eq!(zero(&evidence, true, &[EventTime::Offset(5.0)]), (None, ClockSource::Given, Some(0.0), 0));
    assert_eq!(zero(&evidence, true, &[EventTime::Offset(5.0), EventTime::Wall(9.0)]).3, 1);
}
