//! The words in braces that the table knows beside numbers, texts, amounts and lengths of time:
//! every list of the vocabulary, each word by its id, its English and its Chinese name. And how a
//! step reads what it was told.

use std::sync::{Arc, LazyLock};

use counterproof_sim::fault::{FaultKind, Shape};
use counterproof_sim::link::profiles::{self, Profile};
use counterproof_sim::phone::{Funding, Plan};
use counterproof_sim::terminal::{DamageKind, Status};
use counterproof_sim::time::Span;
use counterproof_sim::vocabulary::{Advice, Operation, Practice, Reason, Vocabulary, Wallet};

use super::Args;
use crate::language::expression::{Enumeration, Enumerations};
use crate::language::{Arg, Kinds};
use crate::requirements::Requirement;

/// The lists behind the words in braces.
#[derive(Clone, Copy, Debug)]
pub struct Words;

/// The terminal's links, as the bench names them.
const LINKS: [[&str; 2]; 2] = [["cellular", "蜂窝"], ["wifi", "无线"]];

/// What a self-test speaks of; links by the names of the bench.
const PARTS: [[&str; 2]; 6] = [
    ["scanner", "扫码器"],
    ["printer", "打印机"],
    ["storage", "存储"],
    ["host", "主机"],
    ["cellular", "蜂窝链路"],
    ["wifi", "无线链路"],
];

/// How often, up to the tenth.
const ORDINALS: [[&str; 2]; 10] = [
    ["first", "1"],
    ["second", "2"],
    ["third", "3"],
    ["fourth", "4"],
    ["fifth", "5"],
    ["sixth", "6"],
    ["seventh", "7"],
    ["eighth", "8"],
    ["ninth", "9"],
    ["tenth", "10"],
];

const STATUSES: [(Status, [&str; 2]); 4] = [
    (Status::Approved, ["approved", "成功"]),
    (Status::Declined, ["declined", "被拒绝"]),
    (Status::Cancelled, ["cancelled", "已取消"]),
    (Status::Unknown, ["unknown", "结果未知"]),
];

const FUNDINGS: [(Funding, [&str; 2]); 7] = [
    (Funding::Balance, ["the balance", "余额"]),
    (Funding::Card, ["a bank card", "银行卡"]),
    (Funding::Baitiao(Plan::One), ["Baitiao", "白条"]),
    (
        Funding::Baitiao(Plan::Three),
        ["Baitiao in 3 instalments", "白条分3期"],
    ),
    (
        Funding::Baitiao(Plan::Six),
        ["Baitiao in 6 instalments", "白条分6期"],
    ),
    (
        Funding::Baitiao(Plan::Twelve),
        ["Baitiao in 12 instalments", "白条分12期"],
    ),
    (
        Funding::Baitiao(Plan::TwentyFour),
        ["Baitiao in 24 instalments", "白条分24期"],
    ),
];

/// Faults of one shape, in the order of the catalogue.
fn faults(shape: Shape) -> impl Iterator<Item = FaultKind> {
    FaultKind::ALL
        .iter()
        .copied()
        .filter(move |kind| kind.shape() == shape)
}

fn spellings<V: Vocabulary>(word: V) -> Vec<&'static str> {
    let mut all = vec![word.id()];
    for name in [word.en(), word.zh()] {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

fn vocabulary<V: Vocabulary>() -> Vec<Vec<&'static str>> {
    V::ALL.iter().copied().map(spellings).collect()
}

static LISTS: LazyLock<Enumerations> = LazyLock::new(|| {
    let profile = |p: &'static Profile| vec![p.name.as_str(), p.zh.as_str()];
    let lists: Vec<(&str, Vec<Vec<&'static str>>)> = vec![
        ("reason", vocabulary::<Reason>()),
        ("advice", vocabulary::<Advice>()),
        ("wallet", vocabulary::<Wallet>()),
        ("operation", vocabulary::<Operation>()),
        ("state", faults(Shape::State).map(spellings).collect()),
        ("mishap", faults(Shape::Message).map(spellings).collect()),
        ("profile", profiles::all().iter().map(profile).collect()),
        (
            "requirement",
            Requirement::ALL.iter().map(|r| vec![r.id()]).collect(),
        ),
        (
            "status",
            STATUSES.iter().map(|(_, names)| names.to_vec()).collect(),
        ),
        (
            "funding",
            FUNDINGS.iter().map(|(_, names)| names.to_vec()).collect(),
        ),
        ("practice", vocabulary::<Practice>()),
        ("damage", vocabulary::<DamageKind>()),
        ("part", PARTS.iter().map(|names| names.to_vec()).collect()),
        ("link", LINKS.iter().map(|names| names.to_vec()).collect()),
        (
            "ordinal",
            ORDINALS.iter().map(|names| names.to_vec()).collect(),
        ),
    ];
    let mut all = Enumerations::new();
    for (name, choices) in lists {
        all.add(name, choices)
            .expect("the words of a list are told apart by their spelling");
    }
    all
});

impl Kinds for Words {
    fn enumeration(&self, name: &str) -> Option<Arc<Enumeration>> {
        LISTS.enumeration(name)
    }

    fn names(&self) -> Vec<String> {
        LISTS.names()
    }
}

/// A step's pattern promises its arguments by kind and number; that the promise is kept is what
/// the test of the table checks.
impl<'a> Args<'a> {
    fn choices(&self, kind: &str) -> impl Iterator<Item = usize> {
        self.args.iter().filter_map(move |arg| match arg {
            Arg::Choice { kind: k, index } if **k == *kind => Some(*index),
            _ => None,
        })
    }

    fn choice(&self, kind: &str) -> usize {
        self.choices(kind)
            .next()
            .unwrap_or_else(|| panic!("the pattern has no {{{kind}}}"))
    }

    /// The n-th `{string}`, from 0.
    pub(super) fn text_at(&self, n: usize) -> &'a str {
        let texts = self.args.iter().filter_map(|arg| match arg {
            Arg::Text(text) => Some(text.as_str()),
            _ => None,
        });
        texts
            .into_iter()
            .nth(n)
            .unwrap_or_else(|| panic!("the pattern has no {{string}} {n}"))
    }

    /// The first `{string}`.
    pub(super) fn text(&self) -> &'a str {
        self.text_at(0)
    }

    /// The first `{int}`.
    pub(super) fn int(&self) -> i64 {
        self.int_at(0)
    }

    /// The n-th `{int}`, from 0.
    pub(super) fn int_at(&self, n: usize) -> i64 {
        let ints = self.args.iter().filter_map(|arg| match arg {
            Arg::Int(int) => Some(i64::try_from(*int).unwrap_or(i64::MAX)),
            _ => None,
        });
        ints.into_iter().nth(n).expect("the pattern has an {int}")
    }

    /// The first `{amount}` in fen.
    pub(super) fn amount(&self) -> i64 {
        self.amount_at(0)
    }

    /// The n-th `{amount}` in fen, from 0.
    pub(super) fn amount_at(&self, n: usize) -> i64 {
        let amounts = self.args.iter().filter_map(|arg| match arg {
            Arg::Amount(fen) => Some(i64::try_from(*fen).unwrap_or(i64::MAX)),
            _ => None,
        });
        amounts
            .into_iter()
            .nth(n)
            .expect("the pattern has an {amount}")
    }

    /// The `{duration}`.
    pub(super) fn duration(&self) -> Span {
        let duration = self.args.iter().find_map(|arg| match arg {
            Arg::Duration(us) => Some(Span::from_micros(*us)),
            _ => None,
        });
        duration.expect("the pattern has a {duration}")
    }

    /// The `{ordinal}`, from 1.
    pub(super) fn ordinal(&self) -> u32 {
        self.choice("ordinal") as u32 + 1
    }

    /// The `{practice}`.
    pub(super) fn practice(&self) -> Practice {
        Practice::ALL[self.choice("practice")]
    }

    /// The `{operation}`.
    pub(super) fn operation(&self) -> Operation {
        Operation::ALL[self.choice("operation")]
    }

    /// The `{wallet}`.
    pub(super) fn wallet(&self) -> Wallet {
        Wallet::ALL[self.choice("wallet")]
    }

    /// The `{profile}`.
    pub(super) fn profile(&self) -> &'static Profile {
        &profiles::all()[self.choice("profile")]
    }

    /// The `{link}`.
    pub(super) fn link(&self) -> &'static str {
        LINKS[self.choice("link")][0]
    }

    /// The `{status}`.
    pub(super) fn status(&self) -> Status {
        STATUSES[self.choice("status")].0
    }

    /// The `{funding}`.
    pub(super) fn funding(&self) -> Funding {
        FUNDINGS[self.choice("funding")].0
    }

    /// The `{damage}`.
    pub(super) fn damage(&self) -> DamageKind {
        DamageKind::ALL[self.choice("damage")]
    }

    /// The `{part}` of the device, or the name of a link.
    pub(super) fn part(&self) -> &'static str {
        PARTS[self.choice("part")][0]
    }

    /// The first `{reason}`.
    pub(super) fn reason(&self) -> Reason {
        Reason::ALL[self.choice("reason")]
    }

    /// Every `{reason}`.
    pub(super) fn reasons(&self) -> Vec<Reason> {
        self.choices("reason")
            .map(|index| Reason::ALL[index])
            .collect()
    }

    /// Every `{advice}`.
    pub(super) fn advices(&self) -> Vec<Advice> {
        self.choices("advice")
            .map(|index| Advice::ALL[index])
            .collect()
    }

    /// The `{requirement}`.
    pub(super) fn requirement(&self) -> Requirement {
        Requirement::ALL[self.choice("requirement")]
    }

    /// The `{state}` or `{mishap}`.
    pub(super) fn fault(&self) -> FaultKind {
        self.fault_if_any()
            .expect("the pattern has a {state} or a {mishap}")
    }

    /// The `{state}` or `{mishap}`, where the pattern has one.
    pub(crate) fn fault_if_any(&self) -> Option<FaultKind> {
        let of = |kind, shape| {
            self.choices(kind)
                .next()
                .and_then(|index| faults(shape).nth(index))
        };
        of("state", Shape::State).or_else(|| of("mishap", Shape::Message))
    }
}
