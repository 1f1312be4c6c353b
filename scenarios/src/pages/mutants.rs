//! The kill matrix as a page, and what is to be said of the suite because of it.

use std::fmt::Write as _;

use counterproof_sim::vocabulary::{Lang, Vocabulary as _};

use super::{link, notice, plain, say};
use crate::mutants::{Failed, KillMatrix, Row};
use crate::requirements::Requirement;

/// Something that the matrix says of the suite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub title: &'static str,
    /// Whether the matrix is not whole because of it.
    pub is_hole: bool,
    /// What it is about, an item a line.
    pub items: Vec<String>,
}

/// What the matrix says of the suite; nothing is left out that has no item.
pub fn findings(matrix: &KillMatrix, lang: Lang) -> Vec<Finding> {
    let hole = |title, items| Finding {
        title,
        is_hole: true,
        items,
    };
    let remark = |title, items| Finding {
        title,
        is_hole: false,
        items,
    };
    let all = [
        hole(
            say(lang, "Defects that nothing catches", "未被发现的缺陷"),
            matrix.surviving().map(meant).collect(),
        ),
        hole(
            say(
                lang,
                "Defects that are caught only for requirements which they do not break",
                "只因其他要求而被发现的缺陷",
            ),
            matrix
                .strays()
                .map(|row| format!("{}: {}", meant(row), reported(row)))
                .collect(),
        ),
        hole(
            say(
                lang,
                "Requirements that no defect was found to break",
                "没有缺陷违反的要求",
            ),
            requirements(&matrix.without_killer(), lang),
        ),
        hole(
            say(
                lang,
                "Scenarios that the terminal without defects does not pass",
                "无缺陷终端未通过的场景",
            ),
            failed(matrix, &matrix.alarms, lang),
        ),
        hole(
            say(
                lang,
                "Defects that made a scenario break off",
                "使场景中断的缺陷",
            ),
            matrix
                .broken_off()
                .flat_map(|row| {
                    let lines = failed(matrix, &row.broken_off, lang);
                    lines
                        .into_iter()
                        .map(|line| format!("{}: {line}", row.defect))
                })
                .collect(),
        ),
        hole(
            say(
                lang,
                "Scenarios that catch no defect",
                "没有发现任何缺陷的场景",
            ),
            scenarios(matrix, &matrix.idle()),
        ),
        remark(
            say(
                lang,
                "Requirements that no scenario checks yet",
                "尚无场景检查的要求",
            ),
            requirements(&matrix.unchecked(), lang),
        ),
        remark(
            say(
                lang,
                "Scenarios that catch no defect of a requirement which they are about",
                "没有发现违反其自身要求的缺陷的场景",
            ),
            scenarios(matrix, &matrix.borrowed()),
        ),
    ];
    all.into_iter()
        .filter(|finding| !finding.items.is_empty())
        .collect()
}

fn meant(row: &Row) -> String {
    format!("{} ({})", row.defect, row.meant)
}

fn reported(row: &Row) -> String {
    let ids: Vec<&str> = row.reported().keys().map(|r| r.id()).collect();
    ids.join(" ")
}

fn requirements(all: &[Requirement], lang: Lang) -> Vec<String> {
    let line = |requirement: &Requirement| format!("{requirement} {}", requirement.sentence(lang));
    all.iter().map(line).collect()
}

fn scenarios(matrix: &KillMatrix, cases: &[usize]) -> Vec<String> {
    let id = |case: &usize| matrix.cases[*case].scenario.id.clone();
    cases.iter().map(id).collect()
}

fn failed(matrix: &KillMatrix, all: &[Failed], lang: Lang) -> Vec<String> {
    let line = |failed: &Failed| {
        let id = &matrix.cases[failed.case].scenario.id;
        format!("{id}: {}", failed.message.get(lang))
    };
    all.iter().map(line).collect()
}

/// The page.
pub(super) fn page(matrix: &KillMatrix, lang: Lang) -> String {
    let mut page = format!(
        "# {}\n\n{}\n\n{}\n\n",
        say(lang, "The kill matrix", "缺陷检出矩阵"),
        notice(lang, "mutants.md"),
        say(
            lang,
            "Every defect that the reference terminal can be given, against the certified scenarios: the requirement that it \
             breaks, the scenario that catches it first for that requirement and what in it noticed, how many scenarios catch \
             it, and which requirements they report. `counterproof mutants` prints the same.",
            "参考终端的每种缺陷与认证场景对照：所违反的要求、因该要求最先发现它的场景及发现者、发现它的场景数，以及\
             报告的要求。`counterproof mutants` 输出同样的内容。",
        ),
    );
    page.push_str(say(
        lang,
        "| defect | breaks | caught first by | noticed by | scenarios | reported |\n| --- | --- | --- | --- | --- | --- |\n",
        "| 缺陷 | 违反 | 最先发现的场景 | 发现者 | 场景数 | 报告的要求 |\n| --- | --- | --- | --- | --- | --- |\n",
    ));
    for row in &matrix.rows {
        let (scenario, by) = row.first().map_or_else(
            || ("–".to_owned(), "–".to_owned()),
            |kill| {
                let scenario = &matrix.cases[kill.case].scenario;
                (link(scenario, lang), plain(&matrix.noticed_by(kill, lang)))
            },
        );
        let _ = writeln!(
            page,
            "| `{}` {} | {} | {scenario} | {by} | {} | {} |",
            row.defect,
            plain(row.defect.name(lang)),
            row.meant,
            row.kills.len(),
            reported(row),
        );
    }
    for finding in findings(matrix, lang) {
        let _ = writeln!(page, "\n## {} – {}\n", finding.title, finding.items.len());
        for item in finding.items {
            let _ = writeln!(page, "* {}", plain(&item));
        }
    }
    page
}
