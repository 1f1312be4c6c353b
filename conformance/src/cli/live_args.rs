//! The options of `run` for terminals that keep their own time.

use std::net::IpAddr;

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
    /// In live mode: the address of this machine on which the suite listens as the acquirer
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub listen: IpAddr,
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

impl Default for LiveArgs {
    fn default() -> Self {
        Self {
            mode: ModeArg::default(),
            time_scale: 1,
            instances: None,
            tolerance: "50ms".to_owned(),
            power_cmd: None,
            listen: IpAddr::from([127, 0, 0, 1]),
        }
    }
}
