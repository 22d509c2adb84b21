use super::*;
use crate::event::{ConsoleRow, Ids, Level, Row};
use serde_json::json;

fn line(time: EventTime, text: &str) -> Event {
    let row = ConsoleRow {
        level: Level::Info,
        text: text.into(),
        cut: false,
        method: None,
        kind: None,
        uncaught: false,
        at: None,
        repeat: None,
        ids: Ids::default(),
    };
    Event::new(time, Row::Console(row), json!({ "text": text }))
}

fn texts(sink: Sink, zero: f64) -> Vec<(Option<f64>, String)> {
    let mut out = Vec::new();
    for event in sink.merge(zero).unwrap() {
        let event = event.unwrap();
        let detail: Value = serde_json::from_slice(&event.detail).unwrap();
        out.push((event.time, detail["text"].as_str().unwrap().into()));
    }
    out
}

#[test]
fn two_clocks_merge_by_time_from_the_zero() {
    let mut sink = Sink::new(Bodies::Text, [true; 4]);
    sink.push(line(EventTime::Wall(1_000_300.0), "wall 300")).unwrap();
    sink.push(line(EventTime::Offset(200.0), "offset 200")).unwrap();
    sink.push(line(EventTime::Wall(1_000_100.0), "wall 100")).unwrap();
    let expected = [(Some(100.0), "wall 100"), (Some(200.0), "offset 200"), (Some(300.0), "wall 300")];
    assert_eq!(texts(sink, 1_000_000.0), expected.map(|(time, text)| (time, text.to_owned())));
}

#[test]
fn an_untimed_event_follows_its_predecessor() {
    let mut sink = Sink::new(Bodies::Text, [true; 4]);
    sink.push(line(EventTime::Unknown, "first")).unwrap();
    sink.push(line(EventTime::Offset(500.0), "late")).unwrap();
    sink.push(line(EventTime::Unknown, "after late")).unwrap();
    sink.push(line(EventTime::Offset(10.0), "early")).unwrap();
    let expected = [(None, "first"), (Some(10.0), "early"), (Some(500.0), "late"), (None, "after late")];
    assert_eq!(texts(sink, 0.0), expected.map(|(time, text)| (time, text.to_owned())));
}

#[test]
fn what_is_forgotten_does_not_come_out() {
    let mut sink = Sink::new(Bodies::Text, [true; 4]);
    for (at, text) in [(1.0, "first"), (2.0, "second"), (3.0, "third")] {
        sink.push(line(EventTime::Offset(at), text)).unwrap();
    }
    sink.forget(&[2, 3]);
    assert_eq!(texts(sink, 0.0), [(Some(1.0), "first".to_owned())]);
}

#[test]
fn one_instant_by_two_clocks_keeps_the_order_of_its_lines() {
    let mut sink = Sink::new(Bodies::Text, [true; 4]);
    sink.push(line(EventTime::Wall(1_795_238_731_775.123), "by the clock")).unwrap();
    sink.push(line(EventTime::Offset(0.123), "by the offset")).unwrap();
    let expected = [(Some(0.123), "by the clock"), (Some(0.123), "by the offset")];
    assert_eq!(texts(sink, 1_795_238_731_775.0), expected.map(|(time, text)| (time, text.to_owned())));
}

#[test]
fn runs_out_of_order_are_merged() {
    let mut sink = Sink::new(Bodies::Text, [true; 4]);
    let filler = "x".repeat(40_000);
    for number in (0..200).rev() {
        sink.push(line(EventTime::Offset(f64::from(number)), &format!("{number} {filler}"))).unwrap();
    }
    let times: Vec<_> = texts(sink, 0.0).into_iter().filter_map(|(time, _)| time).collect();
    assert_eq!(times, (0..200).map(f64::from).collect::<Vec<_>>());
}

#[test]
fn buffers_share_what_there_is() {
    assert_eq!([0, 1, 64].map(room), [64 * 1024; 3]);
    assert_eq!(room(256) * 256, MERGE_BYTES);
    assert_eq!(room(1_000_000), 4 * 1024);
}
