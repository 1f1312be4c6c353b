//! The messages of the terminal, field by field, as the dialect's table of operations has them.

use super::compare::Expected;
use crate::iso8583::de60::{self, De60};
use crate::iso8583::de61::De61;
use crate::iso8583::de63;
use crate::iso8583::{Dialect, Field, Message, Mti};
use crate::money::Fen;
use crate::pos::config::Config;
use crate::pos::defects::{Defect, Defects};
use crate::pos::journal::{Reversal, Sent};
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
    /// DE22.
    entry: &'static str,
    /// DE25.
    condition: &'static str,
}

/// The plan of an operation; `None` for one that this terminal does not know.
pub(super) const fn plan_of(operation: Operation) -> Option<Plan> {
    match operation {
        Operation::Sale => Some(Plan {
            mti: Mti::SALE,
            processing: *b"000000",
            kind: de60::SALE,
            entry: "032",
            condition: "00",
        }),
        Operation::SignIn
        | Operation::Echo
        | Operation::SignOff
        | Operation::CodeOrder
        | Operation::Query
        | Operation::Void
        | Operation::Refund
        | Operation::Reversal
        | Operation::Settlement
        | Operation::BatchDetail
        | Operation::BatchEnd => None,
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
    /// The request of an order: a sale.
    pub(super) fn request(
        self,
        message: &mut Message,
        plan: Plan,
        amount: Fen,
        sent: &Sent,
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
            plan.entry
        };
        message.set_text(Field::ENTRY_MODE, entry);
        message.set_text(Field::CONDITION, plan.condition);
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
        plan: Plan,
        amount: Fen,
        original: &Sent,
        (stan, batch): (u32, u32),
    ) -> Expected {
        let stan = self.start(message, Mti::SALE, stan);
        message.set(Field::PROCESSING_CODE, &QUERY);
        message.set_text(Field::ENTRY_MODE, plan.entry);
        message.set_text(Field::CONDITION, plan.condition);
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
        plan: Plan,
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
        message.set_text(Field::ENTRY_MODE, plan.entry);
        message.set_text(Field::CONDITION, plan.condition);
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
        Expected {
            mti: Mti::SIGN_IN.response(),
            stan,
            processing: None,
            amount: None,
            moves_money: false,
        }
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
