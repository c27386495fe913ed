//! Choosing the square of a picture: by dragging, by arrow keys, and by a slider for its size.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;

use super::square::{Square, ZOOM_MAX};

/// A picture that was chosen, as the page can show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// A `data:` URL.
    pub url: String,
    /// As people see it, in pixels.
    pub width: f64,
    pub height: f64,
}

/// Part of the square's side that one press of an arrow key moves it.
const KEY_STEP: f64 = 0.05;
const KEY_ZOOM: f64 = 10.0;

/// The picture under a window that shows the square.
#[component]
pub fn CropStage(picture: Picture, square: RwSignal<Square>) -> AnyView {
    let stage = NodeRef::<leptos::html::Div>::new();
    // Where the pointer took hold, and the square then.
    let held = StoredValue::new(None::<(i32, i32, Square)>);
    let hold = move |event: PointerEvent| {
        held.set_value(Some((event.client_x(), event.client_y(), square.get_untracked())));
        if let Some(stage) = stage.get_untracked() {
            // Without it a quick pointer leaves the picture behind.
            let _ = stage.set_pointer_capture(event.pointer_id());
        }
    };
    let drag = move |event: PointerEvent| {
        let width = stage.get_untracked().map_or(0, |stage| stage.client_width());
        if let Some((x, y, from)) = held.get_value().filter(|_| width > 0) {
            let scale = from.side / f64::from(width);
            let (dx, dy) = (f64::from(x - event.client_x()), f64::from(y - event.client_y()));
            square.set(from.moved(dx * scale, dy * scale));
        }
    };
    let release = move |_: PointerEvent| held.set_value(None);
    let keys = move |event: KeyboardEvent| {
        let step = square.with_untracked(|square| square.side * KEY_STEP);
        let now = square.get_untracked();
        let next = match event.key().as_str() {
            "ArrowLeft" => now.moved(-step, 0.0),
            "ArrowRight" => now.moved(step, 0.0),
            "ArrowUp" => now.moved(0.0, -step),
            "ArrowDown" => now.moved(0.0, step),
            "+" | "=" => now.zoomed(now.zoom() + KEY_ZOOM),
            "-" => now.zoomed(now.zoom() - KEY_ZOOM),
            _ => return,
        };
        event.prevent_default();
        square.set(next);
    };
    view! {
        <p class="crop-help" id="crop-help">
            "Drag the picture, or use the arrow keys. Plus and minus change the size."
        </p>
        <div
            class="crop-stage"
            tabindex="0"
            role="application"
            aria-label="The square that is kept"
            aria-describedby="crop-help"
            node_ref=stage
            on:pointerdown=hold
            on:pointermove=drag
            on:pointerup=release
            on:pointercancel=release
            on:keydown=keys
        >
            <img class="crop-picture" src=picture.url alt="" draggable="false" style=move || square.get().style() />
        </div>
        <label class="crop-zoom">
            <span>"Zoom"</span>
            <input
                type="range"
                min="100"
                max=ZOOM_MAX.to_string()
                step="1"
                aria-valuetext=move || [&square.get().zoom().round().to_string(), " percent"].concat()
                prop:value=move || square.get().zoom().round().to_string()
                on:input=move |event| {
                    if let Ok(zoom) = event_target_value(&event).parse() {
                        square.update(|square| *square = square.zoomed(zoom));
                    }
                }
            />
        </label>
        <p class="sr-only" role="status">
            {move || square.get().words()}
        </p>
    }
    .into_any()
}
