//! A certificate checked without its evidence: who signed it, whether it says what a certificate of its
//! profile has to say by the catalogue in this program, and whether it counts on a given day.

use counterproof_scenarios::requirements::Requirement;
use counterproof_sim::iso8583::Dialect;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::envelope::{Envelope, Opened};
use super::key::PublicKey;
use super::profile::Profile;
use super::refusal::Refusal;
use super::statement::{Certificate, STATEMENT_TYPE, Statement, TestResult};
use super::test_result;
use crate::day::Day;
use crate::evidence::{Digest, Outcome, RunVerdict};
use crate::run::plan::Plan;

/// Whose signatures count.
#[derive(Clone, Copy, Debug)]
pub struct Trust<'a> {
    /// The keys.
    pub keys: &'a [PublicKey],
    /// How many of them must have signed.
    pub needed: usize,
}

/// Who signed, and whether that one is trusted.
pub type Signers = Vec<(PublicKey, bool)>;

/// Opens the envelope in `bytes`, which must have been signed by who is trusted.
///
/// # Errors
/// When it is not whole, or signed by strangers.
pub fn open<P: Serialize + DeserializeOwned>(
    bytes: &[u8],
    file: &str,
    predicate_type: &str,
    trust: Trust<'_>,
) -> Result<(Statement<P>, Signers), Refusal> {
    let opened = Envelope::read(bytes, file)?.open(file)?;
    let signers = signers(&opened, file, trust)?;
    let statement = statement(&opened, file, predicate_type)?;
    Ok((statement, signers))
}

/// What is in an opened envelope.
///
/// # Errors
/// When it is no statement with this type of predicate.
pub fn statement<P: DeserializeOwned>(
    opened: &Opened,
    file: &str,
    predicate_type: &str,
) -> Result<Statement<P>, Refusal> {
    let form = |why: String| Refusal::Form {
        file: file.to_owned(),
        why,
    };
    // What is known of any statement.
    let any: Statement<serde_json::Value> =
        serde_json::from_slice(&opened.payload).map_err(|e| form(e.to_string()))?;
    if any.kind != STATEMENT_TYPE {
        return Err(form(format!("_type {}", any.kind)));
    }
    if any.predicate_type != predicate_type {
        return Err(form(format!("predicateType {}", any.predicate_type)));
    }
    serde_json::from_slice(&opened.payload).map_err(|error| form(error.to_string()))
}

fn signers(opened: &Opened, file: &str, trust: Trust<'_>) -> Result<Signers, Refusal> {
    let signers: Signers = opened
        .signers
        .iter()
        .map(|key| (*key, trust.keys.contains(key)))
        .collect();
    let trusted = signers.iter().filter(|(_, is_trusted)| *is_trusted).count();
    if trusted >= trust.needed.max(1) {
        return Ok(signers);
    }
    let strangers = signers.iter().filter(|(_, is_trusted)| !is_trusted);
    let strangers: Vec<String> = strangers.map(|(key, _)| key.to_string()).collect();
    Err(Refusal::Stranger {
        file: file.to_owned(),
        needed: trust.needed.max(1),
        trusted,
        strangers: strangers.join(", "),
    })
}

/// The profile of a certificate, as this program knows it.
///
/// # Errors
/// When there is no such profile here, or it, the catalogue or the dialect is another here.
pub fn profile(certificate: &Certificate, suite: Digest) -> Result<&'static Profile, Refusal> {
    let named = &certificate.profile;
    let name = named.name.clone();
    let profile = Profile::find(&name).ok_or(Refusal::Profile { name: name.clone() })?;
    if certificate.suite.digest != suite {
        return Err(Refusal::Suite {
            version: certificate.suite.name.clone(),
        });
    }
    if profile.digest() != named.digest {
        return Err(Refusal::ProfileChanged { name });
    }
    // What a file said is known from the evidence.
    let dialect = &certificate.dialect;
    let here = Dialect::named(&dialect.name).map(|dialect| Digest(dialect.digest()));
    if here.is_some_and(|here| here != dialect.digest) {
        return Err(Refusal::Dialect {
            name: dialect.name.clone(),
        });
    }
    Ok(profile)
}

/// Whether the certificate is about all of `plan`, which is what its profile demands, and does not
/// contradict itself.
///
/// # Errors
/// The first thing that is missing or wrong.
pub fn complete(
    statement: &Statement<Certificate>,
    profile: &Profile,
    plan: &Plan,
    file: &str,
) -> Result<(), Refusal> {
    let certificate = &statement.predicate;
    if (certificate.plan.cases, certificate.plan.digest) != (plan.whole, plan.digest) {
        return Err(Refusal::Plan {
            found: certificate.plan.cases,
            demanded: plan.whole,
        });
    }
    let counts = &certificate.counts;
    let verdict = counts.verdict(certificate.verdict == RunVerdict::Stale);
    let result = TestResult::of(certificate.verdict, &certificate.requirements, profile);
    let rules: [(&'static str, bool); 9] = [
        ("subject", statement.subject == certificate.subjects()),
        ("seeds", certificate.seeds == profile.seeds),
        ("radio", certificate.radio == plan.radio),
        ("wallets", certificate.wallets == plan.wallets),
        (
            "counts",
            counts.total() == plan.whole && counts.not_run == 0,
        ),
        ("verdict", certificate.verdict == verdict),
        ("result", certificate.result == result),
        ("requirements", names_all(certificate, plan)),
        (
            "evidence",
            certificate.evidence.size == plan.whole && certificate.issued <= certificate.expires,
        ),
    ];
    match rules.into_iter().find(|(_, holds)| !holds) {
        None => Ok(()),
        Some((what, _)) => Err(Refusal::Contradiction {
            file: file.to_owned(),
            what,
        }),
    }
}

/// Whether there is a verdict on each requirement that a scenario of the plan checks, and on what is
/// always checked if anything ran.
fn names_all(certificate: &Certificate, plan: &Plan) -> bool {
    let tags = plan.cases.iter();
    let tags = tags.flat_map(|planned| &planned.case.scenario.requirements);
    let counts = &certificate.counts;
    let has_run = counts.of(Outcome::NotApplicable) + counts.of(Outcome::Error) < counts.total();
    let always = Requirement::ALWAYS_ON.iter().filter(|_| has_run);
    let mut all = tags.chain(always);
    all.all(|requirement| certificate.requirements.contains_key(requirement))
}

/// Whether the certificate counts on this day.
///
/// # Errors
/// When it does not yet, or not any more.
pub fn in_time(certificate: &Certificate, at: Day) -> Result<(), Refusal> {
    if at < certificate.issued {
        return Err(Refusal::NotYet {
            issued: certificate.issued,
        });
    }
    if at > certificate.expires {
        return Err(Refusal::Expired {
            expires: certificate.expires,
        });
    }
    Ok(())
}

/// Whether the statement in standard words says what the certificate says.
///
/// # Errors
/// When it is not whole, signed by strangers, or says something else.
pub fn same_result(
    bytes: &[u8],
    file: &str,
    certificate: &Certificate,
    trust: Trust<'_>,
) -> Result<(), Refusal> {
    let (standard, _) = open(bytes, file, test_result::PREDICATE_TYPE, trust)?;
    if standard == test_result::statement(certificate) {
        Ok(())
    } else {
        Err(Refusal::Contradiction {
            file: file.to_owned(),
            what: "predicate",
        })
    }
}
