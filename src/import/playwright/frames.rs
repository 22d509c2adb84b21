//! The pictures of a trace: frames of its pages, each with the time it was shown.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write as _};

use serde_json::Value;

use super::context::Clock;
use super::files::Files;
use crate::align::TracePage;
use crate::error::Error;
use crate::import::intake::Intake;
use crate::import::json;
use crate::media;
use crate::recording::{Frame, Frames};

/// Frames that are taken, the bytes of their names, and of one.
const FRAMES: usize = 100_000;
const NAMES: usize = 12 * 1024 * 1024;
const FRAME: u64 = 8 * 1024 * 1024;
/// Pages that are told apart.
const PAGES: usize = 1_000;

/// The frames as the trace lists them.
#[derive(Debug, Default)]
pub(super) struct Listed {
    list: Vec<Shown>,
    names: usize,
    pages: Vec<TracePage>,
    size: Option<(u32, u32)>,
}

/// A frame: where its picture is, and when it was shown, on the wall's clock.
#[derive(Debug)]
struct Shown {
    name: String,
    time: f64,
    /// Which of the pages it shows.
    page: usize,
}

impl Listed {
    /// Takes the line of a frame.
    pub(super) fn add(&mut self, line: &Value, clock: Option<Clock>) {
        let exact = json::number(line, &["frameSwapWallTime"]).filter(|ms| *ms > 0.0);
        let own = || json::number(line, &["timestamp"]).and_then(|own| Clock::wall(clock, own));
        let Some(time) = exact.or_else(own) else { return };
        let page = self.page(&json::string(line, &["pageId"]).unwrap_or_default(), time, exact.is_some());
        let side = |key| json::number(line, &[key]).and_then(json::whole).and_then(|side| u32::try_from(side).ok());
        self.size = self.size.or_else(|| side("width").zip(side("height")));
        let name = json::string(line, &["file"]);
        let name = name.or_else(|| Some(format!("resources/{}", json::text(line, &["sha1"])?)));
        let room = |name: &String| self.list.len() < FRAMES && self.names + name.len() < NAMES;
        if let Some(name) = name.filter(room) {
            self.names += name.len();
            self.list.push(Shown { name, time, page });
        }
    }

    /// Takes the time of a page's frame; gives the page's number. The first frame is the first that is told of: later
    /// lines may tell of earlier ones.
    fn page(&mut self, id: &str, time: f64, swapped: bool) -> usize {
        if let Some(place) = self.pages.iter().position(|page| page.id == id) {
            self.pages[place].last = self.pages[place].last.max(time);
            return place;
        }
        if self.pages.len() < PAGES {
            self.pages.push(TracePage { id: id.to_owned(), first: time, last: time, swapped, exact: false });
        }
        self.pages.len() - 1
    }

    /// Leaves one page at a time: two that are filmed at once would flicker. The one with more frames stays.
    fn keep_one_page_at_a_time(&mut self) {
        let mut spans: Vec<(usize, f64, f64, usize)> = Vec::new();
        for Shown { time, page, .. } in &self.list {
            match spans.iter_mut().find(|span| span.3 == *page) {
                Some((count, first, last, _)) => {
                    (*count, *first, *last) = (*count + 1, first.min(*time), last.max(*time))
                }
                None => spans.push((1, *time, *time, *page)),
            }
        }
        spans.sort_by_key(|span| std::cmp::Reverse(span.0));
        let mut kept: Vec<(f64, f64, usize)> = Vec::new();
        for (_, first, last, page) in spans {
            if kept.iter().all(|(from, to, _)| last < *from || first > *to) {
                kept.push((first, last, page));
            }
        }
        self.list.retain(|shown| kept.iter().any(|(.., page)| *page == shown.page));
    }

    /// What the frames tell of the clock. Since version 10 videos begin where the frames do.
    pub(super) fn evidence(&mut self, exact: bool, intake: &mut Intake<'_>) {
        for mut page in std::mem::take(&mut self.pages) {
            page.exact = exact;
            intake.evidence.trace_pages.push(page);
        }
    }

    /// Makes the frames the picture of the recording, all pictures in one file.
    pub(super) fn take(mut self, files: &Files<'_>, intake: &mut Intake<'_>) -> Result<u64, Error> {
        self.keep_one_page_at_a_time();
        self.list.sort_by(|a, b| a.time.total_cmp(&b.time));
        if self.list.is_empty() {
            return Ok(0);
        }
        let (path, start) = match &intake.recording.frames {
            Some(frames) => (frames.path.clone(), frames.bytes()),
            None => (intake.scratch().folder()?.join("frames.jpegs"), 0),
        };
        let failed = || crate::scratch::failed(&path);
        let file = OpenOptions::new().create(true).append(true).open(&path).map_err(failed())?;
        let mut out = BufWriter::new(file);
        let mut frames: Vec<Frame> = Vec::new();
        let mut end = start;
        let mut last: Option<String> = None;
        for Shown { name, time, .. } in self.list {
            if let (Some(frame), true) = (frames.last(), last.as_ref() == Some(&name)) {
                frames.push(Frame { time, ..*frame });
                continue;
            }
            let Some(bytes) = files.bytes(&name, FRAME)? else { continue };
            if media::sniff(&bytes) != Some("image/jpeg") {
                continue;
            }
            let length = bytes.len() as u64;
            if !intake.scratch().take(length) {
                intake.warn("the frames of the trace are too many; the last of them were left out");
                break;
            }
            out.write_all(&bytes).map_err(failed())?;
            frames.push(Frame { time, offset: end, length });
            end += length;
            last = Some(name);
        }
        out.flush().map_err(failed())?;
        let count = frames.len() as u64;
        if count > 0 {
            let (width, height) = self.size.unzip();
            let scratch = intake.scratch().clone();
            let all =
                intake.recording.frames.get_or_insert_with(|| Frames::new(path.clone(), "image/jpeg".into(), scratch));
            all.list.extend(frames);
            all.list.sort_by(|a, b| a.time.total_cmp(&b.time));
            all.width = all.width.or(width);
            all.height = all.height.or(height);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn of_pages_filmed_at_once_one_is_shown() {
        let mut listed = Listed::default();
        let frames = [("a", 1.0), ("b", 1.5), ("a", 2.0), ("b", 2.5), ("a", 3.0), ("c", 10.0)];
        for (page, time) in frames {
            let line = json!({ "pageId": page, "frameSwapWallTime": time, "sha1": format!("{page}{time}") });
            listed.add(&line, None);
        }
        listed.keep_one_page_at_a_time();
        let shown: Vec<_> = listed.list.iter().map(|shown| shown.name.trim_start_matches("resources/")).collect();
        assert_eq!(shown, ["a1", "a2", "a3", "c10"]);
    }
}
