//! Reading a chosen file into a picture that the page can show. In the browser only.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{File, FileReader, HtmlImageElement};

use super::crop::Picture;

/// Reads `file` and tells what it shows; `None` when the browser can't make a picture of it. As a `data:` URL: those the
/// page's policy allows.
pub fn read(file: &File, told: Callback<Option<Picture>>) {
    let Ok(reader) = FileReader::new() else { return told.run(None) };
    let done = {
        let reader = reader.clone();
        Closure::once_into_js(move || match reader.result().ok().and_then(|url| url.as_string()) {
            Some(url) => measure(url, told),
            None => told.run(None),
        })
    };
    // An error ends the load as well, without a result.
    reader.set_onloadend(Some(done.unchecked_ref()));
    if reader.read_as_data_url(file).is_err() {
        told.run(None);
    }
}

/// How large the picture is, as people see it.
fn measure(url: String, told: Callback<Option<Picture>>) {
    let Ok(image) = HtmlImageElement::new() else { return told.run(None) };
    let loaded = {
        let (image, url) = (image.clone(), url.clone());
        Closure::once_into_js(move || {
            let (width, height) = (f64::from(image.natural_width()), f64::from(image.natural_height()));
            told.run((width > 0.0 && height > 0.0).then_some(Picture { url, width, height }));
        })
    };
    let failed = Closure::once_into_js(move || told.run(None));
    image.set_onload(Some(loaded.unchecked_ref()));
    image.set_onerror(Some(failed.unchecked_ref()));
    image.set_src(&url);
}
