//! 版式: the habits of a unit, and where they leave the standard.

use std::hash::{Hash, Hasher};

use super::Sourced;
use crate::diag::Origin;

/// The face of the words in tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableFace {
    FangSong,
    SongTi,
    HeiTi,
    KaiTi,
}

impl TableFace {
    pub const ALL: [(TableFace, &'static str, &'static str); 4] = [
        (TableFace::FangSong, "仿宋", "fang_song"),
        (TableFace::SongTi, "宋体", "song_ti"),
        (TableFace::HeiTi, "黑体", "hei_ti"),
        (TableFace::KaiTi, "楷体", "kai_ti"),
    ];
}

/// What a unit sets otherwise than this program does by itself; lengths in millimetres.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// 行距.
    pub pitch: Option<Sourced<f64>>,
    /// 三级标题加粗.
    pub bold_level_3: Option<Sourced<bool>>,
    /// 双面镜像: the margins of even pages change sides.
    pub mirrored: Option<Sourced<bool>>,
    /// 红色, as `#rrggbb`.
    pub red: Option<Sourced<String>>,
    /// 标志字高: how high the ink of the mark is.
    pub mark_height: Option<Sourced<f64>>,
    /// 红线粗.
    pub red_rule: Option<Sourced<f64>>,
    /// 表格字体.
    pub table_face: Option<Sourced<TableFace>>,
    /// 版记偶数页: whether the imprint goes on to an even page.
    pub imprint_even: Option<Sourced<bool>>,
    /// 信函线居中 on the page and not in the type area.
    pub letter_rules_on_page: Option<Sourced<bool>>,
}

/// Where a profile differs, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Departure {
    pub place: Origin,
    /// Whether the standard says otherwise, or says nothing.
    pub against: bool,
    pub what: String,
    /// The standard's own word and its clause.
    pub standard: &'static str,
}

/// What it sets counts, not where it is written.
impl Hash for Profile {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let length = |length: &Option<Sourced<f64>>| length.as_ref().map(|l| l.value.to_bits());
        let choice = |choice: &Option<Sourced<bool>>| choice.as_ref().map(|c| c.value);
        [&self.pitch, &self.mark_height, &self.red_rule]
            .map(length)
            .hash(state);
        [
            &self.bold_level_3,
            &self.mirrored,
            &self.imprint_even,
            &self.letter_rules_on_page,
        ]
        .map(choice)
        .hash(state);
        self.red.as_ref().map(|red| &red.value).hash(state);
        self.table_face.as_ref().map(|face| face.value).hash(state);
    }
}

/// A grid of lines: the type area and the height of a character, in millimetres.
const AREA: f64 = 225.0;
const CHARACTER: f64 = 5.54;
/// Points in a millimetre.
const MM: f64 = 72.0 / 25.4;

impl Profile {
    /// Each place where the unit leaves the standard, or fills what it leaves open.
    pub fn departures(&self) -> Vec<Departure> {
        let mut all = Vec::new();
        let mut add = |place: &Origin, against, what: String, standard| {
            all.push(Departure {
                place: place.clone(),
                against,
                what,
                standard,
            });
        };
        if let Some(pitch) = &self.pitch {
            let lines = ((AREA - CHARACTER) / pitch.value).floor() + 1.0;
            let points = (pitch.value * MM * 100.0).round() / 100.0;
            let what = format!("行距{points}磅，每面{lines}行");
            let standard = "行距10.39毫米（29.45磅，GB/T 33476.2—2016，附录A），每面22行（5.2.3）";
            add(&pitch.origin, lines != 22.0, what, standard);
        }
        if let Some(bold) = self.bold_level_3.as_ref().filter(|bold| bold.value) {
            let standard = "第三层用3号仿宋，没有加粗的规定（7.3.3）";
            add(&bold.origin, true, "第三层标题加粗".to_owned(), standard);
        }
        if let Some(mirrored) = self.mirrored.as_ref().filter(|mirrored| mirrored.value) {
            let standard = "订口28毫米，没有说双面印刷时左右互换（5.2.1）";
            let what = "偶数页的左右白边互换".to_owned();
            add(&mirrored.origin, false, what, standard);
        }
        if let Some(red) = &self.red {
            let standard = "红色为Y80%、M80%（6.2），没有规定屏幕上的色值";
            add(&red.origin, false, format!("红色{}", red.value), standard);
        }
        if let Some(height) = &self.mark_height {
            let standard = "字号由发文机关以醒目、美观、庄重为原则酌定（7.2.4）";
            let what = format!("发文机关标志字高{}毫米", height.value);
            add(&height.origin, false, what, standard);
        }
        if let Some(rule) = &self.red_rule {
            let standard = "没有规定版头分隔线的粗细（7.2.7）";
            let what = format!("版头分隔线粗{}毫米", rule.value);
            add(&rule.origin, false, what, standard);
        }
        if let Some(face) = &self.table_face {
            let mut names = TableFace::ALL.into_iter();
            let name = names.find(|(known, _, _)| *known == face.value);
            let what = format!("表格用{}", name.map_or("", |(_, chinese, _)| chinese));
            let standard = "没有规定表格的字体，一般用仿宋（5.2.2）";
            add(&face.origin, false, what, standard);
        }
        if let Some(even) = self.imprint_even.as_ref().filter(|even| !even.value) {
            let standard = "版记应在偶数页（GB/T 33476.2—2016，7.3.1）";
            let what = "版记不移到偶数页".to_owned();
            add(&even.origin, true, what, standard);
        }
        if let Some(page) = self.letter_rules_on_page.as_ref().filter(|page| page.value) {
            let standard = "双线“居中”，没有说按版心还是按页面（10.1）";
            let what = "信函的双线按页面居中".to_owned();
            add(&page.origin, false, what, standard);
        }
        all
    }
}
