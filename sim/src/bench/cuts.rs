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
    /// Whether something was stored before it.
    had_stored: bool,
    /// Whether bytes left the terminal with the answer.
    sends: bool,
    /// Whether the answer told the cashier or the customer something that stays: a word on an order, a
    /// receipt, a code to scan.
    tells: bool,
}

impl Exchange {
    /// An exchange before and after which so many writes had been made.
    fn of(reply: &Reply, before: Option<u32>, after: Option<u32>) -> Self {
        let mut exchange = Self {
            writes: after.map(|after| before.map_or(1, |before| after.wrapping_sub(before))),
            had_stored: before.is_some(),
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

impl Watch {
    /// Every point of the exchanges, in their order.
    ///
    /// Two points between which nothing became durable, nothing left the terminal and nobody was
    /// told anything that stays are one: nobody could tell a terminal that was cut at the one from a
    /// terminal that was cut at the other. Without a write a lost answer is as good as an event that
    /// never came, and after an answer that changes nothing outside comes the next event.
    ///
    /// There is no point before a terminal from the factory has stored anything: started again over
    /// empty storage it would have to take it for lost.
    fn points(&self) -> Vec<CutPoint> {
        let mut points = Vec::new();
        let last = self.exchanges.len() as u32;
        let stores = self.exchanges.iter().any(|e| e.writes.is_some());
        let mut is_new = true;
        for (exchange, what) in (1..).zip(&self.exchanges) {
            if stores && what.writes.is_none() {
                continue;
            }
            let mut add = |moment| points.push(CutPoint { exchange, moment });
            if is_new && (what.had_stored || !stores) {
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
    pub fn cut_points(&self) -> Vec<CutPoint> {
        self.watch.points()
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

    /// A terminal that keeps its own time did something, which is an exchange of its own. Whether the
    /// power is cut as it does; after it, the cut is pending.
    pub(super) fn is_cut_at_an_action(&mut self, reply: &Reply) -> bool {
        if !self.watch.open {
            return false;
        }
        // Which write belongs to which breath cannot be told: what is between two of them counts.
        let writes = self.writes_so_far().map(|_| 0);
        self.watch
            .exchanges
            .push(Exchange::of(reply, writes, writes));
        let exchange = self.watch.exchanges.len() as u32;
        let Some(point) = self.watch.cut_at.filter(|p| p.exchange == exchange) else {
            return false;
        };
        self.watch.open = false;
        self.watch.was_cut = true;
        self.cut_pending = point.moment == CutMoment::AfterAnswer;
        !self.cut_pending
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
        let after = self.writes_so_far();
        if let Some(exchange) = self.watch.exchanges.last_mut() {
            *exchange = Exchange::of(reply, before, after);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE: Exchange = Exchange {
        writes: Some(0),
        had_stored: true,
        sends: false,
        tells: false,
    };

    fn points(exchanges: &[Exchange]) -> Vec<(u32, CutMoment)> {
        let watch = Watch {
            exchanges: exchanges.to_vec(),
            ..Watch::default()
        };
        let points = watch.points().into_iter();
        points.map(|p| (p.exchange, p.moment)).collect()
    }

    #[test]
    fn every_write_and_every_sending_is_a_boundary() {
        use CutMoment::{AfterAnswer, AfterWrites, Before, InsteadOfAnswer};
        let asks = Exchange {
            writes: Some(3),
            sends: true,
            ..IDLE
        };
        let told = Exchange {
            writes: Some(1),
            tells: true,
            ..IDLE
        };
        assert_eq!(
            points(&[asks, told]),
            [
                (1, Before),
                (1, AfterWrites(1)),
                (1, AfterWrites(2)),
                (1, InsteadOfAnswer),
                (1, AfterAnswer),
                (2, Before),
                (2, InsteadOfAnswer),
                (2, AfterAnswer),
            ]
        );
    }

    #[test]
    fn points_that_nobody_could_tell_apart_are_one() {
        use CutMoment::{Before, InsteadOfAnswer};
        assert_eq!(points(&[IDLE, IDLE, IDLE]), [(1, Before)]);
        // Where writes are out of sight, every answer may have been preceded by one.
        let blind = Exchange {
            writes: None,
            had_stored: false,
            ..IDLE
        };
        let wanted = [(1, Before), (1, InsteadOfAnswer), (2, InsteadOfAnswer)];
        assert_eq!(points(&[blind, blind]), wanted);
    }

    #[test]
    fn nothing_is_cut_before_anything_is_stored() {
        use CutMoment::InsteadOfAnswer;
        let empty = Exchange {
            writes: None,
            had_stored: false,
            sends: true,
            ..IDLE
        };
        let first = Exchange {
            writes: Some(1),
            had_stored: false,
            ..IDLE
        };
        assert_eq!(points(&[empty, first, IDLE]), [(2, InsteadOfAnswer)]);
    }
}
