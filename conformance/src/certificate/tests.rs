//! What is noticed: whatever is edited, missing, doubled, swapped, expired, or signed by a stranger.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use counterproof_scenarios::verdict::Verdict;
use counterproof_sim::pos::Defect;
use counterproof_sim::vocabulary::{Lang, Vocabulary as _};
use proptest::prelude::*;

use super::check;
use super::key::{PrivateKey, PublicKey};
use super::leaf::{Line, hashes};
use super::proof;
use super::redact::redact;
use super::refusal::Refusal;
use super::replay::Comparison;
use super::statement::{Certificate, Statement, TestResult};
use super::testing::{Made, cases, day, demanded, make, run, verify, write};
use super::{CERTIFICATE, EVIDENCE, LEAVES, TEST_RESULT, seal, tree};
use crate::evidence::bundle;
use crate::run::plan::Plan;
use crate::texts::certificate::refusal;

pub(super) fn vendor() -> PrivateKey {
    PrivateKey::of(1)
}

fn lab() -> PrivateKey {
    PrivateKey::of(2)
}

pub(super) fn trusted() -> [PublicKey; 1] {
    [vendor().public()]
}

pub(super) static MADE: LazyLock<(Plan, Made)> = LazyLock::new(|| {
    let plan = demanded();
    let made = make(&plan, &[], &[vendor()]);
    (plan, made)
});

/// A copy of the certificate in a directory of its own.
pub(super) fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(EVIDENCE)).unwrap();
    for file in FILES {
        let file = file.iter().collect::<PathBuf>();
        fs::copy(MADE.1.folder.path().join(&file), folder.path().join(&file)).unwrap();
    }
    folder
}

pub(super) const FILES: [&[&str]; 4] = [
    &[CERTIFICATE],
    &[TEST_RESULT],
    &[EVIDENCE, LEAVES],
    &[EVIDENCE, bundle::FILE],
];

pub(super) fn check_of(folder: &tempfile::TempDir) -> Result<proof::Proof, Refusal> {
    verify(folder.path(), &MADE.0, &trusted(), 1)
}

#[test]
fn a_certificate_is_accepted_as_it_was_made() {
    let (plan, made) = &*MADE;
    let proof = check_of(&made.folder).unwrap();
    assert_eq!((proof.lines.len(), proof.redacted()), (plan.whole, 0));
    assert_eq!(made.statement.predicate.result, TestResult::Passed);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_byte_that_is_changed_anywhere_is_noticed(
        file in 0..FILES.len(),
        place in any::<prop::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        let folder = copy();
        let path = folder.path().join(FILES[file].iter().collect::<PathBuf>());
        let mut bytes = fs::read(&path).unwrap();
        let place = place.index(bytes.len());
        bytes[place] ^= flip;
        fs::write(&path, bytes).unwrap();
        prop_assert!(check_of(&folder).is_err(), "byte {place} of {}", path.display());
    }

    #[test]
    fn a_file_that_is_cut_or_continued_is_noticed(
        file in 0..FILES.len(),
        place in any::<prop::sample::Index>(),
        more in prop::collection::vec(any::<u8>(), 1..4),
    ) {
        let folder = copy();
        let path = folder.path().join(FILES[file].iter().collect::<PathBuf>());
        let bytes = fs::read(&path).unwrap();
        let cut = &bytes[..place.index(bytes.len())];
        for changed in [cut.to_vec(), [&*bytes, &*more].concat()] {
            fs::write(&path, changed).unwrap();
            prop_assert!(check_of(&folder).is_err(), "{}", path.display());
        }
    }
}

#[test]
fn a_file_that_is_missing_is_noticed() {
    for file in &FILES[2..] {
        let folder = copy();
        fs::remove_file(folder.path().join(file.iter().collect::<PathBuf>())).unwrap();
        assert!(matches!(check_of(&folder), Err(Refusal::Missing { .. })));
    }
}

/// What is refused of a statement that its signer changed before signing it.
fn signed_otherwise(change: impl FnOnce(&mut Statement<Certificate>)) -> Refusal {
    let folder = copy();
    let mut statement = MADE.1.statement.clone();
    change(&mut statement);
    write(folder.path(), &statement, &[vendor()]);
    check_of(&folder).unwrap_err()
}

#[test]
fn a_signer_cannot_say_what_does_not_follow() {
    let contradicts =
        |change: fn(&mut Certificate), member: &str| match signed_otherwise(|statement| {
            change(&mut statement.predicate);
        }) {
            Refusal::Contradiction { what, .. } => assert_eq!(what, member),
            other => panic!("{member}: {other:?}"),
        };
    contradicts(|c| c.result = TestResult::Warned, "result");
    contradicts(|c| c.counts.pass += 1, "counts");
    contradicts(
        |c| assert!(c.requirements.pop_first().is_some()),
        "requirements",
    );
    contradicts(|c| c.seeds += 1, "seeds");
    contradicts(|c| c.radio.push("weak".into()), "radio");
    contradicts(|c| c.evidence.size -= 1, "evidence");
    contradicts(|c| c.terminal.version = "9".into(), "subject");
    let subject = signed_otherwise(|s| s.subject[0].name.push('x'));
    assert!(matches!(
        subject,
        Refusal::Contradiction {
            what: "subject",
            ..
        }
    ));
    let seed = signed_otherwise(|s| s.predicate.seed += 1);
    assert!(matches!(seed, Refusal::Edited { .. }), "{seed:?}");
    let expectations = signed_otherwise(|s| {
        s.predicate.expectations = Some(crate::evidence::Digest([1; 32]));
    });
    assert!(matches!(expectations, Refusal::Edited { .. }));
}

#[test]
fn a_failing_terminal_gets_a_certificate_that_says_so_and_no_other() {
    let plan = failing();
    let made = make(&plan, &[defect()], &[vendor()]);
    let certificate = &made.statement.predicate;
    assert_eq!(certificate.result, TestResult::Failed);
    assert!(verify(made.folder.path(), &plan, &trusted(), 1).is_ok());
    for result in [TestResult::Passed, TestResult::Warned] {
        let mut statement = made.statement.clone();
        statement.predicate.result = result;
        write(made.folder.path(), &statement, &[vendor()]);
        assert!(verify(made.folder.path(), &plan, &trusted(), 1).is_err());
    }
}

/// A defect, and a plan that notices it.
fn defect() -> Defect {
    Defect::find("silence-not-reversed").unwrap()
}

fn failing() -> Plan {
    let suite =
        counterproof_scenarios::suite::Suite::load(&counterproof_scenarios::suite::certified());
    let suite = suite.unwrap();
    let all = counterproof_scenarios::case::plan(
        suite.scenarios(),
        &counterproof_scenarios::case::Matrix::default(),
    );
    let fitting = all
        .into_iter()
        .filter(|case| case.id.starts_with("reversal/"));
    let fitting = fitting.filter(|case| case.scenario.varied().is_none());
    Plan::of(fitting.take(8).collect(), None, false)
}

#[test]
fn a_scenario_that_is_missing_doubled_or_swapped_is_refused() {
    let lines = proof::read(&MADE.1.folder.path().join(EVIDENCE)).unwrap();
    let refused = |lines: &[Line]| {
        let folder = copy();
        let path = folder.path().join(EVIDENCE).join(LEAVES);
        seal::write(&path, lines).unwrap();
        // The signer signs what is there, as one would who leaves out what fails.
        let mut statement = MADE.1.statement.clone();
        let seal = &mut statement.predicate.evidence;
        seal.root = tree::root(&hashes(lines));
        seal.leaves = seal::of_file(&path).unwrap();
        write(folder.path(), &statement, &[vendor()]);
        check_of(&folder).unwrap_err()
    };
    let mut missing = lines.clone();
    missing.remove(2);
    let mut doubled = lines.clone();
    doubled.insert(2, lines[1].clone());
    let mut swapped = lines.clone();
    swapped.swap(1, 2);
    for (lines, line) in [(missing, 3), (doubled, 3), (swapped, 2)] {
        match refused(&lines) {
            Refusal::Order { line: at, .. } => assert_eq!(at, line),
            other => panic!("{other:?}"),
        }
    }
    let short = refused(&lines[..lines.len() - 1]);
    assert!(matches!(short, Refusal::Leaves { .. }));
    let mut long = lines.clone();
    long.push(lines[0].clone());
    assert!(matches!(refused(&long), Refusal::Leaves { .. }));
}

#[test]
fn a_plan_with_less_than_the_profile_demands_is_refused() {
    let mut fewer = cases();
    fewer.pop();
    let plan = Plan::of(fewer, None, false);
    let made = make(&plan, &[], &[vendor()]);
    let refused = check_of(&made.folder).unwrap_err();
    let demanded = MADE.0.whole;
    assert_eq!(
        refused,
        Refusal::Plan {
            found: demanded - 1,
            demanded
        }
    );
}

#[test]
fn a_scenario_that_the_terminal_claims_cannot_be_not_applicable() {
    let (plan, made) = &*MADE;
    let mut lines = proof::read(&made.folder.path().join(EVIDENCE)).unwrap();
    let mut statement = made.statement.clone();
    let Line::Leaf(leaf) = &mut lines[0] else {
        panic!("it is shown");
    };
    leaf.verdict = Some(Verdict::NotApplicable);
    leaf.outcome = crate::evidence::Outcome::NotApplicable;
    let id = leaf.id.clone();
    let folder = copy();
    seal::write(&folder.path().join(EVIDENCE).join(LEAVES), &lines).unwrap();
    statement.predicate.evidence.root = tree::root(&hashes(&lines));
    statement.predicate.counts.pass -= 1;
    statement.predicate.counts.not_applicable += 1;
    write(folder.path(), &statement, &[vendor()]);
    let refused = verify(folder.path(), plan, &trusted(), 1).unwrap_err();
    assert_eq!(refused, Refusal::Claimed { id });
}

#[test]
fn a_stranger_is_refused_and_a_second_signer_counts_where_two_are_asked_for() {
    let (plan, _) = &*MADE;
    let folder = copy();
    let path = folder.path();
    let check = |keys: &[PublicKey], needed| verify(path, plan, keys, needed);
    let stranger = check(&[lab().public()], 1).unwrap_err();
    assert!(matches!(&stranger, Refusal::Stranger { strangers, .. }
        if *strangers == vendor().public().to_string()));
    let both = [vendor().public(), lab().public()];
    assert!(matches!(
        check(&both, 2),
        Err(Refusal::Stranger { trusted: 1, .. })
    ));
    write(path, &MADE.1.statement, &[vendor(), lab()]);
    for (keys, needed) in [(&both[..], 2), (&both[..1], 1), (&both[1..], 1)] {
        assert!(check(keys, needed).is_ok());
    }
    assert!(check(&[PrivateKey::of(3).public()], 1).is_err());
}

#[test]
fn a_certificate_counts_from_its_first_day_to_its_last() {
    let certificate = &MADE.1.statement.predicate;
    let at = |text| check::in_time(certificate, day(text));
    assert_eq!(at("2026-11-01").and(at("2027-10-31")), Ok(()));
    assert!(matches!(at("2026-10-31"), Err(Refusal::NotYet { .. })));
    assert!(matches!(at("2027-11-01"), Err(Refusal::Expired { .. })));
}

#[test]
fn another_catalogue_or_profile_is_refused() {
    let suite = signed_otherwise(|s| s.predicate.suite.digest = crate::evidence::Digest([1; 32]));
    assert!(matches!(suite, Refusal::Suite { .. }));
    let changed =
        signed_otherwise(|s| s.predicate.profile.digest = crate::evidence::Digest([1; 32]));
    assert!(matches!(changed, Refusal::ProfileChanged { .. }));
    let dialect =
        signed_otherwise(|s| s.predicate.dialect.digest = crate::evidence::Digest([1; 32]));
    assert_eq!(dialect, Refusal::Dialect { name: "cup".into() });
    let spoken = signed_otherwise(|s| s.predicate.dialect.name = "acme".into());
    assert!(matches!(spoken, Refusal::Edited { .. }));
    let unknown = signed_otherwise(|s| s.predicate.profile.name = "easy".into());
    assert_eq!(
        unknown,
        Refusal::Profile {
            name: "easy".into()
        }
    );
}

/// The certificate with evidence that does not show its third scenario.
pub(super) fn redacted() -> tempfile::TempDir {
    let folder = copy();
    let hidden = redact(
        &MADE.1.folder.path().join(EVIDENCE),
        &folder.path().join(EVIDENCE),
        |leaf| leaf.place == 2,
    );
    assert_eq!(hidden.unwrap(), 1);
    folder
}

#[test]
fn a_scenario_that_is_not_shown_leaves_the_rest_valid_and_nothing_of_itself() {
    let folder = redacted();
    let proof = check_of(&folder).unwrap();
    assert_eq!(proof.redacted(), 1);
    let id = &*MADE.0.cases[2].case.id;
    let leaves = fs::read_to_string(folder.path().join(EVIDENCE).join(LEAVES)).unwrap();
    assert!(!leaves.contains(id));
    let mut bundle = bundle::Bundle::open(&folder.path().join(EVIDENCE)).unwrap();
    while let Some(case) = bundle.next_case().unwrap() {
        assert_ne!(case.id, id);
    }
}

#[test]
fn what_is_shown_beside_a_scenario_that_is_not_cannot_be_changed_either() {
    let folder = redacted();
    let path = folder.path().join(EVIDENCE).join(LEAVES);
    let leaves = fs::read(&path).unwrap();
    for place in (0..leaves.len()).step_by(7) {
        let mut bytes = leaves.clone();
        bytes[place] ^= 1;
        fs::write(&path, bytes).unwrap();
        assert!(check_of(&folder).is_err(), "byte {place}");
    }
    fs::write(&path, leaves).unwrap();
    // A line of the bundle that is left out, or put back, needs its leaf to go with it.
    let whole = MADE.1.folder.path().join(EVIDENCE).join(bundle::FILE);
    let part = folder.path().join(EVIDENCE).join(bundle::FILE);
    let less = fs::read(&part).unwrap();
    fs::copy(&whole, &part).unwrap();
    assert!(matches!(check_of(&folder), Err(Refusal::Unproven { .. })));
    fs::write(&part, less).unwrap();
    fs::copy(MADE.1.folder.path().join(EVIDENCE).join(LEAVES), &path).unwrap();
    assert!(matches!(check_of(&folder), Err(Refusal::Edited { .. })));
}

#[test]
fn the_same_terminal_goes_the_same_way_again_and_a_changed_one_does_not() {
    let plan = failing();
    let made = make(&plan, &[], &[vendor()]);
    let lines = proof::read(&made.folder.path().join(EVIDENCE)).unwrap();
    let certified = &made.statement.predicate.terminal;
    let again = |defects: &[Defect], certified| {
        let mut comparison = Comparison::new(&lines, certified);
        run(&plan, defects, vec![&mut comparison]);
        comparison.end()
    };
    assert_eq!(again(&[], certified), Ok(plan.whole));
    let changed = again(&[defect()], certified).unwrap_err();
    assert!(matches!(&changed, Refusal::OtherTerminal { found, .. }
        if found.contains("silence-not-reversed")));
    // One that says it is the one that was certified is known by what it does.
    let claimed = make(&plan, &[defect()], &[vendor()]);
    let claimed = claimed.statement.predicate.terminal;
    let changed = again(&[defect()], &claimed).unwrap_err();
    assert!(
        matches!(changed, Refusal::Replay { differing, compared, .. }
        if differing > 0 && compared == plan.whole)
    );
}

#[test]
fn every_refusal_says_in_both_languages_what_to_do() {
    let said = |lang| {
        refusal(
            lang,
            &Refusal::Expired {
                expires: day("2027-01-31"),
            },
        )
    };
    insta::assert_snapshot!(said(Lang::En), @"refused: it expired, its last day was 2027-01-31: have the terminal certified again");
    insta::assert_snapshot!(said(Lang::Zh), @"拒绝：证书已过期，最后有效日为 2027-01-31：请重新认证");
}

#[test]
fn the_header_and_the_end_of_the_run_are_what_the_statement_says() {
    let (_, made) = &*MADE;
    let certificate = &made.statement.predicate;
    assert_eq!(made.header.terminal.as_ref(), Some(&certificate.terminal));
    assert_eq!(made.end.counts, certificate.counts);
}
