//! The profiles hold what their file promises.

use super::super::{Closing, ConnId, Link, Output, Refusal, Side};
use super::*;
use crate::random::Seeds;
use crate::time::Time;

const CONNECT_TIMEOUT: Span = Span::from_secs(15);
const RESPONSE_TIMEOUT: Span = Span::from_secs(60);
const SEEDS: u64 = 10_000;

/// How a payment of two small frames went: its time in milliseconds, or why it failed.
fn pay(profile: &Profile, seed: u64) -> Result<u64, &'static str> {
    let start = Time::from_millis(1_767_225_600_000);
    let mut link = Link::new(start, "cellular", profile, &Seeds::new(seed, "profiles"));
    let conn = ConnId(1);
    link.connect(start, conn, CONNECT_TIMEOUT);
    let (mut now, mut deadline) = (start, Time::NEVER);
    let (mut asked, mut answered) = (0, 0);
    loop {
        while let Some(output) = link.poll() {
            match output {
                Output::Connected {
                    side: Side::Terminal,
                    ..
                } => {
                    deadline = now + RESPONSE_TIMEOUT;
                    link.write(now, conn, Side::Terminal, vec![1; 220])
                        .expect("connected");
                }
                Output::Data {
                    to: Side::Host,
                    bytes,
                    ..
                } => {
                    asked += bytes.len();
                    if asked == 220 {
                        link.write(now, conn, Side::Host, vec![2; 180])
                            .expect("connected");
                    }
                }
                Output::Data {
                    to: Side::Terminal,
                    bytes,
                    ..
                } => {
                    answered += bytes.len();
                    if answered == 180 {
                        return Ok(now.since(start).as_millis());
                    }
                }
                Output::Refused { reason, .. } => {
                    return Err(match reason {
                        Refusal::Refused => "refused",
                        Refusal::Timeout => "connect time-out",
                        Refusal::Unreachable => "unreachable",
                        Refusal::Tls => "not trusted",
                    });
                }
                Output::Closed {
                    reason: Closing::Reset,
                    ..
                } => return Err("reset"),
                _ => {}
            }
        }
        now = link
            .wake_at()
            .expect("something is pending until an answer comes");
        if now > deadline {
            return Err("response time-out");
        }
        link.wake(now);
    }
}

/// Pays over 10,000 seeds; fails when more than `allowed` of them fail.
fn assert_survivable(name: &str, allowed: u64) {
    let profile = find(name).expect(name);
    let mut times = Vec::new();
    let mut failures = std::collections::BTreeMap::<_, u64>::new();
    for seed in 0..SEEDS {
        match pay(profile, seed) {
            Ok(ms) => times.push(ms),
            Err(why) => *failures.entry(why).or_default() += 1,
        }
    }
    times.sort_unstable();
    let at = |per_mille: usize| times[(times.len() - 1) * per_mille / 1_000];
    println!(
        "{name}: median {} ms, 99 % {} ms, 99.9 % {} ms, worst {} ms, failed {failures:?}",
        at(500),
        at(990),
        at(999),
        at(1_000),
    );
    let failed: u64 = failures.values().sum();
    assert!(
        failed <= allowed,
        "{name}: {failures:?} of {SEEDS}, {allowed} allowed"
    );
}

#[test]
fn usable_profiles_let_every_payment_through() {
    for name in [
        "excellent",
        "good",
        "fair",
        "broadband",
        "wifi-congested",
        "crowded",
        "weak",
    ] {
        assert_survivable(name, 0);
    }
}

#[test]
fn hard_profiles_let_all_but_rare_payments_through() {
    for name in ["edge-of-cell", "basement", "remote-village", "elevator"] {
        assert_survivable(name, SEEDS * 2 / 100);
    }
}

#[test]
fn dead_profiles_fail_each_in_its_way() {
    for (name, why) in [
        ("no-signal", "unreachable"),
        ("outage", "connect time-out"),
        ("maintenance", "refused"),
    ] {
        for seed in 0..20 {
            assert_eq!(pay(find(name).expect(name), seed), Err(why), "{name}");
        }
    }
}

#[test]
fn worse_signals_take_longer() {
    let median = |name| {
        let mut times: Vec<u64> = (0..500)
            .filter_map(|seed| pay(find(name).expect(name), seed).ok())
            .collect();
        times.sort_unstable();
        times[times.len() / 2]
    };
    let medians = [
        "excellent",
        "good",
        "fair",
        "weak",
        "edge-of-cell",
        "remote-village",
    ]
    .map(median);
    assert!(medians.is_sorted(), "{medians:?}");
}

#[test]
fn every_profile_has_names_and_a_reason() {
    let names: Vec<&str> = all().iter().map(|profile| profile.name.as_str()).collect();
    insta::assert_snapshot!(names.join(" "), @"excellent good fair broadband wifi-congested crowded weak edge-of-cell basement remote-village elevator no-signal outage maintenance");
    for profile in all() {
        for text in [&profile.en, &profile.zh, &profile.reason] {
            assert!(!text.is_empty(), "{}", profile.name);
        }
        assert_eq!(find(&profile.zh), Ok(profile));
    }
}

#[test]
fn a_misspelt_name_is_told_the_right_one() {
    for (asked, meant) in [
        ("week", "weak"),
        ("elevater", "elevator"),
        ("无信", "无信号"),
    ] {
        let error = find(asked).expect_err(asked);
        assert_eq!(error.did_you_mean, meant, "{error}");
    }
}

#[test]
fn files_of_others_are_checked() {
    let profile = |name: &str, phases: &str| {
        format!("[[profile]]\nname='{name}'\nen='x'\nzh='{name}'\nreason='x'\n{phases}")
    };
    let one = "[[profile.phase]]\nup=''\ndown='delay 5ms'\n";
    let own = read(&profile("a", one)).expect("well-formed");
    assert_eq!(own[0].phases[0].down.delay.time, Span::from_millis(5));
    assert_eq!(
        read(&(profile("a", one) + &profile("a", one))),
        Err(ProfilesError::Twice("a".to_owned()))
    );
    let two = one.repeat(2);
    assert_eq!(
        read(&profile("a", &two)),
        Err(ProfilesError::Phases("a".to_owned()))
    );
    let error = read(&profile(
        "a",
        "[[profile.phase]]\nup='dleay 5ms'\ndown=''\n",
    ));
    let error = error.expect_err("misspelt").to_string();
    assert!(error.contains("dleay"), "{error}");
}
