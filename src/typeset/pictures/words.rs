//! What is inside an SVG picture. Comes in: the picture as it will be drawn. Goes out: those of its
//! words that nothing draws, and what it only refers to.

use std::collections::BTreeSet;

use typst::layout::{Frame, FrameItem};
use typst::visualize::ImageKind;
use typst_layout::PagedDocument;
use usvg::roxmltree::{Document, Node as Element, ParsingOptions};
use usvg::{Group, Node, Text};

use crate::typeset::fonts::Fonts;
use crate::typeset::glyphs::is_selector;

/// What of a picture's words is not drawn.
#[derive(Debug, Default, PartialEq)]
pub struct Lost {
    /// Characters that no face has.
    pub characters: BTreeSet<char>,
    /// Words written in the language of web pages, which only browsers draw.
    pub html: Option<String>,
}

/// Looks at all SVG pictures of some pages.
pub fn lost(pages: &PagedDocument, fonts: &Fonts) -> Lost {
    let mut lost = Lost::default();
    for page in pages.pages() {
        frame(&page.frame, fonts, &mut lost);
    }
    lost
}

fn frame(shown: &Frame, fonts: &Fonts, lost: &mut Lost) {
    for (_, item) in shown.items() {
        match item {
            FrameItem::Group(group) => frame(&group.frame, fonts, lost),
            FrameItem::Image(image, ..) => {
                if let ImageKind::Svg(svg) = image.kind() {
                    group(svg.tree().root(), lost);
                    source(svg.data(), fonts, lost);
                }
            }
            _ => {}
        }
    }
}

/// The source of a picture, read.
fn read(data: &[u8]) -> Option<Document<'_>> {
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    let source = std::str::from_utf8(data).ok()?;
    Document::parse_with_options(source, options).ok()
}

/// The first file that a picture refers to instead of holding it.
pub fn linked(data: &[u8]) -> Option<String> {
    let document = read(data)?;
    let mut links = document
        .descendants()
        .filter(|element| element.tag_name().name() == "image")
        .flat_map(|element| element.attributes())
        .filter(|attribute| attribute.name() == "href")
        .map(|attribute| attribute.value().trim());
    let link = links.find(|link| !link.starts_with("data:") && !link.is_empty());
    link.map(str::to_owned)
}

/// Looks at the source: what is all blank is not in the picture's tree, nor what only browsers know.
fn source(data: &[u8], fonts: &Fonts, lost: &mut Lost) {
    let Some(document) = read(data) else {
        return;
    };
    let named = |name: &'static str| {
        let elements = document.descendants();
        elements.filter(move |element| element.tag_name().name() == name && !is_hidden(*element))
    };
    let letters: String = named("text").map(words_of).collect();
    let gone = letters
        .chars()
        .filter(|letter| !letter.is_control() && !is_selector(*letter) && !fonts.has(*letter));
    lost.characters.extend(gone);
    lost.html = named("foreignObject").find_map(html);
}

fn is_hidden(element: Element) -> bool {
    element.ancestors().any(|element| {
        let style = element.attribute("style").unwrap_or_default();
        let style: String = style.split_whitespace().collect();
        element.attribute("display") == Some("none") || style.contains("display:none")
    })
}

fn group(shown: &Group, lost: &mut Lost) {
    for node in shown.children() {
        match node {
            Node::Group(inner) => group(inner, lost),
            Node::Text(words) => text(words, lost),
            Node::Path(_) | Node::Image(_) => {}
        }
        // Patterns, masks and pictures in the picture.
        node.subroots(|inner| group(inner, lost));
    }
}

fn text(words: &Text, lost: &mut Lost) {
    let glyphs = || words.layouted().iter().flat_map(|s| &s.positioned_glyphs);
    let of = |drawn: bool| -> BTreeSet<char> {
        let glyphs = glyphs().filter(|glyph| (glyph.id.0 != 0) == drawn);
        glyphs.flat_map(|glyph| glyph.text.chars()).collect()
    };
    let (drawn, empty) = (of(true), of(false));
    let typed = words.chunks().iter().flat_map(|chunk| chunk.text().chars());
    let gone = typed.filter(|character| {
        let ink = !character.is_whitespace() && !is_selector(*character);
        ink && !character.is_control() && (empty.contains(character) || !drawn.contains(character))
    });
    lost.characters.extend(gone);
}

/// The words of a part that is written as a web page, unless the same stand beside it for programs that
/// are no browsers.
fn html(element: Element) -> Option<String> {
    let words = words_of(element);
    let switch = element
        .parent_element()
        .filter(|parent| parent.tag_name().name() == "switch");
    let beside = switch.into_iter().flat_map(|switch| switch.children());
    let beside: String = beside
        .filter(|sibling| sibling.tag_name().name() == "text")
        .map(words_of)
        .collect();
    (!words.is_empty() && words != beside).then_some(words)
}

/// The letters inside an element, without blanks.
fn words_of(element: Element) -> String {
    let texts = element.descendants().filter(|node| {
        let style = |parent: Element| parent.tag_name().name() == "style";
        node.is_text() && !node.parent_element().is_some_and(style)
    });
    texts
        .filter_map(|node| node.text())
        .flat_map(str::chars)
        .filter(|character| !character.is_whitespace())
        .collect()
}
