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
use super::dialect;
use super::features;
use crate::attach::{Attachment, Dock, NotACommand, NotATerminal};
use crate::exit::{Exit, Failure};
use crate::report::console::Report;
use crate::report::failure::Telling;
use crate::report::results::{FILE, Results};
use crate::report::timeline::Teller;
use crate::run::execute::{Settings, execute};
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
    let dialect = dialect::find_for_a_run(&args.dialect, lang)?;
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
    let cases = select(&suite, &wish, lang)?;
    if let Some(out) = &args.out {
        // Not being able to write is found out before the run, not after it.
        fs::create_dir_all(out).map_err(|error| unwritable(out, &error, lang))?;
    }
    let settings = Settings {
        jobs,
        with_digests: args.out.is_some(),
        stop: stop_on_interrupt(),
        dialect,
    };
    let replay = Replay {
        terminal: args.terminal.clone(),
        defects: args.defect.clone(),
        dialect: (dialect.name() != Dialect::cup().name()).then(|| args.dialect.clone()),
        features: args
            .features
            .as_ref()
            .map(|path| path.display().to_string()),
    };
    let loudness = match (args.quiet, args.verbose) {
        (true, _) => Loudness::Quiet,
        (false, true) => Loudness::Verbose,
        (false, false) => Loudness::Usual,
    };
    let mut progress = Progress::new(lang, console.style, loudness);
    let mut summary = Summary::new(cases, suite.digest(), args.seed).in_dialect(dialect);
    let dock = Dock::new(attachment, limit, lang, dialect);
    execute(&mut summary, &dock, &settings, &mut progress);
    for end in dock.close() {
        complain(&texts::warning(lang, report::ended_badly(lang, end)));
    }
    let written = args
        .out
        .as_deref()
        .map(|out| write(&summary, out, &replay, args, lang))
        .transpose()?;
    let teller = Teller {
        dialect,
        lang,
        show_codes: args.show_codes,
    };
    let report = Report {
        telling: Telling {
            teller,
            style: console.style,
            whole: args.verbose,
        },
        replay: &replay,
        results: written.as_deref(),
    };
    let text = if args.quiet {
        report.verdict(&summary, &summary.judgements())
    } else {
        report.write(&summary)
    };
    console.print(&text)?;
    Ok(summary.exit())
}

fn write(
    summary: &Summary,
    out: &Path,
    replay: &Replay,
    args: &RunArgs,
    lang: Lang,
) -> Result<String, Failure> {
    let path = out.join(FILE);
    let results = Results::of(summary, replay, lang, args.show_codes);
    fs::write(&path, results.to_json()).map_err(|error| unwritable(&path, &error, lang))?;
    Ok(path.display().to_string())
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
