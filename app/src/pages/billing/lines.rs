//! The lines of a bill, and what they come to.

use domain::billing::{Bill, Line};
use leptos::prelude::*;

pub fn lines(bill: &Bill, caption: &'static str) -> AnyView {
    let rows = bill.lines.iter().cloned().map(row).collect_view();
    let total = bill.total.to_string();
    view! {
        <table class="table bill">
            <caption class="sr-only">{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">"For"</th>
                    <th scope="col" class="number">
                        "Quantity"
                    </th>
                    <th scope="col" class="number">
                        "Price"
                    </th>
                    <th scope="col" class="number">
                        "Amount"
                    </th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
            <tfoot>
                <tr>
                    <th scope="row" colspan="3">
                        "Total"
                    </th>
                    <td class="number mono">
                        {total}
                    </td>
                </tr>
            </tfoot>
        </table>
    }
    .into_any()
}

fn row(line: Line) -> AnyView {
    let cell = |text: String| if text.is_empty() { "–".to_owned() } else { text };
    view! {
        <tr>
            <th scope="row" class="cell-main">
                {line.text}
            </th>
            <td class="number mono" data-label="Quantity">
                {cell(line.quantity)}
            </td>
            <td class="number mono" data-label="Price">
                {cell(line.unit_price)}
            </td>
            <td class="number mono" data-label="Amount">
                {line.amount.to_string()}
            </td>
        </tr>
    }
    .into_any()
}
