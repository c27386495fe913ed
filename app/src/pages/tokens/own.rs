//! Personal access tokens.

use domain::token::{TokenHolder, TokensPage as Model};
use leptos::prelude::*;
use ui::PageHeader;

use super::{TokenForms, token_sections, use_token_forms};
use crate::api::token::LoadTokens;
use crate::frame::{Crumb, Frame, Place};
use crate::page::load;
use crate::paths;
use crate::wire::Ask;

#[component]
pub fn TokensPage() -> AnyView {
    let forms = use_token_forms();
    load(|| Ask::of(LoadTokens {}), |_| "Access tokens".to_owned(), move |page| show(page, forms))
}

fn show(page: Model, forms: TokenForms) -> AnyView {
    let tokens = token_sections(forms, TokenHolder::Own, page.tokens, true, page.now);
    view! {
        <Frame viewer=page.viewer org=None place=Place::Elsewhere trail=vec![Crumb::here("Access tokens")]>
            <PageHeader
                title="Access tokens"
                description="With a token a program acts for you through the REST API: what you may, within its scopes."
            />
            {tokens}
            <p class="field-help">
                "A mail reminds you 14, 7 and 1 days before one expires. The API is described on its "
                <a class="link" href=paths::api_reference() rel="external">
                    "reference page"
                </a> "."
            </p>
        </Frame>
    }
    .into_any()
}
