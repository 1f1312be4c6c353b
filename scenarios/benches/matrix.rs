//! The matrix: `cargo bench -p counterproof-scenarios --bench matrix`.
//!
//! Runs 10,000 cases – the certified scenarios over radio profiles, wallets and seeds – against the
//! reference terminal, with one worker: every payment simulated, every record held against every
//! rule. In turns with that, cucumber alone runs as many scenarios with as many steps, of which none
//! does anything:
//!
//! * *bare*: one run, its own concurrency, one step that takes any text, features that are parsed already,
//!   nobody who listens;
//! * *in shares*: the same as our runner uses it, in runs of 200 scenarios, one at a time;
//! * *as it comes*: one run of the same feature text, read by its parser, with the patterns of our table as its
//!   steps, told by its own writer to nobody.
//!
//! What is compared is the CPU time of the process; each printed ratio is the median over the rounds. The goal is
//! a ratio of at most 1 to *bare*: the patterns that make *as it comes* slow are ours, not cucumber's.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark says what it measured, and has nothing to say when it cannot be set up"
)]

use std::convert::Infallible;
use std::fmt::Write as _;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use counterproof_scenarios::case::{Case, Matrix, plan};
use counterproof_scenarios::language::source::plain;
use counterproof_scenarios::run::{self, Options, TerminalFactory};
use counterproof_scenarios::steps::matcher;
use counterproof_scenarios::suite::{Suite, certified};
use counterproof_scenarios::verdict::Verdict;
use counterproof_sim::link::profiles;
use counterproof_sim::pos::ReferenceTerminal;
use counterproof_sim::vocabulary::{Vocabulary, Wallet};
use cucumber::{
    Cucumber, Event, Parser, Writer, WriterExt as _, cli, event, parser, runner, step, writer,
};
use futures::FutureExt as _;
use futures::{future, stream};
use gherkin::{Feature, GherkinEnv, LineCol, Span, StepType};
use regex::Regex;
use rustix::time::{ClockId, clock_gettime};

/// The one of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many cases.
const CASES: usize = 10_000;
/// How often everything is measured.
const ROUNDS: usize = 5;
/// As `run` cuts its plan.
const SHARE: usize = 200;
/// Profiles over which a payment comes through, so that every certified scenario can pass.
const PROFILES: [&str; 6] = ["excellent", "good", "fair", "broadband", "crowded", "weak"];

fn main() {
    let cases = cases();
    let steps: usize = cases.iter().map(|case| case.scenario.steps.len()).sum();
    let features = features(&cases);
    let texts = texts(&cases);
    let shares: Vec<Vec<Feature>> = cases
        .chunks(SHARE)
        .map(|share| vec![feature(share.iter())])
        .collect();
    println!("{} cases, {steps} steps", cases.len());
    let mut rounds = Vec::new();
    for round in 1..=ROUNDS {
        let (ours, failed) = timed(|| ours(&cases));
        let (bare, ()) = timed(|| alone(features.clone(), None));
        let (parts, ()) = timed(|| {
            for share in &shares {
                alone(share.clone(), Some(1));
            }
        });
        let (whole, ()) = timed(|| as_it_comes(&texts));
        println!(
            "round {round}: ours {ours:.2?} ({failed} not passed), \
             cucumber bare {bare:.2?}, in shares {parts:.2?}, as it comes {whole:.2?}"
        );
        rounds.push([ours, bare, parts, whole]);
    }
    let [ours, bare, parts, whole] = [0, 1, 2, 3].map(|what| {
        let each = |round: &[Duration; 4]| round[what].as_secs_f64() * 1e6 / CASES as f64;
        median(rounds.iter().map(each))
    });
    println!(
        "a case: ours {ours:.1} µs, bare {bare:.1} µs, in shares {parts:.1} µs, as it comes {whole:.1} µs"
    );
    let [bare, parts, whole] = [1, 2, 3].map(|floor| {
        let ratio = |round: &[Duration; 4]| round[0].as_secs_f64() / round[floor].as_secs_f64();
        median(rounds.iter().map(ratio))
    });
    println!("ours to cucumber bare: {bare:.2}; in shares: {parts:.2}; as it comes: {whole:.2}");
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// CPU time of the process, all its threads.
fn timed<T>(what: impl FnOnce() -> T) -> (Duration, T) {
    let cpu = || {
        let used = clock_gettime(ClockId::ProcessCPUTime);
        Duration::new(used.tv_sec.cast_unsigned(), used.tv_nsec as u32)
    };
    let start = cpu();
    let result = what();
    (cpu().saturating_sub(start), result)
}

/// The plan: every certified scenario that is run once over the matrix, thinned out evenly to [`CASES`]. One that
/// cuts the power at every point is as many runs as it has points, and no measure of a case.
fn cases() -> Vec<Case> {
    let suite = Suite::load(&certified()).unwrap();
    let mut matrix = Matrix {
        profiles: PROFILES.map(|name| profiles::find(name).unwrap()).to_vec(),
        wallets: Wallet::ALL.to_vec(),
        ..Matrix::default()
    };
    let scenarios = suite.scenarios().iter();
    let run_once: Vec<_> = scenarios
        .filter(|scenario| scenario.varied().is_none())
        .cloned()
        .collect();
    let once = plan(&run_once, &matrix).len();
    matrix.seeds = CASES.div_ceil(once) as u64;
    let all = plan(&run_once, &matrix);
    (0..CASES)
        .map(|place| all[place * all.len() / CASES].clone())
        .collect()
}

/// Our runner; returns how many cases did not pass.
fn ours(cases: &[Case]) -> usize {
    let factory: TerminalFactory = Arc::new(|| Ok(Box::new(ReferenceTerminal::new())));
    let options = Options {
        jobs: 1,
        ..Options::default()
    };
    let (mut seen, mut failed) = (0, 0);
    run::run(cases, &factory, &options, &mut |result| {
        seen += 1;
        failed += usize::from(result.verdict != Verdict::Pass);
    });
    assert_eq!(seen, cases.len());
    failed
}

/// The cases as cucumber sees them, by feature file.
fn features(cases: &[Case]) -> Vec<Feature> {
    cases
        .chunk_by(|one, next| one.scenario.path == next.scenario.path)
        .map(|cases| feature(cases.iter()))
        .collect()
}

fn feature<'c>(cases: impl Iterator<Item = &'c Case>) -> Feature {
    Feature {
        keyword: "Feature".to_owned(),
        name: "matrix".to_owned(),
        description: None,
        background: None,
        scenarios: cases.map(scenario).collect(),
        rules: Vec::new(),
        tags: Vec::new(),
        span: Span { start: 0, end: 0 },
        position: LineCol::default(),
        path: None,
    }
}

fn scenario(case: &Case) -> gherkin::Scenario {
    let position = |line: u32| LineCol {
        line: line as usize,
        col: 1,
    };
    let steps = case.scenario.steps.iter().map(|step| gherkin::Step {
        keyword: "Given ".to_owned(),
        ty: StepType::Given,
        value: step.text.clone(),
        docstring: None,
        table: None,
        span: Span { start: 0, end: 0 },
        position: position(step.line),
    });
    gherkin::Scenario {
        keyword: "Scenario".to_owned(),
        name: case.id.to_string(),
        description: None,
        steps: steps.collect(),
        examples: Vec::new(),
        tags: Vec::new(),
        span: Span { start: 0, end: 0 },
        position: position(case.scenario.line),
    }
}

/// The cases as text, by feature file.
fn texts(cases: &[Case]) -> Vec<String> {
    cases
        .chunk_by(|one, next| one.scenario.path == next.scenario.path)
        .map(|cases| {
            let mut text = "Feature: matrix\n".to_owned();
            for case in cases {
                writeln!(text, "  Scenario: {}", case.id).unwrap();
                for step in &case.scenario.steps {
                    // An expanded outline may have a line end in a word.
                    let said = step.text[step.keyword..].replace(char::is_control, " ");
                    writeln!(text, "    * {}", plain(&said)).unwrap();
                }
            }
            text
        })
        .collect()
}

/// cucumber with all that belongs to it, of which we leave out only the reading of files; steps do nothing.
fn as_it_comes(texts: &[String]) {
    let mut steps = step::Collection::new();
    for pattern in matcher().patterns() {
        let regex = Regex::new(pattern.regex()).unwrap();
        steps = steps.given(None, regex, |_: &mut Nothing, _| {
            future::ready(()).boxed_local()
        });
    }
    let read = |text: &String| Feature::parse(text, GherkinEnv::default()).unwrap();
    let told = writer::Basic::new(io::sink(), writer::Coloring::Never, 0).summarized();
    let run = Cucumber::<Nothing, _, _, _, _, cli::Empty>::custom(
        Ready,
        runner::Basic::<Nothing>::default().steps(steps),
        told,
    )
    .with_cli(cli::Opts {
        re_filter: None,
        tags_filter: None,
        parser: cli::Empty,
        runner: runner::basic::Cli::default(),
        writer: writer::basic::Cli {
            verbose: 0,
            color: writer::Coloring::Never,
        },
        custom: cli::Empty,
    })
    .run(texts.iter().map(read).collect());
    let told = futures::executor::block_on(run);
    let all = told.scenarios_stats();
    assert_eq!((all.passed, all.total()), (CASES, CASES));
}

/// Runs the features with steps that do nothing; by itself cucumber runs 64 scenarios at a time.
fn alone(features: Vec<Feature>, concurrency: Option<usize>) {
    let anything = Regex::new("^").unwrap();
    let empty = step::Collection::new().given(None, anything, |_: &mut Nothing, _| {
        future::ready(()).boxed_local()
    });
    let mut runner = runner::Basic::<Nothing>::default().steps(empty);
    if let Some(concurrency) = concurrency {
        runner = runner.max_concurrent_scenarios(concurrency);
    }
    let run = Cucumber::<Nothing, _, _, _, _, cli::Empty>::custom(Ready, runner, Silence)
        .with_cli(cli::Opts {
            re_filter: None,
            tags_filter: None,
            parser: cli::Empty,
            runner: runner::basic::Cli::default(),
            writer: cli::Empty,
            custom: cli::Empty,
        })
        .run(features);
    futures::executor::block_on(run);
}

#[derive(Debug, Default)]
struct Nothing;

impl cucumber::World for Nothing {
    type Error = Infallible;

    async fn new() -> Result<Self, Infallible> {
        Ok(Self)
    }
}

/// Features that are parsed already.
struct Ready;

impl Parser<Vec<Feature>> for Ready {
    type Cli = cli::Empty;
    type Output = stream::Iter<std::vec::IntoIter<parser::Result<Feature>>>;

    fn parse(self, features: Vec<Feature>, _: cli::Empty) -> Self::Output {
        stream::iter(features.into_iter().map(Ok).collect::<Vec<_>>())
    }
}

struct Silence;

impl Writer<Nothing> for Silence {
    type Cli = cli::Empty;

    async fn handle_event(
        &mut self,
        _event: parser::Result<Event<event::Cucumber<Nothing>>>,
        _cli: &Self::Cli,
    ) {
    }
}

impl writer::Normalized for Silence {}
