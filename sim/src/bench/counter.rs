//! What stands and lies at the counter: the customer with the phone, the scanner, the printer.

use super::{Bench, Due};
use crate::fault::{Fault, FaultId, FaultKind};
use crate::record::Fact;
use crate::terminal::{Action, Event, PrinterFault, ScannerFault, Symbology};
use crate::time::Span;

/// From the armed scanner seeing something to its decoder's word.
const DECODE: Span = Span::from_millis(300);
/// Between the two reads of a double trigger.
const DOUBLE: Span = Span::from_millis(120);
/// Until a decoder that recognises nothing says so.
const NO_DECODE: Span = Span::from_secs(2);
/// Until a scanner gives up by itself.
const GIVES_UP: Span = Span::from_secs(10);

/// Scanner and printer, and what is held before the scanner.
#[derive(Default)]
pub(super) struct Device {
    /// Whether the terminal has armed the scanner.
    pub armed: bool,
    /// What the customer holds before the scanner.
    held: Option<Held>,
    /// The merchant-presented code on the screen.
    shown: Option<Box<str>>,
    faults: Vec<(FaultId, FaultKind)>,
}

/// What is held before the scanner.
enum Held {
    /// The phone of the bench's customer, showing what it shows.
    Phone,
    /// Something with this text on it.
    Text(Box<str>),
}

impl Device {
    fn fault(&self, kind: FaultKind) -> Option<FaultId> {
        self.faults
            .iter()
            .find(|(_, k)| *k == kind)
            .map(|(id, _)| *id)
    }
}

impl Bench {
    /// The customer holds the phone before the scanner; it is read when the scanner is armed.
    pub fn hold_phone(&mut self) {
        self.device.held = Some(Held::Phone);
        self.look();
    }

    /// Somebody holds something with this text before the scanner.
    pub fn hold_text(&mut self, text: &str) {
        self.device.held = Some(Held::Text(text.into()));
        self.look();
    }

    /// Nothing is held before the scanner any more.
    pub fn take_away(&mut self) {
        self.device.held = None;
    }

    /// Whether the terminal waits for a code.
    pub fn scanner_is_armed(&self) -> bool {
        self.device.armed
    }

    pub(super) fn scanner_armed(&mut self) {
        self.device.armed = true;
        if let Some(id) = self.device.fault(FaultKind::ScannerDead) {
            self.fired(id);
            self.tell_at(
                self.now + Span::from_millis(200),
                Event::ScannerFault {
                    kind: ScannerFault::Dead,
                },
            );
        }
        if let Some(id) = self.device.fault(FaultKind::ScannerGivesUp) {
            self.fired(id);
            self.tell_at(
                self.now + GIVES_UP,
                Event::ScannerFault {
                    kind: ScannerFault::Timeout,
                },
            );
        }
        self.look();
    }

    fn look(&mut self) {
        if self.device.armed && self.device.held.is_some() {
            self.queue.push(self.now + DECODE, Due::Scan);
        }
    }

    /// The scanner's decoder looks at what is held before it.
    pub(super) fn scan(&mut self) {
        if !self.device.armed
            || self.device.fault(FaultKind::ScannerDead).is_some()
            || self.device.fault(FaultKind::ScannerGivesUp).is_some()
        {
            return;
        }
        let Some(held) = self.device.held.take() else {
            return;
        };
        let text = match held {
            Held::Text(text) => text,
            Held::Phone => match self.present() {
                (Some(code), true) => code,
                // A dark or broken screen: the decoder sees something and reads nothing.
                (Some(_), false) => return self.nothing_decoded(),
                // No code at all: the decoder has nothing to say.
                (None, _) => return,
            },
        };
        if let Some(id) = self.device.fault(FaultKind::ScannerDirty) {
            self.fired(id);
            return self.nothing_decoded();
        }
        let read = Event::ScannerRead {
            text,
            symbology: Symbology::Qr,
        };
        if let Some(id) = self.device.fault(FaultKind::ScannerTwice) {
            self.fired(id);
            self.tell_at(self.now + DOUBLE, read.clone());
        }
        self.tell_at(self.now, read);
    }

    /// The customer shows the phone to a person, who can read more than a scanner; `None` when it
    /// shows no code.
    pub fn read_phone(&mut self) -> Option<Box<str>> {
        self.present().0
    }

    /// What is on the phone's screen, and whether a scanner can read it. The wallet host knows
    /// every code that its app shows.
    fn present(&mut self) -> (Option<Box<str>>, bool) {
        let shown = self.phone.present(self.now);
        let wallet = self.phone.wallet();
        self.drain_phone();
        if let Some(code) = &shown.code {
            self.host.issue(code);
        }
        let code: Option<Box<str>> = shown.code.map(|code| (&*code.text).into());
        self.record.push(
            self.now,
            Fact::Presented {
                wallet,
                code: code.clone(),
            },
        );
        (code, shown.legible)
    }

    fn nothing_decoded(&mut self) {
        let kind = ScannerFault::NoDecode;
        self.tell_at(self.now + NO_DECODE, Event::ScannerFault { kind });
    }

    /// What the terminal does with its screen in one answer: a code that it shows stands until the
    /// next display in another one (edges 32).
    pub(super) fn screen_changes(&mut self, actions: &[Action]) {
        let shows = actions.iter().rev().find_map(|action| match action {
            Action::ShowCode { payload } => Some(payload.clone()),
            _ => None,
        });
        let displays = || actions.iter().any(|a| matches!(a, Action::Display { .. }));
        if shows.is_some() || displays() {
            self.device.shown = shows;
        }
    }

    /// The screen is dark.
    pub(super) fn screen_goes_dark(&mut self) {
        self.device.shown = None;
    }

    /// The merchant-presented code on the terminal's screen.
    pub fn shown_code(&self) -> Option<&str> {
        self.device.shown.as_deref()
    }

    /// The customer scans the code on the terminal's screen and pays for it, where phone and wallet
    /// do. Nothing where the screen shows none.
    pub fn scan_shown(&mut self) {
        let Some(payload) = self.device.shown.clone() else {
            return;
        };
        let wallet = self.phone.wallet();
        let payer = self.phone.scan(&payload);
        self.drain_phone();
        let paid = payer.and_then(|payer| {
            let paid = self.host.pay_order(self.now, &payload, wallet, payer);
            paid.ok()
        });
        self.record.push(self.now, Fact::Scanned { wallet, paid });
        self.drain_host();
    }

    pub(super) fn arm_device(&mut self, id: FaultId, fault: &Fault) {
        self.device.faults.push((id, fault.kind));
        match fault.kind {
            FaultKind::ScannerDead if self.device.armed => self.scanner_armed(),
            FaultKind::PaperOut => {
                self.fired(id);
                self.tell_at(
                    self.now,
                    Event::PrinterFault {
                        kind: PrinterFault::PaperOut,
                    },
                );
            }
            _ => {}
        }
    }

    /// The terminal has started: a driver whose device has a fault says so again.
    pub(super) fn tell_devices(&mut self) {
        if self.device.fault(FaultKind::PaperOut).is_some() {
            let kind = PrinterFault::PaperOut;
            self.tell_at(self.now, Event::PrinterFault { kind });
        }
    }

    pub(super) fn lift_device(&mut self, id: FaultId) {
        let Some(at) = self
            .device
            .faults
            .iter()
            .position(|(fault, _)| *fault == id)
        else {
            return;
        };
        match self.device.faults.remove(at).1 {
            FaultKind::ScannerDead => {
                self.tell_at(
                    self.now,
                    Event::ScannerFault {
                        kind: ScannerFault::Ok,
                    },
                );
            }
            FaultKind::PaperOut => {
                self.tell_at(
                    self.now,
                    Event::PrinterFault {
                        kind: PrinterFault::Ok,
                    },
                );
            }
            _ => {}
        }
        self.look();
    }
}
