//! `counterproof run`: a terminal tested, and told what holds.

use std::env;
use std::fs;
use std::io::{self, BufReader, ErrorKind};
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::available_parallelism;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use counterproof_scenarios::suite::Suite;
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::time::{Civil, Time};
use counterproof_sim::vocabulary::Lang;

use super::args::RunArgs;
use super::console::{Console, complain};
use super::dialect;
use super::features;
use super::live_args::{ANSWER_WITHIN, TOLERANCE};
use super::practices;
use super::reports::{Reports, unwritable};
use crate::attach::{
    Answers, Attachment, CommandLine, Desk, Dock, LiveMode, NotACommand, NotATerminal, Person,
    PowerSwitch, Script,
};
use crate::evidence::case::Keep;
use crate::evidence::expectation::Expectations;
use crate::evidence::header::{LivePace, SCHEMA};
use crate::evidence::{Counts, Digest, RunHeader, Shard};
use crate::exit::{Exit, Failure};
use crate::run::execute::{Settings, execute};
use crate::run::expectations;
use crate::run::plan::Plan;
use crate::run::progress::{Loudness, Progress};
use crate::run::replay::Replay;
use crate::run::resume::{Resume, ResumeError};
use crate::run::select::{Wish, select};
use crate::run::shard::{self, ShardError, Source};
use crate::run::summary::Summary;
use crate::texts::{cli as texts, report};

/// Tests the terminal that `args` name.
///
/// # Errors
/// When the command line or a feature file is wrong, nothing is selected, or the results cannot
/// be written. What becomes of the terminal is no failure of this kind but the result.
pub fn run(args: &RunArgs, console: Console) -> Result<Exit, Failure> {
    let lang = console.lang;
    let attachment = attachment(args, lang)?;
    let limit = duration(&args.time_limit)
        .ok_or_else(|| Failure::usage(texts::bad_duration(lang, &args.time_limit)))?;
    let (dialect, dialect_file) = dialect::find_for_a_run(&args.dialect, lang)?;
    let accepted = practices::accepted(args.practices.as_deref(), lang)?;
    if let Some((option, goes_with)) = args.live.misplaced(&attachment) {
        return Err(Failure::usage(texts::misplaced(lang, option, goes_with)));
    }
    let live = live(args, &attachment, lang)?;
    let switch = switch(args, lang)?;
    let desk = desk(args, &attachment, lang)?;
    let asked = live.as_ref().and(args.live.instances).or(args.jobs);
    let jobs = jobs(asked, lang)?;
    // One adapter has one counter, whatever is asked for.
    let is_many = attachment.is_many() && args.live.listens_at().1.is_none();
    let jobs = if is_many { jobs } else { 1 };
    let suite = features::suite(args.features.as_deref(), lang)?;
    let wish = Wish {
        tags: args.tags.as_deref(),
        name: args.name.as_deref(),
        requirements: &args.requirement,
        scenarios: &args.scenario,
        profiles: &args.profile,
        wallets: &args.wallet,
        seed: args.seed,
        seeds: args.seeds,
    };
    let cases = select(&suite, &wish, lang)?;
    let shard = shard(args, lang)?;
    let plan = Plan::of(
        cases,
        shard.as_ref().map(|(shard, _)| *shard),
        args.show_codes,
    );
    if let Some((shard, source)) = shard {
        let taken = texts::shard_taken(lang, shard, source, plan.cases.len(), plan.whole);
        complain(&taken);
    }
    let expectations = known_failures(args, &suite, plan.shard, lang)?;
    let mut reports = Reports::of(&args.reports, lang)?;
    let replay = Replay {
        terminal: args.terminal.clone(),
        defects: args.defect.clone(),
        dialect: (args.dialect != Dialect::cup().name()).then(|| args.dialect.clone()),
        practices: args
            .practices
            .as_ref()
            .map(|path| path.display().to_string()),
        features: args
            .features
            .as_ref()
            .map(|path| path.display().to_string()),
        live: live.clone(),
    };
    let header = RunHeader {
        schema: SCHEMA.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        suite: Digest(suite.digest()),
        features: replay.features.clone(),
        terminal: None,
        dialect: dialect.name().to_owned(),
        dialect_file,
        live: live.as_ref().map(LivePace::of),
        accepted: args.practices.is_some().then(|| accepted.clone()),
        seed: args.seed,
        seeds: args.seeds,
        profiles: plan.radio.clone(),
        wallets: plan.wallets.clone(),
        planned: plan.whole,
        plan: plan.digest,
        shard: plan.shard,
        cases: plan.cases.len(),
        expectations,
        show_codes: args.show_codes,
    };
    let resume = match reports.out().filter(|_| args.resume) {
        Some(out) => Some(Resume::open(out, &header).map_err(|e| not_resumed(&e, lang))?),
        None => None,
    };
    if let Some(resume) = &resume {
        complain(&texts::resumed(lang, resume.len(), plan.cases.len()));
    }
    let settings = Settings {
        jobs,
        keep: Keep {
            digest: reports.want_digests(),
            passed_records: reports.want_passed_records(),
            show_codes: args.show_codes,
            dialect,
        },
        capture: reports.want_captures(),
        replay: &replay,
        resume: resume.as_ref(),
        stop: stop_on_interrupt(),
        dialect,
        accepted,
    };
    let loudness = match (args.quiet, args.verbose) {
        (true, _) => Loudness::Quiet,
        (false, true) => Loudness::Verbose,
        (false, false) => Loudness::Usual,
    };
    let mut progress = Progress::new(lang, console.style, loudness);
    let mut summary = Summary::new(header.clone());
    let dock = Dock::new(attachment, limit, lang, dialect, live).with(switch, desk);
    let reporters = reports.begin(&mut summary);
    let done = execute(&plan, header, &dock, &settings, &mut progress, reporters);
    for end in dock.close() {
        complain(&texts::warning(lang, report::ended_badly(lang, end)));
    }
    let (_, troubles) = done.map_err(|error| not_resumed(&error, lang))?;
    reports.print(&summary, console, args.quiet, args.verbose)?;
    reports.end(troubles)?;
    if let Some(resume) = resume.filter(|_| summary.end.counts.not_run == 0) {
        resume.forget();
    }
    if let Some(path) = args
        .expectations
        .as_ref()
        .filter(|_| args.update_expectations)
    {
        return updated(path, &summary, lang);
    }
    if plan.cases.is_empty() {
        // A plan may have fewer cases than there are machines: merging says whether all is there.
        return Ok(Exit::Conformant);
    }
    Ok(summary.exit())
}

/// What switches the terminal's power.
fn switch(args: &RunArgs, lang: Lang) -> Result<Option<PowerSwitch>, Failure> {
    let Some(text) = &args.live.power_cmd else {
        return Ok(None);
    };
    CommandLine::parse(text)
        .map(|command| Some(PowerSwitch(command)))
        .map_err(|_| Failure::usage(texts::bad_power_cmd(lang, text)))
}

/// How a person is asked, where the device is in a person's hands.
fn desk(args: &RunArgs, attachment: &Attachment, lang: Lang) -> Result<Option<Desk>, Failure> {
    if *attachment != Attachment::Operator {
        return Ok(None);
    }
    let within = args.live.answer_within.as_deref().unwrap_or(ANSWER_WITHIN);
    let within =
        duration(within).ok_or_else(|| Failure::usage(texts::bad_duration(lang, within)))?;
    let answers = match &args.live.answers {
        None => Answers::Person(Person::who_types(BufReader::new(io::stdin()))),
        Some(path) => {
            let name = path.display();
            let text = fs::read_to_string(path)
                .map_err(|error| Failure::usage(texts::cannot_read(lang, name, error)))?;
            let script = Script::read(&text)
                .map_err(|error| Failure::usage(texts::bad_answers(lang, path.display(), error)))?;
            Answers::Script(Arc::new(script))
        }
    };
    Ok(Some(Desk {
        answers,
        within,
        lang,
    }))
}

/// Whether the terminal keeps its own time, and how that is done.
fn live(args: &RunArgs, attachment: &Attachment, lang: Lang) -> Result<Option<LiveMode>, Failure> {
    if !args.live.is_live(attachment) {
        return Ok(None);
    }
    if matches!(attachment, Attachment::Reference(_)) {
        return Err(Failure::usage(texts::reference_is_lockstep(lang)));
    }
    let tolerance = args.live.tolerance.as_deref().unwrap_or(TOLERANCE);
    let tolerance =
        duration(tolerance).ok_or_else(|| Failure::usage(texts::bad_duration(lang, tolerance)))?;
    let (listen, port) = args.live.listens_at();
    Ok(Some(LiveMode {
        scale: args.live.time_scale.unwrap_or(1),
        tolerance,
        listen,
        port,
    }))
}

/// The part of the plan that is asked for, and who asks for it.
fn shard(args: &RunArgs, lang: Lang) -> Result<Option<(Shard, String)>, Failure> {
    let wrong = |error| {
        Failure::usage(match error {
            ShardError::Form(text) => texts::shard_form(lang, text),
            ShardError::Half { set, missing } => texts::shard_half(lang, set, missing),
            ShardError::Value { source, said } => {
                texts::shard_value(lang, source.index, source.total, said.0, said.1)
            }
        })
    };
    if let Some(text) = &args.shard {
        let shard = shard::parse(text).map_err(wrong)?;
        return Ok(Some((shard, "--shard".to_owned())));
    }
    let found = shard::from_environment(|name| env::var(name).ok()).map_err(wrong)?;
    if let Some((_, Source { index, .. })) = &found
        && let Some(path) = env::var_os(shard::BAZEL_STATUS).filter(|_| index.starts_with("TEST_"))
    {
        // Bazel asks for a sign that the shards are understood.
        fs::write(&path, "").map_err(|error| unwritable(Path::new(&path), &error, lang))?;
    }
    Ok(found.map(|(shard, source)| (shard, format!("{}, {}", source.index, source.total))))
}

/// The failures that `--expectations` names.
pub(super) fn known_failures(
    args: &RunArgs,
    suite: &Suite,
    shard: Option<Shard>,
    lang: Lang,
) -> Result<Option<Expectations>, Failure> {
    let Some(path) = &args.expectations else {
        return Ok(None);
    };
    if args.update_expectations && shard.is_some_and(|shard| shard.total > 1) {
        return Err(Failure::usage(texts::expectations_sharded(lang)));
    }
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        // What is to be written need not be there yet.
        Err(error) if args.update_expectations && error.kind() == ErrorKind::NotFound => {
            String::new()
        }
        Err(error) => {
            return Err(Failure::usage(texts::cannot_read(
                lang,
                path.display(),
                error,
            )));
        }
    };
    let name = path.display().to_string();
    expectations::read(&name, &text, suite, today(), lang)
        .map(Some)
        .map_err(Failure::usage)
}

/// The day on which this runs, in the shop's calendar.
fn today() -> Civil {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Time::from_millis(since.map_or(0, |since| since.as_millis() as u64)).civil()
}

/// Rewrites the file of known failures. The result is how the run ends with it.
fn updated(path: &Path, summary: &Summary, lang: Lang) -> Result<Exit, Failure> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(Failure::usage(texts::cannot_read(
                lang,
                path.display(),
                error,
            )));
        }
    };
    let (text, change) = expectations::update(&text, summary, lang).map_err(Failure::usage)?;
    fs::write(path, text).map_err(|error| unwritable(path, &error, lang))?;
    let (removed, added, expired) = (change.removed, change.added, change.expired);
    let name = path.display();
    complain(&texts::expectations_updated(
        lang, name, removed, added, expired,
    ));
    if expired > 0 {
        return Ok(summary.exit());
    }
    // What is in the file now is expected from now on.
    let counts = &summary.end.counts;
    let known = counts.fail + counts.warning + counts.expected_failure;
    let after = Counts {
        fail: 0,
        warning: 0,
        expected_failure: known,
        ..*counts
    };
    Ok(after.verdict(false).exit())
}

/// What to say of a run that cannot be gone on with.
pub(super) fn not_resumed(error: &ResumeError, lang: Lang) -> Failure {
    match error {
        ResumeError::Bundle(error) => super::merge::unreadable(error, lang),
        ResumeError::Aside { path, why } => Failure::usage(texts::cannot_write(lang, path, why)),
        ResumeError::Different { path, difference } => {
            Failure::usage(texts::other_run(lang, path, difference))
        }
    }
}

/// The terminal that is asked for.
pub(super) fn attachment(args: &RunArgs, lang: Lang) -> Result<Attachment, Failure> {
    let Some(text) = &args.terminal else {
        return super::defects::reference(&args.defect, lang);
    };
    Attachment::parse(text).map_err(|error| {
        Failure::usage(match error {
            NotATerminal::Command(NotACommand::Empty) => texts::terminal_empty(lang),
            NotATerminal::Command(NotACommand::OpenQuote(quote)) => {
                texts::terminal_quote(lang, quote)
            }
            NotATerminal::Address => texts::terminal_address(lang, text),
        })
    })
}

/// How many terminals at once: as many as were asked for, or one for each core.
///
/// # Errors
/// When none is asked for.
pub(super) fn jobs(asked: Option<usize>, lang: Lang) -> Result<usize, Failure> {
    match asked {
        Some(0) => Err(Failure::usage(texts::no_jobs(lang))),
        Some(jobs) => Ok(jobs),
        None => Ok(available_parallelism().map_or(1, NonZero::get)),
    }
}

/// `10s`, `500ms`, `2m`, or a number of seconds; above zero.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number: u64 = text[..digits].parse().ok()?;
    let millis = match &text[digits..] {
        "ms" => number,
        "" | "s" => number.checked_mul(1_000)?,
        "m" | "min" => number.checked_mul(60_000)?,
        _ => return None,
    };
    // A day is more patience than anybody has, and less than any clock.
    (1..=86_400_000)
        .contains(&millis)
        .then(|| Duration::from_millis(millis))
}

/// Ctrl-C once ends the run after the scenarios that are under way, twice ends the program.
pub(super) fn stop_on_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // Without the handlers an interrupt ends the program at once, as it does by default.
        let twice =
            signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&stop));
        let once = signal_hook::flag::register(signal, Arc::clone(&stop));
        drop((twice, once));
    }
    stop
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_is_a_number_and_a_unit() {
        for (text, millis) in [
            ("10s", 10_000),
            ("500ms", 500),
            ("2m", 120_000),
            ("3", 3_000),
        ] {
            assert_eq!(
                duration(text),
                Some(Duration::from_millis(millis)),
                "{text}"
            );
        }
        for text in [
            "",
            "0s",
            "-1s",
            "1.5s",
            "s",
            "10 s",
            "99999999999999999999s",
            "86401s",
        ] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
