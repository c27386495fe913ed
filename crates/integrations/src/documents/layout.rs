//! Where everything of an invoice stands, page by page, in points from the top left.

use std::num::NonZeroU32;

use domain::billing::{Invoice, InvoiceState, Line};
use domain::money::Money;

use super::font::{Face, Fonts, clean};

/// A4.
pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;
const LEFT: f32 = 56.0;
const RIGHT: f32 = WIDTH - 56.0;
const TOP: f32 = 56.0;
const BOTTOM: f32 = HEIGHT - 76.0;

const INK: [u8; 3] = [24, 32, 38];
const GREY: [u8; 3] = [94, 104, 112];
const HAIRLINE: [u8; 3] = [214, 219, 223];
const GREEN: [u8; 3] = [21, 111, 69];
const RED: [u8; 3] = [180, 35, 24];

const BODY: f32 = 9.0;
const SMALL: f32 = 8.0;
const LEADING: f32 = 12.5;
/// Above and below a row's text.
const PADDING: f32 = 5.0;
/// Between columns.
const GAP: f32 = 14.0;
const THREE: NonZeroU32 = NonZeroU32::MIN.saturating_add(2);

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Op {
    Text {
        x: f32,
        /// The baseline.
        y: f32,
        size: f32,
        bold: bool,
        colour: [u8; 3],
        text: String,
        /// What it is part of; none for decoration and what is repeated on every page.
        node: Option<usize>,
    },
    Rule {
        from: f32,
        to: f32,
        y: f32,
        thickness: f32,
        colour: [u8; 3],
    },
}

impl Op {
    pub const fn node(&self) -> Option<usize> {
        match self {
            Self::Text { node, .. } => *node,
            Self::Rule { .. } => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Heading,
    Paragraph,
    ColumnHead,
    Cell,
}

/// A part of the document as it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Node {
    pub role: Role,
    /// Of the table, counted from 0 for its head.
    pub row: Option<usize>,
    /// Columns of the table that it fills.
    pub columns: NonZeroU32,
}

pub(super) struct Layout {
    pub pages: Vec<Vec<Op>>,
    /// In reading order.
    pub nodes: Vec<Node>,
}

/// How a text looks.
#[derive(Clone, Copy)]
struct Style {
    size: f32,
    bold: bool,
    colour: [u8; 3],
}

const TEXT: Style = Style { size: BODY, bold: false, colour: INK };
const STRONG: Style = Style { bold: true, ..TEXT };
const LABEL: Style = Style { size: SMALL, colour: GREY, ..TEXT };

/// A column of the table: its edges, and on which side its text stands.
#[derive(Clone, Copy)]
struct Column {
    from: f32,
    to: f32,
    at_right: bool,
}

struct Composer<'a> {
    fonts: &'a Fonts,
    pages: Vec<Vec<Op>>,
    nodes: Vec<Node>,
    y: f32,
}

pub(super) fn lay_out(invoice: &Invoice, fonts: &Fonts) -> Layout {
    let mut composer = Composer { fonts, pages: vec![Vec::new()], nodes: Vec::new(), y: TOP };
    composer.head(invoice);
    composer.parties(invoice);
    composer.table(invoice);
    composer.totals(invoice);
    composer.feet(invoice);
    Layout { pages: composer.pages, nodes: composer.nodes }
}

impl Composer<'_> {
    fn head(&mut self, invoice: &Invoice) {
        let issuer = self.node(Role::Paragraph);
        let style = Style { size: 13.0, ..STRONG };
        let mut y = TOP + 12.0;
        for line in self.face(style).wrap_at_most(&invoice.issuer, style.size, 270.0, 2) {
            self.text(LEFT, y, style, line, Some(issuer));
            y += 17.0;
        }
        let title = self.node(Role::Heading);
        self.text_at_right(RIGHT, TOP + 16.0, Style { size: 22.0, ..STRONG }, "Invoice".into(), Some(title));
        let state = self.node(Role::Paragraph);
        let (words, colour) = match &invoice.state {
            InvoiceState::Open => (format!("Open, due on {}", invoice.due), INK),
            InvoiceState::Paid { at, .. } => (format!("Paid on {}", at.day()), GREEN),
            InvoiceState::Void { at, .. } => (format!("Void since {}: nothing is due", at.day()), RED),
        };
        self.text_at_right(RIGHT, TOP + 36.0, Style { size: 10.0, colour, ..STRONG }, words, Some(state));
        self.y = TOP + 58.0;
        self.rule(LEFT, RIGHT, self.y, 0.75, INK);
        self.y += 24.0;
    }

    /// Who is billed, and the invoice's dates beside it; under both why it was made void, or how it was paid.
    fn parties(&mut self, invoice: &Invoice) {
        let mut y = self.y;
        let node = self.node(Role::Paragraph);
        self.text(LEFT, y, LABEL, "Bill to".into(), Some(node));
        let style = Style { size: 11.0, ..STRONG };
        for line in self.face(style).wrap_at_most(&invoice.bill_to.display_name, style.size, 240.0, 3) {
            y += 16.0;
            self.text(LEFT, y, style, line, Some(node));
        }
        for line in self.face(TEXT).wrap_at_most(&invoice.bill_to.handle, BODY, 240.0, 2) {
            y += 14.0;
            self.text(LEFT, y, Style { colour: GREY, ..TEXT }, line, Some(node));
        }
        let mut beside = self.y;
        for (label, value) in [
            ("Number", invoice.number.to_string()),
            ("Issued", invoice.issued.to_string()),
            ("Due", invoice.due.to_string()),
            ("Period", invoice.cycle.to_string()),
            ("Currency", invoice.bill.currency.to_string()),
        ] {
            let node = self.node(Role::Paragraph);
            self.text(340.0, beside, Style { colour: GREY, ..TEXT }, label.into(), Some(node));
            self.text_at_right(RIGHT, beside, TEXT, value, Some(node));
            beside += 15.0;
        }
        self.y = y.max(beside - 15.0) + 24.0;
        let note = match &invoice.state {
            InvoiceState::Void { reason, .. } => Some(("Void: ", reason)),
            InvoiceState::Paid { note, .. } => Some(("Payment: ", note)),
            InvoiceState::Open => None,
        };
        if let Some((label, words)) = note.filter(|(_, words)| !clean(words).is_empty()) {
            let node = self.node(Role::Paragraph);
            for line in self.face(TEXT).wrap_at_most(&format!("{label}{words}"), BODY, RIGHT - LEFT, 6) {
                self.text(LEFT, self.y, TEXT, line, Some(node));
                self.y += LEADING;
            }
            self.y += 12.0;
        }
    }

    fn table(&mut self, invoice: &Invoice) {
        let columns = self.columns(invoice);
        let heads = heads(invoice);
        let nodes = [(); 4].map(|()| self.cell(Role::ColumnHead, 0));
        self.table_head(&columns, &heads, nodes.map(Some));
        for (number, line) in invoice.bill.lines.iter().enumerate() {
            let nodes = [(); 4].map(|()| self.cell(Role::Cell, number + 1));
            // A cell without text would leave the structure, and those after it would move under another head.
            if let (true, Some(node)) = (is_plain(line), self.nodes.get_mut(nodes[0])) {
                node.columns = THREE;
            }
            self.row(&columns, &heads, line, nodes);
        }
    }

    /// The amounts take what they need, quantities and prices up to a part of the rest.
    fn columns(&self, invoice: &Invoice) -> [Column; 4] {
        let lines = &invoice.bill.lines;
        let heads = heads(invoice);
        let widest = |head: &str, texts: &mut dyn Iterator<Item = String>| {
            let face = &self.fonts.regular;
            texts.map(|text| face.width(&clean(&text), BODY)).fold(self.fonts.bold.width(head, SMALL), f32::max).ceil()
        };
        let amount = widest(&heads[3], &mut lines.iter().map(|line| line.amount.figures()));
        let rest = RIGHT - LEFT - amount - 3.0 * GAP;
        let price = widest(&heads[2], &mut lines.iter().map(|line| line.unit_price.clone())).min(rest * 0.28);
        let quantity = widest(&heads[1], &mut lines.iter().map(|line| line.quantity.clone())).min(rest * 0.28);
        let mut to = RIGHT;
        let [amount, price, quantity] = [amount, price, quantity].map(|width| {
            let column = Column { from: to - width, to, at_right: true };
            to = column.from - GAP;
            column
        });
        [Column { from: LEFT, to, at_right: false }, quantity, price, amount]
    }

    fn table_head(&mut self, columns: &[Column; 4], heads: &[String; 4], nodes: [Option<usize>; 4]) {
        let style = Style { bold: true, ..LABEL };
        self.y += 8.0;
        for ((column, head), node) in columns.iter().zip(heads).zip(nodes) {
            self.in_column(column, self.y, style, head.clone(), node);
        }
        self.y += 7.0;
        self.rule(LEFT, RIGHT, self.y, 0.75, INK);
    }

    /// A row stays on one page unless no page holds it.
    fn row(&mut self, columns: &[Column; 4], heads: &[String; 4], line: &Line, nodes: [usize; 4]) {
        let texts = [&line.text, &line.quantity, &line.unit_price, &line.amount.figures()];
        let mut columns_of = *columns;
        if is_plain(line) {
            columns_of[0].to = columns[2].to;
        }
        let face = self.face(TEXT);
        let wrapped: Vec<Vec<String>> = columns_of
            .iter()
            .zip(texts)
            // The amounts' column is as wide as they are, but for what rounding makes of it.
            .map(|(column, text)| face.wrap(text, BODY, column.to - column.from + 0.5))
            .collect();
        let count = wrapped.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let height = LEADING * count as f32 + 2.0 * PADDING;
        if self.y + height > BOTTOM && height < BOTTOM - TOP - 40.0 {
            self.next_page(columns, heads);
        }
        self.y += PADDING;
        for at in 0..count {
            if self.y + LEADING > BOTTOM {
                self.next_page(columns, heads);
                self.y += PADDING;
            }
            self.y += LEADING;
            for ((column, lines), node) in columns.iter().zip(&wrapped).zip(nodes) {
                if let Some(text) = lines.get(at) {
                    self.in_column(column, self.y - 3.0, TEXT, text.clone(), Some(node));
                }
            }
        }
        self.y += PADDING;
        self.rule(LEFT, RIGHT, self.y, 0.4, HAIRLINE);
    }

    fn next_page(&mut self, columns: &[Column; 4], heads: &[String; 4]) {
        self.pages.push(Vec::new());
        self.y = TOP;
        self.table_head(columns, heads, [None; 4]);
    }

    fn totals(&mut self, invoice: &Invoice) {
        let total = invoice.bill.total;
        let nothing = Money::zero(total.currency);
        let mut rows = vec![("Total".to_owned(), total, STRONG)];
        match &invoice.state {
            InvoiceState::Open => {}
            InvoiceState::Paid { at, .. } => {
                rows.push((format!("Paid on {}", at.day()), Money::new(-total.minor, total.currency), TEXT));
            }
            InvoiceState::Void { at, .. } => {
                rows.push((format!("Void since {}", at.day()), Money::new(-total.minor, total.currency), TEXT));
            }
        }
        let due = if invoice.state == InvoiceState::Open { total } else { nothing };
        rows.push(("Amount due".to_owned(), due, Style { size: 12.0, ..STRONG }));
        if self.y + 30.0 + 20.0 * rows.len() as f32 > BOTTOM {
            self.pages.push(Vec::new());
            self.y = TOP;
        }
        self.y += 6.0;
        let last = rows.len() - 1;
        for (number, (label, amount, style)) in rows.into_iter().enumerate() {
            if number == last {
                self.y += 9.0;
                self.rule(340.0, RIGHT, self.y, 0.75, INK);
                self.y += 3.0;
            }
            self.y += 17.0;
            let node = self.node(Role::Paragraph);
            self.text(340.0, self.y, style, label, Some(node));
            self.text_at_right(RIGHT, self.y, style, amount.to_string(), Some(node));
        }
    }

    fn feet(&mut self, invoice: &Invoice) {
        let count = self.pages.len();
        let issuer = self.face(LABEL).wrap_at_most(&invoice.issuer, SMALL, 330.0, 1);
        let name = [invoice.number.to_string()].into_iter().chain(issuer).collect::<Vec<_>>().join(" · ");
        let y = HEIGHT - 40.0;
        for number in 1..=count {
            let page = format!("Page {number} of {count}");
            let x = RIGHT - self.face(LABEL).width(&page, SMALL);
            let Some(ops) = self.pages.get_mut(number - 1) else { continue };
            ops.push(Op::Rule { from: LEFT, to: RIGHT, y: y - 14.0, thickness: 0.4, colour: HAIRLINE });
            for (x, text) in [(LEFT, name.clone()), (x, page)] {
                ops.push(Op::Text { x, y, size: SMALL, bold: false, colour: GREY, text, node: None });
            }
        }
    }

    fn node(&mut self, role: Role) -> usize {
        self.nodes.push(Node { role, row: None, columns: NonZeroU32::MIN });
        self.nodes.len() - 1
    }

    fn cell(&mut self, role: Role, row: usize) -> usize {
        self.nodes.push(Node { role, row: Some(row), columns: NonZeroU32::MIN });
        self.nodes.len() - 1
    }

    const fn face(&self, style: Style) -> &Face {
        if style.bold { &self.fonts.bold } else { &self.fonts.regular }
    }

    fn in_column(&mut self, column: &Column, y: f32, style: Style, text: String, node: Option<usize>) {
        if column.at_right {
            self.text_at_right(column.to, y, style, text, node);
        } else {
            self.text(column.from, y, style, text, node);
        }
    }

    fn text_at_right(&mut self, right: f32, y: f32, style: Style, text: String, node: Option<usize>) {
        let x = right - self.face(style).width(&text, style.size);
        self.text(x, y, style, text, node);
    }

    fn text(&mut self, x: f32, y: f32, style: Style, text: String, node: Option<usize>) {
        let Style { size, bold, colour } = style;
        self.push(Op::Text { x, y, size, bold, colour, text, node });
    }

    fn rule(&mut self, from: f32, to: f32, y: f32, thickness: f32, colour: [u8; 3]) {
        self.push(Op::Rule { from, to, y, thickness, colour });
    }

    fn push(&mut self, op: Op) {
        if let Some(page) = self.pages.last_mut() {
            page.push(op);
        }
    }
}

/// Nothing that is counted, as credit.
fn is_plain(line: &Line) -> bool {
    line.quantity.is_empty() && line.unit_price.is_empty()
}

fn heads(invoice: &Invoice) -> [String; 4] {
    let amount = format!("Amount ({})", invoice.bill.currency);
    ["Description".into(), "Quantity".into(), "Unit price".into(), amount]
}
