//! What a terminal does (terminal protocol §5).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::event::{LinkName, OrderId};
use super::{Bytes, Lines};
use crate::vocabulary::{Advice, Reason, Word};

/// An action: terminal → suite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Action {
    /// Connect to the host.
    #[serde(rename = "host.open")]
    HostOpen {
        /// The terminal's number, unique within one boot.
        conn: u64,
        /// Over which link.
        link: LinkName,
    },
    /// Write bytes.
    #[serde(rename = "host.send")]
    HostSend {
        /// The terminal's number.
        conn: u64,
        /// The bytes.
        data: Bytes,
    },
    /// Close.
    #[serde(rename = "host.close")]
    HostClose {
        /// The terminal's number.
        conn: u64,
    },
    /// The scanner is armed.
    #[serde(rename = "scanner.on")]
    ScannerOn,
    /// The scanner is disarmed.
    #[serde(rename = "scanner.off")]
    ScannerOff,
    /// The merchant-presented code on the screen.
    #[serde(rename = "showCode")]
    ShowCode {
        /// `EMVCo` payload.
        payload: Box<str>,
    },
    /// What the cashier now reads.
    #[serde(rename = "display")]
    Display {
        /// Top to bottom.
        lines: Lines,
        /// Where the screen reports a problem.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Word<Reason>>,
        /// Best first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        advice: Vec<Word<Advice>>,
    },
    /// The terminal's word on an operation. Boxed, as it is by far the largest: actions and what a record
    /// holds of them are moved about.
    #[serde(rename = "outcome")]
    Outcome(Box<Outcome>),
    /// A batch was closed.
    #[serde(rename = "settled")]
    Settled {
        /// Six digits.
        batch: Box<str>,
        /// Sales.
        debits: Totals,
        /// Voids and refunds.
        credits: Totals,
        /// Whether the host's totals were the same.
        matched: bool,
    },
    /// A receipt.
    #[serde(rename = "print")]
    Print {
        /// For whom.
        copy: PrintCopy,
        /// Top to bottom.
        lines: Lines,
    },
    /// The self-test's result.
    #[serde(rename = "selfTest")]
    SelfTest {
        /// Part by part.
        parts: SelfTestParts,
    },
    /// The device's own record.
    #[serde(rename = "deviceLog")]
    DeviceLog {
        /// Oldest first.
        entries: Vec<DeviceLogEntry>,
    },
    /// Anything for the evidence.
    #[serde(rename = "log")]
    Log {
        /// How grave.
        level: LogLevel,
        /// The text.
        text: Box<str>,
    },
}

/// The word on which the cashier hands over the goods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The order.
    pub order: OrderId,
    /// Of which operation.
    pub operation: PaidOperation,
    /// The word.
    pub status: Status,
    /// Why it did not succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Word<Reason>>,
    /// What to do now, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<Word<Advice>>,
    /// What moved, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// DE37 of the message that decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rrn: Option<Box<str>>,
    /// DE39 of the message that decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_code: Option<Box<str>>,
}

/// What an outcome is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PaidOperation {
    /// A payment.
    Pay,
    /// A refund.
    Refund,
    /// A void.
    Void,
}

/// The terminal's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The money moved.
    Approved,
    /// Refused by the host, or by the terminal before anything was sent.
    Declined,
    /// Ended by the cashier or by a completed reversal; no effect on the money.
    Cancelled,
    /// Not final: the terminal still works on it.
    Unknown,
}

impl Status {
    /// Whether nothing may follow but the same word.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Unknown)
    }
}

/// Count and sum of one side of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// How many.
    pub count: u32,
    /// In fen.
    pub amount: u64,
}

/// For whom a receipt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PrintCopy {
    /// The shop.
    Merchant,
    /// The customer.
    Customer,
}

/// Result of the self-test, part by part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfTestParts {
    /// The scanner.
    pub scanner: PartState,
    /// The display.
    pub display: PartState,
    /// The keypad.
    pub keypad: PartState,
    /// The printer; left out where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printer: Option<PartState>,
    /// The storage.
    pub storage: PartState,
    /// The host; left out where no link could be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<PartState>,
    /// Each link by name.
    #[serde(default)]
    pub links: BTreeMap<LinkName, PartState>,
}

/// Works or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PartState {
    /// Works.
    Ok,
    /// Does not.
    Fault,
}

/// A line of the device's own record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceLogEntry {
    /// Milliseconds since the Unix epoch.
    pub at: u64,
    /// The vendor's word for the kind of entry.
    pub kind: Box<str>,
    /// The text.
    pub text: Box<str>,
}

/// How grave a log line is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LogLevel(pub Box<str>);

impl Action {
    /// The `type` of the protocol.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::HostOpen { .. } => "host.open",
            Self::HostSend { .. } => "host.send",
            Self::HostClose { .. } => "host.close",
            Self::ScannerOn => "scanner.on",
            Self::ScannerOff => "scanner.off",
            Self::ShowCode { .. } => "showCode",
            Self::Display { .. } => "display",
            Self::Outcome(_) => "outcome",
            Self::Settled { .. } => "settled",
            Self::Print { .. } => "print",
            Self::SelfTest { .. } => "selfTest",
            Self::DeviceLog { .. } => "deviceLog",
            Self::Log { .. } => "log",
        }
    }
}
