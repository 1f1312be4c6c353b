//! Settlement, batch details, the end of a batch, and the batch that comes after.

use super::till::{Answer, Till, stan};
use crate::fault::FaultKind;
use crate::iso8583::de48::{BALANCED, Detail, Side, Totals, UNBALANCED, batch_end};
use crate::iso8583::de60;
use crate::iso8583::{Field, Mti};
use crate::money::Fen;
use crate::record::Fact;
use crate::vocabulary::Wallet;

fn settle(till: &mut Till, domestic: Side) -> (Answer, u8) {
    let mut message = till.management(Mti::SETTLEMENT, de60::SETTLEMENT);
    let totals = Totals {
        domestic,
        foreign: Side::default(),
    };
    message.set(Field::TOTALS, &totals.digits());
    message.set_text(Field::CURRENCY, "156");
    message.set_text(Field::REASON, "01 ");
    let answer = till.ask(&message);
    let judged = match answer.message().get(Field::TOTALS) {
        Some(digits) => Totals::parse(digits).unwrap().domestic.code,
        None => 0,
    };
    (answer, judged)
}

fn end(till: &mut Till, network: u16, records: u16) -> Answer {
    let mut message = till.management(Mti::BATCH, network);
    message.set(Field::TOTALS, &batch_end(records));
    till.ask(&message)
}

/// Three sales, one reversed, one voided, one refunded in part, and a refused one.
fn trade(till: &mut Till) -> Side {
    let first = till.sale_message(1_000);
    let answer = till.ask(&first);
    let refund = till.give_back(Mti::REFUND, stan(&first), &answer.rrn(), 250);
    till.ask(&refund);
    let second = till.sale_message(2_000);
    till.ask(&second);
    till.reverse(&second);
    let third = till.sale_message(4_000);
    let answer = till.ask(&third);
    let void = till.give_back(Mti::SALE, stan(&third), &answer.rrn(), 4_000);
    till.ask(&void);
    let refused = till.state(FaultKind::WalletRefuses);
    till.sale(8_000);
    till.lift(refused);
    Side {
        debit: Fen::new(5_000),
        debits: 2,
        credit: Fen::new(4_250),
        credits: 2,
        code: 0,
    }
}

#[test]
fn totals_that_agree_are_balanced_and_close_the_batch() {
    let mut till = Till::open(Wallet::Jd);
    let totals = trade(&mut till);
    let (answer, judged) = settle(&mut till, totals);
    assert_eq!((answer.code(), judged), ("00", BALANCED));
    assert!(!answer.message().has(Field::MAC));
    // The same again is answered alike.
    assert_eq!(settle(&mut till, totals).1, BALANCED);
    assert_eq!(end(&mut till, de60::BATCH_END_BALANCED, 0).code(), "00");
    let closed = Fact::BatchClosed {
        terminal: till.key(0).terminal,
        batch: 1,
        balanced: true,
    };
    assert!(till.facts.contains(&closed));
    assert_eq!(end(&mut till, de60::BATCH_END_BALANCED, 0).code(), "00");
    assert_eq!(settle(&mut till, totals).1, BALANCED);
    assert_eq!(till.facts.iter().filter(|f| **f == closed).count(), 1);
    // Nothing is paid in a closed batch.
    let sale = till.sale_message(100);
    assert_eq!(till.ask(&sale).says(), ("77", "T02"));
    till.sign_in();
    assert_eq!(till.batch, 2);
    assert_eq!(till.host.batch(till.key(0).terminal), Some(2));
    assert_eq!(till.sale(100).code(), "00");
    assert_eq!(settle(&mut till, totals).1, UNBALANCED);
}

#[test]
fn totals_that_differ_are_unbalanced_and_the_details_are_taken() {
    let mut till = Till::open(Wallet::Jd);
    let mut totals = trade(&mut till);
    totals.debit = Fen::new(4_999);
    let (answer, judged) = settle(&mut till, totals);
    assert_eq!((answer.code(), judged), ("00", UNBALANCED));
    let mine = Totals::parse(answer.message().get(Field::TOTALS).unwrap()).unwrap();
    assert_eq!(mine.domestic.debit, Fen::new(5_000));
    let mut details = till.management(Mti::BATCH, de60::SETTLEMENT);
    let detail = Detail {
        stan: 2,
        kind: 22,
        rrn: *b"080002000001",
        amount: Fen::new(1_000),
    };
    let field = Detail::emit(&[detail]).unwrap();
    details.set(Field::TOTALS, &field);
    assert_eq!(till.ask(&details).code(), "00");
    details.set(Field::TOTALS, &field[1..]);
    assert_eq!(till.ask(&details).code(), "30");
    assert_eq!(end(&mut till, de60::BATCH_END_UNBALANCED, 1).code(), "00");
    assert_eq!(till.judged().2, "");
}

#[test]
fn an_end_that_does_not_fit_its_settlement_is_noted() {
    let mut till = Till::open(Wallet::Jd);
    assert_eq!(end(&mut till, de60::BATCH_END_BALANCED, 0).code(), "00");
    assert!(till.judged().2.contains("without a settlement"));
    till.sign_in();
    let wrong = Side {
        debits: 1,
        ..Side::default()
    };
    settle(&mut till, wrong);
    end(&mut till, de60::BATCH_END_BALANCED, 0);
    assert!(till.judged().2.contains("other code"));
}

#[test]
fn settlement_of_another_batch_is_refused_and_a_reversal_of_it_is_not() {
    let mut till = Till::open(Wallet::Jd);
    let request = till.sale_message(500);
    till.ask(&request);
    let old = till.key(stan(&request));
    settle(&mut till, Side::default());
    end(&mut till, de60::BATCH_END_UNBALANCED, 0);
    till.sign_in();
    till.batch = 1;
    let (answer, _) = settle(&mut till, Side::default());
    assert_eq!(answer.says(), ("77", "T02"));
    assert_eq!(end(&mut till, de60::BATCH_END_BALANCED, 0).code(), "77");
    assert_eq!(till.reverse(&request).code(), "00");
    assert_eq!(till.host.ledger().net(&old), 0);
}

#[test]
fn a_batch_that_differs_is_refused_until_the_sign_in_that_names_it() {
    let mut till = Till::open(Wallet::Jd);
    let id = till.state(FaultKind::BatchDiffers);
    let request = till.sale_message(100);
    let answer = till.ask(&request);
    assert_eq!((answer.says(), answer.mac), (("77", "T02"), Some(true)));
    assert!(till.fired(id));
    assert!(till.judged().2.contains("000004"));
    till.sign_in();
    assert_eq!(till.batch, 4);
    assert_eq!(till.sale(100).code(), "00");
}

#[test]
fn a_batch_that_differs_from_the_start_differs_after_the_first_sign_in() {
    let mut till = Till::closed(Wallet::Jd);
    till.state(FaultKind::BatchDiffers);
    till.sign_in();
    assert_eq!(till.batch, 1);
    assert_eq!(till.sale(100).code(), "77");
    till.sign_in();
    assert_eq!((till.batch, till.sale(100).code()), (4, "00"));
}
