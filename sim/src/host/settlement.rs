//! Settlement: the terminal's totals against the acquirer's. Closing the batch is the front end's
//! (`host::manage`).

use super::Context;
use super::request::Request;
use super::ruling::Ruling;
use super::switch::{Decision, Extra, Switch};
use crate::fault::FaultKind;
use crate::iso8583::de48::{self, Side, Totals};
use crate::iso8583::{Field, Message};
use crate::money::Fen;
use crate::time::Span;

/// Fen of the sale that the acquirer counts and nobody made, where its totals differ.
const TOO_MUCH: u64 = 100;
/// Adding up takes a while.
const ADDS_UP: Span = Span::from_millis(120);

impl Switch {
    /// Answers the acquirer's own totals and the judgement in digit 31. The same again, after the
    /// end of the batch too, is answered alike: nothing but the books decides.
    pub fn settlement(
        &self,
        on: &mut Context<'_>,
        request: &Request,
        message: &Message,
    ) -> Decision {
        let mut domestic = self.book.totals(request.key.terminal, request.key.batch);
        if on.holds(FaultKind::TotalsDiffer) {
            domestic.debits += 1;
            domestic.debit = Fen::new(domestic.debit.get() + TOO_MUCH);
        }
        let mut totals = Totals {
            domestic,
            foreign: Side::default(),
        };
        let balanced = message.get(Field::TOTALS) == Some(&totals.digits());
        totals.domestic.code = if balanced {
            de48::BALANCED
        } else {
            de48::UNBALANCED
        };
        Decision {
            extra: Extra::Totals(totals),
            took: ADDS_UP,
            note: (!balanced).then_some("the totals differ from the acquirer's"),
            ..Decision::of(Ruling::Approved)
        }
    }
}
