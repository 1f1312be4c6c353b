//! The transaction engine: what is said to the host, one exchange after the other. Every way to
//! the host goes through here – connect, sign in where that is due, clear the reversals that are
//! owed, send, wait – and what is wanted of the host is data: a [`Purpose`] and a row of
//! [`request::plan_of`].
//!
//! | file | its part of an exchange |
//! | --- | --- |
//! | `dial` | the connection |
//! | `request` | the messages |
//! | `send` | numbering, journal, MAC |
//! | `receive` | bytes, frames, whose answer it is |
//! | `decide` | what the answer means for the order |
//! | `sign_in` | keys and batch |
//! | `reversal` | tries and rounds |
//! | `settle` | the end of a batch, message by message |

mod compare;
mod decide;
mod dial;
mod receive;
mod request;
mod reversal;
mod send;
mod settle;
mod sign_in;

use super::defects::{Defect, Defects};
use super::device::{Device, Stage, Task};
use super::session::Due;
use super::texts::Text;
use crate::time::{Span, Time};
use crate::vocabulary::Reason;

pub(super) use compare::Expected;
pub(super) use reversal::Tries;
pub(super) use settle::Rounds;

/// What an exchange is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Keys.
    SignIn,
    /// The request of the order in hand.
    Request,
    /// What became of that request.
    Query,
    /// What became of an order that the cashier asks about.
    LookUp,
    /// The oldest reversal that is owed.
    Reversal,
    /// The next message of the settlement.
    Settlement,
    /// The end of a session that ended with its batch.
    SignOff,
    /// Whether the host is there, over the link that is tested.
    Echo,
}

/// An exchange with the host: one message and its answer.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    /// What it is for.
    pub purpose: Purpose,
    /// How far it has come.
    pub step: Step,
    /// Somebody stands at the counter and waits: it is worth to wait for a signal.
    patient: bool,
    /// Links that were tried, as a set of their places.
    tried: u32,
    /// Why the links that were tried could not be used.
    failure: Option<Reason>,
    /// A defect's copy of what was sent, to be sent again.
    again: Option<(Vec<u8>, Expected)>,
}

impl Exchange {
    fn new(purpose: Purpose, patient: bool, now: Time) -> Self {
        Self {
            purpose,
            step: Step::NoLink { until: now },
            patient,
            tried: 0,
            failure: None,
            again: None,
        }
    }
}

/// How far an exchange has come, and until when it waits there.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// For a link to come up.
    NoLink {
        /// How long.
        until: Time,
    },
    /// For the connection.
    Opening {
        /// How long.
        until: Time,
    },
    /// For the answer.
    Waiting {
        /// How long.
        until: Time,
        /// What the answer must look like.
        expected: Expected,
    },
}

impl Step {
    /// Until when.
    pub(super) const fn until(&self) -> Time {
        match self {
            Self::NoLink { until } | Self::Opening { until } | Self::Waiting { until, .. } => {
                *until
            }
        }
    }
}

/// A payment that the host has not decided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asking {
    /// The end of the window: then it is reversed.
    pub until: Time,
    /// When it is asked next.
    pub next_at: Time,
    /// Why it is undecided.
    pub cause: Reason,
}

impl Asking {
    /// The next query is due an interval from now, if that still lies in the window.
    pub(super) fn put_off(&mut self, now: Time, interval: Span, defects: Defects) {
        let interval = if defects.has(Defect::QueriesEverySecond) {
            Span::from_secs(1)
        } else {
            interval
        };
        let end = if defects.has(Defect::GapBeforeCancel) {
            self.until - GAP
        } else {
            self.until
        };
        let next = now + interval;
        self.next_at = if next < end { next } else { Time::NEVER };
    }
}

/// How long a defect leaves the customer alone at the end of the window.
const GAP: Span = Span::from_secs(30);

/// Why an exchange brought no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failure {
    /// Nothing has left.
    Unsent(Reason),
    /// The message has left.
    Unanswered,
}

impl Device {
    /// Ends one thing whose time has come; `false` when there is none.
    pub(super) fn expire(&mut self) -> bool {
        if let Some(exchange) = &self.exchange
            && exchange.step.until() <= self.now
        {
            match exchange.step {
                Step::NoLink { .. } => self.fail(Failure::Unsent(Reason::NoSignal)),
                Step::Opening { .. } => self.dialling_timed_out(),
                Step::Waiting { .. } => self.unanswered(),
            }
            return true;
        }
        if self.sign_in_again.is_some_and(|at| at <= self.now) {
            self.sign_in_again = None;
            if self.task.is_none() {
                self.task = Some(Task::SignIn);
                return true;
            }
        }
        match &self.task {
            Some(Task::Order(Stage::Scan { until })) if *until <= self.now => {
                self.scan_timed_out();
                true
            }
            Some(Task::Order(Stage::Asking(window)))
                if window.until <= self.now && !self.awaits_query() =>
            {
                let cause = window.cause;
                self.window_closes(cause);
                true
            }
            Some(Task::Test(test)) if self.exchange.is_none() && test.is_over(self.now) => {
                self.test_is_over();
                true
            }
            _ => false,
        }
    }

    /// Starts the next exchange; `false` when nothing is wanted of the host.
    pub(super) fn advance(&mut self) -> bool {
        if self.exchange.is_some() {
            return false;
        }
        let Some((purpose, patient)) = self.next_purpose() else {
            self.hang_up_when_idle();
            return false;
        };
        self.exchange = Some(Exchange::new(purpose, patient, self.now));
        if self.line.usable().is_some() && purpose != Purpose::Echo {
            self.transmit();
        } else {
            self.hang_up();
            self.dial();
        }
        true
    }

    /// What is wanted of the host now, and whether somebody waits for it.
    fn next_purpose(&mut self) -> Option<(Purpose, bool)> {
        if matches!(self.task, Some(Task::Test(_))) {
            return self.next_link_to_test().map(|_| (Purpose::Echo, false));
        }
        let due = self.session.due();
        let keys_first = |due: bool, purpose| if due { Purpose::SignIn } else { purpose };
        if matches!(self.task, Some(Task::SignIn)) {
            return Some((Purpose::SignIn, true));
        }
        if self.is_held() && self.begins_try() {
            return Some((keys_first(due == Due::Now, Purpose::Reversal), false));
        }
        let free = !self.is_held();
        match &mut self.task {
            Some(Task::Order(Stage::Ready { .. })) if free => {
                return Some((keys_first(due != Due::No, Purpose::Request), true));
            }
            Some(Task::Settle(_)) if free => {
                // Once the host has judged the totals, nothing comes between it and the end.
                let judged = self.journal.books().batch.settlement;
                let judged = judged.is_some_and(|settlement| settlement.matched.is_some());
                let keys = due != Due::No && !judged;
                return Some((keys_first(keys, Purpose::Settlement), true));
            }
            Some(Task::LookUp(_)) if free => {
                return Some((keys_first(due != Due::No, Purpose::LookUp), true));
            }
            Some(Task::Order(Stage::Asking(window))) if window.next_at <= self.now => {
                window.put_off(self.now, self.config.timing.query, self.defects);
                return Some((keys_first(due == Due::Now, Purpose::Query), false));
            }
            _ => {}
        }
        // By itself the terminal signs in only where an earlier session ended.
        let by_itself = self.task.is_none() && free && !self.gave_up_sign_in;
        let purpose = if self.session.is_ending() {
            Purpose::SignOff
        } else {
            Purpose::SignIn
        };
        (by_itself && due != Due::No && self.session.key().is_some()).then_some((purpose, false))
    }

    /// Whether older reversals come before the cashier's operation.
    pub(super) fn is_held(&self) -> bool {
        let jumps = match self.task {
            Some(Task::Order(_)) => {
                let put_off = self.defects.has(Defect::NextSaleFirst)
                    && self.tries.next_at() > self.now
                    && !self.tries.is_under_way();
                put_off || self.defects.has(Defect::SaleBeforeReversal)
            }
            Some(Task::Settle(_)) => self.defects.has(Defect::SettlesBeforeReversal),
            _ => false,
        };
        !jumps && !self.journal.books().reversals.is_empty()
    }

    /// Whether an exchange for that purpose is under way.
    pub(super) fn is_under_way(&self, purpose: Purpose) -> bool {
        self.exchange
            .as_ref()
            .is_some_and(|exchange| exchange.purpose == purpose)
    }

    /// Whether the answer to a query is still to come.
    pub(super) fn awaits_query(&self) -> bool {
        self.exchange.as_ref().is_some_and(|exchange| {
            exchange.purpose == Purpose::Query && matches!(exchange.step, Step::Waiting { .. })
        })
    }

    /// Whether the exchange under way is for the order in hand and nothing of the order has left:
    /// its request, or a sign-in before it that has not been sent either.
    pub(super) fn prepares_request(&self) -> bool {
        self.exchange.as_ref().is_some_and(|exchange| {
            let unsent = !matches!(exchange.step, Step::Waiting { .. });
            unsent && exchange.patient
        })
    }

    /// Gives up an exchange of which nothing has left.
    pub(super) fn abandon_exchange(&mut self) {
        self.exchange = None;
        self.hang_up();
    }

    /// The time for an answer is over.
    fn unanswered(&mut self) {
        // The first reversal of a request follows it on the same connection; any other message
        // gets a new one.
        if !self.is_under_way(Purpose::Request) {
            self.hang_up();
        }
        self.fail(Failure::Unanswered);
    }

    /// The exchange has brought no answer.
    fn fail(&mut self, failure: Failure) {
        let Some(exchange) = self.exchange.take() else {
            return;
        };
        let reason = match failure {
            Failure::Unsent(reason) => reason,
            Failure::Unanswered => Reason::NetworkTimeout,
        };
        match exchange.purpose {
            Purpose::SignIn => self.sign_in_failed(reason),
            Purpose::Request if failure == Failure::Unanswered => self.silence(),
            Purpose::Request => self.unsent(reason),
            // The next query, or the end of the window.
            Purpose::Query => {}
            Purpose::LookUp => self.look_up_failed(reason),
            Purpose::Reversal => self.try_failed(reason),
            Purpose::Settlement if failure == Failure::Unanswered => {
                self.settlement_unanswered(reason);
            }
            Purpose::Settlement => self.settlement_failed(reason),
            // The sign-in that follows says the same.
            Purpose::SignOff => self.session.set_ending(false),
            Purpose::Echo => self.link_tested(
                match failure {
                    Failure::Unsent(reason) => Some(reason),
                    Failure::Unanswered => None,
                },
                false,
            ),
        }
    }

    /// The cashier's operation cannot be done.
    fn fail_task(&mut self, reason: Reason) {
        match &self.task {
            Some(Task::Order(Stage::Scan { .. } | Stage::Ready { .. })) => {
                self.decline(reason, None);
            }
            Some(Task::LookUp(_)) => self.look_up_failed(reason),
            Some(Task::SignIn) => {
                self.task = None;
                self.show_problem(Text::SignInFailed, reason);
            }
            Some(Task::Settle(_)) => self.settlement_failed(reason),
            Some(Task::Order(Stage::Sent | Stage::Asking(_)) | Task::Test(_)) | None => {}
        }
    }
}
