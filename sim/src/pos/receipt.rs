//! The lines of a receipt. Date and time are those of the host's answer; where it had none, those
//! of the terminal's clock, set by the last sign-in.

use super::clock::{corrected, join, year_of};
use super::config::Config;
use super::defects::{Defect, Defects};
use super::journal::Stored;
use super::texts::{Text, push_amount, push_number};
use crate::terminal::PrintCopy;

/// What a receipt is made from.
pub(super) struct Receipt<'a> {
    pub config: &'a Config,
    pub order: &'a str,
    pub stored: &'a Stored,
    /// Seconds that the host's clock is ahead.
    pub clock: i64,
    pub copy: PrintCopy,
    pub reprint: bool,
    pub defects: Defects,
}

impl Receipt<'_> {
    /// Top to bottom.
    pub(super) fn lines(&self) -> Vec<Box<str>> {
        let lang = self.config.lang;
        let text = |text: Text| text.of(lang);
        let mut lines: Vec<Box<str>> = Vec::with_capacity(10);
        let mut line = String::with_capacity(64);
        let mut put = |line: &mut String| {
            lines.push(line.as_str().into());
            line.clear();
        };
        line.push_str(text(Text::Receipt));
        put(&mut line);
        line.push_str(text(Text::Merchant));
        line.push_str(&self.config.merchant);
        put(&mut line);
        line.push_str(text(Text::Terminal));
        line.push_str(&self.config.terminal);
        if let Some(sent) = &self.stored.sent {
            line.push_str(text(Text::Batch));
            push_number(&mut line, sent.batch.into(), 6);
            put(&mut line);
            line.push_str(text(Text::Trace));
            push_number(&mut line, sent.stan.into(), 6);
        }
        put(&mut line);
        if let Some(rrn) = &self.stored.word.rrn
            && !self.defects.has(Defect::ReceiptWithoutRrn)
        {
            line.push_str(text(Text::Reference));
            line.push_str(str::from_utf8(rrn).unwrap_or_default());
            put(&mut line);
        }
        line.push_str(text(Text::DateTime));
        self.date_and_time(&mut line);
        put(&mut line);
        line.push_str(text(Text::Order));
        line.push_str(self.order);
        put(&mut line);
        line.push_str(text(Text::Amount));
        let moved = self.stored.word.moved.unwrap_or(self.stored.amount);
        push_amount(&mut line, moved);
        put(&mut line);
        if self.defects.has(Defect::CodeOnReceipt)
            && let Some(code) = self.stored.sent.and_then(|sent| sent.code)
        {
            line.push_str(code.in_clear());
            put(&mut line);
        }
        line.push_str(text(match self.copy {
            PrintCopy::Merchant => Text::MerchantCopy,
            PrintCopy::Customer => Text::CustomerCopy,
        }));
        put(&mut line);
        if self.reprint && !self.defects.has(Defect::ReprintUnmarked) {
            line.push_str(text(Text::Reprint));
            put(&mut line);
        }
        lines
    }

    fn date_and_time(&self, line: &mut String) {
        let own = corrected(self.stored.at, self.clock).civil();
        let digits = |line: &mut String, parts: [(&[u8], &str); 5]| {
            for (part, behind) in parts {
                line.push_str(str::from_utf8(part).unwrap_or_default());
                line.push_str(behind);
            }
        };
        let clock = self
            .stored
            .word
            .clock
            .unwrap_or_else(|| join(own.mmdd(), own.hhmmss()));
        let (mmdd, hhmmss) = clock.split_at(4);
        push_number(line, year_of(own, [mmdd[0], mmdd[1]]), 4);
        line.push('-');
        digits(
            line,
            [
                (&mmdd[..2], "-"),
                (&mmdd[2..], " "),
                (&hhmmss[..2], ":"),
                (&hhmmss[2..4], ":"),
                (&hhmmss[4..], ""),
            ],
        );
    }
}
