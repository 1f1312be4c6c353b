//! Faults on the bench: armed, sent to the part that acts on them, fired, lifted. The triggers of
//! links and power are here, because only the bench sees every message pass.

use super::setup::usual_profile;
use super::{Bench, Due};
use crate::fault::{Fault, FaultId, FaultKind, Site};
use crate::record::{ConnId, Fact};
use crate::vocabulary::{Face, Operation};

/// A fault of link or power that waits for its message.
pub(super) struct Trigger {
    id: FaultId,
    fault: Fault,
    /// Messages of its operation since it was armed.
    count: u32,
}

impl Trigger {
    /// Whom a terminal meets on a link that is secured, where the fault is about that.
    pub fn face(&self) -> Option<Face> {
        self.fault.kind.face()
    }

    /// Counts a message of `operation` and says whether the fault strikes at it.
    fn strikes(&mut self, kind: FaultKind, operation: Operation) -> bool {
        if self.fault.kind != kind || self.fault.on.is_some_and(|on| on != operation) {
            return false;
        }
        self.count += 1;
        self.fault.nth.hits(self.count)
    }
}

impl Bench {
    /// Arms a fault. Where its length is limited (`by` of a state) it lifts itself.
    pub fn arm(&mut self, fault: Fault) -> FaultId {
        let id = FaultId(self.next_fault);
        self.next_fault += 1;
        self.record.push(
            self.now,
            Fact::Armed {
                id,
                fault: fault.clone(),
            },
        );
        match fault.kind.site() {
            Site::Host | Site::Wallet => {
                self.host.arm(self.now, id, &fault);
                self.refresh_listener();
                self.drain_host();
            }
            Site::Phone => self.phone.arm(self.now, id, &fault),
            Site::Device => self.arm_device(id, &fault),
            Site::Link | Site::Power => {
                self.triggers.push(Trigger {
                    id,
                    fault,
                    count: 0,
                });
                self.tell_listeners();
            }
        }
        id
    }

    /// Arms a fault that lifts itself after `lasting`.
    pub fn arm_for(&mut self, fault: Fault, lasting: crate::time::Span) -> FaultId {
        let id = self.arm(fault);
        self.queue.push(self.now + lasting, Due::Lift(id));
        id
    }

    /// Lifts a fault; nothing happens where it is lifted already.
    pub fn lift(&mut self, id: FaultId) {
        self.record.push(self.now, Fact::Lifted { id });
        self.host.lift(self.now, id);
        self.phone.lift(self.now, id);
        self.lift_device(id);
        self.triggers.retain(|trigger| trigger.id != id);
        self.refresh_listener();
        self.drain_host();
    }

    /// Lifts every fault of this kind.
    pub fn lift_kind(&mut self, kind: FaultKind) {
        for id in self.standing(Some(kind)) {
            self.lift(id);
        }
    }

    /// Lifts every fault and gives every link its network back.
    pub fn lift_everything(&mut self) {
        for id in self.standing(None) {
            self.lift(id);
        }
        for index in 0..self.links.len() {
            let name = self.links[index].name.clone();
            let profile = self.links[index].profile;
            if profile.carrier && profile.listener.is_none() {
                self.set_link(&name, true);
            } else {
                self.set_profile(&name, usual_profile());
            }
        }
    }

    /// The faults that are armed and not lifted, of `kind` if given.
    fn standing(&self, kind: Option<FaultKind>) -> Vec<FaultId> {
        let mut ids = Vec::new();
        for entry in self.record.entries() {
            match &entry.fact {
                Fact::Armed { id, fault } if kind.is_none_or(|kind| kind == fault.kind) => {
                    ids.push(*id);
                }
                Fact::Lifted { id } => ids.retain(|standing| standing != id),
                _ => {}
            }
        }
        ids
    }

    /// Notes that a fault did its work.
    pub(super) fn fired(&mut self, id: FaultId) {
        self.record.push(self.now, Fact::Fired { id });
    }

    /// Whether a fault of `kind` strikes at a message of `operation`; notes it as fired, and
    /// returns it.
    pub(super) fn struck(&mut self, kind: FaultKind, operation: Operation) -> Option<Fault> {
        let trigger = self.triggers.iter_mut().find_map(|trigger| {
            trigger
                .strikes(kind, operation)
                .then(|| (trigger.id, trigger.fault.clone()))
        });
        let (id, fault) = trigger?;
        self.fired(id);
        Some(fault)
    }

    /// The same for a fault that waits for no message of an operation.
    pub(super) fn struck_by_any(&mut self, kind: FaultKind) -> Option<Fault> {
        let trigger = self
            .triggers
            .iter_mut()
            .find(|trigger| trigger.fault.kind == kind)?;
        trigger.count += 1;
        if !trigger.fault.nth.hits(trigger.count) {
            return None;
        }
        let (id, fault) = (trigger.id, trigger.fault.clone());
        self.fired(id);
        Some(fault)
    }

    /// A connection is asked for: whether whoever answers is not the acquirer.
    pub(super) fn meets_a_stranger(&mut self) -> bool {
        let stranger = self.triggers.iter().find(|t| t.face().is_some());
        let Some(id) = stranger.filter(|_| self.secured).map(|t| t.id) else {
            return false;
        };
        self.fired(id);
        true
    }

    /// Requests are about to be written to a link.
    pub(super) fn before_write(&mut self, link: usize, leaving: &[Operation]) {
        for operation in leaving {
            if let Some(fault) = self.struck(FaultKind::LinkLostBeforeRequest, *operation) {
                self.lose_link(link, &fault);
            }
        }
    }

    /// The acquirer is about to answer on a connection.
    pub(super) fn before_answer(&mut self, conn: ConnId) {
        if self.triggers.is_empty() {
            return;
        }
        let entry = &mut self.conns[conn.0 as usize];
        let link = entry.link;
        let Some(operation) = entry.requests.waiting(self.dialect) else {
            return;
        };
        if let Some(fault) = self.struck(FaultKind::LinkLostBeforeAnswer, operation) {
            self.lose_link(link, &fault);
        }
    }

    fn lose_link(&mut self, link: usize, fault: &Fault) {
        let name = self.links[link].name.clone();
        self.set_link(&name, false);
        if fault.by > crate::time::Span::ZERO {
            self.queue.push(self.now + fault.by, Due::LinkUp(name));
        }
    }
}
