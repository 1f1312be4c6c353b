//! Damaged storage (PWR-02).

use counterproof_sim::record::Fact;
use counterproof_sim::terminal::{Action, Boot};
use counterproof_sim::vocabulary::{Reason, Word};

use super::answers::resolved;
use super::breach::{at, missing, say};
use crate::history::{History, Message};
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// The entry of the first damage.
pub(super) fn damaged(h: &History<'_>) -> Option<usize> {
    let changed = |fact: &Fact| matches!(fact, Fact::Damaged { files, .. } if *files > 0);
    h.entries().iter().position(|e| changed(&e.fact))
}

/// Whether damage excuses what a terminal does not know any more (edges 30): not where the place may
/// be one that nobody needs, and the terminal says nothing. It then stands by what it knows.
pub(super) fn excuses(h: &History<'_>) -> bool {
    damaged(h).is_some_and(|damaged| !is_blind(h, damaged) || is_reported(h, damaged))
}

/// Whether the place of a damage was chosen blindly.
pub(super) fn is_blind(h: &History<'_>, damaged: usize) -> bool {
    matches!(
        &h.entries()[damaged].fact,
        Fact::Damaged { blind: true, .. }
    )
}

/// Whether `device.storage` is said before anything is sold after a damage.
fn is_reported(h: &History<'_>, damaged: usize) -> bool {
    let next = h
        .messages()
        .find(|m| m.is_financial() && m.entry() > damaged);
    let until = next.map_or(h.entries().len(), Message::entry);
    says_so(h, damaged, until)
}

/// Whether `device.storage` is said between two entries.
fn says_so(h: &History<'_>, from: usize, until: usize) -> bool {
    h.entries()[from..until].iter().any(|e| {
        let reason = match &e.fact {
            Fact::Did {
                action: Action::Display { reason, .. },
            } => reason.as_ref(),
            Fact::Did {
                action: Action::Outcome(outcome),
            } => outcome.reason.as_ref(),
            _ => None,
        };
        reason.and_then(Word::known) == Some(Reason::Storage)
    })
}

/// PWR-02: damage is reported before or instead of the next financial message, and who trades on
/// has lost no reversal.
pub(super) fn noticed(h: &History<'_>, found: &mut Vec<Breach>) {
    let Some(damaged) = damaged(h) else { return };
    // Only what happens before the terminal starts anew counts.
    let until = h.entries()[damaged..]
        .iter()
        .position(|e| {
            matches!(
                e.fact,
                Fact::Boot {
                    boot: Boot::Factory
                }
            )
        })
        .map_or(h.entries().len(), |n| damaged + n);
    let next = h
        .messages()
        .find(|m| m.is_financial() && m.entry() > damaged && m.entry() < until);
    let judged_until = next.map_or(until, Message::entry);
    let silent = !says_so(h, damaged, judged_until);
    if silent && !is_blind(h, damaged) && (next.is_some() || h.rest().is_some()) {
        let expected = say(
            "device.storage reported before anything is sold",
            "销售之前先报告 device.storage",
        );
        let seen = say("nothing said", "没有报告");
        found.push(match next {
            Some(next) => at(h, R::Pwr02, next.entry(), expected, seen),
            None => missing(R::Pwr02, expected, seen),
        });
    }
    let all = matches!(&h.entries()[damaged].fact, Fact::Damaged { all: true, .. });
    if let Some(next) = next.filter(|_| all) {
        found.push(at(
            h,
            R::Pwr02,
            next.entry(),
            say(
                "no trade with a storage of which nothing is sound, until it is set up anew",
                "存储全部损坏时，重新初始化之前不得交易",
            ),
            say("a financial message left", "发出了金融报文"),
        ));
    }
    let lost = h
        .messages()
        .find(|m| m.is_payment() && m.entry() < damaged && resolved(h, m).is_none());
    if let (Some(next), Some(lost)) = (next, lost.filter(|_| h.rest().is_some())) {
        let stan = lost.stan().unwrap_or(0);
        found.push(at(
            h,
            R::Pwr02,
            next.entry(),
            say(
                format!("no trade while the reversal of STAN {stan:06} is lost"),
                format!("流水号 {stan:06} 的冲正丢失时不得继续交易"),
            ),
            say("a financial message left", "发出了金融报文"),
        ));
    }
}
