//! `counterproof list`: what there is, as columns for people or JSON for programs.

use counterproof_scenarios::requirements::Requirement;
use counterproof_sim::fault::{FaultKind, Shape};
use counterproof_sim::link::profiles;
use counterproof_sim::vocabulary::{Lang, Vocabulary as _};
use serde_json::{Value, json};

use super::args::{ListArgs, What};
use super::console::Console;
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
        What::Scenarios | What::Steps | What::Defects => List {
            rows: Vec::new(),
            json: Vec::new(),
        },
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
