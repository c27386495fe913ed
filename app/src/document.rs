//! The HTML document around the app, with our own hydration tags: the stock ones know no hashed file names and would
//! write the nonce into preload links, where scripts can read it.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;
use serde::Deserialize;

use crate::App;

/// The packed site's files that documents refer to, by their addresses. It stands in the pack's header, and the server
/// provides it to every render.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct SiteEntry {
    /// The glue module that loads the wasm.
    pub js: String,
    pub wasm: String,
    pub css: String,
    /// Monaco's bundle and style sheet, which only the Admin page loads.
    pub monaco: String,
    pub monaco_css: String,
    pub favicon: String,
    /// The WebAssembly that each of [`crate::parts`] consists of.
    pub parts: BTreeMap<String, Vec<String>>,
}

/// The class of the root element by which the style sheet knows that script runs.
pub(crate) const SCRIPT_RUNS: &str = "js";

/// Applies the stored theme before the first paint, and tells the style sheet that script runs.
const THEME_SCRIPT: &str = r#"(function(d){d.classList.add("js");try{var t=localStorage.getItem("theme");if(t==="light"||t==="dark")d.dataset.theme=t}catch(e){}})(document.documentElement)"#;

/// The document of every page.
pub fn shell(_options: LeptosOptions) -> impl IntoView {
    let site = use_context::<Arc<SiteEntry>>();
    let head = site.as_ref().map(|site| {
        view! {
            <link rel="icon" href=site.favicon.clone() />
            <link rel="stylesheet" href=site.css.clone() />
            <link rel="modulepreload" href=site.js.clone() />
            <link rel="preload" href=site.wasm.clone() r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
            <script type="module" nonce=use_nonce()>
                {hydration_script(&site.js, &site.wasm)}
            </script>
        }
    });
    let (monaco, monaco_css) = site.map(|site| (site.monaco.clone(), site.monaco_css.clone())).unzip();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-monaco=monaco data-monaco-css=monaco_css>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <script nonce=use_nonce()>{THEME_SCRIPT}</script>
                {head}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Loads and starts the wasm. An old tab whose files are gone after an update loads the page anew, once; when that does
/// not help either, the page is shown as to people without script. A page that answers a form posted before the wasm ran
/// has the form's address (see `paths::answer`), where the router would find no page; it takes on its own first.
fn hydration_script(js: &str, wasm: &str) -> String {
    format!(
        r#"if(/^\/fn\/|^\/organizations\/[^/]+\/avatar$/.test(location.pathname))history.replaceState(null,"",new URLSearchParams(location.search).get("page")||"/");const flag="reloaded-for-update";import({js:?}).then(async m=>{{await m.default({{module_or_path:{wasm:?}}});m.hydrate();sessionStorage.removeItem(flag)}}).catch(e=>{{console.error(e);if(!sessionStorage.getItem(flag)){{sessionStorage.setItem(flag,"1");location.reload()}}else document.documentElement.classList.remove({SCRIPT_RUNS:?})}})"#
    )
}

/// Addresses of Monaco's bundle and style sheet, as the document names them. In the browser only.
pub fn monaco_entry() -> Option<(String, String)> {
    let root = document().document_element()?;
    Some((root.get_attribute("data-monaco")?, root.get_attribute("data-monaco-css")?))
}
