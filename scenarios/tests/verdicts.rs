//! Verdicts that must not be wrong in either direction: what a sound terminal does in odd corners is
//! no breach, and what a terminal claims it is held to.

mod corner;
mod terminal;

use counterproof_scenarios::run::{Options, TerminalFactory};
use counterproof_scenarios::verdict::{CaseResult, Verdict};
use counterproof_sim::pos::ReferenceTerminal;
use counterproof_sim::terminal::{Event, TerminalError};

use terminal::Change;

/// The result of a scenario of these steps.
fn result(steps: &str, factory: &TerminalFactory) -> CaseResult {
    corner::result(steps, factory, &Options::default())
}

fn reference() -> TerminalFactory {
    terminal::changed(ReferenceTerminal::new, ())
}

/// It answers one event with "unsupported", whatever it claims.
#[derive(Clone)]
struct Without(&'static str);

impl Change for Without {
    fn before(&mut self, event: &Event) -> Result<(), TerminalError> {
        if event.name() != self.0 {
            return Ok(());
        }
        let event = self.0.to_owned();
        Err(TerminalError::Unsupported { event })
    }
}

fn without(event: &'static str) -> TerminalFactory {
    terminal::changed(ReferenceTerminal::new, Without(event))
}

#[track_caller]
fn passes(steps: &str) {
    let result = result(steps, &reference());
    assert_eq!(result.verdict, Verdict::Pass, "{:#?}", result.breaches);
}

#[test]
fn a_cancelled_payment_that_was_approved_meanwhile_is_reversed_as_cancelled_over_a_power_cut() {
    passes(
        r#"    And on the first sale, the answer is late by 10 seconds
    And on the first reversal, the answer is late by 30 seconds
    When the cashier takes 42.00 yuan for order "A1"
    And the customer shows the payment code
    And the sale has reached the acquirer
    And 1 second passes
    And the cashier presses cancel
    And 15 seconds pass
    And the power fails
    And the power is back
    And everything has come to rest
    Then order "A1" ends without payment
"#,
    );
}

#[test]
fn a_flow_that_is_claimed_and_not_there_is_an_error_not_a_matter_of_capability() {
    let refunds = "    When the customer pays 42.00 yuan for order \"A1\"\n    And the cashier refunds 42.00 yuan of order \"A1\"\n    Then nothing is charged for order \"A1\"\n";
    let result = result(refunds, &without("cashier.refund"));
    assert_eq!(result.verdict, Verdict::Error, "{}", result.message.en);
}

#[test]
fn an_event_that_has_no_capability_of_its_own_may_be_unsupported() {
    let looks_up = "    When the customer pays 42.00 yuan for order \"A1\"\n    And the cashier looks up order \"A1\"\n    Then order \"A1\" is approved\n";
    let result = result(looks_up, &without("cashier.status"));
    assert_eq!(
        result.verdict,
        Verdict::NotApplicable,
        "{}",
        result.message.en
    );
}

/// A step that the record cannot decide is the scenario's mistake, and never a pass.
#[track_caller]
fn cannot_be_decided(then: &str, why: &str) {
    let steps =
        format!("    When the customer pays 42.00 yuan for order \"A1\"\n    Then {then}\n");
    let result = result(&steps, &reference());
    assert_eq!(result.verdict, Verdict::Error, "{then}");
    assert!(result.message.en.contains(why), "{}", result.message.en);
}

#[test]
fn of_an_order_that_nobody_opened_nothing_can_be_said() {
    for then in [
        "order \"B1\" ends without payment",
        "order \"B1\" was never reported approved",
        "order \"B1\" was reported unknown meanwhile",
        "order \"B1\" had its final word within 1 minute",
        "orders \"A1\" and \"B1\" have different reasons",
        "nothing is charged for order \"B1\"",
        "nothing has been sent for order \"B1\"",
        "the terminal reports 42.00 yuan for order \"B1\"",
        "the refund of order \"B1\" is approved",
        "the void of order \"B1\" is declined",
    ] {
        cannot_be_decided(then, "order B1 was never opened");
    }
}

#[test]
fn without_a_power_cut_nothing_can_be_said_of_what_follows_one() {
    for id in ["PWR-01", "PWR-03", "REV-07"] {
        cannot_be_decided(&format!("requirement {id} holds"), "the power did not fail");
    }
}

#[test]
fn a_requirement_without_a_checker_cannot_be_said_to_hold() {
    cannot_be_decided("requirement CODE-05 holds", "cannot decide CODE-05");
}

#[test]
fn a_reason_that_is_missing_differs_from_nothing() {
    let steps = "    When the customer pays 42.00 yuan for order \"A1\"\n    And the customer refreshes the code\n    And the customer pays 43.00 yuan for order \"A2\"\n    Then orders \"A1\" and \"A2\" have different reasons\n";
    let result = result(steps, &reference());
    assert_eq!(result.verdict, Verdict::Fail);
    assert_eq!(result.breaches[0].seen.en, "no reason for order A1");
}

#[test]
fn where_nothing_went_wrong_the_display_has_not_said_why() {
    let steps = "    When the customer pays 42.00 yuan for order \"A1\"\n    Then the display says why in the language of the shop\n";
    let result = result(steps, &reference());
    assert_eq!(result.verdict, Verdict::Fail);
    assert_eq!(
        result.breaches[0].expected.en,
        "an outcome that is not an approval"
    );
}
