//! Puts what was laid out into a PDF, with a structure that screen readers follow.

use std::num::NonZeroU16;

use domain::billing::Invoice;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{
    ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
};
use krilla::{Document, SerializeSettings};

use super::font::{Fonts, clean};
use super::layout::{HEIGHT, Layout, Node, Op, Role, WIDTH};

pub(super) fn draw(invoice: &Invoice, layout: &Layout, fonts: &Fonts) -> Result<Vec<u8>, String> {
    let mut document = Document::new_with(SerializeSettings::default());
    document.set_metadata(metadata(invoice));
    let mut marks = vec![Vec::new(); layout.nodes.len()];
    for ops in &layout.pages {
        let size = PageSettings::from_wh(WIDTH, HEIGHT).ok_or("a page has no size")?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        for op in ops {
            let mark = put(&mut surface, op, fonts);
            if let (Some(mark), Some(list)) = (mark, op.node().and_then(|node| marks.get_mut(node))) {
                list.push(mark);
            }
        }
        surface.finish();
        page.finish();
    }
    document.set_tag_tree(tree(&layout.nodes, marks));
    document.finish().map_err(|error| format!("{error:?}"))
}

fn metadata(invoice: &Invoice) -> Metadata {
    let number = |text: Option<&str>| text.and_then(|text| text.parse().ok()).unwrap_or(1_u16);
    let issued = invoice.issued.to_string();
    let mut parts = issued.split('-');
    let year = number(parts.next());
    let [month, day] = [number(parts.next()), number(parts.next())].map(|part| u8::try_from(part).unwrap_or(1));
    Metadata::new()
        .title(format!("Invoice {}", invoice.number))
        .authors(vec![clean(&invoice.issuer)])
        .creator("Tenantry".into())
        .language("en".into())
        .creation_date(DateTime::new(year).month(month).day(day))
}

/// Answers the mark of what is content and no decoration.
fn put(surface: &mut Surface<'_>, op: &Op, fonts: &Fonts) -> Option<Identifier> {
    let tag = match op.node() {
        Some(_) => ContentTag::Span(SpanTag::empty()),
        None => ContentTag::Artifact(krilla::tagging::Artifact::with_kind(ArtifactType::Other)),
    };
    let mark = surface.start_tagged(tag);
    match op {
        Op::Text { x, y, size, bold, colour, text, .. } => {
            surface.set_fill(Some(fill(*colour)));
            let face = if *bold { &fonts.bold } else { &fonts.regular };
            let glyphs = face.glyphs(text);
            surface.draw_glyphs(Point::from_xy(*x, *y), &glyphs, face.font.clone(), text, *size, false);
        }
        Op::Rule { from, to, y, thickness, colour } => {
            surface.set_fill(Some(fill(*colour)));
            let mut path = PathBuilder::new();
            if let Some(rule) = Rect::from_ltrb(*from, *y, *to, *y + *thickness) {
                path.push_rect(rule);
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
    surface.end_tagged();
    op.node().map(|_| mark)
}

fn fill([red, green, blue]: [u8; 3]) -> Fill {
    Fill { paint: rgb::Color::new(red, green, blue).into(), ..Fill::default() }
}

/// The nodes as they are read; cells of a row come after each other.
fn tree(nodes: &[Node], marks: Vec<Vec<Identifier>>) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some("en".into()));
    let mut table = TagGroup::new(Tag::Table);
    let mut row = (0, TagGroup::new(Tag::TR));
    let (mut tabled, mut after) = (false, Vec::new());
    for (node, marks) in nodes.iter().zip(marks) {
        let kind: TagKind = match node.role {
            Role::Heading => Tag::Hn(NonZeroU16::MIN, None).into(),
            Role::Paragraph => Tag::P.into(),
            Role::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
            Role::Cell => Tag::TD.with_col_span(Some(node.columns)).into(),
        };
        let mut group = TagGroup::new(kind);
        for mark in marks {
            group.push(mark);
        }
        match node.row {
            Some(number) => {
                tabled = true;
                if number != row.0 {
                    table.push(std::mem::replace(&mut row, (number, TagGroup::new(Tag::TR))).1);
                }
                row.1.push(group);
            }
            None if tabled => after.push(group),
            None => tree.push(group),
        }
    }
    table.push(row.1);
    tree.push(table);
    for group in after {
        tree.push(group);
    }
    tree
}
