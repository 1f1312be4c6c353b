//! STANs: one counter, never twice in a batch (TXN-02).

use std::collections::BTreeMap;

use counterproof_sim::record::Fact;
use counterproof_sim::vocabulary::Operation;

use super::breach::{at, say};
use crate::history::{History, Message};
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// TXN-02: no STAN names two messages of one batch, and none is 000000. A reversal carries the
/// STAN of its original, so it names nothing new; bytes that are sent again are the same message.
pub(super) fn never_twice(h: &History<'_>, found: &mut Vec<Breach>) {
    let mut named: BTreeMap<(usize, u32), &Message<'_>> = BTreeMap::new();
    for message in h.messages() {
        let Some(stan) = message.stan() else { continue };
        if stan == 0 {
            found.push(at(
                h,
                R::Txn02,
                message.entry(),
                say("a STAN from 000001 to 999999", "流水号在 000001 至 999999 之间"),
                say("000000", "000000"),
            ));
        }
        if message.operation() == Some(Operation::Reversal) {
            continue;
        }
        let first = *named.entry((batch_era(h, message.entry()), stan)).or_insert(message);
        if first.entry() != message.entry() && first.body() != message.body() {
            found.push(at(
                h,
                R::Txn02,
                message.entry(),
                say(
                    format!("STAN {stan:06} used once in the batch"),
                    format!("流水号 {stan:06} 在批次内只用一次"),
                ),
                say("used again by another message", "又被另一条报文使用"),
            ));
        }
    }
}

/// How many batches the acquirer had closed before an entry.
fn batch_era(h: &History<'_>, entry: usize) -> usize {
    h.entries()[..entry].iter().filter(|e| matches!(e.fact, Fact::BatchClosed { .. })).count()
}
