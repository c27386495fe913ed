//! `/live`: streams that tell a page when what it shows has moved on. A stream says only a version; the page asks anew
//! through its loader. Whoever may not see the topic any more is cut off at the next look.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::Fault;
use futures::stream::{self, Stream, StreamExt};
use http::{StatusCode, Uri};
use service::Ctx;
use tokio::time::sleep;

use super::{Server, plain, query_value};

const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Then the browser asks for a new stream by itself, and the load spreads over the processes.
const LOOKS_MAX: u32 = 600;

pub async fn stream(Extension(ctx): Extension<Ctx>, State(server): State<Arc<Server>>, uri: Uri) -> Response {
    let topic = query_value(&uri, "topic").unwrap_or_default();
    let Some(process) = topic.strip_prefix("process:").map(str::to_owned) else {
        return plain::refusal(false, StatusCode::NOT_FOUND, "Not found", &Fault::NotFound);
    };
    match service::process::version(&ctx, &process).await {
        // By this the browser knows that there is no use in asking again.
        Ok((_, state)) if state.is_over() => StatusCode::NO_CONTENT.into_response(),
        Ok((first, _)) => {
            let events = changes(ctx, server, process, first).map(Ok::<_, std::convert::Infallible>);
            Sse::new(events).keep_alive(KeepAlive::default()).into_response()
        }
        Err(error) => {
            let fault = error.into_fault(&ctx);
            let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            plain::refusal(false, status, "No stream", &fault)
        }
    }
}

struct Watch {
    ctx: Ctx,
    server: Arc<Server>,
    process: String,
    known: i64,
    looks: u32,
}

/// An event for each change, until the topic is out of sight or the server stops.
fn changes(ctx: Ctx, server: Arc<Server>, process: String, known: i64) -> impl Stream<Item = Event> {
    let watch = Watch { ctx, server, process, known, looks: 0 };
    stream::unfold(watch, |mut watch| async move {
        while watch.looks < LOOKS_MAX && !watch.server.is_stopping() {
            sleep(LOOK_EVERY).await;
            watch.looks += 1;
            let (version, _) = service::process::version(&watch.ctx, &watch.process).await.ok()?;
            if version != watch.known {
                watch.known = version;
                return Some((Event::default().data(version.to_string()), watch));
            }
        }
        None
    })
}
