//! Where terminals under test wait between scenarios. A scenario leases one and gives it back when
//! it is dropped; a terminal that can start again in the same process is not started anew for
//! each, and one that broke is not given to anybody else.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use counterproof_sim::iso8583::Dialect;
use counterproof_sim::pos::ReferenceTerminal;
use counterproof_sim::terminal::{
    Event, Identity, Reply, Setup, StorageDamage, Terminal, TerminalError,
};
use counterproof_sim::time::Time;
use counterproof_sim::vocabulary::Lang;

use super::Attachment;
use super::carrier::{Carrier, External};
use super::process::Process;
use super::tcp::Tcp;
use super::trouble::Trouble;

/// Terminals of one kind, those in use and those that wait.
#[derive(Clone)]
pub struct Dock {
    shared: Arc<Shared>,
}

struct Shared {
    attachment: Attachment,
    limit: Duration,
    lang: Lang,
    dialect: &'static Dialect,
    waiting: Mutex<Vec<External>>,
}

impl Dock {
    /// A dock for `attachment`. Every request to a terminal has `limit` of wall-clock time; what
    /// breaks is said in `lang`.
    /// The built-in terminal speaks `dialect`; others are told its name.
    pub fn new(
        attachment: Attachment,
        limit: Duration,
        lang: Lang,
        dialect: &'static Dialect,
    ) -> Self {
        let waiting = Mutex::default();
        Self {
            shared: Arc::new(Shared {
                attachment,
                limit,
                lang,
                dialect,
                waiting,
            }),
        }
    }

    /// What is attached here.
    pub fn attachment(&self) -> &Attachment {
        &self.shared.attachment
    }

    /// A terminal for one scenario, without power, with a storage of its own.
    ///
    /// # Errors
    /// [`TerminalError::Broken`] when this machine cannot hold another one.
    pub fn lease(&self) -> Result<Box<dyn Terminal>, TerminalError> {
        let carrier: Box<dyn Carrier> = match &self.shared.attachment {
            Attachment::Reference(defects) => {
                let terminal = ReferenceTerminal::with_defects(defects);
                return Ok(Box::new(terminal.in_dialect(self.shared.dialect)));
            }
            Attachment::Process(command) => Box::new(Process::new(command.clone())),
            Attachment::Tcp(address) => Box::new(Tcp::new(address.clone(), self.shared.limit)),
        };
        let system = |error| Trouble::System(error).broken("initialize", "", self.shared.lang);
        let waiting = self.shared.waiting().pop();
        let mut terminal = match waiting {
            Some(terminal) => terminal,
            None => External::new(carrier, self.shared.limit, self.shared.lang).map_err(system)?,
        };
        terminal.begin().map_err(system)?;
        Ok(Box::new(Lease {
            terminal: Some(terminal),
            dock: Arc::clone(&self.shared),
        }))
    }

    /// Asks every terminal that waits to end; how they did, where that is not as it should be.
    pub fn close(&self) -> Vec<String> {
        let waiting = std::mem::take(&mut *self.shared.waiting());
        let ends = waiting
            .into_iter()
            .filter_map(|mut terminal| terminal.leave());
        ends.collect()
    }
}

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, Vec<External>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A terminal in use.
struct Lease {
    /// There until it is dropped.
    terminal: Option<External>,
    dock: Arc<Shared>,
}

impl Lease {
    fn terminal(&mut self) -> &mut External {
        self.terminal
            .as_mut()
            .expect("a lease has its terminal until it is dropped")
    }
}

impl Terminal for Lease {
    fn initialize(&mut self, setup: &Setup) -> Result<Identity, TerminalError> {
        self.terminal().initialize(setup)
    }

    fn event(&mut self, at: Time, event: &Event, reply: &mut Reply) -> Result<(), TerminalError> {
        self.terminal().event(at, event, reply)
    }

    fn cut_power(&mut self) -> Result<(), TerminalError> {
        self.terminal().cut_power()
    }

    fn cut_power_during(
        &mut self,
        at: Time,
        event: &Event,
        writes: Option<u32>,
    ) -> Result<(), TerminalError> {
        self.terminal().cut_power_during(at, event, writes)
    }

    fn storage_writes(&mut self) -> Option<u32> {
        self.terminal().storage_writes()
    }

    fn storage_files(&mut self) -> Result<Option<Vec<u64>>, TerminalError> {
        self.terminal().storage_files()
    }

    fn damage_storage(&mut self, damage: StorageDamage) -> Result<Option<u32>, TerminalError> {
        self.terminal().damage_storage(damage)
    }

    fn at_rest(&mut self) -> Result<(), TerminalError> {
        self.terminal().at_rest()
    }

    fn evidence(&mut self) -> String {
        self.terminal().evidence()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let back = self.terminal.take();
        self.dock.waiting().extend(back);
    }
}
