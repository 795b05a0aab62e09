//! Pages that lie across the sheet. Comes in: pages as they are read. Goes out: pages as they are bound,
//! all upright, with what lies across turned so that its head is at the left edge, on odd and even
//! pages alike (GB/T 9704—2012, 8).

use typst::layout::{Abs, Frame, FrameItem, GroupItem, Point, Ratio, Size, Transform};
use typst_layout::{Page, PagedDocument};

/// Tells whether a page lies across the sheet.
fn lies_across(frame: &Frame) -> bool {
    frame.width() > frame.height()
}

/// What takes a point of a page as it is read to the page as it is bound.
fn turned(frame: &Frame) -> Transform {
    Transform {
        sx: Ratio::zero(),
        ky: -Ratio::one(),
        kx: Ratio::one(),
        sy: Ratio::zero(),
        tx: Abs::zero(),
        ty: frame.width(),
    }
}

/// Makes every page upright.
pub fn upright(mut document: PagedDocument) -> PagedDocument {
    if !document.pages().iter().any(|page| lies_across(&page.frame)) {
        return document;
    }
    let pages = document.pages().iter().map(|page| {
        if !lies_across(&page.frame) {
            return page.clone();
        }
        let mut frame = Frame::hard(Size::new(page.frame.height(), page.frame.width()));
        let mut group = GroupItem::new(page.frame.clone());
        group.transform = turned(&page.frame);
        frame.push(Point::zero(), FrameItem::Group(group));
        Page {
            frame,
            ..page.clone()
        }
    });
    let pages = pages.collect();
    let info = document.info_mut().clone();
    PagedDocument::new(pages, info)
}
