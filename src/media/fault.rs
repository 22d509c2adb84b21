//! What recorders leave out of a file or put in the wrong place: one list, in the words of a finding and of a repair.

/// Something that a player would miss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Sizes,
    Length,
    WrongLength,
    Index,
    WrongIndex,
    LateIndex,
    /// Fragments, with an index of them in front.
    Fragments,
    BareFragments,
    Damage,
    Cut,
    Second,
}

impl Fault {
    /// As it was found: `no index`.
    pub(super) const fn found(self) -> &'static str {
        match self {
            Self::Sizes => "sizes unknown",
            Self::Length => "no length",
            Self::WrongLength => "wrong length",
            Self::Index => "no index",
            Self::WrongIndex => "wrong index",
            Self::LateIndex => "index at the end",
            Self::Fragments => "index in fragments",
            Self::BareFragments => "fragments without an index",
            Self::Damage => "damaged part",
            Self::Cut => "cut end",
            Self::Second => "second recording",
        }
    }

    /// As it was mended: `index added`.
    pub(super) const fn mended(self) -> &'static str {
        match self {
            Self::Sizes => "sizes added",
            Self::Length => "length added",
            Self::WrongLength => "length corrected",
            Self::Index => "index added",
            Self::WrongIndex => "index renewed",
            Self::LateIndex => "index moved to the front",
            Self::Fragments | Self::BareFragments => "fragments joined under one index",
            Self::Damage => "damaged part dropped",
            Self::Cut => "cut end dropped",
            Self::Second => "second recording dropped",
        }
    }
}
