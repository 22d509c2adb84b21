//! What an index says of place, device, author and date, blanked where it stands, so that nothing moves.

use super::tree::Tree;

/// Boxes that hold nothing a player needs: tags, names, chapters, XMP. Each device has its own, so they go as wholes.
pub(super) const TAGS: [&[u8; 4]; 3] = [b"udta", b"meta", b"uuid"];

/// Blanks an index; says whether there was anything to blank.
pub(super) fn blank(moov: &mut [u8], tree: &mut Tree) -> bool {
    let mut found = false;
    for node in &mut tree.nodes {
        let body = &mut moov[node.body..node.end];
        let span = match &node.kind {
            kind if TAGS.contains(&kind) => 0..body.len(),
            // Version and flags, then the times of making and of change.
            b"mvhd" | b"tkhd" | b"mdhd" if body.first() == Some(&1) => 4..body.len().min(20),
            b"mvhd" | b"tkhd" | b"mdhd" => 4..body.len().min(12),
            _ => continue,
        };
        let Some(bytes) = body.get_mut(span).filter(|bytes| bytes.iter().any(|byte| *byte != 0)) else { continue };
        bytes.fill(0);
        found = true;
        if TAGS.contains(&&node.kind) {
            node.kind = *b"free";
            moov[node.start + 4..node.start + 8].copy_from_slice(b"free");
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::boxed;
    use super::*;

    #[test]
    fn tags_and_times_go_and_nothing_moves() {
        let times = |fill: u8| boxed(b"mvhd", &[[0; 4].as_slice(), &[fill; 8], &[7; 88]].concat());
        let mut long = boxed(b"tkhd", &[[1, 0, 0, 3].as_slice(), &[9; 16], &[7; 12]].concat());
        let mut moov = [times(9), boxed(b"trak", &long), boxed(b"udta", b"\0\0\0\x0c\xa9xyz+52.")].concat();
        let mut tree = Tree::read(&moov).unwrap();
        assert!(blank(&mut moov, &mut tree));
        long[12..28].fill(0);
        assert_eq!(moov, [times(0), boxed(b"trak", &long), boxed(b"free", &[0; 12])].concat());
        let mut tree = Tree::read(&moov).unwrap();
        assert!(!blank(&mut moov, &mut tree));
    }
}
