//! The page as it is written while the run goes on. Memory is bounded by the list of cases: their
//! details are packed and written as they come.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use counterproof_scenarios::verdict::Sentence;
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::iso8583::show::Secrets;
use counterproof_sim::link::profiles;
use counterproof_sim::vocabulary::{Lang, Vocabulary as _, Wallet};
use serde_json::{Map, Value, json};

use super::chunks::Chunks;
use super::index::{self, CaseRow, ScenarioRow};
use super::phrases::{Phrases, Said};
use super::view::{BreachView, FaultView, View};
use super::{LANGUAGES, story};
use crate::evidence::{CaseEvidence, RunEnd, RunHeader, ScenarioText};
use crate::texts::report as texts;

pub(super) const PAGE: &str = include_str!("page/page.html");
pub(super) const STYLE: [&str; 3] = [
    include_str!("page/style.css"),
    include_str!("page/sequence.css"),
    include_str!("page/print.css"),
];
pub(super) const SCRIPTS: [&str; 9] = [
    include_str!("page/data.js"),
    include_str!("page/words.js"),
    include_str!("page/elements.js"),
    include_str!("page/overview.js"),
    include_str!("page/matrix.js"),
    include_str!("page/list.js"),
    include_str!("page/sequence.js"),
    include_str!("page/case.js"),
    include_str!("page/main.js"),
];

/// Where the parts of the page go.
const STYLE_HERE: &str = "<!-- style -->";
const EVIDENCE_HERE: &str = "<!-- evidence -->";

/// A page that is being written.
pub struct Page<W> {
    to: W,
    header: RunHeader,
    dialect: &'static Dialect,
    lang: Lang,
    phrases: Phrases,
    chunks: Chunks,
    scenarios: Vec<ScenarioRow>,
    numbers: HashMap<String, usize>,
    profiles: Vec<String>,
    wallets: Vec<Wallet>,
    cases: Vec<CaseRow>,
    /// Their places in the plan, ascending.
    places: Vec<usize>,
}

impl<W: Write> Page<W> {
    /// Begins a page that opens in `lang`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(mut to: W, header: &RunHeader, lang: Lang) -> io::Result<Self> {
        let (head, rest) = parts(PAGE, STYLE_HERE);
        let (body, _) = parts(rest, EVIDENCE_HERE);
        to.write_all(head.as_bytes())?;
        writeln!(to, "<style>\n{}</style>", STYLE.concat())?;
        to.write_all(body.as_bytes())?;
        Ok(Self {
            to,
            header: header.clone(),
            // A header that was read has a dialect that is known.
            dialect: header.speaks().unwrap_or(Dialect::cup()),
            lang,
            phrases: Phrases::default(),
            chunks: Chunks::default(),
            scenarios: Vec::new(),
            numbers: HashMap::new(),
            profiles: Vec::new(),
            wallets: Vec::new(),
            cases: Vec::new(),
            places: Vec::new(),
        })
    }

    /// Adds a case, in the order of the plan.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn case(&mut self, case: &CaseEvidence) -> io::Result<()> {
        let view = self.view(case);
        let (chunk, at) = self.chunks.add(&view, &mut self.to)?;
        let scenario = self.scenario(&case.scenario);
        let row = case.id.strip_prefix(case.scenario.id.as_str());
        let profile = case.profile.as_ref();
        let message = self.message(case);
        self.places.push(case.place);
        self.cases.push(CaseRow(
            scenario,
            row.unwrap_or_default().to_owned(),
            profile.map(|name| number_of(&mut self.profiles, name)),
            case.wallet
                .map(|wallet| number_of(&mut self.wallets, &wallet)),
            case.seed,
            index::number(case.outcome()),
            case.broken.iter().map(|r| index::place(*r)).collect(),
            case.took.as_millis(),
            chunk,
            at,
            message,
        ));
        Ok(())
    }

    /// Ends the page with what came of it all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(mut self, end: &RunEnd) -> io::Result<()> {
        self.chunks.flush(&mut self.to)?;
        let mut data: Map<String, Value> = match index::fixed(self.dialect) {
            Value::Object(data) => data,
            _ => Map::new(),
        };
        if let Value::Object(run) = self.run(end) {
            data.extend(run);
        }
        data.insert("scenarios".into(), json!(self.scenarios));
        data.insert("cases".into(), json!(self.cases));
        data.insert("phrases".into(), json!(self.phrases.table()));
        // A text of the terminal's must not end the element in which it stands.
        let data = serde_json::to_string(&data)?.replace('<', "\\u003c");
        writeln!(
            self.to,
            "<script type=\"application/json\" id=\"index\">{data}</script>"
        )?;
        for script in SCRIPTS {
            writeln!(self.to, "<script>\n{script}</script>")?;
        }
        let (_, tail) = parts(PAGE, EVIDENCE_HERE);
        self.to.write_all(tail.as_bytes())?;
        self.to.flush()
    }

    /// The run as a whole.
    fn run(&self, end: &RunEnd) -> Value {
        let profiles: Vec<_> = self
            .profiles
            .iter()
            .map(|name| match profiles::find(name) {
                Ok(profile) => (name, &*profile.en, &*profile.zh),
                // One that this program does not know is told by its name alone.
                Err(_) => (name, "", ""),
            })
            .collect();
        let wallets: Vec<_> = self
            .wallets
            .iter()
            .map(|wallet| (wallet.id(), wallet.en(), wallet.zh()))
            .collect();
        let judgements: Vec<_> = end
            .requirements
            .iter()
            .map(|(requirement, judgement)| {
                let failed = judgement.failed.iter();
                let rows: Vec<usize> = failed
                    .filter_map(|place| self.places.binary_search(place).ok())
                    .collect();
                let outcome = index::number(judgement.outcome);
                let place = index::place(*requirement);
                (place, outcome, judgement.scenarios, rows)
            })
            .collect();
        let lang = match self.lang {
            Lang::En => "en",
            Lang::Zh => "zh",
        };
        let header = &self.header;
        json!({
            "lang": lang,
            "version": header.version,
            "suite": header.suite,
            "features": header.features,
            "terminal": header.terminal,
            "dialect": header.dialect,
            "mode": header.mode(),
            "shard": header.shard.map(|shard| shard.to_string()),
            "planned": header.planned,
            "expectations": header.expectations,
            "states": end.expectations,
            "verdict": end.verdict,
            "judgements": judgements,
            "practices": index::practices(end),
            "profiles": profiles,
            "wallets": wallets,
        })
    }

    /// What the page shows of a case.
    pub(super) fn view(&mut self, case: &CaseEvidence) -> View {
        let secrets = if self.header.show_codes {
            Secrets::Clear
        } else {
            Secrets::Masked
        };
        let (mut view, entries) = match &case.record {
            Some(record) => story::tell(record, self.dialect, secrets, &mut self.phrases),
            None => (View::default(), Vec::new()),
        };
        let first = case.record.as_ref().and_then(|r| r.entries().first());
        let begin = first.map(|entry| entry.at);
        for breach in &case.breaches {
            let row = breach.entry.filter(|_| !entries.is_empty()).map(|entry| {
                let told = entries.partition_point(|told| *told <= entry);
                told.saturating_sub(1)
            });
            let requirements = breach.requirements.iter();
            view.breaches.push(BreachView {
                requirements: requirements.map(|r| index::place(*r)).collect(),
                expected: self.sentence(&breach.expected),
                seen: self.sentence(&breach.seen),
                row,
                line: breach.line,
            });
        }
        for fault in &case.faults {
            let first = fault.first.zip(begin);
            view.faults.push(FaultView {
                what: story::fault_name(self.dialect, &fault.fault, &mut self.phrases),
                fired: fault.fired,
                first: first.map(|(first, begin)| first.since(begin).as_micros()),
            });
        }
        view.stderr.clone_from(&case.stderr);
        view.replay.clone_from(&case.replay);
        view.digest = case.record_digest;
        view.expected = case.expected.iter().map(|r| index::place(*r)).collect();
        view
    }

    fn scenario(&mut self, scenario: &Arc<ScenarioText>) -> usize {
        if let Some(number) = self.numbers.get(&scenario.id) {
            return *number;
        }
        let requirements = scenario.requirements.iter();
        self.scenarios.push(ScenarioRow(
            scenario.id.clone(),
            scenario.title.clone(),
            scenario.feature.clone(),
            scenario.path.clone(),
            scenario.line,
            requirements.map(|r| index::place(*r)).collect(),
        ));
        let number = self.scenarios.len() - 1;
        self.numbers.insert(scenario.id.clone(), number);
        number
    }

    /// Why a case is not a pass.
    fn message(&mut self, case: &CaseEvidence) -> Option<Said> {
        if case.verdict.is_none() {
            let [en, zh] = LANGUAGES.map(texts::stopped);
            return Some(self.phrases.pair(&en, &zh));
        }
        let is_empty = case.message == Sentence::default();
        (!is_empty).then(|| self.sentence(&case.message))
    }

    fn sentence(&mut self, sentence: &Sentence) -> Said {
        self.phrases.pair(&sentence.en, &sentence.zh)
    }
}

/// The place of something in a short list, at whose end it is put where it is new.
fn number_of<T: PartialEq + Clone>(list: &mut Vec<T>, one: &T) -> usize {
    list.iter()
        .position(|known| known == one)
        .unwrap_or_else(|| {
            list.push(one.clone());
            list.len() - 1
        })
}

/// What stands before and behind a mark of the page.
fn parts<'p>(page: &'p str, mark: &str) -> (&'p str, &'p str) {
    page.split_once(mark).unwrap_or((page, ""))
}
