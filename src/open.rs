//! Opens what was made in the reader's browser.
//!
//! The crate `open` knows how each system does that, WSL and desktops without `xdg-open` included; it is kept up and
//! needs 5 crates where `opener` needs 40. It hands over at once: some launchers live as long as the browser.

use crate::error::Error;

/// Opens a URL or a file in the program that the system has for it.
///
/// Whoever lists this system's processes can see the URL, and with it the fragment, for the moment the launcher lives.
///
/// # Errors
/// [`Error::Failed`] when nothing could be started. The message leaves the URL out: its fragment may be a key.
pub fn open(url_or_path: &str) -> Result<(), Error> {
    // The crate's own message quotes the command line.
    open::that_detached(url_or_path).map_err(|_| {
        Error::failed(
            "cannot start a browser here",
            "open it yourself: the address or the file's name is printed as well",
        )
    })
}
