//! What a record cannot show of a terminal with sockets of its own.

use counterproof_sim::fault::{FaultId, FaultKind};
use counterproof_sim::record::Fact;
use counterproof_sim::time::Span;

use super::History;

impl History<'_> {
    /// Whether the terminal may have tried to connect between two entries, both included, without
    /// that being in the record: where nobody listens at the acquirer's address, or nobody answers,
    /// the suite hears nothing of a terminal that keeps its own time.
    pub fn is_deaf_between(&self, from: usize, to: usize) -> bool {
        if self.tolerance == Span::ZERO {
            return false;
        }
        let mut states: Vec<FaultId> = Vec::new();
        for (index, entry) in self.entries.iter().enumerate().take(to + 1) {
            match &entry.fact {
                Fact::Armed { id, fault } if makes_deaf(fault.kind) => states.push(*id),
                Fact::Lifted { id } if index < from => states.retain(|state| state != id),
                _ => {}
            }
        }
        !states.is_empty()
    }
}

const fn makes_deaf(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::HostOutage | FaultKind::HostRefusing)
}
