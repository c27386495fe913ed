//! Choosing, field by field, between what somebody else saved and what was typed here.

use domain::Fault;
use domain::org::AdminPage;
use domain::revision::FieldConflict;
use domain::settings::SettingsForm;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::state::AdminState;
use super::values;
use crate::api::admin::LoadAdmin;
use crate::form::FormStatus;
use crate::wire::Ask;

/// The choice between the two sides of a stale save. There is one only where script runs and their values are known.
#[derive(Clone, Copy)]
pub struct Choice {
    state: AdminState,
    sides: RwSignal<Option<Sides>>,
    /// Fields whose control shows theirs.
    theirs_taken: RwSignal<Vec<String>>,
}

#[derive(Clone)]
struct Sides {
    theirs: SettingsForm,
    /// As typed when the save was refused.
    mine: SettingsForm,
}

impl Choice {
    /// Watches the form's faults. `model` gets the page as the other person left it.
    pub fn new(state: AdminState, status: FormStatus, model: RwSignal<AdminPage>) -> Self {
        let choice = Self { state, sides: RwSignal::new(None), theirs_taken: RwSignal::new(Vec::new()) };
        let first = StoredValue::new(true);
        Effect::new(move |_| {
            let stale = status.fault.with(|fault| match fault {
                Some(Fault::Stale { fields, .. }) => Some(fields.clone()),
                _ => None,
            });
            // A page that came as the answer to the post was already rendered over their values.
            let came_with_page = first.try_update_value(std::mem::take).unwrap_or(false);
            match stale {
                Some(fields) if came_with_page => choice.offer(&fields, state.saved.get_untracked()),
                Some(fields) => choice.fetch(fields, model),
                None => choice.sides.set(None),
            }
        });
        choice
    }

    /// Gets their values. What was typed stays; fields that nobody touched here follow theirs.
    fn fetch(self, fields: Vec<FieldConflict>, model: RwSignal<AdminPage>) {
        let handle = model.with_untracked(|page| page.org.handle.to_string());
        spawn_local(async move {
            // The page may have been left meanwhile.
            if let Ok(page) = Ask::of(LoadAdmin { handle }).answer().await
                && !model.is_disposed()
            {
                let theirs = page.form.clone();
                model.set(page);
                self.offer(&fields, theirs);
            }
        });
    }

    fn offer(self, fields: &[FieldConflict], theirs: SettingsForm) {
        let Some(form) = self.state.form() else { return };
        let mine = self.state.typed.get_untracked();
        let followed = fields.iter().filter(|conflict| !conflict.touched);
        self.theirs_taken.set(followed.map(|conflict| conflict.field.clone()).collect());
        self.state.saved.set(theirs.clone());
        values::rebase(&form, &theirs);
        self.sides.set(Some(Sides { theirs, mine }));
    }

    fn choose(self, field: &str, theirs: bool) {
        let (Some(form), Some(sides)) = (self.state.form(), self.sides.get_untracked()) else { return };
        values::write(&form, field, if theirs { &sides.theirs } else { &sides.mine });
        self.theirs_taken.update(|taken| {
            taken.retain(|name| name != field);
            if theirs {
                taken.push(field.to_owned());
            }
        });
    }

    /// The two buttons for one field.
    pub fn buttons(self, conflict: &FieldConflict) -> AnyView {
        let field = StoredValue::new(conflict.field.clone());
        let about = ["choice-", &conflict.field].concat();
        let describes = StoredValue::new(about.clone());
        let button = move |text: &'static str, theirs: bool| {
            let takes_theirs = move || self.theirs_taken.with(|taken| field.with_value(|field| taken.contains(field)));
            view! {
                <button
                    type="button"
                    class="btn btn-quiet btn-tiny choice-button"
                    aria-describedby=describes.get_value()
                    aria-pressed=move || if takes_theirs() == theirs { "true" } else { "false" }
                    on:click=move |_| field.with_value(|field| self.choose(field, theirs))
                >
                    {text}
                </button>
            }
        };
        view! {
            <span class="choice-buttons" hidden=move || self.sides.with(Option::is_none)>
                <span class="sr-only" id=about>
                    {conflict.label.clone()}
                </span>
                {button("Keep mine", false)}
                {button("Take theirs", true)}
            </span>
        }
        .into_any()
    }
}
