//! Whole files: what they mean, and everything that can be wrong with them.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::super::diagnostic::render;
use super::super::model::Role::{self, Given, Then, When};
use super::*;

fn good(text: &str) -> Feature {
    parse("features/area/x.feature", text)
        .into_result()
        .unwrap_or_else(|mistakes| panic!("{}", render(&mistakes)))
}

/// The mistakes as the command line prints them.
fn said(text: &str) -> String {
    render(&parse("features/area/x.feature", text).diagnostics)
}

/// The mistakes without their sources.
fn brief(text: &str) -> Vec<String> {
    parse("features/area/x.feature", text)
        .diagnostics
        .iter()
        .map(|d| format!("{}:{} {}", d.line, d.column, d.message))
        .collect()
}

const ENGLISH: &str = r#"
@network
Feature: Silence
  What stands here
  is description.

  Background:
    Given a terminal

  @REV-01 @smoke
  Scenario: Pays
    A scenario too.
    When the customer pays 5 yuan
    And the answer is lost
    Then the terminal reverses
    But nothing is printed

  Rule: Weak
    Background: before
      Given a weak link

    @REV-02 @smoke
    Scenario Outline: Loses <what>
      When the <what> is lost
        | a | <what> |
      * it waits
        """
        for <what>
        """
      Then it is over

      @slow
      Examples: some
        | what   |
        # the usual
        | answer |

        | ack    |
"#;

const CHINESE: &str = "\u{feff}# language: zh-CN\r
＠network\r
功能：Silence\r
　　What stands here\r
　　is description.\r
\r
　　背景：\r
　　　　假如 a terminal\r
\r
　　@REV-01　＠smoke\r
　　场景：Pays\r
　　　　A scenario too.\r
　　　　当the customer pays 5 yuan\r
　　　　而且 the answer is lost\r
　　　　那么 the terminal reverses\r
　　　　但是　nothing is printed\r
\r
　　规则：Weak\r
　　　　背景： before\r
　　　　　　假设a weak link\r
\r
　　　　@REV-02 @smoke\r
　　　　场景大纲：Loses ＜what＞\r
　　　　　　当 the ＜what＞ is lost\r
　　　　　　　　｜ a ｜ <what> ｜\r
　　　　　　＊ it waits\r
　　　　　　　　“““\r
　　　　　　　　for <what>\r
　　　　　　　　“““\r
　　　　　　那么 it is over\r
\r
　　　　　　＠slow\r
　　　　　　例子：some\r
　　　　　　　　｜ what ｜\r
　　　　　　　　＃ the usual\r
　　　　　　　　｜ answer ｜\r
\r
　　　　　　　　｜ ack ｜\r
";

/// A feature without keywords and places, to compare languages.
fn meaning(feature: &Feature) -> String {
    let mut out = format!("{} {:?}\n", feature.name, names(&feature.tags));
    for case in feature.cases() {
        let scenario = case.scenario;
        let rule = case.rule.map(|rule| rule.name.as_str());
        let tags = names(&scenario.tags);
        let _ = writeln!(
            out,
            "{} {rule:?} {} {tags:?} line {}",
            scenario.id,
            scenario.name,
            scenario.place()
        );
        for prose in &scenario.description {
            let _ = writeln!(out, "  ({}) {}", prose.line, prose.text);
        }
        for step in case.steps() {
            let table = step.table.as_ref().map(|table| &table.rows);
            let doc = step.docstring.as_ref().map(|doc| &doc.text);
            let _ = writeln!(
                out,
                "  {} {:?} {} {table:?} {doc:?}",
                step.line, step.role, step.text
            );
        }
    }
    out
}

fn names(tags: &[super::super::model::Tag]) -> Vec<&str> {
    tags.iter().map(|tag| tag.name.as_str()).collect()
}

#[test]
fn a_file_means_what_it_says() {
    insta::assert_snapshot!(meaning(&good(ENGLISH)));
}

#[test]
fn english_and_chinese_are_equals() {
    let (english, chinese) = (good(ENGLISH), good(CHINESE));
    assert_eq!(meaning(&english), meaning(&chinese));
    assert_eq!(english.language, "en");
    assert_eq!(chinese.language, "zh-CN");
    assert_eq!(chinese.rules[0].keyword, "规则");
    assert_eq!(chinese.description, english.description);
}

#[test]
fn other_languages_work_too() {
    let feature = good(
        "# language: fr\n@a\nFonctionnalité: Silence\n  Contexte:\n    Soit un terminal\n\n  \
         Règle: Faible\n    @b\n    Plan du scénario: Perd <quoi>\n      Quand la <quoi> est perdue\n        \
         | 1 |\n      Alors tout va bien\n      @c\n      Exemples:\n        | quoi |\n        | réponse |\n",
    );
    let case = feature.cases().next().expect("a scenario");
    assert_eq!(case.scenario.id, "area/perd-réponse");
    assert_eq!(names(&case.scenario.tags), ["@a", "@b", "@c"]);
    let steps: Vec<(Role, &str, usize, usize)> = case
        .steps()
        .map(|s| (s.role, s.text.as_str(), s.line, s.column))
        .collect();
    assert_eq!(
        steps,
        [
            (Given, "un terminal", 5, 10),
            (When, "la réponse est perdue", 10, 13),
            (Then, "tout va bien", 12, 13),
        ]
    );
}

#[test]
fn mistakes_in_other_languages_have_a_line() {
    assert_eq!(
        brief("# language: fr\nFonctionnalité: x\n  Scénario: y\n    Soit a\n    Quoi b\n"),
        ["5:5 this line cannot be read"]
    );
    assert_eq!(
        brief("# language: fr\n\n  Foncionalité: x\n"),
        ["3:3 this line cannot be read"]
    );
}

#[test]
fn a_rule_in_chinese_is_neither_swallowed_nor_refused() {
    let feature = good(
        "# language: zh-CN\n功能: x\n  规则: 一\n    场景: a\n      那么 b\n  规则：二\n    场景: c\n      那么 d\n",
    );
    let names: Vec<&str> = feature
        .rules
        .iter()
        .map(|rule| rule.name.as_str())
        .collect();
    assert_eq!(names, ["一", "二"]);
    assert_eq!(feature.rules[1].line, 6);
}

#[test]
fn a_star_is_what_the_step_before_was() {
    let feature =
        good("Feature: x\nScenario: y\n* a\n* b\nWhen c\n* d\nAnd e\nThen f\n* g\nBut h\n");
    let roles: Vec<Role> = feature.scenarios[0].steps.iter().map(|s| s.role).collect();
    assert_eq!(roles, [Given, Given, When, When, When, Then, Then, Then]);
}

#[test]
fn an_outline_is_expanded_in_work_linear_in_its_rows() {
    let mut text =
        String::from("Feature: x\nScenario Outline: y\nGiven a <n>\nThen b\nExamples:\n| n |\n");
    for row in 0..10_000 {
        let _ = writeln!(text, "| {row} |");
    }
    let source = Source::new("x", &text);
    let scan = scan::scan(&source, &mut Vec::new());
    let english = keywords::of("en").expect("English");
    let skeleton = structure::check(&source, &scan, english, &mut Vec::new());
    // What takes time quadratic in its lines sees none of the rows.
    assert_eq!(skeleton.lines.len(), 6);
    let feature = good(&text);
    assert_eq!(feature.scenarios.len(), 10_000);
    let last = &feature.scenarios[9_999];
    assert_eq!(last.id, "area/y-9999");
    assert_eq!(last.place(), 10_006);
    assert_eq!(last.steps[0].text, "a 9999");
}

#[test]
fn ids_survive_every_edit_that_leaves_the_name_alone() {
    let ids = |text: &str| -> Vec<String> {
        let feature = good(text);
        feature
            .cases()
            .map(|case| case.scenario.id.clone())
            .collect()
    };
    let moved = ENGLISH
        .replace("Feature: Silence", "# new\n\nFeature: Another name")
        .replace("  What stands here\n", "")
        .replace("Rule: Weak", "@new\n  Rule: Other")
        .replace("        | ack    |", "        | late |\n        | ack |");
    let (before, after) = (ids(ENGLISH), ids(&moved));
    assert_eq!(after.len(), before.len() + 1);
    assert!(
        before.iter().all(|id| after.contains(id)),
        "{before:?} {after:?}"
    );
}

#[test]
fn a_file_that_would_take_for_ever_is_refused() {
    let text = format!("Feature: x\nScenario: y\n{}", "Then z\n".repeat(MOST_LINES));
    assert_eq!(
        brief(&text),
        ["100001:1 more than 100000 lines beside tables and comments"]
    );
}

#[test]
fn quoted_text_stays_as_it_was_typed() {
    let feature = good("# language: zh-CN\n功能：x\n场景：y\n那么 扫描“１２３”，等待５秒\n");
    let step = &feature.scenarios[0].steps[0];
    assert_eq!(step.text, "扫描“１２３”，等待５秒");
    assert_eq!(step.plain(), "扫描\"１２３\",等待5秒");
}

#[test]
fn every_mistake_of_form_is_named_at_its_place() {
    insta::assert_snapshot!(said(
        r"# language: en
@weak net
Feature: Everything wrong
  Scenaro: mistyped header
    Given a
    Then b

  Scenario: mistyped step
    Gven a terminal
    Whne it rains
    Then b
    Thus c

  Scenario: no steps

  Scenario: nothing checked
    Given a

  Scenario: nothing checked
    Then b

  Scenario:
    Then b

  Scenario Outline: Columns of <profil> and <sum>
    Given the <profile>
    Then b
    Examples:
      | profile | amount | profile |  |
      | weak    | 1      |
      | weak    | 1      | 2       | 3 | 4 |

  Scenario Outline: no rows
    Then <a>
    Examples:
      | a |

  Scenario Outline: no examples
    Then a

  Background: too late
    Given c

  @dangling
"
    ));
}

#[test]
fn chinese_mistakes_are_named_at_their_places() {
    insta::assert_snapshot!(said(
        "# language: zh-CN
功能：弱网
  情景：一
    加入 终端已开机
    那么 支付成功
  场景：二
    假如 终端已开机
    Then 支付成功
  场景大纲：三
    那么 金额为＜金额＞元
    示例：
      ｜ 数额 ｜
      ｜ １００ ｜ ２ ｜
"
    ));
}

#[test]
fn a_missing_header_is_reported_with_the_rest() {
    assert_eq!(
        brief("Scenario: x\n  Given a\n  Thn b\n"),
        [
            "1:1 the Feature header is missing",
            "3:3 unknown keyword \"Thn\""
        ]
    );
    assert_eq!(brief(""), ["1:1 the Feature header is missing"]);
    assert_eq!(brief("\n# only\n\n"), ["1:1 the Feature header is missing"]);
    assert_eq!(
        brief("hello\nFeature: x\nScenario: y\nThen z\n"),
        ["1:1 words above the Feature header"]
    );
}

#[test]
fn the_language_must_exist_and_be_kept_to() {
    assert_eq!(
        brief("# language: zh_CN\n功能：x\n场景：y\n那么 z\n"),
        ["1:13 unknown language \"zh_CN\""]
    );
    assert_eq!(
        brief("#language:xx\nこんにちは\n"),
        ["1:11 unknown language \"xx\""]
    );
    assert_eq!(
        brief("功能：x\n场景：y\n那么 z\n"),
        ["1:1 the file is in Chinese and does not say so"]
    );
    assert_eq!(
        brief("# language: zh-CN\nFeature: x\nScenario: y\nThen z\n"),
        ["1:13 the file says it is in Chinese, its keywords are in English"]
    );
    assert_eq!(
        brief("Feature: x\n# language: zh-CN\nScenario: y\nThen z\n"),
        ["2:1 the language is chosen too late"]
    );
}

#[test]
fn steps_before_any_scenario_are_no_description() {
    assert_eq!(
        brief("Feature: x\n  Given a\n  When b\n\n  Scenario: y\n    Then c\n"),
        ["2:3 a step before any scenario"]
    );
    assert_eq!(
        brief("Feature: x\n  Given a\n"),
        ["2:3 a step before any scenario"]
    );
    assert_eq!(
        brief("Feature: x\n  Given a\n    | 1 |\n  Scenario: y\n    Then c\n"),
        ["2:3 a step before any scenario"]
    );
    let lost = parse(
        "x.feature",
        "Feature: x\n  Scenario y\n    Given a\n    Then b\n",
    );
    assert_eq!(
        lost.diagnostics[0].help,
        "a colon is missing in line 2: write \"Scenario: …\""
    );
    assert_eq!(
        brief("Feature: x\nScenario: y\nThen a\n\n  Scenario z\n  Given a\n  Then b\n"),
        ["5:3 a colon is missing after \"Scenario\""]
    );
    // One line of prose is prose.
    good("Feature: x\n  When the link dies, money is at stake.\n  Scenario: y\n    Then c\n");
}

#[test]
fn what_belongs_to_nothing_is_reported() {
    assert_eq!(
        brief("Feature: x\n| a |\nScenario: y\nThen z\n\"\"\"\na\n\"\"\"\n| b |\n"),
        [
            "2:1 a table that belongs to nothing",
            "8:1 the step has something below it already, before this table",
        ]
    );
    assert_eq!(
        brief("Feature: x\nExamples:\n| a |\nScenario: y\nThen z\n"),
        ["2:1 Examples without a scenario"]
    );
    assert_eq!(
        brief("Feature: x\nScenario: y\nThen z\n@a\nWhen b\n"),
        ["4:1 tags that belong to nothing"]
    );
    assert_eq!(
        brief("Feature: x\nFeature: y\nScenario: y\nThen z\n"),
        ["2:1 a second Feature (the first is in line 1)"]
    );
    assert_eq!(
        brief("Feature: x\nRule: r\nRule: s\nScenario: y\nThen z\n"),
        ["2:1 a rule without a scenario"]
    );
    assert_eq!(
        brief("Feature: x\n  some words\n"),
        ["1:1 a feature without a scenario"]
    );
    assert_eq!(
        brief("Feature: x\nBackground:\nScenario: y\nThen z\n"),
        ["2:1 a background without steps"]
    );
    assert_eq!(
        brief("Feature: x\nScenario: y\nThen <a>\nExamples:\nExamples:\n| a |\n| 1 |\n"),
        ["4:1 examples without a table"]
    );
    assert_eq!(
        brief("Feature: x\nScenario: y\nThen <a>\nExamples:\n| a |\n| 1 |\nThen z\nmore\n"),
        [
            "7:1 a step after the examples",
            "8:1 unknown keyword \"more\""
        ]
    );
}

#[test]
fn equal_rows_are_reported() {
    assert_eq!(
        brief("Feature: x\nScenario: y\nThen <a>\nExamples:\n| a |\n| 1 |\n| 1 |\n"),
        ["7:1 this row has the same id as the scenario in line 6"]
    );
}

#[test]
fn ordinary_prose_is_no_mistake() {
    good(
        "Feature: x\n  As a cashier, I want: peace.\n  Note: nothing.\n  \
         Rules of thumb apply.\n  Scenarios are many.\n\n  Scenario: y\n    \
         They pay, and the link dies:\n    a sad story.\n\n    Given a\n    Then b\n",
    );
}

/// Lines of which every order makes some kind of file.
fn lines() -> impl Strategy<Value = String> {
    let line = proptest::sample::select(vec![
        "Feature: x",
        "Rule: r",
        "Background:",
        "Scenario: a",
        "Scenario Outline: b <n>",
        "Examples:",
        "| n |",
        "| 1 | 2 |",
        "|",
        "\"\"\"",
        "```",
        "Given a <n>",
        "When b",
        "Then c",
        "And d",
        "* e",
        "@t",
        "@ t",
        "words",
        "Scenario z",
        "场景 z",
        "Scenaro: x",
        "gven x",
        "Given",
        "# c",
        "",
        "# language: zh-CN",
        "# language: fr",
        "功能：x",
        "规则：r",
        "背景：",
        "场景：a",
        "场景大纲：b",
        "例子：",
        "假如 a",
        "那么“b",
        "｜ n ｜",
        "示例：",
        "加入 x",
        "Scénario: x",
    ]);
    proptest::collection::vec(line, 0..30).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_order_of_lines_panics_and_every_mistake_has_a_line(text in lines()) {
        let count = text.lines().count().max(1);
        for d in parse("x.feature", &text).diagnostics {
            prop_assert!((1..=count).contains(&d.line), "{d}");
            prop_assert!(d.column >= 1, "{d}");
            prop_assert!(!d.message.is_empty());
        }
    }

    /// In the languages whose keywords we have, `gherkin` is never given what it cannot read, and
    /// never takes a keyword for description.
    #[test]
    fn the_crate_reads_every_skeleton(text in lines()) {
        if !text.contains("language: fr") {
            let parsed = parse("x.feature", &text);
            prop_assert!(parsed.feature.is_some(), "{}", render(&parsed.diagnostics));
            for d in parsed.diagnostics {
                prop_assert!(!d.message.contains("does not belong here"), "{d}");
            }
        }
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>()) {
        parse("x.feature", &text);
        parse("x.feature", &format!("# language: fr\nFonctionnalité: x\n{text}"));
        parse("x.feature", &format!("Feature: x\nScenario: y\n{text}"));
    }
}
