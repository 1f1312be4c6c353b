//! What an external terminal sits on – a child process, a connection – and the one implementation
//! of the port over both, in lockstep and live.

use std::fs;
use std::time::Duration;

use counterproof_sim::link::Listener;
use counterproof_sim::terminal::{
    Action, Boot, Capabilities, Event, Identity, Live, Reply, Setup, StorageDamage, Terminal,
    TerminalError, Waited,
};
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::{Face, Lang};
use tempfile::TempDir;

use super::conversation::{Channel, Conversation, Taken};
use super::live::{Came, LiveMode, LiveWire, Port};
use super::rpc;
use super::storage_files;
use super::trouble::Trouble;
use super::wire::Wire;

/// How long a terminal that is asked to end may take.
const LEAVING: Duration = Duration::from_secs(2);

/// How long the last words on standard error are waited for.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// Who cuts the power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// We do, and need nobody's help.
    Ours,
    /// The terminal does, where it claims `powerControl`.
    OnRequest,
}

/// Where an external terminal sits.
pub trait Carrier: Send {
    /// Who cuts the power.
    fn power(&self) -> Power;
    /// Gives it power, or connects to it.
    fn open(&mut self) -> Result<Wire, Trouble>;
    /// Takes the power away, where that is ours.
    ///
    /// # Errors
    /// When the power cannot be cut: nothing is known of it then.
    fn cut(&mut self) -> std::io::Result<()>;
    /// Why the other side is gone.
    fn why_closed(&mut self) -> Trouble;
    /// Waits until it has ended after a `shutdown`, then ends it; how it ended, where that is not
    /// as it should be.
    fn leave(&mut self, patience: Duration) -> Option<String>;
    /// What it wrote to standard error since this was last asked.
    fn stderr(&mut self, patience: Duration) -> String;
}

/// An external terminal.
pub struct External {
    carrier: Box<dyn Carrier>,
    limit: Duration,
    lang: Lang,
    talk: Option<Conversation>,
    /// Its host side, where it keeps its own time.
    port: Option<Port>,
    /// The power was cut on request: the next start is in the same conversation.
    off: bool,
    capabilities: Capabilities,
    /// The adapter has proved that it does not nod at everything.
    trusted: bool,
    storage: TempDir,
    /// The storage has not been used yet.
    fresh: bool,
    /// The storage as it was found last, and how often it had changed by then.
    state: Option<u64>,
    changes: u32,
    /// What the terminal wrote to standard error and nobody has asked for yet.
    stderr: String,
    /// What broke last; events that come nevertheless get it again.
    broken: Option<TerminalError>,
}

impl External {
    /// A terminal without power. Requests have `limit` of wall-clock time each; errors are said
    /// in `lang`. With `live` it keeps its own time.
    pub fn new(
        carrier: Box<dyn Carrier>,
        limit: Duration,
        lang: Lang,
        live: Option<&LiveMode>,
    ) -> std::io::Result<Self> {
        Ok(Self {
            carrier,
            limit,
            lang,
            talk: None,
            port: live.cloned().map(Port::new),
            off: false,
            capabilities: Capabilities::default(),
            trusted: false,
            storage: storage()?,
            fresh: true,
            state: None,
            changes: 0,
            stderr: String::new(),
            broken: None,
        })
    }

    /// Begins another scenario: with a storage of its own, whatever the last one left behind.
    pub fn begin(&mut self) -> std::io::Result<()> {
        if !self.fresh {
            self.storage = storage()?;
            self.fresh = true;
        }
        self.stderr.clear();
        self.carrier.stderr(Duration::ZERO);
        Ok(())
    }

    /// Asks the terminal to end; how it did, where that is not as it should be.
    pub fn leave(&mut self) -> Option<String> {
        let mut talk = self.talk.take()?;
        match talk.shutdown(LEAVING) {
            Ok(()) => self.carrier.leave(LEAVING),
            Err(trouble) => {
                let _ = self.carrier.cut();
                match trouble.broken("shutdown", "", self.lang) {
                    TerminalError::Broken { what, .. } | TerminalError::GivenUp { what } => {
                        Some(what)
                    }
                    TerminalError::Unsupported { event } => Some(event),
                }
            }
        }
    }

    /// Ends the conversation for good: what broke once is not trusted again.
    #[cold]
    fn fail(&mut self, trouble: Trouble, during: &str) -> TerminalError {
        let trouble = match trouble {
            Trouble::Closed => self.carrier.why_closed(),
            // One that has ended may have left its pipes to somebody who says nothing either. Where the
            // conversation is given up already, its end would be our doing.
            Trouble::Silent(limit) if self.talk.is_some() => match self.carrier.why_closed() {
                exited @ Trouble::Exited(_) => exited,
                _ => Trouble::Silent(limit),
            },
            other => other,
        };
        self.talk = None;
        self.off = false;
        // The trouble that there was is the one to be told of.
        let _ = self.carrier.cut();
        let last = self.carrier.stderr(LAST_WORDS);
        let error = trouble.broken(during, &last, self.lang);
        self.stderr.push_str(&last);
        self.broken = Some(error.clone());
        error
    }

    /// The conversation for the next `initialize`: the one that stands where the terminal can
    /// start again in it, else a new one.
    fn conversation(&mut self) -> Result<Conversation, Trouble> {
        if let Some(talk) = self.talk.take() {
            if self.off || self.capabilities.reset {
                return Ok(talk);
            }
            self.talk = Some(talk);
            self.leave();
        }
        let wire = self.carrier.open()?;
        let channel = match &mut self.port {
            None => Channel::Lockstep(wire),
            Some(port) => {
                let boot = port.next_boot();
                Channel::Live(LiveWire::over(wire, port.inbox(), boot))
            }
        };
        Ok(Conversation::new(channel, self.limit))
    }

    fn start(&mut self, setup: &Setup) -> Result<Identity, Trouble> {
        if setup.boot == Boot::Factory && !self.fresh {
            empty(self.storage.path()).map_err(Trouble::System)?;
        }
        self.fresh = false;
        let mut setup = setup.clone();
        setup.storage = self.storage.path().to_string_lossy().into();
        if let Some(port) = &mut self.port {
            port.power_cut();
            port.prepare(&mut setup).map_err(Trouble::System)?;
        }
        let mut talk = self.conversation()?;
        self.off = false;
        let identity = talk.initialize(&setup)?;
        if !self.trusted {
            talk.probe()?;
            self.trusted = true;
        }
        self.capabilities = identity.capabilities.clone();
        self.talk = Some(talk);
        if let Some(port) = &mut self.port {
            port.started(setup.now);
        }
        Ok(identity)
    }

    fn no_power(&mut self, during: &str) -> TerminalError {
        match &self.broken {
            Some(error) => error.clone(),
            None => self.fail(Trouble::NoPower, during),
        }
    }
}

impl Terminal for External {
    fn initialize(&mut self, setup: &Setup) -> Result<Identity, TerminalError> {
        self.broken = None;
        self.start(setup)
            .map_err(|trouble| self.fail(trouble, "initialize"))
    }

    fn event(&mut self, at: Time, event: &Event, reply: &mut Reply) -> Result<(), TerminalError> {
        if self.port.as_mut().is_some_and(|port| port.tell(event)) {
            return Ok(());
        }
        let Some(talk) = self.talk.as_mut().filter(|_| !self.off) else {
            return Err(self.no_power(event.name()));
        };
        match talk.event(at, event, reply) {
            Ok(Taken::Yes) => Ok(()),
            Ok(Taken::Unsupported) => Err(TerminalError::Unsupported {
                event: event.name().into(),
            }),
            Err(trouble) => Err(self.fail(trouble, event.name())),
        }
    }

    fn cut_power(&mut self) -> Result<(), TerminalError> {
        if let Some(port) = &mut self.port {
            port.power_cut();
        }
        match self.carrier.power() {
            Power::Ours => {
                self.talk = None;
                if let Some(port) = &mut self.port {
                    // What its lines still say is of a terminal that is no more.
                    port.next_boot();
                }
                let cut = self.carrier.cut();
                cut.map_err(|error| self.fail(Trouble::System(error), "power.cut"))
            }
            Power::OnRequest if !self.capabilities.power_control => {
                Err(self.fail(Trouble::NoPowerControl, "power.cut"))
            }
            Power::OnRequest => {
                let Some(talk) = &mut self.talk else {
                    return Err(self.no_power("power.cut"));
                };
                let now = talk.now();
                if let Err(trouble) = talk.event_unheard(now, &Event::PowerCut) {
                    return Err(self.fail(trouble, "power.cut"));
                }
                self.off = true;
                Ok(())
            }
        }
    }

    fn storage_writes(&mut self) -> Option<u32> {
        // A terminal that writes to a file just now is found changed the next time.
        let state = storage_files::fingerprint(self.storage.path()).ok()??;
        if self.state.replace(state) != Some(state) {
            self.changes = self.changes.wrapping_add(1);
        }
        Some(self.changes)
    }

    fn storage_files(&mut self) -> Result<Option<Vec<u64>>, TerminalError> {
        storage_files::lengths(self.storage.path())
            .map_err(|error| self.fail(Trouble::System(error), "damaged storage"))
    }

    fn damage_storage(&mut self, damage: StorageDamage) -> Result<Option<u32>, TerminalError> {
        if self.talk.is_some() && !self.off {
            return Err(self.no_power("damaged storage"));
        }
        storage_files::damage(self.storage.path(), damage)
            .map_err(|error| self.fail(Trouble::System(error), "damaged storage"))
    }

    fn cut_power_during(
        &mut self,
        at: Time,
        event: &Event,
        _writes: Option<u32>,
    ) -> Result<(), TerminalError> {
        let Some(talk) = self.talk.as_mut().filter(|_| !self.off) else {
            return Err(self.no_power(event.name()));
        };
        if let Err(trouble) = talk.event_unheard(at.as_millis(), event) {
            return Err(self.fail(trouble, event.name()));
        }
        self.cut_power()
    }

    fn live(&mut self) -> Option<&mut dyn Live> {
        if self.port.is_some() {
            Some(self)
        } else {
            None
        }
    }

    fn at_rest(&mut self) -> Result<(), TerminalError> {
        let Some(talk) = self.talk.as_mut().filter(|_| !self.off) else {
            return Ok(());
        };
        let trouble = match talk.at_rest() {
            Ok(()) => return Ok(()),
            Err(Trouble::Closed) => match self.carrier.why_closed() {
                Trouble::Exited(status) => Trouble::GoneAtRest(Some(status)),
                _ => Trouble::GoneAtRest(None),
            },
            Err(trouble) => trouble,
        };
        Err(self.fail(trouble, "shutdown"))
    }

    fn evidence(&mut self) -> String {
        let mut all = std::mem::take(&mut self.stderr);
        all.push_str(&self.carrier.stderr(Duration::ZERO));
        all
    }
}

impl Live for External {
    fn wait(&mut self, until: Time, actions: &mut Vec<Action>) -> Result<Waited, TerminalError> {
        let Some(port) = &mut self.port else {
            let late = Span::ZERO;
            return Ok(Waited { now: until, late });
        };
        let waited = port.wait(until).and_then(|(waited, came)| {
            actions.extend(match came {
                None => None,
                Some(Came::Action(action)) => Some(action),
                Some(Came::Line(line)) => Some(rpc::read_action(&line)?),
            });
            Ok(waited)
        });
        waited.map_err(|trouble| self.fail(trouble, "live"))
    }

    fn listen(&mut self, link: usize, listener: Listener, face: Option<Face>) {
        let port = self.port.as_mut();
        let done = port.map(|port| port.listen(link, listener, face));
        if let Some(Err(error)) = done {
            self.fail(Trouble::System(error), "live");
        }
    }

    fn scale(&self) -> u32 {
        self.port.as_ref().map_or(1, Port::scale)
    }

    fn tolerance(&self) -> Span {
        self.port.as_ref().map_or(Span::ZERO, Port::tolerance)
    }
}

impl Drop for External {
    fn drop(&mut self) {
        self.leave();
    }
}

fn storage() -> std::io::Result<TempDir> {
    tempfile::Builder::new().prefix("counterproof-").tempdir()
}

/// Removes what lies in `directory`.
fn empty(directory: &std::path::Path) -> std::io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
