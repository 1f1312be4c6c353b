//! How long each case takes at the counter, known before a terminal that keeps its own time is asked to
//! take that long: the built-in terminal plays the plan first, in virtual time.

use std::cmp::Reverse;
use std::sync::Arc;

use counterproof_scenarios::case::Case;
use counterproof_scenarios::run::{self, Options, TerminalFactory};
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::pos::ReferenceTerminal;
use counterproof_sim::time::Span;

use super::plan::Planned;

/// Puts the longest first, so that at the end nobody waits for one that began late; how long each of
/// them takes in the counter's time, with every cut and damage of it.
pub fn longest_first(plan: &mut [&Planned], jobs: usize, dialect: &'static Dialect) -> Vec<Span> {
    let cases: Vec<Case> = plan.iter().map(|planned| planned.case.clone()).collect();
    let reference: TerminalFactory = Arc::new(|| Ok(Box::new(ReferenceTerminal::new())));
    let options = Options {
        jobs,
        dialect,
        ..Options::default()
    };
    let mut lengths = vec![Span::ZERO; cases.len()];
    run::run(&cases, &reference, &options, &mut |result| {
        lengths[result.case] = result.took;
    });
    let mut both: Vec<(Span, &Planned)> = lengths.into_iter().zip(plan.iter().copied()).collect();
    both.sort_by_key(|(length, _)| Reverse(*length));
    for (place, (_, planned)) in plan.iter_mut().zip(&both) {
        *place = planned;
    }
    both.into_iter().map(|(length, _)| length).collect()
}

#[cfg(test)]
mod tests {
    use counterproof_scenarios::suite::{Suite, certified};

    use super::*;
    use crate::run::plan::Plan;
    use crate::run::select::{Wish, select};
    use counterproof_sim::vocabulary::Lang;

    #[test]
    fn what_takes_longest_begins_and_every_length_stays_with_its_case() {
        let suite = Suite::load(&certified()).unwrap();
        let requirements = ["TXN-08".to_owned(), "CODE-01".to_owned()];
        let wish = Wish {
            requirements: &requirements,
            seed: 1,
            seeds: 1,
            ..Wish::default()
        };
        let cases = select(&suite, &wish, Lang::En).unwrap();
        let plan = Plan::of(cases, None, false);
        let mut order: Vec<&Planned> = plan.cases.iter().collect();
        let lengths = longest_first(&mut order, 2, Dialect::cup());
        assert!(lengths.is_sorted_by(|a, b| a >= b), "{lengths:?}");
        assert!(lengths[0] > lengths[lengths.len() - 1], "{lengths:?}");
        for (planned, length) in order.iter().zip(&lengths) {
            let alone = longest_first(&mut [planned], 1, Dialect::cup());
            assert_eq!(alone, [*length], "{}", planned.case.id);
        }
    }
}
