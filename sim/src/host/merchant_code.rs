//! Faults of the code that a terminal is told to show: whole but wrong, or not whole (CODE-07).

use crate::emvco::{self, Payload};
use crate::fault::FaultKind;
use crate::iso8583::{Dialect, Message};

/// Yuan that the spoilt code asks for in place of the order's amount.
const OTHER_AMOUNT: &str = "9999.99";
/// US dollar, ISO 4217 numeric.
const OTHER_CURRENCY: &str = "840";

/// Spoils the code in an answer to a code order; whether a fault of this kind changed something.
pub(super) fn spoil(dialect: &Dialect, answer: &mut Message, kind: FaultKind) -> bool {
    let place = dialect.merchant_code();
    let Some(payload) = place
        .get(answer)
        .and_then(|p| String::from_utf8(p.to_vec()).ok())
    else {
        return false;
    };
    let spoilt = match kind {
        FaultKind::CodeBadCrc => Some(with_bad_checksum(&payload)),
        FaultKind::CodeOtherAmount => with(&payload, emvco::AMOUNT, OTHER_AMOUNT),
        FaultKind::CodeOtherCurrency => with(&payload, emvco::CURRENCY, OTHER_CURRENCY),
        FaultKind::CodeCut => payload.get(..payload.len() / 2).map(str::to_owned),
        FaultKind::CodeMissing => {
            answer.remove(place.field);
            return true;
        }
        _ => None,
    };
    spoilt.is_some_and(|spoilt| place.set(answer, spoilt.as_bytes()).is_ok())
}

/// The same payload with another last digit of its checksum.
fn with_bad_checksum(payload: &str) -> String {
    let mut spoilt = payload.to_owned();
    let last = spoilt.pop();
    spoilt.push(if last == Some('0') { '1' } else { '0' });
    spoilt
}

/// The payload with another value of one object and the right checksum for it.
fn with(payload: &str, tag: u8, value: &str) -> Option<String> {
    let parsed = Payload::parse(payload).ok()?;
    let objects: Vec<(u8, &str)> = parsed
        .objects()
        .iter()
        .filter(|(of, _)| !matches!(*of, emvco::FORMAT | emvco::CRC))
        .map(|(of, old)| (*of, if *of == tag { value } else { *old }))
        .collect();
    emvco::build(&objects).ok()
}
