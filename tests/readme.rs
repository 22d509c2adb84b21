//! Holds README's list of formats against the table of importers.

use sealcast::import::IMPORTERS;

const START: &str =
    "<!-- formats: the test `readme_lists_the_formats` holds this list against `sealcast formats` -->\n";
const END: &str = "<!-- /formats -->";

#[test]
fn readme_lists_the_formats() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let list: String =
        IMPORTERS.iter().map(|importer| format!("- {} → {}\n", importer.title, importer.gives.join(", "))).collect();
    let (before, rest) = readme.split_once(START).unwrap();
    let (held, after) = rest.split_once(END).unwrap();
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        std::fs::write(path, format!("{before}{START}{list}{END}{after}")).unwrap();
    } else {
        assert_eq!(held, list, "run this test with SNAPSHOTS=overwrite");
    }
}
