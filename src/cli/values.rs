//! What options may be set to.

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::language::Language;
use crate::limits::Bodies;

/// When to do something that needs a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum When {
    /// When stderr is a terminal.
    Auto,
    /// In any case.
    Always,
    /// Not at all.
    Never,
}

/// Values of `--progress`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum ProgressArg {
    /// When stderr is a terminal.
    Auto,
    /// Not at all.
    Never,
}

/// Values of `--bodies`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum BodiesArg {
    /// No bodies.
    None,
    /// Text bodies.
    Text,
    /// All bodies.
    All,
}

/// Values of `--redact`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum RedactArg {
    /// Credentials.
    Standard,
    /// Personal data too.
    Strict,
    /// Nothing.
    Off,
}

impl From<BodiesArg> for Bodies {
    fn from(arg: BodiesArg) -> Self {
        match arg {
            BodiesArg::None => Self::None,
            BodiesArg::Text => Self::Text,
            BodiesArg::All => Self::All,
        }
    }
}

/// Values of `--lang`.
pub(super) fn languages() -> impl TypedValueParser {
    PossibleValuesParser::new(Language::ALL.map(Language::tag)).map(|tag| Language::find(&tag).unwrap_or_default())
}
