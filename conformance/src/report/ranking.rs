//! Which of many failures to look at first. A defect breaks its own requirement in nearly every
//! scenario about it, and others' here and there: the requirements whose scenarios fail most
//! often are nearest to the cause. Of each the plainest case is told.

use std::collections::{BTreeMap, BTreeSet};

use counterproof_scenarios::requirements::Requirement;

use crate::evidence::{CaseEvidence, RequirementEnd};

/// Failures that are told in full even where they bring nothing new.
const AT_LEAST: usize = 3;

/// The broken requirements, nearest to the cause first.
pub fn rank(ends: &BTreeMap<Requirement, RequirementEnd>) -> Vec<(Requirement, &RequirementEnd)> {
    let mut ranked: Vec<_> = ends
        .iter()
        .filter(|(_, end)| !end.failed.is_empty())
        .map(|(requirement, end)| (*requirement, end))
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
    rows: &[&'a CaseEvidence],
    ranked: &[(Requirement, &RequirementEnd)],
    limit: usize,
) -> (Vec<(&'a CaseEvidence, Requirement)>, Vec<&'a CaseEvidence>) {
    let mut told: BTreeSet<Requirement> = BTreeSet::new();
    let mut chosen: Vec<(&'a CaseEvidence, Requirement)> = Vec::new();
    for (requirement, _) in ranked {
        let fits = rows.iter().filter(|case| case.broken.contains(requirement));
        let plainest = fits.min_by_key(|case| case.broken.len());
        if let Some(row) = plainest.filter(|_| chosen.len() < limit && !told.contains(requirement))
        {
            told.extend(&row.broken);
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
        if chosen.iter().any(|(other, _)| other.place == row.place) {
            continue;
        }
        let main = ranked
            .iter()
            .find(|(r, _)| row.broken.contains(r))
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
    use counterproof_scenarios::verdict::Verdict::{Fail, Pass};

    use super::*;
    use crate::report::testing::{case, ended, summary};
    use crate::run::summary::Summary;

    fn run() -> Summary {
        summary(vec![
            ended(case("network/a", &[Net04]), Fail, &[Txn03, Net04]),
            ended(case("network/b", &[Net04]), Pass, &[]),
            ended(case("reversal/a", &[Rev01]), Fail, &[Txn03, Rev01]),
            ended(case("reversal/b", &[Rev01]), Fail, &[Rev01]),
            ended(case("reversal/c", &[Rev01]), Fail, &[Rev01]),
        ])
    }

    #[test]
    fn what_fails_in_nearly_all_of_its_scenarios_comes_first() {
        let summary = run();
        let ranked = rank(&summary.end.requirements).into_iter();
        let ranked: Vec<_> = ranked.map(|(requirement, _)| requirement).collect();
        assert_eq!(ranked, [Rev01, Net04, Txn03]);
    }

    #[test]
    fn the_plainest_case_stands_for_a_requirement_and_none_is_lost() {
        let summary = run();
        let ranked = rank(&summary.end.requirements);
        let rows: Vec<&CaseEvidence> = summary
            .cases
            .iter()
            .filter(|case| !case.broken.is_empty())
            .collect();
        let (full, rest) = choose(&rows, &ranked, 10);
        let full: Vec<_> = full.iter().map(|(case, r)| (case.place, *r)).collect();
        assert_eq!(full, [(3, Rev01), (0, Net04), (2, Rev01)]);
        assert_eq!(rest.iter().map(|case| case.place).collect::<Vec<_>>(), [4]);

        let (full, rest) = choose(&rows, &ranked, 1);
        assert_eq!((full.len(), rest.len()), (1, 3));
        let (full, rest) = choose(&rows, &ranked, usize::MAX);
        assert_eq!((full.len(), rest.len()), (4, 0));
    }
}
