//! The plan: which scenarios run, each with which row of the matrix and which seed, and what a
//! terminal must be able to do for them. Not here: how they run ([`crate::run`]).

use std::sync::Arc;

use counterproof_sim::link::profiles::Profile;
use counterproof_sim::terminal::{Capabilities, Flow, Mode};
use counterproof_sim::vocabulary::{Vocabulary, Wallet};
use serde::{Deserialize, Serialize};

use crate::language::{Arg, Role};
use crate::requirements::Requirement;
use crate::steps::{Args, Step};
use crate::world::{StepResult, World};

/// Scenarios that carry this tag run on every row of the matrix; the others, which are about one
/// network or one wallet, run once a seed.
pub const MATRIX_TAG: &str = "@matrix";

/// A scenario that carries this tag is run once, and then once for each point at which the power can
/// be cut between its first `When` and its first `Then`.
pub const EVERY_CUT_TAG: &str = "@every-cut";

/// A scenario that carries this tag is run once, and then once for each place at which its step "the
/// storage is damaged at one place" can damage the terminal's storage.
pub const EVERY_PLACE_TAG: &str = "@every-place";

/// A scenario that carries this tag takes hours or days: it runs only where time is virtual.
pub const VIRTUAL_TAG: &str = "@virtual";

/// What is varied in the runs of a scenario that is run many times and counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Varied {
    /// The point at which the power is cut ([`EVERY_CUT_TAG`]).
    Cuts,
    /// The place at which the storage is damaged ([`EVERY_PLACE_TAG`]).
    Places,
}

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
    /// Given, When or Then, as its keyword says, found through And and But.
    pub role: Role,
    /// What it is.
    pub step: &'static Step,
    /// What it is told.
    pub args: Vec<Arg>,
    /// The block of text below it.
    pub docstring: Option<String>,
}

impl ReadyStep {
    /// Does what it says.
    pub(crate) fn run(&self, world: &mut World) -> StepResult {
        world.begin_step(&self.text, self.line);
        let args = Args {
            args: &self.args,
            docstring: self.docstring.as_deref(),
        };
        (self.step.run)(world, &args)
    }
}

/// A scenario on one row of the matrix.
#[derive(Clone, Debug)]
pub struct Case {
    /// `area/slug@row#seed`, stable and unique; `…#seed@point` for one run of a case of many.
    pub id: Arc<str>,
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// Radio profile of every link, where the matrix has one.
    pub profile: Option<&'static Profile>,
    /// The customer's wallet, where the matrix has one.
    pub wallet: Option<Wallet>,
    /// Seed of the run.
    pub seed: u64,
    /// The only point at which the power is cut or the storage damaged, from 1, where not at every
    /// one.
    pub point: Option<u32>,
}

impl Scenario {
    /// Whether it runs only where time is virtual.
    pub fn is_virtual(&self) -> bool {
        self.has(VIRTUAL_TAG)
    }

    fn has(&self, tag: &str) -> bool {
        self.tags.iter().any(|of_it| of_it == tag)
    }

    /// What is varied in its runs, where it is run many times.
    pub fn varied(&self) -> Option<Varied> {
        let has = |tag| self.has(tag);
        let cuts = has(EVERY_CUT_TAG).then_some(Varied::Cuts);
        cuts.or_else(|| has(EVERY_PLACE_TAG).then_some(Varied::Places))
    }
}

impl Case {
    /// This case at `point` only.
    #[must_use]
    pub fn only_at(mut self, point: u32) -> Self {
        self.id = self.id_at(Some(point)).into();
        self.point = Some(point);
        self
    }

    /// The id of this case, or of one point of it.
    pub fn id_at(&self, point: Option<u32>) -> String {
        match point.filter(|_| self.point.is_none()) {
            Some(point) => format!("{}@{point}", self.id),
            None => self.id.to_string(),
        }
    }
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
    /// Connections that it makes itself: a run in live mode.
    OwnConnections,
}

impl Need {
    /// Whether a terminal with these capabilities can do it. Who cuts the power without the
    /// terminal's help sets `power_control` before asking, and `modes` to the one of the run.
    pub fn met_by(self, capabilities: &Capabilities) -> bool {
        match self {
            Self::ManualCode => capabilities.manual_code,
            Self::Printer => capabilities.printer,
            Self::Links(links) => capabilities.links >= links,
            Self::Flow(flow) => capabilities.flows.contains(&flow),
            Self::SelfTest => capabilities.self_test,
            Self::DeviceLog => capabilities.device_log,
            Self::PowerCut => capabilities.power_control,
            Self::OwnConnections => capabilities.modes.contains(&Mode::Live),
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
            Self::OwnConnections => "connections of its own in this run (--mode live)",
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
            Self::OwnConnections => "本次运行中自行建立连接（--mode live）",
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
                    point: None,
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

/// What a case id names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaseId<'a> {
    /// The scenario.
    pub scenario: &'a str,
    /// The row of the matrix; empty where it names none.
    pub row: &'a str,
    /// The seed.
    pub seed: Option<u64>,
    /// The only point of a case of many runs.
    pub point: Option<u32>,
}

impl<'a> CaseId<'a> {
    /// Takes an id apart. What is no seed and point behind a `#` belongs to the name.
    pub fn split(id: &'a str) -> Self {
        let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let behind = id.rsplit_once('#').and_then(|(rest, behind)| {
            let (seed, point) = match behind.split_once('@') {
                Some((seed, point)) => (seed, Some(point)),
                None => (behind, None),
            };
            let is_one = number(seed) && point.is_none_or(number);
            let seed: u64 = seed.parse().ok().filter(|_| is_one)?;
            let point = point.map(str::parse).transpose().ok()?;
            Some((rest, seed, point))
        });
        let (rest, seed, point) = match behind {
            Some((rest, seed, point)) => (rest, Some(seed), point),
            None => (id, None, None),
        };
        let (scenario, row) = rest.split_once('@').unwrap_or((rest, ""));
        Self {
            scenario,
            row,
            seed,
            point,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CaseId;

    #[test]
    fn an_id_names_scenario_row_seed_and_point() {
        let split = |id| {
            let id = CaseId::split(id);
            (id.scenario, id.row, id.seed, id.point)
        };
        assert_eq!(split("a/b"), ("a/b", "", None, None));
        assert_eq!(split("a/b#7"), ("a/b", "", Some(7), None));
        let all = ("a/b", "weak+WXP", Some(1), Some(17));
        assert_eq!(split("a/b@weak+WXP#1@17"), all);
        assert_eq!(split("a/b#c"), ("a/b#c", "", None, None));
        assert_eq!(split("a/b#1@x"), ("a/b#1", "x", None, None));
    }
}
