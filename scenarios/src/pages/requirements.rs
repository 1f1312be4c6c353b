//! Every requirement with its reason: what it asks, why a shop cares, what it rests on, what judges it, the
//! scenarios that check it, the defects that break it, and what to do about a breach.

use std::fmt::Write as _;

use counterproof_sim::pos::Defect;
use counterproof_sim::vocabulary::{Lang, Vocabulary as _};

use super::{link, notice, plain, say};
use crate::checks;
use crate::mutants::requirement_of;
use crate::requirements::{ARTICLE, Area, Basis, Requirement};
use crate::suite::Suite;

/// The page.
pub(super) fn page(suite: &Suite, lang: Lang) -> String {
    let mut page = format!(
        "# {}\n\n{}\n\n{}\n",
        say(lang, "The requirements", "要求"),
        notice(lang, Requirement::PAGE),
        say(
            lang,
            "What a terminal must do, and why. A breach of what it *must* do fails certification; of what it *should* do, it is a \
             warning. From the article to the requirements: [coverage.md](coverage.md); what catches each defect: \
             [mutants.md](mutants.md).",
            "终端须做到什么，以及为什么。违反“必须”即不能通过认证，违反“应当”只是警告。从文章到要求见 [coverage.md](coverage.md)，\
             每种缺陷由什么发现见 [mutants.md](mutants.md)。",
        ),
    );
    for area in Area::ALL {
        let _ = writeln!(page, "\n## {} – {}", area.id(), area.name(lang));
        let all = Requirement::ALL.iter().copied();
        for of_area in all.filter(|r| r.area() == *area) {
            requirement(&mut page, of_area, suite, lang);
        }
    }
    page
}

fn requirement(page: &mut String, requirement: Requirement, suite: &Suite, lang: Lang) {
    let stop = say(lang, ".", "。");
    let sentence = plain(requirement.sentence(lang));
    let reason = requirement.reason(lang);
    let help = requirement.help(lang);
    let _ = writeln!(
        page,
        "\n### {requirement}\n\n**{sentence}{stop}** {}\n",
        reason.why
    );
    let colon = say(lang, ": ", "：");
    let mut item = |name: &str, text: &str| {
        let _ = writeln!(page, "* {name}{colon}{text}");
    };
    item(say(lang, "level", "级别"), requirement.level().name(lang));
    item(say(lang, "rests on", "依据"), &basis(requirement, lang));
    item(say(lang, "judged by", "判定"), judge(requirement, lang));
    item(
        say(lang, "when it is broken, mostly", "违反时多半因为"),
        help.cause,
    );
    item(say(lang, "the vendor", "厂商"), help.remedy);
    item(
        say(lang, "the cashier, meanwhile", "收银员在此期间"),
        reason.cashier,
    );
    item(say(lang, "defects", "缺陷"), &defects(requirement, lang));
    let scenarios: Vec<_> = suite.of(requirement).collect();
    let count = if scenarios.is_empty() {
        none(lang).to_owned()
    } else {
        scenarios.len().to_string()
    };
    item(say(lang, "scenarios", "场景"), &count);
    for scenario in scenarios {
        let _ = writeln!(page, "  * {}", link(scenario, lang));
    }
}

const fn none(lang: Lang) -> &'static str {
    say(lang, "none", "无")
}

fn defects(requirement: Requirement, lang: Lang) -> String {
    let defects: Vec<String> = of_requirement(requirement)
        .map(|defect| format!("`{defect}` {}", plain(defect.name(lang))))
        .collect();
    if defects.is_empty() {
        none(lang).to_owned()
    } else {
        defects.join(say(lang, "; ", "；"))
    }
}

/// The defects of the reference terminal that break it.
pub(super) fn of_requirement(requirement: Requirement) -> impl Iterator<Item = &'static Defect> {
    let all = Defect::ALL.iter();
    all.filter(move |defect| requirement_of(**defect) == requirement)
}

fn basis(requirement: Requirement, lang: Lang) -> String {
    let all: Vec<&str> = requirement.basis().map(|basis| basis.name(lang)).collect();
    let mut text = all.join(say(lang, ", ", "、"));
    let sources = requirement.sources().iter();
    let sources: Vec<String> = sources
        .map(|source| format!("[{}]({})", source.name(lang), source.url))
        .collect();
    if !sources.is_empty() {
        text.push_str(say(lang, ": ", "："));
        text.push_str(&sources.join(say(lang, "; ", "；")));
    }
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
        text.push_str(say(lang, "; the article says ", "；文章所说："));
        text.push_str(&lines.join(say(lang, ", ", "、")));
    }
    text
}

/// What judges it.
pub(super) fn judge(requirement: Requirement, lang: Lang) -> &'static str {
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
