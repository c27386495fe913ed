//! Reading and writing a form's controls as a person would, so that everything that listens to them hears of it.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventInit, HtmlTextAreaElement};

/// Replaces a text area's text, unless it says that already.
pub fn type_into(textarea: &HtmlTextAreaElement, text: &str) {
    if textarea.value() != text {
        textarea.set_value(text);
        announce(textarea, "input");
    }
}

/// Dispatches an event that bubbles, as the browser does after a person's act.
pub fn announce(element: &Element, event: &str) {
    let init = EventInit::new();
    init.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict(event, &init) {
        // Fails only for an event that is being dispatched already.
        let _ = element.dispatch_event(&event);
    }
}

/// Focuses the text area with the cursor at a place (both from 1, the column in characters).
pub fn put_cursor(textarea: &HtmlTextAreaElement, line: u32, column: u32) {
    let offset = offset_of(&textarea.value(), line, column);
    // Without focus first, browsers don't scroll to the cursor.
    let _ = textarea.unchecked_ref::<web_sys::HtmlElement>().focus();
    let _ = textarea.set_selection_range(offset, offset);
}

/// The place in UTF-16 units from the start, which is what text areas count in.
fn offset_of(text: &str, line: u32, column: u32) -> u32 {
    let lines_before = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
    let characters_before = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
    let start: usize = text.split_inclusive('\n').take(lines_before).map(str::len).sum();
    let within = text[start..].chars().take_while(|c| *c != '\n').take(characters_before);
    let units = text[..start].encode_utf16().count() + within.map(char::len_utf16).sum::<usize>();
    u32::try_from(units).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::offset_of;

    #[test]
    fn places_are_counted_in_utf_16_units() {
        let text = "{\n  \"😀\": 1\n}";
        for (line, column, offset) in [(1, 1, 0), (2, 1, 2), (2, 5, 7), (3, 1, 12), (2, 99, 11), (9, 9, 13)] {
            assert_eq!(offset_of(text, line, column), offset, "line {line}, column {column}");
        }
    }
}
