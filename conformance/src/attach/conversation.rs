//! The conversation with an adapter, in both modes: requests out, answers in. Knows nothing of
//! processes or sockets. Not here: what the bench asks of every terminal's answers, external or
//! not (how many actions, when to be woken).

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use serde::de::{DeserializeOwned, IgnoredAny};

use counterproof_sim::terminal::{Action, Event, Identity, Mode, Reply, Setup};
use counterproof_sim::time::Time;

use super::live::LiveWire;
use super::rpc::{EventResult, Request, UNSUPPORTED, read};
use super::trouble::{Trouble, quote};
use super::wire::{Wire, WireError};

/// The last millisecond of the year 9999.
const LAST_INSTANT: u64 = 253_402_300_799_999;

/// What carries a conversation.
#[derive(Debug)]
pub enum Channel {
    /// The terminal speaks when it is asked.
    Lockstep(Wire),
    /// It speaks when it wants to.
    Live(LiveWire),
}

/// A terminal in conversation.
#[derive(Debug)]
pub struct Conversation {
    channel: Channel,
    limit: Duration,
    /// Id of the last request.
    id: u64,
    line: Vec<u8>,
    /// The last instant that the terminal was told.
    now: u64,
}

/// How an event was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The reply says what came of it.
    Yes,
    /// Error "unsupported": nothing changed.
    Unsupported,
}

impl Conversation {
    /// A conversation in which each request has `limit` of wall-clock time.
    pub const fn new(channel: Channel, limit: Duration) -> Self {
        Self {
            channel,
            limit,
            id: 0,
            line: Vec::new(),
            now: 0,
        }
    }

    /// Starts the terminal.
    pub fn initialize(&mut self, setup: &Setup) -> Result<Identity, Trouble> {
        let identity: Identity = self.ask(&Request::Initialize(setup))?;
        self.now = setup.now;
        if identity.protocol != 1 {
            return Err(Trouble::OtherProtocol(identity.protocol));
        }
        let modes = &identity.capabilities.modes;
        // Lockstep is what an adapter speaks that says nothing of it.
        if !(modes.contains(&setup.mode) || modes.is_empty() && setup.mode == Mode::Lockstep) {
            return Err(Trouble::OtherMode(setup.mode));
        }
        check_wake(identity.wake_at)?;
        Ok(identity)
    }

    /// Sends an event that does not exist and expects to be told so: an adapter that nods at
    /// everything is not to be trusted with the others.
    pub fn probe(&mut self) -> Result<(), Trouble> {
        let name = format!("probe.{:016x}", RandomState::new().hash_one(self.now));
        match self.ask::<IgnoredAny>(&Request::Probe(self.now, &name)) {
            Ok(_) => Err(Trouble::Nods(name)),
            Err(Trouble::ErrorAnswer {
                code: UNSUPPORTED, ..
            }) => Ok(()),
            Err(Trouble::ErrorAnswer { code, .. }) => Err(Trouble::RefusesOtherwise { name, code }),
            Err(trouble) => Err(trouble),
        }
    }

    /// Tells the terminal of an event; `reply` is filled unless it is not supported.
    pub fn event(&mut self, at: Time, event: &Event, reply: &mut Reply) -> Result<Taken, Trouble> {
        let at = at.as_millis();
        let result = match self.ask::<EventResult>(&Request::Event(at, event)) {
            Ok(result) => result,
            Err(Trouble::ErrorAnswer {
                code: UNSUPPORTED, ..
            }) => return Ok(Taken::Unsupported),
            Err(trouble) => return Err(trouble),
        };
        self.now = at;
        check_money(&result.actions)?;
        check_wake(result.wake_at)?;
        reply.actions = result.actions;
        reply.wake_at = result.wake_at.map(Time::from_millis);
        Ok(Taken::Yes)
    }

    /// Tells the terminal of an event and throws its answer away.
    pub fn event_unheard(&mut self, at: u64, event: &Event) -> Result<(), Trouble> {
        self.raw(&Request::Event(at, event)).map(|_| ())
    }

    /// Whether the terminal said nothing that nobody had asked for, and is still there.
    pub fn at_rest(&mut self) -> Result<(), Trouble> {
        let Channel::Lockstep(wire) = &mut self.channel else {
            // Who speaks when it wants to is heard as it does.
            return Ok(());
        };
        wire.at_rest().map_err(|error| match error {
            WireError::Unasked(line) => Trouble::NotAtRest(quote(&line)),
            WireError::System(error) => Trouble::System(error),
            _ => Trouble::Closed,
        })
    }

    /// Asks the terminal to end.
    pub fn shutdown(&mut self, limit: Duration) -> Result<(), Trouble> {
        self.limit = self.limit.min(limit);
        self.ask::<IgnoredAny>(&Request::Shutdown).map(|_| ())
    }

    /// The last instant that the terminal was told, in milliseconds since the Unix epoch.
    pub const fn now(&self) -> u64 {
        self.now
    }

    fn ask<R: DeserializeOwned>(&mut self, request: &Request<'_>) -> Result<R, Trouble> {
        let id = self.id + 1;
        read(self.raw(request)?, id)
    }

    fn raw(&mut self, request: &Request<'_>) -> Result<&[u8], Trouble> {
        self.id += 1;
        request.write(self.id, &mut self.line);
        let limit = self.limit;
        let answer = match &mut self.channel {
            Channel::Lockstep(wire) => wire.exchange(&self.line, limit),
            Channel::Live(wire) => wire.exchange(&self.line, limit),
        };
        answer.map_err(|error| match error {
            WireError::NotReading => Trouble::NotReading(limit),
            WireError::Silent => Trouble::Silent(limit),
            WireError::Ended => Trouble::Closed,
            WireError::TooLong => Trouble::TooLong,
            WireError::Unasked(line) => Trouble::Unasked(quote(&line)),
            WireError::System(error) => Trouble::System(error),
        })
    }
}

/// An instant that the calendar has. Whether it is a good one is the bench's question.
fn check_wake(wake: Option<u64>) -> Result<(), Trouble> {
    match wake {
        Some(wake @ LAST_INSTANT..) => Err(Trouble::WakesNever(wake)),
        Some(_) | None => Ok(()),
    }
}

/// No amount of money is below zero.
fn check_money(actions: &[Action]) -> Result<(), Trouble> {
    for (index, action) in actions.iter().enumerate() {
        if let Action::Outcome(outcome) = action
            && let Some(amount @ ..0) = outcome.amount
        {
            return Err(Trouble::BadResult {
                place: format!("actions[{index}] (outcome)"),
                why: format!("amount is {amount}; money is a number of fen from zero up"),
            });
        }
    }
    Ok(())
}
