use domain::audit::{Action, Chain};
use domain::authz::cap::OrgCreate;
use domain::id::{MemberId, OrgId};
use domain::link::LinkLifetime;
use domain::name::{DisplayName, Handle};
use domain::org::{CreatedOrg, OrgState};
use domain::people::{MemberState, Role, Viewer};
use domain::settings::Settings;
use domain::{Fault, FieldError};
use storage::authz::{Granted, Target};
use storage::member::NewMember;
use storage::name::NameTaken;
use storage::{Audit, Entry, WriteTx};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::idempotency::IdempotencyKey;
use crate::link::Made;

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct NewOrg {
    pub display_name: String,
    pub handle: String,
    /// `link` (the default) or `me`.
    pub first_owner: String,
    /// A `LinkLifetime` name; empty for the default.
    pub lifetime: String,
}

/// Whether the actor may create organizations; everyone else learns nothing.
pub async fn may_create(ctx: &Ctx) -> Result<Viewer, Error> {
    let mut tx = ctx.read().await?;
    let grant: Granted<OrgCreate> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    Ok(grant.viewer()?.clone())
}

struct Checked {
    display_name: DisplayName,
    handle: Handle,
    /// `None`: the creator becomes the owner.
    link: Option<LinkLifetime>,
}

fn check(new: &NewOrg) -> Result<Checked, Fault> {
    let display_name =
        DisplayName::parse(&new.display_name).map_err(|error| vec![FieldError::new("display_name", error.to_string())]);
    let handle = Handle::parse(new.handle.trim()).map_err(|error| vec![FieldError::new("handle", error.to_string())]);
    let link = match (new.first_owner.as_str(), new.lifetime.as_str()) {
        ("me", _) => Ok(None),
        ("link" | "", "") => Ok(Some(LinkLifetime::default())),
        ("link" | "", lifetime) => {
            LinkLifetime::parse("lifetime", lifetime).map(Some).map_err(|fault| fault.field_errors().to_vec())
        }
        _ => Err(vec![FieldError::new("first_owner", "Choose how the organization gets its first owner.")]),
    };
    match (display_name, handle, link) {
        (Ok(display_name), Ok(handle), Ok(link)) => Ok(Checked { display_name, handle, link }),
        (display_name, handle, link) => Err(Fault::Invalid {
            fields: [display_name.err(), handle.err(), link.err()].into_iter().flatten().flatten().collect(),
        }),
    }
}

/// What a create under an idempotency key answers.
#[derive(Debug)]
pub enum Created {
    New(OrgId, CreatedOrg),
    /// The same request came before and made this; its link is not shown again.
    Before(OrgId),
}

/// Creates an organization, with a bootstrap link for its first owner or with the creator as its owner.
pub async fn create(ctx: &Ctx, new: NewOrg) -> Result<CreatedOrg, Error> {
    match create_once(ctx, new, None).await? {
        Created::New(_, created) => Ok(created),
        Created::Before(_) => Err(Fault::NotFound.into()),
    }
}

/// As [`create`], once for each key.
pub async fn create_once(ctx: &Ctx, new: NewOrg, key: Option<&IdempotencyKey>) -> Result<Created, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgCreate> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let Checked { display_name, handle, link } = check(&new)?;
    let id = ctx.new_id(OrgId::new);
    if let Some(key) = key
        && let Some(before) = key.claim(&mut tx, &grant, &id.to_string()).await?
    {
        return Ok(Created::Before(before.parse().map_err(|_| Fault::NotFound)?));
    }
    let state = if link.is_some() { OrgState::PendingBootstrap } else { OrgState::Active };
    let settings = Settings::default();
    let row = storage::org::NewOrg { id, handle: &handle, display_name: &display_name, state, settings: &settings };
    let created = insert(&mut tx, &grant, &row).await?.map_err(taken)?;
    let mut entries = Vec::new();
    let link = match link {
        Some(lifetime) => {
            let made = Made::new(ctx, crate::bootstrap::PATH, lifetime.span().map(|span| ctx.now().plus(span)));
            entries.push(first_link(&mut tx, &grant, id, &made).await?);
            Some(made.shown)
        }
        None => {
            let person = grant.viewer()?.id;
            let member =
                NewMember { id: ctx.new_id(MemberId::new), person, role: Role::Owner, state: MemberState::Active };
            entries.extend(storage::member::insert(&mut tx, &(&grant, id), member).await?);
            None
        }
    };
    tx.commit(Audit::many(created, entries)).await?;
    Ok(Created::New(id, CreatedOrg { handle, display_name, link }))
}

/// Adds the organization and its first revision. The entry belongs into the commit's audit.
pub(crate) async fn insert(
    tx: &mut WriteTx,
    grant: &Granted<OrgCreate>,
    org: &storage::org::NewOrg<'_>,
) -> Result<Result<Entry, NameTaken>, Error> {
    if let Err(taken) = storage::org::insert(tx, grant, org).await? {
        return Ok(Err(taken));
    }
    storage::revision::insert_first(tx, grant, org.id, org.settings).await?;
    let (handle, display_name) = (org.handle.to_string(), org.display_name.to_string());
    let action = Action::OrgCreated { handle, display_name };
    Ok(Ok(Entry::new(Chain::Org(org.id), grant.who(), Some(grant.via()), action)))
}

/// Adds a new organization's bootstrap link.
pub(crate) async fn first_link(
    tx: &mut WriteTx,
    grant: &Granted<OrgCreate>,
    id: OrgId,
    made: &Made,
) -> Result<Entry, Error> {
    storage::link::insert_first(tx, grant, id, &made.row()).await?;
    let action = Action::BootstrapLinkRotated { link: made.id };
    Ok(Entry::new(Chain::Org(id), grant.who(), Some(grant.via()), action))
}

pub(crate) fn taken(taken: NameTaken) -> Fault {
    match taken {
        NameTaken::Handle => Fault::invalid("handle", "This handle is taken, or held for a while after its last use."),
        NameTaken::Label(label) => Fault::invalid(
            "handle",
            format!(
                "This handle's DNS label, “{label}”, is taken. Choose a handle that differs in more than “-”, “_” and case."
            ),
        ),
    }
}
