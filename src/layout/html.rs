//! Layout `html`: one file with everything inside.

use std::io::{self, BufWriter, Write};

use tempfile::NamedTempFile;

use super::inline::PageWriter;
use super::{Incoming, Layout, NO_CACHE, Target, WrittenFile};
use crate::bundle::Part;
use crate::error::Error;
use crate::manifest::{Carrier, PartEntry};

/// Makes the layout for a file, or for stdout.
pub(super) fn make(target: &Target, _sealed: bool) -> Result<Box<dyn Layout>, Error> {
    if target.is_stdout() {
        let out: Box<dyn Write> = Box::new(io::stdout().lock());
        return Ok(Box::new(Html {
            writer: PageWriter::new(BufWriter::new(out), target.path.clone(), target.checksums),
            file: None,
        }));
    }
    target.check_file()?;
    let file = temporary(target)?;
    let out: Box<dyn Write> = Box::new(file.reopen().map_err(Error::io("cannot write", &target.path))?);
    let writer = PageWriter::new(BufWriter::new(out), target.path.clone(), target.checksums);
    Ok(Box::new(Html { writer, file: Some((file, target.clone())) }))
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

#[derive(Debug)]
struct Html {
    writer: PageWriter<BufWriter<Box<dyn Write>>>,
    file: Option<(NamedTempFile, Target)>,
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
        let Self { writer, file, .. } = *self;
        let (_, bytes, sha256) = writer.end(end)?;
        let mut path = String::from("-");
        if let Some((file, target)) = file {
            path = target.file_name();
            put_in_place(file, &target)?;
        }
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
