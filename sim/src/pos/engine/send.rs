//! Sending: a message gets its number and its MAC, and what must not be forgotten is in the
//! journal before a byte leaves.

use std::sync::Arc;

use super::compare::Expected;
use super::request::{Writer, entry_of, plan_of};
use super::{Exchange, Failure, Purpose, Step, settle};
use crate::iso8583::EncodeError;
use crate::pos::code::Code;
use crate::pos::defects::Defect;
use crate::pos::device::{Device, Stage, Task};
use crate::pos::journal::{Record, Sent, is_payment};
use crate::terminal::{Action, Bytes};
use crate::time::Span;
use crate::vocabulary::Reason;

/// Bytes of the longest message.
const FRAME: usize = 256;

/// A message that is ready in `Device::message`.
struct Composed {
    expected: Expected,
    /// What identifies it, if it is the request of an order.
    sent: Option<Sent>,
}

impl From<Expected> for Composed {
    fn from(expected: Expected) -> Self {
        Self {
            expected,
            sent: None,
        }
    }
}

impl Device {
    /// Sends the message of the exchange over the connection that stands.
    pub(super) fn transmit(&mut self) {
        let Some(exchange) = &mut self.exchange else {
            return;
        };
        if let Some((frame, expected)) = exchange.again.take() {
            // Only a defect comes here: the same bytes once more.
            return self.leave(frame, expected, self.config.timing.response);
        }
        let purpose = exchange.purpose;
        if purpose == Purpose::Settlement {
            self.settlement_begins();
        }
        let composed = self.compose(purpose);
        let (Some(Composed { expected, sent }), Ok(frame)) = (composed, self.emit(purpose)) else {
            return self.fail(Failure::Unsent(Reason::Interface));
        };
        if let Some(sent) = sent {
            self.journal_request(sent, &frame, expected);
        } else if purpose == Purpose::Reversal
            && self.defects.has(Defect::JournalDroppedAtTimeout)
            && let Some(reversal) = self.journal.books().reversals.front()
        {
            let order = Arc::clone(&reversal.order);
            self.journal.write_only(&Record::Dropped { order: &order });
        }
        if let (Purpose::Query, Some(Task::Order(Stage::Asking(window)))) =
            (purpose, &mut self.task)
        {
            // Queries are an interval apart from sending to sending, however long the way was.
            window.put_off(self.now, self.config.timing.query, self.defects);
        }
        let patience = self.patience(purpose);
        self.leave(frame, expected, patience);
        if sent.is_some() {
            self.send_once_more();
        }
    }

    /// Puts the message of the exchange together. `None` when there is nothing to say, which the
    /// engine does not let happen.
    fn compose(&mut self, purpose: Purpose) -> Option<Composed> {
        let batch = self.session.batch();
        // A request's number is journalled with the request, a reversal has that of its original.
        let stan = match purpose {
            Purpose::SignIn
            | Purpose::Query
            | Purpose::LookUp
            | Purpose::Settlement
            | Purpose::SignOff
            | Purpose::Echo => self.journal.number(),
            Purpose::Reversal if self.defects.has(Defect::ReversalNewStan) => self.journal.number(),
            Purpose::Request | Purpose::Reversal => self.journal.books().next_stan,
        };
        let writer = Writer {
            config: &self.config,
            dialect: self.dialect,
            defects: self.defects,
        };
        let (books, message) = (self.journal.books(), &mut self.message);
        let expected = match purpose {
            Purpose::SignIn => writer.sign_in(message, (stan, batch)),
            Purpose::SignOff => writer.sign_off(message, (stan, batch)),
            Purpose::Echo => writer.echo(message, (stan, batch)),
            Purpose::Settlement => settle::compose(writer, message, &books.batch, stan)?,
            Purpose::Request => {
                let open = books.open.as_ref()?;
                let sent = Sent {
                    stan,
                    batch,
                    at: self.now,
                    code: match &self.task {
                        Some(Task::Order(Stage::Ready { code })) => *code,
                        _ => None,
                    },
                };
                let entry = entry_of(books, open.operation, &open.order);
                let plan = (plan_of(open.operation)?, entry);
                let payment = books.orders.get(&open.order);
                let payment = payment.filter(|_| !is_payment(open.operation));
                return Some(Composed {
                    expected: writer.request(message, plan, open.amount, &sent, payment),
                    sent: Some(sent),
                });
            }
            Purpose::Query => {
                let open = books.open.as_ref()?;
                let entry = entry_of(books, open.operation, &open.order);
                let sent = open.sent.as_ref()?;
                writer.query(message, entry, open.amount, sent, (stan, batch))
            }
            Purpose::LookUp => {
                let Some(Task::LookUp(order)) = &self.task else {
                    return None;
                };
                let stored = books.orders.get(order)?;
                let entry = entry_of(books, stored.operation, order);
                let sent = stored.sent.as_ref()?;
                let moved = stored.word.moved.unwrap_or(stored.amount);
                writer.query(message, entry, moved, sent, (stan, batch))
            }
            Purpose::Reversal => {
                let reversal = books.reversals.front()?;
                let stan = if self.defects.has(Defect::ReversalNewStan) {
                    stan
                } else {
                    reversal.sent.stan
                };
                let batch = if self.defects.has(Defect::ReversalNewBatch) {
                    batch
                } else {
                    reversal.sent.batch
                };
                let entry = entry_of(books, reversal.operation, &reversal.order);
                let plan = (plan_of(reversal.operation)?, entry);
                writer.reversal(message, plan, reversal, (stan, batch))
            }
        };
        Some(expected.into())
    }

    /// The frame of the message, with a MAC unless it asks for the key of one.
    fn emit(&self, purpose: Purpose) -> Result<Vec<u8>, EncodeError> {
        let (tpdu, header) = (self.config.tpdu, self.dialect.header());
        let mut frame = Vec::with_capacity(FRAME);
        let bare = matches!(
            purpose,
            Purpose::SignIn | Purpose::SignOff | Purpose::Echo | Purpose::Settlement
        );
        match self.session.key().filter(|_| !bare) {
            Some(key) => {
                self.dialect
                    .emit_with_mac(tpdu, header, &self.message, key, &mut frame)?;
            }
            None => self.dialect.emit(tpdu, header, &self.message, &mut frame)?,
        }
        Ok(frame)
    }

    /// The request is durable before it leaves: should the power fail, it is known what may have
    /// to be reversed.
    fn journal_request(&mut self, sent: Sent, frame: &[u8], expected: Expected) {
        if self.defects.has(Defect::UnsentForgotten)
            && let Some(open) = &self.journal.books().open
        {
            let order = Arc::clone(&open.order);
            let accepted = Record::Accepted {
                order: &order,
                operation: open.operation,
                amount: open.amount,
                at: sent.at,
            };
            self.journal.write_only(&accepted);
        }
        self.journal.write(&Record::Sent(sent));
        self.task = Some(Task::Order(Stage::Sent));
        if self.defects.has(Defect::ResendsOnOtherLink)
            && let Some(exchange) = &mut self.exchange
        {
            exchange.again = Some((frame.to_vec(), expected));
        }
        if let Some(code) = sent.code {
            self.betray(code);
        }
    }

    /// Bytes leave, and the wait for the answer begins.
    fn leave(&mut self, frame: Vec<u8>, expected: Expected, patience: Span) {
        let Some(conn) = self.line.conn() else {
            return;
        };
        self.out.push(Action::HostSend {
            conn: conn.number,
            data: Bytes(frame),
        });
        if let Some(exchange) = &mut self.exchange {
            exchange.step = Step::Waiting {
                until: self.now + patience,
                expected,
            };
        }
    }

    /// How long the answer may take.
    fn patience(&self, purpose: Purpose) -> Span {
        let timing = &self.config.timing;
        match (purpose, &self.task) {
            (Purpose::Query, Some(Task::Order(Stage::Asking(window)))) => {
                // A lost answer costs a query or two, not the window; the last one may be waited
                // for a little longer than the window.
                let last = window.until.since(self.now) + timing.query;
                timing.query.times(2).min(last)
            }
            (Purpose::Reversal, _) => timing.retry.min(timing.response),
            // Nobody waits for it, and somebody may soon wait for the line.
            (Purpose::SignOff, _) => timing.query.min(timing.response),
            _ if self.defects.has(Defect::Impatient) => {
                Span::from_micros(timing.response.as_micros() / 40)
            }
            _ => timing.response,
        }
    }

    /// A defect's second request for a scan that was triggered twice, once the first has left.
    pub(in crate::pos) fn send_once_more(&mut self) {
        if !matches!(self.task, Some(Task::Order(Stage::Sent))) || self.line.usable().is_none() {
            return;
        }
        if let Some(code) = self.echo.take() {
            self.task = Some(Task::Order(Stage::Ready { code: Some(code) }));
            self.exchange = Some(Exchange::new(Purpose::Request, true, self.now));
            self.transmit();
        }
    }

    /// What terminals with loose tongues do with a payment code.
    fn betray(&mut self, code: Code) {
        if self.defects.has(Defect::CodeInLog) {
            self.log(&format!("request with code {}", code.in_clear()));
        }
        if self.defects.has(Defect::CodeOnDisplay) {
            self.show_code(code);
        }
    }
}
