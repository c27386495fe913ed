//! The fields of a service account, for adding one and for changing it.

use domain::people::Role;
use domain::service_account::{DESCRIPTION_MAX, NAME_MAX, ROLES, ServiceAccountForm, ServiceAccountRow};
use leptos::prelude::*;
use ui::{Field, FieldGroup, Radio, TextInput};

use super::role_label;
use crate::form::FormStatus;

/// `account` is the one to be changed.
pub fn fields(status: FormStatus, account: Option<&ServiceAccountRow>) -> AnyView {
    let refused = status.fault.with_untracked(Option::is_some);
    let saved = account.map(ServiceAccountForm::from).unwrap_or_default();
    let typed = move |name: &str, saved: String| status.typed(name).filter(|_| refused).unwrap_or(saved);
    let role = Role::from_name(&typed("role", saved.role)).unwrap_or(Role::Member);
    let roles = move || {
        ROLES.map(|known| {
            let help = match known {
                Role::Owner => "May do what owners may, in this organization.",
                _ => "May do what members may, in this organization.",
            };
            view! { <Radio value=known.name() label=role_label(known) help=help checked=known == role /> }
        })
    };
    view! {
        <Field name="form[name]" label="Name" help="What it is for, such as “Deployment”." error=status.field_error("name")>
            <TextInput
                value=typed("name", saved.name)
                required=true
                autocomplete="off"
                maxlength=NAME_MAX as i32
            />
        </Field>
        <Field
            name="form[description]"
            label="Description"
            help="Who runs it, and whom to ask."
            optional=true
            error=status.field_error("description")
        >
            <TextInput
                value=typed("description", saved.description)
                autocomplete="off"
                maxlength=DESCRIPTION_MAX as i32
            />
        </Field>
        <FieldGroup name="form[role]" legend="Role" error=status.field_error("role")>
            // Here, where they find the group's name.
            {roles().into_iter().collect_view()}
        </FieldGroup>
    }
    .into_any()
}
