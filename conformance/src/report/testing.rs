//! Cases and results for the tests of runs and reports.

use std::sync::Arc;

use counterproof_scenarios::case::{Case, Scenario};
use counterproof_scenarios::requirements::Requirement;
use counterproof_scenarios::verdict::{Sentence, Verdict};

use crate::run::summary::{Finished, Summary};

/// A case of the scenario `id` that checks `requirements`.
pub fn case(id: &str, requirements: &[Requirement]) -> Case {
    Case {
        id: format!("{id}#1").into(),
        scenario: Arc::new(Scenario {
            id: id.to_owned(),
            name: format!("The scenario {id}"),
            feature: "A feature".into(),
            path: format!("features/{id}.feature").into(),
            line: 3,
            tags: Vec::new(),
            requirements: requirements.to_vec(),
            needs: Vec::new(),
            steps: Vec::new(),
        }),
        profile: None,
        wallet: None,
        seed: 1,
    }
}

/// A result that broke `broken`, without a record.
pub fn finished(verdict: Verdict, broken: &[Requirement]) -> Finished {
    Finished {
        broken: broken.to_vec(),
        ..Finished::without_run(verdict, Sentence::new("it did not hold", "未满足"))
    }
}

/// A run of these.
pub fn summary(rows: Vec<(Case, Option<Finished>)>) -> Summary {
    let (cases, results) = rows.into_iter().unzip();
    Summary {
        results,
        ..Summary::new(cases, [7; 32], 1)
    }
}
