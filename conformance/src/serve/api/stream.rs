//! The live record as JSON lines: what is kept of it, and what happens from then on.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::Response;
use futures::stream::unfold;
use tokio::time::timeout;

use super::model::RecordPart;
use super::operations::refused;
use super::server::{Api, lines, reply};
use crate::serve::service::Service;

/// Entries at once.
const AT_ONCE: usize = 200;
/// Where nothing happens for so long, an empty line says that the connection still stands.
const ALIVE: Duration = Duration::from_secs(20);

/// Where a reader stands.
struct Reader {
    api: Api,
    after: u64,
    follow: bool,
}

/// Answers the record.
pub async fn record(
    State(mut api): State<Api>,
    part: Result<Query<RecordPart>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let part = match part {
        Ok(Query(part)) => part,
        Err(why) => return reply(refused((400, why.body_text()))),
    };
    api.latest.mark_unchanged();
    let reader = Reader {
        api,
        after: part.after,
        follow: part.follow,
    };
    let pieces = unfold(reader, |mut reader| async {
        let piece = reader.next().await?;
        Some((Ok::<_, std::convert::Infallible>(piece), reader))
    });
    lines(Body::from_stream(pieces))
}

impl Reader {
    /// The next lines; `None` at the end.
    async fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            self.api.latest.mark_unchanged();
            let after = self.after;
            let read = move |service: &mut Service, _| service.history.after(after, AT_ONCE);
            let excerpt = self.api.desk.ask(read).await.ok()?;
            if !excerpt.entries.is_empty() {
                self.after = excerpt.first + excerpt.entries.len() as u64 - 1;
                return Some(excerpt.lines(self.api.dialect, self.api.show_codes));
            }
            if !self.follow || *self.api.stop.borrow() {
                return None;
            }
            match timeout(ALIVE, self.api.latest.changed()).await {
                Ok(Ok(())) => {}
                // The service has ended.
                Ok(Err(_)) => return None,
                Err(_) => return Some(b"\n".to_vec()),
            }
        }
    }
}
