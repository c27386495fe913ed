//! Access tokens, whoever they are of: made, seen once, switched off, deleted. People have a page of their own ones, the
//! instance has one; those of service accounts and workspaces stand on their pages.

mod create;
mod instance;
mod list;
mod own;

pub use instance::InstanceTokensPage;
pub use own::TokensPage;

use domain::Timestamp;
use domain::token::{CreatedToken, TokenHolder, TokenKind, TokenRow};
use leptos::prelude::*;
use ui::{Alert, CopyBox, Section, Tone};

use crate::api::token::{ChangeToken, CreateToken};
use crate::form::{FormState, PlainForm, use_form};
use create::CreateForm;

/// The state of a page's tokens. It is made once, where the page's content is made anew after each change.
#[derive(Clone, Copy)]
pub struct TokenForms {
    create: FormState<CreateToken>,
    change: FormState<ChangeToken>,
    /// Stays when a next one is refused: it is shown only now.
    created: RwSignal<Option<CreatedToken>>,
}

pub fn use_token_forms() -> TokenForms {
    let (create, change) = (use_form::<CreateToken>(), use_form::<ChangeToken>());
    // The first run sees what the page came with.
    let created = RwSignal::new(untrack(|| create.answer()));
    Effect::new(move |before: Option<()>| {
        if let Some(answer) = create.answer().filter(|_| before.is_some()) {
            created.set(Some(answer));
        }
    });
    TokenForms { create, change, created }
}

/// The holder's tokens, and with `can_write` making, switching and deleting them.
pub fn token_sections(
    forms: TokenForms,
    holder: TokenHolder,
    tokens: Vec<TokenRow>,
    can_write: bool,
    now: Timestamp,
) -> AnyView {
    let rows = RwSignal::new(tokens);
    let TokenForms { create, change, created } = forms;
    Effect::new(move |before: Option<()>| {
        if let Some(answer) = create.answer().filter(|_| before.is_some()) {
            rows.update(|rows| rows.insert(0, answer.token));
        }
    });
    Effect::new(move |before: Option<()>| {
        if let Some(changed) = change.answer().filter(|_| before.is_some()) {
            rows.set(changed);
        }
    });
    let words = words(&holder);
    let (page_of, list_of) = (holder.clone(), holder.clone());
    let list = move || rows.with(|rows| list::table(rows, &list_of, can_write, now));
    let whose = holder.to_string();
    let list = match can_write {
        true => view! {
            <PlainForm form=change failed="Nothing was changed" label=words.title>
                <input type="hidden" name="holder" value=whose />
                {list}
            </PlainForm>
        }
        .into_any(),
        false => list.into_any(),
    };
    let shown_once = move || {
        let made = created.get().filter(|made| has(&page_of, &made.holder));
        made.map(|made| shown_once(made, words.warning))
    };
    let create = can_write.then(move || {
        view! {
            <Section id="new-token" title="New token" description=words.limit>
                <CreateForm form=create holder=holder now=now />
                // Where the button was pressed, and nobody has to look for it.
                {shown_once}
            </Section>
        }
    });
    view! {
        <Section id="tokens" title=words.title>
            {list}
        </Section>
        {create}
    }
    .into_any()
}

/// Whether a page of `page` lists what is of `holder`. The instance has tokens of two kinds.
fn has(page: &TokenHolder, holder: &TokenHolder) -> bool {
    let of_instance = |holder: &TokenHolder| matches!(holder.kind(), TokenKind::Admin | TokenKind::Meter);
    page == holder || of_instance(page) && of_instance(holder)
}

#[derive(Clone, Copy)]
struct Words {
    title: &'static str,
    limit: &'static str,
    warning: &'static str,
}

fn words(holder: &TokenHolder) -> Words {
    match holder.kind() {
        TokenKind::Personal | TokenKind::Cli => Words {
            title: "Your tokens",
            limit: "You can have 5 at a time. Sign-ins from the command line don't count.",
            warning: "It is shown only now. Whoever has it can act for you until it expires or you switch it off.",
        },
        TokenKind::Service => Words {
            title: "Tokens",
            limit: "There can be two: one in use, and the one that replaces it.",
            warning: "It is shown only now. Whoever has it can act as this account until it expires or is switched off.",
        },
        TokenKind::Workspace => Words {
            title: "Tokens",
            limit: "A program that runs in the workspace reads its settings with it, secrets included, and can do nothing else. There can be two: one in use, and the one that replaces it.",
            warning: "It is shown only now. Whoever has it can read this workspace's settings until it expires or is switched off.",
        },
        TokenKind::Meter | TokenKind::Admin => Words {
            title: "Tokens",
            limit: "There can be 20 of each kind.",
            warning: "It is shown only now. Whoever has it can act on this instance until it expires or is switched off.",
        },
    }
}

fn shown_once(made: CreatedToken, warning: &'static str) -> AnyView {
    let label = ["New token “", &made.token.name, "”"].concat();
    view! {
        <div class="form shown-once">
            <Alert tone=Tone::Success title="Token created" assertive=true>
                <CopyBox label=label value=made.secret warning=warning id="new-token-secret" />
            </Alert>
        </div>
    }
    .into_any()
}
