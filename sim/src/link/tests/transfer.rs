//! Bytes arrive: late perhaps, but whole.

use super::super::stream::MSS;
use super::*;

#[test]
fn a_clean_payment_takes_eight_packets() {
    let mut rig = Rig::clean();
    rig.link.set_tracing(true);
    rig.link.connect(rig.now, CONN, CONNECT_TIMEOUT);
    rig.run_for(100);
    rig.write(Side::Terminal, &pattern(220));
    rig.run_for(10);
    rig.write(Side::Host, &pattern(180));
    rig.run_for(10);
    rig.close(Side::Terminal);
    rig.run_for(10);
    rig.close(Side::Host);
    rig.run_for(1_000);
    insta::assert_snapshot!(rig.story(), @r"
      0 Up Syn seq 0 ack 0 len 0
     10 Down SynAck seq 0 ack 0 len 0
     20 Terminal connected
     20 Up Ack seq 0 ack 0 len 0
     30 Host connected
    100 Up Data seq 0 ack 0 len 220
    110 Host gets 220 bytes
    110 Down Data seq 0 ack 220 len 180
    120 Terminal gets 180 bytes
    120 Up Fin seq 220 ack 180 len 0
    130 Host closed: Eof
    130 Down Fin seq 180 ack 221 len 0
    140 Up Ack seq 221 ack 181 len 0
    ");
    assert_eq!(rig.link.wake_at(), None, "nothing is left over");
}

#[test]
fn acknowledgements_wait_40_ms_for_company_but_the_second_does_not() {
    let acks = |len| {
        let mut rig = Rig::clean().connected();
        rig.link.set_tracing(true);
        rig.write(Side::Terminal, &pattern(len));
        rig.run_for(1_000);
        rig.told.retain(|(_, output)| {
            matches!(output, Output::Packet(packet) if packet.direction == Direction::Down)
        });
        rig.story()
    };
    assert_eq!(acks(1_400), "  2050 Down Ack seq 0 ack 1400 len 0\n");
    assert_eq!(acks(2_800), "  2010 Down Ack seq 0 ack 2800 len 0\n");
}

#[test]
fn a_message_that_fits_a_packet_arrives_in_one_piece() {
    let mut rig = Rig::clean().connected();
    rig.write(Side::Terminal, &pattern(200));
    rig.write(Side::Terminal, &pattern(300));
    rig.run_for(1_000);
    assert_eq!(rig.pieces(Side::Host), [pattern(200), pattern(300)]);
}

#[test]
fn a_long_message_is_split_and_goes_on_as_the_window_opens() {
    let mut rig = Rig::clean().connected();
    let message = pattern(100_000);
    rig.write(Side::Host, &message);
    rig.run_for(11);
    assert_eq!(
        rig.bytes(Side::Terminal).len(),
        10 * MSS as usize,
        "one window"
    );
    rig.run_for(5_000);
    assert_eq!(rig.bytes(Side::Terminal), message);
}

#[test]
fn a_lost_packet_comes_again_after_200_ms() {
    // SYN, ACK, then the data.
    let mut rig = Rig::new("delay 10ms droplist 3", "delay 10ms").connected();
    rig.write(Side::Terminal, &pattern(220));
    rig.run_for(1_000);
    let Some((ms, Output::Data { bytes, .. })) = rig.told.first() else {
        panic!("{}", rig.story());
    };
    assert_eq!((*ms, bytes), (2_210, &pattern(220)));
    assert_eq!(rig.link.counters().up.retransmitted, 1);
}

#[test]
fn a_lost_acknowledgement_costs_a_repeat_that_nobody_sees() {
    let mut rig = Rig::new("delay 10ms", "delay 10ms droplist 2").connected();
    rig.write(Side::Terminal, &pattern(220));
    rig.run_for(1_000);
    assert_eq!(rig.pieces(Side::Host), [pattern(220)]);
    assert_eq!(rig.link.counters().up.retransmitted, 1);
}

#[test]
fn damaged_packets_fail_their_checksum_and_come_again() {
    let mut rig = Rig::new("delay 10ms corrupt 20%", "delay 10ms corrupt 20%").connected();
    let message = pattern(40_000);
    rig.write(Side::Terminal, &message);
    rig.run_for(100_000);
    assert_eq!(rig.bytes(Side::Host), message);
    assert!(rig.link.counters().up.corrupted > 3);
}

#[test]
fn packets_that_overtake_or_come_twice_are_put_right() {
    let wild = "delay 40ms 30ms duplicate 30% reorder 20% 30%";
    let mut rig = Rig::new(wild, wild).connected();
    let message = pattern(60_000);
    rig.write(Side::Terminal, &message);
    rig.write(Side::Host, &message);
    rig.run_for(100_000);
    assert_eq!(rig.bytes(Side::Host), message);
    assert_eq!(rig.bytes(Side::Terminal), message);
    let up = rig.link.counters().up;
    assert!(up.duplicated > 5 && up.reordered > 5, "{up:?}");
}

#[test]
fn a_link_that_is_down_stalls_the_stream_and_ends_nothing() {
    let mut rig = Rig::clean().connected();
    rig.link.set_up(rig.now, false);
    rig.write(Side::Terminal, &pattern(220));
    rig.run_for(60_000);
    assert_eq!(rig.story(), "  2000 carrier false\n");
    rig.link.set_up(rig.now, true);
    rig.run_for(60_000);
    assert_eq!(rig.bytes(Side::Host), pattern(220));
    assert_eq!(rig.closed(Side::Terminal), None);
}

#[test]
fn what_is_on_its_way_when_the_network_is_lost_is_lost() {
    let mut rig = Rig::clean().connected();
    rig.write(Side::Host, &pattern(10));
    rig.run_for(5);
    rig.link.set_up(rig.now, false);
    rig.run_for(20);
    assert_eq!(rig.bytes(Side::Terminal), b"");
    rig.link.set_up(rig.now, true);
    rig.run_for(1_000);
    assert_eq!(rig.bytes(Side::Terminal), pattern(10));
}

#[test]
fn a_profile_changes_under_a_running_connection() {
    let mut rig = Rig::of(profiles::find("good").expect("exists"), 1).connected();
    rig.link
        .set_profile(rig.now, profiles::find("outage").expect("exists"));
    rig.write(Side::Terminal, &pattern(220));
    rig.run_for(10_000);
    assert_eq!(rig.bytes(Side::Host), b"");
    rig.link
        .set_profile(rig.now, profiles::find("weak").expect("exists"));
    rig.run_for(30_000);
    assert_eq!(rig.bytes(Side::Host), pattern(220));
}

#[test]
fn one_direction_can_be_cut_alone() {
    let mut rig = Rig::clean().connected();
    rig.link.impair(
        rig.now,
        Direction::Down,
        &"down".parse().expect("tc's words"),
    );
    rig.write(Side::Terminal, &pattern(220));
    rig.run_for(5_000);
    assert_eq!(rig.bytes(Side::Host), pattern(220));
    assert!(
        rig.link.counters().up.retransmitted >= 4,
        "no acknowledgement comes back"
    );
}

#[test]
fn connections_do_not_mix() {
    let mut rig = Rig::clean();
    for id in [3, 1, 2] {
        rig.link.connect(rig.now, ConnId(id), CONNECT_TIMEOUT);
    }
    rig.run_for(100);
    for id in [1, 2, 3] {
        rig.link
            .write(rig.now, ConnId(id), Side::Terminal, vec![id as u8; 5])
            .expect("open");
    }
    rig.run_for(100);
    for (_, output) in &rig.told {
        if let Output::Data { conn, bytes, .. } = output {
            assert_eq!(*bytes, vec![conn.0 as u8; 5]);
        }
    }
    assert_eq!(rig.bytes(Side::Host).len(), 15);
}
