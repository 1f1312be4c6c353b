//! The printer, and receipts that wait for paper.

use std::sync::Arc;

use super::device::Device;
use super::receipt::Receipt;
use crate::terminal::{Action, PrinterFault};

/// The printer.
#[derive(Clone, Debug, Default)]
pub(super) struct Printer {
    faulty: bool,
    /// Orders whose receipts wait for it.
    waiting: Vec<Arc<str>>,
}

impl Device {
    /// The printer's driver reports its state.
    pub(super) fn printer_reports(&mut self, state: PrinterFault) {
        self.printer.faulty = state != PrinterFault::Ok;
        if !self.printer.faulty {
            for order in std::mem::take(&mut self.printer.waiting) {
                self.print(&order, false);
            }
        }
    }

    /// Prints the receipts of an approved order, or keeps it for a printer that works again.
    pub(super) fn print(&mut self, order: &Arc<str>, reprint: bool) {
        if self.printer.faulty {
            self.printer.waiting.push(Arc::clone(order));
            return;
        }
        let Some(stored) = self.journal.books().orders.get(order) else {
            return;
        };
        let receipt = Receipt {
            config: &self.config,
            order,
            stored,
            clock: self.session.clock(),
            reprint,
            defects: self.defects,
        };
        let copies = receipt.copies();
        self.out
            .extend(copies.map(|(copy, lines)| Action::Print { copy, lines }));
    }
}
