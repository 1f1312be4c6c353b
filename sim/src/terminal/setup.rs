//! How a terminal is started and what it says of itself (terminal protocol §3).

use serde::{Deserialize, Serialize};

use super::Bytes;
use super::event::Flow;

/// The parameters of `initialize`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// Version of the terminal protocol: 1.
    pub protocol: u32,
    /// Pace.
    pub mode: Mode,
    /// Milliseconds since the Unix epoch.
    pub now: u64,
    /// Empty storage or a restart.
    pub boot: Boot,
    /// Who the terminal is to the acquirer.
    pub terminal: TerminalAccount,
    /// Where the acquirer is.
    pub host: HostAddress,
    /// A directory of the terminal's own.
    pub storage: Box<str>,
    /// BCP 47 tag of the language of the display.
    pub locale: Box<str>,
    /// How long things take.
    pub timing: Timing,
}

/// Pace of the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Virtual time, no I/O of the terminal's own.
    Lockstep,
    /// Wall time, the terminal's own connections.
    Live,
}

impl Mode {
    /// As the protocol has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lockstep => "lockstep",
            Self::Live => "live",
        }
    }
}

/// What the terminal finds in its storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Boot {
    /// Nothing.
    Factory,
    /// What it had made durable.
    Cold,
}

/// Who the terminal is to the acquirer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TerminalAccount {
    /// DE41, eight characters.
    pub id: Box<str>,
    /// DE42, fifteen characters.
    pub merchant: Box<str>,
    /// Five bytes.
    pub tpdu: Bytes,
    /// Sixteen bytes: the master key in clear.
    pub master_key: Bytes,
    /// STAN of the first message after a factory boot.
    pub first_stan: u32,
    /// Batch of the first sign-in after a factory boot.
    pub first_batch: u32,
    /// Approved and unreversed entries that a batch holds.
    pub batch_limit: u32,
}

/// Where the acquirer is and how it speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostAddress {
    /// Name of the dialect.
    pub dialect: Box<str>,
    /// In order of preference.
    pub links: Vec<HostLink>,
}

/// One link of the terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostLink {
    /// Its name.
    pub name: Box<str>,
    /// `host:port`; without meaning in lockstep.
    pub address: Box<str>,
    /// Whether the connection is secured.
    pub tls: Tls,
}

/// Security of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Tls {
    /// `false`: none.
    Off(bool),
    /// TLS with this authority and name.
    On {
        /// PEM.
        ca: Box<str>,
        /// Name in the host's certificate.
        #[serde(rename = "serverName")]
        server_name: Box<str>,
    },
}

/// How long things take; all members are above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Timing {
    /// To connect.
    pub connect_timeout_ms: u64,
    /// For an answer.
    pub response_timeout_ms: u64,
    /// Between two sendings of a reversal in a round.
    pub reversal_retry_ms: u64,
    /// Between two rounds.
    pub reversal_round_ms: u64,
    /// Between two queries.
    pub query_interval_ms: u64,
    /// How long an order may wait for the customer.
    pub query_for_ms: u64,
    /// For a code to be read.
    pub scan_timeout_ms: u64,
    /// How long a code is shown.
    pub show_for_ms: u64,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            connect_timeout_ms: 15_000,
            response_timeout_ms: 60_000,
            reversal_retry_ms: 20_000,
            reversal_round_ms: 60_000,
            query_interval_ms: 5_000,
            query_for_ms: 45_000,
            scan_timeout_ms: 60_000,
            show_for_ms: 120_000,
        }
    }
}

/// What a terminal says of itself when it has started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Version of the terminal protocol.
    pub protocol: u32,
    /// Product.
    pub name: Box<str>,
    /// Maker.
    #[serde(default)]
    pub vendor: Box<str>,
    /// Version.
    #[serde(default)]
    pub version: Box<str>,
    /// Digest of the build.
    #[serde(default)]
    pub build: Box<str>,
    /// What it can do.
    pub capabilities: Capabilities,
    /// When it first wants to be woken: milliseconds since the Unix epoch.
    #[serde(default)]
    pub wake_at: Option<u64>,
}

/// What a terminal can do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a member of the protocol"
)]
pub struct Capabilities {
    /// `initialize` may come again in the same process.
    pub reset: bool,
    /// Paces.
    pub modes: Vec<Mode>,
    /// Flows.
    pub flows: Vec<Flow>,
    /// How it scans.
    pub scanner: Vec<ScannerKind>,
    /// The keypad takes codes.
    pub manual_code: bool,
    /// It prints.
    pub printer: bool,
    /// How many links it has.
    pub links: u32,
    /// It tests itself.
    pub self_test: bool,
    /// It keeps a record of its faults.
    pub device_log: bool,
    /// It obeys `power.cut`.
    pub power_control: bool,
}

/// How a terminal scans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScannerKind {
    /// A decoder delivers texts.
    Text,
    /// The terminal decodes camera frames itself.
    Image,
}
