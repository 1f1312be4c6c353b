//! The command line of `serve` as clap reads it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Options of `serve`.
#[derive(Args, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command line"
)]
pub struct ServeArgs {
    /// Where terminals connect; port 0 for a free one; repeatable [default: 127.0.0.1:7800]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Vec<String>,
    /// Where the API listens
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7801")]
    pub api: String,
    /// Where ledger, transactions and keys are kept
    #[arg(
        long,
        value_name = "DIR",
        required_unless_present = "example_terminals"
    )]
    pub data: Option<PathBuf>,
    /// The terminals that the acquirer knows
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "example_terminals"
    )]
    pub terminals: Option<PathBuf>,
    /// Print a file of terminals to start with
    #[arg(long, exclusive = true)]
    pub example_terminals: bool,
    /// Dialect of the acquirer, or a file with one
    #[arg(long, value_name = "NAME|FILE", default_value = "cup")]
    pub dialect: String,
    /// How long answers take
    #[arg(long, value_enum, value_name = "PACE", default_value_t)]
    pub pace: PaceArg,
    /// File with a token that users of the API must have [default: the environment's
    /// `COUNTERPROOF_API_TOKEN`, else none]
    #[arg(long, value_name = "FILE")]
    pub api_token_file: Option<PathBuf>,
    /// Most connections of terminals at once
    #[arg(long, value_name = "N", default_value_t = 4_096)]
    pub max_connections: usize,
    /// A frame must be whole within this time
    #[arg(long, value_name = "TIME", default_value = "10s")]
    pub frame_time: String,
    /// A connection on which nothing is heard for so long is closed
    #[arg(long, value_name = "TIME", default_value = "5m")]
    pub idle_time: String,
    /// Wait for the disk before an answer leaves: safe against a power cut of this machine too
    #[arg(long)]
    pub sync: bool,
    /// Seed of all chance [default: drawn at the start]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Show payment codes in clear in the record
    #[arg(long)]
    pub show_codes: bool,
    /// Print the addresses as JSON, one object on one line
    #[arg(long)]
    pub json: bool,
}

/// How long answers take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum PaceArg {
    /// As long as an acquirer and its wallets take
    #[default]
    Simulated,
    /// No time at all
    Prompt,
}
