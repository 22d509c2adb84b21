//! `sealcast export`.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::bucket::Bucket;
use super::console::Console;
use super::extra::Extra;
use super::names::{bundle_id, default_name, input_name};
use super::progress::Bar;
use super::report::Report;
use super::sealing::Secrets;
use super::secret_file::SecretFile;
use super::span;
use super::upload::Upload;
use super::{each, plan, qr, redaction};
use crate::bundle::{self, Bundle, Panels};
use crate::cli::{Export, ProgressArg};
use crate::destination::Destination;
use crate::error::Error;
use crate::event::Stream;
use crate::header::Header;
use crate::import::{ImportOptions, import, stills};
use crate::layout::{self, Limit, Target};
use crate::limits;
use crate::link::{self, joined};
use crate::recording::{InputReport, Recording};
use crate::sink::Sink;
use crate::size::bytes_text;
use crate::trim::{Span, Trimmed, trim};
use crate::visible::visible;
use crate::when;

pub(super) fn run(options: Export, console: &mut Console) -> Result<(), Error> {
    if options.all { each::run(&options, console) } else { one(options, console) }
}

/// Makes one share.
pub(super) fn one(options: Export, console: &mut Console) -> Result<(), Error> {
    console.tune(options.quiet || options.json, options.verbose);
    let job = Job::of(&options)?;
    let bar = Bar::new(options.progress == ProgressArg::Auto && console.draws());
    let Read { mut bundle, recording, trimmed } = job.read(&bar)?;
    let Recording { inputs, mut warnings, details, .. } = recording;
    warnings.extend(redaction::gap(&bundle.manifest));
    warnings.extend(layout::check_size(&job.layout, &bundle, &job.target)?);
    warnings.extend(options.qr.then(|| qr::warning(&job.link)).flatten());
    bar.clear();
    details.iter().for_each(|detail| console.detail(detail));
    warnings.iter().for_each(|warning| console.warn(warning));
    let mut report = Report::planned(&bundle, &job.layout, &job.target, inputs, warnings);
    report.stills = plan::stills(&options, &bundle.manifest);
    if let Some(trimmed) = trimmed {
        span::note(&trimmed, console);
        report.trim = Some(trimmed.into());
    }
    if options.dry_run {
        let plan = if options.json { json_line(&report) } else { plan::lines(&bundle, &report).into() };
        return console.result(&plan);
    }
    job.write(&mut bundle, &bar, &mut report, console)?;
    if !job.target.is_stdout() {
        finish(&job, &bundle, &report, console)?;
    }
    if options.qr {
        qr::show(&job.link, console);
    }
    if options.open { crate::open::open(&absolute(&job.opens).to_string_lossy()) } else { Ok(()) }
}

/// What is decided before anything is read.
struct Job<'o> {
    options: &'o Export,
    destination: Option<&'static Destination>,
    header: Header,
    secrets: Option<Secrets>,
    target: Target,
    layout: String,
    /// The file to open, and its path relative to the folder that the share lies in.
    opens: PathBuf,
    page: String,
    link: Zeroizing<String>,
    extra: Extra,
    /// What of the recording is kept; `None` = all.
    span: Option<Span>,
}

/// What came of the inputs.
struct Read {
    bundle: Bundle,
    recording: Recording,
    /// What of the recording was kept, when a span was named.
    trimmed: Option<Trimmed>,
}

impl<'o> Job<'o> {
    fn of(options: &'o Export) -> Result<Self, Error> {
        let created = when::now();
        let expires = when::expiry(&options.expires, created)?;
        let destination = options.destination.as_deref().map(Destination::find).transpose()?;
        let span = span::of(options)?;
        check_link(options, destination)?;
        let secrets = Secrets::of(options)?;
        let id = bundle_id()?;
        let (target, layout) = target(options, destination, secrets.is_some().then_some(&id))?;
        let (opens, page) = target.page(&layout)?;
        let fragment = secrets.as_ref().map(Secrets::fragment).unwrap_or_default();
        let link = share_link(options, &page, &fragment)?;
        target.check_split(&layout)?;
        check_target(options, &target)?;
        let (header, extra) = (Header::plain(id, created, expires), Extra::read(options)?);
        Ok(Self { options, destination, header, secrets, target, layout, opens, page, link, extra, span })
    }

    /// Reads the inputs.
    fn read(&self, bar: &Bar) -> Result<Read, Error> {
        let options = self.options;
        let panels = options.panels.clone().map_or_else(Panels::default, Panels::only);
        let mut sink = Sink::new(options.bodies.into(), Stream::ALL.map(|stream| panels.has(stream.name())));
        sink.redact_with(redaction::redactor(options)?);
        sink.watch(bar.reading());
        let options_of_import = ImportOptions { show_progress: bar.is_wanted(), ..import_options(options) };
        let mut recording = import(&options_of_import, &mut sink)?;
        let trimmed = self.span.map(|span| trim(&mut recording, &mut sink, span)).transpose()?;
        if !options.dry_run && options.wants_stills() {
            stills::add(&mut recording)?;
        }
        self.extra.apply(options, &mut recording);
        recording.title.get_or_insert_with(|| input_name(&options.inputs[0]).to_string_lossy().into_owned());
        sink.redactor().map_or(Ok(()), |redactor| redactor.recording(&mut recording))?;
        limits::apply_to_recording(&mut recording);
        recording.inputs.iter_mut().for_each(|input| leave_out(input, &panels));
        let Header { bundle: id, created, expires, .. } = self.header;
        let mut bundle = bundle::build(&recording, sink, self.header.clone(), &panels)?;
        redaction::check(options, &bundle)?;
        bundle.language = options.lang;
        bundle.manifest.withheld = options.no_download.clone();
        if let Some(secrets) = &self.secrets {
            bundle.seal(secrets.sealing(id, created, expires)?, secrets.share_origin()?);
        }
        if trimmed.is_some() {
            span::refuse_nothing(&bundle)?;
        }
        Ok(Read { bundle, recording, trimmed })
    }

    /// Writes the share and the files of its secrets: all of them, or none.
    fn write(&self, bundle: &mut Bundle, bar: &Bar, report: &mut Report, console: &mut Console) -> Result<(), Error> {
        let options = self.options;
        let mut secret_files = self.secrets.as_ref().map_or(Ok(Vec::new()), |secrets| secrets.files(options))?;
        if let Some(path) = &options.link_out {
            secret_files.push(SecretFile::write(path, joined(&[&self.link, "\n"]).as_bytes(), options.force)?);
        }
        let files = layout::write(bundle, &self.layout, &self.target, &mut bar.writing());
        bar.clear();
        let files = files?;
        report.written(&files);
        if let Some(warning) = plan::page_warning(&self.target, &files) {
            console.warn(&warning);
            report.warnings.push(warning);
        }
        secret_files.into_iter().try_for_each(SecretFile::keep)?;
        let title = bundle.public_title().map_or_else(|| bundle.language.label("neutralTitle"), Into::into);
        report.linked(self.shown_link(), &title, bundle)?;
        if self.destination.is_some_and(|destination| destination.uploads) {
            let name = page_name(&self.page);
            let unknown = || Bucket::unknown(&self.page);
            let bucket = options.url.as_ref().map_or_else(unknown, |_| Bucket::of(&self.link, name));
            report.upload = Some(Upload::new(report, self.opens.as_os_str() != self.target.path, name, &bucket));
        }
        Ok(())
    }

    /// The link as it is shown: one that was written to a file without what it keeps secret.
    fn shown_link(&self) -> &str {
        if self.options.link_out.is_some() { self.link.split('#').next().unwrap_or_default() } else { &self.link }
    }
}

/// Refuses what makes no sense of a link, before anything is read or written.
fn check_link(options: &Export, destination: Option<&Destination>) -> Result<(), Error> {
    if options.qr && options.link_out.is_some() {
        return Err(Error::usage(
            "--qr would draw the link that --link-out keeps out of sight",
            "leave out one of the two; sealcast link --qr draws it later",
        ));
    }
    if options.qr && options.url.is_none() {
        return Err(Error::usage("there is no link to draw without --url", "add --url with the address of the share"));
    }
    match (destination, &options.url) {
        (Some(destination), Some(url)) => destination.check_url(url),
        _ => Ok(()),
    }
}

/// Where the share will be reachable: at `--url`, else beside whoever opens it.
fn share_link(options: &Export, page: &str, fragment: &str) -> Result<Zeroizing<String>, Error> {
    let local = || Ok(link::local_link(page, fragment));
    options.url.as_ref().map_or_else(local, |url| link::link(url, page_name(page), fragment))
}

/// The page's name within the share: a share's own folder is part of its URL already.
fn page_name(page: &str) -> &str {
    page.rsplit('/').next().unwrap_or_default()
}

/// Refuses a target that would replace what is being read, or that cannot be written.
fn check_target(options: &Export, target: &Target) -> Result<(), Error> {
    if target.is_stdout() && (options.json || options.open) {
        let fact = "with -o - the page itself goes to stdout, so there is nothing to open and no room for JSON";
        return Err(Error::usage(fact, "name a file with -o, or leave out --json and --open"));
    }
    check_secret_files(options, target)?;
    if let Ok(place) = target.path.canonicalize() {
        let named =
            [&options.video, &options.audio, &options.har, &options.console, &options.actions, &options.backend];
        let named = named.into_iter().chain([&options.captions, &options.poster, &options.metadata]).flatten();
        for input in options.inputs.iter().chain(named) {
            if input.canonicalize().is_ok_and(|input| input.starts_with(&place)) {
                return Err(Error::usage(
                    format!("{} is, or holds, the input {}", target.path.display(), input.display()),
                    "name another output with -o",
                ));
            }
        }
    }
    if options.dry_run { Ok(()) } else { target.check_free() }
}

/// Refuses two outputs in one place, of which the later would destroy the earlier, and a key that nobody would see.
fn check_secret_files(options: &Export, target: &Target) -> Result<(), Error> {
    let sealed = Secrets::wanted(options);
    let told = options.key_out.is_some() || options.key_file.is_some();
    if sealed && target.is_stdout() && !told {
        return Err(Error::usage(
            "with -o - nobody would learn the key: stdout carries the page",
            "write the key to a file with --key-out, or name a file with -o",
        ));
    }
    if options.link_out.is_some() && target.is_stdout() && options.url.is_none() {
        return Err(Error::usage("a page on stdout has no name to link to", "add --url, or name a file with -o"));
    }
    let secrets = [&options.key_out, &options.link_out, &options.key_share].into_iter().flatten();
    let mut places = vec![place_of(&target.path)];
    for path in secrets {
        let place = place_of(path);
        if places.iter().any(|other| place.starts_with(other))
            || options.inputs.iter().any(|input| place_of(input) == place)
        {
            return Err(Error::usage(
                format!("{} would be written twice, or replace what is read", path.display()),
                "name a file of its own for the share and for each secret",
            ));
        }
        places.push(place);
    }
    Ok(())
}

/// Where a file is or will be, however it is spelt.
fn place_of(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let parent = parent.canonicalize().unwrap_or_else(|_| absolute(parent));
    path.canonicalize().unwrap_or_else(|_| parent.join(path.file_name().unwrap_or_default()))
}

/// Says of an input that no wanted panel shows it.
fn leave_out(input: &mut InputReport, panels: &Panels) {
    let panel = |used: &str| if used == "images" { "info".to_owned() } else { used.to_owned() };
    let known = |used: &str| panel(used) == "info" || Stream::ALL.iter().any(|stream| stream.name() == used);
    let before = input.used_for.len();
    input.used_for.retain(|used| !known(used) || panels.has(&panel(used)));
    if before > 0 && input.used_for.is_empty() {
        input.skipped = Some("its panel is not among those of --panels".into());
    }
}

/// Says what was made.
fn finish(job: &Job<'_>, bundle: &Bundle, report: &Report, console: &mut Console) -> Result<(), Error> {
    let (options, link) = (job.options, job.shown_link());
    if options.verbose {
        console.detail(plan::lines(bundle, report).trim_end());
        for file in report.files.iter().flatten() {
            console.detail(&format!("{:>8}  {} ({})", "wrote", file.path, bytes_text(file.bytes)));
        }
    }
    if options.json {
        console.result(&json_line(report))?;
    } else {
        let expires = report.expires_at.as_ref().map_or_else(|| "never expires".into(), |at| format!("expires {at}"));
        console.note(&format!("{}, {}", plan::summary(&bundle.manifest, report), bytes_text(report.bytes)));
        console.note(&expires);
        redaction::say(&bundle.manifest, console);
        if let Some(upload) = &report.upload {
            upload.say(console);
        }
        if options.url.is_some() {
            match report.upload {
                Some(_) => console.note("then send:"),
                None => console.note(&format!("upload {}, then send:", report.output)),
            }
            console.result(&joined(&[link, "\n"]))?;
            if let Some(embed) =
                report.embed_html.as_ref().filter(|_| job.destination.is_some_and(|place| place.frames))
            {
                console.note(&format!("or embed it:\n{}", visible(embed)));
            }
        } else {
            if report.needs_server() {
                console.note("it plays over http only: upload it, or look at it with sealcast serve:");
                console.path(Path::new(&report.output))?;
            } else {
                console.note("open it in a browser:");
                console.path(&job.opens)?;
            }
            if let Some((_, fragment)) = link.split_once('#') {
                console.note("and send this key, by another way than the share:");
                console.result(&joined(&[fragment, "\n"]))?;
            }
        }
    }
    Ok(())
}

fn json_line(report: &Report) -> Zeroizing<String> {
    let mut line = Zeroizing::new(serde_json::to_string(report).expect("a report has no keys but strings"));
    line.push('\n');
    line
}

pub(super) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

pub(super) fn import_options(options: &Export) -> ImportOptions {
    ImportOptions {
        inputs: options.inputs.clone(),
        test: options.test.clone(),
        video: options.video.clone(),
        audio: options.audio.clone(),
        har: options.har.clone(),
        console: options.console.clone(),
        actions: options.actions.clone(),
        backend: options.backend.clone(),
        captions: options.captions.clone(),
        poster: options.poster.clone().filter(|_| options.wants_stills()),
        video_start: options.video_start,
        offset_ms: options.offset.unwrap_or(0.0),
        keep_media_metadata: options.keep_media_metadata,
        transcode: options.transcode,
        masks: options.video_mask.clone(),
        show_progress: false,
    }
}

/// Where the share goes, and in which layout.
fn target(
    options: &Export,
    destination: Option<&Destination>,
    sealed: Option<&[u8; 16]>,
) -> Result<(Target, String), Error> {
    let limit = options.max_size.map(Limit::chosen).or_else(|| destination.and_then(Destination::limit));
    let (checksums, split) = (options.checksums, options.split);
    let target = |path| Target { checksums, split, limit, ..Target::new(path, options.force) };
    let (target, layout) = match options.output.clone().map(target) {
        Some(target) => {
            let layout = options.layout.clone().unwrap_or_else(|| target.layout_name().into());
            (target, layout)
        }
        None => {
            let best = destination.map_or("html", Destination::layout);
            let layout = options.layout.clone().unwrap_or_else(|| best.into());
            let suffix = layout::suffix(&layout)?;
            let path = match sealed {
                // A name would tell what is sealed.
                Some(id) => PathBuf::from(format!("recording-{:.8}{suffix}", BASE64_URL_SAFE_NO_PAD.encode(id))),
                None => default_name(&options.inputs[0], suffix),
            };
            (target(path), layout)
        }
    };
    destination.map_or(Ok(()), |destination| destination.check(&target, &layout))?;
    Ok((target, layout))
}
