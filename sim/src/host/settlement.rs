//! Settlement: the terminal's totals against the acquirer's. Closing the batch is the front end's
//! (`host::manage`).

use super::request::Request;
use super::ruling::Ruling;
use super::switch::{Decision, Extra, Switch};
use crate::iso8583::de48::{self, Side, Totals};
use crate::iso8583::{Field, Message};
use crate::time::Span;

/// Adding up takes a while.
const ADDS_UP: Span = Span::from_millis(120);

impl Switch {
    /// Answers the acquirer's own totals and the judgement in digit 31. The same again, after the
    /// end of the batch too, is answered alike: nothing but the books decides.
    pub fn settlement(&self, request: &Request, message: &Message) -> Decision {
        let domestic = self.book.totals(request.key.terminal, request.key.batch);
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
