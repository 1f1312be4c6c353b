//! The messages of the terminal, field by field, as the dialect's table of operations has them.

use super::compare::Expected;
use crate::iso8583::de48::{self, Detail, Totals};
use crate::iso8583::de60::{self, De60};
use crate::iso8583::de61::De61;
use crate::iso8583::de63;
use crate::iso8583::{Dialect, Field, Message, Mti};
use crate::money::Fen;
use crate::pos::config::Config;
use crate::pos::defects::{Defect, Defects};
use crate::pos::journal::{Books, Reversal, Sent, Stored};
use crate::vocabulary::Operation;

/// The currency of every amount: renminbi.
const CURRENCY: &str = "156";
/// DE3 of a query.
const QUERY: [u8; 6] = *b"310000";

/// What distinguishes the request of an operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    mti: Mti,
    processing: [u8; 6],
    /// 60.1.
    kind: u8,
}

/// DE22 of a scanned code.
const SCANNED: &str = "032";
/// DE22 of a code that was shown.
const SHOWN: &str = "042";
/// DE25 of everything.
const CONDITION: &str = "00";

/// The plan of an operation; `None` for one that this terminal does not know.
pub(super) const fn plan_of(operation: Operation) -> Option<Plan> {
    match operation {
        Operation::Sale => Some(Plan {
            mti: Mti::SALE,
            processing: *b"000000",
            kind: de60::SALE,
        }),
        Operation::CodeOrder => Some(Plan {
            mti: Mti::SALE,
            processing: *b"000000",
            kind: de60::CODE_ORDER,
        }),
        Operation::Void => Some(Plan {
            mti: Mti::SALE,
            processing: *b"200000",
            kind: de60::VOID,
        }),
        Operation::Refund => Some(Plan {
            mti: Mti::REFUND,
            processing: *b"200000",
            kind: de60::REFUND,
        }),
        Operation::SignIn
        | Operation::Echo
        | Operation::SignOff
        | Operation::Query
        | Operation::Reversal
        | Operation::Settlement
        | Operation::BatchDetail
        | Operation::BatchEnd => None,
    }
}

/// DE22 of an operation of an order. What gives a payment back carries that of the payment.
pub(super) fn entry_of(books: &Books, operation: Operation, order: &str) -> &'static str {
    let paid = match operation {
        Operation::Void | Operation::Refund => {
            let payment = books.orders.get(order);
            payment.map_or(Operation::Sale, |payment| payment.operation)
        }
        other => other,
    };
    if paid == Operation::CodeOrder {
        SHOWN
    } else {
        SCANNED
    }
}

/// Who writes, and in which dialect.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writer<'a> {
    pub config: &'a Config,
    pub dialect: &'a Dialect,
    pub defects: Defects,
}

impl Writer<'_> {
    /// The request of an order; `payment` is what a refund or void gives back.
    pub(super) fn request(
        self,
        message: &mut Message,
        (plan, entry): (Plan, &str),
        amount: Fen,
        sent: &Sent,
        payment: Option<&Stored>,
    ) -> Expected {
        let stan = self.start(message, plan.mti, sent.stan);
        let amount = if self.defects.has(Defect::AmountRounded) {
            Fen::new(amount.get() / 100 * 100)
        } else {
            amount
        };
        message.set(Field::PROCESSING_CODE, &plan.processing);
        message.set(Field::AMOUNT, &amount.n12());
        let entry = if self.defects.has(Defect::WrongEntryMode) {
            "012"
        } else {
            entry
        };
        message.set_text(Field::ENTRY_MODE, entry);
        message.set_text(Field::CONDITION, CONDITION);
        if let Some(payment) = payment {
            if let Some(rrn) = &payment.word.rrn {
                message.set(Field::RRN, rrn);
            }
            if let Some(sent) = &payment.sent {
                original_of(sent, sent.batch).put(message);
            }
        }
        if !self.defects.has(Defect::NoCurrency) {
            message.set_text(Field::CURRENCY, CURRENCY);
        }
        if let Some(code) = &sent.code {
            // A code has at most 24 digits, a place takes 999.
            let _ = self.dialect.code().set(message, code.digits());
        }
        De60::financial(plan.kind, sent.batch).put(message);
        Expected {
            mti: plan.mti.response(),
            stan,
            processing: Some(plan.processing),
            amount: Some(amount),
            moves_money: true,
        }
    }

    /// What became of a request.
    pub(super) fn query(
        self,
        message: &mut Message,
        entry: &str,
        amount: Fen,
        original: &Sent,
        (stan, batch): (u32, u32),
    ) -> Expected {
        let stan = self.start(message, Mti::SALE, stan);
        message.set(Field::PROCESSING_CODE, &QUERY);
        message.set_text(Field::ENTRY_MODE, entry);
        message.set_text(Field::CONDITION, CONDITION);
        De60::financial(de60::QUERY, batch).put(message);
        original_of(original, original.batch).put(message);
        Expected {
            mti: Mti::SALE.response(),
            stan,
            processing: Some(QUERY),
            amount: Some(amount),
            moves_money: true,
        }
    }

    /// The reversal of a request: with its number, its amount and its batch.
    pub(super) fn reversal(
        self,
        message: &mut Message,
        (plan, entry): (Plan, &str),
        reversal: &Reversal,
        (stan, batch): (u32, u32),
    ) -> Expected {
        let stan = self.start(message, Mti::REVERSAL, stan);
        let amount = if self.defects.has(Defect::ReversalZeroAmount) {
            Fen::ZERO
        } else {
            reversal.amount
        };
        message.set(Field::PROCESSING_CODE, &plan.processing);
        message.set(Field::AMOUNT, &amount.n12());
        let entry = if self.defects.has(Defect::ReversalAlwaysScanned) {
            SCANNED
        } else {
            entry
        };
        message.set_text(Field::ENTRY_MODE, entry);
        message.set_text(Field::CONDITION, CONDITION);
        message.set(Field::RESPONSE, &reversal.code);
        message.set_text(Field::CURRENCY, CURRENCY);
        De60::financial(plan.kind, batch).put(message);
        if !self.defects.has(Defect::ReversalWithoutOriginal) {
            original_of(&reversal.sent, batch).put(message);
        }
        Expected {
            mti: Mti::REVERSAL.response(),
            stan,
            processing: Some(plan.processing),
            amount: Some(amount),
            moves_money: false,
        }
    }

    /// A sign-in for double-length keys.
    pub(super) fn sign_in(self, message: &mut Message, (stan, batch): (u32, u32)) -> Expected {
        let stan = self.start(message, Mti::SIGN_IN, stan);
        De60::management(batch, de60::SIGN_IN).put(message);
        let serial = self.config.terminal.as_bytes();
        let mut device = *b"Sequence No123060        ";
        let place = device.len() - 8;
        device[place..place + serial.len()].copy_from_slice(serial);
        message.set(Field::KEYS, &device);
        message.set(Field::REASON, de63::OPERATOR);
        managed(Mti::SIGN_IN, stan)
    }

    /// The end of a session.
    pub(super) fn sign_off(self, message: &mut Message, (stan, batch): (u32, u32)) -> Expected {
        let stan = self.start(message, Mti::SIGN_OFF, stan);
        De60::management(batch, de60::SIGN_OFF).put(message);
        managed(Mti::SIGN_OFF, stan)
    }

    /// Whether the host is there.
    pub(super) fn echo(self, message: &mut Message, (stan, batch): (u32, u32)) -> Expected {
        let stan = self.start(message, Mti::SIGN_IN, stan);
        De60::management(batch, de60::ECHO).put(message);
        managed(Mti::SIGN_IN, stan)
    }

    /// The totals of a batch.
    pub(super) fn totals(
        self,
        message: &mut Message,
        totals: &Totals,
        (stan, batch): (u32, u32),
    ) -> Expected {
        let stan = self.start(message, Mti::SETTLEMENT, stan);
        message.set(Field::TOTALS, &totals.digits());
        message.set_text(Field::CURRENCY, CURRENCY);
        De60::management(batch, de60::SETTLEMENT).put(message);
        message.set(Field::REASON, de63::OPERATOR);
        managed(Mti::SETTLEMENT, stan)
    }

    /// Some of a batch's details: no more than fit one message.
    pub(super) fn details(
        self,
        message: &mut Message,
        details: &[Detail],
        (stan, batch): (u32, u32),
    ) -> Expected {
        let stan = self.start(message, Mti::BATCH, stan);
        let value = Detail::emit(details).unwrap_or_default();
        message.set(Field::TOTALS, &value);
        De60::management(batch, de60::SETTLEMENT).put(message);
        managed(Mti::BATCH, stan)
    }

    /// The end of a batch after so many details.
    pub(super) fn batch_end(
        self,
        message: &mut Message,
        (network, records): (u16, u16),
        (stan, batch): (u32, u32),
    ) -> Expected {
        let stan = self.start(message, Mti::BATCH, stan);
        message.set(Field::TOTALS, &de48::batch_end(records));
        De60::management(batch, network).put(message);
        managed(Mti::BATCH, stan)
    }

    fn start(self, message: &mut Message, mti: Mti, stan: u32) -> [u8; 6] {
        let stan = n6(stan);
        message.clear(mti);
        message.set(Field::STAN, &stan);
        message.set_text(Field::TERMINAL, &self.config.terminal);
        message.set_text(Field::MERCHANT, &self.config.merchant);
        stan
    }
}

/// What answers a message that moves no money.
const fn managed(mti: Mti, stan: [u8; 6]) -> Expected {
    Expected {
        mti: mti.response(),
        stan,
        processing: None,
        amount: None,
        moves_money: false,
    }
}

fn original_of(sent: &Sent, batch: u32) -> De61 {
    let civil = sent.at.civil();
    De61 {
        batch,
        stan: sent.stan,
        date: u16::from(civil.month) * 100 + u16::from(civil.day),
    }
}

/// Six digits; a larger number loses its leading ones.
fn n6(number: u32) -> [u8; 6] {
    [100_000, 10_000, 1_000, 100, 10, 1].map(|place| b'0' + (number / place % 10) as u8)
}
