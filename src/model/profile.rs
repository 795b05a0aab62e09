//! 版式: the habits of a unit, and where they leave the standard.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::Sourced;
use crate::diag::Origin;

/// A face that a unit chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Typeface {
    XiaoBiaoSong,
    FangSong,
    SongTi,
    HeiTi,
    KaiTi,
}

impl Typeface {
    /// What tables can be set in.
    pub const OF_TABLES: [(Typeface, &'static str, &'static str); 4] = [
        (Typeface::FangSong, "仿宋", "fang_song"),
        (Typeface::SongTi, "宋体", "song_ti"),
        (Typeface::HeiTi, "黑体", "hei_ti"),
        (Typeface::KaiTi, "楷体", "kai_ti"),
    ];

    /// What titles can be set in.
    pub const OF_TITLES: [(Typeface, &'static str, &'static str); 5] = [
        (Typeface::XiaoBiaoSong, "小标宋", "xiao_biao_song"),
        Self::OF_TABLES[0],
        Self::OF_TABLES[1],
        Self::OF_TABLES[2],
        Self::OF_TABLES[3],
    ];

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        let mut all = Self::OF_TITLES.into_iter();
        all.find(|(face, _, _)| *face == self)
            .map_or("", |(_, name, _)| name)
    }
}

/// 字号 of the title of an attachment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TypeSize {
    Two,
    SmallTwo,
    Three,
}

impl TypeSize {
    pub const ALL: [(TypeSize, &'static str, &'static str); 3] = [
        (TypeSize::Two, "二号", "2号"),
        (TypeSize::SmallTwo, "小二", "小2号"),
        (TypeSize::Three, "三号", "3号"),
    ];

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        let mut all = Self::ALL.into_iter();
        all.find(|(size, _, _)| *size == self)
            .map_or("", |(_, name, _)| name)
    }

    /// The size as office programs have it, in points.
    pub fn points(self) -> f64 {
        match self {
            TypeSize::Two => 22.0,
            TypeSize::SmallTwo => 18.0,
            TypeSize::Three => 16.0,
        }
    }
}

/// The inks of a colour in percent: C, M, Y and K.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Inks(pub [u8; 4]);

impl Inks {
    /// The red of the standard (GB/T 9704—2012, 6.2).
    pub const RED: Inks = Inks([0, 80, 80, 0]);
}

/// `C0 M80 Y80 K0`.
impl fmt::Display for Inks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inks([c, m, y, k]) = self;
        write!(f, "C{c} M{m} Y{y} K{k}")
    }
}

/// Letters with their percents in any order, such as `M80 Y80` or `Y80%、M80%`; what is not named is 0.
impl FromStr for Inks {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut inks: [Option<u8>; 4] = [None; 4];
        let mut rest = text.trim();
        while let Some(letter) = rest.chars().next() {
            let ink = "CMYK".find(letter.to_ascii_uppercase()).ok_or(())?;
            let after = rest[1..].trim_start();
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let percent: u8 = after[..digits].parse().map_err(|_| ())?;
            if percent > 100 || inks[ink].replace(percent).is_some() {
                return Err(());
            }
            let separator = |c: char| c.is_whitespace() || "%％、，,".contains(c);
            rest = after[digits..].trim_start_matches(separator);
        }
        match inks {
            [None, None, None, None] => Err(()),
            inks => Ok(Inks(inks.map(Option::unwrap_or_default))),
        }
    }
}

/// Tells whether a colour, as `#rrggbb` or as inks, is one that people call red.
pub fn is_red(colour: &str) -> bool {
    if let Ok(Inks([cyan, magenta, yellow, black])) = colour.parse() {
        return magenta.min(yellow) >= 50 && cyan <= 30 && black <= 40;
    }
    let part = |at| u8::from_str_radix(colour.get(at..at + 2)?, 16).ok();
    match [1, 3, 5].map(part) {
        [Some(red), Some(green), Some(blue)] => red >= 0x80 && green.max(blue) <= red / 2,
        _ => false,
    }
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
    /// 印刷红色.
    pub press_red: Option<Sourced<Inks>>,
    /// 标志字高: how high the ink of the mark is.
    pub mark_height: Option<Sourced<f64>>,
    /// 红线粗.
    pub red_rule: Option<Sourced<f64>>,
    /// 表格字体.
    pub table_face: Option<Sourced<Typeface>>,
    /// 附件标题字体.
    pub attachment_title_face: Option<Sourced<Typeface>>,
    /// 附件标题字号.
    pub attachment_title_size: Option<Sourced<TypeSize>>,
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
        self.press_red.as_ref().map(|red| red.value).hash(state);
        [&self.table_face, &self.attachment_title_face]
            .map(|face| face.as_ref().map(|face| face.value))
            .hash(state);
        let size = self.attachment_title_size.as_ref();
        size.map(|size| size.value).hash(state);
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
            let what = format!("屏幕上的红色为{}", red.value);
            add(&red.origin, false, what, standard);
        }
        if let Some(red) = &self.press_red {
            let standard = "红色油墨为Y80%、M80%（6.2）";
            let what = format!("交印刷厂的红色为{}", red.value);
            add(&red.origin, red.value != Inks::RED, what, standard);
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
            let standard = "没有规定表格的字体，一般用仿宋（5.2.2）";
            let what = format!("表格用{}", face.value.name());
            add(&face.origin, false, what, standard);
        }
        let title = "附件标题居中编排在版心第三行，没有规定字体和字号（7.3.7）";
        if let Some(face) = &self.attachment_title_face {
            let what = format!("附件标题用{}", face.value.name());
            add(&face.origin, false, what, title);
        }
        if let Some(size) = &self.attachment_title_size {
            let what = format!("附件标题用{}字", size.value.name());
            add(&size.origin, false, what, title);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inks_are_read_in_any_order_and_written_in_one() {
        for text in [
            "M80 Y80",
            "y80% m80%",
            "Y80％、M80％",
            "C0 M80 Y80 K0",
            "M 80，Y 80",
        ] {
            assert_eq!(text.parse(), Ok(Inks::RED), "{text}");
        }
        for text in [
            "",
            "80 80",
            "M",
            "M101",
            "M80 M80",
            "R80",
            "M80 Y80 红",
            "M-1",
            "M999",
        ] {
            assert_eq!(text.parse::<Inks>(), Err(()), "{text}");
        }
        let inks = Inks([1, 100, 90, 5]);
        assert_eq!(inks.to_string().parse(), Ok(inks));
    }

    #[test]
    fn red_is_told_from_other_colours() {
        for red in [
            "#ff0000",
            "#e60012",
            "#c00000",
            "#d7000f",
            "C0 M80 Y80 K0",
            "M100 Y100",
        ] {
            assert!(is_red(red), "{red}");
        }
        for other in [
            "#000000", "#0000ff", "#ffff00", "#800080", "#ffffff", "K100", "C100 M80", "",
        ] {
            assert!(!is_red(other), "{other}");
        }
    }
}
