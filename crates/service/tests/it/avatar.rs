//! An organization's avatar, and the files it leaves or doesn't.

use domain::Fault;
use domain::avatar::{AvatarFile, AvatarHash};
use domain::job::{DeletionStep, ProcessState, StepState};
use domain::people::{MemberState, Role};
use domain::time::Span;
use service::{Ctx, org, profile};
use testapp::{Person, TestApp, fault};
use testkit::{TestDb, both};

async fn set(ctx: &Ctx, handle: &str, file: &str) -> Result<AvatarHash, service::Error> {
    profile::set_avatar(ctx, handle, file.as_bytes().to_vec(), None).await
}

async fn shown(ctx: &Ctx, handle: &str) -> Option<AvatarHash> {
    org::load(ctx, handle).await.unwrap().org.avatar
}

/// The object store's names for these avatars.
fn files(hashes: &[&AvatarHash]) -> Vec<String> {
    let mut names: Vec<String> = hashes.iter().flat_map(|hash| AvatarFile::ALL.map(|file| hash.object(file))).collect();
    names.sort();
    names
}

/// Longer than files are claimed.
fn later(app: &TestApp) {
    app.advance(Span::minutes(5));
}

async fn world(db: TestDb) -> (TestApp, Person) {
    let app = TestApp::new(db).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    app.org(&admin, "other").await;
    (app, admin)
}

#[both]
async fn a_picture_is_shown_everywhere_until_it_is_replaced_or_reset(db: TestDb) {
    let (app, admin) = world(db).await;
    assert_eq!(shown(&admin.ctx, "acme").await, None);
    let first = set(&admin.ctx, "acme", "one").await.unwrap();
    assert_eq!(shown(&admin.ctx, "acme").await, Some(first.clone()));
    assert_eq!(profile::load(&admin.ctx, "acme").await.unwrap().profile.org.avatar, Some(first.clone()));
    assert_eq!(org::search(&admin.ctx, "acme").await.unwrap()[0].avatar, Some(first.clone()));
    let list = org::list(&admin.ctx, domain::page::OrgsQuery::default()).await.unwrap();
    assert_eq!(list.rows.iter().filter(|row| row.avatar.as_ref() == Some(&first)).count(), 1);
    let small = profile::read_avatar(&app.anonymous(), &first, AvatarFile::Small).await.unwrap();
    assert_eq!(small.as_deref(), Some(b"small one".as_slice()));

    // The same picture again is no change.
    assert_eq!(set(&admin.ctx, "acme", "one").await.unwrap(), first);
    let second = set(&admin.ctx, "acme", "two").await.unwrap();
    assert_eq!(app.objects.names(), files(&[&first, &second]), "a job removes what isn't needed");
    later(&app);
    app.run_jobs().await;
    assert_eq!(app.objects.names(), files(&[&second]));

    profile::reset_avatar(&admin.ctx, "acme").await.unwrap();
    profile::reset_avatar(&admin.ctx, "acme").await.unwrap();
    assert_eq!(shown(&admin.ctx, "acme").await, None);
    later(&app);
    app.run_jobs().await;
    assert_eq!(app.objects.names(), files(&[]));
    let of_avatars: Vec<_> = app.audit().await.into_iter().filter(|(_, tag)| tag.contains("avatar")).collect();
    let tags: Vec<&str> = of_avatars.iter().map(|(_, tag)| tag.as_str()).collect();
    assert_eq!(
        tags,
        ["organization.avatar_changed", "organization.avatar_changed", "organization.avatar_reset"],
        "{of_avatars:?}"
    );
    app.assert_audit_verifies().await;
}

#[both]
async fn files_stay_while_any_organization_has_them(db: TestDb) {
    let (app, admin) = world(db).await;
    let hash = set(&admin.ctx, "acme", "same").await.unwrap();
    assert_eq!(set(&admin.ctx, "other", "same").await.unwrap(), hash);
    profile::reset_avatar(&admin.ctx, "acme").await.unwrap();
    later(&app);
    app.run_jobs().await;
    assert_eq!(app.objects.names(), files(&[&hash]));
    profile::reset_avatar(&admin.ctx, "other").await.unwrap();
    // The store is out of order for a while.
    app.objects.fail(true);
    app.run_jobs().await;
    app.objects.fail(false);
    assert_eq!(app.objects.names(), files(&[&hash]));
    later(&app);
    app.run_jobs().await;
    assert_eq!(app.objects.names(), files(&[]));
    // They can come back, at once.
    set(&admin.ctx, "acme", "same").await.unwrap();
    app.run_jobs().await;
    assert_eq!(app.objects.names(), files(&[&hash]));
    app.assert_audit_verifies().await;
}

#[both]
async fn files_of_a_request_that_died_go_by_themselves(db: TestDb) {
    let (app, admin) = world(db).await;
    app.objects.fail(true);
    assert!(matches!(fault(&app, set(&admin.ctx, "acme", "one").await), Fault::Internal { .. }));
    app.objects.fail(false);
    assert_eq!(shown(&admin.ctx, "acme").await, None);
    // As far as files came, a job removes them; not before the request could be over.
    app.run_jobs().await;
    assert_eq!(app.count_rows(&["avatar_file"]).await, 1);
    later(&app);
    app.run_jobs().await;
    assert_eq!(app.count_rows(&["avatar_file"]).await, 0);
}

#[both]
async fn only_who_may_change_the_profile_has_pictures_decoded(db: TestDb) {
    let (app, admin) = world(db).await;
    let id = app.org_id(&admin, "acme").await;
    let member = app.person("member@example.com", false).await;
    app.add_member(id, &member, Role::Member, MemberState::Active).await;
    let stranger = app.person("stranger@example.com", false).await;
    // The refusal comes before a word about the file.
    for file in ["bad", "one"] {
        assert!(matches!(fault(&app, set(&member.ctx, "acme", file).await), Fault::Forbidden { .. }));
        assert_eq!(fault(&app, set(&stranger.ctx, "acme", file).await), Fault::NotFound);
        assert_eq!(fault(&app, set(&app.anonymous(), "acme", file).await), Fault::SignInRequired);
    }
    assert!(matches!(fault(&app, profile::reset_avatar(&member.ctx, "acme").await), Fault::Forbidden { .. }));
    for (file, words) in [("bad", "That isn't a PNG"), ("", "Choose a picture.")] {
        let refused = fault(&app, set(&admin.ctx, "acme", file).await);
        assert_eq!(refused.field_errors()[0].field, "file");
        assert!(refused.field_errors()[0].message.contains(words), "{refused}");
    }
    assert_eq!(app.objects.names(), files(&[]));
}

#[both]
async fn a_deletion_takes_the_avatar_along_and_waits_for_the_store(db: TestDb) {
    let (app, admin) = world(db).await;
    let own = set(&admin.ctx, "acme", "own").await.unwrap();
    later(&app);
    app.run_jobs().await;
    let plan = org::preview_deletion(&admin.ctx, "acme").await.unwrap();
    let process = org::delete(&admin.ctx, "acme", &plan.token, "acme").await.unwrap().process;
    app.objects.fail(true);
    app.run_jobs().await;
    let page = service::process::load(&admin.ctx, &process.to_string()).await.unwrap().process;
    let step = page.steps.iter().find(|step| step.step == DeletionStep::Objects).unwrap();
    assert_eq!((page.state, step.state), (ProcessState::Waiting, StepState::Pending));
    assert!(step.last_error.as_deref().unwrap().contains("object store"), "{step:?}");
    assert_eq!(app.objects.names(), files(&[&own]));
    app.objects.fail(false);
    app.advance(Span::minutes(1));
    app.run_jobs().await;
    let page = service::process::load(&admin.ctx, &process.to_string()).await.unwrap().process;
    assert_eq!(page.state, ProcessState::Succeeded, "{:?}", page.steps);
    assert_eq!(app.objects.names(), files(&[]));

    // What another organization has stays.
    app.org(&admin, "again").await;
    let shared = set(&admin.ctx, "again", "shared").await.unwrap();
    set(&admin.ctx, "other", "shared").await.unwrap();
    let plan = org::preview_deletion(&admin.ctx, "again").await.unwrap();
    org::delete(&admin.ctx, "again", &plan.token, "again").await.unwrap();
    later(&app);
    app.run_jobs().await;
    assert_eq!(app.objects.names(), files(&[&shared]));
    app.assert_audit_verifies().await;
}
