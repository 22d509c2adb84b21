//! Layout `dir`: the page with indexes and small logs inline, everything else as files beside it.

use std::fs::{self, File};
use std::io::{BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::hashed::Hashed;
use super::inline::PageWriter;
use super::{Incoming, Layout, NO_CACHE, OPAQUE, Target, WrittenFile};
use crate::bundle::{Part, PartKind};
use crate::error::Error;
use crate::manifest::{Carrier, PartEntry};
use crate::page;
use crate::player;
use crate::recording::MediaKind;

/// Bytes of log parts that stay inline, so that a folder opens by double click.
pub(crate) const INLINE_LOG_BYTES: u64 = 8 * 1024 * 1024;
/// Folder of the parts, beside the page.
const PARTS: &str = "parts";
/// The service worker, which plays sealed parts piece by piece.
pub(crate) const WORKER: &str = "sw.js";
/// Parts never change: a new export has a new folder.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// Makes the layout for a folder.
pub(super) fn make(target: &Target, sealed: bool) -> Result<Box<dyn Layout>, Error> {
    if target.is_stdout() {
        return Err(Error::usage("a folder cannot go to stdout", "leave out --layout dir, or name a folder with -o"));
    }
    target.check_free()?;
    if target.path.symlink_metadata().is_ok() && !is_bundle(&target.path) {
        return Err(Error::failed(
            format!(
                "{} is there and is no share made by sealcast, so --force does not replace it",
                target.path.display()
            ),
            "name another folder with -o",
        ));
    }
    let folder = temporary(target)?;
    let page = folder.path().join("index.html");
    let file = File::create(&page).map_err(Error::io("cannot write", &page))?;
    let writer = PageWriter::new(BufWriter::new(file), target.path.join("index.html"), target.checksums);
    Ok(Box::new(Dir {
        folder,
        target: target.clone(),
        writer,
        inline: 0,
        files: Vec::new(),
        sealed,
        needs_worker: false,
    }))
}

/// Whether a folder holds nothing, or a share of ours and nothing else.
fn is_bundle(folder: &Path) -> bool {
    let Some(names) = names(folder) else { return false };
    let ours = |name: &String| match name.as_str() {
        "index.html" => is_our_page(&folder.join(name)),
        WORKER => true,
        PARTS => self::names(&folder.join(name)).is_some_and(|parts| parts.iter().all(|part| is_part_name(part))),
        _ => false,
    };
    names.is_empty() || (names.iter().any(|name| name == "index.html") && names.iter().all(ours))
}

/// The names in a folder; `None` when one cannot be told.
fn names(folder: &Path) -> Option<Vec<String>> {
    fs::read_dir(folder).ok()?.map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
}

fn is_our_page(page: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(page).and_then(|file| file.take(4096).read_to_end(&mut head));
    read.is_ok() && page::is_share(&head)
}

/// Whether a name is one that [`part_name`] or [`pieces`] gives.
fn is_part_name(name: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    name.split_once('.').is_some_and(|(stem, ending)| match stem.split_once('-') {
        Some((id, piece)) => is_number(id) && is_number(piece) && ending == "bin",
        None => {
            is_number(stem)
                && !ending.is_empty()
                && ending.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        }
    })
}

fn temporary(target: &Target) -> Result<TempDir, Error> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".sealcast-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    builder.tempdir_in(target.parent()).map_err(Error::io("cannot write in", target.parent()))
}

#[derive(Debug)]
struct Dir {
    folder: TempDir,
    target: Target,
    writer: PageWriter<BufWriter<File>>,
    inline: u64,
    files: Vec<WrittenFile>,
    sealed: bool,
    /// Whether a browser could not play what lies in the files as it is.
    needs_worker: bool,
}

impl Layout for Dir {
    fn carrier(&mut self, part: &Part, length: u64) -> Carrier {
        let inline = match part.kind {
            // Captions are read as text and a poster shows at once: both must work by double click.
            PartKind::Index | PartKind::Media(MediaKind::Captions | MediaKind::Poster) => true,
            PartKind::Log => {
                let fits = self.inline + part.length <= INLINE_LOG_BYTES;
                self.inline += if fits { part.length } else { 0 };
                fits
            }
            PartKind::Media(_) => false,
        };
        match self.target.split {
            _ if inline => Carrier::Inline,
            Some(size) if length > size => Carrier::Files(pieces(part.id, length, size)),
            _ => Carrier::File(part_name(part, self.sealed)),
        }
    }

    fn begin(&mut self, page: &str) -> Result<(), Error> {
        self.writer.text(page)
    }

    fn part(&mut self, entry: &PartEntry, content_type: &str, body: &mut Incoming<'_>) -> Result<u32, Error> {
        let mut crc = crc32fast::Hasher::new();
        self.needs_worker |= entry.files.is_some() || (self.sealed && entry.file.is_some());
        match (&entry.file, &entry.files) {
            (Some(name), _) => self.file(name, u64::MAX, content_type, body, &mut crc)?,
            (None, Some(files)) => {
                for (number, (name, bytes)) in files.iter().enumerate() {
                    // The last takes all that is left, so that a source that grew meanwhile is noticed.
                    let most = if number + 1 < files.len() { *bytes } else { u64::MAX };
                    self.file(name, most, OPAQUE, body, &mut crc)?;
                }
            }
            (None, None) => return self.writer.part(entry.id, body),
        }
        Ok(crc.finalize())
    }

    fn finish(mut self: Box<Self>, end: &str) -> Result<Vec<WrittenFile>, Error> {
        if self.needs_worker {
            self.worker()?;
        }
        let Self { folder, target, writer, mut files, .. } = *self;
        let (_, bytes, sha256) = writer.end(end)?;
        let content_type = "text/html; charset=utf-8".into();
        let page = WrittenFile { path: "index.html".into(), bytes, sha256, content_type, cache_control: NO_CACHE };
        files.insert(0, page);
        target.check_bytes(files.iter().map(|file| file.bytes).sum())?;
        put_in_place(folder, &target)?;
        Ok(files)
    }
}

impl Dir {
    /// Writes the service worker. It changes with the program's version only, and browsers ask for it anew.
    fn worker(&mut self) -> Result<(), Error> {
        let named = self.target.path.join(WORKER);
        let failed = || Error::io("cannot write", &named);
        let file = File::create(self.folder.path().join(WORKER)).map_err(failed())?;
        let mut out = Hashed::new(file, self.target.checksums);
        out.write_all(player::worker().as_bytes()).map_err(failed())?;
        let (_, bytes, sha256) = out.finish().map_err(failed())?;
        let content_type = "text/javascript; charset=utf-8".into();
        self.files.push(WrittenFile { path: WORKER.into(), bytes, sha256, content_type, cache_control: NO_CACHE });
        Ok(())
    }

    /// Writes what is left of a part into a file, so many bytes at most.
    fn file(
        &mut self,
        name: &str,
        most: u64,
        content_type: &str,
        body: &mut Incoming<'_>,
        crc: &mut crc32fast::Hasher,
    ) -> Result<(), Error> {
        let path = self.folder.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(Error::io("cannot write", parent))?;
        }
        // Errors name the file as it will be.
        let named = self.target.path.join(name);
        let file = File::create(path).map_err(Error::io("cannot write", &named))?;
        let mut out = Hashed::new(file, self.target.checksums);
        body.copy_most(most, &mut out, &named, crc)?;
        let (_, bytes, sha256) = out.finish().map_err(Error::io("cannot write", &named))?;
        let (path, content_type) = (name.into(), content_type.into());
        self.files.push(WrittenFile { path, bytes, sha256, content_type, cache_control: IMMUTABLE });
        Ok(())
    }
}

/// Renames the finished folder to the target; an old share goes only when the new one stands.
fn put_in_place(folder: TempDir, target: &Target) -> Result<(), Error> {
    let failed = || Error::io("cannot write", &target.path);
    if target.path.symlink_metadata().is_err() {
        fs::rename(folder.path(), &target.path).map_err(failed())?;
        drop(folder.keep());
        return Ok(());
    }
    if !target.force {
        return Err(Error::OutputExists(target.path.clone()));
    }
    let aside: PathBuf = folder.path().with_extension("old");
    fs::rename(&target.path, &aside).map_err(failed())?;
    if let Err(error) = fs::rename(folder.path(), &target.path) {
        // Nothing lost: the old share goes back.
        fs::rename(&aside, &target.path).map_err(failed())?;
        return Err(failed()(error));
    }
    drop(folder.keep());
    fs::remove_dir_all(&aside).map_err(Error::io("cannot remove", &aside))
}

/// A part's file, relative to the page. Of a sealed part the name says nothing.
pub(super) fn part_name(part: &Part, sealed: bool) -> String {
    format!("{PARTS}/{}.{}", part.id, if sealed { "bin" } else { extension(&part.content_type) })
}

/// The files of a part that is cut, relative to the page, with their lengths. None is of use by itself, which is what
/// the names say.
fn pieces(id: u32, length: u64, size: u64) -> Vec<(String, u64)> {
    let piece = |start| (format!("{PARTS}/{id}-{}.bin", start / size + 1), size.min(length - start));
    std::iter::successors(Some(0_u64), |start| start.checked_add(size))
        .take_while(|start| *start < length)
        .map(piece)
        .collect()
}

/// The name's ending that servers map back to the type.
pub(crate) fn extension(content_type: &str) -> &'static str {
    crate::media::ending(content_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_of_a_cut_part_but_the_last_are_as_long() {
        let lengths = |length, size| pieces(7, length, size).into_iter().map(|piece| piece.1).collect::<Vec<_>>();
        assert_eq!(lengths(10, 4), [4, 4, 2]);
        assert_eq!(lengths(8, 4), [4, 4]);
        assert_eq!(lengths(9, 8), [8, 1]);
        assert_eq!(pieces(7, 9, 8)[1].0, "parts/7-2.bin");
    }

    #[test]
    fn names_of_our_own_are_known() {
        let cut = pieces(7, 100, 9);
        let own = cut.iter().map(|(name, _)| name.strip_prefix("parts/").unwrap());
        for name in own.chain(["1.bin", "23.webm", "4.mp3"]) {
            assert!(is_part_name(name), "{name}");
        }
        for name in
            ["", "7", "7.", ".bin", "7-.bin", "-1.bin", "7-1", "7-1.webm", "7-1-2.bin", "7-a.bin", "a-1.bin", "7.BIN"]
        {
            assert!(!is_part_name(name), "{name}");
        }
    }
}
