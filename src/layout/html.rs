//! Layout `html`: one file with everything inside.

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};

use tempfile::NamedTempFile;

use super::inline::PageWriter;
use super::{Incoming, Layout, NO_CACHE, Target, WrittenFile};
use crate::bundle::Part;
use crate::error::Error;
use crate::manifest::{Carrier, PartEntry};

/// The fewest bytes that a part takes: base64 of it.
pub(super) fn least(part: &Part, _sealed: bool) -> u64 {
    part.length.div_ceil(3).saturating_mul(4)
}

/// Makes the layout for a file, or for stdout.
pub(super) fn make(target: &Target, _sealed: bool) -> Result<Box<dyn Layout>, Error> {
    let (out, place): (Box<dyn Write>, _) = if target.is_stdout() && target.limit.is_some() {
        // What went out cannot be taken back, so a page that may turn out too large waits aside.
        let spool = tempfile::tempfile().map_err(spool_failed())?;
        (Box::new(spool.try_clone().map_err(spool_failed())?), Place::Spool(spool))
    } else if target.is_stdout() {
        (Box::new(io::stdout().lock()), Place::Stdout)
    } else {
        target.check_file()?;
        let file = temporary(target)?;
        (Box::new(file.reopen().map_err(Error::io("cannot write", &target.path))?), Place::File(file))
    };
    let writer = PageWriter::new(BufWriter::new(out), target.path.clone(), target.checksums);
    Ok(Box::new(Html { writer, place, target: target.clone() }))
}

fn spool_failed() -> impl FnOnce(io::Error) -> Error {
    Error::io("cannot write a temporary file in", std::env::temp_dir())
}

/// A file beside the target that vanishes unless it is put in place.
pub(super) fn temporary(target: &Target) -> Result<NamedTempFile, Error> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".sealcast-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What the user's umask leaves of it: a share is made to be read by others.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(target.parent()).map_err(Error::io("cannot write in", target.parent()))
}

/// Where the page is until it is whole.
#[derive(Debug)]
enum Place {
    Stdout,
    /// On its way to stdout.
    Spool(File),
    /// Beside the target.
    File(NamedTempFile),
}

#[derive(Debug)]
struct Html {
    writer: PageWriter<BufWriter<Box<dyn Write>>>,
    place: Place,
    target: Target,
}

impl Layout for Html {
    fn carrier(&mut self, _part: &Part, _length: u64) -> Carrier {
        Carrier::Inline
    }

    fn begin(&mut self, page: &str) -> Result<(), Error> {
        self.writer.text(page)
    }

    fn part(&mut self, entry: &PartEntry, _content_type: &str, body: &mut Incoming<'_>) -> Result<u32, Error> {
        self.writer.part(entry.id, body)
    }

    fn finish(self: Box<Self>, end: &str) -> Result<Vec<WrittenFile>, Error> {
        let Self { writer, place, target } = *self;
        let (_, bytes, sha256) = writer.end(end)?;
        target.check_bytes(bytes)?;
        match place {
            Place::Stdout => {}
            Place::Spool(mut spool) => {
                spool.seek(SeekFrom::Start(0)).map_err(spool_failed())?;
                io::copy(&mut spool, &mut io::stdout().lock()).map_err(Error::io("cannot write to", "stdout"))?;
            }
            Place::File(file) => put_in_place(file, &target)?,
        }
        let path = target.file_name();
        let content_type = "text/html; charset=utf-8".into();
        Ok(vec![WrittenFile { path, bytes, sha256, content_type, cache_control: NO_CACHE }])
    }
}

/// Gives a finished file its name.
pub(super) fn put_in_place(file: NamedTempFile, target: &Target) -> Result<(), Error> {
    let persisted = if target.force { file.persist(&target.path) } else { file.persist_noclobber(&target.path) };
    persisted.map(drop).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => Error::OutputExists(target.path.clone()),
        _ => Error::io("cannot write", &target.path)(error.error),
    })
}
