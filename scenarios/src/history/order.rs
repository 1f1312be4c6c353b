//! One payment as the cashier saw it.

use counterproof_sim::terminal::{Outcome, Status};

/// A payment that the cashier opened.
#[derive(Debug)]
pub struct OrderStory<'r> {
    /// The cashier's name for it.
    pub order: &'r str,
    /// What was asked for, in fen; possibly no amount that a payment can have.
    pub amount: i64,
    /// Entry at which it was opened.
    pub opened: usize,
    /// Texts that were read or typed for it, without blanks around them, with their entries.
    pub codes: Vec<(usize, &'r str)>,
    /// What the terminal said of it, oldest first.
    pub said: Vec<Said<'r>>,
}

/// An outcome and its place in the record.
#[derive(Clone, Copy, Debug)]
pub struct Said<'r> {
    /// Its entry.
    pub entry: usize,
    /// The word.
    pub outcome: &'r Outcome,
}

impl<'r> OrderStory<'r> {
    pub(super) fn new(order: &'r str, amount: i64, opened: usize) -> Self {
        Self { order, amount, opened, codes: Vec::new(), said: Vec::new() }
    }

    /// The last word.
    pub fn last(&self) -> Option<Said<'r>> {
        self.said.last().copied()
    }

    /// The first final word.
    pub fn first_final(&self) -> Option<Said<'r>> {
        self.said.iter().copied().find(|said| said.outcome.status.is_final())
    }

    /// The last word, if it is final.
    pub fn final_status(&self) -> Option<Status> {
        self.last().map(|said| said.outcome.status).filter(|status| status.is_final())
    }
}
