//! Refunds and voids (TXN-12).

use counterproof_sim::record::Fact;
use counterproof_sim::terminal::{Event, PaidOperation, Status};
use counterproof_sim::vocabulary::Operation;

use super::breach::{at, say};
use crate::history::{History, effect};
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// TXN-12: no more is given back than was paid, and only of what exists; every refund and void has
/// a final word, and that is what the ledger holds.
pub(super) fn give_back_what_is_there(h: &History<'_>, found: &mut Vec<Breach>) {
    asks_for_no_more(h, found);
    if h.rest().is_some() {
        every_one_ends(h, found);
        words_are_true(h, found);
    }
}

/// What of an order the ledger held before an entry, in fen.
fn held(h: &History<'_>, order: &str, before: usize) -> i128 {
    h.postings()
        .filter(|(entry, p)| *entry < before && h.order_of(p) == Some(order))
        .map(|(_, p)| effect(p))
        .sum()
}

fn asks_for_no_more(h: &History<'_>, found: &mut Vec<Breach>) {
    let asked = h
        .messages()
        .filter(|m| matches!(m.operation(), Some(Operation::Refund | Operation::Void)));
    for message in asked {
        let held = message
            .order()
            .map_or(0, |order| held(h, order, message.entry()));
        let wanted = message
            .amount()
            .map_or(0, |amount| i128::from(amount.get()));
        if wanted > held {
            found.push(at(
                h,
                R::Txn12,
                message.entry(),
                say(
                    format!("no more asked back than the {held} fen that are there"),
                    format!("退回金额不超过现存的 {held} 分"),
                ),
                say(format!("{wanted} fen"), format!("{wanted} 分")),
            ));
        }
    }
}

/// The refunds and voids that the cashier asked for: entry, order, operation.
fn asked<'r>(h: &History<'r>) -> impl Iterator<Item = (usize, &'r str, PaidOperation)> {
    h.given(0, h.entries().len())
        .filter_map(|(entry, event)| match event {
            Event::Refund { order, .. } => Some((entry, &**order, PaidOperation::Refund)),
            Event::Void { order } => Some((entry, &**order, PaidOperation::Void)),
            _ => None,
        })
}

/// What the terminal said of refunds or voids of an order: entry, status, amount.
fn words(
    h: &History<'_>,
    order: &str,
    of: PaidOperation,
) -> impl Iterator<Item = (usize, Status, Option<i64>)> {
    h.entries()
        .iter()
        .enumerate()
        .filter_map(move |(entry, e)| match &e.fact {
            Fact::Did {
                action: counterproof_sim::terminal::Action::Outcome(o),
            } if *o.order == *order && o.operation == of => Some((entry, o.status, o.amount)),
            _ => None,
        })
}

/// The refunds and voids of an order that the terminal's last word calls approved, with their
/// amounts where it said them. A word that is repeated after a restart counts once.
pub(super) fn approved(h: &History<'_>, order: &str) -> Vec<(PaidOperation, Option<i64>)> {
    let of_order: Vec<_> = asked(h).filter(|(_, o, _)| *o == order).collect();
    let mut approved = Vec::new();
    for (n, (entry, _, of)) in of_order.iter().enumerate() {
        let until = of_order.get(n + 1).map_or(usize::MAX, |(next, ..)| *next);
        let last = words(h, order, *of)
            .filter(|(said, ..)| (*entry..until).contains(said))
            .last();
        if let Some((_, Status::Approved, amount)) = last {
            approved.push((*of, amount));
        }
    }
    approved
}

fn every_one_ends(h: &History<'_>, found: &mut Vec<Breach>) {
    for (entry, order, of) in asked(h) {
        let mut after = words(h, order, of).filter(|(said, ..)| *said > entry);
        // Refused with a display alone: the device was busy (edges 6).
        let sent = h.messages().any(|m| {
            m.entry() > entry
                && m.order() == Some(order)
                && matches!(m.operation(), Some(Operation::Refund | Operation::Void))
        });
        if sent && !after.any(|(_, status, _)| status.is_final()) {
            found.push(at(
                h,
                R::Txn12,
                entry,
                say(
                    format!("a final word on what was asked back of order {order}"),
                    format!("订单{order}的退款有最终结果"),
                ),
                say("none", "没有"),
            ));
        }
    }
}

fn words_are_true(h: &History<'_>, found: &mut Vec<Breach>) {
    let mut orders: Vec<&str> = asked(h).map(|(_, order, _)| order).collect();
    orders.sort_unstable();
    orders.dedup();
    for order in orders {
        // What refunds and voids moved, each transaction by itself.
        let moved: i128 = h
            .postings()
            .filter(|(_, p)| p.key != p.payment && h.order_of(p) == Some(order))
            .map(|(_, p)| -effect(p))
            .sum();
        let all = [PaidOperation::Refund, PaidOperation::Void];
        let said = all.iter().flat_map(|of| words(h, order, *of));
        let Some((entry, ..)) = said.max_by_key(|(entry, ..)| *entry) else {
            continue;
        };
        let approved = approved(h, order);
        let silent = approved.iter().any(|(_, amount)| amount.is_none());
        let told: i128 = approved
            .iter()
            .filter_map(|(_, amount)| amount.map(i128::from))
            .sum();
        let right = if silent {
            (moved > 0) != approved.is_empty()
        } else {
            told == moved
        };
        if !right {
            found.push(at(
                h,
                R::Txn12,
                entry,
                say(
                    format!(
                        "what was given back of order {order} as the ledger has it: {moved} fen"
                    ),
                    format!("订单{order}的退款与账本一致：{moved} 分"),
                ),
                say(format!("{told} fen"), format!("{told} 分")),
            ));
        }
    }
}
