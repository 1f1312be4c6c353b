//! Sales, queries, voids, refunds, reversals.

use super::till::{Till, stan};
use crate::fault::FaultKind;
use crate::host::wallet::CreditState;
use crate::host::{MacState, Standing};
use crate::iso8583::{Field, Mti, gbk};
use crate::money::Fen;
use crate::phone::{Barred, Clock, Funding, IssuedCode, Payer, Plan, Version};
use crate::record::Fact;
use crate::time::Span;
use crate::vocabulary::{Vocabulary, Wallet};

#[test]
fn a_sale_of_every_wallet_is_approved_and_charged_once() {
    for wallet in Wallet::ALL {
        let mut till = Till::open(*wallet);
        let request = till.sale_message(12_850);
        let answer = till.ask(&request);
        assert_eq!(answer.says(), ("00", "OK0"));
        assert_eq!(answer.wallet(), wallet.id());
        assert_eq!(answer.mac, Some(true));
        assert_eq!(
            answer.fields(),
            [
                3, 4, 11, 12, 13, 15, 25, 32, 37, 38, 39, 41, 42, 49, 60, 63, 64
            ]
        );
        for field in [Field::STAN, Field::AMOUNT, Field::BATCH, Field::TERMINAL] {
            assert_eq!(answer.message().get(field), request.get(field));
        }
        assert_eq!(answer.packet.tpdu, [0x60, 0x00, 0x00, 0x00, 0x03]);
        assert_eq!(answer.message().text(Field::TIME), Some("080002"));
        assert_eq!(answer.message().text(Field::DATE), Some("0101"));
        assert_eq!(till.net(stan(&request)), 12_850);
        assert_eq!(till.judged().1, MacState::Valid);
        let posted = till.facts.iter().filter(|f| matches!(f, Fact::Posted(_)));
        assert_eq!(posted.count(), 1);
    }
}

#[test]
fn answers_take_the_time_of_front_end_and_wallet() {
    let mut till = Till::open(Wallet::Jd);
    let (start, before) = (till.now, till.written.len());
    till.sale(100);
    let took = till.written[before].at.since(start).as_millis();
    assert!((125..420).contains(&took), "{took} ms");
}

#[test]
fn a_request_that_comes_in_pieces_is_one_request() {
    let mut till = Till::open(Wallet::UnionPay);
    let message = till.sale_message(100);
    let frame = till.frame(&message, true);
    for byte in frame {
        till.send_bytes(&[byte]);
    }
    till.run(Span::from_secs(1));
    assert_eq!(till.net(stan(&message)), 100);
}

#[test]
fn the_same_request_again_is_a_duplicate_and_changes_nothing() {
    let mut till = Till::open(Wallet::WeChat);
    let request = till.sale_message(500);
    till.ask(&request);
    let again = till.ask(&request);
    assert_eq!(again.says(), ("94", "H04"));
    let other = till.sale_message(700);
    let mut same_stan = other.clone();
    same_stan.set(Field::STAN, request.get(Field::STAN).unwrap());
    assert_eq!(till.ask(&same_stan).says(), ("94", "H04"));
    assert_eq!(till.net(stan(&request)), 500);
    assert_eq!(till.host.ledger().postings().len(), 1);
}

#[test]
fn codes_are_unknown_used_or_expired() {
    let mut till = Till::open(Wallet::Alipay);
    let code = till.phone.present(till.now).code.unwrap();
    let unknown = till.sale_with(&code.text, 100);
    assert_eq!(till.ask(&unknown).says(), ("14", "C03"));
    till.host.issue(&code);
    let first = till.sale_with(&code.text, 100);
    assert_eq!(till.ask(&first).says(), ("00", "OK0"));
    till.host.issue(&code);
    let second = till.sale_with(&code.text, 100);
    assert_eq!(till.ask(&second).says(), ("94", "C02"));
    let nobodys = till.sale_with("9912345678901234", 100);
    let answer = till.ask(&nobodys);
    assert_eq!((answer.says(), answer.wallet()), (("14", "C03"), "000"));

    till.phone.refresh();
    let old = till.phone.present(till.now).code.unwrap();
    till.host.issue(&old);
    till.run(Span::from_secs(61));
    let late = till.sale_with(&old.text, 100);
    assert_eq!(till.ask(&late).says(), ("54", "C01"));
    till.phone.refresh();
    till.phone.handset().clock = Clock::Fast(Span::from_secs(120));
    let early = till.sale(100);
    assert_eq!(early.says(), ("54", "C01"));
    assert_eq!(till.host.ledger().postings().len(), 1);
}

#[test]
fn an_attempt_uses_a_code_up_even_when_it_was_declined() {
    let mut till = Till::open(Wallet::Jd);
    let code = till.phone.present(till.now).code.unwrap();
    till.host.issue(&code);
    let refused = till.state(FaultKind::WalletRefuses);
    let first = till.sale_with(&code.text, 100);
    assert_eq!(till.ask(&first).says(), ("05", "H01"));
    till.lift(refused);
    let second = till.sale_with(&code.text, 100);
    assert_eq!(till.ask(&second).says(), ("94", "C02"));
}

#[test]
fn means_limit_what_a_customer_can_pay() {
    let mut till = Till::open(Wallet::Jd);
    let customer = till.host.customer_mut(Wallet::Jd, 1);
    customer.baitiao.limit = Fen::new(1_000);
    customer.balance = Fen::new(300);
    customer.payment_limit = Some(Fen::new(50_000));
    assert_eq!(till.sale(50_001).says(), ("61", "H02"));
    assert_eq!(till.sale(1_001).says(), ("51", "B02"));
    assert_eq!(till.sale(600).says(), ("00", "OK0"));
    assert_eq!(till.sale(401).says(), ("51", "B02"));
    assert_eq!(till.sale(400).says(), ("00", "OK0"));
    till.phone.set_funding(Funding::Balance);
    assert_eq!(till.sale(301).says(), ("51", "H03"));
    assert_eq!(till.sale(300).says(), ("00", "OK0"));
    till.phone.set_funding(Funding::Card);
    assert_eq!(till.sale(5_000).says(), ("00", "OK0"));
}

#[test]
fn baitiao_states_have_their_reasons_and_instalments_are_named() {
    let mut till = Till::open(Wallet::Jd);
    for (state, says) in [
        (CreditState::NotActivated, ("40", "B01")),
        (CreditState::Overdue, ("62", "B03")),
        (CreditState::Risk, ("59", "B04")),
        (CreditState::Active, ("00", "OK0")),
    ] {
        till.host.customer_mut(Wallet::Jd, 1).baitiao.state = state;
        assert_eq!(till.sale(100).says(), says);
    }
    till.phone.set_funding(Funding::Baitiao(Plan::Twelve));
    let answer = till.sale(100);
    let text = gbk::decode(&answer.message().get(Field::REASON).unwrap()[6..]).into_owned();
    assert_eq!(text, "交易成功，白条分12期");
}

#[test]
fn a_phone_that_is_barred_says_why() {
    let mut till = Till::open(Wallet::WeChat);
    till.phone.handset().system = Version::new(1, 0);
    assert_eq!(till.sale(100).says(), ("40", "P02"));
    let barred = Payer {
        barred: Some(Barred::PaymentOff),
        ..Payer::default()
    };
    let code = IssuedCode::with_text("101234567890123456", till.now, barred).unwrap();
    till.host.issue(&code);
    let sale = till.sale_with(&code.text, 100);
    assert_eq!(till.ask(&sale).says(), ("57", "P01"));
}

#[test]
fn queries_tell_how_the_original_stands() {
    let mut till = Till::open(Wallet::UnionPay);
    let request = till.sale_message(900);
    let sale = till.ask(&request);
    let answer = till.query(stan(&request));
    assert_eq!(answer.says(), ("00", "OK0"));
    assert_eq!((answer.amount(), answer.rrn()), (Some(900), sale.rrn()));
    let auth = answer.message().text(Field::AUTH_CODE);
    assert_eq!(auth, sale.message().text(Field::AUTH_CODE));
    assert_eq!(answer.mac, Some(true));
    assert_eq!(till.query(999).code(), "25");
    let refused = till.state(FaultKind::WalletLimit);
    let declined = till.sale_message(100);
    till.ask(&declined);
    till.lift(refused);
    let answer = till.query(stan(&declined));
    assert_eq!((answer.says(), answer.amount()), (("61", "H02"), None));
    till.reverse(&request);
    assert_eq!(till.query(stan(&request)).code(), "25");
}

#[test]
fn a_reversal_gives_the_money_back_once_however_often_it_comes() {
    let mut till = Till::open(Wallet::Ecny);
    let request = till.sale_message(900);
    till.ask(&request);
    for _ in 0..3 {
        let answer = till.reverse(&request);
        assert_eq!(answer.code(), "00");
        assert_eq!(answer.mac, Some(true));
        assert_eq!(till.net(stan(&request)), 0);
    }
    assert_eq!(till.host.ledger().postings().len(), 2);
    assert_eq!(till.host.ledger().sum(), 0);
}

#[test]
fn a_reversal_that_comes_before_its_original_closes_the_door_to_it() {
    let mut till = Till::open(Wallet::WeChat);
    let request = till.sale_message(900);
    assert_eq!(till.reverse(&request).code(), "25");
    assert_eq!(till.ask(&request).code(), "22");
    assert_eq!(till.reverse(&request).code(), "25");
    assert!(till.host.ledger().postings().is_empty());
}

#[test]
fn a_reversal_of_what_was_declined_or_of_another_amount_moves_nothing() {
    let mut till = Till::open(Wallet::WeChat);
    let refused = till.state(FaultKind::WalletRefuses);
    let declined = till.sale_message(900);
    till.ask(&declined);
    till.lift(refused);
    assert_eq!(till.reverse(&declined).code(), "25");
    let request = till.sale_message(900);
    till.ask(&request);
    let mut other = request.clone();
    other.set(Field::AMOUNT, &Fen::new(901).n12());
    assert_eq!(till.reverse(&other).code(), "64");
    assert_eq!(till.net(stan(&request)), 900);
}

#[test]
fn a_reversal_keeps_the_batch_of_its_original() {
    let mut till = Till::open(Wallet::WeChat);
    let request = till.sale_message(900);
    till.ask(&request);
    let key = till.key(stan(&request));
    till.state(FaultKind::BatchDiffers);
    till.sign_in();
    assert_eq!(till.batch, 4);
    assert_eq!(till.reverse(&request).code(), "00");
    assert_eq!(till.host.ledger().net(&key), 0);
}

#[test]
fn a_void_gives_everything_back_once_and_only_of_a_payment_of_this_batch() {
    let mut till = Till::open(Wallet::Jd);
    let request = till.sale_message(900);
    let sale = till.ask(&request);
    let (paid, rrn) = (stan(&request), sale.rrn());
    let wrong = till.give_back(Mti::SALE, paid, &rrn, 899);
    assert_eq!(till.ask(&wrong).code(), "64");
    let strange = till.give_back(Mti::SALE, paid, "000000000000", 900);
    assert_eq!(till.ask(&strange).code(), "25");
    let void = till.give_back(Mti::SALE, paid, &rrn, 900);
    assert_eq!(till.ask(&void).says(), ("00", "OK0"));
    assert_eq!(till.ask(&void).says(), ("94", "H04"));
    assert_eq!(till.net(paid), 0);
    let again = till.give_back(Mti::SALE, paid, &rrn, 900);
    assert_eq!(till.ask(&again).code(), "12");
    // The payment itself cannot be reversed any more, the void can.
    assert_eq!(till.reverse(&request).code(), "12");
    assert_eq!(till.reverse(&void).code(), "00");
    assert_eq!(till.reverse(&void).code(), "00");
    assert_eq!(till.net(paid), 900);
    assert_eq!(till.host.ledger().sum(), 0);
}

#[test]
fn refunds_give_back_no_more_than_was_paid() {
    let mut till = Till::open(Wallet::Alipay);
    let request = till.sale_message(900);
    let sale = till.ask(&request);
    let (paid, rrn) = (stan(&request), sale.rrn());
    let first = till.give_back(Mti::REFUND, paid, &rrn, 300);
    assert_eq!(till.ask(&first).says(), ("00", "OK0"));
    assert_eq!(till.net(paid), 600);
    let much = till.give_back(Mti::REFUND, paid, &rrn, 601);
    assert_eq!(till.ask(&much).code(), "64");
    let void = till.give_back(Mti::SALE, paid, &rrn, 900);
    assert_eq!(till.ask(&void).code(), "12");
    let rest = till.give_back(Mti::REFUND, paid, &rrn, 600);
    assert_eq!(till.ask(&rest).code(), "00");
    assert_eq!(till.net(paid), 0);
    assert_eq!(till.query(stan(&rest)).code(), "00");
    assert_eq!(till.reverse(&rest).code(), "00");
    assert_eq!(till.net(paid), 600);
    assert_eq!(till.query(stan(&rest)).code(), "25");
}

#[test]
fn what_was_given_back_by_a_reversal_is_not_taken_again_by_reversing_the_refund() {
    let mut till = Till::open(Wallet::Alipay);
    let request = till.sale_message(900);
    let sale = till.ask(&request);
    let paid = stan(&request);
    let refund = till.give_back(Mti::REFUND, paid, &sale.rrn(), 300);
    till.ask(&refund);
    assert_eq!(till.reverse(&request).code(), "00");
    assert_eq!(till.net(paid), 0);
    assert_eq!(till.reverse(&refund).code(), "12");
    assert_eq!(till.net(paid), 0);
}

#[test]
fn a_refund_reaches_into_an_earlier_batch_and_a_void_does_not() {
    let mut till = Till::open(Wallet::Jd);
    let request = till.sale_message(900);
    let sale = till.ask(&request);
    let (paid, key) = (stan(&request), till.key(stan(&request)));
    till.state(FaultKind::BatchDiffers);
    till.sign_in();
    let mut void = till.give_back(Mti::SALE, paid, &sale.rrn(), 900);
    super::till::original(1, paid).put(&mut void);
    assert_eq!(till.ask(&void).code(), "12");
    let mut refund = till.give_back(Mti::REFUND, paid, &sale.rrn(), 900);
    super::till::original(1, paid).put(&mut refund);
    assert_eq!(till.ask(&refund).code(), "00");
    assert_eq!(till.host.ledger().net(&key), 0);
}

#[test]
fn a_partial_approval_is_half_and_is_reversed_or_voided_as_such() {
    let mut till = Till::open(Wallet::WeChat);
    let partial = till.state(FaultKind::WalletPartial);
    let request = till.sale_message(901);
    let answer = till.ask(&request);
    assert_eq!(answer.says(), ("10", "OK1"));
    assert_eq!(answer.amount(), Some(450));
    assert!(till.fired(partial));
    let queried = till.query(stan(&request));
    assert_eq!(
        (queried.says(), queried.amount()),
        (("10", "OK1"), Some(450))
    );
    assert_eq!(till.net(stan(&request)), 450);
    assert_eq!(till.reverse(&request).code(), "00");
    assert_eq!(till.net(stan(&request)), 0);
    let second = till.sale_message(1_000);
    let sale = till.ask(&second);
    let void = till.give_back(Mti::SALE, stan(&second), &sale.rrn(), 500);
    assert_eq!(till.ask(&void).code(), "00");
    assert_eq!(till.net(stan(&second)), 0);
    assert_eq!(till.sale(1).says(), ("00", "OK0"));
}

#[test]
fn nothing_is_no_amount() {
    let mut till = Till::open(Wallet::WeChat);
    assert_eq!(till.sale(0).code(), "13");
    let most = till.sale(999_999_999_999);
    assert_eq!(most.says(), ("09", "W01"));
}

#[test]
fn what_is_remembered_of_a_transaction_can_be_looked_up() {
    let mut till = Till::open(Wallet::Jd);
    let request = till.sale_message(100);
    till.ask(&request);
    let remembered = till.host.transaction(&till.key(stan(&request))).unwrap();
    assert_eq!(remembered.standing, Standing::Approved);
    assert!(remembered.is_payment() && remembered.stands());
}
