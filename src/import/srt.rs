//! Captions in SubRip (SRT), rewritten as WebVTT, which is what browsers show.

use std::io::{BufRead, Write};

use memchr::memmem;

use super::intake::Unread;

/// Bytes of a line beyond which a file holds no captions.
const LINE: u64 = 64 * 1024;
/// Letters of Windows-1252 from 0x80 on, which is what old files without a mark are in.
const WESTERN: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

/// A number, and below it a span of time.
pub(super) fn is(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).skip_while(|line| line.is_empty());
    let number = lines.next().is_some_and(|line| !line.is_empty() && line.iter().all(u8::is_ascii_digit));
    number && lines.next().is_some_and(|line| timing(&text(line)).is_some())
}

/// Writes captions as `WebVTT`. Numbers are left out, and of each caption only what browsers understand is kept.
///
/// # Errors
/// When there is no caption in it, or the file cannot be read or written.
pub(super) fn convert(mut from: impl BufRead, out: &mut impl Write) -> Result<(), Unread> {
    let unread = |error: std::io::Error| Unread::Skip(format!("it cannot be converted to WebVTT: {error}"));
    let mut bytes = Vec::new();
    let mut held: Option<String> = None;
    let mut captions = 0_u64;
    out.write_all(b"WEBVTT\n").map_err(unread)?;
    loop {
        crate::interrupt::check()?;
        bytes.clear();
        let count = std::io::Read::take(&mut from, LINE).read_until(b'\n', &mut bytes).map_err(unread)?;
        let line = text(bytes.trim_ascii_end());
        if let Some(timing) = timing(&line) {
            // The number before it was held back.
            held = None;
            captions += 1;
            write!(out, "\n{timing}\n").map_err(unread)?;
            continue;
        }
        if let Some(before) = held.take().filter(|before| captions > 0 && !before.is_empty()) {
            writeln!(out, "{}", cue(&before)).map_err(unread)?;
        }
        held = Some(line);
        if count == 0 {
            break;
        }
    }
    if captions == 0 { Err(Unread::Skip("it holds no captions".into())) } else { Ok(()) }
}

/// A line as UTF-8, or else as what was used before.
fn text(line: &[u8]) -> String {
    match std::str::from_utf8(line) {
        Ok(text) => text.to_owned(),
        Err(_) => line.iter().map(|byte| western(*byte)).collect(),
    }
}

fn western(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WESTERN.chars().nth(usize::from(byte - 0x80)).unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::from(byte),
    }
}

/// A span of time in `WebVTT`'s form; positions behind it are those of other screens and are dropped.
fn timing(line: &str) -> Option<String> {
    memmem::find(line.as_bytes(), b"-->")?;
    let (from, to) = line.split_once("-->")?;
    Some(format!("{} --> {}", time(from.trim())?, time(to.split_whitespace().next()?)?))
}

/// `1:02:03,4` as `01:02:03.400`.
fn time(text: &str) -> Option<String> {
    let (clock, fraction) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let parts: Vec<u32> = clock.split(':').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    let (hours, minutes, seconds) = match parts[..] {
        [hours, minutes, seconds] => (hours, minutes, seconds),
        [minutes, seconds] => (0, minutes, seconds),
        _ => return None,
    };
    let digits = fraction.bytes().all(|byte| byte.is_ascii_digit()) && !fraction.is_empty();
    let fits = digits && hours < 1000 && minutes < 60 && seconds < 60;
    fits.then(|| format!("{hours:02}:{minutes:02}:{seconds:02}.{:0<3.3}", fraction))
}

/// Text of a caption. Markup both formats know stays; all else becomes plain.
fn cue(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(['<', '&', '{', '-']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let kept = ["<b>", "</b>", "<i>", "</i>", "<u>", "</u>"];
        let known = kept.iter().find(|tag| from.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag)));
        let styling = from.starts_with("{\\") || from.starts_with("<font") || from.starts_with("</font");
        let close = from.find(if from.starts_with('{') { '}' } else { '>' });
        rest = match (known, close) {
            (Some(tag), _) => {
                out.push_str(tag);
                &from[tag.len()..]
            }
            (None, Some(close)) if styling => &from[close + 1..],
            _ if from.starts_with("-->") => {
                out.push_str("--&gt;");
                &from[3..]
            }
            _ => {
                match &from[..1] {
                    "<" => out.push_str("&lt;"),
                    "&" => out.push_str("&amp;"),
                    other => out.push_str(other),
                }
                &from[1..]
            }
        };
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(text: &[u8]) -> String {
        let mut out = Vec::new();
        convert(text, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn captions_keep_their_times_and_lines() {
        let srt = b"1\r\n00:00:01,5 --> 00:00:02,250 X1:1 Y1:2\r\nHello\r\n2 lines\r\n\r\n2\r\n1:00.000 --> 1:02.5\r\n7\r\n\r\n\r\n\r\n3\n00:02:00 --> 00:02:01\n<i>a</i> <font color=\"red\">b</font> {\\an8}c & <script> --> d\n";
        let vtt = "WEBVTT\n\n00:00:01.500 --> 00:00:02.250\nHello\n2 lines\n\n00:01:00.000 --> 00:01:02.500\n7\n\n\
                   00:02:00.000 --> 00:02:01.000\n<i>a</i> b c &amp; &lt;script> --&gt; d\n";
        assert_eq!(converted(srt), vtt);
    }

    #[test]
    fn old_files_are_western() {
        assert_eq!(
            converted(b"1\n0:0:1,0 --> 0:0:2,0\n\x93caf\xe9\x94 \x80"),
            "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n“café” €\n"
        );
    }

    #[test]
    fn captions_are_told_from_lists() {
        assert!(is(b"\n1\n00:00:01,000 --> 00:00:02,000\nx") && is(b"1\r\n00:01,0 --> 00:02,0\r\n"));
        for text in ["", "1\n2\n3", "1\na --> b", "00:00:01,000 --> 00:00:02,000", "1\n00:99:01,000 --> 00:00:02,000"] {
            assert!(!is(text.as_bytes()), "{text:?}");
        }
        assert!(matches!(convert(&b"1\n2\n"[..], &mut Vec::new()), Err(Unread::Skip(_))));
    }
}
