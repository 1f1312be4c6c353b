//! Scenarios whose power is cut at every point, and whose storage is damaged at every place.

mod terminal;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use counterproof_scenarios::case::{Case, Matrix, Varied, plan};
use counterproof_scenarios::requirements::Requirement;
use counterproof_scenarios::run::{self, Options, TerminalFactory};
use counterproof_scenarios::suite::{Suite, certified};
use counterproof_scenarios::verdict::{CaseResult, Verdict};
use counterproof_sim::pos::{Defect, ReferenceTerminal};
use counterproof_sim::terminal::TerminalError;

use terminal::Change;

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
    results_of(cases, &factory, &Options::default())
}

fn results_of(cases: &[Case], factory: &TerminalFactory, options: &Options) -> Vec<CaseResult> {
    let mut results = Vec::new();
    run::run(cases, factory, options, &mut |result| {
        results.push(result);
    });
    results.sort_by_key(|result| result.case);
    results
}

fn workers(jobs: usize) -> Options {
    Options {
        jobs,
        ..Options::default()
    }
}

/// Something is done before its power fails.
#[derive(Clone)]
struct BeforeACut<F>(F);

impl<F: FnMut() -> Result<(), TerminalError> + Send> Change for BeforeACut<F> {
    fn before_a_cut(&mut self) -> Result<(), TerminalError> {
        (self.0)()
    }
}

fn before_a_cut(
    before: impl FnMut() -> Result<(), TerminalError> + Clone + Send + Sync + 'static,
) -> TerminalFactory {
    terminal::changed(ReferenceTerminal::new, BeforeACut(before))
}

fn broken() -> TerminalError {
    TerminalError::Broken {
        what: "it broke".to_owned(),
        remedy: "mend it".to_owned(),
    }
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
fn the_points_of_one_case_are_played_by_several_workers_at_once() {
    // Whoever is at a cut waits there until another is; alone it would wait in vain.
    let meeting = Arc::new((Mutex::new(0), Condvar::new()));
    let met = Arc::clone(&meeting);
    let factory = before_a_cut(move || {
        let (here, changed) = &*meeting;
        let mut here = here.lock().expect("nobody panics with it");
        *here += 1;
        changed.notify_all();
        let wait = changed.wait_timeout_while(here, Duration::from_mins(1), |here| *here < 2);
        let (here, late) = wait.expect("nobody panics with it");
        drop(here);
        if late.timed_out() {
            Err(broken())
        } else {
            Ok(())
        }
    });
    let results = results_of(&[payment()], &factory, &workers(2));
    assert_eq!(results.len(), 1);
    assert_eq!(
        results[0].verdict,
        Verdict::Pass,
        "{}",
        results[0].message.en
    );
    assert!(*met.0.lock().expect("nobody panicked") > 2);
}

#[test]
fn what_comes_of_a_case_does_not_depend_on_how_many_play_its_points() {
    let cases = [payment()];
    for defects in [&[][..], &[Defect::ForgetsBeforeStoring]] {
        let factory: TerminalFactory =
            Arc::new(move || Ok(Box::new(ReferenceTerminal::with_defects(defects))));
        let alone = results_of(&cases, &factory, &workers(1)).remove(0);
        for jobs in [2, 5] {
            let together = results_of(&cases, &factory, &workers(jobs)).remove(0);
            assert_eq!(together.digest(), alone.digest());
            assert_eq!(together.points, alone.points);
            assert_eq!(together.message, alone.message);
            assert_eq!(together.broken, alone.broken);
            assert_eq!(together.took, alone.took);
        }
    }
}

#[test]
fn the_first_point_at_which_a_terminal_breaks_is_the_last_that_counts() {
    // Every terminal breaks at a cut: whichever worker is first, it is the first point that is told.
    let factory = before_a_cut(|| Err(broken()));
    for jobs in [1, 4] {
        let result = results_of(&[payment()], &factory, &workers(jobs)).remove(0);
        assert_eq!(result.verdict, Verdict::Error, "{}", result.message.en);
        let points = result.points.expect("it is cut everywhere");
        assert_eq!((points.count, points.shown), (1, Some(1)), "{jobs}");
    }
}

#[test]
fn a_panic_at_a_point_is_the_result_of_the_case_and_the_others_go_on() {
    let cases = [payment(), payment()];
    for jobs in [1, 3] {
        let cuts = Arc::new(AtomicUsize::new(0));
        let factory = before_a_cut(move || {
            assert!(cuts.fetch_add(1, Ordering::Relaxed) > 0, "the first cut");
            Ok(())
        });
        let mut results = results_of(&cases, &factory, &workers(jobs));
        results.sort_by_key(|result| result.verdict == Verdict::Pass);
        let verdicts = results.iter().map(|result| result.verdict);
        assert!(verdicts.eq([Verdict::Error, Verdict::Pass]), "{jobs}");
        let said = &results[0].message.en;
        assert!(
            said.contains("the suite itself failed: the first cut"),
            "{said}"
        );
    }
}

#[test]
fn a_case_that_was_stopped_between_its_points_has_no_result() {
    for jobs in [1, 3] {
        let stop = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&stop);
        let factory = before_a_cut(move || {
            asked.store(true, Ordering::Relaxed);
            Ok(())
        });
        let options = Options {
            stop: Some(stop),
            ..workers(jobs)
        };
        assert!(results_of(&[payment()], &factory, &options).is_empty());
    }
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
