//! PADME padding: lengths say less about the contents, for at most 12 % more bytes.
//!
//! Padding lies inside the plaintext. Behind the JSON of manifest and indexes it is spaces, which readers of JSON
//! skip; behind log parts it is zero bytes, which readers never reach, as they stop at the declared lengths.

use std::io::{self, Chain, Read, Repeat, Take};

/// The length in bytes that this many bytes are padded to.
#[must_use]
pub const fn padme(length: u64) -> u64 {
    if length < 2 {
        return length;
    }
    let exponent = length.ilog2();
    let low_bits = exponent - (exponent.ilog2() + 1);
    let mask = (1_u64 << low_bits) - 1;
    // No length near the largest integer exists; it would stay as it is.
    match length.checked_add(mask) {
        Some(sum) => sum & !mask,
        None => length,
    }
}

/// Pads JSON with spaces.
pub fn pad_json(json: &mut Vec<u8>) {
    let padded = usize::try_from(padme(json.len() as u64)).unwrap_or(json.len());
    json.resize(padded, b' ');
}

/// Pads a part of `length` bytes with zero bytes as it is read; it then has [`padme`]`(length)` bytes.
pub fn pad_zeros<R: Read>(part: R, length: u64) -> Chain<R, Take<Repeat>> {
    part.chain(io::repeat(0).take(padme(length) - length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_rounded_up_by_an_eighth_at_most() {
        for (length, padded) in [
            (0, 0),
            (1, 1),
            (2, 2),
            (7, 7),
            (8, 8),
            (9, 10),
            (15, 16),
            (31, 32),
            (33, 36),
            (255, 256),
            (257, 272),
            (1_000, 1_024),
            (50_000, 51_200),
            (65_537, 67_584),
            (1_000_000, 1_015_808),
            (1_048_577, 1_081_344),
            (1 << 40, 1 << 40),
            ((1 << 40) + 1, (1 << 40) + (1 << 34)),
            (u64::MAX, u64::MAX),
        ] {
            assert_eq!(padme(length), padded, "{length}");
        }
        for length in (0..70_000).chain((0..40).map(|bit| (1 << bit) + 1)) {
            let padded = padme(length);
            assert!(padded >= length && (padded - length) * 100 <= length * 12, "{length} to {padded}");
            assert_eq!(padme(padded), padded, "{length}");
        }
    }

    #[test]
    fn padding_lies_behind_the_contents() {
        let mut json = vec![b'1'; 33];
        pad_json(&mut json);
        assert_eq!(json, [&[b'1'; 33][..], b"   "].concat());
        let mut part = Vec::new();
        pad_zeros(&[7; 33][..], 33).read_to_end(&mut part).unwrap();
        assert_eq!(part, [&[7; 33][..], &[0; 3]].concat());
    }
}
