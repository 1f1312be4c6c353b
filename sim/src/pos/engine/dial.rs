//! The connection: over the preferred link, and over each other one once where that fails.

use super::{Exchange, Failure, Purpose, Step};
use crate::pos::defects::{Defect, Defects};
use crate::pos::device::{Device, Stage, Task};
use crate::terminal::{Action, Refusal};
use crate::time::Span;
use crate::vocabulary::Reason;

impl Device {
    /// Asks for a connection over the next link.
    pub(super) fn dial(&mut self) {
        let (connect, now) = (self.config.timing.connect, self.now);
        let only_first = self.defects.has(Defect::OneLinkOnly);
        let Some(exchange) = &mut self.exchange else {
            return;
        };
        // Later tries of a reversal begin with another link: the first may connect and lose
        // everything behind.
        let first = match exchange.purpose {
            Purpose::Reversal if !only_first => usize::from(self.tries.of_round()),
            _ => 0,
        };
        let tried = if only_first && exchange.tried != 0 {
            u32::MAX
        } else {
            exchange.tried
        };
        let next = match exchange.purpose {
            // A self-test is about one link.
            Purpose::Echo => self.task.as_ref().and_then(|task| match task {
                Task::Test(test) if exchange.tried == 0 => test.link(),
                _ => None,
            }),
            _ => self.line.pick(first, tried),
        };
        let only_first = only_first && exchange.purpose != Purpose::Echo;
        if let Some(link) = next.filter(|link| !only_first || *link == 0) {
            exchange.tried |= 1 << link;
            exchange.step = Step::Opening {
                until: now + connect,
            };
            let conn = self.line.open(link);
            let link = self.config.links[link].clone();
            self.out.push(Action::HostOpen { conn, link });
        } else if exchange.tried == 0 && exchange.patient {
            exchange.step = Step::NoLink {
                until: now + waiting_for_signal(connect, self.defects),
            };
        } else {
            let reason = exchange.failure.unwrap_or(Reason::NoSignal);
            self.fail(Failure::Unsent(reason));
        }
    }

    /// A connection stands.
    pub(in crate::pos) fn opened(&mut self, conn: u64) {
        if !self.line.is(conn) {
            return;
        }
        self.line.stands();
        match self.exchange {
            Some(Exchange {
                step: Step::Opening { .. },
                ..
            }) => self.transmit(),
            _ => self.hang_up(),
        }
    }

    /// A connection could not be made.
    pub(in crate::pos) fn refused(&mut self, conn: u64, refusal: Refusal) {
        let Some(link) = self.line.conn().filter(|_| self.line.is(conn)) else {
            return;
        };
        self.line.drop_conn();
        let reason = match refusal {
            Refusal::Unreachable if !self.line.is_up(link.link) => Reason::NoSignal,
            Refusal::Refused | Refusal::Unreachable => Reason::HostUnreachable,
            Refusal::Timeout => Reason::NetworkTimeout,
            Refusal::Tls => Reason::NetworkSecurity,
        };
        self.dialling_failed(reason);
    }

    /// Nobody has said anything about the connection in time.
    pub(super) fn dialling_timed_out(&mut self) {
        self.hang_up();
        self.dialling_failed(Reason::NetworkTimeout);
    }

    fn dialling_failed(&mut self, reason: Reason) {
        let Some(exchange) = &mut self.exchange else {
            return;
        };
        if matches!(exchange.step, Step::Opening { .. }) {
            // What says most about the trouble is reported: a host that cannot be trusted before
            // one that does not answer, and both before a missing signal.
            let weight = |reason| match reason {
                Reason::NetworkSecurity => 3,
                Reason::HostUnreachable => 2,
                Reason::NetworkTimeout => 1,
                _ => 0,
            };
            let known = exchange.failure.map_or(-1, weight);
            if weight(reason) > known {
                exchange.failure = Some(reason);
            }
            self.dial();
        }
    }

    /// A connection has ended.
    pub(in crate::pos) fn closed(&mut self, conn: u64) {
        if self.line.is(conn) {
            self.line.drop_conn();
            self.lost();
        }
    }

    /// The connection is gone. A request that had left is not sent again: it may have arrived.
    pub(super) fn lost(&mut self) {
        let Some(exchange) = &mut self.exchange else {
            return;
        };
        match exchange.step {
            Step::NoLink { .. } => {}
            Step::Opening { .. } => self.dialling_failed(Reason::NetworkTimeout),
            Step::Waiting { .. } => {
                let resend = self.defects.has(Defect::ResendsOnOtherLink)
                    && exchange.purpose == Purpose::Request;
                if resend && exchange.again.is_some() {
                    self.dial();
                } else {
                    self.fail(Failure::Unanswered);
                }
            }
        }
    }

    /// A link has its network again.
    pub(in crate::pos) fn link_is_up(&mut self) {
        if let Some(exchange) = &self.exchange
            && matches!(exchange.step, Step::NoLink { .. })
        {
            self.dial();
        }
        self.gave_up_sign_in = false;
        self.reversals_after_link_up();
    }

    /// Closes the connection.
    pub(in crate::pos) fn hang_up(&mut self) {
        if let Some(conn) = self.line.drop_conn() {
            self.out.push(Action::HostClose { conn });
        }
    }

    /// Closes a connection over which nothing more is to be said.
    pub(super) fn hang_up_when_idle(&mut self) {
        let listens = self.defects.has(Defect::LateAnswerRevives);
        if !listens && !matches!(self.task, Some(Task::Order(Stage::Asking(_)))) {
            self.hang_up();
        }
    }
}

/// How long an operation waits for any link to come up: short of the time-out within which its
/// failure is due.
fn waiting_for_signal(connect: Span, defects: Defects) -> Span {
    if defects.has(Defect::WaitsForSignal) {
        connect.times(10)
    } else {
        Span::from_micros(connect.as_micros() / 2)
    }
}
