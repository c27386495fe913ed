use domain::Fault;
use domain::audit::{Action, Chain};
use domain::device::{DeviceDecided, client_name};
use storage::{Audit, Entry};

use super::look_up::{Found, look_up};
use crate::ctx::Ctx;
use crate::error::Error;

/// Lets the program that waits under a code act for the person, or not.
pub async fn decide(ctx: &Ctx, code: &str, approved: bool) -> Result<DeviceDecided, Error> {
    let Found { mut tx, grant, device, .. } = look_up(ctx, code).await?;
    if !storage::device::decide(&mut tx, &grant, device.id, approved).await? {
        return Err(Fault::conflict("Somebody else has decided on this code just now.").into());
    }
    let client = device.client;
    let action = match approved {
        true => Action::DeviceApproved { device: device.id, client: client.clone() },
        false => Action::DeviceDenied { device: device.id, client: client.clone() },
    };
    let entry = Entry::new(Chain::Account(grant.viewer()?.id), grant.who(), Some(grant.via()), action);
    let entry = match device.address {
        Some(address) => entry.with("asked_from", address),
        None => entry,
    };
    tx.commit(Audit::one(entry)).await?;
    Ok(DeviceDecided { client: client_name(&client).unwrap_or(&client).to_owned(), approved })
}
