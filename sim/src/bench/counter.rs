//! What stands and lies at the counter: the customer with the phone, the scanner, the printer.

use super::{Bench, Due};
use crate::fault::{Fault, FaultId, FaultKind};
use crate::record::Fact;
use crate::terminal::{Event, PrinterFault, ScannerFault, Symbology};
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
            Held::Text(text) => Some(text),
            Held::Phone => {
                let shown = self.phone.present(self.now);
                let wallet = self.phone.wallet();
                self.drain_phone();
                if let Some(code) = &shown.code {
                    self.host.issue(code);
                }
                let code = shown.code.map(|code| code.text);
                self.record.push(
                    self.now,
                    Fact::Presented {
                        wallet,
                        code: code.clone(),
                    },
                );
                match code {
                    Some(code) if shown.legible => Some(code),
                    // A dark or broken screen: the decoder sees something and reads nothing.
                    Some(_) => return self.nothing_decoded(),
                    // No code at all: the decoder has nothing to say.
                    None => return,
                }
            }
        };
        if let Some(id) = self.device.fault(FaultKind::ScannerDirty) {
            self.fired(id);
            return self.nothing_decoded();
        }
        let Some(text) = text else { return };
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

    fn nothing_decoded(&mut self) {
        let kind = ScannerFault::NoDecode;
        self.tell_at(self.now + NO_DECODE, Event::ScannerFault { kind });
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
