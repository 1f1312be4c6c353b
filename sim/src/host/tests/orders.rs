//! What waits for the customer: confirmations, and orders whose code the terminal shows.

use super::till::{Till, stan};
use crate::emvco::{self, Payload};
use crate::fault::FaultKind;
use crate::host::{Ruling, Standing};
use crate::iso8583::Field;
use crate::iso8583::de59;
use crate::money::Fen;
use crate::phone::Password;
use crate::record::Fact;
use crate::time::Span;
use crate::vocabulary::Wallet;

#[test]
fn above_the_threshold_the_customer_confirms_and_the_query_says_so() {
    let mut till = Till::open(Wallet::WeChat);
    assert_eq!(till.sale(100_000).says(), ("00", "OK0"));
    let request = till.sale_message(100_001);
    let answer = till.ask(&request);
    assert_eq!(answer.says(), ("09", "W01"));
    assert_eq!(answer.mac, Some(true));
    assert_eq!(answer.message().get(Field::AUTH_CODE), None);
    assert_eq!(till.net(stan(&request)), 0);
    assert_eq!(till.query(stan(&request)).says(), ("09", "W01"));
    till.run(Span::from_secs(10));
    let confirmed = till.query(stan(&request));
    assert_eq!(confirmed.says(), ("00", "OK0"));
    assert_eq!(confirmed.amount(), Some(100_001));
    assert!(confirmed.message().has(Field::AUTH_CODE));
    assert_eq!(till.net(stan(&request)), 100_001);
}

#[test]
fn the_phone_can_ask_for_the_password_always_or_never() {
    let mut till = Till::open(Wallet::Jd);
    till.phone.needs_password(true);
    assert_eq!(till.sale(1).says(), ("09", "W01"));
    till.phone.needs_password(false);
    assert_eq!(till.sale(999_999_999_999).says(), ("00", "OK0"));
}

#[test]
fn a_customer_who_refuses_or_lets_it_lapse_closes_the_payment() {
    for (kind, wait) in [
        (FaultKind::CustomerRefuses, 10),
        (FaultKind::CustomerSilent, 61),
        (FaultKind::PhoneOffline, 61),
    ] {
        let mut till = Till::open(Wallet::Alipay);
        till.phone.set_password(Password::Always);
        let id = till.state(kind);
        let request = till.sale_message(100);
        assert_eq!(till.ask(&request).says(), ("09", "W01"));
        till.run(Span::from_secs(wait));
        assert_eq!(till.query(stan(&request)).says(), ("68", "P03"), "{kind}");
        assert_eq!(till.reverse(&request).code(), "25");
        assert!(till.host.ledger().postings().is_empty());
        assert!(till.fired(id));
        let key = till.key(stan(&request));
        let lapsed = till.facts.contains(&Fact::Lapsed { key });
        assert_eq!(lapsed, kind != FaultKind::CustomerRefuses);
    }
}

#[test]
fn a_reversal_closes_what_waits_and_a_late_yes_moves_nothing() {
    let mut till = Till::open(Wallet::WeChat);
    till.phone.needs_password(true);
    till.state(FaultKind::CustomerSlow);
    let request = till.sale_message(100);
    till.ask(&request);
    till.run(Span::from_secs(40));
    assert_eq!(till.reverse(&request).code(), "00");
    till.run(Span::from_secs(30));
    assert!(till.host.ledger().postings().is_empty());
    assert_eq!(till.reverse(&request).code(), "00");
    assert_eq!(till.query(stan(&request)).code(), "25");
}

#[test]
fn a_slow_customer_who_is_not_cancelled_still_pays() {
    let mut till = Till::open(Wallet::WeChat);
    till.phone.needs_password(true);
    till.state(FaultKind::CustomerSlow);
    let request = till.sale_message(100);
    till.ask(&request);
    till.run(Span::from_secs(55));
    assert_eq!(till.query(stan(&request)).says(), ("00", "OK0"));
}

fn order(till: &mut Till, fen: u64) -> (u32, String) {
    let request = till.order_message(fen);
    let answer = till.ask(&request);
    assert_eq!(answer.says(), ("09", "W01"));
    assert_eq!(answer.wallet(), "000");
    let field = answer.message().get(Field::CODE).unwrap();
    let payload = de59::find(field, de59::MERCHANT_CODE).unwrap().unwrap();
    let payload = str::from_utf8(payload).unwrap().to_owned();
    (stan(&request), payload)
}

#[test]
fn an_order_comes_with_a_whole_code_for_its_amount() {
    let mut till = Till::open(Wallet::Jd);
    let (_, text) = order(&mut till, 12_850);
    assert!(text.is_ascii());
    let payload = Payload::parse(&text).unwrap();
    assert_eq!(payload.get(emvco::AMOUNT), Some("128.50"));
    assert_eq!(payload.get(emvco::CURRENCY), Some("156"));
    assert_eq!(payload.get(emvco::INITIATION), Some("12"));
    assert_eq!(
        payload.get(emvco::UNIONPAY),
        Some("4802000048020000898310000000001")
    );
    assert_eq!(
        payload.inside(emvco::ADDITIONAL, emvco::TERMINAL),
        Some("10000001")
    );
}

#[test]
fn a_customer_scans_an_order_and_pays_it_once() {
    let mut till = Till::open(Wallet::Jd);
    let (number, payload) = order(&mut till, 12_850);
    assert_eq!(till.query(number).says(), ("09", "W01"));
    let payer = till.phone.scan(&payload).unwrap();
    let paid = till.host.pay_order(till.now, &payload, Wallet::Jd, &payer);
    assert_eq!(paid, Ok(Fen::new(12_850)));
    let again = till.host.pay_order(till.now, &payload, Wallet::Jd, &payer);
    assert_eq!(again, Err(Ruling::CodeUsed));
    let answer = till.query(number);
    assert_eq!((answer.says(), answer.wallet()), (("00", "OK0"), "JDB"));
    assert_eq!(till.net(number), 12_850);
}

#[test]
fn an_order_that_was_reversed_or_never_made_cannot_be_paid() {
    let mut till = Till::open(Wallet::Jd);
    let request = till.order_message(100);
    let answer = till.ask(&request);
    let field = answer.message().get(Field::CODE).unwrap();
    let payload = de59::find(field, de59::MERCHANT_CODE).unwrap().unwrap();
    let payload = str::from_utf8(payload).unwrap();
    assert_eq!(till.reverse(&request).code(), "00");
    let payer = till.phone.payer();
    let paid = till.host.pay_order(till.now, payload, Wallet::Jd, &payer);
    assert_eq!(paid, Err(Ruling::CodeUsed));
    let forged = emvco::build(&[(emvco::AMOUNT, "1.00")]).unwrap();
    let paid = till.host.pay_order(till.now, &forged, Wallet::Jd, &payer);
    assert_eq!(paid, Err(Ruling::CodeUnknown));
    assert!(till.host.ledger().postings().is_empty());
}

#[test]
fn an_order_that_the_wallet_refuses_still_waits() {
    let mut till = Till::open(Wallet::Jd);
    let (number, payload) = order(&mut till, 100);
    let overdue = till.state(FaultKind::CreditOverdue);
    let payer = till.phone.payer();
    let paid = till.host.pay_order(till.now, &payload, Wallet::Jd, &payer);
    assert_eq!(paid, Err(Ruling::CreditOverdue));
    till.lift(overdue);
    let paid = till.host.pay_order(till.now, &payload, Wallet::Jd, &payer);
    assert_eq!(paid, Ok(Fen::new(100)));
    assert_eq!(till.net(number), 100);
}

#[test]
fn an_order_that_nobody_scans_lapses() {
    let mut till = Till::open(Wallet::Jd);
    let (number, _) = order(&mut till, 100);
    till.run(Span::from_secs(590));
    // The connection was idle for longer than the acquirer keeps one.
    till.connect();
    let key = till.key(number);
    assert!(matches!(
        till.host.transaction(&key).unwrap().standing,
        Standing::Waiting(_)
    ));
    till.run(Span::from_secs(10));
    assert_eq!(till.query(number).says(), ("68", "P03"));
}
