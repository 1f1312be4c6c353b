//! The network: no second sending, no flood (NET-04, REV-10).

use counterproof_sim::record::Fact;
use counterproof_sim::time::{Span, Time};

use super::breach::{at, say};
use crate::history::History;
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// Connection attempts in a window: 12 in 60 s on average over 10 minutes (edges 24).
const WINDOW: Span = Span::from_secs(600);
const ATTEMPTS: usize = 120;

/// NET-04: a request that may have left is not sent again on another connection.
pub(super) fn not_sent_again(h: &History<'_>, found: &mut Vec<Breach>) {
    let payments: Vec<_> = h.messages().filter(|m| m.is_financial()).collect();
    for (n, again) in payments.iter().enumerate() {
        let same_request = |first: &&&crate::history::Message<'_>| {
            first.body() == again.body()
                || (first.code().is_some() && first.code() == again.code())
                || (first.order() == again.order() && first.stan() == again.stan())
        };
        if payments[..n].iter().any(|first| same_request(&first)) {
            found.push(at(
                h,
                R::Net04,
                again.entry(),
                say("a request sent once, not again on another link", "请求只发一次，不在另一链路重发"),
                say(format!("sent again over {}", again.link()), format!("又经 {} 发出", again.link())),
            ));
        }
    }
}

/// REV-10: a host that is down is not flooded.
pub(super) fn backs_off(h: &History<'_>, found: &mut Vec<Breach>) {
    let dials: Vec<(usize, Time)> = h
        .entries()
        .iter()
        .enumerate()
        .filter(|(_, e)| matches!(e.fact, Fact::Dialled { .. }))
        .map(|(index, e)| (index, e.at))
        .collect();
    for window in dials.windows(ATTEMPTS + 1) {
        let ((_, first), (last_entry, last)) = (window[0], window[ATTEMPTS]);
        if last.since(first) < WINDOW {
            found.push(at(
                h,
                R::Rev10,
                last_entry,
                say(
                    format!("at most {ATTEMPTS} connection attempts in 10 minutes"),
                    format!("10 分钟内最多 {ATTEMPTS} 次连接"),
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
