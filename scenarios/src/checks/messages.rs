//! Form: every message that leaves is a whole message of the dialect (TXN-01).

use counterproof_sim::fault::FaultKind;
use counterproof_sim::host::MacState;
use counterproof_sim::iso8583::{Field, Packet, de60};
use counterproof_sim::money::Fen;
use counterproof_sim::record::Fact;
use counterproof_sim::vocabulary::{Operation, Vocabulary};

use super::breach::{at, say};
use crate::history::{History, Message};
use crate::requirements::Requirement as R;
use crate::verdict::{Breach, Sentence};

/// The fields that a request must carry in every dialect (network.md §2). Where the payment code
/// travels is the dialect's matter.
fn mandatory(operation: Operation) -> &'static [u8] {
    match operation {
        Operation::SignIn => &[11, 41, 42, 60, 62, 63],
        Operation::Echo | Operation::SignOff => &[11, 41, 42, 60],
        Operation::Sale | Operation::CodeOrder => &[3, 4, 11, 22, 25, 41, 42, 49, 60, 64],
        Operation::Query => &[3, 11, 22, 25, 41, 42, 60, 61, 64],
        Operation::Void | Operation::Refund => &[3, 4, 11, 22, 25, 37, 41, 42, 49, 60, 61, 64],
        Operation::Reversal => &[3, 4, 11, 22, 25, 39, 41, 42, 49, 60, 61, 64],
        Operation::Settlement => &[11, 41, 42, 48, 49, 60, 63],
        Operation::BatchDetail | Operation::BatchEnd => &[11, 41, 42, 48, 60],
    }
}

/// 60.1 of the operations that have one of their own.
fn kind(operation: Operation) -> Option<u8> {
    match operation {
        Operation::Sale => Some(de60::SALE),
        Operation::CodeOrder => Some(de60::CODE_ORDER),
        Operation::Query => Some(de60::QUERY),
        Operation::Void => Some(de60::VOID),
        Operation::Refund => Some(de60::REFUND),
        Operation::Reversal => None,
        Operation::SignIn
        | Operation::Echo
        | Operation::SignOff
        | Operation::Settlement
        | Operation::BatchDetail
        | Operation::BatchEnd => Some(de60::MANAGEMENT),
    }
}

/// TXN-01: only well-formed messages leave.
pub(super) fn well_formed(h: &History<'_>, found: &mut Vec<Breach>) {
    for junk in h.junk() {
        let seen = say(junk.why.clone(), junk.why.clone());
        found.push(at(
            h,
            R::Txn01,
            junk.entry,
            say("a frame of the dialect", "符合规范的报文帧"),
            seen,
        ));
    }
    for message in h.messages() {
        let mut breach = |expected: Sentence, seen: Sentence| {
            found.push(at(h, R::Txn01, message.entry(), expected, seen));
        };
        let packet = match message.packet() {
            Ok(packet) => packet,
            Err(error) => {
                breach(
                    say("a message that decodes wholly", "能完整解码的报文"),
                    say(error.to_string(), error.to_string()),
                );
                continue;
            }
        };
        if packet.leftover > 0 {
            breach(
                say("no byte after the last field", "最后一个域之后没有多余字节"),
                say(
                    format!("{} bytes left over", packet.leftover),
                    format!("多出 {} 字节", packet.leftover),
                ),
            );
        }
        match message.operation() {
            Some(operation) => fields(h, message, packet, operation, &mut breach),
            None => breach(
                say("an operation of the dialect", "规范中的交易"),
                say(
                    format!("{} that asks for nothing of it", packet.message.mti()),
                    format!("{} 不对应任何交易", packet.message.mti()),
                ),
            ),
        }
    }
}

fn fields(
    h: &History<'_>,
    message: &Message<'_>,
    packet: &Packet,
    operation: Operation,
    breach: &mut dyn FnMut(Sentence, Sentence),
) {
    let (en, zh) = (operation.en(), operation.zh());
    let has = |number: &u8| Field::new(*number).is_some_and(|f| packet.message.has(f));
    let code = (operation == Operation::Sale).then(|| h.dialect().code().field.number());
    let lacking: Vec<String> = mandatory(operation)
        .iter()
        .chain(&code)
        .filter(|n| !has(n))
        .map(|n| format!("DE{n}"))
        .collect();
    if !lacking.is_empty() {
        let lacking = lacking.join(", ");
        breach(
            say(
                format!("a {en} with its mandatory fields"),
                format!("{zh}报文含全部必填域"),
            ),
            say(format!("without {lacking}"), format!("缺少 {lacking}")),
        );
    }
    let mut wrong = |field: Field, wanted: &str| {
        if let Some(value) = packet.message.trimmed(field)
            && value != wanted.as_bytes()
        {
            let seen = String::from_utf8_lossy(value).into_owned();
            breach(
                say(
                    format!("DE{} of the {en} is {wanted}", field.number()),
                    format!("{zh}报文的{}域为 {wanted}", field.number()),
                ),
                say(seen.clone(), seen),
            );
        }
    };
    wrong(Field::TERMINAL, h.setup().terminal.id.trim_end());
    wrong(Field::MERCHANT, h.setup().terminal.merchant.trim_end());
    wrong(Field::CURRENCY, "156");
    match operation {
        Operation::Sale => {
            wrong(Field::ENTRY_MODE, "032");
            wrong(Field::CONDITION, "00");
        }
        Operation::CodeOrder => {
            wrong(Field::ENTRY_MODE, "042");
            wrong(Field::CONDITION, "00");
        }
        _ => {}
    }
    if message.is_payment()
        && let Some(order) = message.order()
        && let Some(story) = h
            .payments_of(order)
            .filter(|o| o.opened < message.entry())
            .last()
        && message.amount() != u64::try_from(story.amount).ok().map(Fen::new)
    {
        let wanted = story.amount;
        let seen = message.amount().map_or(0, Fen::get);
        breach(
            say(
                format!("the amount of order {order}: {wanted} fen"),
                format!("订单{order}的金额：{wanted} 分"),
            ),
            say(format!("{seen} fen"), format!("{seen} 分")),
        );
    }
    in_de60(h, message, operation, breach);
    mac(h, message, operation, breach);
}

/// DE60: type, batch in force, and the ending of a financial message.
fn in_de60(
    h: &History<'_>,
    message: &Message<'_>,
    operation: Operation,
    breach: &mut dyn FnMut(Sentence, Sentence),
) {
    let (en, zh) = (operation.en(), operation.zh());
    let Ok(packet) = message.packet() else { return };
    if !packet.message.has(Field::BATCH) {
        return;
    }
    let de60 = match de60::De60::of(&packet.message) {
        Ok(de60) => de60,
        Err(error) => {
            breach(
                say(
                    format!("a DE60 of the {en} that can be read"),
                    format!("{zh}报文的60域可以解析"),
                ),
                say(error.to_string(), error.to_string()),
            );
            return;
        }
    };
    if let Some(kind) = kind(operation)
        && de60.kind != kind
    {
        breach(
            say(
                format!("60.1 of the {en} is {kind:02}"),
                format!("{zh}报文的60.1为 {kind:02}"),
            ),
            say(format!("{:02}", de60.kind), format!("{:02}", de60.kind)),
        );
    }
    if (operation.is_financial() || operation == Operation::Query) && de60.network != 0 {
        breach(
            say(
                format!("60.3 of the {en} is 000"),
                format!("{zh}报文的60.3为 000"),
            ),
            say(
                format!("{:03}", de60.network),
                format!("{:03}", de60.network),
            ),
        );
    }
    if operation.is_financial()
        && let Some(batches) = batches_known(h, message.entry())
        && !batches.contains(&de60.batch)
    {
        breach(
            say(
                format!("the batch in force in the {en}: {:06}", batches[0]),
                format!("{zh}报文使用当前批次 {:06}", batches[0]),
            ),
            say(format!("{:06}", de60.batch), format!("{:06}", de60.batch)),
        );
    }
}

/// The batch of the last sign-in answer that the terminal was given before an entry, the newest
/// first; older ones may stand where the newest brought unsound keys, or the power failed over it.
fn batches_known(h: &History<'_>, entry: usize) -> Option<Vec<u32>> {
    let mut batches = Vec::new();
    let answers: Vec<_> = h
        .sent(Operation::SignIn)
        .flat_map(|m| m.answers().iter())
        .filter(|a| a.entry < entry && a.code() == Some("00"))
        .collect();
    for answer in answers.iter().rev() {
        batches.extend(de60::De60::of(&answer.packet.message).ok().map(|d| d.batch));
        let sound = h
            .sign_in_answers()
            .any(|(at, sound)| at == answer.entry && sound);
        if sound && !h.is_swallowed(answer.entry) {
            break;
        }
    }
    (!batches.is_empty()).then_some(batches)
}

/// The MAC as the acquirer judged it, where nothing but the terminal can be at fault.
fn mac(
    h: &History<'_>,
    message: &Message<'_>,
    operation: Operation,
    breach: &mut dyn FnMut(Sentence, Sentence),
) {
    let Some(Fact::Judged { mac, .. }) = message.judged().map(|i| &h.entries()[i].fact) else {
        return;
    };
    let seen = match mac {
        MacState::Invalid => say("a wrong MAC", "MAC错误"),
        MacState::Absent => say("no MAC", "没有MAC"),
        _ => return,
    };
    if keys_in_doubt(h, message.entry()) {
        return;
    }
    breach(
        say(
            format!("a valid MAC on the {}", operation.en()),
            format!("{}报文的MAC有效", operation.zh()),
        ),
        seen,
    );
}

/// Whether the acquirer's keys may differ from the terminal's without its fault: a fault says so,
/// or the answer to the last sign-in that took effect did not reach the terminal whole.
fn keys_in_doubt(h: &History<'_>, entry: usize) -> bool {
    let by_fault = h.entries()[..entry].iter().any(|e| {
        matches!(&e.fact, Fact::Armed { fault, .. }
            if matches!(fault.kind, FaultKind::KeysForgotten | FaultKind::KeysExpired | FaultKind::WrongCheckValue))
    });
    let last_signed_in = h.entries()[..entry]
        .iter()
        .rposition(|e| matches!(e.fact, Fact::SignedIn { .. }));
    let told = h.sign_in_answers().any(|(at, sound)| {
        let newest = last_signed_in.is_some_and(|signed| at > signed);
        sound && newest && at < entry && !h.is_swallowed(at)
    });
    by_fault || !told
}
