//! The API over HTTP: which request goes to which operation, and what is not let in.

use std::future::Future as _;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{RawPathParams, RawQuery, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, delete, get, patch, post};
use axum::serve::Listener;
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::vocabulary::Lang;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, Sleep, sleep};

use super::describe;
use super::guard::{Barred, Guard};
use super::operations::{Answered, Asked, Method, Operation, operations, refused};
use super::stream;
use crate::serve::desk::Desk;
use crate::texts::serve as texts;

/// The longest body of a request.
const BODY: usize = 64 * 1024;
/// Connections at once.
const CONNECTIONS: usize = 64;
/// A connection on which nothing moves for so long is closed.
const IDLE: Duration = Duration::from_mins(1);
/// Before the next try to accept.
const RETRY: Duration = Duration::from_millis(100);

/// What the API needs.
#[derive(Clone)]
pub struct Api {
    /// The way to the service.
    pub desk: Desk,
    /// Who may use it.
    pub guard: Guard,
    /// The language of what it says.
    pub lang: Lang,
    /// How the acquirer speaks.
    pub dialect: &'static Dialect,
    /// Whether the record shows payment codes.
    pub show_codes: bool,
    /// The number of the latest entry of the record.
    pub latest: watch::Receiver<u64>,
    /// Ends everything.
    pub stop: watch::Sender<bool>,
}

/// Serves the API until `stop` says so.
///
/// # Errors
/// When the socket cannot be used.
pub async fn serve(listener: TcpListener, api: Api) -> io::Result<()> {
    let mut stop = api.stop.subscribe();
    let limited = Limited {
        listener,
        room: Arc::new(Semaphore::new(CONNECTIONS)),
    };
    let ended = async move {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    axum::serve(limited, router(api))
        .with_graceful_shutdown(ended)
        .await
}

fn router(api: Api) -> Router {
    let mut router = Router::new();
    for operation in operations() {
        router = router.route(operation.path, route(operation));
    }
    router
        .route("/openapi.json", get(description))
        .route("/v1/record", get(stream::record))
        .route("/v1/stop", post(stop))
        .fallback(nothing)
        .method_not_allowed_fallback(other_method)
        .layer(from_fn_with_state(api.clone(), guarded))
        .with_state(api)
}

fn route(operation: Operation) -> MethodRouter<Api> {
    let (method, takes) = (operation.method, operation.takes.is_some());
    let act = Arc::new(operation.act);
    let handler = async move |State(api): State<Api>,
                              path: RawPathParams,
                              RawQuery(query): RawQuery,
                              request: Request| {
        let lang = api.lang;
        let body = match body(request, takes, lang).await {
            Ok(body) => body,
            Err(refusal) => return reply(refused(refusal)),
        };
        let parameters = parameters(&path, query.as_deref());
        let done = api.desk.ask(move |service, now| {
            let asked = Asked {
                now,
                lang,
                parameters,
                body,
            };
            act(service, &asked)
        });
        reply(
            done.await
                .unwrap_or_else(|_| refused((503, texts::api_ending(lang)))),
        )
    };
    match method {
        Method::Get => get(handler),
        Method::Post => post(handler),
        Method::Patch => patch(handler),
        Method::Delete => delete(handler),
    }
}

pub(super) fn reply(answered: Answered) -> Response {
    let status = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        answered.body,
    )
        .into_response()
}

/// The body, where the operation takes one. A form of a page of a browser can not be JSON.
async fn body(request: Request, takes: bool, lang: Lang) -> Result<Vec<u8>, (u16, String)> {
    if !takes {
        return Ok(Vec::new());
    }
    let (head, body) = request.into_parts();
    if !is_json(&head.headers) {
        return Err((415, texts::api_json_only(lang)));
    }
    let body = axum::body::to_bytes(body, BODY).await;
    body.map(Into::into)
        .map_err(|_| (413, texts::api_body_too_long(lang, BODY)))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| {
        kind.split(';')
            .next()
            .is_some_and(|kind| kind.trim() == "application/json")
    })
}

/// Members of path and query as one query.
fn parameters(path: &RawPathParams, query: Option<&str>) -> String {
    let mut all = query.unwrap_or_default().to_owned();
    for (name, value) in path {
        if !all.is_empty() {
            all.push('&');
        }
        all.push_str(name);
        all.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() {
                all.push(byte.into());
            } else {
                all.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    all
}

async fn guarded(State(api): State<Api>, request: Request, next: Next) -> Response {
    match api.guard.check(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(Barred::Token) => {
            let mut response = reply(refused((401, texts::api_token(api.lang))));
            let challenge = header::HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
            response
        }
        Err(Barred::Host) => reply(refused((403, texts::api_host(api.lang)))),
        Err(Barred::Origin) => reply(refused((403, texts::api_origin(api.lang)))),
    }
}

async fn description(State(api): State<Api>) -> Response {
    reply(Answered {
        status: 200,
        body: describe::openapi(api.lang).to_string().into_bytes(),
    })
}

async fn stop(State(api): State<Api>) -> Response {
    api.stop.send_replace(true);
    reply(Answered {
        status: 202,
        body: b"{}".to_vec(),
    })
}

async fn nothing(State(api): State<Api>) -> Response {
    reply(refused((404, texts::api_nothing_there(api.lang))))
}

async fn other_method(State(api): State<Api>) -> Response {
    reply(refused((405, texts::api_other_method(api.lang))))
}

/// The body of a stream of lines.
pub(super) fn lines(body: Body) -> Response {
    ([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response()
}

/// A listener with room for so many connections, each of which ends when nothing moves on it.
struct Limited {
    listener: TcpListener,
    room: Arc<Semaphore>,
}

impl Listener for Limited {
    type Io = Guest;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Guest, SocketAddr) {
        loop {
            // The semaphore is never closed.
            let permit = Arc::clone(&self.room).acquire_owned().await.ok();
            if let Ok((stream, address)) = self.listener.accept().await {
                let guest = Guest {
                    stream,
                    idle: Box::pin(sleep(IDLE)),
                    _permit: permit,
                };
                return (guest, address);
            }
            sleep(RETRY).await;
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that ends when nothing moves on it.
struct Guest {
    stream: TcpStream,
    idle: Pin<Box<Sleep>>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Guest {
    fn moved<T>(
        &mut self,
        context: &mut Context<'_>,
        moved: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if moved.is_ready() {
            self.idle.as_mut().reset(Instant::now() + IDLE);
            return moved;
        }
        ready!(self.idle.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Guest {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let moved = Pin::new(&mut self.stream).poll_read(context, into);
        self.moved(context, moved)
    }
}

impl AsyncWrite for Guest {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let moved = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.moved(context, moved)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
