//! Packages a screen recording and its logs into a static HTML player.

pub mod error;
pub mod event;
pub mod import;
pub mod interrupt;
pub mod limits;
pub mod media;
pub mod open;
pub mod recording;
pub mod serve;
pub mod sink;
pub mod walk;

pub use error::Error;
