//! How a face sets Chinese. Comes in: a face as Typst uses it. Goes out: the plan by which its letters
//! become glyphs, and the glyphs.

use std::sync::Arc;

use rustybuzz::{
    BufferFlags, Direction, Feature, GlyphBuffer, Language, Script, ShapePlan, UnicodeBuffer,
};
use ttf_parser::Tag;
use typst::comemo;
use typst::layout::Abs;
use typst::text::{Font, FontInstance, FontVariations};

/// A face that sets Chinese.
#[derive(Clone)]
pub struct Chinese {
    pub font: FontInstance,
    plan: Arc<ShapePlan>,
}

impl Chinese {
    pub fn of(font: Font) -> Self {
        let variant = font.info().variant;
        let font = font.instantiate(variant, Abs::zero(), &FontVariations::default());
        let plan = plan(&font);
        Chinese { font, plan }
    }

    /// The glyphs of a text on one line.
    pub fn glyphs(&self, text: &str) -> GlyphBuffer {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        // 宋体 gives the dash its full width only as a Chinese mark.
        buffer.set_script(script());
        buffer.set_language(language());
        buffer.set_flags(BufferFlags::REMOVE_DEFAULT_IGNORABLES);
        rustybuzz::shape_with_plan(self.font.rusty(), &self.plan, buffer)
    }
}

/// How a face sets Chinese; it takes longer to find out than to set a line.
#[comemo::memoize]
fn plan(font: &FontInstance) -> Arc<ShapePlan> {
    let off = |tag: &[u8; 4]| Feature::new(Tag::from_bytes(tag), 0, ..);
    Arc::new(ShapePlan::new(
        font.rusty(),
        Direction::LeftToRight,
        Some(script()),
        Some(&language()),
        &[off(b"kern"), off(b"liga"), off(b"clig")],
    ))
}

fn script() -> Script {
    Script::from_iso15924_tag(Tag::from_bytes(b"hani")).expect("the tag of Han script is known")
}

fn language() -> Language {
    "zh-CN".parse().expect("the tag of Chinese is well formed")
}
