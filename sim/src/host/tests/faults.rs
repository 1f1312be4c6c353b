//! Every fault of acquirer and wallets: it does its work, fires, and changes nothing else.

use super::till::{Till, stan};
use crate::fault::{Fault, FaultKind, Nth, Shape, Site};
use crate::host::{HostOutput, Listener};
use crate::iso8583::de48::Totals;
use crate::iso8583::de60::{self, De60};
use crate::iso8583::{Deframer, Field, Mti};
use crate::record::{ConnId, Fact};
use crate::time::Span;
use crate::vocabulary::{Operation, Vocabulary, Wallet};

/// A till whose next sale meets this fault; the sale is sent and two seconds pass.
fn struck(fault: &Fault) -> (Till, u32) {
    let mut till = Till::open(Wallet::Jd);
    till.written.clear();
    till.facts.clear();
    let id = till.arm(fault);
    let request = till.sale_message(12_850);
    let frame = till.frame(&request, true);
    till.send_bytes(&frame);
    till.run(Span::from_secs(2));
    assert!(till.fired(id), "{} did not fire", fault.kind);
    (till, stan(&request))
}

fn on_sale(kind: FaultKind) -> Fault {
    Fault::on(kind, Operation::Sale, Nth::Only(1))
}

#[test]
fn a_lost_request_is_received_and_does_nothing() {
    let (till, number) = struck(&on_sale(FaultKind::RequestLost));
    assert!(till.written.is_empty());
    assert!(matches!(till.facts[..], [Fact::Received { .. }]));
    assert_eq!(till.net(number), 0);
}

#[test]
fn a_late_request_acts_late_and_is_refused_when_it_was_reversed_meanwhile() {
    let mut till = Till::open(Wallet::Jd);
    till.next(FaultKind::RequestLate, Operation::Sale);
    let request = till.sale_message(100);
    assert!(till.exchange(&request).is_empty());
    till.run(Span::from_secs(30));
    assert_eq!(till.reverse(&request).code(), "25");
    let before = till.written.len();
    till.run(Span::from_secs(60));
    let answer = till.read(&till.written[before].bytes).unwrap();
    assert_eq!(answer.code(), "22");
    assert_eq!(till.net(stan(&request)), 0);
}

#[test]
fn a_request_that_arrives_twice_is_answered_twice_and_charged_once() {
    let (till, number) = struck(&on_sale(FaultKind::RequestDuplicated));
    let codes: Vec<_> = till
        .written
        .iter()
        .map(|w| till.read(&w.bytes).unwrap().code().to_owned())
        .collect();
    assert_eq!(codes, ["00", "94"]);
    assert_eq!(till.net(number), 12_850);
    let received = till
        .facts
        .iter()
        .filter(|f| matches!(f, Fact::Received { .. }));
    assert_eq!(received.count(), 1);
}

#[test]
fn a_lost_answer_undoes_nothing() {
    let (mut till, number) = struck(&on_sale(FaultKind::AnswerLost));
    assert!(till.written.is_empty());
    assert_eq!(till.net(number), 12_850);
    assert_eq!(till.query(number).code(), "00");
}

#[test]
fn a_late_answer_comes_after_a_minute_and_a_half_or_as_the_fault_says() {
    let (mut till, _) = struck(&on_sale(FaultKind::AnswerLate));
    assert!(till.written.is_empty());
    till.run(Span::from_secs(87));
    assert!(till.written.is_empty());
    till.run(Span::from_secs(2));
    assert_eq!(till.written.len(), 1);
    let (mut till, _) = struck(&on_sale(FaultKind::AnswerLate).by(Span::from_secs(5)));
    till.run(Span::from_secs(4));
    assert_eq!(till.written.len(), 1);
}

#[test]
fn a_duplicated_answer_is_the_same_twice() {
    let (till, _) = struck(&on_sale(FaultKind::AnswerDuplicated));
    assert_eq!(till.written.len(), 2);
    assert_eq!(till.written[0].bytes, till.written[1].bytes);
}

#[test]
fn a_reordered_answer_comes_after_the_next_one_on_whatever_connection() {
    let (mut till, number) = struck(&on_sale(FaultKind::AnswerReordered));
    assert!(till.written.is_empty());
    let first = till.conn;
    till.connect();
    let query = till.query_message(1, number);
    till.exchange(&query);
    let conns: Vec<_> = till.written.iter().map(|w| w.conn).collect();
    assert_eq!(conns, [till.conn, first]);
}

#[test]
fn a_garbled_answer_has_its_length_and_does_not_decode() {
    let (till, number) = struck(&on_sale(FaultKind::AnswerGarbled));
    let bytes = &till.written[0].bytes;
    assert_eq!(till.written.len(), 1);
    let mut stream = Deframer::new();
    stream.push(bytes);
    assert!(matches!(stream.next(), Some(Ok(_))));
    assert_eq!(stream.pending(), 0);
    assert!(till.dialect.parse_frame(bytes).is_err());
    assert_eq!(till.net(number), 12_850);
}

#[test]
fn a_truncated_answer_breaks_off_and_the_connection_closes() {
    let (till, _) = struck(&on_sale(FaultKind::AnswerTruncated));
    let mut stream = Deframer::new();
    stream.push(&till.written[0].bytes);
    assert!(stream.next().is_none() && stream.pending() > 20);
    assert_eq!(till.ended, [HostOutput::Close { conn: till.conn }]);
}

#[test]
fn a_connection_closes_or_is_torn_instead_of_the_answer() {
    let (till, number) = struck(&on_sale(FaultKind::AnswerClosed));
    assert_eq!(till.ended, [HostOutput::Close { conn: till.conn }]);
    assert!(till.written.is_empty());
    assert_eq!(till.net(number), 12_850);
    let (till, _) = struck(&on_sale(FaultKind::AnswerReset));
    assert_eq!(till.ended, [HostOutput::Reset { conn: till.conn }]);
}

#[test]
fn a_chopped_answer_is_whole_and_marked() {
    let (till, _) = struck(&on_sale(FaultKind::AnswerChopped));
    assert!(till.written[0].chopped);
    assert_eq!(till.read(&till.written[0].bytes).unwrap().code(), "00");
}

#[test]
fn a_joined_answer_follows_a_frame_that_nobody_asked_for() {
    let (till, number) = struck(&on_sale(FaultKind::AnswerJoined));
    assert_eq!(till.written.len(), 1);
    let mut stream = Deframer::new();
    stream.push(&till.written[0].bytes);
    let foreign = till
        .dialect
        .parse(stream.next().unwrap().unwrap())
        .unwrap()
        .message;
    assert_eq!(foreign.mti(), Mti(0x0810));
    assert_eq!(De60::of(&foreign), Ok(De60::management(1, 301)));
    assert_ne!(stan(&foreign), number);
    let own = till.dialect.parse(stream.next().unwrap().unwrap()).unwrap();
    assert_eq!(stan(&own.message), number);
    assert!(stream.next().is_none());
}

/// Which fields differ between the answer that would have come and the one that came.
fn changed(kind: FaultKind) -> (Vec<u8>, Option<bool>) {
    let mut clean = Till::open(Wallet::Jd);
    let request = clean.sale_message(12_850);
    let good = clean.ask(&request);
    let (till, _) = struck(&on_sale(kind));
    let answer = till.read(&till.written[0].bytes).unwrap();
    let mut fields: Vec<u8> = (2..=63)
        .filter(|n| {
            let field = Field::new(*n).unwrap();
            answer.message().get(field) != good.message().get(field)
        })
        .collect();
    if answer.message().mti() != good.message().mti() {
        fields.insert(0, 0);
    }
    let wish = match kind {
        FaultKind::AsksSignIn => 3,
        FaultKind::AsksUpdate => 6,
        _ => 0,
    };
    assert_eq!(answer.wish(), wish);
    (fields, answer.mac)
}

#[test]
fn a_fault_of_the_content_changes_that_and_nothing_else() {
    for (kind, field) in [
        (FaultKind::WrongStan, 11),
        (FaultKind::WrongAmount, 4),
        (FaultKind::WrongTerminal, 41),
        (FaultKind::WrongMerchant, 42),
        (FaultKind::WrongProcessing, 3),
        (FaultKind::WrongType, 0),
        (FaultKind::NoReason, 63),
    ] {
        assert_eq!(changed(kind), (vec![field], Some(true)), "{kind}");
    }
    assert_eq!(changed(FaultKind::WrongMac), (vec![], Some(false)));
    assert_eq!(changed(FaultKind::NoMac), (vec![], None));
    assert_eq!(changed(FaultKind::AsksSignIn), (vec![], Some(true)));
    assert_eq!(changed(FaultKind::AsksUpdate), (vec![], Some(true)));
}

#[test]
fn a_fault_that_can_change_nothing_does_not_fire() {
    let mut till = Till::open(Wallet::Jd);
    let ids = [
        FaultKind::WrongAmount,
        FaultKind::WrongProcessing,
        FaultKind::WrongMac,
        FaultKind::NoMac,
        FaultKind::NoReason,
    ]
    .map(|kind| till.next(kind, Operation::SignIn));
    till.sign_in();
    assert!(ids.iter().all(|id| !till.fired(*id)));
}

#[test]
fn a_code_without_doing_anything_leaves_no_trace() {
    let (mut till, number) = struck(&on_sale(FaultKind::AnswerCode).code("98"));
    let answer = till.read(&till.written[0].bytes).unwrap();
    assert_eq!((answer.says(), answer.mac), (("98", "N02"), Some(true)));
    assert_eq!(till.net(number), 0);
    assert_eq!(till.query(number).code(), "25");
    for (code, says) in [
        ("77", ("77", "T02")),
        ("51", ("51", "")),
        ("bad", ("96", "N03")),
    ] {
        let (till, _) = struck(&on_sale(FaultKind::AnswerCode).code(code));
        let answer = till.read(&till.written[0].bytes).unwrap();
        assert_eq!(answer.says(), says);
    }
    let (till, _) = struck(&on_sale(FaultKind::AnswerCode).code("A0"));
    assert_eq!(till.read(&till.written[0].bytes).unwrap().mac, None);
}

#[test]
fn a_code_after_the_booking_hides_what_was_booked() {
    let (mut till, number) = struck(&on_sale(FaultKind::AnswerCodeAfter).code("96"));
    let answer = till.read(&till.written[0].bytes).unwrap();
    assert_eq!((answer.says(), answer.mac), (("96", "N03"), Some(true)));
    assert!(!answer.message().has(Field::AUTH_CODE));
    assert_eq!(till.judged().0.unwrap().to_string(), "00");
    assert_eq!(till.net(number), 12_850);
    assert_eq!(till.query(number).says(), ("00", "OK0"));
}

#[test]
fn noise_comes_before_the_answer() {
    for kind in [FaultKind::Junk, FaultKind::ImpossibleLength] {
        let (till, _) = struck(&on_sale(kind));
        assert_eq!(till.written.len(), 2);
        let mut stream = Deframer::new();
        stream.push(&till.written[0].bytes);
        if kind == FaultKind::Junk {
            let body = stream.next().unwrap().unwrap();
            assert!(till.dialect.parse(body).is_err());
        } else {
            assert!(matches!(stream.next(), Some(Err(_))));
        }
        assert_eq!(till.read(&till.written[1].bytes).unwrap().code(), "00");
    }
}

#[test]
fn an_unsolicited_approval_is_well_formed_and_of_another_number() {
    let (till, number) = struck(&on_sale(FaultKind::Unsolicited));
    assert_eq!(till.written.len(), 2);
    assert!(till.written[0].at < till.written[1].at);
    let foreign = till.read(&till.written[0].bytes).unwrap();
    assert_eq!((foreign.code(), foreign.mac), ("00", Some(true)));
    assert_eq!(foreign.message().mti(), Mti(0x0210));
    assert_ne!(stan(foreign.message()), number);
    let own = till.read(&till.written[1].bytes).unwrap();
    assert_eq!((stan(own.message()), own.code()), (number, "00"));
}

#[test]
fn a_host_that_is_down_refuses_or_swallows() {
    let mut till = Till::open(Wallet::Jd);
    let refusing = till.state(FaultKind::HostRefusing);
    assert_eq!(till.host.listener(), Listener::Refusing);
    assert_eq!(till.host.listener_fault(), Some(refusing));
    assert_eq!(till.ended, [HostOutput::Reset { conn: till.conn }]);
    assert!(till.fired(refusing));
    till.lift(refusing);
    assert_eq!(till.host.listener(), Listener::Accepting);
    assert_eq!(till.host.listener_fault(), None);
    for kind in [FaultKind::HostOutage, FaultKind::HostSilent] {
        let mut till = Till::open(Wallet::Jd);
        let id = till.state(kind);
        let outage = kind == FaultKind::HostOutage;
        assert_eq!(till.host.listener() == Listener::Silent, outage);
        let request = till.sale_message(100);
        assert!(till.exchange(&request).is_empty());
        assert!(till.fired(id));
        till.lift(id);
        assert_eq!(till.query(stan(&request)).code(), "25");
    }
}

#[test]
fn a_host_that_falls_silent_says_no_more_of_what_it_has_done() {
    let mut till = Till::open(Wallet::Jd);
    let request = till.sale_message(100);
    let frame = till.frame(&request, true);
    let before = till.written.len();
    till.send_bytes(&frame);
    till.state(FaultKind::HostSilent);
    till.run(Span::from_secs(5));
    assert_eq!(till.written.len(), before);
    assert_eq!(till.net(stan(&request)), 100);
}

#[test]
fn a_malfunction_answers_96_to_everything() {
    let mut till = Till::open(Wallet::Jd);
    till.state(FaultKind::HostMalfunction);
    assert_eq!(till.sale(100).says(), ("96", "N03"));
    let message = till.sign_in_message(3);
    assert_eq!(till.ask(&message).says(), ("96", "N03"));
    assert!(till.host.ledger().postings().is_empty());
}

#[test]
fn the_states_of_a_wallet_and_what_a_query_says_later() {
    for (kind, says, later, net) in [
        (
            FaultKind::WalletMaintenance,
            ("91", "N01"),
            ("91", "N01"),
            0,
        ),
        (FaultKind::WalletSilent, ("98", "N02"), ("25", ""), 0),
        (
            FaultKind::WalletSilentAfter,
            ("98", "N02"),
            ("00", "OK0"),
            12_850,
        ),
        (FaultKind::WalletTimeout, ("68", ""), ("05", "H01"), 0),
        (
            FaultKind::WalletPartial,
            ("10", "OK1"),
            ("10", "OK1"),
            6_425,
        ),
        (FaultKind::WalletRefuses, ("05", "H01"), ("05", "H01"), 0),
        (FaultKind::WalletLimit, ("61", "H02"), ("61", "H02"), 0),
        (
            FaultKind::PaymentOffAtProvider,
            ("57", "P01"),
            ("57", "P01"),
            0,
        ),
        (FaultKind::OutdatedRefused, ("40", "P02"), ("40", "P02"), 0),
        (
            FaultKind::CreditNotActivated,
            ("40", "B01"),
            ("40", "B01"),
            0,
        ),
        (FaultKind::CreditLimitLow, ("51", "B02"), ("51", "B02"), 0),
        (FaultKind::CreditOverdue, ("62", "B03"), ("62", "B03"), 0),
        (FaultKind::CreditRisk, ("59", "B04"), ("59", "B04"), 0),
    ] {
        let (mut till, number) = struck(&Fault::state(kind));
        let answer = till.read(&till.written[0].bytes).unwrap();
        assert_eq!((answer.says(), answer.mac), (says, Some(true)), "{kind}");
        assert_eq!(till.net(number), net, "{kind}");
        // Whether the wallet is well again or not: the acquirer has found out.
        assert_eq!(till.query(number).says(), later, "{kind}");
    }
}

#[test]
fn credit_faults_leave_other_funding_alone_and_balance_faults_leave_credit_alone() {
    let mut till = Till::open(Wallet::Jd);
    let credit = till.state(FaultKind::CreditOverdue);
    till.phone.set_funding(crate::phone::Funding::Balance);
    assert_eq!(till.sale(100).code(), "00");
    assert!(!till.fired(credit));
    let low = till.state(FaultKind::BalanceLow);
    assert_eq!(till.sale(100).says(), ("51", "H03"));
    assert!(till.fired(low));
}

#[test]
fn a_wallet_that_is_away_gives_nothing_back_either() {
    for (kind, code, later, net) in [
        (FaultKind::WalletMaintenance, "91", "91", 500),
        (FaultKind::WalletSilent, "98", "25", 500),
        (FaultKind::WalletTimeout, "68", "05", 500),
        (FaultKind::WalletSilentAfter, "98", "00", 200),
    ] {
        let mut till = Till::open(Wallet::Alipay);
        let request = till.sale_message(500);
        let sale = till.ask(&request);
        let id = till.state(kind);
        let refund = till.give_back(Mti::REFUND, stan(&request), &sale.rrn(), 300);
        assert_eq!(till.ask(&refund).code(), code);
        assert!(till.fired(id));
        assert_eq!(till.query(stan(&refund)).code(), later);
        assert_eq!(till.net(stan(&request)), net);
        // What was reversed is as before, whatever the wallet had done.
        till.reverse(&refund);
        assert_eq!(till.net(stan(&request)), 500);
    }
}

#[test]
fn answers_without_a_clock_are_those_at_the_till_only() {
    let mut till = Till::open(Wallet::Jd);
    let id = till.state(FaultKind::Clockless);
    let sale = till.sale(100);
    assert!(!sale.message().has(Field::TIME) && !sale.message().has(Field::DATE));
    assert!(till.fired(id));
    assert!(till.sign_in().message().has(Field::TIME));
}

/// Every kind that belongs here was struck with by some test of this folder: what follows makes
/// sure that a new kind does not slip in without doing anything.
#[test]
fn no_fault_of_acquirer_or_wallet_is_idle() {
    for kind in FaultKind::ALL {
        if !matches!(kind.site(), Site::Host | Site::Wallet) {
            continue;
        }
        let mut till = Till::open(Wallet::Jd);
        if *kind == FaultKind::BalanceLow {
            till.phone.set_funding(crate::phone::Funding::Balance);
        }
        let on = match kind {
            FaultKind::WrongCheckValue | FaultKind::WrongPinCheckValue => Operation::SignIn,
            FaultKind::CodeBadCrc
            | FaultKind::CodeOtherAmount
            | FaultKind::CodeOtherCurrency
            | FaultKind::CodeCut
            | FaultKind::CodeMissing => Operation::CodeOrder,
            FaultKind::TotalsDiffer => Operation::Settlement,
            _ => Operation::Sale,
        };
        let fault = match kind.shape() {
            Shape::Message => Fault::on(*kind, on, Nth::Every),
            Shape::State => Fault::state(*kind),
        };
        let id = till.arm(&fault);
        let message = match on {
            Operation::SignIn => till.sign_in_message(3),
            Operation::CodeOrder => till.order_message(100),
            Operation::Settlement => {
                let mut message = till.management(Mti::SETTLEMENT, de60::SETTLEMENT);
                message.set(Field::TOTALS, &Totals::default().digits());
                message.set_text(Field::CURRENCY, "156");
                message.set_text(Field::REASON, "01 ");
                message
            }
            _ => till.sale_message(100),
        };
        till.exchange(&message);
        assert!(till.fired(id), "{kind} did nothing");
    }
}

#[test]
fn answers_on_two_connections_find_their_own() {
    let mut till = Till::open(Wallet::Jd);
    let first = till.conn;
    let one = till.sale_message(100);
    let frame = till.frame(&one, true);
    till.send_bytes(&frame);
    till.connect();
    let other = till.sale_message(200);
    let frame = till.frame(&other, true);
    till.send_bytes(&frame);
    till.written.clear();
    till.run(Span::from_secs(1));
    let mut got: Vec<(ConnId, u32)> = till
        .written
        .iter()
        .map(|w| (w.conn, stan(till.read(&w.bytes).unwrap().message())))
        .collect();
    got.sort_unstable();
    assert_eq!(got, [(first, stan(&one)), (till.conn, stan(&other))]);
}
