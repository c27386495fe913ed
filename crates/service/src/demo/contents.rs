//! What the demonstration's organizations hold, so that every page has something to show.

use domain::authz::cap::CloudWrite;
use domain::cloud::{CloudAccountForm, RemoteResource};
use domain::instance::{GRACE_RECOMMENDED_DAYS, InstanceForm};
use domain::service_account::ServiceAccountForm;
use domain::token::{TokenForm, TokenHolder};
use domain::workspace::WorkspaceAct;
use storage::Audit;
use storage::authz::{Granted, Target};

use crate::cloud::Listed;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret::Secret;
use crate::{cloud, instance, mail, org, org_secret, profile, report, service_account, token, workspace};

const AVATAR: &[u8] = include_bytes!("avatar.png");

/// Organization, name, and what was done to it.
const WORKSPACES: &[(&str, &str, &[WorkspaceAct])] = &[
    ("acme", "build", &[]),
    ("acme", "staging", &[WorkspaceAct::Sleep]),
    ("acme", "training", &[]),
    ("acme", "trial-2025", &[WorkspaceAct::Archive]),
    ("northwind", "portal", &[]),
    ("fading-light", "gallery", &[]),
    ("short-lived", "sketch", &[]),
];

const SECRETS: &[(&str, &str)] = &[("registry-token", "not the token of any registry"), ("old-proxy", "nothing real")];

/// Name, description, role, and what its token is called.
const SERVICE_ACCOUNTS: &[(&str, &str, &str, &str)] = &[
    ("Deployment", "Rolls out each release; ask the platform team", "owner", "pipeline"),
    ("Nightly report", "Reads only", "member", "report"),
];

struct Account {
    name: &'static str,
    provider: &'static str,
    connector: &'static str,
    url: &'static str,
    selector: &'static str,
    /// Id, name, kind and state.
    resources: &'static [(&'static str, &'static str, &'static str, &'static str)],
}

const ACCOUNTS: &[Account] = &[
    Account {
        name: "Production",
        provider: "hetzner",
        connector: "webhook",
        url: "https://provider.acme.example/tenantry",
        selector: "",
        resources: &[
            ("vm-1041", "build-runner-1", "vm", "running"),
            ("vm-1042", "build-runner-2", "vm", "running"),
            ("vm-0977", "training-gpu", "vm", "stopped"),
            ("vol-311", "datasets", "volume", "attached"),
        ],
    },
    Account {
        name: "Shared cluster",
        provider: "own",
        connector: "kubernetes",
        url: "https://cluster.acme.example:6443",
        selector: "tenantry.example/organization=acme",
        resources: &[
            ("acme-build", "acme-build", "namespace", "Active"),
            ("acme-staging", "acme-staging", "namespace", "Active"),
        ],
    },
];

/// Workspaces, cloud accounts, secrets, service accounts, tokens and an avatar.
pub async fn fill(admin: &Ctx) -> Result<(), Error> {
    for (handle, name, acts) in WORKSPACES {
        let made = workspace::create(admin, handle, name).await?;
        for act in *acts {
            workspace::change(admin, handle, &made.id.to_string(), *act).await?;
        }
    }
    for account in ACCOUNTS {
        connect(admin, "acme", account).await?;
    }
    for (name, value) in SECRETS {
        org_secret::set(admin, "acme", name, &Secret::from((*value).to_owned())).await?;
    }
    for (name, description, role, token) in SERVICE_ACCOUNTS {
        let form =
            ServiceAccountForm { name: (*name).into(), description: (*description).into(), role: (*role).into() };
        let made = service_account::create(admin, "acme", &form).await?;
        make_token(admin, &TokenHolder::ServiceAccount("acme".into(), made.id), token, "90").await?;
    }
    make_token(admin, &TokenHolder::Admin, "Infrastructure as code", "never").await?;
    make_token(admin, &TokenHolder::Meter, "Meter of the clusters", "never").await?;
    profile::set_avatar(admin, "northwind", AVATAR.to_vec(), None).await?;
    Ok(())
}

/// Nobody ever sees its secret.
async fn make_token(admin: &Ctx, holder: &TokenHolder, name: &str, lifetime: &str) -> Result<(), Error> {
    let form = TokenForm { name: name.into(), scopes: String::new(), lifetime: lifetime.into() };
    token::create(admin, holder, &form).await.map(drop)
}

/// Connects an account, and keeps what its provider would tell if there were one.
async fn connect(admin: &Ctx, handle: &str, account: &Account) -> Result<(), Error> {
    let form = CloudAccountForm {
        name: account.name.into(),
        provider: account.provider.into(),
        connector: account.connector.into(),
        url: account.url.into(),
        selector: account.selector.into(),
        secret: "only for the demonstration".replace(' ', "-"),
        ..CloudAccountForm::default()
    };
    let id = cloud::connect(admin, handle, &form).await?;
    let resource = |(id, name, kind, state): &(&str, &str, &str, &str)| RemoteResource {
        id: (*id).into(),
        name: (*name).into(),
        kind: (*kind).into(),
        state: (*state).into(),
    };
    let mut tx = admin.write().await?;
    let grant: Granted<CloudWrite> = tx.authorize(&admin.actor(), Target::Handle(handle), admin.now()).await?;
    if let Some(account_row) = storage::cloud::find(&mut tx, &grant, id).await? {
        let answer = Ok(account.resources.iter().map(resource).collect());
        Listed { account: account_row, answer }.keep(admin, &mut tx, &grant).await?;
    }
    tx.commit(Audit::none("what a provider tells changes nothing here")).await?;
    Ok(())
}

/// One deletion that runs at the next start of the server, and one that can still be called off.
pub async fn delete_two(admin: &Ctx) -> Result<(), Error> {
    delete(admin, "short-lived").await?;
    let form = InstanceForm { deletion_grace_days: GRACE_RECOMMENDED_DAYS.to_string(), owners_may_delete: true };
    instance::save(admin, &form).await?;
    delete(admin, "fading-light").await
}

async fn delete(admin: &Ctx, handle: &str) -> Result<(), Error> {
    let preview = org::preview_deletion(admin, handle).await?;
    org::delete(admin, handle, &preview.token, handle).await.map(drop)
}

/// For the outbox.
pub async fn send_mail(admin: &Ctx) -> Result<(), Error> {
    mail::send_test(admin).await?;
    report::send_test(admin, "acme").await.map(drop)
}
