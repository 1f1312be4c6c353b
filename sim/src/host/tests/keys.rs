//! Form, registration, keys: what is refused before anything is done.

use super::till::{Till, account, stan, with_algorithm};
use crate::fault::{Fault, FaultKind, Nth};
use crate::host::{Host, HostOutput, MacState};
use crate::iso8583::de60::{self, De60};
use crate::iso8583::keys::{Delivery, KeyError, KeyName};
use crate::iso8583::{Algorithm, Field, Mti};
use crate::random::Seeds;
use crate::record::{ConnId, Fact};
use crate::time::Span;
use crate::vocabulary::{Operation, Wallet};

#[test]
fn a_sign_in_brings_keys_batch_and_time() {
    let mut till = Till::closed(Wallet::Jd);
    let answer = till.sign_in();
    assert_eq!(answer.fields(), [11, 12, 13, 32, 37, 39, 41, 42, 60, 62]);
    assert_eq!(answer.packet.message.mti(), Mti(0x0810));
    let de60 = De60::of(answer.message()).unwrap();
    assert_eq!(de60, De60::management(1, 3));
    let signed_in = Fact::SignedIn {
        terminal: till.key(0).terminal,
        batch: 1,
    };
    assert!(till.facts.contains(&signed_in));
    let first = till.mac.clone().unwrap().mac(b"x");
    till.sign_in();
    assert_ne!(till.mac.clone().unwrap().mac(b"x"), first);
}

#[test]
fn keys_come_in_the_layout_that_was_asked_for() {
    for delivery in [Delivery::Single, Delivery::Double, Delivery::Track] {
        let mut till = Till::closed(Wallet::Jd);
        let message = till.sign_in_message(delivery.code());
        let answer = till.ask(&message);
        till.take_keys(&answer, delivery).unwrap();
        assert_eq!(till.sale(100).code(), "00");
    }
}

#[test]
fn every_mac_algorithm_of_a_dialect_is_spoken() {
    for algorithm in [Algorithm::Ecb, Algorithm::Cbc, Algorithm::X919] {
        let mut till = Till::closed(Wallet::Jd);
        till.dialect = with_algorithm(algorithm);
        let seeds = Seeds::new(2, "host");
        till.host = Host::new(till.dialect, &account(), till.now, &seeds);
        till.connect();
        till.sign_in();
        let answer = till.sale(100);
        assert_eq!((answer.code(), answer.mac), ("00", Some(true)));
    }
}

#[test]
fn echo_and_sign_off_are_answered_and_after_the_latter_no_mac_is_right() {
    let mut till = Till::open(Wallet::Jd);
    let echo = till.management(Mti::SIGN_IN, de60::ECHO);
    let answer = till.ask(&echo);
    assert_eq!((answer.code(), answer.message().mti()), ("00", Mti(0x0810)));
    let off = till.management(Mti::SIGN_OFF, de60::SIGN_OFF);
    assert_eq!(till.ask(&off).message().mti(), Mti(0x0830));
    let answer = till.sale(100);
    assert_eq!(answer.says(), ("A0", "K01"));
    assert_eq!(till.judged().1, MacState::Superseded);
    assert!(till.host.ledger().postings().is_empty());
}

#[test]
fn a_wrong_or_missing_mac_is_refused_without_one_and_nothing_is_done() {
    let mut till = Till::open(Wallet::Jd);
    let request = till.sale_message(100);
    let mut frame = till.frame(&request, true);
    *frame.last_mut().unwrap() ^= 1;
    till.send_bytes(&frame);
    till.run(Span::from_secs(1));
    let answer = till.read(&till.written.last().unwrap().bytes).unwrap();
    assert_eq!((answer.says(), answer.mac), (("A0", "K01"), None));
    assert!(!answer.message().has(Field::MAC));
    assert_eq!(till.judged().1, MacState::Invalid);
    let bare = till.frame(&request, false);
    till.send_bytes(&bare);
    till.run(Span::from_secs(1));
    assert_eq!(till.judged().1, MacState::Absent);
    // The code was not used up and the number not taken.
    assert_eq!(till.ask(&request).says(), ("00", "OK0"));
    assert_eq!(till.net(stan(&request)), 100);
}

#[test]
fn a_terminal_that_has_not_signed_in_has_no_keys() {
    let mut till = Till::closed(Wallet::Jd);
    let request = till.sale_message(100);
    assert_eq!(till.ask(&request).code(), "A0");
    assert_eq!(till.judged().1, MacState::Absent);
}

#[test]
fn a_stranger_is_not_registered() {
    let mut till = Till::open(Wallet::Jd);
    for field in [Field::TERMINAL, Field::MERCHANT] {
        let mut request = till.sale_message(100);
        request.set_text(field, "99999999");
        let answer = till.ask(&request);
        assert_eq!((answer.says(), answer.mac), (("97", "T01"), None));
    }
    let state = till.state(FaultKind::Unregistered);
    let message = till.sign_in_message(3);
    let answer = till.ask(&message);
    assert_eq!(answer.says(), ("97", "T01"));
    assert!(till.fired(state) && !answer.message().has(Field::KEYS));
}

#[test]
fn a_terminal_without_a_good_master_key_is_not_registered() {
    let mut till = Till::closed(Wallet::Jd);
    let mut account = account();
    account.master_key.0.pop();
    till.host = Host::new(till.dialect, &account, till.now, &Seeds::new(1, "x"));
    till.connect();
    let message = till.sign_in_message(3);
    assert_eq!(till.ask(&message).code(), "97");
}

#[test]
fn messages_that_break_the_rules_of_form_are_answered_30_with_a_note() {
    let mut till = Till::open(Wallet::Jd);
    let mut breaks = |what: &str, change: &dyn Fn(&mut crate::iso8583::Message)| {
        let mut request = till.sale_message(100);
        change(&mut request);
        let answer = till.ask(&request);
        assert_eq!(answer.code(), "30", "{what}");
        assert!(!answer.message().has(Field::MAC));
        let note = till.judged().2;
        assert!(note.contains(what), "{note}");
    };
    breaks("DE4 is missing", &|m| m.remove(Field::AMOUNT));
    breaks("DE22 is 051: it must be 032", &|m| {
        m.set_text(Field::ENTRY_MODE, "051");
    });
    breaks("DE49 is 840", &|m| m.set_text(Field::CURRENCY, "840"));
    breaks("DE3 is 310000", &|m| {
        m.set_text(Field::PROCESSING_CODE, "310000");
    });
    breaks("no payment code", &|m| m.remove(Field::CODE));
    breaks("60.3 must be 000", &|m| {
        m.set_text(Field::BATCH, "2200000100160");
    });
    breaks("60.4 and 60.5 must be 60", &|m| {
        m.set_text(Field::BATCH, "2200000100050");
    });
    breaks("DE60 is missing", &|m| m.remove(Field::BATCH));
    breaks("DE41 is missing", &|m| m.remove(Field::TERMINAL));
    assert!(till.host.ledger().postings().is_empty());
}

#[test]
fn reversals_name_their_original_twice_and_a_cause_of_four() {
    let mut till = Till::open(Wallet::Jd);
    let request = till.sale_message(100);
    till.ask(&request);
    let odd = Till::reversal_of(&request, "17");
    assert_eq!(till.ask(&odd).code(), "30");
    let mut other = Till::reversal_of(&request, "98");
    super::till::original(1, 77).put(&mut other);
    assert_eq!(till.ask(&other).code(), "30");
    for cause in ["98", "96", "A0", "06"] {
        let reversal = Till::reversal_of(&request, cause);
        assert_eq!(till.ask(&reversal).code(), "00");
    }
}

#[test]
fn unknown_operations_and_leftover_bytes_break_the_form() {
    let mut till = Till::open(Wallet::Jd);
    let strange = till.management(Mti(0x0100), 0);
    assert_eq!(till.ask(&strange).code(), "30");
    let echo = till.management(Mti::SIGN_IN, de60::ECHO);
    let mut frame = till.frame(&echo, false);
    frame.push(0);
    frame[1] += 1;
    till.send_bytes(&frame);
    till.run(Span::from_secs(1));
    assert!(till.judged().2.contains("1 bytes follow"));
}

#[test]
fn a_frame_that_does_not_decode_gets_no_answer_and_is_recorded() {
    let mut till = Till::open(Wallet::Jd);
    let mut frame = vec![0, 30];
    frame.extend([0xEE; 30]);
    let before = till.written.len();
    till.send_bytes(&frame);
    till.run(Span::from_secs(5));
    assert_eq!(till.written.len(), before);
    let (code, mac, note) = till.judged();
    assert_eq!((code, mac), (None, MacState::NotRequired));
    assert!(note.contains("no digit"), "{note}");
    let received = till
        .facts
        .iter()
        .filter(|f| matches!(f, Fact::Received { .. }));
    assert_eq!(received.count(), 2);
}

#[test]
fn a_length_that_no_message_has_closes_the_connection() {
    let mut till = Till::open(Wallet::Jd);
    till.send_bytes(&[0, 5, 1, 2, 3]);
    assert!(till.facts.iter().any(|f| matches!(f, Fact::Stray { .. })));
    let conn = till.conn;
    assert!(till.ended.contains(&HostOutput::Close { conn }));
    let before = till.facts.len();
    till.send_bytes(&[0, 5, 1, 2, 3]);
    assert_eq!(till.facts.len(), before);
}

#[test]
fn silence_of_five_minutes_closes_a_connection() {
    let mut till = Till::open(Wallet::Jd);
    let conn = till.conn;
    till.run(Span::from_secs(290));
    till.sale(100);
    till.run(Span::from_secs(298));
    assert!(till.ended.is_empty());
    till.run(Span::from_secs(2));
    assert_eq!(till.ended, [HostOutput::Close { conn }]);
    assert_eq!(till.host.wake_at(), None);
}

#[test]
fn an_answer_goes_nowhere_when_its_connection_has_ended() {
    let mut till = Till::open(Wallet::Jd);
    let request = till.sale_message(100);
    let frame = till.frame(&request, true);
    let before = till.written.len();
    till.send_bytes(&frame);
    let conn = till.conn;
    till.host
        .ended(till.now, conn, crate::terminal::StreamEnd::Reset);
    till.run(Span::from_secs(5));
    assert_eq!(till.written.len(), before);
    assert_eq!(till.net(stan(&request)), 100);
    till.host.received(till.now, ConnId(99), &frame);
}

#[test]
fn forgotten_keys_are_refused_until_the_next_sign_in() {
    for (kind, says) in [
        (FaultKind::KeysForgotten, ("A0", "K01")),
        (FaultKind::KeysExpired, ("99", "K02")),
    ] {
        let mut till = Till::open(Wallet::Jd);
        let id = till.state(kind);
        let request = till.sale_message(100);
        let answer = till.ask(&request);
        assert_eq!(answer.says(), says);
        assert_eq!(answer.mac, (kind == FaultKind::KeysExpired).then_some(true));
        assert_eq!(till.judged().1, MacState::Valid);
        assert!(till.fired(id));
        assert_eq!(till.sale(100).says(), says);
        till.sign_in();
        assert_eq!(till.ask(&request).code(), "00");
    }
}

#[test]
fn keys_that_are_too_old_before_the_first_sign_in_are_so_after_it() {
    let mut till = Till::closed(Wallet::Jd);
    till.state(FaultKind::KeysExpired);
    till.sign_in();
    assert_eq!(till.sale(100).code(), "99");
    till.sign_in();
    assert_eq!(till.sale(100).code(), "00");
}

#[test]
fn a_wrong_check_value_is_in_the_first_sign_ins_only() {
    let mut till = Till::closed(Wallet::Jd);
    let fault = Fault::on(FaultKind::WrongCheckValue, Operation::SignIn, Nth::First(2));
    let id = till.arm(&fault);
    for _ in 0..2 {
        let message = till.sign_in_message(3);
        let answer = till.ask(&message);
        let error = till.take_keys(&answer, Delivery::Double).unwrap_err();
        assert_eq!(error, KeyError::CheckValue(KeyName::Mac));
        assert!(till.fired(id));
    }
    till.sign_in();
    assert_eq!(till.sale(100).code(), "00");
}
