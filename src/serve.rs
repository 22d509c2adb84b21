//! `sealcast serve`: one bundle over HTTP on this machine, as a web server would deliver it.
//!
//! The HTTP layer is our own on top of `httparse`: `tiny_http`, the one small crate for it, has had no release since
//! 2022, sets no time-outs on connections (its issue 143, open since 2018), bounds neither them nor their threads,
//! and knows no Range, which is what players of video live on.
//!
//! Only this machine can connect, and every request has to name it so: a web page whose own name was pointed at
//! 127.0.0.1 gets nothing (DNS rebinding), nor does a page elsewhere that includes our files as scripts.

mod files;
mod range;
mod request;
mod response;

use std::io::{self, Read as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::error::Error;
use crate::interrupt;
use files::Root;
use request::Requests;

/// Connections at a time; browsers open six.
const MAX_CONNECTIONS: usize = 64;
/// How long a connection may stay silent between requests, and a request's head may take.
const READ_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a client may take nothing of an answer. One that paused its video asks again where it stopped.
const WRITE_TIMEOUT: Duration = Duration::from_secs(120);
/// How often the listener looks whether the run was interrupted.
const POLL: Duration = Duration::from_millis(10);

/// A bundle being served on 127.0.0.1.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    shared: Arc<Shared>,
}

/// What all connections know.
#[derive(Debug)]
struct Shared {
    root: Root,
    port: u16,
    connections: AtomicUsize,
}

impl Server {
    /// Takes a port for a bundle: a folder with an `index.html`, or one `.html` file. Without a port given, a free
    /// one. Connections wait until [`Server::run`].
    ///
    /// # Errors
    /// [`Error::Input`] when there is no bundle at `path`, [`Error::Failed`] when the port is taken.
    pub fn bind(path: &Path, port: Option<u16>) -> Result<Self, Error> {
        let root = Root::new(path)?;
        let wanted = port.unwrap_or(0);
        let listen = || {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, wanted))?;
            // There is no accept with a time-out, and Ctrl-C has to be noticed.
            listener.set_nonblocking(true)?;
            let port = listener.local_addr()?.port();
            Ok((listener, port))
        };
        let (listener, port) = listen().map_err(|error| cannot_listen(wanted, &error))?;
        Ok(Self { listener, shared: Arc::new(Shared { root, port, connections: AtomicUsize::new(0) }) })
    }

    /// Where the bundle's page is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.shared.port, self.shared.root.page())
    }

    /// Answers requests until the run is interrupted, which is how it is meant to end.
    ///
    /// # Errors
    /// [`Error::Failed`] when the listener breaks.
    pub fn run(&self) -> Result<(), Error> {
        self.run_until(&|| interrupt::check().is_err())
    }

    fn run_until(&self, stop: &dyn Fn() -> bool) -> Result<(), Error> {
        while !stop() {
            // The rest waits in the system's queue until a connection is done or falls silent.
            if self.shared.connections.load(Ordering::Acquire) >= MAX_CONNECTIONS {
                thread::sleep(POLL);
                continue;
            }
            match self.listener.accept() {
                Ok((stream, peer)) => self.start(stream, peer),
                Err(error) if is_passing(&error) => thread::sleep(POLL),
                Err(error) => {
                    return Err(Error::failed(format!("the preview server broke down: {error}"), "start it again"));
                }
            }
        }
        Ok(())
    }

    fn start(&self, stream: TcpStream, peer: SocketAddr) {
        if !peer.ip().is_loopback() {
            return;
        }
        let slot = Slot::take(&self.shared);
        // Should there be no thread to be had, the connection closes and the browser tries again.
        let _ = thread::Builder::new().name("serve".into()).spawn(move || {
            // Clients leave in the middle of a body whenever a reader seeks: not worth a word.
            let _ = converse(&stream, &slot.0);
        });
    }
}

/// A place among the connections, given back when the thread ends in whatever way.
struct Slot(Arc<Shared>);

impl Slot {
    fn take(shared: &Arc<Shared>) -> Self {
        shared.connections.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(shared))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Answers one connection's requests, one after the other.
fn converse(stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    // Some systems hand the listener's setting down.
    stream.set_nonblocking(false)?;
    stream.set_nodelay(true)?;
    stream.set_write_timeout(Some(WRITE_TIMEOUT))?;
    let mut requests = Requests::new(stream);
    loop {
        let request = match requests.next(READ_TIMEOUT)? {
            Ok(Some(request)) => request,
            Ok(None) => return Ok(()),
            Err(refusal) => {
                response::refuse(stream, refusal)?;
                return part(stream);
            }
        };
        let goes_on = response::answer(stream, &request, &shared.root, shared.port)?;
        if !goes_on || interrupt::check().is_err() {
            return part(stream);
        }
    }
}

/// Ends a connection whose client may still be sending: closed at once, the system would take back the answer.
fn part(mut stream: &TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(Duration::from_millis(200)))?;
    let mut chunk = [0; 4096];
    for _ in 0..64 {
        if stream.read(&mut chunk)? == 0 {
            break;
        }
    }
    Ok(())
}

/// Whether the listener can go on: nobody there, a client gone before it was accepted, or all file handles in use.
fn is_passing(error: &io::Error) -> bool {
    !matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::NotConnected | io::ErrorKind::Unsupported)
}

fn cannot_listen(port: u16, error: &io::Error) -> Error {
    let other = "pick another with --port, or leave it out to get a free one";
    match error.kind() {
        io::ErrorKind::AddrInUse => Error::failed(format!("port {port} is in use by another program"), other),
        io::ErrorKind::PermissionDenied => Error::failed(format!("port {port} is not free for everyone to use"), other),
        _ => Error::failed(format!("cannot listen on 127.0.0.1:{port}: {error}"), other),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn it_ends_when_told_to() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("index.html"), "<p>").unwrap();
        let server = Server::bind(folder.path(), None).unwrap();
        let rounds = Cell::new(0);
        let stop = || {
            rounds.set(rounds.get() + 1);
            rounds.get() > 3
        };
        server.run_until(&stop).unwrap();
        assert_eq!(rounds.get(), 4);
    }
}
