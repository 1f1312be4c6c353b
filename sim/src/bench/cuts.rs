//! Cuts at every point: the exchanges with the terminal are counted, and the power is cut at one of
//! them. What a cut does is in `power`.

use super::Bench;
use crate::terminal::Event;

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

/// The exchanges since the bench began to watch.
#[derive(Debug, Default)]
pub(super) struct Watch {
    open: bool,
    /// The storage writes of each; none where the storage is out of reach.
    writes: Vec<u32>,
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
    pub fn cut_points(&self) -> Vec<CutPoint> {
        let mut points = Vec::new();
        for (exchange, writes) in (1..).zip(&self.watch.writes) {
            let between = (1..*writes).map(CutMoment::AfterWrites);
            let moments = std::iter::once(CutMoment::Before)
                .chain(between)
                .chain([CutMoment::InsteadOfAnswer, CutMoment::AfterAnswer]);
            points.extend(moments.map(|moment| CutPoint { exchange, moment }));
        }
        points
    }

    /// An event is about to be told. Where the power is cut at it, nothing is left of it.
    pub(super) fn pass_watch(&mut self, event: Event) -> Option<Event> {
        if !self.watch.open || !self.powered || self.broken.is_some() {
            return Some(event);
        }
        self.watch.writes.push(0);
        let exchange = self.watch.writes.len() as u32;
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
    pub(super) fn writes_so_far(&self) -> Option<u32> {
        self.terminal.storage_writes().filter(|_| self.watch.open)
    }

    /// The terminal has answered the event that passed last; it had made `before` writes then.
    pub(super) fn note_writes(&mut self, before: Option<u32>) {
        let (Some(before), Some(now)) = (before, self.writes_so_far()) else {
            return;
        };
        if let Some(writes) = self.watch.writes.last_mut() {
            *writes = now.wrapping_sub(before);
        }
    }
}
