//! The connections that stand, however many: found by their number, and the one that has been
//! silent longest found at once.

use std::collections::{BTreeMap, BTreeSet};

use crate::iso8583::Deframer;
use crate::record::ConnId;
use crate::time::Time;

/// A connection.
#[derive(Debug)]
struct Connection {
    stream: Deframer,
    /// When bytes last came or went.
    heard: Time,
    /// How many were opened before it.
    order: u64,
}

/// All that stand.
#[derive(Debug, Default)]
pub(super) struct Connections {
    standing: BTreeMap<ConnId, Connection>,
    /// The same by when each was last heard.
    silent: BTreeSet<(Time, ConnId)>,
    opened: u64,
}

impl Connections {
    pub fn open(&mut self, now: Time, id: ConnId) {
        self.remove(id);
        let connection = Connection {
            stream: Deframer::new(),
            heard: now,
            order: self.opened,
        };
        self.opened += 1;
        self.standing.insert(id, connection);
        self.silent.insert((now, id));
    }

    pub fn has(&self, id: ConnId) -> bool {
        self.standing.contains_key(&id)
    }

    pub fn is_empty(&self) -> bool {
        self.standing.is_empty()
    }

    /// Bytes came or went. Returns what is left of the stream of the terminal.
    pub fn heard(&mut self, now: Time, id: ConnId) -> Option<&mut Deframer> {
        let connection = self.standing.get_mut(&id)?;
        if connection.heard != now {
            self.silent.remove(&(connection.heard, id));
            self.silent.insert((now, id));
            connection.heard = now;
        }
        Some(&mut connection.stream)
    }

    pub fn stream(&mut self, id: ConnId) -> Option<&mut Deframer> {
        self.standing.get_mut(&id).map(|found| &mut found.stream)
    }

    pub fn remove(&mut self, id: ConnId) {
        if let Some(connection) = self.standing.remove(&id) {
            self.silent.remove(&(connection.heard, id));
        }
    }

    /// When the one that has been silent longest was last heard.
    pub fn longest_silent(&self) -> Option<Time> {
        self.silent.first().map(|(heard, _)| *heard)
    }

    /// Those that were last heard then or before, the latest opened first.
    pub fn silent_since(&self, then: Time) -> Vec<ConnId> {
        let silent = self.silent.iter().take_while(|(heard, _)| *heard <= then);
        let mut ids: Vec<_> = silent.map(|(_, id)| *id).collect();
        ids.sort_by_key(|id| std::cmp::Reverse(self.standing[id].order));
        ids
    }

    /// Forgets all; returns them in the order in which they were opened.
    pub fn drain(&mut self) -> Vec<ConnId> {
        self.silent.clear();
        let mut all: Vec<_> = std::mem::take(&mut self.standing).into_iter().collect();
        all.sort_by_key(|(_, connection)| connection.order);
        all.into_iter().map(|(id, _)| id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Time {
        Time::from_millis(ms)
    }

    #[test]
    fn who_speaks_is_no_longer_the_one_that_has_been_silent_longest() {
        let mut all = Connections::default();
        for (ms, id) in [(1, 7), (2, 3), (3, 5)] {
            all.open(at(ms), ConnId(id));
        }
        assert_eq!(all.longest_silent(), Some(at(1)));
        assert!(all.heard(at(4), ConnId(7)).is_some());
        assert_eq!(all.longest_silent(), Some(at(2)));
        assert_eq!(all.silent_since(at(3)), [ConnId(5), ConnId(3)]);
        all.remove(ConnId(3));
        assert_eq!(all.longest_silent(), Some(at(3)));
        assert!(all.heard(at(5), ConnId(3)).is_none());
        assert_eq!(all.drain(), [ConnId(7), ConnId(5)]);
        assert_eq!(all.longest_silent(), None);
    }
}
