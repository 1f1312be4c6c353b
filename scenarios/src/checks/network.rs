//! The network: no second sending, no flood, no endless retries (NET-04, NET-08, REV-10).

use std::collections::BTreeMap;

use counterproof_sim::record::Fact;
use counterproof_sim::terminal::{Action, Event, Refusal};
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::Operation;

use super::breach::{at, say};
use crate::history::{History, Message};
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// Connection attempts in a window: 12 in 60 s on average over 10 minutes (edges 24).
const WINDOW: Span = Span::from_secs(600);
const ATTEMPTS: usize = 120;

/// NET-04: a request that may have left is not sent again on another connection.
pub(super) fn not_sent_again(h: &History<'_>, found: &mut Vec<Breach>) {
    let payments: Vec<_> = h.messages().filter(|m| m.is_financial()).collect();
    for (n, again) in payments.iter().enumerate() {
        let same_request = |first: &&&Message<'_>| {
            first.body() == again.body()
                || (first.code().is_some() && first.code() == again.code())
                || (first.order() == again.order() && first.stan() == again.stan())
        };
        if payments[..n].iter().any(|first| same_request(&first)) {
            found.push(at(
                h,
                R::Net04,
                again.entry(),
                say(
                    "a request sent once, not again on another link",
                    "请求只发一次，不在另一链路重发",
                ),
                say(
                    format!("sent again over {}", again.link()),
                    format!("又经 {} 发出", again.link()),
                ),
            ));
        }
    }
}

/// NET-07: whoever is not the acquirer is sent nothing.
pub(super) fn tells_strangers_nothing(h: &History<'_>, found: &mut Vec<Breach>) {
    let mut strangers = Vec::new();
    let mut dialled = BTreeMap::new();
    for (index, entry) in h.entries().iter().enumerate() {
        match &entry.fact {
            Fact::Boot { .. } => strangers.clear(),
            Fact::Dialled { conn, number, .. } => {
                dialled.insert(*conn, *number);
            }
            Fact::Refused {
                conn,
                reason: Refusal::Tls,
            } => strangers.extend(dialled.get(conn)),
            Fact::Did {
                action: Action::HostSend { conn, data },
            } if strangers.contains(conn) => {
                let count = data.0.len();
                found.push(at(
                    h,
                    R::Net07,
                    index,
                    say(
                        "nothing is sent to a host that cannot prove who it is",
                        "不向无法证明身份的主机发送任何内容",
                    ),
                    say(format!("{count} bytes"), format!("{count} 字节")),
                ));
                return;
            }
            _ => {}
        }
    }
}

/// Sign-ins in a row that maintenance answers and nobody asked for.
const RETRIES: usize = 6;
/// Sign-ins closer than this are one row.
const ROW: Span = Span::from_secs(10);

/// NET-08: a sign-in that is answered with maintenance is not repeated over and over.
pub(super) fn no_endless_retries(h: &History<'_>, found: &mut Vec<Breach>) {
    let refused = |m: &&Message<'_>| m.answers().iter().any(|a| a.code() == Some("91"));
    let sign_ins: Vec<_> = h.sent(Operation::SignIn).filter(refused).collect();
    for row in sign_ins.windows(RETRIES) {
        let in_a_row = row.windows(2).all(|pair| {
            h.at(pair[1].entry()).since(h.at(pair[0].entry())) < ROW
                && !asked_for(h, pair[0].entry(), pair[1].entry())
        });
        if let (true, [.., last]) = (in_a_row, row) {
            found.push(at(
                h,
                R::Net08,
                last.entry(),
                say("maintenance is waited out", "维护期间应等待"),
                say(
                    format!("{RETRIES} sign-ins in a row, each answered 91"),
                    format!("连续 {RETRIES} 次签到均返回 91"),
                ),
            ));
            return;
        }
    }
}

/// Whether somebody at the counter wanted something between two entries.
fn asked_for(h: &History<'_>, from: usize, to: usize) -> bool {
    h.given(from, to).any(|(_, event)| {
        matches!(
            event,
            Event::SignIn
                | Event::Pay { .. }
                | Event::ScannerRead { .. }
                | Event::ManualCode { .. }
                | Event::Status { .. }
        )
    })
}

/// REV-10: a host that is down is not flooded.
pub(super) fn backs_off(h: &History<'_>, found: &mut Vec<Breach>) {
    let dials = h
        .entries()
        .iter()
        .enumerate()
        .filter(|(_, e)| matches!(e.fact, Fact::Dialled { .. }))
        .map(|(index, e)| (index, e.at));
    flood(h, dials.collect(), found);
    // Edges 26: sign-ins over a connection that stands are no better.
    let sign_ins = h
        .sent(Operation::SignIn)
        .map(|m| (m.entry(), h.at(m.entry())));
    flood(h, sign_ins.collect(), found);
}

fn flood(h: &History<'_>, attempts: Vec<(usize, Time)>, found: &mut Vec<Breach>) {
    for window in attempts.windows(ATTEMPTS + 1) {
        let ((_, first), (last_entry, last)) = (window[0], window[ATTEMPTS]);
        if last.since(first) < WINDOW {
            found.push(at(
                h,
                R::Rev10,
                last_entry,
                say(
                    format!("at most {ATTEMPTS} connections or sign-ins in 10 minutes"),
                    format!("10 分钟内最多 {ATTEMPTS} 次连接或签到"),
                ),
                say(
                    format!("{} in {}", ATTEMPTS + 1, last.since(first)),
                    format!("{} 内 {} 次", last.since(first), ATTEMPTS + 1),
                ),
            ));
            return;
        }
    }
}
