//! The result of a scenario that a test writes itself.

use counterproof_scenarios::case::{Matrix, plan};
use counterproof_scenarios::run::{self, Options, TerminalFactory};
use counterproof_scenarios::suite::Suite;
use counterproof_scenarios::verdict::CaseResult;

/// The result of a scenario of these steps, behind a sign-in.
pub fn result(steps: &str, factory: &TerminalFactory, options: &Options) -> CaseResult {
    let text = format!(
        "Feature: Corners\n\n  @TXN-03\n  Scenario: A corner\n    Given a terminal that has signed in\n{steps}"
    );
    let suite = match Suite::load(&[("corners.feature".to_owned(), text)]) {
        Ok(suite) => suite,
        Err(mistakes) => panic!("{mistakes:?}"),
    };
    let cases = plan(suite.scenarios(), &Matrix::default());
    let mut results = Vec::new();
    run::run(&cases, factory, options, &mut |result| {
        results.push(result);
    });
    results.pop().expect("one scenario has one result")
}
