//! What importers fill, and how they say what they left out.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::runs::Choice;
use super::source::Source;
use super::twice::{Memory, Repeated};
use super::{Read, archive};
use crate::align::Evidence;
use crate::error::Error;
use crate::event::{Event, EventTime};
use crate::recording::{InputReport, Media, Recording};
use crate::scratch::Scratch;
use crate::sink::Sink;
use crate::visible::visible;

/// Warnings of one kind about one file that are given one by one.
const WARNINGS: u64 = 20;

/// Why an importer gave up on a file.
#[derive(Debug)]
pub(crate) enum Unread {
    /// The file holds nothing for it; the run goes on with the others.
    Skip(String),
    /// The run ends.
    Fatal(Error),
}

impl From<Error> for Unread {
    fn from(error: Error) -> Self {
        Self::Fatal(error)
    }
}

/// The recording as it grows, file by file.
#[derive(Debug)]
pub(crate) struct Intake<'s> {
    sink: &'s mut Sink,
    pub(crate) recording: Recording,
    pub(crate) evidence: Evidence,
    /// Whether a recording's description was read.
    pub(crate) described: bool,
    /// Whether a share of ours was passed over in a folder.
    pub(crate) shares: bool,
    /// Media that lay in a trace, and may lie beside it too.
    pub(crate) attached: Vec<PathBuf>,
    /// Which of several tests is wanted.
    pub(crate) choice: Choice,
    /// The first video that browsers refuse, in words.
    pub(crate) refused: Option<Error>,
    /// Whether an archive was cut or damaged, so that nothing of it was read.
    pub(crate) damaged: bool,
    /// Whether such a video is converted, and whether progress is shown while it is.
    pub(crate) transcode: Option<bool>,
    /// What was read so far, so that nothing is listed twice.
    memory: Memory,
    taken: HashSet<PathBuf>,
    scratch: Scratch,
    /// What was unpacked to where, and the place that reports name instead.
    places: HashMap<PathBuf, PathBuf>,
}

impl<'s> Intake<'s> {
    pub(crate) fn new(sink: &'s mut Sink) -> Self {
        Self {
            sink,
            recording: Recording::default(),
            evidence: Evidence::default(),
            described: false,
            shares: false,
            attached: Vec::new(),
            choice: Choice::default(),
            refused: None,
            damaged: false,
            transcode: None,
            memory: Memory::default(),
            taken: HashSet::new(),
            scratch: Scratch::default(),
            places: HashMap::new(),
        }
    }

    /// Whether a file comes for the first time, by whatever path.
    pub(crate) fn is_new(&mut self, path: &Path) -> bool {
        path.canonicalize().map_or(true, |path| self.taken.insert(path))
    }

    /// Opens a file to be read.
    pub(crate) fn open(&mut self, path: &Path) -> Result<Source, Unread> {
        let opened = Source::open(path, &self.place(path), &self.scratch);
        if matches!(opened, Err(Unread::Skip(_))) {
            self.damaged |= Source::peek(path).is_ok_and(|source| archive::is_archive(&source.head));
        }
        let (source, lost) = opened?;
        if source.path != path {
            self.places.insert(source.path.clone(), source.place.clone());
        }
        self.recording.warnings.extend(lost);
        Ok(source)
    }

    /// Where files that had to be unpacked lie until the share is written.
    pub(crate) const fn scratch(&self) -> &Scratch {
        &self.scratch
    }

    /// Has reports name a place instead of what was unpacked from it.
    pub(crate) fn stands_for(&mut self, unpacked: &Path, place: &Path) {
        self.places.insert(unpacked.to_path_buf(), place.to_path_buf());
    }

    /// The path that reports name: inside the archive for what was unpacked from one.
    pub(crate) fn place(&self, path: &Path) -> PathBuf {
        let within = |folder: &Path| Some((self.places.get(folder)?, path.strip_prefix(folder).ok()?));
        let within = path.ancestors().find_map(within);
        match within {
            None => path.to_path_buf(),
            Some((place, rest)) if rest.as_os_str().is_empty() => place.clone(),
            Some((place, rest)) => place.join(rest),
        }
    }

    /// Whether a file was unpacked from an archive or from compression.
    pub(crate) fn is_unpacked(&self, path: &Path) -> bool {
        path.ancestors().any(|folder| self.places.contains_key(folder))
    }

    /// Has an importer read a source, of which that is left out which others told of before.
    pub(crate) fn read(&mut self, source: &Source, read: Read) -> Result<(), Unread> {
        self.memory.begin(&source.name);
        let outcome = read(source, self);
        let repeated = self.memory.end();
        for stream in &repeated {
            self.sink.forget(&stream.events);
        }
        if outcome.is_ok() && !repeated.is_empty() {
            self.left_out(source, &repeated);
        }
        outcome
    }

    /// Says in the report of a source what of it was left out; with nothing left it is one that was skipped.
    fn left_out(&mut self, source: &Source, repeated: &[Repeated]) {
        let place = source.place.to_string_lossy();
        let report = self.recording.inputs.iter_mut().rfind(|report| report.path == place);
        let Some(report) = report else { return };
        let words = repeated.iter().map(Repeated::words).collect::<Vec<_>>().join("; ");
        let gone = |part: &String| repeated.iter().any(|stream| stream.is_whole() && stream.stream.name() == part);
        report.used_for.retain(|part| !gone(part));
        if report.used_for.iter().any(|part| part != "info") {
            report.known = Some(words);
        } else {
            report.used_for.clear();
            report.skipped = Some(words);
        }
    }

    /// Takes an event, unless another input told of it before.
    pub(crate) fn push(&mut self, event: Event) -> Result<(), Error> {
        if self.sink.wants(event.row.stream()) && self.memory.knows(&event, self.sink.len() + 1) {
            return Ok(());
        }
        self.sink.push(event)
    }

    /// See [`Sink::room`].
    pub(crate) const fn room(&mut self) -> Value {
        self.sink.room()
    }

    /// A warning of what was not compared.
    pub(crate) fn warn_of_gap(&mut self) {
        self.recording.warnings.extend(self.memory.gap());
    }

    pub(crate) const fn sink(&self) -> &Sink {
        self.sink
    }

    pub(crate) fn used(&mut self, source: &Source, format: &str, parts: &[&str]) {
        self.recording.inputs.push(InputReport::used(source.place.to_string_lossy(), format, parts));
    }

    pub(crate) fn skipped(&mut self, path: &Path, format: &str, why: impl Into<String>) {
        let place = self.place(path);
        self.recording.inputs.push(InputReport::skipped(place.to_string_lossy(), format, why));
    }

    pub(crate) fn warn(&mut self, text: impl Into<String>) {
        self.recording.warnings.push(text.into());
    }

    /// Takes a medium of a source.
    pub(crate) fn media(&mut self, source: &Source, format: &str, part: &str, media: Media) {
        self.used(source, format, &[part]);
        let scratch = self.is_unpacked(&media.path).then(|| self.scratch.clone());
        self.recording.media.push(Media { scratch, ..media });
    }

    /// Sets a metadata member unless the recording has it already. `path` leads through objects.
    pub(crate) fn describe(&mut self, path: &[&str], value: Value) {
        let mut map = &mut self.recording.metadata;
        let Some((last, parents)) = path.split_last() else { return };
        for key in parents {
            let inner = map.entry(*key).or_insert_with(|| Value::Object(serde_json::Map::new()));
            let Value::Object(inner) = inner else { return };
            map = inner;
        }
        map.entry(*last).or_insert(value);
    }
}

/// The warnings about one file; of many alike, the first few and a count.
#[derive(Debug)]
pub(crate) struct Notes {
    name: String,
    counts: Vec<(&'static str, u64)>,
    list: Vec<String>,
}

impl Notes {
    pub(crate) fn new(source: &Source) -> Self {
        Self { name: source.name.clone(), counts: Vec::new(), list: Vec::new() }
    }

    /// A warning of a kind named by what it concerns (`lines skipped`).
    pub(crate) fn add(&mut self, kind: &'static str, text: impl Display) {
        if self.count(kind) <= WARNINGS {
            self.list.push(format!("{}: {text}", self.name));
        }
    }

    /// A warning of which one instance stands for all, given with their number at the end.
    pub(crate) fn once(&mut self, kind: &'static str) {
        self.count(kind);
    }

    fn count(&mut self, kind: &'static str) -> u64 {
        match self.counts.iter_mut().find(|(name, _)| *name == kind) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                self.counts.push((kind, 1));
                1
            }
        }
    }

    /// Puts times of records on record: unknown ones and those without a zone are worth a warning each.
    pub(crate) fn time(&mut self, time: EventTime, zoneless: bool) {
        if zoneless {
            self.once(ZONELESS);
        }
        if time == EventTime::Unknown {
            self.once(UNTIMED);
        }
    }

    /// Hands the warnings over.
    pub(crate) fn finish(self, intake: &mut Intake<'_>) {
        let Self { name, counts, list } = self;
        intake.recording.warnings.extend(list);
        for (kind, count) in counts {
            match kind {
                ZONELESS | UNTIMED | MISSING_BODY => intake.warn(format!("{name}: {}", plural(count, kind))),
                _ if count > WARNINGS => intake.warn(format!("{name}: {} more {kind}", count - WARNINGS)),
                _ => {}
            }
        }
    }
}

const ZONELESS: &str = "with a time but no time zone; UTC was assumed";
const UNTIMED: &str = "without a readable time, kept in their place";

/// A kind for [`Notes::once`].
pub(crate) const MISSING_BODY: &str = "with a body in a file that is not there";

fn plural(count: u64, what: &str) -> String {
    if count == 1 { format!("1 record {what}") } else { format!("{count} records {what}") }
}

/// A path for people.
pub(crate) fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}
