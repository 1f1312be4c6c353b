//! A till for tests: a terminal that does what it is told, a phone, and the host between them.

use crate::fault::{Fault, FaultId, FaultKind, Nth};
use crate::host::{Host, HostOutput, Key, MacState, ResponseCode, TerminalId};
use crate::iso8583::de60::{self, De60};
use crate::iso8583::de61::De61;
use crate::iso8583::keys::{self, Delivery, WorkingKeys};
use crate::iso8583::{Algorithm, Dialect, Field, MacKey, Message, Mti, Packet, packet};
use crate::money::Fen;
use crate::phone::{Phone, PhoneOutput};
use crate::random::Seeds;
use crate::record::{ConnId, Fact};
use crate::terminal::{Bytes, TerminalAccount};
use crate::time::{Span, Time};
use crate::vocabulary::{Operation, Wallet};

pub const OPENING: Time = Time::from_millis(1_767_225_600_000);

/// What the host wrote.
pub struct Written {
    pub at: Time,
    pub conn: ConnId,
    pub bytes: Vec<u8>,
    pub chopped: bool,
}

pub struct Till {
    pub now: Time,
    pub host: Host,
    pub phone: Phone,
    pub dialect: &'static Dialect,
    pub account: TerminalAccount,
    pub mac: Option<MacKey>,
    pub batch: u32,
    pub stan: u32,
    pub conn: ConnId,
    pub written: Vec<Written>,
    pub facts: Vec<Fact>,
    pub fired: Vec<FaultId>,
    pub ended: Vec<HostOutput>,
    next_fault: u32,
}

pub fn account() -> TerminalAccount {
    TerminalAccount {
        id: "10000001".into(),
        merchant: "898310000000001".into(),
        tpdu: Bytes(vec![0x60, 0x00, 0x03, 0x00, 0x00]),
        master_key: Bytes((1..=16).collect()),
        first_stan: 1,
        first_batch: 1,
        batch_limit: 500,
    }
}

impl Till {
    /// A till that has not signed in.
    pub fn closed(wallet: Wallet) -> Self {
        let seeds = Seeds::new(1, "host");
        let dialect = Dialect::cup();
        let mut till = Self {
            now: OPENING,
            host: Host::new(dialect, &account(), OPENING, &seeds),
            phone: Phone::new(wallet, &seeds),
            dialect,
            account: account(),
            mac: None,
            batch: 0,
            stan: 0,
            conn: ConnId(0),
            written: Vec::new(),
            facts: Vec::new(),
            fired: Vec::new(),
            ended: Vec::new(),
            next_fault: 0,
        };
        till.connect();
        till
    }

    /// A till that has signed in.
    pub fn open(wallet: Wallet) -> Self {
        let mut till = Self::closed(wallet);
        till.sign_in();
        till
    }

    pub fn connect(&mut self) {
        self.conn = ConnId(self.conn.0 + 1);
        self.host.opened(self.now, self.conn);
    }

    pub fn arm(&mut self, fault: &Fault) -> FaultId {
        let id = FaultId(self.next_fault);
        self.next_fault += 1;
        match fault.kind.site() {
            crate::fault::Site::Phone => self.phone.arm(self.now, id, fault),
            _ => self.host.arm(self.now, id, fault),
        }
        self.drain();
        id
    }

    pub fn state(&mut self, kind: FaultKind) -> FaultId {
        self.arm(&Fault::state(kind))
    }

    pub fn next(&mut self, kind: FaultKind, on: Operation) -> FaultId {
        self.arm(&Fault::on(kind, on, Nth::Only(1)))
    }

    pub fn lift(&mut self, id: FaultId) {
        self.host.lift(self.now, id);
        self.phone.lift(self.now, id);
        self.drain();
    }

    pub fn fired(&self, id: FaultId) -> bool {
        self.fired.contains(&id)
    }

    fn drain(&mut self) {
        loop {
            while let Some(output) = self.host.poll() {
                match output {
                    HostOutput::Write {
                        conn,
                        bytes,
                        chopped,
                    } => self.written.push(Written {
                        at: self.now,
                        conn,
                        bytes,
                        chopped,
                    }),
                    HostOutput::Ask(ask) => self.phone.asked(self.now, ask.id),
                    HostOutput::Fact(fact) => self.facts.push(fact),
                    HostOutput::Fired(id) => self.fired.push(id),
                    HostOutput::Close { .. } | HostOutput::Reset { .. } => self.ended.push(output),
                }
            }
            match self.phone.poll() {
                None => return,
                Some(PhoneOutput::Fired(id)) => self.fired.push(id),
                Some(PhoneOutput::Confirm { ask, yes }) => {
                    self.host.confirmed(self.now, ask, yes);
                }
            }
        }
    }

    /// Lets time pass.
    pub fn run(&mut self, span: Span) {
        let until = self.now + span;
        loop {
            self.drain();
            let due = [self.host.wake_at(), self.phone.wake_at()];
            let Some(at) = due.into_iter().flatten().min().filter(|at| *at <= until) else {
                break;
            };
            self.now = self.now.max(at);
            self.host.wake(self.now);
            self.phone.wake(self.now);
        }
        self.now = until;
    }

    pub fn send_bytes(&mut self, bytes: &[u8]) {
        self.host.received(self.now, self.conn, bytes);
        self.drain();
    }

    /// The frame of a message, with a MAC under the till's key where `mac` says so.
    pub fn frame(&self, message: &Message, mac: bool) -> Vec<u8> {
        let tpdu = self.account.tpdu.0.as_slice().try_into().unwrap();
        let header = self.dialect.header();
        let mut frame = Vec::new();
        match &self.mac {
            Some(key) if mac => self
                .dialect
                .emit_with_mac(tpdu, header, message, key, &mut frame),
            _ => self.dialect.emit(tpdu, header, message, &mut frame),
        }
        .unwrap();
        frame
    }

    /// Sends a message, waits two seconds, and returns what was written meanwhile.
    pub fn exchange(&mut self, message: &Message) -> Vec<Answer> {
        let mac = matches!(message.mti(), Mti::SALE | Mti::REFUND | Mti::REVERSAL);
        let frame = self.frame(message, mac);
        let before = self.written.len();
        self.send_bytes(&frame);
        self.run(Span::from_secs(2));
        self.written[before..]
            .iter()
            .filter_map(|written| self.read(&written.bytes))
            .collect()
    }

    pub fn read(&self, frame: &[u8]) -> Option<Answer> {
        let packet = self.dialect.parse_frame(frame).ok()?;
        let mac = self
            .mac
            .as_ref()
            .map(|key| key.verify(&frame[2..], &packet));
        Some(Answer {
            mac: packet.message.has(Field::MAC).then_some(mac).flatten(),
            packet,
        })
    }

    /// Sends a message and returns its only answer.
    pub fn ask(&mut self, message: &Message) -> Answer {
        let mut answers = self.exchange(message);
        assert_eq!(answers.len(), 1, "one answer to {message:?}");
        answers.remove(0)
    }

    pub fn next_stan(&mut self) -> u32 {
        self.stan += 1;
        self.stan
    }

    pub fn key(&self, stan: u32) -> Key {
        Key {
            terminal: TerminalId::new(self.account.id.as_bytes()),
            batch: self.batch,
            stan,
        }
    }

    /// DE11, 41, 42.
    pub fn head(&mut self, mti: Mti) -> Message {
        let stan = self.next_stan();
        let mut message = Message::new(mti);
        message.set_text(Field::STAN, &format!("{stan:06}"));
        message.set_text(Field::TERMINAL, &self.account.id);
        message.set_text(Field::MERCHANT, &self.account.merchant);
        message
    }

    pub fn management(&mut self, mti: Mti, network: u16) -> Message {
        let mut message = self.head(mti);
        De60::management(self.batch, network).put(&mut message);
        message
    }

    pub fn sign_in_message(&mut self, network: u16) -> Message {
        let mut message = self.management(Mti::SIGN_IN, network);
        message.set_text(Field::KEYS, "Sequence No123060CP000001");
        message.set_text(Field::REASON, "01 ");
        message
    }

    pub fn sign_in(&mut self) -> Answer {
        let message = self.sign_in_message(de60::SIGN_IN);
        let answer = self.ask(&message);
        assert_eq!(answer.code(), "00");
        self.take_keys(&answer, Delivery::Double).unwrap();
        answer
    }

    pub fn take_keys(&mut self, answer: &Answer, as_of: Delivery) -> Result<(), keys::KeyError> {
        let master = keys::Key::new(&self.account.master_key)?;
        let field = answer.message().get(Field::KEYS).unwrap();
        let keys = WorkingKeys::receive(&master, as_of, field)?;
        self.mac = Some(MacKey::new(self.dialect.algorithm(), keys.mac.bytes())?);
        self.batch = De60::of(answer.message()).unwrap().batch;
        Ok(())
    }

    pub fn financial(&mut self, mti: Mti, de3: &str, kind: u8) -> Message {
        let mut message = self.head(mti);
        message.set_text(Field::PROCESSING_CODE, de3);
        message.set_text(Field::ENTRY_MODE, "032");
        message.set_text(Field::CONDITION, "00");
        message.set_text(Field::CURRENCY, "156");
        De60::financial(kind, self.batch).put(&mut message);
        message
    }

    /// A sale with this code.
    pub fn sale_with(&mut self, code: &str, fen: u64) -> Message {
        let mut message = self.financial(Mti::SALE, "000000", de60::SALE);
        message.set(Field::AMOUNT, &Fen::new(fen).n12());
        self.dialect
            .code()
            .set(&mut message, code.as_bytes())
            .unwrap();
        message
    }

    /// A sale with a fresh code of the till's phone.
    pub fn sale_message(&mut self, fen: u64) -> Message {
        self.phone.refresh();
        let code = self.phone.present(self.now).code.unwrap();
        self.host.issue(&code);
        self.drain();
        self.sale_with(&code.text, fen)
    }

    pub fn sale(&mut self, fen: u64) -> Answer {
        let message = self.sale_message(fen);
        self.ask(&message)
    }

    pub fn query_message(&mut self, batch: u32, stan: u32) -> Message {
        let mut message = self.financial(Mti::SALE, "310000", de60::QUERY);
        message.remove(Field::CURRENCY);
        original(batch, stan).put(&mut message);
        message
    }

    pub fn query(&mut self, stan: u32) -> Answer {
        let message = self.query_message(self.batch, stan);
        self.ask(&message)
    }

    /// The reversal of a request.
    pub fn reversal_of(request: &Message, reason: &str) -> Message {
        let mut message = request.clone();
        message.set_mti(Mti::REVERSAL);
        message.set_text(Field::RESPONSE, reason);
        message.remove(Field::RRN);
        message.remove(Field::CODE);
        let de60 = De60::of(request).unwrap();
        let stan = request.text(Field::STAN).unwrap().parse().unwrap();
        original(de60.batch, stan).put(&mut message);
        message
    }

    pub fn reverse(&mut self, request: &Message) -> Answer {
        let message = Self::reversal_of(request, "98");
        self.ask(&message)
    }

    /// A void or refund of the payment with this STAN and RRN.
    pub fn give_back(&mut self, mti: Mti, stan: u32, rrn: &str, fen: u64) -> Message {
        let kind = if mti == Mti::REFUND {
            de60::REFUND
        } else {
            de60::VOID
        };
        let mut message = self.financial(mti, "200000", kind);
        message.set(Field::AMOUNT, &Fen::new(fen).n12());
        message.set_text(Field::RRN, rrn);
        original(self.batch, stan).put(&mut message);
        message
    }

    pub fn order_message(&mut self, fen: u64) -> Message {
        let mut message = self.financial(Mti::SALE, "000000", de60::CODE_ORDER);
        message.set_text(Field::ENTRY_MODE, "042");
        message.set(Field::AMOUNT, &Fen::new(fen).n12());
        message
    }

    /// What is charged for the payment with this STAN.
    pub fn net(&self, stan: u32) -> i64 {
        self.host.ledger().net(&self.key(stan))
    }

    /// Code, MAC and note of the last judgement.
    pub fn judged(&self) -> (Option<ResponseCode>, MacState, String) {
        let last = self.facts.iter().rev().find_map(|fact| match fact {
            Fact::Judged {
                code, mac, note, ..
            } => Some((*code, *mac, note.as_deref().unwrap_or_default().to_owned())),
            _ => None,
        });
        last.unwrap()
    }
}

pub fn original(batch: u32, stan: u32) -> De61 {
    De61 {
        batch,
        stan,
        date: 0,
    }
}

pub fn stan(message: &Message) -> u32 {
    message.text(Field::STAN).unwrap().parse().unwrap()
}

/// An answer that decodes.
pub struct Answer {
    pub packet: Packet,
    /// Whether its MAC is right; `None` where it has none.
    pub mac: Option<bool>,
}

impl Answer {
    pub fn message(&self) -> &Message {
        &self.packet.message
    }

    pub fn code(&self) -> &str {
        self.message().text(Field::RESPONSE).unwrap()
    }

    /// DE39 and the reason code of 63.2.
    pub fn says(&self) -> (&str, &str) {
        let reason = self.message().get(Field::REASON).map(|value| &value[3..6]);
        (
            self.code(),
            reason.map_or("", |reason| str::from_utf8(reason).unwrap()),
        )
    }

    pub fn wallet(&self) -> &str {
        let value = self.message().get(Field::REASON).unwrap();
        str::from_utf8(&value[..3]).unwrap()
    }

    pub fn rrn(&self) -> String {
        self.message().text(Field::RRN).unwrap().to_owned()
    }

    pub fn amount(&self) -> Option<u64> {
        let digits = self.message().get(Field::AMOUNT)?;
        Fen::from_digits(digits).map(Fen::get)
    }

    pub fn wish(&self) -> u8 {
        packet::requirement(self.packet.header)
    }

    pub fn fields(&self) -> Vec<u8> {
        self.message().fields().map(Field::number).collect()
    }
}

/// The dialect with another MAC algorithm.
pub fn with_algorithm(algorithm: Algorithm) -> &'static Dialect {
    let text = format!("extends = \"cup\"\nname = \"variant\"\nmac = \"{algorithm}\"\n");
    Box::leak(Box::new(Dialect::from_toml(&text).unwrap()))
}
