//! An avatar: a picture, or else initials on one of ten hues, the same for an id for ever.

use domain::avatar::{AvatarFile, AvatarHash};
use leptos::prelude::*;

/// How large an avatar is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AvatarSize {
    #[default]
    Small,
    Large,
}

/// `id`: the bytes of the id the avatar belongs to; `text`: one or two letters.
#[component]
pub fn Avatar(
    id: [u8; 16],
    #[prop(into)] text: String,
    #[prop(optional_no_strip)] picture: Option<AvatarHash>,
    #[prop(optional)] size: AvatarSize,
    /// Loaded when it comes into sight, for long lists.
    #[prop(optional)]
    lazy: bool,
) -> AnyView {
    let large = size == AvatarSize::Large;
    if let Some(picture) = picture {
        let (file, side) = if large { (AvatarFile::Large, "48") } else { (AvatarFile::Small, "24") };
        // It says nothing that the name beside it doesn't.
        return view! {
            <img
                class="avatar avatar-picture"
                class:avatar-large=large
                src=picture.address(file)
                width=side
                height=side
                alt=""
                loading=lazy.then_some("lazy")
                decoding="async"
            />
        }
        .into_any();
    }
    view! {
        <span class=hue(&id) class:avatar-large=large aria-hidden="true">
            {text}
        </span>
    }
    .into_any()
}

/// UUIDv7 begins with the time, so that ids made together differ only at their end: every byte counts.
fn hue(id: &[u8; 16]) -> &'static str {
    let sum = id.iter().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(*byte)));
    match sum % 10 {
        0 => "avatar avatar-0",
        1 => "avatar avatar-1",
        2 => "avatar avatar-2",
        3 => "avatar avatar-3",
        4 => "avatar avatar-4",
        5 => "avatar avatar-5",
        6 => "avatar avatar-6",
        7 => "avatar avatar-7",
        8 => "avatar avatar-8",
        _ => "avatar avatar-9",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_in_a_row_get_different_hues() {
        let hues: std::collections::HashSet<_> =
            (0..20).map(|last| hue(&[7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, last])).collect();
        assert_eq!(hues.len(), 10);
    }
}
