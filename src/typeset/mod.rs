//! Typeset: the page. Comes in: the document and the faces. Goes out: pages as GB/T 9704—2012 wants
//! them, with the place of all their ink.
//!
//! ```text
//! Document → glyphs (can all be drawn?) → sheet (lines, columns, title) → paging → Typst → ink
//!                                           └── fit: another try ←──┘
//! ```
//!
//! The page templates in `templates/page/` read one file of data; no text ever becomes markup. They place
//! what a page holds, and `setting` draws its lines as they were measured.

mod columns;
mod drawing;
mod fit;
mod fonts;
mod glyphs;
mod ink;
mod limits;
mod lines;
mod measures;
mod paging;
mod pdf;
mod pictures;
mod print;
mod setting;
mod sheet;
mod title;
mod turn;
mod world;

use typst_layout::PagedDocument;

use crate::diag::{Diagnostics, Rule, Strength};
use crate::document::{Block, Document};

pub use drawing::{Drawing, Drawn, DrawnInk, Outline, Stock, WebPicture};
pub use fonts::{FontError, FontFault, Fonts, RoleFace};
pub use ink::{Cut, InkGlyph, InkImage, InkLine, InkRule};
pub use pdf::Standard;
pub use sheet::{InkColumn, Part};
pub use world::page_templates;

use fonts::Role;
use glyphs::GlyphCheck;
use ink::Ink;
use sheet::Source;
use title::TitleType;

/// The rules of this stage.
pub const RULES: &[Rule] = &[
    Rule::new("page/glyph/missing", "所有字库都没有这个字"),
    Rule::new("page/glyph/fallback", "这个字由别的字体代替").warning(),
    Rule::new("page/picture/damaged", "图不能画出"),
    Rule::new("page/picture/words-lost", "图里的文字印不出来"),
    Rule::new("page/picture/no-such-page", "外来文件没有这一页"),
    Rule::new("page/title/too-long", "标题超过四行").rests_on(Strength::Practice, ""),
    Rule::new("page/doc-number/too-long", "发文字号比版心宽")
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.2.5"),
    Rule::new("page/imprint/too-long", "抄送机关太多，版记排不下")
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.4.1"),
    Rule::new("page/imprint/blank-before", "版记前面有空白页")
        .note()
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.4、7.5"),
    Rule::new("page/mark/too-small", "发文机关标志太长，字太小")
        .warning()
        .rests_on(Strength::Practice, ""),
    Rule::new("page/first-page/no-text", "首页放不下正文")
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.3.3"),
    Rule::new("page/first-page/tightened", "为使首页有正文，调整了版面")
        .note()
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.3.3"),
    Rule::new("page/signature/tightened", "为使署名与正文同页，调整了版面")
        .note()
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.3.5.5"),
    Rule::new("page/signature/alone", "署名与正文不在同一页")
        .warning()
        .rests_on(Strength::Standard, "GB/T 9704—2012，7.3.5.5"),
];

/// The pages of a circular as Typst has set them: nobody has looked at them yet.
pub struct Frames {
    document: PagedDocument,
    /// Tells this circular's PDF from others.
    ident: String,
    /// What the tags of lines and pictures lead to.
    sources: Vec<Source>,
}

/// The pages of a circular, with the place of all their ink.
pub struct Pages {
    document: PagedDocument,
    ident: String,
    ink: Ink,
}

/// How much stack a thread needs that sets pages: Typst goes down into nested content.
pub const STACK: usize = 32 << 20;

/// Begins to make ready what nearly every circular needs, beside what else is to be done.
pub fn prepare() {
    rayon::spawn(|| {
        world::prepare();
        measures::measures();
        print::prepare();
        Fonts::prepare();
    });
}

/// Sets a document; nothing where a character cannot be drawn or page one shows no text.
pub fn typeset(
    document: &Document,
    fonts: &Fonts,
    diagnostics: &mut Diagnostics,
) -> Option<Frames> {
    let mut found = Diagnostics::default();
    check_glyphs(document, fonts, &mut found);
    limits::check(document, fonts, &mut found);
    pictures::check(document, fonts, &mut found);
    let impossible = found.has_errors();
    diagnostics.extend(found);
    if impossible {
        return None;
    }
    let sheet = fit::fit(document, fonts, diagnostics)?;
    let printed = print::print(&sheet, fonts);
    Some(Frames {
        document: turn::upright(printed.document),
        ident: printed.ident,
        sources: sheet.sources,
    })
}

impl Frames {
    /// The PDF, which is the same after the ink is measured; see [`Pages::pdf_as`].
    pub fn pdf_as(&self, standards: &[Standard]) -> Result<Vec<u8>, String> {
        pdf::pdf(&self.document, &self.ident, standards)
    }

    /// Measures the ink of all pages; `fonts` are those in which they were set.
    pub fn measured(&self, fonts: &Fonts) -> Pages {
        Pages {
            document: self.document.clone(),
            ident: self.ident.clone(),
            ink: ink::measure(&self.document, &self.sources, fonts),
        }
    }
}

impl Pages {
    /// How many pages there are, blank ones included.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.document.pages().len()
    }

    /// The width and height of each page, in millimetres.
    pub fn sizes(&self) -> Vec<(f64, f64)> {
        let pages = self.document.pages().iter();
        pages
            .map(|page| (page.frame.width().to_mm(), page.frame.height().to_mm()))
            .collect()
    }

    /// The PDF; the same pages give the same bytes.
    pub fn pdf(&self) -> Vec<u8> {
        self.pdf_as(&[])
            .expect("internal error: the pages make a PDF")
    }

    /// The PDF as archives or screen readers want it. The error is what the standards refuse, in the
    /// words of the PDF writer.
    pub fn pdf_as(&self, standards: &[Standard]) -> Result<Vec<u8>, String> {
        pdf::pdf(&self.document, &self.ident, standards)
    }

    /// One page, counted from 0, as a PNG.
    pub fn png(&self, page: usize, pixels_per_inch: f32) -> Vec<u8> {
        let options = typst_render::RenderOptions {
            pixel_per_pt: f64::from(pixels_per_inch / 72.0).into(),
            ..Default::default()
        };
        typst_render::render(&self.document.pages()[page], &options)
            .encode_png()
            .expect("internal error: a page makes a PNG")
    }

    /// One page, counted from 0, as an SVG.
    pub fn svg(&self, page: usize) -> String {
        typst_svg::svg(&self.document.pages()[page], &Default::default())
    }

    /// One page, counted from 0, as a list of what to draw, which refers to `stock`.
    pub fn drawing(&self, page: usize, stock: &mut Stock) -> Drawing {
        drawing::drawing(&self.document.pages()[page].frame, stock)
    }

    /// Every line of ink, page by page.
    pub fn ink(&self) -> &[InkLine] {
        &self.ink.lines
    }

    /// All ink as text, a line each, for tests and for reading.
    pub fn ink_text(&self) -> String {
        let lines = self
            .ink
            .lines
            .iter()
            .map(|line| (line.page, line.to_string()));
        let rules = self
            .ink
            .rules
            .iter()
            .map(|rule| (rule.page, rule.to_string()));
        let images = self
            .ink
            .images
            .iter()
            .map(|image| (image.page, image.to_string()));
        let mut all: Vec<(usize, String)> = lines.chain(rules).chain(images).collect();
        all.sort_by_key(|(page, _)| *page);
        all.into_iter().map(|(_, line)| line + "\n").collect()
    }

    /// Every picture and every outline of a seal, page by page.
    pub fn images(&self) -> &[InkImage] {
        &self.ink.images
    }

    /// Every rule and border, page by page.
    pub fn rules(&self) -> &[InkRule] {
        &self.ink.rules
    }
}

/// Drops what the page compiler remembers of documents before the last `kept`.
pub fn forget(kept: usize) {
    typst::comemo::evict(kept);
}

/// Checks every word against the face it is set in.
fn check_glyphs(document: &Document, fonts: &Fonts, diagnostics: &mut Diagnostics) {
    let mut check = GlyphCheck::new(fonts, diagnostics);
    let optional = [
        (&document.copy_number, Role::FangSong),
        (&document.secrecy, Role::HeiTi),
        (&document.urgency, Role::HeiTi),
        (&document.issuer_mark, Role::XiaoBiaoSong),
        (&document.doc_number, Role::FangSong),
        (&document.recipients, Role::FangSong),
        (&document.note, Role::FangSong),
        (&document.cc_recipients, Role::FangSong),
        (&document.print_office, Role::FangSong),
        (&document.print_date, Role::FangSong),
    ];
    for (words, role) in optional {
        if let Some(words) = words {
            check.words(words, role);
        }
    }
    for words in &document.joint_marks {
        check.words(words, Role::XiaoBiaoSong);
    }
    for words in &document.signers {
        check.words(words, Role::KaiTi);
    }
    check.words(&document.title, Role::XiaoBiaoSong);
    let attendance = document.attendance.iter().map(|(_, names)| names);
    let offices = document.stamps.iter().map(|stamp| &stamp.office_title);
    let signatures = std::iter::once(&document.signature).chain(&document.joint_signatures);
    for words in signatures.chain(offices).chain(attendance) {
        check.words(words, Role::FangSong);
    }
    check.words(&document.doc_date, Role::FangSong);
    check_blocks(&document.main_text, &mut check);
    for attachment in &document.attachments {
        let title = TitleType::of_attachment(attachment, &document.profile);
        check.words(&attachment.title, title.role);
        check.words(&attachment.title, Role::FangSong);
        for (words, role) in [
            (&attachment.issuer_mark, Role::XiaoBiaoSong),
            (&attachment.doc_number, Role::FangSong),
        ] {
            words.iter().for_each(|words| check.words(words, role));
        }
        check_blocks(&attachment.blocks, &mut check);
    }
}

fn check_blocks(blocks: &[Block], check: &mut GlyphCheck) {
    for block in blocks {
        match block {
            Block::Heading {
                level,
                words,
                run_in,
                ..
            } => {
                check.words(words, sheet::heading_role(*level));
                check.words(run_in, Role::FangSong);
            }
            Block::Paragraph(words) | Block::Recipients(words) => {
                check.words(words, Role::FangSong);
            }
            Block::Table(table) => {
                let groups = table.groups.iter().map(|group| &group.words);
                for words in groups.chain(&table.head) {
                    check.words(words, Role::HeiTi);
                }
                for cell in table.rows.iter().flatten() {
                    check.words(&cell.words, Role::FangSong);
                }
            }
            Block::Picture(_) => {}
            Block::Signature { name, date } => {
                check.words(name, Role::FangSong);
                if let Some(date) = date {
                    check.words(date, Role::FangSong);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
