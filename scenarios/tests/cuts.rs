//! Scenarios whose power is cut at every point, and whose storage is damaged at every place.

use std::sync::Arc;

use counterproof_scenarios::case::{Case, Matrix, Varied, plan};
use counterproof_scenarios::requirements::Requirement;
use counterproof_scenarios::run::{self, Options, TerminalFactory};
use counterproof_scenarios::suite::{Suite, certified};
use counterproof_scenarios::verdict::{CaseResult, Verdict};
use counterproof_sim::pos::{Defect, ReferenceTerminal};

fn varied(of: Varied) -> Vec<Case> {
    let suite = Suite::load(&certified()).expect("the certified suite has no mistakes");
    let scenarios = suite.scenarios().iter();
    plan(
        scenarios.filter(|s| s.varied() == Some(of)),
        &Matrix::default(),
    )
}

fn cases() -> Vec<Case> {
    varied(Varied::Cuts)
}

fn results(cases: &[Case], defects: &'static [Defect]) -> Vec<CaseResult> {
    let factory: TerminalFactory =
        Arc::new(move || Ok(Box::new(ReferenceTerminal::with_defects(defects))));
    let mut results = Vec::new();
    run::run(cases, &factory, &Options::default(), &mut |result| {
        results.push(result);
    });
    results.sort_by_key(|result| result.case);
    results
}

/// The case about a payment that is approved.
fn payment() -> Case {
    let is = |case: &&Case| case.scenario.id.contains("付款成功");
    cases().iter().find(is).expect("it is certified").clone()
}

#[test]
fn every_flow_is_cut_between_any_two_messages_and_writes() {
    let cases = cases();
    let mut all = 0;
    for result in results(&cases, &[]) {
        let points = result.points.expect("it is cut everywhere");
        assert!(points.failed.is_empty(), "{}", cases[result.case].id);
        // The cancel key, the shortest of them: two keys, and what is written for each.
        assert!(points.count >= 6, "{}", cases[result.case].id);
        all += points.count;
    }
    assert!(all > 500, "{all}");
}

#[test]
fn what_fails_at_some_points_names_the_first_and_fails_there_alone() {
    let case = payment();
    let defects = &[Defect::ForgetsBeforeStoring];
    let whole = results(std::slice::from_ref(&case), defects).remove(0);
    assert_eq!(whole.verdict, Verdict::Fail);
    assert!(whole.broken.contains(&Requirement::Pwr01), "{whole:?}");
    let points = whole.points.as_ref().expect("it is cut everywhere");
    let shown = points.shown.expect("a point failed");
    assert_eq!(points.failed.first(), Some(&shown));
    assert!((points.failed.len() as u32) < points.count, "{points:?}");

    let alone = case.only_at(shown);
    assert!(alone.id.ends_with(&format!("#1@{shown}")), "{}", alone.id);
    let alone = results(&[alone], defects).remove(0);
    assert_eq!(alone.verdict, Verdict::Fail);
    let points = alone.points.as_ref().expect("it is cut at one");
    assert_eq!((points.count, points.shown), (1, Some(shown)));
    assert_eq!(alone.record.digest(), whole.record.digest());
}

#[test]
fn a_point_that_does_not_exist_decides_nothing() {
    let result = results(&[payment().only_at(999)], &[]).remove(0);
    assert_eq!(result.verdict, Verdict::Inconclusive);
    assert!(
        result.message.en.contains("no point 999"),
        "{}",
        result.message.en
    );
}

#[test]
fn storage_is_damaged_at_every_place_and_what_one_copy_lost_the_other_holds() {
    let cases = varied(Varied::Places);
    let result = results(&cases, &[]).remove(0);
    assert_eq!(result.verdict, Verdict::Pass, "{}", result.message.en);
    let points = result.points.expect("it is damaged everywhere");
    assert_eq!((points.varied, points.shown), (Varied::Places, None));
    // Four files, each torn, flipped and emptied.
    assert!(points.count >= 4 * 9, "{}", points.count);
}

#[test]
fn damage_that_loses_something_without_a_word_is_told_with_its_place() {
    let cases = varied(Varied::Places);
    let result = results(&cases, &[Defect::BackupIgnored]).remove(0);
    assert_eq!(result.verdict, Verdict::Fail);
    assert!(result.broken.contains(&Requirement::Pwr02), "{result:?}");
    let points = result.points.expect("it is damaged everywhere");
    let shown = points.shown.expect("a place failed");
    // Damage to the copies alone does no harm.
    assert!((points.failed.len() as u32) < points.count);
    let said = &result.message.en;
    let place = format!("storage damaged at place {shown} of {}", points.count);
    assert!(said.starts_with(&place), "{said}");
}
