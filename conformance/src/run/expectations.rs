//! The file of known failures: read, and rewritten by `--update-expectations`, comments and reasons kept.
//! What an entry speaks of is in [`crate::evidence::expectation`].

use std::collections::BTreeSet;

use counterproof_scenarios::language::nearest;
use counterproof_scenarios::requirements::Requirement;
use counterproof_scenarios::suite::Suite;
use counterproof_sim::link::profiles;
use counterproof_sim::time::Civil;
use counterproof_sim::vocabulary::Lang;
use sha2::{Digest as _, Sha256};
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::summary::Summary;
use crate::day::Day;
use crate::evidence::end::ExpectationEnd;
use crate::evidence::expectation::{Expectation, Expectations, fits};
use crate::evidence::{Digest, Outcome};
use crate::texts::cli as texts;

/// The name of the list of entries.
const LIST: &str = "expect";
/// The members of an entry.
const MEMBERS: [&str; 6] = [
    "requirement",
    "scenario",
    "profile",
    "reason",
    "link",
    "expires",
];

/// Reads the text of the file `name`. `today` decides which entries count no more.
///
/// # Errors
/// The first mistake, with its line and what to do.
pub fn read(
    name: &str,
    text: &str,
    suite: &Suite,
    today: Civil,
    lang: Lang,
) -> Result<Expectations, String> {
    let document = toml_edit::Document::parse(text)
        .map_err(|error| format!("{name}: {}", error.to_string().trim_end()))?;
    let line = |item: &Item| {
        let start = item.span().map_or(0, |span| span.start);
        text[..start].matches('\n').count() + 1
    };
    let mut entries = Vec::new();
    for (key, item) in document.iter() {
        let Some(tables) = item.as_array_of_tables().filter(|_| key == LIST) else {
            let what = texts::expectations_key(lang, key);
            return Err(format!("{name}:{}: {what}", line(item)));
        };
        for table in tables {
            let start = table.span().map_or(0, |span| span.start);
            let at = text[..start].matches('\n').count() + 1;
            let entry = entry(table, suite, today, lang);
            entries.push(entry.map_err(|what| format!("{name}:{at}: {what}"))?);
        }
    }
    Ok(Expectations {
        file: name.to_owned(),
        digest: Digest(Sha256::digest(text.as_bytes()).into()),
        entries,
    })
}

fn entry(table: &Table, suite: &Suite, today: Civil, lang: Lang) -> Result<Expectation, String> {
    if let Some((key, _)) = table.iter().find(|(key, _)| !MEMBERS.contains(key)) {
        let near = nearest(key, MEMBERS).unwrap_or(MEMBERS[0]);
        let what = texts::expectations_member(lang, key, MEMBERS.join(", "));
        return Err(format!("{what}\n  {}", texts::did_you_mean(lang, near)));
    }
    let word = |key: &'static str| match table.get(key) {
        None => Ok(None),
        Some(item) => match item.as_str() {
            Some(text) if !text.trim().is_empty() => Ok(Some(text.to_owned())),
            _ => Err(texts::expectations_text(lang, key)),
        },
    };
    let needed = |key| word(key)?.ok_or_else(|| texts::expectations_lacks(lang, key));
    let id = needed("requirement")?;
    let requirement = Requirement::from_id(&id).ok_or_else(|| {
        let near = texts::did_you_mean(lang, Requirement::nearest(&id));
        format!("{}\n  {near}", texts::unknown_requirement(lang, &id))
    })?;
    let reason = needed("reason")?;
    let scenario = word("scenario")?;
    if let Some(pattern) = &scenario {
        known_scenario(pattern, suite, lang)?;
    }
    let profile = word("profile")?;
    if let Some(profile) = &profile {
        profiles::find(profile).map_err(|error| {
            let near = texts::did_you_mean(lang, error.did_you_mean);
            format!("{}\n  {near}", texts::unknown_profile(lang, profile))
        })?;
    }
    let expires = match table.get("expires") {
        None => None,
        Some(item) => {
            let text = item
                .as_datetime()
                .map(ToString::to_string)
                .or_else(|| item.as_str().map(str::to_owned));
            let read = text.and_then(|text| Some((text.parse::<Day>().ok()?, text)));
            Some(read.ok_or_else(|| texts::expectations_date(lang))?)
        }
    };
    let is_over = |day: Day| Day::from(today) > day;
    Ok(Expectation {
        requirement,
        scenario,
        profile,
        reason,
        link: word("link")?,
        expired: expires.as_ref().is_some_and(|(day, _)| is_over(*day)),
        expires: expires.map(|(_, text)| text),
    })
}

/// A pattern that fits no scenario of the suite is a scenario that was renamed.
fn known_scenario(pattern: &str, suite: &Suite, lang: Lang) -> Result<(), String> {
    // Rows and seeds of the matrix are no part of the suite.
    let name = pattern.split(['@', '#']).next().unwrap_or(pattern);
    let ids = || suite.scenarios().iter().map(|scenario| &*scenario.id);
    if ids().any(|id| fits(name, id)) {
        return Ok(());
    }
    let text = texts::unknown_scenario(lang, pattern);
    Err(match nearest(name, ids()) {
        Some(near) => format!("{text}\n  {}", texts::did_you_mean(lang, near)),
        None => text,
    })
}

/// What an update changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Update {
    /// Entries that were taken out because they are stale.
    pub removed: usize,
    /// Entries that were added for failures that nobody expected.
    pub added: usize,
    /// Failures that an entry expects which counts no more: a human has to say how it goes on.
    pub expired: usize,
}

/// The text of the file after a run: without stale entries, with an entry for each failure that was
/// not expected.
///
/// # Errors
/// When `text` is not TOML.
pub fn update(text: &str, summary: &Summary, lang: Lang) -> Result<(String, Update), String> {
    let mut document: DocumentMut = text.parse().map_err(|error| format!("{error}"))?;
    let mut change = Update::default();
    // What stands above the first entry; in a file without entries that is behind all of it.
    let behind = document.trailing().as_str().unwrap_or_default().to_owned();
    let list = document
        .entry(LIST)
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(list) = list.as_array_of_tables_mut() else {
        return Err(texts::expectations_key(lang, LIST));
    };
    let was_empty = list.is_empty();
    let mut heading = if was_empty {
        behind.clone()
    } else {
        String::new()
    };
    for (place, end) in summary.end.expectations.iter().enumerate().rev() {
        if *end == ExpectationEnd::Stale && place < list.len() {
            if place == 0 {
                heading = list.get(0).map(heading_of).unwrap_or_default();
            }
            list.remove(place);
            change.removed += 1;
        }
    }
    let known = summary.header.expectations.iter();
    let known: Vec<&Expectation> = known.flat_map(|file| &file.entries).collect();
    let mut new: BTreeSet<(Requirement, &str)> = BTreeSet::new();
    let broken = [Outcome::Fail, Outcome::Warning];
    for case in summary
        .cases
        .iter()
        .filter(|c| broken.contains(&c.outcome()))
    {
        for requirement in case.broken.iter().filter(|r| !case.expected.contains(r)) {
            let expired = known.iter().any(|entry| {
                entry.expired && entry.requirement == *requirement && entry.speaks_of(case)
            });
            if expired {
                change.expired += 1;
            } else {
                new.insert((*requirement, &case.scenario.id));
            }
        }
    }
    change.added = new.len();
    for (requirement, scenario) in new {
        let mut table = Table::new();
        table.insert("requirement", value(requirement.id()));
        table.insert("scenario", value(scenario));
        table.insert("reason", value(texts::expectations_new(lang)));
        list.push(table);
    }
    match list.get_mut(0) {
        Some(first) if !heading.is_empty() => {
            let prefix = first.decor().prefix().and_then(|prefix| prefix.as_str());
            let prefix = prefix.unwrap_or_default();
            // A blank line tells a heading from what is said about the entry.
            let blank = if prefix.starts_with('\n') { "" } else { "\n" };
            let prefix = format!("{heading}{blank}{prefix}");
            first.decor_mut().set_prefix(prefix);
            if was_empty {
                document.set_trailing("");
            }
        }
        None if !was_empty => document.set_trailing(format!("{heading}{behind}")),
        _ => {}
    }
    Ok((document.to_string(), change))
}

/// What stands above an entry and is not about it: everything up to the last blank line.
fn heading_of(table: &Table) -> String {
    let prefix = table.decor().prefix().and_then(|prefix| prefix.as_str());
    let prefix = prefix.unwrap_or_default();
    prefix
        .rfind("\n\n")
        .map_or_else(String::new, |end| prefix[..=end].to_owned())
}
