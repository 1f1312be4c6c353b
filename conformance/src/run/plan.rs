//! The plan of a run: its cases with their places, and which part of it one machine works off.

use std::sync::Arc;

use counterproof_scenarios::case::Case;
use counterproof_sim::vocabulary::Wallet;
use sha2::{Digest as _, Sha256};

use crate::evidence::{CaseEvidence, Digest, ScenarioText, Shard};
use crate::run::replay::Replay;

/// The cases that one run works off.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its cases, in the order of the plan.
    pub cases: Vec<Planned>,
    /// Cases of the whole plan, all shards together.
    pub whole: usize,
    /// Digest of the ids of the whole plan, a line each.
    pub digest: Digest,
    /// The radio profiles of the matrix that the whole plan is played under, in its order.
    pub radio: Vec<String>,
    /// The wallets of the matrix that the whole plan is played with, in its order.
    pub wallets: Vec<Wallet>,
    /// Which part of the whole this is.
    pub shard: Option<Shard>,
}

/// A case with its place in the whole plan.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The case.
    pub case: Case,
    /// Its place in the whole plan.
    pub place: usize,
    /// Its scenario as it is written.
    pub text: Arc<ScenarioText>,
}

impl Plan {
    /// The plan of these cases, or the part of it that falls to `shard`. `show_codes` says whether
    /// payment codes in the steps stay in clear.
    pub fn of(cases: Vec<Case>, shard: Option<Shard>, show_codes: bool) -> Self {
        let mut hash = Sha256::new();
        for case in &cases {
            hash.update(case.id.as_bytes());
            hash.update(b"\n");
        }
        let whole = cases.len();
        let radio = cases.iter().filter_map(|case| case.profile);
        let radio = once(radio.map(|profile| profile.name.clone()));
        let wallets = once(cases.iter().filter_map(|case| case.wallet));
        let mut planned: Vec<Planned> = Vec::with_capacity(whole);
        for (place, case) in cases.into_iter().enumerate() {
            if shard.is_some_and(|shard| !shard.takes(&case.id)) {
                continue;
            }
            let shared = planned
                .last()
                .filter(|last| Arc::ptr_eq(&last.case.scenario, &case.scenario));
            let text = shared.map_or_else(
                || Arc::new(ScenarioText::of(&case.scenario, show_codes)),
                |last| Arc::clone(&last.text),
            );
            planned.push(Planned { case, place, text });
        }
        Self {
            cases: planned,
            whole,
            digest: Digest(hash.finalize().into()),
            radio,
            wallets,
            shard,
        }
    }
}

/// Each of these once, in the order in which they come.
fn once<T: PartialEq>(words: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen: Vec<T> = Vec::new();
    for word in words {
        if !seen.contains(&word) {
            seen.push(word);
        }
    }
    seen
}

impl Planned {
    /// The case before anything came of it.
    pub fn evidence(&self, replay: &Replay) -> CaseEvidence {
        self.evidence_at(None, replay)
    }

    /// The same, to be replayed at one of the points at which it cuts the power.
    pub fn evidence_at(&self, point: Option<u32>, replay: &Replay) -> CaseEvidence {
        let text = Arc::clone(&self.text);
        let replay = replay.command(&self.case, point);
        CaseEvidence::not_run(self.place, &self.case, text, replay)
    }
}

impl Shard {
    /// Whether a case falls to this shard: by a hash of its id, so that a new scenario moves no
    /// other one.
    pub fn takes(self, id: &str) -> bool {
        let hash = Sha256::digest(id.as_bytes());
        let (head, _) = hash.split_first_chunk().expect("a digest has 32 bytes");
        u64::from_be_bytes(*head) % u64::from(self.total.max(1)) == u64::from(self.index) - 1
    }
}
