//! Layout `html`: one file with everything inside.

use std::io::{self, BufWriter, Write};

use tempfile::NamedTempFile;

use super::inline::PageWriter;
use super::{Incoming, Layout, SHA256_LIMIT, Target, WrittenFile};
use crate::bundle::Part;
use crate::error::Error;
use crate::manifest::PartEntry;

/// Makes the layout for a file, or for stdout.
pub(super) fn make(target: &Target) -> Result<Box<dyn Layout>, Error> {
    if target.is_stdout() {
        let out: Box<dyn Write> = Box::new(io::stdout().lock());
        return Ok(Box::new(Html { writer: PageWriter::new(BufWriter::new(out), target.path.clone()), file: None }));
    }
    target.check_free()?;
    if target.path.is_dir() {
        return Err(Error::usage(
            format!("{} is a folder", target.path.display()),
            "name a file that ends in .html, or pass --layout dir",
        ));
    }
    let file = temporary(target)?;
    let out: Box<dyn Write> = Box::new(file.reopen().map_err(Error::io("cannot write", &target.path))?);
    let writer = PageWriter::new(BufWriter::new(out), target.path.clone());
    Ok(Box::new(Html { writer, file: Some((file, target.clone())) }))
}

fn temporary(target: &Target) -> Result<NamedTempFile, Error> {
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
    fn carrier(&mut self, _part: &Part) -> Option<String> {
        None
    }

    fn begin(&mut self, page: &str) -> Result<(), Error> {
        self.writer.text(page)
    }

    fn part(&mut self, entry: &PartEntry, _content_type: &str, body: &mut Incoming<'_>) -> Result<u32, Error> {
        self.writer.part(entry.id, body)
    }

    fn finish(self: Box<Self>, end: &str) -> Result<Vec<WrittenFile>, Error> {
        let Self { writer, file, .. } = *self;
        let (_, bytes, digest) = writer.end(end)?;
        let mut name = String::from("-");
        if let Some((file, target)) = file {
            name = target.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let persisted =
                if target.force { file.persist(&target.path) } else { file.persist_noclobber(&target.path) };
            persisted.map_err(|error| match error.error.kind() {
                io::ErrorKind::AlreadyExists => Error::OutputExists(target.path.clone()),
                _ => Error::io("cannot write", &target.path)(error.error),
            })?;
        }
        Ok(vec![WrittenFile {
            path: name,
            bytes,
            sha256: (bytes <= SHA256_LIMIT).then_some(digest),
            content_type: "text/html; charset=utf-8".into(),
            cache_control: "no-cache",
        }])
    }
}
