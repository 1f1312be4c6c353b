//! From the article to the requirements, and from each requirement to what it rests on, what judges
//! it, the scenarios that check it and the defects that break it.

use std::fmt::Write as _;

use counterproof_sim::pos::Defect;
use counterproof_sim::vocabulary::{Lang, Vocabulary as _};

use super::{notice, plain, say, to_root};
use crate::checks;
use crate::mutants::requirement_of;
use crate::requirements::{ARTICLE, Area, Basis, Line, Requirement};
use crate::suite::Suite;

/// The page.
pub(super) fn page(suite: &Suite, lang: Lang) -> String {
    let mut page = format!(
        "# {}\n\n{}\n\n{}\n\n## {}\n\n{}",
        say(lang, "What is covered", "覆盖情况"),
        notice(lang, "coverage.md"),
        say(
            lang,
            "First the lines of the article that the catalogue started from, with the requirements that came of them; then \
             every requirement with what it rests on, what judges it, the scenarios that check it, and the defects of the \
             reference terminal that break it. What catches each defect stands in [the kill matrix](mutants.md).",
            "先列出要求目录所依据的文章的每一条及由此产生的要求；再列出每项要求的依据、判定方式、检查它的场景，以及\
             参考终端中违反它的缺陷。每种缺陷由什么发现，见[缺陷检出矩阵](mutants.md)。",
        ),
        say(lang, "From the article to the requirements", "从文章到要求"),
        say(
            lang,
            "| the article says | requirements | radio profiles | advice | not built yet |\n| --- | --- | --- | --- | --- |\n",
            "| 文章所说 | 要求 | 网络环境 | 建议 | 尚未提供 |\n| --- | --- | --- | --- | --- |\n",
        ),
    );
    for line in ARTICLE {
        article(&mut page, line, lang);
    }
    for area in Area::ALL {
        let _ = writeln!(page, "\n## {} – {}", area.id(), area.name(lang));
        let all = Requirement::ALL.iter().copied();
        for of_area in all.filter(|r| r.area() == *area) {
            requirement(&mut page, of_area, suite, lang);
        }
    }
    page
}

fn article(page: &mut String, line: &Line, lang: Lang) {
    let ids: Vec<String> = line.requirements.iter().map(|r| anchor(*r)).collect();
    let profiles: Vec<String> = line.profiles.iter().map(|p| format!("`{p}`")).collect();
    let advice: Vec<String> = line.advice.iter().map(|a| format!("`{a}`")).collect();
    let _ = writeln!(
        page,
        "| {} | {} | {} | {} | {} |",
        say(lang, line.en, line.zh),
        ids.join(" "),
        profiles.join(" "),
        advice.join(" "),
        say(lang, line.open_en, line.open_zh),
    );
}

fn anchor(requirement: Requirement) -> String {
    let id = requirement.id();
    format!("[{id}](#{})", id.to_ascii_lowercase())
}

fn requirement(page: &mut String, requirement: Requirement, suite: &Suite, lang: Lang) {
    let _ = writeln!(
        page,
        "\n### {requirement}\n\n{}{}\n",
        plain(requirement.sentence(lang)),
        say(lang, ".", "。")
    );
    let colon = say(lang, ": ", "：");
    let mut item = |name: &str, text: &str| {
        let _ = writeln!(page, "* {name}{colon}{text}");
    };
    item(say(lang, "level", "级别"), requirement.level().name(lang));
    item(say(lang, "rests on", "依据"), &basis(requirement, lang));
    item(say(lang, "judged by", "判定"), judge(requirement, lang));
    let defects: Vec<String> = Defect::ALL
        .iter()
        .filter(|defect| requirement_of(**defect) == requirement)
        .map(|defect| format!("`{defect}` {}", plain(defect.name(lang))))
        .collect();
    let none = say(lang, "none", "无");
    let defects = if defects.is_empty() {
        none.to_owned()
    } else {
        defects.join(say(lang, "; ", "；"))
    };
    item(say(lang, "defects", "缺陷"), &defects);
    let scenarios: Vec<_> = suite
        .scenarios()
        .iter()
        .filter(|scenario| scenario.requirements.contains(&requirement))
        .collect();
    let count = if scenarios.is_empty() {
        none.to_owned()
    } else {
        scenarios.len().to_string()
    };
    item(say(lang, "scenarios", "场景"), &count);
    for scenario in scenarios {
        let _ = writeln!(
            page,
            "  * [{}]({}/{})",
            plain(&scenario.name),
            to_root(lang),
            scenario.path
        );
    }
}

fn basis(requirement: Requirement, lang: Lang) -> String {
    let all: Vec<&str> = requirement.basis().map(|basis| basis.name(lang)).collect();
    let mut text = all.join(say(lang, ", ", "、"));
    if requirement.basis().any(|basis| basis == Basis::Article) {
        let lines = ARTICLE
            .iter()
            .filter(|line| line.requirements.contains(&requirement));
        let lines: Vec<String> = lines
            .map(|line| match lang {
                Lang::En => format!("“{}”", line.en),
                Lang::Zh => format!("“{}”", line.zh),
            })
            .collect();
        text.push_str(say(lang, " – ", "——"));
        text.push_str(&lines.join(say(lang, ", ", "、")));
    }
    text
}

fn judge(requirement: Requirement, lang: Lang) -> &'static str {
    if requirement.always_on() {
        say(
            lang,
            "its checker, after every scenario",
            "检查程序，每个场景之后",
        )
    } else if checks::for_requirement(requirement).is_some() {
        say(
            lang,
            "its checker and the steps of its scenarios",
            "检查程序和场景步骤",
        )
    } else {
        say(lang, "the steps of its scenarios", "场景步骤")
    }
}
