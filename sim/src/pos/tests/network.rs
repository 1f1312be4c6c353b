//! Links, connections and what arrives over them.

use super::bench::{Bench, CODE, FRESH};
use super::host::{Cut, Say};
use crate::terminal::{Action, Event, Refusal, Status, StreamEnd};
use crate::time::Span;
use crate::vocabulary::{Advice, Operation, Reason};

fn links_dialled(bench: &Bench) -> Vec<&str> {
    bench
        .did
        .iter()
        .filter_map(|(_, action)| match action {
            Action::HostOpen { link, .. } => Some(&**link),
            _ => None,
        })
        .collect()
}

#[test]
fn without_a_signal_a_payment_fails_within_the_connect_timeout() {
    let mut bench = Bench::new(&[]);
    bench.link("cellular", false);
    bench.link("wifi", false);
    bench.pay("A1", 100, CODE);
    bench.run(14);
    bench.judge();
    bench.expect("A1", Status::Declined, Reason::NoSignal);
    let advice = bench.advice("A1");
    assert!(advice.contains(&Advice::MoveToSignal) && advice.contains(&Advice::SwitchNetwork));
    bench.run(100);
    assert_eq!(bench.dials(), 0);
    bench.link("wifi", true);
    bench.pay("A2", 100, FRESH);
    bench.run(5);
    bench.expect("A2", Status::Approved, None);
}

#[test]
fn a_signal_that_comes_back_is_used() {
    let mut bench = Bench::new(&[]);
    bench.link("cellular", false);
    bench.link("wifi", false);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.link("cellular", true);
    bench.run(5);
    bench.judge();
    bench.expect("A1", Status::Approved, None);
}

#[test]
fn the_other_link_is_used_when_the_first_is_down() {
    let mut bench = Bench::new(&[]);
    bench.link("cellular", false);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.expect("A1", Status::Approved, None);
    assert_eq!(links_dialled(&bench), ["wifi"]);
    // A link that goes down while it connects.
    bench.link("cellular", true);
    bench.pay("A2", 100, FRESH);
    bench.link("cellular", false);
    let conn = 2;
    bench.tell(Event::HostRefused {
        conn,
        reason: Refusal::Unreachable,
    });
    bench.run(5);
    bench.expect("A2", Status::Approved, None);
    assert_eq!(links_dialled(&bench), ["wifi", "cellular", "wifi"]);
}

#[test]
fn refusals_are_told_apart() {
    for (refusal, reason) in [
        (Refusal::Refused, Reason::HostUnreachable),
        (Refusal::Unreachable, Reason::HostUnreachable),
        (Refusal::Timeout, Reason::NetworkTimeout),
        (Refusal::Tls, Reason::NetworkSecurity),
    ] {
        let mut bench = Bench::new(&[]);
        bench.refusal = Some(refusal);
        bench.pay("A1", 100, CODE);
        bench.run(5);
        bench.judge();
        bench.expect("A1", Status::Declined, reason);
        assert_eq!(links_dialled(&bench), ["cellular", "wifi"]);
    }
    let mut bench = Bench::new(&[]);
    bench.deaf = true;
    bench.pay("A1", 100, CODE);
    bench.run(29);
    assert!(bench.outcomes("A1").is_empty());
    bench.run(2);
    bench.expect("A1", Status::Declined, Reason::NetworkTimeout);
}

#[test]
fn a_request_is_not_sent_again_when_its_link_dies() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Mute]);
    bench.pay("A1", 100, CODE);
    bench.run(1);
    bench.link("cellular", false);
    bench.run(10);
    bench.tell(Event::HostClosed {
        conn: 1,
        reason: StreamEnd::Reset,
    });
    bench.run(10);
    bench.judge();
    bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
    assert_eq!(bench.host.count(Operation::Sale), 1);
    assert_eq!(bench.host.count(Operation::Reversal), 1);
    assert_eq!(links_dialled(&bench), ["cellular", "wifi"]);
}

#[test]
fn a_reversal_that_one_link_swallows_is_tried_over_the_other() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Mute]);
    bench.script(Operation::Reversal, [Say::Lost, Say::Lost]);
    bench.pay("A1", 100, CODE);
    bench.run(160);
    bench.judge();
    assert_eq!(links_dialled(&bench), ["cellular", "wifi", "cellular"]);
}

#[test]
fn frames_are_read_however_the_stream_is_cut() {
    let cuts: [Cut; 3] = [
        |frame| frame.into_iter().map(|byte| vec![byte]).collect(),
        |frame| frame.chunks(7).map(<[u8]>::to_vec).collect(),
        |frame| vec![[frame.clone(), frame].concat()],
    ];
    for cut in cuts {
        let mut bench = Bench::new(&[]);
        bench.script(Operation::SignIn, [Say::Bytes(cut)]);
        bench.script(Operation::Sale, [Say::Bytes(cut)]);
        bench.pay("A1", 100, CODE);
        bench.run(5);
        bench.judge();
        bench.expect("A1", Status::Approved, None);
    }
}

#[test]
fn garbage_is_survived_and_approves_nothing() {
    let garbage: [Cut; 6] = [
        // A frame of good length that does not decode, instead of the answer.
        |_| vec![[&[0, 30][..], &[0xFF; 30]].concat()],
        |mut frame| {
            frame[20] ^= 0xFF;
            vec![frame]
        },
        // Bytes behind the last field.
        |mut frame| {
            frame.extend_from_slice(b"tail");
            frame[1] += 4;
            vec![frame]
        },
        // Impossible lengths.
        |frame| vec![vec![0, 0], frame],
        |frame| vec![vec![0xFF, 0xFF], frame],
        // It breaks off.
        |frame| vec![frame[..40].to_vec()],
    ];
    for change in garbage {
        let mut bench = Bench::new(&[]);
        bench.script(Operation::Sale, [Say::Bytes(change)]);
        bench.pay("A1", 100, CODE);
        bench.run(100);
        bench.judge();
        bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
        bench.pay("A2", 100, FRESH);
        bench.run(5);
        bench.judge();
        bench.expect("A2", Status::Approved, None);
    }
    // Garbage before the answer is read past.
    let mut bench = Bench::new(&[]);
    bench.script(
        Operation::Sale,
        [Say::Bytes(|frame| {
            vec![[&[0, 30][..], &[0xFF; 30]].concat(), frame]
        })],
    );
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.expect("A1", Status::Approved, None);
}

#[test]
fn nobody_elses_approval_is_believed() {
    let mut bench = Bench::new(&[]);
    // An old approval arrives again while a new sale waits.
    bench.script(Operation::Sale, [Say::Default, Say::Mute]);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    let old = bench
        .transcript
        .iter()
        .filter(|line| line.contains("HostSend"))
        .count();
    assert_eq!(old, 2);
    bench.pay("A2", 100, FRESH);
    bench.run(2);
    bench.tell(Event::HostData {
        conn: 77,
        data: crate::terminal::Bytes(vec![0; 40]),
    });
    bench.tell(Event::HostOpened { conn: 77 });
    bench.tell(Event::HostClosed {
        conn: 77,
        reason: StreamEnd::Eof,
    });
    assert!(bench.outcomes("A2").is_empty());
    bench.run(100);
    bench.judge();
    bench.expect("A2", Status::Cancelled, Reason::NetworkTimeout);
}

#[test]
fn an_answer_that_comes_twice_counts_once() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Twice, Say::Twice]);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.pay("A2", 100, FRESH);
    bench.run(5);
    bench.judge();
    assert_eq!(bench.outcomes("A1").len(), 1);
    assert_eq!(bench.outcomes("A2").len(), 1);
}

#[test]
fn a_slow_network_is_waited_for() {
    let mut bench = Bench::new(&[]);
    for operation in [Operation::SignIn, Operation::Sale] {
        bench.script(operation, [Say::Late(59_000)]);
    }
    bench.pay("A1", 100, CODE);
    bench.run(120);
    bench.judge();
    assert_eq!(bench.statuses("A1"), [Status::Approved]);
}

#[test]
fn an_answer_at_the_very_deadline_is_judged_one_way_only() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Late(60_000)]);
    bench.pay("A1", 100, CODE);
    bench.run(120);
    bench.judge();
    assert_eq!(bench.statuses("A1"), [Status::Approved]);
}

#[test]
fn the_connection_is_closed_when_nothing_is_left_to_say() {
    let mut bench = Bench::new(&[]);
    bench.script(
        Operation::Sale,
        [Say::Book("09", "W01"), Say::Code("05", "H01")],
    );
    bench.pay("A1", 100, CODE);
    bench.run(30);
    bench.pay("A2", 100, FRESH);
    bench.run(30);
    let closes = bench
        .did
        .iter()
        .filter(|(_, action)| matches!(action, Action::HostClose { .. }));
    assert_eq!((bench.dials(), closes.count()), (2, 2));
}

#[test]
fn a_signal_is_waited_for_no_longer_than_half_the_connect_timeout() {
    let mut bench = Bench::new(&[]);
    bench.link("cellular", false);
    bench.link("wifi", false);
    bench.pay("A1", 100, CODE);
    let scanned = bench.now;
    bench.run(60);
    let (at, _) = bench
        .did
        .iter()
        .find(|(_, action)| matches!(action, Action::Outcome(_)))
        .unwrap();
    assert_eq!(at.since(scanned), Span::from_millis(7_500));
}
