//! Which faces a role asks, and in which order.

use ttf_parser::GlyphId;

use super::face::Face;
use crate::model::Typeface;

/// What a face is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// 小标宋: the mark and titles (GB/T 9704—2012, 7.2.4 and 7.3.1).
    XiaoBiaoSong,
    /// 宋体: page numbers (7.5).
    SongTi,
    /// 黑体: headings of level 1, secrecy, the label of an attachment (7.2.2, 7.3.3, 7.3.7).
    HeiTi,
    /// 仿宋: everything else (5.2.2).
    FangSong,
    /// 楷体: headings of level 2 (7.3.3).
    KaiTi,
}

impl Role {
    pub const ALL: [Role; 5] = [
        Role::XiaoBiaoSong,
        Role::SongTi,
        Role::HeiTi,
        Role::FangSong,
        Role::KaiTi,
    ];

    /// The role whose face a unit has chosen.
    pub fn of(face: Typeface) -> Self {
        match face {
            Typeface::XiaoBiaoSong => Role::XiaoBiaoSong,
            Typeface::FangSong => Role::FangSong,
            Typeface::SongTi => Role::SongTi,
            Typeface::HeiTi => Role::HeiTi,
            Typeface::KaiTi => Role::KaiTi,
        }
    }

    /// The name the user reads.
    pub fn name(self) -> &'static str {
        match self {
            Role::XiaoBiaoSong => "小标宋",
            Role::SongTi => "宋体",
            Role::HeiTi => "黑体",
            Role::FangSong => "仿宋",
            Role::KaiTi => "楷体",
        }
    }

    /// The name of a face that offices own for the role, as they know it.
    pub fn usual_face(self) -> &'static str {
        match self {
            Role::XiaoBiaoSong => "方正小标宋简体",
            Role::SongTi => "宋体",
            Role::HeiTi => "黑体",
            Role::FangSong => "仿宋_GB2312",
            Role::KaiTi => "楷体_GB2312",
        }
    }

    /// The names of the faces that offices own for the role.
    fn owned(self) -> &'static [&'static str] {
        match self {
            Role::XiaoBiaoSong => &[
                "FZXiaoBiaoSong-B05S",
                "FZXiaoBiaoSong-B05",
                "方正小标宋简体",
                "方正小标宋_GBK",
                "FZXBSK--GBK1-0",
                "FZXBSJW--GB1-0",
            ],
            Role::SongTi => &["SimSun", "宋体", "NSimSun", "新宋体"],
            Role::HeiTi => &["SimHei", "黑体"],
            Role::FangSong => &["FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋"],
            Role::KaiTi => &["KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体"],
        }
    }

    /// The embedded face of the role, and its weight.
    fn built_in(self) -> (&'static str, u16) {
        match self {
            Role::XiaoBiaoSong => (SERIF, 600),
            Role::SongTi => (SERIF, 400),
            Role::HeiTi => ("Noto Sans SC", 500),
            Role::FangSong => ("Zhuque Fangsong (technical preview)", 400),
            Role::KaiTi => (WEN_KAI, 400),
        }
    }

    /// The weight that is asked for.
    pub fn weight(self) -> u16 {
        self.built_in().1
    }

    /// Tells whether digits and Latin letters come from a face of their own, as 仿宋 and 楷体 have
    /// poor ones.
    fn has_latin(self) -> bool {
        matches!(self, Role::FangSong | Role::KaiTi)
    }
}

const SERIF: &str = "Noto Serif SC";
const WEN_KAI: &str = "LXGW WenKai GB Lite";
const LATIN: &str = "Liberation Serif";
const RARE: &str = "HanaMinB";

/// The characters a link is limited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// All printable ASCII characters and the space.
    Latin,
    /// “”‘’ and ×, ≤ and the like, which are narrow in 仿宋 and 楷体.
    Marks,
    /// Chinese characters, which need no more than their glyph.
    Chinese,
}

impl Cover {
    pub fn contains(self, character: char) -> bool {
        match self {
            Cover::Latin => matches!(character, ' '..='~'),
            Cover::Marks => "“”‘’×÷±≤≥".contains(character),
            Cover::Chinese => is_chinese(character),
        }
    }
}

/// Tells whether a character is a Chinese one.
pub fn is_chinese(character: char) -> bool {
    matches!(
        u32::from(character),
        0x3400..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff
    )
}

/// One face of a chain.
#[derive(Clone, Debug)]
pub struct Link {
    pub family: String,
    pub covers: Option<Cover>,
    pub face: usize,
    /// Whether the face has another style than the role asks for.
    pub stand_in: bool,
}

/// The face and glyph that draw a character.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    pub face: usize,
    pub glyph: GlyphId,
    /// Whether the face has another style than the role asks for.
    pub stand_in: bool,
}

/// The ink of a line in em: horizontally from where the line starts, vertically from the baseline
/// upwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ink {
    pub advance: f64,
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

/// Builds the chain of a role: Latin and marks, the user's own face, the embedded face,
/// then the faces that stand in.
pub fn build(role: Role, faces: &[Face]) -> Vec<Link> {
    let embedded = |family: &str, weight: u16| {
        faces
            .iter()
            .position(|face| {
                let info = face.info();
                face.path().is_none()
                    && info.family == family
                    && (family != SERIF || info.variant.weight.to_number() == weight)
            })
            .expect("the embedded faces have these families")
    };
    let weight = role.weight();
    let link = |family: &str, covers, face, stand_in| Link {
        family: family.to_owned(),
        covers,
        face,
        stand_in,
    };
    let mut chain = Vec::new();
    if role.has_latin() {
        chain.push(link(LATIN, Some(Cover::Latin), embedded(LATIN, 400), false));
        chain.push(link(SERIF, Some(Cover::Marks), embedded(SERIF, 400), false));
    }
    for owned in role.owned() {
        let found = faces.iter().position(|face| {
            face.path().is_some() && face.names().iter().any(|name| name == owned)
        });
        if let Some(face) = found {
            chain.push(link(&faces[face].info().family, None, face, false));
        }
    }
    let (family, _) = role.built_in();
    for (place, family) in [family, SERIF, RARE, WEN_KAI].into_iter().enumerate() {
        if !chain
            .iter()
            .any(|l: &Link| l.family == family && l.covers.is_none())
        {
            chain.push(link(
                family,
                None,
                embedded(family, weight_in(family, weight)),
                place > 0,
            ));
        }
    }
    // A character that no other face has, any of the user's may.
    for (face, own) in faces.iter().enumerate() {
        if own.path().is_some() && chain.iter().all(|link| link.face != face) {
            chain.push(link(&own.info().family, Some(Cover::Chinese), face, true));
        }
    }
    chain.dedup_by(|a, b| a.face == b.face && a.covers == b.covers);
    chain
}

/// The weight Typst picks in a family when `weight` is asked for.
fn weight_in(family: &str, weight: u16) -> u16 {
    if family == SERIF && weight >= 500 {
        600
    } else {
        400
    }
}
