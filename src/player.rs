//! Links the player's modules into one classic script.
//!
//! A module script cannot load from `file://`, so every bundle carries one classic script. The linker reads
//! line by line, which is honest only because it refuses everything but this: imports at the start of a
//! line, named, from `./x.js`; `export` directly before `function`, `async function`, `class` or `const`.
//! Each module becomes a function with a scope of its own. Comments and indentation stay behind; what
//! remains are the lines of `assets/player/` themselves. The result does not depend on the bundle.

use std::fmt::Write as _;

use crate::assets::{Asset, BOOT, MODULES, STYLES};

/// Script and style of the page.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Player {
    /// Runs first, in the oldest syntax.
    pub boot: String,
    /// The linked modules.
    pub script: String,
    /// All style sheets.
    pub style: String,
}

/// The player of this version.
///
/// # Panics
/// When a module breaks the linker's rules, which a test rules out.
#[must_use]
pub fn player() -> Player {
    Player {
        boot: BOOT.into(),
        script: link(MODULES).expect("the modules keep the linker's rules, a test sees to it"),
        style: STYLES.iter().map(|(_, text)| style(text)).collect(),
    }
}

/// Wraps modules into one script, or says which line of which module breaks a rule.
fn link(modules: &[Asset]) -> Result<String, String> {
    let mut out = String::from("(function () {\n'use strict';\nconst modules = {};\n");
    let mut linked: Vec<&str> = Vec::new();
    for (name, text) in modules {
        let (body, exports) = module(name, text, &linked)?;
        let exports = exports.join(", ");
        write!(out, "\n// {name}\nmodules['{name}'] = (function () {{\n{body}return {{ {exports} }};\n}})();\n")
            .expect("writing to a string cannot fail");
        linked.push(name);
    }
    out.push_str("})();\n");
    for forbidden in ["</script", "<!--"] {
        if out.to_ascii_lowercase().contains(forbidden) {
            return Err(format!("the linked script contains {forbidden}, which would end or hide it in a page"));
        }
    }
    Ok(out)
}

fn module<'t>(name: &str, text: &'t str, linked: &[&str]) -> Result<(String, Vec<&'t str>), String> {
    let mut body = String::with_capacity(text.len());
    let mut exports = Vec::new();
    let mut in_comment = false;
    for (number, line) in text.lines().enumerate() {
        let broken = |rule: &str| format!("{name}:{}: {rule}", number + 1);
        if comment(line, &mut in_comment) {
            continue;
        }
        if line.matches('`').count() % 2 == 1 {
            return Err(broken("a template literal stands on one line"));
        }
        let line = if line.starts_with("import") && !line.starts_with("importance") {
            let (names, from) = import(line).ok_or_else(|| broken("an import is one line: import { a, b } from './x.js';"))?;
            if !linked.contains(&from) {
                return Err(broken(&format!("{from} does not stand before this module in the table")));
            }
            format!("const {{{names}}} = modules['{from}'];")
        } else if let Some(rest) = line.strip_prefix("export ") {
            exports.push(exported(rest).ok_or_else(|| broken("only functions, classes and constants are exported"))?);
            rest.to_owned()
        } else {
            line.to_owned()
        };
        let line = without_casts(&line);
        if line.contains("import.meta") || line.contains("import(") {
            return Err(broken("no import.meta and no dynamic import"));
        }
        body.push_str(line.trim());
        body.push('\n');
    }
    Ok((body, exports))
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

/// A style sheet without comments, empty lines and indentation.
fn style(text: &str) -> String {
    let mut inside = false;
    let lines = text.lines().filter(|line| !comment(line, &mut inside));
    lines.flat_map(|line| [line.trim(), "\n"]).collect()
}

/// The names between the braces, and the file, of an import line.
fn import(line: &str) -> Option<(&str, &str)> {
    let (names, from) = line.strip_prefix("import {")?.strip_suffix("';")?.split_once("} from './")?;
    let plain = names.split(',').all(|name| name.trim().chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$'));
    (plain && from.ends_with(".js") && !from.contains('/')).then_some((names, from))
}

/// The name that a declaration after `export` declares.
fn exported(declaration: &str) -> Option<&str> {
    let rest = ["async function* ", "async function ", "function* ", "function ", "class ", "const "]
        .iter()
        .find_map(|word| declaration.strip_prefix(word))?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))?;
    (end > 0).then(|| &rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_keep_their_scope() {
        let script = link(&[
            ("a.js", "const helper = 1;\nexport function one() { return helper; }\n"),
            ("b.js", "import { one } from './a.js';\nconst helper = 2;\nexport const two = one() + helper;\n"),
        ]);
        let script = script.unwrap();
        assert!(script.contains("const { one } = modules['a.js'];"), "{script}");
        assert!(script.contains("return { two };"), "{script}");
    }

    #[test]
    fn comments_stay_behind() {
        let text = "/**\n * A thing.\n */\nexport function one() {\n  // why\n  return /** @type {any} */ (1);\n}\n/* x */\n";
        let script = link(&[("a.js", text)]).unwrap();
        assert!(script.contains("function one() {\nreturn (1);\n}\nreturn { one };"), "{script}");
    }

    #[test]
    fn broken_rules_name_file_and_line() {
        for (text, rule) in [
            ("\nimport x from './a.js';\n", "b.js:2: an import is one line"),
            ("import { one as two } from './a.js';\n", "b.js:1: an import is one line"),
            ("import { one } from './c.js';\n", "b.js:1: c.js does not stand before"),
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
        for (folder, table) in [("player", MODULES), ("style", STYLES)] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(folder);
            let mut files: Vec<_> = std::fs::read_dir(path)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .filter(|name| !name.ends_with(".d.ts"))
                .collect();
            let mut listed: Vec<_> = table.iter().map(|(name, _)| (*name).to_owned()).collect();
            files.sort();
            listed.sort();
            assert_eq!(files, listed);
        }
    }

    #[test]
    fn script_and_style_stay_light() {
        use std::io::Write as _;
        let Player { boot, script, style } = player();
        let bytes = [boot, script, style].concat();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(bytes.as_bytes()).unwrap();
        let packed = gzip.finish().unwrap().len();
        assert!(bytes.len() <= 150 * 1024, "{} bytes", bytes.len());
        assert!(packed <= 45 * 1024, "{packed} bytes gzipped");
    }
}
