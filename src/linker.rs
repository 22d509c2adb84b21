//! Links the player's modules into one classic script, and the service worker's into another. The build script runs
//! it; what comes out is compiled into the program.
//!
//! A module script cannot load from `file://`, so every bundle carries one classic script. The linker reads
//! line by line, which is honest only because it refuses everything but this: imports at the start of a
//! line, named, from `./x.js`; `export` directly before `function`, `async function`, `class` or `const`.
//! All modules share one scope, so that a top-level name is declared once. Comments and needless blanks
//! and signs stay behind, variables get short names, small constants give way to their values, and labels are
//! read from the page's block; all else is what `assets/player/` says. The result does not depend on the bundle.

mod brackets;
mod constants;
mod joins;
mod names;
mod properties;
mod scopes;
mod spare;
mod squeeze;
mod tokens;
mod uses;

use std::collections::{BTreeMap, BTreeSet};

use crate::assets::{Asset, BOOT, MODULES, STYLES, WORKER};

/// Script and style of the page.
pub(crate) struct Linked {
    /// Runs first, in the oldest syntax.
    pub(crate) boot: String,
    /// The linked modules.
    pub(crate) script: String,
    /// All style sheets, their custom properties by short names.
    pub(crate) style: String,
    /// Keys of the labels that the script asks for by their places in this list, and whether nothing asks for them by
    /// key.
    pub(crate) labels: Vec<(String, bool)>,
}

/// The page's player, or which line of which module breaks a rule.
pub(crate) fn player() -> Result<Linked, String> {
    let (script, labels) = link(MODULES)?;
    let boot = squeeze::squeeze(&uncommented(BOOT));
    let style: String = STYLES.iter().map(|(_, text)| style(text)).collect();
    let style = properties::short(&style, &[boot.as_str(), &script].concat());
    Ok(Linked { boot, script, style, labels })
}

/// The service worker, which plays sealed files and files that were cut.
pub(crate) fn worker() -> Result<String, String> {
    Ok(link(WORKER)?.0)
}

/// The module of the English words. They are data, and go into a block beside the script, as those of other languages do.
const LABELS: &str = "labels.js";
const LABELS_OF_PAGE: &str = "export const ENGLISH = JSON.parse(document.getElementById('labels').textContent);\n";

/// Joins modules into one script with the labels it asks for by number, or says which line of which module breaks a
/// rule.
fn link(modules: &[Asset]) -> Result<(String, Vec<(String, bool)>), String> {
    let mut body = String::new();
    let mut linked = Modules::default();
    for (name, text) in modules {
        linked.module(name, text, &mut body)?;
    }
    let out = format!("(function(){{\n'use strict';\n{}}})();\n", squeeze::squeeze(&body));
    for forbidden in ["</script", "<!--"] {
        if out.to_ascii_lowercase().contains(forbidden) {
            return Err(format!("the linked script contains {forbidden}, which would end or hide it in a page"));
        }
    }
    let labels = linked.labels.into_iter().map(|key| (names(&body, &key), key)).map(|(named, key)| (key, !named));
    Ok((out, labels.collect()))
}

/// Whether a script may ask for a label by its key, or by one that is made of a family and a name.
fn names(body: &str, key: &str) -> bool {
    let family = key.split_once(' ').map(|(family, _)| [format!("'{family} '"), format!("`{family} ${{")]);
    [format!("'{key}'")].iter().chain(family.iter().flatten()).any(|words| body.contains(words))
}

/// What the modules before have declared at their top level, and which of it they export.
#[derive(Default)]
struct Modules<'t> {
    declared: BTreeMap<&'t str, &'t str>,
    exports: BTreeSet<(&'t str, &'t str)>,
    /// Keys of labels that are asked for where they stand.
    labels: Vec<String>,
}

impl<'t> Modules<'t> {
    fn module(&mut self, name: &'t str, text: &'t str, out: &mut String) -> Result<(), String> {
        let text = if name == LABELS { LABELS_OF_PAGE } else { text };
        let mut in_comment = false;
        for (number, line) in text.lines().enumerate() {
            if comment(line, &mut in_comment) {
                continue;
            }
            if let Some(line) = self.line(name, line).map_err(|rule| format!("{name}:{}: {rule}", number + 1))? {
                out.push_str(&line);
                out.push('\n');
            }
        }
        Ok(())
    }

    /// A line as it goes into the script; `None` for imports, which the common scope makes needless.
    fn line(&mut self, module: &'t str, line: &'t str) -> Result<Option<String>, String> {
        if line.matches('`').count() % 2 == 1 {
            return Err("a template literal stands on one line".into());
        }
        if line.starts_with("import ") || line.starts_with("import{") {
            let (names, from) = import(line).ok_or("an import is one line: import { a, b } from './x.js';")?;
            return match names.split(',').map(str::trim).find(|name| !self.exports.contains(&(from, name))) {
                Some(name) => {
                    Err(format!("{from} exports no {name}, or does not stand before this module in the table"))
                }
                None => Ok(None),
            };
        }
        let exported = line.strip_prefix("export ");
        if exported.is_some_and(|line| line.starts_with("let ")) {
            return Err("only functions, classes and constants are exported".into());
        }
        let body = exported.unwrap_or(line);
        match declared(body) {
            Some(name) => {
                if let Some(other) = self.declared.insert(name, module) {
                    return Err(format!("{name} is declared in {other} too, and all modules share one scope"));
                }
                if exported.is_some() {
                    self.exports.insert((module, name));
                }
            }
            None if exported.is_some() => return Err("only functions, classes and constants are exported".into()),
            None => {}
        }
        let body = without_casts(body);
        if body.contains("import.meta") || body.contains("import(") {
            return Err("no import.meta and no dynamic import".into());
        }
        Ok(Some(self.with_numbers(&body)))
    }

    /// Has labels whose keys stand in a call asked for by number: words are data.
    fn with_numbers(&mut self, line: &str) -> String {
        const CALL: &str = "label('";
        let mut out = String::with_capacity(line.len());
        let mut rest = line;
        while let Some((before, call)) = rest.split_once(CALL) {
            let quoted = call.split_once('\'').filter(|_| !before.ends_with(tokens::is_word));
            let Some((key, after)) = quoted.filter(|(key, _)| !key.contains('\\')) else {
                out.extend([before, CALL]);
                rest = call;
                continue;
            };
            let number = self.labels.iter().position(|label| label == key).unwrap_or_else(|| {
                self.labels.push(key.into());
                self.labels.len() - 1
            });
            out.extend([before, "label(", &number.to_string()]);
            rest = after;
        }
        out + rest
    }
}

fn uncommented(text: &str) -> String {
    let mut inside = false;
    text.lines().filter(|line| !comment(line, &mut inside)).collect::<Vec<_>>().join("\n")
}

/// Whether a line is empty or nothing but comment.
fn comment(line: &str, inside: &mut bool) -> bool {
    let line = line.trim();
    if *inside {
        *inside = !line.ends_with("*/");
        return true;
    }
    if line.starts_with("/*") && (!line.contains("*/") || line.find("*/") == Some(line.len() - 2)) {
        *inside = !line.ends_with("*/");
        return true;
    }
    line.is_empty() || line.starts_with("//")
}

/// Leaves out the type checker's casts, `/** @type {…} */`.
fn without_casts(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, cast)) = rest.split_once("/** @") {
        let Some((_, after)) = cast.split_once("*/") else { break };
        out.push_str(before);
        rest = after.trim_start();
    }
    out.push_str(rest);
    out
}

/// A style sheet without comments and needless blanks.
fn style(text: &str) -> String {
    let mut inside = false;
    let lines = text.lines().filter(|line| !comment(line, &mut inside)).map(str::trim);
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    for c in lines.flat_map(|line| line.chars().chain(['\n'])) {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            // Before a colon a blank tells a descendant from a state: it stays there.
            (None, ' ' | '\n') if out.ends_with([':', ';', ',', '{', '}', ' ']) => continue,
            (None, '{' | '}' | ';' | ',') => out.truncate(out.trim_end().len()),
            _ => {}
        }
        if c == '}' && quote.is_none() && out.ends_with(';') {
            out.pop();
        }
        out.push(if c == '\n' { ' ' } else { c });
    }
    out
}

/// The names between the braces, and the file, of an import line.
fn import(line: &str) -> Option<(&str, &str)> {
    let (names, from) = line.strip_prefix("import {")?.strip_suffix("';")?.split_once("} from './")?;
    let plain = names.split(',').all(|name| name.trim().chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$'));
    (plain && from.ends_with(".js") && !from.contains('/')).then_some((names, from))
}

/// The name that a declaration at the start of a line declares.
fn declared(line: &str) -> Option<&str> {
    let rest = ["async function* ", "async function ", "function* ", "function ", "class ", "const ", "let "]
        .iter()
        .find_map(|word| line.strip_prefix(word))?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))?;
    (end > 0).then(|| &rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_become_one_scope() {
        let script = link(&[
            ("a.js", "const help = 1;\nexport function one() { return help; }\n"),
            ("b.js", "import { one } from './a.js';\nexport const two = one() + 1;\n"),
        ]);
        let lines = "function n(){return 1}let a=n()+1;\n";
        assert!(script.as_ref().unwrap().0.contains(lines), "{script:?}");
    }

    #[test]
    fn labels_are_asked_for_by_number() {
        let text = "f(label('Copy'), label('Save', { a }), mylabel('Copy'), label('key a'), label(`key ${b}`));\n";
        let (script, labels) = link(&[("a.js", text)]).unwrap();
        assert!(script.contains("f(label(0),label(1,{a}),mylabel('Copy'),label(2),label(`key ${b}`));"), "{script}");
        assert_eq!(labels, [("Copy".into(), false), ("Save".into(), true), ("key a".into(), false)]);
    }

    #[test]
    fn comments_stay_behind() {
        let text =
            "/**\n * A thing.\n */\nexport function one() {\n  // why\n  return /** @type {any} */ (1);\n}\n/* x */\n";
        let (script, _) = link(&[("a.js", text)]).unwrap();
        assert!(script.contains("function n(){return 1}\n})();"), "{script}");
    }

    #[test]
    fn a_style_sheet_keeps_what_it_says() {
        let text = "/* x */\n.a .b:hover,\n.c :focus {\n  content: \": ;\";\n  margin: 0 auto;\n}\n@media (x: 1px) { .d > .e { color: red } }\n";
        let expected = ".a .b:hover,.c :focus{content:\": ;\";margin:0 auto}@media (x:1px){.d > .e{color:red}}";
        assert_eq!(style(text), expected);
    }

    #[test]
    fn broken_rules_name_file_and_line() {
        for (text, rule) in [
            ("\nimport x from './a.js';\n", "b.js:2: an import is one line"),
            ("import { one as two } from './a.js';\n", "b.js:1: an import is one line"),
            ("import { one } from './c.js';\n", "b.js:1: c.js exports no one"),
            ("import { two } from './a.js';\n", "b.js:1: a.js exports no two"),
            ("function one() {}\n", "b.js:1: one is declared in a.js too"),
            ("export default 1;\n", "b.js:1: only functions"),
            ("export let x = 1;\n", "b.js:1: only functions"),
            ("const x = import('./a.js');\n", "b.js:1: no import.meta"),
            ("const x = `a\nb`;\n", "b.js:1: a template literal"),
            ("const x = '</SCRIPT>';\n", "contains </script"),
        ] {
            let error = link(&[("a.js", "export const one = 1;\n"), ("b.js", text)]).unwrap_err();
            assert!(error.contains(rule), "{text:?}: {error}");
        }
    }

    #[test]
    fn the_shipped_modules_link_and_the_tables_list_the_folders() {
        link(MODULES).unwrap();
        link(WORKER).unwrap();
        let scripts = [MODULES, WORKER].concat();
        for (folder, table) in [("player", &scripts[..]), ("style", STYLES)] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(folder);
            let mut files: Vec<_> = std::fs::read_dir(path)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .filter(|name| !name.ends_with(".d.ts"))
                .collect();
            let mut listed: Vec<_> = table.iter().map(|(name, _)| (*name).to_owned()).collect();
            files.sort();
            listed.sort();
            listed.dedup();
            assert_eq!(files, listed);
        }
    }

    #[test]
    fn script_and_style_stay_light() {
        use std::io::Write as _;
        let Linked { boot, script, style, .. } = player().unwrap();
        let bytes = [boot, script, style].concat();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(bytes.as_bytes()).unwrap();
        let packed = gzip.finish().unwrap().len();
        assert!(bytes.len() <= 220 * 1024, "{} bytes", bytes.len());
        assert!(packed <= 65 * 1024, "{packed} bytes gzipped");
    }
}
