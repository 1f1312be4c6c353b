//! What happens to a terminal (terminal protocol §4).

use serde::{Deserialize, Serialize};

use super::Bytes;

/// The cashier's name of an order.
pub type OrderId = Box<str>;
/// The name of a link as `initialize` gave it.
pub type LinkName = Box<str>;

/// An event: suite → terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Event {
    /// The instant asked for has come.
    #[serde(rename = "wake")]
    Wake,
    /// Take a payment.
    #[serde(rename = "cashier.pay")]
    Pay {
        /// The order.
        order: OrderId,
        /// In fen; scenarios also probe amounts that no payment can have.
        amount: i64,
        /// Scan the customer's code, or show one.
        flow: Flow,
    },
    /// The cancel key.
    #[serde(rename = "cashier.cancel")]
    Cancel,
    /// The code typed at the keypad.
    #[serde(rename = "cashier.manualCode")]
    ManualCode {
        /// As typed.
        text: Box<str>,
    },
    /// Refund an approved order or part of it.
    #[serde(rename = "cashier.refund")]
    Refund {
        /// The order.
        order: OrderId,
        /// In fen.
        amount: i64,
    },
    /// Void an approved order of the current batch.
    #[serde(rename = "cashier.void")]
    Void {
        /// The order.
        order: OrderId,
    },
    /// Close the batch.
    #[serde(rename = "cashier.settle")]
    Settle,
    /// Sign in to the host.
    #[serde(rename = "cashier.signIn")]
    SignIn,
    /// Look up an order at the host.
    #[serde(rename = "cashier.status")]
    Status {
        /// The order.
        order: OrderId,
    },
    /// Print the last receipt again.
    #[serde(rename = "cashier.reprint")]
    Reprint,
    /// Check the parts of the device.
    #[serde(rename = "cashier.selfTest")]
    SelfTest,
    /// Hand over the device's record.
    #[serde(rename = "cashier.deviceLog")]
    DeviceLog,
    /// The scanner's decoder delivered a text.
    #[serde(rename = "scanner.read")]
    ScannerRead {
        /// Control characters and all.
        text: Box<str>,
        /// Kind of code.
        symbology: Symbology,
    },
    /// One camera frame.
    #[serde(rename = "scanner.image")]
    ScannerImage {
        /// Base64 of a PNG.
        png: Box<str>,
    },
    /// The scanner's driver reports its state.
    #[serde(rename = "scanner.fault")]
    ScannerFault {
        /// The state.
        kind: ScannerFault,
    },
    /// The modem lost its network.
    #[serde(rename = "link.down")]
    LinkDown {
        /// Which.
        link: LinkName,
    },
    /// The modem has its network again.
    #[serde(rename = "link.up")]
    LinkUp {
        /// Which.
        link: LinkName,
    },
    /// The connection asked for stands.
    #[serde(rename = "host.opened")]
    HostOpened {
        /// The terminal's number.
        conn: u64,
    },
    /// The connection asked for could not be made.
    #[serde(rename = "host.refused")]
    HostRefused {
        /// The terminal's number.
        conn: u64,
        /// Why.
        reason: Refusal,
    },
    /// Bytes arrived, cut anywhere.
    #[serde(rename = "host.data")]
    HostData {
        /// The terminal's number.
        conn: u64,
        /// The bytes.
        data: Bytes,
    },
    /// The connection ended.
    #[serde(rename = "host.closed")]
    HostClosed {
        /// The terminal's number.
        conn: u64,
        /// How.
        reason: StreamEnd,
    },
    /// The printer's state.
    #[serde(rename = "printer.fault")]
    PrinterFault {
        /// The state.
        kind: PrinterFault,
    },
    /// An attached terminal that claims `powerControl` must behave as if it had lost power.
    #[serde(rename = "power.cut")]
    PowerCut,
}

/// Who shows the code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Flow {
    /// The customer shows, the terminal scans.
    #[default]
    Scan,
    /// The terminal shows, the customer scans.
    Show,
    /// Capability only: refunds.
    Refund,
    /// Capability only: voids.
    Void,
    /// Capability only: settlement.
    Settle,
}

/// Kind of the code that was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Symbology {
    /// QR code.
    #[default]
    Qr,
    /// Code 128.
    Code128,
}

/// State of the scanner as its driver reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScannerFault {
    /// It does not answer.
    Dead,
    /// It sees something and decodes nothing.
    NoDecode,
    /// It gave up.
    Timeout,
    /// It works again.
    Ok,
}

/// Why a connection could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Refusal {
    /// Nobody listens.
    Refused,
    /// No answer within `connectTimeoutMs`.
    Timeout,
    /// The link is down.
    Unreachable,
    /// The host could not be trusted.
    Tls,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StreamEnd {
    /// Closed in order.
    Eof,
    /// Torn.
    Reset,
}

/// State of the printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrinterFault {
    /// No paper.
    PaperOut,
    /// Jammed.
    Jam,
    /// It works again.
    Ok,
}

impl Event {
    /// The `type` of the protocol.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Wake => "wake",
            Self::Pay { .. } => "cashier.pay",
            Self::Cancel => "cashier.cancel",
            Self::ManualCode { .. } => "cashier.manualCode",
            Self::Refund { .. } => "cashier.refund",
            Self::Void { .. } => "cashier.void",
            Self::Settle => "cashier.settle",
            Self::SignIn => "cashier.signIn",
            Self::Status { .. } => "cashier.status",
            Self::Reprint => "cashier.reprint",
            Self::SelfTest => "cashier.selfTest",
            Self::DeviceLog => "cashier.deviceLog",
            Self::ScannerRead { .. } => "scanner.read",
            Self::ScannerImage { .. } => "scanner.image",
            Self::ScannerFault { .. } => "scanner.fault",
            Self::LinkDown { .. } => "link.down",
            Self::LinkUp { .. } => "link.up",
            Self::HostOpened { .. } => "host.opened",
            Self::HostRefused { .. } => "host.refused",
            Self::HostData { .. } => "host.data",
            Self::HostClosed { .. } => "host.closed",
            Self::PrinterFault { .. } => "printer.fault",
            Self::PowerCut => "power.cut",
        }
    }
}
