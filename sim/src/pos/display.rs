//! What the terminal says: displays, outcomes, logs. Whoever calls has made durable what is said.

use std::sync::Arc;

use super::advice::advise;
use super::code::Code;
use super::defects::Defect;
use super::device::Device;
use super::journal::{Word, is_payment};
use super::outcome::ResponseCode;
use super::session::Session;
use super::texts::{Text, push_yuan};
use crate::money::Fen;
use crate::terminal::{Action, Lines, LogLevel, Outcome, PaidOperation, Status};
use crate::vocabulary::{Advice, Lang, Operation, Reason, Vocabulary};

/// Bytes that most displays need.
const USUAL: usize = 96;

impl Device {
    fn lang(&self) -> Lang {
        if self.defects.has(Defect::EnglishOnly) {
            Lang::En
        } else {
            self.config.lang
        }
    }

    /// Displays a text.
    pub(super) fn show(&mut self, text: Text) {
        self.display([text.of(self.lang())].into_iter().collect(), None, &[]);
    }

    /// Displays a text and an amount.
    pub(super) fn show_amount(&mut self, text: Text, amount: Fen) {
        let mut lines = Lines::with_capacity(USUAL);
        lines.push(text.of(self.lang()));
        lines.write(|line| push_yuan(line, amount));
        self.display(lines, None, &[]);
    }

    /// Displays a payment code in clear, as only a defect does.
    pub(super) fn show_code(&mut self, code: Code) {
        self.display([code.in_clear()].into_iter().collect(), None, &[]);
    }

    /// Displays a key in clear, as only a defect does.
    pub(super) fn show_key(&mut self, keys: &[u8; 40]) {
        let key = Session::refused_in_clear(&self.config.master, keys);
        self.display([key].into_iter().collect(), None, &[]);
    }

    /// Displays a problem with its advice.
    pub(super) fn show_problem(&mut self, headline: Text, reason: Reason) {
        self.show_failure(headline, Word::failed(Status::Declined, reason));
    }

    /// Says the word on an order: the outcome and its display.
    pub(super) fn tell(&mut self, order: &Arc<str>, operation: Operation, word: Word) {
        let reason = self.reason_told(word);
        let advice = self.advice(word);
        let code = |code: ResponseCode| Box::from(str::from_utf8(&code).unwrap_or_default());
        self.out.push(Action::Outcome(Box::new(Outcome {
            order: Box::from(&**order),
            operation: paid(operation),
            status: word.status,
            reason: reason.map(Into::into),
            advice: advice.iter().map(|advice| (*advice).into()).collect(),
            amount: word.moved.and_then(|fen| i64::try_from(fen.get()).ok()),
            rrn: word
                .rrn
                .map(|rrn| str::from_utf8(&rrn).unwrap_or_default().trim_end().into()),
            host_code: word.code.map(code),
        })));
        match word.status {
            Status::Approved => self.show_approval(order, operation, word),
            Status::Declined => self.show_failure(Text::Declined, word),
            Status::Cancelled if is_payment(operation) => self.show_failure(Text::Cancelled, word),
            Status::Cancelled => self.show_failure(Text::ReturnCancelled, word),
            Status::Unknown if self.defects.has(Defect::UnknownNotShown) => {}
            Status::Unknown => self.show_failure(Text::Unknown, word),
        }
    }

    /// Writes a line for the evidence.
    pub(super) fn log(&mut self, text: &str) {
        self.out.push(Action::Log {
            level: LogLevel("info".into()),
            text: text.into(),
        });
    }

    fn show_approval(&mut self, order: &str, operation: Operation, word: Word) {
        let lang = self.lang();
        let moved = word.moved.unwrap_or_default();
        let headline = match operation {
            Operation::Refund => Text::Refunded,
            Operation::Void => Text::Voided,
            _ => Text::Approved,
        };
        let mut lines = Lines::with_capacity(USUAL);
        lines.push(headline.of(lang));
        lines.write(|line| push_yuan(line, moved));
        let due = self.journal.books().stored(order, operation);
        let left = due.and_then(|due| due.amount.checked_sub(moved));
        if let Some(left) = left.filter(|left| *left > Fen::ZERO) {
            lines.push(Text::PartlyApproved.of(lang));
            lines.write(|line| push_yuan(line, left));
        }
        if matches!(&word.code, Some([b'A', _])) {
            lines.push(Text::ConfirmWithIssuer.of(lang));
        }
        self.display(lines, None, &[]);
    }

    fn show_failure(&mut self, headline: Text, word: Word) {
        let lang = self.lang();
        let reason = self.reason_told(word);
        let advice = self.advice(word);
        let mut lines = Lines::with_capacity(USUAL);
        if self.defects.has(Defect::BareCodes) {
            let code = word.code.unwrap_or(*b"ER");
            lines.push(str::from_utf8(&code).unwrap_or_default());
        } else {
            lines.push(headline.of(lang));
            if let Some(reason) = reason {
                lines.push(reason.name(lang));
            }
            for advice in advice {
                lines.push(advice.name(lang));
            }
        }
        self.display(lines, reason, advice);
    }

    /// The reason as it is said.
    fn reason_told(&self, word: Word) -> Option<Reason> {
        let by_host = word.status == Status::Declined && word.code.is_some();
        word.reason
            .filter(|_| !(by_host && self.defects.has(Defect::NoReason)))
    }

    fn advice(&self, word: Word) -> &'static [Advice] {
        word.reason.map_or(&[], |reason| {
            advise(reason, word.code, word.status, self.defects)
        })
    }

    fn display(&mut self, lines: Lines, reason: Option<Reason>, advice: &[Advice]) {
        self.out.push(Action::Display {
            lines,
            reason: reason.map(Into::into),
            advice: advice.iter().map(|advice| (*advice).into()).collect(),
        });
    }
}

const fn paid(operation: Operation) -> PaidOperation {
    match operation {
        Operation::Refund => PaidOperation::Refund,
        Operation::Void => PaidOperation::Void,
        _ => PaidOperation::Pay,
    }
}
