//! Importers: from files to a [`Recording`] and events in a [`Sink`].

use std::path::PathBuf;

use crate::error::Error;
use crate::recording::Recording;
use crate::sink::Sink;

/// What the user named, as paths.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ImportOptions {
    /// Files and folders whose content decides what they are.
    pub inputs: Vec<PathBuf>,
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
}

/// Reads everything the options name.
///
/// # Errors
/// When nothing usable is found, several videos could be meant, or a file cannot be read.
pub fn import(options: &ImportOptions, sink: &mut Sink) -> Result<Recording, Error> {
    let _ = (options, sink);
    Err(Error::input("no importer yet", "wait for it"))
}
/// stub
#[derive(Debug)]
pub struct Importer { /// n
 pub name: &'static str, /// t
 pub title: &'static str, /// g
 pub gives: &'static [&'static str] }
/// stub
pub const IMPORTERS: &[Importer] = &[];
