//! Which of many failures to look at first. A defect breaks its own requirement in nearly every
//! scenario about it, and others' here and there: the requirements whose scenarios fail most
//! often are nearest to the cause. Of each the plainest case is told.

use std::collections::{BTreeMap, BTreeSet};

use counterproof_scenarios::case::Case;
use counterproof_scenarios::requirements::Requirement;

use crate::run::summary::{Finished, Judgement};

/// Failures that are told in full even where they bring nothing new.
const AT_LEAST: usize = 3;

/// A case of the plan with its place and its result.
pub type Row<'a> = (usize, &'a Case, &'a Finished);

/// The broken requirements, nearest to the cause first.
pub fn rank(judgements: &BTreeMap<Requirement, Judgement>) -> Vec<(Requirement, &Judgement)> {
    let mut ranked: Vec<_> = judgements
        .iter()
        .filter(|(_, judgement)| !judgement.failed.is_empty())
        .map(|(requirement, judgement)| (*requirement, judgement))
        .collect();
    ranked.sort_by(|(_, a), (_, b)| {
        // a.failed / a.scenarios against b.failed / b.scenarios, without fractions.
        let (left, right) = (a.failed.len() * b.scenarios, b.failed.len() * a.scenarios);
        right.cmp(&left).then(b.failed.len().cmp(&a.failed.len()))
    });
    ranked
}

/// Of the rows that broke something, those to be told in full, nearest to the cause first, each
/// with the requirement that it stands for; at most `limit`. The others follow in their order.
pub fn choose<'a>(
    rows: &[Row<'a>],
    ranked: &[(Requirement, &Judgement)],
    limit: usize,
) -> (Vec<(Row<'a>, Requirement)>, Vec<Row<'a>>) {
    let mut told: BTreeSet<Requirement> = BTreeSet::new();
    let mut chosen: Vec<(Row<'a>, Requirement)> = Vec::new();
    for (requirement, _) in ranked {
        let fits = rows
            .iter()
            .filter(|(_, _, finished)| finished.broken.contains(requirement));
        let plainest = fits.min_by_key(|(_, _, finished)| finished.broken.len());
        if let Some(row) = plainest.filter(|_| chosen.len() < limit && !told.contains(requirement))
        {
            told.extend(&row.2.broken);
            chosen.push((*row, *requirement));
        }
    }
    let enough = if limit == usize::MAX {
        limit
    } else {
        AT_LEAST.min(limit)
    };
    let mut rest = Vec::new();
    for row in rows {
        if chosen.iter().any(|(other, _)| other.0 == row.0) {
            continue;
        }
        let main = ranked
            .iter()
            .find(|(r, _)| row.2.broken.contains(r))
            .map(|(r, _)| *r);
        match main {
            Some(main) if chosen.len() < enough => chosen.push((*row, main)),
            _ => rest.push(*row),
        }
    }
    (chosen, rest)
}

#[cfg(test)]
mod tests {
    use counterproof_scenarios::requirements::Requirement::{Net04, Rev01, Txn03};
    use counterproof_scenarios::verdict::Verdict;

    use super::*;
    use crate::report::testing::{case, finished, summary};
    use crate::run::summary::Summary;

    fn run() -> Summary {
        let fail = |broken: &[Requirement]| Some(finished(Verdict::Fail, broken));
        summary(vec![
            (case("network/a", &[Net04]), fail(&[Txn03, Net04])),
            (
                case("network/b", &[Net04]),
                Some(finished(Verdict::Pass, &[])),
            ),
            (case("reversal/a", &[Rev01]), fail(&[Txn03, Rev01])),
            (case("reversal/b", &[Rev01]), fail(&[Rev01])),
            (case("reversal/c", &[Rev01]), fail(&[Rev01])),
        ])
    }

    #[test]
    fn what_fails_in_nearly_all_of_its_scenarios_comes_first() {
        let judgements = run().judgements();
        let ranked: Vec<_> = rank(&judgements).into_iter().map(|(r, _)| r).collect();
        assert_eq!(ranked, [Rev01, Net04, Txn03]);
    }

    #[test]
    fn the_plainest_case_stands_for_a_requirement_and_none_is_lost() {
        let summary = run();
        let judgements = summary.judgements();
        let rows: Vec<Row<'_>> = summary
            .finished()
            .filter(|(_, _, f)| !f.broken.is_empty())
            .collect();
        let (full, rest) = choose(&rows, &rank(&judgements), 10);
        let full: Vec<_> = full.iter().map(|((place, ..), r)| (*place, *r)).collect();
        assert_eq!(full, [(3, Rev01), (0, Net04), (2, Rev01)]);
        assert_eq!(rest.iter().map(|row| row.0).collect::<Vec<_>>(), [4]);

        let (full, rest) = choose(&rows, &rank(&judgements), 1);
        assert_eq!((full.len(), rest.len()), (1, 3));
        let (full, rest) = choose(&rows, &rank(&judgements), usize::MAX);
        assert_eq!((full.len(), rest.len()), (4, 0));
    }
}
