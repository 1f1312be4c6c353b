//! The faults that are armed at the acquirer and its wallets, and which message each one strikes.
//! Not here: what they do to it.

use crate::fault::{Fault, FaultId, FaultKind, Shape};
use crate::time::Span;
use crate::vocabulary::Operation;

/// A fault that is armed.
#[derive(Clone, Debug)]
struct Armed {
    id: FaultId,
    fault: Fault,
    /// Messages of its operation since it was armed.
    count: u32,
}

/// All faults that are armed here.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults(Vec<Armed>);

/// A fault that strikes at one message.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub id: FaultId,
    pub kind: FaultKind,
    pub by: Span,
    pub code: Option<Box<str>>,
}

/// The faults that strike at one message, in the order in which they were armed.
#[derive(Clone, Debug, Default)]
pub(super) struct Hits(Vec<Hit>);

impl Hits {
    /// The one of this kind.
    pub fn get(&self, kind: FaultKind) -> Option<&Hit> {
        self.0.iter().find(|hit| hit.kind == kind)
    }

    /// Whether nothing strikes.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Hit> {
        self.0.iter()
    }
}

impl Faults {
    pub fn arm(&mut self, id: FaultId, fault: &Fault) {
        self.0.push(Armed {
            id,
            fault: fault.clone(),
            count: 0,
        });
    }

    pub fn lift(&mut self, id: FaultId) {
        self.0.retain(|armed| armed.id != id);
    }

    /// The first state of this kind that holds.
    pub fn state(&self, kind: FaultKind) -> Option<FaultId> {
        self.0
            .iter()
            .find(|armed| armed.fault.kind == kind)
            .map(|armed| armed.id)
    }

    /// How far ahead the acquirer's clock is, and by which fault.
    pub fn clock_ahead(&self) -> Option<(FaultId, Span)> {
        let ahead = |armed: &&Armed| armed.fault.kind == FaultKind::ClockAhead;
        let armed = self.0.iter().find(ahead)?;
        Some((armed.id, armed.fault.by))
    }

    /// Counts a message and returns what strikes at it. A wrong check value can only be in the
    /// answer to a sign-in, so that this fault counts nothing else.
    pub fn strike(&mut self, operation: Option<Operation>) -> Hits {
        let mut hits = Vec::new();
        for armed in &mut self.0 {
            let kind = armed.fault.kind;
            if kind.shape() != Shape::Message {
                continue;
            }
            let on = match kind {
                FaultKind::WrongCheckValue | FaultKind::WrongPinCheckValue => {
                    Some(Operation::SignIn)
                }
                _ => armed.fault.on,
            };
            if on.is_some() && on != operation {
                continue;
            }
            armed.count += 1;
            if armed.fault.nth.hits(armed.count) {
                hits.push(Hit {
                    id: armed.id,
                    kind,
                    by: armed.fault.by,
                    code: armed.fault.code.clone(),
                });
            }
        }
        Hits(hits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Nth;

    #[test]
    fn a_fault_counts_the_messages_of_its_operation_from_when_it_was_armed() {
        let mut faults = Faults::default();
        faults.strike(Some(Operation::Sale));
        let second = Fault::on(FaultKind::AnswerLost, Operation::Sale, Nth::Only(2));
        faults.arm(FaultId(0), &second);
        let every = Fault {
            on: None,
            ..Fault::on(FaultKind::WrongMac, Operation::Sale, Nth::Every)
        };
        faults.arm(FaultId(1), &every);
        let mut struck = |operation| {
            let hits = faults.strike(Some(operation));
            hits.iter().map(|hit| hit.id.0).collect::<Vec<_>>()
        };
        assert_eq!(struck(Operation::Sale), [1]);
        assert_eq!(struck(Operation::Query), [1]);
        assert_eq!(struck(Operation::Sale), [0, 1]);
        assert_eq!(struck(Operation::Sale), [1]);
    }

    #[test]
    fn states_strike_at_no_message_and_hold_until_lifted() {
        let mut faults = Faults::default();
        faults.arm(FaultId(4), &Fault::state(FaultKind::HostSilent));
        assert!(faults.strike(None).is_empty());
        assert_eq!(faults.state(FaultKind::HostSilent), Some(FaultId(4)));
        faults.lift(FaultId(4));
        assert_eq!(faults.state(FaultKind::HostSilent), None);
    }

    #[test]
    fn a_wrong_check_value_waits_for_sign_ins_whatever_it_was_armed_for() {
        let mut faults = Faults::default();
        let fault = Fault {
            nth: Nth::First(1),
            ..Fault::state(FaultKind::WrongCheckValue)
        };
        faults.arm(FaultId(0), &fault);
        assert!(faults.strike(Some(Operation::Sale)).is_empty());
        assert!(!faults.strike(Some(Operation::SignIn)).is_empty());
        assert!(faults.strike(Some(Operation::SignIn)).is_empty());
    }
}
