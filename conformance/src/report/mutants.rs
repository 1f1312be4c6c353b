//! The kill matrix as columns for people and JSON for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use counterproof_scenarios::mutants::{Catcher, Failed, Kill, KillMatrix, Row};
use counterproof_scenarios::pages::findings;
use counterproof_sim::pos::Defect;
use counterproof_sim::vocabulary::{Lang, Vocabulary as _};
use serde_json::{Value, json};

use super::columns::table;
use super::style::Style;
use crate::evidence::Digest;
use crate::texts::{cli as words, report as texts};

/// The schema of the JSON form.
pub const SCHEMA: &str = "counterproof/mutants/1";

/// Requirements that a defect was reported for and that a row still names.
const NAMED: usize = 8;

/// The matrix, what is to be said of the suite because of it, and the verdict.
pub fn tell(matrix: &KillMatrix, lang: Lang, style: Style) -> String {
    let mut rows = vec![
        [
            words::defect(lang),
            words::breaks(lang),
            texts::caught_by(lang),
            texts::noticed_by(lang),
            texts::catches(lang),
            texts::reported(lang),
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    rows.extend(matrix.rows.iter().map(|row| columns(matrix, row, lang)));
    let mut text = table(&rows);
    text.push('\n');
    let defects = matrix.rows.len();
    if !matrix.is_complete() {
        let why = texts::matrix_incomplete(lang, defects, Defect::ALL.len());
        let verdict = style.bold(&style.yellow(texts::incomplete(lang)));
        return text + &verdict + &why + "\n";
    }
    for finding in findings(matrix, lang) {
        let title = texts::counted(lang, finding.title, finding.items.len());
        let title = if finding.is_hole {
            style.red(&title)
        } else {
            title
        };
        let _ = writeln!(text, "{}", style.bold(&title));
        for item in finding.items {
            let _ = writeln!(text, "  {item}");
        }
        text.push('\n');
    }
    let (verdict, why) = if matrix.is_whole() {
        let why = texts::matrix_whole(lang, defects, matrix.cases.len());
        (style.green(texts::whole(lang)), why)
    } else {
        let well = matrix
            .rows
            .iter()
            .filter(|row| row.meant_kills().next().is_some())
            .count();
        let why = texts::matrix_not_whole(lang, well, defects, matrix.cases.len());
        (style.red(texts::not_whole(lang)), why)
    };
    text + &style.bold(&verdict) + &why + "\n"
}

fn columns(matrix: &KillMatrix, row: &Row, lang: Lang) -> Vec<String> {
    let first = row.first();
    let none = || "–".to_owned();
    let all = row.reported();
    let mut reported: Vec<String> = all.keys().map(|r| r.id().to_owned()).collect();
    if reported.len() > NAMED {
        let more = reported.len() - NAMED;
        reported.truncate(NAMED);
        reported.push(format!("+{more}"));
    }
    vec![
        row.defect.id().to_owned(),
        row.meant.id().to_owned(),
        first.map_or_else(none, |kill| matrix.cases[kill.case].scenario.id.clone()),
        first.map_or_else(none, |kill| match kill.by {
            Catcher::Step(line) => texts::step_on(lang, line),
            Catcher::Checker(_) => matrix.noticed_by(kill, lang),
        }),
        row.kills.len().to_string(),
        reported.join(" "),
    ]
}

/// The matrix for programs. `suite` is the digest of the feature files.
pub fn json(matrix: &KillMatrix, suite: [u8; 32]) -> Value {
    let id = |case: usize| &*matrix.cases[case].id;
    let ids = |rows: Vec<&Row>| rows.iter().map(|row| row.defect.id()).collect::<Vec<_>>();
    let failed =
        |failed: &Failed| json!({ "scenario": id(failed.case), "message": failed.message.en });
    let kill = |kill: &Kill| json!({ "scenario": id(kill.case), "requirements": kill.broken });
    let rows = matrix.rows.iter().map(|row| {
        let reported = row.reported().into_iter();
        let reported: BTreeMap<&str, usize> = reported.map(|(r, n)| (r.id(), n)).collect();
        json!({
            "id": row.defect,
            "requirement": row.meant,
            "caught": row.meant_kills().next().is_some(),
            "first": row.first().map(|first| json!({
                "scenario": id(first.case),
                "by": match first.by {
                    Catcher::Step(_) => "step",
                    Catcher::Checker(_) => "checker",
                },
                "line": match first.by {
                    Catcher::Step(line) => Some(line),
                    Catcher::Checker(_) => None,
                },
                "what": matrix.noticed_by(first, Lang::En),
            })),
            "reported": reported,
            "kills": row.kills.iter().map(kill).collect::<Vec<_>>(),
            "brokenOff": row.broken_off.iter().map(failed).collect::<Vec<_>>(),
        })
    });
    json!({
        "schema": SCHEMA,
        "suite": { "version": env!("CARGO_PKG_VERSION"), "digest": Digest(suite) },
        "complete": matrix.is_complete(),
        "whole": matrix.is_whole(),
        "scenarios": matrix.cases.len(),
        "defects": rows.collect::<Vec<_>>(),
        "surviving": ids(matrix.surviving().collect()),
        "caughtForOthersOnly": ids(matrix.strays().collect()),
        "withoutKiller": matrix.without_killer(),
        "withoutScenario": matrix.unchecked(),
        "falseAlarms": matrix.alarms.iter().map(failed).collect::<Vec<_>>(),
        "idleScenarios": matrix.idle().into_iter().map(id).collect::<Vec<_>>(),
        "withoutKillOfTheirOwn": matrix.borrowed().into_iter().map(id).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use counterproof_scenarios::case::{Matrix, plan};
    use counterproof_scenarios::requirements::Requirement;
    use counterproof_scenarios::suite::{Suite, certified};
    use unicode_width::UnicodeWidthStr as _;

    use super::*;

    /// A matrix of two cases: the first catches every defect but one for what it breaks.
    fn matrix(complete: bool) -> KillMatrix {
        let suite = Suite::load(&certified()).unwrap();
        let cases = plan(&suite.scenarios()[..2], &Matrix::default());
        let row = |defect: &Defect| {
            let meant = Requirement::from_id(defect.requirement()).unwrap();
            let kill = Kill {
                case: 0,
                broken: vec![meant],
                by: Catcher::Checker(meant),
            };
            Row {
                defect: *defect,
                meant,
                kills: if *defect == Defect::NoReason {
                    Vec::new()
                } else {
                    vec![kill]
                },
                broken_off: Vec::new(),
            }
        };
        let rows = if complete {
            Defect::ALL
        } else {
            &Defect::ALL[..3]
        };
        KillMatrix {
            cases,
            alarms: Vec::new(),
            rows: rows.iter().map(row).collect(),
        }
    }

    #[test]
    fn columns_line_up_in_both_languages() {
        for lang in [Lang::En, Lang::Zh] {
            let text = tell(&matrix(true), lang, Style::default());
            let mut lines = text.lines();
            let head = lines.next().unwrap();
            let breaks = words::breaks(lang);
            let place = head[..head.find(breaks).unwrap()].width();
            for (line, defect) in lines.zip(Defect::ALL) {
                let at = line.find(defect.requirement()).unwrap();
                assert_eq!(line[..at].width(), place, "{line}");
            }
        }
    }

    #[test]
    fn a_defect_that_nothing_catches_is_named_and_the_matrix_is_not_whole() {
        let text = tell(&matrix(true), Lang::En, Style::default());
        assert!(
            text.contains("nothing catches (1)\n  no-reason (UX-01)"),
            "{text}"
        );
        assert!(text.contains("\nNOT WHOLE: "), "{text}");
        let text = tell(&matrix(true), Lang::Zh, Style::default());
        assert!(text.contains("未被发现的缺陷"), "{text}");
        let json = json(&matrix(true), [0; 32]);
        assert_eq!(json["surviving"], json!(["no-reason"]));
        assert_eq!(json["whole"], json!(false));
        assert_eq!(json["defects"][0]["first"]["by"], json!("checker"));
    }

    #[test]
    fn what_was_stopped_says_nothing_of_the_suite() {
        let text = tell(&matrix(false), Lang::En, Style::default());
        assert!(text.contains("INCOMPLETE: 3 of "), "{text}");
        assert!(!text.contains("catch no defect"), "{text}");
        assert_eq!(json(&matrix(false), [0; 32])["complete"], json!(false));
    }
}
