//! The messages of a settlement: the totals, the details where they differ from the host's, the
//! end. How far it has come is in the journal, so that it goes on where the power failed.

use super::compare::Expected;
use super::receive::Answer;
use super::request::Writer;
use crate::iso8583::Message;
use crate::iso8583::de48::{self, DETAILS, Detail, Totals};
use crate::iso8583::de60;
use crate::pos::defects::{Defect, Defects};
use crate::pos::device::{Device, Task};
use crate::pos::journal::{Batch, Entry, Record, Settlement, Side};
use crate::pos::notes::Note;
use crate::pos::outcome::why;
use crate::pos::session::Due;
use crate::vocabulary::{Operation, Reason};

/// Sendings of one message in a round.
const ROUND: u8 = 3;

/// How a settlement fares while somebody waits for it.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::pos) struct Rounds {
    /// Sendings of the message that is due which brought nothing.
    failed: u8,
    /// The host wanted a sign-in before; it gets no second one.
    signed_in: bool,
}

/// What is sent next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Totals,
    /// So many details after those that the host has.
    Details(usize),
    End,
}

fn next(batch: &Batch, settlement: &Settlement, defects: Defects) -> Next {
    match settlement.matched {
        None => Next::Totals,
        Some(true) => Next::End,
        Some(false) if defects.has(Defect::DetailsNotUploaded) => Next::End,
        Some(false) => {
            // A batch that lost entries may have fewer than were uploaded.
            let left = batch
                .count(settlement.batch)
                .saturating_sub(settlement.uploaded as usize);
            let enough = settlement.uploaded > 0 && defects.has(Defect::OneUploadOnly);
            match left {
                0 => Next::End,
                _ if enough => Next::End,
                _ => Next::Details(left.min(DETAILS)),
            }
        }
    }
}

/// Puts the next message of a settlement together. `None` when there is none.
pub(super) fn compose(
    writer: Writer<'_>,
    message: &mut Message,
    batch: &Batch,
    stan: u32,
) -> Option<Expected> {
    let settlement = batch.settlement.as_ref()?;
    let number = (stan, settlement.batch);
    Some(match next(batch, settlement, writer.defects) {
        Next::Totals => writer.totals(message, &totals(batch, settlement, writer.defects), number),
        Next::Details(count) => {
            let entries = batch.entries(settlement.batch);
            let some = entries.skip(settlement.uploaded as usize).take(count);
            let details: Vec<Detail> = some.map(detail).collect();
            writer.details(message, &details, number)
        }
        Next::End => {
            let balanced =
                settlement.matched == Some(true) || writer.defects.has(Defect::EndsAsBalanced);
            let network = if balanced {
                de60::BATCH_END_BALANCED
            } else {
                de60::BATCH_END_UNBALANCED
            };
            writer.batch_end(message, (network, settlement.uploaded as u16), number)
        }
    })
}

fn totals(batch: &Batch, settlement: &Settlement, defects: Defects) -> Totals {
    let sums = batch.sums(settlement.batch);
    let credits = if defects.has(Defect::RefundsNotCounted) {
        Side::default()
    } else {
        sums.credits
    };
    // Three digits count what there is; of more the leading ones are lost.
    let count = |side: Side| (side.count % 1_000) as u16;
    Totals {
        domestic: de48::Side {
            debit: sums.debits.amount,
            debits: count(sums.debits),
            credit: credits.amount,
            credits: count(credits),
            code: 0,
        },
        foreign: de48::Side::default(),
    }
}

fn detail(entry: &Entry) -> Detail {
    Detail {
        stan: entry.stan,
        kind: match entry.operation {
            Operation::CodeOrder => de60::CODE_ORDER,
            Operation::Void => de60::VOID,
            Operation::Refund => de60::REFUND,
            _ => de60::SALE,
        },
        rrn: entry.rrn,
        amount: entry.amount,
    }
}

impl Device {
    /// A message of the settlement is about to leave: from the first one on it is open.
    pub(super) fn settlement_begins(&mut self) {
        let batch = self.session.batch();
        let open = self.journal.books().batch.settlement;
        let begun = open.is_some_and(|open| open.matched.is_some() || open.batch == batch);
        if !begun {
            self.journal.write(&Record::Settling { batch });
        }
    }

    /// The host has answered a message of the settlement.
    pub(super) fn settlement_answered(&mut self, answer: Answer) {
        let batch = &self.journal.books().batch;
        let Some(settlement) = batch.settlement else {
            return;
        };
        let sent = next(batch, &settlement, self.defects);
        match (sent, &answer.code) {
            (Next::Totals, b"00") => {
                let matched = answer.judgement == Some(de48::BALANCED);
                self.journal.write(&Record::Judged { matched });
                self.settlement_advances();
            }
            (Next::Details(count), b"00") => {
                let records = settlement.uploaded + count as u32;
                self.journal.write(&Record::Uploaded { records });
                self.settlement_advances();
            }
            // After the totals were judged, another batch at the host means that this one is
            // closed.
            (Next::End, b"00") | (Next::Details(_) | Next::End, b"77") => self.batch_is_closed(),
            (Next::Totals, b"77" | b"99" | b"A0") => self.settle_after_sign_in(answer),
            (_, b"96" | b"98" | b"68" | b"90" | b"91" | b"92") => {
                self.settlement_unanswered(why(answer.code, answer.reason, self.defects));
            }
            (sent, _) => {
                if sent == Next::Totals {
                    self.journal.write(&Record::Settled { closed: false });
                }
                self.settlement_failed(why(answer.code, answer.reason, self.defects));
            }
        }
    }

    fn settlement_advances(&mut self) {
        if let Some(Task::Settle(rounds)) = &mut self.task {
            rounds.failed = 0;
        }
    }

    /// The totals belong to another batch than the host's, or the keys are old: nothing was begun.
    fn settle_after_sign_in(&mut self, answer: Answer) {
        self.session.want(Due::Now, self.journal.storage());
        self.journal.write(&Record::Settled { closed: false });
        let again = match &mut self.task {
            Some(Task::Settle(rounds)) => !std::mem::replace(&mut rounds.signed_in, true),
            _ => false,
        };
        if !again {
            self.settlement_failed(why(answer.code, answer.reason, self.defects));
        }
    }

    /// A message of the settlement has brought nothing; it goes out again with another number, a
    /// few times.
    pub(super) fn settlement_unanswered(&mut self, reason: Reason) {
        if let Some(Task::Settle(rounds)) = &mut self.task {
            rounds.failed += 1;
            if rounds.failed >= ROUND {
                self.settlement_failed(reason);
            }
        }
    }

    fn batch_is_closed(&mut self) {
        if !self.defects.has(Defect::StaysInBatch) {
            // The next batch comes with the next sign-in. That one is due is durable first: a batch
            // that is closed takes no more payments.
            self.session.want(Due::Now, self.journal.storage());
            self.session.set_ending(true);
            self.gave_up_sign_in = false;
        }
        self.journal.write(&Record::Settled { closed: true });
        self.task = None;
        if let Some(mut closed) = self.journal.books().batch.closed {
            self.note(if closed.matched {
                Note::BatchClosed
            } else {
                Note::BatchDiffers
            });
            closed.matched |= self.defects.has(Defect::UnbalancedNotSaid);
            self.tell_settled(&closed);
        }
    }
}
