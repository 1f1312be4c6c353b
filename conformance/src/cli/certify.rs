//! `counterproof certify`: everything that a profile demands run on a terminal, and what came of it
//! signed. Also what `verify --replay` shares with it: a plan worked off with nothing left out.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use counterproof_scenarios::practices::{self, Ways};
use counterproof_scenarios::suite::Suite;
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::vocabulary::Lang;

use super::certificate_args::{CertifyArgs, TargetArgs};
use super::console::{Console, complain};
use super::reports::{Reports, unwritable};
use super::{dialect, features, key, run};
use crate::attach::{Attachment, Dock};
use crate::certificate::envelope::Envelope;
use crate::certificate::profile::Profile;
use crate::certificate::seal::Sealer;
use crate::certificate::statement::{Certificate, Statement, TestResult, Uncertifiable};
use crate::certificate::{CERTIFICATE, EVIDENCE, TEST_RESULT, test_result};
use crate::day::Day;
use crate::evidence::case::Keep;
use crate::evidence::header::SCHEMA;
use crate::evidence::{Digest, Reporter, RunHeader, RunVerdict};
use crate::exit::{Exit, Failure};
use crate::report::style::Style;
use crate::run::execute::{Settings, execute};
use crate::run::plan::Plan;
use crate::run::progress::{Loudness, Progress};
use crate::run::replay::Replay;
use crate::run::select::unknown;
use crate::run::summary::Summary;
use crate::texts::{certificate as texts, cli, report};

/// Tests a terminal, and signs what came of it.
///
/// # Errors
/// When an option is wrong, a file cannot be written, or there is nothing to certify: no terminal, or
/// a run that was stopped.
pub fn certify(args: &CertifyArgs, console: Console) -> Result<Exit, Failure> {
    let lang = console.lang;
    let profile = Profile::find(&args.profile).ok_or_else(|| no_profile(&args.profile, lang))?;
    let keys = key::private(&args.key, lang)?;
    let (dialect, dialect_file) = dialect::find_for_a_run(&args.dialect, lang)?;
    let mut target = Target::of(&args.target, dialect, lang)?;
    target.replay.dialect = (args.dialect != Dialect::cup().name()).then(|| args.dialect.clone());
    let suite = features::suite(None, lang)?;
    let plan = Plan::of(profile.cases(&suite, args.seed, lang)?, None, false);
    let mut known = args.target.as_run();
    known.expectations.clone_from(&args.expectations);
    let expectations = run::known_failures(&known, &suite, None, lang)?;
    let days = Day::today_and_in(args.valid);
    let path = args.out.join(CERTIFICATE);
    if path.exists() {
        return Err(Failure::usage(texts::exists(lang, path.display())));
    }
    let folder = args.out.join(EVIDENCE);
    fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error, lang))?;

    let header = RunHeader {
        dialect: dialect.name().to_owned(),
        dialect_file,
        accepted: accepted_by(profile),
        expectations,
        ..header(&suite, &plan, (args.seed, profile.seeds))
    };
    let mut summary = Summary::new(header.clone());
    let mut sealer = Sealer::new(&folder);
    let reporters: Vec<&mut dyn Reporter> = vec![&mut summary, &mut sealer];
    let loudness = match (args.quiet, args.verbose) {
        (true, _) => Loudness::Quiet,
        (false, true) => Loudness::Verbose,
        (false, false) => Loudness::Usual,
    };
    let watched = Watched { loudness, console };
    target.accepted = &profile.accepts;
    let troubles = target.work_off(&plan, header, true, watched, reporters)?;
    if let Some(error) = troubles.into_iter().flatten().next() {
        return Err(unwritable(&folder, &error, lang));
    }
    let reports = Reports::of(&super::args::ReportArgs::default(), lang)?;
    reports.print(&summary, console, args.quiet, args.verbose)?;

    let Some(seal) = sealer.seal() else {
        return Err(none(Uncertifiable::Stopped, lang));
    };
    let certificate = Certificate::of(profile, &summary.header, &summary.end, seal, days)
        .map_err(|why| none(why, lang))?;
    let result = certificate.result;
    let standard = test_result::statement(&certificate);
    let payload = |json: serde_json::Result<Vec<u8>>| json.expect("a statement is JSON");
    let statement: Statement<Certificate> = certificate.statement();
    let statement = Envelope::seal(&payload(serde_json::to_vec(&statement)), &keys);
    let standard = Envelope::seal(&payload(serde_json::to_vec(&standard)), &keys);
    write(&args.out.join(TEST_RESULT), &standard, lang)?;
    write(&path, &statement, lang)?;
    console.print(&texts::certified(
        lang,
        result.word(),
        profile.title(lang),
        days.1,
        path.display(),
    ))?;
    Ok(exit(result, summary.verdict()))
}

/// How the program ends after a certificate with this result.
fn exit(result: TestResult, verdict: RunVerdict) -> Exit {
    match (result, verdict.exit()) {
        // What is not certified is not conformant, whatever was expected of it.
        (TestResult::Failed, Exit::Conformant) => Exit::NotConformant,
        (_, exit) => exit,
    }
}

/// Writes an envelope.
///
/// # Errors
/// When it cannot be written.
pub(super) fn write(path: &Path, envelope: &Envelope, lang: Lang) -> Result<(), Failure> {
    fs::write(path, envelope.write()).map_err(|error| unwritable(path, &error, lang))
}

fn none(why: Uncertifiable, lang: Lang) -> Failure {
    match why {
        Uncertifiable::NoTerminal => Failure {
            exit: Exit::Broken,
            text: texts::no_terminal(lang),
        },
        Uncertifiable::Stopped => Failure {
            exit: Exit::Incomplete,
            text: texts::stopped(lang),
        },
    }
}

fn no_profile(name: &str, lang: Lang) -> Failure {
    let names: Vec<&str> = Profile::all()
        .iter()
        .map(|profile| &*profile.name)
        .collect();
    let text = texts::unknown_profile(lang, name);
    let mut failure = unknown(text, Profile::nearest(name), "scenarios", lang);
    failure.text = failure.text.lines().take(2).collect::<Vec<_>>().join("\n");
    failure.text.push_str("\n  ");
    failure.text.push_str(&cli::one_of(lang, names.join(", ")));
    failure
}

/// What a profile accepts where the sources disagree, if that is not the default.
pub(super) fn accepted_by(profile: &Profile) -> Option<Ways> {
    let is_default = profile.accepts == *practices::accepted();
    (!is_default).then(|| profile.accepts.clone())
}

/// How a run of the whole plan begins in the default dialect.
pub(super) fn header(suite: &Suite, plan: &Plan, (seed, seeds): (u64, u64)) -> RunHeader {
    RunHeader {
        schema: SCHEMA.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        suite: Digest(suite.digest()),
        features: None,
        terminal: None,
        dialect: Dialect::cup().name().to_owned(),
        dialect_file: None,
        accepted: None,
        live: None,
        seed,
        seeds,
        profiles: plan.radio.clone(),
        wallets: plan.wallets.clone(),
        planned: plan.whole,
        plan: plan.digest,
        shard: None,
        cases: plan.cases.len(),
        expectations: None,
        show_codes: false,
    }
}

/// A terminal, and how it is run.
pub(super) struct Target {
    attachment: Attachment,
    dialect: &'static Dialect,
    /// What it may do where the sources disagree.
    pub(super) accepted: &'static Ways,
    limit: Duration,
    jobs: usize,
    replay: Replay,
}

/// What is seen of a run, and where.
#[derive(Clone, Copy)]
pub(super) struct Watched {
    /// How much.
    pub loudness: Loudness,
    /// Where.
    pub console: Console,
}

impl Target {
    /// The one that is asked for, in this dialect.
    ///
    /// # Errors
    /// When it is none, or cannot be run again.
    pub(super) fn of(
        args: &TargetArgs,
        dialect: &'static Dialect,
        lang: Lang,
    ) -> Result<Self, Failure> {
        let attachment = run::attachment(&args.as_run(), lang)?;
        if attachment == Attachment::Operator {
            return Err(Failure::usage(texts::needs_lockstep(lang)));
        }
        let limit = run::duration(&args.time_limit)
            .ok_or_else(|| Failure::usage(cli::bad_duration(lang, &args.time_limit)))?;
        let jobs = run::jobs(args.jobs, lang)?;
        Ok(Self {
            jobs: if attachment.is_many() { jobs } else { 1 },
            attachment,
            dialect,
            accepted: practices::accepted(),
            limit,
            replay: Replay {
                dialect: None,
                practices: None,
                terminal: args.terminal.clone(),
                defects: args.defect.clone(),
                features: None,
                live: None,
            },
        })
    }

    /// Works off the plan. The result is what went wrong with each of the reporters.
    ///
    /// # Errors
    /// Never, as far as known: nothing is gone on with.
    pub(super) fn work_off(
        self,
        plan: &Plan,
        header: RunHeader,
        keeps_records: bool,
        watched: Watched,
        reporters: Vec<&mut dyn Reporter>,
    ) -> Result<Vec<Option<io::Error>>, Failure> {
        let Watched { loudness, console } = watched;
        let lang = console.lang;
        let settings = Settings {
            jobs: self.jobs,
            keep: Keep {
                digest: true,
                passed_records: keeps_records,
                show_codes: false,
                dialect: self.dialect,
            },
            capture: false,
            replay: &self.replay,
            resume: None,
            stop: run::stop_on_interrupt(),
            dialect: self.dialect,
            accepted: self.accepted,
        };
        let style: Style = console.style;
        let mut progress = Progress::new(lang, style, loudness);
        let dock = Dock::new(self.attachment, self.limit, lang, self.dialect, None);
        let done = execute(plan, header, &dock, &settings, &mut progress, reporters);
        for end in dock.close() {
            complain(&cli::warning(lang, report::ended_badly(lang, end)));
        }
        let (_, troubles) = done.map_err(|error| run::not_resumed(&error, lang))?;
        Ok(troubles)
    }
}
