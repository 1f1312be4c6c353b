//! What an answer, or its absence, means for the order in hand.

use std::sync::Arc;

use super::receive::{Answer, Mac};
use super::{Asking, GAP, Purpose, Tries};
use crate::money::Fen;
use crate::pos::defects::Defect;
use crate::pos::device::{Device, Stage, Task};
use crate::pos::journal::{Record, Sent, Word, is_payment};
use crate::pos::notes::Note;
use crate::pos::outcome::{ResponseCode, Verdict, is_success, judge, tells_of_original};
use crate::pos::session::Due;
use crate::pos::show::is_fit;
use crate::pos::texts::Text;
use crate::terminal::Status;
use crate::time::{Span, Time};
use crate::vocabulary::{Operation, Reason};

/// How long a defect puts a reversal off.
const PUT_OFF: Span = Span::from_secs(120);

impl Device {
    /// The answer to the request of the order, or to a query of it.
    pub(super) fn decide(&mut self, purpose: Purpose, answer: Answer) {
        let code = answer.code;
        // Many hosts send their declines without a MAC; an approval without one is none.
        if answer.mac == Mac::Wrong || answer.mac == Mac::Missing && is_success(code) {
            self.session.want(Due::Now, self.journal.storage());
            let why = if self.defects.has(Defect::BadMacReversedAs98) {
                *b"98"
            } else {
                *b"A0"
            };
            return self.reverse(why, Reason::NetworkSecurity);
        }
        if purpose == Purpose::Query {
            if !tells_of_original(code) {
                if matches!(&code, b"A0" | b"99" | b"77") {
                    self.session.want(Due::Now, self.journal.storage());
                }
                return;
            }
            if code == *b"25" {
                // The host has not seen the request. It may yet arrive: the reversal sees to it
                // that it then finds itself reversed.
                let cause = self.cause_of_asking();
                if self.defects.has(Defect::NotFoundDeclines) {
                    return self.decline(cause, Some(code));
                }
                return self.reverse(*b"98", cause);
            }
        }
        match judge(code, answer.reason, self.defects) {
            Verdict::Approved => self.approve(answer, None),
            Verdict::Partly => self.approve(answer, answer.amount),
            Verdict::Waiting if self.awaits_code() => self.code_has_come(),
            Verdict::Waiting => self.ask(Reason::Unconfirmed, false),
            Verdict::Undecided(reason) if code == *b"94" && purpose == Purpose::Query => {
                self.decline(reason, Some(code));
            }
            Verdict::Undecided(_) if purpose == Purpose::Query => {}
            Verdict::Undecided(reason) => self.ask(reason, code == *b"94"),
            Verdict::BadMac => {
                self.session.want(Due::Now, self.journal.storage());
                self.reverse(*b"A0", Reason::NetworkSecurity);
            }
            Verdict::SignInFirst(reason) => {
                self.session.want(Due::Now, self.journal.storage());
                self.decline(reason, Some(code));
            }
            Verdict::Declined(reason) => self.declined_by_host(reason, answer),
        }
    }

    fn declined_by_host(&mut self, reason: Reason, answer: Answer) {
        let code = answer.code;
        if code == *b"91"
            && self.defects.has(Defect::MaintenanceRetried)
            && let Some(open) = &self.journal.books().open
            && let code @ Some(_) = open.sent.and_then(|sent| sent.code)
        {
            self.task = Some(Task::Order(Stage::Ready { code }));
            return;
        }
        if reason == Reason::Interface {
            self.note(Note::InterfaceRefused);
        }
        let reversed = self.defects.has(Defect::DeclineReversed)
            || code == *b"54" && self.defects.has(Defect::ExpiredCodeReversed);
        if reversed {
            self.reverse(*b"98", reason);
        } else {
            self.decline(reason, Some(code));
        }
    }

    /// The order in hand is approved, with that amount or the whole.
    pub(super) fn approve(&mut self, answer: Answer, moved: Option<Fen>) {
        let Some(open) = &self.journal.books().open else {
            return;
        };
        if self.printer.is_faulty() && self.defects.has(Defect::PaperOutReverses) {
            return self.reverse(*b"96", Reason::Printer);
        }
        let word = approval(answer, moved.unwrap_or(open.amount));
        if self.defects.has(Defect::ForgetsBeforeStoring) {
            let order = Arc::clone(&open.order);
            self.journal.write_only(&Record::Dropped { order: &order });
        }
        self.finish(word);
    }

    /// A defect believes a late approval of what it reverses or has reversed.
    pub(super) fn revive(&mut self, stan: u32, answer: Answer) {
        let books = self.journal.books();
        let payments = books.reversals.iter();
        let payments = payments.filter(|reversal| is_payment(reversal.operation));
        let mut owed = payments.map(|reversal| {
            (
                &reversal.order,
                reversal.operation,
                reversal.amount,
                reversal.sent.stan,
            )
        });
        let done = books.orders.iter().filter_map(|(order, stored)| {
            let cancelled = stored.word.status == Status::Cancelled;
            let sent = stored.sent.filter(|_| cancelled)?;
            Some((order, stored.operation, stored.amount, sent.stan))
        });
        let same = |late: &(_, _, _, u32)| late.3 == stan;
        let late = owed.find(same);
        let late = late.or_else(|| done.filter(same).min_by_key(|late| late.0));
        let Some((order, operation, amount, _)) = late else {
            return;
        };
        let (order, word) = (Arc::clone(order), approval(answer, amount));
        if self.is_under_way(Purpose::Reversal) {
            self.exchange = None;
        }
        self.tries = Tries::default();
        self.end(&order, operation, word);
    }

    /// Whether the order in hand is one for which the customer is yet to be shown a code.
    fn awaits_code(&self) -> bool {
        let open = self.journal.books().open.as_ref();
        self.shown.is_none() && open.is_some_and(|open| open.operation == Operation::CodeOrder)
    }

    /// The order stands at the host. Its code is shown if it is fit to be; else nobody can pay, and
    /// the order is closed again.
    fn code_has_come(&mut self) {
        let Some(amount) = self.journal.books().open.as_ref().map(|open| open.amount) else {
            return;
        };
        let place = self.dialect.merchant_code();
        let payload = place
            .get(&self.packet.message)
            .and_then(|payload| str::from_utf8(payload).ok())
            .filter(|payload| is_fit(payload, amount, self.defects));
        if let Some(payload) = payload.map(Box::from) {
            self.ask(Reason::Unconfirmed, false);
            self.show_amount(Text::PayByScanning, amount);
            self.show_payload(payload);
        } else if self.defects.has(Defect::FaultyOrderLeftOpen) {
            self.decline(Reason::MerchantCode, None);
        } else {
            self.reverse(*b"96", Reason::MerchantCode);
        }
    }

    /// The host has not decided: it is asked, now or after an interval, until the window closes.
    pub(in crate::pos) fn ask(&mut self, cause: Reason, now: bool) {
        let mut said = false;
        if let Some(Task::Order(Stage::Asking(window))) = &mut self.task {
            said = window.cause == cause;
            window.cause = cause;
        } else {
            let open = self.journal.books().open.as_ref();
            let shows = cause == Reason::Unconfirmed
                && open.is_some_and(|open| open.operation == Operation::CodeOrder);
            let mut until = self.now
                + if shows {
                    self.config.timing.show
                } else {
                    self.config.timing.query_for
                };
            if self.defects.has(Defect::GapBeforeCancel) {
                until += GAP;
            }
            if self.defects.has(Defect::WaitsForCustomerForEver) && cause == Reason::Unconfirmed {
                until = Time::NEVER;
            }
            let mut window = Asking {
                until,
                next_at: self.now,
                cause,
            };
            if !now {
                window.put_off(self.now, self.config.timing.query, self.defects);
            }
            self.task = Some(Task::Order(Stage::Asking(window)));
        }
        let silent = cause == Reason::Unconfirmed && self.defects.has(Defect::WaitingNotSaid);
        if !said && !silent {
            self.say_unknown(cause);
        }
    }

    /// The window of queries is over.
    pub(super) fn window_closes(&mut self, cause: Reason) {
        if self.is_under_way(Purpose::Query) {
            self.abandon_exchange();
        }
        let misnamed =
            cause == Reason::Unconfirmed && self.defects.has(Defect::UnconfirmedMisnamed);
        let cause = if misnamed {
            Reason::NetworkTimeout
        } else {
            cause
        };
        self.reverse(*b"98", cause);
    }

    /// The request has left, and no answer has come.
    pub(super) fn silence(&mut self) {
        let cause = Reason::NetworkTimeout;
        let open = self.journal.books().open.as_ref();
        if open.is_some_and(|open| open.operation == Operation::Refund) {
            return self.refund_unanswered(cause);
        }
        if self.defects.has(Defect::SilenceNotReversed) {
            return self.finish(Word::failed(Status::Cancelled, cause));
        }
        let why = if self.defects.has(Defect::SilenceReversedAs06) {
            *b"06"
        } else {
            *b"98"
        };
        self.reverse(why, cause);
        if self.defects.has(Defect::NextSaleFirst) {
            self.tries.not_before(self.now + PUT_OFF);
        }
    }

    /// A refund is never sent again: the host is asked what became of it.
    fn refund_unanswered(&mut self, cause: Reason) {
        if self.defects.has(Defect::RefundSentAgain) {
            self.task = Some(Task::Order(Stage::Ready { code: None }));
        } else if self.defects.has(Defect::RefundSilenceForgotten) {
            self.decline(cause, None);
        } else {
            self.ask(cause, true);
        }
    }

    /// The request has not left.
    pub(super) fn unsent(&mut self, reason: Reason) {
        let reason = if reason == Reason::NoSignal && self.defects.has(Defect::NoSignalMisnamed) {
            Reason::HostUnreachable
        } else {
            reason
        };
        if self.defects.has(Defect::UnsentReversed) {
            return self.reverse_unsent(*b"98", reason);
        }
        self.decline(reason, None);
    }

    /// A defect: the order in hand is reversed, though nothing of it has left.
    pub(in crate::pos) fn reverse_unsent(&mut self, code: ResponseCode, cause: Reason) {
        self.disarm();
        self.journal.write(&Record::Sent(Sent {
            stan: self.journal.books().next_stan,
            batch: self.session.batch(),
            at: self.now,
            code: None,
        }));
        self.reverse(code, cause);
    }

    /// The order in hand is to be reversed. Until that is through nobody knows what became of it.
    pub(in crate::pos) fn reverse(&mut self, code: [u8; 2], cause: Reason) {
        let asked = matches!(
            &self.task,
            Some(Task::Order(Stage::Asking(window))) if window.cause == cause
        );
        if !asked {
            self.say_unknown(cause);
        }
        self.task = None;
        self.journal.write(&Record::Reversing {
            code,
            cause,
            at: self.now,
        });
        self.tries.begin_now(self.now);
    }

    fn say_unknown(&mut self, cause: Reason) {
        if let Some(open) = &self.journal.books().open {
            let (order, operation) = (Arc::clone(&open.order), open.operation);
            self.tell(&order, operation, Word::failed(Status::Unknown, cause));
        }
    }

    fn cause_of_asking(&self) -> Reason {
        match &self.task {
            Some(Task::Order(Stage::Asking(window))) => window.cause,
            _ => Reason::NetworkTimeout,
        }
    }

    /// The answer to a look-up. What was said of the order stays said.
    pub(super) fn look_up_answered(&mut self, answer: Answer) {
        if answer.mac == Mac::Wrong || matches!(&answer.code, b"A0" | b"99" | b"77") {
            self.session.want(Due::Now, self.journal.storage());
            self.look_up_failed(Reason::NetworkSecurity);
        } else {
            self.looked_up();
        }
    }
}

fn approval(answer: Answer, moved: Fen) -> Word {
    Word {
        status: Status::Approved,
        reason: None,
        moved: Some(moved),
        rrn: answer.rrn,
        code: Some(answer.code),
        clock: answer.clock,
        instalments: answer.instalments,
    }
}
