//! One message that left the terminal, what became of it, and what came back.

use std::cell::OnceCell;

use counterproof_sim::iso8583::de60::De60;
use counterproof_sim::iso8583::de61::De61;
use counterproof_sim::iso8583::{DecodeError, Dialect, Field, Packet};
use counterproof_sim::money::Fen;
use counterproof_sim::record::ConnId;
use counterproof_sim::vocabulary::Operation;

/// A message that left the terminal.
#[derive(Debug)]
pub struct Message<'r> {
    pub(super) entry: usize,
    pub(super) conn: ConnId,
    pub(super) link: &'r str,
    pub(super) boot: usize,
    pub(super) order: Option<&'r str>,
    pub(super) reached: Option<usize>,
    pub(super) judged: Option<usize>,
    pub(super) answers: Vec<Answer>,
    pub(super) strangers: Vec<Answer>,
    body: Vec<u8>,
    packet: Result<Box<Packet>, DecodeError>,
    operation: Option<Operation>,
    code: Option<Box<str>>,
    stan: Option<u32>,
    batch: Option<u32>,
    original: Option<De61>,
}

/// Bytes that left the terminal and make no frame.
#[derive(Debug)]
pub struct Junk {
    /// Entry of the write.
    pub entry: usize,
    /// On which connection.
    pub conn: ConnId,
    /// Why they make none.
    pub why: String,
}

/// A message that the terminal was given.
#[derive(Debug)]
pub struct Answer {
    /// Entry at which its last byte came.
    pub entry: usize,
    /// The bytes after the length.
    pub body: Vec<u8>,
    /// What it says.
    pub packet: Box<Packet>,
    /// Whether its MAC is right, once somebody has asked.
    pub(super) mac_is_right: OnceCell<bool>,
}

impl<'r> Message<'r> {
    pub(super) fn new(
        entry: usize,
        conn: ConnId,
        link: &'r str,
        boot: usize,
        body: &[u8],
        dialect: &Dialect,
    ) -> Self {
        let packet = parsed(body, dialect);
        let message = packet.as_ref().ok().map(|p| &p.message);
        let operation = message.and_then(counterproof_sim::iso8583::Message::operation);
        let code = message
            .and_then(|m| dialect.code().get(m))
            .and_then(|code| std::str::from_utf8(code).ok())
            .map(Box::from);
        Self {
            entry,
            conn,
            link,
            boot,
            order: None,
            reached: None,
            judged: None,
            answers: Vec::new(),
            strangers: Vec::new(),
            body: body.to_vec(),
            operation,
            code,
            stan: message.and_then(|m| number(m.get(Field::STAN)?)),
            batch: message.and_then(|m| De60::of(m).ok()).map(|d| d.batch),
            original: message.and_then(|m| De61::of(m).ok()),
            packet,
        }
    }

    /// Entry at which its last byte left.
    pub fn entry(&self) -> usize {
        self.entry
    }

    /// The connection that it left on.
    pub fn conn(&self) -> ConnId {
        self.conn
    }

    /// The link that it left over.
    pub fn link(&self) -> &'r str {
        self.link
    }

    /// In which boot it left, from 1.
    pub fn boot(&self) -> usize {
        self.boot
    }

    /// The order that it is about.
    pub fn order(&self) -> Option<&'r str> {
        self.order
    }

    /// Entry at which the acquirer had it whole.
    pub fn reached(&self) -> Option<usize> {
        self.reached
    }

    /// Entry of the acquirer's judgement on it.
    pub fn judged(&self) -> Option<usize> {
        self.judged
    }

    /// Messages that answer it by MTI and STAN, as the terminal was given them.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// Messages that came on its connection while it was the last, and answer nothing.
    pub fn strangers(&self) -> &[Answer] {
        &self.strangers
    }

    /// The bytes after the length.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// What it says, or why it does not decode.
    ///
    /// # Errors
    /// Where its bytes are no message of the dialect.
    pub fn packet(&self) -> Result<&Packet, &DecodeError> {
        self.packet.as_deref()
    }

    /// What it asks for.
    pub fn operation(&self) -> Option<Operation> {
        self.operation
    }

    /// Whether it takes a payment.
    pub fn is_payment(&self) -> bool {
        matches!(self.operation, Some(Operation::Sale | Operation::CodeOrder))
    }

    /// Whether it moves money.
    pub fn is_financial(&self) -> bool {
        self.operation.is_some_and(Operation::is_financial)
    }

    /// The payment code that it carries.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// DE11.
    pub fn stan(&self) -> Option<u32> {
        self.stan
    }

    /// 60.2.
    pub fn batch(&self) -> Option<u32> {
        self.batch
    }

    /// DE4.
    pub fn amount(&self) -> Option<Fen> {
        Fen::from_digits(self.get(Field::AMOUNT)?)
    }

    /// DE61: the message that it is about.
    pub fn original(&self) -> Option<De61> {
        self.original
    }

    /// Whether it is a query, a reversal, a void or a refund of that message: DE61 names its STAN and batch.
    pub fn is_about(&self, original: &Message<'_>) -> bool {
        self.original.is_some_and(|about| {
            Some(about.stan) == original.stan && Some(about.batch) == original.batch
        })
    }

    /// The logical value of a field.
    pub fn get(&self, field: Field) -> Option<&[u8]> {
        self.packet.as_ref().ok()?.message.get(field)
    }

    /// The logical value of a field as text.
    pub fn field(&self, number: u8) -> Option<String> {
        self.get(Field::new(number)?)
            .map(|value| String::from_utf8_lossy(value).into_owned())
    }

    /// Whether `answer` answers it, by MTI and STAN.
    pub(super) fn is_answered_by(&self, answer: &Answer) -> bool {
        let Ok(packet) = &self.packet else {
            return false;
        };
        answer.packet.message.mti() == packet.message.mti().response()
            && answer.packet.message.get(Field::STAN) == packet.message.get(Field::STAN)
    }
}

impl Answer {
    pub(super) fn new(entry: usize, body: &[u8], dialect: &Dialect) -> Option<Self> {
        let packet = parsed(body, dialect).ok()?;
        Some(Self {
            entry,
            body: body.to_vec(),
            packet,
            mac_is_right: OnceCell::new(),
        })
    }

    /// DE39.
    pub fn code(&self) -> Option<&str> {
        self.packet.message.text(Field::RESPONSE)
    }
}

/// What a body says, kept where it is read: a packet is large, and lists of messages grow.
fn parsed(body: &[u8], dialect: &Dialect) -> Result<Box<Packet>, DecodeError> {
    let mut packet = Box::<Packet>::default();
    dialect.parse_body(body, &mut packet)?;
    Ok(packet)
}

/// The number that digits write.
fn number(digits: &[u8]) -> Option<u32> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}
