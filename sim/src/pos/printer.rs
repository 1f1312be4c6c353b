//! The printer, receipts that wait for paper, and those that are printed again.

use super::defects::Defect;
use super::device::Device;
use super::journal::{Record, Slip};
use super::notes::Note;
use super::receipt::Receipt;
use super::texts::Text;
use crate::terminal::{Action, PrinterFault};
use crate::vocabulary::Reason;

/// The printer.
#[derive(Clone, Debug, Default)]
pub(super) struct Printer {
    /// Why it does not print.
    fault: Option<PrinterFault>,
}

impl Printer {
    /// Whether it does not print.
    pub(super) const fn is_faulty(&self) -> bool {
        self.fault.is_some()
    }
}

impl Device {
    /// The printer's driver reports its state.
    pub(super) fn printer_reports(&mut self, state: PrinterFault) {
        let fault = Some(state).filter(|state| *state != PrinterFault::Ok);
        if std::mem::replace(&mut self.printer.fault, fault) != fault {
            self.note(match state {
                PrinterFault::PaperOut => Note::PaperOut,
                PrinterFault::Jam => Note::PrinterJam,
                PrinterFault::Ok => Note::PrinterWell,
            });
        }
        if fault.is_none() {
            self.print_waiting();
        }
    }

    /// The cashier wants the last receipt again.
    pub(super) fn reprint(&mut self) {
        let Some(slip) = self.journal.books().last_receipt.clone() else {
            return self.show_problem(Text::NoReceipt, Reason::UnknownOrder);
        };
        // Somebody has seen to the printer; if not, its driver will say so.
        self.printer.fault = None;
        if self.journal.books().awaits_printer(&slip) {
            self.waits_no_more(&slip);
        }
        self.print(&slip, true);
        self.print_waiting();
    }

    /// Prints the receipts of something that was approved, or keeps them for a printer that works
    /// again.
    pub(super) fn print(&mut self, slip: &Slip, reprint: bool) {
        let Slip { deed, stored } = slip;
        if self.printer.is_faulty() {
            self.journal.write(&Record::Printing {
                order: &deed.order,
                operation: deed.operation,
                at: stored.at,
                waits: true,
            });
            return self.show_problem(Text::PrintedLater, Reason::Printer);
        }
        let receipt = Receipt {
            config: &self.config,
            order: &deed.order,
            stored,
            clock: self.session.clock(),
            reprint,
            defects: self.defects,
        };
        let mut copies = receipt.copies();
        if self.defects.has(Defect::KeyOnReceipt) {
            let key = self.session.key_in_clear(&self.config.master);
            for (_, lines) in &mut copies {
                lines.push(&key);
            }
        }
        self.out
            .extend(copies.map(|(copy, lines)| Action::Print { copy, lines }));
    }

    fn print_waiting(&mut self) {
        for slip in self.journal.books().unprinted.clone() {
            self.waits_no_more(&slip);
            self.print(&slip, false);
        }
    }

    fn waits_no_more(&mut self, slip: &Slip) {
        self.journal.write(&Record::Printing {
            order: &slip.deed.order,
            operation: slip.deed.operation,
            at: slip.stored.at,
            waits: false,
        });
    }
}
