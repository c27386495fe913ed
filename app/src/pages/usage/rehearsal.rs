//! What a cap would stop. Nothing is.

use domain::usage::Dimension;
use domain::usage::page::Rehearsal;
use leptos::prelude::*;

pub fn rehearsal(rehearsal: &Rehearsal) -> AnyView {
    let Rehearsal { dimension, sleep, asleep, told } = rehearsal;
    let effect = match dimension {
        Dimension::Compute => sleepers(sleep, *asleep),
        Dimension::Storage | Dimension::Users => view! { <p>{dimension.cap_effect()}</p> }.into_any(),
    };
    let told = match told.is_empty() {
        true => "Nobody owns the organization yet, so nobody would be mailed.".to_owned(),
        false => ["Mailed: ", &told.join(", "), "."].concat(),
    };
    let title = ["A cap on ", &dimension.label().to_lowercase(), " now"].concat();
    let id = ["rehearsal-", dimension.name()].concat();
    let labelled_by = id.clone();
    view! {
        <section class="rehearsal" aria-labelledby=labelled_by>
            <h4 class="rehearsal-title" id=id>
                {title}
            </h4>
            {effect}
            <p>{told}</p>
            <p>"This only tells; nothing was stopped."</p>
        </section>
    }
    .into_any()
}

fn sleepers(sleep: &[String], asleep: u64) -> AnyView {
    let awake = match sleep.len() {
        0 => view! { <p>"No workspace is awake, so none would go to sleep."</p> }.into_any(),
        count => {
            let summary = match count {
                1 => "1 workspace would go to sleep".to_owned(),
                _ => [&count.to_string(), " workspaces would go to sleep"].concat(),
            };
            let names = sleep.iter().map(|name| view! { <li class="mono">{name.clone()}</li> }).collect_view();
            view! {
                <details>
                    <summary>{summary}</summary>
                    <ul class="rehearsal-names">{names}</ul>
                </details>
            }
            .into_any()
        }
    };
    let already = match asleep {
        0 => None,
        1 => Some("1 sleeps already, and couldn't be woken.".to_owned()),
        _ => Some([&asleep.to_string(), " sleep already, and couldn't be woken."].concat()),
    };
    view! {
        {awake}
        {already.map(|text| view! { <p>{text}</p> })}
    }
    .into_any()
}
