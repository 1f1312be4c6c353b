//! A terminal of the test's own: the reference terminal, with something changed between it
//! and the counter.

use std::sync::Arc;

use counterproof_scenarios::run::TerminalFactory;
use counterproof_sim::pos::ReferenceTerminal;
use counterproof_sim::terminal::{Action, Event, Identity, Reply, Setup, Terminal, TerminalError};
use counterproof_sim::time::Time;

/// What is changed; nothing, unless it is said.
pub trait Change: Send {
    /// What the terminal is told at its start.
    fn told(&mut self, _setup: &mut Setup) {}

    /// Before it is given an event.
    ///
    /// # Errors
    /// What it answers instead.
    fn before(&mut self, _event: &Event) -> Result<(), TerminalError> {
        Ok(())
    }

    /// What it does.
    fn did(&mut self, _action: &mut Action) {}

    /// Before its power fails.
    ///
    /// # Errors
    /// When it breaks there.
    fn before_a_cut(&mut self) -> Result<(), TerminalError> {
        Ok(())
    }
}

/// Nothing is changed.
impl Change for () {}

/// The reference terminal and what is changed about it.
struct Changed<C> {
    terminal: ReferenceTerminal,
    change: C,
}

impl<C: Change> Terminal for Changed<C> {
    fn initialize(&mut self, setup: &Setup) -> Result<Identity, TerminalError> {
        let mut setup = setup.clone();
        self.change.told(&mut setup);
        self.terminal.initialize(&setup)
    }

    fn event(&mut self, at: Time, event: &Event, reply: &mut Reply) -> Result<(), TerminalError> {
        self.change.before(event)?;
        self.terminal.event(at, event, reply)?;
        for action in &mut reply.actions {
            self.change.did(action);
        }
        Ok(())
    }

    fn storage_writes(&mut self) -> Option<u32> {
        self.terminal.storage_writes()
    }

    fn cut_power(&mut self) -> Result<(), TerminalError> {
        self.change.before_a_cut()?;
        self.terminal.cut_power()
    }

    fn cut_power_during(
        &mut self,
        at: Time,
        event: &Event,
        writes: Option<u32>,
    ) -> Result<(), TerminalError> {
        self.change.before_a_cut()?;
        self.terminal.cut_power_during(at, event, writes)
    }
}

/// Terminals that `make` makes, all with this change.
pub fn changed<C: Change + Clone + Sync + 'static>(
    make: impl Fn() -> ReferenceTerminal + Send + Sync + 'static,
    change: C,
) -> TerminalFactory {
    Arc::new(move || {
        let (terminal, change) = (make(), change.clone());
        Ok(Box::new(Changed { terminal, change }))
    })
}
