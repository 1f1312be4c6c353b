//! A reversal is sent again until it is through, in rounds of three (REV-04).

use std::collections::BTreeMap;

use counterproof_sim::record::Fact;
use counterproof_sim::terminal::Event;
use counterproof_sim::time::Span;
use counterproof_sim::vocabulary::Operation;

use super::super::answers::resolved;
use super::super::breach::{at, say};
use super::original_of;
use crate::history::{History, Message};
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// The sendings of each reversal, by the original's batch and STAN.
pub(super) fn campaigns<'h, 'r>(h: &'h History<'r>) -> impl Iterator<Item = Vec<&'h Message<'r>>> {
    let mut campaigns: BTreeMap<(u32, u32), Vec<&Message<'_>>> = BTreeMap::new();
    for reversal in h.sent(Operation::Reversal) {
        if let Some(about) = reversal.original() {
            campaigns
                .entry((about.batch, about.stan))
                .or_default()
                .push(reversal);
        }
    }
    campaigns.into_values()
}

/// REV-04: an unanswered reversal is repeated at its interval, and nothing new is sent meanwhile.
pub(in crate::checks) fn repeated(h: &History<'_>, found: &mut Vec<Breach>) {
    let t = &h.setup().timing;
    let retry = Span::from_millis(t.reversal_retry_ms);
    // A terminal may count from the wish to connect; a quarter is more than any connection takes
    // off on a line that works.
    let soonest = Span::from_micros(retry.as_micros() / 4 * 3);
    let latest =
        retry + Span::from_millis(t.connect_timeout_ms) + Span::from_secs(10) + h.tolerance();
    for sendings in campaigns(h) {
        for (n, pair) in sendings.windows(2).enumerate() {
            let (one, next) = (pair[0], pair[1]);
            let gap = h.at(next.entry()).since(h.at(one.entry()));
            let excused = prompted(h, one.entry(), next.entry());
            if gap + h.tolerance() < soonest && !excused {
                found.push(at(
                    h,
                    R::Rev04,
                    next.entry(),
                    say(
                        format!("repeats {retry} apart"),
                        format!("冲正重发间隔 {retry}"),
                    ),
                    say(gap.to_string(), gap.to_string()),
                ));
                break;
            }
            let in_round = n % 3 != 2 && !excused && !refused_between(h, one.entry(), next.entry());
            if n < 2 && in_round && gap > latest && !h.is_deaf_between(one.entry(), next.entry()) {
                found.push(at(
                    h,
                    R::Rev04,
                    next.entry(),
                    say("up to 3 sendings a round", "每轮最多发送 3 次冲正"),
                    say(format!("the next after {gap}"), format!("{gap} 之后才重发")),
                ));
                break;
            }
        }
        round_is_three(h, &sendings, found);
        let (Some(first), Some(original)) = (
            sendings.first(),
            sendings.first().and_then(|r| original_of(h, r)),
        ) else {
            continue;
        };
        let end = resolved(h, original);
        kept_till_through(h, original, first.entry(), end, found);
        let next = h
            .messages()
            .find(|m| m.is_financial() && m.entry() > first.entry());
        if let Some(next) = next.filter(|next| end.is_none_or(|end| next.entry() < end)) {
            found.push(at(
                h,
                R::Rev04,
                next.entry(),
                say(
                    "no new payment before the reversal is through",
                    "冲正完成之前不接受新的付款",
                ),
                say("a financial message left", "发出了金融报文"),
            ));
        }
    }
}

/// An order has no final word while its reversal is not through.
fn kept_till_through(
    h: &History<'_>,
    original: &Message<'_>,
    first: usize,
    end: Option<usize>,
    found: &mut Vec<Breach>,
) {
    let Some(order) = original.order() else {
        return;
    };
    let said = h
        .payments_of(order)
        .filter(|o| o.opened < original.entry())
        .last()
        .and_then(|o| {
            o.said
                .iter()
                .find(|s| s.entry > first && s.outcome.status.is_final())
        });
    if let Some(said) = said.filter(|said| end.is_none_or(|end| said.entry < end)) {
        found.push(at(
            h,
            R::Rev04,
            said.entry,
            say(
                format!("no final word on order {order} before its reversal is through"),
                format!("冲正完成之前不对订单{order}给出最终结果"),
            ),
            say("a final word", "给出了最终结果"),
        ));
    }
}

/// A round is three sendings in all (edges 24): of any four in a row, two are a round apart, unless
/// something happened that starts a round at once.
fn round_is_three(h: &History<'_>, sendings: &[&Message<'_>], found: &mut Vec<Breach>) {
    let round = h.setup().timing.reversal_round_ms;
    // A terminal may count from the first sending of a round or from its last, or from the wish to
    // connect.
    let apart = Span::from_millis(round / 2);
    let crowd = sendings.windows(4).find(|four| {
        let close = |pair: &[&Message<'_>]| {
            h.at(pair[1].entry()).since(h.at(pair[0].entry())) < apart
                && !prompted(h, pair[0].entry(), pair[1].entry())
        };
        four.windows(2).all(close)
    });
    if let Some(four) = crowd {
        let took = h.at(four[3].entry()).since(h.at(four[0].entry()));
        found.push(at(
            h,
            R::Rev04,
            four[3].entry(),
            say("3 sendings a round at most", "每轮最多发送 3 次冲正"),
            say(format!("4 in {took}"), format!("{took} 内发送 4 次")),
        ));
    }
}

/// Whether something happened between two sendings that may start a round or a try at once: a
/// link, an operation of the cashier, a restart, a sign-in, an answer.
fn prompted(h: &History<'_>, from: usize, to: usize) -> bool {
    h.entries()[from + 1..to].iter().any(|e| match &e.fact {
        Fact::Boot { .. } | Fact::PowerCut { .. } => true,
        Fact::Told { event } => matches!(
            event,
            Event::LinkUp { .. }
                | Event::LinkDown { .. }
                | Event::Pay { .. }
                | Event::SignIn
                | Event::Status { .. }
                | Event::Settle
                | Event::Void { .. }
                | Event::Refund { .. }
                | Event::HostData { .. }
                | Event::HostClosed { .. }
        ),
        _ => false,
    })
}

fn refused_between(h: &History<'_>, from: usize, to: usize) -> bool {
    h.entries()[from..to].iter().any(|e| {
        matches!(
            &e.fact,
            Fact::Told {
                event: Event::HostRefused { .. } | Event::HostClosed { .. }
            }
        )
    })
}
