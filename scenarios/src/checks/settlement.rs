//! Settlement: totals, the batch after it, details, and what comes before it (SET-01, 02, 04).

use std::collections::BTreeMap;

use counterproof_sim::fault::FaultKind;
use counterproof_sim::host::PostingKind;
use counterproof_sim::iso8583::{Field, de48, de60};
use counterproof_sim::record::Fact;
use counterproof_sim::terminal::Action;
use counterproof_sim::vocabulary::Operation;

use super::answers::{fits, resolved};
use super::breach::{at, missing, say};
use crate::history::{History, Message, effect};
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// What the acquirer said to a settlement: whether its totals agree.
fn judged(message: &Message<'_>) -> Option<(usize, bool)> {
    let answer = message.answers().iter().find(|a| fits(message, a))?;
    if answer.code() != Some("00") {
        return None;
    }
    let totals = de48::Totals::parse(answer.packet.message.get(Field::TOTALS)?).ok()?;
    Some((answer.entry, totals.domestic.code == de48::BALANCED))
}

/// Whether a fault made the acquirer's totals differ before an entry.
fn made_to_differ(h: &History<'_>, before: usize) -> bool {
    let mut ids = Vec::new();
    h.entries()[..before].iter().any(|e| match &e.fact {
        Fact::Armed { id, fault } => {
            if fault.kind == FaultKind::TotalsDiffer {
                ids.push(*id);
            }
            false
        }
        Fact::Fired { id } => ids.contains(id),
        _ => false,
    })
}

/// The word `settled` after an entry: its own entry, and whether it says that the totals agree.
fn settled_after(h: &History<'_>, entry: usize) -> Option<(usize, bool)> {
    let mut entries = h.entries().iter().enumerate().skip(entry);
    entries.find_map(|(index, e)| match &e.fact {
        Fact::Did {
            action: Action::Settled { matched, .. },
        } => Some((index, *matched)),
        _ => None,
    })
}

/// SET-01: the totals are those of the acquirer, and after the settlement comes another batch.
pub(super) fn totals_and_next_batch(h: &History<'_>, found: &mut Vec<Breach>) {
    for message in h.sent(Operation::Settlement) {
        let Some((answered, balanced)) = judged(message) else {
            continue;
        };
        if !balanced && !made_to_differ(h, answered) {
            found.push(at(
                h,
                R::Set01,
                message.entry(),
                say("the acquirer's totals", "与收单方一致的总计"),
                say("others", "总计不同"),
            ));
        }
        let Some((said, matched)) = settled_after(h, answered) else {
            continue;
        };
        if matched != balanced {
            let (requirement, word) = if balanced {
                (R::Set01, ["agree", "相符"])
            } else {
                (R::Set02, ["differ", "不符"])
            };
            found.push(at(
                h,
                requirement,
                said,
                say(
                    format!("the cashier told that the totals {}", word[0]),
                    format!("告知收银员总计{}", word[1]),
                ),
                say("the opposite", "说法相反"),
            ));
        }
        let next = h.messages().find(|m| m.is_financial() && m.entry() > said);
        if let Some(next) = next.filter(|next| next.batch() == message.batch()) {
            found.push(at(
                h,
                R::Set01,
                next.entry(),
                say("the next batch after the settlement", "结算后使用下一批次"),
                say("the batch that was settled", "仍为已结算批次"),
            ));
        }
    }
}

/// SET-02: where the totals differ, every transaction of the batch is uploaded, and 202 ends it.
pub(super) fn details_uploaded(h: &History<'_>, found: &mut Vec<Breach>) {
    let mut seen = Vec::new();
    for message in h.sent(Operation::Settlement) {
        let Some((answered, false)) = judged(message) else {
            continue;
        };
        // One that is sent again after it was judged (edges 33) does not begin the upload anew.
        if seen.contains(&message.batch()) {
            continue;
        }
        seen.push(message.batch());
        let Some((said, _)) = settled_after(h, answered) else {
            continue;
        };
        let between = |m: &&Message<'_>| m.entry() > message.entry() && m.entry() < said;
        let mut uploaded: BTreeMap<u32, u64> = BTreeMap::new();
        for detail in h.sent(Operation::BatchDetail).filter(between) {
            let Ok(packet) = detail.packet() else {
                continue;
            };
            let records = packet.message.get(Field::TOTALS).map(de48::Detail::parse);
            for record in records.into_iter().flatten().flatten() {
                uploaded.insert(record.stan, record.amount.get());
            }
        }
        let booked = in_batch(h, message);
        if uploaded != booked {
            found.push(at(
                h,
                R::Set02,
                message.entry(),
                say(
                    format!("every transaction of the batch uploaded: {}", booked.len()),
                    format!("上送批次内全部交易：{} 笔", booked.len()),
                ),
                say(
                    format!("{} uploaded, or others", uploaded.len()),
                    format!("上送 {} 笔，或内容不符", uploaded.len()),
                ),
            ));
        }
        let ended = h.sent(Operation::BatchEnd).rfind(between);
        let network = ended.and_then(|m| m.packet().ok()).and_then(|packet| {
            let de60 = de60::De60::of(&packet.message).ok()?;
            Some(de60.network)
        });
        if network != Some(de60::BATCH_END_UNBALANCED) {
            found.push(missing(
                R::Set02,
                say("a batch end with 202", "以 202 结束批上送"),
                say(
                    network.map_or_else(|| "none".to_owned(), |n| n.to_string()),
                    network.map_or_else(|| "没有".to_owned(), |n| n.to_string()),
                ),
            ));
        }
    }
}

/// The transactions of a settlement's batch that stand, by STAN, in fen.
fn in_batch(h: &History<'_>, settlement: &Message<'_>) -> BTreeMap<u32, u64> {
    let mut standing = BTreeMap::new();
    for (entry, posting) in h.postings() {
        if entry > settlement.entry() || Some(posting.key.batch) != settlement.batch() {
            continue;
        }
        if posting.kind == PostingKind::Reversal {
            standing.remove(&posting.key.stan);
        } else {
            let amount = u64::try_from(effect(posting).unsigned_abs()).unwrap_or(u64::MAX);
            standing.insert(posting.key.stan, amount);
        }
    }
    standing
}

/// SET-04: nothing is settled while a reversal is owed.
pub(super) fn reversals_first(h: &History<'_>, found: &mut Vec<Breach>) {
    for payment in h.messages().filter(|m| m.is_payment()) {
        let end = resolved(h, payment).unwrap_or(usize::MAX);
        let early = h
            .sent(Operation::Settlement)
            .find(|s| s.entry() > payment.entry() && s.entry() < end);
        if let Some(early) = early {
            let stan = payment.stan().unwrap_or(0);
            found.push(at(
                h,
                R::Set04,
                early.entry(),
                say(
                    format!("the reversal of STAN {stan:06} before the settlement"),
                    format!("结算前先完成流水号 {stan:06} 的冲正"),
                ),
                say("settled first", "先行结算"),
            ));
        }
    }
}
