//! From the article to the requirements, and how well each requirement is covered. What a requirement says
//! and rests on is in [`super::requirements`].

use std::fmt::Write as _;

use counterproof_sim::vocabulary::Lang;

use super::requirements::{judge, of_requirement};
use super::{notice, plain, say};
use crate::requirements::{ARTICLE, Line, Requirement};
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
             how many scenarios check each requirement, and how many defects of the reference terminal break it. What each \
             says, why, and which those are stands in [requirements.md](requirements.md); what catches each defect in \
             [the kill matrix](mutants.md).",
            "先列出要求目录所依据的文章的每一条及由此产生的要求；再列出检查每项要求的场景数，以及参考终端中违反它的缺陷数。\
             每项要求的内容、理由及具体的场景和缺陷见 [requirements.md](requirements.md)，每种缺陷由什么发现见\
             [缺陷检出矩阵](mutants.md)。",
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
    let _ = write!(
        page,
        "\n## {}\n\n{}",
        say(lang, "The requirements", "要求"),
        say(
            lang,
            "| requirement | | level | judged by | scenarios | defects |\n| --- | --- | --- | --- | --: | --: |\n",
            "| 要求 | | 级别 | 判定 | 场景 | 缺陷 |\n| --- | --- | --- | --- | --: | --: |\n",
        )
    );
    for requirement in Requirement::ALL {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} |",
            anchor(*requirement),
            plain(requirement.sentence(lang)),
            requirement.level().name(lang),
            judge(*requirement, lang),
            suite.of(*requirement).count(),
            of_requirement(*requirement).count(),
        );
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
    format!("[{}]({})", requirement.id(), requirement.page())
}
