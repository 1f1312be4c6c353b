use super::*;
use crate::emvco;

fn phone(wallet: Wallet) -> Phone {
    Phone::new(wallet, &Seeds::new(7, "phone"))
}

fn at(seconds: u64) -> Time {
    Time::from_millis(1_767_225_600_000) + Span::from_secs(seconds)
}

fn armed(kind: FaultKind) -> Phone {
    let mut phone = phone(Wallet::WeChat);
    phone.arm(at(0), FaultId(3), &Fault::state(kind));
    phone
}

/// What the phone did, and whether fault 3 fired.
fn drained(phone: &mut Phone) -> (Vec<PhoneOutput>, bool) {
    let all: Vec<_> = std::iter::from_fn(|| phone.poll()).collect();
    let fired = all.contains(&PhoneOutput::Fired(FaultId(3)));
    let rest = all
        .into_iter()
        .filter(|output| !matches!(output, PhoneOutput::Fired(_)))
        .collect();
    (rest, fired)
}

/// When the customer answers a question asked at `at(0)`, and what; `None` where never.
fn answered(phone: &mut Phone) -> Option<(Time, bool)> {
    phone.asked(at(0), AskId(1));
    let when = phone.wake_at()?;
    phone.wake(when);
    match drained(phone).0.as_slice() {
        [PhoneOutput::Confirm { ask: AskId(1), yes }] => Some((when, *yes)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_code_stays_for_a_minute_and_then_is_a_new_one() {
    let mut phone = phone(Wallet::Alipay);
    let first = phone.present(at(0)).code.unwrap();
    assert_eq!(route(&first.text), Some(Wallet::Alipay));
    assert_eq!(first.minted, at(0));
    assert_eq!(phone.present(at(60)).code.unwrap(), first);
    let second = phone.present(at(61)).code.unwrap();
    assert_ne!(second.text, first.text);
    phone.refresh();
    assert_ne!(phone.present(at(61)).code.unwrap().text, second.text);
}

#[test]
fn another_funding_source_brings_another_code() {
    let mut phone = phone(Wallet::Jd);
    let credit = phone.present(at(0)).code.unwrap();
    assert_eq!(credit.account.funding, Funding::Baitiao(Plan::One));
    phone.set_funding(Funding::Card);
    let card = phone.present(at(1)).code.unwrap();
    assert_eq!(card.account.funding, Funding::Card);
    assert_ne!(card.text, credit.text);
}

#[test]
fn a_payment_function_off_in_the_app_shows_no_code() {
    let mut phone = armed(FaultKind::PaymentOffInApp);
    assert_eq!(phone.present(at(0)).code, None);
    assert!(drained(&mut phone).1);
    phone.lift(at(1), FaultId(3));
    assert!(phone.present(at(1)).code.is_some());
    phone.handset().payment = PaymentFunction::OffInApp;
    assert_eq!(phone.present(at(1)).code, None);
}

#[test]
fn an_outdated_phone_shows_a_stale_code_or_none_or_is_refused_later() {
    let mut stale = armed(FaultKind::OutdatedStaleCode);
    let code = stale.present(at(0)).code.unwrap();
    assert!(code.expired(at(0)));
    assert_eq!(stale.present(at(30)).code.unwrap(), code);
    assert!(drained(&mut stale).1);

    let mut none = armed(FaultKind::OutdatedNoCode);
    assert_eq!(none.present(at(0)).code, None);
    assert!(drained(&mut none).1);

    let mut refused = phone(Wallet::WeChat);
    refused.handset().system = Version::new(4, 0);
    let code = refused.present(at(0)).code.unwrap();
    assert_eq!(code.account.barred, Some(Barred::Outdated));
    assert!(!code.expired(at(0)));
}

#[test]
fn a_wrong_clock_is_written_into_the_code() {
    let mut slow = armed(FaultKind::PhoneClock);
    assert!(slow.present(at(0)).code.unwrap().expired(at(0)));
    assert!(drained(&mut slow).1);
    let mut fast = phone(Wallet::WeChat);
    fast.handset().clock = Clock::Fast(Span::from_secs(300));
    let code = fast.present(at(0)).code.unwrap();
    assert_eq!(code.minted, at(300));
    assert!(code.expired(at(0)));
    // The app itself sees nothing wrong and keeps the code.
    assert_eq!(fast.present(at(20)).code.unwrap(), code);
}

#[test]
fn a_dark_or_cracked_screen_shows_a_code_that_nobody_can_read() {
    for kind in [FaultKind::DarkScreen, FaultKind::CrackedScreen] {
        let mut phone = armed(kind);
        let shown = phone.present(at(0));
        assert!(shown.code.is_some() && !shown.legible);
        assert!(drained(&mut phone).1);
    }
    assert!(phone(Wallet::WeChat).present(at(0)).legible);
}

#[test]
fn a_customer_answers_after_a_few_seconds() {
    let (when, yes) = answered(&mut phone(Wallet::WeChat)).unwrap();
    assert!(yes && when >= at(3) && when < at(8));
}

#[test]
fn a_silent_a_slow_and_a_refusing_customer() {
    assert_eq!(answered(&mut armed(FaultKind::CustomerSilent)), None);
    let slow = answered(&mut armed(FaultKind::CustomerSlow));
    assert_eq!(slow, Some((at(50), true)));
    let (_, yes) = answered(&mut armed(FaultKind::CustomerRefuses)).unwrap();
    assert!(!yes);
}

#[test]
fn an_offline_phone_shows_a_code_and_gets_questions_when_it_is_online_again() {
    let mut phone = armed(FaultKind::PhoneOffline);
    assert!(phone.present(at(0)).code.is_some());
    assert!(drained(&mut phone).1);
    phone.asked(at(1), AskId(9));
    assert_eq!(phone.wake_at(), None);
    assert!(drained(&mut phone).1);
    phone.lift(at(20), FaultId(3));
    let when = phone.wake_at().unwrap();
    assert!(when >= at(23) && when < at(28));
}

#[test]
fn a_phone_scans_a_whole_code_only_and_only_online() {
    let payload = emvco::build(&[(emvco::AMOUNT, "1.00")]).unwrap();
    let mut good = phone(Wallet::WeChat);
    assert_eq!(good.scan(&payload), Some(Payer::default()));
    assert_eq!(good.scan(&payload[1..]), None);
    good.set_online(at(0), false);
    assert_eq!(good.scan(&payload), None);
    assert_eq!(armed(FaultKind::PaymentOffInApp).scan(&payload), None);
}

#[test]
fn the_same_seed_draws_the_same_codes() {
    let mut one = phone(Wallet::Ecny);
    let mut other = phone(Wallet::Ecny);
    assert_eq!(one.present(at(0)), other.present(at(0)));
}
