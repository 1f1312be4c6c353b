//! The pace of the wall, for a terminal that keeps its own time: where the bench would jump to what is
//! due next, it lets the terminal wait for it, and takes what the terminal did meanwhile.
//!
//! Not here: clocks and sockets, which are behind [`Live`]; and the virtual pace, which is in the
//! bench itself.

use std::collections::BTreeSet;

use super::Bench;
use super::faults::Trigger;
use crate::record::Fact;
use crate::terminal::{Action, Event, PaidOperation, Reply};
use crate::time::{Span, Time};
use crate::vocabulary::Face;

/// What the bench knows of a terminal that keeps its own time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Doing nothing for so long, the terminal is at rest.
    pub quiet: Span,
    /// How exactly instants are known.
    pub tolerance: Span,
    /// How many times slower the terminal's own clock runs.
    pub scale: u32,
}

/// From the last that a step waited for to the next step: a terminal that keeps its own time says
/// what belongs together in several breaths. In parts of the tolerance.
const BREATH: u64 = 5;

impl Bench {
    /// Whether the terminal keeps its own time.
    pub const fn keeps_its_own_time(&self) -> bool {
        self.pace.is_some()
    }

    /// How exactly instants are known: zero where time is virtual.
    pub fn tolerance(&self) -> Span {
        self.pace.map_or(Span::ZERO, |pace| pace.tolerance)
    }

    /// What the terminal's own clock shows at an instant: it was set at the last start.
    pub fn on_the_terminals_clock(&self, at: Time) -> Time {
        let Some(pace) = self.pace.filter(|pace| pace.scale > 1) else {
            return at;
        };
        let boots = self.record.entries().iter().rev();
        let mut boots = boots.filter(|e| matches!(e.fact, Fact::Boot { .. }) && e.at <= at);
        boots.next().map_or(at, |boot| {
            let passed = at.since(boot.at).as_micros() / u64::from(pace.scale);
            boot.at + Span::from_micros(passed)
        })
    }

    /// A step has what it waited for: a terminal that keeps its own time finishes what it says.
    pub(super) fn let_finish(&mut self) {
        if let Some(pace) = self.pace {
            let breath = Span::from_micros(pace.tolerance.as_micros() / BREATH);
            self.run_to(self.now + breath);
        }
    }

    /// After something that the terminal should react to: lets a terminal that keeps its own time
    /// do so. In lockstep the reaction has come already.
    pub fn let_react(&mut self) {
        if let Some(pace) = self.pace {
            self.run_to(self.now + pace.tolerance);
        }
    }

    /// Gives a terminal that keeps its own time the time to handle what it was told before its power
    /// fails: what of the event is lost with the power. Whatever it does is noted, and what it sends
    /// reaches nobody. A word on the money shows that it had handled the event.
    pub(super) fn let_handle(&mut self, event: Event) -> Option<Event> {
        let (Some(pace), Some(live)) = (self.pace, self.terminal.live()) else {
            return Some(event);
        };
        let told = self.now;
        let until = self.now + pace.tolerance;
        let (mut fresh, mut done) = (Vec::new(), Vec::new());
        while self.broken.is_none() && self.now < until {
            match live.wait(until, &mut fresh) {
                Ok(waited) => self.now = self.now.max(waited.now),
                Err(error) => self.broken = Some(error),
            }
            done.extend(fresh.drain(..).map(|action| (self.now, action)));
        }
        let is_word = |(_, action): &(Time, Action)| matches!(action, Action::Outcome(_));
        let lost = if done.iter().any(is_word) {
            self.record.push(told, Fact::Told { event });
            None
        } else {
            Some(event)
        };
        for (at, action) in done {
            self.record.push(at, Fact::Did { action });
        }
        lost
    }

    /// Lets the terminal wait for what is due next, at most up to `limit`, and handles either that or
    /// what the terminal did before. Whether anything was.
    pub(super) fn advance_by_the_wall(&mut self, limit: Time) -> bool {
        let Some(due) = self.next_due() else {
            return false;
        };
        let Some(now) = self.wait(due.min(limit)) else {
            return false;
        };
        if now {
            return true;
        }
        if due > limit {
            return false;
        }
        self.happen();
        true
    }

    /// Waits up to `until`; whether the terminal did something before. `None` when it broke.
    fn wait(&mut self, until: Time) -> Option<bool> {
        let (pace, live) = (self.pace?, self.terminal.live()?);
        let mut actions = std::mem::take(&mut self.reply.actions);
        actions.clear();
        let waited = match live.wait(until, &mut actions) {
            Ok(waited) => waited,
            Err(error) => {
                self.broken = Some(error);
                return None;
            }
        };
        self.now = self.now.max(waited.now);
        if waited.late > pace.tolerance {
            let by = waited.late;
            self.record.push(self.now, Fact::Late { by });
        }
        if actions.is_empty() {
            self.reply.actions = actions;
            return Some(false);
        }
        self.take(actions, pace);
        Some(true)
    }

    /// Whether an operation of the cashier has no final word yet.
    pub(super) fn owes_a_word(&self) -> bool {
        let mut owed = BTreeSet::new();
        for entry in self.record.entries() {
            match &entry.fact {
                Fact::Told { event } => {
                    owed.extend(match event {
                        Event::Pay { order, .. } => Some((order, PaidOperation::Pay)),
                        Event::Refund { order, .. } => Some((order, PaidOperation::Refund)),
                        Event::Void { order } => Some((order, PaidOperation::Void)),
                        _ => None,
                    });
                }
                Fact::Did {
                    action: Action::Outcome(said),
                } => {
                    let of = (&said.order, said.operation);
                    if said.status.is_final() {
                        owed.remove(&of);
                    } else {
                        owed.insert(of);
                    }
                }
                _ => {}
            }
        }
        !owed.is_empty()
    }

    /// The terminal did something of its own accord.
    fn take(&mut self, actions: Vec<Action>, pace: Pace) {
        let mut reply = Reply {
            actions,
            wake_at: Some(self.now + pace.quiet),
        };
        if self.too_much_happened() {
            return;
        }
        self.wake = reply.wake_at;
        self.shut_door_was_noticed(&reply.actions);
        if self.is_cut_at_an_action(&reply) || self.power_fails_instead_of(&reply) {
            // The terminal sent it, and the network never saw it.
            let actions = reply.actions.drain(..);
            let facts = actions.map(|action| Fact::Did { action });
            for fact in facts {
                self.record.push(self.now, fact);
            }
            self.cut(None);
            return;
        }
        self.perform(&mut reply);
        self.reply = reply;
    }

    /// A terminal finds a host that refuses or does not answer before the suite sees anything of it:
    /// that it did is known from the problem that it reports.
    fn shut_door_was_noticed(&mut self, actions: &[Action]) {
        let Some(id) = self.host.listener_fault() else {
            return;
        };
        let reports = actions.iter().any(|action| match action {
            Action::Display { reason, .. } => reason.is_some(),
            Action::Outcome(outcome) => outcome.reason.is_some(),
            _ => false,
        });
        if reports {
            self.fired(id);
        }
    }

    /// What new connections meet, as far as it is seen before they are made.
    pub(super) fn tell_listeners(&mut self) {
        let Some(live) = self.terminal.live() else {
            return;
        };
        let wrong = self.triggers.iter().find_map(Trigger::face);
        let face = self.secured.then_some(wrong.unwrap_or(Face::Good));
        for (place, named) in self.links.iter().enumerate() {
            live.listen(place, named.link.meets(), face);
        }
    }
}
