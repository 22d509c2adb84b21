//! What browsers do not play, and the command that makes it into what they do.

use std::path::{Path, PathBuf};

use super::Probe;

/// Codecs by the start of their names. Each is refused by Chromium, Firefox or Safari on some or all systems; of names
/// that are in no list nothing is known, and the browser decides.
const REFUSED: [(&str, &str); 29] = [
    ("hvc1", "HEVC (H.265)"),
    ("hev1", "HEVC (H.265)"),
    ("dvh1", "Dolby Vision"),
    ("dvhe", "Dolby Vision"),
    ("apc", "ProRes"),
    ("ap4", "ProRes"),
    ("V_PRORES", "ProRes"),
    ("mp4v", "MPEG-4 part 2"),
    ("V_MPEG4/ISO/", "MPEG-4 part 2"),
    ("V_MPEG4/MS", "MPEG-4 part 2"),
    ("V_MS/VFW", "a Video for Windows codec"),
    ("V_MPEG1", "MPEG-1"),
    ("V_MPEG2", "MPEG-2"),
    ("V_FFV1", "FFV1"),
    ("mjp", "Motion JPEG"),
    ("V_MJPEG", "Motion JPEG"),
    ("lpcm", "PCM sound"),
    ("sowt", "PCM sound"),
    ("twos", "PCM sound"),
    ("in24", "PCM sound"),
    ("in32", "PCM sound"),
    ("fl32", "PCM sound"),
    ("raw", "PCM sound"),
    ("A_PCM", "PCM sound"),
    ("alac", "ALAC sound"),
    ("A_ALAC", "ALAC sound"),
    ("A_AC3", "AC-3 sound"),
    ("A_EAC3", "AC-3 sound"),
    ("A_DTS", "DTS sound"),
];

/// Codecs of video that an MP4 may keep.
const KEPT: [&str; 4] = ["avc1", "av01", "vp09", "vp9"];

/// Why browsers do not play a file, and how to make it play.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unplayable {
    /// The codecs at fault, for people.
    pub(crate) names: String,
    /// Arguments of ffmpeg between the input's name and the output's.
    pub(crate) arguments: Vec<&'static str>,
    /// What these do, in words.
    pub(crate) repair: &'static str,
}

/// What browsers refuse about a file.
pub(crate) fn unplayable(probe: &Probe) -> Option<Unplayable> {
    let codecs: Vec<&str> = probe.codecs.as_deref().unwrap_or_default().split(',').collect();
    let mut names: Vec<&str> = codecs.iter().filter_map(|codec| refused(codec)).collect();
    names.dedup();
    if names.is_empty() {
        return None;
    }
    let kept = codecs.first().is_some_and(|codec| KEPT.iter().any(|kept| codec.starts_with(kept)));
    let mut arguments = if kept { vec!["-c:v", "copy"] } else { vec!["-c:v", "libx264", "-pix_fmt", "yuv420p"] };
    let is_odd = |side: Option<u32>| side.is_some_and(|side| side % 2 == 1);
    if !kept && (is_odd(probe.width) || is_odd(probe.height)) {
        arguments.extend(["-vf", "scale=trunc(iw/2)*2:trunc(ih/2)*2"]);
    }
    arguments.extend(["-c:a", "aac", "-movflags", "+faststart"]);
    let repair = match (probe.has_video && !kept, probe.has_audio) {
        (true, true) => "transcoded to H.264 and AAC",
        (true, false) => "transcoded to H.264",
        (false, _) => "sound transcoded to AAC",
    };
    Some(Unplayable { names: names.join(" and "), arguments, repair })
}

fn refused(codec: &str) -> Option<&'static str> {
    // H.264 has a name within that of MPEG-4 part 2.
    let is_avc = codec.starts_with("V_MPEG4/ISO/AVC");
    REFUSED.iter().find(|(start, _)| codec.starts_with(start) && !is_avc).map(|(_, name)| *name)
}

impl Unplayable {
    /// What is wrong, in words that follow the file's name.
    pub(crate) fn fact(&self) -> String {
        format!("is in {}, which not all browsers play", self.names)
    }

    /// The command for a shell that makes a file play, and where its output goes.
    pub(crate) fn command(&self, input: &Path) -> String {
        let arguments = self.arguments.iter().map(|argument| quoted(argument));
        let words = ["ffmpeg".into(), "-i".into(), quoted(&input.to_string_lossy())].into_iter().chain(arguments);
        let output = quoted(&Self::output(input).to_string_lossy());
        words.chain([output]).collect::<Vec<_>>().join(" ")
    }

    /// A name for the result, which never is the input's.
    pub(crate) fn output(input: &Path) -> PathBuf {
        let name = Path::new(input.file_name().unwrap_or_default());
        let output = name.with_extension("mp4");
        if output == name {
            let stem = name.file_stem().unwrap_or_default().to_string_lossy();
            return PathBuf::from(format!("{stem}-h264.mp4"));
        }
        output
    }
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:+,%@=".contains(&byte);
    let word = if word.starts_with('-') && word.contains('.') { format!("./{word}") } else { word.into() };
    if !word.is_empty() && word.bytes().all(is_plain) { word } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(codecs: &str, side: u32) -> Option<Unplayable> {
        unplayable(&Probe {
            mime_type: "video/mp4".into(),
            codecs: Some(codecs.into()),
            duration_ms: None,
            width: Some(side),
            height: Some(side),
            has_video: true,
            has_audio: false,
            created: None,
            rotation: 0,
            tracks: Vec::new(),
            keyframes: None,
        })
    }

    #[test]
    fn what_browsers_refuse_is_named() {
        for fine in ["avc1.64001f,mp4a.40.2", "vp8,opus", "V_XYZ", "", "av01.0.04M.08", "V_MPEG4/ISO/AVC"] {
            assert_eq!(of(fine, 64), None, "{fine}");
        }
        for (codecs, names) in [
            ("hvc1.1.6.L63.90,mp4a.40.2", "HEVC (H.265)"),
            ("apch,sowt", "ProRes and PCM sound"),
            ("mp4v.20", "MPEG-4 part 2"),
            ("V_MPEG4/ISO/ASP,A_AC3", "MPEG-4 part 2 and AC-3 sound"),
        ] {
            assert_eq!(of(codecs, 64).unwrap().names, names);
        }
    }

    #[test]
    fn commands_are_safe_to_paste() {
        let command = |codecs, side, name: &str| of(codecs, side).unwrap().command(Path::new(name));
        assert_eq!(
            command("avc1.64001f,lpcm", 64, "a/it's me.mov"),
            r"ffmpeg -i 'a/it'\''s me.mov' -c:v copy -c:a aac -movflags +faststart 'it'\''s me.mp4'"
        );
        assert_eq!(
            command("hvc1", 65, "-i.mp4"),
            "ffmpeg -i ./-i.mp4 -c:v libx264 -pix_fmt yuv420p -vf 'scale=trunc(iw/2)*2:trunc(ih/2)*2' \
             -c:a aac -movflags +faststart ./-i-h264.mp4"
        );
    }
}
