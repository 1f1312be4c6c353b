//! The record interpreted once: which messages left the terminal and what became of them, which
//! code and which money belong to which order. Steps and checkers read this instead of each
//! walking the record its own way.
//!
//! Not here: any opinion. What is right is the business of [`crate::checks`].

mod message;
mod order;
mod unseen;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use counterproof_sim::host::ledger::{Account, Posting};
use counterproof_sim::iso8583::de60::De60;
use counterproof_sim::iso8583::keys::{Delivery, Key, WorkingKeys};
use counterproof_sim::iso8583::{Deframer, Dialect, Field, MacKey};
use counterproof_sim::record::{ConnId, Entry, Fact, Record};
use counterproof_sim::terminal::{Action, Event, Setup, StreamEnd};
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::Operation;

use crate::practices::{self, Ways};

pub use message::{Answer, Junk, Message};
pub use order::{OrderStory, Said};

/// Everything that a record says, by message and by order.
#[derive(Debug)]
pub struct History<'r> {
    entries: &'r [Entry],
    setup: &'r Setup,
    dialect: &'static Dialect,
    tolerance: Span,
    accepted: &'static Ways,
    messages: Vec<Message<'r>>,
    junk: Vec<Junk>,
    conns: Vec<Conn<'r>>,
    orders: Vec<OrderStory<'r>>,
    codes: Vec<(usize, &'r str)>,
    postings: Vec<(usize, &'r Posting)>,
    boots: Vec<usize>,
    cuts: Vec<usize>,
    rest: Option<usize>,
    sign_ins: Vec<SignInAnswer>,
}

/// A sign-in answer that the terminal was given, and the keys that it brought.
#[derive(Debug)]
struct SignInAnswer {
    entry: usize,
    /// The keys as they came: 60.3 and DE62.
    network: Option<u16>,
    wrapped: Option<Box<[u8]>>,
    /// The MAC key, where the keys are sound. Unwrapped when somebody asks: most steps do not.
    key: OnceCell<Option<MacKey>>,
}

/// A connection that the terminal asked for.
#[derive(Debug)]
pub struct Conn<'r> {
    /// Ours.
    pub id: ConnId,
    /// The terminal's number in its boot.
    number: u64,
    /// Over which link.
    pub link: &'r str,
    /// Entry at which it was asked for.
    pub dialled: usize,
    /// Entry at which the terminal was told that it stands.
    pub opened: Option<usize>,
    /// Entry at which the terminal was told that it could not be made, or that it ended, or at
    /// which the terminal closed it.
    pub over: Option<usize>,
    /// Whether it was never made.
    pub refused: bool,
    /// How it ended, where the terminal was told so.
    pub end: Option<StreamEnd>,
    sent: Deframer,
    got: Deframer,
    boot: usize,
}

impl<'r> History<'r> {
    /// What the record of a terminal that was started with `setup` says.
    pub fn of(record: &'r Record, setup: &'r Setup, dialect: &'static Dialect) -> Self {
        let mut history = Self {
            entries: record.entries(),
            setup,
            dialect,
            tolerance: Span::ZERO,
            accepted: practices::accepted(),
            messages: Vec::new(),
            junk: Vec::new(),
            conns: Vec::new(),
            orders: Vec::new(),
            codes: Vec::new(),
            postings: Vec::new(),
            boots: Vec::new(),
            cuts: Vec::new(),
            rest: None,
            sign_ins: Vec::new(),
        };
        for index in 0..history.entries.len() {
            history.take(index);
        }
        history
    }

    /// The same where instants are known only so exactly.
    #[must_use]
    pub const fn known_within(mut self, tolerance: Span) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// How exactly instants are known: what misses a limit by no more has not missed it.
    pub const fn tolerance(&self) -> Span {
        self.tolerance
    }

    /// The same where other ways are accepted than by default.
    #[must_use]
    pub const fn accepting(mut self, accepted: &'static Ways) -> Self {
        self.accepted = accepted;
        self
    }

    /// What a terminal may do where the sources disagree.
    pub const fn accepted(&self) -> &'static Ways {
        self.accepted
    }

    /// The record's entries.
    pub fn entries(&self) -> &'r [Entry] {
        self.entries
    }

    /// What the terminal was started with.
    pub fn setup(&self) -> &'r Setup {
        self.setup
    }

    /// How the acquirer speaks.
    pub fn dialect(&self) -> &'static Dialect {
        self.dialect
    }

    /// Every message that left the terminal, in order.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message<'r>> {
        self.messages.iter()
    }

    /// The messages of one operation that left the terminal, in order.
    pub fn sent(&self, operation: Operation) -> impl DoubleEndedIterator<Item = &Message<'r>> {
        self.messages
            .iter()
            .filter(move |m| m.operation() == Some(operation))
    }

    /// Bytes that left the terminal and are no message.
    pub fn junk(&self) -> &[Junk] {
        &self.junk
    }

    /// Every payment that the cashier opened, in order; an order that was opened twice is here
    /// twice.
    pub fn orders(&self) -> &[OrderStory<'r>] {
        &self.orders
    }

    /// The payments of one order, in order.
    pub fn payments_of<'h>(&'h self, order: &'h str) -> impl Iterator<Item = &'h OrderStory<'r>> {
        self.orders.iter().filter(move |o| o.order == order)
    }

    /// The connections that the terminal asked for, in order.
    pub fn conns(&self) -> &[Conn<'r>] {
        &self.conns
    }

    /// Payment codes that were shown, read or typed, with their entries.
    pub fn codes(&self) -> impl DoubleEndedIterator<Item = (usize, &'r str)> {
        self.codes.iter().copied()
    }

    /// What the ledger booked, with its entries.
    pub fn postings(&self) -> impl DoubleEndedIterator<Item = (usize, &'r Posting)> {
        self.postings.iter().copied()
    }

    /// Entries at which the terminal was given power.
    pub fn boots(&self) -> &[usize] {
        &self.boots
    }

    /// Entries at which the terminal's power failed.
    pub fn cuts(&self) -> &[usize] {
        &self.cuts
    }

    /// The events that the terminal was given between two entries, both included: those that it
    /// answered, and those whose answer was lost with the power.
    pub fn given(&self, from: usize, to: usize) -> impl Iterator<Item = (usize, &'r Event)> {
        let entries = self.entries.iter().enumerate().skip(from);
        entries
            .take_while(move |(index, _)| *index <= to)
            .filter_map(|(index, entry)| match &entry.fact {
                Fact::Told { event }
                | Fact::PowerCut {
                    instead_of_answer_to: Some(event),
                } => Some((index, event)),
                _ => None,
            })
    }

    /// Whether the power failed in place of the answer to what came at this entry: the terminal may
    /// have made something of it, or never have known of it.
    pub fn is_swallowed(&self, entry: usize) -> bool {
        matches!(
            self.entries.get(entry).map(|e| &e.fact),
            Some(Fact::PowerCut {
                instead_of_answer_to: Some(_)
            })
        )
    }

    /// Whether the power failed between two entries, both included. What a terminal had not made
    /// durable then, it does not know any more.
    pub fn is_cut_between(&self, from: usize, to: usize) -> bool {
        self.cuts.iter().any(|cut| (from..=to).contains(cut))
    }

    /// The entry that says that the counter is at rest, if the scenario came that far.
    pub fn rest(&self) -> Option<usize> {
        self.rest
    }

    /// When an entry happened.
    pub fn at(&self, entry: usize) -> Time {
        self.entries[entry].at
    }

    /// When the record begins.
    pub fn start(&self) -> Time {
        self.entries
            .first()
            .map_or(Time::from_millis(self.setup.now), |e| e.at)
    }

    /// What the ledger holds for an order in fen, over all its payments: charged less given back.
    pub fn net(&self, order: &str) -> i128 {
        self.nets().get(order).copied().unwrap_or(0)
    }

    /// What the ledger holds for each order.
    pub fn nets(&self) -> BTreeMap<&'r str, i128> {
        let mut nets = BTreeMap::new();
        for (_, posting) in &self.postings {
            if let Some(order) = self.order_of(posting) {
                *nets.entry(order).or_insert(0) += effect(posting);
            }
        }
        nets
    }

    /// The order that a posting belongs to: that of the message which carried its key.
    pub fn order_of(&self, posting: &Posting) -> Option<&'r str> {
        let paid = posting.payment;
        self.messages
            .iter()
            .find(|m| {
                m.is_payment() && m.stan() == Some(paid.stan) && m.batch() == Some(paid.batch)
            })
            .and_then(Message::order)
    }

    /// The MAC key that the terminal had at an entry: of the last sound sign-in answer before it.
    pub fn mac_key_at(&self, entry: usize) -> Option<&MacKey> {
        self.sign_ins
            .iter()
            .rev()
            .filter(|answer| answer.entry < entry)
            .find_map(|answer| self.key_of(answer))
    }

    /// The working keys that sign-ins brought, in order, those with a wrong check value among them:
    /// a key that is refused is a key all the same.
    pub fn delivered_keys(&self) -> impl Iterator<Item = WorkingKeys> {
        self.sign_ins.iter().filter_map(|answer| {
            let delivery = Delivery::from_code(answer.network?)?;
            let master = Key::new(&self.setup.terminal.master_key).ok()?;
            let (keys, _) =
                WorkingKeys::open(&master, delivery, answer.wrapped.as_deref()?).ok()?;
            Some(keys)
        })
    }

    /// Entries of the sign-in answers that the terminal was given, and whether their keys were
    /// sound.
    pub fn sign_in_answers(&self) -> impl DoubleEndedIterator<Item = (usize, bool)> {
        self.sign_ins
            .iter()
            .map(|answer| (answer.entry, self.key_of(answer).is_some()))
    }

    fn key_of<'h>(&'h self, answer: &'h SignInAnswer) -> Option<&'h MacKey> {
        let unwrapped = answer.key.get_or_init(|| {
            let delivery = Delivery::from_code(answer.network?)?;
            let master = Key::new(&self.setup.terminal.master_key).ok()?;
            let keys = WorkingKeys::receive(&master, delivery, answer.wrapped.as_deref()?).ok()?;
            MacKey::new(self.dialect.algorithm(), keys.mac.bytes()).ok()
        });
        unwrapped.as_ref()
    }

    /// Whether an answer's MAC is right under the key that the terminal had.
    pub fn mac_is_right(&self, answer: &Answer) -> bool {
        *answer.mac_is_right.get_or_init(|| {
            answer.packet.message.has(Field::MAC)
                && self
                    .mac_key_at(answer.entry)
                    .is_some_and(|key| key.verify(&answer.body, &answer.packet))
        })
    }

    fn take(&mut self, index: usize) {
        match &self.entries[index].fact {
            Fact::Boot { .. } => self.boots.push(index),
            Fact::PowerCut {
                instead_of_answer_to,
            } => {
                self.cuts.push(index);
                if let Some(event) = instead_of_answer_to {
                    self.told(index, event);
                }
                let boot = self.boots.len();
                for conn in self
                    .conns
                    .iter_mut()
                    .filter(|c| c.boot == boot && c.over.is_none())
                {
                    conn.over = Some(index);
                }
            }
            Fact::Told { event } => self.told(index, event),
            Fact::Did { action } => self.did(index, action),
            Fact::Dialled { conn, number, link } => self.conns.push(Conn {
                id: *conn,
                number: *number,
                link,
                dialled: index,
                opened: None,
                over: None,
                refused: false,
                end: None,
                sent: Deframer::new(),
                got: Deframer::new(),
                boot: self.boots.len(),
            }),
            Fact::Presented {
                code: Some(code), ..
            } => self.codes.push((index, code)),
            Fact::Received { conn, frame } => self.reached(index, *conn, frame),
            Fact::Judged { .. } => self.judged(index),
            Fact::Posted(posting) => self.postings.push((index, posting)),
            Fact::AtRest { .. } => self.rest = Some(index),
            _ => {}
        }
    }

    fn told(&mut self, index: usize, event: &'r Event) {
        match event {
            Event::Pay { order, amount, .. } => {
                self.orders.push(OrderStory::new(order, *amount, index));
            }
            Event::ScannerRead { text, .. } | Event::ManualCode { text } => self.read(index, text),
            Event::HostOpened { conn } => {
                if let Some(conn) = self.conn(*conn) {
                    conn.opened = Some(index);
                }
            }
            Event::HostRefused { conn, .. } => {
                if let Some(conn) = self.conn(*conn) {
                    conn.over = Some(index);
                    conn.refused = true;
                }
            }
            Event::HostClosed { conn, reason } => {
                if let Some(conn) = self.conn(*conn) {
                    conn.over = Some(index);
                    conn.end = Some(*reason);
                }
            }
            Event::HostData { conn, data } => self.got(index, *conn, data),
            _ => {}
        }
    }

    fn did(&mut self, index: usize, action: &'r Action) {
        match action {
            Action::HostSend { conn, data } => self.left(index, *conn, data),
            Action::HostClose { conn } => {
                if let Some(conn) = self.conn(*conn) {
                    conn.over.get_or_insert(index);
                }
            }
            Action::Outcome(outcome) => {
                // A word on an order is a word on its latest payment.
                if let Some(story) = self
                    .orders
                    .iter_mut()
                    .rev()
                    .find(|o| *o.order == *outcome.order)
                {
                    story.said.push(Said {
                        entry: index,
                        outcome,
                    });
                }
            }
            _ => {}
        }
    }

    /// A text was read or typed while an order wanted a code.
    fn read(&mut self, index: usize, text: &'r str) {
        let code = text.trim_matches([' ', '\t', '\r', '\n']);
        if let Some(story) = self.orders.last_mut() {
            story.codes.push((index, code));
        }
        if (16..=24).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit()) {
            self.codes.push((index, code));
        }
    }

    /// The connection with the terminal's number in this boot.
    fn conn(&mut self, number: u64) -> Option<&mut Conn<'r>> {
        let boot = self.boots.len();
        self.conns
            .iter_mut()
            .rev()
            .find(|c| c.number == number && c.boot == boot)
    }

    fn left(&mut self, index: usize, number: u64, data: &'r [u8]) {
        let boot = self.boots.len();
        let Some(at) = self
            .conns
            .iter()
            .rposition(|c| c.number == number && c.boot == boot)
        else {
            return;
        };
        let current = self.orders.last().map(|o| o.order);
        let conn = &mut self.conns[at];
        conn.sent.push(data);
        while let Some(frame) = conn.sent.next() {
            let body = match frame {
                Ok(body) => body,
                Err(error) => {
                    self.junk.push(Junk {
                        entry: index,
                        conn: conn.id,
                        why: error.to_string(),
                    });
                    conn.sent.reset();
                    break;
                }
            };
            let mut message = Message::new(
                index,
                conn.id,
                conn.link,
                self.boots.len(),
                body,
                self.dialect,
            );
            message.order = order_of_message(&message, &self.orders, &self.messages).or(current);
            self.messages.push(message);
        }
    }

    fn reached(&mut self, index: usize, conn: ConnId, frame: &[u8]) {
        let body = frame.get(2..).unwrap_or_default();
        if let Some(message) = self
            .messages
            .iter_mut()
            .find(|m| m.conn == conn && m.reached.is_none() && m.body() == body)
        {
            message.reached = Some(index);
        }
    }

    fn judged(&mut self, index: usize) {
        // The acquirer judges what it has just received.
        if let Some(message) = self
            .messages
            .iter_mut()
            .filter(|m| m.reached.is_some())
            .max_by_key(|m| m.reached)
        {
            message.judged = Some(index);
        }
    }

    fn got(&mut self, index: usize, number: u64, data: &[u8]) {
        let boot = self.boots.len();
        let Some(at) = self
            .conns
            .iter()
            .rposition(|c| c.number == number && c.boot == boot)
        else {
            return;
        };
        let conn = &mut self.conns[at];
        conn.got.push(data);
        while let Some(Ok(body)) = conn.got.next() {
            let Some(answer) = Answer::new(index, body, self.dialect) else {
                continue;
            };
            // An answer belongs to the latest message of its connection that it fits.
            let on_it = |m: &Message<'_>| m.conn == conn.id;
            let own = self
                .messages
                .iter_mut()
                .rfind(|m| on_it(m) && m.is_answered_by(&answer));
            if let Some(own) = own {
                if own.operation() == Some(Operation::SignIn) && answer.code() == Some("00") {
                    self.sign_ins.push(SignInAnswer::new(index, &answer));
                }
                own.answers.push(answer);
            } else if let Some(last) = self.messages.iter_mut().rfind(|m| on_it(m)) {
                last.strangers.push(answer);
            }
        }
    }
}

/// What a posting does to what the customer has paid, in fen.
pub fn effect(posting: &Posting) -> i128 {
    let amount = i128::from(posting.amount.get());
    match posting.debit {
        Account::Customer { .. } => amount,
        Account::Merchant(_) => -amount,
    }
}

impl SignInAnswer {
    fn new(entry: usize, answer: &Answer) -> Self {
        let message = &answer.packet.message;
        Self {
            entry,
            network: De60::of(message).ok().map(|de60| de60.network),
            wrapped: message.get(Field::KEYS).map(Box::from),
            key: OnceCell::new(),
        }
    }
}

/// The order that a message belongs to: that of its code, or of the message that it is about.
fn order_of_message<'r>(
    message: &Message<'r>,
    orders: &[OrderStory<'r>],
    earlier: &[Message<'r>],
) -> Option<&'r str> {
    if let Some(original) = message.original() {
        return earlier
            .iter()
            .rev()
            .find(|m| {
                m.operation().is_some_and(Operation::is_financial)
                    && m.stan() == Some(original.stan)
                    && m.batch() == Some(original.batch)
            })
            .and_then(Message::order);
    }
    let code = message.code()?;
    orders
        .iter()
        .rev()
        .find(|o| o.codes.iter().any(|(_, c)| *c == code))
        .map(|o| o.order)
}
