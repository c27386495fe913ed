use domain::rate::{Rate, RateLimits};
use domain::time::Span;
use domain::token::{TokenForm, TokenHolder};
use service::rate::count;
use service::{Ctx, Secret, job};
use testapp::{Person, TestApp};
use testkit::{TestDb, both};
use tokio::task::JoinSet;

const LIMITS: RateLimits = RateLimits { token: 20, address: 10 };

async fn token(person: &Person) -> Secret {
    let form = TokenForm { name: "Test".into(), scopes: "read".into(), lifetime: "30".into() };
    service::token::create(&person.ctx, &TokenHolder::Own, &form).await.unwrap().1
}

fn made_up(n: usize) -> Secret {
    Secret::from(format!("tnt_personal_{n}"))
}

/// How many of so many requests are let in.
async fn let_in(ctx: &Ctx, requests: u32) -> u32 {
    let mut allowed = 0;
    for _ in 0..requests {
        allowed += u32::from(count(ctx).await.unwrap().allowed);
    }
    allowed
}

#[both]
async fn a_token_has_its_limit_in_every_minute(db: TestDb) {
    let app = TestApp::with_limits(db, LIMITS).await;
    let admin = app.administrator().await;
    let (one, other) = (app.with_token(token(&admin).await), app.with_token(token(&admin).await));
    app.advance(Span::from_seconds(15));
    assert_eq!(count(&one).await, Some(Rate { allowed: true, limit: 20, remaining: 19, reset: 45 }));
    assert_eq!(let_in(&one, 30).await, 19);
    assert_eq!(count(&one).await, Some(Rate { allowed: false, limit: 20, remaining: 0, reset: 45 }));
    assert_eq!(let_in(&other, 1).await, 1, "another has its own");
    app.advance(Span::from_seconds(45));
    assert_eq!(count(&one).await, Some(Rate { allowed: true, limit: 20, remaining: 19, reset: 60 }));
    let instance = app.with_token(Secret::from(testapp::ADMINISTRATION_TOKEN.to_owned()));
    assert_eq!(let_in(&instance, 30).await, 20);
}

#[both]
async fn requests_at_once_are_counted_one_by_one(db: TestDb) {
    let app = TestApp::with_limits(db, LIMITS).await;
    let admin = app.administrator().await;
    let ctx = app.with_token(token(&admin).await);
    let mut requests = JoinSet::new();
    for _ in 0..60 {
        let ctx = ctx.clone();
        requests.spawn(async move { count(&ctx).await.unwrap().allowed });
    }
    assert_eq!(requests.join_all().await.into_iter().filter(|allowed| *allowed).count(), 20);
}

#[both]
async fn whoever_shows_no_known_token_shares_an_address(db: TestDb) {
    let app = TestApp::with_limits(db, LIMITS).await;
    let admin = app.administrator().await;
    let good = app.with_token(token(&admin).await);
    assert_eq!(let_in(&app.anonymous(), 4).await, 4);
    for n in 0..6 {
        assert_eq!(let_in(&app.with_token(made_up(n)), 1).await, 1);
    }
    assert_eq!(let_in(&app.with_token(made_up(7)), 1).await, 0, "a new name opens no new limit");
    assert_eq!(let_in(&app.anonymous(), 1).await, 0);
    assert_eq!(let_in(&good, 1).await, 1);
    assert_eq!(count(&app.system()).await, None);
}

#[both]
async fn processes_share_the_limit(db: TestDb) {
    let app = TestApp::with_limits(db, LIMITS).await;
    let admin = app.administrator().await;
    let token = token(&admin).await;
    let here = app.with_token(token.clone());
    let there = app.with_token_at(&app.another_process(), token);
    // Each holds at most a tenth that the other can't have.
    let mut total = 0;
    for _ in 0..20 {
        total += let_in(&here, 1).await + let_in(&there, 1).await;
    }
    assert_eq!(total, 20);
    assert_eq!(count(&here).await.unwrap().remaining, 0);
    let_in(&there, 1).await;
    assert_eq!(app.count_rows(&["rate_count"]).await, 1);
    app.advance(Span::from_seconds(120));
    let_in(&here, 1).await;
    job::write_down_use(&app.services).await.unwrap();
    assert_eq!(app.count_rows(&["rate_count"]).await, 1, "the minutes before are forgotten");
}

#[both]
async fn a_count_that_cant_be_written_refuses_nobody_below_the_limit(db: TestDb) {
    let app = TestApp::with_limits(db, RateLimits { token: 20, address: 2 }).await;
    let bucket = "192.0.2.1";
    let mut held = app.write().await;
    storage::rate::add(&mut held, bucket, app.clock.now().micros() / 60_000_000, 1).await.unwrap();
    // Somebody holds the count: requests wait a moment, and then go by what this process knows.
    assert_eq!(let_in(&app.anonymous(), 3).await, 2);
}

#[both]
async fn without_limits_nothing_is_counted(db: TestDb) {
    let app = TestApp::with_limits(db, RateLimits { token: 0, address: 10 }).await;
    let admin = app.administrator().await;
    assert_eq!(count(&app.with_token(token(&admin).await)).await, None);
    assert_eq!(let_in(&app.anonymous(), 11).await, 10);
}
