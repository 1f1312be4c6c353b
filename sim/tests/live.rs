//! The bench with a terminal that keeps its own time: one that says at known instants what it is told to
//! say, by a clock that nobody has to wait for.

use std::collections::VecDeque;

use counterproof_sim::bench::{Bench, BenchSetup};
use counterproof_sim::link::Listener;
use counterproof_sim::pos::ReferenceTerminal;
use counterproof_sim::random::Seeds;
use counterproof_sim::record::Fact;
use counterproof_sim::terminal::{
    Action, Event, Identity, Live, Outcome, PaidOperation, Reply, Setup, Status, Terminal,
    TerminalError, Waited,
};
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::Face;

const TOLERANCE: Span = Span::from_millis(50);

/// Says each of these so long after any event.
struct Scripted {
    says: Vec<(Span, Action)>,
    due: VecDeque<(Time, Action)>,
    now: Time,
}

impl Terminal for Scripted {
    fn initialize(&mut self, setup: &Setup) -> Result<Identity, TerminalError> {
        self.now = Time::from_millis(setup.now);
        let mut known = ReferenceTerminal::new().initialize(setup)?;
        known.wake_at = None;
        Ok(known)
    }

    fn event(&mut self, at: Time, _: &Event, _: &mut Reply) -> Result<(), TerminalError> {
        let says = self.says.drain(..).map(|(after, what)| (at + after, what));
        self.due.extend(says);
        Ok(())
    }

    fn cut_power(&mut self) -> Result<(), TerminalError> {
        self.due.clear();
        Ok(())
    }

    fn cut_power_during(
        &mut self,
        _: Time,
        _: &Event,
        _: Option<u32>,
    ) -> Result<(), TerminalError> {
        self.cut_power()
    }

    fn live(&mut self) -> Option<&mut dyn Live> {
        Some(self)
    }
}

impl Live for Scripted {
    fn wait(&mut self, until: Time, actions: &mut Vec<Action>) -> Result<Waited, TerminalError> {
        self.now = until;
        if let Some((at, action)) = self.due.pop_front_if(|(at, _)| *at <= until) {
            self.now = at;
            actions.push(action);
        }
        let (now, late) = (self.now, Span::ZERO);
        Ok(Waited { now, late })
    }

    fn listen(&mut self, _: usize, _: Listener, _: Option<Face>) {}

    fn scale(&self) -> u32 {
        1
    }

    fn tolerance(&self) -> Span {
        TOLERANCE
    }
}

fn bench(says: Vec<(Span, Action)>) -> Bench {
    let terminal = Scripted {
        says,
        due: VecDeque::new(),
        now: Time::default(),
    };
    let setup = BenchSetup::new(Seeds::new(1, "live"));
    let mut bench = Bench::new(setup, Box::new(terminal));
    bench.power_on();
    bench
}

fn declined() -> Action {
    Action::Outcome(Box::new(Outcome {
        order: "A1".into(),
        operation: PaidOperation::Pay,
        status: Status::Declined,
        reason: None,
        advice: Vec::new(),
        amount: None,
        rrn: None,
        host_code: None,
    }))
}

/// What became of a cut in place of the answer to the cancel key.
fn cut(bench: &mut Bench) -> Vec<&'static str> {
    bench.cut_power_instead_of_answer(Event::Cancel);
    let facts = bench.record().entries().iter();
    let facts = facts.filter_map(|entry| match &entry.fact {
        Fact::Told {
            event: Event::Cancel,
        } => Some("told"),
        Fact::Did { .. } => Some("did"),
        Fact::PowerCut {
            instead_of_answer_to: Some(_),
        } => Some("cut in place of the answer"),
        Fact::PowerCut { .. } => Some("cut"),
        _ => None,
    });
    facts.collect()
}

#[test]
fn a_word_on_the_money_before_the_power_failed_shows_that_the_event_was_handled() {
    let soon = Span::from_millis(10);
    let mut spoke = bench(vec![(soon, declined())]);
    assert_eq!(cut(&mut spoke), ["told", "did", "cut"]);
    let at = |wanted: fn(&Fact) -> bool| {
        let mut entries = spoke.record().entries().iter();
        entries.find(|entry| wanted(&entry.fact)).unwrap().at
    };
    let told = at(|fact| {
        matches!(
            fact,
            Fact::Told {
                event: Event::Cancel
            }
        )
    });
    assert_eq!(at(|fact| matches!(fact, Fact::Did { .. })), told + soon);

    let mut busy = bench(vec![(soon, Action::ScannerOn)]);
    assert_eq!(cut(&mut busy), ["did", "cut in place of the answer"]);
    let mut late = bench(vec![(TOLERANCE + soon, declined())]);
    assert_eq!(cut(&mut late), ["cut in place of the answer"]);
}

#[test]
fn a_step_waits_for_what_the_terminal_still_says_and_for_nobody_else() {
    let mut bench = bench(vec![(Span::from_millis(10), declined())]);
    let begin = bench.now();
    let limit = begin + Span::from_secs(1);
    let boots = |fact: &Fact| matches!(fact, Fact::Boot { .. });
    assert!(
        bench
            .run_until(0, limit, |entry| boots(&entry.fact))
            .is_some()
    );
    assert_eq!(bench.now(), begin);
    bench.give(Event::Cancel);
    let does = |fact: &Fact| matches!(fact, Fact::Did { .. });
    assert!(
        bench
            .run_until(0, limit, |entry| does(&entry.fact))
            .is_some()
    );
    assert!(bench.now() > begin + Span::from_millis(10));
}
