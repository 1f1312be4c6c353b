//! How a link behaves, as the bench sees it.

mod decisions;
mod endings;
mod faults;
mod handshake;
mod promise;
mod transfer;

use super::netem::Impairment;
use super::profiles::{self, Profile};
use super::*;
use crate::random::Seeds;
use crate::time::{Span, Time};

const T0: Time = Time::from_millis(1_767_225_600_000);
const CONN: ConnId = ConnId(7);
const CONNECT_TIMEOUT: Span = Span::from_secs(15);

/// A link, the time, and everything it has told so far with its milliseconds since the start.
struct Rig {
    link: Link,
    now: Time,
    told: Vec<(u64, Output)>,
}

impl Rig {
    /// A link with these impairments in tc's words.
    fn new(up: &str, down: &str) -> Self {
        let parse = |text: &str| text.parse::<Impairment>().expect(text);
        Self::of(&Profile::custom("rig", parse(up), parse(down)), 1)
    }

    /// Both directions take 10 ms, and nothing else is wrong.
    fn clean() -> Self {
        Self::new("delay 10ms", "delay 10ms")
    }

    fn of(profile: &Profile, seed: u64) -> Self {
        let link = Link::new(T0, "rig", profile, &Seeds::new(seed, "link tests"));
        let mut rig = Self {
            link,
            now: T0,
            told: Vec::new(),
        };
        rig.drain();
        rig
    }

    /// A connection that both ends know of.
    fn connected(mut self) -> Self {
        self.link.connect(self.now, CONN, CONNECT_TIMEOUT);
        self.run_for(2_000);
        for side in [Side::Terminal, Side::Host] {
            let connected = Output::Connected { conn: CONN, side };
            assert!(
                self.told.iter().any(|(_, told)| *told == connected),
                "{side:?}"
            );
        }
        self.told.clear();
        self
    }

    fn drain(&mut self) {
        let ms = self.now.since(T0).as_millis();
        while let Some(output) = self.link.poll() {
            self.told.push((ms, output));
        }
    }

    /// Wakes the link whenever it asks for it, for so many milliseconds.
    fn run_for(&mut self, ms: u64) {
        let end = self.now + Span::from_millis(ms);
        self.drain();
        while let Some(at) = self.link.wake_at().filter(|&at| at <= end) {
            assert!(at >= self.now, "wakes are not in the past");
            self.now = at;
            self.link.wake(at);
            self.drain();
        }
        self.now = end;
    }

    fn write(&mut self, side: Side, bytes: &[u8]) {
        self.link
            .write(self.now, CONN, side, bytes.to_vec())
            .expect("open");
        self.drain();
    }

    fn close(&mut self, side: Side) {
        self.link.close(self.now, CONN, side);
        self.drain();
    }

    /// All bytes that arrived at one end.
    fn bytes(&self, side: Side) -> Vec<u8> {
        self.pieces(side).concat()
    }

    fn pieces(&self, side: Side) -> Vec<Vec<u8>> {
        self.told
            .iter()
            .filter_map(|(_, output)| match output {
                Output::Data { to, bytes, .. } if *to == side => Some(bytes.clone()),
                _ => None,
            })
            .collect()
    }

    /// How and when the connection ended at one end.
    fn closed(&self, side: Side) -> Option<(u64, Closing)> {
        self.told.iter().find_map(|(ms, output)| match output {
            Output::Closed {
                side: at, reason, ..
            } if *at == side => Some((*ms, *reason)),
            _ => None,
        })
    }

    fn refused(&self) -> Option<(u64, Refusal)> {
        self.told.iter().find_map(|(ms, output)| match output {
            Output::Refused { reason, .. } => Some((*ms, *reason)),
            _ => None,
        })
    }

    /// What was told, a line each.
    fn story(&self) -> String {
        let line = |(ms, output): &(u64, Output)| {
            let what = match output {
                Output::Connected { side, .. } => format!("{side:?} connected"),
                Output::Refused { reason, .. } => format!("refused: {reason:?}"),
                Output::Unheard { .. } => "unheard".to_owned(),
                Output::Data { to, bytes, .. } => format!("{to:?} gets {} bytes", bytes.len()),
                Output::Closed { side, reason, .. } => format!("{side:?} closed: {reason:?}"),
                Output::Carrier { up } => format!("carrier {up}"),
                Output::Fault(fault) => format!("fault {fault:?}"),
                Output::Packet(p) => format!(
                    "{:?} {:?} seq {} ack {} len {}",
                    p.direction, p.kind, p.seq, p.ack, p.len
                ),
            };
            format!("{ms:>6} {what}\n")
        };
        self.told.iter().map(line).collect()
    }
}

/// Bytes that tell their place.
fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n % 251) as u8).collect()
}
