//! Making the report of a period, a mail for each recipient.

use domain::Timestamp;
use domain::csv;
use domain::mail::{MailFile, MailKind};
use domain::report::ActivePerson;
use domain::settings::Report;
use storage::WriteTx;
use storage::authz::Granted;
use storage::report::MakesReports;

use super::recipients::readers;
use super::schedule::{Period, Plan};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::mail::{Draft, Letter, Part, enqueue};

/// People named in the mail itself; the file has them all.
const NAMED_MAX: usize = 50;

/// Mails the report of a period to everyone who gets it, and tells to how many. Except for a test, each recipient gets one
/// mail of a period, however often it is made.
pub(super) async fn make<P: MakesReports>(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<P>,
    report: &Report,
    period: &Period,
    is_test: bool,
) -> Result<u64, Error> {
    let plan = Plan::of(report);
    let (people, members) = storage::report::active(tx, grant, period.start, period.end).await?;
    let org = grant.org(tx)?.clone();
    let days = match period.first_day == period.last_day {
        true => period.first_day.clone(),
        false => format!("{} to {}", period.first_day, period.last_day),
    };
    let subject = format!("{}Active users of {}, {days}", if is_test { "Test: " } else { "" }, org.display_name);
    let file = MailFile {
        name: format!("active-users-{}-{}.csv", org.handle, period.last_day),
        content_type: "text/csv; charset=utf-8".to_owned(),
        text: table(&people),
    };
    let readers = readers(ctx, tx, grant, report).await?;
    let mut made = 0;
    for reader in readers {
        let letter = Letter {
            parts: parts(&people, members, &org.display_name.to_string(), &days, plan.zone_name()),
            why: format!("{} is set as a recipient of the Active User Report of {}.", reader.email, org.display_name),
            unsubscribe: Some(reader.unsubscribe),
        };
        let key = format!("report:{}:{}:{days}:{}", org.id, report.schedule.name(), reader.address_hash);
        let draft = Draft {
            to: reader.email.as_str(),
            person: None,
            org: Some(org.id),
            kind: MailKind::Report,
            subject: subject.clone(),
            letter,
            files: vec![file.clone()],
            dedupe_key: (!is_test).then_some(key),
        };
        made += u64::from(enqueue(ctx, tx, draft).await?.is_some());
    }
    Ok(made)
}

fn parts(people: &[ActivePerson], members: u64, organization: &str, days: &str, zone: &str) -> Vec<Part> {
    let counted = format!("{} of {members} members of {organization} were active: {days}.", people.len());
    let meaning = format!(
        "Active is who used the console or its API in this organization at least once between the midnights that begin \
         and end these days, in the time zone {zone}. “Last seen” is as of the making of this mail and can be later."
    );
    let named = people.iter().take(NAMED_MAX).map(|person| {
        let ActivePerson { name, email, role, last_seen_at } = person;
        format!("{name}, {email}, {role}, last seen {}", last_seen_at.map_or_else(|| "–".to_owned(), Timestamp::short))
    });
    let mut parts = vec![Part::Text(counted)];
    if !people.is_empty() {
        parts.push(Part::List(named.collect()));
    }
    if people.len() > NAMED_MAX {
        parts.push(Part::Text(format!("The attached file lists all {}.", people.len())));
    }
    parts.push(Part::Text(meaning));
    parts
}

fn table(people: &[ActivePerson]) -> String {
    let lines = people.iter().map(|person| {
        let last_seen = person.last_seen_at.map_or_else(String::new, |at| at.to_string());
        csv::line(&[person.name.as_str(), &person.email, person.role.name(), &last_seen])
    });
    std::iter::once(csv::line(&["user", "email", "role", "last seen"])).chain(lines).collect()
}
