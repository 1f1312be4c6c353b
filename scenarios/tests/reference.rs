//! The certified suite against the reference terminal: everything passes, nothing is idle.

use std::sync::Arc;

use counterproof_scenarios::case::{Matrix, plan};
use counterproof_scenarios::requirements::Requirement;
use counterproof_scenarios::run::{self, Options, TerminalFactory};
use counterproof_scenarios::suite::{Suite, certified};
use counterproof_scenarios::verdict::{CaseResult, Verdict};
use counterproof_sim::pos::ReferenceTerminal;

fn suite() -> Suite {
    match Suite::load(&certified()) {
        Ok(suite) => suite,
        Err(mistakes) => {
            let text: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            panic!("{}", text.join("\n\n"));
        }
    }
}

#[test]
fn the_reference_terminal_passes_every_certified_scenario() {
    let suite = suite();
    let cases = plan(suite.scenarios(), &Matrix::default());
    let factory: TerminalFactory = Arc::new(|| Ok(Box::new(ReferenceTerminal::new())));
    let mut results: Vec<CaseResult> = Vec::new();
    let options = Options {
        jobs: 2,
        ..Options::default()
    };
    run::run(&cases, &factory, &options, &mut |result| {
        results.push(result);
    });
    assert_eq!(results.len(), cases.len(), "every case has a result");
    let mut text = String::new();
    for result in results.iter().filter(|r| r.verdict != Verdict::Pass) {
        let case = &cases[result.case];
        text.push_str(&format!(
            "{:?} {} {:?}: {}\n",
            result.verdict, case.id, result.broken, result.message.en
        ));
        for breach in &result.breaches {
            text.push_str(&format!(
                "    {:?} line {:?}: expected {}; seen {}\n",
                breach.requirements, breach.line, breach.expected.en, breach.seen.en
            ));
        }
    }
    assert!(text.is_empty(), "{text}");
}

#[test]
fn every_requirement_has_a_scenario_and_every_scenario_a_requirement() {
    let suite = suite();
    for scenario in suite.scenarios() {
        assert!(
            !scenario.requirements.is_empty(),
            "{} names no requirement",
            scenario.id
        );
    }
    for requirement in Requirement::ALL {
        let covered = suite
            .scenarios()
            .iter()
            .any(|s| s.requirements.contains(requirement));
        assert!(covered, "{}", requirement.id());
    }
}

#[test]
fn the_same_seed_gives_the_same_records_on_any_number_of_threads() {
    let suite = suite();
    let cases = plan(
        suite.scenarios(),
        &Matrix {
            seed: 7,
            ..Matrix::default()
        },
    );
    let digests = |jobs| {
        let factory: TerminalFactory = Arc::new(|| Ok(Box::new(ReferenceTerminal::new())));
        let mut digests = vec![[0; 32]; cases.len()];
        run::run(
            &cases,
            &factory,
            &Options {
                jobs,
                ..Options::default()
            },
            &mut |result| {
                digests[result.case] = result.digest();
            },
        );
        digests
    };
    let once = digests(1);
    assert!(once == digests(1), "two runs differ");
    assert!(once == digests(3), "one thread and three differ");
}
