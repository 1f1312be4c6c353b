//! Which part of a plan one machine of many works off: by `--shard`, or by what CI systems say in the
//! environment. Half of what it takes to know is an error: a machine that does not know its part would
//! do everything, or nothing, and look green.

use crate::evidence::Shard;

/// Where a CI system says which of how many machines this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The variable that says which.
    pub index: &'static str,
    /// The variable that says of how many.
    pub total: &'static str,
    /// What the first machine is called: 0 or 1.
    first: u32,
    /// Whether the total stands there without an index where nothing is sharded.
    total_alone: bool,
}

/// The variable that says of how many a Kubernetes job is: Kubernetes itself does not say it.
pub const KUBERNETES_TOTAL: &str = "COUNTERPROOF_SHARDS";
/// The file that Bazel wants to see touched by who understands its shards.
pub const BAZEL_STATUS: &str = "TEST_SHARD_STATUS_FILE";

/// Every CI system that is understood, in the order in which they are asked.
pub const SOURCES: &[Source] = &[
    // Bazel sets its variables around a test, inside of whatever CI runs Bazel.
    Source {
        index: "TEST_SHARD_INDEX",
        total: "TEST_TOTAL_SHARDS",
        first: 0,
        total_alone: false,
    },
    // GitLab: `parallel: N`. Without it the total is 1 and there is no index.
    Source {
        index: "CI_NODE_INDEX",
        total: "CI_NODE_TOTAL",
        first: 1,
        total_alone: true,
    },
    Source {
        index: "CIRCLE_NODE_INDEX",
        total: "CIRCLE_NODE_TOTAL",
        first: 0,
        total_alone: false,
    },
    Source {
        index: "BUILDKITE_PARALLEL_JOB",
        total: "BUILDKITE_PARALLEL_JOB_COUNT",
        first: 0,
        total_alone: false,
    },
    // Last: CI systems themselves run in indexed jobs.
    Source {
        index: "JOB_COMPLETION_INDEX",
        total: KUBERNETES_TOTAL,
        first: 0,
        total_alone: false,
    },
];

/// Why it is not known which part is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShardError {
    /// It is not written like `2/5`, or is none of these.
    Form(String),
    /// One variable of a pair is set and the other is not.
    Half {
        /// The one that is set.
        set: &'static str,
        /// The one that is not.
        missing: &'static str,
    },
    /// A variable says something that is no such number.
    Value {
        /// The variables.
        source: Source,
        /// What they say.
        said: (String, String),
    },
}

/// The part that is written like `2/5`.
///
/// # Errors
/// When it is not.
pub fn parse(text: &str) -> Result<Shard, ShardError> {
    let parts = text.split_once('/');
    let number = |text: &str| text.trim().parse::<u32>().ok();
    parts
        .and_then(|(index, total)| shard(number(index)?, number(total)?))
        .ok_or_else(|| ShardError::Form(text.to_owned()))
}

/// The part that the environment asks for, and who says so.
///
/// # Errors
/// When the environment says half of it, or something impossible.
pub fn from_environment(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<(Shard, Source)>, ShardError> {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let mut half = None;
    for source in SOURCES {
        match (variable(source.index), variable(source.total)) {
            (Some(index), Some(total)) => {
                let number = |text: &str| text.trim().parse::<u32>().ok();
                let read = number(&index)
                    .and_then(|index| (index + 1).checked_sub(source.first))
                    .and_then(|index| shard(index, number(&total)?));
                let said = (index, total);
                return match read {
                    Some(shard) => Ok(Some((shard, *source))),
                    None => Err(ShardError::Value {
                        source: *source,
                        said,
                    }),
                };
            }
            (Some(_), None) => {
                half.get_or_insert((source.index, source.total));
            }
            (None, Some(total)) if !(source.total_alone && total.trim() == "1") => {
                half.get_or_insert((source.total, source.index));
            }
            (None, _) => {}
        }
    }
    half.map_or(Ok(None), |(set, missing)| {
        Err(ShardError::Half { set, missing })
    })
}

fn shard(index: u32, total: u32) -> Option<Shard> {
    (1..=total)
        .contains(&index)
        .then_some(Shard { index, total })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(set: &[(&str, &str)]) -> Result<Option<Shard>, ShardError> {
        let of = |asked: &str| {
            let found = set.iter().find(|(name, _)| *name == asked);
            found.map(|(_, value)| (*value).to_owned())
        };
        from_environment(of).map(|found| found.map(|(shard, _)| shard))
    }

    const fn part(index: u32, total: u32) -> Shard {
        Shard { index, total }
    }

    #[test]
    fn every_ci_system_counts_from_where_it_counts() {
        for (index, total, first) in [
            ("CI_NODE_INDEX", "CI_NODE_TOTAL", "1"),
            ("CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", "0"),
            (
                "BUILDKITE_PARALLEL_JOB",
                "BUILDKITE_PARALLEL_JOB_COUNT",
                "0",
            ),
            ("JOB_COMPLETION_INDEX", "COUNTERPROOF_SHARDS", "0"),
            ("TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", "0"),
        ] {
            assert_eq!(said(&[(index, first), (total, "3")]), Ok(Some(part(1, 3))));
        }
    }

    #[test]
    fn half_a_pair_is_refused() {
        for (set, missing) in [
            ("CI_NODE_INDEX", "CI_NODE_TOTAL"),
            ("CI_NODE_TOTAL", "CI_NODE_INDEX"),
            ("JOB_COMPLETION_INDEX", "COUNTERPROOF_SHARDS"),
            ("TEST_TOTAL_SHARDS", "TEST_SHARD_INDEX"),
        ] {
            assert_eq!(said(&[(set, "2")]), Err(ShardError::Half { set, missing }));
        }
    }

    #[test]
    fn gitlab_without_parallel_is_not_sharded_and_a_whole_pair_outweighs_half_of_another() {
        assert_eq!(said(&[("CI_NODE_TOTAL", "1")]), Ok(None));
        assert_eq!(said(&[]), Ok(None));
        let both = [
            ("JOB_COMPLETION_INDEX", "7"),
            ("CI_NODE_INDEX", "2"),
            ("CI_NODE_TOTAL", "5"),
        ];
        assert_eq!(said(&both), Ok(Some(part(2, 5))));
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for value in ["0", "6", "x", "-1"] {
            let set = [("CI_NODE_INDEX", value), ("CI_NODE_TOTAL", "5")];
            assert!(
                matches!(said(&set), Err(ShardError::Value { .. })),
                "{value}"
            );
        }
        assert_eq!(parse("2/5"), Ok(part(2, 5)));
        for text in ["0/5", "6/5", "2", "2/", "/5", "a/b", "1/0", ""] {
            assert_eq!(parse(text), Err(ShardError::Form(text.to_owned())));
        }
    }

    #[test]
    fn every_case_falls_to_exactly_one_part_and_a_new_one_moves_none() {
        let ids: Vec<String> = (0..500).map(|n| format!("area/场景-{n}#1")).collect();
        let mut sizes = [0; 3];
        for id in &ids {
            let takers = (1..=3).filter(|index| part(*index, 3).takes(id));
            let takers: Vec<u32> = takers.collect();
            assert_eq!(takers.len(), 1, "{id}");
            sizes[takers[0] as usize - 1] += 1;
        }
        assert!(sizes.iter().all(|size| *size > 120), "{sizes:?}");
    }
}
