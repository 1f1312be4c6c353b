//! The lines of receipts. Date and time are those of the host's answer; where it had none, those
//! of the terminal's clock, set by the last sign-in.

use super::clock::{corrected, join, year_of};
use super::config::Config;
use super::defects::{Defect, Defects};
use super::journal::Stored;
use super::texts::{Text, push_amount, push_ascii, push_number};
use crate::terminal::PrintCopy;
use crate::vocabulary::Operation;

/// The most lines that a receipt has.
const LINES: usize = 11;

/// What a receipt is made from.
pub(super) struct Receipt<'a> {
    pub config: &'a Config,
    pub order: &'a str,
    pub stored: &'a Stored,
    /// Seconds that the host's clock is ahead.
    pub clock: i64,
    pub reprint: bool,
    pub defects: Defects,
}

impl Receipt<'_> {
    /// The merchant's copy and the customer's, top to bottom. They differ in one line.
    pub(super) fn copies(&self) -> [(PrintCopy, Vec<Box<str>>); 2] {
        let mut lines: Vec<Box<str>> = Vec::with_capacity(LINES);
        let mut line = String::with_capacity(64);
        let last = self.text(Text::MerchantCopy);
        self.each_line(&mut line, |line| lines.push(line.into()));
        let mut others = Vec::with_capacity(LINES);
        others.extend(lines.iter().cloned());
        lines.push(last.into());
        others.push(self.text(Text::CustomerCopy).into());
        [(PrintCopy::Merchant, lines), (PrintCopy::Customer, others)]
    }

    const fn text(&self, text: Text) -> &'static str {
        text.of(self.config.lang)
    }

    /// Writes one line after the other into `line`, and hands it over.
    fn each_line(&self, line: &mut String, mut put: impl FnMut(&str)) {
        let mut done = |line: &mut String| {
            put(line);
            line.clear();
        };
        line.push_str(self.text(match self.stored.operation {
            Operation::Refund => Text::RefundReceipt,
            Operation::Void => Text::VoidReceipt,
            _ => Text::Receipt,
        }));
        done(line);
        if self.reprint && !self.defects.has(Defect::ReprintUnmarked) {
            line.push_str(self.text(Text::Reprint));
            done(line);
        }
        line.push_str(self.text(Text::Merchant));
        line.push_str(&self.config.merchant);
        done(line);
        line.push_str(self.text(Text::Terminal));
        line.push_str(&self.config.terminal);
        if let Some(sent) = &self.stored.sent {
            line.push_str(self.text(Text::Batch));
            push_number(line, sent.batch.into(), 6);
            line.push_str(self.text(Text::Trace));
            push_number(line, sent.stan.into(), 6);
        }
        done(line);
        if let Some(rrn) = &self.stored.word.rrn
            && !self.defects.has(Defect::ReceiptWithoutRrn)
        {
            line.push_str(self.text(Text::Reference));
            push_ascii(line, rrn);
            done(line);
        }
        line.push_str(self.text(Text::DateTime));
        self.date_and_time(line);
        done(line);
        if !self.defects.has(Defect::ReceiptWithoutOrder) {
            line.push_str(self.text(Text::Order));
            line.push_str(self.order);
            done(line);
        }
        line.push_str(self.text(Text::Amount));
        push_amount(line, self.stored.word.moved.unwrap_or(self.stored.amount));
        done(line);
        if let Some(instalments) = self.stored.word.instalments {
            line.push_str(self.text(Text::Instalments));
            push_number(line, instalments.into(), 1);
            done(line);
        }
        if self.defects.has(Defect::CodeOnReceipt)
            && let Some(code) = self.stored.sent.and_then(|sent| sent.code)
        {
            line.push_str(code.in_clear());
            done(line);
        }
    }

    fn date_and_time(&self, line: &mut String) {
        let own = corrected(self.stored.at, self.clock).civil();
        let clock = self
            .stored
            .word
            .clock
            .unwrap_or_else(|| join(own.mmdd(), own.hhmmss()));
        push_number(line, year_of(own, [clock[0], clock[1]]), 4);
        let mut text = *b"-mm-dd hh:mm:ss";
        for (place, pair) in [1, 4, 7, 10, 13].into_iter().zip(clock.chunks_exact(2)) {
            text[place..place + 2].copy_from_slice(pair);
        }
        push_ascii(line, &text);
    }
}
