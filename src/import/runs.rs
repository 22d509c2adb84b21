//! Results of test runs: folders and archives with several tests, of which a share shows one.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::intake::Intake;
use super::{archive, playwright};
use crate::error::Error;
use crate::import::source::Source;
use crate::visible::visible;

/// Tests that are named where one must be chosen.
const NAMED: usize = 40;

/// A test that ran, and what is left of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TestRun {
    /// What the test is called.
    pub title: String,
    /// What tells it from others of the same title: its folder, or its archive's name.
    pub name: String,
    /// The folder with all of it, or the one archive.
    root: PathBuf,
}

/// Which test the files are wanted of.
#[derive(Debug, Default)]
pub(crate) struct Choice {
    /// A name that was given.
    pub(crate) wanted: Option<String>,
    /// Nothing is to be read, only to be listed.
    pub(crate) list: Option<Vec<TestRun>>,
}

/// The files of the test that is wanted, and those of none; all, unless there are several tests.
pub(super) fn choose(
    mut files: Vec<PathBuf>,
    given: &[PathBuf],
    intake: &mut Intake<'_>,
) -> Result<Vec<PathBuf>, Error> {
    let found: Vec<&PathBuf> = files.iter().filter(|path| !given.contains(path)).collect();
    let (runs, crowded) = runs(&found, intake);
    if let Some(list) = &mut intake.choice.list {
        list.extend(runs);
        files.retain(|path| is_packed(path) && playwright_title(path, intake).is_none());
        return Ok(files);
    }
    let chosen = match (&intake.choice.wanted, &runs[..]) {
        (_, []) | (None, [_]) => return Ok(files),
        (Some(wanted), runs) => one(runs, wanted)?,
        (None, runs) => return Err(several("there are", runs)),
    };
    intake.choice.wanted = None;
    let others: Vec<_> = runs.iter().filter(|run| run.root != chosen.root).map(|run| run.root.clone()).collect();
    files.retain(|path| {
        let crowd = path.parent().is_some_and(|folder| crowded.contains(folder));
        let own = path.starts_with(&chosen.root);
        let other = others.iter().any(|root| path.starts_with(root)) || is_beside(path, &chosen.root, given);
        given.contains(path) || own || !(crowd || other)
    });
    Ok(files)
}

/// Whether a file lies in a folder beside that of a test, and in none that was named for itself: whatever a test run
/// leaves there, it is of other tests.
fn is_beside(path: &Path, root: &Path, given: &[PathBuf]) -> bool {
    let below = root.parent().and_then(|folder| path.strip_prefix(folder).ok());
    let named = given.iter().any(|given| path.starts_with(given) && !root.starts_with(given));
    root.is_dir() && !named && below.is_some_and(|below| below.components().count() > 1)
}

/// The test that a name means: that of exactly this name or title, else the only one with the name in it.
fn one<'r>(runs: &'r [TestRun], wanted: &str) -> Result<&'r TestRun, Error> {
    let lower = wanted.to_lowercase();
    let exactly = |run: &&TestRun| run.name == wanted || run.title == wanted;
    let holds = |run: &&TestRun| run.title.to_lowercase().contains(&lower) || run.name.to_lowercase().contains(&lower);
    let mut found: Vec<_> = runs.iter().filter(exactly).collect();
    if found.is_empty() {
        found = runs.iter().filter(holds).collect();
    }
    match found[..] {
        [only] => Ok(only),
        [] => Err(several(&format!("no test is called {}; there are", visible(wanted)), runs)),
        _ => {
            let found: Vec<_> = found.into_iter().cloned().collect();
            Err(several(&format!("{} can mean", visible(wanted)), &found))
        }
    }
}

fn several(start: &str, runs: &[TestRun]) -> Error {
    let mut list: String =
        runs.iter().take(NAMED).map(|run| format!("\n  {} ({})", visible(&run.title), visible(&run.name))).collect();
    if runs.len() > NAMED {
        list.push_str("\n  …");
    }
    Error::input(
        format!("{start} {} tests, and a share shows one:{list}", runs.len()),
        "name one of them, or a part of its name, with --test, or make a share of each with --all",
    )
}

/// The tests among files, and the folders in which several lie side by side.
fn runs(files: &[&PathBuf], intake: &mut Intake<'_>) -> (Vec<TestRun>, HashSet<PathBuf>) {
    let mut traces: HashMap<&Path, Vec<(&Path, String)>> = HashMap::new();
    let mut folders: Vec<&Path> = Vec::new();
    let mut filmed: Vec<&Path> = Vec::new();
    let mut results = false;
    for path in files {
        let folder = path.parent().unwrap_or(Path::new(""));
        let title = playwright_title(path, intake);
        let result = is_result(path);
        if (title.is_some() || result) && !folders.contains(&folder) {
            folders.push(folder);
        }
        results |= result;
        if is_video(path) && !filmed.contains(&folder) {
            filmed.push(folder);
        }
        // A trace that was unpacked is several files, and one test.
        let several = is_packed(path);
        let titles = traces.entry(folder).or_default();
        titles.extend(title.filter(|_| several || titles.is_empty()).map(|title| (path.as_path(), title)));
    }
    // A test that passed may leave nothing but its video. Of one trace and one video each in a folder, nothing says
    // that they are of two tests.
    let several = results || folders.len() > 1;
    let beside = |folder: &&Path| !folders.contains(folder) && folders.iter().any(|of| are_siblings(of, folder));
    let filmed: Vec<_> = filmed.into_iter().filter(|folder| several && beside(folder)).collect();
    folders.extend(filmed);
    let mut crowded = HashSet::new();
    let mut runs: Vec<TestRun> = Vec::new();
    for folder in folders {
        let titles = traces.remove(folder).unwrap_or_default();
        if titles.len() > 1 {
            crowded.insert(folder.to_path_buf());
            runs.extend(titles.into_iter().map(|(path, title)| TestRun::new(title, path)));
        } else {
            let title = titles.into_iter().next().map(|(_, title)| title);
            runs.push(TestRun::new(title.unwrap_or_default(), folder));
        }
    }
    // Reports hold the tests of the results beside them once more.
    let whole: HashSet<String> =
        runs.iter().filter(|run| !is_crowded(&run.root, &crowded)).map(|run| run.title.clone()).collect();
    runs.retain(|run| !is_crowded(&run.root, &crowded) || !whole.contains(&run.title));
    (runs, crowded)
}

/// Whether two folders lie in the same one.
fn are_siblings(one: &Path, other: &Path) -> bool {
    one != other && !other.as_os_str().is_empty() && one.parent() == other.parent()
}

fn is_crowded(root: &Path, crowded: &HashSet<PathBuf>) -> bool {
    root.parent().is_some_and(|folder| crowded.contains(folder))
}

impl TestRun {
    fn new(title: String, root: &Path) -> Self {
        let name = if root.is_dir() { root.file_name() } else { root.file_stem() };
        let name = name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self { title: if title.is_empty() { name.clone() } else { title }, name, root: root.to_path_buf() }
    }
}

fn is_packed(path: &Path) -> bool {
    Source::peek(path).is_ok_and(|source| archive::is_archive(&source.head))
}

/// The title in a trace; `None` for what is none.
fn playwright_title(path: &Path, intake: &mut Intake<'_>) -> Option<String> {
    let source = Source::peek(path).ok()?;
    if !archive::is_archive(&source.head) && !playwright::is_trace(&source) {
        return None;
    }
    let source = intake.open(path).ok().filter(playwright::sniff)?;
    Some(playwright::title(&source).unwrap_or_default())
}

/// Whether only a test leaves a file of this name.
fn is_result(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let picture = name.starts_with("test-failed-") || name.starts_with("test-finished-");
    name == "error-context.md" || (picture && name.ends_with(".png"))
}

/// Whether a file is called as the videos of tests are: `video.webm`, `video-1.webm`.
fn is_video(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    name.starts_with("video") && name.ends_with(".webm")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_found_by_any_part_of_its_name() {
        let runs = ["pays", "pays twice", "lists"].map(|title| TestRun::new(title.into(), Path::new(title)));
        assert_eq!(one(&runs, "pays").unwrap().title, "pays");
        assert_eq!(one(&runs, "TWICE").unwrap().title, "pays twice");
        assert!(one(&runs, "pay").unwrap_err().to_string().starts_with("pay can mean 2 tests"));
        assert!(one(&runs, "x").unwrap_err().to_string().starts_with("no test is called x; there are 3 tests"));
    }
}
