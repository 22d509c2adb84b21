//! Layout `dir`: the page with indexes and small logs inline, everything else as files beside it.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::inline::{PageWriter, hex};
use super::{Incoming, Layout, SHA256_LIMIT, Target, WrittenFile};
use crate::bundle::{Part, PartKind};
use crate::error::Error;
use crate::manifest::PartEntry;
use crate::recording::MediaKind;

/// Bytes of log parts that stay inline, so that a folder opens by double click.
pub(crate) const INLINE_LOG_BYTES: u64 = 8 * 1024 * 1024;
/// Folder of the parts, beside the page.
const PARTS: &str = "parts";
/// Bytes copied at once.
const COPY_BYTES: usize = 256 * 1024;

/// Makes the layout for a folder.
pub(super) fn make(target: &Target) -> Result<Box<dyn Layout>, Error> {
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
    let writer = PageWriter::new(BufWriter::new(file), target.path.join("index.html"));
    Ok(Box::new(Dir { folder, target: target.clone(), writer, inline: 0, files: Vec::new() }))
}

/// Whether a folder holds nothing, or a share of ours and nothing else.
fn is_bundle(path: &Path) -> bool {
    let Ok(entries) = fs::read_dir(path) else { return false };
    let mut names: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.file_name()).collect();
    names.sort();
    let ours = names.iter().all(|name| name == "index.html" || name == PARTS);
    names.is_empty() || (ours && names.iter().any(|name| name == "index.html"))
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
}

impl Layout for Dir {
    fn carrier(&mut self, part: &Part) -> Option<String> {
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
        (!inline).then(|| format!("{PARTS}/{}.{}", part.id, extension(&part.content_type)))
    }

    fn begin(&mut self, page: &str) -> Result<(), Error> {
        self.writer.text(page)
    }

    fn part(&mut self, entry: &PartEntry, content_type: &str, body: &mut Incoming<'_>) -> Result<u32, Error> {
        let Some(name) = &entry.file else { return self.writer.part(entry.id, body) };
        let path = self.folder.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(Error::io("cannot write", parent))?;
        }
        let (crc, sha256) = copy(body, &path, &self.target.path.join(name), entry.length)?;
        self.files.push(WrittenFile {
            path: name.clone(),
            bytes: entry.length,
            sha256,
            content_type: content_type.into(),
            cache_control: "public, max-age=31536000, immutable",
        });
        Ok(crc)
    }

    fn finish(self: Box<Self>, end: &str) -> Result<Vec<WrittenFile>, Error> {
        let Self { folder, target, writer, mut files, .. } = *self;
        let (_, bytes, digest) = writer.end(end)?;
        files.insert(
            0,
            WrittenFile {
                path: "index.html".into(),
                bytes,
                sha256: (bytes <= SHA256_LIMIT).then_some(digest),
                content_type: "text/html; charset=utf-8".into(),
                cache_control: "no-cache",
            },
        );
        put_in_place(folder, &target)?;
        Ok(files)
    }
}

/// Copies a part into a file; gives CRC-32 and, of small ones, SHA-256. Errors name the file as it will be.
fn copy(body: &mut Incoming<'_>, path: &Path, named: &Path, length: u64) -> Result<(u32, Option<String>), Error> {
    let mut file = File::create(path).map_err(Error::io("cannot write", named))?;
    let mut crc = crc32fast::Hasher::new();
    let mut digest = (length <= SHA256_LIMIT).then(Sha256::new);
    let mut buffer = vec![0; COPY_BYTES];
    loop {
        let count = body.fill(&mut buffer)?;
        if count == 0 {
            break;
        }
        crc.update(&buffer[..count]);
        if let Some(digest) = &mut digest {
            digest.update(&buffer[..count]);
        }
        file.write_all(&buffer[..count]).map_err(Error::io("cannot write", named))?;
    }
    Ok((crc.finalize(), digest.map(|digest| hex(&digest.finalize()))))
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

/// The name's ending that servers map back to the type.
fn extension(content_type: &str) -> &'static str {
    match content_type.split(';').next().unwrap_or_default().trim() {
        "video/webm" | "audio/webm" => "webm",
        "video/mp4" => "mp4",
        "audio/mp4" => "m4a",
        "audio/ogg" => "ogg",
        "audio/mpeg" => "mp3",
        "audio/wav" => "wav",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "text/vtt" => "vtt",
        _ => "bin",
    }
}
