//! Waiting for the customer (TXN-08).

use counterproof_sim::record::Fact;
use counterproof_sim::terminal::{Event, Status};
use counterproof_sim::time::Span;
use counterproof_sim::vocabulary::Operation;

use super::answers::{is_own, resolved};
use super::breach::{at, missing, say};
use crate::history::{History, Message};
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// `unknown`, and the reversal at the end of the window, are due this soon (edges 2, 23).
const SOON: Span = Span::from_secs(1);

/// TXN-08: says so, queries no faster than the interval, reverses at the end of the window.
pub(super) fn waits_as_it_should(h: &History<'_>, found: &mut Vec<Breach>) {
    for payment in h.messages().filter(|m| m.is_payment()) {
        let Some(waiting) = payment
            .answers()
            .iter()
            .find(|a| a.code() == Some("09") && is_own(h, payment, a))
        else {
            continue;
        };
        if payment.operation() == Some(Operation::CodeOrder) {
            continue;
        }
        says_so(h, payment, waiting.entry, found);
        query_interval(h, payment, found);
        window_ends(h, payment, waiting.entry, found);
    }
}

fn queries<'h, 'r>(
    h: &'h History<'r>,
    payment: &'h Message<'r>,
) -> impl Iterator<Item = &'h Message<'r>> {
    h.sent(Operation::Query)
        .filter(|q| q.original().is_some_and(|o| Some(o.stan) == payment.stan()))
}

fn disturbed(h: &History<'_>, from: usize, to: usize) -> bool {
    h.entries()[from.min(to)..to].iter().any(|e| {
        matches!(
            e.fact,
            Fact::PowerCut { .. }
                | Fact::Told {
                    event: Event::Cancel | Event::LinkUp { .. } | Event::LinkDown { .. }
                }
        )
    })
}

fn says_so(h: &History<'_>, payment: &Message<'_>, from: usize, found: &mut Vec<Breach>) {
    let Some(order) = payment.order() else { return };
    let due = h.at(from) + SOON + h.tolerance();
    let said = h.payments_of(order).flat_map(|o| &o.said).any(|s| {
        s.entry >= from && h.at(s.entry) <= due && matches!(s.outcome.status, Status::Unknown)
    }) || h.payments_of(order).flat_map(|o| &o.said).any(|s| {
        // One is enough for a stretch of waiting.
        s.entry > payment.entry() && s.entry < from && s.outcome.status == Status::Unknown
    });
    let cut = h.cuts().iter().any(|c| *c >= from && h.at(*c) <= due);
    if !said && !cut {
        found.push(at(
            h,
            R::Txn08,
            from,
            say(
                format!("order {order} reported unknown within 1 s"),
                format!("1 秒内报告订单{order}结果未知"),
            ),
            say("not said", "没有提示"),
        ));
    }
}

fn query_interval(h: &History<'_>, payment: &Message<'_>, found: &mut Vec<Breach>) {
    let interval = Span::from_millis(h.setup().timing.query_interval_ms);
    let sent: Vec<_> = queries(h, payment).collect();
    for pair in sent.windows(2) {
        let gap = h.at(pair[1].entry()).since(h.at(pair[0].entry()));
        if gap + h.tolerance() < interval && !disturbed(h, pair[0].entry(), pair[1].entry()) {
            found.push(at(
                h,
                R::Txn08,
                pair[1].entry(),
                say(
                    format!("queries at least {interval} apart"),
                    format!("两次查询至少间隔 {interval}"),
                ),
                say(gap.to_string(), gap.to_string()),
            ));
            return;
        }
    }
}

fn window_ends(h: &History<'_>, payment: &Message<'_>, from: usize, found: &mut Vec<Breach>) {
    let t = &h.setup().timing;
    let end = h.at(from) + Span::from_millis(t.query_for_ms);
    let last_wait = Span::from_millis(t.query_interval_ms);
    let due = end + last_wait + SOON + h.tolerance();
    let over = h.rest().map_or(h.entries().len() - 1, |rest| rest);
    if resolved(h, payment).is_some_and(|r| h.at(r) <= due)
        || h.at(over) < due
        || disturbed(h, from, over)
    {
        return;
    }
    let reversal = h
        .sent(Operation::Reversal)
        .find(|r| r.original().is_some_and(|o| Some(o.stan) == payment.stan()));
    // A reversal may need a connection of its own: what counts is when that was asked for.
    let began = reversal.map(|r| {
        let alone = h
            .messages()
            .find(|m| m.conn() == r.conn())
            .is_some_and(|m| m.entry() == r.entry());
        let dialled = h
            .conns()
            .iter()
            .find(|c| c.id == r.conn())
            .map(|c| c.dialled);
        h.at(dialled.filter(|_| alone).unwrap_or_else(|| r.entry()))
    });
    match (reversal, began) {
        (Some(_), Some(began)) if began <= due => {}
        (Some(reversal), _) if h.is_deaf_between(from, reversal.entry()) => {}
        (Some(reversal), _) => found.push(at(
            h,
            R::Txn08,
            reversal.entry(),
            say(
                "the reversal at the end of the window, with no gap",
                "窗口结束时立即冲正，无空档",
            ),
            say(
                format!("{} after the window", h.at(reversal.entry()).since(end)),
                format!("窗口结束后 {}", h.at(reversal.entry()).since(end)),
            ),
        )),
        (None, _) => found.push(missing(
            R::Txn08,
            say("a reversal at the end of the window", "窗口结束时冲正"),
            say("none", "没有"),
        )),
    }
}
