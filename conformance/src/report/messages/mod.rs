//! Cucumber messages: `messages.ndjson`, an envelope a line, as every formatter of the Cucumber family
//! reads them. Each case is a pickle of its scenario. Readers want the document with a scenario before its
//! pickles, and which scenarios there are is known when the last case has come: until then the cases wait
//! in a file without a name.
//!
//! Here: which envelopes. Their form is in `envelope`, what became of the steps in `steps`.

mod envelope;
mod steps;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::Lang;

use self::envelope::{
    Attachment, Child, Envelope, Feature, GherkinDocument, Hook, Location, Meta, PROTOCOL, Pickle,
    PickleStep, PickleTag, Product, Scenario, SourceReference, Step, Tag, TestCase,
    TestCaseFinished, TestCaseStarted, TestRunFinished, TestRunStarted, TestStep, TestStepFinished,
    TestStepResult, TestStepStarted, Timestamp,
};
use super::plain::{story, visible};
use crate::evidence::{CaseEvidence, Outcome, Reporter, RunEnd, RunHeader, ScenarioText};
use crate::texts::formats as texts;

/// Name of the file.
pub const FILE: &str = "messages.ndjson";

const RUN: &str = "run";
const CHECKS: &str = "checks";

/// `messages.ndjson` in the making.
#[derive(Debug)]
pub struct Messages {
    path: PathBuf,
    lang: Lang,
    /// Where envelopes go now.
    file: Option<BufWriter<File>>,
    /// The file that will be there in the end, while the cases wait.
    head: Option<BufWriter<File>>,
    /// Scenarios in the order in which they came, and where each stands.
    scenarios: Vec<Arc<ScenarioText>>,
    numbers: BTreeMap<String, usize>,
    /// When the first case began, and how long all of them took together.
    began: Option<Time>,
    took: Span,
}

impl Messages {
    /// The file at `path`, with its sentences in `lang`.
    pub fn new(path: PathBuf, lang: Lang) -> Self {
        Self {
            path,
            lang,
            file: None,
            head: None,
            scenarios: Vec::new(),
            numbers: BTreeMap::new(),
            began: None,
            took: Span::ZERO,
        }
    }

    fn write(&mut self, envelope: &Envelope<'_>) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        serde_json::to_writer(&mut *file, envelope)?;
        file.write_all(b"\n")
    }

    /// The number of a scenario, which names its nodes.
    fn number(&mut self, scenario: &Arc<ScenarioText>) -> usize {
        if let Some(number) = self.numbers.get(&scenario.id) {
            return *number;
        }
        let number = self.scenarios.len();
        self.scenarios.push(Arc::clone(scenario));
        self.numbers.insert(scenario.id.clone(), number);
        number
    }

    /// What is to be run: the pickle of the case, and a test case with a step for each of its own.
    fn plan(&mut self, case: &CaseEvidence, number: usize) -> io::Result<()> {
        let text = Arc::clone(&case.scenario);
        let (pickle, node) = (format!("p{}", case.place), format!("n{number}"));
        let row = case.id.strip_prefix(&*text.id).unwrap_or_default();
        let name = format!("{} {row}", text.title);
        let steps = text.steps.iter().enumerate();
        let tags = text.tags.iter().enumerate();
        self.write(&Envelope::Pickle(Pickle {
            id: &pickle,
            uri: &text.path,
            location: Location { line: text.line },
            name: &name,
            language: &text.language,
            steps: steps
                .map(|(step, text)| PickleStep {
                    ast_node_ids: [format!("{node}.{step}")],
                    id: format!("{pickle}.{step}"),
                    text: text.parts().1,
                })
                .collect(),
            tags: tags
                .map(|(tag, name)| PickleTag {
                    name,
                    ast_node_id: format!("{node}.t{tag}"),
                })
                .collect(),
            ast_node_ids: [&node],
        }))?;
        let of_step = |step| TestStep {
            id: format!("c{}.{step}", case.place),
            pickle_step_id: Some(format!("{pickle}.{step}")),
            hook_id: None,
            step_definition_ids: Some([]),
            step_match_arguments_lists: Some([]),
        };
        let mut test_steps: Vec<TestStep<'_>> = (0..text.steps.len()).map(of_step).collect();
        test_steps.push(TestStep {
            id: format!("c{}.{}", case.place, text.steps.len()),
            pickle_step_id: None,
            hook_id: Some(CHECKS),
            step_definition_ids: None,
            step_match_arguments_lists: None,
        });
        self.write(&Envelope::TestCase(TestCase {
            id: &format!("c{}", case.place),
            pickle_id: &pickle,
            test_steps,
            test_run_started_id: RUN,
        }))
    }

    /// What came of it.
    fn perform(&mut self, case: &CaseEvidence) -> io::Result<()> {
        let started = format!("s{}", case.place);
        let ends = steps::ends(case, self.lang);
        let first = ends.iter().map(|end| end.at).find(|at| at.as_micros() > 0);
        self.write(&Envelope::TestCaseStarted(TestCaseStarted {
            attempt: 0,
            id: &started,
            test_case_id: &format!("c{}", case.place),
            timestamp: first.unwrap_or_default().into(),
        }))?;
        let count = ends.len();
        let mut last = Timestamp::default();
        for (number, end) in ends.into_iter().enumerate() {
            let step = format!("c{}.{number}", case.place);
            self.write(&Envelope::TestStepStarted(TestStepStarted {
                test_case_started_id: &started,
                test_step_id: &step,
                timestamp: end.at.into(),
            }))?;
            if number + 1 == count && !matches!(case.outcome(), Outcome::Pass) {
                self.write(&Envelope::Attachment(Attachment {
                    body: &story(case, self.lang).join("\n"),
                    content_encoding: "IDENTITY",
                    media_type: "text/x.cucumber.log+plain",
                    test_case_started_id: &started,
                    test_step_id: &step,
                }))?;
            }
            last = (end.at + end.took).into();
            self.write(&Envelope::TestStepFinished(TestStepFinished {
                test_case_started_id: &started,
                test_step_id: &step,
                test_step_result: TestStepResult {
                    duration: end.took.into(),
                    status: end.status,
                    message: end.message.as_deref(),
                },
                timestamp: last,
            }))?;
        }
        self.write(&Envelope::TestCaseFinished(TestCaseFinished {
            test_case_started_id: &started,
            timestamp: last,
            will_be_retried: false,
        }))
    }

    /// A document for each feature file, with the scenarios that were seen of it.
    fn documents(&mut self) -> io::Result<()> {
        let scenarios = std::mem::take(&mut self.scenarios);
        let mut files: Vec<(&str, Vec<(usize, &ScenarioText)>)> = Vec::new();
        for (number, text) in scenarios.iter().enumerate() {
            match files.iter_mut().find(|(path, _)| *path == text.path) {
                Some((_, of_file)) => of_file.push((number, text)),
                None => files.push((&text.path, vec![(number, text)])),
            }
        }
        for (uri, of_file) in files {
            let Some((_, first)) = of_file.first() else {
                continue;
            };
            let children = of_file.iter().map(|(number, text)| Child {
                scenario: scenario(*number, text),
            });
            self.write(&Envelope::GherkinDocument(GherkinDocument {
                uri,
                feature: Feature {
                    location: Location { line: 1 },
                    tags: [],
                    language: &first.language,
                    keyword: texts::feature_keyword(spoken(&first.language)),
                    name: &first.feature,
                    description: "",
                    children: children.collect(),
                },
                comments: [],
            }))?;
        }
        Ok(())
    }
}

/// The scenario as a node of its document, backgrounds told with it.
fn scenario(number: usize, text: &ScenarioText) -> Scenario<'_> {
    let location = |line| Location { line };
    let tags = text.tags.iter().enumerate().map(|(tag, name)| Tag {
        location: location(text.line),
        name,
        id: format!("n{number}.t{tag}"),
    });
    let steps = text.steps.iter().enumerate().map(|(step, of_step)| {
        let (keyword, words) = of_step.parts();
        Step {
            location: location(of_step.line),
            keyword,
            text: words,
            id: format!("n{number}.{step}"),
        }
    });
    Scenario {
        location: location(text.line),
        tags: tags.collect(),
        keyword: texts::scenario_keyword(spoken(&text.language)),
        name: &text.title,
        description: "",
        steps: steps.collect(),
        examples: [],
        id: format!("n{number}"),
    }
}

fn spoken(language: &str) -> Lang {
    Lang::of_locale(language)
}

impl Reporter for Messages {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        self.file = Some(BufWriter::new(File::create(&self.path)?));
        let product = |name| Product {
            name,
            version: None,
        };
        let terminal = header.terminal.as_ref();
        let (name, version) = terminal.map_or(("?".to_owned(), String::new()), |identity| {
            (visible(&identity.name), visible(&identity.version))
        });
        self.write(&Envelope::Meta(Meta {
            protocol_version: PROTOCOL,
            implementation: Product {
                name: "counterproof",
                version: Some(&header.version),
            },
            // What ran the scenarios is the terminal; which machine it was is no part of a report
            // that is the same everywhere.
            runtime: Product {
                name: &name,
                version: Some(&version),
            },
            os: product("virtual"),
            cpu: product("virtual"),
        }))?;
        let name = texts::always_on(self.lang);
        self.write(&Envelope::Hook(Hook {
            id: CHECKS,
            name,
            source_reference: SourceReference {
                uri: "counterproof",
            },
            kind: "AFTER_TEST_CASE",
        }))?;
        let waiting = BufWriter::new(tempfile::tempfile()?);
        self.head = self.file.replace(waiting);
        Ok(())
    }

    fn case(&mut self, case: &CaseEvidence) -> io::Result<()> {
        self.began = self.began.into_iter().chain(case.began).min();
        self.took += case.took;
        let number = self.number(&case.scenario);
        self.plan(case, number)?;
        if case.outcome() == Outcome::NotRun {
            return Ok(());
        }
        self.perform(case)
    }

    fn end(&mut self, end: &RunEnd) -> io::Result<()> {
        let waiting = std::mem::replace(&mut self.file, self.head.take());
        let began = self.began.unwrap_or_default();
        self.write(&Envelope::TestRunStarted(TestRunStarted {
            timestamp: began.into(),
            id: RUN,
        }))?;
        self.documents()?;
        if let (Some(waiting), Some(file)) = (waiting, &mut self.file) {
            let mut waiting = waiting
                .into_inner()
                .map_err(io::IntoInnerError::into_error)?;
            waiting.rewind()?;
            io::copy(&mut waiting, file)?;
        }
        self.write(&Envelope::TestRunFinished(TestRunFinished {
            success: end.verdict.exit().code() == 0,
            timestamp: (began + self.took).into(),
            test_run_started_id: RUN,
        }))?;
        match self.file.take() {
            Some(mut file) => file.flush(),
            None => Ok(()),
        }
    }
}
