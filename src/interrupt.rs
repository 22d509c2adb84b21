//! Ctrl-C: a flag that long loops and writers look at, so that temporary files are cleaned up on the way out.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Interruption};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Notes that the run shall end. For signal handlers.
pub fn request() {
    INTERRUPTED.store(true, Ordering::Relaxed);
}

/// Ends a loop once the run was interrupted.
///
/// # Errors
/// [`Error::Interrupted`].
pub fn check() -> Result<(), Error> {
    if INTERRUPTED.load(Ordering::Relaxed) { Err(Error::Interrupted) } else { Ok(()) }
}

/// The same inside readers and writers, where only [`io::Error`] passes.
pub(crate) fn check_io() -> io::Result<()> {
    if INTERRUPTED.load(Ordering::Relaxed) { Err(io::Error::other(Interruption)) } else { Ok(()) }
}
