//! The console's primitives: small components with their looks and their accessibility, and nothing else. They know
//! no router, no server function and no page; text and links come in as properties.
//!
//! Looks live in `style/`: a component names a class, the style sheet says what it looks like in either theme.

pub mod avatar;
pub mod button;
pub mod chart;
pub mod control;
pub mod copy;
pub mod dialog;
pub mod feedback;
pub mod field;
pub mod icon;
pub mod layout;
pub mod time;
pub mod toast;

pub use avatar::{Avatar, AvatarSize};
pub use button::{Button, SubmitButton, Tone};
pub use chart::{Chart, ChartData, ChartPart, Hue, Inclusion, Unit};
pub use control::{Checkbox, PasswordInput, Radio, Select, TextArea, TextInput, Toggle};
pub use copy::CopyBox;
pub use dialog::Dialog;
pub use feedback::{Alert, Badge, EmptyState, Skeleton};
pub use field::{Field, FieldGroup, FieldIds};
pub use icon::Icon;
pub use layout::{Fact, Facts, PageHeader, Section};
pub use time::Moment;
pub use toast::{Toast, Toaster, Toasts};

use leptos::prelude::*;

/// `false` on the server and while hydrating, `true` as soon as the page is interactive: for what differs from the
/// page that works without JavaScript.
pub fn use_interactive() -> ReadSignal<bool> {
    let (interactive, set_interactive) = signal(false);
    Effect::new(move |_| set_interactive.set(true));
    interactive
}
