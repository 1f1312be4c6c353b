//! A reversal comes before anything new, and says why it is there (REV-01).

use counterproof_sim::iso8583::Field;
use counterproof_sim::record::Fact;
use counterproof_sim::terminal::Event;
use counterproof_sim::vocabulary::Operation;

use super::super::answers::{decides, fits, resolved};
use super::super::breach::{at, missing, say};
use super::reversals_of;
use crate::history::{History, Message};
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// REV-01: what is unresolved is resolved by query or reversal before any new financial message,
/// and a reversal for silence says 98.
pub(in crate::checks) fn comes_first(h: &History<'_>, found: &mut Vec<Breach>) {
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
