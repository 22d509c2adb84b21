//! Packages a screen recording and its logs into a static HTML player.

mod align;
mod assets;
mod blocks;
pub mod bundle;
pub mod cli;
pub mod cmd;
pub mod error;
pub mod event;
#[cfg(test)]
mod format;
pub mod header;
pub mod import;
pub mod interrupt;
pub mod layout;
pub mod limits;
pub mod link;
pub mod manifest;
mod marks;
pub mod media;
pub mod open;
pub mod page;
pub mod player;
pub mod read;
pub mod recording;
pub mod serve;
pub mod sink;
pub mod walk;
pub mod when;

pub use error::Error;
