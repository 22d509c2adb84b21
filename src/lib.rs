//! Packages a screen recording and its logs into a static HTML player.
//!
//! Importers read files into a [`sink::Sink`] (events) and a [`recording::Recording`] (everything else);
//! [`bundle::build`] makes numbered parts and a manifest of them; [`layout::write`] lays those out as a page.
//! The library never prints and never exits; `sealcast` the program is a thin shell around [`cmd`].
//!
//! ```
//! use sealcast::bundle::{self, Panels};
//! use sealcast::header::Header;
//! use sealcast::import::{ImportOptions, import};
//! use sealcast::layout::{self, Target};
//! use sealcast::limits::Bodies;
//! use sealcast::sink::Sink;
//!
//! # fn main() -> Result<(), sealcast::Error> {
//! # let folder = tempfile::tempdir().expect("a temporary folder");
//! let mut options = ImportOptions::default();
//! options.inputs.push("examples/checkout-bug".into());
//! let mut sink = Sink::new(Bodies::Text, [true; 4]);
//! let recording = import(&options, &mut sink)?;
//!
//! let (id, created, never) = ([7; 16], 1_800_000_000, 0);
//! let mut bundle = bundle::build(&recording, sink, Header::plain(id, created, never), &Panels::default())?;
//! let target = Target::new(folder.path().join("bug.html"), false);
//! let files = layout::write(&mut bundle, "html", &target, &mut ())?;
//! assert_eq!(files[0].path, "bug.html");
//! # Ok(())
//! # }
//! ```

mod align;
#[cfg(test)]
mod assets;
mod blocks;
pub mod bundle;
pub mod cli;
pub mod cmd;
mod deflate;
mod destination;
pub mod embed;
pub mod error;
pub mod event;
pub mod extract;
mod fetch;
#[cfg(test)]
mod format;
pub mod header;
pub mod import;
pub mod interrupt;
mod json;
pub mod language;
pub mod layout;
pub mod limits;
mod lines;
pub mod link;
#[cfg(test)]
mod linker;
pub mod manifest;
mod marks;
pub mod media;
pub mod open;
pub mod page;
pub mod player;
pub mod read;
pub mod recording;
pub mod redact;
mod repro;
mod scratch;
pub mod seal;
pub mod serve;
mod signs;
pub mod sink;
mod size;
pub mod trim;
pub mod verify;
mod visible;
pub mod walk;
pub mod when;

pub use error::Error;
