//! The demonstration instance: a partner with two managed organizations, one that waits for its owner, two that are being
//! deleted, and people in every role and state there is.

mod billing;
mod contents;
mod usage;

use std::sync::Arc;

use domain::Fault;
use domain::authz::cap::PeopleWrite;
use domain::id::{MemberId, OrgId, PersonId};
use domain::people::{MemberState, Role};
use domain::settings::SettingsForm;
use storage::Audit;
use storage::authz::{Granted, Target};
use storage::member::NewMember;

use crate::cookie::Cookies;
use crate::ctx::{Ctx, RequestInfo, Services};
use crate::error::Error;
use crate::org::NewOrg;
use crate::secret::Secret;
use crate::{auth, org, people};

/// Every person of the demonstration signs in with this.
pub const PASSWORD: &str = "demonstration only";

const ADMINISTRATOR: (&str, &str) = ("admin@demo.example", "Ada Administrator");

struct Person {
    email: &'static str,
    name: &'static str,
    /// Handle, role and state.
    member_of: &'static [(&'static str, Role, MemberState)],
}

const PEOPLE: &[Person] = &[
    Person {
        email: "paula@partner.example",
        name: "Paula Partner",
        member_of: &[("northwind", Role::Owner, MemberState::Active)],
    },
    Person {
        email: "olga@acme.example",
        name: "Olga Owner",
        member_of: &[("acme", Role::Owner, MemberState::Active), ("northwind", Role::Member, MemberState::Active)],
    },
    Person {
        email: "martin@acme.example",
        name: "Martín Member",
        member_of: &[("acme", Role::Member, MemberState::Active)],
    },
    Person {
        email: "eve@contractor.example",
        name: "Eve External",
        member_of: &[("acme", Role::External, MemberState::Active)],
    },
    Person {
        email: "frank@acme.example",
        name: "Frank Frozen",
        member_of: &[("acme", Role::Member, MemberState::Frozen)],
    },
    Person {
        email: "otto@umbra.example",
        name: "Otto Owner",
        member_of: &[("umbra_research", Role::Owner, MemberState::Active)],
    },
    Person { email: "nora@nowhere.example", name: "Nora Nowhere", member_of: &[] },
];

/// Handle, display name, managed by the partner.
const ORGANIZATIONS: &[(&str, &str, bool)] = &[
    ("northwind", "Northwind Partners", false),
    ("acme", "Acme Corporation", true),
    ("umbra_research", "Umbra Research", true),
    ("fading-light", "Fading Light Studio", false),
    ("short-lived", "Short-Lived Pilot", false),
];

const WORKSPACE: &str = r#"{
  "mounts": [
    "/shared/datasets:/data:ro",
    { "source": "/shared/licenses", "target": "/opt/licenses", "readOnly": true }
  ],
  "envs": ["HTTP_PROXY=http://proxy.acme.example:3128", { "name": "REGISTRY_TOKEN", "secret": "registry-token" }],
  "dns": ["10.20.0.2", "corp.acme.example"],
  "homeDirPrefix": "/home/acme"
}"#;

/// Fills an empty instance and answers, line by line, who can sign in and what each may see.
pub async fn fill(services: &Arc<Services>) -> Result<Vec<String>, Error> {
    let system = Ctx::system(Arc::clone(services));
    if storage::people::any_administrator(&mut *system.read().await?).await? {
        return Ok(describe("The demonstration stands already."));
    }
    people::create(&system, ADMINISTRATOR.0, ADMINISTRATOR.1, password(), true).await?;
    let admin = sign_in(services).await?;
    for (handle, name, _) in ORGANIZATIONS {
        create(&admin, handle, name, "me").await?;
    }
    create(&admin, "late-bloom", "Late Bloom Biotech", "link").await?;
    link_partner(&system, &admin).await?;
    add_people(&system, &admin).await?;
    save(&admin, "northwind", |form| form.partner = true).await?;
    save(&admin, "acme", |form| {
        form.report = true;
        form.report_recipients = "olga@acme.example, reports@acme.example".into();
        form.platform_domain = "activate.acme.example".into();
        form.seats_mode = "limited".into();
        form.seats = "25".into();
        form.default_user_host = "user-1.acme.example".into();
    })
    .await?;
    save(&admin, "acme", |form| form.workspace = WORKSPACE.into()).await?;
    save(&admin, "acme", |form| {
        form.seats = "40".into();
        form.login_domain = "login.acme.example".into();
    })
    .await?;
    contents::fill(&admin).await?;
    usage::fill(services, &system, &admin).await?;
    contents::send_mail(&admin).await?;
    contents::delete_two(&admin).await?;
    auth::sign_out(&admin).await?;
    Ok(describe("A demonstration instance is ready."))
}

fn password() -> Secret {
    Secret::from(PASSWORD.to_owned())
}

fn describe(first: &str) -> Vec<String> {
    let mut lines = vec![
        first.to_owned(),
        format!("Everyone's password: {PASSWORD}"),
        format!("  {:26} platform administrator", ADMINISTRATOR.0),
    ];
    for person in PEOPLE {
        let places: Vec<String> = person
            .member_of
            .iter()
            .map(|(handle, role, state)| match state {
                MemberState::Active => format!("{} of {handle}", role.name()),
                state => format!("{} of {handle} ({})", role.name(), state.name()),
            })
            .collect();
        let places = if places.is_empty() { "belongs to no organization".to_owned() } else { places.join(", ") };
        lines.push(format!("  {:26} {places}", person.email));
    }
    lines
}

/// The administrator's session, as a browser would have it.
async fn sign_in(services: &Arc<Services>) -> Result<Ctx, Error> {
    let request = |cookies| RequestInfo {
        bearer: None,
        id: domain::id::RequestId::new(services.now(), services.random()),
        address: None,
        user_agent: String::new(),
        cookies,
    };
    let anonymous = Ctx::new(Arc::clone(services), request(Cookies::default()));
    let session = auth::sign_in(&anonymous, ADMINISTRATOR.0, password()).await?;
    let cookies = Cookies { session: Some(session.token), ..Cookies::default() };
    Ok(Ctx::new(Arc::clone(services), request(cookies)))
}

async fn create(admin: &Ctx, handle: &str, name: &str, first_owner: &str) -> Result<(), Error> {
    let new = NewOrg {
        display_name: name.into(),
        handle: handle.into(),
        first_owner: first_owner.into(),
        lifetime: String::new(),
    };
    org::create(admin, new).await.map(drop)
}

async fn org_id(admin: &Ctx, handle: &str) -> Result<OrgId, Error> {
    Ok(org::load(admin, handle).await?.org.id)
}

async fn link_partner(system: &Ctx, admin: &Ctx) -> Result<(), Error> {
    let partner = org_id(admin, "northwind").await?;
    for (handle, _, managed) in ORGANIZATIONS {
        if *managed {
            let id = org_id(admin, handle).await?;
            let mut tx = system.write().await?;
            let grant: Granted<PeopleWrite> =
                tx.authorize(&storage::authz::Actor::System, Target::None, system.now()).await?;
            storage::org::set_managed_by(&mut tx, &grant, id, partner).await?;
            let action = domain::audit::Action::ManagedBySet { partner };
            let entry = storage::Entry::new(domain::audit::Chain::Org(id), grant.who(), Some(grant.via()), action);
            tx.commit(Audit::one(entry)).await?;
        }
    }
    Ok(())
}

async fn add_people(system: &Ctx, admin: &Ctx) -> Result<(), Error> {
    for person in PEOPLE {
        let id = people::create(system, person.email, person.name, password(), false).await?;
        for (handle, role, state) in person.member_of {
            add_member(system, org_id(admin, handle).await?, id, *role, *state).await?;
        }
    }
    Ok(())
}

async fn add_member(system: &Ctx, org: OrgId, person: PersonId, role: Role, state: MemberState) -> Result<(), Error> {
    let mut tx = system.write().await?;
    let grant: Granted<PeopleWrite> = tx.authorize(&storage::authz::Actor::System, Target::None, system.now()).await?;
    let member = NewMember { id: system.new_id(MemberId::new), person, role, state };
    let entry = storage::member::insert(&mut tx, &(&grant, org), member)
        .await?
        .ok_or_else(|| Fault::conflict("The person belongs to the organization already."))?;
    tx.commit(Audit::one(entry)).await?;
    Ok(())
}

async fn save(admin: &Ctx, handle: &str, change: impl FnOnce(&mut SettingsForm)) -> Result<(), Error> {
    let page = org::load_admin(admin, handle).await?;
    let mut form = page.form;
    change(&mut form);
    org::save_settings(admin, handle, page.version, &form, "Set up for the demonstration").await.map(drop)
}
