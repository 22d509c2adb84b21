//! `sealcast formats`.

use std::fmt::Write as _;

use serde_json::json;

use super::console::Console;
use crate::cli::Formats;
use crate::error::Error;
use crate::import::IMPORTERS;
use crate::layout;

pub(super) fn run(options: &Formats, console: &mut Console) -> Result<(), Error> {
    if options.json {
        let inputs: Vec<_> = IMPORTERS
            .iter()
            .map(|importer| json!({ "name": importer.name, "title": importer.title, "gives": importer.gives }))
            .collect();
        let layouts: Vec<_> = layout::titles().map(|(name, title)| json!({ "name": name, "title": title })).collect();
        return console.result(&format!("{}\n", json!({ "inputs": inputs, "layouts": layouts })));
    }
    let mut text = String::from("Reads\n");
    for importer in IMPORTERS {
        writeln!(text, "  {:<12} {} → {}", importer.name, importer.title, importer.gives.join(", "))
            .expect("writing to a string cannot fail");
    }
    text.push_str("\nWrites\n");
    for (name, title) in layout::titles() {
        writeln!(text, "  {name:<12} {title}").expect("writing to a string cannot fail");
    }
    console.result(&text)
}
