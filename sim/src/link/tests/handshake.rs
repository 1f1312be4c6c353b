//! Connecting, and not.

use super::*;

#[test]
fn each_end_sees_the_connection_when_its_packet_arrives() {
    let mut rig = Rig::new("delay 50ms", "delay 30ms");
    rig.link.connect(rig.now, CONN, CONNECT_TIMEOUT);
    rig.run_for(1_000);
    insta::assert_snapshot!(rig.story(), @r"
     80 Terminal connected
    130 Host connected
    ");
}

#[test]
fn a_lost_syn_is_repeated_after_a_second() {
    let mut rig = Rig::new("delay 10ms droplist 1,2", "delay 10ms");
    rig.link.connect(rig.now, CONN, CONNECT_TIMEOUT);
    rig.run_for(10_000);
    insta::assert_snapshot!(rig.story(), @r"
    3020 Terminal connected
    3030 Host connected
    ");
    assert_eq!(rig.link.counters().up.retransmitted, 2);
    assert_eq!(rig.link.counters().up.lost, 2);
}

#[test]
fn a_lost_last_packet_of_the_handshake_is_made_up_for_by_data() {
    let mut rig = Rig::new("delay 10ms droplist 2", "delay 10ms");
    rig.link.connect(rig.now, CONN, CONNECT_TIMEOUT);
    rig.run_for(100);
    rig.write(Side::Terminal, b"hello");
    rig.run_for(100);
    insta::assert_snapshot!(rig.story(), @r"
     20 Terminal connected
    110 Host connected
    110 Host gets 5 bytes
    ");
}

#[test]
fn without_it_the_host_asks_again() {
    let mut rig = Rig::new("delay 10ms droplist 2", "delay 10ms");
    rig.link.connect(rig.now, CONN, CONNECT_TIMEOUT);
    rig.run_for(5_000);
    insta::assert_snapshot!(rig.story(), @r"
      20 Terminal connected
    1030 Host connected
    ");
    assert_eq!(rig.link.counters().down.retransmitted, 1);
}

#[test]
fn nobody_listening_refuses_and_silence_times_out() {
    let mut rig = Rig::clean();
    rig.link.set_listener(Listener::Refusing);
    rig.link.connect(rig.now, CONN, CONNECT_TIMEOUT);
    rig.run_for(1_000);
    assert_eq!(rig.refused(), Some((20, Refusal::Refused)));
    assert_eq!(rig.link.wake_at(), None);

    let mut rig = Rig::clean();
    rig.link.set_listener(Listener::Silent);
    rig.link.connect(rig.now, CONN, CONNECT_TIMEOUT);
    rig.run_for(60_000);
    assert_eq!(rig.refused(), Some((15_000, Refusal::Timeout)));
    assert_eq!(rig.link.counters().up.packets, 4, "at 0, 1, 3 and 7 s");
    assert_eq!(rig.link.wake_at(), None);
}

#[test]
fn a_link_that_is_down_is_unreachable_at_once() {
    let mut rig = Rig::clean();
    rig.link.set_up(rig.now, false);
    rig.link.connect(rig.now, CONN, CONNECT_TIMEOUT);
    rig.drain();
    insta::assert_snapshot!(rig.story(), @r"
    0 carrier false
    0 refused: Unreachable
    ");
    assert!(!rig.link.is_up());
    assert_eq!(rig.link.wake_at(), None);
}

#[test]
fn an_answer_after_the_time_out_changes_nothing_and_the_host_is_let_go() {
    let mut rig = Rig::new("delay 10ms", "delay 20s");
    rig.link.connect(rig.now, CONN, CONNECT_TIMEOUT);
    rig.run_for(200_000);
    insta::assert_snapshot!(rig.story(), @" 15000 refused: Timeout");
    assert_eq!(rig.link.wake_at(), None, "nothing is left over");
}

#[test]
fn a_call_that_is_given_up_is_forgotten() {
    let mut rig = Rig::clean();
    rig.link.connect(rig.now, CONN, CONNECT_TIMEOUT);
    rig.close(Side::Terminal);
    rig.run_for(200_000);
    assert_eq!(rig.story(), "");
    assert_eq!(rig.link.wake_at(), None);
}

#[test]
fn nothing_is_written_before_the_connection_stands() {
    let mut rig = Rig::clean();
    rig.link.connect(rig.now, CONN, CONNECT_TIMEOUT);
    let error = rig
        .link
        .write(rig.now, CONN, Side::Terminal, vec![1])
        .expect_err("too early");
    assert_eq!(
        error.to_string(),
        "connection 7 is not open at the Terminal: nothing can be written to it"
    );
}
