//! Money: the terminal's word against the ledger (TXN-03, TXN-04, TXN-11).

use std::collections::BTreeMap;

use counterproof_sim::money::Fen;
use counterproof_sim::terminal::{PaidOperation, Status};
use counterproof_sim::vocabulary::Operation;

use super::answers::{PARTIAL, own_answer};
use super::breach::{at, say};
use super::refunds::approved;
use crate::history::{History, Said, effect};
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

fn yuan(fen: i128) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!(
        "{sign}{}",
        Fen::new(u64::try_from(fen.unsigned_abs()).unwrap_or(u64::MAX))
    )
}

/// The words on the payment of each order, over all its payments, oldest first.
pub(super) fn words<'r>(h: &History<'r>) -> BTreeMap<&'r str, Vec<Said<'r>>> {
    let mut words: BTreeMap<&str, Vec<Said<'_>>> = BTreeMap::new();
    for order in h.orders() {
        let said = order
            .said
            .iter()
            .filter(|s| s.outcome.operation == PaidOperation::Pay);
        words.entry(order.order).or_default().extend(said);
    }
    words
}

/// TXN-03: at rest, the last word on every order is what the ledger holds; and a final word does
/// not change.
pub(super) fn tells_the_truth(h: &History<'_>, found: &mut Vec<Breach>) {
    final_words_stand(h, found);
    if h.rest().is_none() {
        return;
    }
    let nets = h.nets();
    for (order, said) in words(h) {
        let Some(last) = said.last().filter(|s| s.outcome.status.is_final()) else {
            continue;
        };
        let asked = h.payments_of(order).last().map_or(0, |o| o.amount);
        let paid = match last.outcome.status {
            Status::Approved => i128::from(last.outcome.amount.unwrap_or(asked)),
            Status::Declined | Status::Cancelled | Status::Unknown => 0,
        };
        let told = paid - given_back(h, order, paid);
        let held = nets.get(order).copied().unwrap_or(0);
        if told != held {
            let word = match last.outcome.status {
                Status::Approved => "approved",
                Status::Declined => "declined",
                Status::Cancelled => "cancelled",
                Status::Unknown => "unknown",
            };
            found.push(at(
                h,
                R::Txn03,
                last.entry,
                say(
                    format!(
                        "order {order} reported as the ledger has it: {} yuan",
                        yuan(held)
                    ),
                    format!("订单{order}的结果与账本一致：{} 元", yuan(held)),
                ),
                say(
                    format!("{word}, {} yuan", yuan(told)),
                    format!("{word}，{} 元", yuan(told)),
                ),
            ));
        }
    }
    stray_money(h, found);
}

/// What the terminal says that it gave back of an order by refunds and voids.
fn given_back(h: &History<'_>, order: &str, paid: i128) -> i128 {
    approved(h, order)
        .iter()
        .fold(0, |sum, (of, amount)| match of {
            // A void gives back what is left, whether or not it says how much.
            PaidOperation::Void => paid,
            _ => sum + amount.map_or(0, i128::from),
        })
}

/// Money that moved for no order of the cashier's.
fn stray_money(h: &History<'_>, found: &mut Vec<Breach>) {
    let mut stray: BTreeMap<_, (usize, i128)> = BTreeMap::new();
    for (entry, posting) in h.postings().filter(|(_, p)| h.order_of(p).is_none()) {
        let sum = stray.entry(posting.payment).or_insert((entry, 0));
        sum.1 += effect(posting);
    }
    for (entry, sum) in stray.into_values().filter(|(_, sum)| *sum != 0) {
        found.push(at(
            h,
            R::Txn03,
            entry,
            say(
                "money moved for the cashier's orders only",
                "资金只为收银员的订单变动",
            ),
            say(
                format!("{} yuan for no order", yuan(sum)),
                format!("{} 元不属于任何订单", yuan(sum)),
            ),
        ));
    }
}

/// Edges 3: a final word may be repeated, never changed. A new payment of the order is a new
/// story.
fn final_words_stand(h: &History<'_>, found: &mut Vec<Breach>) {
    for order in h.orders() {
        let mut stood: Option<Said<'_>> = None;
        for said in order
            .said
            .iter()
            .filter(|s| s.outcome.operation == PaidOperation::Pay)
        {
            let changed = stood.is_some_and(|first| {
                let restarted = h
                    .boots()
                    .iter()
                    .any(|b| (first.entry..said.entry).contains(b));
                // After a restart a terminal may look again before it repeats its word.
                let looks_again = restarted && !said.outcome.status.is_final();
                first.outcome.status != said.outcome.status && !looks_again
            });
            if changed {
                found.push(at(
                    h,
                    R::Txn03,
                    said.entry,
                    say(
                        format!("the final word on order {} stands", order.order),
                        format!("订单{}的最终结果不再改变", order.order),
                    ),
                    say("it was changed", "结果被改变"),
                ));
            }
            if said.outcome.status.is_final() {
                stood.get_or_insert(*said);
            }
        }
    }
}

/// TXN-04: at no moment is an order charged by two transactions.
pub(super) fn never_charged_twice(h: &History<'_>, found: &mut Vec<Breach>) {
    let mut live: BTreeMap<&str, BTreeMap<_, i128>> = BTreeMap::new();
    for (entry, posting) in h.postings() {
        let Some(order) = h.order_of(posting) else {
            continue;
        };
        let charges = live.entry(order).or_default();
        *charges.entry(posting.payment).or_insert(0) += effect(posting);
        let standing = charges.values().filter(|sum| **sum > 0).count();
        if effect(posting) > 0 && standing > 1 {
            found.push(at(
                h,
                R::Txn04,
                entry,
                say(
                    format!("order {order} charged once at most"),
                    format!("订单{order}最多扣款一次"),
                ),
                say(
                    format!("{standing} charges at once"),
                    format!("同时有 {standing} 笔扣款"),
                ),
            ));
        }
    }
}

/// TXN-11: a partial approval is reported with its amount, or reversed.
pub(super) fn partial_approval(h: &History<'_>, found: &mut Vec<Breach>) {
    for sale in h.messages().filter(|m| m.is_payment()) {
        let Some(answer) = own_answer(h, sale).filter(|a| a.code() == Some(PARTIAL)) else {
            continue;
        };
        let approved = answer
            .packet
            .message
            .get(counterproof_sim::iso8583::Field::AMOUNT)
            .and_then(Fen::from_digits);
        let Some(order) = sale.order() else { continue };
        let words = words(h);
        let last = words.get(order).and_then(|said| said.last().copied());
        let reversed = h
            .sent(Operation::Reversal)
            .any(|r| r.original().is_some_and(|o| Some(o.stan) == sale.stan()));
        let Some(last) = last else { continue };
        let told = last
            .outcome
            .amount
            .and_then(|a| u64::try_from(a).ok())
            .map(Fen::new);
        let right = match last.outcome.status {
            Status::Approved => told == approved,
            Status::Declined | Status::Cancelled => reversed,
            Status::Unknown => true,
        };
        if !right {
            let wanted = approved.unwrap_or(Fen::ZERO);
            found.push(at(
                h,
                R::Txn11,
                last.entry,
                say(
                    format!("the approved {wanted} yuan reported, or the payment reversed"),
                    format!("报告批准的 {wanted} 元，或予以冲正"),
                ),
                say(
                    told.map_or_else(|| "no amount".to_owned(), |t| format!("{t} yuan")),
                    told.map_or_else(|| "没有金额".to_owned(), |t| format!("{t} 元")),
                ),
            ));
        }
    }
}
