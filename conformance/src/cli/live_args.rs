//! The options of `run` for terminals that keep their own time.

use std::net::{AddrParseError, IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Options for terminals that keep their own time.
#[derive(Args, Debug)]
pub struct LiveArgs {
    /// Who keeps the time: the suite, or the terminal, which then makes its own connections
    #[arg(long, value_enum, default_value_t, value_name = "MODE")]
    pub mode: ModeArg,
    /// In live mode: how many times faster the time passes; the terminal is given a timing that is
    /// shorter by as much
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub time_scale: u32,
    /// In live mode: terminals at once [default: as --jobs]
    #[arg(long, value_name = "N")]
    pub instances: Option<usize>,
    /// In live mode: how exactly instants are known; what misses a limit by less has not missed it
    #[arg(long, value_name = "TIME", default_value = "50ms")]
    pub tolerance: String,
    /// Command that switches the power of the terminal at tcp:HOST:PORT, with off or on as its last
    /// argument
    #[arg(long, value_name = "COMMAND")]
    pub power_cmd: Option<String>,
    /// For --terminal operator: a file that answers in place of a person
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// For --terminal operator: how long an answer is waited for
    #[arg(long, value_name = "TIME", default_value = "5m")]
    pub answer_within: String,
    /// In live mode: the address of this machine on which the suite listens as the acquirer; with a
    /// port, the first link has it and the others follow
    #[arg(long, value_name = "ADDRESS[:PORT]", default_value = "127.0.0.1", value_parser = listen)]
    pub listen: (IpAddr, Option<u16>),
}

/// Who keeps the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ModeArg {
    /// The suite: virtual time
    #[default]
    Lockstep,
    /// The terminal: wall time
    Live,
}

/// An address, with a port or without.
fn listen(text: &str) -> Result<(IpAddr, Option<u16>), AddrParseError> {
    if let Ok(both) = text.parse::<SocketAddr>() {
        return Ok((both.ip(), Some(both.port())));
    }
    text.parse().map(|address| (address, None))
}

impl Default for LiveArgs {
    fn default() -> Self {
        Self {
            mode: ModeArg::default(),
            time_scale: 1,
            instances: None,
            tolerance: "50ms".to_owned(),
            power_cmd: None,
            answers: None,
            answer_within: "5m".to_owned(),
            listen: (IpAddr::from([127, 0, 0, 1]), None),
        }
    }
}
