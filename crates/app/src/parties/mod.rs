//! Parties: organisations entered by hand, and what other registers say of them.

use crate::command::Outcome;
use crate::error::AppError;
use crate::staircase::{Call, Flow, booked, invalid, missing};
use domain::identity::{Action, Object};
use domain::parties::register::{ImportedEntry, Item, read_entries};
use domain::parties::{ContactForm, OrganisationForm, decide_contact, decide_organisation};
use domain::text::Problem;
use leaf::ids;
use std::cmp::Reverse;
use store::parties::ContactRecord;

pub(crate) async fn organisation_register(
    call: &mut Call<'_>,
    form: &OrganisationForm,
) -> Flow<Outcome> {
    call.permit(Action::OrganisationEdit, &Object::house())?;
    let new = decide_organisation(form).map_err(invalid)?;
    let known = call
        .batch
        .organisation_by_source(&new.source, &new.source_id)
        .await?
        .is_some();
    let coded = match &new.uscc {
        Some(uscc) => call.batch.organisation_has_uscc(uscc.as_str()).await?,
        None => false,
    };
    if known || coded {
        let sentence = "登记簿里已有这个组织，请先搜索再决定是否补充。";
        return Err(invalid(vec![Problem::new("name", "taken", sentence)]));
    }
    let now = call.now();
    let id = booked(call.batch.organisation_insert(&new, now).await?)?;
    let id = call.print(id);
    call.audit(Action::OrganisationEdit, id.clone(), "register");
    Ok(Outcome::Record { id })
}

/// How an organisation is reached: everybody reads it at once, and no leaf says so (record 0045).
pub(crate) async fn contact_publish(
    call: &mut Call<'_>,
    organisation: &str,
    form: &ContactForm,
) -> Flow<Outcome> {
    let id = call.id::<ids::Organisation>(organisation, "这个组织")?;
    call.permit(Action::OrganisationEdit, &Object::of(id))?;
    call.batch
        .organisation(id)
        .await?
        .ok_or(missing("这个组织"))?;
    let contact = decide_contact(form).map_err(invalid)?;
    let known = call.batch.contact_version(id).await?;
    if known != form.version {
        let sentence =
            "同事刚刚改过联系方式，现在公开的列在上面；核对以后再提交一次，就以您填的为准。";
        return Err(AppError::conflict("contact_changed", sentence).into());
    }
    let record = ContactRecord {
        version: known.saturating_add(1),
        contact,
        user: call.user(),
        at: call.now(),
    };
    call.batch.contact_insert(id, &record).await?;
    let id = call.print(id);
    let detail = format!("contact {}", record.version);
    call.audit(Action::OrganisationEdit, id.clone(), detail);
    Ok(Outcome::Record { id })
}

/// What another register says of an organisation: entered as it is there, and marked as decided elsewhere.
pub(crate) async fn register_import(
    call: &mut Call<'_>,
    organisation: &str,
    (source, entries): (&str, &[ImportedEntry]),
) -> Flow<Outcome> {
    let id = call.id::<ids::Organisation>(organisation, "这个组织")?;
    call.permit(Action::RegisterImport, &Object::of(id))?;
    call.batch
        .organisation(id)
        .await?
        .ok_or(missing("这个组织"))?;
    let now = call.now();
    let mut entries = read_entries(source, entries, now.day()).map_err(invalid)?;
    // The newest name first: a former one must not become the name of today on its way into the register.
    entries.sort_by_key(|new| match new.item {
        Item::Name => Reverse(i64::from(new.from.number())),
        _ => Reverse(i64::MIN),
    });
    for new in entries {
        // A file that is read again enters nothing twice, also what was corrected since.
        let register = call.batch.register(id).await?;
        let mut known = register.entries().iter();
        if known.any(|entry| entry.new.says_the_same(&new)) {
            continue;
        }
        booked(call.batch.register_enter(id, new, now).await?)?;
    }
    let id = call.print(id);
    call.audit(Action::RegisterImport, id.clone(), source);
    Ok(Outcome::Record { id })
}
