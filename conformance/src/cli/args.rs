//! The command line as clap reads it. The sentences here are the English help; the Chinese ones
//! stand in [`crate::texts::help`].

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::certificate_args::{CertifyArgs, KeyArgs, RedactArgs, SignArgs, VerifyArgs};
use super::live_args::LiveArgs;
use super::serve_args::ServeArgs;

/// Certifies scan-to-pay terminals against a simulated counter: the customer's phone, the radio
/// link and the acquirer network, each failing as it fails in shops.
#[derive(Debug, Parser)]
#[command(name = "counterproof", version, disable_help_subcommand = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What every command understands.
    #[command(flatten)]
    pub common: Common,
}

/// What every command understands.
#[derive(Args, Debug)]
pub struct Common {
    /// Language of everything that is printed [default: that of the environment]
    #[arg(long, global = true, value_enum, display_order = 900)]
    pub lang: Option<LangArg>,
    /// When to colour; `NO_COLOR` is honoured
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        display_order = 901
    )]
    pub color: ColorArg,
}

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// English
    En,
    /// 中文
    Zh,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal
    #[default]
    Auto,
    /// Into files and pipes too
    Always,
    /// Never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Test a terminal and say which requirements hold [the default command]
    Run(Box<RunArgs>),
    /// Put the evidence of shards together: one report, one verdict
    Merge(MergeArgs),
    /// Make reports of the evidence of a run, without running it again
    Report(MergeArgs),
    /// Make a pair of keys for certificates
    Key(KeyArgs),
    /// Test a terminal for a certificate, and sign what came of it
    Certify(CertifyArgs),
    /// Add a signature to a certificate
    Sign(SignArgs),
    /// Leave scenarios out of the evidence of a certificate, which stays valid
    Redact(RedactArgs),
    /// Check a certificate: signatures, completeness, evidence; and run it again
    Verify(VerifyArgs),
    /// Serve the simulated acquirer and phone to a terminal in development, until stopped
    Serve(Box<ServeArgs>),
    /// List what there is: requirements, scenarios, faults, steps, profiles, practices, defects
    List(ListArgs),
    /// Take an ISO 8583 message apart
    Decode(DecodeArgs),
    /// Relay between a terminal and any host, over a simulated link
    Link(LinkArgs),
    /// Break the reference terminal in every way, and say what catches it
    Mutants(MutantsArgs),
    /// Write the pages on what is covered and on what catches which defect
    Docs(DocsArgs),
}

/// Options of `run`.
#[derive(Args, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command line"
)]
pub struct RunArgs {
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
    /// Scenarios whose tags fit: '@network and not (@slow or @live)'
    #[arg(long, value_name = "EXPRESSION")]
    pub tags: Option<String>,
    /// Scenarios whose name fits this regular expression
    #[arg(long, value_name = "REGEX")]
    pub name: Option<String>,
    /// Scenarios that check this requirement; repeatable
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub requirement: Vec<String>,
    /// Exactly this scenario, as reports name it, row and seed included; repeatable
    #[arg(long, value_name = "ID")]
    pub scenario: Vec<String>,
    /// Seed of all chance
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// How many seeds, from --seed on
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seeds: u64,
    /// Dialect of the acquirer, or a file with one
    #[arg(long, value_name = "NAME|FILE", default_value = "cup")]
    pub dialect: String,
    /// What is accepted where the sources disagree: a file
    #[arg(long, value_name = "FILE")]
    pub practices: Option<PathBuf>,
    /// Radio profile of the links, for scenarios that leave it open; repeatable
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub profile: Vec<String>,
    /// Wallet of the customer, for scenarios that leave it open; repeatable
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub wallet: Vec<String>,
    /// Scenarios of your own in place of the certified ones
    #[arg(long, value_name = "DIR")]
    pub features: Option<PathBuf>,
    /// What is written, and where
    #[command(flatten)]
    pub reports: ReportArgs,
    /// Only this part of the plan, of so many [default: as the environment of CI says]
    #[arg(long, value_name = "N/TOTAL")]
    pub shard: Option<String>,
    /// Go on with a run that was stopped, from its evidence in --out
    #[arg(long, requires = "out")]
    pub resume: bool,
    /// Failures that are known: they must fail, and do not fail the run
    #[arg(long, value_name = "FILE")]
    pub expectations: Option<PathBuf>,
    /// Rewrite the file of known failures to fit this run
    #[arg(long, requires = "expectations")]
    pub update_expectations: bool,
    /// Terminals at once [default: one for each core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Whether the terminal keeps its own time
    #[command(flatten)]
    pub live: LiveArgs,
    /// Wall-clock time that the terminal has for one answer
    #[arg(long, value_name = "TIME", default_value = "10s")]
    pub time_limit: String,
    /// Print payment codes in clear
    #[arg(long)]
    pub show_codes: bool,
    /// Only the result
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Every failure in full, and every scenario as it ends
    #[arg(long, short)]
    pub verbose: bool,
}

/// Which reports, and where.
#[derive(Args, Debug, Default)]
pub struct ReportArgs {
    /// Reports to write: results, evidence, html, junit, messages, markdown, pcap; repeatable
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub report: Vec<String>,
    /// Write run.pcapng, everything that went over the links, for Wireshark: as --report pcap
    #[arg(long)]
    pub pcap: bool,
    /// Write results.json, the evidence and the reports here [default with --report:
    /// counterproof-report]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Options of `merge` and `report`.
#[derive(Args, Debug)]
pub struct MergeArgs {
    /// Evidence of a run or of a shard: its directory, or the file evidence.ndjson.gz
    #[arg(value_name = "BUNDLE", required = true)]
    pub bundle: Vec<PathBuf>,
    /// What is written, and where
    #[command(flatten)]
    pub reports: ReportArgs,
    /// Only the result
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Every failure in full
    #[arg(long, short)]
    pub verbose: bool,
}

/// Options of `list`.
#[derive(Args, Debug)]
pub struct ListArgs {
    /// Of what
    #[arg(value_enum)]
    pub what: What,
    /// As JSON, one array
    #[arg(long)]
    pub json: bool,
    /// Scenarios of your own in place of the certified ones
    #[arg(long, value_name = "DIR")]
    pub features: Option<PathBuf>,
}

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// What a terminal must do
    Requirements,
    /// What is played at the counter
    Scenarios,
    /// What can go wrong
    Faults,
    /// What a feature file can say
    Steps,
    /// What a network can be like
    Profiles,
    /// Where the sources disagree, and what is accepted
    Practices,
    /// How the reference terminal can be broken
    Defects,
}

/// Options of `link`.
#[derive(Args, Debug)]
pub struct LinkArgs {
    /// Where terminals connect; port 0 is any that is free
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:0")]
    pub listen: String,
    /// Where their connections lead
    #[arg(long, value_name = "HOST:PORT")]
    pub to: String,
    /// Radio profile of the link (`list profiles`)
    #[arg(
        long,
        value_name = "NAME",
        default_value = "good",
        conflicts_with = "netem"
    )]
    pub profile: String,
    /// A condition of your own for both directions, in the words of tc-netem: 'delay 50ms 10ms
    /// loss 1%'
    #[arg(long, value_name = "WORDS")]
    pub netem: Option<String>,
    /// Seed of all chance
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// What goes over it are messages behind two bytes of length: each is a packet of its own,
    /// whatever the kernel hands over together
    #[arg(long)]
    pub frames: bool,
}

/// Options of `mutants`.
#[derive(Args, Debug)]
pub struct MutantsArgs {
    /// As JSON, one object
    #[arg(long)]
    pub json: bool,
    /// Terminals at once [default: one for each core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
}

/// Options of `docs`.
#[derive(Args, Debug)]
pub struct DocsArgs {
    /// Where the documentation is: requirements.md, coverage.md, mutants.md, and all three below zh-CN
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Terminals at once [default: one for each core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
}

/// Options of `decode`.
#[derive(Args, Debug)]
pub struct DecodeArgs {
    /// Hexadecimal digits (blanks, line ends and 0x are skipped), a file with them or with the
    /// bytes themselves, or - for standard input
    #[arg(value_name = "HEX|FILE")]
    pub input: Option<String>,
    /// The message comes without its two length bytes
    #[arg(long)]
    pub unframed: bool,
    /// Dialect of the acquirer, or a file with one
    #[arg(long, value_name = "NAME|FILE", default_value = "cup")]
    pub dialect: String,
    /// Algorithm of the MAC [default: the one that fits]
    #[arg(long, value_enum, requires = "key")]
    pub mac: Option<MacArg>,
    /// MAC key in hexadecimal digits: DE64 is checked with it
    #[arg(long, value_name = "HEX")]
    pub key: Option<String>,
    /// As JSON on a terminal too
    #[arg(long)]
    pub json: bool,
    /// Print payment codes and keys in clear
    #[arg(long)]
    pub show_codes: bool,
}

/// An algorithm of message authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MacArg {
    /// UnionPay ECB
    Ecb,
    /// CBC
    Cbc,
    /// ANSI X9.19
    X919,
}
