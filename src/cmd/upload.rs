//! The commands that upload a share to an object store, with the type and caching that each file needs.
//!
//! The page comes last: whoever opens it must find its parts.

use std::path::Path;

use serde::Serialize;

use super::bucket::{Bucket, UNKNOWN};
use super::console::Console;
use super::report::{File, Report};
use crate::visible::visible;

/// The commands, for two tools of which either will do.
#[derive(Debug, Default, Serialize)]
pub(super) struct Upload {
    pub(super) aws: Vec<String>,
    pub(super) rclone: Vec<String>,
    /// Whether the bucket's name is to be filled in.
    #[serde(skip)]
    pub(super) placeholder: bool,
}

impl Upload {
    /// The commands for what was written; `page` is the page's path among the files, `folder` says that they lie
    /// in a folder.
    pub(super) fn new(report: &Report, folder: bool, page: &str, bucket: &Bucket) -> Self {
        let files = report.files.as_deref().unwrap_or_default();
        Share { files, output: &report.output, folder, page, bucket }.upload()
    }

    /// Shows the commands to people.
    pub(super) fn say(&self, console: &mut Console) {
        let fill_in = if self.placeholder { ", with your bucket's name in the place of YOUR-BUCKET" } else { "" };
        for (label, lines) in
            [(format!("upload it with aws{fill_in}:"), &self.aws), ("or with rclone:".into(), &self.rclone)]
        {
            console.note(&label);
            lines.iter().for_each(|line| console.note(&format!("  {}", visible(line))));
        }
    }
}

/// Whether the folder's whole path has letters that `aws` would take for a pattern: it matches whole paths.
fn holds_glob(output: &str) -> bool {
    std::path::absolute(Path::new(output)).is_ok_and(|path| path.to_string_lossy().contains(['*', '?', '[']))
}

/// A share on this disk and where it goes.
struct Share<'a> {
    files: &'a [File],
    /// The file or folder as it was named.
    output: &'a str,
    folder: bool,
    page: &'a str,
    bucket: &'a Bucket,
}

/// Files that are uploaded with the same headers.
type Group<'a> = Vec<&'a File>;

impl<'a> Share<'a> {
    fn upload(&self) -> Upload {
        let mut upload = Upload { placeholder: self.bucket.name == UNKNOWN, ..Upload::default() };
        for group in self.groups() {
            upload.aws.extend(self.aws(&group));
            upload.rclone.extend(self.rclone(&group));
        }
        upload
    }

    /// Files of one type and caching together, and the page behind all others.
    fn groups(&self) -> Vec<Group<'a>> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        for file in self.files.iter().filter(|file| file.path != self.page) {
            match groups.iter_mut().find(|group| headers(group[0]) == headers(file)) {
                Some(group) => group.push(file),
                None => groups.push(vec![file]),
            }
        }
        groups.extend(self.files.iter().filter(|file| file.path == self.page).map(|page| vec![page]));
        groups
    }

    fn aws(&self, group: &Group<'_>) -> Vec<String> {
        let headers = |first: Vec<String>, file: &File| {
            let region = self.bucket.region.iter().flat_map(|region| ["--region".into(), region.clone()]);
            let headers = ["--content-type", &file.content_type, "--cache-control", file.cache_control];
            shell(first.into_iter().chain(headers.map(str::to_owned)).chain(region))
        };
        if group.len() == 1 || holds_glob(self.output) {
            let one = |file: &&File| {
                let object = format!("s3://{}/{}", self.bucket.name, self.key(file));
                headers(words(&["aws", "s3", "cp", &self.path(file), &object]), file)
            };
            return group.iter().map(one).collect();
        }
        let place = format!("s3://{}/{}", self.bucket.name, self.prefix());
        let mut line = words(&["aws", "s3", "cp", &self.source(), &place, "--recursive", "--exclude", "*"]);
        line.extend(self.patterns(group).into_iter().flat_map(|pattern| ["--include".into(), pattern]));
        vec![headers(line, group[0])]
    }

    fn rclone(&self, group: &Group<'_>) -> Vec<String> {
        let region = self.bucket.region.as_ref().map_or_else(String::new, |region| format!(",region={region}"));
        // Needs no configured remote: credentials come from where aws takes them. Most that may write objects may
        // not create buckets, so it must not try.
        let bucket = format!(":s3,provider=AWS,env_auth,no_check_bucket{region}:{}", self.bucket.name);
        let file = group[0];
        let mut line = if group.len() == 1 {
            words(&["rclone", "copyto", &self.path(file), &format!("{bucket}/{}", self.key(file))])
        } else {
            let mut line = words(&["rclone", "copy", &self.source(), &format!("{bucket}/{}", self.prefix())]);
            line.extend(self.patterns(group).iter().flat_map(|pattern| ["--include".into(), format!("/{pattern}")]));
            line
        };
        // An object that is there already may have other headers.
        line.push("--ignore-times".into());
        for header in [format!("Content-Type: {}", file.content_type), format!("Cache-Control: {}", file.cache_control)]
        {
            line.extend(["--header-upload".into(), header]);
        }
        vec![shell(line)]
    }

    /// Patterns that match the files of a group and no other: all of one folder and ending at once where that
    /// is exact. Names in a share have no letters that patterns give a meaning.
    fn patterns(&self, group: &Group<'_>) -> Vec<String> {
        let mut patterns: Vec<String> = Vec::new();
        for file in group {
            let pattern = match split(&file.path) {
                Some(kind)
                    if self
                        .files
                        .iter()
                        .all(|other| !matches(&other.path, kind) || headers(other) == headers(file)) =>
                {
                    format!("{}/*.{}", kind.0, kind.1)
                }
                _ => file.path.clone(),
            };
            if !patterns.contains(&pattern) {
                patterns.push(pattern);
            }
        }
        patterns
    }

    /// The share as a command's source.
    fn source(&self) -> String {
        let output = self.output;
        // What looks like an option or a remote is neither.
        if Path::new(output).is_relative() && (output.starts_with('-') || output.contains(':')) {
            format!("./{output}")
        } else {
            output.into()
        }
    }

    fn path(&self, file: &File) -> String {
        let source = self.source();
        if self.folder { format!("{}/{}", source.trim_end_matches('/'), file.path) } else { source }
    }

    /// What the keys of all files begin with.
    fn prefix(&self) -> &str {
        self.bucket.key.rsplit_once('/').map_or("", |(folder, _)| &self.bucket.key[..=folder.len()])
    }

    fn key(&self, file: &File) -> String {
        if file.path == self.page { self.bucket.key.clone() } else { format!("{}{}", self.prefix(), file.path) }
    }
}

fn headers(file: &File) -> (&str, &str) {
    (&file.content_type, file.cache_control)
}

/// Folder and ending of a path that has both.
fn split(path: &str) -> Option<(&str, &str)> {
    let (folder, name) = path.rsplit_once('/')?;
    name.rsplit_once('.').map(|(_, ending)| (folder, ending))
}

/// Whether a path lies somewhere below the folder and has the ending: a star of `aws` stands for slashes too.
fn matches(path: &str, (folder, ending): (&str, &str)) -> bool {
    let below = path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    below && path.rsplit_once('.').is_some_and(|(_, last)| last == ending)
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// One line for a shell.
fn shell(words: impl IntoIterator<Item = String>) -> String {
    let words: Vec<_> = words.into_iter().collect();
    shlex::try_join(words.iter().map(String::as_str)).expect("paths and headers have no zero byte")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEVER: &str = "public, max-age=31536000, immutable";

    fn upload(output: &str, link: Option<&str>, files: &[(&str, &str, &'static str)]) -> Upload {
        let folder = !output.ends_with(".html");
        let page = if folder { "index.html" } else { "bug.html" };
        let files: Vec<_> = files.iter().map(|(path, kind, caching)| File::named(path, kind, caching)).collect();
        let bucket = link.map_or_else(|| Bucket::unknown(&format!("share/{page}")), |link| Bucket::of(link, page));
        Share { files: &files, output, folder, page, bucket: &bucket }.upload()
    }

    #[test]
    fn equal_headers_go_together_and_the_page_goes_last() {
        let files = [
            ("index.html", "text/html; charset=utf-8", "no-cache"),
            ("parts/1.webm", "video/webm", NEVER),
            ("parts/2.png", "image/png", NEVER),
            ("parts/3.png", "image/png", NEVER),
            ("worker.js", "text/javascript", "no-cache"),
        ];
        let link = "https://b.s3.eu-central-1.amazonaws.com/x/index.html?v=1";
        let Upload { aws, rclone, .. } = upload("share", Some(link), &files);
        assert_eq!(
            aws,
            [
                format!("aws s3 cp share/parts/1.webm s3://b/x/parts/1.webm --content-type video/webm --cache-control '{NEVER}' --region eu-central-1"),
                format!("aws s3 cp share s3://b/x/ --recursive --exclude '*' --include 'parts/*.png' --content-type image/png --cache-control '{NEVER}' --region eu-central-1"),
                "aws s3 cp share/worker.js s3://b/x/worker.js --content-type text/javascript --cache-control no-cache --region eu-central-1".into(),
                "aws s3 cp share/index.html s3://b/x/index.html --content-type 'text/html; charset=utf-8' --cache-control no-cache --region eu-central-1".into(),
            ]
        );
        assert_eq!(rclone.len(), 4);
        let remote = ":s3,provider=AWS,env_auth,no_check_bucket,region=eu-central-1:b/x/";
        assert_eq!(
            rclone[1],
            format!(
                "rclone copy share '{remote}' --include '/parts/*.png' --ignore-times --header-upload 'Content-Type: image/png' --header-upload 'Cache-Control: {NEVER}'"
            )
        );
        assert!(
            rclone[3].starts_with(&format!("rclone copyto share/index.html '{remote}index.html'")),
            "{}",
            rclone[3]
        );
    }

    #[test]
    fn a_pattern_never_takes_a_file_of_another_group() {
        let files = [
            ("index.html", "text/html; charset=utf-8", "no-cache"),
            ("parts/1.bin", "application/octet-stream", NEVER),
            ("parts/2.bin", "application/octet-stream", NEVER),
            ("parts/3.bin", "application/octet-stream", "no-cache"),
        ];
        let Upload { aws, .. } = upload("share", None, &files);
        assert!(aws[0].contains("--include parts/1.bin --include parts/2.bin --content-type"), "{}", aws[0]);
        assert!(aws[0].contains(" s3://YOUR-BUCKET/share/ "), "{}", aws[0]);
    }

    #[test]
    fn a_folder_that_looks_like_a_pattern_is_uploaded_file_by_file() {
        let files =
            [("index.html", "text/html", "no-cache"), ("p/1.png", "image/png", NEVER), ("p/2.png", "image/png", NEVER)];
        let Upload { aws, rclone, .. } = upload("bug [1]/", None, &files);
        assert_eq!((aws.len(), rclone.len()), (3, 2));
        assert!(aws[1].starts_with("aws s3 cp 'bug [1]/p/2.png' s3://YOUR-BUCKET/share/p/2.png "), "{}", aws[1]);
    }

    #[test]
    fn names_reach_the_tools_as_they_are() {
        let files = [("index.html", "text/html", "no-cache")];
        for (output, word) in
            [("-x", "./-x/index.html"), ("a:b", "./a:b/index.html"), ("it's $(x)", "it's $(x)/index.html")]
        {
            let Upload { aws, .. } = upload(output, None, &files);
            assert_eq!(shlex::split(&aws[0]).unwrap()[3], word);
        }
    }

    #[test]
    fn one_file_becomes_one_object_wherever_the_link_points() {
        let files = [("bug.html", "text/html; charset=utf-8", "no-cache")];
        let Upload { aws, .. } = upload("out/bug.html", Some("https://cdn.example/t/4711.html"), &files);
        assert_eq!(aws.len(), 1);
        assert!(aws[0].starts_with("aws s3 cp out/bug.html s3://YOUR-BUCKET/t/4711.html "), "{}", aws[0]);
    }
}
