//! Tokens of the instance: of administration, and of meters.

use domain::token::{TokenHolder, TokensPage as Model};
use leptos::prelude::*;
use ui::PageHeader;

use super::{TokenForms, token_sections, use_token_forms};
use crate::api::token::LoadInstanceTokens;
use crate::frame::{Crumb, Frame, Place};
use crate::page::load;
use crate::wire::Ask;

#[component]
pub fn InstanceTokensPage() -> AnyView {
    let forms = use_token_forms();
    load(|| Ask::of(LoadInstanceTokens {}), |_| "Instance tokens".to_owned(), move |page| show(page, forms))
}

fn show(page: Model, forms: TokenForms) -> AnyView {
    let tokens = token_sections(forms, TokenHolder::Admin, page.tokens, true, page.now);
    view! {
        <Frame viewer=page.viewer org=None place=Place::Elsewhere trail=vec![Crumb::here("Instance tokens")]>
            <PageHeader
                title="Instance tokens"
                description="For programs that work on the whole instance and are nobody's own: they stay when people leave."
            />
            {tokens}
            <p class="field-help">
                "A mail reminds every administrator 14, 7 and 1 days before one expires. The administration token of the configuration isn't listed here."
            </p>
        </Frame>
    }
    .into_any()
}
