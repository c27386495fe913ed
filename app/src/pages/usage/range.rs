//! Which days are shown: presets as links, and two dates. All of it stands in the URL.

use domain::usage::Day;
use domain::usage::page::{Range, UsageQuery};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use ui::Icon;
use wasm_bindgen::JsCast;

use crate::paths;

/// `base`: the page's address without parameters. The dates are a form of the browser's own (GET); with script it
/// navigates without loading the document.
#[component]
pub fn RangePicker(base: String, query: UsageQuery, first: Day, last: Day, today: Day) -> AnyView {
    let navigate = use_navigate();
    let address = |range: Range| {
        let query = UsageQuery { range, ..query.clone() };
        [base.as_str(), &paths::query(&query.to_params())].concat()
    };
    let presets = Range::PRESETS.map(|(range, _, label)| {
        view! {
            <li>
                <a class="pill" href=address(range) aria-current=(query.range == range).then_some("true")>
                    {label}
                </a>
            </li>
        }
    });
    let to = base.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let form = event.target().and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok());
        let Some(data) = form.and_then(|form| web_sys::FormData::new_with_form(&form).ok()) else { return };
        let query = UsageQuery::from_params(|name| data.get(name).as_string());
        navigate(&[to.as_str(), &paths::query(&query.to_params())].concat(), Default::default());
    };
    let workspace = query.workspace.map(|id| view! { <input type="hidden" name="workspace" value=id.to_string() /> });
    let date = |label: &'static str, name: &'static str, day: Day| {
        let (day, today) = (day.to_string(), today.to_string());
        view! {
            <label class="filter">
                <span class="field-label">{label}</span>
                // What was chosen outlives the attribute when other days are shown on the same page.
                <input class="input" type="date" name=name max=today required=true value=day.clone() prop:value=day />
            </label>
        }
    };
    view! {
        <div class="toolbar usage-range">
            <nav aria-label="Days">
                <ul class="pills">{presets.into_iter().collect_view()}</ul>
            </nav>
            <form class="filters" method="get" action=base aria-label="Other days" on:submit=submit>
                {workspace} {date("From", "from", first)} {date("Until", "until", last)}
                <button type="submit" class="btn btn-quiet">
                    {Icon::Search.view()}
                    "Show"
                </button>
            </form>
        </div>
    }
    .into_any()
}
