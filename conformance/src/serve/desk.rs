//! The way from anywhere to the one owner of the service: something to be done, and what came of it. The
//! answer is given when what it changed has been kept.

use tokio::sync::{mpsc, oneshot};

use counterproof_sim::time::Time;

use super::service::Service;

/// Says what came of it.
pub type Answer = Box<dyn FnOnce() + Send>;
/// Something to be done.
pub type Errand = Box<dyn FnOnce(&mut Service, Time) -> Answer + Send>;

/// So many errands may wait.
const QUEUE: usize = 256;

/// Takes errands to the service.
#[derive(Clone, Debug)]
pub struct Desk(mpsc::Sender<Errand>);

/// The service has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

impl Desk {
    /// A desk, and where its errands arrive.
    pub fn open() -> (Self, mpsc::Receiver<Errand>) {
        let (sender, receiver) = mpsc::channel(QUEUE);
        (Self(sender), receiver)
    }

    /// Has something done and waits for what comes of it.
    ///
    /// # Errors
    /// When the service has ended.
    pub async fn ask<T: Send + 'static>(
        &self,
        what: impl FnOnce(&mut Service, Time) -> T + Send + 'static,
    ) -> Result<T, Gone> {
        let (answer, answered) = oneshot::channel();
        let errand: Errand = Box::new(move |service, now| {
            let result = what(service, now);
            Box::new(move || {
                // Who asked may have gone.
                let _ = answer.send(result);
            })
        });
        self.0.send(errand).await.map_err(|_| Gone)?;
        answered.await.map_err(|_| Gone)
    }
}
