//! Paging: what stands on which page, and how far down. Comes in: the blocks of a sheet. Goes out: pages
//! as the templates print them, each with its number.
//!
//! All heights are known, so nothing has to be set to know where it will stand.

mod rows;

use std::borrow::Cow;

use serde::Serialize;

use super::measures::{MM, measures};
use super::setting::{self, Line, Text};
use super::sheet::{
    AttachmentData, BlockData, Front, Heading, ImprintData, LinesBlock, Placed, PlacedBlock, Sheet,
    TableData, TypeArea,
};
use rows::Piece;

/// Lengths that differ by less are equal, in millimetres.
const ROUNDING: f64 = 0.01;

/// One page.
#[derive(Serialize)]
pub struct Page<'a> {
    /// Whether it is read across, its head at the left edge of the sheet.
    landscape: bool,
    /// The number it bears; blank pages bear none.
    #[serde(skip)]
    pub number: Option<usize>,
    pub items: Vec<Item<'a>>,
}

/// What stands at one height of a page.
#[derive(Serialize)]
pub struct Item<'a> {
    /// How far its top is below that of the type area, in millimetres.
    pub y: f64,
    /// In millimetres.
    #[serde(skip)]
    pub height: f64,
    #[serde(flatten)]
    pub shown: Shown<'a>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Shown<'a> {
    Lines {
        #[serde(serialize_with = "setting::sealed")]
        text: Text<'a>,
        heading: Option<&'a Heading>,
    },
    Placed {
        items: &'a [Placed],
        heading: Option<&'a Heading>,
    },
    Table(Piece<'a>),
    Imprint(&'a ImprintData),
}

impl Item<'_> {
    /// How many lines of text it is; 1 for what is none.
    pub fn lines(&self) -> usize {
        match &self.shown {
            Shown::Lines { text, .. } => text.lines.len(),
            _ => 1,
        }
    }

    /// The tags of what it shows; one for what belongs together.
    pub fn tags(&self) -> Vec<usize> {
        match &self.shown {
            Shown::Lines { text, .. } => text.lines.iter().take(1).map(|line| line.tag).collect(),
            Shown::Placed { items, .. } => items.iter().filter_map(Placed::tag).collect(),
            Shown::Table(piece) => piece.tag().into_iter().collect(),
            Shown::Imprint(_) => Vec::new(),
        }
    }
}

/// The pages up to the signature.
pub fn front(front: &Front) -> Vec<Page<'_>> {
    let mut flow = Flow::new(front.pitch, true);
    flow.front(front);
    flow.pages
}

/// All pages of a sheet.
pub fn pages(sheet: &Sheet) -> Vec<Page<'_>> {
    let mut flow = Flow::before_imprint(sheet);
    if let Some(imprint) = &sheet.imprint {
        flow.imprint(imprint);
    }
    for attachment in &sheet.separate {
        flow.apart();
        flow.attachment(attachment);
    }
    flow.pages
}

/// How much lower the last page before 版记 would have to end for 版记 to stand at its foot, in
/// millimetres, where a blank page comes between them.
pub fn before_blank(sheet: &Sheet) -> Option<f64> {
    let flow = Flow::before_imprint(sheet);
    let imprint = sheet.imprint.as_ref()?;
    let is_even = flow.pages.len().is_multiple_of(2);
    let over = flow.imprint_top() + imprint.height() - flow.area.height;
    (imprint.even && is_even && !flow.across() && over > ROUNDING).then_some(over)
}

/// Blocks going down the pages.
struct Flow<'a> {
    pages: Vec<Page<'a>>,
    /// The lower edge of what the last page holds; nothing where it is empty.
    y: Option<f64>,
    /// How far down seals reach on the last page.
    seals: f64,
    area: TypeArea,
    pitch: f64,
    /// The number of the last page.
    number: usize,
    /// Whether pages bear their number.
    numbered: bool,
}

/// A state to go back to.
struct Mark {
    pages: usize,
    items: usize,
    y: Option<f64>,
    seals: f64,
    number: usize,
}

impl<'a> Flow<'a> {
    fn new(pitch: f64, number_first: bool) -> Self {
        let mut flow = Flow {
            pages: Vec::new(),
            y: None,
            seals: 0.0,
            area: TypeArea::upright(),
            pitch,
            number: 0,
            numbered: number_first,
        };
        flow.turn();
        flow.numbered = true;
        flow
    }

    /// All that comes before 版记.
    fn before_imprint(sheet: &'a Sheet) -> Self {
        let mut flow = Flow::new(sheet.front.pitch, sheet.number_first);
        flow.front(&sheet.front);
        for attachment in &sheet.attachments {
            flow.attachment(attachment);
        }
        flow
    }

    /// Whether the last page is read across.
    fn across(&self) -> bool {
        self.area.width > self.area.height
    }

    /// How high on the last page 版记 may begin.
    fn imprint_top(&self) -> f64 {
        self.below(measures().one_line).max(self.seals)
    }

    /// Goes on to a new page.
    fn turn(&mut self) {
        self.number += 1;
        self.pages.push(Page {
            landscape: self.across(),
            number: self.numbered.then_some(self.number),
            items: Vec::new(),
        });
        (self.y, self.seals) = (None, 0.0);
    }

    fn push(&mut self, y: f64, height: f64, shown: Shown<'a>) {
        let page = self.pages.last_mut().expect("there is a page");
        page.items.push(Item { y, height, shown });
        self.y = Some(y + height);
    }

    /// Where something stands that keeps `gap` to what is above it; at the top of a page it keeps none.
    fn below(&self, gap: f64) -> f64 {
        self.y.map_or(0.0, |y| y + gap)
    }

    /// Whether something of this height fits below `y`.
    fn fits(&self, y: f64, height: f64) -> bool {
        y + height <= self.area.height + ROUNDING
    }

    fn front(&mut self, front: &'a Front) {
        self.placed(&front.header, 0.0, None);
        self.blocks(&front.body, front.gap);
    }

    /// An attachment starts a page.
    fn attachment(&mut self, attachment: &'a AttachmentData) {
        self.area = match attachment.landscape {
            true => TypeArea::across(),
            false => TypeArea::upright(),
        };
        self.turn();
        self.placed(&attachment.head, 0.0, Some(&attachment.heading));
        self.blocks(&attachment.blocks, measures().one_line);
    }

    /// The attachment that follows is not bound with the circular: it starts on a sheet of its own and
    /// counts from 1.
    fn apart(&mut self) {
        self.area = TypeArea::upright();
        if self.pages.len() % 2 == 1 {
            self.numbered = false;
            self.turn();
        }
        (self.number, self.numbered) = (0, true);
    }

    /// 版记 at the foot of the last page, which is an even one (7.4; GB/T 33476.2, 7.3.1). Where a blank
    /// page comes before it, neither bears a number (7.5).
    fn imprint(&mut self, imprint: &'a ImprintData) {
        let height = imprint.height();
        let across = self.across();
        self.area = TypeArea::upright();
        let room = !across && self.fits(self.imprint_top(), height);
        let even = |count: usize| count.is_multiple_of(2);
        let last = self.pages.len();
        if !imprint.even {
            if !room {
                self.turn();
            }
        } else if !room && !even(last + 1) {
            self.numbered = false;
            self.turn();
            self.turn();
        } else if !room || !even(last) {
            self.turn();
        }
        let y = self.area.height - height;
        self.push(y, height, Shown::Imprint(imprint));
    }

    /// Blocks one below the other, the first of them `gap` below what is there.
    fn blocks(&mut self, blocks: &'a [BlockData], gap: f64) {
        let mut gap = Some(gap);
        for run in blocks.chunk_by(|block, _| block.is_sticky()) {
            self.run(run, gap.take());
        }
    }

    /// Blocks of which each but the last stays with the next.
    fn run(&mut self, run: &'a [BlockData], gap: Option<f64>) {
        let mark = self.mark();
        if run.len() > 1 && !self.together(run, gap) {
            self.back(&mark);
            if self.y.is_some() {
                self.turn();
            }
        } else if run.len() > 1 {
            return;
        }
        for (index, block) in run.iter().enumerate() {
            self.block(block, gap.filter(|_| index == 0));
        }
    }

    /// Places the blocks of a run and tells whether each ends on the page where the next starts.
    fn together(&mut self, run: &'a [BlockData], gap: Option<f64>) -> bool {
        let mut end = None;
        for block in run {
            let first = gap.filter(|_| end.is_none());
            let start = self.block(block, first);
            if end.is_some_and(|end| end != start) {
                return false;
            }
            end = Some(self.pages.len());
        }
        true
    }

    fn mark(&self) -> Mark {
        Mark {
            pages: self.pages.len(),
            items: self.pages.last().map_or(0, |page| page.items.len()),
            y: self.y,
            seals: self.seals,
            number: self.number,
        }
    }

    fn back(&mut self, mark: &Mark) {
        self.pages.truncate(mark.pages);
        let page = self.pages.last_mut().expect("there is a page");
        page.items.truncate(mark.items);
        (self.y, self.seals, self.number) = (mark.y, mark.seals, mark.number);
    }

    /// Places a block; gives the page where it starts. The first block below a header or the head of an
    /// attachment keeps `gap` to it.
    fn block(&mut self, block: &'a BlockData, gap: Option<f64>) -> usize {
        match block {
            BlockData::Lines(lines) => self.lines(lines, gap),
            BlockData::Placed(placed) => self.placed(placed, placed.above, None),
            BlockData::Signature(placed) => self.signature(placed),
            BlockData::Table(table) => self.table(table, gap),
        }
    }

    fn placed(&mut self, block: &'a PlacedBlock, gap: f64, heading: Option<&'a Heading>) -> usize {
        if self.y.is_some() && !self.fits(self.below(gap), block.room()) {
            self.turn();
        }
        // Alone on a page, it leaves room for the seals above it.
        let y = self.y.map_or(block.overhang(), |y| y + gap);
        let items = block.items.as_slice();
        self.push(y, block.height, Shown::Placed { items, heading });
        if !block.seals.is_empty() {
            self.seals = y + block.reach();
        }
        self.pages.len()
    }

    /// The signature of an attached paper. Where it goes over to a new page, the last lines of the text
    /// go with it, so that it does not stand there alone.
    fn signature(&mut self, block: &'a PlacedBlock) -> usize {
        if self.y.is_some() && !self.fits(self.below(block.above), block.height) {
            let company = self.take_last_lines();
            self.turn();
            if let Some(lines) = company {
                let height = self.height_of(lines.len());
                let text = self.text(lines);
                let heading = None;
                self.push(0.0, height, Shown::Lines { text, heading });
            }
        }
        self.placed(block, block.above, None)
    }

    /// Takes the last lines off the page, so that at least two go and none is left alone; nothing where
    /// no others would be left, or what stands last is no text.
    fn take_last_lines(&mut self) -> Option<&'a [Line]> {
        const COMPANY: usize = 2;
        let page = self.pages.last_mut().expect("there is a page");
        let others = page.items.len() - 1;
        let item = page.items.last_mut()?;
        let Shown::Lines { text, heading } = &mut item.shown else {
            return None;
        };
        let Cow::Borrowed(lines) = text.lines else {
            return None;
        };
        let all = lines.len() <= COMPANY + 1;
        if all && (others == 0 || heading.is_some()) {
            return None;
        }
        if all {
            page.items.pop();
            return Some(lines);
        }
        let (left, taken) = lines.split_at(lines.len() - COMPANY);
        text.lines = left.into();
        item.height -= COMPANY as f64 * self.pitch;
        Some(taken)
    }

    fn text(&self, lines: &'a [Line]) -> Text<'a> {
        Text {
            lines: lines.into(),
            pitch: self.pitch * MM,
        }
    }

    /// How high lines are, from the ink of the first to that of the last.
    fn height_of(&self, count: usize) -> f64 {
        count.saturating_sub(1) as f64 * self.pitch + measures().ink_height()
    }

    /// What a line of text takes beside its pitch is what its ink takes: so the first line of a page
    /// starts at the type area's top, and distances between elements are from ink to ink.
    fn lines(&mut self, block: &'a LinesBlock, gap: Option<f64>) -> usize {
        let ink = measures().ink_height();
        let gap = block.above.or(gap).unwrap_or(self.pitch - ink);
        let least = if block.whole { block.lines.len() } else { 1 };
        let fits = self.fits(self.below(gap), self.height_of(least));
        if self.y.is_some() && !fits {
            self.turn();
        }
        let start = self.pages.len();
        let mut rest = block.lines.as_slice();
        while !rest.is_empty() {
            let y = self.below(gap);
            let further = (self.area.height + ROUNDING - y - ink) / self.pitch;
            let count = (further.max(0.0) as usize + 1).min(rest.len());
            let (here, next) = rest.split_at(count);
            let text = self.text(here);
            let heading = block.heading.as_ref();
            self.push(y, self.height_of(count), Shown::Lines { text, heading });
            rest = next;
            if !rest.is_empty() {
                self.turn();
            }
        }
        start
    }

    /// Rows stay whole where a page holds them; the head comes back on each page under 续表.
    fn table(&mut self, table: &'a TableData, gap: Option<f64>) -> usize {
        let gap = gap.unwrap_or(self.pitch - measures().ink_height());
        let gap = gap.max(table.above);
        let head = rows::height(&table.head) / MM;
        let continued = table.continued.height;
        if table.carried && self.y.is_some() {
            self.turn();
        }
        let above = if table.carried { continued } else { 0.0 };
        let room = |y: f64| (self.area.height + ROUNDING - y - head) * MM;
        let whole = rows::height(&table.rows);
        let (fresh, rest) = (room(above), room(continued));
        let mut first = self.y.map(|_| room(self.below(gap)));
        if table.whole && whole <= fresh {
            first = first.filter(|room| whole <= *room);
        }
        let mut pieces = rows::divide(table, first.unwrap_or(fresh), rest);
        if first.is_some() && pieces[0].is_empty() && !table.rows.is_empty() {
            (first, pieces) = (None, rows::divide(table, fresh, rest));
        }
        if first.is_none() && self.y.is_some() {
            self.turn();
        }
        let start = self.pages.len();
        for (index, piece) in pieces.into_iter().enumerate() {
            if index > 0 {
                self.turn();
            }
            if index > 0 || table.carried {
                self.placed(&table.continued, 0.0, None);
            }
            let gap = if index == 0 && !table.carried {
                gap
            } else {
                0.0
            };
            let height = head + piece.height() / MM;
            self.push(self.below(gap), height, Shown::Table(piece));
        }
        start
    }
}
