//! What the terminal does, as a page tells it; its screens and receipts are kept as they looked.

use counterproof_sim::terminal::{Action, Lines, Outcome, PaidOperation, PrintCopy};
use counterproof_sim::vocabulary::{Advice, Reason, Vocabulary, Word};

use super::phrases::Said;
use super::story::{Story, legible};
use super::view::{Lane, More, Receipt, RowKind, Screen};
use crate::report::actions::{self_test, totals, wire_word};
use crate::report::timeline::yuan;
use crate::texts::timeline as words;
use crate::texts::timeline::templates as texts;

/// Lines of a screen or a receipt.
const LINES: usize = 200;

/// Tells an action.
pub(super) fn tell<'r>(story: &mut Story<'r, '_>, action: &'r Action) {
    let said = match action {
        Action::HostOpen { link, .. } => {
            let said = story.say(texts::connects(), [&**link]);
            return story.plain(Lane::Terminal, Lane::Link, said);
        }
        Action::HostSend { conn, data } => return story.terminal_sends(*conn, data),
        Action::HostClose { conn } => {
            story.stream_ends(*conn);
            let said = story.say(texts::closes(), [story.conn(*conn)]);
            return story.plain(Lane::Terminal, Lane::Link, said);
        }
        Action::ScannerOn => {
            let said = story.phrases.word(words::scanner_on);
            return story.plain(Lane::Terminal, Lane::Scanner, said);
        }
        Action::ScannerOff => {
            let said = story.phrases.word(words::scanner_off);
            return story.plain(Lane::Terminal, Lane::Scanner, said);
        }
        Action::ShowCode { payload } => {
            let payload = legible(payload);
            let said = story.say(texts::shows_code(), [payload]);
            return story.plain(Lane::Terminal, Lane::Phone, said);
        }
        Action::Display {
            lines,
            reason,
            advice,
        } => return display(story, lines, reason.as_ref(), advice),
        Action::Outcome(outcome) => return tell_outcome(story, outcome),
        Action::Settled {
            batch,
            debits,
            credits,
            matched,
        } => {
            let matched = story.phrases.word(if *matched {
                words::balanced
            } else {
                words::unbalanced
            });
            let batch = legible(batch);
            story.say(
                texts::settled(),
                [
                    batch.into(),
                    totals(debits).into(),
                    totals(credits).into(),
                    matched,
                ],
            )
        }
        Action::Print { copy, lines } => {
            let copy = story.phrases.word(match copy {
                PrintCopy::Merchant => words::merchant_copy,
                PrintCopy::Customer => words::customer_copy,
            });
            let place = story.view.receipts.len();
            let lines = kept(lines);
            let said = story.say(texts::prints(), [copy.clone(), first(&lines).into()]);
            story.view.receipts.push(Receipt { copy, lines });
            let more = More::Receipt(place);
            return story.arrow(RowKind::Plain, Lane::Terminal, Lane::Cashier, said, more);
        }
        Action::SelfTest { parts } => {
            let [en, zh] = crate::report::html::LANGUAGES.map(|lang| self_test(lang, parts));
            let parts = story.phrases.pair(&en, &zh);
            story.say(texts::self_test(), [parts])
        }
        Action::DeviceLog { entries } => {
            story.say(texts::device_log(), [entries.len().to_string()])
        }
        Action::Log { text, .. } => {
            let text = legible(text);
            let said = story.say(texts::logs(), [text]);
            return story.note(RowKind::Plain, Lane::Terminal, said);
        }
    };
    story.plain(Lane::Terminal, Lane::Cashier, said);
}

fn display(
    story: &mut Story<'_, '_>,
    lines: &Lines,
    reason: Option<&Word<Reason>>,
    advice: &[Word<Advice>],
) {
    let problem = reason.map(|reason| problem(story, reason, advice));
    let place = story.view.screens.len();
    let lines = kept(lines);
    let said = story.say(texts::displays(), [joined(&lines)]);
    story.view.screens.push(Screen { lines, problem });
    let more = More::Screen(place);
    story.arrow(RowKind::Plain, Lane::Terminal, Lane::Cashier, said, more);
}

fn tell_outcome(story: &mut Story<'_, '_>, outcome: &Outcome) {
    let operation = story.phrases.word(match outcome.operation {
        PaidOperation::Pay => words::paid,
        PaidOperation::Refund => words::refunded,
        PaidOperation::Void => words::voided,
    });
    let order = legible(&outcome.order);
    let status = wire_word(&outcome.status);
    let mut row = vec![story.say(texts::outcome(), [operation, order.into(), status.into()])];
    row.extend(outcome.amount.map(|amount| yuan(amount).into()));
    if let Some(code) = &outcome.host_code {
        row.push(legible(&format!("39={code}")).into());
    }
    if let Some(reason) = &outcome.reason {
        row.push(problem(story, reason, &outcome.advice));
    }
    let said = Said::Row(row);
    let (from, to) = (Lane::Terminal, Lane::Cashier);
    story.arrow(RowKind::Outcome, from, to, said, More::Nothing);
}

/// A reason and the advice with it.
fn problem(story: &mut Story<'_, '_>, reason: &Word<Reason>, advice: &[Word<Advice>]) -> Said {
    let reason = word(story, reason);
    let mut all: Vec<Said> = Vec::new();
    for advice in advice.iter().take(LINES) {
        if !all.is_empty() {
            all.push("·".into());
        }
        all.push(word(story, advice));
    }
    if all.is_empty() {
        all.push("–".into());
    }
    story.say(texts::problem(), [reason, Said::Row(all)])
}

/// A word of the vocabulary by its name, and its id; another as the terminal said it.
fn word<T: Vocabulary>(story: &mut Story<'_, '_>, word: &Word<T>) -> Said {
    match word.known() {
        Some(known) => story.phrases.name(known),
        None => legible(word.as_str()).into(),
    }
}

/// The lines of a screen or a receipt as they looked, bounded.
fn kept(lines: &Lines) -> Vec<String> {
    let lines = lines.iter().take(LINES);
    lines.map(legible).collect()
}

fn first(lines: &[String]) -> String {
    let first = lines.iter().map(|line| line.trim());
    first
        .filter(|line| !line.is_empty())
        .take(1)
        .collect::<String>()
        + " …"
}

fn joined(lines: &[String]) -> String {
    let lines: Vec<&str> = lines
        .iter()
        .map(|line| line.trim())
        .filter(|line| !line.is_empty())
        .collect();
    lines.join(" | ")
}
