//! The ids of scenarios: `area/slug-of-the-name`. They are made of the directory, the name and,
//! for a row of an outline, the cells that tell it from the others; never of line numbers, so
//! that an id survives every edit that leaves the name alone. Not here: matrix rows and seeds,
//! which the plan appends.

use std::collections::BTreeMap;

use super::model::{Row, Scenario};
use super::source::plain_char;

/// The part of a path that ids begin with: the directories between `features` and the file; the
/// name of the file for one directly in `features`.
///
/// Of a path without a `features` directory it is the directory that holds the file, so that it
/// does not matter from where the path was written down; of a bare file name, its stem.
/// Each part is a [`slug`].
///
/// ```
/// use counterproof_scenarios::language::slug::area;
/// assert_eq!(area("features/reversal/silence.feature"), "reversal");
/// assert_eq!(area("/home/me/bench/features/zh/code/x.feature"), "zh/code");
/// assert_eq!(area("features/smoke.feature"), "smoke");
/// assert_eq!(area("suites/mine/smoke.feature"), "mine");
/// ```
pub fn area(path: &str) -> String {
    let parts: Vec<&str> = path
        .split(['/', '\\'])
        .filter(|part| !part.is_empty() && *part != "." && *part != "..")
        .collect();
    let Some((file, directories)) = parts.split_last() else {
        return String::new();
    };
    let below = match directories.iter().rposition(|part| *part == "features") {
        Some(index) => &directories[index + 1..],
        None => &directories[directories.len().saturating_sub(1)..],
    };
    if below.is_empty() {
        let stem = file.strip_suffix(".feature").unwrap_or(file);
        return slug(stem);
    }
    let slugs: Vec<String> = below.iter().map(|part| slug(part)).collect();
    slugs.join("/")
}

/// Letters and digits of every script kept, in lower case and ASCII width; every run of anything
/// else becomes one `-`, none at the ends.
///
/// ```
/// use counterproof_scenarios::language::slug::slug;
/// assert_eq!(slug("Silence after the sale: 128.50 yuan!"), "silence-after-the-sale-128-50-yuan");
/// assert_eq!(slug("弱网下支付（１元）"), "弱网下支付-1元");
/// ```
pub fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        let c = plain_char(c);
        if c.is_alphanumeric() {
            if gap && !out.is_empty() {
                out.push('-');
            }
            gap = false;
            out.extend(c.to_lowercase());
        } else {
            gap = true;
        }
    }
    out
}

/// The ids of the rows of one outline, in order.
///
/// `template` is the name with its placeholders. Where it has none, the first cell is appended
/// to the slug of the name; rows that still are alike get further cells, in the order of the
/// columns, until they differ. Rows that never differ keep equal ids; whoever reads the file
/// reports them.
pub(super) fn rows(area: &str, template: &str, scenarios: &[Scenario]) -> Vec<String> {
    let mut ids: Vec<String> = scenarios.iter().map(|s| id(area, &s.name)).collect();
    let rows: Vec<Option<&Row>> = scenarios.iter().map(|s| s.row.as_ref()).collect();
    let columns = rows
        .iter()
        .map(|row| row.map_or(0, |row| row.columns.len()))
        .max()
        .unwrap_or(0);
    let bare = !super::outline::has_places(template);
    for column in 0..columns {
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        for id in &ids {
            *count.entry(id).or_default() += 1;
        }
        let alike: Vec<bool> = ids.iter().map(|id| count[id.as_str()] > 1).collect();
        let always = bare && column == 0;
        if !always && !alike.contains(&true) {
            break;
        }
        for ((id, row), alike) in ids.iter_mut().zip(&rows).zip(alike) {
            let Some((name, cell)) = row.and_then(|row| row.pair(column)) else {
                continue;
            };
            let cell = slug(cell);
            if (alike || always) && !cell.is_empty() && !super::outline::mentions(template, name) {
                id.push('-');
                id.push_str(&cell);
            }
        }
    }
    ids
}

/// The id of a scenario that is no row.
pub(super) fn id(area: &str, name: &str) -> String {
    format!("{area}/{}", slug(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, columns: &[&str], cells: &[&[&str]]) -> Vec<Scenario> {
        let columns: std::sync::Arc<[String]> = columns.iter().map(|&c| c.to_owned()).collect();
        cells
            .iter()
            .map(|row| Scenario {
                id: String::new(),
                keyword: "Example".into(),
                name: name.into(),
                line: 1,
                tags: Vec::new(),
                description: Vec::new(),
                steps: Vec::new(),
                row: Some(Row {
                    line: 1,
                    examples: String::new(),
                    columns: columns.clone(),
                    cells: row.iter().map(|&cell| cell.to_owned()).collect(),
                }),
            })
            .collect()
    }

    fn ids(columns: &[&str], cells: &[&[&str]]) -> Vec<String> {
        rows("a", "Pays", &table("Pays", columns, cells))
    }

    #[test]
    fn a_slug_has_no_blanks_no_signs_and_no_case() {
        assert_eq!(slug("  Été -- A/B  "), "été-a-b");
        assert_eq!(slug("“白条”：额度不足"), "白条-额度不足");
        assert_eq!(slug("!?"), "");
    }

    #[test]
    fn the_area_is_the_same_from_wherever_the_path_was_written() {
        assert_eq!(area("./features/Weak Net/a.feature"), "weak-net");
        assert_eq!(area("C:\\b\\features\\net\\a.feature"), "net");
        assert_eq!(area("a.feature"), "a");
        assert_eq!(area(""), "");
    }

    #[test]
    fn rows_without_a_placeholder_in_the_name_get_their_first_cell() {
        assert_eq!(ids(&["profile", "sum"], &[&["weak", "1"]]), ["a/pays-weak"]);
        assert_eq!(
            ids(&["profile", "sum"], &[&["weak", "1"], &["4G", "1"]]),
            ["a/pays-weak", "a/pays-4g"]
        );
    }

    #[test]
    fn only_rows_that_are_alike_get_more_cells() {
        assert_eq!(
            ids(&["p", "s"], &[&["weak", "1"], &["weak", "2"], &["4G", "1"]]),
            ["a/pays-weak-1", "a/pays-weak-2", "a/pays-4g"]
        );
    }

    #[test]
    fn cells_that_stand_in_the_name_are_not_said_twice() {
        let scenarios = table("On weak", &["p", "s"], &[&["weak", "1"], &["weak", "2"]]);
        assert_eq!(
            rows("a", "On <p>", &scenarios),
            ["a/on-weak-1", "a/on-weak-2"]
        );
    }

    #[test]
    fn blank_cells_add_nothing() {
        assert_eq!(
            ids(&["p", "s"], &[&["", "1"], &["-", "2"]]),
            ["a/pays-1", "a/pays-2"]
        );
    }
}
