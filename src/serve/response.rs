//! Writes answers: a file or a part of it, or a line of text that says why not.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use super::files::{Root, Target, content_type};
use super::range::Range;
use super::request::{Refusal, Request};

/// Answers a request; false when the connection is to be closed.
pub(super) fn answer(stream: &TcpStream, request: &Request, root: &Root, port: u16) -> io::Result<bool> {
    let reply = Reply { stream, bodiless: request.method == "HEAD", keeps_alive: request.keeps_alive };
    if !names_us(request.host.as_deref(), port) {
        return reply.text("403 Forbidden", "this preview answers only to 127.0.0.1 and localhost\n", "");
    }
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return reply.text("405 Method Not Allowed", "only GET and HEAD\n", "Allow: GET, HEAD\r\n");
    }
    match root.find(&request.target) {
        Target::File(path) => reply.file(&path, request),
        Target::Moved(to) => reply.text("302 Found", "", &format!("Location: {to}\r\n")),
        Target::Nothing => reply.nothing(),
    }
}

/// Says that a request could not be read, and lets the connection end.
pub(super) fn refuse(stream: &TcpStream, refusal: Refusal) -> io::Result<()> {
    let reply = Reply { stream, bodiless: false, keeps_alive: false };
    match refusal {
        Refusal::Malformed => reply.text("400 Bad Request", "not a request\n", ""),
        Refusal::TooLarge => reply.text("431 Request Header Fields Too Large", "too many headers\n", ""),
    }
    .map(drop)
}

/// Whether the client means this machine: a page that has its own name resolve to 127.0.0.1 sends that name.
fn names_us(host: Option<&str>, port: u16) -> bool {
    let Some(host) = host else { return false };
    let (name, given) = match host.rsplit_once(':') {
        Some((name, given)) if !given.contains(']') => (name, given.parse().ok()),
        _ => (host, Some(80)),
    };
    given == Some(port) && ["127.0.0.1", "localhost", "[::1]"].iter().any(|own| name.eq_ignore_ascii_case(own))
}

/// An answer to be written.
struct Reply<'a> {
    stream: &'a TcpStream,
    /// For HEAD: all but the body.
    bodiless: bool,
    keeps_alive: bool,
}

impl Reply<'_> {
    fn file(&self, path: &Path, request: &Request) -> io::Result<bool> {
        let Ok(opened) = File::open(path).and_then(|file| Ok((file.metadata()?, file))) else { return self.nothing() };
        let (metadata, mut file) = opened;
        let len = metadata.len();
        let modified = metadata.modified().ok().and_then(last_modified).unwrap_or_default();
        // RFC 9110 defines Range for GET alone, and If-Range holds it back when the file is another by now.
        let is_same = request.if_range.as_ref().is_none_or(|date| *date == modified);
        let asked = request.range.as_deref().filter(|_| !self.bodiless && is_same);
        let (status, first, count) = match Range::parse(asked, len) {
            Range::Whole => ("200 OK", 0, len),
            Range::Part(first, last) => ("206 Partial Content", first, last - first + 1),
            Range::Beyond => {
                let extra = format!("Accept-Ranges: bytes\r\nContent-Range: bytes */{len}\r\n");
                return self.text("416 Range Not Satisfiable", "", &extra);
            }
        };
        let mut extra = String::from("Accept-Ranges: bytes\r\n");
        if status.starts_with("206") {
            // Writing to a string cannot fail.
            let _ = write!(extra, "Content-Range: bytes {first}-{}/{len}\r\n", first + (count - 1));
        }
        if !modified.is_empty() {
            let _ = write!(extra, "Last-Modified: {modified}\r\n");
        }
        self.head(status, content_type(path), count, &extra)?;
        if self.bodiless {
            return Ok(self.keeps_alive);
        }
        file.seek(SeekFrom::Start(first))?;
        let mut stream = self.stream;
        let copied = io::copy(&mut file.take(count), &mut stream)?;
        // A file that became shorter leaves the client waiting: only closing tells it.
        Ok(self.keeps_alive && copied == count)
    }

    fn nothing(&self) -> io::Result<bool> {
        self.text("404 Not Found", "nothing here\n", "")
    }

    fn text(&self, status: &str, text: &str, extra: &str) -> io::Result<bool> {
        self.head(status, "text/plain; charset=utf-8", text.len() as u64, extra)?;
        if !self.bodiless {
            let mut stream = self.stream;
            stream.write_all(text.as_bytes())?;
        }
        Ok(self.keeps_alive)
    }

    fn head(&self, status: &str, content_type: &str, len: u64, extra: &str) -> io::Result<()> {
        let connection = if self.keeps_alive { "keep-alive" } else { "close" };
        // The page reads its clock off Date, for its expiry.
        let date = http_date(Timestamp::now()).unwrap_or_default();
        let head = format!(
            "HTTP/1.1 {status}\r\nDate: {date}\r\nConnection: {connection}\r\nContent-Type: {content_type}\r\n\
             Content-Length: {len}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\
             Cross-Origin-Resource-Policy: same-origin\r\n{extra}\r\n"
        );
        let mut stream = self.stream;
        stream.write_all(head.as_bytes())
    }
}

/// When the file was changed, never later than now (RFC 9110, 8.8.2.1), for the page takes it as a proof of time.
fn last_modified(modified: SystemTime) -> Option<String> {
    http_date(Timestamp::try_from(modified).ok()?.min(Timestamp::now()))
}

fn http_date(time: Timestamp) -> Option<String> {
    DateTimePrinter::new().timestamp_to_rfc9110_string(&time).ok()
}
