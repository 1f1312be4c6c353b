//! What a fact of the record is told as on a page: between which lanes, in which words.

use counterproof_sim::host::PostingKind;
use counterproof_sim::money::Fen;
use counterproof_sim::record::Fact;
use counterproof_sim::terminal::Boot;

use super::events;
use super::phrases::Said;
use super::story::{Story, legible};
use super::view::{Lane, More, Movement, RowKind};
use crate::report::actions::wire_word;
use crate::texts::timeline as words;
use crate::texts::timeline::templates as texts;

impl<'r> Story<'r, '_> {
    /// Tells one fact.
    pub(super) fn fact(&mut self, fact: &'r Fact) {
        match fact {
            Fact::Step { text, .. } => {
                let said = Said::Text(legible(text));
                self.note(RowKind::Step, Lane::Terminal, said);
            }
            Fact::Boot { boot } => {
                let said = self.phrases.word(match boot {
                    Boot::Factory => words::starts_new,
                    Boot::Cold => words::starts_cold,
                });
                self.note(RowKind::Plain, Lane::Terminal, said);
            }
            Fact::PowerCut {
                instead_of_answer_to,
            } => {
                let said = match instead_of_answer_to {
                    Some(event) => self.say(texts::fails_instead(), [event.name()]),
                    None => self.phrases.word(words::fails),
                };
                let power = self.phrases.word(words::power);
                let said = Said::Row(vec![power, said]);
                self.note(RowKind::Fault, Lane::Terminal, said);
            }
            Fact::Told { event } => events::tell(self, event),
            Fact::Unsupported { event } => {
                let said = self.say(texts::not_supported(), [event.name()]);
                self.note(RowKind::Plain, Lane::Terminal, said);
            }
            Fact::Did { action } => self.did(action),
            // The terminal's wish to connect says it already.
            Fact::Dialled { .. } => {}
            Fact::Accepted { conn } => {
                let said = self.say(texts::connected(), [conn.0.to_string()]);
                self.plain(Lane::Link, Lane::Acquirer, said);
            }
            Fact::Refused { conn, reason } => {
                let said = self.say(texts::refused(), [conn.0.to_string(), wire_word(reason)]);
                self.plain(Lane::Link, Lane::Terminal, said);
            }
            Fact::Ended { conn, how } => {
                let said = self.say(texts::ended(), [conn.0.to_string(), wire_word(how)]);
                self.plain(Lane::Link, Lane::Acquirer, said);
            }
            Fact::Received { frame, .. } => self.acquirer_gets(frame),
            Fact::Stray { bytes, why, .. } => {
                let why = legible(why);
                let said = self.say(texts::stray(), [bytes.len().to_string(), why]);
                self.plain(Lane::Link, Lane::Acquirer, said);
            }
            Fact::Sent { conn, frame } => self.acquirer_sends(*conn, frame),
            Fact::Judged {
                operation,
                code,
                note,
                ..
            } => {
                // Of a decision that the answer tells as well only the note is news.
                if let Some(note) = note {
                    let operation = match operation {
                        Some(operation) => self.phrases.name(*operation),
                        None => "?".into(),
                    };
                    let code = code.map_or_else(|| "–".to_owned(), |code| code.to_string());
                    let said = self.say(texts::decides(), [operation, code.into()]);
                    let said = Said::Row(vec![said, legible(&format!("({note})")).into()]);
                    self.note(RowKind::Plain, Lane::Acquirer, said);
                }
            }
            Fact::SignedIn { batch, .. } => {
                let said = self.say(texts::keys_given(), [format!("{batch:06}")]);
                self.note(RowKind::Plain, Lane::Acquirer, said);
            }
            Fact::BatchClosed { batch, .. } => {
                let said = self.say(texts::batch_closed(), [format!("{batch:06}")]);
                self.note(RowKind::Plain, Lane::Acquirer, said);
            }
            Fact::Lapsed { key } => {
                let said = self.say(texts::lapsed(), [format!("{:06}", key.stan)]);
                self.note(RowKind::Plain, Lane::Acquirer, said);
            }
            Fact::Posted(posting) => {
                let word = self.phrases.word(match posting.kind {
                    PostingKind::Sale => words::paid,
                    PostingKind::Void => words::voided,
                    PostingKind::Refund => words::refunded,
                    PostingKind::Reversal => words::reversed,
                });
                let stan = format!("{:06}", posting.key.stan);
                let amount = posting.amount.to_string();
                // The way that the money goes, as the accounts have it.
                let to_merchant = posting.debit.is_customer();
                let (from, to) = if to_merchant {
                    (Lane::Wallet, Lane::Acquirer)
                } else {
                    (Lane::Acquirer, Lane::Wallet)
                };
                let said = Said::Row(vec![
                    word.clone(),
                    amount.clone().into(),
                    format!("(STAN {stan})").into(),
                ]);
                self.arrow(RowKind::Money, from, to, said, More::Nothing);
                let at = self.since_begin().as_micros();
                self.view.ledger.push(Movement {
                    at,
                    what: word,
                    stan,
                    payment: format!("{:06}", posting.payment.stan),
                    debit: posting.debit.to_string(),
                    credit: posting.credit.to_string(),
                    amount,
                });
            }
            Fact::LinkState { link, up, profile } => {
                let template = if *up {
                    texts::link_up()
                } else {
                    texts::link_down()
                };
                let said = self.say(template, [&**link, &**profile]);
                let kind = if *up { RowKind::Plain } else { RowKind::Fault };
                self.note(kind, Lane::Link, said);
            }
            Fact::Damaged { kind, files, .. } => {
                let how = self.phrases.name(*kind);
                let said = self.say(texts::storage_damaged(), [files.to_string().into(), how]);
                self.note(RowKind::Fault, Lane::Terminal, said);
            }
            Fact::Presented { wallet, code } => {
                let said = match code {
                    Some(code) => {
                        let wallet = self.phrases.name(*wallet);
                        let code = legible(code);
                        self.say(texts::presents(), [code.into(), wallet])
                    }
                    None => self.phrases.word(words::shows_nothing),
                };
                self.plain(Lane::Phone, Lane::Scanner, said);
            }
            Fact::Scanned { wallet, paid } => {
                let wallet = self.phrases.name(*wallet);
                let said = match paid {
                    Some(paid) => {
                        let paid: Fen = *paid;
                        self.say(texts::scans_and_pays(), [wallet, paid.to_string().into()])
                    }
                    None => self.say(texts::scans_in_vain(), [wallet]),
                };
                self.plain(Lane::Phone, Lane::Terminal, said);
            }
            Fact::Asked { wallet } => {
                let wallet = self.phrases.name(*wallet);
                let said = self.say(texts::asks_customer(), [wallet]);
                self.plain(Lane::Wallet, Lane::Phone, said);
            }
            Fact::Confirmed { yes } => {
                let word = if *yes {
                    words::confirms
                } else {
                    words::refuses
                };
                let said = self.phrases.word(word);
                self.plain(Lane::Phone, Lane::Wallet, said);
            }
            Fact::Armed { id, .. } => {
                let (name, lane) = self.fault(*id);
                let said = self.say(texts::armed(), [name]);
                self.note(RowKind::FaultReady, lane, said);
            }
            Fact::Fired { id } => {
                let (name, lane) = self.fault(*id);
                let said = self.say(texts::fired(), [name]);
                self.note(RowKind::Fault, lane, said);
            }
            Fact::Lifted { id } => {
                let (name, lane) = self.fault(*id);
                let said = self.say(texts::lifted(), [name]);
                self.note(RowKind::FaultReady, lane, said);
            }
            Fact::Late { by } => {
                let said = self.say(texts::late(), [by.to_string()]);
                self.note(RowKind::Step, Lane::Terminal, said);
            }
            Fact::Concluding => {
                let said = self.phrases.word(words::concluding);
                self.note(RowKind::Step, Lane::Terminal, said);
            }
            Fact::AtRest { quiet, .. } => {
                let word = if *quiet {
                    words::by_itself
                } else {
                    words::stopped
                };
                let said = self.phrases.word(word);
                self.note(RowKind::Step, Lane::Terminal, said);
            }
        }
    }
}
