//! Sound apart, put into the file of its video: every packet as it was, at its time to the tick, and what stays apart.
//! Packets are compared by ffmpeg; without it that part is skipped.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
#![expect(clippy::print_stderr, reason = "what is skipped is said")]

mod common;
#[path = "join/mp4.rs"]
mod mp4;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use common::{printed, sealcast};
use serde_json::{Value, json};
use tempfile::TempDir;

fn media(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/media").join(name)
}

/// The samples, which are no part of the repository.
fn sample(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = std::env::var_os("SEALCAST_SAMPLES").map_or_else(|| root.join("../shared/samples"), PathBuf::from);
    Some(folder.join(name)).filter(|path| path.exists())
}

fn has_ffmpeg() -> bool {
    let found = Command::new("ffmpeg").arg("-version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !found {
        eprintln!("not tested: ffmpeg is missing");
    }
    found
}

/// A file that ffmpeg makes; `None` where it cannot.
fn made(folder: &Path, name: &str, arguments: &str) -> Option<PathBuf> {
    let path = folder.join(name);
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-y"]).args(arguments.split(' ')).arg(&path).stderr(Stdio::null());
    let is_made = ffmpeg.status().is_ok_and(|status| status.success());
    if !is_made {
        eprintln!("not tested: no ffmpeg here makes {name}");
    }
    is_made.then_some(path)
}

/// A recording of a video and a file of sound that begin at these times.
fn recording(video: &Path, sound: &Path, starts: (f64, f64)) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut listed = Vec::new();
    for (kind, file, start) in [("video", video, starts.0), ("audio", sound, starts.1)] {
        let name = format!("{kind}.{}", file.extension().unwrap().to_string_lossy());
        fs::copy(file, folder.path().join(&name)).unwrap();
        listed.push(json!({"kind": kind, "file": name, "startMs": start}));
    }
    let text = json!({"format": "recording/1", "media": listed}).to_string();
    fs::write(folder.path().join("recording.json"), text).unwrap();
    folder
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).display().to_string()
}

/// What an export says, and the folder that its share was taken apart to.
fn exported(folder: &TempDir, more: &[&str]) -> (Value, PathBuf) {
    let (input, share, out) = (path(folder, ""), path(folder, "share.html"), path(folder, "out"));
    let arguments = ["export", &input, "-o", &share, "--force", "--poster", "none", "--json"];
    let report: Value = serde_json::from_str(&printed(&[&arguments[..], more].concat())).unwrap();
    let _ = fs::remove_dir_all(&out);
    let link = report["link"].as_str().unwrap();
    let key = link.split_once('#').map_or_else(String::new, |(_, key)| format!("#{key}"));
    printed(&["extract", &format!("{share}{key}"), "-o", &out]);
    (report, out.into())
}

/// The hash of a stream's packets.
fn hash(file: &Path, stream: &str) -> String {
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-i"]).arg(file).args(["-map", stream, "-c", "copy", "-f", "streamhash", "-"]);
    let said = String::from_utf8(ffmpeg.output().unwrap().stdout).unwrap();
    assert!(said.contains("SHA256="), "{} {stream}", file.display());
    said.rsplit('=').next().unwrap().trim().to_owned()
}

/// Stream, time, length and place of the packets, in the order of the file.
fn packets(file: &Path) -> Vec<(String, i64, u64, u64)> {
    let mut ffprobe = Command::new("ffprobe");
    let wanted = ["-v", "error", "-of", "csv=p=0", "-show_entries", "packet=codec_type,pts,size,pos"];
    let said = String::from_utf8(ffprobe.args(wanted).arg(file).output().unwrap().stdout).unwrap();
    let lines = said.lines().filter(|line| line.contains(','));
    lines
        .map(|line| {
            let fields: Vec<_> = line.split(',').collect();
            (fields[0].into(), fields[1].parse().unwrap(), fields[2].parse().unwrap(), fields[3].parse().unwrap())
        })
        .collect()
}

fn times(file: &Path, kind: &str) -> Vec<(i64, u64)> {
    let packets = packets(file).into_iter().filter(|packet| packet.0 == kind);
    packets.map(|(_, pts, size, _)| (pts, size)).collect()
}

/// Compares what came out with what went in; the sound was to come so many ms later.
fn compare(video: &Path, sound: &Path, out: &Path, later: i64) {
    let name = video.display();
    let file = out.join("video.webm");
    assert!(!out.join("audio.webm").exists(), "{name}: one file");
    assert_eq!(hash(video, "0:v"), hash(&file, "0:v"), "{name}");
    assert_eq!(times(video, "video"), times(&file, "video"), "{name}");
    if later >= 0 {
        assert_eq!(hash(sound, "0:a"), hash(&file, "0:a"), "{name}");
    }
    let before = times(sound, "audio").into_iter().map(|(pts, size)| (pts + later, size));
    // Where Opus tells of a delay, ffmpeg counts it as time before the block's own.
    let delay = if later < 0 { times(&file, "audio")[0].0.min(0) } else { i64::MIN };
    let expected: Vec<_> = before.filter(|(pts, _)| *pts >= delay).collect();
    let after = times(&file, "audio");
    assert_eq!(expected, after[after.len() - expected.len()..], "{name}");
    assert!(after.len() - expected.len() <= 1 && after[0].0 >= -8, "{name}");
    // Whoever plays it reads on, and never has to jump to and fro.
    let mut packets = packets(&file);
    packets.sort_by_key(|packet| packet.3);
    let mut latest = i64::MIN;
    for (kind, pts, ..) in packets {
        assert!(pts > latest.saturating_sub(150), "{name}: {kind} at {pts} lies behind {latest}");
        latest = latest.max(pts);
    }
}

#[test]
fn both_keep_their_packets_and_the_sound_moves_to_the_tick() {
    if !has_ffmpeg() {
        return;
    }
    let room = tempfile::tempdir().unwrap();
    let make = |name, arguments| made(room.path(), name, arguments);
    let picture = "-f lavfi -i testsrc2=s=160x90:r=15:d=4 -deadline realtime -cpu-used 8";
    let tone = "-f lavfi -i sine=d=5";
    let recorded = media("mediarecorder-audio.webm");
    let pairs = [
        (Some(media("mediarecorder.webm")), Some(recorded.clone())),
        (make("live.webm", &format!("{picture} -c:v libvpx-vp9 -live 1")), Some(recorded)),
        (make("cues.webm", &format!("{picture} -c:v libvpx")), make("opus.webm", &format!("{tone} -c:a libopus"))),
        (sample("mediarecorder/pw_record.webm"), make("vorbis.webm", &format!("{tone} -c:a libvorbis"))),
    ];
    for (video, sound) in pairs {
        let Some((video, sound)) = video.zip(sound) else { continue };
        for (starts, later) in
            [((0.0, 350.4), 350), ((200.0, 200.0), 0), ((500.0, 149.0), -351), ((0.0, 20_000.0), 20_000)]
        {
            let folder = recording(&video, &sound, starts);
            let (report, out) = exported(&folder, &[]);
            compare(&video, &sound, &out, later);
            let length = |file: &Path| sealcast::media::probe(file).unwrap().duration_ms.unwrap();
            let expected = length(&video).max(length(&sound) + later as f64);
            let told = report["video"]["duration_ms"].as_f64().unwrap();
            assert!((told - expected).abs() <= 50.0, "{}: {told}, not {expected}", video.display());
            assert!((length(&out.join("video.webm")) - expected).abs() <= 50.0, "{}", video.display());
        }
    }
}

#[test]
fn the_report_says_so_and_what_comes_out_is_one_video() {
    let folder = recording(&media("mediarecorder.webm"), &media("mediarecorder-audio.webm"), (0.0, 350.0));
    let (report, out) = exported(&folder, &[]);
    assert_eq!(report["video"]["repairs"], json!(["sound put in", "sizes added", "length added", "index added"]));
    assert_eq!(report["video"]["missing"], json!(["sizes unknown", "no length", "no index"]));
    assert_eq!(report["video"]["codecs"], "vp8,opus");
    let kinds: Vec<_> = report["video"]["tracks"].as_array().unwrap().iter().map(|track| &track["kind"]).collect();
    assert_eq!(kinds, ["video", "audio"]);
    assert_eq!(report["warnings"], json!([]));
    let input = path(&folder, "");
    let said = printed(&["export", &input, "--dry-run"]);
    assert!(said.contains("tracks  video vp8, audio opus") && said.contains("mended  sound put in, "), "{said}");
    let said = printed(&["inspect", &path(&folder, "share.html")]);
    assert!(said.contains("tracks  video vp8, audio opus") && said.contains("mended  sound put in, "), "{said}");

    let described: Value = serde_json::from_slice(&fs::read(out.join("recording.json")).unwrap()).unwrap();
    assert_eq!(described["media"].as_array().unwrap().len(), 1, "{described}");
    let again = path(&folder, "again.html");
    let said = printed(&["export", &out.display().to_string(), "-o", &again, "--json"]);
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["video"]["repairs"], json!([]));
    printed(&["extract", &again, "-o", &path(&folder, "again")]);
    let [one, other] = [out, folder.path().join("again")].map(|folder| fs::read(folder.join("video.webm")).unwrap());
    assert!(one == other, "once put together it stays as it is");
}

#[test]
fn it_works_with_all_that_is_done_to_a_video() {
    let folder = recording(&media("mediarecorder.webm"), &media("mediarecorder-audio.webm"), (0.0, 350.0));
    let whole = fs::read(exported(&folder, &[]).1.join("video.webm")).unwrap();
    for more in [&["--encrypt"][..], &["--keep-media-metadata"], &["--video-start", "2026-01-01T00:00:00Z"]] {
        let (_, out) = exported(&folder, more);
        assert!(fs::read(out.join("video.webm")).unwrap() == whole, "{more:?}");
    }
    let (report, out) = exported(&folder, &["--to", "3"]);
    assert_eq!(report["video"]["repairs"].as_array().unwrap().last().unwrap(), "cut to the span");
    let cut = sealcast::media::probe(&out.join("video.webm")).unwrap();
    assert!(cut.has_audio && (cut.duration_ms.unwrap() - 3_000.0).abs() < 1.0, "{cut:?}");
    if !has_ffmpeg() {
        return;
    }
    let (report, out) = exported(&folder, &["--video-mask", "0,0,20,20"]);
    assert_eq!(report["video"]["repairs"][0], "sound put in");
    let [sound, masked] = [media("mediarecorder-audio.webm"), out.join("video.webm")].map(|file| hash(&file, "0:a"));
    assert_eq!(sound, masked);
}

/// As a product of its day hands it out: video and sound as files of their own, without a word on either.
#[test]
fn files_without_a_description_begin_together() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(media("mediarecorder-vp9.webm"), folder.path().join("own-sound.webm")).unwrap();
    fs::copy(media("mediarecorder.webm"), folder.path().join("video.webm")).unwrap();
    fs::copy(media("mediarecorder-audio.webm"), folder.path().join("audio.webm")).unwrap();
    let console = "{\"timestamp\":120,\"level\":\"log\",\"args\":[\"hello\"]}\n";
    fs::write(folder.path().join("console.ndjson"), console).unwrap();
    let file = |name: &str| path(&folder, name);
    let [video, audio, console, share] = ["video.webm", "audio.webm", "console.ndjson", "s.html"].map(file);
    let told = |arguments: &[&str]| -> Value {
        let end = ["-o", &share, "--force", "--poster", "none", "--json"];
        serde_json::from_str(&printed(&[&["export"], arguments, &end].concat())).unwrap()
    };
    for inputs in [&[&*video, &audio, &console][..], &[&console, "--video", &video, "--audio", &audio]] {
        let report = told(inputs);
        assert_eq!(report["video"]["repairs"][0], "sound put in", "{report}");
        assert_eq!(report["video"]["codecs"], "vp8,opus");
    }
    // A video that has sound keeps it, and the file of sound too.
    let report = told(&[&file("own-sound.webm"), "--audio", &audio]);
    assert_ne!(report["video"]["repairs"][0], "sound put in", "{report}");
    assert_eq!(report["warnings"], json!([]));
    assert!(printed(&["extract", &share, "-o", &file("apart")]).is_empty() || Path::new(&file("apart")).exists());
    assert!(Path::new(&file("apart/audio.webm")).exists() && Path::new(&file("apart/own-sound.webm")).exists());
}

/// Four seconds of silence at 8 kHz.
fn wav() -> Vec<u8> {
    let rates = [8_000_u32.to_le_bytes(), 8_000_u32.to_le_bytes()].concat();
    let head =
        [b"RIFF".as_slice(), &32_036_u32.to_le_bytes(), b"WAVEfmt ", &16_u32.to_le_bytes(), &[1, 0, 1, 0]].concat();
    [&head[..], &rates, &[1, 0, 8, 0], b"data", &32_000_u32.to_le_bytes(), &vec![128; 32_000]].concat()
}

/// Ogg with the head of an Opus stream, and what is no packet of it.
fn ogg() -> Vec<u8> {
    let page = |granule: u64, body: &[u8]| {
        let place = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, u8::try_from(body.len()).unwrap()];
        [b"OggS\0\0".as_slice(), &granule.to_le_bytes(), &[7; 4], &place[4..], body].concat()
    };
    [page(0, b"OpusHead\x01\x02\x38\x01\0\0\0\0\0\0\0"), page(48_312, b"sound")].concat()
}

/// An MP4 whose track of sound is made into none.
fn silent(room: &Path, of: &str) -> PathBuf {
    let mut bytes = fs::read(media(of)).unwrap();
    let at = bytes.windows(4).position(|word| word == b"soun").unwrap();
    bytes[at..at + 4].copy_from_slice(b"meta");
    let path = room.join(of);
    fs::write(&path, bytes).unwrap();
    assert!(!sealcast::media::probe(&path).unwrap().has_audio);
    path
}

#[test]
fn what_cannot_be_put_in_stays_apart() {
    let room = tempfile::tempdir().unwrap();
    fs::write(room.path().join("a.wav"), wav()).unwrap();
    fs::write(room.path().join("a.ogg"), ogg()).unwrap();
    let (wav, ogg, opus) = (room.path().join("a.wav"), room.path().join("a.ogg"), media("mediarecorder-audio.webm"));
    let (webm, mp4) = (media("mediarecorder.webm"), silent(room.path(), "mixed.mp4"));
    for (video, sound, start, words) in [
        (&webm, &wav, 0.0, "WebM takes Opus and Vorbis; convert it first: ffmpeg -i audio.wav -c:a libopus sound.webm"),
        (&mp4, &wav, 0.0, "MP4 takes AAC, MP3 and Opus; convert it first: ffmpeg -i audio.wav -c:a aac sound.m4a"),
        (&mp4, &ogg, 0.0, "ffmpeg, which does that, is not on PATH; install ffmpeg, and export again"),
        (&webm, &opus, -1_500.0, ""),
        (&mp4, &opus, -1_500.0, ""),
    ] {
        let folder = recording(video, sound, (0.0, start));
        let share = path(&folder, "share.html");
        let mut command = Command::new(env!("CARGO_BIN_EXE_sealcast"));
        command.args(["export", &path(&folder, ""), "-o", &share, "--json"]).env("PATH", "/nowhere");
        let done: Output = command.output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let report: Value = serde_json::from_slice(&done.stdout).unwrap();
        let warnings = report["warnings"].to_string();
        assert!(if words.is_empty() { warnings == "[]" } else { warnings.contains(words) }, "{warnings}");
        assert_ne!(report["video"]["repairs"][0], "sound put in");
        printed(&["extract", &share, "-o", &path(&folder, "out")]);
        let name = format!("out/audio.{}", sound.extension().unwrap().to_string_lossy());
        assert!(folder.path().join(name).exists());
    }
}

#[test]
fn sound_in_another_container_than_webm_is_copied_into_one() {
    let room = tempfile::tempdir().unwrap();
    if !has_ffmpeg() {
        return;
    }
    let Some(ogg) = made(room.path(), "s.ogg", "-f lavfi -i sine=d=5 -c:a libopus") else { return };
    let folder = recording(&media("mediarecorder.webm"), &ogg, (0.0, 700.0));
    let (report, out) = exported(&folder, &[]);
    assert_eq!(report["video"]["repairs"][0], "sound put in", "{report}");
    assert_eq!(hash(&ogg, "0:a"), hash(&out.join("video.webm"), "0:a"));
    // The delay of Opus stands before the block's own time.
    assert!((times(&out.join("video.webm"), "audio")[0].0 - 693).abs() <= 1);
}

#[test]
fn of_damaged_sound_the_rest_is_put_in() {
    let whole = fs::read(media("mediarecorder-audio.webm")).unwrap();
    let room = tempfile::tempdir().unwrap();
    let sound = room.path().join("s.webm");
    let mut hole = whole.clone();
    hole[9_000..9_040].fill(0);
    for (bytes, words) in
        [(&whole[..12_000], "audio.webm: cut end dropped"), (&hole, "audio.webm: damaged part dropped")]
    {
        fs::write(&sound, bytes).unwrap();
        let folder = recording(&media("mediarecorder.webm"), &sound, (0.0, 0.0));
        let (report, out) = exported(&folder, &[]);
        assert!(report["warnings"].to_string().contains(words), "{report}");
        assert_eq!(report["video"]["repairs"][0], "sound put in");
        if has_ffmpeg() {
            let (all, left) =
                (times(&media("mediarecorder-audio.webm"), "audio"), times(&out.join("video.webm"), "audio"));
            assert!(left.len() > all.len() / 4 && left.len() < all.len());
            assert!(left.iter().all(|packet| all.contains(packet)), "each is as it was");
        }
    }
    // Nothing of it can be read.
    fs::write(&sound, &whole[..200]).unwrap();
    let folder = recording(&media("mediarecorder.webm"), &sound, (0.0, 0.0));
    let done = sealcast(&["export", &path(&folder, ""), "-o", &path(&folder, "s.html")]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success() && said.contains("audio.webm was left out"), "{said}");
}

#[cfg(unix)]
#[test]
fn an_interruption_leaves_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::{Duration, Instant};

    let programs = tempfile::tempdir().unwrap();
    fs::write(programs.path().join("a.ogg"), ogg()).unwrap();
    let video = silent(programs.path(), "mixed.mp4");
    let folder = recording(&video, &programs.path().join("a.ogg"), (0.0, 0.0));
    let program = programs.path().join("ffmpeg");
    fs::write(&program, "#!/bin/sh\necho > \"$MARK\"; exec /bin/sleep 60\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let (temporary, mark) = (tempfile::tempdir().unwrap(), programs.path().join("mark"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_sealcast"));
    command
        .args(["export", &path(&folder, ""), "-o", &path(&folder, "share.html"), "--poster", "none"])
        .stderr(Stdio::piped());
    command.env("PATH", programs.path()).env("MARK", &mark).env("TMPDIR", temporary.path());
    let child = command.spawn().unwrap();
    let start = Instant::now();
    while !mark.exists() {
        assert!(start.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(130));
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
    assert!(!folder.path().join("share.html").exists());
}
