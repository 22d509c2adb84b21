//! Errors: a fact in lower case, a hint of what to do, and an exit code.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::seal::Damage;

/// Everything that can end a run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A file operation failed.
    Io {
        /// What was being done, as in `cannot read`.
        action: &'static str,
        /// The file concerned.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The output is already there.
    OutputExists(PathBuf),
    /// Options that make no sense, beyond what the argument parser sees.
    Usage {
        /// What is wrong.
        fact: String,
        /// What to write instead.
        hint: String,
    },
    /// Nothing usable among the inputs, or several things that could be meant.
    Input {
        /// What is wrong.
        fact: String,
        /// What to do.
        hint: String,
    },
    /// Refused by a rule: too large, unsafe, a secret.
    Refused {
        /// What is wrong.
        fact: String,
        /// What to do.
        hint: String,
    },
    /// The key or password does not open the share.
    Locked {
        /// What is wrong.
        fact: String,
        /// What to do.
        hint: String,
    },
    /// The bundle is not as it was written.
    Damaged {
        /// What is wrong.
        fact: String,
        /// What to do.
        hint: String,
    },
    /// Something around the run did not work, though nothing is wrong with what was asked.
    Failed {
        /// What went wrong.
        fact: String,
        /// What to do.
        hint: String,
    },
    /// A server did not answer, or refused.
    Remote {
        /// What is wrong.
        fact: String,
        /// What to do.
        hint: String,
    },
    /// The share's time is over.
    Expired {
        /// What is wrong.
        fact: String,
        /// What to do.
        hint: String,
    },
    /// The user pressed Ctrl-C, or the system asked to end.
    Interrupted,
}

impl Error {
    /// Wraps a file error; for `map_err`. Interruptions and damage of sealed parts, which pass through readers
    /// as file errors, become what they are.
    pub fn io(action: &'static str, path: impl AsRef<Path>) -> impl FnOnce(io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |source| {
            if source.get_ref().is_some_and(|inner| inner.is::<Interruption>()) {
                return Self::Interrupted;
            }
            match source.get_ref().and_then(|inner| inner.downcast_ref::<Damage>()) {
                Some(damage) => Self::damaged(
                    format!("{} is damaged: {damage}", path.display()),
                    "get it again from whoever made it, or export it anew",
                ),
                None => Self::Io { action, path, source },
            }
        }
    }

    /// An input error.
    pub fn input(fact: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Input { fact: fact.into(), hint: hint.into() }
    }

    /// A usage error.
    pub fn usage(fact: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { fact: fact.into(), hint: hint.into() }
    }

    /// A refusal by a rule.
    pub fn refused(fact: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Refused { fact: fact.into(), hint: hint.into() }
    }

    /// A failure of what is around the run.
    pub fn failed(fact: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Failed { fact: fact.into(), hint: hint.into() }
    }

    /// A failure of a server, or on the way to it.
    pub fn remote(fact: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Remote { fact: fact.into(), hint: hint.into() }
    }

    /// An expired share.
    pub fn expired(fact: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Expired { fact: fact.into(), hint: hint.into() }
    }

    /// A wrong key or password.
    pub fn locked(fact: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Locked { fact: fact.into(), hint: hint.into() }
    }

    /// A damaged bundle.
    pub fn damaged(fact: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Damaged { fact: fact.into(), hint: hint.into() }
    }

    /// Whether the reader of our output went away.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The process's exit code, stable across versions.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Io { .. } | Self::OutputExists(_) | Self::Failed { .. } => 1,
            Self::Usage { .. } => 2,
            Self::Input { .. } => 3,
            Self::Refused { .. } => 4,
            Self::Remote { .. } => 5,
            Self::Expired { .. } => 6,
            Self::Locked { .. } | Self::Damaged { .. } => 7,
            Self::Interrupted => 130,
        }
    }

    /// What to do next, when there is something to do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Io { action, path, source } => io_hint(action, path, source),
            Self::OutputExists(_) => Some("pass --force to replace it, or another name with -o".into()),
            Self::Usage { hint, .. }
            | Self::Input { hint, .. }
            | Self::Refused { hint, .. }
            | Self::Remote { hint, .. }
            | Self::Expired { hint, .. }
            | Self::Locked { hint, .. }
            | Self::Damaged { hint, .. }
            | Self::Failed { hint, .. } => Some(hint.clone()),
            Self::Interrupted => None,
        }
    }
}

fn io_hint(action: &str, path: &Path, source: &io::Error) -> Option<String> {
    Some(match source.kind() {
        io::ErrorKind::StorageFull if action.contains("temporary") => {
            "free some space there, or set TMPDIR to a folder on another disk".into()
        }
        io::ErrorKind::StorageFull => "free some space, or write to another disk with -o".into(),
        io::ErrorKind::NotFound if action.contains("read") || action.contains("open") => {
            "check the path; names with spaces need quotes in the shell".into()
        }
        io::ErrorKind::NotFound if action.ends_with(" in") => format!("create the folder {} first", path.display()),
        io::ErrorKind::NotFound => "check the path".into(),
        io::ErrorKind::PermissionDenied => "check who may read or write there".into(),
        _ => return None,
    })
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { action, path, source } => write!(f, "{action} {}: {}", path.display(), reason(source)),
            Self::OutputExists(path) => write!(f, "{} exists already", path.display()),
            Self::Usage { fact, .. }
            | Self::Input { fact, .. }
            | Self::Refused { fact, .. }
            | Self::Remote { fact, .. }
            | Self::Expired { fact, .. }
            | Self::Locked { fact, .. }
            | Self::Damaged { fact, .. }
            | Self::Failed { fact, .. } => f.write_str(fact),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

/// The system's reason in its own words, without the number behind it.
fn reason(source: &io::Error) -> String {
    let text = source.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// Travels inside an [`io::Error`] through writers and readers when the run was interrupted.
#[derive(Debug)]
pub(crate) struct Interruption;

impl fmt::Display for Interruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interruption {}
