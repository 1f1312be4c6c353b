//! What ends a reversal, and what a wrong MAC begins (REV-05, REV-06).

use counterproof_sim::vocabulary::Operation;

use super::super::answers::{definite, fits, is_own, is_success, no_approval_without_a_mac};
use super::super::breach::{at, missing, say};
use super::campaign::campaigns;
use super::reversals_of;
use crate::history::{History, Message};
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// REV-05: a definite answer ends it; A0 means sign in and send it again.
pub(in crate::checks) fn ended_by_a_definite_answer(h: &History<'_>, found: &mut Vec<Breach>) {
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
pub(in crate::checks) fn after_a_wrong_mac(h: &History<'_>, found: &mut Vec<Breach>) {
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
