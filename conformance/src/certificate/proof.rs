//! The evidence checked against a certificate: leaf by leaf against the scenarios that are demanded and
//! the root of the tree, then the bundle line by line against the leaves, then the verdicts, made again
//! from it all.

use std::fs;
use std::path::Path;

use counterproof_sim::terminal::{Capabilities, Identity, Mode};
use sha2::{Digest as _, Sha256};

use super::leaf::{Leaf, Line, hashes};
use super::profile::Profile;
use super::refusal::Refusal;
use super::statement::{Certificate, judged};
use super::{LEAVES, seal, tree};
use crate::evidence::bundle::{self, Bundle, BundleError};
use crate::evidence::{Counts, Digest, Outcome, RunEnd, RunHeader, Tally};
use crate::run::plan::Plan;

/// Evidence that is what a certificate says it is.
#[derive(Clone, Debug)]
pub struct Proof {
    /// How the run began that it is about.
    pub header: RunHeader,
    /// A leaf, or what it left, for each scenario in the order of the plan.
    pub lines: Vec<Line>,
}

impl Proof {
    /// How many scenarios are not shown.
    pub fn redacted(&self) -> usize {
        let lines = self.lines.iter();
        lines.filter(|line| line.shown().is_none()).count()
    }
}

/// The file of leaves in this directory.
///
/// # Errors
/// When there is none, or a line is none.
pub fn read(folder: &Path) -> Result<Vec<Line>, Refusal> {
    let path = folder.join(LEAVES);
    let file = path.display().to_string();
    let text = fs::read(&path).map_err(|why| Refusal::Missing {
        file: file.clone(),
        why: why.to_string(),
    })?;
    let form = |why: String| Refusal::Form {
        file: file.clone(),
        why,
    };
    let text = String::from_utf8(text).map_err(|error| form(error.to_string()))?;
    let Some(text) = text.strip_suffix('\n') else {
        return Err(form("it does not end with the end of a line".to_owned()));
    };
    let lines = text.split('\n').enumerate();
    let lines = lines.map(|(place, line)| {
        Line::read(line).map_err(|why| form(format!("line {}: {why}", place + 1)))
    });
    lines.collect()
}

/// Checks the evidence in this directory. `plan` is what the profile demands.
///
/// # Errors
/// The first thing that is missing, edited, or not what the certificate says.
pub fn check(folder: &Path, certificate: &Certificate, plan: &Plan) -> Result<Proof, Refusal> {
    let lines = read(folder)?;
    leaves(&lines, certificate, plan)?;
    let edited = |name: &str| Refusal::Edited {
        file: folder.join(name).display().to_string(),
    };
    let seal = &certificate.evidence;
    if tree::root(&hashes(&lines)) != seal.root {
        return Err(edited(LEAVES));
    }
    let is_whole = lines.iter().all(|line| line.shown().is_some());
    let is_same = |name: &str, digest: Digest| {
        seal::of_file(&folder.join(name))
            .map(|found| found == digest)
            .map_err(|why| Refusal::Missing {
                file: folder.join(name).display().to_string(),
                why: why.to_string(),
            })
    };
    // Evidence of which something was taken out is another file; its lines are checked all the same.
    if !is_same(LEAVES, seal.leaves)? && is_whole {
        return Err(edited(LEAVES));
    }
    if !is_same(bundle::FILE, seal.bundle)? && is_whole {
        return Err(edited(bundle::FILE));
    }
    let (header, end) = lines_of_bundle(folder, certificate, plan, &lines)?;
    let agrees = certificate.counts == end.counts
        && certificate.verdict == end.verdict
        && certificate.requirements == judged(&end);
    if agrees {
        Ok(Proof { header, lines })
    } else {
        Err(Refusal::Contradiction {
            file: folder.join(bundle::FILE).display().to_string(),
            what: "verdict",
        })
    }
}

/// Whether there is a leaf for each scenario, in order, and they count as the certificate says.
fn leaves(lines: &[Line], certificate: &Certificate, plan: &Plan) -> Result<(), Refusal> {
    let mut counts = Counts::default();
    for (place, (line, planned)) in lines.iter().zip(&plan.cases).enumerate() {
        let Some(leaf) = line.shown() else {
            continue;
        };
        let scenario = &planned.case.scenario;
        let is_there = *leaf.id == *planned.case.id
            && leaf.place == place
            && leaf.requirements == scenario.requirements;
        if !is_there {
            return Err(Refusal::Order {
                line: place + 1,
                found: leaf.id.clone(),
                demanded: planned.case.id.to_string(),
            });
        }
        let can = |claimed: &Identity| {
            // A certificate is of a run in lockstep, whatever else the terminal can do.
            let modes = vec![Mode::Lockstep];
            let capabilities = Capabilities {
                modes,
                ..claimed.capabilities.clone()
            };
            let mut needs = scenario.needs.iter();
            needs.all(|need| need.met_by(&capabilities))
        };
        if leaf.outcome == Outcome::NotApplicable && can(&certificate.terminal) {
            return Err(Refusal::Claimed {
                id: leaf.id.clone(),
            });
        }
        counts.add(leaf.outcome);
    }
    if lines.len() != plan.cases.len() {
        return Err(Refusal::Leaves {
            found: lines.len(),
            demanded: plan.cases.len(),
        });
    }
    let shown = lines.iter().filter(|line| line.shown().is_some()).count();
    let fits = |outcome: &Outcome| {
        let (shows, says) = (counts.of(*outcome), certificate.counts.of(*outcome));
        shows <= says && (shown < lines.len() || shows == says)
    };
    if Outcome::ALL.iter().all(fits) {
        Ok(())
    } else {
        Err(Refusal::Contradiction {
            file: LEAVES.to_owned(),
            what: "counts",
        })
    }
}

/// Checks the bundle line by line, and says how the run began and what came of it by it.
fn lines_of_bundle(
    folder: &Path,
    certificate: &Certificate,
    plan: &Plan,
    lines: &[Line],
) -> Result<(RunHeader, RunEnd), Refusal> {
    let path = folder.join(bundle::FILE);
    let file = path.display().to_string();
    let edited = || Refusal::Edited { file: file.clone() };
    let mut bundle = Bundle::open(&path).map_err(unreadable)?;
    let seal = &certificate.evidence;
    if digest(&bundle) != seal.header || !is_of(bundle.header(), certificate, plan) {
        return Err(edited());
    }
    let mut tally = Tally::new(bundle.header());
    let mut shown = shown(lines);
    while let Some(case) = bundle.next_case().map_err(unreadable)? {
        match shown.next() {
            Some(leaf) if leaf.place == case.place => {
                if digest(&bundle) != leaf.evidence || !leaf.is_of(&case) {
                    return Err(Refusal::Case { id: case.id });
                }
            }
            Some(leaf) if leaf.place < case.place => {
                return Err(Refusal::NoEvidence {
                    id: leaf.id.clone(),
                });
            }
            _ => return Err(Refusal::Unproven { id: case.id }),
        }
        tally.add(&case);
    }
    if let Some(leaf) = shown.next() {
        return Err(Refusal::NoEvidence {
            id: leaf.id.clone(),
        });
    }
    let Some(end) = bundle.end().cloned() else {
        return Err(edited());
    };
    let is_redacted = lines.iter().any(|line| line.shown().is_none());
    let agrees = is_redacted || tally.end() == end;
    if digest(&bundle) != seal.end || !bundle.is_at_end() || !agrees {
        return Err(edited());
    }
    Ok((bundle.header().clone(), end))
}

fn shown(lines: &[Line]) -> impl Iterator<Item = &Leaf> {
    lines.iter().filter_map(Line::shown)
}

fn digest(bundle: &Bundle) -> Digest {
    Digest(Sha256::digest(bundle.line()).into())
}

/// Whether a run that began like this is the one that the certificate is about.
fn is_of(header: &RunHeader, certificate: &Certificate, plan: &Plan) -> bool {
    let expectations = header.expectations.as_ref().map(|file| file.digest);
    header.terminal.as_ref() == Some(&certificate.terminal)
        && (&header.version, header.suite) == (&certificate.suite.name, certificate.suite.digest)
        && header.features.is_none()
        && speaks(header, certificate)
        && header.live.is_none()
        && accepts(header, certificate)
        && (header.seed, header.seeds) == (certificate.seed, certificate.seeds)
        && header.profiles == certificate.radio
        && header.wallets == certificate.wallets
        && (header.planned, header.plan) == (plan.whole, plan.digest)
        && header.cases == header.planned
        && header.shard.is_none()
        && expectations == certificate.expectations
        && !header.show_codes
}

/// Whether what was accepted where the sources disagree is what the profile says.
fn accepts(header: &RunHeader, certificate: &Certificate) -> bool {
    let profile = Profile::find(&certificate.profile.name);
    profile.is_some_and(|profile| profile.accepts == *header.accepts())
}

/// Whether it is the dialect of the certificate that was spoken.
fn speaks(header: &RunHeader, certificate: &Certificate) -> bool {
    let certified = &certificate.dialect;
    let said = header.speaks().map(|dialect| Digest(dialect.digest()));
    header.dialect == certified.name && said == Some(certified.digest)
}

/// What to say of a bundle that is none.
pub fn unreadable(error: BundleError) -> Refusal {
    match error {
        BundleError::Unreadable { path, why } => Refusal::Missing {
            file: path,
            why: why.to_string(),
        },
        BundleError::Empty { path } => Refusal::Edited { file: path },
        BundleError::Form { path, line, why } => Refusal::Form {
            file: path,
            why: format!("line {line}: {why}"),
        },
        BundleError::Schema { path, schema } => Refusal::Form {
            file: path,
            why: schema,
        },
    }
}
