//! What travels over the API, as JSON. Its schemas are made of these types; amounts are in fen.

use counterproof_sim::fault::{Fault, FaultId, FaultKind, Nth, Shape, Site};
use counterproof_sim::host::ledger::Source;
use counterproof_sim::host::wallet::CreditState;
use counterproof_sim::host::{Ask, Key, Posting, Standing, TerminalId, Transaction};
use counterproof_sim::phone::{Funding, Password, Plan};
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::{Operation, Vocabulary, Wallet};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::serve::service::Armed;

/// A word of a vocabulary: its id.
fn word<V: Vocabulary>(_: &mut SchemaGenerator) -> Schema {
    let ids: Vec<_> = V::ALL.iter().map(|word| word.id()).collect();
    json_schema!({ "type": "string", "enum": ids })
}

fn word_or_none<V: Vocabulary>(_: &mut SchemaGenerator) -> Schema {
    let ids: Vec<_> = V::ALL
        .iter()
        .map(|word| Some(word.id()))
        .chain([None])
        .collect();
    json_schema!({ "type": ["string", "null"], "enum": ids })
}

/// Nothing to say.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Why something was not done.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Refused {
    /// A sentence.
    pub error: String,
}

/// How the service is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// `ok`, as long as it answers.
    pub status: &'static str,
    /// The program.
    pub version: &'static str,
    /// Dialect of the acquirer.
    pub dialect: String,
    /// Milliseconds since 1970 by the acquirer's clock.
    pub now: u64,
    /// Connections of terminals that stand.
    pub connections: usize,
    /// Connections that were sent away because there were too many.
    pub turned_away: u64,
    /// Terminals that are registered.
    pub terminals: usize,
    /// Movements of money since the ledger began.
    pub postings: usize,
    /// Sum over all accounts of the ledger: zero.
    pub sum: i64,
    /// Faults that are armed.
    pub faults: usize,
    /// Number of the latest entry of the record.
    pub entries: u64,
}

/// A code to be issued.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodeRequest {
    /// Whose wallet.
    #[schemars(schema_with = "word::<Wallet>")]
    pub wallet: Wallet,
    /// Number of the customer at the wallet [1].
    #[serde(default = "one")]
    pub customer: u32,
    /// From what is paid [balance; `baitiao` for JD Pay].
    #[serde(default)]
    #[schemars(schema_with = "word_or_none::<Source>")]
    pub funding: Option<Source>,
    /// Of Baitiao: 1, 3, 6, 12 or 24 [1].
    #[serde(default)]
    pub instalments: Option<u32>,
    /// When the wallet asks for the password [by-wallet].
    #[serde(default)]
    pub password: PasswordRule,
}

/// Many codes to be issued, for tests under load.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodesRequest {
    /// How many, at most 10000.
    pub count: u32,
    /// Whose wallet.
    #[schemars(schema_with = "word::<Wallet>")]
    pub wallet: Wallet,
    /// Number of the customer at the wallet [1].
    #[serde(default = "one")]
    pub customer: u32,
}

/// When a wallet asks its customer.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PasswordRule {
    /// Above the customer's threshold.
    #[default]
    ByWallet,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl From<PasswordRule> for Password {
    fn from(rule: PasswordRule) -> Self {
        match rule {
            PasswordRule::ByWallet => Self::ByWallet,
            PasswordRule::Always => Self::Always,
            PasswordRule::Never => Self::Never,
        }
    }
}

/// What a phone shows.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// The digits of the payment code; none where the app shows none.
    pub code: Option<String>,
    /// When it expires, in milliseconds since 1970.
    pub expires_at: Option<u64>,
    /// Whether a sound scanner can read the screen.
    pub legible: bool,
}

const fn one() -> u32 {
    1
}

/// A code on a terminal's screen, to be paid.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PaymentRequest {
    /// The content of the code.
    pub payload: String,
    /// With which wallet.
    #[schemars(schema_with = "word::<Wallet>")]
    pub wallet: Wallet,
    /// Number of the customer at the wallet [1].
    #[serde(default = "one")]
    pub customer: u32,
    /// From what is paid [balance; `baitiao` for JD Pay].
    #[serde(default)]
    #[schemars(schema_with = "word_or_none::<Source>")]
    pub funding: Option<Source>,
    /// Of Baitiao: 1, 3, 6, 12 or 24 [1].
    #[serde(default)]
    pub instalments: Option<u32>,
}

/// What was paid.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// Fen.
    pub paid: u64,
}

/// The instalments do not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPlan;

/// How somebody pays; `None` for the usual way.
///
/// # Errors
/// When the instalments do not fit.
pub fn funding(
    source: Option<Source>,
    instalments: Option<u32>,
) -> Result<Option<Funding>, NoPlan> {
    let plan = |n| Plan::ALL.into_iter().find(|plan| plan.instalments() == n);
    match (source, instalments) {
        (None, None) => Ok(None),
        (Some(Source::Baitiao), n) => {
            let plan = plan(n.unwrap_or(1)).ok_or(NoPlan)?;
            Ok(Some(Funding::Baitiao(plan)))
        }
        (Some(Source::Balance), None) => Ok(Some(Funding::Balance)),
        (Some(Source::Card), None) => Ok(Some(Funding::Card)),
        (_, Some(_)) => Err(NoPlan),
    }
}

/// Which customer.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Owner {
    /// The wallet.
    #[schemars(schema_with = "word::<Wallet>")]
    pub wallet: Wallet,
    /// The customer's number there.
    pub customer: u32,
}

/// What of a customer is to change; what is left out stays.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CustomerChange {
    /// Opening balance.
    pub balance: Option<u64>,
    /// On the bank card.
    pub card: Option<u64>,
    /// State of the Baitiao account.
    pub baitiao: Option<BaitiaoState>,
    /// The most that may be owed to Baitiao.
    pub baitiao_limit: Option<u64>,
    /// The most that one payment may be; 0 for no limit.
    pub payment_limit: Option<u64>,
    /// Above this the password is asked for.
    pub password_above: Option<u64>,
    /// Whether the customer answers questions unasked, after some seconds.
    pub answers: Option<bool>,
}

/// State of a Baitiao account.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BaitiaoState {
    /// Never activated.
    NotActivated,
    /// In good order.
    Active,
    /// An instalment is overdue.
    Overdue,
    /// Stopped by risk control.
    Risk,
}

impl From<BaitiaoState> for CreditState {
    fn from(state: BaitiaoState) -> Self {
        match state {
            BaitiaoState::NotActivated => Self::NotActivated,
            BaitiaoState::Active => Self::Active,
            BaitiaoState::Overdue => Self::Overdue,
            BaitiaoState::Risk => Self::Risk,
        }
    }
}

impl From<CreditState> for BaitiaoState {
    fn from(state: CreditState) -> Self {
        match state {
            CreditState::NotActivated => Self::NotActivated,
            CreditState::Active => Self::Active,
            CreditState::Overdue => Self::Overdue,
            CreditState::Risk => Self::Risk,
        }
    }
}

/// A customer.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerView {
    /// Opening balance.
    pub balance: u64,
    /// Of it, spent so far.
    pub balance_spent: i64,
    /// Opening balance of the bank card.
    pub card: u64,
    /// Of it, spent so far.
    pub card_spent: i64,
    /// State of the Baitiao account.
    pub baitiao: BaitiaoState,
    /// The most that may be owed.
    pub baitiao_limit: u64,
    /// Owed so far.
    pub baitiao_spent: i64,
    /// The most that one payment may be.
    pub payment_limit: Option<u64>,
    /// Above this the password is asked for.
    pub password_above: u64,
    /// Whether the customer answers questions unasked.
    pub answers: bool,
}

/// A question that waits for its customer.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// Its number.
    pub id: u32,
    /// Which wallet asks.
    #[schemars(schema_with = "word::<Wallet>")]
    pub wallet: Wallet,
    /// How much would be paid.
    pub amount: u64,
    /// DE41 of the payment.
    pub terminal: String,
    /// Its batch.
    pub batch: u32,
    /// Its STAN.
    pub stan: u32,
    /// When the question lapses, in milliseconds since 1970.
    pub until: u64,
}

impl From<Ask> for Question {
    fn from(ask: Ask) -> Self {
        Self {
            id: ask.id.0,
            wallet: ask.wallet,
            amount: ask.amount.get(),
            terminal: ask.key.terminal.to_string(),
            batch: ask.key.batch,
            stan: ask.key.stan,
            until: ask.until.as_millis(),
        }
    }
}

/// Which one, by its number.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Number {
    /// The number.
    pub id: u32,
}

/// The customer's answer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerRequest {
    /// Yes or no.
    pub confirm: bool,
}

/// A kind of fault.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FaultKindView {
    /// Its id.
    pub kind: &'static str,
    /// In English.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
    /// Who acts on it.
    pub site: &'static str,
    /// Whether it strikes at messages, or holds until it is lifted.
    pub shape: ShapeView,
    /// Whether it can be armed here: not what acts at the terminal.
    pub here: bool,
}

/// How a fault is bounded.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ShapeView {
    /// Strikes at messages.
    Message,
    /// Holds until it is lifted.
    State,
}

impl From<FaultKind> for FaultKindView {
    fn from(kind: FaultKind) -> Self {
        let site = kind.site();
        Self {
            kind: kind.id(),
            en: kind.en(),
            zh: kind.zh(),
            site: site_id(site),
            shape: match kind.shape() {
                Shape::Message => ShapeView::Message,
                Shape::State => ShapeView::State,
            },
            here: matches!(site, Site::Host | Site::Wallet | Site::Phone),
        }
    }
}

/// Who acts on a fault, as an id.
pub const fn site_id(site: Site) -> &'static str {
    crate::texts::cli::site_name(site, counterproof_sim::vocabulary::Lang::En)
}

/// A fault to be armed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultRequest {
    /// What goes wrong.
    #[schemars(schema_with = "word::<FaultKind>")]
    pub kind: FaultKind,
    /// At messages of which operation [any].
    #[serde(default)]
    #[schemars(schema_with = "word_or_none::<Operation>")]
    pub operation: Option<Operation>,
    /// At the n-th of them only, counted from 1 from now on.
    #[serde(default)]
    pub nth: Option<u32>,
    /// At the first n of them.
    #[serde(default)]
    pub first: Option<u32>,
    /// By how many milliseconds, where the kind knows a length of time.
    #[serde(default)]
    pub by_ms: Option<u64>,
    /// DE39, where the kind knows a code.
    #[serde(default)]
    pub code: Option<String>,
}

impl FaultRequest {
    /// The fault; `None` where `nth` and `first` contradict each other or are zero.
    pub fn fault(self) -> Option<Fault> {
        let nth = match (self.nth, self.first) {
            (None, None) => Nth::Every,
            (Some(n), None) if n > 0 => Nth::Only(n),
            (None, Some(n)) if n > 0 => Nth::First(n),
            _ => return None,
        };
        let mut fault = Fault::state(self.kind).by(Span::from_millis(self.by_ms.unwrap_or(0)));
        fault.on = self.operation;
        fault.nth = nth;
        fault.code = self.code.map(Into::into);
        Some(fault)
    }
}

/// A fault that is armed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FaultView {
    /// Its number.
    pub id: u32,
    /// What goes wrong.
    #[schemars(schema_with = "word::<FaultKind>")]
    pub kind: FaultKind,
    /// At messages of which operation.
    #[schemars(schema_with = "word_or_none::<Operation>")]
    pub operation: Option<Operation>,
    /// At the n-th of them only.
    pub nth: Option<u32>,
    /// At the first n of them.
    pub first: Option<u32>,
    /// By how many milliseconds.
    pub by_ms: u64,
    /// DE39.
    pub code: Option<String>,
    /// How often it did its work.
    pub fired: u64,
}

impl FaultView {
    /// A fault as it is armed.
    pub fn new(id: FaultId, armed: &Armed) -> Self {
        let fault = &armed.fault;
        let (nth, first) = match fault.nth {
            Nth::Every => (None, None),
            Nth::Only(n) => (Some(n), None),
            Nth::First(n) => (None, Some(n)),
        };
        Self {
            id: id.0,
            kind: fault.kind,
            operation: fault.on,
            nth,
            first,
            by_ms: fault.by.as_millis(),
            code: fault.code.as_deref().map(Into::into),
            fired: armed.fired,
        }
    }
}

/// A terminal.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TerminalView {
    /// DE41.
    pub id: String,
    /// DE42.
    pub merchant: String,
    /// Its batch: open, or closed and waiting for the next sign-in.
    pub batch: u32,
}

/// Which part of a list.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Page {
    /// Behind the one with this number [0].
    #[serde(default)]
    pub after: u32,
    /// At most so many [100, at most 1000].
    #[serde(default = "page")]
    pub limit: u32,
}

const fn page() -> u32 {
    100
}

/// A movement of money.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PostingView {
    /// Counted from 1 since the ledger began.
    pub id: u32,
    /// Why.
    pub kind: String,
    /// DE41 of the transaction that moved it.
    pub terminal: String,
    /// Its batch.
    pub batch: u32,
    /// Its STAN.
    pub stan: u32,
    /// The account that the money left.
    pub debit: String,
    /// The account that it reached.
    pub credit: String,
    /// Fen.
    pub amount: u64,
    /// Batch of the payment whose money it is.
    pub payment_batch: u32,
    /// Its STAN.
    pub payment_stan: u32,
}

impl From<&Posting> for PostingView {
    fn from(posting: &Posting) -> Self {
        let kind = serde_json::to_value(posting.kind).unwrap_or_default();
        Self {
            id: posting.id,
            kind: kind.as_str().unwrap_or_default().to_owned(),
            terminal: posting.key.terminal.to_string(),
            batch: posting.key.batch,
            stan: posting.key.stan,
            debit: posting.debit.to_string(),
            credit: posting.credit.to_string(),
            amount: posting.amount.get(),
            payment_batch: posting.payment.batch,
            payment_stan: posting.payment.stan,
        }
    }
}

/// Which transactions: those behind this one, in the order of terminal, batch and STAN.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct TransactionPage {
    /// Of this terminal only.
    pub terminal: Option<String>,
    /// Of this batch only.
    pub batch: Option<u32>,
    /// Behind this STAN [0].
    #[serde(default)]
    pub after: u32,
    /// At most so many [100, at most 1000].
    #[serde(default = "page")]
    pub limit: u32,
}

/// Which transaction.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct TransactionName {
    /// DE41.
    pub terminal: String,
    /// Its batch.
    pub batch: u32,
    /// Its STAN.
    pub stan: u32,
}

impl From<TransactionName> for Key {
    fn from(name: TransactionName) -> Self {
        Self {
            terminal: TerminalId::new(name.terminal.as_bytes()),
            batch: name.batch,
            stan: name.stan,
        }
    }
}

/// A transaction.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransactionView {
    /// DE41.
    pub terminal: String,
    /// Its batch.
    pub batch: u32,
    /// Its STAN.
    pub stan: u32,
    /// What it asked for.
    #[schemars(schema_with = "word::<Operation>")]
    pub operation: Operation,
    /// How it stands.
    pub standing: StandingView,
    /// DE39 with which it was declined or closed.
    pub code: Option<String>,
    /// DE4 of the request.
    pub asked: u64,
    /// What it moves or would move.
    pub amount: u64,
    /// The customer's wallet, once it is known.
    #[schemars(schema_with = "word_or_none::<Wallet>")]
    pub wallet: Option<Wallet>,
    /// The customer's number there.
    pub customer: Option<u32>,
    /// DE37.
    pub rrn: String,
    /// DE38.
    pub auth: Option<String>,
    /// Given back by refunds.
    pub refunded: u64,
    /// Given back by a void.
    pub voided: bool,
    /// What the customer is charged for the payment now; may be below zero in a ledger that is wrong.
    pub net: i64,
}

/// How a transaction stands.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StandingView {
    /// Money has moved, as much as was asked for.
    Approved,
    /// Money has moved, less than was asked for.
    Partial,
    /// It waits for the customer.
    Waiting,
    /// Refused or closed.
    Declined,
    /// Taken back by a reversal.
    Reversed,
}

impl TransactionView {
    /// A transaction, and what is charged for its payment.
    pub fn new(key: &Key, transaction: &Transaction, net: i64) -> Self {
        let (standing, code) = match transaction.standing {
            Standing::Approved => (StandingView::Approved, None),
            Standing::Partial => (StandingView::Partial, None),
            Standing::Waiting(_) => (StandingView::Waiting, None),
            Standing::Declined(ruling) => (StandingView::Declined, Some(ruling.code().to_string())),
            Standing::Reversed => (StandingView::Reversed, None),
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        Self {
            terminal: key.terminal.to_string(),
            batch: key.batch,
            stan: key.stan,
            operation: transaction.operation,
            standing,
            code,
            asked: transaction.asked.get(),
            amount: transaction.amount.get(),
            wallet: transaction.wallet,
            customer: transaction.customer.map(|(customer, _)| customer),
            rrn: text(&transaction.rrn),
            auth: transaction.auth.map(|auth| text(&auth)),
            refunded: transaction.refunded.get(),
            voided: transaction.voided,
            net,
        }
    }
}

/// Which part of the record.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct RecordPart {
    /// Behind the entry with this number [the beginning of what is kept].
    #[serde(default)]
    pub after: u64,
    /// Whether to go on with what happens from now on.
    #[serde(default)]
    pub follow: bool,
}

/// Milliseconds since 1970 at which a code expires.
pub fn expiry(minted: Time) -> u64 {
    (minted + counterproof_sim::phone::code::LIFE).as_millis()
}
