//! `sealcast serve`.

use super::console::Console;
use crate::cli::Serve;
use crate::error::Error;
use crate::serve::Server;

pub(super) fn run(options: &Serve, console: &mut Console) -> Result<(), Error> {
    let server = Server::bind(&options.path, options.port)?;
    console.result(&format!("{}\n", server.url()))?;
    console.note("press Ctrl-C to end");
    if options.open {
        crate::open::open(&server.url())?;
    }
    match server.run() {
        // Ctrl-C is how a preview ends, not how it fails.
        Err(Error::Interrupted) => Ok(()),
        other => other,
    }
}
