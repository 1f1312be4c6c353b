//! `counterproof serve`: acquirer and phone as a standing service in wall time, for people who develop a
//! terminal.
//!
//! | file | what is in it |
//! | --- | --- |
//! | `service` | acquirer, phones and faults in one hand, without sockets |
//! | `phones`, `history` | the phones of all customers, the latest of the record |
//! | `engine` | the loop: handle what came, keep what changed, then answer |
//! | `store` | what must not be lost |
//! | `port`, `frame`, `line`, `inbox` | the sockets of terminals: accepting, reading, writing |
//! | `desk`, [`api`] | the way of people and programs to the service, over HTTP |
//! | `terminals` | the file of terminals |
//!
//! Everything of terminals happens on one thread: the acquirer is one state machine, and what costs is
//! the system calls. Not here: judging a terminal.

pub mod api;
mod desk;
mod engine;
mod frame;
mod history;
mod inbox;
mod line;
mod phones;
mod port;
mod service;
mod store;
pub mod terminals;

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use counterproof_sim::link::Listener as Meets;
use counterproof_sim::vocabulary::Lang;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::live::clock::Clock;

use api::{Api, Guard};
use desk::Desk;
use engine::Engine;
use port::{Door, attend, listen};
use service::Service;
pub use service::Setup;
use store::Store;
pub use store::StoreError;

/// How many tasks the loop runs before it looks at the sockets again: enough to have heard everybody
/// who has something to say.
const TASKS: u32 = 1_024;

/// What is to be served.
pub struct Settings {
    /// Acquirer and phones.
    pub setup: Setup,
    /// Where terminals connect.
    pub listen: Vec<SocketAddr>,
    /// Where the API listens.
    pub api: SocketAddr,
    /// Who may use it.
    pub guard: Guard,
    /// Where everything is kept.
    pub data: PathBuf,
    /// Whether each commit waits for the disk.
    pub sync: bool,
    /// Most connections of terminals at once.
    pub most: usize,
    /// A frame must be whole within this.
    pub patience: Duration,
    /// Whether the record shows payment codes.
    pub show_codes: bool,
    /// The language of what the API says.
    pub lang: Lang,
}

/// The addresses in use.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Addresses {
    /// Where terminals connect.
    pub listen: Vec<SocketAddr>,
    /// Where the API listens.
    pub api: SocketAddr,
}

/// Why the service cannot begin, or had to end.
#[derive(Debug, Error)]
pub enum Trouble {
    /// An address cannot be listened at.
    #[error("{0}: {1}")]
    Address(SocketAddr, io::Error),
    /// The data cannot be used, or not be written any more.
    #[error("{directory}: {error}", directory = .0.display(), error = .1)]
    Store(PathBuf, StoreError),
    /// The system gives no threads or signals.
    #[error(transparent)]
    System(#[from] io::Error),
}

impl Trouble {
    /// Whether another setting would help.
    pub const fn is_setting(&self) -> bool {
        matches!(
            self,
            Self::Address(..)
                | Self::Store(
                    _,
                    StoreError::File(_) | StoreError::Taken | StoreError::Foreign
                )
        )
    }
}

/// Serves until a signal or the API ends it. `ready` is told the addresses when they are in use.
///
/// # Errors
/// When it cannot begin, or what it should keep cannot be kept.
pub fn serve(settings: Settings, ready: impl FnOnce(&Addresses)) -> Result<(), Trouble> {
    let data = settings.data.clone();
    let in_store = |error| Trouble::Store(data.clone(), error);
    let (store, kept) = Store::open(&settings.data, settings.sync).map_err(in_store)?;
    let clock = Clock::not_before(kept.last);
    let service = Service::new(clock.now(), settings.setup.clone(), kept.changes);
    take_descriptors();
    let runtime = runtime().map_err(Trouble::System)?;
    runtime.block_on(async {
        let mut ports = Vec::new();
        for address in &settings.listen {
            let port = listen(*address).await;
            ports.push(port.map_err(|error| Trouble::Address(*address, error))?);
        }
        let no_api = |error| Trouble::Address(settings.api, error);
        let (api_port, api_address) = listen(settings.api).await.map_err(no_api)?;
        let addresses = Addresses {
            listen: ports.iter().map(|(_, address)| *address).collect(),
            api: api_address,
        };
        let (stop, stopped) = watch::channel(false);
        stop_on_signals(&stop)?;
        let (desk, mut errands) = Desk::open();
        let (latest, follow) = watch::channel(service.history.latest());
        let api = Api {
            desk,
            guard: settings.guard.clone(),
            lang: settings.lang,
            dialect: settings.setup.dialect,
            show_codes: settings.show_codes,
            latest: follow,
            stop: stop.clone(),
        };
        let api_thread = api_beside(api_port, api)?;
        let door = Arc::new(Door::new(clock, settings.most));
        let (meets, met) = watch::channel(Meets::Accepting);
        for (listener, address) in ports {
            tokio::spawn(attend(Arc::clone(&door), listener, address, met.clone()));
        }
        drop(met);
        ready(&addresses);
        let engine = Engine {
            service,
            store,
            clock,
            door,
            patience: settings.patience,
            meets,
            latest,
            lines: BTreeMap::new(),
            ended: Vec::new(),
        };
        let ended = engine.run(&mut errands, stopped).await;
        drop(errands);
        stop.send_replace(true);
        // A panic there has been told already.
        let _ = api_thread.join();
        ended.map_err(in_store)
    })
}

/// Takes as many descriptors as the system gives: each connection is one. With fewer, fewer connections
/// are accepted at once.
fn take_descriptors() {
    let limit = getrlimit(Resource::Nofile);
    let most = Rlimit {
        current: limit.maximum,
        ..limit
    };
    let _ = setrlimit(Resource::Nofile, most);
}

fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread()
        .enable_all()
        .event_interval(TASKS)
        .build()
}

/// The API has a thread of its own, so that nobody who reads much there holds up a terminal.
fn api_beside(port: TcpListener, api: Api) -> io::Result<thread::JoinHandle<()>> {
    let port = port.into_std()?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let named = thread::Builder::new().name("api".into());
    named.spawn(move || {
        let served = runtime.block_on(async {
            let stop = api.stop.clone();
            let ended = async {
                let mut stop = stop.subscribe();
                let _ = stop.wait_for(|stop| *stop).await;
                // Answers in flight go out; who follows the record is not waited for.
                tokio::time::sleep(Duration::from_secs(1)).await;
            };
            tokio::select! {
                served = async { api::serve(TcpListener::from_std(port)?, api).await } => served,
                () = ended => Ok(()),
            }
        });
        // Terminals are served on without it.
        drop(served);
    })
}

fn stop_on_signals(stop: &watch::Sender<bool>) -> io::Result<()> {
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut signals = signal(kind)?;
        let stop = stop.clone();
        tokio::spawn(async move {
            if signals.recv().await.is_some() {
                stop.send_replace(true);
            }
        });
    }
    Ok(())
}
