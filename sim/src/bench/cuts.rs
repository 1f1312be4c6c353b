//! Cuts at every point: the exchanges with the terminal are counted, and the power is cut at one of
//! them. What a cut does is in `power`.

use super::Bench;
use crate::terminal::{Action, Event, Reply};

/// A point at which the power can be cut: a boundary between two messages of the terminal protocol,
/// or between two storage writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutPoint {
    /// Which exchange, from 1, since the bench began to watch.
    pub exchange: u32,
    /// Where in it.
    pub moment: CutMoment,
}

/// Where in an exchange the power is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutMoment {
    /// Before the event: the terminal is never told.
    Before,
    /// After so many of the storage writes that the terminal makes for the event.
    AfterWrites(u32),
    /// The terminal handled the event, and its answer is never read.
    InsteadOfAnswer,
    /// The answer was read, and everything in it done: requests have left, the cashier has seen the
    /// display.
    AfterAnswer,
}

/// What is known of an exchange.
#[derive(Clone, Copy, Debug, Default)]
struct Exchange {
    /// Its storage writes; `None` where the storage is out of reach.
    writes: Option<u32>,
    /// Whether bytes left the terminal with the answer.
    sends: bool,
    /// Whether the answer told the cashier or the customer something that stays: a word on an order, a
    /// receipt, a code to scan.
    tells: bool,
}

impl Exchange {
    fn of(reply: &Reply, writes: Option<u32>) -> Self {
        let mut exchange = Self {
            writes,
            ..Self::default()
        };
        for action in &reply.actions {
            match action {
                Action::HostSend { .. } => exchange.sends = true,
                Action::Outcome(_)
                | Action::Settled { .. }
                | Action::Print { .. }
                | Action::ShowCode { .. } => exchange.tells = true,
                Action::HostOpen { .. }
                | Action::HostClose { .. }
                | Action::ScannerOn
                | Action::ScannerOff
                | Action::Display { .. }
                | Action::SelfTest { .. }
                | Action::DeviceLog { .. }
                | Action::Log { .. } => {}
            }
        }
        exchange
    }
}

/// The exchanges since the bench began to watch.
#[derive(Debug, Default)]
pub(super) struct Watch {
    open: bool,
    exchanges: Vec<Exchange>,
    cut_at: Option<CutPoint>,
    was_cut: bool,
}

impl Bench {
    /// From now on counts the exchanges with the terminal, and cuts the power at `cut_at`, once.
    pub fn watch(&mut self, cut_at: Option<CutPoint>) {
        self.watch = Watch {
            open: true,
            cut_at,
            ..Watch::default()
        };
    }

    /// Counts no more, and cuts no more. What was counted stays.
    pub fn watch_no_more(&mut self) {
        self.watch.open = false;
    }

    /// Whether the power was cut at the point that was asked for.
    pub fn was_cut(&self) -> bool {
        self.watch.was_cut
    }

    /// Every point of the exchanges that were counted, in their order.
    ///
    /// Two points between which nothing became durable, nothing left the terminal and nobody was
    /// told anything that stays are one: nobody could tell a terminal that was cut at the one from a
    /// terminal that was cut at the other. Without a write a lost answer is as good as an event that
    /// never came, and after an answer that changes nothing outside comes the next event.
    pub fn cut_points(&self) -> Vec<CutPoint> {
        let mut points = Vec::new();
        let last = self.watch.exchanges.len() as u32;
        let mut is_new = true;
        for (exchange, what) in (1..).zip(&self.watch.exchanges) {
            let mut add = |moment| points.push(CutPoint { exchange, moment });
            if is_new {
                add(CutMoment::Before);
            }
            for writes in 1..what.writes.unwrap_or(0) {
                add(CutMoment::AfterWrites(writes));
            }
            if what.writes != Some(0) {
                add(CutMoment::InsteadOfAnswer);
            }
            // What has just left may be on its way still, or answered when the next event comes.
            if what.sends || (what.tells && exchange == last) {
                add(CutMoment::AfterAnswer);
            }
            is_new = what.sends || what.tells;
        }
        points
    }

    /// An event is about to be told. Where the power is cut at it, nothing is left of it.
    pub(super) fn pass_watch(&mut self, event: Event) -> Option<Event> {
        if !self.watch.open || !self.powered || self.broken.is_some() {
            return Some(event);
        }
        self.watch.exchanges.push(Exchange::default());
        let exchange = self.watch.exchanges.len() as u32;
        let Some(point) = self.watch.cut_at.filter(|p| p.exchange == exchange) else {
            return Some(event);
        };
        self.watch.open = false;
        self.watch.was_cut = true;
        match point.moment {
            CutMoment::Before => self.cut(None),
            CutMoment::AfterWrites(writes) => self.cut_between_writes(event, writes),
            CutMoment::InsteadOfAnswer => self.cut_power_instead_of_answer(event),
            CutMoment::AfterAnswer => {
                self.cut_pending = true;
                return Some(event);
            }
        }
        None
    }

    /// The storage writes of the terminal so far, where somebody counts them.
    pub(super) fn writes_so_far(&mut self) -> Option<u32> {
        self.watch.open.then(|| self.terminal.storage_writes())?
    }

    /// The terminal has answered the event that passed last; it had made `before` writes then.
    pub(super) fn note_exchange(&mut self, before: Option<u32>, reply: &Reply) {
        if !self.watch.open {
            return;
        }
        let writes = before.zip(self.writes_so_far());
        if let Some(exchange) = self.watch.exchanges.last_mut() {
            let writes = writes.map(|(before, now)| now.wrapping_sub(before));
            *exchange = Exchange::of(reply, writes);
        }
    }
}
