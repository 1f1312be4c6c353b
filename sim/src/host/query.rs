//! Queries: how a transaction stands (network.md §2).

use super::book::Standing;
use super::request::Request;
use super::ruling::Ruling;
use super::switch::{Decision, Switch};
use crate::time::Span;

/// The switch looks into its own books.
const LOOKS: Span = Span::from_millis(15);

impl Switch {
    /// Answers from what is remembered, whatever state the wallet host is in: the acquirer has
    /// reconciled with it meanwhile.
    pub fn query(&self, request: &Request) -> Decision {
        let original = request.about.and_then(|key| self.book.get(&key));
        let Some(original) = original else {
            return Decision {
                took: LOOKS,
                ..Decision::of(Ruling::NoOriginal)
            };
        };
        let ruling = match original.standing {
            Standing::Approved => Ruling::Approved,
            Standing::Partial => Ruling::Partial,
            Standing::Waiting(_) => Ruling::Waiting,
            Standing::Declined(ruling) => ruling,
            // What was reversed is as if it had never been.
            Standing::Reversed => Ruling::NoOriginal,
        };
        let found = ruling.approves();
        Decision {
            amount: found.then_some(original.amount),
            rrn: found.then_some(original.rrn),
            auth: original.auth.filter(|_| found),
            instalments: original.instalments,
            took: LOOKS,
            ..Decision::with(ruling, original.wallet)
        }
    }
}
