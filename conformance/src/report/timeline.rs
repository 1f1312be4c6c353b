//! The record of a scenario as people follow it: when, who, what; messages decoded, secrets
//! masked. Wakes and bookkeeping that say nothing new are left out.

use counterproof_sim::fault::{Fault, FaultId, Nth};
use counterproof_sim::host::PostingKind;
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::money::Fen;
use counterproof_sim::record::{ConnId, Entry, Fact, Record};
use counterproof_sim::terminal::{Boot, Event, Flow, PrinterFault, ScannerFault};
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::{Lang, Vocabulary as _};

use super::actions;
use super::mask::mask;
use super::message;
use crate::texts::timeline as texts;

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Since the beginning of the record.
    pub after: Span,
    /// Who.
    pub actor: &'static str,
    /// What.
    pub text: String,
    /// Index of the record's entry.
    pub entry: usize,
    /// What kind of line it is, for those who colour.
    pub kind: Kind,
}

/// What a line of the timeline is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A step of the scenario begins.
    Step,
    /// A fault.
    Fault,
    /// A message on its way.
    Message,
    /// Anything else.
    Other,
}

/// How the record is told.
#[derive(Clone, Copy, Debug)]
pub struct Teller<'a> {
    /// The dialect of its messages.
    pub dialect: &'a Dialect,
    /// In which language.
    pub lang: Lang,
    /// Whether payment codes are shown in clear.
    pub show_codes: bool,
}

/// Bytes that arrived in pieces, until the last one.
struct Pieces {
    number: u64,
    bytes: Vec<u8>,
    count: u32,
    line: usize,
}

impl Teller<'_> {
    /// The lines of a record, oldest first.
    pub fn lines(&self, record: &Record) -> Vec<Line> {
        let entries = record.entries();
        let begin = entries.first().map_or_else(Time::default, |entry| entry.at);
        let mut lines: Vec<Line> = Vec::new();
        let mut pieces: Option<Pieces> = None;
        for (index, entry) in entries.iter().enumerate() {
            let told = match &entry.fact {
                Fact::Told {
                    event: Event::HostData { conn, data },
                } => {
                    let more = pieces.as_mut().filter(|p| p.number == *conn);
                    if let Some(so_far) = more {
                        so_far.bytes.extend_from_slice(data);
                        so_far.count += 1;
                        lines[so_far.line].text = self.received(&so_far.bytes, so_far.count);
                        continue;
                    }
                    pieces = Some(Pieces {
                        number: *conn,
                        bytes: data.to_vec(),
                        count: 1,
                        line: lines.len(),
                    });
                    let text = self.received(data, 1);
                    Some((texts::terminal(self.lang), text, Kind::Message))
                }
                fact => self.fact(fact, entries),
            };
            if let Some((actor, text, kind)) = told {
                if pieces.as_ref().is_some_and(|p| p.line != lines.len()) {
                    pieces = None;
                }
                lines.push(Line {
                    after: entry.at.since(begin),
                    actor,
                    text,
                    entry: index,
                    kind,
                });
            }
        }
        lines
    }

    /// A fault: its name, and which messages it hits.
    pub fn fault(&self, fault: &Fault) -> String {
        let lang = self.lang;
        let mut details = vec![fault.kind.id().to_owned()];
        if let Some(operation) = fault.on {
            let which = match fault.nth {
                Nth::Only(n) => texts::only(lang, n),
                Nth::First(n) => texts::first(lang, n),
                Nth::Every => texts::every(lang).to_owned(),
            };
            details.push(texts::on_operation(lang, operation.name(lang), which));
        }
        if fault.by != Span::ZERO {
            details.push(fault.by.to_string());
        }
        details.extend(fault.code.as_deref().map(str::to_owned));
        match lang {
            Lang::En => format!("{} ({})", fault.kind.en(), details.join(", ")),
            Lang::Zh => format!("{}（{}）", fault.kind.zh(), details.join("，")),
        }
    }

    /// Free text with its secrets masked.
    pub(super) fn text(&self, text: &str) -> String {
        mask(text, self.show_codes)
    }

    /// A frame in one line; `None` for what is none.
    pub(super) fn message(&self, frame: &[u8]) -> Option<String> {
        message::line(self.dialect, frame, self.lang, self.show_codes)
    }

    fn received(&self, bytes: &[u8], pieces: u32) -> String {
        match self.message(bytes) {
            Some(message) => texts::receives(self.lang, message),
            None => texts::receives_bytes(self.lang, bytes.len(), pieces),
        }
    }

    fn fact(&self, fact: &Fact, entries: &[Entry]) -> Option<(&'static str, String, Kind)> {
        let lang = self.lang;
        let other = |actor, text: String| Some((actor, text, Kind::Other));
        match fact {
            Fact::Step { text, .. } => Some((texts::step(lang), self.text(text), Kind::Step)),
            Fact::Boot {
                boot: Boot::Factory,
            } => other(texts::terminal(lang), texts::starts_new(lang).into()),
            Fact::Boot { boot: Boot::Cold } => {
                other(texts::terminal(lang), texts::starts_cold(lang).into())
            }
            Fact::PowerCut {
                instead_of_answer_to,
            } => {
                let text = match instead_of_answer_to {
                    Some(event) => texts::fails_instead(lang, event.name()),
                    None => texts::fails(lang).into(),
                };
                Some((texts::power(lang), text, Kind::Fault))
            }
            Fact::Told { event } => self
                .event(event)
                .map(|(actor, text)| (actor, text, Kind::Other)),
            Fact::Unsupported { event } => other(
                texts::terminal(lang),
                texts::not_supported(lang, event.name()),
            ),
            Fact::Did { action } => {
                let (text, kind) = actions::line(self, action);
                Some((texts::terminal(lang), text, kind))
            }
            Fact::Dialled { .. } => None,
            Fact::Accepted { conn } => {
                other(texts::acquirer(lang), texts::connected(lang, number(*conn)))
            }
            Fact::Refused { conn, reason } => {
                let reason = actions::wire_word(reason);
                other(
                    texts::link(lang),
                    texts::refused(lang, number(*conn), reason),
                )
            }
            Fact::Ended { conn, how } => {
                let how = actions::wire_word(how);
                other(
                    texts::acquirer(lang),
                    texts::ended(lang, number(*conn), how),
                )
            }
            Fact::Received { frame, .. } => {
                let message = self
                    .message(frame)
                    .unwrap_or_else(|| texts::bytes(lang, frame.len()));
                Some((
                    texts::acquirer(lang),
                    texts::got(lang, message),
                    Kind::Message,
                ))
            }
            Fact::Stray { bytes, why, .. } => {
                other(texts::acquirer(lang), texts::stray(lang, bytes.len(), why))
            }
            Fact::Sent { frame, .. } => {
                let message = self
                    .message(frame)
                    .unwrap_or_else(|| texts::bytes(lang, frame.len()));
                Some((
                    texts::acquirer(lang),
                    texts::answers(lang, message),
                    Kind::Message,
                ))
            }
            Fact::Judged {
                operation,
                code,
                note,
                ..
            } => {
                // Of a decision that the answer tells as well only the note is news.
                let note = note.as_deref()?;
                let operation = operation.map_or("?", |operation| operation.name(lang));
                let code = code.map_or_else(|| "–".to_owned(), |code| code.to_string());
                let text = texts::decides(lang, operation, code);
                other(
                    texts::acquirer(lang),
                    format!("{text} ({})", self.text(note)),
                )
            }
            Fact::SignedIn { batch, .. } => other(
                texts::acquirer(lang),
                texts::keys_given(lang, format!("{batch:06}")),
            ),
            Fact::BatchClosed { batch, .. } => other(
                texts::acquirer(lang),
                texts::batch_closed(lang, format!("{batch:06}")),
            ),
            Fact::Lapsed { key } => other(
                texts::acquirer(lang),
                texts::lapsed(lang, format!("{:06}", key.stan)),
            ),
            Fact::Posted(posting) => {
                let word = match posting.kind {
                    PostingKind::Sale => texts::paid(lang),
                    PostingKind::Void => texts::voided(lang),
                    PostingKind::Refund => texts::refunded(lang),
                    PostingKind::Reversal => texts::reversed(lang),
                };
                let text = format!("{word} {} (STAN {:06})", posting.amount, posting.key.stan);
                other(texts::ledger(lang), text)
            }
            Fact::LinkState {
                link,
                up: true,
                profile,
            } => other(texts::link(lang), texts::link_up(lang, link, profile)),
            Fact::LinkState {
                link,
                up: false,
                profile,
            } => other(texts::link(lang), texts::link_down(lang, link, profile)),
            Fact::Presented {
                wallet,
                code: Some(code),
            } => {
                let text = texts::presents(lang, self.text(code), wallet.name(lang));
                other(texts::customer(lang), text)
            }
            Fact::Presented { code: None, .. } => {
                other(texts::customer(lang), texts::shows_nothing(lang).into())
            }
            Fact::Damaged { kind, files, .. } => other(
                texts::fault(lang),
                texts::storage_damaged(lang, files, kind.name(lang)),
            ),
            Fact::Scanned { wallet, paid } => {
                let wallet = wallet.name(lang);
                let text = match paid {
                    Some(paid) => texts::scans_and_pays(lang, wallet, paid),
                    None => texts::scans_in_vain(lang, wallet),
                };
                other(texts::customer(lang), text)
            }
            Fact::Asked { wallet } => other(
                texts::wallet(lang),
                texts::asks_customer(lang, wallet.name(lang)),
            ),
            Fact::Confirmed { yes } => {
                let word = if *yes {
                    texts::confirms(lang)
                } else {
                    texts::refuses(lang)
                };
                other(texts::customer(lang), word.into())
            }
            Fact::Armed { fault, .. } => Some((
                texts::fault(lang),
                texts::armed(lang, self.fault(fault)),
                Kind::Fault,
            )),
            Fact::Fired { id } => {
                let fault = self.named(entries, *id);
                Some((texts::fault(lang), texts::fired(lang, fault), Kind::Fault))
            }
            Fact::Lifted { id } => {
                let fault = self.named(entries, *id);
                Some((texts::fault(lang), texts::lifted(lang, fault), Kind::Fault))
            }
            Fact::Late { by } => Some((texts::step(lang), texts::late(lang, by), Kind::Step)),
            Fact::Concluding => Some((
                texts::step(lang),
                texts::concluding(lang).into(),
                Kind::Step,
            )),
            Fact::AtRest { quiet, .. } => {
                let word = if *quiet {
                    texts::by_itself(lang)
                } else {
                    texts::stopped(lang)
                };
                Some((texts::step(lang), word.into(), Kind::Step))
            }
        }
    }

    fn named(&self, entries: &[Entry], id: FaultId) -> String {
        let armed = entries.iter().find_map(|entry| match &entry.fact {
            Fact::Armed { id: armed, fault } if *armed == id => Some(fault),
            _ => None,
        });
        armed.map_or_else(|| format!("#{}", id.0), |fault| self.fault(fault))
    }

    fn event(&self, event: &Event) -> Option<(&'static str, String)> {
        let lang = self.lang;
        let cashier = texts::cashier(lang);
        Some(match event {
            Event::Wake
            | Event::HostOpened { .. }
            | Event::HostRefused { .. }
            | Event::HostClosed { .. }
            | Event::HostData { .. } => return None,
            Event::Pay {
                order,
                amount,
                flow,
            } => {
                let amount = yuan(*amount);
                let text = match flow {
                    Flow::Show => texts::pays_show(lang, order, amount),
                    Flow::Scan | Flow::Refund | Flow::Void | Flow::Settle => {
                        texts::pays_scan(lang, order, amount)
                    }
                };
                (cashier, text)
            }
            Event::Cancel => (cashier, texts::cancels(lang).into()),
            Event::ManualCode { text } => (
                cashier,
                texts::types(lang, actions::shown(&self.text(text))),
            ),
            Event::Refund { order, amount } => {
                (cashier, texts::refunds(lang, order, yuan(*amount)))
            }
            Event::Void { order } => (cashier, texts::voids(lang, order)),
            Event::Settle => (cashier, texts::settles(lang).into()),
            Event::SignIn => (cashier, texts::signs_in(lang).into()),
            Event::Status { order } => (cashier, texts::asks_status(lang, order)),
            Event::Reprint => (cashier, texts::reprints(lang).into()),
            Event::SelfTest => (cashier, texts::tests_itself(lang).into()),
            Event::DeviceLog => (cashier, texts::asks_log(lang).into()),
            Event::ScannerRead { text, .. } => (
                texts::scanner(lang),
                texts::reads(lang, actions::shown(&self.text(text))),
            ),
            Event::ScannerImage { .. } => (texts::scanner(lang), texts::image(lang).into()),
            Event::ScannerFault { kind } => {
                let state = match kind {
                    ScannerFault::Ok => texts::ok(lang).to_owned(),
                    kind => actions::wire_word(kind),
                };
                (texts::scanner(lang), texts::reports(lang, state))
            }
            Event::PrinterFault { kind } => {
                let state = match kind {
                    PrinterFault::Ok => texts::ok(lang).to_owned(),
                    kind => actions::wire_word(kind),
                };
                (texts::printer(lang), texts::reports(lang, state))
            }
            Event::LinkDown { link } => (texts::terminal(lang), texts::learns_down(lang, link)),
            Event::LinkUp { link } => (texts::terminal(lang), texts::learns_up(lang, link)),
            Event::PowerCut => (texts::terminal(lang), texts::told_to_fail(lang).into()),
        })
    }
}

fn number(conn: ConnId) -> u32 {
    conn.0
}

/// An amount as the protocol has it, which may be none that money can be.
pub(super) fn yuan(fen: i64) -> String {
    match u64::try_from(fen) {
        Ok(fen) => Fen::new(fen).to_string(),
        Err(_) => format!("-{}", Fen::new(fen.unsigned_abs())),
    }
}
