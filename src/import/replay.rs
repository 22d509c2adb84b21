//! Recordings of a page's structure: rrweb, and what `PostHog` and Sentry make of it. The console, requests and what
//! the user did are taken out; of the page itself only what its elements are called.

mod network;
mod nodes;
mod rows;
mod scan;
mod sentry;
mod walk;

use std::collections::HashMap;

use memchr::memmem;
use serde_json::{Value, json};

use super::intake::{Intake, Notes, Unread};
use super::source::Source;
use super::{dates, json as look, lean};
use crate::error::Error;
use crate::event::{ActionRow, Event, EventTime, Row, Stream};
use network::Requests;
use nodes::Nodes;
use walk::{Found, Head, Walker};

/// Windows whose pages are known at one time.
const WINDOWS: usize = 8;
/// Bytes of pages that are kept beside the one at hand.
const OTHERS: usize = 8 * 1024 * 1024;

/// Whether the head holds an event in any wrapper, or the inside of a snapshot.
pub(super) fn sniff(source: &Source) -> bool {
    let holds = |needle: &[u8]| memmem::find(&source.head, needle).is_some();
    let begins = matches!(source.head.trim_ascii_start().first(), Some(b'{' | b'['));
    begins && (walk::begins_with_event(&source.head) || holds(b"\"tagName\"") && holds(b"\"childNodes\""))
}

pub(super) fn read(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    let mut wraps = Notes::new(source);
    let mut replay = Replay {
        source,
        notes: Notes::new(source),
        intake,
        windows: HashMap::new(),
        given: [false; 4],
        events: 0,
        tick: 0,
    };
    Walker { source, notes: &mut wraps, take: &mut |head, found| replay.event(head, found), lines: 0 }.file()?;
    replay.finish()?;
    let Replay { notes, given, events, .. } = replay;
    wraps.finish(intake);
    notes.finish(intake);
    if events == 0 {
        return Err(Unread::Skip("it holds no events of rrweb".into()));
    }
    let mut parts: Vec<_> =
        Stream::ALL.into_iter().filter(|stream| given[usize::from(stream.number())]).map(Stream::name).collect();
    parts.push("info");
    intake.used(source, "rrweb", &parts);
    Ok(())
}

/// What is known of a window, a tab or frame with a page of its own.
#[derive(Debug, Default)]
struct Window {
    nodes: Nodes,
    requests: Requests,
    href: Option<String>,
    /// Whether a page was loaded since its address was told.
    loaded: bool,
    typing: Option<Typing>,
    used: u64,
}

/// Input into one field, of which each letter is an event.
#[derive(Debug)]
struct Typing {
    id: u64,
    from: f64,
    to: f64,
    row: ActionRow,
    detail: Value,
}

struct Replay<'a, 's> {
    source: &'a Source,
    notes: Notes,
    intake: &'a mut Intake<'s>,
    windows: HashMap<String, Window>,
    given: [bool; 4],
    events: u64,
    tick: u64,
}

impl Replay<'_, '_> {
    fn event(&mut self, head: Head, found: &Found<'_>) -> Result<(), Error> {
        self.events += 1;
        let Some(time) = head.timestamp.and_then(dates::of_number).map(|stamp| stamp.ms) else {
            self.notes.add("events left out", "an event without a readable time was left out");
            return Ok(());
        };
        let name = head.window.clone().or_else(|| found.window.map(str::to_owned)).unwrap_or_default();
        let mut window = self.window(&name)?;
        let done = self.within(&mut window, time, &head, found);
        self.windows.insert(name, window);
        done
    }

    /// Takes what is known of a window out of the map; the one not seen for longest makes room.
    fn window(&mut self, name: &str) -> Result<Window, Error> {
        self.tick += 1;
        if !self.windows.contains_key(name) && self.windows.len() >= WINDOWS {
            let oldest = self.windows.iter().min_by_key(|(_, window)| window.used).map(|(name, _)| name.clone());
            if let Some(mut window) = oldest.and_then(|oldest| self.windows.remove(&oldest)) {
                self.close(&mut window)?;
            }
        }
        let mut window = self.windows.remove(name).unwrap_or_default();
        window.used = self.tick;
        Ok(window)
    }

    fn within(&mut self, window: &mut Window, time: f64, head: &Head, found: &Found<'_>) -> Result<(), Error> {
        match (head.kind, head.source) {
            (Some(0 | 1), _) => {
                window.loaded = true;
                self.requests(window)
            }
            (Some(2), _) => {
                window.nodes.clear();
                self.learn(window, head, found)?;
                if let Some(title) = window.nodes.title.clone() {
                    self.intake.describe(&["page", "title"], title.into());
                }
                Ok(())
            }
            (Some(3), Some(0)) => self.learn(window, head, found),
            (Some(3), Some(2 | 4 | 5)) | (Some(4..=6), _) => match self.record(found)? {
                Some(event) => self.told(window, time, head, event),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Forgets the pages of windows not seen for long, so that another has room.
    fn forget(&mut self) {
        let mut others: Vec<_> = self.windows.values_mut().collect();
        others.sort_by_key(|other| std::cmp::Reverse(other.used));
        let mut held = 0;
        for other in others {
            held += other.nodes.bytes;
            if held > OTHERS {
                held -= other.nodes.bytes;
                other.nodes.clear();
            }
        }
    }

    fn record(&mut self, found: &Found<'_>) -> Result<Option<Value>, Error> {
        match lean::record(self.source, found.bytes, found.place.clone(), &mut look::Room::default()) {
            Ok((event, left_out)) => {
                if let Some(what) = left_out {
                    self.notes
                        .add("large events", format_args!("an event is too large to be read whole; left out: {what}"));
                }
                Ok(Some(event))
            }
            Err(Unread::Fatal(error)) => Err(error),
            Err(Unread::Skip(why)) => {
                self.notes.add("events skipped", format_args!("an event was skipped: {why}"));
                Ok(None)
            }
        }
    }

    /// Learns what the elements of a page, or of a part of it, are called.
    fn learn(&mut self, window: &mut Window, head: &Head, found: &Found<'_>) -> Result<(), Error> {
        self.forget();
        if !head.packed {
            return window.nodes.add(walk::open(self.source, found)?).map_err(self.source.failed());
        }
        let Some(event) = self.record(found)? else { return Ok(()) };
        let data = event.get("data").unwrap_or(&Value::Null);
        let packed = data.as_str().or_else(|| data.get("adds")?.as_str()).and_then(walk::unpack);
        drop(event);
        if let Some(bytes) = packed
            && window.nodes.add(bytes).is_err()
        {
            self.notes.add("packed parts", "a packed part of a page cannot be unpacked whole");
        }
        Ok(())
    }

    /// An event that says something of what happened.
    fn told(&mut self, window: &mut Window, time: f64, head: &Head, mut event: Value) -> Result<(), Error> {
        let data = event.get_mut("data").map(Value::take).unwrap_or_default();
        match (head.kind, head.source) {
            (Some(3), Some(2)) => self.pointed(window, time, data),
            (Some(3), Some(4)) => self.resized(window, time, data),
            (Some(3), _) => self.typed(window, time, data),
            (Some(4), _) => self.opened(window, time, data),
            (Some(5), _) => self.custom(window, time, data),
            _ => self.plugin(window, time, data),
        }
    }

    fn pointed(&mut self, window: &mut Window, time: f64, data: Value) -> Result<(), Error> {
        let kind = match data.get("type").and_then(Value::as_u64) {
            Some(2) => "click",
            Some(3) => "contextmenu",
            Some(4) => "doubleClick",
            _ => return Ok(()),
        };
        self.typing(window)?;
        let row = rows::pointed(kind, &window.nodes, &data);
        self.action(time, row, data)
    }

    fn resized(&mut self, window: &mut Window, time: f64, data: Value) -> Result<(), Error> {
        self.typing(window)?;
        let size = look::text(&data, &["width"]).zip(look::text(&data, &["height"]));
        let label = size.map(|(width, height)| format!("{width} × {height}"));
        self.action(time, ActionRow { label, ..ActionRow::of_kind("resize") }, data)
    }

    fn typed(&mut self, window: &mut Window, time: f64, data: Value) -> Result<(), Error> {
        let Some(id) = data.get("id").and_then(Value::as_u64) else { return Ok(()) };
        let Some((row, detail)) = rows::typed(id, &window.nodes, data) else { return Ok(()) };
        if let Some(typing) = window.typing.as_mut().filter(|typing| typing.id == id) {
            (typing.to, typing.row, typing.detail) = (time, row, detail);
            return Ok(());
        }
        self.typing(window)?;
        window.typing = Some(Typing { id, from: time, to: time, row, detail });
        Ok(())
    }

    /// Hands on what was typed, once it is.
    fn typing(&mut self, window: &mut Window) -> Result<(), Error> {
        let Some(Typing { from, to, mut row, detail, .. }) = window.typing.take() else { return Ok(()) };
        row.duration = Some(to - from).filter(|span| *span > 0.0);
        self.action(from, row, detail)
    }

    /// The page's address and size, told at the beginning and now and then.
    fn opened(&mut self, window: &mut Window, time: f64, data: Value) -> Result<(), Error> {
        if let (Some(width), Some(height)) = (data.get("width"), data.get("height")) {
            self.intake.describe(&["system", "viewport"], json!({ "width": width, "height": height }));
        }
        match look::string(&data, &["href"]) {
            Some(href) => self.navigated(window, time, href, data),
            None => Ok(()),
        }
    }

    fn navigated(&mut self, window: &mut Window, time: f64, href: String, detail: Value) -> Result<(), Error> {
        if window.href.as_ref() == Some(&href) && !window.loaded {
            return Ok(());
        }
        self.typing(window)?;
        window.loaded = false;
        window.href = Some(href.clone());
        self.intake.describe(&["page", "url"], href.clone().into());
        self.action(time, ActionRow { url: Some(href), ..ActionRow::of_kind("navigate") }, detail)
    }

    fn custom(&mut self, window: &mut Window, time: f64, data: Value) -> Result<(), Error> {
        let tag = look::string(&data, &["tag"]).unwrap_or_default();
        let payload = data.get("payload").cloned().unwrap_or_default();
        match tag.as_str() {
            "$pageview" => match look::string(&payload, &["href"]) {
                Some(href) => self.navigated(window, time, href, payload),
                None => Ok(()),
            },
            "breadcrumb" => sentry::breadcrumb(self, window, time, payload),
            "performanceSpan" => sentry::span(self, payload),
            // What recorders tell of themselves, such as their settings, is no part of what happened.
            "options" | "video" | "rrweb/customEvent" => Ok(()),
            own if own.starts_with('$') => Ok(()),
            own => {
                let label = Some(own.to_owned()).filter(|own| !own.is_empty());
                self.action(time, ActionRow { label, ..ActionRow::of_kind("marker") }, data)
            }
        }
    }

    fn plugin(&mut self, window: &mut Window, time: f64, mut data: Value) -> Result<(), Error> {
        let plugin = look::string(&data, &["plugin"]).unwrap_or_default();
        let payload = data.get_mut("payload").map(Value::take).unwrap_or_default();
        if plugin.starts_with("rrweb/console@") {
            let record = rows::console(payload);
            self.push(dates::at(Some(time)), super::console::row_of(&record), record)
        } else if plugin.starts_with("rrweb/network@") || plugin.starts_with("posthog/network@") {
            let (initial, list) = network::listed(payload);
            if initial {
                self.requests(window)?;
            }
            for request in list {
                window.requests.add(time, request);
                if window.requests.is_full() {
                    self.requests_so_far(window)?;
                }
            }
            Ok(())
        } else {
            Ok(())
        }
    }

    /// Hands on the requests of a page that ends.
    fn requests(&mut self, window: &mut Window) -> Result<(), Error> {
        self.requests_so_far(window)?;
        window.requests = Requests::default();
        Ok(())
    }

    fn requests_so_far(&mut self, window: &mut Window) -> Result<(), Error> {
        for (time, record) in window.requests.take() {
            self.request(time, record)?;
        }
        Ok(())
    }

    fn request(&mut self, time: EventTime, record: Value) -> Result<(), Error> {
        let (row, detail) = network::row(record);
        self.push(time, row, detail)
    }

    fn action(&mut self, time: f64, row: ActionRow, detail: Value) -> Result<(), Error> {
        let detail = if detail.is_object() { detail } else { json!({}) };
        self.push(dates::at(Some(time)), Row::Action(row), detail)
    }

    fn push(&mut self, time: EventTime, row: Row, detail: Value) -> Result<(), Error> {
        self.notes.time(time, false);
        self.given[usize::from(row.stream().number())] = true;
        self.intake.push(Event::new(time, row, detail))
    }

    fn close(&mut self, window: &mut Window) -> Result<(), Error> {
        self.typing(window)?;
        self.requests(window)
    }

    fn finish(&mut self) -> Result<(), Error> {
        let mut windows: Vec<_> = std::mem::take(&mut self.windows).into_values().collect();
        windows.sort_by_key(|window| window.used);
        windows.iter_mut().try_for_each(|window| self.close(window))
    }
}
