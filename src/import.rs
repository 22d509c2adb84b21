//! Importers: from files to a [`Recording`] and events in a [`Sink`].

mod actions;
mod archive;
mod backend;
mod bounded;
mod console;
mod console_text;
mod dates;
mod expand;
pub(crate) mod extracted;
mod ffmpeg;
mod flow;
mod folder;
mod found;
mod har;
mod intake;
mod join;
mod json;
mod lean;
mod logfmt;
mod mask;
mod mend;
mod ndjson;
mod pictures;
mod playwright;
mod printf;
mod protocol;
mod refusals;
mod replay;
mod requests;
mod runs;
mod source;
mod split;
mod srt;
pub(crate) mod stills;
pub(crate) mod transcode;
mod twice;
mod unwrap;
mod weight;
mod words;

use std::path::{Path, PathBuf};

use crate::align;
use crate::error::Error;
use crate::event::Stream;
use crate::media::Mask;
use crate::recording::{MediaKind, Recording};
use crate::sink::Sink;
use crate::visible::visible;
use intake::{Intake, Unread, shown};
pub use runs::TestRun;
use source::Source;

/// Unusable inputs that an error names.
const LISTED: usize = 20;

/// Reads a file into the recording and its events into the sink.
pub(crate) type Read = fn(&Source, &mut Intake<'_>) -> Result<(), Unread>;

/// A format that can be read.
#[derive(Debug)]
#[non_exhaustive]
pub struct Importer {
    /// Name in reports and options.
    pub name: &'static str,
    /// What it is, in words.
    pub title: &'static str,
    /// Parts of the share it fills.
    pub gives: &'static [&'static str],
    pub(crate) sniff: fn(&Source) -> bool,
    pub(crate) read: Read,
}

/// Every format, in the order in which they are tried.
pub const IMPORTERS: &[Importer] = &[
    Importer {
        name: "recording",
        title: "recording folder: a folder with a recording.json of format recording/1",
        gives: &["video", "audio", "captions", "images", "console", "network", "actions", "backend", "info"],
        sniff: folder::sniff,
        read: folder::read,
    },
    Importer {
        name: "video",
        title: "video: WebM, MP4, QuickTime or Matroska",
        gives: &["video"],
        sniff: pictures::is_video,
        read: pictures::read_video,
    },
    Importer {
        name: "audio",
        title: "sound apart from the video: WebM, Ogg, MP4, MP3, AAC or WAV",
        gives: &["audio"],
        sniff: pictures::is_audio,
        read: pictures::read_audio,
    },
    Importer {
        name: "image",
        title: "stills: PNG, JPEG, WebP or GIF",
        gives: &["images"],
        sniff: pictures::is_image,
        read: pictures::read_image,
    },
    Importer {
        name: "captions",
        title: "captions: WebVTT or SRT",
        gives: &["captions"],
        sniff: pictures::is_captions,
        read: pictures::read_captions,
    },
    Importer {
        name: "playwright",
        title: "Playwright trace, versions 3 to 10: trace.zip or a folder it was unpacked to",
        gives: &["video", "console", "network", "actions", "info"],
        sniff: playwright::sniff,
        read: playwright::read,
    },
    Importer {
        name: "har",
        title: "HAR 1.1 or 1.2: network log of browser tools, Playwright and proxies (also .har.zip, .zhar and JSONP)",
        gives: &["network"],
        sniff: har::sniff,
        read: har::read,
    },
    Importer {
        name: "cdp",
        title: "Chrome DevTools Protocol: events as JSON lines or a JSON array",
        gives: &["console", "network", "actions"],
        sniff: protocol::is_cdp,
        read: protocol::read_cdp,
    },
    Importer {
        name: "bidi",
        title: "WebDriver BiDi: events as JSON lines or a JSON array",
        gives: &["console", "network", "actions"],
        sniff: protocol::is_bidi,
        read: protocol::read_bidi,
    },
    Importer {
        name: "rrweb",
        title: "rrweb: events of rrweb, exports of PostHog, segments of Sentry",
        gives: &["console", "network", "actions", "info"],
        sniff: replay::sniff,
        read: replay::read,
    },
    Importer {
        name: "flow",
        title: "user flows without times: Recorder of Chromium's developer tools, Selenium IDE (.side)",
        gives: &["actions"],
        sniff: flow::sniff,
        read: flow::read,
    },
    Importer {
        name: "requests",
        title: "requests: JSON lines or a JSON array of records with method, URL and status",
        gives: &["network"],
        sniff: requests::sniff,
        read: requests::read,
    },
    Importer {
        name: "actions",
        title: "user actions: JSON lines or a JSON array of steps",
        gives: &["actions"],
        sniff: actions::sniff,
        read: actions::read,
    },
    Importer {
        name: "backend",
        title: "server log: JSON lines or a JSON array with service, trace or request ids",
        gives: &["backend"],
        sniff: backend::sniff,
        read: backend::read,
    },
    Importer {
        name: "console",
        title: "console messages: JSON lines or a JSON array",
        gives: &["console"],
        sniff: console::sniff,
        read: console::read,
    },
    Importer {
        name: "logfmt",
        title: "server log: logfmt (key=value pairs)",
        gives: &["backend"],
        sniff: logfmt::sniff,
        read: logfmt::read,
    },
    Importer {
        name: "console-text",
        title: "console text saved by Chrome's developer tools, timed if it shows clocks under the name Chrome gave it",
        gives: &["console"],
        sniff: console_text::sniff,
        read: console_text::read,
    },
];

/// What the user named, as paths.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ImportOptions {
    /// Files and folders whose content decides what they are.
    pub inputs: Vec<PathBuf>,
    /// The test that is shown, when there are several: its title, its folder, or a part of these.
    pub test: Option<String>,
    /// The video that plays, when several could.
    pub video: Option<PathBuf>,
    /// A sound track apart from the video.
    pub audio: Option<PathBuf>,
    /// Network log.
    pub har: Option<PathBuf>,
    /// Console log.
    pub console: Option<PathBuf>,
    /// User actions.
    pub actions: Option<PathBuf>,
    /// Backend log.
    pub backend: Option<PathBuf>,
    /// Captions (`WebVTT`).
    pub captions: Option<PathBuf>,
    /// Picture shown before the video plays.
    pub poster: Option<PathBuf>,
    /// Wall time of the video's start, ms since 1970.
    pub video_start: Option<f64>,
    /// By how much later than found the video starts among the logs, in ms.
    pub offset_ms: f64,
    /// Leave places, devices, authors and dates in media files.
    pub keep_media_metadata: bool,
    /// Have ffmpeg convert a video that browsers refuse.
    pub transcode: bool,
    /// Boxes of the video to have ffmpeg blacken.
    pub masks: Vec<Mask>,
    /// Let ffmpeg say on stderr how far it is.
    pub show_progress: bool,
}

impl ImportOptions {
    /// The files named for a part, each with the name of its importer.
    fn named(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        let named = [
            ("video", &self.video),
            ("audio", &self.audio),
            ("har", &self.har),
            ("console", &self.console),
            ("actions", &self.actions),
            ("backend", &self.backend),
            ("captions", &self.captions),
            ("poster", &self.poster),
        ];
        named.into_iter().filter_map(|(name, path)| Some((name, path.as_deref()?)))
    }
}

/// Reads everything the options name.
///
/// # Errors
/// When nothing usable is found, several videos could be meant, or a file cannot be read.
pub fn import(options: &ImportOptions, sink: &mut Sink) -> Result<Recording, Error> {
    let mut intake = Intake::new(sink);
    intake.transcode = options.transcode.then_some(options.show_progress);
    for (name, path) in options.named() {
        intake.is_new(path);
        found::read_named(name, path, &mut intake)?;
    }
    intake.choice.wanted.clone_from(&options.test);
    let found = expand::expand(&options.inputs, &mut intake)?;
    found::read_all(found, &options.inputs, &mut intake)?;
    if let Some(test) = intake.choice.wanted.take() {
        let fact = format!("there is no test called {} among the inputs", visible(&test));
        return Err(Error::input(fact, "leave out --test, or pass the folder that the test run wrote"));
    }
    warn_of_skipped(&options.inputs, &mut intake);
    intake.warn_of_gap();
    playwright::settle(&mut intake);
    choose(MediaKind::Video, "video", options.video.as_deref(), &mut intake)?;
    choose(MediaKind::Audio, "audio", options.audio.as_deref(), &mut intake)?;
    choose(MediaKind::Poster, "poster", options.poster.as_deref(), &mut intake)?;
    mend::refuse_unplayable(&mut intake)?;
    refuse_nothing(&intake)?;
    mend::mend(&mut intake, options.keep_media_metadata)?;
    mask::apply(&mut intake, &options.masks, options.show_progress)?;
    let Intake { mut recording, mut evidence, .. } = intake;
    (evidence.video_start, evidence.offset_ms) = (options.video_start, options.offset_ms);
    align::align(&evidence, &mut recording, sink);
    join::apply(recording, options.keep_media_metadata)
}

/// The tests among the inputs, each of which can be had by its name.
///
/// # Errors
/// When a file cannot be read.
pub fn tests(options: &ImportOptions) -> Result<Vec<TestRun>, Error> {
    let mut sink = Sink::new(crate::limits::Bodies::None, [false; 4]);
    let mut intake = Intake::new(&mut sink);
    intake.choice.list = Some(Vec::new());
    let found = expand::expand(&options.inputs, &mut intake)?;
    found::read_all(found, &[], &mut intake)?;
    Ok(intake.choice.list.unwrap_or_default())
}

/// What was named on the command line and then not used deserves a warning; what lay in a folder does not.
fn warn_of_skipped(inputs: &[PathBuf], intake: &mut Intake<'_>) {
    let names: Vec<_> = inputs.iter().map(|input| input.to_string_lossy()).collect();
    let skipped = intake.recording.inputs.iter().filter(|input| names.iter().any(|name| *name == input.path));
    let warnings = skipped
        .filter_map(|input| Some(format!("{} was not used: {}", visible(&input.path), input.skipped.as_deref()?)));
    let mut warnings: Vec<_> = warnings.collect();
    intake.recording.warnings.append(&mut warnings);
}

/// The importer of a name in the table.
pub(crate) fn importer(name: &str) -> Option<&'static Importer> {
    IMPORTERS.iter().find(|importer| importer.name == name)
}

/// The importer that a file's content asks for.
pub(crate) fn by_content(source: &Source) -> Option<&'static Importer> {
    IMPORTERS.iter().find(|importer| (importer.sniff)(source))
}

/// How to read a file named for a part: as what it is where that gives the part, and else as what it was named.
pub(crate) fn named_for(name: &str, source: &Source) -> Read {
    match by_content(source).filter(|found| fits(name, found)).or_else(|| importer(name)) {
        Some(importer) => importer.read,
        None => pictures::read_poster,
    }
}

/// Whether a file is of a format that gives the part which an option is named after.
fn gives(name: &str, source: &Source) -> bool {
    by_content(source).is_some_and(|found| fits(name, found))
}

fn fits(name: &str, found: &Importer) -> bool {
    let part = if name == "har" { "network" } else { name };
    found.gives.contains(&part) && found.name != "recording"
}

/// Leaves one medium of a kind that can only play once: the one named, or the only one.
fn choose(kind: MediaKind, option: &str, named: Option<&Path>, intake: &mut Intake<'_>) -> Result<(), Error> {
    let found: Vec<PathBuf> =
        intake.recording.media.iter().filter(|media| media.kind == kind).map(|media| media.path.clone()).collect();
    if found.len() < 2 {
        return Ok(());
    }
    let Some(named) = named else {
        let list: Vec<_> = found.iter().map(|path| shown(&intake.place(path))).collect();
        return Err(Error::input(
            format!("there are {} {option} files, and only one can play: {}", found.len(), list.join(", ")),
            format!("name one of them with --{option}"),
        ));
    };
    // A named file that is packed stands before what was in it.
    let (kept, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|path| intake.place(path).starts_with(named));
    for path in &others {
        let place = intake.place(path);
        intake.recording.inputs.retain(|input| input.path != place.to_string_lossy());
        intake.skipped(path, option, format!("another was named with --{option}"));
    }
    intake.recording.media.retain(|media| media.kind != kind || kept.contains(&media.path));
    Ok(())
}

/// An error unless there is something to look at.
fn refuse_nothing(intake: &Intake<'_>) -> Result<(), Error> {
    let shows = |kind| matches!(kind, MediaKind::Video | MediaKind::Audio | MediaKind::Image);
    if !intake.sink().is_empty()
        || intake.recording.frames.is_some()
        || intake.recording.media.iter().any(|media| shows(media.kind))
    {
        return Ok(());
    }
    let unwanted: Vec<_> = intake.sink().unwanted().map(Stream::name).collect();
    if !unwanted.is_empty() {
        let names = unwanted.join(", ");
        return Err(Error::input(
            format!("nothing is left to show: the inputs hold only panels that are left out ({names})"),
            format!("add {names} to --panels, or pass a video too"),
        ));
    }
    let hint =
        "pass a video, a HAR, logs as JSON lines, or a folder with them; `sealcast formats` lists what can be read";
    let why = |input: &crate::recording::InputReport| {
        let why = input.skipped.as_deref().unwrap_or("nothing to show without a video or logs");
        format!("{}: {why}", visible(&input.path))
    };
    // What was cut on its way is no recording that lacks something: it was one.
    let make: fn(String, &'static str) -> Error = if intake.damaged { Error::refused } else { Error::input };
    Err(match &intake.recording.inputs[..] {
        [] => make("nothing to read".into(), hint),
        [only] => make(format!("cannot use {}", why(only)), hint),
        several => {
            let list: Vec<_> = several.iter().take(LISTED).map(why).collect();
            let more = several.len() - list.len();
            let more = if more > 0 { format!("; and {more} more") } else { String::new() };
            make(format!("nothing usable among the inputs: {}{more}", list.join("; ")), hint)
        }
    })
}
