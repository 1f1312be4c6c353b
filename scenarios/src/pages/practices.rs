//! Where the sources disagree: what terminals do, what is accepted, what a file of one's own looks like, and
//! which scenarios bring it about.

use std::fmt::Write as _;

use counterproof_sim::vocabulary::{Lang, Vocabulary as _};

use super::{link, notice, say};
use crate::practices::{self, Row};
use crate::suite::Suite;

/// The file's name, in both languages.
const PAGE: &str = "practices.md";

/// The page.
pub(super) fn page(suite: &Suite, lang: Lang) -> String {
    let mut page = format!(
        "# {}\n\n{}\n\n{}\n",
        say(lang, "Where the sources disagree", "规则说法不一之处"),
        notice(lang, PAGE),
        say(
            lang,
            "On these points sound terminals act in more than one way, because the rules that they were built by differ. Every \
             report names the way that was seen: on the console, in `results.json` (`practices`, by the names below), in \
             `summary.md` and on the page. A way that is not accepted breaks the requirement beside it.\n\n\
             What is accepted is data. Certification profiles say where they differ from the table \
             (`conformance/src/certificate/profiles.toml`); for a run, write the points that differ into a file and name it:\n\n\
             ```toml\n# practices.toml\nlate-answer = [\"reversed\", \"queried\", \"believed\"]\nprint-failure = [\"kept\", \"reversed\"]\n```\n\n\
             ```sh\ncounterproof run --practices practices.toml\ncounterproof list practices\n```",
            "在这些问题上，各方规则不同，合格的终端做法也不止一种。每份报告都写明实际看到的做法：控制台、`results.json`（`practices`，\
             用下列名称）、`summary.md` 和网页。不被认可的做法即违反所列要求。\n\n\
             认可哪些做法是数据。认证配置只写与下表不同之处（`conformance/src/certificate/profiles.toml`）；运行时把不同之处写进文件并指明：\n\n\
             ```toml\n# practices.toml\nlate-answer = [\"reversed\", \"queried\", \"believed\"]\nprint-failure = [\"kept\", \"reversed\"]\n```\n\n\
             ```sh\ncounterproof run --practices practices.toml\ncounterproof list practices\n```",
        ),
    );
    for row in practices::all() {
        practice(&mut page, row, suite, lang);
    }
    page
}

fn practice(page: &mut String, row: &Row, suite: &Suite, lang: Lang) {
    let name = row.practice.name(lang);
    let _ = writeln!(page, "\n## `{}` – {name}\n", row.practice);
    let blank = say(lang, " ", "");
    let (situation, why) = (row.situation.get(lang), row.why.get(lang));
    let _ = writeln!(page, "{situation}{blank}{why}\n");
    let requirement = row.requirement;
    let _ = writeln!(
        page,
        "{}: [{requirement}](requirements.md#{})\n",
        say(lang, "Requirement", "要求"),
        requirement.id().to_lowercase(),
    );
    let _ = writeln!(
        page,
        "| {} | {} | {} |\n| --- | --- | --- |",
        say(lang, "way", "做法"),
        say(lang, "the terminal", "终端"),
        say(lang, "accepted by default", "默认认可"),
    );
    for way in &row.ways {
        let accepted = if way.accepted {
            say(lang, "yes", "是")
        } else {
            say(lang, "no", "否")
        };
        let says = way.says.get(lang);
        let _ = writeln!(page, "| `{}` | {says} | {accepted} |", way.way);
    }
    let is_about = |text: &str| {
        let practice = row.practice;
        [practice.id(), practice.en(), practice.zh()]
            .iter()
            .any(|name| text.contains(name))
    };
    let mut scenarios = suite
        .scenarios()
        .iter()
        .filter(|scenario| {
            let mut steps = scenario.steps.iter();
            steps.any(|step| step.step.id == "practice-accepted" && is_about(&step.text))
        })
        .peekable();
    if scenarios.peek().is_none() {
        return;
    }
    let _ = writeln!(
        page,
        "\n{}\n",
        say(lang, "Brought about by:", "触发它的场景：")
    );
    for scenario in scenarios {
        let _ = writeln!(page, "* {}", link(scenario, lang));
    }
}
