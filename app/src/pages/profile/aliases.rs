//! Former handles that still lead here.

use domain::Timestamp;
use domain::profile::Alias;
use leptos::prelude::*;
use ui::{Moment, Section};

use crate::api::profile::RetireAlias;
use crate::form::{PlainForm, use_form};

#[component]
pub fn Aliases(handle: String, aliases: Vec<Alias>, now: Timestamp) -> AnyView {
    let retire = use_form::<RetireAlias>();
    let aliases = RwSignal::new(aliases);
    Effect::new(move |before: Option<()>| {
        if let Some(left) = retire.answer().filter(|_| before.is_some()) {
            aliases.set(left);
        }
    });
    let none = move || aliases.with(Vec::is_empty);
    view! {
        <Section
            id="aliases"
            title="Aliases"
            description="Retire one when nobody comes by it any more. It is then held for you for 90 days, and free after."
        >
            <p class="quiet" hidden=move || !none()>
                "There are none. A changed handle leaves one."
            </p>
            <div hidden=none>
                <PlainForm form=retire failed="The alias was not retired" label="Aliases">
                    <input type="hidden" name="handle" value=handle />
                    <table class="table">
                        <caption class="sr-only">"Aliases"</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Handle"</th>
                                <th scope="col">"Followed"</th>
                                <th scope="col">"Last"</th>
                                <th scope="col">"Since"</th>
                                <th scope="col">
                                    <span class="sr-only">"Actions"</span>
                                </th>
                            </tr>
                        </thead>
                        <tbody>{move || aliases.with(|all| all.iter().map(|alias| line(alias, now)).collect_view())}</tbody>
                    </table>
                </PlainForm>
            </div>
        </Section>
    }
    .into_any()
}

fn line(alias: &Alias, now: Timestamp) -> AnyView {
    let times = match alias.hits {
        1 => "once".to_owned(),
        hits => [&hits.to_string(), " times"].concat(),
    };
    let last = match alias.last_hit_at {
        Some(at) => view! { <Moment at=at now=now /> }.into_any(),
        None => view! { <span class="quiet">"Not yet"</span> }.into_any(),
    };
    let spoken = ["Retire ", &alias.handle].concat();
    view! {
        <tr>
            <th scope="row" class="mono">
                {alias.handle.clone()}
            </th>
            <td data-label="Followed">{times}</td>
            <td data-label="Last">{last}</td>
            <td data-label="Since">
                <Moment at=alias.since now=now />
            </td>
            <td>
                <div class="row-actions">
                    <button
                        type="submit"
                        class="btn btn-quiet"
                        name="alias"
                        value=alias.handle.clone()
                        aria-label=spoken
                    >
                        "Retire"
                    </button>
                </div>
            </td>
        </tr>
    }
    .into_any()
}
