//! Reversals: when they are due, what they say, how often they are sent, what ends them
//! (REV-01, 02, 04, 05, 06, 08).

use std::collections::BTreeMap;

use counterproof_sim::iso8583::Field;
use counterproof_sim::record::Fact;
use counterproof_sim::terminal::{Event, PaidOperation, Status};
use counterproof_sim::time::Span;
use counterproof_sim::vocabulary::Operation;

use super::answers::{
    decides, definite, fits, is_own, is_success, no_approval_without_a_mac, resolved,
};
use super::breach::{at, missing, say};
use crate::history::{History, Message};
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// The message that a reversal is about, if it left.
fn original_of<'h, 'r>(h: &'h History<'r>, reversal: &Message<'r>) -> Option<&'h Message<'r>> {
    let about = reversal.original()?;
    h.messages().find(|m| {
        m.is_financial()
            && m.entry() < reversal.entry()
            && m.stan() == Some(about.stan)
            && m.batch() == Some(about.batch)
    })
}

/// The reversals of a message.
fn reversals_of<'h, 'r>(
    h: &'h History<'r>,
    of: &'h Message<'r>,
) -> impl Iterator<Item = &'h Message<'r>> {
    h.sent(Operation::Reversal).filter(move |r| {
        r.original()
            .is_some_and(|o| Some(o.stan) == of.stan() && Some(o.batch) == of.batch())
    })
}

/// Whether an answer to an event was lost with the power before an entry: what it would have sent
/// is not on the record.
fn answer_swallowed(h: &History<'_>, before: usize) -> bool {
    h.entries()[..before].iter().any(|e| {
        matches!(
            &e.fact,
            Fact::PowerCut {
                instead_of_answer_to: Some(_)
            }
        )
    })
}

/// REV-01: what is unresolved is resolved by query or reversal before any new financial message,
/// and a reversal for silence says 98.
pub(super) fn comes_first(h: &History<'_>, found: &mut Vec<Breach>) {
    for payment in h.messages().filter(|m| m.is_payment()) {
        let end = resolved(h, payment);
        trades_meanwhile(h, payment, end, R::Rev01, found);
        if end.is_none() && h.rest().is_some() {
            let stan = payment.stan().unwrap_or(0);
            found.push(missing(
                R::Rev01,
                say(
                    format!("the payment with STAN {stan:06} reversed or resolved"),
                    format!("流水号 {stan:06} 的消费已冲正或查清"),
                ),
                say("left open", "悬而未决"),
            ));
        }
        silence_says_98(h, payment, found);
    }
}

fn trades_meanwhile(
    h: &History<'_>,
    payment: &Message<'_>,
    end: Option<usize>,
    requirement: R,
    found: &mut Vec<Breach>,
) {
    let next = h
        .messages()
        .find(|m| m.is_financial() && m.entry() > payment.entry());
    if let Some(next) = next.filter(|next| end.is_none_or(|end| next.entry() < end)) {
        let stan = payment.stan().unwrap_or(0);
        found.push(at(
            h,
            requirement,
            next.entry(),
            say(
                format!("no new financial message before STAN {stan:06} is reversed or resolved"),
                format!("流水号 {stan:06} 冲正或查清之前不发新的金融报文"),
            ),
            say("one left", "发出了新的报文"),
        ));
    }
}

fn silence_says_98(h: &History<'_>, payment: &Message<'_>, found: &mut Vec<Breach>) {
    let Some(first) = reversals_of(h, payment).next() else {
        return;
    };
    // A wrong MAC has a reason of its own, and so may a code that cannot be shown (edges 18).
    let of_order = payment.operation() == Some(Operation::CodeOrder);
    let answered = payment.answers().iter().any(|a| {
        let doubtful = a.packet.message.has(Field::MAC) && !h.mac_is_right(a);
        a.entry < first.entry() && fits(payment, a) && (decides(a) || doubtful || of_order)
    });
    let otherwise = h.entries()[payment.entry()..first.entry()].iter().any(|e| {
        matches!(
            e.fact,
            Fact::PowerCut { .. }
                | Fact::Told {
                    event: Event::Cancel
                }
        )
    });
    if answered || otherwise {
        return;
    }
    let reason = first.field(39).unwrap_or_default();
    if reason != "98" {
        found.push(at(
            h,
            R::Rev01,
            first.entry(),
            say("the reason 98 after silence", "无应答时冲正原因为 98"),
            say(reason.clone(), reason),
        ));
    }
}

/// REV-02: a reversal repeats the original's STAN, amount, DE3, 22, 25, 49 and 60, names it in
/// DE61, and says why.
pub(super) fn built_right(h: &History<'_>, found: &mut Vec<Breach>) {
    for reversal in h.sent(Operation::Reversal) {
        let mut breach = |expected: (String, String), seen: String| {
            found.push(at(
                h,
                R::Rev02,
                reversal.entry(),
                say(expected.0, expected.1),
                say(seen.clone(), seen),
            ));
        };
        if reversal.original().is_none() {
            breach(
                (
                    "a DE61 that names the original".to_owned(),
                    "61域指明原交易".to_owned(),
                ),
                reversal.field(61).unwrap_or_else(|| "-".to_owned()),
            );
            continue;
        }
        let Some(original) = original_of(h, reversal) else {
            if !answer_swallowed(h, reversal.entry()) {
                breach(
                    (
                        "a DE61 that names a request that was sent".to_owned(),
                        "61域指明已发出的请求".to_owned(),
                    ),
                    reversal.field(61).unwrap_or_default(),
                );
            }
            continue;
        };
        for field in [
            Field::PROCESSING_CODE,
            Field::AMOUNT,
            Field::STAN,
            Field::ENTRY_MODE,
            Field::CONDITION,
            Field::CURRENCY,
            Field::BATCH,
        ] {
            let (wanted, seen) = (original.get(field), reversal.get(field));
            if wanted != seen {
                let shown = |value: Option<&[u8]>| {
                    value.map_or_else(
                        || "-".to_owned(),
                        |v| String::from_utf8_lossy(v).into_owned(),
                    )
                };
                breach(
                    (
                        format!("DE{} of the original: {}", field.number(), shown(wanted)),
                        format!("{}域与原交易一致：{}", field.number(), shown(wanted)),
                    ),
                    shown(seen),
                );
            }
        }
        let reason = reversal.field(39).unwrap_or_default();
        if !matches!(reason.as_str(), "98" | "96" | "A0" | "06") {
            breach(
                (
                    "a reason: 98, 96, A0 or 06".to_owned(),
                    "冲正原因为 98、96、A0 或 06".to_owned(),
                ),
                reason,
            );
        }
    }
}

/// The sendings of each reversal, by the original's batch and STAN.
fn campaigns<'h, 'r>(h: &'h History<'r>) -> impl Iterator<Item = Vec<&'h Message<'r>>> {
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
pub(super) fn repeated(h: &History<'_>, found: &mut Vec<Breach>) {
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
            if n < 2 && in_round && gap > latest {
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

/// REV-05: a definite answer ends it; A0 means sign in and send it again.
pub(super) fn ended_by_a_definite_answer(h: &History<'_>, found: &mut Vec<Breach>) {
    for sendings in campaigns(h) {
        let end = sendings
            .iter()
            .flat_map(|r| {
                r.answers()
                    .iter()
                    .filter(move |a| is_own(h, r, a) && definite(r, a))
            })
            .map(|a| a.entry)
            .min();
        if let Some(again) = end.and_then(|end| sendings.iter().find(|r| r.entry() > end)) {
            // An end that the power took with it is not known to the terminal.
            let cut = end.is_some_and(|end| h.is_cut_between(end, again.entry()));
            if !cut {
                found.push(at(
                    h,
                    R::Rev05,
                    again.entry(),
                    say(
                        "a definite answer ends the reversal",
                        "冲正收到明确应答即结束",
                    ),
                    say("sent again", "又发了一次"),
                ));
            }
        }
        for (n, reversal) in sendings.iter().enumerate() {
            let refused = reversal
                .answers()
                .iter()
                .find(|a| a.code() == Some("A0") && fits(reversal, a));
            let Some(refused) = refused else { continue };
            let next = sendings
                .get(n + 1..)
                .and_then(|later| later.iter().find(|r| r.entry() > refused.entry));
            // Nor is a refusal.
            let until = next.map_or(h.entries().len(), |next| next.entry());
            if h.is_cut_between(refused.entry, until) {
                continue;
            }
            match next {
                None if h.rest().is_some() && end.is_none() => found.push(missing(
                    R::Rev05,
                    say("the reversal sent again after A0", "收到 A0 后重新发送冲正"),
                    say("not sent again", "没有重发"),
                )),
                Some(next)
                    if !h
                        .sign_in_answers()
                        .any(|(at, _)| at > refused.entry && at < next.entry()) =>
                {
                    found.push(at(
                        h,
                        R::Rev05,
                        next.entry(),
                        say(
                            "a sign-in between A0 and the next sending",
                            "收到 A0 后先签到再冲正",
                        ),
                        say("sent again without", "未签到就重发"),
                    ));
                }
                _ => {}
            }
        }
    }
}

/// REV-06: an approval whose MAC is wrong or missing is reversed with A0, and a sign-in follows.
pub(super) fn after_a_wrong_mac(h: &History<'_>, found: &mut Vec<Breach>) {
    no_approval_without_a_mac(h, found);
    for payment in h.messages().filter(|m| m.is_payment()) {
        let doubtful = payment
            .answers()
            .iter()
            .find(|a| fits(payment, a) && a.code().is_some_and(is_success) && !h.mac_is_right(a));
        let Some(doubtful) = doubtful else { continue };
        let reversal = reversals_of(h, payment).find(|r| r.entry() > doubtful.entry);
        // Whose power failed before the reversal left may not know any more what it was told, and
        // asks again.
        let until = reversal.map_or(h.entries().len(), Message::entry);
        if h.is_cut_between(doubtful.entry, until) {
            continue;
        }
        match reversal {
            None => found.push(missing(
                R::Rev06,
                say("a reversal with the reason A0", "以 A0 为原因冲正"),
                say("no reversal", "没有冲正"),
            )),
            Some(reversal) if reversal.field(39).as_deref() != Some("A0") => found.push(at(
                h,
                R::Rev06,
                reversal.entry(),
                say("the reason A0", "冲正原因为 A0"),
                say(
                    reversal.field(39).unwrap_or_else(|| "-".to_owned()),
                    reversal.field(39).unwrap_or_else(|| "-".to_owned()),
                ),
            )),
            Some(_) => {}
        }
        let next = h
            .messages()
            .find(|m| m.is_financial() && m.entry() > doubtful.entry);
        let until = next.map_or(h.entries().len(), Message::entry);
        let signed_in = h
            .sent(Operation::SignIn)
            .any(|m| m.entry() > doubtful.entry && m.entry() < until);
        let cut = h.is_cut_between(doubtful.entry, until);
        if !signed_in && !cut && (next.is_some() || h.rest().is_some()) {
            found.push(missing(
                R::Rev06,
                say(
                    "a new sign-in before the next financial message",
                    "下一笔金融报文之前重新签到",
                ),
                say("none", "没有签到"),
            ));
        }
    }
}

/// REV-07: an approval that a power cut kept from being finished is completed after the restart, or
/// reversed – with 96, or with 98 where the cut came before it was stored.
pub(super) fn finished_or_undone(h: &History<'_>, found: &mut Vec<Breach>) {
    if h.rest().is_none() {
        return;
    }
    for payment in h.messages().filter(|m| m.is_payment()) {
        says_why_after_a_cut(h, payment, found);
        let approved = payment
            .answers()
            .iter()
            .find(|a| is_own(h, payment, a) && a.code().is_some_and(is_success));
        let (Some(approved), Some(order)) = (approved, payment.order()) else {
            continue;
        };
        let Some(cut) = h.cuts().iter().copied().find(|cut| *cut >= approved.entry) else {
            continue;
        };
        let reversal = reversals_of(h, payment).next();
        let words = || {
            h.payments_of(order)
                .flat_map(|o| &o.said)
                .filter(|s| s.entry > payment.entry())
                .filter(|s| s.outcome.operation == PaidOperation::Pay)
        };
        // What was given up before the cut – by a reversal, by a final word, by the cancel key – was
        // not to be finished any more.
        let given_up = reversal.is_some_and(|r| r.entry() < cut)
            || words().any(|s| {
                s.entry < cut && matches!(s.outcome.status, Status::Declined | Status::Cancelled)
            })
            || cancelled_between(h, payment.entry(), cut);
        if given_up {
            continue;
        }
        let told: Vec<_> = words()
            .filter(|s| s.outcome.status == Status::Approved)
            .collect();
        let reason = reversal.and_then(|r| r.field(39));
        let undone = reason.as_deref().is_some_and(|r| matches!(r, "96" | "98"));
        if told.is_empty() != undone {
            found.push(at(
                h,
                R::Rev07,
                approved.entry,
                say(
                    format!("order {order} completed after the restart, or reversed with 96"),
                    format!("重启后完成订单{order}，或以 96 冲正"),
                ),
                match (&reason, told.is_empty()) {
                    (None, _) => say("neither", "两者皆无"),
                    (Some(_), false) => say("both", "两者皆有"),
                    (Some(reason), true) => say(
                        format!("a reversal with {reason}"),
                        format!("以 {reason} 冲正"),
                    ),
                },
            ));
        }
    }
}

/// Whether the cancel key was pressed between two entries; that its answer was lost with the power
/// does not undo it.
fn cancelled_between(h: &History<'_>, from: usize, to: usize) -> bool {
    h.given(from, to)
        .any(|(_, event)| matches!(event, Event::Cancel))
}

/// What the power interrupted is reversed as the terminal's own failure or as silence, not as if
/// somebody had cancelled it.
fn says_why_after_a_cut(h: &History<'_>, payment: &Message<'_>, found: &mut Vec<Breach>) {
    let Some(reversal) = reversals_of(h, payment).next() else {
        return;
    };
    let cut = h.is_cut_between(payment.entry(), reversal.entry());
    let cancelled = cancelled_between(h, payment.entry(), reversal.entry());
    let reason = reversal.field(39).unwrap_or_default();
    if cut && !cancelled && reason == "06" {
        found.push(at(
            h,
            R::Rev07,
            reversal.entry(),
            say(
                "the reason 96 or 98 after a power cut",
                "断电后冲正原因为 96 或 98",
            ),
            say(reason.clone(), reason),
        ));
    }
}

/// REV-08: nothing is reversed that never left.
pub(super) fn only_of_what_was_sent(h: &History<'_>, found: &mut Vec<Breach>) {
    for reversal in h.sent(Operation::Reversal) {
        if original_of(h, reversal).is_none() && !answer_swallowed(h, reversal.entry()) {
            found.push(at(
                h,
                R::Rev08,
                reversal.entry(),
                say("no reversal where nothing was sent", "未发送的交易不冲正"),
                say("a reversal of nothing", "冲正了不存在的交易"),
            ));
            return;
        }
    }
}
