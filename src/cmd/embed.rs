//! `sealcast embed`.

use serde_json::{Map, Value, json};

use super::console::Console;
use super::link::fragment;
use super::target::Target;
use crate::cli::Embed;
use crate::destination::Destination;
use crate::embed::{self, Attribute, Frame, Needs};
use crate::error::Error;
use crate::language::Language;
use crate::link;
use crate::read::Opened;
use crate::visible::visible;
use crate::when;

/// Version of the shape of what `--json` prints.
const SCHEMA_VERSION: u32 = 1;

pub(super) fn run(options: &Embed, console: &mut Console) -> Result<(), Error> {
    let mut target = Target::read(&options.target)?;
    let opened = target.open(Some(when::now()))?;
    let fragment = fragment(&target, &opened, options.at.as_deref())?;
    let link = link::link(&options.url, &page_name(options, &opened)?, &fragment)?;
    let attributes = embed::attributes(&link, &title(options, &opened), &frame(options, &opened))?;
    let html = embed::html(&attributes);
    let warnings = warnings(options, &opened);
    warnings.iter().for_each(|warning| console.warn(warning));
    if options.json {
        return console.result(&format!("{}\n", object(&opened, &link, &html, &attributes, &warnings)));
    }
    for Attribute { name, why, .. } in &attributes {
        console.note(&format!("{name:<15} {why}"));
    }
    console.result(&format!("{}\n", visible(&html)))
}

/// The page that the frame shows: of an archive, the one in it.
fn page_name(options: &Embed, opened: &Opened) -> Result<String, Error> {
    let name = opened.page_name();
    let is_archive = |name: &str| name.to_ascii_lowercase().ends_with(".zip");
    if is_archive(options.url.split('?').next().unwrap_or_default()) {
        return Err(Error::usage(
            "a frame shows a page, not an archive",
            "unpack it where it is hosted, and write the URL of that folder",
        ));
    }
    Ok(if is_archive(&name) { "index.html".into() } else { name })
}

/// A sealed one says no more than its page does.
fn title(options: &Embed, opened: &Opened) -> String {
    let own = opened.manifest.title.clone().filter(|_| !opened.header.is_sealed());
    let neutral = || Language::of_page(&String::from_utf8_lossy(opened.around())).label("neutralTitle");
    options.title.clone().or(own).unwrap_or_else(neutral)
}

fn frame(options: &Embed, opened: &Opened) -> Frame {
    let beside = opened.manifest.parts.iter().any(|part| part.file.is_some() || part.files.is_some());
    let picture = opened.manifest.video.as_ref().and_then(|video| video.width.zip(video.height));
    let alone = picture.filter(|size| options.no_panels && size.0 > 0 && size.1 > 0);
    let switches = [
        (options.autoplay, "autoplay=1"),
        (options.muted || options.autoplay, "muted=1"),
        (options.looped, "loop=1"),
        (options.no_controls, "controls=0"),
        (options.no_panels, "panels=0"),
    ];
    let switched = switches.into_iter().filter(|switch| switch.0).map(|switch| switch.1.to_owned());
    let usual = Frame::default();
    Frame {
        needs: Needs::of(&opened.header, beside),
        options: switched.chain(options.theme.iter().map(|theme| format!("theme={theme}"))).collect(),
        isolated: options.isolated,
        width: options.width,
        aspect: options.aspect_ratio.or(alone).unwrap_or(usual.aspect),
    }
}

/// What whoever pastes the code should know.
fn warnings(options: &Embed, opened: &Opened) -> Vec<String> {
    let mut warnings = Vec::new();
    let header = &opened.header;
    if header.expires > 0 {
        let verb = if header.expired(when::now()) { "expired" } else { "expires" };
        warnings.push(format!(
            "the share {verb} on {}: from then on the frame says “Recording link expired”; for a page that stays, \
             export it with --expires never",
            when::rfc3339(header.expires)
        ));
    }
    if header.is_sealed() {
        warnings.push(
            "the share is sealed, and this code holds its key: the page you put it in then holds the key too, and \
             whoever can read that page, its source or its history can open the recording"
                .into(),
        );
    }
    if header.kdf.is_some() {
        warnings.push("it asks for its password in the frame".into());
    }
    if Destination::find("iframe").is_ok_and(|frame| frame.check_url(&options.url).is_err()) {
        warnings.push("browsers show no http page in the frame of an https page: serve the share by https".into());
    }
    if options.autoplay && !options.muted {
        warnings.push("autoplay starts without sound (muted=1): browsers let nothing sound before a click".into());
    }
    warnings
}

fn object(opened: &Opened, link: &str, html: &str, attributes: &[Attribute], warnings: &[String]) -> Value {
    let why: Map<_, _> = attributes.iter().map(|one| (one.name.into(), one.why.clone().into())).collect();
    let expires = opened.header.expires;
    json!({
        "schema_version": SCHEMA_VERSION, "embed_html": html, "link": link, "encrypted": opened.header.is_sealed(),
        "expires_at": (expires > 0).then(|| when::rfc3339(expires)), "attributes": why, "warnings": warnings,
    })
}
