//! A reversal repeats what it reverses, and reverses only what was sent (REV-02, REV-08).

use counterproof_sim::iso8583::Field;
use counterproof_sim::vocabulary::Operation;

use super::super::breach::{at, say};
use super::{answer_swallowed, original_of};
use crate::history::History;
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// REV-02: a reversal repeats the original's STAN, amount, DE3, 22, 25, 49 and 60, names it in
/// DE61, and says why.
pub(in crate::checks) fn built_right(h: &History<'_>, found: &mut Vec<Breach>) {
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

/// REV-08: nothing is reversed that never left.
pub(in crate::checks) fn only_of_what_was_sent(h: &History<'_>, found: &mut Vec<Breach>) {
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
