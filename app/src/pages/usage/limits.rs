//! Limits: how things stand with each, and its form.

use domain::org::OrgHeader;
use domain::usage::page::{LimitView, UsagePage as Model, UsageQuery};
use domain::usage::{Dimension, Forecast, Limit, LimitAction, LimitForm, Reading};
use leptos::prelude::*;
use ui::{Alert, Badge, Field, Section, Select, SubmitButton, TextInput, Tone};

use super::rehearsal::rehearsal;
use crate::api::usage::{SetUsageLimit, TestUsageLimit};
use crate::form::{FormState, LoadTheirs, PlainForm, use_form_of};
use crate::paths;

/// A form of each dimension.
#[derive(Clone, Copy)]
pub struct LimitForms {
    set: [FormState<SetUsageLimit>; 3],
    test: [FormState<TestUsageLimit>; 3],
}

pub fn use_limit_forms() -> LimitForms {
    LimitForms {
        set: Dimension::ALL.map(|dimension| use_form_of("dimension", dimension.name())),
        test: Dimension::ALL.map(|dimension| use_form_of("dimension", dimension.name())),
    }
}

impl LimitForms {
    /// Looks at each, so that a change of any is noticed.
    pub fn any_saved(self) -> bool {
        self.set.into_iter().filter(|form| form.answer().is_some()).count() > 0
    }
}

pub fn limits(page: &Model, forms: LimitForms) -> AnyView {
    let can_set = page.can_set_limits && page.org.state.is_open();
    let cards = page.limits.iter().map(|view| {
        let card = Card { view, org: &page.org, query: &page.query };
        let rehearsed = page.rehearsal.as_ref().filter(|rehearsal| rehearsal.dimension == view.dimension);
        let acts = card.acts(forms, can_set, rehearsed.is_some());
        let rehearsed = rehearsed.map(rehearsal);
        let form = can_set.then(|| card.form(forms));
        let now = card.now();
        view! {
            <article class="limit" id=card.id("limit") aria-labelledby=card.id("limit-title")>
                <div>{now} {acts} {rehearsed}</div>
                {form}
            </article>
        }
    });
    let cards = cards.collect_view();
    let description = "Owners are mailed at 75, 100, 125, 200, 300, 500 and 1000% of a limit, once a cycle each.";
    view! {
        <Section id="limits" title="Limits" description=description>
            <div class="limits">{cards}</div>
        </Section>
    }
    .into_any()
}

#[derive(Clone, Copy)]
struct Card<'a> {
    view: &'a LimitView,
    org: &'a OrgHeader,
    query: &'a UsageQuery,
}

impl Card<'_> {
    fn id(self, what: &str) -> String {
        [what, "-", self.view.dimension.name()].concat()
    }

    /// This page at this limit.
    fn address(self, rehearse: Option<Dimension>) -> String {
        let query = UsageQuery { rehearse, ..self.query.clone() };
        [&paths::org(&self.org.handle).usage(&query), "#", &self.id("limit")].concat()
    }

    /// How things stand.
    fn now(self) -> AnyView {
        let LimitView { dimension, limit, used, .. } = self.view;
        let (tone, state) = state(self.view);
        let of = limit.map(|limit| {
            let action = match limit.action {
                LimitAction::Warn => " (warn)",
                LimitAction::Cap => " (cap and warn)",
            };
            [" of ", &dimension.show(limit.value), action].concat()
        });
        let measured = dimension.measured();
        let standing = limit.as_ref().map(|limit| standing(self.view, limit));
        view! {
            <div class="limit-now">
                <h3 class="limit-title" id=self.id("limit-title")>
                    {dimension.label()}
                    " "
                    <Badge tone=tone label=state />
                </h3>
                <p class="limit-used">
                    <span class="figure-value">{dimension.show(*used)}</span>
                    <span>{of}</span>
                </p>
                <p class="quiet">{measured}</p>
                {standing}
            </div>
        }
        .into_any()
    }

    fn form(self, forms: LimitForms) -> AnyView {
        let LimitView { dimension, limit, version, .. } = *self.view;
        let form = forms.set[dimension as usize];
        let refused = form.status.fault.with_untracked(Option::is_some);
        let saved = LimitForm::of(limit.as_ref());
        let typed = |name: &str, saved: String| form.typed(name).filter(|_| refused).unwrap_or(saved);
        let (value, action) = (typed("value", saved.value), typed("action", saved.action));
        let (value_id, action_id) = match dimension {
            Dimension::Compute => ("compute-value", "compute-action"),
            Dimension::Storage => ("storage-value", "storage-action"),
            Dimension::Users => ("users-value", "users-action"),
        };
        let name = [dimension.label(), " limit"].concat();
        let effect = ["With a cap: ", dimension.cap_effect()].concat();
        let label = match dimension {
            Dimension::Compute => "Limit in minutes a cycle",
            Dimension::Storage => "Limit in gigabytes",
            Dimension::Users => "Limit in users",
        };
        let options = LimitAction::ALL.map(|action| (action.name().to_owned(), action.label().to_owned()));
        let (handle, reload) = (self.org.handle.to_string(), self.reload());
        let done = move || {
            form.answer().map(|_| {
                view! {
                    <Alert tone=Tone::Success assertive=true>
                        <p>"Saved. What follows from it takes effect within a minute."</p>
                    </Alert>
                }
            })
        };
        view! {
            <PlainForm form=form failed="The limit was not saved" class="limit-form" label=name>
                {done}
                <input type="hidden" name="handle" value=handle />
                <input type="hidden" name="dimension" value=dimension.name() />
                <input type="hidden" name="version" value=version.to_string() />
                <div class="limit-fields">
                    <Field
                        name="form[value]"
                        label=label
                        help="Empty for no limit."
                        error=form.field_error("value")
                        stacked=true
                        id=value_id
                    >
                        <TextInput value=value inputmode="decimal" mono=true autocomplete="off" />
                    </Field>
                    <Field
                        name="form[action]"
                        label="When it is reached"
                        help="Owners are mailed in any case."
                        error=form.field_error("action")
                        stacked=true
                        id=action_id
                    >
                        <Select options=options.to_vec() value=action />
                    </Field>
                </div>
                <p class="limit-effect quiet">{effect}</p>
                <LoadTheirs fault=form.status.fault reload=reload />
                <div class="form-actions">
                    <SubmitButton label="Save limit" busy_label="Saving…" pending=form.pending />
                </div>
            </PlainForm>
        }
        .into_any()
    }

    /// Without its place on the page, or the browser would only scroll there.
    fn reload(self) -> String {
        paths::org(&self.org.handle).usage(&UsageQuery { rehearse: None, ..self.query.clone() })
    }

    /// The test and the rehearsal.
    fn acts(self, forms: LimitForms, can_set: bool, rehearsed: bool) -> AnyView {
        let dimension = self.view.dimension;
        let form = forms.test[dimension as usize];
        let what = dimension.label().to_lowercase();
        let label = ["Test the warning of ", &what].concat();
        let handle = self.org.handle.to_string();
        let test = (can_set && self.view.limit.is_some()).then(|| {
            view! {
                <PlainForm form=form failed="No warning was mailed" class="limit-test" label=label>
                    {move || form.answer().map(told)}
                    <input type="hidden" name="handle" value=handle />
                    <input type="hidden" name="dimension" value=dimension.name() />
                    <SubmitButton
                        label="Send test warning"
                        busy_label="Sending…"
                        pending=form.pending
                        tone=Tone::Neutral
                        icon=ui::Icon::Mail
                    />
                </PlainForm>
            }
        });
        // One link for both, so that it keeps the focus.
        let (there, words) = match rehearsed {
            true => (None, "Close the rehearsal"),
            false => (Some(dimension), "What would a cap stop?"),
        };
        let there = self.address(there);
        let rehearse = view! {
            <a class="btn btn-quiet" href=there>
                {words}
                <span class="sr-only">{[" Of ", &what].concat()}</span>
            </a>
        };
        view! { <div class="limit-acts">{test} {rehearse}</div> }.into_any()
    }
}

fn told(owners: u64) -> AnyView {
    let text = match owners {
        1 => "Mailed to 1 owner.".to_owned(),
        _ => ["Mailed to ", &owners.to_string(), " owners."].concat(),
    };
    view! {
        <Alert tone=Tone::Success assertive=true>
            <p>{text}</p>
        </Alert>
    }
    .into_any()
}

fn state(view: &LimitView) -> (Tone, &'static str) {
    match &view.limit {
        _ if view.capped_since.is_some() => (Tone::Danger, "Capped"),
        None => (Tone::Neutral, "No limit"),
        Some(limit) => match limit.percent(view.used) {
            100.. => (Tone::Warning, "Limit reached"),
            75..100 => (Tone::Warning, "Near the limit"),
            _ => (Tone::Success, "Below the limit"),
        },
    }
}

/// Bar, percentage, forecast, and what was mailed.
fn standing(view: &LimitView, limit: &Limit) -> AnyView {
    let percent = limit.percent(view.used);
    let width = percent.clamp(0, 100).to_string();
    let class = match percent {
        100.. => "bar bar-full",
        75..100 => "bar bar-near",
        _ => "bar",
    };
    let forecast = view.forecast.map(|forecast| forecast_words(forecast, view.dimension));
    let mailed: Vec<String> = view.mailed.iter().map(|step| [&step.to_string(), "%"].concat()).collect();
    let mailed = match mailed.is_empty() {
        true => "No warning was mailed yet in this cycle.".to_owned(),
        false => ["Mailed in this cycle: at ", &mailed.join(", "), "."].concat(),
    };
    view! {
        <div class="limit-bar">
            <svg class=class viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect class="bar-value" width=width height="8"></rect>
            </svg>
            <span class="limit-percent mono">{[&percent.to_string(), "%"].concat()}</span>
        </div>
        <p>{forecast}</p>
        <p class="quiet">{mailed}</p>
    }
    .into_any()
}

fn forecast_words(forecast: Forecast, dimension: Dimension) -> String {
    match (forecast, dimension.reading()) {
        (Forecast::Unknown, _) => "There aren't enough full days to tell when it will be crossed.".to_owned(),
        (Forecast::Crossed, _) => "The limit is crossed.".to_owned(),
        (Forecast::On(day), _) => ["Crosses the limit on ", &day.to_string(), " if it goes on like this."].concat(),
        (Forecast::NotSoon, Reading::Flow) => "Not crossed before the cycle ends, if it goes on like this.".to_owned(),
        (Forecast::NotSoon, Reading::Level) => "Not crossed within a year, if it goes on like this.".to_owned(),
    }
}
