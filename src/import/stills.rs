//! Pictures out of the video: one to show before it plays, and small ones in a grid for the scrub bar. ffmpeg takes
//! them where it is on PATH. Without them the page draws its own, so that nothing here makes an export fail.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use super::ffmpeg;
use crate::error::Error;
use crate::recording::{Grid, Media, MediaKind, Recording};
use crate::scratch::{self, Scratch};

/// The poster's longer side in pixels, at most.
const POSTER_SIDE: u32 = 1280;
/// Where in the video the poster is taken: recordings tend to begin with a black or an empty page.
const POSTER_AT: f64 = 0.1;
/// The box in pixels that a small picture fits into; the page shows it in one of this size.
const TILE: (u32, u32) = (160, 120);
const COLUMNS: u32 = 10;
/// Small pictures, at most.
const TILES: f64 = 100.0;
/// Ms that a small picture stands for, at least.
const TILE_MS: f64 = 500.0;
/// Videos up to so many ms are decoded whole; of longer ones keyframes are, where they lie near enough.
const WHOLE_MS: f64 = 60_000.0;
/// So near lie keyframes in ms that no other frames are needed.
const NEAR_MS: f64 = 10_000.0;
/// So many keyframes for each small picture, and more, are worth being passed over.
const MANY: u64 = 4;
/// What ffmpeg may take for each.
const LIMIT: Duration = Duration::from_secs(20);
/// The grid's bytes, at most; one of more is taken once more, coarser.
const GRID_BYTES: u64 = 300_000;
/// How coarse JPEG becomes, from 2 to 31: at first, and where that is too large.
const QUALITY: u32 = 4;
const COARSE: u32 = 12;

/// The stretch of a file that is carried as the video, and how it is shown.
#[derive(Clone, Copy, Debug)]
struct Film<'m> {
    path: &'m Path,
    /// Where it begins in the file, in ms.
    from_ms: f64,
    length_ms: f64,
    /// Pixels, as shown.
    size: (u32, u32),
    /// Keyframes, and the longest distance in ms between them.
    keys: u64,
    gap_ms: f64,
    /// The file has an index that ffmpeg finds.
    seeks: bool,
}

impl<'m> Film<'m> {
    fn of(medium: &'m Media) -> Option<Self> {
        let length_ms = medium.duration_ms.filter(|ms| *ms > 0.0)?;
        let size = medium.width.zip(medium.height)?;
        let keyframes = medium.keyframes.as_ref();
        let (keys, gap_ms) = keyframes.map_or((0, f64::INFINITY), |keyframes| (keyframes.count, keyframes.gap as f64));
        let seeks = medium.repaired.as_ref().is_none_or(|repaired| !repaired.unindexed);
        Some(Self { path: &medium.path, from_ms: medium.begins_ms, length_ms, size, keys, gap_ms, seeks })
    }
}

/// Adds a poster, unless there is one, and a preview; what does not come about is told in the recording's details.
///
/// # Errors
/// When the run is interrupted, or there is no temporary folder.
pub(crate) fn add(recording: &mut Recording) -> Result<(), Error> {
    let scratch = &Scratch::default();
    let (mut made, mut details) = (Vec::new(), Vec::new());
    let has_poster = recording.media.iter().any(|medium| medium.kind == MediaKind::Poster);
    let video = recording.media.iter().find(|medium| medium.kind == MediaKind::Video);
    if let Some(film) = video.and_then(Film::of) {
        if !has_poster {
            match poster(&film, scratch)? {
                Ok(medium) => made.push(medium),
                Err(why) => details.push(format!("no poster: {why}")),
            }
        }
        match preview(&film, scratch)? {
            Ok(Some(medium)) => made.push(medium),
            Ok(None) => {}
            Err(why) => details.push(format!("no preview: {why}")),
        }
    }
    recording.media.append(&mut made);
    recording.details.append(&mut details);
    Ok(())
}

/// A JPEG that ffmpeg made, or why there is none.
type Taken<T> = Result<Result<T, String>, Error>;

fn poster(film: &Film<'_>, scratch: &Scratch) -> Taken<Media> {
    let size = fit(film.size, (POSTER_SIDE, POSTER_SIDE));
    let at = film.from_ms + film.length_ms * POSTER_AT;
    let filter = format!("scale={}:{},format=yuvj420p", size.0, size.1);
    let input: Vec<_> = from(at).into_iter().chain([OsString::from("-i"), ffmpeg::as_file(film.path)]).collect();
    Ok(take(&input, &filter, QUALITY, "poster.jpg", scratch)?
        .map(|path| picture(MediaKind::Poster, path, size, scratch)))
}

fn preview(film: &Film<'_>, scratch: &Scratch) -> Taken<Option<Media>> {
    let interval = (film.length_ms / TILES).max(TILE_MS);
    // Casts stop at the ends of the range; a hundred and one is what rounding may come to.
    let count = (film.length_ms / interval).ceil().min(TILES) as u32;
    if count < 2 {
        return Ok(Ok(None));
    }
    let (width, height) = fit(film.size, TILE);
    let columns = COLUMNS.min(count);
    let rows = count.div_ceil(columns);
    let fitted = format!(
        "scale={width}:{height},tpad=stop=-1:stop_mode=clone,format=yuvj420p,tile={columns}x{rows}:nb_frames={count}"
    );
    // Each stands for a stretch of time, and is what is shown in its middle; the last frame stands to the end.
    let paced = format!("fps=fps=1000/{interval}:start_time={}:round=up,{fitted}", interval / 2000.0);
    let keys_do = film.length_ms > WHOLE_MS && film.gap_ms <= NEAR_MS.max(2.0 * interval);
    let list = if keys_do && film.seeks && film.keys > MANY * u64::from(count) {
        list(film, interval, count, scratch)?
    } else {
        None
    };
    let skip = |input: &mut Vec<OsString>| input.extend(["-skip_frame", "nokey"].map(OsString::from));
    let mut input: Vec<OsString> = Vec::new();
    let filter = if let Some(list) = list {
        skip(&mut input);
        input.extend(["-safe", "0", "-f", "concat", "-i"].map(OsString::from));
        input.push(ffmpeg::as_file(&list));
        fitted
    } else {
        if keys_do {
            skip(&mut input);
        }
        input.extend(from(film.from_ms));
        input.extend([OsString::from("-t"), seconds(film.length_ms)]);
        input.extend([OsString::from("-i"), ffmpeg::as_file(film.path)]);
        paced
    };
    let mut taken = take(&input, &filter, QUALITY, "preview.jpg", scratch)?;
    if taken.as_ref().is_ok_and(|path| std::fs::metadata(path).is_ok_and(|file| file.len() > GRID_BYTES)) {
        taken = take(&input, &filter, COARSE, "preview.jpg", scratch)?;
    }
    Ok(taken.map(|path| {
        let mut medium = picture(MediaKind::Preview, path, (width * columns, height * rows), scratch);
        medium.grid = Some(Grid { width, height, columns, count, interval });
        Some(medium)
    }))
}

fn picture(kind: MediaKind, path: PathBuf, (width, height): (u32, u32), scratch: &Scratch) -> Media {
    let mut medium = Media::new(kind, path, "image/jpeg".into());
    (medium.width, medium.height) = (Some(width), Some(height));
    medium.scratch = Some(scratch.clone());
    medium
}

/// Has ffmpeg make one picture; without its own name and the video's metadata in it.
fn take(input: &[OsString], filter: &str, quality: u32, name: &str, scratch: &Scratch) -> Taken<PathBuf> {
    let output = scratch.folder()?.join(name);
    let mut command = ffmpeg::command();
    command.args(input).args(["-map", "0:V:0", "-frames:v", "1", "-vf", filter, "-q:v", &quality.to_string()]);
    command.args(["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-f", "mjpeg"]);
    command.arg(ffmpeg::as_file(&output)).stderr(Stdio::null());
    let child = match command.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Err("ffmpeg is not on PATH".into())),
        Err(error) => return Ok(Err(format!("ffmpeg does not start: {error}"))),
    };
    let Some(status) = ffmpeg::wait(child, Some(LIMIT))? else {
        return Ok(Err(format!("ffmpeg took longer than {} s", LIMIT.as_secs())));
    };
    let is_there = std::fs::metadata(&output).is_ok_and(|file| file.len() > 0);
    Ok(if status.success() && is_there { Ok(output) } else { Err(format!("ffmpeg made none ({status})")) })
}

/// Has a file of many keyframes opened at the few that are wanted, which takes a tenth of the time of going through
/// all; `None` for a name that such a list cannot hold.
fn list(film: &Film<'_>, interval: f64, count: u32, scratch: &Scratch) -> Result<Option<PathBuf>, Error> {
    let path = std::path::absolute(film.path).unwrap_or_else(|_| film.path.to_path_buf());
    let Some(name) = path.to_str().filter(|name| !name.contains(['\'', '\\', '\n', '\r'])) else { return Ok(None) };
    let mut text = String::from("ffconcat version 1.0\n");
    for tile in 0..count {
        let at = (film.from_ms + (f64::from(tile) + 0.5) * interval) / 1000.0;
        // From the keyframe before it, and no other.
        let _ = writeln!(text, "file 'file:{name}'\ninpoint {at:.3}\noutpoint {:.3}", at + 0.001);
    }
    let list = scratch.folder()?.join("moments.txt");
    std::fs::write(&list, text).map_err(scratch::failed(&list))?;
    Ok(Some(list))
}

/// What has ffmpeg begin somewhere.
fn from(ms: f64) -> Vec<OsString> {
    if ms > 0.0 { vec![OsString::from("-ss"), seconds(ms)] } else { Vec::new() }
}

fn seconds(ms: f64) -> OsString {
    format!("{:.3}", ms / 1000.0).into()
}

/// The size of a picture that keeps its shape within a box, never enlarged; even, as JPEG halves its colours.
fn fit((width, height): (u32, u32), (across, down): (u32, u32)) -> (u32, u32) {
    let (width, height) = (f64::from(width), f64::from(height));
    let scale = (f64::from(across) / width).min(f64::from(down) / height).min(1.0);
    let even = |side: f64| ((side * scale / 2.0).round() as u32 * 2).max(2);
    (even(width), even(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_keep_their_shape_and_are_never_enlarged() {
        assert_eq!(fit((1920, 1080), TILE), (160, 90));
        assert_eq!(fit((1080, 1920), TILE), (68, 120));
        assert_eq!(fit((64, 36), TILE), (64, 36));
        assert_eq!(fit((10_000, 1), TILE), (160, 2));
        assert_eq!(fit((3840, 2160), (POSTER_SIDE, POSTER_SIDE)), (1280, 720));
    }
}
