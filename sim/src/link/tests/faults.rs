//! Faults of a stream strike where they are armed, once, and say so.

use std::num::NonZeroUsize;

use super::super::stream::{Chop, Flip, StreamFaultKind, StreamFaults};
use super::*;

fn armed(to: Side, faults: StreamFaults) -> Rig {
    let mut rig = Rig::clean();
    rig.link.set_faults(to, &faults);
    rig.connected()
}

fn chop(piece: usize, gap_ms: u64) -> Chop {
    Chop {
        piece: NonZeroUsize::new(piece).expect("not 0"),
        gap: Span::from_millis(gap_ms),
    }
}

fn fired(rig: &Rig) -> Vec<(StreamFaultKind, u64)> {
    rig.told
        .iter()
        .filter_map(|(_, output)| match output {
            Output::Fault(fault) => Some((fault.kind, fault.offset)),
            _ => None,
        })
        .collect()
}

#[test]
fn chopped_bytes_arrive_one_by_one() {
    let faults = StreamFaults {
        chop: Some(chop(1, 0)),
        ..StreamFaults::default()
    };
    let mut rig = armed(Side::Terminal, faults);
    rig.write(Side::Host, &pattern(100));
    rig.write(Side::Terminal, &pattern(100));
    rig.run_for(100);
    assert_eq!(rig.pieces(Side::Terminal).len(), 100);
    assert_eq!(rig.bytes(Side::Terminal), pattern(100));
    assert_eq!(
        rig.pieces(Side::Host).len(),
        1,
        "the other direction is spared"
    );
    assert_eq!(fired(&rig), [(StreamFaultKind::Chop, 0)]);
}

#[test]
fn chopped_bytes_may_take_their_time_and_end_of_file_waits_for_them() {
    let faults = StreamFaults {
        chop: Some(chop(2, 500)),
        ..StreamFaults::default()
    };
    let mut rig = armed(Side::Terminal, faults);
    rig.write(Side::Host, &pattern(5));
    rig.close(Side::Host);
    rig.run_for(5_000);
    insta::assert_snapshot!(rig.story(), @r"
    2010 fault FaultFired { conn: ConnId(7), to: Terminal, kind: Chop, offset: 0 }
    2010 Terminal gets 2 bytes
    2510 Terminal gets 2 bytes
    3010 Terminal gets 1 bytes
    3010 Terminal closed: Eof
    ");
}

#[test]
fn a_flipped_bit_passes_the_checksum() {
    let faults = StreamFaults {
        flip: Some(Flip {
            offset: 150,
            bit: 3,
        }),
        ..StreamFaults::default()
    };
    let mut rig = armed(Side::Host, faults);
    rig.write(Side::Terminal, &pattern(100));
    rig.write(Side::Terminal, &pattern(100));
    rig.run_for(100);
    let mut wrong = [pattern(100), pattern(100)].concat();
    wrong[150] ^= 8;
    assert_eq!(rig.bytes(Side::Host), wrong);
    assert_eq!(fired(&rig), [(StreamFaultKind::Flip, 150)]);
    assert_eq!(rig.link.counters().up.corrupted, 0);
}

#[test]
fn a_reset_in_the_middle_of_a_message_leaves_its_first_part() {
    for after in [0, 40, 100] {
        let faults = StreamFaults {
            reset_after: Some(after),
            ..StreamFaults::default()
        };
        let mut rig = armed(Side::Terminal, faults);
        rig.write(Side::Host, &pattern(100));
        rig.run_for(1_000);
        assert_eq!(rig.bytes(Side::Terminal), pattern(100)[..after as usize]);
        assert_eq!(rig.closed(Side::Terminal), Some((2_010, Closing::Reset)));
        assert_eq!(rig.closed(Side::Host), Some((2_020, Closing::Reset)));
        assert_eq!(fired(&rig), [(StreamFaultKind::Reset, after)]);
        assert_eq!(rig.link.wake_at(), None);
    }
}

#[test]
fn a_reset_comes_after_the_pieces_before_it() {
    let faults = StreamFaults {
        chop: Some(chop(10, 100)),
        reset_after: Some(25),
        ..StreamFaults::default()
    };
    let mut rig = armed(Side::Terminal, faults);
    rig.write(Side::Host, &pattern(100));
    rig.run_for(1_000);
    assert_eq!(rig.bytes(Side::Terminal), pattern(25));
    assert_eq!(rig.closed(Side::Terminal), Some((2_210, Closing::Reset)));
}

#[test]
fn a_severed_stream_stops_without_a_word() {
    let faults = StreamFaults {
        sever_after: Some(40),
        ..StreamFaults::default()
    };
    let mut rig = armed(Side::Terminal, faults);
    rig.write(Side::Host, &pattern(100));
    rig.run_for(60_000);
    assert_eq!(rig.bytes(Side::Terminal), pattern(40));
    assert_eq!(fired(&rig), [(StreamFaultKind::Sever, 40)]);
    assert_eq!(rig.closed(Side::Host), None);
    rig.run_for(100_000);
    assert_eq!(
        rig.closed(Side::Host),
        Some((122_000, Closing::Reset)),
        "who sends gives up"
    );
    assert_eq!(
        rig.closed(Side::Terminal),
        None,
        "who listens waits for ever"
    );
}

#[test]
fn a_slow_close_keeps_end_of_file_waiting() {
    let faults = StreamFaults {
        slow_close: Some(Span::from_secs(30)),
        ..StreamFaults::default()
    };
    let mut rig = armed(Side::Terminal, faults);
    rig.write(Side::Host, &pattern(100));
    rig.close(Side::Host);
    rig.run_for(60_000);
    assert_eq!(rig.closed(Side::Terminal), Some((32_010, Closing::Eof)));
    assert_eq!(fired(&rig), [(StreamFaultKind::SlowClose, 100)]);
}

#[test]
fn faults_can_be_armed_on_a_connection_that_stands() {
    let mut rig = Rig::clean().connected();
    rig.write(Side::Host, &pattern(50));
    rig.run_for(100);
    let faults = StreamFaults {
        reset_after: Some(60),
        ..StreamFaults::default()
    };
    rig.link
        .set_faults_of(CONN, Side::Terminal, &faults)
        .expect("exists");
    rig.write(Side::Host, &pattern(50));
    rig.run_for(100);
    assert_eq!(rig.bytes(Side::Terminal).len(), 60);
    assert!(
        rig.link
            .set_faults_of(ConnId(99), Side::Host, &faults)
            .is_err()
    );
}

#[test]
fn faults_are_written_in_words() {
    let faults: StreamFaults =
        serde_json::from_str(r#"{"chop":{"piece":1},"resetAfter":40}"#).expect("well-formed");
    assert_eq!(
        (faults.chop, faults.reset_after),
        (Some(chop(1, 0)), Some(40))
    );
    assert!(serde_json::from_str::<StreamFaults>(r#"{"chop":{"piece":0}}"#).is_err());
    assert!(serde_json::from_str::<StreamFaults>(r#"{"reset":40}"#).is_err());
}
