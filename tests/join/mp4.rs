//! The same of MP4. Nothing here finds ffmpeg but the test that says so, which is there only to look at what came out.

use super::*;

/// An export that finds no other program.
fn alone(folder: &TempDir, more: &[&str]) -> (Value, PathBuf) {
    let (share, out) = (path(folder, "share.html"), path(folder, "out"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_sealcast"));
    command.args(["export", &path(folder, ""), "-o", &share, "--force", "--json"]).args(more).env("PATH", "/nowhere");
    let done = command.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let report: Value = serde_json::from_slice(&done.stdout).unwrap();
    let key = report["link"].as_str().unwrap().split_once('#').map_or_else(String::new, |(_, key)| format!("#{key}"));
    let _ = fs::remove_dir_all(&out);
    printed(&["extract", &format!("{share}{key}"), "-o", &out]);
    (report, out.into())
}

/// A picture without sound: four seconds whose index is at the end, in H.264 with frames that wait for later ones.
fn film(room: &Path) -> Option<PathBuf> {
    let picture = "-f lavfi -i testsrc2=s=160x90:r=15:d=4 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 15 -bf 2";
    made(room, "film.mp4", picture)
}

/// Five seconds of sound in all that MP4 takes, each with a click after one second, and the ending it goes by.
fn sounds(room: &Path) -> Vec<PathBuf> {
    let click = "-f lavfi -i aevalsrc='0.9*eq(n,48000)':s=48000:d=5";
    let make = |name: &str, arguments: &str| made(room, name, &format!("{click} {arguments}"));
    let fragments = "-c:a aac -movflags frag_keyframe+empty_moov+default_base_moof+delay_moov -frag_duration 1000000";
    let made = [
        make("aac.m4a", "-c:a aac -b:a 256k"),
        make("fragments.m4a", fragments),
        make("opus.webm", "-c:a libopus -b:a 256k"),
        make("opus.mp4", "-c:a libopus -b:a 256k"),
        make("mp3.mp3", "-c:a libmp3lame -b:a 256k"),
        make("bare.aac", "-c:a aac -b:a 256k"),
    ];
    made.into_iter().flatten().collect()
}

/// The hashes of a stream's packets, one by one.
fn hashes(file: &Path, stream: &str) -> Vec<String> {
    let mut ffprobe = Command::new("ffprobe");
    let wanted = ["-v", "error", "-of", "csv=p=0", "-show_data_hash", "SHA256", "-show_entries", "packet=data_hash"];
    let said =
        String::from_utf8(ffprobe.args(wanted).args(["-select_streams", stream]).arg(file).output().unwrap().stdout);
    let said = said.unwrap();
    said.lines().filter_map(|line| Some(line[line.find("SHA256")?..].to_owned())).collect()
}

/// Every packet of sound is there, in its order, and before them are so many ms of silence or nearly so.
fn stands(sound: &Path, file: &Path, stream: &str, silent_ms: f64) {
    let (given, kept) = (hashes(sound, "a:0"), hashes(file, stream));
    let front = kept.len().saturating_sub(given.len());
    assert!(!given.is_empty() && given == kept[front..], "{}: {} of {}", sound.display(), kept.len(), given.len());
    let lasted = (seconds(file, stream)[front] - seconds(file, stream)[0]) * 1e3;
    assert!((lasted - silent_ms).abs() <= 50.0, "{} begins after {lasted} ms", sound.display());
}

/// At which sample of 48 kHz on the file's time the click is heard.
fn click(file: &Path) -> i64 {
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-i"]).arg(file);
    ffmpeg.args([
        "-map",
        "0:a",
        "-af",
        "aresample=async=1:first_pts=0",
        "-ar",
        "48000",
        "-ac",
        "1",
        "-f",
        "s16le",
        "-",
    ]);
    let bytes = ffmpeg.output().unwrap().stdout;
    let level = |pair: &[u8]| i16::from_le_bytes([pair[0], pair[1]]).unsigned_abs();
    let (at, _) = bytes.chunks_exact(2).map(level).enumerate().max_by_key(|(_, level)| *level).unwrap();
    i64::try_from(at).unwrap()
}

#[test]
fn sound_of_any_container_stands_in_mp4_to_the_sample() {
    let room = tempfile::tempdir().unwrap();
    if !has_ffmpeg() {
        return;
    }
    let Some(film) = film(room.path()) else { return };
    for sound in sounds(room.path()) {
        let name = sound.file_name().unwrap().to_string_lossy().into_owned();
        // Bare AAC says nothing of its encoder's delay.
        let own = if name == "bare.aac" { click(&sound) } else { 48_000 };
        for (starts, later) in
            [((0.0, 700.0), 33_600), ((200.0, 200.0), 0), ((0.0, 350.4), 16_819), ((300.0, 0.0), -14_400)]
        {
            let folder = recording(&film, &sound, starts);
            let (report, out) = alone(&folder, &[]);
            assert_eq!(report["video"]["repairs"][0], "sound put in", "{name}: {report}");
            let file = out.join("video.mp4");
            assert_eq!(hash(&film, "0:v"), hash(&file, "0:v"), "{name}");
            let [given, kept] = [&film, &file].map(|file| times(file, "video"));
            assert_eq!(given, kept, "{name}");
            let off = click(&file) - own - later;
            assert!(off.abs() <= 2, "{name} {later}: {off} samples off");
            if later >= 0 && name != "bare.aac" {
                stands(&sound, &file, "a:0", later as f64 / 48.0);
            }
            let told = report["video"]["duration_ms"].as_f64().unwrap();
            let length = sealcast::media::probe(&sound).unwrap().duration_ms.unwrap();
            let expected = (length + later as f64 / 48.0).max(4_000.0);
            assert!((told - expected).abs() <= 50.0, "{name} {later}: {told}, not {expected}");
            in_turn(&file);
        }
    }
}

/// Whoever plays it reads on, and never has to jump to and fro.
fn in_turn(file: &Path) {
    let mut ffprobe = Command::new("ffprobe");
    let wanted = ["-v", "error", "-of", "csv=p=0", "-show_entries", "packet=dts_time,pos"];
    let said = String::from_utf8(ffprobe.args(wanted).arg(file).output().unwrap().stdout).unwrap();
    let number = |text: &str| text.parse::<f64>().unwrap();
    let lines = said.lines().filter_map(|line| line.trim_matches(',').split_once(','));
    let mut packets: Vec<(f64, f64)> = lines.map(|(time, at)| (number(at.trim_matches(',')), number(time))).collect();
    packets.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut latest = f64::NEG_INFINITY;
    for (_, time) in packets {
        assert!(time > latest - 0.8, "{}: {time} lies behind {latest}", file.display());
        latest = latest.max(time);
    }
}

/// When the packets of a stream are shown or heard.
fn seconds(file: &Path, stream: &str) -> Vec<f64> {
    let mut ffprobe = Command::new("ffprobe");
    let wanted = ["-v", "error", "-of", "csv=p=0", "-select_streams", stream, "-show_entries", "packet=pts_time"];
    let said = String::from_utf8(ffprobe.args(wanted).arg(file).output().unwrap().stdout).unwrap();
    said.lines().filter_map(|line| line.trim_matches(',').parse().ok()).collect()
}

#[test]
fn opus_out_of_mp4_goes_into_webm() {
    let room = tempfile::tempdir().unwrap();
    if !has_ffmpeg() {
        return;
    }
    let all = sounds(room.path());
    let named = |name: &str| all.iter().find(|sound| sound.ends_with(name));
    if let Some((sound, known)) = named("opus.mp4").zip(named("opus.webm")) {
        // Of such a file that begins at zero ffmpeg counts what nobody hears, here as in its own.
        for (starts, expected) in [((0.0, 0.0), click(known)), ((0.0, 700.0), 48_000 + 33_600)] {
            let folder = recording(&media("mediarecorder.webm"), sound, starts);
            let (report, out) = alone(&folder, &[]);
            let file = out.join("video.webm");
            assert_eq!(report["video"]["repairs"][0], "sound put in", "{report}");
            assert_eq!(hash(sound, "0:a"), hash(&file, "0:a"));
            assert_eq!(hash(&media("mediarecorder.webm"), "0:v"), hash(&file, "0:v"));
            // Times of WebM are milliseconds.
            let off = click(&file) - expected;
            assert!(off.abs() <= 48, "{starts:?}: {off} samples off");
        }
    }
}

/// What a browser wrote, in fragments and cut off, and beside it what another wrote.
#[test]
fn recordings_of_browsers_are_put_together() {
    let room = tempfile::tempdir().unwrap();
    for (name, ms) in [("mediarecorder-cut.mp4", 7_994.0), ("mixed.mp4", 7_994.0)] {
        let video = silent(room.path(), name);
        let folder = recording(&video, &media("mediarecorder-audio.webm"), (0.0, 350.0));
        let (report, out) = alone(&folder, &[]);
        let file = out.join("video.mp4");
        assert_eq!(report["video"]["repairs"][0], "sound put in", "{report}");
        assert_eq!(report["warnings"], json!([]));
        assert!(!out.join("audio.webm").exists());
        let found = sealcast::media::probe(&file).unwrap();
        assert!((found.duration_ms.unwrap() - ms - 350.0).abs() <= 50.0, "{name}: {found:?}");
        if !has_ffmpeg() {
            continue;
        }
        if name == "mixed.mp4" {
            // ffmpeg hands out what is left of the packet that the other file ends in.
            assert_eq!(hash(&video, "0:v"), hash(&file, "0:v"), "{name}");
        }
        // ffmpeg takes what the video had for sound all the same, where it is AAC.
        let stream = if name == "mixed.mp4" { "a:1" } else { "a:0" };
        stands(&media("mediarecorder-audio.webm"), &file, stream, 350.0);
        // A recorder's clock trembles; each packet still lies where it said, or nearly so.
        let given = seconds(&media("mediarecorder-audio.webm"), "a:0");
        let kept = seconds(&file, stream);
        let kept = kept[kept.len() - given.len()..].to_vec();
        let off = given.iter().zip(kept).map(|(one, other)| (one + 0.35 - other).abs()).reduce(f64::max).unwrap();
        assert!(off <= 0.011, "{name}: {off} s");
    }
}

#[test]
fn it_works_with_all_that_is_done_to_a_video() {
    let room = tempfile::tempdir().unwrap();
    let folder = recording(&silent(room.path(), "mixed.mp4"), &media("mediarecorder-audio.webm"), (0.0, 350.0));
    let (report, out) = alone(&folder, &[]);
    assert!(report["video"]["codecs"].as_str().unwrap().ends_with(",opus"), "{report}");
    let whole = fs::read(out.join("video.mp4")).unwrap();
    for more in [&["--encrypt"][..], &["--video-start", "2026-01-01T00:00:00Z"]] {
        assert!(fs::read(alone(&folder, more).1.join("video.mp4")).unwrap() == whole, "{more:?}");
    }
    let again = tempfile::tempdir().unwrap();
    for file in fs::read_dir(alone(&folder, &[]).1).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), again.path().join(file.file_name())).unwrap();
    }
    let (report, out) = alone(&again, &[]);
    assert_eq!(report["video"]["repairs"], json!([]));
    assert!(fs::read(out.join("video.mp4")).unwrap() == whole, "once put together it stays as it is");
    let (report, out) = alone(&folder, &["--to", "2"]);
    assert_eq!(report["video"]["repairs"].as_array().unwrap().last().unwrap(), "cut to the span");
    let cut = sealcast::media::probe(&out.join("video.mp4")).unwrap();
    assert!(cut.has_audio && (cut.duration_ms.unwrap() - 2_000.0).abs() < 100.0, "{cut:?}");
    if !has_ffmpeg() {
        return;
    }
    let (report, out) = exported(&folder, &["--video-mask", "0,0,20,20"]);
    assert_eq!(report["video"]["repairs"][0], "sound put in");
    stands(&media("mediarecorder-audio.webm"), &out.join("video.mp4"), "a:1", 350.0);
}

#[test]
fn of_damaged_sound_the_rest_is_put_in() {
    let room = tempfile::tempdir().unwrap();
    let video = silent(room.path(), "mixed.mp4");
    let whole = fs::read(media("mediarecorder-audio.webm")).unwrap();
    let cut = room.path().join("cut.webm");
    fs::write(&cut, &whole[..12_000]).unwrap();
    let mut files = vec![(cut, "audio.webm: cut end dropped")];
    if has_ffmpeg()
        && let Some(sound) = made(room.path(), "front.m4a", "-f lavfi -i sine=d=5 -c:a aac -movflags +faststart")
    {
        let bytes = fs::read(&sound).unwrap();
        fs::write(&sound, &bytes[..bytes.len() / 2]).unwrap();
        files.push((sound, "audio.m4a: cut end"));
    }
    for (sound, words) in files {
        let folder = recording(&video, &sound, (0.0, 0.0));
        let (report, out) = alone(&folder, &[]);
        assert_eq!(report["video"]["repairs"][0], "sound put in", "{report}");
        assert_eq!(report["warnings"], json!([words]));
        assert!(sealcast::media::probe(&out.join("video.mp4")).unwrap().has_audio);
    }
}

/// Where files of frames were put one behind the other, and where something else came between.
#[test]
fn no_sound_behind_a_break_is_lost() {
    let room = tempfile::tempdir().unwrap();
    if !has_ffmpeg() {
        return;
    }
    let sound = made(room.path(), "s.mp3", "-f lavfi -i sine=d=3 -c:a libmp3lame -metadata title=x");
    let Some((film, sound)) = film(room.path()).zip(sound) else { return };
    let one = fs::read(&sound).unwrap();
    assert!(one.starts_with(b"ID3"));
    fs::write(&sound, [&one[..], &one].concat()).unwrap();
    let folder = recording(&film, &sound, (0.0, 0.0));
    let (report, out) = alone(&folder, &[]);
    assert_eq!(report["video"]["repairs"][0], "sound put in", "{report}");
    assert!((report["video"]["duration_ms"].as_f64().unwrap() - 6_000.0).abs() < 150.0, "{report}");
    assert!(out.join("video.mp4").exists() && !out.join("audio.mp3").exists());
    let odd = [&one[..], b"?", &one].concat();
    fs::write(&sound, &odd).unwrap();
    let folder = recording(&film, &sound, (0.0, 0.0));
    let (report, out) = alone(&folder, &[]);
    assert!(report["warnings"].to_string().contains("is played beside"), "{report}");
    assert!(fs::read(out.join("audio.mp3")).unwrap() == odd);
}

#[test]
fn what_tells_of_its_maker_is_left_out_or_kept() {
    let room = tempfile::tempdir().unwrap();
    if !has_ffmpeg() {
        return;
    }
    let Some(film) = film(room.path()) else { return };
    let named = |name, of: &Path, title| {
        made(room.path(), name, &format!("-i {} -c copy -metadata title={title}", of.display())).unwrap()
    };
    let Some(plain) = made(room.path(), "s.m4a", "-f lavfi -i sine=d=5 -c:a aac") else { return };
    let folder = recording(&named("told.mp4", &film, "OfDana"), &named("told.m4a", &plain, "OfOmar"), (0.0, 0.0));
    for (more, kept) in [(&[][..], false), (&["--keep-media-metadata"], true)] {
        let bytes = fs::read(alone(&folder, more).1.join("video.mp4")).unwrap();
        assert_eq!(bytes.windows(6).any(|six| six == b"OfDana"), kept);
        assert!(!bytes.windows(6).any(|six| six == b"OfOmar"), "the file is the video's");
    }
}

#[test]
fn what_is_left_to_ffmpeg_is_not_encoded() {
    let room = tempfile::tempdir().unwrap();
    if !has_ffmpeg() {
        return;
    }
    let ogg = made(room.path(), "s.ogg", "-f lavfi -i sine=d=4 -c:a libopus");
    let Some((film, ogg)) = film(room.path()).zip(ogg) else { return };
    let folder = recording(&film, &ogg, (0.0, 700.0));
    let (report, out) = exported(&folder, &[]);
    assert_eq!(report["video"]["repairs"][0], "sound put in", "{report}");
    let file = out.join("video.mp4");
    assert_eq!(hash(&film, "0:v"), hash(&file, "0:v"));
    stands(&ogg, &file, "a:0", 700.0);
    // Nobody here knows how to be silent on six speakers.
    let surround =
        "-f lavfi -i sine=d=4 -af pan=5.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0 -c:a libopus -mapping_family 1";
    let Some(surround) = made(room.path(), "s.webm", surround) else { return };
    let folder = recording(&film, &surround, (0.0, 700.0));
    let (report, out) = exported(&folder, &[]);
    assert_ne!(report["video"]["repairs"][0], "sound put in", "{report}");
    assert!(out.join("audio.webm").exists());
    let (report, _) = exported(&recording(&film, &surround, (0.0, 0.0)), &[]);
    assert_eq!(report["video"]["repairs"][0], "sound put in", "{report}");
    let late = made(room.path(), "late.webm", &format!("-itsoffset 0.8 -i {} -c copy", surround.display())).unwrap();
    let (report, _) = exported(&recording(&film, &late, (0.0, 0.0)), &[]);
    assert_ne!(report["video"]["repairs"][0], "sound put in", "a start of its own: {report}");
}
