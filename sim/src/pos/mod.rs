//! The reference terminal: what a good scan-to-pay terminal does, and – with named [`Defect`]s –
//! what bad ones do. It knows the dialect and the terminal protocol, and nothing of the simulated
//! acquirer and customer that judge it.
//!
//! | room | what is in it |
//! | --- | --- |
//! | `device` | the terminal with power on, and how an event goes through it |
//! | `pay`, `show`, `give_back` | the counter: payments, the code shown, refunds and voids |
//! | `settle`, `desk`, `boot` | the end of a batch, sign-in and look-up, what follows a power cut |
//! | `self_test`, `notes` | what the device knows of itself |
//! | `engine` | everything that is said to the host |
//! | `journal`, `session`, `storage` | what survives a power cut |
//! | `code`, `scanner`, `conn`, `printer` | the parts |
//! | `outcome`, `advice`, `texts`, `display`, `receipt` | what codes mean and what people read |
//! | [`defects`] | what a sloppy vendor does |
//!
//! Not here: a camera of its own, and live mode.

mod advice;
mod boot;
mod clock;
mod code;
mod config;
mod conn;
pub mod defects;
mod desk;
mod device;
mod display;
mod engine;
mod give_back;
mod journal;
mod notes;
mod outcome;
mod pay;
mod printer;
mod receipt;
mod scanner;
mod self_test;
mod session;
mod settle;
mod show;
mod storage;
mod texts;

#[cfg(test)]
mod tests;

pub use defects::{Defect, Defects};

use self::config::Config;
use self::device::Device;
use self::storage::Storage;
use crate::iso8583::Dialect;
use crate::terminal::{
    Capabilities, Event, Flow, Identity, Mode, Reply, ScannerKind, Setup, StorageDamage, Terminal,
    TerminalError,
};
use crate::time::Time;

/// The built-in terminal.
#[derive(Debug)]
pub struct ReferenceTerminal {
    defects: Defects,
    dialect: &'static Dialect,
    power: Power,
}

#[derive(Debug)]
enum Power {
    Off(Storage),
    On(Box<Device>),
}

impl ReferenceTerminal {
    /// A terminal without defects, in the default dialect.
    pub fn new() -> Self {
        Self::with_defects(&[])
    }

    /// A terminal with these defects.
    pub fn with_defects(defects: &[Defect]) -> Self {
        Self {
            defects: Defects::of(defects),
            dialect: Dialect::cup(),
            power: Power::Off(Storage::default()),
        }
    }

    /// The same terminal in another dialect. It starts only for a host of that name.
    #[must_use]
    pub fn in_dialect(mut self, dialect: &'static Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// What the terminal can do.
    pub fn capabilities() -> Capabilities {
        Capabilities {
            reset: true,
            modes: vec![Mode::Lockstep],
            flows: vec![
                Flow::Scan,
                Flow::Show,
                Flow::Refund,
                Flow::Void,
                Flow::Settle,
            ],
            scanner: vec![ScannerKind::Text],
            manual_code: true,
            printer: true,
            links: 2,
            self_test: true,
            device_log: true,
            power_control: false,
        }
    }

    /// Which build of the terminal this is: its defects by their ids.
    fn build(&self) -> String {
        self.defects
            .members()
            .fold("built-in".to_owned(), |build, defect| {
                format!("{build}, {defect}")
            })
    }

    fn device(&mut self) -> Result<&mut Device, TerminalError> {
        match &mut self.power {
            Power::On(device) => Ok(device),
            Power::Off(_) => Err(TerminalError::Broken {
                what: "the reference terminal has no power".to_owned(),
                remedy: "initialize it first".to_owned(),
            }),
        }
    }

    /// Takes the storage out of the device, which is gone with that.
    fn power_off(&mut self) -> &mut Storage {
        let storage = match std::mem::replace(&mut self.power, Power::Off(Storage::default())) {
            Power::Off(storage) => storage,
            Power::On(device) => device.into_storage(),
        };
        self.power = Power::Off(storage);
        match &mut self.power {
            Power::Off(storage) => storage,
            Power::On(_) => unreachable!("it was switched off"),
        }
    }
}

impl Default for ReferenceTerminal {
    fn default() -> Self {
        Self::new()
    }
}

impl Terminal for ReferenceTerminal {
    fn initialize(&mut self, setup: &Setup) -> Result<Identity, TerminalError> {
        let config = Config::take(setup, self.dialect)?;
        let storage = std::mem::take(self.power_off());
        let device = Device::boot(
            storage,
            setup.boot,
            config,
            self.dialect,
            self.defects,
            Time::from_millis(setup.now),
        );
        let wake_at = device.first_wake().map(Time::as_millis);
        self.power = Power::On(Box::new(device));
        Ok(Identity {
            protocol: 1,
            name: "counterproof reference terminal".into(),
            vendor: "counterproof".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            build: self.build().into(),
            capabilities: Self::capabilities(),
            wake_at,
        })
    }

    fn event(&mut self, at: Time, event: &Event, reply: &mut Reply) -> Result<(), TerminalError> {
        let device = self.device()?;
        if !is_supported(event) {
            return Err(TerminalError::Unsupported {
                event: event.name().to_owned(),
            });
        }
        std::mem::swap(&mut device.out, &mut reply.actions);
        reply.wake_at = device.event(at, event);
        std::mem::swap(&mut device.out, &mut reply.actions);
        Ok(())
    }

    fn cut_power(&mut self) -> Result<(), TerminalError> {
        self.power_off();
        Ok(())
    }

    fn cut_power_during(
        &mut self,
        at: Time,
        event: &Event,
        writes: Option<u32>,
    ) -> Result<(), TerminalError> {
        let device = self.device()?;
        if is_supported(event) {
            device.journal.storage().limit(writes);
            device.event(at, event);
        }
        self.power_off().limit(None);
        Ok(())
    }

    fn storage_writes(&mut self) -> Option<u32> {
        Some(match &self.power {
            Power::Off(storage) => storage.writes(),
            Power::On(device) => device.journal.writes(),
        })
    }

    fn storage_files(&mut self) -> Result<Option<Vec<u64>>, TerminalError> {
        Ok(Some(match &mut self.power {
            Power::Off(storage) => storage.files(),
            Power::On(device) => device.journal.storage().files(),
        }))
    }

    fn damage_storage(&mut self, damage: StorageDamage) -> Result<Option<u32>, TerminalError> {
        match &mut self.power {
            Power::Off(storage) => Ok(Some(storage.damage(damage))),
            Power::On(_) => Err(TerminalError::Broken {
                what: "the storage of a terminal that has power is in use".to_owned(),
                remedy: "cut its power first".to_owned(),
            }),
        }
    }
}

/// Whether the event is one that the terminal knows and one of its capabilities.
const fn is_supported(event: &Event) -> bool {
    match event {
        Event::Wake
        | Event::Pay {
            flow: Flow::Scan | Flow::Show,
            ..
        }
        | Event::Cancel
        | Event::ManualCode { .. }
        | Event::SignIn
        | Event::Status { .. }
        | Event::Refund { .. }
        | Event::Void { .. }
        | Event::Settle
        | Event::Reprint
        | Event::SelfTest
        | Event::DeviceLog
        | Event::ScannerRead { .. }
        | Event::ScannerFault { .. }
        | Event::LinkDown { .. }
        | Event::LinkUp { .. }
        | Event::HostOpened { .. }
        | Event::HostRefused { .. }
        | Event::HostData { .. }
        | Event::HostClosed { .. }
        | Event::PrinterFault { .. } => true,
        Event::Pay { .. } | Event::ScannerImage { .. } | Event::PowerCut => false,
    }
}
