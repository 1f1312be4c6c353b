//! What happens to the terminal, as a page tells it.

use counterproof_sim::terminal::{Event, Flow, PrinterFault, ScannerFault};

use super::phrases::Said;
use super::story::{Story, legible};
use super::view::{Lane, RowKind};
use crate::report::actions::wire_word;
use crate::report::timeline::yuan;
use crate::texts::timeline as words;
use crate::texts::timeline::templates as texts;

/// Tells an event.
pub(super) fn tell<'r>(story: &mut Story<'r, '_>, event: &'r Event) {
    let said = match event {
        // That time passed is seen; that a connection is refused is told by the link.
        Event::Wake | Event::HostRefused { .. } => return,
        Event::HostOpened { conn } => {
            let said = story.say(texts::connected(), [story.conn(*conn)]);
            return story.plain(Lane::Link, Lane::Terminal, said);
        }
        Event::HostClosed { conn, reason } => {
            story.stream_ends(*conn);
            let said = story.say(texts::ended(), [story.conn(*conn), wire_word(reason)]);
            return story.plain(Lane::Link, Lane::Terminal, said);
        }
        Event::HostData { conn, data } => return story.terminal_gets(*conn, data),
        Event::LinkDown { link } => {
            let said = story.say(texts::learns_down(), [&**link]);
            return story.plain(Lane::Link, Lane::Terminal, said);
        }
        Event::LinkUp { link } => {
            let said = story.say(texts::learns_up(), [&**link]);
            return story.plain(Lane::Link, Lane::Terminal, said);
        }
        Event::ScannerRead { text, .. } => {
            let text = legible(text);
            let said = story.say(texts::reads(), [text]);
            return story.plain(Lane::Scanner, Lane::Terminal, said);
        }
        Event::ScannerImage { .. } => {
            let said = story.phrases.word(words::image);
            return story.plain(Lane::Scanner, Lane::Terminal, said);
        }
        Event::ScannerFault { kind } => {
            let state = match kind {
                ScannerFault::Ok => story.phrases.word(words::ok),
                kind => wire_word(kind).into(),
            };
            let said = story.say(texts::reports(), [state]);
            return story.plain(Lane::Scanner, Lane::Terminal, said);
        }
        Event::PrinterFault { kind } => {
            let state = match kind {
                PrinterFault::Ok => story.phrases.word(words::ok),
                kind => wire_word(kind).into(),
            };
            let printer = story.phrases.word(words::printer);
            let said = story.say(texts::reports(), [state]);
            let said = Said::Row(vec![printer, said]);
            return story.note(RowKind::Plain, Lane::Terminal, said);
        }
        Event::PowerCut => {
            let said = story.phrases.word(words::told_to_fail);
            return story.note(RowKind::Fault, Lane::Terminal, said);
        }
        Event::Pay {
            order,
            amount,
            flow,
        } => {
            let template = match flow {
                Flow::Show => texts::pays_show(),
                Flow::Scan | Flow::Refund | Flow::Void | Flow::Settle => texts::pays_scan(),
            };
            story.say(template, [order.to_string(), yuan(*amount)])
        }
        Event::Cancel => story.phrases.word(words::cancels),
        Event::ManualCode { text } => {
            let text = legible(text);
            story.say(texts::types(), [text])
        }
        Event::Refund { order, amount } => {
            story.say(texts::refunds(), [order.to_string(), yuan(*amount)])
        }
        Event::Void { order } => story.say(texts::voids(), [&**order]),
        Event::Settle => story.phrases.word(words::settles),
        Event::SignIn => story.phrases.word(words::signs_in),
        Event::Status { order } => story.say(texts::asks_status(), [&**order]),
        Event::Reprint => story.phrases.word(words::reprints),
        Event::SelfTest => story.phrases.word(words::tests_itself),
        Event::DeviceLog => story.phrases.word(words::asks_log),
    };
    story.plain(Lane::Cashier, Lane::Terminal, said);
}
