//! Certificates for tests: a few scenarios of the catalogue, run on the reference terminal.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use counterproof_scenarios::case::{Case, Matrix, plan};
use counterproof_scenarios::practices;
use counterproof_scenarios::suite::{Suite, certified};
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::pos::Defect;
use counterproof_sim::vocabulary::Lang;

use super::check::{self, Trust};
use super::envelope::Envelope;
use super::key::{PrivateKey, PublicKey};
use super::profile::Profile;
use super::proof::{self, Proof};
use super::refusal::Refusal;
use super::seal::Sealer;
use super::statement::{Certificate, PREDICATE_TYPE, Statement};
use super::{CERTIFICATE, EVIDENCE, TEST_RESULT, test_result};
use crate::attach::{Attachment, Dock};
use crate::day::Day;
use crate::evidence::case::Keep;
use crate::evidence::{Reporter, RunEnd, RunHeader};
use crate::report::style::Style;
use crate::report::testing;
use crate::run::execute::{Settings, execute};
use crate::run::plan::Plan;
use crate::run::progress::{Loudness, Progress};
use crate::run::replay::Replay;
use crate::run::summary::Summary;

/// The profile that certificates are made for.
pub fn profile() -> &'static Profile {
    Profile::find("full").unwrap()
}

/// The day of `text`.
pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Six short scenarios of different areas.
pub fn cases() -> Vec<Case> {
    let suite = Suite::load(&certified()).unwrap();
    let short = |case: &Case| case.scenario.varied().is_none();
    let all = plan(suite.scenarios(), &Matrix::default());
    let all: Vec<Case> = all.into_iter().filter(short).collect();
    all.iter().step_by(all.len() / 6).take(6).cloned().collect()
}

/// The plan that demands them.
pub fn demanded() -> Plan {
    Plan::of(cases(), None, false)
}

fn header(plan: &Plan) -> RunHeader {
    RunHeader {
        plan: plan.digest,
        planned: plan.whole,
        ..testing::header(plan.cases.len())
    }
}

/// Runs the plan on the reference terminal with these defects.
pub fn run(plan: &Plan, defects: &[Defect], reporters: Vec<&mut dyn Reporter>) {
    let settings = Settings {
        jobs: 1,
        keep: Keep {
            digest: true,
            passed_records: true,
            show_codes: false,
            dialect: Dialect::cup(),
        },
        capture: false,
        replay: &Replay::default(),
        resume: None,
        stop: Arc::new(AtomicBool::new(false)),
        dialect: Dialect::cup(),
        accepted: practices::accepted(),
    };
    let dock = Dock::new(
        Attachment::Reference(defects.to_vec()),
        Duration::from_secs(10),
        Lang::En,
        Dialect::cup(),
        None,
    );
    let mut progress = Progress::new(Lang::En, Style { colored: false }, Loudness::Quiet);
    let done = execute(
        plan,
        header(plan),
        &dock,
        &settings,
        &mut progress,
        reporters,
    );
    let (_, troubles) = done.unwrap();
    assert!(troubles.iter().all(Option::is_none), "{troubles:?}");
}

/// A certificate in a directory.
pub struct Made {
    /// The directory.
    pub folder: tempfile::TempDir,
    /// What it says.
    pub statement: Statement<Certificate>,
    /// How the run began.
    pub header: RunHeader,
    /// How it ended.
    pub end: RunEnd,
}

/// A certificate of the run of `plan`, signed by these.
pub fn make(plan: &Plan, defects: &[Defect], keys: &[PrivateKey]) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let evidence = folder.path().join(EVIDENCE);
    fs::create_dir(&evidence).unwrap();
    let mut sealer = Sealer::new(&evidence);
    let mut summary = Summary::new(header(plan));
    run(plan, defects, vec![&mut summary, &mut sealer]);
    let days = (day("2026-11-01"), day("2027-10-31"));
    let seal = sealer.seal().unwrap();
    let certificate = Certificate::of(profile(), &summary.header, &summary.end, seal, days);
    let statement = certificate.unwrap().statement();
    write(folder.path(), &statement, keys);
    Made {
        folder,
        statement,
        header: summary.header,
        end: summary.end,
    }
}

/// Signs this statement, and the same in standard words.
pub fn write(folder: &Path, statement: &Statement<Certificate>, keys: &[PrivateKey]) {
    let standard = test_result::statement(&statement.predicate);
    for (name, json) in [
        (CERTIFICATE, serde_json::to_vec(statement).unwrap()),
        (TEST_RESULT, serde_json::to_vec(&standard).unwrap()),
    ] {
        let envelope = Envelope::seal(&json, keys);
        fs::write(folder.join(name), envelope.write()).unwrap();
    }
}

/// Checks everything in the directory, as `verify` does.
pub fn verify(
    folder: &Path,
    plan: &Plan,
    keys: &[PublicKey],
    needed: usize,
) -> Result<Proof, Refusal> {
    let trust = Trust { keys, needed };
    let read = |name: &str| fs::read(folder.join(name)).unwrap();
    let (statement, _): (Statement<Certificate>, _) =
        check::open(&read(CERTIFICATE), CERTIFICATE, PREDICATE_TYPE, trust)?;
    let certificate = &statement.predicate;
    let profile = check::profile(certificate, testing::header(0).suite)?;
    check::complete(&statement, profile, plan, CERTIFICATE)?;
    check::in_time(certificate, day("2027-01-01"))?;
    check::same_result(&read(TEST_RESULT), TEST_RESULT, certificate, trust)?;
    proof::check(&folder.join(EVIDENCE), certificate, plan)
}
