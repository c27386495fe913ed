//! `/live`: streams that tell a page when what it shows has moved on. A stream says only a version; the page asks anew
//! through its loader. All streams of this process share one look at the database each second; whoever may not see the
//! topic any more is cut off by it.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::Fault;
use futures::future::BoxFuture;
use futures::stream::{self, Stream};
use http::{StatusCode, Uri};
use service::process::Watch;
use service::{Ctx, Error};
use tokio::sync::watch::{Receiver, Sender, channel};
use tokio::time::sleep;

use super::{Server, plain, query_value};

pub const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Then the browser asks for a new stream by itself, and the load spreads over the processes.
const LOOKS_MAX: u32 = 600;

pub async fn stream(Extension(ctx): Extension<Ctx>, State(server): State<Arc<Server>>, uri: Uri) -> Response {
    let topic = query_value(&uri, "topic").unwrap_or_default();
    let Some(process) = topic.strip_prefix("process:").map(str::to_owned) else {
        return plain::refusal(false, StatusCode::NOT_FOUND, "Not found", &Fault::NotFound);
    };
    match service::process::watch(&ctx, &process).await {
        // By this the browser knows that there is no use in asking again.
        Ok((_, _, state)) if state.is_over() => StatusCode::NO_CONTENT.into_response(),
        Ok((watch, version, _)) => {
            let changes = server.live.open(watch, version);
            Sse::new(events(changes)).keep_alive(KeepAlive::default()).into_response()
        }
        Err(error) => {
            let fault = error.into_fault(&ctx);
            let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            plain::refusal(false, status, "No stream", &fault)
        }
    }
}

/// An event for each change, until the other end is dropped.
fn events(changes: Receiver<i64>) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(changes, |mut changes| async move {
        changes.changed().await.ok()?;
        let version = *changes.borrow_and_update();
        Some((Ok(Event::default().data(version.to_string())), changes))
    })
}

type Look<W> = dyn Fn(Vec<W>) -> BoxFuture<'static, Result<Vec<Option<i64>>, Error>> + Send + Sync;

/// The open streams, and the one task that looks for all of them while there are any.
pub struct Live<W = Watch> {
    look: Box<Look<W>>,
    every: Duration,
    streams: Mutex<Streams<W>>,
}

struct Streams<W> {
    open: Vec<Open<W>>,
    is_looking: bool,
    is_stopped: bool,
}

struct Open<W> {
    watch: W,
    version: Sender<i64>,
    looks: u32,
}

impl<W: Clone + Send + 'static> Live<W> {
    pub fn new(every: Duration, look: Box<Look<W>>) -> Arc<Self> {
        let streams = Streams { open: Vec::new(), is_looking: false, is_stopped: false };
        Arc::new(Self { look, every, streams: Mutex::new(streams) })
    }

    fn streams(&self) -> MutexGuard<'_, Streams<W>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a stream; the receiver learns of each change since `version`.
    fn open(self: &Arc<Self>, watch: W, version: i64) -> Receiver<i64> {
        let (version, changes) = channel(version);
        let mut streams = self.streams();
        if !streams.is_stopped {
            streams.open.push(Open { watch, version, looks: 0 });
            if !streams.is_looking {
                streams.is_looking = true;
                tokio::spawn(Arc::clone(self).go_on_looking());
            }
        }
        changes
    }

    /// Ends every stream, which would otherwise outlast every patience.
    pub fn stop(&self) {
        let mut streams = self.streams();
        streams.is_stopped = true;
        streams.open.clear();
    }

    async fn go_on_looking(self: Arc<Self>) {
        loop {
            sleep(self.every).await;
            let Some(watches) = self.watches() else { return };
            match (self.look)(watches).await {
                Ok(versions) => self.tell(versions),
                Err(error) => tracing::warn!(%error, "live streams could not be looked for; they wait"),
            }
        }
    }

    /// What is watched after streams that are over were let go; `None` when that is nothing.
    fn watches(&self) -> Option<Vec<W>> {
        let mut streams = self.streams();
        streams.open.retain(|open| !open.version.is_closed() && open.looks < LOOKS_MAX);
        streams.is_looking = !streams.open.is_empty();
        streams.is_looking.then(|| streams.open.iter().map(|open| open.watch.clone()).collect())
    }

    /// `versions` are of the first streams; what was opened meanwhile stands behind them.
    fn tell(&self, versions: Vec<Option<i64>>) {
        let mut streams = self.streams();
        let mut versions = versions.into_iter();
        streams.open.retain_mut(|open| {
            let Some(version) = versions.next() else { return true };
            open.looks += 1;
            if let Some(version) = version {
                open.version.send_if_modified(|known| std::mem::replace(known, version) != version);
            }
            version.is_some()
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering::SeqCst};

    use super::*;

    const EVERY: Duration = Duration::from_millis(1);

    #[tokio::test]
    async fn streams_share_one_look_and_end_when_they_may_not_see() {
        let (looks, now) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicI64::new(2)));
        let (asked, version) = (Arc::clone(&looks), Arc::clone(&now));
        // Watchers are numbers here; odd ones lose sight of it at version 3.
        let live: Arc<Live<i64>> = Live::new(
            EVERY,
            Box::new(move |watches| {
                asked.fetch_add(1, SeqCst);
                let version = version.load(SeqCst);
                let seen = watches.into_iter().map(|n| (version < 3 || n % 2 == 0).then_some(version));
                Box::pin(std::future::ready(Ok(seen.collect())))
            }),
        );
        let mut streams: Vec<_> = (0..100).map(|n| live.open(n, 1)).collect();
        streams[0].changed().await.unwrap();
        assert_eq!(looks.load(SeqCst), 1);
        assert!(streams.iter().all(|changes| *changes.borrow() == 2), "one look told all hundred");
        now.store(3, SeqCst);
        streams[0].borrow_and_update();
        streams[0].changed().await.unwrap();
        for (n, changes) in streams.iter().enumerate() {
            assert_eq!(changes.has_changed().is_ok(), n % 2 == 0, "{n}");
        }
        drop(streams);
        while live.streams().is_looking {
            tokio::task::yield_now().await;
        }

        let mut late = live.open(0, 2);
        late.changed().await.unwrap();
        assert_eq!(*late.borrow_and_update(), 3, "the next stream has it looked again");
        live.stop();
        assert!(late.changed().await.is_err() && live.open(0, 3).changed().await.is_err(), "stopped");
    }

    #[tokio::test]
    async fn a_look_that_fails_ends_nothing_and_a_stream_ends_in_time() {
        let looks = Arc::new(AtomicUsize::new(0));
        let asked = Arc::clone(&looks);
        let live: Arc<Live<()>> = Live::new(
            EVERY,
            Box::new(move |watches| {
                let fails = asked.fetch_add(1, SeqCst) == 0;
                let answer =
                    if fails { Err(Error::from(storage::Error::Busy)) } else { Ok(vec![Some(7); watches.len()]) };
                Box::pin(std::future::ready(answer))
            }),
        );
        let mut changes = live.open((), 6);
        changes.changed().await.unwrap();
        assert_eq!((*changes.borrow_and_update(), looks.load(SeqCst)), (7, 2));
        assert!(changes.changed().await.is_err());
        assert_eq!(looks.load(SeqCst), LOOKS_MAX as usize + 1);
    }
}
