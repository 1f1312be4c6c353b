//! The envelopes of Cucumber messages that are written here, with their members as the protocol names
//! them. See <https://github.com/cucumber/messages>.

use counterproof_sim::time::{Span, Time};
use serde::Serialize;

/// The version of the protocol that is spoken: what the official formatter of the time reads.
pub const PROTOCOL: &str = "34.2.1";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Envelope<'a> {
    Meta(Meta<'a>),
    GherkinDocument(GherkinDocument<'a>),
    Pickle(Pickle<'a>),
    Hook(Hook<'a>),
    TestRunStarted(TestRunStarted<'a>),
    TestCase(TestCase<'a>),
    TestCaseStarted(TestCaseStarted<'a>),
    TestStepStarted(TestStepStarted<'a>),
    TestStepFinished(TestStepFinished<'a>),
    Attachment(Attachment<'a>),
    TestCaseFinished(TestCaseFinished<'a>),
    TestRunFinished(TestRunFinished<'a>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta<'a> {
    pub protocol_version: &'a str,
    pub implementation: Product<'a>,
    pub runtime: Product<'a>,
    pub os: Product<'a>,
    pub cpu: Product<'a>,
}

#[derive(Serialize)]
pub struct Product<'a> {
    pub name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<&'a str>,
}

#[derive(Serialize)]
pub struct GherkinDocument<'a> {
    pub uri: &'a str,
    pub feature: Feature<'a>,
    pub comments: [(); 0],
}

#[derive(Serialize)]
pub struct Feature<'a> {
    pub location: Location,
    pub tags: [(); 0],
    pub language: &'a str,
    pub keyword: &'a str,
    pub name: &'a str,
    pub description: &'a str,
    pub children: Vec<Child<'a>>,
}

#[derive(Serialize)]
pub struct Child<'a> {
    pub scenario: Scenario<'a>,
}

#[derive(Serialize)]
pub struct Scenario<'a> {
    pub location: Location,
    pub tags: Vec<Tag<'a>>,
    pub keyword: &'a str,
    pub name: &'a str,
    pub description: &'a str,
    pub steps: Vec<Step<'a>>,
    pub examples: [(); 0],
    pub id: String,
}

#[derive(Serialize)]
pub struct Tag<'a> {
    pub location: Location,
    pub name: &'a str,
    pub id: String,
}

#[derive(Serialize)]
pub struct Step<'a> {
    pub location: Location,
    pub keyword: &'a str,
    pub text: &'a str,
    pub id: String,
}

#[derive(Clone, Copy, Serialize)]
pub struct Location {
    pub line: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pickle<'a> {
    pub id: &'a str,
    pub uri: &'a str,
    pub location: Location,
    pub name: &'a str,
    pub language: &'a str,
    pub steps: Vec<PickleStep<'a>>,
    pub tags: Vec<PickleTag<'a>>,
    pub ast_node_ids: [&'a str; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PickleStep<'a> {
    pub ast_node_ids: [String; 1],
    pub id: String,
    pub text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PickleTag<'a> {
    pub name: &'a str,
    pub ast_node_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hook<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub source_reference: SourceReference<'a>,
    #[serde(rename = "type")]
    pub kind: &'a str,
}

#[derive(Serialize)]
pub struct SourceReference<'a> {
    pub uri: &'a str,
}

#[derive(Serialize)]
pub struct TestRunStarted<'a> {
    pub timestamp: Timestamp,
    pub id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestCase<'a> {
    pub id: &'a str,
    pub pickle_id: &'a str,
    pub test_steps: Vec<TestStep<'a>>,
    pub test_run_started_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestStep<'a> {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pickle_step_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hook_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step_definition_ids: Option<[(); 0]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step_match_arguments_lists: Option<[(); 0]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestCaseStarted<'a> {
    pub attempt: u32,
    pub id: &'a str,
    pub test_case_id: &'a str,
    pub timestamp: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestStepStarted<'a> {
    pub test_case_started_id: &'a str,
    pub test_step_id: &'a str,
    pub timestamp: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestStepFinished<'a> {
    pub test_case_started_id: &'a str,
    pub test_step_id: &'a str,
    pub test_step_result: TestStepResult<'a>,
    pub timestamp: Timestamp,
}

#[derive(Serialize)]
pub struct TestStepResult<'a> {
    pub duration: Timestamp,
    pub status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    Unknown,
    Passed,
    Skipped,
    Pending,
    Failed,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment<'a> {
    pub body: &'a str,
    pub content_encoding: &'a str,
    pub media_type: &'a str,
    pub test_case_started_id: &'a str,
    pub test_step_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestCaseFinished<'a> {
    pub test_case_started_id: &'a str,
    pub timestamp: Timestamp,
    pub will_be_retried: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestRunFinished<'a> {
    pub success: bool,
    pub timestamp: Timestamp,
    pub test_run_started_id: &'a str,
}

/// An instant or a length of time: both have the same members.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Timestamp {
    seconds: u64,
    nanos: u64,
}

impl Timestamp {
    const fn of(micros: u64) -> Self {
        Self {
            seconds: micros / 1_000_000,
            nanos: micros % 1_000_000 * 1_000,
        }
    }
}

impl From<Time> for Timestamp {
    fn from(time: Time) -> Self {
        Self::of(time.as_micros())
    }
}

impl From<Span> for Timestamp {
    fn from(span: Span) -> Self {
        Self::of(span.as_micros())
    }
}
