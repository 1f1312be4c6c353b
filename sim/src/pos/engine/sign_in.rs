//! Sign-in: new keys, the host's batch, the host's clock.

use super::receive::Answer;
use crate::iso8583::keys::KeyError;
use crate::pos::clock::difference;
use crate::pos::defects::Defect;
use crate::pos::device::{Device, Stage, Task};
use crate::pos::notes::Note;
use crate::pos::outcome::{ResponseCode, why};
use crate::pos::texts::Text;
use crate::time::Span;
use crate::vocabulary::Reason;

/// How soon a terminal that does not back off signs in again.
const SIGN_IN_AGAIN: Span = Span::from_secs(1);

impl Device {
    /// The host has answered a sign-in.
    pub(super) fn sign_in_answered(&mut self, answer: Answer) {
        if answer.code != *b"00" {
            let reason = why(answer.code, answer.reason, self.defects);
            return self.sign_in_refused(reason, Some(answer.code));
        }
        if self.take_keys(answer).is_err() {
            if let Some(keys) = answer
                .keys
                .filter(|_| self.defects.has(Defect::KeyOnDisplay))
            {
                self.show_key(&keys);
            }
            return self.sign_in_failed(Reason::NetworkSecurity);
        }
        self.gave_up_sign_in = false;
        if self.defects.has(Defect::KeyInLog) {
            let key = self.session.key_in_clear(&self.config.master);
            self.log(&format!("signed in with key {key}"));
        }
        if matches!(self.task, Some(Task::SignIn)) {
            self.task = None;
            self.show(Text::SignedIn);
        }
    }

    fn take_keys(&mut self, answer: Answer) -> Result<(), KeyError> {
        let own = self.session.batch();
        let batch = match answer.batch {
            Some(_) if self.defects.has(Defect::HostBatchIgnored) => own,
            Some(batch)
                if self.defects.has(Defect::CountsBatchItself)
                    && self.session.key().is_some()
                    && batch != own =>
            {
                own + 1
            }
            Some(batch) => batch,
            None => own,
        };
        let clock = answer
            .clock
            .filter(|_| !self.defects.has(Defect::ClockNotTaken))
            .filter(|clock| {
                !(clock.starts_with(b"0229") && self.defects.has(Defect::LeapDayUnknown))
            })
            .and_then(|clock| difference(&clock, self.now))
            .unwrap_or_else(|| self.session.clock());
        let keys = answer.keys.ok_or(KeyError::Length(0))?;
        let account = (&self.config.master, self.dialect.algorithm(), self.defects);
        self.session
            .renew(batch, clock, &keys, account, self.journal.storage())
    }

    /// The sign-in has brought no keys.
    pub(super) fn sign_in_failed(&mut self, reason: Reason) {
        self.sign_in_refused(reason, None);
    }

    fn sign_in_refused(&mut self, reason: Reason, code: Option<ResponseCode>) {
        self.gave_up_sign_in = true;
        if self.defects.has(Defect::SignInStorm) {
            self.sign_in_again = Some(self.now + SIGN_IN_AGAIN);
        }
        self.note(Note::SignInFailed);
        if self.tries.is_under_way() {
            self.try_failed(reason);
        }
        match self.task {
            Some(Task::SignIn) => self.fail_task(reason),
            Some(Task::Order(Stage::Ready { .. })) if !self.is_held() => self.decline(reason, code),
            Some(Task::LookUp(_)) if !self.is_held() => self.look_up_failed(reason),
            Some(Task::Settle(_)) if !self.is_held() => self.settlement_failed(reason),
            // Nobody has asked for it, and it matters all the same.
            _ => self.show_problem(Text::SignInFailed, reason),
        }
    }
}
