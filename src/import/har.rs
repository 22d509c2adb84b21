//! HAR: entry by entry, believing as little as possible of what the format promises.

mod attached;
mod headers;
mod initiator;
mod row;

use serde_json::{Value, json as object};

use super::intake::{Intake, Notes, Unread};
use super::source::Source;
use super::split::{Ending, Piece, Splitter, Want};
use super::{dates, extracted, json, lean, requests};
use crate::align::HarPage;
use crate::error::Error;
use crate::event::{Event, EventTime, Row};

pub(super) use headers::{tidy, trace_id};
pub(super) use row::of as row_of;

/// Pages that are looked at; sites that never reload have one.
const PAGES: u64 = 1_000;
/// Bytes that the record of a page, or of who wrote the HAR, may have.
const SMALL: usize = 32 * 1024;

/// An object with a `log` in it that has what only HARs have, or with bare `entries` of requests.
pub(super) fn sniff(source: &Source) -> bool {
    let mut found = false;
    let mut bare = false;
    let mut splitter = Splitter::new(&source.head[..], |path, first| {
        match keys(path)[..] {
            ["log", "entries" | "pages" | "creator" | "browser"] => found = true,
            ["entries"] => bare = first == b'[',
            _ => {}
        }
        place(path, first)
    });
    let mut request = false;
    while let Ok(Some(piece)) = splitter.next() {
        let entry = keys(piece.path) == ["entries"];
        request |= entry && piece.bytes.is_some_and(|bytes| memchr::memmem::find(bytes, b"\"request\"").is_some());
    }
    found || (bare && request)
}

/// Whether a file may be a HAR with its bodies in files beside it, which only Playwright writes.
pub(super) fn may_own_files(source: &Source) -> bool {
    let holds = |name: &[u8]| memchr::memmem::find(&source.head, name).is_some();
    (holds(b"Playwright") || holds(b"\"_file\"")) && sniff(source)
}

fn keys(path: &[String]) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}

/// What of a HAR is handed out: entries and pages one by one, and the names of who wrote it.
fn place(path: &[String], first: u8) -> Want {
    match (&keys(path)[..], first) {
        ([] | ["log"], b'{') => Want::Enter,
        (["entries"] | ["log", "entries" | "pages"], b'[') => Want::Elements,
        (["log", "creator" | "browser"], _) => Want::Whole,
        _ => Want::Skip,
    }
}

pub(super) fn read(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    if !sniff(source) && requests::sniff(source) {
        return requests::read(source, intake);
    }
    let mut splitter = Splitter::new(source.reader()?, place);
    let mut notes = Notes::new(source);
    let mut log = Log {
        intake,
        notes: &mut notes,
        entries: 0,
        used: 0,
        left: attached::BODIES,
        room: json::Room::default(),
        pages: Vec::new(),
        creator: Named::default(),
        browser: Named::default(),
    };
    loop {
        let ahead = splitter.ahead("entries").map_err(source.failed())?;
        if let Some((entry, length)) = ahead.and_then(|bytes| log.room.first(bytes)) {
            let (number, line) = splitter.pass(length);
            log.entry(source, (number, line), Ok((entry, None)))?;
            continue;
        }
        let Some(piece) = splitter.next().map_err(source.failed())? else { break };
        match piece.path.last().map(String::as_str) {
            Some("entries") => {
                let read = lean::record(source, piece.bytes, piece.place, &mut log.room);
                log.entry(source, (piece.number, piece.line), read)?;
            }
            Some("pages") if piece.number <= PAGES => log.pages.extend(small(&piece).map(|page| Page::of(&page))),
            Some("creator") => log.creator = Named::of(&piece),
            Some("browser") => log.browser = Named::of(&piece),
            _ => {}
        }
    }
    if splitter.trails().map_err(source.failed())? {
        let line = splitter.line();
        log.notes.add("rests", format_args!("what follows the end of the HAR (line {line}) was not read"));
    }
    log.ending(splitter.ending(), splitter.element(), splitter.line());
    if log.used == 0 {
        return Err(Unread::Skip(log.nothing(source, splitter.ending())));
    }
    log.about();
    notes.finish(intake);
    intake.used(source, "har", &["network"]);
    Ok(())
}

struct Log<'a, 's> {
    intake: &'a mut Intake<'s>,
    notes: &'a mut Notes,
    /// Entries met, and those that became events.
    entries: u64,
    used: u64,
    /// Bytes of attached bodies that may still be read.
    left: u64,
    /// Where entries are read into.
    room: json::Room,
    pages: Vec<Page>,
    creator: Named,
    browser: Named,
}

impl Log<'_, '_> {
    /// Takes an entry as it was read, and what of it was left out.
    fn entry(
        &mut self,
        source: &Source,
        (number, line): (u64, u64),
        read: Result<(Value, Option<String>), Unread>,
    ) -> Result<(), Error> {
        self.entries += 1;
        let asked = |entry: &Value| json::member(entry, "request").is_some_and(Value::is_object);
        let mut skip = |why: &str| {
            self.notes.add("entries skipped", format_args!("entry {number} (line {line}) was skipped: {why}"));
            Ok(())
        };
        let (mut entry, left_out) = match read {
            Ok((entry, _)) if !asked(&entry) => return skip("it has no request"),
            Ok(read) => read,
            Err(Unread::Fatal(error)) => return Err(error),
            Err(Unread::Skip(why)) => return skip(&why),
        };
        if let Some(left_out) = left_out {
            let words =
                format_args!("entry {number} (line {line}) is too large to be read whole; left out: {left_out}");
            self.notes.add("large entries", words);
        }
        let untold = extracted::Untold::take(&mut entry);
        initiator::unify(&mut entry);
        attached::complete(&mut entry, source, self.notes, self.intake, &mut self.left)?;
        let stamp = json::member(&entry, "startedDateTime").and_then(dates::of_value);
        let mut time = stamp.map_or(EventTime::Unknown, |stamp| EventTime::Wall(stamp.ms));
        let mut row = row::of(&entry);
        untold.complete(&mut time, &mut row, &mut entry);
        self.notes.time(time, stamp.is_some_and(|stamp| stamp.zoneless));
        self.used += 1;
        self.intake.push(Event::new(time, Row::Network(row), entry))?;
        self.room.give(self.intake.room());
        Ok(())
    }

    fn ending(&mut self, ending: Ending, element: Option<u64>, line: u64) {
        let before = self.used;
        let what = match (ending, element) {
            (Ending::Open | Ending::Whole, _) => return,
            (Ending::Cut, Some(number)) => format!("the file is cut off in or before entry {number} (line {line})"),
            (Ending::Cut, None) => format!("the file is cut off in line {line}"),
            (Ending::Broken, Some(number)) => format!("no JSON from entry {number} on (line {line})"),
            (Ending::Broken, None) => format!("no JSON from line {line} on"),
        };
        self.notes.add("cuts", format_args!("{what}; the {before} readable entries before that are used"));
    }

    fn nothing(&self, source: &Source, ending: Ending) -> String {
        match (source.size, self.entries) {
            (0, _) => "it is empty (0 bytes)".into(),
            (_, 0) if matches!(ending, Ending::Cut) => "it is cut off before its first entry".into(),
            (_, 0) => "it is no HAR with entries (log.entries is missing or empty)".into(),
            (_, entries) => format!("none of its {entries} entries can be read"),
        }
    }

    /// Keeps what a HAR says of the browser and the page.
    fn about(&mut self) {
        if let Some(name) = self.browser.name.take() {
            let browser = match self.browser.version.take() {
                Some(version) => object!({ "name": name, "version": version }),
                None => object!({ "name": name }),
            };
            self.intake.describe(&["system", "browser"], browser);
        }
        let creator = self.creator.name.take().unwrap_or_default();
        let version = self.creator.version.take().unwrap_or_default();
        let pages = std::mem::take(&mut self.pages);
        let timed: Vec<_> = pages.iter().filter_map(Page::timings).collect();
        if !timed.is_empty() {
            self.intake.describe(&["performance", "pages"], timed.into());
        }
        for (number, page) in pages.into_iter().enumerate() {
            let (id, started) = (page.id.clone(), page.started);
            if number == 0 {
                page.describe(self.intake);
            }
            let Some(started) = started else { continue };
            let (creator, version) = (creator.clone(), version.clone());
            self.intake.evidence.har_pages.push(HarPage { id, started, creator, version });
        }
    }
}

/// A part that says something about the whole; one that is long is something else.
fn small(piece: &Piece<'_>) -> Option<Value> {
    piece.bytes.filter(|bytes| bytes.len() <= SMALL).and_then(|bytes| json::parse_object(bytes).ok())
}

/// Who wrote or showed it.
#[derive(Debug, Default)]
struct Named {
    name: Option<String>,
    version: Option<String>,
}

impl Named {
    fn of(piece: &Piece<'_>) -> Self {
        let value = small(piece).unwrap_or_default();
        Self { name: json::string(&value, &["name"]), version: json::string(&value, &["version"]) }
    }
}

/// What is of use of a page's record.
#[derive(Debug)]
struct Page {
    id: String,
    started: Option<f64>,
    title: Option<String>,
    url: Option<String>,
    /// When its document and when all of it was there, in ms from its start.
    content_load: Option<f64>,
    load: Option<f64>,
}

impl Page {
    fn of(page: &Value) -> Self {
        Self {
            id: json::string(page, &["id"]).unwrap_or_default(),
            started: page.get("startedDateTime").and_then(dates::of_value).map(|stamp| stamp.ms),
            title: json::string(page, &["title"]),
            url: json::string(page, &["_url", "url"]),
            content_load: after(page, "onContentLoad"),
            load: after(page, "onLoad"),
        }
    }

    /// How soon it was there, if that was recorded.
    fn timings(&self) -> Option<Value> {
        let mut found = serde_json::Map::new();
        found.extend(self.title.as_ref().or(self.url.as_ref()).map(|name| ("page".into(), name.clone().into())));
        found.extend(self.content_load.map(|ms| ("domContentLoadedMs".into(), ms.into())));
        found.extend(self.load.map(|ms| ("loadMs".into(), ms.into())));
        (self.content_load.or(self.load).is_some()).then(|| found.into())
    }

    /// Titles of pages are titles, or in browsers that have none at hand, URLs.
    fn describe(self, intake: &mut Intake<'_>) {
        let Self { title, url, .. } = self;
        let is_url = |text: &String| text.starts_with("http://") || text.starts_with("https://");
        let url = url.or_else(|| title.clone().filter(is_url));
        if let Some(url) = url {
            intake.describe(&["page", "url"], url.into());
        }
        if let Some(title) = title.filter(|title| !is_url(title)) {
            intake.describe(&["page", "title"], title.into());
        }
    }
}

/// A time of a page in ms after its start; negative ones mean that it never came.
fn after(page: &Value, name: &str) -> Option<f64> {
    page.get("pageTimings")?.get(name)?.as_f64().filter(|ms| *ms >= 0.0)
}
