//! What stands at a place of its own: labels, rules and pictures, in millimetres from the type area's
//! left edge and the top of their block.

use serde::Serialize;

use super::Label;
use crate::typeset::measures::MM;
use crate::typeset::setting::{self, Line};

/// One thing at its place.
#[derive(Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Placed {
    Label(PlacedLabel),
    Rule {
        x: f64,
        /// Its upper edge.
        y: f64,
        width: f64,
        thickness: f64,
        colour: Colour,
    },
    Picture {
        tag: usize,
        file: String,
        /// What it shows, for who cannot see it.
        alt: String,
        /// The page of a PDF, counted from 1.
        page: usize,
        #[serde(flatten)]
        area: Area,
    },
    /// The outline of a seal or stamp.
    Outline {
        tag: usize,
        round: bool,
        #[serde(flatten)]
        area: Area,
    },
}

/// Words on one line.
#[derive(Clone, Serialize)]
#[serde(into = "LabelData")]
pub struct PlacedLabel {
    /// In points.
    pub size: f64,
    pub label: Label,
    /// Where the first letter's cell starts.
    pub x: f64,
    /// The baseline.
    pub y: f64,
    pub colour: Colour,
    /// Space between the letters.
    pub tracking: f64,
    /// How wide the letters are, as part of their natural width.
    pub squeeze: f64,
}

/// What the templates are told of a label.
#[derive(Serialize)]
struct LabelData {
    size: f64,
    #[serde(serialize_with = "setting::sealed")]
    line: Line,
    x: f64,
    y: f64,
    colour: Colour,
    squeeze: f64,
}

impl From<PlacedLabel> for LabelData {
    fn from(label: PlacedLabel) -> Self {
        LabelData {
            size: label.size,
            line: label.label.line(label.size, label.tracking * MM),
            x: label.x,
            y: label.y,
            colour: label.colour,
            squeeze: label.squeeze,
        }
    }
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Area {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Area {
    pub fn bottom(self) -> f64 {
        self.y + self.height
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    Black,
    Red,
}

/// Things that stay together on one page.
#[derive(Clone, Default)]
pub struct PlacedBlock {
    pub items: Vec<Placed>,
    pub height: f64,
    /// The ink distance to what stands above.
    pub above: f64,
    /// Whether the block stays with the one below.
    pub sticky: bool,
    /// Where seals are pressed over it, by the program or by hand.
    pub seals: Vec<Area>,
    /// Whether they may reach below the type area.
    pub seals_below: bool,
}

impl PlacedBlock {
    /// How far down it reaches, its seals included.
    pub fn reach(&self) -> f64 {
        let bottoms = self.seals.iter().map(|seal| seal.bottom());
        bottoms.fold(self.height, f64::max)
    }

    /// How much room it needs on its page.
    pub fn room(&self) -> f64 {
        if self.seals_below {
            self.height
        } else {
            self.reach()
        }
    }

    /// How far its seals reach above it.
    pub fn overhang(&self) -> f64 {
        self.seals.iter().map(|seal| -seal.y).fold(0.0, f64::max)
    }
}

impl Placed {
    /// What it belongs to.
    pub fn tag(&self) -> Option<usize> {
        match self {
            Placed::Label(label) => Some(label.label.tag),
            Placed::Picture { tag, .. } | Placed::Outline { tag, .. } => Some(*tag),
            Placed::Rule { .. } => None,
        }
    }
}

impl PlacedLabel {
    /// Black words in their natural form, with their ink top at `top` and their ink's edges where `x`
    /// puts them.
    pub fn new(size: f64, label: Label, x: At, top: f64) -> Self {
        let em = size / MM;
        let y = top + label.ink.top * em;
        PlacedLabel::on(size, label, x, y)
    }

    /// The same with their baseline at `y`.
    pub fn on(size: f64, label: Label, x: At, y: f64) -> Self {
        let em = size / MM;
        let (left, right) = (label.ink.left * em, label.ink.right * em);
        let x = match x {
            At::Cell(x) => x,
            At::Left(x) => x - left,
            At::Right(x) => x - right,
            At::Centre(x) => x - (left + right) / 2.0,
        };
        PlacedLabel {
            size,
            label,
            x,
            y,
            colour: Colour::Black,
            tracking: 0.0,
            squeeze: 1.0,
        }
    }

    /// The lower edge of the ink.
    pub fn bottom(&self) -> f64 {
        self.y - self.label.ink.bottom * self.size / MM
    }
}

/// Where words stand across the page.
#[derive(Clone, Copy)]
pub enum At {
    /// Their first cell starts there.
    Cell(f64),
    /// Their ink starts, ends or is centred there.
    Left(f64),
    Right(f64),
    Centre(f64),
}
