//! Checks that a share is what sealcast wrote: every part, and everything around the parts.

use sha2::{Digest, Sha256};

use crate::bundle::PRODUCER;
use crate::error::Error;
use crate::language::Language;
use crate::layout::{end_json, hex};
use crate::page::{self, Page};
use crate::player;
use crate::read::Opened;

/// Bytes of a part checked at once.
const STRETCH_BYTES: u64 = 1024 * 1024;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verdict {
    /// Number of parts whose length and CRC-32 are right.
    pub parts: usize,
    /// How the page around the parts was judged.
    pub page: PageVerdict,
}

/// How the page around the parts was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageVerdict {
    /// It is byte for byte what this version writes.
    Same,
    /// Another version wrote it.
    NotCompared {
        /// SHA-256 of everything outside the blocks.
        page: String,
        /// SHA-256 of the service worker, where there is one.
        worker: Option<String>,
    },
}

/// Checks a share whole. Where the link says where its key share is, `share_origin` is that place: the page must
/// then ask there and nowhere else.
///
/// # Errors
/// [`Error::Damaged`] for the first thing that is not as it was written.
pub fn verify(opened: &Opened, share_origin: Option<&str>) -> Result<Verdict, Error> {
    for (id, length, crc) in opened.end() {
        let mut hasher = crc32fast::Hasher::new();
        let mut offset = 0;
        while offset < *length {
            crate::interrupt::check()?;
            let bytes = opened.read_carried(*id, offset, STRETCH_BYTES.min(length - offset))?;
            hasher.update(&bytes);
            offset += bytes.len() as u64;
        }
        opened.check_carrier(*id)?;
        if hasher.finalize() != *crc {
            return Err(changed(&format!("part {id} is not as it was written")));
        }
    }
    if opened.header.is_sealed() {
        for part in &opened.manifest.parts {
            read_through(opened, part.id)?;
        }
    }
    Ok(Verdict { parts: opened.end().len(), page: page_verdict(opened, share_origin)? })
}

/// Opens every record of a sealed part.
fn read_through(opened: &Opened, part: u32) -> Result<(), Error> {
    let length = opened.length(part)?;
    let mut offset = 0;
    while offset < length {
        crate::interrupt::check()?;
        offset += opened.read(part, offset, STRETCH_BYTES.min(length - offset))?.len() as u64;
    }
    Ok(())
}

/// Renders the page again and compares; the service worker too, which opens what the page does not.
fn page_verdict(opened: &Opened, share_origin: Option<&str>) -> Result<PageVerdict, Error> {
    let worker = opened.worker()?;
    if opened.manifest.producer != PRODUCER {
        let hash = |bytes: &[u8]| hex(&Sha256::digest(bytes));
        return Ok(PageVerdict::NotCompared { page: hash(opened.around()), worker: worker.as_deref().map(hash) });
    }
    let around = String::from_utf8_lossy(opened.around());
    let page = Page {
        header: &opened.header,
        checks: opened.checks(),
        language: Language::of_page(&around),
        title: opened.manifest.title.as_deref().filter(|_| !opened.header.is_sealed()),
        share_origin: share_origin.or_else(|| page::share_origin(&around)).filter(|_| opened.header.share),
    };
    let own = page.render() + &page::close(&end_json(opened.end()));
    if around != own {
        return Err(changed("the page around the recording is not what this version of sealcast writes"));
    }
    if worker.is_some_and(|worker| worker != player::worker().as_bytes()) {
        return Err(changed("sw.js is not what this version of sealcast writes"));
    }
    Ok(PageVerdict::Same)
}

fn changed(fact: &str) -> Error {
    Error::damaged(format!("the share was changed: {fact}"), "do not open it; get it again from whoever made it")
}
