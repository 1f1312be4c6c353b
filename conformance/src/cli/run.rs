//! `counterproof run`: a terminal tested, and told what holds.

use std::fs;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::available_parallelism;
use std::time::Duration;

use counterproof_sim::iso8583::Dialect;
use counterproof_sim::vocabulary::Lang;

use super::args::RunArgs;
use super::console::{Console, complain};
use super::features;
use crate::attach::{Attachment, Dock, NotACommand, NotATerminal};
use crate::evidence::case::Keep;
use crate::evidence::header::SCHEMA;
use crate::evidence::{Digest, Reporter, RunHeader};
use crate::exit::{Exit, Failure};
use crate::report::console::Report;
use crate::report::failure::Telling;
use crate::report::results::{FILE, ResultsFile};
use crate::report::timeline::Teller;
use crate::run::execute::{Settings, execute};
use crate::run::plan::Plan;
use crate::run::progress::{Loudness, Progress};
use crate::run::replay::Replay;
use crate::run::select::{Wish, select};
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
    let jobs = jobs(args.jobs, lang)?;
    // One adapter has one counter, whatever is asked for.
    let jobs = if attachment.is_many() { jobs } else { 1 };
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
    let plan = Plan::of(select(&suite, &wish, lang)?, None);
    if let Some(out) = &args.out {
        // Not being able to write is found out before the run, not after it.
        fs::create_dir_all(out).map_err(|error| unwritable(out, &error, lang))?;
    }
    let replay = Replay {
        terminal: args.terminal.clone(),
        defects: args.defect.clone(),
        features: args
            .features
            .as_ref()
            .map(|path| path.display().to_string()),
    };
    let dialect = Dialect::cup();
    let settings = Settings {
        jobs,
        keep: Keep {
            digest: args.out.is_some(),
            passed_records: false,
            show_codes: args.show_codes,
            dialect,
        },
        replay: &replay,
        stop: stop_on_interrupt(),
    };
    let header = RunHeader {
        schema: SCHEMA.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        suite: Digest(suite.digest()),
        features: replay.features.clone(),
        terminal: None,
        dialect: dialect.name().to_owned(),
        seed: args.seed,
        seeds: args.seeds,
        profiles: args.profile.clone(),
        wallets: Vec::new(),
        planned: plan.whole,
        plan: plan.digest,
        shard: plan.shard,
        cases: plan.cases.len(),
        expectations: None,
        show_codes: args.show_codes,
    };
    let loudness = match (args.quiet, args.verbose) {
        (true, _) => Loudness::Quiet,
        (false, true) => Loudness::Verbose,
        (false, false) => Loudness::Usual,
    };
    let mut progress = Progress::new(lang, console.style, loudness);
    let mut summary = Summary::new(header.clone());
    let mut results = args
        .out
        .as_ref()
        .map(|out| ResultsFile::new(out.join(FILE), lang));
    let dock = Dock::new(attachment, limit, lang);
    let mut reporters: Vec<&mut dyn Reporter> = vec![&mut summary];
    reporters.extend(results.iter_mut().map(|file| file as &mut dyn Reporter));
    let (_, troubles) = execute(&plan, header, &dock, &settings, &mut progress, reporters);
    for end in dock.close() {
        complain(&texts::warning(lang, report::ended_badly(lang, end)));
    }
    let path = args.out.as_ref().map(|out| out.join(FILE));
    if let (Some(path), Some(error)) = (&path, troubles.into_iter().flatten().next()) {
        return Err(unwritable(path, &error, lang));
    }
    let written = path.map(|path| path.display().to_string());
    let report = Report {
        telling: Telling {
            teller: Teller {
                dialect,
                lang,
                show_codes: args.show_codes,
            },
            style: console.style,
            whole: args.verbose,
        },
        results: written.as_deref(),
    };
    let text = if args.quiet {
        report.verdict(&summary)
    } else {
        report.write(&summary)
    };
    console.print(&text)?;
    Ok(summary.exit())
}

fn unwritable(path: &Path, error: &std::io::Error, lang: Lang) -> Failure {
    Failure::usage(texts::cannot_write(lang, path.display(), error))
}

fn attachment(args: &RunArgs, lang: Lang) -> Result<Attachment, Failure> {
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
fn duration(text: &str) -> Option<Duration> {
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
