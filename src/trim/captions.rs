//! Captions: cues in the span, moved with the timeline's zero.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read as _, Write};
use std::path::Path;

use crate::error::Error;
use crate::recording::{MediaKind, Recording};
use crate::scratch::{self, Scratch};

/// Bytes of a line of captions that are looked at.
const LINE: u64 = 64 * 1024;

/// Writes the captions anew with what lies in the span.
pub(super) fn trim(
    recording: &mut Recording,
    (from, to): (f64, f64),
    zero: f64,
    scratch: &Scratch,
) -> Result<(), Error> {
    for medium in recording.media.iter_mut().filter(|medium| medium.kind == MediaKind::Captions) {
        let folder = scratch.folder()?;
        let path = folder.join(medium.path.file_name().unwrap_or_default());
        let source = File::open(&medium.path).map_err(Error::io("cannot read", &medium.path))?;
        let mut out = BufWriter::new(File::create_new(&path).map_err(scratch::failed(&path))?);
        let window = Window { from, to, start: medium.start_ms, zero };
        write(BufReader::new(source), &mut out, &window, &medium.path)?;
        out.flush().map_err(scratch::failed(&path))?;
        (medium.path, medium.start_ms, medium.scratch) = (path, 0.0, Some(scratch.clone()));
    }
    Ok(())
}

/// Times in ms: of the span and its zero on the timeline, and of the captions' own zero there.
struct Window {
    from: f64,
    to: f64,
    start: f64,
    zero: f64,
}

impl Window {
    /// A cue's times in the span, counted from its zero.
    fn moved(&self, (from, to): (f64, f64)) -> Option<(f64, f64)> {
        let (from, to) = (from + self.start, to + self.start);
        let shown = (from.max(self.from), to.min(self.to));
        (shown.0 < shown.1).then_some((shown.0 - self.zero, shown.1 - self.zero))
    }
}

/// Cues count, and styles; of notes, headers and names of cues nobody knows what they tell.
fn write(mut from: impl BufRead, out: &mut impl Write, window: &Window, name: &Path) -> Result<(), Error> {
    let failed = || scratch::failed(name);
    out.write_all(b"WEBVTT\n").map_err(failed())?;
    let mut bytes = Vec::new();
    let (mut is_first, mut copies) = (true, false);
    loop {
        crate::interrupt::check()?;
        bytes.clear();
        (&mut from).take(LINE).read_until(b'\n', &mut bytes).map_err(Error::io("cannot read", name))?;
        if bytes.is_empty() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&bytes);
        for line in text.trim_end_matches(['\r', '\n']).split('\r') {
            if let Some((times, settings)) = timing(line) {
                let moved = window.moved(times);
                copies = moved.is_some();
                if let Some((from, to)) = moved {
                    writeln!(out, "\n{} --> {}{settings}", clock(from), clock(to)).map_err(failed())?;
                }
            } else if line.trim().is_empty() {
                (is_first, copies) = (true, false);
                continue;
            } else if is_first && matches!(line.trim(), "STYLE" | "REGION") {
                copies = true;
                writeln!(out, "\n{line}").map_err(failed())?;
            } else if copies {
                writeln!(out, "{}", without_times(line)).map_err(failed())?;
            }
            is_first = false;
        }
    }
}

/// The times of a timing line in ms, and the settings behind them.
fn timing(line: &str) -> Option<((f64, f64), &str)> {
    let (from, rest) = line.split_once("-->")?;
    let rest = rest.trim_start();
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    Some(((time(from.trim())?, time(&rest[..end])?), rest[end..].trim_end()))
}

/// `1:02:03.400` or `02:03,4` in ms.
fn time(text: &str) -> Option<f64> {
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (clock, fraction) = text.split_once(['.', ','])?;
    let mut total = 0.0;
    let parts: Vec<&str> = clock.split(':').collect();
    if !(2..=3).contains(&parts.len()) || !digits(&fraction) {
        return None;
    }
    for part in parts {
        total = total * 60.0 + Some(part).filter(digits)?.parse::<f64>().ok()?;
    }
    Some((total + format!("0.{fraction}").parse::<f64>().ok()?) * 1e3)
}

fn clock(ms: f64) -> String {
    let ms = ms.max(0.0).round() as u64;
    format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
}

/// Text of a cue without marks of time, which count from another zero.
fn without_times(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(open) = rest.find('<') {
        let close = rest[open..].find('>').map(|close| open + close);
        let is_time = close.is_some_and(|close| time(&rest[open + 1..close]).is_some());
        let kept = if is_time { open } else { open + 1 };
        out.push_str(&rest[..kept]);
        rest = &rest[close.filter(|_| is_time).map_or(kept, |close| close + 1)..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trimmed(text: &str, start: f64) -> String {
        let mut out = Vec::new();
        let window = Window { from: 2_000.0, to: 5_000.0, start, zero: 1_500.0 };
        write(text.as_bytes(), &mut out, &window, Path::new("x.vtt")).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn cues_move_and_are_clamped() {
        let text = "WEBVTT - secret\nX: secret\n\nNOTE secret\n\nSTYLE\n::cue { color: red }\n\n1\n00:00.000 --> 00:02.000\nsecret\n\nname\r\n00:01.000 --> 00:02.500 line:0\r\n<v A>two <00:02.100>words\r\nb < c\n\n00:00:04,0 --> 00:00:09.000\nlast\n\n5:00.000 --> 5:01.000\nsecret\nNOTE secret\n";
        let expected = "WEBVTT\n\nSTYLE\n::cue { color: red }\n\n00:00:00.500 --> 00:00:01.000 line:0\n<v A>two words\nb < c\n\n00:00:02.500 --> 00:00:03.500\nlast\n";
        assert_eq!(trimmed(text, 0.0), expected);
    }

    #[test]
    fn a_start_of_their_own_counts() {
        assert_eq!(
            trimmed("WEBVTT\n\n00:01.000 --> 00:02.000\nx", 1_500.0),
            "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nx\n"
        );
    }
}
