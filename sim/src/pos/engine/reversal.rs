//! Reversals that are owed: three tries a round, an interval apart, and round after round until
//! the host has given a definite answer. The record stays in the journal all the while.

use std::sync::Arc;

use super::receive::{Answer, Mac};
use crate::pos::defects::Defect;
use crate::pos::device::{Device, Stage, Task};
use crate::pos::journal::{Ended, Record, Word};
use crate::pos::outcome::{ResponseCode, ReversalVerdict, judge_reversal};
use crate::pos::session::Due;
use crate::pos::texts::Text;
use crate::terminal::Status;
use crate::time::{Span, Time};
use crate::vocabulary::Reason;

/// Sendings in a round.
const ROUND: u8 = 3;
/// A link that comes and goes starts a round no more often than this.
const BREATH: Span = Span::from_secs(20);
/// How soon a terminal that does not back off tries again.
const TIGHT: Span = Span::from_millis(200);

/// The tries of the oldest reversal that is owed.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::pos) struct Tries {
    /// Tries of this round so far.
    of_round: u8,
    /// When the next one is due.
    next_at: Time,
    /// One is under way.
    under_way: bool,
    /// When a link that came up last started a round.
    by_link: Time,
}

impl Tries {
    /// When the next try is due.
    pub(in crate::pos) const fn next_at(&self) -> Time {
        self.next_at
    }

    /// No try before that instant.
    pub(in crate::pos) const fn not_before(&mut self, at: Time) {
        self.next_at = at;
    }

    /// Tries of this round so far.
    pub(super) const fn of_round(&self) -> u8 {
        self.of_round.saturating_sub(1)
    }

    /// Whether a try is under way, be it with the sign-in before it.
    pub(super) const fn is_under_way(&self) -> bool {
        self.under_way
    }

    /// A round begins now. A try that is under way is its first.
    pub(in crate::pos) const fn begin_now(&mut self, now: Time) {
        self.of_round = if self.under_way { 1 } else { 0 };
        self.next_at = now;
    }
}

impl Device {
    /// Begins a try if one is due; `true` while one is under way.
    pub(super) fn begins_try(&mut self) -> bool {
        if self.tries.under_way {
            return true;
        }
        if self.tries.next_at > self.now {
            return false;
        }
        if self.defects.has(Defect::YesterdayDropped) && self.drops_yesterday() {
            return false;
        }
        self.tries.under_way = true;
        self.tries.of_round = self.tries.of_round.saturating_add(1);
        self.tries.next_at = self.now + self.config.timing.retry;
        true
    }

    /// The host has answered a reversal.
    pub(super) fn reversal_answered(&mut self, answer: Answer) {
        let code = answer.code;
        let believed = match answer.mac {
            Mac::Good => true,
            Mac::Missing => matches!(&code, b"30" | b"97" | b"A0"),
            Mac::Wrong => false,
        };
        if !believed {
            return self.sign_in_and_try_again(Reason::NetworkSecurity);
        }
        match judge_reversal(code, self.defects) {
            ReversalVerdict::Done => self.reversal_is_through(code),
            ReversalVerdict::SignInFirst(reason) => self.sign_in_and_try_again(reason),
            ReversalVerdict::Again(reason) => self.try_failed(reason),
        }
    }

    fn reversal_is_through(&mut self, code: ResponseCode) {
        self.tries = Tries::default();
        self.tries.not_before(self.now);
        self.end_reversal(Some(code));
        // Who waits at the counter reads on from where it was interrupted.
        match &self.task {
            Some(Task::Order(Stage::Scan { .. })) => self.ask_for_code(),
            Some(Task::Order(Stage::Ready { .. })) => self.show(Text::Processing),
            Some(Task::Settle(_)) => self.show(Text::Settling),
            Some(
                Task::Order(Stage::Sent | Stage::Asking(_))
                | Task::LookUp(_)
                | Task::SignIn
                | Task::Test(_),
            )
            | None => {}
        }
    }

    /// The oldest reversal is no longer owed.
    fn end_reversal(&mut self, code: Option<ResponseCode>) {
        let Some(reversal) = self.journal.books().reversals.front() else {
            return;
        };
        let (order, operation) = (Arc::clone(&reversal.order), reversal.operation);
        let word = Word::failed(Status::Cancelled, reversal.cause).with_code(code);
        if self.defects.has(Defect::NoWordAfterReversal) {
            self.journal.write(&Record::Ended(Ended {
                order: &order,
                word,
                at: self.now,
            }));
        } else {
            self.end(&order, operation, word);
        }
    }

    /// The host wants other keys: they are fetched, and the reversal goes out again at once. That
    /// counts as a try like any other.
    fn sign_in_and_try_again(&mut self, reason: Reason) {
        self.session.want(Due::Now, self.journal.storage());
        self.tries.next_at = self.now;
        self.try_failed(reason);
    }

    /// A try has not brought the reversal through.
    pub(super) fn try_failed(&mut self, reason: Reason) {
        self.tries.under_way = false;
        if self.defects.has(Defect::ReconnectsTightly) {
            self.tries.next_at = self.now + TIGHT;
            if self.is_held() {
                self.fail_task(reason);
            }
            return;
        }
        let round = if self.defects.has(Defect::OneTryARound) {
            1
        } else {
            ROUND
        };
        // Without any link there is nothing to try: the round waits for one.
        if self.tries.of_round >= round || self.line.is_dead() {
            self.round_is_over(reason);
        }
    }

    /// The record stays. Who waits at the counter is told that it does not go on.
    fn round_is_over(&mut self, reason: Reason) {
        self.tries.of_round = 0;
        self.tries.not_before(self.now + self.config.timing.round);
        if self.defects.has(Defect::GivesUpUntilRestart) {
            self.tries.not_before(Time::NEVER);
        }
        if self.defects.has(Defect::GivesUpAfterRound) {
            self.end_reversal(None);
        }
        if self.is_held() {
            self.fail_task(reason);
        }
    }

    /// The cashier wants something: what is owed is tried now.
    pub(in crate::pos) fn clear_reversals_now(&mut self) {
        let next_first = self.defects.has(Defect::NextSaleFirst);
        if self.journal.books().reversals.is_empty() || next_first {
            return;
        }
        let given_up = self.tries.next_at == Time::NEVER;
        if given_up && self.defects.has(Defect::GivesUpUntilRestart) {
            self.fail_task(Reason::NetworkTimeout);
        } else {
            self.tries.begin_now(self.now);
        }
    }

    /// A link has its network again: what is owed is tried, but not with every flutter.
    pub(super) fn reversals_after_link_up(&mut self) {
        let stalled = self.tries.next_at == Time::NEVER;
        if self.journal.books().reversals.is_empty() || self.tries.under_way || stalled {
            return;
        }
        let soon = self.now.max(self.tries.by_link + BREATH);
        if soon < self.tries.next_at {
            self.tries.by_link = soon;
            self.tries.of_round = 0;
            self.tries.next_at = soon;
        }
    }

    /// A defect: what is left of an earlier day is dropped without a word.
    fn drops_yesterday(&mut self) -> bool {
        let today = self.now.civil().day;
        let old = self
            .journal
            .books()
            .reversals
            .front()
            .filter(|reversal| reversal.sent.at.civil().day != today)
            .map(|reversal| Arc::clone(&reversal.order));
        if let Some(order) = &old {
            self.journal.write(&Record::Dropped { order });
        }
        old.is_some()
    }
}
