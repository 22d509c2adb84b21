//! The command line as files: each case in `tests/cmd/` is a scenario, named by what it claims.

#[test]
fn scenarios() {
    trycmd::TestCases::new().case("tests/cmd/*.toml");
}
