//! How connections end.

use super::*;

#[test]
fn end_of_file_comes_after_everything_written() {
    let mut rig = Rig::new("delay 10ms loss random 20%", "delay 10ms loss random 20%").connected();
    let message = pattern(20_000);
    rig.write(Side::Terminal, &message);
    rig.close(Side::Terminal);
    rig.run_for(100_000);
    assert_eq!(rig.bytes(Side::Host), message);
    let last = rig.told.last().map(|(_, output)| output.clone());
    let eof = Output::Closed {
        conn: CONN,
        side: Side::Host,
        reason: Closing::Eof,
    };
    assert_eq!(last, Some(eof));
}

#[test]
fn after_end_of_file_the_other_end_may_still_write_but_nobody_reads() {
    let mut rig = Rig::clean().connected();
    rig.close(Side::Terminal);
    rig.run_for(100);
    rig.write(Side::Host, b"too late");
    rig.run_for(100);
    assert_eq!(
        rig.bytes(Side::Terminal),
        b"",
        "who has closed hears nothing"
    );
    // The terminal's stack answers what nobody reads with a reset.
    assert_eq!(rig.told.len(), 2, "{}", rig.story());
    assert!(matches!(
        rig.told[1].1,
        Output::Closed {
            side: Side::Host,
            reason: Closing::Reset,
            ..
        }
    ));
    assert_eq!(rig.link.wake_at(), None);
}

#[test]
fn who_has_said_everything_still_hears_until_it_closes() {
    let mut rig = Rig::clean().connected();
    rig.write(Side::Terminal, b"question");
    rig.link
        .finish(rig.now, CONN, Side::Terminal)
        .expect("open");
    rig.run_for(100);
    assert_eq!(rig.bytes(Side::Host), b"question");
    assert_eq!(
        rig.closed(Side::Host).map(|(_, how)| how),
        Some(Closing::Eof)
    );
    let more = rig.link.write(rig.now, CONN, Side::Terminal, vec![1]);
    assert!(more.is_err(), "it has said that nothing more comes");
    rig.write(Side::Host, b"answer");
    rig.close(Side::Host);
    rig.run_for(100);
    assert_eq!(rig.bytes(Side::Terminal), b"answer");
    rig.close(Side::Terminal);
    rig.run_for(1_000);
    assert_eq!(rig.link.wake_at(), None, "{}", rig.story());
    assert_eq!(
        rig.link.counters().up.resets + rig.link.counters().down.resets,
        0
    );
}

#[test]
fn both_ends_closed_leaves_nothing_behind_even_over_a_bad_link() {
    for seed in 0..50 {
        let bad = "delay 30ms 20ms loss random 25%"
            .parse::<Impairment>()
            .expect("tc's words");
        let mut rig = Rig::of(&Profile::custom("bad", bad.clone(), bad), seed);
        rig.link.connect(rig.now, CONN, Span::from_secs(300));
        rig.run_for(300_000);
        rig.close(Side::Terminal);
        rig.close(Side::Host);
        rig.run_for(600_000);
        assert_eq!(rig.link.wake_at(), None, "seed {seed}");
    }
}

#[test]
fn an_abort_resets_the_other_end() {
    for side in [Side::Terminal, Side::Host] {
        let mut rig = Rig::clean().connected();
        rig.link.abort(rig.now, CONN, side);
        rig.run_for(100);
        assert_eq!(rig.closed(side.peer()), Some((2_010, Closing::Reset)));
        assert_eq!(rig.closed(side), None);
        assert_eq!(rig.link.counters().of(side.sends()).resets, 1);
        assert_eq!(rig.link.wake_at(), None);
        assert!(rig.link.write(rig.now, CONN, side, vec![1]).is_err());
    }
}

#[test]
fn a_lost_reset_is_made_up_for_when_the_other_end_writes() {
    let mut rig = Rig::new("delay 10ms droplist 3", "delay 10ms").connected();
    rig.link.abort(rig.now, CONN, Side::Terminal);
    rig.run_for(10_000);
    assert_eq!(rig.closed(Side::Host), None, "half open");
    rig.write(Side::Host, b"hello?");
    rig.run_for(100);
    assert_eq!(rig.closed(Side::Host), Some((12_020, Closing::Reset)));
}

#[test]
fn a_sender_whose_bytes_go_nowhere_gives_up_after_two_minutes() {
    let mut rig = Rig::clean().connected();
    rig.link.set_up(rig.now, false);
    rig.link.set_tracing(true);
    rig.write(Side::Terminal, &pattern(220));
    rig.run_for(200_000);
    insta::assert_snapshot!(rig.story(), @r"
      2000 carrier false
      2000 Up Data seq 0 ack 0 len 220
      2200 Up Data seq 0 ack 0 len 220
      2600 Up Data seq 0 ack 0 len 220
      3400 Up Data seq 0 ack 0 len 220
      5000 Up Data seq 0 ack 0 len 220
      8200 Up Data seq 0 ack 0 len 220
     14600 Up Data seq 0 ack 0 len 220
     27400 Up Data seq 0 ack 0 len 220
     53000 Up Data seq 0 ack 0 len 220
    104200 Up Data seq 0 ack 0 len 220
    122000 Terminal closed: Reset
    ");
    assert_eq!(rig.link.counters().up.given_up, 1);
    assert_eq!(
        rig.closed(Side::Host),
        None,
        "the host has nothing to send and waits"
    );
}

#[test]
fn a_vanished_host_leaves_the_terminal_half_open() {
    let mut rig = Rig::clean().connected();
    rig.link.vanish(rig.now, CONN, Side::Host);
    rig.run_for(1_000_000);
    assert_eq!(
        rig.story(),
        "",
        "a terminal that only listens never learns of it"
    );
    rig.write(Side::Terminal, &pattern(220));
    rig.run_for(200_000);
    assert_eq!(
        rig.closed(Side::Terminal),
        Some((1_122_000, Closing::Reset))
    );
    assert_eq!(rig.bytes(Side::Host), b"");
    assert_eq!(rig.link.wake_at(), None);
}

#[test]
fn a_severed_connection_is_silent_for_both() {
    let mut rig = Rig::clean().connected();
    rig.link.sever(rig.now, CONN);
    rig.write(Side::Terminal, &pattern(1));
    rig.write(Side::Host, &pattern(1));
    rig.run_for(119_000);
    assert_eq!(rig.story(), "");
    rig.run_for(2_000);
    for side in [Side::Terminal, Side::Host] {
        assert_eq!(rig.closed(side), Some((122_000, Closing::Reset)));
    }
}

#[test]
fn after_a_power_cut_the_terminal_hears_nothing_and_the_host_is_reset_once_it_is_back() {
    let mut rig = Rig::clean().connected();
    rig.write(Side::Host, b"an answer on its way");
    rig.link.power_cut(rig.now);
    rig.run_for(1_000);
    assert_eq!(rig.story(), "", "nobody is told, and nobody answers");
    rig.link.power_on(rig.now);
    rig.run_for(10_000);
    assert_eq!(
        rig.closed(Side::Host).map(|(_, reason)| reason),
        Some(Closing::Reset)
    );
    assert_eq!(rig.bytes(Side::Terminal), b"");
    assert_eq!(rig.closed(Side::Terminal), None);
    assert_eq!(rig.link.wake_at(), None);
}

#[test]
fn a_host_with_nothing_to_say_never_learns_of_a_power_cut() {
    let mut rig = Rig::clean().connected();
    rig.link.power_cut(rig.now);
    rig.link.power_on(rig.now);
    rig.run_for(1_000_000);
    assert_eq!(rig.story(), "");
}

#[test]
fn what_was_sent_before_the_power_cut_still_arrives() {
    let mut rig = Rig::clean().connected();
    rig.write(Side::Terminal, &pattern(220));
    rig.link.power_cut(rig.now);
    rig.run_for(1_000);
    assert_eq!(rig.bytes(Side::Host), pattern(220));
}

#[test]
fn a_power_cut_while_connecting_is_forgotten() {
    let mut rig = Rig::clean();
    rig.link.connect(rig.now, CONN, CONNECT_TIMEOUT);
    rig.link.power_cut(rig.now);
    rig.run_for(30_000);
    assert_eq!(rig.refused(), None);
    rig.link.power_on(rig.now);
    rig.link.connect(rig.now, ConnId(8), CONNECT_TIMEOUT);
    rig.run_for(1_000);
    let connected = Output::Connected {
        conn: ConnId(8),
        side: Side::Terminal,
    };
    assert_eq!(rig.told.first(), Some(&(30_020, connected)));
}
