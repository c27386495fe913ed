//! How a page loads: one loader, one model, one view. Nothing else sets a page's status or title.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use domain::Fault;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_navigate, use_params_map, use_url};
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;
use serde::de::DeserializeOwned;
use ui::{EmptyState, Icon, Skeleton};

use crate::api::Failure;
use crate::frame::BareFrame;
use crate::paths;
use crate::wire::{self, Ask, Call};

/// Loads the current page anew, keeping it on screen meanwhile. In the context of every page made by [`load`].
#[derive(Clone, Copy)]
pub struct Reload(Callback<()>);

impl Reload {
    /// Loads the page anew.
    pub fn run(self) {
        self.0.run(());
    }
}

/// The page's [`Reload`].
pub fn use_reload() -> Reload {
    use_context::<Reload>().unwrap_or_else(|| Reload(Callback::new(|()| ())))
}

/// What a page says in place of “Page not found”, when it knows better what isn't there.
#[derive(Debug, Clone, Copy)]
pub struct Gone {
    pub title: &'static str,
    pub text: &'static str,
}

/// A page whose model answers `ask`, asked again when the question changes. `title` names it in the browser's tab;
/// `view` shows it.
pub fn load<T: DeserializeOwned + 'static>(
    ask: impl Fn() -> Ask<T> + Send + Sync + 'static,
    title: fn(&T) -> String,
    view: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    load_or_gone(ask, title, view, None)
}

/// As [`load`], with the page's own words for what can't be found.
pub fn load_or_gone<T: DeserializeOwned + 'static>(
    ask: impl Fn() -> Ask<T> + Send + Sync + 'static,
    title: fn(&T) -> String,
    view: impl Fn(T) -> AnyView + Send + Sync + 'static,
    gone: Option<Gone>,
) -> AnyView {
    let show = move |text: &str| {
        let model: T = wire::read(text)?;
        let title = title(&model);
        Ok((title, view(model)))
    };
    load_text(Box::new(move || ask().call), Arc::new(show), gone)
}

/// A model's text to its page's title and view.
type Show = Arc<dyn Fn(&str) -> Result<(String, AnyView), Failure> + Send + Sync>;

/// Loads and shows a page without knowing its model's type, so that it is compiled once.
fn load_text(call: Box<dyn Fn() -> Call + Send + Sync>, show: Show, gone: Option<Gone>) -> AnyView {
    let model = Resource::new_str(call, |call: Call| async move { Loaded(call.make().await) });
    provide_context(Reload(Callback::new(move |()| model.refetch())));
    let (params, sides) = (use_params_map(), Sides::new());
    let shown = move || {
        let show = show.clone();
        Suspend::new(async move {
            match model.await.0.and_then(|text| show(&text)) {
                Ok((title, page)) => {
                    let page = sides.show(params.with_untracked(ParamsMap::to_query_string), page);
                    view! {
                        <PageTitle title=title />
                        {page}
                    }
                    .into_any()
                }
                Err(Failure(fault)) => view! { <FaultPage fault=fault gone=gone /> }.into_any(),
            }
        })
    };
    // On the server the model comes once, and a closure would be called twice: the page would be made for nothing.
    #[cfg(feature = "ssr")]
    let shown = shown();
    view! { <Transition fallback=skeleton>{shown}</Transition> }.into_any()
}

/// Other parameters in the path make another page, though the route be the same: its elements are made anew, and nothing
/// typed on the page before stands on it. The same page loaded again keeps them.
#[derive(Clone, Copy)]
struct Sides(StoredValue<(Option<String>, bool)>);

impl Sides {
    fn new() -> Self {
        Self(StoredValue::new((None, false)))
    }

    fn show(self, params: String, page: AnyView) -> Either<AnyView, AnyView> {
        let flipped = self.0.try_update_value(|(last, flipped)| {
            *flipped ^= last.as_ref().is_some_and(|last| *last != params);
            *last = Some(params);
            *flipped
        });
        if flipped.unwrap_or(false) { Either::Right(page) } else { Either::Left(page) }
    }
}

/// A model's JSON on its way into the page and out of it again; a mark before it tells a fault from a model.
#[derive(Clone)]
struct Loaded(Result<String, Failure>);

impl fmt::Display for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(text) => write!(f, "+{text}"),
            Err(failure) => write!(f, "-{}", serde_json::to_string(failure).map_err(|_| fmt::Error)?),
        }
    }
}

impl FromStr for Loaded {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.strip_prefix('-') {
            Some(fault) => Ok(Self(Err(serde_json::from_str(fault)?))),
            None => Ok(Self(Ok(text.strip_prefix('+').unwrap_or(text).to_owned()))),
        }
    }
}

/// A page's parameter from its path.
pub fn param(name: &'static str) -> impl Fn() -> String + Copy + Send + Sync {
    let params = use_params_map();
    move || params.with(|params| params.get(name).unwrap_or_default())
}

/// The path of the page shown last, so that a new page can be told from the same one loaded again.
#[derive(Clone, Copy)]
pub struct LastPath(StoredValue<Option<String>>);

impl LastPath {
    /// Puts it into the context, once for the whole app.
    pub fn provide() {
        provide_context(Self(StoredValue::new(None)));
    }
}

/// After a navigation without a document load, the focus would be lost with the old page: gives it to the new heading,
/// where screen readers begin to read.
fn focus_heading_of_new_page() {
    let last_path = use_context::<LastPath>();
    let path = use_url().with_untracked(|url| url.path().to_owned());
    Effect::new(move |_| {
        let Some(LastPath(last)) = last_path else { return };
        let before = last.get_value();
        last.set_value(Some(path.clone()));
        if before.is_some_and(|before| before != path) {
            // By then the old page is gone, and with it whatever had the focus there.
            request_animation_frame(focus_heading);
        }
    });
}

/// Unless something of the page took the focus already.
fn focus_heading() {
    use wasm_bindgen::JsCast;
    let has_focus = document().active_element().is_some_and(|element| element.tag_name() != "BODY");
    let heading = document().query_selector("h1").ok().flatten().filter(|_| !has_focus);
    if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = heading.focus();
    }
}

/// Says on the document that the page answers to script from here on. End-to-end tests wait for it, as a person waits
/// without knowing.
fn say_interactive() {
    Effect::new(|_| {
        if let Some(root) = document().document_element() {
            // Refused only for a name that no attribute can have.
            let _ = root.set_attribute("data-interactive", "");
        }
    });
}

/// The browser tab's title: “Organizations · Tenantry”. Every page has one.
#[component]
pub fn PageTitle(#[prop(into)] title: String) -> AnyView {
    focus_heading_of_new_page();
    say_interactive();
    view! { <Title text=[&title, " · Tenantry"].concat() /> }.into_any()
}

fn skeleton() -> AnyView {
    view! {
        <div class="frame frame-loading">
            <div class="topbar"></div>
            <main class="content">
                <Skeleton />
            </main>
        </div>
    }
    .into_any()
}

/// The page in place of one that could not be loaded: what happened, what was kept, what to do.
#[component]
pub fn FaultPage(fault: Fault, #[prop(optional_no_strip)] gone: Option<Gone>) -> AnyView {
    if fault == Fault::SignInRequired {
        return view! { <ToSignIn /> }.into_any();
    }
    if let Fault::Moved { handle } = &fault {
        let there = paths::with_handle(&use_url().with_untracked(path_and_query), handle);
        let redirect = view! { <Redirect to=there /> };
        set_status(308);
        return redirect.into_any();
    }
    set_status(fault.status());
    let gone = gone.filter(|_| fault == Fault::NotFound);
    let (title, icon) = match &fault {
        Fault::NotFound => (gone.map_or("Page not found", |gone| gone.title), Icon::Missing),
        Fault::Forbidden { .. } => ("You can't open this page", Icon::Shield),
        Fault::Throttled { .. } | Fault::Busy { .. } => ("Too busy at the moment", Icon::Clock),
        Fault::Unreachable { .. } => ("The server can't be reached", Icon::Warning),
        _ => ("This page could not be loaded", Icon::Error),
    };
    let text = match &fault {
        Fault::NotFound if gone.is_some() => gone.map(|gone| gone.text.to_owned()).unwrap_or_default(),
        Fault::NotFound => "There is nothing at this address, or you don't have access to it. Check the address, or \
                            go to the organizations you can open."
            .to_owned(),
        fault => fault.to_string(),
    };
    let can_retry = !matches!(fault, Fault::NotFound | Fault::Forbidden { .. });
    let here = use_url().read_untracked().path().to_owned();
    view! {
        <PageTitle title=title />
        <BareFrame>
            <h1 class="sr-only" tabindex="-1">
                {title}
            </h1>
            <EmptyState icon=icon title=title text=text>
                {can_retry
                    .then(|| {
                        view! {
                            <a class="btn btn-primary" href=here rel="external">
                                "Try again"
                            </a>
                        }
                    })}
                <a class="btn btn-quiet" href=paths::home()>
                    "Go to organizations"
                </a>
            </EmptyState>
        </BareFrame>
    }
    .into_any()
}

/// Path and query as the router knows them.
fn path_and_query(url: &Url) -> String {
    match url.search() {
        "" => url.path().to_owned(),
        search => [url.path(), "?", search].concat(),
    }
}

/// Leads to the sign-in page, and from there back here.
#[component]
fn ToSignIn() -> AnyView {
    let here = use_url().with_untracked(path_and_query);
    view! { <Redirect to=paths::sign_in(Some(&here)) /> }.into_any()
}

/// Goes to another page at once: by the response on the server, by the router in the browser.
#[component]
pub fn Redirect(#[prop(into)] to: String) -> AnyView {
    #[cfg(feature = "ssr")]
    leptos_axum::redirect(&to);
    let navigate = use_navigate();
    let options = leptos_router::NavigateOptions { replace: true, ..Default::default() };
    Effect::new(move |_| navigate(&to, options.clone()));
    view! { <p class="sr-only">"Redirecting"</p> }.into_any()
}

/// The response's status, when this is rendered on the server.
fn set_status(status: u16) {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(status)) =
        (use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(status))
    {
        response.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}
