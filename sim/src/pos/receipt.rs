//! The lines of receipts. Date and time are those of the host's answer; where it had none, those
//! of the terminal's clock, set by the last sign-in.

use super::clock::{corrected, join, year_of};
use super::config::Config;
use super::defects::{Defect, Defects};
use super::journal::Stored;
use super::texts::{Text, push_amount, push_ascii, push_number};
use crate::terminal::{Lines, PrintCopy};
use crate::vocabulary::Operation;

/// Bytes that most receipts need.
const USUAL: usize = 320;

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
    pub(super) fn copies(&self) -> [(PrintCopy, Lines); 2] {
        let mut merchants = Lines::with_capacity(USUAL);
        self.write(&mut merchants);
        let mut customers = merchants.clone();
        merchants.push(self.text(Text::MerchantCopy));
        customers.push(self.text(Text::CustomerCopy));
        [
            (PrintCopy::Merchant, merchants),
            (PrintCopy::Customer, customers),
        ]
    }

    const fn text(&self, text: Text) -> &'static str {
        text.of(self.config.lang)
    }

    /// Everything that both copies have.
    fn write(&self, lines: &mut Lines) {
        lines.push(self.text(match self.stored.operation {
            Operation::Refund => Text::RefundReceipt,
            Operation::Void => Text::VoidReceipt,
            _ => Text::Receipt,
        }));
        if self.reprint && !self.defects.has(Defect::ReprintUnmarked) {
            lines.push(self.text(Text::Reprint));
        }
        lines.write(|line| {
            line.push_str(self.text(Text::Merchant));
            line.push_str(&self.config.merchant);
        });
        lines.write(|line| {
            line.push_str(self.text(Text::Terminal));
            line.push_str(&self.config.terminal);
            if let Some(sent) = &self.stored.sent {
                line.push_str(self.text(Text::Batch));
                push_number(line, sent.batch.into(), 6);
                line.push_str(self.text(Text::Trace));
                push_number(line, sent.stan.into(), 6);
            }
        });
        if let Some(rrn) = &self.stored.word.rrn
            && !self.defects.has(Defect::ReceiptWithoutRrn)
        {
            lines.write(|line| {
                line.push_str(self.text(Text::Reference));
                push_ascii(line, rrn);
            });
        }
        lines.write(|line| {
            line.push_str(self.text(Text::DateTime));
            self.date_and_time(line);
        });
        if !self.defects.has(Defect::ReceiptWithoutOrder) {
            lines.write(|line| {
                line.push_str(self.text(Text::Order));
                line.push_str(self.order);
            });
        }
        lines.write(|line| {
            line.push_str(self.text(Text::Amount));
            push_amount(line, self.stored.word.moved.unwrap_or(self.stored.amount));
        });
        if let Some(instalments) = self.stored.word.instalments {
            lines.write(|line| {
                line.push_str(self.text(Text::Instalments));
                push_number(line, instalments.into(), 1);
            });
        }
        if self.defects.has(Defect::CodeOnReceipt)
            && let Some(code) = self.stored.sent.and_then(|sent| sent.code)
        {
            lines.push(code.in_clear());
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
