//! The suite tested: every defect of the reference terminal is caught for the requirement that it
//! breaks, every requirement has a defect that breaks it, and the page about it is up to date.

use std::fmt::Write as _;
use std::num::NonZero;

use counterproof_scenarios::case::{Matrix, plan};
use counterproof_scenarios::mutants::KillMatrix;
use counterproof_scenarios::pages::{REGENERATE, findings, kill_matrix};
use counterproof_scenarios::run::Options;
use counterproof_scenarios::suite::{Suite, certified};
use counterproof_sim::vocabulary::Lang;

#[test]
fn the_kill_matrix_is_whole_and_its_page_is_up_to_date() {
    let suite = Suite::load(&certified()).expect("the certified suite has no mistakes");
    let cases = plan(suite.scenarios(), &Matrix::default());
    let options = Options {
        jobs: std::thread::available_parallelism().map_or(2, NonZero::get),
        ..Options::default()
    };
    let matrix = KillMatrix::of(cases, &options, &mut |_| {});
    let mut wrong = String::new();
    let holes = findings(&matrix, Lang::En);
    for hole in holes.iter().filter(|finding| finding.is_hole) {
        let _ = writeln!(wrong, "{}:\n  {}", hole.title, hole.items.join("\n  "));
    }
    for page in kill_matrix(&matrix) {
        let path = format!("{}/../docs/{}", env!("CARGO_MANIFEST_DIR"), page.path);
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        if text != page.text {
            let _ = writeln!(wrong, "docs/{} is out of date: {REGENERATE}", page.path);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(matrix.is_whole());
}
