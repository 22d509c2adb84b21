//! `sealcast export`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::console::Console;
use super::plan;
use super::progress::Bar;
use super::report::Report;
use crate::bundle::{self, Bundle, Panels};
use crate::cli::{Export, ProgressArg};
use crate::error::Error;
use crate::event::Stream;
use crate::header::Header;
use crate::import::{ImportOptions, import};
use crate::layout::{self, Target};
use crate::link;
use crate::page::NEUTRAL_TITLE;
use crate::recording::{InputReport, Recording};
use crate::sink::Sink;
use crate::when;

pub(super) fn run(options: Export, console: &mut Console) -> Result<(), Error> {
    console.tune(options.quiet || options.json, options.verbose);
    let created = when::now();
    let expires = when::expiry(&options.expires, created)?;
    let target = target(&options);
    let layout = options.layout.clone().unwrap_or_else(|| target.layout_name().into());
    if !options.dry_run {
        target.check_free()?;
    }
    let extra = Extra::read(&options)?;

    let panels = options.panels.clone().map_or_else(Panels::default, Panels::only);
    let wanted = Stream::ALL.map(|stream| panels.has(stream.name()));
    let mut sink = Sink::new(options.bodies.into(), wanted);
    let mut recording = import(&import_options(&options), &mut sink)?;
    extra.apply(&options, &mut recording);
    recording.title.get_or_insert_with(|| input_name(&options.inputs[0]).to_string_lossy().into_owned());
    let mut inputs = std::mem::take(&mut recording.inputs);
    inputs.iter_mut().for_each(|input| leave_out(input, &panels));
    let header = Header::plain(bundle_id()?, created, expires);
    let mut bundle = bundle::build(&recording, sink, header, &panels)?;

    let mut warnings = recording.warnings;
    warnings.extend(layout::check_size(&layout, &bundle)?);
    for warning in &warnings {
        console.warn(warning);
    }
    let output = target.path.to_string_lossy().into_owned();
    let mut report = Report::planned(&bundle, &layout, output, inputs, warnings);
    if options.dry_run {
        return dry_run(&options, &bundle, &report, console);
    }
    let mut bar = Bar::new(options.progress == ProgressArg::Auto && console.draws());
    let files = layout::write(&mut bundle, &layout, &target, &mut bar);
    bar.clear();
    report.written(&files?);
    finish(&options, &target, &bundle, report, console)
}

/// Says of an input that no wanted panel shows it.
fn leave_out(input: &mut InputReport, panels: &Panels) {
    let panel = |used: &String| Stream::ALL.iter().any(|stream| stream.name() == used) || used == "info";
    let before = input.used_for.len();
    input.used_for.retain(|used| !panel(used) || panels.has(used));
    if before > 0 && input.used_for.is_empty() {
        input.skipped = Some("its panel is not among those of --panels".into());
    }
}

fn dry_run(options: &Export, bundle: &Bundle, report: &Report, console: &mut Console) -> Result<(), Error> {
    if options.json {
        console.result(&json_line(report))
    } else {
        console.result(&plan::lines(&bundle.manifest, report))
    }
}

/// Prints the result, and opens it when asked to.
fn finish(
    options: &Export,
    target: &Target,
    bundle: &Bundle,
    mut report: Report,
    console: &mut Console,
) -> Result<(), Error> {
    let page = page_name(target, &report.layout);
    let link = match &options.url {
        Some(url) => link::link(url, &page_in_url(&page), "")?,
        None => link::local_link(&page, ""),
    };
    let title = bundle.manifest.title.as_deref().unwrap_or(NEUTRAL_TITLE);
    report.embed_html = Some(link::embed_html(&link, title));
    report.link = Some(link.clone());
    if options.verbose {
        console.detail(plan::lines(&bundle.manifest, &report).trim_end());
    }
    if options.json && !target.is_stdout() {
        console.result(&json_line(&report))?;
    } else if !target.is_stdout() {
        let opens = if report.layout == "dir" { target.path.join("index.html") } else { target.path.clone() };
        console.note(&format!("{}, {}", plan::summary(&bundle.manifest, &report), plan::bytes_text(report.bytes)));
        console.note(&expiry_words(bundle.header.expires));
        console.note("open it in a browser:");
        let shown = if options.url.is_some() { link } else { opens.to_string_lossy().into_owned() };
        console.result(&format!("{}\n", super::console::visible(&shown)))?;
        if options.open {
            crate::open::open(&opens.to_string_lossy())?;
        }
    }
    Ok(())
}

fn expiry_words(expires: u64) -> String {
    if expires == 0 { "never expires".into() } else { format!("expires {}", when::rfc3339(expires)) }
}

fn json_line(report: &Report) -> String {
    serde_json::to_string(report).map_or_else(|error| format!("{{\"error\":\"{error}\"}}\n"), |text| text + "\n")
}

/// The page's file, relative to the folder the share lies in.
fn page_name(target: &Target, layout: &str) -> String {
    let name = target.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if layout == "dir" { format!("{name}/index.html") } else { name }
}

/// What `--url` of a folder lacks: a share's own folder is part of the URL already.
fn page_in_url(page: &str) -> String {
    page.rsplit('/').next().unwrap_or_default().to_owned()
}

fn import_options(options: &Export) -> ImportOptions {
    ImportOptions {
        inputs: options.inputs.clone(),
        video: options.video.clone(),
        audio: None,
        har: options.har.clone(),
        console: options.console.clone(),
        actions: options.actions.clone(),
        backend: options.backend.clone(),
        captions: options.captions.clone(),
        poster: options.poster.clone(),
    }
}

fn target(options: &Export) -> Target {
    let path = options.output.clone().unwrap_or_else(|| default_name(&options.inputs[0], options.layout.as_deref()));
    Target::new(path, options.force)
}

/// `./NAME.html` after the input.
fn default_name(input: &Path, layout: Option<&str>) -> PathBuf {
    let mut name = input_name(input);
    // File systems take names of 255 bytes; the input's may be that long already.
    if name.len() > NAME_BYTES {
        let text = name.to_string_lossy();
        name = text[..text.floor_char_boundary(NAME_BYTES)].into();
    }
    name.push(if layout == Some("dir") { "-share" } else { ".html" });
    PathBuf::from(name)
}

/// A folder's name, or a file's without its ending.
fn input_name(input: &Path) -> OsString {
    let input = std::path::absolute(input).unwrap_or_else(|_| input.to_path_buf());
    let stem = if input.is_dir() { input.file_name() } else { input.file_stem() };
    stem.map_or_else(|| "recording".into(), ToOwned::to_owned)
}

/// Bytes of the input's name that go into the output's.
const NAME_BYTES: usize = 200;

fn bundle_id() -> Result<[u8; 16], Error> {
    let mut id = [0; 16];
    getrandom::fill(&mut id).map_err(|error| {
        Error::io("cannot get random bytes from", "the operating system")(std::io::Error::other(error))
    })?;
    Ok(id)
}

/// Metadata from the command line.
#[derive(Debug)]
struct Extra {
    tree: Map<String, Value>,
    custom: Map<String, Value>,
}

impl Extra {
    fn read(options: &Export) -> Result<Self, Error> {
        let tree = match &options.metadata {
            Some(path) => {
                let text = std::fs::read(path).map_err(Error::io("cannot read", path))?;
                match serde_json::from_slice(text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text)) {
                    Ok(Value::Object(tree)) => tree,
                    Ok(_) => {
                        return Err(Error::input(format!("{} is not a JSON object", path.display()), "wrap it in { }"));
                    }
                    Err(error) => {
                        return Err(Error::input(
                            format!("{} is not JSON: {error}", path.display()),
                            "mend it, or leave out --metadata",
                        ));
                    }
                }
            }
            None => Map::new(),
        };
        let mut custom = Map::new();
        for pair in &options.meta {
            let (key, value) = pair.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or_else(|| {
                Error::usage(
                    format!("--meta {pair:?} has no key and value"),
                    "write --meta KEY=VALUE, as in --meta ticket=4711",
                )
            })?;
            custom.insert(key.into(), value.into());
        }
        Ok(Self { tree, custom })
    }

    fn apply(self, options: &Export, recording: &mut Recording) {
        merge(&mut recording.metadata, self.tree);
        if !self.custom.is_empty() {
            let custom = Map::from_iter([("custom".to_owned(), Value::Object(self.custom))]);
            merge(&mut recording.metadata, custom);
        }
        if options.title.is_some() {
            recording.title.clone_from(&options.title);
        }
        if options.note.is_some() {
            recording.note.clone_from(&options.note);
        }
    }
}

/// Adds a tree to another; where both have objects they are joined, else the added value wins.
fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Object(held)), Value::Object(added)) => merge(held, added),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}
