//! The front end: connections, frames, and the order in which a request is judged – faults,
//! form, registration, keys, batch, and only then the switch.

use super::faults::Hits;
use super::key::{Key, MerchantId, TerminalId};
use super::request::{self, Request};
use super::ruling::{Forced, Ruling};
use super::session::MacState;
use super::switch::Decision;
use super::{Context, Host, HostOutput};
use crate::fault::FaultKind;
use crate::iso8583::{Field, Packet};
use crate::record::{ConnId, Fact};
use crate::terminal::{Bytes, StreamEnd};
use crate::time::{Span, Time};
use crate::vocabulary::Operation;

/// A connection on which nothing was heard for so long is closed.
pub(super) const IDLE: Span = Span::from_secs(300);
/// By how much a late message is late, unless the fault says otherwise: past every time-out.
pub(super) const LATE: Span = Span::from_secs(90);

/// How a request was judged.
pub(super) struct Judgement {
    pub decision: Decision,
    /// The terminal, if it is registered.
    pub session: Option<usize>,
    key: Option<Key>,
    about: Option<Key>,
    mac: MacState,
    note: Option<Box<str>>,
}

impl Host {
    /// A connection was accepted.
    pub fn opened(&mut self, now: Time, conn: ConnId) {
        self.conns.open(now, conn);
    }

    /// Bytes arrived, cut anywhere.
    pub fn received(&mut self, now: Time, conn: ConnId, bytes: &[u8]) {
        let Some(stream) = self.conns.heard(now, conn) else {
            return;
        };
        let mut stream = std::mem::take(stream);
        stream.push(bytes);
        while let Some(frame) = stream.next() {
            match frame {
                Ok(body) => self.frame(now, conn, body),
                Err(error) => {
                    self.fact(Fact::Stray {
                        conn,
                        bytes: Bytes(bytes.to_vec()),
                        why: error.to_string().into(),
                    });
                    self.close(conn);
                    return;
                }
            }
        }
        if let Some(place) = self.conns.stream(conn) {
            *place = stream;
        }
    }

    /// A connection ended; what was to be answered on it is not sent any more.
    pub fn ended(&mut self, _now: Time, conn: ConnId, _how: StreamEnd) {
        self.forget(conn);
    }

    /// When it next wants to be woken.
    pub fn wake_at(&self) -> Option<Time> {
        let idle = self.conns.longest_silent().map(|heard| heard + self.idle);
        let lapses = Time::earlier(self.switch.wake_at(), idle);
        Time::earlier(self.agenda.next(), lapses)
    }

    /// When the next answer, or a request that is held up, is due.
    pub fn answer_due(&self) -> Option<Time> {
        self.agenda.next()
    }

    /// Does what is due.
    pub fn wake(&mut self, now: Time) {
        let mut on = Context {
            now,
            faults: &self.faults,
            out: &mut self.out,
        };
        self.switch.lapse(&mut on);
        self.do_jobs(now);
        if self
            .conns
            .longest_silent()
            .is_some_and(|heard| heard + self.idle <= now)
        {
            for conn in self.conns.silent_since(now - self.idle) {
                self.close(conn);
            }
        }
    }

    /// Closes a connection in order.
    pub(super) fn close(&mut self, conn: ConnId) {
        self.forget(conn);
        self.out.push_back(HostOutput::Close { conn });
    }

    pub(super) fn forget(&mut self, conn: ConnId) {
        self.conns.remove(conn);
        self.held.retain(|parcel| parcel.conn != conn);
    }

    pub(super) fn fact(&mut self, fact: Fact) {
        self.out.push_back(HostOutput::Fact(fact));
    }

    /// A whole frame arrived.
    fn frame(&mut self, now: Time, conn: ConnId, body: &[u8]) {
        let mut frame = Vec::with_capacity(body.len() + 2);
        frame.extend_from_slice(&(body.len() as u16).to_be_bytes());
        frame.extend_from_slice(body);
        self.fact(Fact::Received {
            conn,
            frame: Bytes(frame),
        });
        self.with_packet(|host, packet| {
            if let Err(error) = host.dialect.parse_body(body, packet) {
                host.fact(Fact::Judged {
                    conn,
                    operation: None,
                    key: None,
                    about: None,
                    code: None,
                    mac: MacState::NotRequired,
                    note: Some(error.to_string().into()),
                });
                return;
            }
            let operation = request::operation(&packet.message);
            let hits = host.faults.strike(operation);
            host.arrive(now, conn, body, packet, operation, hits);
        });
    }

    /// A request that decodes arrived: what faults do to it on its way is done here.
    fn arrive(
        &mut self,
        now: Time,
        conn: ConnId,
        body: &[u8],
        packet: &Packet,
        operation: Option<Operation>,
        hits: Hits,
    ) {
        let deaf = [FaultKind::HostOutage, FaultKind::HostSilent];
        let swallowed = deaf
            .into_iter()
            .find_map(|kind| self.faults.state(kind))
            .or_else(|| hits.get(FaultKind::RequestLost).map(|hit| hit.id));
        if let Some(id) = swallowed {
            self.out.push_back(HostOutput::Fired(id));
            return;
        }
        if let Some(late) = hits.get(FaultKind::RequestLate) {
            self.out.push_back(HostOutput::Fired(late.id));
            let at = now + or(late.by, LATE);
            self.agenda.handle(at, conn, body, hits);
            return;
        }
        let again = hits
            .get(FaultKind::RequestDuplicated)
            .map(|hit| (hit.id, hit.by));
        let due = self.handle(now, conn, body, packet, operation, hits);
        if let Some((id, by)) = again {
            // The second one is right behind the first, and answered after it.
            self.out.push_back(HostOutput::Fired(id));
            self.agenda
                .handle(due.max(now + by), conn, body, Hits::default());
        }
    }

    /// A request that was held up on its way arrives.
    pub(super) fn handle_late(&mut self, now: Time, conn: ConnId, body: &[u8], hits: Hits) {
        self.with_packet(|host, packet| {
            // It decoded when it was held up.
            if host.dialect.parse_body(body, packet).is_ok() {
                let operation = request::operation(&packet.message);
                host.handle(now, conn, body, packet, operation, hits);
            }
        });
    }

    /// Judges a request and answers it. Returns when the answer is due.
    fn handle(
        &mut self,
        now: Time,
        conn: ConnId,
        body: &[u8],
        packet: &Packet,
        operation: Option<Operation>,
        hits: Hits,
    ) -> Time {
        let judgement = self.judge(now, body, packet, operation, &hits);
        let decision = &judgement.decision;
        self.fact(Fact::Judged {
            conn,
            operation,
            key: judgement.key,
            about: judgement.about,
            code: Some(decision.code()),
            mac: judgement.mac,
            note: judgement
                .note
                .clone()
                .or_else(|| decision.note.map(Into::into)),
        });
        self.reply(now, conn, packet, operation, judgement, hits)
    }

    fn judge(
        &mut self,
        now: Time,
        body: &[u8],
        packet: &Packet,
        operation: Option<Operation>,
        hits: &Hits,
    ) -> Judgement {
        let message = &packet.message;
        let terminal = message.get(Field::TERMINAL).map(TerminalId::new);
        let session = terminal.and_then(|id| self.session_of.get(&id).copied());
        let mac = match (operation.is_some_and(request::needs_mac), session) {
            (false, _) => MacState::NotRequired,
            (true, Some(index)) => self.sessions[index].verify(body, packet),
            (true, None) if message.has(Field::MAC) => MacState::Invalid,
            (true, None) => MacState::Absent,
        };
        let mut judgement = Judgement {
            decision: Decision::of(Ruling::Approved),
            session,
            key: None,
            about: None,
            mac,
            note: None,
        };
        if let Some(hit) = hits.get(FaultKind::AnswerCode) {
            self.out.push_back(HostOutput::Fired(hit.id));
            judgement.decision = Decision::forced(Forced::of(hit.code.as_deref()));
            judgement.key = request::key(message);
            judgement.note = Some("a fault answers without doing anything".into());
            return judgement;
        }
        let request = match self.admit(now, packet, operation, &judgement) {
            Ok(request) => request,
            Err((ruling, note)) => {
                judgement.key = request::key(message);
                judgement.decision = Decision::of(ruling);
                judgement.note = note;
                return judgement;
            }
        };
        judgement.key = Some(request.key);
        judgement.about = request.about;
        judgement.decision = match session {
            Some(index) if manages(request.operation) => self.manage(index, &request, hits),
            _ => {
                let mut on = Context {
                    now,
                    faults: &self.faults,
                    out: &mut self.out,
                };
                let code = self.dialect.code().get(message);
                self.switch.handle(&mut on, &request, message, code)
            }
        };
        if request.operation == Operation::Settlement
            && let Some(index) = session
        {
            self.sessions[index].balanced = judgement.decision.balanced();
            self.changed_sessions.note(|| index);
        }
        judgement
    }

    /// Whether a request may be done at all: form, registration, keys, batch.
    fn admit(
        &mut self,
        now: Time,
        packet: &Packet,
        operation: Option<Operation>,
        judgement: &Judgement,
    ) -> Result<Request, (Ruling, Option<Box<str>>)> {
        let mut on = Context {
            now,
            faults: &self.faults,
            out: &mut self.out,
        };
        if on.holds(FaultKind::HostMalfunction) {
            return Err((Ruling::Malfunction, None));
        }
        let request = request::read(self.dialect, packet, operation)
            .map_err(|flaw| (Ruling::Format, Some(flaw.to_string().into())))?;
        if on.holds(FaultKind::Unregistered) {
            return Err((Ruling::Unregistered, None));
        }
        if request.operation.is_financial() && on.holds(FaultKind::InterfaceRefused) {
            return Err((Ruling::InterfaceRefused, None));
        }
        let merchant = MerchantId::new(packet.message.get(Field::MERCHANT).unwrap_or_default());
        let Some(session) = judgement
            .session
            .map(|index| &self.sessions[index])
            .filter(|session| session.merchant == merchant)
        else {
            let note = "no terminal with this DE41 is registered for this DE42";
            return Err((Ruling::Unregistered, Some(note.into())));
        };
        let note = match judgement.mac {
            MacState::Valid | MacState::NotRequired => None,
            MacState::Absent => Some("DE64 is missing"),
            MacState::Superseded => Some("the MAC is right under the keys before the last ones"),
            MacState::Invalid if session.mac.is_none() => Some("the terminal has not signed in"),
            MacState::Invalid => Some("the MAC is wrong"),
        };
        if let Some(note) = note {
            return Err((Ruling::MacWrong, Some(note.into())));
        }
        if judgement.mac == MacState::Valid {
            if let Some(id) = session.keys_forgotten() {
                on.out.push_back(HostOutput::Fired(id));
                let note = "the acquirer has other keys";
                return Err((Ruling::MacWrong, Some(note.into())));
            }
            if let Some(id) = session.keys_expired() {
                on.out.push_back(HostOutput::Fired(id));
                return Err((Ruling::KeysExpired, None));
            }
        }
        if in_batch(request.operation) {
            let elsewhere = request.key.batch != session.batch;
            if elsewhere || (session.closed && request.operation.is_financial()) {
                on.out
                    .extend(session.batch_differs().map(HostOutput::Fired));
                let note = if elsewhere {
                    format!("the acquirer is in batch {:06}", session.batch)
                } else {
                    "the batch is closed".to_owned()
                };
                return Err((Ruling::BatchDiffers, Some(note.into())));
            }
        }
        Ok(request)
    }

    /// Runs `with` the packet that is kept between requests.
    fn with_packet(&mut self, with: impl FnOnce(&mut Self, &mut Packet)) {
        let mut packet = self.packet.take().unwrap_or_default();
        with(self, &mut packet);
        self.packet = Some(packet);
    }
}

/// Whether the operation is about the terminal's session rather than about money.
const fn manages(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::SignIn
            | Operation::Echo
            | Operation::SignOff
            | Operation::BatchDetail
            | Operation::BatchEnd
    )
}

/// Whether the request must name the batch that is open. A reversal keeps the batch of its
/// original, and a query may.
const fn in_batch(operation: Operation) -> bool {
    operation.is_financial()
        || matches!(
            operation,
            Operation::Settlement | Operation::BatchDetail | Operation::BatchEnd
        )
}

/// A fault's length of time, or the usual one.
pub(super) fn or(by: Span, usual: Span) -> Span {
    if by > Span::ZERO { by } else { usual }
}
