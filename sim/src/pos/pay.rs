//! Taking a payment at the counter: the cashier's order, the customer's code, the cancel key.
//!
//! Not here: refunds and voids ([`super::give_back`]), the code that the terminal shows
//! ([`super::show`]), and what is said to the host (see [`super::engine`]).

use std::sync::Arc;

use super::code::Code;
use super::defects::Defect;
use super::device::{Device, Stage, Task};
use super::journal::{Ended, Record, Word, is_payment};
use super::storage::Health;
use super::texts::Text;
use crate::money::Fen;
use crate::terminal::{Action, Flow, ScannerFault, Status};
use crate::time::Time;
use crate::vocabulary::{Operation, Reason};

/// A scan of more characters than this stops a terminal that has the defect.
const HOSTILE: usize = 1_024;

impl Device {
    /// The cashier wants a payment.
    pub(super) fn pay(&mut self, order: &str, amount: i64, flow: Flow) {
        if self.repeat_what_is_known(order) {
            return;
        }
        if let Some(reason) = self.why_not_now() {
            return self.refuse(order, reason);
        }
        let Some(amount) = self.payable(amount) else {
            return self.refuse(order, Reason::InvalidInput);
        };
        if self.batch_is_full() && !self.defects.has(Defect::BatchNeverFull) {
            return self.refuse(order, Reason::BatchFull);
        }
        if self.journal.books().interface_refused && self.defects.has(Defect::InterfaceLocks) {
            return self.refuse(order, Reason::Interface);
        }
        if flow == Flow::Show {
            return self.accept(order, Operation::CodeOrder, amount);
        }
        let accepted = Record::Accepted {
            order,
            operation: Operation::Sale,
            amount,
            at: self.now,
        };
        if self.defects.has(Defect::UnsentForgotten) {
            self.journal.remember_only(&accepted);
        } else {
            self.journal.write(&accepted);
        }
        self.task = Some(Task::Order(Stage::Scan {
            until: self.scan_deadline(),
        }));
        self.gave_up_sign_in = false;
        self.scanner.armed = true;
        self.out.push(Action::ScannerOn);
        self.ask_for_code();
        self.clear_reversals_now();
    }

    /// Takes an order for which nobody has to scan anything: its request leaves as soon as it can.
    pub(super) fn accept(&mut self, order: &str, operation: Operation, amount: Fen) {
        self.journal.write(&Record::Accepted {
            order,
            operation,
            amount,
            at: self.now,
        });
        self.task = Some(Task::Order(Stage::Ready { code: None }));
        self.gave_up_sign_in = false;
        self.show(if self.is_held() {
            Text::Clearing
        } else {
            Text::Processing
        });
        self.clear_reversals_now();
    }

    /// Why no money can be moved now, whatever the order.
    pub(super) fn why_not_now(&self) -> Option<Reason> {
        if matches!(self.health, Health::Empty | Health::Lost) {
            Some(Reason::Storage)
        } else if self.task.is_some() {
            Some(Reason::Busy)
        } else {
            let open = self.journal.books().batch.settlement.is_some();
            open.then_some(Reason::BatchFull)
        }
    }

    fn batch_is_full(&self) -> bool {
        let entries = self.journal.books().batch.count(self.session.batch());
        entries >= self.config.batch_limit
    }

    /// The amount, if a payment can have it.
    fn payable(&self, amount: i64) -> Option<Fen> {
        let fen = u64::try_from(amount).ok()?;
        if fen == 0 && !self.defects.has(Defect::ZeroAmountSent) {
            return None;
        }
        if fen > Fen::MAX.get() {
            let cut = Fen::new(fen % (Fen::MAX.get() + 1));
            return self.defects.has(Defect::LongAmountCut).then_some(cut);
        }
        Some(Fen::new(fen))
    }

    /// An order that is in hand, being reversed or approved is not paid again: what is known of it
    /// is repeated. A declined or cancelled one may be.
    fn repeat_what_is_known(&mut self, order: &str) -> bool {
        let scanning = matches!(self.task, Some(Task::Order(Stage::Scan { .. })));
        if scanning && self.name_in_hand().is_some_and(|name| *name == *order) {
            self.ask_for_code();
            return true;
        }
        if self.tell_pending(order, is_payment) {
            return true;
        }
        let Some((name, stored)) = self.journal.books().orders.get_key_value(order) else {
            return false;
        };
        let approved = stored.word.status == Status::Approved;
        if !approved || self.defects.has(Defect::PaysApprovedAgain) {
            return false;
        }
        let (name, operation, left) = (Arc::clone(name), stored.operation, stored.left());
        if self.defects.has(Defect::DeclinesPaidOrder) {
            let word = Word::failed(Status::Declined, Reason::Duplicate);
            self.tell(&name, operation, word);
            return true;
        }
        if left > Fen::ZERO {
            self.tell_stored(&name, operation);
        } else {
            self.show_problem(Text::Problem, Reason::Duplicate);
        }
        true
    }

    /// Says that such an operation of an order, which is in hand or being reversed, is not decided;
    /// `false` for others.
    pub(super) fn tell_pending(&mut self, order: &str, such: impl Fn(Operation) -> bool) -> bool {
        let books = self.journal.books();
        let reversal = books.reversal_of(order);
        let reversal = reversal.filter(|reversal| such(reversal.operation));
        let (name, operation, cause) = match (&books.open, reversal) {
            (Some(open), _) if *open.order == *order && such(open.operation) => {
                let cause = match &self.task {
                    Some(Task::Order(Stage::Asking(window))) => window.cause,
                    _ => Reason::Busy,
                };
                (Arc::clone(&open.order), open.operation, cause)
            }
            (_, Some(reversal)) => (
                Arc::clone(&reversal.order),
                reversal.operation,
                reversal.cause,
            ),
            _ => return false,
        };
        self.tell(&name, operation, Word::failed(Status::Unknown, cause));
        true
    }

    fn scan_deadline(&self) -> Time {
        let dead = self.scanner.is_dead() && self.defects.has(Defect::DeadScannerWaits);
        let dirty = self.scanner.decodes_nothing() && self.defects.has(Defect::DirtyScannerWaits);
        if dead || dirty {
            Time::NEVER
        } else {
            self.now + self.config.timing.scan
        }
    }

    /// Asks for the customer's code, or for its typing where the scanner is dead.
    pub(super) fn ask_for_code(&mut self) {
        if self.scanner.is_dead() {
            self.show_problem(Text::TypeCode, Reason::Scanner);
        } else {
            let amount = self.journal.books().open.as_ref().map(|open| open.amount);
            self.show_amount(Text::ShowCode, amount.unwrap_or_default());
        }
    }

    /// The scanner delivers a text.
    pub(super) fn code_read(&mut self, text: &str) {
        if let Some(note) = self.scanner.report(ScannerFault::Ok) {
            self.note(note);
        }
        if text.len() > HOSTILE && self.defects.has(Defect::LongScanHangs) {
            self.hung = true;
            return;
        }
        let code = Code::read(text, self.defects);
        if let Some(code) = code
            && self.scanner.is_echo(code, self.now)
        {
            let paying = matches!(
                self.task,
                Some(Task::Order(Stage::Ready { .. } | Stage::Sent))
            );
            if paying && self.defects.has(Defect::DoubleTriggerSends) {
                self.echo = Some(code);
                self.send_once_more();
            }
            return;
        }
        if self.scanner.armed {
            self.take_code(code);
        }
    }

    /// The cashier types a code.
    pub(super) fn code_typed(&mut self, text: &str) {
        let deaf = self.scanner.is_dead() && self.defects.has(Defect::KeypadDeadWithScanner);
        if deaf || !matches!(self.task, Some(Task::Order(Stage::Scan { .. }))) {
            return;
        }
        self.take_code(Code::typed(text, self.defects));
    }

    fn take_code(&mut self, code: Option<Code>) {
        if !matches!(self.task, Some(Task::Order(Stage::Scan { .. }))) {
            return;
        }
        let Some(code) = code else {
            return self.decline(Reason::CodeUnknown, None);
        };
        if self.journal.books().codes.knows(code, self.now) {
            return self.decline(Reason::CodeUsed, None);
        }
        if let Some(reason) = self.grudge.take() {
            return self.decline(reason, None);
        }
        self.scanner.take(code, self.now);
        self.disarm();
        self.task = Some(Task::Order(Stage::Ready { code: Some(code) }));
        self.show(if self.is_held() {
            Text::Clearing
        } else {
            Text::Processing
        });
    }

    /// The scanner's driver reports its state.
    pub(super) fn scanner_reports(&mut self, state: ScannerFault) {
        if let Some(note) = self.scanner.report(state) {
            self.note(note);
        }
        let Some(Task::Order(Stage::Scan { until })) = &mut self.task else {
            return;
        };
        match state {
            ScannerFault::Dead => {
                if self.defects.has(Defect::DeadScannerWaits) {
                    *until = Time::NEVER;
                }
                self.ask_for_code();
            }
            ScannerFault::NoDecode => {
                if self.defects.has(Defect::DirtyScannerWaits) {
                    *until = Time::NEVER;
                }
                self.show_problem(Text::Problem, Reason::CodeUnreadable);
            }
            ScannerFault::Timeout => self.decline(Reason::CodeUnreadable, None),
            ScannerFault::Ok => self.ask_for_code(),
        }
    }

    /// No code came in time.
    pub(super) fn scan_timed_out(&mut self) {
        let reason = if self.scanner.is_dead() {
            Reason::Scanner
        } else {
            Reason::CodeUnreadable
        };
        if self.defects.has(Defect::ScanTimeoutReversed) {
            return self.reverse_unsent(*b"98", reason);
        }
        self.decline(reason, None);
    }

    /// The cancel key. Before the request has left nothing was taken; afterwards only the host can
    /// say so. What gives money back is not stopped.
    pub(super) fn cancel(&mut self) {
        let open = self.journal.books().open.as_ref();
        if open.is_some_and(|open| !is_payment(open.operation)) {
            return;
        }
        let Some(Task::Order(stage)) = &self.task else {
            return;
        };
        let cause = Reason::CashierCancelled;
        let cancelled = Word::failed(Status::Cancelled, cause);
        match stage {
            Stage::Scan { .. } => self.finish(cancelled),
            Stage::Ready { .. } => {
                if self.prepares_request() {
                    self.abandon_exchange();
                }
                if self.defects.has(Defect::CancelReversed) {
                    return self.reverse_unsent(*b"06", cause);
                }
                self.finish(cancelled);
            }
            Stage::Sent | Stage::Asking(_) => {
                // The connection stays: what was sent on it arrives before the reversal.
                self.exchange = None;
                if self.defects.has(Defect::CancelForgets) {
                    return self.finish(cancelled);
                }
                let name = self.name_in_hand();
                self.reverse(*b"06", cause);
                if self.defects.has(Defect::CancelledTooEarly)
                    && let Some(name) = name
                {
                    self.tell(&name, Operation::Sale, cancelled);
                }
            }
        }
    }

    /// The order in hand is declined.
    pub(super) fn decline(&mut self, reason: Reason, code: Option<[u8; 2]>) {
        let credit = matches!(
            reason,
            Reason::CreditNotActivated
                | Reason::CreditLimit
                | Reason::CreditOverdue
                | Reason::CreditRisk
        );
        if credit && code.is_some() && self.defects.has(Defect::CreditDeclineSticks) {
            self.grudge = Some(reason);
        }
        self.finish(Word::failed(Status::Declined, reason).with_code(code));
    }

    /// The final word on the order in hand: made durable, then said.
    pub(super) fn finish(&mut self, word: Word) {
        self.task = None;
        self.shown = None;
        self.disarm();
        let Some(open) = &self.journal.books().open else {
            return;
        };
        let (order, operation) = (Arc::clone(&open.order), open.operation);
        self.end(&order, operation, word);
    }

    /// The final word on an order: made durable, then said.
    pub(super) fn end(&mut self, order: &Arc<str>, operation: Operation, word: Word) {
        self.journal.write(&Record::Ended(Ended {
            order,
            word,
            at: self.now,
        }));
        self.tell(order, operation, word);
        let receipt = self.journal.books().last_receipt.clone();
        if let Some(slip) = receipt.filter(|_| word.status == Status::Approved) {
            self.print(&slip, false);
        }
    }

    /// An order is refused as the cashier enters it. The order in hand goes on.
    fn refuse(&mut self, order: &str, reason: Reason) {
        let word = Word::failed(Status::Declined, reason);
        self.end(&Arc::from(order), Operation::Sale, word);
    }

    /// The name of the order in hand.
    pub(super) fn name_in_hand(&self) -> Option<Arc<str>> {
        let open = self.journal.books().open.as_ref()?;
        Some(Arc::clone(&open.order))
    }

    pub(super) fn disarm(&mut self) {
        if std::mem::take(&mut self.scanner.armed) {
            self.out.push(Action::ScannerOff);
        }
    }
}
