//! Writing EBML. Sizes of what is large or not yet known take eight bytes, so that lengths do not depend on values.

/// Bytes of the head that [`head`] makes for an id of four bytes.
pub(super) const HEAD: u64 = 12;

/// The size of what ends where the next of its kind begins.
pub(super) const UNKNOWN: u64 = (1 << 56) - 1;

/// The head of an element, its size in eight bytes.
pub(super) fn head(id: u32, size: u64) -> Vec<u8> {
    let mut bytes = id_bytes(id);
    // The marker of eight bytes; no size comes near 2^56.
    bytes.extend_from_slice(&(size | 1 << 56).to_be_bytes());
    bytes
}

/// An element of less than 127 bytes, its size in one.
pub(super) fn small(id: u32, body: &[u8]) -> Vec<u8> {
    let mut bytes = id_bytes(id);
    bytes.push(u8::try_from(body.len()).map_or(0xfe, |len| len.min(126)) | 0x80);
    bytes.extend_from_slice(body);
    bytes
}

/// A number in eight bytes.
pub(super) fn uint(id: u32, value: u64) -> Vec<u8> {
    small(id, &value.to_be_bytes())
}

fn id_bytes(id: u32) -> Vec<u8> {
    id.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect()
}
