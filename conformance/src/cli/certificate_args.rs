//! The options of `key`, `certify`, `sign`, `redact` and `verify`. As in [`super::args`] the sentences
//! are the English help.

use std::path::PathBuf;

use clap::Args;

use super::args::RunArgs;

/// Options of `key`.
#[derive(Args, Debug)]
pub struct KeyArgs {
    /// The private key; the public one is written beside it, as FILE.pub
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// The terminal, wherever one is run for a certificate.
#[derive(Args, Debug)]
pub struct TargetArgs {
    /// The terminal: a command whose standard streams speak the terminal protocol, or
    /// tcp:HOST:PORT [default: the built-in reference terminal]
    #[arg(long, value_name = "COMMAND|tcp:HOST:PORT")]
    pub terminal: Option<String>,
    /// Break the reference terminal on purpose; repeatable
    #[arg(
        long,
        value_name = "NAME",
        value_delimiter = ',',
        conflicts_with = "terminal"
    )]
    pub defect: Vec<String>,
    /// Terminals at once [default: one for each core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Wall-clock time that the terminal has for one answer
    #[arg(long, value_name = "TIME", default_value = "10s")]
    pub time_limit: String,
}

impl TargetArgs {
    /// The same as options of `run`, which filter nothing.
    pub fn as_run(&self) -> RunArgs {
        RunArgs {
            terminal: self.terminal.clone(),
            defect: self.defect.clone(),
            jobs: self.jobs,
            time_limit: self.time_limit.clone(),
            ..RunArgs::default()
        }
    }
}

/// Options of `certify`.
#[derive(Args, Debug)]
pub struct CertifyArgs {
    /// The terminal
    #[command(flatten)]
    pub target: TargetArgs,
    /// What has to run, and what is accepted: full, field, late-accept, cutover
    #[arg(long, value_name = "NAME", default_value = "full")]
    pub profile: String,
    /// Seed of all chance
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// How the acquirer speaks: the name of a dialect, or a file with one
    #[arg(long, value_name = "NAME|FILE", default_value = "cup")]
    pub dialect: String,
    /// Failures that are known; a certificate names the file, and certifies none of them
    #[arg(long, value_name = "FILE")]
    pub expectations: Option<PathBuf>,
    /// Private key that signs; repeatable
    #[arg(long, value_name = "FILE", required = true)]
    pub key: Vec<PathBuf>,
    /// Where the certificate and its evidence are written
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// For how many days it counts
    #[arg(long, value_name = "DAYS", default_value_t = 365)]
    pub valid: u32,
    /// Only the result
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Every failure in full, and every scenario as it ends
    #[arg(long, short)]
    pub verbose: bool,
}

/// Options of `sign`.
#[derive(Args, Debug)]
pub struct SignArgs {
    /// The certificate: its directory, or the file certificate.dsse.json
    #[arg(value_name = "CERTIFICATE")]
    pub certificate: PathBuf,
    /// Private key that signs; repeatable
    #[arg(long, value_name = "FILE", required = true)]
    pub key: Vec<PathBuf>,
}

/// Options of `redact`.
#[derive(Args, Debug)]
pub struct RedactArgs {
    /// Directory of the certificate
    #[arg(value_name = "DIR")]
    pub certificate: PathBuf,
    /// Scenario to leave out, as reports name it, or a pattern with * and ?; repeatable
    #[arg(long, value_name = "ID", required = true)]
    pub scenario: Vec<String>,
    /// Where the certificate and what is left of its evidence are written
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// Options of `verify`.
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// The certificate: its directory, evidence included, or the file certificate.dsse.json alone
    #[arg(value_name = "CERTIFICATE")]
    pub certificate: PathBuf,
    /// Public key of a signer that is trusted; repeatable
    #[arg(long, value_name = "FILE", required = true)]
    pub trust: Vec<PathBuf>,
    /// How many trusted signers it must have
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub signers: usize,
    /// Directory of the evidence, where it is not beside the certificate
    #[arg(long, value_name = "DIR")]
    pub evidence: Option<PathBuf>,
    /// The day on which it must count, as 2027-01-31 [default: today]
    #[arg(long, value_name = "DATE")]
    pub at: Option<String>,
    /// Run all scenarios again, and compare
    #[arg(long)]
    pub replay: bool,
    /// The terminal that is run again
    #[command(flatten)]
    pub target: TargetArgs,
    /// Only the result
    #[arg(long, short)]
    pub quiet: bool,
}
