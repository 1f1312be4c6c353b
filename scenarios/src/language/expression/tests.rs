//! Patterns and matcher together.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

fn kinds() -> Enumerations {
    let mut kinds = Enumerations::new();
    kinds
        .add(
            "profile",
            [
                vec!["weak", "weak signal", "弱信号"],
                vec!["no-signal", "no signal", "无信号"],
                vec!["4g", "4G网络"],
            ],
        )
        .expect("profiles");
    kinds
        .add(
            "wallet",
            [
                vec!["WXP", "WeChat Pay", "微信支付"],
                vec!["ALI", "Alipay", "支付宝"],
            ],
        )
        .expect("wallets");
    kinds
}

const TABLE: [&str; 14] = [
    "the terminal is switched on",
    "终端开机",
    "the link is {profile}",
    "网络为{profile}",
    "the link is down for {duration}",
    "网络中断{duration}",
    "the customer pays {amount} with {wallet}",
    "顾客用{wallet}支付 {amount}",
    "the scanner reads {string}",
    "扫描到{string}",
    "{int} message(s) is/are lost",
    "丢失 {int} 条报文（含应答）",
    "the order {word} is refunded",
    "the terminal\\(s\\) \\{x\\} a\\/b",
];

fn matcher(patterns: &[&str]) -> Matcher {
    let compiled = patterns
        .iter()
        .map(|pattern| Pattern::compile(pattern, &kinds()).unwrap_or_else(|e| panic!("{e}")));
    Matcher::new(compiled.collect()).expect("a matcher")
}

/// The pattern that fits and its values, or what is wrong.
fn find(text: &str) -> String {
    static MATCHER: LazyLock<Matcher> = LazyLock::new(|| matcher(&TABLE));
    match MATCHER.find(text) {
        Match::One { index, args } => format!("{} {args:?}", TABLE[index]),
        Match::None { nearest } => {
            let nearest: Vec<String> = nearest.into_iter().map(|s| s.pattern).collect();
            format!("none, near {nearest:?}")
        }
        Match::Many(indexes) => format!("many {indexes:?}"),
        Match::Bad {
            argument,
            span,
            why,
            help,
            ..
        } => format!("bad {argument} at {span:?}: {why}; {help}"),
    }
}

#[test]
fn steps_find_their_patterns_and_values() {
    for (text, expected) in [
        (
            "the terminal is switched on",
            "the terminal is switched on []",
        ),
        ("　终端开机 ", "终端开机 []"),
        (
            "the link is No Signal",
            "the link is {profile} [Choice { kind: \"profile\", index: 1 }]",
        ),
        (
            "网络为 4G 网络",
            "网络为{profile} [Choice { kind: \"profile\", index: 2 }]",
        ),
        (
            "the link is down for 1.5 s",
            "the link is down for {duration} [Duration(1500000)]",
        ),
        ("网络中断 ５ 秒", "网络中断{duration} [Duration(5000000)]"),
        (
            "the customer pays ¥1,234.50 with wechat pay",
            "the customer pays {amount} with {wallet} [Amount(123450), Choice { kind: \"wallet\", index: 0 }]",
        ),
        (
            "顾客用支付宝支付１２８．５０元",
            "顾客用{wallet}支付 {amount} [Choice { kind: \"wallet\", index: 1 }, Amount(12850)]",
        ),
        (
            "扫描到“１２３，ａ”",
            "扫描到{string} [Text(\"１２３，ａ\")]",
        ),
        (
            "the scanner reads 'it\"s'",
            "the scanner reads {string} [Text(\"it\\\"s\")]",
        ),
        ("1 message is lost", "{int} message(s) is/are lost [Int(1)]"),
        (
            "3 messages are lost",
            "{int} message(s) is/are lost [Int(3)]",
        ),
        (
            "丢失3条报文(含应答)",
            "丢失 {int} 条报文（含应答） [Int(3)]",
        ),
        (
            "the order A-1 is refunded",
            "the order {word} is refunded [Text(\"A-1\")]",
        ),
        (
            "the terminal(s) {x} a/b",
            "the terminal\\(s\\) \\{x\\} a\\/b []",
        ),
    ] {
        assert_eq!(find(text), expected);
    }
}

#[test]
fn a_wrong_value_is_no_unknown_step() {
    for (text, expected) in [
        (
            "the link is weka",
            "bad 0 at 12..16: unknown profile \"weka\"; did you mean \"weak\"?",
        ),
        (
            "　网络为卫星",
            "bad 0 at 4..6: unknown profile \"卫星\"; it is one of 弱信号, 无信号, 4G网络",
        ),
        (
            "the customer pays 5 with Alipay",
            "bad 0 at 18..19: \"5\" is no amount; yuan or fen? write 5 yuan or 5 fen (5元, 5分)",
        ),
        (
            "the customer pays 5 yuan with PayPal",
            "bad 1 at 30..36: unknown wallet \"PayPal\"; it is one of WXP, ALI",
        ),
        (
            "the scanner reads 6250",
            "bad 0 at 18..22: text in quotes is expected, not 6250; write \"6250\"",
        ),
        (
            "three messages are lost",
            "bad 0 at 0..5: \"three\" is no whole number; write it in digits, such as 3",
        ),
        (
            "99999999999999999999 messages are lost",
            "bad 0 at 0..20: \"99999999999999999999\" is too large; the largest number is 18446744073709551615",
        ),
        (
            "网络中断很久",
            "bad 0 at 4..6: \"很久\" is no length of time; write 5 seconds, 200 ms, 2 minutes or 1 hour (5秒, 200毫秒, 2分钟, 1小时)",
        ),
        (
            "the link is down for \"5\"",
            "bad 0 at 21..24: \"\"5\"\" is no length of time; write 5 seconds, 200 ms, 2 minutes or 1 hour (5秒, 200毫秒, 2分钟, 1小时)",
        ),
    ] {
        assert_eq!(find(text), expected);
    }
}

#[test]
fn unknown_steps_get_the_nearest_patterns_in_their_writing() {
    for (text, expected) in [
        (
            "the terminal is swiched on",
            "none, near [\"the terminal is switched on\"]",
        ),
        (
            "the terminal switched on",
            "none, near [\"the terminal is switched on\"]",
        ),
        ("终端开启", "none, near [\"终端开机\"]"),
        (
            "a customer pays with WeChat Pay 5 yuan today",
            "none, near []",
        ),
        ("quite something else", "none, near []"),
        ("", "none, near []"),
    ] {
        assert_eq!(find(text), expected, "{text}");
    }
    let near = matcher(&TABLE).nearest("终端开启", "zh-CN");
    assert_eq!(near[0].index, 1);
}

#[test]
fn full_width_digits_are_digits_and_other_digits_are_not() {
    assert_eq!(
        find("３ messages are lost"),
        "{int} message(s) is/are lost [Int(3)]"
    );
    assert!(find("٣ messages are lost").starts_with("bad 0"));
}

#[test]
fn patterns_that_both_fit_are_told() {
    let both = matcher(&["the terminal {word}", "the terminal restarts"]);
    assert_eq!(both.find("the terminal restarts"), Match::Many(vec![0, 1]));
    let twice = ["等待 {int} 秒", "等待{int}秒"].map(|p| Pattern::compile(p, &kinds()).expect(p));
    assert!(matches!(
        Matcher::new(twice.into()),
        Err(MatcherError::Twice {
            first: 0,
            second: 1,
            ..
        })
    ));
}

#[test]
fn a_better_match_is_no_bad_value() {
    // `{profile}` would take `down for 5 seconds` if it were not for the other pattern.
    assert!(find("the link is down for 5 seconds").starts_with("the link is down for"));
}

#[test]
fn patterns_that_are_wrong_are_pointed_at() {
    let all: Vec<String> = [
        "the {profil} link",
        "the {x} link",
        "the {int link",
        "a } b",
        "a ) b",
        "a (b",
        "a () b",
        "a (b {int})",
        "a/ b",
        "{int}/b",
        "a\\b",
        " ",
    ]
    .iter()
    .map(|pattern| match Pattern::compile(pattern, &kinds()) {
        Ok(pattern) => format!("{} compiled", pattern.source()),
        Err(PatternError { .. }) => Pattern::compile(pattern, &kinds())
            .expect_err("an error")
            .to_string(),
    })
    .collect();
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn optional_text_may_hold_its_blank() {
    let matcher = matcher(&["the terminal( again) restarts", "终端（再次）重启(一次)"]);
    for text in ["the terminal restarts", "the terminal again restarts"] {
        assert!(
            matches!(matcher.find(text), Match::One { index: 0, .. }),
            "{text}"
        );
    }
    for text in ["终端(再次)重启", "终端（再次）重启一次"] {
        assert!(
            matches!(matcher.find(text), Match::One { index: 1, .. }),
            "{text}"
        );
    }
}

proptest! {
    #[test]
    fn no_step_and_no_pattern_panics(text in any::<String>()) {
        find(&text);
        if let Ok(pattern) = Pattern::compile(&text, &kinds()) {
            Matcher::new(vec![pattern]).expect("a matcher").find(&text);
        }
    }
}

proptest! {
    // Every case compiles a pattern.
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// A snippet is a pattern that fits the step it was made of.
    #[test]
    fn a_snippet_fits_its_step(words in proptest::collection::vec(proptest::sample::select(vec![
        "pay", "5 yuan", "128.50", "3", "\"a b\"", "5 seconds", "(x)", "a/b", "{y}", "\\", "等待5秒", "重试3次",
        "付12分", "10分钟", "A1", "用“弱”",
    ]), 1..6)) {
        let step = words.join(" ");
        let pattern = Pattern::compile(&snippet(&step), &kinds())
            .unwrap_or_else(|error| panic!("{error}"));
        let found = matcher_of(pattern).find(&step);
        prop_assert!(matches!(found, Match::One { .. }), "{} {:?}", snippet(&step), found);
    }
}

fn matcher_of(pattern: Pattern) -> Matcher {
    Matcher::new(vec![pattern]).expect("a matcher")
}
