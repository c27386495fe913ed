//! The fields of an account, for connecting one and for changing it.

use domain::cloud::{CloudAccount, ConnectorKind, NAME_MAX};
use leptos::prelude::*;
use ui::{Field, FieldGroup, Radio, TextArea, TextInput, Toggle};

use crate::form::FormStatus;

/// `account` is the one to be changed; its connector stays.
pub fn fields(status: FormStatus, account: Option<&CloudAccount>) -> AnyView {
    let refused = status.fault.with_untracked(Option::is_some);
    let typed = move |name: &str, saved: fn(&CloudAccount) -> String| {
        status.typed(name).filter(|_| refused).or_else(|| account.map(saved)).unwrap_or_default()
    };
    let error = move |name: &'static str| status.field_error(name);
    let connector = account.is_none().then(|| {
        let kind = ConnectorKind::from_name(&typed("connector", |_| String::new())).unwrap_or(ConnectorKind::Webhook);
        view! {
            <FieldGroup name="form[connector]" legend="Connector" error=error("connector")>
                // Here, where they find the group's name.
                {ConnectorKind::ALL.map(|known| choice(known, known == kind)).into_iter().collect_view()}
            </FieldGroup>
        }
    });
    let (name, provider) =
        (typed("name", |account| account.name.clone()), typed("provider", |account| account.provider.clone()));
    let url = typed("url", |account| account.url.clone());
    let ca = typed("ca", |account| account.ca.clone().unwrap_or_default());
    let is_new = account.is_none();
    let secret_help = match account {
        Some(_) => "Leave it empty to keep the one before.",
        None => "Signs a webhook's requests, or is a cluster's bearer token. It is kept encrypted and never shown.",
    };
    let own = |kind: ConnectorKind| account.is_none_or(|account| account.connector == kind);
    let selector = own(ConnectorKind::Kubernetes)
        .then(|| selector_field(typed("selector", |account| account.selector.clone()), error("selector")));
    let events = own(ConnectorKind::Webhook).then(|| {
        let typed = status.typed_flag("events").filter(|_| refused);
        events_field(typed.unwrap_or_else(|| account.is_none_or(|account| account.events)))
    });
    view! {
        // The style sheet hides what the chosen connector doesn't take, where script runs.
        <div class="connector">
            <Field name="form[name]" label="Name" help="What people call it." error=error("name")>
                <TextInput value=name required=true autocomplete="off" maxlength=NAME_MAX as i32 />
            </Field>
            <Field
                name="form[provider]"
                label="Provider"
                help="Such as aws, hetzner or our-cluster."
                error=error("provider")
            >
                <TextInput value=provider required=true autocomplete="off" maxlength=NAME_MAX as i32 />
            </Field>
            {connector}
            <Field
                name="form[url]"
                label="Address"
                help="Of the webhook, or of the cluster's API server. Private addresses have to be allowed in the configuration."
                error=error("url")
            >
                <TextInput
                    value=url
                    mono=true
                    required=true
                    autocomplete="off"
                    inputmode="url"
                    placeholder="https://"
                />
            </Field>
            <Field name="form[secret]" label="Secret" help=secret_help error=error("secret")>
                <TextInput kind="password" mono=true autocomplete="off" required=is_new />
            </Field>
            {selector}
            {events}
            <Field
                name="form[ca]"
                label="Certificate authority"
                help="PEM, for addresses whose certificate no public authority has signed."
                optional=true
                error=error("ca")
            >
                <TextArea value=ca rows=3 mono=true />
            </Field>
        </div>
    }
    .into_any()
}

fn selector_field(value: String, error: Signal<Option<String>>) -> AnyView {
    view! {
        <div class="for-kubernetes">
            <Field
                name="form[selector]"
                label="Label selector"
                help="For Kubernetes. Only namespaces with all of these labels are the organization's, such as example.com/organization=acme."
                error=error
            >
                <TextInput value=value mono=true autocomplete="off" />
            </Field>
        </div>
    }
    .into_any()
}

fn events_field(checked: bool) -> AnyView {
    view! {
        <div class="for-webhook">
            <Field
                name="form[events]"
                label="Tell it of workspaces"
                help="For webhooks. Each change of a workspace and of its DNS name is sent there."
            >
                <Toggle checked=checked />
            </Field>
        </div>
    }
    .into_any()
}

fn choice(known: ConnectorKind, checked: bool) -> AnyView {
    let help = match known {
        ConnectorKind::Webhook => "Signed requests to an address of yours, which lists and ends what runs there.",
        ConnectorKind::Kubernetes => "Namespaces of a cluster, chosen by their labels.",
    };
    view! { <Radio value=known.name() label=known.label() help=help checked=checked /> }.into_any()
}
