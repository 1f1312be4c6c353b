//! The report for people: one page that needs nothing else – no network, no server – in both
//! languages, with every scenario as a sequence of messages.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`view`] | what the page shows of a case, as data |
//! | `story`, `facts`, `events`, `acts`, `messages` | a record turned into that |
//! | [`phrases`] | what is said, in both languages, each phrase once |
//! | `index` | what the page knows at once |
//! | `chunks` | what it unpacks when it is asked |
//! | `page/` | the page itself: markup, style, scripts |
//!
//! Here: the file, written while the run goes on. Memory is bounded by the list of cases: their
//! details are packed and written as they come.

mod acts;
mod chunks;
mod events;
mod facts;
mod index;
mod messages;
pub mod phrases;
mod story;
#[cfg(test)]
mod tests;
pub mod view;

use std::collections::HashMap;
use std::io::{self, Write};

use counterproof_scenarios::case::Case;
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::link::profiles::Profile;
use counterproof_sim::vocabulary::{Lang, Vocabulary as _, Wallet};
use serde_json::{Map, Value, json};

use self::chunks::Chunks;
use self::index::{CaseRow, ScenarioRow};
use self::phrases::{Phrases, Said};
use self::view::{BreachView, FaultView, View};
use super::mask::mask;
use super::results::digest;
use crate::run::summary::{Finished, Summary};
use crate::texts::report as texts;

/// Name of the file.
pub const FILE: &str = "report.html";

/// Both languages of a page.
const LANGUAGES: [Lang; 2] = [Lang::En, Lang::Zh];

const PAGE: &str = include_str!("page/page.html");
const STYLE: [&str; 3] = [
    include_str!("page/style.css"),
    include_str!("page/sequence.css"),
    include_str!("page/print.css"),
];
const SCRIPTS: [&str; 9] = [
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
    dialect: &'static Dialect,
    lang: Lang,
    show_codes: bool,
    phrases: Phrases,
    chunks: Chunks,
    places: HashMap<String, usize>,
    scenarios: Vec<ScenarioRow>,
    profiles: Vec<&'static Profile>,
    wallets: Vec<Wallet>,
    cases: Vec<CaseRow>,
}

impl<W: Write> Page<W> {
    /// Begins a page that opens in `lang`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(
        mut to: W,
        dialect: &'static Dialect,
        lang: Lang,
        show_codes: bool,
    ) -> io::Result<Self> {
        let (head, rest) = parts(PAGE, STYLE_HERE);
        let (body, _) = parts(rest, EVIDENCE_HERE);
        to.write_all(head.as_bytes())?;
        writeln!(to, "<style>\n{}</style>", STYLE.concat())?;
        to.write_all(body.as_bytes())?;
        Ok(Self {
            to,
            dialect,
            lang,
            show_codes,
            phrases: Phrases::default(),
            chunks: Chunks::default(),
            places: HashMap::new(),
            scenarios: Vec::new(),
            profiles: Vec::new(),
            wallets: Vec::new(),
            cases: Vec::new(),
        })
    }

    /// Adds a case, in the order of the plan; `replay` is the command that runs it again.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn case(&mut self, case: &Case, finished: &Finished, replay: String) -> io::Result<()> {
        let view = self.view(finished, replay);
        let (chunk, place) = self.chunks.add(&view, &mut self.to)?;
        let scenario = self.scenario(case);
        let row = &case.id[self.scenarios[scenario].0.len()..];
        let profile = case.profile.map(|profile| {
            let known = self.profiles.iter().position(|p| p.name == profile.name);
            known.unwrap_or_else(|| {
                self.profiles.push(profile);
                self.profiles.len() - 1
            })
        });
        let wallet = case.wallet.map(|wallet| {
            let known = self.wallets.iter().position(|w| *w == wallet);
            known.unwrap_or_else(|| {
                self.wallets.push(wallet);
                self.wallets.len() - 1
            })
        });
        let message = self.sentence(&finished.message);
        self.cases.push(CaseRow(
            scenario,
            row.to_owned(),
            profile,
            wallet,
            case.seed,
            index::number(finished.verdict),
            finished.broken.iter().map(|r| index::place(*r)).collect(),
            finished.took.as_millis(),
            chunk,
            place,
            message,
        ));
        Ok(())
    }

    /// Ends the page with what came of it all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(mut self, summary: &Summary) -> io::Result<()> {
        self.chunks.flush(&mut self.to)?;
        let mut data: Map<String, Value> = match index::fixed(self.dialect) {
            Value::Object(data) => data,
            _ => Map::new(),
        };
        let profiles: Vec<_> = self
            .profiles
            .iter()
            .map(|p| (&p.name, &p.en, &p.zh))
            .collect();
        let wallets: Vec<_> = self
            .wallets
            .iter()
            .map(|w| (w.id(), w.en(), w.zh()))
            .collect();
        let judgements: Vec<_> = summary
            .judgements()
            .into_iter()
            .map(|(requirement, judgement)| {
                (
                    index::place(requirement),
                    index::number(judgement.verdict),
                    judgement.scenarios,
                    judgement.failed,
                )
            })
            .collect();
        let lang = match self.lang {
            Lang::En => "en",
            Lang::Zh => "zh",
        };
        let run = json!({
            "lang": lang,
            "suite": {
                "version": env!("CARGO_PKG_VERSION"),
                "digest": digest(&summary.suite),
            },
            "terminal": summary.identity,
            "dialect": self.dialect.name(),
            "seed": summary.seed,
            "verdict": summary.verdict(),
            "missing": summary.missing(),
            "judgements": judgements,
            "profiles": profiles,
            "wallets": wallets,
            "phrases": self.phrases.table(),
            "scenarios": self.scenarios,
            "cases": self.cases,
        });
        if let Value::Object(run) = run {
            data.extend(run);
        }
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

    /// What the page shows of a case.
    fn view(&mut self, finished: &Finished, replay: String) -> View {
        let (mut view, entries) = match &finished.record {
            Some(record) => story::tell(record, self.dialect, self.show_codes, &mut self.phrases),
            None => (View::default(), Vec::new()),
        };
        let begin = finished
            .record
            .as_ref()
            .and_then(|record| record.entries().first())
            .map(|entry| entry.at);
        for breach in &finished.breaches {
            let row = breach.entry.map(|entry| {
                let after = entries.partition_point(|told| *told <= entry);
                after.saturating_sub(1)
            });
            let breach = BreachView {
                requirements: breach
                    .requirements
                    .iter()
                    .map(|r| index::place(*r))
                    .collect(),
                expected: self.pair(&breach.expected.en, &breach.expected.zh),
                seen: self.pair(&breach.seen.en, &breach.seen.zh),
                row,
                line: breach.line,
            };
            view.breaches.push(breach);
        }
        for fault in &finished.faults {
            let what = story::fault_name(self.dialect, &fault.fault, &mut self.phrases);
            let first = fault.first.zip(begin);
            view.faults.push(FaultView {
                what,
                fired: fault.fired,
                first: first.map(|(first, begin)| first.since(begin).as_micros()),
            });
        }
        view.stderr = mask(&finished.stderr, self.show_codes);
        view.replay = replay;
        view.digest = finished.digest.as_ref().map(digest);
        view
    }

    fn scenario(&mut self, case: &Case) -> usize {
        let scenario = &case.scenario;
        if let Some(place) = self.places.get(&scenario.id) {
            return *place;
        }
        self.scenarios.push(ScenarioRow(
            scenario.id.clone(),
            scenario.name.clone(),
            scenario.feature.clone(),
            scenario.path.to_string(),
            scenario.line,
            scenario
                .requirements
                .iter()
                .map(|r| index::place(*r))
                .collect(),
        ));
        let place = self.scenarios.len() - 1;
        self.places.insert(scenario.id.clone(), place);
        place
    }

    fn sentence(&mut self, sentence: &counterproof_scenarios::verdict::Sentence) -> Option<Said> {
        let is_empty = sentence.en.is_empty() && sentence.zh.is_empty();
        (!is_empty).then(|| self.pair(&sentence.en, &sentence.zh))
    }

    /// A sentence of both languages with its secrets masked.
    fn pair(&mut self, en: &str, zh: &str) -> Said {
        let [en, zh] = [en, zh].map(|text| mask(text, self.show_codes));
        self.phrases.pair(&en, &zh)
    }
}

/// The whole page of a run whose records were kept.
///
/// # Errors
/// When it cannot be written.
pub fn write(
    to: impl Write,
    summary: &Summary,
    replay: &crate::run::replay::Replay,
    lang: Lang,
    show_codes: bool,
) -> io::Result<()> {
    let mut page = Page::begin(to, Dialect::cup(), lang, show_codes)?;
    let stopped = LANGUAGES.map(texts::stopped);
    for (case, result) in summary.cases.iter().zip(&summary.results) {
        match result {
            Some(finished) => page.case(case, finished, replay.command(case))?,
            None => {
                let [en, zh] = &stopped;
                let sentence = counterproof_scenarios::verdict::Sentence::new(en, zh);
                let finished = Finished::without_run(
                    counterproof_scenarios::verdict::Verdict::Inconclusive,
                    sentence,
                );
                page.case(case, &finished, replay.command(case))?;
            }
        }
    }
    page.end(summary)
}

/// What stands before and behind a mark of the page.
fn parts<'p>(page: &'p str, mark: &str) -> (&'p str, &'p str) {
    page.split_once(mark).unwrap_or((page, ""))
}
