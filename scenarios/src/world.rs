//! What a running scenario is: a bench, and what its steps need to remember of one another.
//!
//! Here: the counter before and after it has power, and the words that several steps share –
//! the current order, the last code. Not here: the steps themselves ([`crate::steps`]) and the
//! judgement ([`crate::checks`]).

use counterproof_sim::bench::{Bench, BenchSetup, CutPoint};
use counterproof_sim::fault::Site;
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::link::profiles::Profile;
use counterproof_sim::record::{Entry, Fact};
use counterproof_sim::terminal::{
    Action, Event, Outcome, PaidOperation, StorageDamage, Terminal, TerminalError,
};
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::{Practice, Wallet};

use crate::history::History;
use crate::practices::{self, Ways};
use crate::verdict::{Breach, Sentence};

/// How long a step waits at the counter for something that is due at once: a scanner to be armed,
/// a display to change.
pub(crate) const AT_ONCE: Span = Span::from_secs(10);

/// After a final word, a scenario looks on for this long before it goes on: what a terminal does
/// wrong, it does now.
pub(crate) const AFTERMATH: Span = Span::from_secs(3);

/// A running scenario.
pub struct World {
    /// The counter before the terminal has power; gone afterwards.
    setup: Option<BenchSetup>,
    terminal: Option<Box<dyn Terminal>>,
    /// Boxed: it is large, and the world is taken apart when the scenario is over.
    bench: Option<Box<Bench>>,
    dialect: &'static Dialect,
    /// The order of the latest cashier operation.
    pub(crate) order: Box<str>,
    /// Where in the record the current `When` began.
    pub(crate) mark: usize,
    /// Line of the step that runs.
    pub(crate) line: u32,
    pub(crate) breaches: Vec<Breach>,
    /// Orders that the scenario opened by itself ("the next payment").
    pub(crate) extra_orders: u32,
    stop: Option<Stop>,
    /// What the terminal may do where the sources disagree.
    pub(crate) accepted: &'static Ways,
    /// Points on which the terminal has to show what it does, and had not when a step asked.
    pub(crate) awaited: Vec<Practice>,
    /// What the step that damages the storage at one place does.
    pub(crate) damage: Damage,
}

/// Damage whose place is varied from run to run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Damage {
    /// The scenario is not about it.
    #[default]
    None,
    /// The run without damage: where the storage can be damaged is noted.
    Places(Vec<StorageDamage>),
    /// It is damaged like this.
    At(StorageDamage),
}

/// Why a scenario cannot go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The terminal does not support an event that the scenario is about.
    Unsupported(&'static str),
    /// The terminal's adapter broke.
    Terminal(TerminalError),
    /// The scenario asks for something that cannot be at this point.
    Scenario(Sentence),
    /// What the scenario is about did not come about; nothing can be said.
    Missed(Sentence),
    /// The suite cannot do to this terminal what the scenario is about.
    OutOfReach(Sentence),
}

/// What a step comes to.
pub type StepResult = Result<(), Stop>;

impl World {
    /// The world of a scenario before its first step.
    pub fn new(setup: BenchSetup, terminal: Box<dyn Terminal>) -> Self {
        Self {
            dialect: setup.dialect,
            setup: Some(setup),
            terminal: Some(terminal),
            bench: None,
            order: "".into(),
            mark: 0,
            line: 0,
            breaches: Vec::new(),
            extra_orders: 0,
            stop: None,
            accepted: practices::accepted(),
            awaited: Vec::new(),
            damage: Damage::None,
        }
    }

    /// The counter as it will be when the terminal gets power.
    ///
    /// # Errors
    /// When it has power already.
    pub(crate) fn setup(&mut self) -> Result<&mut BenchSetup, Stop> {
        self.setup.as_mut().ok_or_else(|| {
            Stop::Scenario(Sentence::new(
                "this must be said before the terminal is switched on: move the step up",
                "此步骤必须在终端开机之前：请上移",
            ))
        })
    }

    /// Whether the terminal keeps its own time.
    pub(crate) fn keeps_its_own_time(&mut self) -> bool {
        match (&mut self.terminal, &self.bench) {
            (Some(terminal), _) => terminal.live().is_some(),
            (None, Some(bench)) => bench.keeps_its_own_time(),
            (None, None) => false,
        }
    }

    /// The bench, with power on from the first time that it is asked for.
    pub(crate) fn bench(&mut self) -> &mut Bench {
        if let (Some(setup), Some(terminal)) = (self.setup.take(), self.terminal.take()) {
            let mut bench = Box::new(Bench::new(setup, terminal));
            bench.power_on();
            self.bench = Some(bench);
        }
        self.bench
            .as_deref_mut()
            .expect("a world has a setup or a bench")
    }

    /// What happened so far.
    pub(crate) fn entries(&self) -> &[Entry] {
        self.bench
            .as_ref()
            .map_or(&[], |bench| bench.record().entries())
    }

    /// How exactly instants are known, and what the terminal's own clock shows at one.
    pub(crate) fn clock(&self) -> (Span, impl Fn(Time) -> Time + '_) {
        let bench = self.bench.as_deref();
        let tolerance = bench.map_or(Span::ZERO, Bench::tolerance);
        let clock = move |at| bench.map_or(at, |bench| bench.on_the_terminals_clock(at));
        (tolerance, clock)
    }

    /// Notes a breach of the scenario's requirements.
    pub(crate) fn breach(&mut self, expected: Sentence, seen: Sentence, entry: Option<usize>) {
        let at = entry.and_then(|i| self.entries().get(i)).map(|e| e.at);
        let line = Some(self.line);
        self.breaches.push(Breach {
            requirements: Vec::new(),
            expected,
            seen,
            at,
            entry,
            line,
        });
    }

    /// Gives the terminal an event, unless it is broken.
    ///
    /// # Errors
    /// [`Stop::Terminal`] when the terminal broke.
    pub(crate) fn give(&mut self, event: Event) -> StepResult {
        let from = self.entries().len();
        self.bench().give(event);
        self.check()?;
        let refused = self.entries()[from..]
            .iter()
            .find_map(|entry| match &entry.fact {
                Fact::Unsupported { event } => Some(event.name()),
                _ => None,
            });
        refused.map_or(Ok(()), |event| Err(Stop::Unsupported(event)))
    }

    /// Whether the terminal can still be talked to.
    ///
    /// # Errors
    /// [`Stop::Terminal`] when it cannot.
    pub(crate) fn check(&mut self) -> StepResult {
        match self.bench().broken() {
            Some(error) => Err(Stop::Terminal(error.clone())),
            None => Ok(()),
        }
    }

    /// Whether the cashier has asked anything about `order`: of one that nobody has heard of,
    /// nothing can be said.
    ///
    /// # Errors
    /// [`Stop::Scenario`] when nobody has.
    pub(crate) fn heard_of(&self, order: &str) -> StepResult {
        let about = |event: &Event| {
            matches!(event, Event::Pay { order: o, .. } | Event::Refund { order: o, .. }
                | Event::Void { order: o } | Event::Status { order: o } if **o == *order)
        };
        let heard = self.entries().iter().any(|e| match &e.fact {
            Fact::Told { event } => about(event),
            Fact::PowerCut {
                instead_of_answer_to,
            } => instead_of_answer_to.as_ref().is_some_and(about),
            _ => false,
        });
        if heard {
            return Ok(());
        }
        Err(Stop::Scenario(if order.is_empty() {
            Sentence::new(
                "no order was opened: say first what the cashier does",
                "没有发起过任何订单：请先写明收银员的操作",
            )
        } else {
            Sentence::new(
                format!("order {order} was never opened: correct its name, or open it first"),
                format!("订单{order}从未发起：请更正订单号，或先发起该订单"),
            )
        }))
    }

    /// The outcomes of payments of `order`, oldest first, with their places in the record.
    pub(crate) fn outcomes<'w>(
        &'w self,
        order: &'w str,
    ) -> impl DoubleEndedIterator<Item = (usize, Time, &'w Outcome)> {
        outcomes(self.entries(), order, PaidOperation::Pay)
    }

    /// The last word on the payment of `order` since it was last opened.
    pub(crate) fn last_outcome<'w>(&'w self, order: &'w str) -> Option<(usize, Time, &'w Outcome)> {
        let opened = self.entries().iter().rposition(
            |e| matches!(&e.fact, Fact::Told { event: Event::Pay { order: o, .. } } if **o == *order),
        );
        self.outcomes(order)
            .rfind(|(index, ..)| opened.is_none_or(|opened| *index > opened))
    }

    /// Runs until `order` has a final word that came after the entry `from`, at most for as long
    /// as TXN-05 allows plus the time a customer has to show a code.
    pub(crate) fn run_to_final(&mut self, order: &str, from: usize) {
        self.run_to_final_of(order, PaidOperation::Pay, from);
    }

    /// The same for any operation on an order.
    pub(crate) fn run_to_final_of(&mut self, order: &str, of: PaidOperation, from: usize) {
        let bench = self.bench();
        let limit = bench.now() + bench.patience() + AT_ONCE;
        let is_final = |entry: &Entry| {
            matches!(&entry.fact, Fact::Did { action: Action::Outcome(o) }
                if *o.order == *order && o.operation == of && o.status.is_final())
        };
        if bench.run_until(from, limit, is_final).is_some() {
            let on = bench.now() + AFTERMATH;
            bench.run_to(on);
        }
    }

    /// The record interpreted, as far as it goes.
    pub(crate) fn history(&mut self) -> History<'_> {
        let (dialect, accepted) = (self.dialect, self.accepted);
        let bench = self.bench();
        History::of(bench.record(), bench.setup(), dialect)
            .known_within(bench.tolerance())
            .accepting(accepted)
    }

    /// Takes the world apart when the scenario is over: the bench or, where no step needed it, the
    /// terminal.
    pub(crate) fn into_parts(
        self,
    ) -> (
        Option<Box<Bench>>,
        Option<Box<dyn Terminal>>,
        Vec<Breach>,
        Option<Stop>,
    ) {
        (self.bench, self.terminal, self.breaches, self.stop)
    }

    /// Whether the storage was damaged.
    pub(crate) fn is_damaged(&mut self) -> bool {
        let damaged = |e: &Entry| matches!(e.fact, Fact::Damaged { .. });
        self.entries().iter().any(damaged)
    }

    /// Whether the power failed, or a fault was armed by which it should have.
    pub(crate) fn has_cut_or_will(&mut self) -> bool {
        self.entries().iter().any(|e| match &e.fact {
            Fact::PowerCut { .. } => true,
            Fact::Armed { fault, .. } => fault.kind.site() == Site::Power,
            _ => false,
        })
    }

    /// Every point at which the power can be cut, of what was watched.
    pub(crate) fn cut_points(&self) -> Vec<CutPoint> {
        self.bench
            .as_deref()
            .map_or_else(Vec::new, Bench::cut_points)
    }

    /// Notes why the scenario cannot go on.
    pub(crate) fn stop(&mut self, stop: Stop) {
        self.stop.get_or_insert(stop);
    }

    /// Whether the scenario cannot go on.
    pub(crate) fn stopped(&self) -> bool {
        self.stop.is_some()
    }

    /// A step begins.
    pub(crate) fn begin_step(&mut self, text: &str, line: u32) {
        self.line = line;
        if let Some(bench) = self.bench.as_mut() {
            bench.step(text, line);
        }
    }

    /// The wallet that the customer uses from now on.
    pub(crate) fn choose_wallet(&mut self, wallet: Wallet) {
        match (&mut self.bench, &mut self.setup) {
            (Some(bench), _) => bench.phone_mut().set_wallet(wallet),
            (None, Some(setup)) => setup.wallet = wallet,
            (None, None) => {}
        }
    }

    /// The radio profile of a link, or of all, from now on.
    pub(crate) fn choose_profile(&mut self, link: Option<&str>, profile: &'static Profile) {
        match (&mut self.bench, &mut self.setup) {
            (Some(bench), _) => {
                for name in bench.link_names() {
                    if link.is_none_or(|link| *link == *name) {
                        bench.set_profile(&name, profile);
                    }
                }
            }
            (None, Some(setup)) => {
                for (name, of_link) in &mut setup.links {
                    if link.is_none_or(|link| *link == **name) {
                        *of_link = profile;
                    }
                }
            }
            (None, None) => {}
        }
    }

    /// How long the power stays off after a cut from now on.
    pub(crate) fn set_power_off(&mut self, off: Span) {
        match (&mut self.bench, &mut self.setup) {
            (Some(bench), _) => bench.set_power_off(off),
            (None, Some(setup)) => setup.power_off = off,
            (None, None) => {}
        }
    }

    /// The same as [`World::check`] where the terminal has had power.
    ///
    /// # Errors
    /// [`Stop::Terminal`] when it broke.
    pub(crate) fn check_if_on(&mut self) -> StepResult {
        if self.bench.is_some() {
            self.settle_instant()
        } else {
            Ok(())
        }
    }

    /// Lets happen what is due at this instant.
    ///
    /// # Errors
    /// [`Stop::Terminal`] when the terminal broke.
    pub(crate) fn settle_instant(&mut self) -> StepResult {
        let bench = self.bench();
        let now = bench.now().ceil_to_millis();
        bench.run_to(now);
        self.check()
    }

    /// What a `When` waited for has come, or is noted as missing.
    ///
    /// # Errors
    /// [`Stop::Terminal`] when the terminal broke.
    pub(crate) fn expect_found(&mut self, found: Option<usize>, wanted: Sentence) -> StepResult {
        self.check()?;
        if found.is_none() {
            self.breach(wanted, Sentence::new("it never came", "始终没有出现"), None);
        }
        Ok(())
    }

    /// When the payment of `order` was last opened; the start of the record where it never was.
    pub(crate) fn opened(&self, order: &str) -> Time {
        let opens = |e: &&Entry| matches!(&e.fact, Fact::Told { event: Event::Pay { order: o, .. } } if **o == *order);
        let entries = self.entries();
        entries
            .iter()
            .rev()
            .find(opens)
            .or(entries.first())
            .map_or(Time::default(), |e| e.at)
    }
}

impl Stop {
    /// What the report says.
    pub(crate) fn sentence(&self) -> Sentence {
        match self {
            Self::Terminal(error) => Sentence::new(error.to_string(), error.to_string()),
            Self::Unsupported(event) => Sentence::new(
                format!("the terminal answers {event} with error -32001, unsupported"),
                format!("终端对 {event} 返回错误 -32001（不支持）"),
            ),
            Self::Scenario(sentence) | Self::Missed(sentence) | Self::OutOfReach(sentence) => {
                sentence.clone()
            }
        }
    }
}

/// The outcomes of `operation` on `order` among `entries`.
pub(crate) fn outcomes<'r>(
    entries: &'r [Entry],
    order: &'r str,
    operation: PaidOperation,
) -> impl DoubleEndedIterator<Item = (usize, Time, &'r Outcome)> {
    entries
        .iter()
        .enumerate()
        .filter_map(move |(index, entry)| match &entry.fact {
            Fact::Did {
                action: Action::Outcome(outcome),
            } if *outcome.order == *order && outcome.operation == operation => {
                Some((index, entry.at, &**outcome))
            }
            _ => None,
        })
}
