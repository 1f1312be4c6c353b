//! What is due at the counter, by time and, at one instant, in the order in which it was put in.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::time::Time;

/// A queue of things that are due.
#[derive(Debug)]
pub struct Queue<T> {
    heap: BinaryHeap<Slot<T>>,
    next: u64,
}

#[derive(Debug)]
struct Slot<T> {
    due: Time,
    order: u64,
    what: T,
}

impl<T> Queue<T> {
    /// An empty queue.
    pub const fn new() -> Self {
        Self {
            heap: BinaryHeap::new(),
            next: 0,
        }
    }

    /// Puts `what` in, due at `due`.
    pub fn push(&mut self, due: Time, what: T) {
        self.heap.push(Slot {
            due,
            order: self.next,
            what,
        });
        self.next += 1;
    }

    /// When the first is due.
    pub fn due(&self) -> Option<Time> {
        self.heap.peek().map(|slot| slot.due)
    }

    /// Takes the first, if it is due by `now`.
    pub fn pop(&mut self, now: Time) -> Option<T> {
        if self.due()? > now {
            return None;
        }
        self.heap.pop().map(|slot| slot.what)
    }

    /// Drops everything for which `keep` says no.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.heap.retain(|slot| keep(&slot.what));
    }
}

impl<T> Ord for Slot<T> {
    /// The heap gives the greatest first; the greatest is the earliest.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.due, other.order).cmp(&(self.due, self.order))
    }
}

impl<T> PartialOrd for Slot<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Slot<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Slot<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_comes_first_and_equals_come_in_order() {
        let at = Time::from_millis;
        let mut queue = Queue::new();
        queue.push(at(2), 'c');
        queue.push(at(1), 'a');
        queue.push(at(1), 'b');
        assert_eq!(queue.pop(at(0)), None);
        assert_eq!(
            (queue.pop(at(1)), queue.pop(at(1)), queue.pop(at(1))),
            (Some('a'), Some('b'), None)
        );
        assert_eq!(queue.pop(at(9)), Some('c'));
    }
}
