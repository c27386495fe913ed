//! REST requests by client and minute, counted over all processes. A process takes from the common count in tenths of the
//! limit and decides the rest by itself, so that few requests cost a statement and refusing one costs none.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::rate::{Answer, Rate, RateLimits, Share};
use storage::Audit;
use storage::authz::Actor;
use tokio::time::timeout;

use crate::ctx::Ctx;
use crate::error::Error;

/// Clients, and tokens, that a process keeps in mind; more are let through.
const KEPT_MAX: usize = 10_000;
/// How long a request waits for the common count.
const PATIENCE: Duration = Duration::from_millis(500);

const MINUTE: i64 = 60_000_000;

/// What a process knows of this minute.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    state: Mutex<State>,
    /// One request at a time takes for all that wait for the same.
    taking: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    minute: i64,
    shares: HashMap<String, Share>,
    /// Hashes of tokens that were found.
    known: HashSet<String>,
    /// Whether rows of earlier minutes may lie there.
    stale: bool,
}

impl Counts {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The minute before which counts can be forgotten, once for each.
    pub(crate) fn take_stale(&self) -> Option<i64> {
        let mut state = self.state();
        // One more is left to processes whose clock is behind.
        std::mem::take(&mut state.stale).then_some(state.minute - 1)
    }
}

impl State {
    /// The client's share, if there is room for it.
    fn share(&mut self, minute: i64, client: &str, limit: u32) -> Option<&mut Share> {
        if self.minute != minute {
            self.minute = minute;
            self.stale = true;
            self.shares.clear();
        }
        if self.shares.len() >= KEPT_MAX && !self.shares.contains_key(client) {
            return None;
        }
        Some(self.shares.entry(client.to_owned()).or_insert_with(|| Share::new(limit)))
    }
}

/// Counts the request for its token, or its address when it shows none that is known. `None`: no limit binds it.
pub async fn count(ctx: &Ctx) -> Option<Rate> {
    let (client, limit) = client(ctx).await?;
    let now = ctx.now().micros();
    let (minute, within) = (now.div_euclid(MINUTE), now.rem_euclid(MINUTE));
    // Whoever comes back then isn't early.
    let reset = u32::try_from((MINUTE - within + 999_999).div_euclid(1_000_000)).unwrap_or_default();
    let counts = &ctx.services().counts;
    // What was taken, if anything, and the request's answer under one lock: nobody comes in between.
    let ask = |taken: Option<Taken>| {
        let mut state = counts.state();
        let share = state.share(minute, &client, limit)?;
        match taken {
            Some(Taken::Of(total, more)) => share.took(more, total),
            Some(Taken::Alone(more)) => share.took_alone(more),
            None => {}
        }
        Some((share.ask(), share.remaining()))
    };
    let mut asked = ask(None)?;
    if let (Answer::Take(more), _) = asked {
        let taking = async {
            let _taking = counts.taking.lock().await;
            // Whoever was here before may have taken enough.
            match ask(None) {
                Some((Answer::Take(more), _)) => Ok(ask(Some(take(ctx, &client, minute, more).await?))),
                decided => Ok::<_, Error>(decided),
            }
        };
        asked = match timeout(PATIENCE, taking).await {
            Ok(Ok(decided)) => decided?,
            failed => {
                tracing::warn!(?failed, "the count of requests can't be written; this process goes by its own");
                ask(Some(Taken::Alone(more)))?
            }
        };
    }
    let (answer, remaining) = asked;
    Some(Rate { allowed: answer == Answer::Yes, limit, remaining, reset })
}

/// Who is counted, and its limit.
async fn client(ctx: &Ctx) -> Option<(String, u32)> {
    let RateLimits { token, address } = ctx.services().rate_limits();
    if token == 0 && address == 0 {
        return None;
    }
    let (client, limit) = match ctx.actor() {
        Actor::System => return None,
        Actor::AdministrationToken => ("administration_token".to_owned(), token),
        Actor::Token { token_hash } if is_known(ctx, &token_hash).await => (token_hash, token),
        _ => (ctx.address_bucket(), address),
    };
    (limit > 0).then_some((client, limit))
}

/// Whether there is a token of this hash: made-up ones have no limit each of their own.
async fn is_known(ctx: &Ctx, token_hash: &str) -> bool {
    if ctx.services().counts.state().known.contains(token_hash) {
        return true;
    }
    let found = async {
        let mut tx = ctx.read().await?;
        storage::rate::is_known(&mut tx, token_hash).await
    };
    match found.await {
        Ok(false) => false,
        Ok(true) => {
            let mut state = ctx.services().counts.state();
            if state.known.len() >= KEPT_MAX {
                state.known.clear();
            }
            state.known.insert(token_hash.to_owned());
            true
        }
        Err(error) => {
            tracing::warn!(%error, "a request's token could not be looked up to count it");
            true
        }
    }
}

/// What was taken for a client.
enum Taken {
    /// What all have taken now, and how much of it here just now.
    Of(u32, u32),
    /// As much, without knowing of the others.
    Alone(u32),
}

/// Takes from the common count.
async fn take(ctx: &Ctx, client: &str, minute: i64, more: u32) -> Result<Taken, Error> {
    let mut tx = ctx.write().await?;
    let total = storage::rate::add(&mut tx, client, minute, i64::from(more)).await?;
    tx.commit(Audit::none("a count of requests")).await?;
    Ok(Taken::Of(u32::try_from(total).unwrap_or(u32::MAX), more))
}
