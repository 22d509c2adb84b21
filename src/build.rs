//! Links the player, so that no export has to.

use std::path::Path;
use std::{env, fs};

mod assets;
mod linker;

fn main() {
    for path in ["src/build.rs", "assets", "src/assets.rs", "src/linker.rs", "src/linker"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let player = linker::player().unwrap_or_else(|rule| panic!("assets/player/{rule}"));
    let worker = linker::worker().unwrap_or_else(|rule| panic!("assets/player/{rule}"));
    let labels: String =
        player.labels.iter().map(|(key, only)| format!("{}{key}\n", if *only { '=' } else { '+' })).collect();
    let out = env::var_os("OUT_DIR").expect("cargo sets it");
    for (name, text) in [
        ("boot.js", &player.boot),
        ("script.js", &player.script),
        ("style.css", &player.style),
        ("sw.js", &worker),
        ("labels.txt", &labels),
    ] {
        let path = Path::new(&out).join(name);
        fs::write(&path, text).unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
    }
}
