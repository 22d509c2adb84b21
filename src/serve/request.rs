//! Reads the heads of requests off a connection. Bodies are not read: nothing here takes any.

use std::io::{self, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Longest head; a link's key never comes here, so addresses are short.
const MAX_HEAD: usize = 16 * 1024;
/// Most headers.
const MAX_HEADERS: usize = 64;

/// What counts of a request's head.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) method: String,
    /// Path and query as sent.
    pub(super) target: String,
    pub(super) host: Option<String>,
    pub(super) range: Option<String>,
    pub(super) if_range: Option<String>,
    /// Whether the client wants to use the connection again.
    pub(super) keeps_alive: bool,
}

/// Why a request gets no further.
#[derive(Clone, Copy, Debug)]
pub(super) enum Refusal {
    /// Not HTTP, or a trick with it.
    Malformed,
    /// The head has no end.
    TooLarge,
}

/// The requests of one connection.
pub(super) struct Requests<'a> {
    stream: &'a TcpStream,
    /// What was read and belongs to no request yet.
    buffer: Vec<u8>,
}

impl<'a> Requests<'a> {
    pub(super) const fn new(stream: &'a TcpStream) -> Self {
        Self { stream, buffer: Vec::new() }
    }

    /// The next request; `None` when the client is done. The whole head has to arrive in time: a time-out for each
    /// byte would let a client hold its place for hours.
    pub(super) fn next(&mut self, timeout: Duration) -> io::Result<Result<Option<Request>, Refusal>> {
        let deadline = Instant::now() + timeout;
        loop {
            match parse(&self.buffer) {
                Ok(Some((request, len))) => {
                    self.buffer.drain(..len);
                    return Ok(Ok(Some(request)));
                }
                Ok(None) if self.buffer.len() >= MAX_HEAD => return Ok(Err(Refusal::TooLarge)),
                Ok(None) => {}
                Err(refusal) => return Ok(Err(refusal)),
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            self.stream.set_read_timeout(Some(left))?;
            let mut chunk = [0; 4096];
            let read = self.stream.read(&mut chunk)?;
            if read == 0 {
                return Ok(Ok(None));
            }
            self.buffer.extend_from_slice(&chunk[..read]);
        }
    }
}

/// Reads a head and says how long it is; `None` while it is not complete.
fn parse(bytes: &[u8]) -> Result<Option<(Request, usize)>, Refusal> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let len = match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(len)) => len,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(Refusal::TooLarge),
        Err(_) => return Err(Refusal::Malformed),
    };
    let mut request = Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        target: parsed.path.unwrap_or_default().to_owned(),
        keeps_alive: parsed.version == Some(1),
        ..Request::default()
    };
    for header in &*parsed.headers {
        take(&mut request, header)?;
    }
    Ok(Some((request, len)))
}

fn take(request: &mut Request, header: &httparse::Header<'_>) -> Result<(), Refusal> {
    let value = std::str::from_utf8(header.value).map_err(|_| Refusal::Malformed)?.trim();
    let once = |place: &mut Option<String>| match place.replace(value.to_owned()) {
        None => Ok(()),
        Some(_) => Err(Refusal::Malformed),
    };
    match header.name.to_ascii_lowercase().as_str() {
        // Two hosts: one for us and one for whoever looked before us.
        "host" => once(&mut request.host),
        "range" => once(&mut request.range),
        "if-range" => once(&mut request.if_range),
        "connection" if value.to_ascii_lowercase().contains("close") => {
            request.keeps_alive = false;
            Ok(())
        }
        // What follows would be taken for the next request.
        "content-length" if value == "0" => Ok(()),
        "content-length" | "transfer-encoding" => {
            request.keeps_alive = false;
            Ok(())
        }
        _ => Ok(()),
    }
}
