//! The one table of steps. From it come the matcher, the linter, the step dictionary in two
//! languages and the functions that run. A file a role; this file is the table's shape and how
//! a step reads its words.

mod cashier;
mod customer;
mod expect_cashier;
mod expect_messages;
mod expect_money;
mod expect_till;
mod faults;
mod network;
mod rules;
mod show;
mod storage;
mod till;
mod words;

use std::sync::LazyLock;

use crate::case::Need;
use crate::language::{Arg, Matcher, Pattern};
use crate::world::{StepResult, World};

pub use words::Words;

/// When a step is said: only a word for the dictionary, any step may follow any keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// How things stand.
    Given,
    /// What happens.
    When,
    /// What must be so.
    Then,
}

/// A step of the dictionary.
#[derive(Debug)]
pub struct Step {
    /// Stable name.
    pub id: &'static str,
    /// When it is said.
    pub role: Role,
    /// The pattern in English.
    pub en: &'static str,
    /// The pattern in Chinese; the same words in braces, each kind in the same order.
    pub zh: &'static str,
    /// What it does, in English.
    pub help_en: &'static str,
    /// What it does, in Chinese.
    pub help_zh: &'static str,
    /// What a terminal must be able to do for it.
    pub needs: &'static [Need],
    /// What it does.
    pub run: fn(&mut World, &Args<'_>) -> StepResult,
}

/// What a step is told: the words in braces, by kind, and the block of text below the step.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a> {
    /// The words in braces as they were said.
    pub args: &'a [Arg],
    /// The block of text below the step.
    pub docstring: Option<&'a str>,
}

/// The whole table, role by role.
pub fn all() -> &'static [&'static Step] {
    static ALL: LazyLock<Vec<&'static Step>> = LazyLock::new(|| {
        [
            cashier::STEPS,
            customer::STEPS,
            show::STEPS,
            till::STEPS,
            storage::STEPS,
            network::STEPS,
            faults::STEPS,
            expect_cashier::STEPS,
            expect_money::STEPS,
            expect_messages::STEPS,
            expect_till::STEPS,
            rules::STEPS,
        ]
        .into_iter()
        .flatten()
        .collect()
    });
    &ALL
}

/// "The next payment works": what must be so after every power cut.
pub(crate) fn next_payment() -> &'static Step {
    static STEP: LazyLock<&'static Step> = LazyLock::new(|| {
        let is = |step: &&&Step| step.id == "next-payment-works";
        all().iter().find(is).expect("the table has it")
    });
    &STEP
}

/// The patterns of the matcher and the steps that they say. A pattern that is the same in both
/// languages, because it is nothing but a word of the vocabulary, is there once.
fn patterns() -> impl Iterator<Item = (&'static str, &'static Step)> {
    all().iter().flat_map(|step| {
        let zh = (step.zh != step.en).then_some((step.zh, *step));
        std::iter::once((step.en, *step)).chain(zh)
    })
}

/// The step that the matcher's pattern `index` says.
pub fn step_of(index: usize) -> &'static Step {
    static STEPS: LazyLock<Vec<&'static Step>> =
        LazyLock::new(|| patterns().map(|(_, step)| step).collect());
    STEPS[index]
}

/// Finds the pattern that a text fits, in either language; [`step_of`] says whose it is.
pub fn matcher() -> &'static Matcher {
    static MATCHER: LazyLock<Matcher> = LazyLock::new(|| {
        let patterns = patterns().map(|(text, _)| {
            Pattern::compile(text, &Words)
                .unwrap_or_else(|error| panic!("the pattern {text:?} of the table: {error}"))
        });
        Matcher::new(patterns.collect())
            .unwrap_or_else(|error| panic!("the table of steps: {error}"))
    });
    &MATCHER
}
