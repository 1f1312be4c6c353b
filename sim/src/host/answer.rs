//! The answer to a request: its fields (network.md §2), its MAC, its bytes.

use super::delivery::Parcel;
use super::faults::Hits;
use super::front::{Judgement, LATE, or};
use super::mischief;
use super::ruling::Forced;
use super::switch::{Decision, Extra};
use super::{Host, HostOutput, Pace};
use crate::fault::{FaultId, FaultKind};
use crate::iso8583::de60::{self, De60};
use crate::iso8583::encode::EncodeError;
use crate::iso8583::packet::with_requirement;
use crate::iso8583::{Dialect, Field, MacKey, Message, Packet};
use crate::record::ConnId;
use crate::time::{Span, Time};
use crate::vocabulary::{Operation, Vocabulary, Wallet};

use rand_chacha::rand_core::Rng;

/// DE32: the acquirer's number.
const ACQUIRER: &[u8] = b"48020000";
/// 63.1 where no wallet is known.
const NO_WALLET: &[u8; 3] = b"000";
/// Digit 6 of the header: sign in again.
const SIGN_IN_AGAIN: u8 = 3;
/// Digit of the header that asks for an update of the terminal (edges 35).
const UPDATE: u8 = 6;
/// What the front end itself takes for a request and its answer.
const FRONT: (Span, Span) = (Span::from_millis(5), Span::from_millis(20));

impl Host {
    /// Answers a request. Returns when the answer is due.
    pub(super) fn reply(
        &mut self,
        now: Time,
        conn: ConnId,
        packet: &Packet,
        operation: Option<Operation>,
        judgement: Judgement,
        hits: Hits,
    ) -> Time {
        let mut decision = judgement.decision;
        let mut altered = Vec::new();
        if let Some(hit) = hits.get(FaultKind::AnswerCodeAfter) {
            let forced = Forced::of(hit.code.as_deref());
            if forced.code != decision.code() {
                decision.forced = Some(forced);
                decision.auth = None;
                decision.extra = Extra::None;
                altered.push(hit.id);
            }
        }
        if matches!(decision.extra, Extra::Keys(_)) {
            for kind in [FaultKind::WrongCheckValue, FaultKind::WrongPinCheckValue] {
                altered.extend(hits.get(kind).map(|hit| hit.id));
            }
        }
        let at_the_till = operation.is_some_and(super::request::needs_mac);
        let clockless = self
            .faults
            .state(FaultKind::Clockless)
            .filter(|_| at_the_till);
        self.out.extend(clockless.map(HostOutput::Fired));
        let ahead = self.faults.clock_ahead();
        self.out.extend(ahead.map(|(id, _)| HostOutput::Fired(id)));
        let clock = now + ahead.map_or(Span::ZERO, |(_, by)| by);
        let rrn = decision.rrn.unwrap_or_else(|| self.switch.number(now).0);
        compose(
            &mut self.answer,
            self.dialect,
            packet,
            operation,
            &decision,
            &rrn,
            (clock, clockless.is_some()),
        );
        let wants_mac = packet.message.has(Field::MAC) && decision.code().has_mac();
        let key = judgement
            .session
            .filter(|_| wants_mac)
            .and_then(|index| self.sessions[index].mac.clone());
        let took = match self.pace {
            Pace::Simulated => decision.took + self.front_takes(),
            Pace::Prompt => Span::ZERO,
        };
        let mut due = now + took;
        let parcel = if hits.is_empty() {
            Parcel::of(conn, self.write(packet, key.as_ref(), 0))
        } else {
            self.unsolicited(
                due - Span::from_micros(took.as_micros() / 2),
                conn,
                packet,
                &hits,
                key.as_ref(),
            );
            if let Some(late) = hits.get(FaultKind::AnswerLate) {
                due += or(late.by, LATE);
                self.out.push_back(HostOutput::Fired(late.id));
            }
            self.spoilt(conn, packet, key, hits, altered)
        };
        self.agenda.send(due, parcel);
        due
    }

    /// The answer in `self.answer` with what message faults do to its content.
    fn spoilt(
        &mut self,
        conn: ConnId,
        packet: &Packet,
        key: Option<MacKey>,
        hits: Hits,
        mut altered: Vec<FaultId>,
    ) -> Parcel {
        altered.extend(mischief::alter(&mut self.answer, &hits));
        let codes = hits
            .iter()
            .filter(|hit| super::merchant_code::spoil(self.dialect, &mut self.answer, hit.kind));
        altered.extend(codes.map(|hit| hit.id));
        let wishes = [
            (FaultKind::AsksSignIn, SIGN_IN_AGAIN),
            (FaultKind::AsksUpdate, UPDATE),
        ];
        let wish = wishes
            .iter()
            .find_map(|(kind, digit)| Some((hits.get(*kind)?.id, *digit)));
        altered.extend(wish.map(|(id, _)| id));
        let wish = wish.map_or(0, |(_, digit)| digit);
        let no_mac = hits.get(FaultKind::NoMac).filter(|_| key.is_some());
        altered.extend(no_mac.map(|hit| hit.id));
        let key = key.filter(|_| no_mac.is_none());
        let mut bytes = self.write(packet, key.as_ref(), wish);
        if let (Some(hit), Some(_)) = (hits.get(FaultKind::WrongMac), &key) {
            mischief::spoil_mac(&mut bytes, self.spoilt_macs);
            self.spoilt_macs += 1;
            altered.push(hit.id);
        }
        let glued = hits.get(FaultKind::AnswerJoined).map(|_| {
            mischief::make_echo(&mut self.answer);
            self.write(packet, None, 0)
        });
        Parcel {
            conn,
            bytes,
            hits,
            altered,
            glued: glued.unwrap_or_default(),
            held: false,
        }
    }

    /// Sends an approval that nobody asked for, before the real answer is due.
    fn unsolicited(
        &mut self,
        at: Time,
        conn: ConnId,
        packet: &Packet,
        hits: &Hits,
        key: Option<&MacKey>,
    ) {
        let Some(hit) = hits.get(FaultKind::Unsolicited) else {
            return;
        };
        let real = self.answer.clone();
        mischief::make_approval(&mut self.answer, packet);
        let mut parcel = Parcel::of(conn, self.write(packet, key, 0));
        parcel.altered.push(hit.id);
        self.answer = real;
        self.agenda.send(at, parcel);
    }

    /// The frame of the answer in `self.answer`. What the dialect cannot carry is left out.
    fn write(&mut self, packet: &Packet, key: Option<&MacKey>, wish: u8) -> Vec<u8> {
        let tpdu = self.dialect.answer_tpdu(packet.tpdu);
        let header = with_requirement(packet.header, wish);
        let mut bytes = Vec::with_capacity(320);
        let mut key = key.filter(|_| self.dialect.knows(Field::MAC));
        loop {
            let written = match key {
                Some(key) => {
                    self.dialect
                        .emit_with_mac(tpdu, header, &self.answer, key, &mut bytes)
                }
                None => self.dialect.emit(tpdu, header, &self.answer, &mut bytes),
            };
            match written.err().and_then(|error| field_of(&error)) {
                None => return bytes,
                Some(Field::MAC) => key = None,
                Some(field) => self.answer.remove(field),
            }
        }
    }

    fn front_takes(&mut self) -> Span {
        let (least, most) = FRONT;
        let range = (most - least).as_micros();
        least + Span::from_micros(self.takes.next_u64() % range)
    }
}

/// The field that does not fit the dialect.
const fn field_of(error: &EncodeError) -> Option<Field> {
    match error {
        EncodeError::UnknownField(field)
        | EncodeError::TooLong { field, .. }
        | EncodeError::TooShort { field, .. }
        | EncodeError::Digit { field, .. } => Some(*field),
        EncodeError::Frame(_) => None,
    }
}

/// Fills `answer` with the answer to the request in `packet`.
fn compose(
    answer: &mut Message,
    dialect: &Dialect,
    packet: &Packet,
    operation: Option<Operation>,
    decision: &Decision,
    rrn: &[u8; 12],
    (now, clockless): (Time, bool),
) {
    let request = &packet.message;
    answer.clear(request.mti().response());
    for field in [
        Field::PROCESSING_CODE,
        Field::AMOUNT,
        Field::STAN,
        Field::CONDITION,
        Field::TERMINAL,
        Field::MERCHANT,
        Field::CURRENCY,
        Field::BATCH,
    ] {
        if let Some(value) = request.get(field) {
            answer.set(field, value);
        }
    }
    // Financial messages, queries and reversals: the ones with an entry mode.
    let at_the_till = operation.is_some_and(super::request::needs_mac);
    let civil = now.civil();
    if !(clockless && at_the_till) {
        answer.set(Field::TIME, &civil.hhmmss());
        answer.set(Field::DATE, &civil.mmdd());
    }
    if at_the_till || operation == Some(Operation::Settlement) {
        answer.set(Field::SETTLEMENT_DATE, &civil.mmdd());
    }
    answer.set(Field::ACQUIRER, ACQUIRER);
    answer.set(Field::RRN, rrn);
    answer.set(Field::RESPONSE, &decision.code().0);
    if let Some(amount) = decision.amount {
        answer.set(Field::AMOUNT, &amount.n12());
    }
    if let Some(auth) = decision.auth {
        answer.set(Field::AUTH_CODE, &auth);
    }
    if let Some(batch) = decision.batch {
        let network = De60::of(request).map_or(de60::SIGN_IN, |de60| de60.network);
        De60::management(batch, network).put(answer);
    }
    match &decision.extra {
        Extra::None => {}
        Extra::Payload(payload) => {
            // The longest payload has a few hundred characters; a tagged value takes 999.
            let _ = dialect.merchant_code().set(answer, payload.as_bytes());
        }
        Extra::Keys(keys) => answer.set(Field::KEYS, keys),
        Extra::Totals(totals) => answer.set(Field::TOTALS, &totals.digits()),
    }
    if at_the_till || decision.code() != super::ResponseCode::APPROVED {
        explain(answer, decision);
    }
}

/// DE63, where 63.2 has a reason code for it.
fn explain(answer: &mut Message, decision: &Decision) {
    let Some((ruling, reason)) = decision.told().and_then(|r| Some((r, r.reason()?))) else {
        return;
    };
    let mut value = [0; 96];
    let mut length = 0;
    let wallet = match decision.wallet.map(Wallet::id) {
        Some(id) => id.as_bytes(),
        None => NO_WALLET,
    };
    for part in [wallet, reason, ruling.gbk(decision.instalments)] {
        value[length..length + part.len()].copy_from_slice(part);
        length += part.len();
    }
    answer.set(Field::REASON, &value[..length]);
}
