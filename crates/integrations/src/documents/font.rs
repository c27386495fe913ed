//! The two weights of the document's font, and how text fits. A character is a glyph: the scripts it has (Latin, Greek,
//! Cyrillic) need no more, and so what is copied out of the document is what stands in it.

use std::sync::LazyLock;

use domain::name::is_direction_control;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};

static REGULAR: &[u8] = include_bytes!("../../fonts/OpenSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../fonts/OpenSans-Semibold.ttf");

/// Stands for a character that the font doesn't have.
const MISSING: char = '\u{FFFD}';

pub(super) struct Fonts {
    pub regular: Face,
    pub bold: Face,
}

/// `None` only if the files in this folder are broken.
pub(super) fn fonts() -> Option<&'static Fonts> {
    static FONTS: LazyLock<Option<Fonts>> =
        LazyLock::new(|| Some(Fonts { regular: Face::new(REGULAR)?, bold: Face::new(BOLD)? }));
    FONTS.as_ref()
}

pub(super) struct Face {
    pub font: Font,
    map: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    units: f32,
}

impl Face {
    fn new(file: &'static [u8]) -> Option<Self> {
        let read = FontRef::new(file).ok()?;
        let font = Font::new(file.into(), 0)?;
        let units = font.units_per_em();
        let metrics = read.glyph_metrics(Size::unscaled(), LocationRef::default());
        Some(Self { font, map: read.charmap(), metrics, units })
    }

    /// The glyph and its width for a size of 1.
    fn glyph(&self, c: char) -> (u32, f32) {
        let glyph = self.map.map(c).or_else(|| self.map.map(MISSING)).unwrap_or_default();
        (glyph.to_u32(), self.metrics.advance_width(glyph).unwrap_or(0.0) / self.units)
    }

    pub fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let glyph = |(at, c): (usize, char)| {
            let (id, width) = self.glyph(c);
            KrillaGlyph::new(GlyphId::new(id), width, 0.0, 0.0, 0.0, at..at + c.len_utf8(), None)
        };
        text.char_indices().map(glyph).collect()
    }

    pub fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|c| self.glyph(c).1).sum::<f32>() * size
    }

    /// Lines no wider than `width`, broken between words and within those that are longer.
    pub fn wrap(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let width = width / size;
        let space = self.glyph(' ').1;
        let (mut lines, mut line, mut filled) = (Vec::new(), String::new(), 0.0);
        for word in clean(text).split(' ') {
            let length: f32 = word.chars().map(|c| self.glyph(c).1).sum();
            if !line.is_empty() {
                if filled + space + length <= width {
                    line.push(' ');
                    line.push_str(word);
                    filled += space + length;
                    continue;
                }
                lines.push(std::mem::take(&mut line));
            }
            filled = 0.0;
            for c in word.chars() {
                let next = self.glyph(c).1;
                if filled + next > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    filled = 0.0;
                }
                line.push(c);
                filled += next;
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// As [`Self::wrap`], but no more than `most` lines; what is cut off shows as an ellipsis.
    pub fn wrap_at_most(&self, text: &str, size: f32, width: f32, most: usize) -> Vec<String> {
        let mut lines = self.wrap(text, size, width);
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                while !last.is_empty() && self.width(&format!("{last}…"), size) > width {
                    last.pop();
                }
                last.push('…');
            }
        }
        lines
    }
}

/// Without what can't be seen or turns text around; line breaks and tabs become spaces.
pub(super) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !cleaned.is_empty() && !cleaned.ends_with(' ') {
                cleaned.push(' ');
            }
        } else if !c.is_control() && !is_direction_control(c) && !is_invisible(c) {
            cleaned.push(c);
        }
    }
    cleaned.truncate(cleaned.trim_end().len());
    cleaned
}

/// Soft hyphens, annotations, variation selectors and tags.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E0FFF}')
}
