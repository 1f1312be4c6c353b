//! Keys and batches: what a sign-in brings and when one is due (SEC-01…04).

use counterproof_sim::iso8583::de60;
use counterproof_sim::vocabulary::Operation;

use super::answers::fits;
use super::breach::{at, missing, say};
use crate::history::{Answer, History, Message};
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// SEC-01: after keys that do not check, no financial message until sound ones came.
pub(super) fn unsound_keys_refused(h: &History<'_>, found: &mut Vec<Breach>) {
    let answers: Vec<_> = h.sign_in_answers().collect();
    for (n, (came, _)) in answers.iter().enumerate().filter(|(_, (_, sound))| !sound) {
        let until = answers[n + 1..]
            .iter()
            .find(|(_, sound)| *sound)
            .map_or(usize::MAX, |(at, _)| *at);
        let traded = h
            .messages()
            .find(|m| m.is_financial() && m.entry() > *came && m.entry() < until);
        if let Some(message) = traded {
            found.push(at(
                h,
                R::Sec01,
                message.entry(),
                say(
                    "no trade with keys whose check value is wrong",
                    "密钥校验值错误时不得交易",
                ),
                say("a financial message left", "发出了金融报文"),
            ));
        }
    }
}

/// The answers to messages other than sign-ins for which `wanted` says that a sign-in is due.
fn calls_for_sign_in<'h, 'r>(
    h: &'h History<'r>,
    wanted: impl Fn(&Answer) -> bool + 'h,
) -> impl Iterator<Item = (&'h Message<'r>, &'h Answer)> {
    h.messages()
        .filter(|m| m.operation() != Some(Operation::SignIn))
        .flat_map(move |m| {
            let called: Vec<_> = m
                .answers()
                .iter()
                .filter(|a| fits(m, a) && wanted(a))
                .map(|a| (m, a))
                .collect();
            called.into_iter()
        })
}

/// Whether a sign-in was answered between two entries.
fn signed_in_between(h: &History<'_>, from: usize, to: usize) -> bool {
    h.sign_in_answers()
        .any(|(at, sound)| sound && at > from && at < to)
}

/// A financial message before the sign-in that was due, and whether there ever was one.
fn sign_in_due(
    h: &History<'_>,
    requirement: R,
    called: &Answer,
    why: (&str, &str),
    found: &mut Vec<Breach>,
) {
    let next = h
        .messages()
        .find(|m| m.is_financial() && m.entry() > called.entry);
    // Whose power failed meanwhile may not know of it any more; it will be told again.
    if let Some(next) = next
        && !signed_in_between(h, called.entry, next.entry())
        && !h.is_cut_between(called.entry, next.entry())
    {
        found.push(at(
            h,
            requirement,
            next.entry(),
            say(
                format!("a sign-in {} before the next financial message", why.0),
                format!("{}，下一笔金融报文之前先签到", why.1),
            ),
            say("a financial message left without", "未签到就发出金融报文"),
        ));
    }
}

/// SEC-02: after A0 or 99 a sign-in comes first.
pub(super) fn signs_in_after_refusal(h: &History<'_>, found: &mut Vec<Breach>) {
    for (_, answer) in calls_for_sign_in(h, |a| matches!(a.code(), Some("A0" | "99"))) {
        sign_in_due(
            h,
            R::Sec02,
            answer,
            ("after A0 or 99", "收到 A0 或 99 后"),
            found,
        );
    }
}

/// SEC-03: header digit 6 = 3 asks for a sign-in after the transaction.
pub(super) fn signs_in_when_asked(h: &History<'_>, found: &mut Vec<Breach>) {
    for (message, answer) in calls_for_sign_in(h, |a| a.packet.header[2] & 0x0F == 3) {
        sign_in_due(
            h,
            R::Sec03,
            answer,
            ("that the header asks for", "报文头要求签到时"),
            found,
        );
        if let Some(rest) = h.rest()
            && !h.is_cut_between(answer.entry, rest)
            && !h
                .sent(Operation::SignIn)
                .any(|m| m.entry() > answer.entry && m.entry() < rest)
        {
            let stan = message.stan().unwrap_or(0);
            found.push(missing(
                R::Sec03,
                say(
                    format!("a sign-in after the answer to STAN {stan:06}"),
                    format!("流水号 {stan:06} 应答后签到"),
                ),
                say("none", "没有签到"),
            ));
        }
    }
}

/// SEC-04: on 77 a sign-in, and the host's batch from then on.
pub(super) fn takes_the_batch(h: &History<'_>, found: &mut Vec<Breach>) {
    for (_, answer) in calls_for_sign_in(h, |a| a.code() == Some("77")) {
        sign_in_due(h, R::Sec04, answer, ("after 77", "收到 77 后"), found);
        let Some(next) = h
            .messages()
            .find(|m| m.is_financial() && m.entry() > answer.entry)
        else {
            continue;
        };
        let brought = h
            .sent(Operation::SignIn)
            .flat_map(|m| m.answers().iter())
            .rfind(|a| a.entry > answer.entry && a.entry < next.entry() && a.code() == Some("00"))
            .and_then(|a| de60::De60::of(&a.packet.message).ok());
        let cut = h.is_cut_between(answer.entry, next.entry());
        if let Some(brought) = brought.filter(|_| !cut)
            && next.batch() != Some(brought.batch)
        {
            let seen = next.batch().unwrap_or(0);
            found.push(at(
                h,
                R::Sec04,
                next.entry(),
                say(
                    format!("the host's batch {:06}", brought.batch),
                    format!("使用主机批次 {:06}", brought.batch),
                ),
                say(format!("{seen:06}"), format!("{seen:06}")),
            ));
        }
    }
}
