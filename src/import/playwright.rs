//! Playwright's traces, of every version: an archive or the folder it was unpacked to.

mod actions;
mod attached;
mod console;
mod context;
mod files;
mod frames;
mod lines;
mod network;
mod report;
mod selector;
mod steps;
mod text;

use std::io::{BufReader, Read};

use serde_json::Value;

pub(super) use self::attached::settle;

use self::actions::Calls;
use self::console::Waiting;
use self::context::{About, Clock};
use self::files::Files;
use self::frames::Listed;
use self::lines::Lines;
use self::steps::Steps;
use super::intake::{Intake, Notes, Unread};
use super::json;
use super::source::Source;
use crate::error::Error;
use crate::event::Event;

/// Bytes in which a first line is looked for.
const HEAD: u64 = 64 * 1024;

/// An archive with a trace in it, or a trace by itself.
pub(super) fn sniff(source: &Source) -> bool {
    match source.archive() {
        Some(archive) => archive.entries().iter().any(|entry| files::is_trace(archive, entry)),
        None => begins_trace(&source.head) || report::sniff(source),
    }
}

/// Whether a file is a trace that was unpacked.
pub(super) fn is_trace(source: &Source) -> bool {
    begins_trace(&source.head)
}

/// The title of the test or the run that a trace is of.
pub(super) fn title(source: &Source) -> Option<String> {
    let files = Files::of(source).ok()?;
    files.traces().ok()?.iter().find_map(|name| {
        let mut head = Vec::new();
        files.read(name, |reader| reader.take(HEAD).read_to_end(&mut head)).ok()??;
        let line = head.split(|byte| *byte == b'\n').next()?;
        let title = json::string(&json::parse_object(line).ok()?, &["title"])?;
        Some(context::without_place(&title).1.to_owned())
    })
}

/// Whether a file's first line is that of a trace.
fn begins_trace(head: &[u8]) -> bool {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii();
    let start = &line[..line.len().min(512)];
    start.starts_with(b"{") && memchr::memmem::find(start, b"\"context-options\"").is_some()
}

pub(super) fn read(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    if !sniff(source) {
        return Err(Unread::Skip("it is no trace of Playwright".into()));
    }
    if report::sniff(source) {
        report::read(source, intake);
        return Ok(());
    }
    let files = Files::of(source)?;
    let mut notes = Notes::new(source);
    let mut session = Session::new(source, &files, &mut notes, intake);
    for name in files.traces()? {
        session.trace(&name)?;
        session.network(&format!("{}.network", name.trim_end_matches(".trace")))?;
    }
    let parts = session.finish()?;
    files.claim(intake);
    notes.finish(intake);
    intake.used(source, "playwright", &parts);
    Ok(())
}

/// All traces of one run.
struct Session<'a, 's> {
    source: &'a Source,
    files: &'a Files<'a>,
    notes: &'a mut Notes,
    intake: &'a mut Intake<'s>,
    about: About,
    steps: Steps,
    /// Start and end of the checks that browsers carried out.
    checks: Vec<(f64, f64)>,
    /// Errors of the test, which have no time of their own.
    errors: Vec<Value>,
    frames: Listed,
    /// Events by stream: console, network, actions.
    counts: [u64; 3],
}

/// What is known while one trace is read.
#[derive(Default)]
struct Tracing {
    clock: Option<Clock>,
    /// It is that of the test's runner.
    runner: bool,
    calls: Calls,
    waiting: Waiting,
}

impl<'a, 's> Session<'a, 's> {
    fn new(source: &'a Source, files: &'a Files<'a>, notes: &'a mut Notes, intake: &'a mut Intake<'s>) -> Self {
        let (about, steps, frames) = (About::default(), Steps::default(), Listed::default());
        Self {
            source,
            files,
            notes,
            intake,
            about,
            steps,
            checks: Vec::new(),
            errors: Vec::new(),
            frames,
            counts: [0; 3],
        }
    }

    /// Reads a file line by line.
    fn lines(&mut self, name: &str, take: &mut dyn FnMut(&mut Self, Value) -> Result<(), Error>) -> Result<(), Error> {
        let mut failed = Ok(());
        let files = self.files;
        let read = files.read(name, |reader: &mut dyn Read| {
            let mut lines = Lines::new(BufReader::new(reader), name);
            while let Some(line) = lines.next(self.notes)? {
                failed = take(self, line);
                if failed.is_err() {
                    break;
                }
            }
            Ok(())
        })?;
        if read.is_none() {
            self.notes.add("files", format_args!("{name} cannot be read to its end"));
        }
        failed
    }

    fn trace(&mut self, name: &str) -> Result<(), Error> {
        let source = Source::new(name.as_ref(), 0, Vec::new());
        let find = |reader: &mut dyn Read| Clock::find(BufReader::new(reader), &mut Notes::new(&source));
        let clock = self.files.read(name, find)?.flatten();
        let mut tracing = Tracing { clock, runner: name == "test.trace", ..Tracing::default() };
        self.lines(name, &mut |session, line| session.line(line, name, &mut tracing))?;
        for call in tracing.calls.rest() {
            self.call(call, &mut tracing)?;
        }
        self.checks.append(&mut tracing.calls.spans);
        Ok(())
    }

    fn network(&mut self, name: &str) -> Result<(), Error> {
        if self.files.size(name).is_none() {
            return Ok(());
        }
        let files = self.files;
        self.lines(name, &mut |session, line| {
            let taken = network::take(line, files, session.notes, session.intake)?;
            session.counts[1] += u64::from(taken);
            Ok(())
        })
    }

    fn line(&mut self, mut line: Value, name: &str, tracing: &mut Tracing) -> Result<(), Error> {
        let clock = tracing.clock;
        let kind = json::string(&line, &["type"]).unwrap_or_default();
        match kind.as_str() {
            "context-options" => {
                tracing.runner |= line.get("origin").is_some_and(|origin| origin == "testRunner");
                self.about.context(&line, name, self.notes);
            }
            "before" if tracing.runner => self.steps.before(line, clock),
            "after" if tracing.runner => {
                attached::list(line.get("attachments"), &mut self.about.attachments);
                self.steps.after(&line, clock);
            }
            "before" => {
                if let Some(call) = tracing.calls.before(line) {
                    self.call(call, tracing)?;
                }
            }
            "input" => tracing.calls.input(&line),
            "log" => tracing.calls.log(&line),
            "after" => {
                if let Some(call) = tracing.calls.after(&line) {
                    self.call(call, tracing)?;
                }
            }
            "action" => {
                // Up to version 3 a call is one line.
                let call = line.get_mut("metadata").map(Value::take).unwrap_or_default();
                self.call(call, tracing)?;
            }
            "console" => {
                let time = json::number(&line, &["time"]);
                self.say(console::message(line, time, clock))?;
            }
            "object" => tracing.waiting.object(&mut line),
            "event" => self.event(line, tracing)?,
            "error" => {
                let error = json::string(&line, &["message", "value"]).map(|error| text::plain(&error));
                self.about.error(error.unwrap_or_default());
                if self.errors.len() < 20 {
                    self.errors.push(line);
                }
            }
            "screencast-frame" => self.frames.add(&line, clock),
            "resource-snapshot" => {
                let taken = network::take(line, self.files, self.notes, self.intake)?;
                self.counts[1] += u64::from(taken);
            }
            _ => {}
        }
        Ok(())
    }

    fn event(&mut self, line: Value, tracing: &mut Tracing) -> Result<(), Error> {
        let method = json::text(&line, &["method", "metadata.method"]);
        if method.is_some_and(|method| method == "pageError") {
            return self.say(console::page_error(line, tracing.clock));
        }
        let Some(message) = tracing.waiting.logged(&line) else { return Ok(()) };
        let time = json::number(&line, &["time", "metadata.startTime", "metadata.endTime"]);
        self.say(console::message(message, time, tracing.clock))
    }

    fn call(&mut self, call: Value, tracing: &mut Tracing) -> Result<(), Error> {
        if let Some(event) = tracing.calls.event(call, tracing.clock, &mut self.steps) {
            self.counts[2] += 1;
            self.intake.push(event)?;
        }
        Ok(())
    }

    fn say(&mut self, event: Event) -> Result<(), Error> {
        self.counts[0] += 1;
        self.intake.push(event)
    }

    /// Hands over what is known at the end only; gives the parts of the share that were filled.
    fn finish(mut self) -> Result<Vec<&'static str>, Error> {
        let failed_at = self.steps.failed_at();
        for line in std::mem::take(&mut self.errors) {
            let error = json::string(&line, &["message", "value"]).map(|error| text::plain(&error)).unwrap_or_default();
            self.say(console::test_error(line, &error, failed_at))?;
        }
        for step in self.steps.rest(&self.checks) {
            self.counts[2] += 1;
            self.intake.push(actions::step_event(step))?;
        }
        let mut parts: Vec<_> = ["console", "network", "actions"]
            .into_iter()
            .zip(self.counts)
            .filter(|(_, n)| *n > 0)
            .map(|(p, _)| p)
            .collect();
        self.frames.evidence(self.about.exact, self.intake);
        attached::take(self.source, &self.about.attachments, self.files, self.intake)?;
        if self.frames.take(self.files, self.intake)? > 0 {
            parts.insert(0, "frames");
        }
        self.about.finish(self.intake);
        parts.push("info");
        Ok(parts)
    }
}
