//! Every operation of the API in one table: method, path, what it takes, what it answers, what it does.
//! The router and the description are both made of it, so that neither can say what the other does not.

use counterproof_sim::fault::{FaultId, FaultKind};
use counterproof_sim::host::AskId;
use counterproof_sim::host::ledger::{Account, Source};
use counterproof_sim::money::Fen;
use counterproof_sim::time::Time;
use counterproof_sim::vocabulary::{Lang, Vocabulary as _};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::model::{
    AnswerRequest, CodeRequest, CodesRequest, CustomerChange, CustomerView, FaultKindView,
    FaultRequest, FaultView, Health, Nothing, Number, Owner, Page, PasswordRule, Payment,
    PaymentRequest, PostingView, Question, Refused, Shown, TerminalView, TransactionName,
    TransactionPage, TransactionView, expiry, funding, site_id,
};
use crate::serve::service::{NoFault, Service};
use crate::texts::serve as texts;

/// Most codes at once.
const MOST_CODES: u32 = 10_000;
/// The longest list that is answered at once.
const LONGEST: u32 = 1_000;

/// How an operation is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Read.
    Get,
    /// Do.
    Post,
    /// Change.
    Patch,
    /// Take away.
    Delete,
}

/// What an operation is given.
#[derive(Debug)]
pub struct Asked {
    /// When.
    pub now: Time,
    /// In which language mistakes are told.
    pub lang: Lang,
    /// Members of path and query, as a query.
    pub parameters: String,
    /// JSON, where the operation takes some.
    pub body: Vec<u8>,
}

/// A status and JSON.
#[derive(Debug)]
pub struct Answered {
    /// Status of HTTP.
    pub status: u16,
    /// JSON.
    pub body: Vec<u8>,
}

/// Why an operation was not done, with a status of HTTP.
pub type Refusal = (u16, String);

type Do = Box<dyn Fn(&mut Service, &Asked) -> Answered + Send + Sync>;
type Form = fn(&mut SchemaGenerator) -> Schema;

/// An operation.
pub struct Operation {
    /// How it is asked for.
    pub method: Method,
    /// Where, with parameters in braces.
    pub path: &'static str,
    /// Its name in descriptions.
    pub name: &'static str,
    /// What it does.
    pub summary: fn(Lang) -> String,
    /// Status when it was done.
    pub status: u16,
    /// Schema of what path and query say.
    pub parameters: Form,
    /// Schema of what it takes.
    pub takes: Option<Form>,
    /// Schema of what it answers.
    pub answers: Form,
    /// Does it.
    pub act: Do,
}

/// The JSON of a refusal.
pub fn refused((status, error): Refusal) -> Answered {
    answered(status, &Refused { error })
}

fn answered(status: u16, value: &impl Serialize) -> Answered {
    Answered {
        status,
        body: serde_json::to_vec(value).unwrap_or_default(),
    }
}

fn parameters<P: DeserializeOwned>(text: &str) -> Result<P, Refusal> {
    let uri = format!("/?{text}")
        .parse()
        .map_err(|why| (400, format!("{why}")))?;
    let query = axum::extract::Query::<P>::try_from_uri(&uri);
    query
        .map(|query| query.0)
        .map_err(|why| (400, why.body_text()))
}

impl Operation {
    fn reads<P, R>(
        path: &'static str,
        name: &'static str,
        summary: fn(Lang) -> String,
        act: fn(&mut Service, &Asked, P) -> Result<R, Refusal>,
    ) -> Self
    where
        P: DeserializeOwned + JsonSchema + 'static,
        R: Serialize + JsonSchema + 'static,
    {
        Self {
            method: Method::Get,
            path,
            name,
            summary,
            status: 200,
            parameters: P::json_schema,
            takes: None,
            answers: SchemaGenerator::subschema_for::<R>,
            act: Box::new(move |service, asked| {
                let done = parameters(&asked.parameters).and_then(|p| act(service, asked, p));
                done.map_or_else(refused, |value| answered(200, &value))
            }),
        }
    }

    fn does<P, B, R>(
        (method, path): (Method, &'static str),
        name: &'static str,
        summary: fn(Lang) -> String,
        status: u16,
        act: fn(&mut Service, &Asked, P, B) -> Result<R, Refusal>,
    ) -> Self
    where
        P: DeserializeOwned + JsonSchema + 'static,
        B: DeserializeOwned + JsonSchema + 'static,
        R: Serialize + JsonSchema + 'static,
    {
        Self {
            method,
            path,
            name,
            summary,
            status,
            parameters: P::json_schema,
            takes: Some(SchemaGenerator::subschema_for::<B>),
            answers: SchemaGenerator::subschema_for::<R>,
            act: Box::new(move |service, asked| {
                let body = serde_json::from_slice(&asked.body);
                let done = parameters(&asked.parameters)
                    .and_then(|p| Ok((p, body.map_err(|why| (400, why.to_string()))?)))
                    .and_then(|(p, body)| act(service, asked, p, body));
                done.map_or_else(refused, |value| answered(status, &value))
            }),
        }
    }

    fn takes_away<P: DeserializeOwned + JsonSchema + 'static>(
        path: &'static str,
        name: &'static str,
        summary: fn(Lang) -> String,
        act: fn(&mut Service, &Asked, P) -> Result<(), Refusal>,
    ) -> Self {
        let done: fn(&mut Service, &Asked, P) -> Result<(), Refusal> = act;
        Self {
            method: Method::Delete,
            status: 200,
            act: Box::new(move |service, asked| {
                let done = parameters(&asked.parameters).and_then(|p| done(service, asked, p));
                done.map_or_else(refused, |()| Answered {
                    status: 200,
                    body: b"{}".to_vec(),
                })
            }),
            ..Self::reads(path, name, summary, |_, _, _: P| Ok(Done {}))
        }
    }
}

/// It is done.
#[derive(Serialize, JsonSchema)]
struct Done {}

/// All of them but the record, which is a stream, and the stop.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::reads(
            "/v1/health",
            "health",
            texts::api_health,
            |service, asked, _: Nothing| Ok(health(service, asked)),
        ),
        Operation::reads(
            "/v1/terminals",
            "terminals",
            texts::api_terminals,
            terminals,
        ),
        Operation::does(
            (Method::Post, "/v1/codes"),
            "issueCode",
            texts::api_codes,
            201,
            issue,
        ),
        Operation::does(
            (Method::Post, "/v1/codes/many"),
            "issueCodes",
            texts::api_many_codes,
            201,
            issue_many,
        ),
        Operation::does(
            (Method::Post, "/v1/payments"),
            "pay",
            texts::api_payments,
            201,
            pay,
        ),
        Operation::reads(
            "/v1/customers/{wallet}/{customer}",
            "customer",
            texts::api_customer,
            |service, _, owner: Owner| Ok(customer(service, &owner)),
        ),
        Operation::does(
            (Method::Patch, "/v1/customers/{wallet}/{customer}"),
            "changeCustomer",
            texts::api_change_customer,
            200,
            change_customer,
        ),
        Operation::reads(
            "/v1/questions",
            "questions",
            texts::api_questions,
            |service, _, _: Nothing| {
                Ok(service
                    .host()
                    .asks()
                    .map(Question::from)
                    .collect::<Vec<_>>())
            },
        ),
        Operation::does(
            (Method::Post, "/v1/questions/{id}"),
            "answerQuestion",
            texts::api_answer_question,
            200,
            answer_question,
        ),
        Operation::reads(
            "/v1/faults/kinds",
            "faultKinds",
            texts::api_fault_kinds,
            |_, _, _: Nothing| {
                let kinds = FaultKind::ALL.iter().copied();
                Ok(kinds.map(FaultKindView::from).collect::<Vec<_>>())
            },
        ),
        Operation::reads(
            "/v1/faults",
            "faults",
            texts::api_faults,
            |service, _, _: Nothing| {
                let faults = service.faults().iter();
                Ok(faults
                    .map(|(id, armed)| FaultView::new(*id, armed))
                    .collect::<Vec<_>>())
            },
        ),
        Operation::does(
            (Method::Post, "/v1/faults"),
            "armFault",
            texts::api_arm,
            201,
            arm,
        ),
        Operation::takes_away(
            "/v1/faults/{id}",
            "liftFault",
            texts::api_lift,
            |service, asked, number: Number| {
                if service.lift(asked.now, FaultId(number.id)) {
                    Ok(())
                } else {
                    Err((404, texts::api_no_fault(asked.lang, number.id)))
                }
            },
        ),
        Operation::reads(
            "/v1/ledger",
            "ledger",
            texts::api_ledger,
            |service, _, page: Page| {
                let postings = service.host().ledger().postings();
                let postings = postings.iter().skip(page.after as usize);
                let postings = postings.take(page.limit.min(LONGEST) as usize);
                Ok(postings.map(PostingView::from).collect::<Vec<_>>())
            },
        ),
        Operation::reads(
            "/v1/transactions",
            "transactions",
            texts::api_transactions,
            transactions,
        ),
        Operation::reads(
            "/v1/transactions/{terminal}/{batch}/{stan}",
            "transaction",
            texts::api_transaction,
            |service, asked, name: TransactionName| {
                let key = name.into();
                let transaction = service.host().transaction(&key);
                let transaction =
                    transaction.ok_or_else(|| (404, texts::api_no_transaction(asked.lang, key)))?;
                let net = service.host().ledger().net(&transaction.payment);
                Ok(TransactionView::new(&key, transaction, net))
            },
        ),
    ]
}

fn health(service: &Service, asked: &Asked) -> Health {
    let ledger = service.host().ledger();
    Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        dialect: service.setup().dialect.name().to_owned(),
        now: asked.now.as_millis(),
        connections: service.standing(),
        turned_away: service.turned_away,
        terminals: service.setup().terminals.len(),
        postings: ledger.postings().len(),
        sum: ledger.sum(),
        faults: service.faults().len(),
        entries: service.history.latest(),
    }
}

fn terminals(service: &mut Service, _: &Asked, _: Nothing) -> Result<Vec<TerminalView>, Refusal> {
    let accounts = service.setup().terminals.iter();
    let views = accounts.map(|account| {
        let id = counterproof_sim::host::TerminalId::new(account.id.as_bytes());
        TerminalView {
            id: account.id.to_string(),
            merchant: account.merchant.to_string(),
            batch: service.host().batch(id).unwrap_or_default(),
        }
    });
    Ok(views.collect())
}

fn issue(
    service: &mut Service,
    asked: &Asked,
    _: Nothing,
    wanted: CodeRequest,
) -> Result<Shown, Refusal> {
    let funding = funding(wanted.funding, wanted.instalments)
        .map_err(|_| (400, texts::api_instalments(asked.lang)))?;
    let owner = (wanted.wallet, wanted.customer);
    let shown = service
        .show_code(asked.now, owner, funding, Some(wanted.password.into()))
        .map_err(|_| (409, texts::api_full(asked.lang)))?;
    Ok(Shown {
        expires_at: shown.code.as_ref().map(|code| expiry(code.minted)),
        code: shown.code.map(|code| code.text.into()),
        legible: shown.legible,
    })
}

fn issue_many(
    service: &mut Service,
    asked: &Asked,
    _: Nothing,
    wanted: CodesRequest,
) -> Result<Vec<Shown>, Refusal> {
    if wanted.count > MOST_CODES {
        return Err((400, texts::api_many(asked.lang, MOST_CODES)));
    }
    let codes = (0..wanted.count).map(|_| {
        let one = CodeRequest {
            wallet: wanted.wallet,
            customer: wanted.customer,
            funding: None,
            instalments: None,
            password: PasswordRule::Never,
        };
        issue(service, asked, Nothing {}, one)
    });
    codes.collect()
}

fn pay(
    service: &mut Service,
    asked: &Asked,
    _: Nothing,
    wanted: PaymentRequest,
) -> Result<Payment, Refusal> {
    let lang = asked.lang;
    let funding = funding(wanted.funding, wanted.instalments)
        .map_err(|_| (400, texts::api_instalments(lang)))?;
    let owner = (wanted.wallet, wanted.customer);
    let paid = service
        .pay(asked.now, owner, funding, &wanted.payload)
        .map_err(|_| (409, texts::api_full(lang)))?;
    match paid {
        Some(Ok(paid)) => Ok(Payment { paid: paid.get() }),
        Some(Err(ruling)) => Err((409, texts::api_wallet_refuses(lang, ruling.code()))),
        None => Err((409, texts::api_phone_does_not_pay(lang))),
    }
}

fn customer(service: &Service, owner: &Owner) -> CustomerView {
    let means = service.host().customer(owner.wallet, owner.customer);
    let spent = |source: Source| {
        let account = Account::Customer {
            wallet: owner.wallet,
            customer: owner.customer,
            source,
        };
        -service.host().ledger().balance(&account)
    };
    CustomerView {
        balance: means.balance.get(),
        balance_spent: spent(Source::Balance),
        card: means.card.get(),
        card_spent: spent(Source::Card),
        baitiao: means.baitiao.state.into(),
        baitiao_limit: means.baitiao.limit.get(),
        baitiao_spent: spent(Source::Baitiao),
        payment_limit: means.payment_limit.map(Fen::get),
        password_above: means.password_above.get(),
        answers: service.answers((owner.wallet, owner.customer)),
    }
}

/// The most fen that a customer can be given: sums of them stay far inside of what can be counted.
const MOST: u64 = 1_000_000_000_000_000_000;

fn change_customer(
    service: &mut Service,
    asked: &Asked,
    owner: Owner,
    change: CustomerChange,
) -> Result<CustomerView, Refusal> {
    let amounts = [
        change.balance,
        change.card,
        change.baitiao_limit,
        change.payment_limit,
        change.password_above,
    ];
    if amounts.into_iter().flatten().any(|fen| fen > MOST) {
        return Err((400, texts::api_too_much(asked.lang, MOST)));
    }
    let set = |place: &mut Fen, fen: Option<u64>| *place = fen.map_or(*place, Fen::new);
    let means = service.customer_mut((owner.wallet, owner.customer));
    set(&mut means.balance, change.balance);
    set(&mut means.card, change.card);
    set(&mut means.baitiao.limit, change.baitiao_limit);
    set(&mut means.password_above, change.password_above);
    if let Some(state) = change.baitiao {
        means.baitiao.state = state.into();
    }
    if let Some(limit) = change.payment_limit {
        means.payment_limit = Some(Fen::new(limit)).filter(|limit| *limit > Fen::ZERO);
    }
    if let Some(answers) = change.answers {
        service.set_answers((owner.wallet, owner.customer), answers);
    }
    Ok(customer(service, &owner))
}

fn answer_question(
    service: &mut Service,
    asked: &Asked,
    number: Number,
    answer: AnswerRequest,
) -> Result<Done, Refusal> {
    let id = AskId(number.id);
    if !service.host().asks().any(|ask| ask.id == id) {
        return Err((404, texts::api_no_question(asked.lang, number.id)));
    }
    service.confirm(asked.now, id, answer.confirm);
    Ok(Done {})
}

fn arm(
    service: &mut Service,
    asked: &Asked,
    _: Nothing,
    wanted: FaultRequest,
) -> Result<FaultView, Refusal> {
    let fault = wanted.fault();
    let fault = fault.ok_or_else(|| (400, texts::api_nth(asked.lang)))?;
    let kind = fault.kind;
    let id = service.arm(asked.now, fault).map_err(|why| match why {
        NoFault::Elsewhere(site) => (
            422,
            texts::api_fault_elsewhere(asked.lang, kind, site_id(site)),
        ),
        NoFault::Full => (409, texts::api_full(asked.lang)),
    })?;
    match service.faults().get(&id) {
        Some(armed) => Ok(FaultView::new(id, armed)),
        None => Err((404, texts::api_no_fault(asked.lang, id.0))),
    }
}

fn transactions(
    service: &mut Service,
    _: &Asked,
    page: TransactionPage,
) -> Result<Vec<TransactionView>, Refusal> {
    let host = service.host();
    let terminal = page
        .terminal
        .map(|id| counterproof_sim::host::TerminalId::new(id.as_bytes()));
    let wanted = host.transactions().filter(|(key, _)| {
        terminal.is_none_or(|terminal| key.terminal == terminal)
            && page.batch.is_none_or(|batch| key.batch == batch)
            && key.stan > page.after
    });
    let views = wanted
        .take(page.limit.min(LONGEST) as usize)
        .map(|(key, transaction)| {
            TransactionView::new(key, transaction, host.ledger().net(&transaction.payment))
        });
    Ok(views.collect())
}
