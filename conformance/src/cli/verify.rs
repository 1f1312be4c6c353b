//! `counterproof verify`: a certificate checked, without a network and without trust in who ran it.

use std::path::{Path, PathBuf};

use counterproof_scenarios::suite::Suite;
use counterproof_sim::iso8583::Dialect;

use super::certificate_args::VerifyArgs;
use super::certify::{Target, Watched, header};
use super::console::Console;
use super::sign::{bytes, files, refused};
use super::{features, key};
use crate::certificate::check::{self, Trust};
use crate::certificate::profile::Profile;
use crate::certificate::proof::{self, Proof};
use crate::certificate::replay::Comparison;
use crate::certificate::statement::{Certificate, PREDICATE_TYPE, Statement, TestResult};
use crate::certificate::{EVIDENCE, TEST_RESULT};
use crate::day::Day;
use crate::evidence::header::product;
use crate::evidence::{Digest, Reporter, RunHeader};
use crate::exit::{Exit, Failure};
use crate::run::plan::Plan;
use crate::run::progress::Loudness;
use crate::texts::certificate as texts;

/// Checks a certificate, and says what it says.
///
/// # Errors
/// When it is refused, or an option is wrong.
pub fn verify(args: &VerifyArgs, console: Console) -> Result<Exit, Failure> {
    let lang = console.lang;
    let keys = key::public(&args.trust, lang)?;
    let trust = Trust {
        keys: &keys,
        needed: args.signers,
    };
    let at: Day = match &args.at {
        None => Day::today_and_in(0).0,
        Some(text) => text
            .parse()
            .map_err(|()| Failure::usage(texts::bad_day(lang, text)))?,
    };
    let evidence = evidence(args);
    if args.replay && evidence.is_none() {
        return Err(Failure::usage(texts::replay_needs_evidence(lang)));
    }
    let refuse = |refusal| refused(&refusal, lang);

    let (path, standard) = files(&args.certificate);
    let file = path.display().to_string();
    let (statement, signers): (Statement<Certificate>, _) =
        check::open(&bytes(&path, lang)?, &file, PREDICATE_TYPE, trust).map_err(refuse)?;
    let certificate = &statement.predicate;
    let suite = features::suite(None, lang)?;
    let profile = check::profile(certificate, Digest(suite.digest())).map_err(refuse)?;
    let plan = Plan::of(profile.cases(&suite, certificate.seed, lang)?, None, false);
    check::complete(&statement, profile, &plan, &file).map_err(refuse)?;
    check::in_time(certificate, at).map_err(refuse)?;
    // A directory is the whole certificate.
    let standard = standard.or_else(|| {
        let is_whole = args.certificate.is_dir();
        is_whole.then(|| args.certificate.join(TEST_RESULT))
    });
    if let Some(standard) = standard {
        let file = standard.display().to_string();
        check::same_result(&bytes(&standard, lang)?, &file, certificate, trust).map_err(refuse)?;
    }
    let proof = evidence.map(|folder| proof::check(&folder, certificate, &plan));
    let proof = proof.transpose().map_err(refuse)?;
    let compared = match &proof {
        Some(proof) if args.replay => {
            Some(replayed(args, certificate, &suite, &plan, proof, console)?)
        }
        _ => None,
    };

    if !args.quiet {
        let identity = &certificate.terminal;
        console.print(&texts::about(lang, product(identity), &identity.build))?;
        let title = profile.title(lang);
        console.print(&texts::of_profile(lang, &profile.name, title, plan.whole))?;
        let dialect = &certificate.dialect;
        console.print(&match Dialect::named(&dialect.name) {
            Some(_) => texts::speaks(lang, &dialect.name),
            None => texts::speaks_file(lang, &dialect.name, dialect.digest),
        })?;
        for (key, is_trusted) in signers {
            console.print(&texts::signer(lang, key, is_trusted))?;
        }
        console.print(&match &proof {
            None => texts::evidence_not_checked(lang),
            Some(proof) => {
                let shown = proof.lines.len() - proof.redacted();
                texts::evidence_checked(lang, shown, proof.redacted())
            }
        })?;
        if let Some(compared) = compared {
            console.print(&texts::replayed(lang, compared))?;
        }
    }
    let (issued, expires) = (certificate.issued, certificate.expires);
    console.print(&texts::valid(lang, certificate.result, issued, expires))?;
    Ok(match certificate.result {
        TestResult::Passed | TestResult::Warned => Exit::Conformant,
        TestResult::Failed => Exit::NotConformant,
    })
}

/// Where the evidence is: where it is said to be, or beside a certificate that is given as a directory.
fn evidence(args: &VerifyArgs) -> Option<PathBuf> {
    let beside = |folder: &Path| folder.is_dir().then(|| folder.join(EVIDENCE));
    args.evidence.clone().or_else(|| beside(&args.certificate))
}

/// Runs the plan again. The result is how many scenarios went as the evidence says.
fn replayed(
    args: &VerifyArgs,
    certificate: &Certificate,
    suite: &Suite,
    plan: &Plan,
    proof: &Proof,
    console: Console,
) -> Result<usize, Failure> {
    // What the evidence brings was compared with what is certified.
    let dialect = proof.header.speaks().unwrap_or(Dialect::cup());
    let mut target = Target::of(&args.target, dialect, console.lang)?;
    if let Some(profile) = Profile::find(&certificate.profile.name) {
        target.accepted = &profile.accepts;
    }
    let header = RunHeader {
        accepted: proof.header.accepted.clone(),
        dialect: proof.header.dialect.clone(),
        dialect_file: proof.header.dialect_file.clone(),
        ..header(suite, plan, (certificate.seed, certificate.seeds))
    };
    let mut comparison = Comparison::new(&proof.lines, &certificate.terminal);
    let reporters: Vec<&mut dyn Reporter> = vec![&mut comparison];
    let watched = Watched {
        loudness: Loudness::Quiet,
        console,
    };
    target.work_off(plan, header, false, watched, reporters)?;
    comparison
        .end()
        .map_err(|refusal| refused(&refusal, console.lang))
}
