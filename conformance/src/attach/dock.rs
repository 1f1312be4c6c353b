//! Where terminals under test wait between scenarios. A scenario leases one and gives it back when
//! it is dropped; a terminal that can start again in the same process is not started anew for
//! each, and one that broke is not given to anybody else.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use counterproof_sim::iso8583::Dialect;
use counterproof_sim::pos::ReferenceTerminal;
use counterproof_sim::terminal::{
    Event, Identity, Live, Reply, Setup, StorageDamage, Terminal, TerminalError,
};
use counterproof_sim::time::Time;
use counterproof_sim::vocabulary::Lang;

use super::Attachment;
use super::carrier::{Carrier, External};
use super::live::LiveMode;
use super::operator::{Desk, Operator};
use super::process::Process;
use super::switch::PowerSwitch;
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
    live: Option<LiveMode>,
    switch: Option<PowerSwitch>,
    desk: Option<Desk>,
    waiting: Mutex<Vec<External>>,
}

impl Dock {
    /// A dock for `attachment`. Every request to a terminal has `limit` of wall-clock time; what
    /// breaks is said in `lang`.
    /// The built-in terminal speaks `dialect`; others are told its name. With `live` they keep their
    /// own time.
    pub fn new(
        attachment: Attachment,
        limit: Duration,
        lang: Lang,
        dialect: &'static Dialect,
        live: Option<LiveMode>,
    ) -> Self {
        let waiting = Mutex::default();
        Self {
            shared: Arc::new(Shared {
                attachment,
                limit,
                lang,
                dialect,
                live,
                switch: None,
                desk: None,
                waiting,
            }),
        }
    }

    /// What is attached here.
    pub fn attachment(&self) -> &Attachment {
        &self.shared.attachment
    }

    /// The same, with a switch that cuts the power of what listens on TCP, and a desk at which a
    /// person is asked.
    #[must_use]
    pub fn with(self, switch: Option<PowerSwitch>, desk: Option<Desk>) -> Self {
        let shared = Shared {
            switch,
            desk,
            live: self.shared.live.clone(),
            attachment: self.shared.attachment.clone(),
            waiting: Mutex::default(),
            ..*self.shared
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Whether the power is cut without the terminal's help.
    pub fn cuts_power(&self) -> bool {
        !matches!(self.shared.attachment, Attachment::Tcp(_)) || self.shared.switch.is_some()
    }

    /// What is known of the terminal before it has started: of a person's, everything.
    pub fn known(&self) -> Option<Identity> {
        match self.shared.attachment {
            Attachment::Operator => Some(Operator::identity()),
            Attachment::Reference(_) | Attachment::Process(_) | Attachment::Tcp(_) => None,
        }
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
            Attachment::Operator => return self.operator(),
            Attachment::Process(command) => Box::new(Process::new(command.clone())),
            Attachment::Tcp(address) => {
                let Shared { limit, switch, .. } = &*self.shared;
                Box::new(Tcp::new(address.clone(), *limit, switch.clone()))
            }
        };
        let system = |error| Trouble::System(error).broken("initialize", "", self.shared.lang);
        let waiting = self.shared.waiting().pop();
        let mut terminal = if let Some(terminal) = waiting {
            terminal
        } else {
            let Shared {
                limit, lang, live, ..
            } = &*self.shared;
            External::new(carrier, *limit, *lang, live.as_ref()).map_err(system)?
        };
        terminal.begin().map_err(system)?;
        Ok(Box::new(Lease {
            terminal: Some(terminal),
            dock: Arc::clone(&self.shared),
        }))
    }

    /// A device in a person's hands.
    fn operator(&self) -> Result<Box<dyn Terminal>, TerminalError> {
        let Shared {
            live, desk, lang, ..
        } = &*self.shared;
        let system = |error| Trouble::System(error).broken("initialize", "", *lang);
        let missing = || system(std::io::Error::other("no desk"));
        let (live, desk) = live.as_ref().zip(desk.clone()).ok_or_else(missing)?;
        Ok(Box::new(Operator::new(desk, live).map_err(system)?))
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

    fn live(&mut self) -> Option<&mut dyn Live> {
        self.terminal().live()
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
