//! A tiny scripted acquirer with a ledger of its own: enough to judge the terminal from inside.

use std::collections::{BTreeMap, VecDeque};

use crate::emvco;
use crate::iso8583::de48::{BALANCED, Detail, Side, Totals, UNBALANCED, parse_batch_end};
use crate::iso8583::de60::De60;
use crate::iso8583::de61::De61;
use crate::iso8583::keys::{Delivery, Key, WorkingKeys};
use crate::iso8583::packet::with_requirement;
use crate::iso8583::{Dialect, Field, MacKey, Message, Packet};
use crate::money::Fen;
use crate::time::Time;
use crate::vocabulary::Operation;

/// What becomes of a frame: the chunks in which it arrives.
pub(super) type Cut = fn(Vec<u8>) -> Vec<Vec<u8>>;

/// What the host does with a message, instead of what it would do by itself.
#[derive(Clone, Debug)]
pub(super) enum Say {
    /// Nothing is scripted.
    Default,
    /// Answers with DE39 and 63.2; nothing is booked.
    Code(&'static str, &'static str),
    /// Books it and answers with DE39 and 63.2.
    Book(&'static str, &'static str),
    /// The message never arrived.
    Lost,
    /// It is dealt with, and the answer is lost.
    Mute,
    /// It is dealt with, and the answer comes after so many milliseconds.
    Late(u64),
    /// It is dealt with, and the connection ends instead of the answer.
    Closed,
    /// It is dealt with, and the answer is changed before its MAC is computed.
    Changed(fn(&mut Message)),
    /// It is dealt with, and the answer has a wrong MAC.
    BadMac,
    /// It is dealt with, and the answer has no MAC.
    NoMac,
    /// It is dealt with, and digit 6 of the header is set.
    Header(u8),
    /// It is dealt with, and the frame is changed.
    Bytes(Cut),
    /// It is dealt with, and the answer comes twice.
    Twice,
    /// A sign-in with this batch.
    Batch(u32),
    /// A sign-in with a wrong check value.
    BadCheckValue,
}

/// What the host does at last.
#[derive(Debug, Default)]
pub(super) struct Deed {
    /// Chunks of the stream, and after how many milliseconds each.
    pub chunks: Vec<(u64, Vec<u8>)>,
    /// The connection ends.
    pub closes: bool,
}

/// A request as the host has seen it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub at: Time,
    pub operation: Operation,
    pub stan: String,
    pub batch: u32,
    pub amount: Option<Fen>,
    pub reason: Option<String>,
    pub code: Option<String>,
}

#[derive(Debug)]
pub(super) struct Host {
    master: Key,
    keys: WorkingKeys,
    batch: u32,
    pub script: BTreeMap<Operation, VecDeque<Say>>,
    /// What every message of an operation gets when its script is empty.
    pub always: BTreeMap<Operation, Say>,
    pub seen: Vec<Seen>,
    /// Messages that are not as the dialect wants them.
    pub complaints: Vec<String>,
    /// Money that stands, by batch and STAN.
    pub charged: BTreeMap<(u32, u32), Fen>,
    /// What a refund or void has given back, and of which payment, by batch and STAN.
    pub given: BTreeMap<(u32, u32), ((u32, u32), Fen)>,
    /// Orders whose code the customer has not scanned.
    pub waiting: BTreeMap<(u32, u32), Fen>,
    /// Details that were uploaded.
    pub details: Vec<Detail>,
    /// Batches that were closed, with the number of records that their end told of.
    pub batches: Vec<(u32, u16)>,
    /// The batch is closed, and the next sign-in opens the next one.
    closing: bool,
    /// The answer of every original, and of those that were reversed.
    closed: BTreeMap<(u32, u32), &'static str>,
    /// Codes that somebody has paid with.
    used: Vec<String>,
}

const MAC: [u8; 8] = [0xDA, 0xB3, 0x61, 0x67, 0xE6, 0xDF, 0xB5, 0xEF];

impl Host {
    pub fn new(master: &[u8]) -> Self {
        let key = |bytes: &[u8]| Key::new(bytes).unwrap();
        Self {
            master: key(master),
            keys: WorkingKeys {
                pin: key(&[0x22; 16]),
                mac: key(&MAC),
                track: None,
            },
            batch: 1,
            script: BTreeMap::new(),
            always: BTreeMap::new(),
            seen: Vec::new(),
            complaints: Vec::new(),
            charged: BTreeMap::new(),
            given: BTreeMap::new(),
            waiting: BTreeMap::new(),
            details: Vec::new(),
            batches: Vec::new(),
            closing: false,
            closed: BTreeMap::new(),
            used: Vec::new(),
        }
    }

    fn mac_key(&self) -> MacKey {
        MacKey::new(Dialect::cup().algorithm(), self.keys.mac.bytes()).unwrap()
    }

    /// The next messages of that operation are dealt with like this.
    pub fn next(&mut self, operation: Operation, says: impl IntoIterator<Item = Say>) {
        self.script.entry(operation).or_default().extend(says);
    }

    /// From now on the terminal's keys are wrong.
    pub fn change_keys(&mut self) {
        self.keys.mac = Key::new(&[0x57; 8]).unwrap();
    }

    pub fn count(&self, operation: Operation) -> usize {
        self.seen
            .iter()
            .filter(|s| s.operation == operation)
            .count()
    }

    pub fn total(&self) -> i64 {
        let total: u64 = self.charged.values().map(|fen| fen.get()).sum();
        let given: u64 = self.given.values().map(|(_, fen)| fen.get()).sum();
        total.cast_signed() - given.cast_signed()
    }

    /// The customers scan the codes of all orders that wait.
    pub fn customer_pays(&mut self) {
        self.charged.append(&mut self.waiting);
    }

    /// What the batch adds up to.
    fn sums(&self, batch: u32) -> Side {
        let mut side = Side::default();
        for (_, amount) in self.charged.iter().filter(|(id, _)| id.0 == batch) {
            side.debits += 1;
            side.debit = side.debit.checked_add(*amount).unwrap();
        }
        for (_, (_, amount)) in self.given.iter().filter(|(id, _)| id.0 == batch) {
            side.credits += 1;
            side.credit = side.credit.checked_add(*amount).unwrap();
        }
        side
    }

    /// A whole frame has arrived.
    pub fn receive(&mut self, at: Time, frame: &[u8]) -> Deed {
        let packet = match Dialect::cup().parse_frame(frame) {
            Ok(packet) if packet.leftover == 0 => packet,
            other => {
                self.complaints.push(format!("not decodable: {other:?}"));
                return Deed::default();
            }
        };
        let operation = operation_of(&packet.message);
        self.check(operation, &packet);
        let batch = De60::of(&packet.message).map_or(0, |de60| de60.batch);
        let text = |field| packet.message.text(field).map(str::to_owned);
        let say = self
            .script
            .get_mut(&operation)
            .and_then(VecDeque::pop_front)
            .or_else(|| self.always.get(&operation).cloned())
            .unwrap_or(Say::Default);
        if matches!(say, Say::Lost) {
            return Deed::default();
        }
        self.seen.push(Seen {
            at,
            operation,
            stan: text(Field::STAN).unwrap_or_default(),
            batch,
            amount: packet.message.get(Field::AMOUNT).and_then(Fen::from_digits),
            reason: text(Field::RESPONSE),
            code: text(Field::CODE).map(|code| code[5..].to_owned()),
        });
        self.answer(at, operation, &packet, frame, &say)
    }

    fn answer(
        &mut self,
        at: Time,
        operation: Operation,
        packet: &Packet,
        frame: &[u8],
        say: &Say,
    ) -> Deed {
        let request = &packet.message;
        let key = self.mac_key();
        let bare = matches!(
            operation,
            Operation::SignIn
                | Operation::SignOff
                | Operation::Echo
                | Operation::Settlement
                | Operation::BatchDetail
                | Operation::BatchEnd
        );
        let good_mac = bare || key.verify(&frame[2..], packet);
        let (code, reason, amount) = match say {
            _ if !good_mac => ("A0", "K01", None),
            Say::Code(code, reason) => (*code, *reason, None),
            Say::Book(code, reason) => {
                let amount = self.book(request, code);
                (*code, *reason, amount)
            }
            _ => self.decide(operation, request),
        };
        let mut answer = Message::new(request.mti().response());
        for field in [3, 4, 11, 25, 41, 42, 49, 60] {
            answer.copy(Field::new(field).unwrap(), request);
        }
        if let Some(amount) = amount {
            answer.set(Field::AMOUNT, &amount.n12());
        }
        answer.set(Field::TIME, &at.civil().hhmmss());
        answer.set(Field::DATE, &at.civil().mmdd());
        answer.set_text(Field::ACQUIRER, "00096500");
        answer.set_text(Field::RRN, &format!("{:012}", self.seen.len()));
        answer.set_text(Field::RESPONSE, code);
        if !reason.is_empty() {
            answer.set_text(Field::REASON, &format!("WXP{reason}text"));
        }
        if code == "09" && operation == Operation::CodeOrder {
            let due = request.get(Field::AMOUNT).and_then(Fen::from_digits);
            let yuan = due.unwrap().to_string();
            let objects = [(emvco::CURRENCY, "156"), (emvco::AMOUNT, &*yuan)];
            let payload = emvco::build(&objects).unwrap();
            let place = Dialect::cup().merchant_code();
            place.set(&mut answer, payload.as_bytes()).unwrap();
        }
        if operation == Operation::Settlement {
            let told = Totals::parse(request.get(Field::TOTALS).unwrap()).unwrap();
            let mut totals = Totals {
                domestic: self.sums(De60::of(request).unwrap().batch),
                foreign: Side::default(),
            };
            let judgement = if told == totals { BALANCED } else { UNBALANCED };
            totals.domestic.code = judgement;
            answer.set(Field::TOTALS, &totals.digits());
        }
        if operation == Operation::SignIn {
            if std::mem::take(&mut self.closing) {
                self.batch += 1;
            }
            if let Say::Batch(batch) = say {
                self.batch = *batch;
            }
            De60::management(self.batch, 3).put(&mut answer);
            let mut keys = self.keys.deliver(&self.master, Delivery::Double).unwrap();
            if matches!(say, Say::BadCheckValue) {
                keys[39] ^= 1;
            }
            answer.set(Field::KEYS, &keys);
        }
        if let Say::Changed(change) = say {
            change(&mut answer);
        }
        let header = match say {
            Say::Header(digit) => with_requirement(packet.header, *digit),
            _ => packet.header,
        };
        let no_mac = bare || matches!(code, "30" | "97" | "A0") || matches!(say, Say::NoMac);
        let (tpdu, mut bytes) = (Dialect::cup().answer_tpdu(packet.tpdu), Vec::new());
        let dialect = Dialect::cup();
        if no_mac {
            dialect.emit(tpdu, header, &answer, &mut bytes).unwrap();
        } else {
            dialect
                .emit_with_mac(tpdu, header, &answer, &key, &mut bytes)
                .unwrap();
        }
        if matches!(say, Say::BadMac) {
            *bytes.last_mut().unwrap() ^= 1;
        }
        let chunks = match say {
            Say::Mute | Say::Closed => vec![],
            Say::Late(ms) => vec![(*ms, bytes)],
            Say::Twice => vec![(100, bytes.clone()), (130, bytes)],
            Say::Bytes(change) => change(bytes)
                .into_iter()
                .map(|chunk| (100, chunk))
                .collect(),
            _ => vec![(100, bytes)],
        };
        Deed {
            chunks,
            closes: matches!(say, Say::Closed),
        }
    }

    /// What the host does by itself.
    fn decide(
        &mut self,
        operation: Operation,
        request: &Message,
    ) -> (&'static str, &'static str, Option<Fen>) {
        match operation {
            Operation::Sale => {
                let id = id_of(request);
                let code = request.text(Field::CODE).unwrap_or_default().to_owned();
                if self.closed.contains_key(&id) {
                    return ("22", "H01", None);
                }
                if self.used.contains(&code) {
                    self.closed.insert(id, "94");
                    return ("94", "C02", None);
                }
                self.used.push(code);
                self.book(request, "00");
                ("00", "OK0", None)
            }
            Operation::CodeOrder => {
                let id = id_of(request);
                if self.closed.contains_key(&id) {
                    return ("22", "H01", None);
                }
                let due = request.get(Field::AMOUNT).and_then(Fen::from_digits);
                self.waiting.insert(id, due.unwrap());
                ("09", "W01", None)
            }
            Operation::Void | Operation::Refund => (self.give_back(operation, request), "", None),
            Operation::BatchDetail => {
                let details = Detail::parse(request.get(Field::TOTALS).unwrap()).unwrap();
                self.details.extend(details);
                ("00", "", None)
            }
            Operation::BatchEnd => {
                let records = parse_batch_end(request.get(Field::TOTALS).unwrap()).unwrap();
                let batch = De60::of(request).unwrap().batch;
                if self.batches.last() != Some(&(batch, records)) {
                    self.batches.push((batch, records));
                }
                self.closing = true;
                ("00", "", None)
            }
            Operation::Query => {
                let original = De61::of(request).unwrap();
                let id = (original.batch, original.stan);
                match (self.charged.get(&id), self.closed.get(&id)) {
                    (Some(amount), _) => ("00", "OK0", Some(*amount)),
                    _ if self.waiting.contains_key(&id) => ("09", "W01", None),
                    _ if self.given.contains_key(&id) => ("00", "OK0", Some(self.given[&id].1)),
                    (None, Some(code)) => (code, "H01", None),
                    (None, None) => ("25", "", None),
                }
            }
            Operation::Reversal => {
                let original = De61::of(request).map_or_else(
                    |_| id_of(request),
                    |original| (original.batch, original.stan),
                );
                let known = self.charged.remove(&original).is_some()
                    || self.given.remove(&original).is_some()
                    || self.waiting.remove(&original).is_some();
                let before = self.closed.insert(original, "25");
                if known || before.is_some() {
                    ("00", "OK0", None)
                } else {
                    ("25", "", None)
                }
            }
            _ => ("00", "", None),
        }
    }

    fn give_back(&mut self, operation: Operation, request: &Message) -> &'static str {
        let (id, original) = (id_of(request), De61::of(request).unwrap());
        let payment = (original.batch, original.stan);
        let amount = request.get(Field::AMOUNT).and_then(Fen::from_digits);
        let amount = amount.unwrap();
        if self.closed.contains_key(&id) {
            return "22";
        }
        let Some(charged) = self.charged.get(&payment) else {
            self.complaints.push(format!("{operation} of nothing"));
            return "25";
        };
        let given = self.given.values().filter(|(of, _)| *of == payment);
        let given: u64 = given.map(|(_, fen)| fen.get()).sum();
        if amount.get() + given > charged.get() || operation == Operation::Void && given > 0 {
            self.complaints.push(format!("{operation} of {amount}"));
            return "12";
        }
        self.given.insert(id, (payment, amount));
        "00"
    }

    fn book(&mut self, request: &Message, code: &str) -> Option<Fen> {
        let due = request.get(Field::AMOUNT).and_then(Fen::from_digits)?;
        let amount = if code == "10" {
            Fen::new(due.get() / 2)
        } else {
            due
        };
        self.charged.insert(id_of(request), amount);
        Some(amount)
    }

    /// The fields that each message must have, and no others.
    fn check(&mut self, operation: Operation, packet: &Packet) {
        let fields: &[u8] = match operation {
            Operation::SignIn => &[11, 41, 42, 60, 62, 63],
            Operation::Sale => &[3, 4, 11, 22, 25, 41, 42, 49, 59, 60, 64],
            Operation::Query => &[3, 11, 22, 25, 41, 42, 60, 61, 64],
            Operation::Reversal => &[3, 4, 11, 22, 25, 39, 41, 42, 49, 60, 61, 64],
            Operation::CodeOrder => &[3, 4, 11, 22, 25, 41, 42, 49, 60, 64],
            Operation::Void | Operation::Refund => &[3, 4, 11, 22, 25, 37, 41, 42, 49, 60, 61, 64],
            Operation::Echo | Operation::SignOff => &[11, 41, 42, 60],
            Operation::Settlement => &[11, 41, 42, 48, 49, 60, 63],
            Operation::BatchDetail | Operation::BatchEnd => &[11, 41, 42, 48, 60],
        };
        let found: Vec<u8> = packet.message.fields().map(Field::number).collect();
        if found != fields {
            self.complaints
                .push(format!("{operation}: fields {found:?}"));
        }
        let text = |field| packet.message.text(field).unwrap_or_default();
        let stan: u32 = text(Field::STAN).parse().unwrap_or_default();
        if stan == 0 {
            self.complaints.push("STAN 000000".to_owned());
        }
        let entry = packet.message.text(Field::ENTRY_MODE);
        if entry.is_some_and(|entry| !matches!(entry, "032" | "042")) {
            self.complaints.push(format!("DE22 {entry:?}"));
        }
        if text(Field::TERMINAL) != "10000001" || text(Field::MERCHANT) != "898310000000001" {
            self.complaints.push("another terminal".to_owned());
        }
    }
}

fn id_of(message: &Message) -> (u32, u32) {
    let batch = De60::of(message).map_or(0, |de60| de60.batch);
    let stan = message.text(Field::STAN).and_then(|stan| stan.parse().ok());
    (batch, stan.unwrap_or_default())
}

fn operation_of(message: &Message) -> Operation {
    let operation = message.operation().filter(|_| !message.mti().is_response());
    operation.unwrap_or_else(|| panic!("the terminal sent {message:?}"))
}
