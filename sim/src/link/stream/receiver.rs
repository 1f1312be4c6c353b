//! What one end has received: up to where without a gap, and what came too early.

/// The receiving half of one end.
#[derive(Clone, Debug, Default)]
pub(super) struct Receiver {
    /// Everything before this has arrived. A FIN counts as one byte.
    pub next: u64,
    /// Ranges that arrived behind a gap, by their beginnings.
    early: Vec<(u64, u64)>,
    fin: Option<u64>,
    /// The FIN and everything before it has arrived.
    pub ended: bool,
}

impl Receiver {
    /// A segment arrived. Returns how many bytes are now in order that were not before.
    pub fn segment(&mut self, seq: u64, len: u32) -> u64 {
        let end = seq + u64::from(len);
        if end <= self.next {
            return 0;
        }
        if seq > self.next {
            let at = self.early.partition_point(|range| *range < (seq, end));
            if self.early.get(at) != Some(&(seq, end)) {
                self.early.insert(at, (seq, end));
            }
            return 0;
        }
        let before = self.next;
        self.next = end;
        if !self.early.is_empty() {
            let reached = self
                .early
                .iter()
                .take_while(|&&(from, to)| {
                    let joins = from <= self.next;
                    if joins {
                        self.next = self.next.max(to);
                    }
                    joins
                })
                .count();
            self.early.drain(..reached);
        }
        self.next - before
    }

    /// Whether something arrived behind a gap.
    pub fn has_gap(&self) -> bool {
        !self.early.is_empty()
    }

    /// A FIN arrived.
    pub fn fin(&mut self, seq: u64) {
        self.fin = Some(seq);
    }

    /// Whether the stream has just come to its end. True once.
    pub fn ends(&mut self) -> bool {
        let ends = !self.ended && self.fin == Some(self.next);
        if ends {
            self.next += 1;
            self.ended = true;
        }
        ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_waited_for_and_repeats_ignored() {
        let mut receiver = Receiver::default();
        assert_eq!(receiver.segment(10, 5), 0);
        assert_eq!(receiver.segment(10, 5), 0);
        assert_eq!(receiver.segment(20, 5), 0);
        assert_eq!(receiver.segment(0, 10), 15);
        assert_eq!(receiver.segment(0, 10), 0);
        receiver.fin(25);
        assert!(!receiver.ends());
        assert_eq!(receiver.segment(12, 10), 10);
        assert_eq!(receiver.next, 25);
        assert!(receiver.ends());
        assert!(!receiver.ends());
        assert_eq!(receiver.next, 26);
    }
}
