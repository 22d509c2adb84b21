//! Why a sealed bundle does not open, in the contract's words.

use std::fmt;

use crate::error::Error;
use crate::when;

/// What stands between a reader and a sealed bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// It has expired, at this many seconds since 1970.
    Expired(u64),
    /// No key was given.
    NeedsKey,
    /// The key belongs to another bundle.
    WrongKey,
    /// The header was changed.
    Damaged,
    /// No password was given.
    NeedsPassword,
    /// The password is another one.
    WrongPassword,
    /// No key share was given.
    NeedsShare,
}

impl Refusal {
    /// The contract's word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Expired(_) => "expired",
            Self::NeedsKey => "needs-key",
            Self::WrongKey => "wrong-key",
            Self::Damaged => "damaged",
            Self::NeedsPassword => "needs-password",
            Self::WrongPassword => "wrong-password",
            Self::NeedsShare => "needs-share",
        }
    }

    const fn hint(self) -> &'static str {
        match self {
            Self::Expired(_) => "ask whoever shared it for a new link",
            Self::NeedsKey => "give the whole link with what follows the #, or --key-file FILE",
            Self::WrongKey => "copy the whole link again; a key opens the one share it was made with",
            Self::Damaged => "get it again from whoever made it, or export it anew",
            Self::NeedsPassword => "give it by --password-file FILE",
            Self::WrongPassword => "check capitals and the keyboard's language, or ask whoever shared it",
            Self::NeedsShare => "give it by --key-share FILE",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired(at) => write!(f, "the share expired at {}", when::rfc3339(*at)),
            Self::NeedsKey => f.write_str("the share is sealed, and its key is not given"),
            Self::WrongKey => f.write_str("the key is not the one of this share"),
            Self::Damaged => f.write_str("the share is damaged: its header was changed"),
            Self::NeedsPassword => f.write_str("the share is sealed with a password too, and it is not given"),
            Self::WrongPassword => f.write_str("the password is wrong"),
            Self::NeedsShare => f.write_str("the share's key has a second half, and it is not given"),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let fact = refusal.to_string();
        match refusal {
            Refusal::Expired(_) => Self::expired(fact, refusal.hint()),
            Refusal::WrongKey | Refusal::WrongPassword => Self::locked(fact, refusal.hint()),
            Refusal::Damaged => Self::damaged(fact, refusal.hint()),
            Refusal::NeedsKey | Refusal::NeedsPassword | Refusal::NeedsShare => Self::usage(fact, refusal.hint()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_exit_code_and_hint() {
        for (refusal, code) in [
            (Refusal::Expired(1), 6),
            (Refusal::NeedsKey, 2),
            (Refusal::WrongKey, 7),
            (Refusal::Damaged, 7),
            (Refusal::NeedsPassword, 2),
            (Refusal::WrongPassword, 7),
            (Refusal::NeedsShare, 2),
        ] {
            let error = Error::from(refusal);
            assert_eq!(error.exit_code(), code, "{refusal:?}");
            assert!(error.hint().is_some(), "{refusal:?}");
        }
    }
}
