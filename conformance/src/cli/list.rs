//! `counterproof list`: what there is, as columns for people or JSON for programs.

use counterproof_scenarios::practices;
use counterproof_scenarios::requirements::Requirement;
use counterproof_scenarios::steps::{self, Role};
use counterproof_scenarios::suite::Suite;
use counterproof_sim::fault::{FaultKind, Shape};
use counterproof_sim::link::profiles;
use counterproof_sim::pos::Defect;
use counterproof_sim::vocabulary::{Lang, Vocabulary as _};
use serde_json::{Value, json};

use super::args::{ListArgs, What};
use super::console::Console;
use super::features;
use crate::exit::{Exit, Failure};
use crate::report::columns::table;
use crate::texts::cli as texts;

/// A list: a heading and rows for people, an object a row for programs.
struct List {
    rows: Vec<Vec<String>>,
    json: Vec<Value>,
}

/// Prints the list that `args` ask for.
///
/// # Errors
/// When feature files are wrong, or standard output cannot be written.
pub fn list(args: &ListArgs, console: Console) -> Result<Exit, Failure> {
    let lang = console.lang;
    let list = match args.what {
        What::Requirements => requirements(lang),
        What::Faults => faults(lang),
        What::Profiles => profiles(lang),
        What::Practices => practices(lang),
        What::Scenarios => scenarios(&features::suite(args.features.as_deref(), lang)?, lang),
        What::Steps => steps(lang),
        What::Defects => defects(lang),
    };
    let text = if args.json {
        serde_json::to_string(&list.json).expect("a list is JSON") + "\n"
    } else {
        table(&list.rows)
    };
    console.print(&text)?;
    Ok(Exit::Conformant)
}

fn requirements(lang: Lang) -> List {
    let mut rows = vec![vec![
        texts::requirement(lang).to_owned(),
        texts::level(lang).to_owned(),
        texts::says(lang).to_owned(),
    ]];
    let mut json = Vec::new();
    for requirement in Requirement::ALL {
        rows.push(vec![
            requirement.id().to_owned(),
            requirement.level().name(lang).to_owned(),
            requirement.sentence(lang).to_owned(),
        ]);
        json.push(json!({
            "id": requirement,
            "level": requirement.level(),
            "area": requirement.area().id(),
            "basis": requirement.basis().collect::<Vec<_>>(),
            "alwaysOn": requirement.always_on(),
            "en": requirement.en(),
            "zh": requirement.zh(),
        }));
    }
    List { rows, json }
}

fn faults(lang: Lang) -> List {
    let mut rows = vec![vec![
        texts::fault(lang).to_owned(),
        texts::site(lang).to_owned(),
        texts::meaning(lang).to_owned(),
    ]];
    let mut json = Vec::new();
    for fault in FaultKind::ALL {
        rows.push(vec![
            fault.id().to_owned(),
            texts::site_name(fault.site(), lang).to_owned(),
            fault.name(lang).to_owned(),
        ]);
        json.push(json!({
            "id": fault,
            "site": texts::site_name(fault.site(), Lang::En),
            "shape": match fault.shape() {
                Shape::Message => "message",
                Shape::State => "state",
            },
            "en": fault.en(),
            "zh": fault.zh(),
        }));
    }
    List { rows, json }
}

fn practices(lang: Lang) -> List {
    let mut rows = vec![vec![
        texts::practice(lang).to_owned(),
        texts::way(lang).to_owned(),
        texts::accepted(lang).to_owned(),
        texts::meaning(lang).to_owned(),
    ]];
    let mut json = Vec::new();
    for row in practices::all() {
        rows.push(vec![
            row.practice.id().to_owned(),
            String::new(),
            String::new(),
            row.situation.get(lang).to_owned(),
        ]);
        rows.extend(row.ways.iter().map(|way| {
            vec![
                String::new(),
                way.way.id().to_owned(),
                texts::yes_or_no(way.accepted, lang).to_owned(),
                way.says.get(lang).to_owned(),
            ]
        }));
        let ways: Vec<Value> = row
            .ways
            .iter()
            .map(|way| json!({"id": way.way, "accepted": way.accepted, "en": way.says.en, "zh": way.says.zh}))
            .collect();
        json.push(json!({
            "id": row.practice,
            "requirement": row.requirement,
            "en": row.situation.en,
            "zh": row.situation.zh,
            "ways": ways,
        }));
    }
    List { rows, json }
}

fn profiles(lang: Lang) -> List {
    let mut rows = vec![vec![
        texts::profile(lang).to_owned(),
        texts::signal(lang).to_owned(),
        texts::meaning(lang).to_owned(),
    ]];
    let mut json = Vec::new();
    for profile in profiles::all() {
        let signal = profile.phases.iter().find_map(|phase| phase.signal_dbm);
        let meaning = match lang {
            Lang::En => &profile.en,
            Lang::Zh => &profile.zh,
        };
        rows.push(vec![
            profile.name.clone(),
            signal.map_or_else(String::new, |dbm| format!("{dbm} dBm")),
            meaning.clone(),
        ]);
        json.push(json!({
            "id": profile.name,
            "signalDbm": signal,
            "carrier": profile.carrier,
            "phases": profile.phases.len(),
            "en": profile.en,
            "zh": profile.zh,
            "reason": profile.reason,
        }));
    }
    List { rows, json }
}

fn scenarios(suite: &Suite, lang: Lang) -> List {
    let mut rows = vec![vec![
        texts::scenario(lang).to_owned(),
        texts::checks(lang).to_owned(),
        texts::name(lang).to_owned(),
        texts::place(lang).to_owned(),
    ]];
    let mut json = Vec::new();
    for scenario in suite.scenarios() {
        let ids: Vec<&str> = scenario.requirements.iter().map(|r| r.id()).collect();
        rows.push(vec![
            scenario.id.clone(),
            ids.join(" "),
            scenario.name.clone(),
            format!("{}:{}", scenario.path, scenario.line),
        ]);
        json.push(json!({
            "id": scenario.id,
            "name": scenario.name,
            "feature": scenario.feature,
            "path": &*scenario.path,
            "line": scenario.line,
            "tags": scenario.tags,
            "requirements": ids,
            "needs": scenario.needs.iter().map(|need| need.en()).collect::<Vec<_>>(),
        }));
    }
    List { rows, json }
}

fn steps(lang: Lang) -> List {
    let mut rows = vec![vec![
        texts::role(lang).to_owned(),
        texts::pattern(lang).to_owned(),
        texts::meaning(lang).to_owned(),
    ]];
    let mut json = Vec::new();
    for step in steps::all() {
        let (role, role_zh) = match step.role {
            Role::Given => ("Given", "假如"),
            Role::When => ("When", "当"),
            Role::Then => ("Then", "那么"),
        };
        let (role_shown, pattern, help) = match lang {
            Lang::En => (role, step.en, step.help_en),
            Lang::Zh => (role_zh, step.zh, step.help_zh),
        };
        rows.push(vec![
            role_shown.to_owned(),
            pattern.to_owned(),
            help.to_owned(),
        ]);
        json.push(json!({
            "id": step.id,
            "role": role,
            "en": step.en,
            "zh": step.zh,
            "helpEn": step.help_en,
            "helpZh": step.help_zh,
            "needs": step.needs.iter().map(|need| need.en()).collect::<Vec<_>>(),
        }));
    }
    List { rows, json }
}

fn defects(lang: Lang) -> List {
    let mut rows = vec![vec![
        texts::defect(lang).to_owned(),
        texts::breaks(lang).to_owned(),
        texts::meaning(lang).to_owned(),
    ]];
    let mut json = Vec::new();
    for defect in Defect::ALL {
        rows.push(vec![
            defect.id().to_owned(),
            defect.requirement().to_owned(),
            defect.name(lang).to_owned(),
        ]);
        json.push(json!({
            "id": defect,
            "requirement": defect.requirement(),
            "description": defect.description(),
            "en": defect.en(),
            "zh": defect.zh(),
        }));
    }
    List { rows, json }
}
