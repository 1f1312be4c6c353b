//! Every defect of the reference terminal is caught, for the requirement that it breaks.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use counterproof_scenarios::case::{Case, Matrix, plan};
use counterproof_scenarios::requirements::Requirement;
use counterproof_scenarios::run::{self, Options, TerminalFactory};
use counterproof_scenarios::suite::{Suite, certified};
use counterproof_scenarios::verdict::Verdict;
use counterproof_sim::pos::{Defect, ReferenceTerminal};
use counterproof_sim::vocabulary::Vocabulary;

fn broken_by(cases: &[Case], defect: Defect) -> BTreeSet<Requirement> {
    let factory: TerminalFactory =
        Arc::new(move || Ok(Box::new(ReferenceTerminal::with_defects(&[defect]))));
    let options = Options {
        jobs: 2,
        stop: None,
    };
    let mut broken = BTreeSet::new();
    run::run(cases, &factory, &options, &mut |result| {
        // Whatever is wrong with a terminal, the suite does not break off.
        assert_ne!(
            result.verdict,
            Verdict::Error,
            "{} in {}: {}",
            defect.id(),
            cases[result.case].id,
            result.message.en
        );
        broken.extend(result.broken);
    });
    broken
}

#[test]
fn every_defect_is_caught_for_the_requirement_that_it_breaks() {
    let suite = Suite::load(&certified()).expect("the certified suite has no mistakes");
    let cases = plan(suite.scenarios(), &Matrix::default());
    let mut missed = String::new();
    for defect in Defect::ALL {
        let broken = broken_by(&cases, *defect);
        let meant = Requirement::from_id(defect.requirement()).expect("a requirement");
        if !broken.contains(&meant) {
            let broken: Vec<&str> = broken.iter().map(|r| r.id()).collect();
            let _ = writeln!(
                missed,
                "{}: meant {}, broken {broken:?}",
                defect.id(),
                meant.id()
            );
        }
    }
    assert!(missed.is_empty(), "{missed}");
}
