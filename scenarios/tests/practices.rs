//! Where the sources disagree: each way is named as it is seen, and what is not accepted is a breach,
//! whatever the scenario asks.

mod corner;
mod terminal;

use counterproof_scenarios::practices::{Ways, accepted};
use counterproof_scenarios::requirements::Requirement;
use counterproof_scenarios::run::{Options, TerminalFactory};
use counterproof_scenarios::verdict::{CaseResult, Verdict};
use counterproof_sim::pos::{Defect, ReferenceTerminal};
use counterproof_sim::terminal::{Action, Setup, Status};
use counterproof_sim::vocabulary::{Advice, Practice, Way};

use terminal::Change;

const SILENCE: &str = r#"    And on the first sale, the answer is lost
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then requirement TXN-03 holds
"#;

const NO_PAPER: &str = r#"    And the printer is out of paper
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then requirement TXN-03 holds
"#;

const OVERNIGHT: &str = r#"    And the power stays off for 30 hours
    When the cashier takes 42.00 yuan for order "A1"
    And the customer shows the payment code
    And the sale has reached the acquirer
    And the power fails
    And 31 hours pass
    And everything has come to rest
    Then the terminal does what is accepted about a payment left open overnight
"#;

const LATE: &str = r#"    And on the first sale, the answer is late by 75 seconds
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then requirement TXN-03 holds
"#;

const CANCELLED: &str = r#"    And on the first sale, the answer is late by 8 seconds
    When the cashier takes 42.00 yuan for order "A1"
    And the customer shows the payment code
    And the sale has reached the acquirer
    And 2 seconds pass
    And the cashier presses cancel
    And everything has come to rest
    Then nothing is charged for order "A1"
"#;

const REFUND: &str = r#"    And the customer pays 42.00 yuan for order "A1"
    And on the first refund, the answer is lost
    When the cashier refunds 20.00 yuan of order "A1"
    And everything has come to rest
    Then requirement TXN-12 holds
"#;

const CUT: &str = r#"    And on the first sale, the power fails while the answer is handled
    When the cashier takes 42.00 yuan for order "A1"
    And the customer shows the payment code
    And everything has come to rest
    Then requirement TXN-03 holds
"#;

fn sound() -> TerminalFactory {
    terminal::changed(ReferenceTerminal::new, ())
}

fn with(defect: Defect) -> TerminalFactory {
    terminal::changed(move || ReferenceTerminal::with_defects(&[defect]), ())
}

/// What comes of it where this is accepted.
fn result(steps: &str, factory: &TerminalFactory, accepted: Ways) -> CaseResult {
    let options = Options {
        accepted: Box::leak(Box::new(accepted)),
        ..Options::default()
    };
    corner::result(steps, factory, &options)
}

fn by_default(steps: &str, factory: &TerminalFactory) -> CaseResult {
    result(steps, factory, accepted().clone())
}

fn also(file: &str) -> Ways {
    accepted().with(file).expect("a file of practices")
}

#[test]
fn a_sound_terminal_does_what_is_accepted_and_the_result_names_it() {
    for (steps, practice, way) in [
        (SILENCE, Practice::Silence, Way::Reversed),
        (NO_PAPER, Practice::PrintFailure, Way::Kept),
        (OVERNIGHT, Practice::OldReversal, Way::Reversed),
        (CANCELLED, Practice::CancelKey, Way::Reversed),
        (REFUND, Practice::RefundSilence, Way::Queried),
        (CUT, Practice::CutShort, Way::Completed),
    ] {
        let result = by_default(steps, &sound());
        assert_eq!(result.verdict, Verdict::Pass, "{:#?}", result.breaches);
        let seen: Vec<Way> = result.ways.of(practice).collect();
        assert_eq!(seen, [way], "{practice}");
    }
}

#[test]
fn what_is_not_accepted_is_a_breach_though_no_step_asks() {
    let result = by_default(NO_PAPER, &with(Defect::PaperOutReverses));
    assert!(result.ways.contains(Practice::PrintFailure, Way::Reversed));
    assert_eq!(result.broken, [Requirement::Dev03]);
    let seen = &result.breaches[0].seen.en;
    assert_eq!(seen, "It reverses the payment.");
}

#[test]
fn what_a_profile_accepts_besides_is_no_breach_and_what_it_does_not_is_one() {
    let reverses = with(Defect::PaperOutReverses);
    let both = also("print-failure = ['kept', 'reversed']");
    let accepted = result(NO_PAPER, &reverses, both);
    assert_eq!(accepted.verdict, Verdict::Pass, "{:#?}", accepted.breaches);
    let keeps = result(NO_PAPER, &sound(), also("print-failure = ['reversed']"));
    assert_eq!(keeps.broken, [Requirement::Dev03]);
}

#[test]
fn a_step_about_what_never_came_decides_nothing() {
    let steps = "    When the customer pays 42.00 yuan for order \"A1\"\n    Then the terminal does what is accepted about a payment without an answer\n";
    let result = by_default(steps, &sound());
    assert_eq!(result.verdict, Verdict::Inconclusive);
    assert!(
        result
            .message
            .en
            .contains("it did not come to a payment without an answer")
    );
}

/// It waits for an answer longer than it was told, and then goes by it.
#[derive(Clone)]
struct Patient;

impl Change for Patient {
    fn told(&mut self, setup: &mut Setup) {
        setup.timing.response_timeout_ms += 30_000;
    }
}

#[test]
fn an_approval_that_comes_late_is_believed_only_where_that_is_accepted() {
    let believes = terminal::changed(ReferenceTerminal::new, Patient);
    let refused = by_default(LATE, &believes);
    assert!(refused.ways.contains(Practice::LateAnswer, Way::Believed));
    assert!(refused.broken.contains(&Requirement::Txn07));
    let accepted = result(LATE, &believes, also("late-answer = ['believed']"));
    assert!(!accepted.broken.contains(&Requirement::Txn07));
}

/// It says whom to ask about what it does not know.
#[derive(Clone)]
struct Honest;

impl Change for Honest {
    fn did(&mut self, action: &mut Action) {
        match action {
            Action::Outcome(outcome) if outcome.status == Status::Unknown => {
                outcome.advice.push(Advice::ContactProvider.into());
            }
            _ => {}
        }
    }
}

#[test]
fn a_reversal_of_yesterday_may_be_dropped_only_where_that_is_accepted_and_openly() {
    let accepted = "old-reversal = ['reversed', 'dropped']";
    let drops = || ReferenceTerminal::with_defects(&[Defect::YesterdayDropped]);
    let honest = terminal::changed(drops, Honest);
    let refused = by_default(OVERNIGHT, &honest);
    assert!(refused.broken.contains(&Requirement::Rev09));
    let openly = result(OVERNIGHT, &honest, also(accepted));
    assert!(openly.ways.contains(Practice::OldReversal, Way::Dropped));
    assert_eq!(openly.verdict, Verdict::Pass, "{:#?}", openly.breaches);
    let silently = result(OVERNIGHT, &terminal::changed(drops, ()), also(accepted));
    assert!(silently.broken.contains(&Requirement::Txn05));
}

#[test]
fn what_is_reversed_after_silence_was_not_reversed_for_want_of_paper() {
    let steps = r#"    And the printer is out of paper
    And on the first sale, the answer is late by 70 seconds
    And on the first reversal, the answer is late by 30 seconds
    When the customer pays 42.00 yuan for order "A1"
    And everything has come to rest
    Then nothing is charged for order "A1"
"#;
    let result = by_default(steps, &sound());
    assert_eq!(result.verdict, Verdict::Pass, "{:#?}", result.breaches);
    assert_eq!(result.ways.of(Practice::PrintFailure).next(), None);
}
