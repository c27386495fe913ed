//! Plans that organizations can be on: the list, and one of them.

mod form;
mod list;
mod one;

pub use list::PlansPage;
pub use one::PlanPage;

use domain::billing::Buyer;

/// Who may buy it, in a word or two.
const fn buyer_label(buyer: Buyer) -> &'static str {
    match buyer {
        Buyer::Owners => "Owners",
        Buyer::Partners => "Partners",
        Buyer::Nobody => "Nobody",
    }
}
