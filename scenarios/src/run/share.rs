//! A share of the plan through cucumber: our own parser hands it features whose steps are places
//! in the share, one step that fits them all runs what the table of steps says, and our own
//! writer listens for what goes wrong outside of a step. Matching was done when the suite was
//! loaded: a case on the thousandth row of the matrix is not matched a thousand times.

use std::any::Any;
use std::cell::RefCell;
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::mpsc::SyncSender;

use counterproof_sim::bench::BenchSetup;
use counterproof_sim::random::Seeds;
use counterproof_sim::terminal::{Terminal, TerminalError};
use cucumber::event::{Cucumber as Happening, ScenarioFinished};
use cucumber::{Cucumber, Event, Parser, Writer, cli, parser, runner, step};
use futures::FutureExt as _;
use futures::future::{self, LocalBoxFuture};
use futures::stream;
use gherkin::{Feature, LineCol, Rule, Span, StepType};
use regex::Regex;

use super::certain;
use super::judge::judge;
use super::outbox::Outbox;
use super::queue::Queue;
use super::vary::{self, Opened, Points};
use super::{Options, TerminalFactory};
use crate::case::{Case, Varied};
use crate::verdict::{CaseResult, Sentence};
use crate::world::{Damage, Stop, World};

thread_local! {
    /// What the steps of this thread's share need: cucumber hands them nothing of ours.
    static DESK: RefCell<Option<Desk>> = const { RefCell::new(None) };
}

/// A worker's desk.
struct Desk {
    factory: TerminalFactory,
    results: Outbox,
    options: Options,
    queue: Arc<Queue>,
    /// The terminal of the last case, to be used again.
    terminal: Option<Box<dyn Terminal>>,
    /// Place in the plan of the first case of the share.
    first: usize,
    cases: Vec<Case>,
    /// The case that this worker has opened and goes on with.
    opened: Option<Arc<Points>>,
}

/// A worker thread's side of the run.
pub(super) struct Worker;

impl Worker {
    pub(super) fn new(
        factory: &TerminalFactory,
        results: SyncSender<Vec<CaseResult>>,
        options: &Options,
        queue: &Arc<Queue>,
    ) -> Self {
        DESK.set(Some(Desk {
            factory: Arc::clone(factory),
            results: Outbox::new(results),
            options: options.clone(),
            queue: Arc::clone(queue),
            terminal: None,
            first: 0,
            cases: Vec::new(),
            opened: None,
        }));
        Self
    }

    /// Runs the cases, of which the first stands at `first` in the plan. A case of many runs is a share of its own.
    pub(super) fn run(&self, first: usize, cases: &[Case]) {
        with_desk(|desk| {
            desk.first = first;
            desk.cases = cases.to_vec();
        });
        let runner = runner::Basic::<CaseWorld>::default()
            .steps(collection())
            .max_concurrent_scenarios(1)
            .after(after);
        let run = Cucumber::<CaseWorld, _, _, _, _, cli::Empty>::custom(Places, runner, Listener)
            .with_cli(cli::Opts {
                re_filter: None,
                tags_filter: None,
                parser: cli::Empty,
                runner: runner::basic::Cli::default(),
                writer: cli::Empty,
                custom: cli::Empty,
            })
            .run(cases);
        futures::executor::block_on(run);
        with_desk(|desk| desk.results.flush());
        if let Some(points) = with_desk(|desk| desk.opened.take()) {
            self.play(&points);
        }
    }

    /// Plays points of a case until none is left.
    #[expect(
        clippy::unused_self,
        reason = "the worker stands for its thread's desk"
    )]
    pub(super) fn play(&self, points: &Points) {
        // Stopped halfway, the case counts as not begun.
        while !stopped() {
            let Some(place) = points.take() else { break };
            if let Some(result) = points.play(place) {
                with_desk(|desk| {
                    desk.results.put(result);
                    desk.results.flush();
                });
            }
        }
    }
}

impl Drop for Worker {
    /// The terminal goes before its thread does: a child process is to end with it.
    fn drop(&mut self) {
        DESK.set(None);
    }
}

fn with_desk<T>(what: impl FnOnce(&mut Desk) -> T) -> T {
    DESK.with_borrow_mut(|desk| what(desk.as_mut().expect("the worker has set its desk")))
}

/// Whether the run is to end.
pub(super) fn stopped() -> bool {
    with_desk(|desk| desk.queue.stopped())
}

/// Parses nothing: the plan was parsed, linted and matched when the suite was loaded.
struct Places;

impl Parser<&[Case]> for Places {
    type Cli = cli::Empty;
    type Output = stream::Once<future::Ready<parser::Result<Feature>>>;

    fn parse(self, cases: &[Case], _: cli::Empty) -> Self::Output {
        let scenarios = cases
            .iter()
            .enumerate()
            .map(|(place, case)| scenario(place, case))
            .collect();
        stream::once(future::ready(Ok(Feature {
            keyword: String::new(),
            name: String::new(),
            description: None,
            background: None,
            scenarios,
            rules: Vec::new(),
            tags: Vec::new(),
            span: Span { start: 0, end: 0 },
            position: LineCol::default(),
            path: None,
        })))
    }
}

/// A case as cucumber sees it: its place for a name, and its steps' places for steps.
fn scenario(place: usize, case: &Case) -> gherkin::Scenario {
    let position = |line: u32| LineCol {
        line: line as usize,
        col: 1,
    };
    let steps = case
        .scenario
        .steps
        .iter()
        .enumerate()
        .map(|(number, step)| gherkin::Step {
            keyword: String::new(),
            ty: StepType::Given,
            value: format!("{place}:{number}"),
            docstring: None,
            table: None,
            span: Span { start: 0, end: 0 },
            position: position(step.line),
        });
    gherkin::Scenario {
        keyword: String::new(),
        name: place.to_string(),
        description: None,
        steps: steps.collect(),
        examples: Vec::new(),
        tags: Vec::new(),
        span: Span { start: 0, end: 0 },
        position: position(case.scenario.line),
    }
}

/// The one step that fits them all: what it is given is a place of ours, and nothing else comes.
fn collection() -> step::Collection<CaseWorld> {
    static ANY: LazyLock<Regex> = LazyLock::new(|| Regex::new("^").expect("a regular expression"));
    step::Collection::new().given(None, ANY.clone(), |world, context| {
        perform(world, &context.step.value);
        future::ready(()).boxed_local()
    })
}

/// Listens to cucumber; everything of interest reaches the desk without it.
struct Listener;

impl Writer<CaseWorld> for Listener {
    type Cli = cli::Empty;

    async fn handle_event(
        &mut self,
        _event: parser::Result<Event<Happening<CaseWorld>>>,
        _cli: &Self::Cli,
    ) {
    }
}

impl cucumber::writer::Normalized for Listener {}

/// What cucumber carries from step to step.
#[derive(Default)]
struct CaseWorld {
    /// Boxed: cucumber moves this about between its futures.
    world: Option<Box<World>>,
    /// Why there is none, or why the case cannot go on: the suite itself broke.
    trouble: Option<Trouble>,
}

/// Why a case came to nothing.
pub(super) enum Trouble {
    /// No terminal could be had.
    Terminal(TerminalError),
    /// The suite panicked.
    Panic(String),
}

impl std::fmt::Debug for CaseWorld {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CaseWorld")
    }
}

impl cucumber::World for CaseWorld {
    type Error = Infallible;

    async fn new() -> Result<Self, Infallible> {
        Ok(Self::default())
    }
}

fn perform(case_world: &mut CaseWorld, value: &str) {
    let Some((place, number)) = value.split_once(':') else {
        return;
    };
    let (Ok(place), Ok(number)) = (place.parse::<usize>(), number.parse::<usize>()) else {
        return;
    };
    if case_world.trouble.is_some() {
        return;
    }
    let case = with_desk(|desk| desk.cases[place].clone());
    if case_world.world.is_none() {
        match terminal() {
            Ok(terminal) => case_world.world = Some(Box::new(world(&case, terminal))),
            Err(error) => {
                case_world.trouble = Some(Trouble::Terminal(error));
                return;
            }
        }
    }
    let Some(world) = case_world.world.as_mut().filter(|world| !world.stopped()) else {
        return;
    };
    let step = &case.scenario.steps[number];
    if case.scenario.varied() == Some(Varied::Cuts) {
        vary::watch(&case, number, world, None);
    }
    match catch_unwind(AssertUnwindSafe(|| step.run(world))) {
        Ok(Ok(())) => {}
        Ok(Err(stop)) => world.stop(stop),
        Err(panic) => case_world.trouble = Some(Trouble::Panic(panic_text(&*panic))),
    }
}

pub(super) fn terminal() -> Result<Box<dyn Terminal>, TerminalError> {
    let (kept, factory) = with_desk(|desk| (desk.terminal.take(), Arc::clone(&desk.factory)));
    kept.map_or_else(|| factory(), Ok)
}

pub(super) fn world(case: &Case, terminal: Box<dyn Terminal>) -> World {
    let mut setup = BenchSetup::new(Seeds::new(case.seed, &case.scenario.id));
    (setup.dialect, setup.capture) = with_desk(|desk| (desk.options.dialect, desk.options.capture));
    if let Some(profile) = case.profile {
        for (_, of_link) in &mut setup.links {
            *of_link = profile;
        }
    }
    if let Some(wallet) = case.wallet {
        setup.wallet = wallet;
    }
    let mut world = World::new(setup, terminal);
    world.accepted = with_desk(|desk| desk.options.accepted);
    if case.scenario.varied() == Some(Varied::Places) {
        world.damage = Damage::Places(Vec::new());
    }
    world
}

/// The case is over, whatever became of its steps.
fn after<'a>(
    _: &'a Feature,
    _: Option<&'a Rule>,
    scenario: &'a gherkin::Scenario,
    _: &'a ScenarioFinished,
    world: Option<&'a mut CaseWorld>,
) -> LocalBoxFuture<'a, ()> {
    let case_world = world.map(std::mem::take).unwrap_or_default();
    if let Ok(place) = scenario.name.parse::<usize>() {
        finish(place, case_world);
    }
    future::ready(()).boxed_local()
}

fn finish(place: usize, case_world: CaseWorld) {
    let (case, number) = with_desk(|desk| (desk.cases[place].clone(), desk.first + place));
    let CaseWorld { world, trouble } = case_world;
    let world = world.map(|world| *world);
    let variants = world.as_ref().map_or_else(Vec::new, vary::variants);
    let first = judged(number, &case, world, trouble);
    let again = || (!stopped()).then(|| vary::run_whole(&case, number));
    let Some(result) = certain::until_certain(first, again) else {
        return;
    };
    let put = |result| with_desk(|desk| desk.results.put(result));
    let Some(varied) = case.scenario.varied() else {
        return put(result);
    };
    match Points::open(&case, varied, result, &variants) {
        Opened::Decided(result) => put(*result),
        Opened::At(points) => with_desk(|desk| {
            desk.queue.open(Arc::clone(&points));
            desk.opened = Some(points);
        }),
    }
}

/// Judges a case and keeps its terminal, if it may be used again.
pub(super) fn judged(
    number: usize,
    case: &Case,
    world: Option<World>,
    trouble: Option<Trouble>,
) -> CaseResult {
    match catch_unwind(AssertUnwindSafe(|| judge(number, case, world, trouble))) {
        Ok((result, terminal)) => {
            with_desk(|desk| desk.terminal = terminal);
            result
        }
        Err(panic) => {
            let trouble = Trouble::Panic(panic_text(&*panic));
            judge(number, case, None, Some(trouble)).0
        }
    }
}

pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a text".to_owned())
}

impl Trouble {
    /// What the report says.
    pub(super) fn sentence(&self) -> Sentence {
        match self {
            Self::Terminal(error) => Stop::Terminal(error.clone()).sentence(),
            Self::Panic(text) => Sentence::new(
                format!(
                    "the suite itself failed: {text}; please report this with the replay command"
                ),
                format!("测试套件自身出错：{text}；请附上重放命令报告此问题"),
            ),
        }
    }
}
