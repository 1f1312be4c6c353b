//! The plan: which scenarios run, each with which row of the matrix and which seed, and what a
//! terminal must be able to do for them. Not here: how they run ([`crate::run`]).

use std::sync::Arc;

use counterproof_sim::link::profiles::Profile;
use counterproof_sim::terminal::{Capabilities, Flow};
use counterproof_sim::vocabulary::{Vocabulary, Wallet};

use crate::language::Arg;
use crate::requirements::Requirement;
use crate::steps::Step;

/// Scenarios that carry this tag run on every row of the matrix; the others, which are about one
/// network or one wallet, run once a seed.
pub const MATRIX_TAG: &str = "@matrix";

/// A scenario of the suite, ready to run.
#[derive(Debug)]
pub struct Scenario {
    /// `area/slug`, stable.
    pub id: String,
    /// As the file has it.
    pub name: String,
    /// The feature's name.
    pub feature: String,
    /// The language of the file, as its `# language:` has it.
    pub language: String,
    /// The file, as shown to people.
    pub path: Arc<str>,
    /// Line of the scenario, or of its row of examples.
    pub line: u32,
    /// All tags, those of feature, rule and examples included, with their `@`.
    pub tags: Vec<String>,
    /// The requirements among the tags.
    pub requirements: Vec<Requirement>,
    /// What the terminal must be able to do.
    pub needs: Vec<Need>,
    /// Backgrounds first.
    pub steps: Vec<ReadyStep>,
}

/// A step with its function found and its arguments read.
#[derive(Debug)]
pub struct ReadyStep {
    /// Keyword and text, as the file has them.
    pub text: String,
    /// How many bytes of it are the keyword, with the blank behind it.
    pub keyword: usize,
    /// Its line.
    pub line: u32,
    /// What it is.
    pub step: &'static Step,
    /// What it is told.
    pub args: Vec<Arg>,
    /// The block of text below it.
    pub docstring: Option<String>,
}

/// A scenario on one row of the matrix.
#[derive(Clone, Debug)]
pub struct Case {
    /// `area/slug@row#seed`, stable and unique.
    pub id: Arc<str>,
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// Radio profile of every link, where the matrix has one.
    pub profile: Option<&'static Profile>,
    /// The customer's wallet, where the matrix has one.
    pub wallet: Option<Wallet>,
    /// Seed of the run.
    pub seed: u64,
}

/// Something that a terminal must be able to do for a scenario to be about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Codes from the keypad.
    ManualCode,
    /// A printer.
    Printer,
    /// At least so many links.
    Links(u32),
    /// A flow.
    Flow(Flow),
    /// A test of its own parts.
    SelfTest,
    /// A record of its own faults.
    DeviceLog,
    /// A power that can be cut: by the suite, or by the terminal on request.
    PowerCut,
}

impl Need {
    /// Whether a terminal with these capabilities can do it. Who cuts the power without the
    /// terminal's help sets `power_control` before asking.
    pub fn met_by(self, capabilities: &Capabilities) -> bool {
        match self {
            Self::ManualCode => capabilities.manual_code,
            Self::Printer => capabilities.printer,
            Self::Links(links) => capabilities.links >= links,
            Self::Flow(flow) => capabilities.flows.contains(&flow),
            Self::SelfTest => capabilities.self_test,
            Self::DeviceLog => capabilities.device_log,
            Self::PowerCut => capabilities.power_control,
        }
    }

    /// In English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::ManualCode => "codes typed at the keypad (manualCode)",
            Self::Printer => "a printer",
            Self::Links(_) => "two links",
            Self::Flow(Flow::Scan) => "the flow scan",
            Self::Flow(Flow::Show) => "the flow show",
            Self::Flow(Flow::Refund) => "the flow refund",
            Self::Flow(Flow::Void) => "the flow void",
            Self::Flow(Flow::Settle) => "the flow settle",
            Self::SelfTest => "a self-test (selfTest)",
            Self::DeviceLog => "a device log (deviceLog)",
            Self::PowerCut => "a power that can be cut (powerControl)",
        }
    }

    /// In Chinese.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::ManualCode => "键盘输入付款码（manualCode）",
            Self::Printer => "打印机",
            Self::Links(_) => "两条网络链路",
            Self::Flow(Flow::Scan) => "扫码流程（scan）",
            Self::Flow(Flow::Show) => "展码流程（show）",
            Self::Flow(Flow::Refund) => "退货流程（refund）",
            Self::Flow(Flow::Void) => "撤销流程（void）",
            Self::Flow(Flow::Settle) => "结算流程（settle）",
            Self::SelfTest => "自检（selfTest）",
            Self::DeviceLog => "设备日志（deviceLog）",
            Self::PowerCut => "可切断的电源（powerControl）",
        }
    }
}

/// The rows on which scenarios with [`MATRIX_TAG`] run.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Radio profiles; empty for what each scenario says itself.
    pub profiles: Vec<&'static Profile>,
    /// Wallets; empty for what each scenario says itself.
    pub wallets: Vec<Wallet>,
    /// First seed.
    pub seed: u64,
    /// How many seeds, at least one.
    pub seeds: u64,
}

impl Default for Matrix {
    fn default() -> Self {
        Self {
            profiles: Vec::new(),
            wallets: Vec::new(),
            seed: 1,
            seeds: 1,
        }
    }
}

/// The cases of these scenarios on the matrix, scenario by scenario.
pub fn plan<'s>(
    scenarios: impl IntoIterator<Item = &'s Arc<Scenario>>,
    matrix: &Matrix,
) -> Vec<Case> {
    let mut cases = Vec::new();
    for scenario in scenarios {
        let rows = if scenario.tags.iter().any(|tag| tag == MATRIX_TAG) {
            rows(&matrix.profiles, &matrix.wallets)
        } else {
            vec![(None, None)]
        };
        for (profile, wallet) in rows {
            for seed in matrix.seed..matrix.seed.saturating_add(matrix.seeds.max(1)) {
                cases.push(Case {
                    id: case_id(&scenario.id, profile, wallet, seed).into(),
                    scenario: Arc::clone(scenario),
                    profile,
                    wallet,
                    seed,
                });
            }
        }
    }
    cases
}

type Row = (Option<&'static Profile>, Option<Wallet>);

fn rows(profiles: &[&'static Profile], wallets: &[Wallet]) -> Vec<Row> {
    let profiles: Vec<_> = if profiles.is_empty() {
        vec![None]
    } else {
        profiles.iter().map(|p| Some(*p)).collect()
    };
    let wallets: Vec<_> = if wallets.is_empty() {
        vec![None]
    } else {
        wallets.iter().map(|w| Some(*w)).collect()
    };
    profiles
        .iter()
        .flat_map(|p| wallets.iter().map(|w| (*p, *w)))
        .collect()
}

fn case_id(scenario: &str, profile: Option<&Profile>, wallet: Option<Wallet>, seed: u64) -> String {
    let mut id = scenario.to_owned();
    if let Some(profile) = profile {
        id.push('@');
        id.push_str(&profile.name);
    }
    if let Some(wallet) = wallet {
        id.push(if profile.is_some() { '+' } else { '@' });
        id.push_str(wallet.id());
    }
    id.push('#');
    id.push_str(&seed.to_string());
    id
}

/// The scenario's part of a case id, and the row and seed it names: what a replay needs.
pub fn split_case_id(id: &str) -> (&str, &str, Option<u64>) {
    let (rest, seed) = match id.rsplit_once('#') {
        Some((rest, seed)) if !seed.is_empty() && seed.bytes().all(|b| b.is_ascii_digit()) => {
            (rest, seed.parse().ok())
        }
        _ => (id, None),
    };
    let (scenario, row) = rest.split_once('@').unwrap_or((rest, ""));
    (scenario, row, seed)
}
