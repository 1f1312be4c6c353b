//! What went over the links, packet by packet, for who wants to look at it as at a capture of a real
//! network. It stands beside the record and is no part of it: nothing is judged by it, and a bench
//! that nobody asks for it keeps none.

use serde::{Deserialize, Serialize};

use crate::iso8583::Dialect;
use crate::link::{ConnId, PacketTrace, Side};
use crate::secrets::{Frames, Secrets};
use crate::terminal::{Bytes, LinkName};

/// What went over the links of one bench.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// The links, the preferred one first.
    pub links: Vec<LinkName>,
    /// The connections, by the numbers that the bench gave them.
    pub conns: Vec<CapturedConn>,
    /// Every packet when it was sent, with what became of it.
    pub packets: Vec<PacketTrace>,
}

/// What was written to a connection. A packet says by its place which part of it it carries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapturedConn {
    /// Index of its link.
    pub link: usize,
    /// What the terminal wrote.
    pub up: Bytes,
    /// What the acquirer wrote.
    pub down: Bytes,
}

impl Capture {
    /// Nothing yet, of these links.
    pub(crate) fn of(links: Vec<LinkName>) -> Self {
        Self {
            links,
            ..Self::default()
        }
    }

    /// A connection is dialled; its number is the next.
    pub(crate) fn dialled(&mut self, link: usize) {
        self.conns.push(CapturedConn {
            link,
            ..CapturedConn::default()
        });
    }

    /// An end writes to a connection.
    pub(crate) fn wrote(&mut self, conn: ConnId, side: Side, bytes: &[u8]) {
        if let Some(conn) = self.conns.get_mut(conn.0 as usize) {
            let stream = match side {
                Side::Terminal => &mut conn.up,
                Side::Host => &mut conn.down,
            };
            stream.0.extend_from_slice(bytes);
        }
    }

    /// Masks payment codes and keys in what was written. It keeps its length, and what decoded before
    /// still does.
    pub fn mask(&mut self, secrets: &Secrets, dialect: &Dialect) {
        let mut frames = Frames::new(secrets, dialect);
        for conn in &mut self.conns {
            frames.mask_stream(&mut conn.up.0);
            frames.mask_stream(&mut conn.down.0);
        }
    }
}

impl CapturedConn {
    /// The bytes that a packet carries.
    pub fn payload(&self, packet: &PacketTrace) -> &[u8] {
        let stream = match packet.direction.to() {
            Side::Host => &self.up,
            Side::Terminal => &self.down,
        };
        let start = usize::try_from(packet.seq).unwrap_or(usize::MAX);
        let end = start.saturating_add(packet.len as usize);
        stream.get(start..end).unwrap_or_default()
    }
}
