//! Reversals (network.md §2): the money goes back, whatever the terminal heard of the original.

use super::Context;
use super::book::Standing;
use super::key::Key;
use super::ledger::PostingKind;
use super::request::Request;
use super::ruling::Ruling;
use super::switch::{Decision, Switch};
use crate::money::Fen;
use crate::time::Span;
use crate::vocabulary::Operation;

/// The acquirer takes a reversal on itself; the wallet host is told later.
const TAKES: Span = Span::from_millis(25);

impl Switch {
    pub fn reversal(&mut self, on: &mut Context<'_>, request: &Request) -> Decision {
        // A reversal repeats batch and STAN of its original, so that both keys are the same one.
        let key = request.about.unwrap_or(request.key);
        let Some(original) = self.book.get(&key).copied() else {
            self.book.reversed_before(key);
            return Decision {
                took: TAKES,
                note: Some("the original was never seen; it will be refused if it comes"),
                ..Decision::of(Ruling::NoOriginal)
            };
        };
        let ruling = if request.amount != original.asked && request.amount != original.amount {
            Ruling::AmountDiffers
        } else {
            match original.standing {
                Standing::Reversed => Ruling::Approved,
                Standing::Declined(_) => Ruling::NoOriginal,
                Standing::Waiting(_) => {
                    self.stop_waiting(key);
                    self.reversed(key);
                    Ruling::Approved
                }
                Standing::Approved | Standing::Partial => self.take_back(on, key),
            }
        };
        Decision {
            rrn: Some(original.rrn),
            took: TAKES,
            ..Decision::with(ruling, original.wallet)
        }
    }

    /// Takes back what moved money: of a payment all that is still charged, of a void or refund
    /// what it gave.
    fn take_back(&mut self, on: &mut Context<'_>, key: Key) -> Ruling {
        let Some(original) = self.book.get(&key).copied() else {
            return Ruling::NoOriginal;
        };
        if original.is_payment() {
            if original.voided {
                return Ruling::Invalid;
            }
            let charged = Fen::new(self.ledger.net(&key).max(0).cast_unsigned());
            if charged > Fen::ZERO {
                self.post(on, PostingKind::Reversal, key, &original, charged, false);
            }
        } else {
            let payment = self.book.get(&original.payment);
            if payment.is_none_or(|payment| !payment.stands()) {
                return Ruling::Invalid;
            }
            let given = original.amount;
            self.post(on, PostingKind::Reversal, key, &original, given, true);
            if let Some(payment) = self.book.get_mut(&original.payment) {
                match original.operation {
                    Operation::Void => payment.voided = false,
                    _ => {
                        payment.refunded = payment.refunded.checked_sub(given).unwrap_or_default();
                    }
                }
            }
        }
        self.reversed(key);
        Ruling::Approved
    }

    fn reversed(&mut self, key: Key) {
        if let Some(original) = self.book.get_mut(&key) {
            original.standing = Standing::Reversed;
        }
    }
}
