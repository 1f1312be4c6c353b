//! The terminal's power: starts, cuts, and the faults that cut it at a chosen message.

use super::{Bench, Due};
use crate::fault::FaultKind;
use crate::iso8583::Deframer;
use crate::iso8583::operation::operations_in;
use crate::record::{ConnId, Fact};
use crate::terminal::{Action, Boot, Event, Reply, StorageDamage, TerminalError};
use crate::time::Span;
use crate::vocabulary::Operation;

impl Bench {
    /// Gives the terminal power for the first time.
    pub fn power_on(&mut self) {
        if !self.powered {
            self.boot(Boot::Factory);
        }
    }

    /// Whether the terminal has power.
    pub fn powered(&self) -> bool {
        self.powered
    }

    /// Cuts the power now. It comes back after the length of time that the setup says.
    pub fn cut_power(&mut self) {
        self.cut(None);
    }

    /// Cuts the power in place of the answer to `event`, which is given now.
    pub fn cut_power_instead_of_answer(&mut self, event: Event) {
        if self.ask_terminal(&event).is_some() {
            let lost = self.let_handle(event);
            self.cut(lost);
        }
    }

    /// The lengths of the files in the terminal's storage; `None` where it is out of reach.
    pub fn storage_files(&mut self) -> Option<Vec<u64>> {
        self.terminal.storage_files().unwrap_or_else(|error| {
            self.broken = Some(error);
            None
        })
    }

    /// Damages the storage of the terminal, which has no power; whether the storage is within reach.
    /// A place that was chosen `blind` may be one that nobody needs.
    pub fn damage_storage(&mut self, damage: StorageDamage, blind: bool) -> bool {
        match self.terminal.damage_storage(damage) {
            Ok(Some(files)) => {
                let (kind, all) = (damage.kind, damage.file.is_none());
                let fact = Fact::Damaged {
                    kind,
                    files,
                    all,
                    blind,
                };
                self.record.push(self.now, fact);
                true
            }
            Ok(None) => false,
            Err(error) => {
                self.broken = Some(error);
                true
            }
        }
    }

    /// How long the power stays off after a cut from now on.
    pub fn set_power_off(&mut self, off: Span) {
        self.power_off = off;
    }

    pub(super) fn restart(&mut self) {
        if !self.powered {
            self.boot(Boot::Cold);
        }
    }

    fn boot(&mut self, boot: Boot) {
        self.now = self.now.ceil_to_millis();
        self.tell_listeners();
        self.setup.now = self.now.as_millis();
        self.setup.boot = boot;
        self.boot_conns = self.conns.len();
        self.numbers.clear();
        for named in &mut self.links {
            named.link.power_on(self.now);
        }
        self.device.armed = false;
        self.same_instant = 0;
        match self.terminal.initialize(&self.setup) {
            Ok(identity) => {
                self.record.push(self.now, Fact::Boot { boot });
                self.powered = true;
                let wake = identity.wake_at.map(crate::time::Time::from_millis);
                if wake.is_some_and(|at| at < self.now) {
                    self.broken = Some(TerminalError::Broken {
                        what: "the terminal answered initialize with a wakeAt that is past".into(),
                        remedy: "ask to be woken at `now` or later".into(),
                    });
                }
                self.wake = match self.pace {
                    Some(pace) => Some(self.now + pace.quiet),
                    None => wake,
                };
                self.identity = Some(identity);
                self.tell_devices();
                // All links are up at the start; what is not is told at once.
                for index in 0..self.links.len() {
                    if !self.links[index].link.is_up() {
                        self.tell_link(index);
                    }
                }
            }
            Err(error) => self.broken = Some(error),
        }
    }

    pub(super) fn cut(&mut self, instead_of_answer_to: Option<Event>) {
        if !self.powered || self.broken.is_some() {
            return;
        }
        match self.terminal.cut_power() {
            Ok(()) => self.lose_power(instead_of_answer_to),
            Err(error) => self.broken = Some(error),
        }
    }

    /// The terminal has lost its power: its connections are no more, what it was to be told is
    /// lost, and it comes back later.
    fn lose_power(&mut self, instead_of_answer_to: Option<Event>) {
        self.record.push(
            self.now,
            Fact::PowerCut {
                instead_of_answer_to,
            },
        );
        self.powered = false;
        self.wake = None;
        self.device.armed = false;
        self.screen_goes_dark();
        self.cut_pending = false;
        for conn in &mut self.conns[self.boot_conns..] {
            conn.open = false;
        }
        for index in 0..self.links.len() {
            self.links[index].link.power_cut(self.now);
            self.drain_link(index);
        }
        // What the dead terminal was to be told is lost; its links and the rest go on.
        self.queue
            .retain(|due| !matches!(due, Due::Tell(_) | Due::TellOf(..)));
        self.queue
            .push((self.now + self.power_off).ceil_to_millis(), Due::Restart);
    }

    /// Cuts the power after so many of the storage writes that the terminal makes for `event`; where
    /// its storage is out of reach, in place of its answer.
    pub(super) fn cut_between_writes(&mut self, event: Event, writes: u32) {
        let cut = self
            .terminal
            .cut_power_during(self.now, &event, Some(writes));
        match cut {
            Ok(()) => self.lose_power(Some(event)),
            Err(error) => self.broken = Some(error),
        }
    }

    /// Tells the terminal of the bytes that answer what is waiting on a connection, unless the power
    /// fails about then.
    pub(super) fn tell_answer(&mut self, conn: ConnId, event: Event) {
        let requests = &mut self.conns[conn.0 as usize].requests;
        let is_quiet = self.triggers.is_empty();
        let waiting = (!is_quiet).then(|| requests.waiting(self.dialect));
        requests.answered();
        let Some(operation) = waiting.flatten() else {
            self.tell(event);
            return;
        };
        if self
            .struck(FaultKind::PowerBeforeAnswer, operation)
            .is_some()
        {
            self.cut(None);
        } else if self
            .struck(FaultKind::PowerDuringAnswer, operation)
            .is_some()
        {
            self.cut_power_instead_of_answer(event);
        } else if self.struck(FaultKind::PowerTornAnswer, operation).is_some() {
            self.cut_between_writes(event, 1);
        } else {
            let after = self
                .struck(FaultKind::PowerAfterAnswer, operation)
                .is_some();
            self.tell(event);
            if after {
                self.let_react();
                self.cut(None);
            }
        }
    }

    /// Whether the power fails as a request in this reply is about to leave: the terminal did
    /// everything it does before it answers, and the answer is lost.
    pub(super) fn power_fails_instead_of(&mut self, reply: &Reply) -> bool {
        if self.triggers.is_empty() {
            return false;
        }
        reply.actions.iter().any(|action| {
            let Action::HostSend { data, .. } = action else {
                return false;
            };
            let (mut stream, mut leaving) = (Deframer::new(), Vec::new());
            stream.push(data);
            operations_in(self.dialect, &mut stream, &mut leaving);
            leaving.into_iter().any(|operation| {
                self.struck(FaultKind::PowerInsteadOfRequest, operation)
                    .is_some()
            })
        })
    }

    /// Requests have left: the power may fail when the terminal's answer is done.
    pub(super) fn note_left(&mut self, left: &[Operation]) {
        for operation in left {
            if self
                .struck(FaultKind::PowerAfterRequest, *operation)
                .is_some()
            {
                self.cut_pending = true;
            }
        }
    }

    /// A connection was dialled: the power may fail when the terminal's answer is done.
    pub(super) fn note_dialled(&mut self) {
        if self.struck_by_any(FaultKind::PowerBeforeConnect).is_some() {
            self.cut_pending = true;
        }
    }

    /// The terminal's answer is done: cuts the power where a fault asked for it.
    pub(super) fn settle_power(&mut self) {
        if self.cut_pending {
            self.cut(None);
        }
    }
}
