//! The fields that make a new person.

use domain::auth::{PASSWORD_MIN, check_password};
use leptos::prelude::*;
use ui::{Field, Icon, PasswordInput, TextInput};

use crate::form::FormStatus;

/// Name, email and password, checked while typed by the same rule the server applies.
#[component]
pub fn PersonFields(status: FormStatus) -> AnyView {
    let name = RwSignal::new(status.typed("name").unwrap_or_default());
    let email = RwSignal::new(status.typed("email").unwrap_or_default());
    let password = RwSignal::new(String::new());
    let verdict = move || {
        let password = password.get();
        (!password.is_empty()).then(|| check_password(&password, &email.get(), &name.get()))
    };
    let listen = |text: RwSignal<String>| Callback::new(move |typed| text.set(typed));
    view! {
        <Field name="name" label="Your name" error=status.field_error("name") stacked=true>
            <TextInput
                value=name.get_untracked()
                required=true
                autofocus=true
                autocomplete="name"
                maxlength=100
                on_input=listen(name)
            />
        </Field>
        <Field name="email" label="Email" error=status.field_error("email") stacked=true>
            <TextInput
                kind="email"
                value=email.get_untracked()
                required=true
                autocomplete="username"
                on_input=listen(email)
            />
        </Field>
        <Field
            name="password"
            label="Password"
            help=format!(
                "At least {PASSWORD_MIN} characters, five of them different; not your name or email, and none of the passwords everybody uses. A few random words do well.",
            )
            error=status.field_error("password")
            stacked=true
        >
            <PasswordInput autocomplete="new-password" on_input=listen(password) />
            <p class="password-verdict" role="status">
                {move || {
                    verdict()
                        .map(|verdict| match verdict {
                            Ok(()) => view! {
                                <span class="verdict-good">{Icon::Check.view()} "Long enough"</span>
                            }
                                .into_any(),
                            Err(reason) => view! { <span>{reason}</span> }.into_any(),
                        })
                }}
            </p>
        </Field>
    }
    .into_any()
}
