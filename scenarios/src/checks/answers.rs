//! Answers: which are the terminal's own, what they decide, and what may follow from them
//! (TXN-06, 07, 09, 10, NET-06).

use counterproof_sim::iso8583::Field;
use counterproof_sim::iso8583::de63::De63;
use counterproof_sim::record::Fact;
use counterproof_sim::terminal::{Event, PaidOperation, Status};
use counterproof_sim::time::Span;
use counterproof_sim::vocabulary::Operation;

use super::breach::{at, say};
use super::practices::written_off;
use crate::history::{Answer, History, Message, Said};
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// `unknown` is due this long after the terminal knows that it does not know (edges 2).
const TOLD_WITHIN: Span = Span::from_secs(1);

/// Response codes that are success (facts §1.10).
const SUCCESS: [&str; 7] = ["00", PARTIAL, "11", "A2", "A4", "A5", "A6"];

/// The response code of an approval of a part (facts §1.10, edges 17).
pub(super) const PARTIAL: &str = "10";

/// Response codes of a query or reversal that say nothing about the original (edges 22, 26).
const NO_WORD: [&str; 10] = ["96", "98", "91", "92", "30", "97", "A0", "99", "77", "90"];

/// Whether the code is of the success set.
pub(super) fn is_success(code: &str) -> bool {
    SUCCESS.contains(&code)
}

/// The reason in 63.2.
pub(super) fn reason_of(answer: &Answer) -> Option<String> {
    let de63 = De63::of(&answer.packet.message)?;
    de63.reason
        .map(|reason| String::from_utf8_lossy(&reason).into_owned())
}

/// The first answer to a message that is really its own: message type and STAN (by which it was
/// sorted), terminal, merchant, processing code and amount as in the request, and a MAC that is
/// right where there is one – and there must be one on a success.
pub(super) fn own_answer<'h>(h: &History<'_>, message: &'h Message<'_>) -> Option<&'h Answer> {
    message
        .answers()
        .iter()
        .find(|answer| is_own(h, message, answer))
}

/// See [`own_answer`].
pub(super) fn is_own(h: &History<'_>, message: &Message<'_>, answer: &Answer) -> bool {
    fits(message, answer) && mac_allows(h, answer)
}

/// Whether everything but the MAC is as in the request (edges 17, 21, 39).
pub(super) fn fits(message: &Message<'_>, answer: &Answer) -> bool {
    let Ok(asked) = message.packet().map(|p| &p.message) else {
        return false;
    };
    let said = &answer.packet.message;
    let same = |field| match (asked.get(field), said.get(field)) {
        (Some(asked), Some(said)) => {
            asked == said || asked.trim_ascii_end() == said.trim_ascii_end()
        }
        // What either leaves out cannot differ.
        _ => true,
    };
    let partial = answer.code() == Some(PARTIAL);
    same(Field::TERMINAL)
        && same(Field::MERCHANT)
        && same(Field::PROCESSING_CODE)
        && (partial || message.operation() == Some(Operation::Query) || same(Field::AMOUNT))
}

/// A wrong MAC is never believed; a missing one not on a success.
fn mac_allows(h: &History<'_>, answer: &Answer) -> bool {
    if answer.packet.message.has(Field::MAC) {
        return h.mac_is_right(answer);
    }
    let guarded = matches!(
        answer.packet.message.operation(),
        Some(
            Operation::Sale
                | Operation::CodeOrder
                | Operation::Query
                | Operation::Void
                | Operation::Refund
                | Operation::Reversal
        )
    );
    !guarded || !answer.code().is_some_and(is_success)
}

/// Whether an own answer to a payment decides it: success or decline, and not "ask again".
pub(super) fn decides(answer: &Answer) -> bool {
    match answer.code() {
        None | Some("09" | "96" | "98") => false,
        Some("68") => reason_of(answer).as_deref() == Some("P03"),
        Some(_) => true,
    }
}

/// When the money of a payment is certain from the terminal's side: the entry of the own answer to
/// it, to a query or to its reversal that decides it – or the word by which the terminal leaves it to
/// others, where that is accepted.
pub(super) fn resolved(h: &History<'_>, payment: &Message<'_>) -> Option<usize> {
    let direct = payment
        .answers()
        .iter()
        .find(|a| is_own(h, payment, a) && decides(a))
        .map(|a| a.entry);
    let about = h.messages().filter(|m| {
        matches!(m.operation(), Some(Operation::Query | Operation::Reversal)) && m.is_about(payment)
    });
    let later = about.flat_map(|m| {
        m.answers()
            .iter()
            .filter(move |a| is_own(h, m, a) && definite(m, a))
            .map(|a| a.entry)
    });
    let end = direct.into_iter().chain(later).min();
    end.or_else(|| written_off(h, payment))
}

/// Whether the answer to a query or reversal says something definite about the original.
pub(super) fn definite(about: &Message<'_>, answer: &Answer) -> bool {
    let Some(code) = answer.code() else {
        return false;
    };
    match about.operation() {
        // 30 and 97 may be taken as an end or not (edges 26).
        Some(Operation::Reversal) => !matches!(
            code,
            "A0" | "99" | "77" | "96" | "98" | "90" | "91" | "92" | "68"
        ),
        _ => !NO_WORD.contains(&code) && decides(answer),
    }
}

/// Whether something that the terminal may believe supports an approval of `order` before `entry`.
fn supported(h: &History<'_>, order: &str, entry: usize) -> bool {
    asked_about(h, order).any(|m| {
        m.answers()
            .iter()
            .any(|a| a.entry <= entry && is_own(h, m, a) && a.code().is_some_and(is_success))
    })
}

/// The payments and queries of an order.
fn asked_about<'h, 'r>(
    h: &'h History<'r>,
    order: &'h str,
) -> impl Iterator<Item = &'h Message<'r>> {
    h.messages().filter(move |m| {
        m.order() == Some(order) && (m.is_payment() || m.operation() == Some(Operation::Query))
    })
}

/// What a terminal must have gone by when it said a word that nothing supports: the rule that it
/// broke, nearest to the cause.
fn broken_by_believing(h: &History<'_>, order: &str, said: &Said<'_>) -> R {
    let approved = said.outcome.status == Status::Approved;
    let says_so = |a: &&Answer| {
        a.entry <= said.entry && a.code().is_some_and(|code| is_success(code) == approved)
    };
    let asked: Vec<_> = asked_about(h, order).collect();
    let foreign = asked.iter().any(|m| {
        let misfits = m.answers().iter().filter(|a| !fits(m, a));
        misfits.chain(m.strangers()).any(|a| says_so(&a))
    });
    let unguarded = asked.iter().any(|m| {
        let fitting = m.answers().iter().filter(|a| fits(m, a));
        fitting.filter(says_so).any(|a| !mac_allows(h, a))
    });
    let otherwise = asked.iter().any(|m| {
        m.answers()
            .iter()
            .any(|a| a.entry <= said.entry && is_own(h, m, a) && !a.code().is_some_and(is_unclear))
    });
    if foreign {
        R::Txn06
    } else if unguarded && approved {
        R::Rev06
    } else if otherwise {
        R::Txn10
    } else {
        R::Txn09
    }
}

/// Whether a response code leaves open what became of the payment.
fn is_unclear(code: &str) -> bool {
    matches!(code, "68" | "96" | "98")
}

/// The approvals that nothing supports, where `counts` says that the cause is what is looked for.
fn unsupported_approvals(
    h: &History<'_>,
    requirement: R,
    counts: impl Fn(R) -> bool,
    found: &mut Vec<Breach>,
) {
    for order in h.orders() {
        for said in &order.said {
            let outcome = said.outcome;
            if outcome.status == Status::Approved
                && outcome.operation == PaidOperation::Pay
                && !supported(h, order.order, said.entry)
                && counts(broken_by_believing(h, order.order, said))
            {
                found.push(at(
                    h,
                    requirement,
                    said.entry,
                    say(
                        format!(
                            "order {} approved only by an answer that is the terminal's own",
                            order.order
                        ),
                        format!("订单{}只能凭终端自己的应答判为成功", order.order),
                    ),
                    say("approved without one", "没有这样的应答却报告成功"),
                ));
            }
        }
    }
}

/// TXN-06: no approval from an answer that differs.
pub(super) fn only_its_own(h: &History<'_>, found: &mut Vec<Breach>) {
    unsupported_approvals(h, R::Txn06, |cause| cause == R::Txn06, found);
    final_without_knowing(
        h,
        R::Txn06,
        |order, said| {
            said.outcome.status != Status::Approved
                && broken_by_believing(h, order, said) == R::Txn06
        },
        found,
    );
}

/// NET-06: no approval from garbage and unsolicited frames.
pub(super) fn no_approval_from_garbage(h: &History<'_>, found: &mut Vec<Breach>) {
    unsupported_approvals(h, R::Net06, |_| true, found);
}

/// REV-06, its other half: no approval by an answer whose MAC is wrong or missing.
pub(super) fn no_approval_without_a_mac(h: &History<'_>, found: &mut Vec<Breach>) {
    unsupported_approvals(h, R::Rev06, |cause| cause == R::Rev06, found);
}

/// TXN-07: once a reversal has left for an order, or it had its final word, nothing makes it
/// approved.
pub(super) fn not_revived(h: &History<'_>, found: &mut Vec<Breach>) {
    for order in h.orders() {
        let given_up = h
            .sent(Operation::Reversal)
            .filter(|r| r.order() == Some(order.order) && r.entry() > order.opened)
            .map(Message::entry)
            .chain(
                order
                    .said
                    .iter()
                    .filter(|s| matches!(s.outcome.status, Status::Declined | Status::Cancelled))
                    .map(|s| s.entry),
            )
            .min();
        let Some(given_up) = given_up else { continue };
        let revived = order.said.iter().find(|s| {
            s.entry > given_up
                && s.outcome.status == Status::Approved
                && s.outcome.operation == PaidOperation::Pay
        });
        if let Some(said) = revived {
            found.push(at(
                h,
                R::Txn07,
                said.entry,
                say(
                    format!("order {} stays given up", order.order),
                    format!("订单{}放弃后不再复活", order.order),
                ),
                say("approved after it was given up", "放弃之后又报告成功"),
            ));
        }
    }
}

/// TXN-09: what is unknown is said to be unknown, and ends by a query or a reversal, never by the
/// terminal's own opinion.
pub(super) fn unknown_stays_unknown(h: &History<'_>, found: &mut Vec<Breach>) {
    final_without_knowing(
        h,
        R::Txn09,
        |order, said| {
            let cancelled = said.outcome.status == Status::Cancelled;
            cancelled || broken_by_believing(h, order, said) == R::Txn09
        },
        found,
    );
    for payment in h.messages().filter(|m| m.is_payment()) {
        let answer = payment.answers().iter().find(|a| is_own(h, payment, a));
        let since = match answer {
            Some(answer) if decides(answer) => continue,
            Some(answer) => h.at(answer.entry),
            None => h.at(payment.entry()) + Span::from_millis(h.setup().timing.response_timeout_ms),
        };
        told_unknown(h, payment, since + TOLD_WITHIN + h.tolerance(), found);
    }
}

/// Whether the order of `payment` was reported unknown by `due`, or had its final word.
fn told_unknown(
    h: &History<'_>,
    payment: &Message<'_>,
    due: counterproof_sim::time::Time,
    found: &mut Vec<Breach>,
) {
    let Some(order) = payment.order() else { return };
    let ended = h.rest().unwrap_or_else(|| h.entries().len());
    let over = h.entries().get(ended).or(h.entries().last()).map(|e| e.at);
    // A power cut takes the duty away; a record that ends before it is due says nothing.
    let cut = h
        .cuts()
        .iter()
        .any(|cut| *cut > payment.entry() && h.at(*cut) <= due);
    if cut || over.is_none_or(|over| over < due) {
        return;
    }
    let said = h.payments_of(order).flat_map(|o| &o.said).any(|s| {
        s.entry > payment.entry()
            && h.at(s.entry) <= due
            && (s.outcome.status == Status::Unknown || s.outcome.status.is_final())
    });
    if !said {
        found.push(at(
            h,
            R::Txn09,
            payment.entry(),
            say(
                format!("order {order} reported unknown within 1 s of not knowing"),
                format!("不知结果后 1 秒内对订单{order}报告未知"),
            ),
            say("no word", "没有报告"),
        ));
    }
}

/// A final word on an order whose money is not certain yet,
/// where `counts` says that it is one of those looked for.
pub(super) fn final_without_knowing(
    h: &History<'_>,
    requirement: R,
    counts: impl Fn(&str, &Said<'_>) -> bool,
    found: &mut Vec<Breach>,
) {
    for order in h.orders() {
        let Some(said) = order.first_final() else {
            continue;
        };
        // The latest payment that left for this story before the word.
        let payment = h.messages().filter(|m| m.is_payment()).rfind(|m| {
            m.order() == Some(order.order) && m.entry() > order.opened && m.entry() < said.entry
        });
        let Some(payment) = payment else { continue };
        let known = resolved(h, payment).is_some_and(|entry| entry <= said.entry);
        if known || !counts(order.order, &said) {
            continue;
        }
        found.push(at(
            h,
            requirement,
            said.entry,
            say(
                format!(
                    "a final word on order {} only when the acquirer's word is known",
                    order.order
                ),
                format!("知道收单方结果之后才对订单{}给出最终结果", order.order),
            ),
            say("a final word without knowing", "不知结果就给出最终结果"),
        ));
    }
}

/// TXN-10: success is success, a decline is a decline, and no reversal follows a plain decline.
pub(super) fn codes_mapped(h: &History<'_>, found: &mut Vec<Breach>) {
    for payment in h.messages().filter(|m| m.is_payment()) {
        let Some(answer) = own_answer(h, payment) else {
            continue;
        };
        let (Some(code), Some(order)) = (answer.code(), payment.order()) else {
            continue;
        };
        // 94 and A0 have their own ways (edges 29, network.md); a decline without a MAC may be
        // reversed (edges 16).
        let unguarded = !answer.packet.message.has(Field::MAC) && !matches!(code, "30" | "97");
        if !decides(answer) || is_success(code) || matches!(code, "94" | "A0") || unguarded {
            continue;
        }
        // That the power failed in place of the answer to it counts as well.
        let cancelled = h.entries()[payment.entry()..=answer.entry].iter().any(|e| {
            matches!(
                e.fact,
                Fact::Told {
                    event: Event::Cancel
                } | Fact::PowerCut { .. }
            )
        });
        let reversal = h.sent(Operation::Reversal).find(|r| {
            r.entry() > answer.entry && r.original().is_some_and(|o| Some(o.stan) == payment.stan())
        });
        let late = h.at(answer.entry)
            > h.at(payment.entry()) + Span::from_millis(h.setup().timing.response_timeout_ms);
        if let Some(reversal) = reversal.filter(|_| !cancelled && !late) {
            found.push(at(
                h,
                R::Txn10,
                reversal.entry(),
                say(
                    format!("no reversal after the plain decline {code} of order {order}"),
                    format!("订单{order}被普通拒绝（{code}）后不发冲正"),
                ),
                say("a reversal", "发出了冲正"),
            ));
        }
    }
    unsupported_approvals(h, R::Txn10, |cause| cause == R::Txn10, found);
}
