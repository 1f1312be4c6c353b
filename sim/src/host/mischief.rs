//! What faults make of messages and bytes, each changing one thing and nothing else. Not here:
//! when they strike.

use rand_chacha::rand_core::Rng;

use super::faults::Hits;
use super::switch::n6;
use crate::fault::{FaultId, FaultKind};
use crate::iso8583::de60::{self, De60};
use crate::iso8583::{Field, Message, Mti, Packet, frame};
use crate::money::Fen;
use crate::random::Chance;

/// How far away another STAN is: nowhere near one that the terminal uses.
const ELSEWHERE: u32 = 500_000;
/// By how much another amount differs.
const ONE_YUAN: u64 = 100;
/// Where the MTI begins in a frame: length, TPDU, header.
const MTI: usize = frame::PREFIX + 5 + 6;
/// Where the bitmap begins in a frame.
const BITMAP: usize = MTI + 2;

/// Alters the fields of an answer; returns the faults that changed something.
pub(super) fn alter(answer: &mut Message, hits: &Hits) -> Vec<FaultId> {
    let changes = |hit: &&super::faults::Hit| change(answer, hit.kind);
    hits.iter().filter(changes).map(|hit| hit.id).collect()
}

/// Whether a fault of this kind changed something.
fn change(answer: &mut Message, kind: FaultKind) -> bool {
    match kind {
        FaultKind::WrongStan => {
            let stan = answer.get(Field::STAN).and_then(Fen::from_digits);
            let other = stan.map(|stan| n6((stan.get() as u32 + ELSEWHERE) % 1_000_000));
            put(answer, Field::STAN, other.as_ref().map(<[u8; 6]>::as_slice))
        }
        FaultKind::WrongAmount => {
            let amount = answer.get(Field::AMOUNT).and_then(Fen::from_digits);
            let other = amount.map(|amount| other_amount(amount).n12());
            put(
                answer,
                Field::AMOUNT,
                other.as_ref().map(<[u8; 12]>::as_slice),
            )
        }
        FaultKind::WrongTerminal => other_name(answer, Field::TERMINAL),
        FaultKind::WrongMerchant => other_name(answer, Field::MERCHANT),
        FaultKind::WrongType => {
            let other = if answer.mti() == Mti::SALE.response() {
                Mti::REFUND
            } else {
                Mti::SALE
            };
            answer.set_mti(other.response());
            true
        }
        FaultKind::WrongProcessing => {
            let other: &[u8] = match answer.get(Field::PROCESSING_CODE) {
                None => return false,
                Some(b"000000") => b"310000",
                Some(_) => b"000000",
            };
            put(answer, Field::PROCESSING_CODE, Some(other))
        }
        FaultKind::NoReason => {
            let had = answer.has(Field::REASON);
            answer.remove(Field::REASON);
            had
        }
        _ => false,
    }
}

fn put(answer: &mut Message, field: Field, value: Option<&[u8]>) -> bool {
    if let Some(value) = value {
        answer.set(field, value);
    }
    value.is_some()
}

fn other_amount(amount: Fen) -> Fen {
    if amount.get() + ONE_YUAN <= Fen::MAX.get() {
        Fen::new(amount.get() + ONE_YUAN)
    } else {
        Fen::new(amount.get() - ONE_YUAN)
    }
}

/// Another last character in the name of a terminal or merchant.
fn other_name(answer: &mut Message, field: Field) -> bool {
    let Some(name) = answer.trimmed(field).filter(|name| !name.is_empty()) else {
        return false;
    };
    let mut name = name.to_vec();
    if let Some(last) = name.last_mut() {
        *last = if *last == b'9' { b'8' } else { b'9' };
    }
    put(answer, field, Some(&name))
}

/// Changes one byte of the MAC at the end of a frame: the last byte of the first MAC that is
/// spoilt, and by and by every other, from half to half.
pub(super) fn spoil_mac(frame: &mut [u8], spoilt_before: u32) {
    if let Some(mac) = frame.last_chunk_mut::<8>() {
        // Neither 0 nor a change of case: some algorithms write their MAC in letters.
        let at = (7 + 3 * (spoilt_before as usize % mac.len())) % mac.len();
        mac[at] ^= 0x01;
    }
}

/// Makes the answer an answer to an echo test that this terminal has not sent.
pub(super) fn make_echo(answer: &mut Message) {
    let batch = De60::of(answer).map_or(0, |de60| de60.batch);
    answer.set_mti(Mti::SIGN_IN.response());
    for field in [
        Field::PROCESSING_CODE,
        Field::AMOUNT,
        Field::SETTLEMENT_DATE,
        Field::CONDITION,
        Field::AUTH_CODE,
        Field::TOTALS,
        Field::CURRENCY,
        Field::CODE,
        Field::KEYS,
        Field::REASON,
        Field::MAC,
    ] {
        answer.remove(field);
    }
    De60::management(batch, de60::ECHO).put(answer);
    answer.set(Field::RESPONSE, b"00");
    change(answer, FaultKind::WrongStan);
}

/// Makes the answer an approval of a sale that this terminal has not asked for.
pub(super) fn make_approval(answer: &mut Message, packet: &Packet) {
    let batch = De60::of(&packet.message).map_or(0, |de60| de60.batch);
    for field in [Field::TOTALS, Field::CODE, Field::KEYS, Field::REASON] {
        answer.remove(field);
    }
    answer.set_mti(Mti::SALE.response());
    answer.set(Field::PROCESSING_CODE, b"000000");
    if !answer.has(Field::AMOUNT) {
        answer.set(Field::AMOUNT, &Fen::new(ONE_YUAN).n12());
    }
    answer.set(Field::CONDITION, b"00");
    answer.set(Field::CURRENCY, b"156");
    answer.set(Field::RESPONSE, b"00");
    answer.set(Field::AUTH_CODE, &n6(ELSEWHERE));
    De60::financial(de60::SALE, batch).put(answer);
    change(answer, FaultKind::WrongStan);
}

/// Overwrites a frame behind its header with noise that no decoder reads.
pub(super) fn garble(frame: &mut [u8], chance: &mut Chance) {
    if let Some(behind) = frame.get_mut(MTI..) {
        chance.fill_bytes(behind);
    }
    if let Some(bitmap) = frame.get_mut(BITMAP) {
        // It announces a second bitmap, which no dialect here has.
        *bitmap |= 0x80;
    }
}

/// A frame of good length that is noise.
pub(super) fn junk(chance: &mut Chance) -> Vec<u8> {
    let length = 21 + chance.next_u32() as usize % 180;
    let mut frame = vec![0; frame::PREFIX + length];
    chance.fill_bytes(&mut frame);
    garble(&mut frame, chance);
    frame[..frame::PREFIX].copy_from_slice(&(length as u16).to_be_bytes());
    frame
}

/// Two length bytes that no message has, and some bytes behind them: too short, none, too long and
/// as long as can be, in turn.
pub(super) fn impossible_length(so_far: u32, chance: &mut Chance) -> Vec<u8> {
    let draw = chance.next_u32();
    let length = match so_far % 4 {
        0 => (draw % 20 + 1) as u16,
        1 => 0,
        2 => (4_097 + draw % (65_535 - 4_097)) as u16,
        _ => u16::MAX,
    };
    let mut bytes = vec![0; frame::PREFIX + 16];
    chance.fill_bytes(&mut bytes);
    bytes[..frame::PREFIX].copy_from_slice(&length.to_be_bytes());
    bytes
}
