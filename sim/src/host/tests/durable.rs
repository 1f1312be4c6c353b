//! An acquirer that is stopped at any moment and goes on from what it handed out.

use super::till::{Till, stan};
use crate::fault::FaultKind;
use crate::host::{Durable, Host, Pace, Standing};
use crate::money::Fen;
use crate::phone::Password;
use crate::random::Seeds;
use crate::time::Span;
use crate::vocabulary::Wallet;

/// The till with another host, which knows nothing but what these say.
fn restarted(mut till: Till, states: &[Durable]) -> Till {
    let seeds = Seeds::new(2, "restart");
    till.host = Host::new(till.dialect, &till.account, till.now, &seeds);
    for state in states {
        // As it travels to where it is kept and back.
        let kept = serde_json::to_string(state).unwrap();
        till.host.restore(serde_json::from_str(&kept).unwrap());
    }
    till.host.watch_changes();
    till.connect();
    till
}

fn watched(wallet: Wallet) -> (Till, Vec<Durable>) {
    let mut till = Till::closed(wallet);
    till.host.watch_changes();
    till.sign_in();
    let first = till.host.changes();
    (till, vec![first])
}

#[test]
fn money_transactions_and_keys_are_as_they_were() {
    let (mut till, mut states) = watched(Wallet::Alipay);
    let sale = till.sale_message(12_850);
    let answer = till.ask(&sale);
    states.push(till.host.changes());
    let refund = till.give_back(crate::iso8583::Mti::REFUND, stan(&sale), &answer.rrn(), 50);
    till.ask(&refund);
    states.push(till.host.changes());
    let postings = till.host.ledger().postings().to_vec();
    let before: Vec<_> = till.host.transactions().map(|(k, t)| (*k, *t)).collect();

    let mut till = restarted(till, &states);
    assert_eq!(till.host.ledger().postings(), postings);
    assert_eq!(till.host.ledger().sum(), 0);
    assert_eq!(till.net(stan(&sale)), 12_800);
    let after: Vec<_> = till.host.transactions().map(|(k, t)| (*k, *t)).collect();
    assert_eq!(after, before);
    // The same again is refused, under the keys that the terminal has.
    assert_eq!(till.ask(&sale).code(), "94");
    assert_eq!(till.query(stan(&sale)).code(), "00");
    assert_eq!(till.reverse(&sale).code(), "00");
    assert_eq!(till.net(stan(&sale)), 0);
    assert_eq!(till.host.ledger().postings().len(), 3);
}

#[test]
fn a_code_that_served_serves_no_more_and_one_that_was_issued_still_does() {
    let (mut till, mut states) = watched(Wallet::WeChat);
    let used = till.phone.present(till.now).code.unwrap();
    till.host.issue(&used);
    let sale = till.sale_with(&used.text, 100);
    assert_eq!(till.ask(&sale).code(), "00");
    till.phone.refresh();
    let fresh = till.phone.present(till.now).code.unwrap();
    till.host.issue(&fresh);
    till.host.customer_mut(Wallet::WeChat, 1).balance = Fen::new(150);
    states.push(till.host.changes());

    let mut till = restarted(till, &states);
    let again = till.sale_with(&used.text, 100);
    assert_eq!(till.ask(&again).says(), ("94", "C02"));
    let poor = till.sale_with(&fresh.text, 100);
    assert_eq!(till.ask(&poor).says(), ("51", "H03"));
}

#[test]
fn what_waits_for_a_customer_waits_on_and_lapses() {
    let (mut till, mut states) = watched(Wallet::Jd);
    till.phone.set_password(Password::Always);
    till.state(FaultKind::CustomerSilent);
    let sale = till.sale_message(100);
    assert_eq!(till.ask(&sale).code(), "09");
    let refused = till.sale_message(100);
    till.ask(&refused);
    till.host.confirmed(till.now, crate::host::AskId(1), false);
    states.push(till.host.changes());

    let mut till = restarted(till, &states);
    let asks: Vec<_> = till
        .host
        .asks()
        .map(|ask| (ask.id.0, ask.key.stan))
        .collect();
    assert_eq!(asks, [(0, stan(&sale))]);
    till.run(Span::from_secs(61));
    assert_eq!(till.host.asks().count(), 0);
    let standing = till
        .host
        .transaction(&till.key(stan(&sale)))
        .unwrap()
        .standing;
    assert!(matches!(standing, Standing::Declined(_)), "{standing:?}");
    assert_eq!(till.host.changes().transactions.len(), 1);
    let next = till.sale_message(100);
    till.ask(&next);
    assert_eq!(till.host.asks().next().unwrap().id.0, 2);
}

#[test]
fn keys_that_another_master_key_sealed_are_dropped() {
    let (mut till, states) = watched(Wallet::Jd);
    till.account.master_key = vec![9; 16].into();
    let mut till = restarted(till, &states);
    assert_eq!(till.sale(100).code(), "A0");
    assert!(!format!("{states:?}").contains("MacKey("));
}

#[test]
fn nothing_is_noted_unless_somebody_asked_for_it() {
    let mut till = Till::open(Wallet::Jd);
    till.sale(100);
    let changes = till.host.changes();
    assert!(changes.transactions.is_empty() && changes.sessions.is_empty());
}

#[test]
fn a_prompt_acquirer_answers_at_the_same_instant() {
    let mut till = Till::open(Wallet::Jd);
    till.host.set_pace(Pace::Prompt);
    let request = till.sale_message(100);
    let frame = till.frame(&request, true);
    let now = till.now;
    till.host.received(now, till.conn, &frame);
    assert_eq!(till.host.wake_at(), Some(now));
}
