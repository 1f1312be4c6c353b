//! Packets of the link model as bytes on an Ethernet: addresses and sequence numbers made up, the rest as
//! the model has it, with checksums that are right.

use counterproof_sim::link::stream::{MSS, PacketKind};
use counterproof_sim::link::{Direction, PacketTrace};

/// Bytes before the payload: Ethernet, IPv4, TCP.
const ETHERNET: usize = 14;
const IP: usize = 20;
const TCP: usize = 20;

/// The acquirer's address (RFC 5737: for documentation).
pub const ACQUIRER: [u8; 4] = [203, 0, 113, 1];
/// The first port of the terminal's connections: the first that nobody is assigned.
const FIRST_PORT: u16 = 49_152;
/// The port on which the acquirer listens for the first link; the terminal is told the same.
pub(super) const ACQUIRER_PORT: u16 = 41_001;
/// Locally administered.
const TERMINAL_MAC: [u8; 6] = [2, 0, 0, 0, 0, 1];
const ACQUIRER_MAC: [u8; 6] = [2, 0, 0, 0, 0, 2];
const IPV4: [u8; 2] = [8, 0];
const PROTOCOL_TCP: u8 = 6;
const HOPS: u8 = 64;
const WINDOW: u16 = 64_240;

const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
const RST: u8 = 0x04;
const PSH: u8 = 0x08;
const ACK: u8 = 0x10;

/// A connection of a case, as addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    /// The terminal's address.
    pub terminal: [u8; 4],
    /// Index of the link.
    pub link: usize,
    /// The bench's number of the connection.
    pub conn: u32,
}

/// The terminal's address on a link in the case at a place of the plan: each case has its own, so that
/// connections of one are not those of another.
pub fn terminal(place: usize, link: usize) -> [u8; 4] {
    // From 1: an address that ends in 0 looks like that of a network.
    let [_, high, middle, low] = (place as u32 + 1).to_be_bytes();
    [10, (link as u8) << 6 | (high & 0x3F), middle, low]
}

/// A packet as bytes. `identification` counts the packets of its sender.
pub fn packet(path: &Path, trace: &PacketTrace, payload: &[u8], identification: u16) -> Vec<u8> {
    let is_up = trace.direction == Direction::Up;
    let options = options(trace.kind);
    let ends = |up, down| if is_up { [up, down] } else { [down, up] };
    let [from, to] = ends(path.terminal, ACQUIRER);
    let mut bytes = Vec::with_capacity(ETHERNET + IP + TCP + options.len() + payload.len());
    let [from_mac, to_mac] = if is_up {
        [TERMINAL_MAC, ACQUIRER_MAC]
    } else {
        [ACQUIRER_MAC, TERMINAL_MAC]
    };
    bytes.extend(to_mac);
    bytes.extend(from_mac);
    bytes.extend(IPV4);
    // IPv4
    let length = IP + TCP + options.len() + payload.len();
    bytes.extend([0x45, 0]);
    bytes.extend((length as u16).to_be_bytes());
    bytes.extend(identification.to_be_bytes());
    // Not to be cut up.
    bytes.extend([0x40, 0, HOPS, PROTOCOL_TCP, 0, 0]);
    bytes.extend(from);
    bytes.extend(to);
    let sum = checksum(&bytes[ETHERNET..], 0);
    bytes[ETHERNET + 10..ETHERNET + 12].copy_from_slice(&sum.to_be_bytes());
    // TCP
    let port = FIRST_PORT + (path.conn % u32::from(u16::MAX - FIRST_PORT)) as u16;
    let [from_port, to_port] = if is_up {
        [port, ACQUIRER_PORT + path.link as u16]
    } else {
        [ACQUIRER_PORT + path.link as u16, port]
    };
    bytes.extend(from_port.to_be_bytes());
    bytes.extend(to_port.to_be_bytes());
    let (sequence, acknowledgement, flags) = numbers(path.conn, trace);
    bytes.extend(sequence.to_be_bytes());
    bytes.extend(acknowledgement.to_be_bytes());
    bytes.extend([((TCP + options.len()) / 4 * 16) as u8, flags]);
    bytes.extend(WINDOW.to_be_bytes());
    bytes.extend([0; 4]);
    bytes.extend(options);
    bytes.extend_from_slice(payload);
    let segment = &bytes[ETHERNET + IP..];
    let pseudo = [from, to].into_iter().flat_map(pairs).sum::<u32>()
        + u32::from(PROTOCOL_TCP)
        + segment.len() as u32;
    let sum = checksum(segment, pseudo);
    let place = ETHERNET + IP + 16;
    bytes[place..place + 2].copy_from_slice(&sum.to_be_bytes());
    bytes
}

/// Sequence number, acknowledgement and flags. The model counts from 0; here the SYN stands before that.
fn numbers(conn: u32, trace: &PacketTrace) -> (u32, u32, u8) {
    let [up, down] = [0x1000_0000, 0x5000_0000].map(|base: u32| {
        // Any number will do that differs from connection to connection.
        base.wrapping_add(conn.wrapping_mul(0x0101_0101))
    });
    let (ours, theirs) = match trace.direction {
        Direction::Up => (up, down),
        Direction::Down => (down, up),
    };
    let next = |first: u32, count: u64| first.wrapping_add(1).wrapping_add(count as u32);
    let sequence = next(ours, trace.seq);
    let acknowledgement = next(theirs, trace.ack);
    match trace.kind {
        PacketKind::Syn => (ours, 0, SYN),
        PacketKind::SynAck => (ours, next(theirs, 0), SYN | ACK),
        PacketKind::Ack => (sequence, acknowledgement, ACK),
        PacketKind::Data => (sequence, acknowledgement, PSH | ACK),
        PacketKind::Fin => (sequence, acknowledgement, FIN | ACK),
        PacketKind::Reset => (sequence, acknowledgement, RST | ACK),
    }
}

/// Who opens a connection says how much a packet may carry.
fn options(kind: PacketKind) -> Vec<u8> {
    match kind {
        PacketKind::Syn | PacketKind::SynAck => {
            let [high, low] = (MSS as u16).to_be_bytes();
            vec![2, 4, high, low]
        }
        PacketKind::Ack | PacketKind::Data | PacketKind::Fin | PacketKind::Reset => Vec::new(),
    }
}

fn pairs(address: [u8; 4]) -> [u32; 2] {
    let [a, b, c, d] = address;
    [[a, b], [c, d]].map(|pair| u32::from(u16::from_be_bytes(pair)))
}

/// The checksum of the Internet (RFC 1071) over bytes and what was summed before.
fn checksum(bytes: &[u8], before: u32) -> u16 {
    let mut sum = before;
    for pair in bytes.chunks(2) {
        let low = pair.get(1).copied().unwrap_or_default();
        sum += u32::from(u16::from_be_bytes([pair[0], low]));
    }
    while sum > 0xFFFF {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use counterproof_sim::link::ConnId;
    use counterproof_sim::link::netem::{Delivery, Fate};
    use counterproof_sim::time::Time;

    use super::*;

    fn trace(kind: PacketKind, direction: Direction, seq: u64, ack: u64, len: u32) -> PacketTrace {
        let at = Time::from_millis(1);
        let delivery = Delivery {
            at,
            corrupted: None,
            marked: false,
            overtakes: false,
        };
        PacketTrace {
            at,
            conn: ConnId(3),
            direction,
            kind,
            seq,
            ack,
            len,
            fate: Fate::Delivered(delivery),
        }
    }

    const PATH: Path = Path {
        terminal: [10, 0, 0, 7],
        link: 1,
        conn: 3,
    };

    #[test]
    fn checksums_are_right_over_the_whole_packet() {
        for (kind, payload) in [
            (PacketKind::Syn, &b""[..]),
            (PacketKind::Data, b"even"),
            (PacketKind::Data, b"odd"),
            (PacketKind::Reset, b""),
        ] {
            let trace = trace(kind, Direction::Up, 5, 9, payload.len() as u32);
            let bytes = packet(&PATH, &trace, payload, 2);
            // What carries its own checksum sums up to nothing.
            assert_eq!(checksum(&bytes[ETHERNET..ETHERNET + IP], 0), 0);
            let segment = &bytes[ETHERNET + IP..];
            let pseudo: u32 = [PATH.terminal, ACQUIRER].into_iter().flat_map(pairs).sum();
            let before = pseudo + u32::from(PROTOCOL_TCP) + segment.len() as u32;
            assert_eq!(checksum(segment, before), 0);
            assert!(bytes.ends_with(payload));
        }
    }

    #[test]
    fn sequence_numbers_follow_the_syn() {
        let up = |kind, seq, ack| numbers(3, &trace(kind, Direction::Up, seq, ack, 0));
        let down = |kind, seq, ack| numbers(3, &trace(kind, Direction::Down, seq, ack, 0));
        let (syn, none, flags) = up(PacketKind::Syn, 0, 0);
        assert_eq!((none, flags), (0, SYN));
        let (syn_ack, acknowledged, flags) = down(PacketKind::SynAck, 0, 0);
        assert_eq!((acknowledged, flags), (syn + 1, SYN | ACK));
        assert_eq!(
            up(PacketKind::Data, 0, 0),
            (syn + 1, syn_ack + 1, PSH | ACK)
        );
        assert_eq!(down(PacketKind::Ack, 0, 107), (syn_ack + 1, syn + 108, ACK));
    }

    #[test]
    fn every_case_and_link_has_an_address_of_its_own() {
        assert_eq!(terminal(0, 0), [10, 0, 0, 1]);
        assert_eq!(terminal(70_000, 1), [10, 65, 17, 113]);
        assert_ne!(terminal(1, 0), terminal(1, 1));
    }
}
