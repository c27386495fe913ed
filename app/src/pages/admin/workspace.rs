//! *Workspace settings*: a text area that works without JavaScript, Monaco over it where script runs, and what the
//! rules say of the text.

use domain::settings::field;
use domain::settings::workspace::DnsView;
use leptos::context::Provider;
use leptos::prelude::*;
use ui::{Button, FieldIds, Icon, Section, TextArea, Tone};

use super::editor::{Editor, Stage};
use super::problems::{Problem, Report, report};
use super::state::AdminState;
use super::values::input_name;

const HELP: &str = "A JSON document that every workspace gets: k8sMounts, mounts, envs, dns, homeDirPrefix and \
                    dockerNetwork, all optional. Your formatting and the order of keys are kept.";

#[component]
pub fn WorkspaceSettings(state: AdminState) -> AnyView {
    let editor = Editor::new();
    let text = Memo::new(move |_| state.typed.with(|typed| typed.workspace.clone()));
    let report = Memo::new(move |_| text.with(|text| report(text)));
    let problems = Memo::new(move |_| report.with(|report| report.problems.clone()));
    Effect::new(move |_| editor.mount_when_near(problems));
    Effect::new(move |_| problems.with(|problems| editor.show_problems(problems)));
    let ids = FieldIds::new(&input_name(field::WORKSPACE), state.error(field::WORKSPACE));
    view! {
        <Section id="workspace-settings" title=field::label(field::WORKSPACE) description=HELP>
            <div class="field field-stacked workspace">
                <Toolbar state=state editor=editor />
                <Document state=state editor=editor problems=problems ids=ids.clone() />
                <FieldMessage ids=ids report=report />
                <Remarks report=report editor=editor />
                <p class="field-note">
                    "Programs fetch them by REST, as workspaces are to have them."
                </p>
            </div>
        </Section>
    }
    .into_any()
}

/// The label with the mark for changes, and what one can do with the text.
#[component]
fn Toolbar(state: AdminState, editor: Editor) -> AnyView {
    let label_for = ui::field::control_id(&input_name(field::WORKSPACE));
    let revert = Callback::new(move |_| state.saved.with_untracked(|saved| editor.set_text(&saved.workspace)));
    let format = Callback::new(move |_| editor.format());
    let is_ready = move || editor.stage.get() == Stage::Ready;
    view! {
        <div class="workspace-bar">
            <label class="field-label" for=label_for>
                <span class="sr-only">{field::label(field::WORKSPACE)}</span>
                <span class="field-changed">"changed"</span>
            </label>
            <span class="workspace-format" hidden=move || !is_ready()>
                <Button label="Format" tone=Tone::Neutral icon=Icon::Braces on_press=format />
            </span>
            <Button label="Revert" tone=Tone::Neutral icon=Icon::Restore on_press=revert class="needs-js" />
        </div>
    }
    .into_any()
}

/// The text area and, over it, the editor.
#[component]
fn Document(state: AdminState, editor: Editor, problems: Memo<Vec<Problem>>, ids: FieldIds) -> AnyView {
    let (typed, saved) = (state.typed.get_untracked(), state.saved.get_untracked());
    let follow = Callback::new(move |_: String| editor.follow());
    let on_focus = move |_| {
        editor.mount(problems);
        editor.focus();
    };
    let stage = move || match editor.stage.get() {
        Stage::Plain | Stage::Failed => None,
        Stage::Loading => Some("loading"),
        Stage::Ready => Some("ready"),
    };
    view! {
        <div class="document" data-stage=stage>
            // Under the ready editor only a label or an error's link leads here, and on into the editor.
            <div class="document-plain" on:focusin=on_focus>
                <Provider value=ids>
                    <TextArea
                        value=typed.workspace
                        saved=saved.workspace
                        rows=20
                        mono=true
                        node_ref=editor.textarea
                        on_input=follow
                    />
                </Provider>
            </div>
            <div class="document-editor" node_ref=editor.host hidden=move || editor.stage.get() != Stage::Ready></div>
        </div>
        <p class="document-hint" role="status">
            {move || hint(editor.stage.get(), editor.tab_leaves.get())}
        </p>
    }
    .into_any()
}

/// What to know about the editor right now.
fn hint(stage: Stage, tab_leaves: Option<bool>) -> &'static str {
    match (stage, tab_leaves) {
        (Stage::Plain, _) => "",
        (Stage::Loading, _) => "Loading the editor…",
        (Stage::Failed, _) => "The editor could not be loaded. The text can be edited and saved all the same.",
        (Stage::Ready, None) => "Press Ctrl+M so that Tab leaves the editor, or Escape and then Tab to leave it once.",
        (Stage::Ready, Some(true)) => "Tab leaves the editor now. Press Ctrl+M so that it indents again.",
        (Stage::Ready, Some(false)) => "Tab indents now. Press Ctrl+M so that it leaves the editor.",
    }
}

/// Help and error that the controls are described by. The error is seen only when the remarks below don't say it.
#[component]
fn FieldMessage(ids: FieldIds, report: Memo<Report>) -> AnyView {
    let error = ids.error;
    let is_said = move || report.with(|report| report.problems.iter().any(|problem| !problem.warning));
    view! {
        <p class="sr-only" id=[&ids.id, "-help"].concat()>
            {HELP}
        </p>
        <p class="field-error" class:sr-only=is_said id=[&ids.id, "-error"].concat()>
            {move || error.get().map(|message| view! { {Icon::Error.view()} <span>{message}</span> })}
        </p>
    }
    .into_any()
}

/// Errors or warnings with their places, and `dns` shown back classified.
#[component]
fn Remarks(report: Memo<Report>, editor: Editor) -> AnyView {
    view! {
        <div class="remarks">
            <p class="sr-only" role="status">
                {move || report.with(|report| count(&report.problems))}
            </p>
            {move || {
                let Report { problems, dns } = report.get();
                view! {
                    {(!problems.is_empty()).then(|| list(problems, editor))}
                    {dns.map(|dns| resolved(&dns))}
                }
            }}
        </div>
    }
    .into_any()
}

fn count(problems: &[Problem]) -> String {
    let noun = match problems.first() {
        None => return String::new(),
        Some(first) if first.warning => "warning",
        Some(_) => "error",
    };
    let plural = if problems.len() == 1 { "" } else { "s" };
    [&problems.len().to_string(), " ", noun, plural, " in the workspace settings"].concat()
}

fn list(problems: Vec<Problem>, editor: Editor) -> AnyView {
    let items = problems.into_iter().map(|problem| {
        let place = problem.place();
        let Problem { warning, line, column, pointer, message } = problem;
        let icon = if warning { Icon::Warning } else { Icon::Error };
        view! {
            <li class="remark" class:remark-warning=warning>
                {icon.view()}
                <span class="sr-only">{if warning { "Warning: " } else { "Error: " }}</span>
                <span class="remark-text">{message}</span>
                {place
                    .map(|place| {
                        view! {
                            <button type="button" class="link remark-place" on:click=move |_| editor.go_to(line, column)>
                                {place}
                            </button>
                        }
                    })}
                {(!pointer.is_empty()).then(|| view! { <code class="remark-pointer">{pointer}</code> })}
            </li>
        }
    });
    view! {
        <ul class="remark-list" aria-label="Remarks on the workspace settings">
            {items.collect_view()}
        </ul>
    }
    .into_any()
}

fn resolved(dns: &DnsView) -> AnyView {
    let side = |term: &'static str, entries: &[String]| {
        (!entries.is_empty()).then(|| {
            view! {
                <div class="fact">
                    <dt>{term}</dt>
                    <dd class="mono">{entries.join(", ")}</dd>
                </div>
            }
        })
    };
    view! {
        <div class="dns-view">
            <p class="field-help">"How the entries of dns are read:"</p>
            <dl class="facts">{side("DNS servers", &dns.servers)} {side("Search domains", &dns.search)}</dl>
        </div>
    }
    .into_any()
}
