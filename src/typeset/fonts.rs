//! The faces. Comes in: the embedded files and a folder of the user's own faces. Goes out: for each
//! role the chain of faces that is asked in turn, and the measures of its glyphs.

mod chain;
mod chinese;
mod face;
mod unread;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};

use ttf_parser::{GlyphId, Rect};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

pub use chain::{Cover, Found, Ink, Link, Role, is_chinese};
pub use chinese::Chinese;
use face::{Embedded, Face};

/// The bytes of a file, behind a function: what a static holds is written once more, all 90 MB of it,
/// into what the compiler notes of the library for the program and its tests.
macro_rules! carried {
    ($file:expr) => {{
        #[inline(never)]
        fn data() -> &'static [u8] {
            include_bytes!($file)
        }
        data
    }};
}

/// The embedded faces, most of them as `build.rs` made them from `fonts/`; licences lie in
/// `fonts/licenses`.
// A static has one copy in the program; a constant has one for each use.
static EMBEDDED: [Embedded; 7] = [
    Embedded {
        data: carried!(concat!(env!("OUT_DIR"), "/NotoSerifSC_600SemiBold.ttf")),
        family: "Noto Serif SC",
        weight: 600,
        boxed: true,
    },
    Embedded {
        data: carried!(concat!(env!("OUT_DIR"), "/NotoSerifSC_400Regular.ttf")),
        family: "Noto Serif SC",
        weight: 400,
        boxed: true,
    },
    Embedded {
        data: carried!(concat!(env!("OUT_DIR"), "/LXGWZhuqueFangsong-Regular.ttf")),
        family: "Zhuque Fangsong (technical preview)",
        weight: 400,
        boxed: true,
    },
    Embedded {
        data: carried!(concat!(env!("OUT_DIR"), "/NotoSansSC_500Medium.ttf")),
        family: "Noto Sans SC",
        weight: 500,
        boxed: true,
    },
    Embedded {
        data: carried!("../../fonts/LXGWWenKaiGBLite-Regular.ttf"),
        family: "LXGW WenKai GB Lite",
        weight: 400,
        boxed: true,
    },
    Embedded {
        data: carried!("../../fonts/LiberationSerif-Regular.ttf"),
        family: "Liberation Serif",
        weight: 400,
        boxed: false,
    },
    Embedded {
        data: carried!(concat!(env!("OUT_DIR"), "/HanaMinB.ttf")),
        family: "HanaMinB",
        weight: 500,
        boxed: true,
    },
];

static BUILT_IN: LazyLock<Fonts> =
    LazyLock::new(|| Fonts::build(EMBEDDED.iter().map(Face::embedded).collect()));

/// All faces a circular may be set in. Cheap to clone.
#[derive(Clone)]
pub struct Fonts(Arc<Inner>);

struct Inner {
    /// Tells these faces from any others of this run.
    number: usize,
    book: LazyHash<FontBook>,
    whole_book: OnceLock<LazyHash<FontBook>>,
    faces: Vec<Face>,
    chains: Vec<(Role, Vec<Link>)>,
}

impl Hash for Fonts {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.number.hash(state);
    }
}

/// Why the user's folder of faces could not be used.
#[derive(Debug)]
pub struct FontError {
    pub path: PathBuf,
    pub cause: FontFault,
}

/// What is wrong with a folder or file of faces.
#[derive(Debug)]
pub enum FontFault {
    Read(std::io::Error),
    /// The file is no TrueType or OpenType face.
    NotAFace,
}

impl fmt::Display for FontError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.cause {
            FontFault::Read(error) => {
                let cause = match error.kind() {
                    ErrorKind::NotFound => "没有这个文件夹".to_owned(),
                    ErrorKind::NotADirectory => "这不是文件夹".to_owned(),
                    ErrorKind::PermissionDenied => "没有读取权限".to_owned(),
                    _ => format!("系统报告“{error}”"),
                };
                write!(f, "无法读取字体目录或文件“{path}”：{cause}")
            }
            FontFault::NotAFace => write!(f, "文件“{path}”不是可用的 TrueType 或 OpenType 字体"),
        }
    }
}

impl std::error::Error for FontError {}

/// A role and the face that is asked first for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleFace {
    /// 小标宋, 宋体, 黑体, 仿宋, 楷体 or 数字西文.
    pub role: &'static str,
    pub face: String,
    /// 内置, or the path of the user's file.
    pub source: String,
    /// How many characters the face has.
    pub coverage: usize,
}

impl Fonts {
    /// The faces that come with the program.
    pub fn embedded() -> Fonts {
        BUILT_IN.clone()
    }

    /// Finds out how each of the faces sets Chinese that nearly every circular shows.
    pub(super) fn prepare() {
        let links = BUILT_IN.0.chains.iter().flat_map(|(_, chain)| chain);
        for link in links.filter(|link| !link.stand_in) {
            Chinese::of(BUILT_IN.0.faces[link.face].font());
        }
    }

    /// The user's own faces, before the embedded ones where their name is that of a role.
    pub fn with_folder(path: &Path) -> Result<Fonts, FontError> {
        let fault = |path: &Path, cause| FontError {
            path: path.to_owned(),
            cause,
        };
        let read = |path: &Path| std::fs::read(path).map_err(|e| fault(path, FontFault::Read(e)));
        let mut files: Vec<PathBuf> = std::fs::read_dir(path)
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
            .map_err(|error| fault(path, FontFault::Read(error)))?;
        files.retain(|file| is_font_file(file));
        files.sort();
        let mut faces = BUILT_IN.0.faces.clone();
        for file in &files {
            // Faces live as long as the program does, whoever lends them.
            let data = Vec::leak(read(file)?);
            let face = Face::parse(data, file.display().to_string())
                .ok_or_else(|| fault(file, FontFault::NotAFace))?;
            faces.push(face);
        }
        Ok(Fonts::build(faces))
    }

    fn build(faces: Vec<Face>) -> Fonts {
        let book = FontBook::from_infos(faces.iter().map(|face| face.info().clone()));
        let chains = Role::ALL
            .into_iter()
            .map(|role| (role, chain::build(role, &faces)))
            .collect();
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        Fonts(Arc::new(Inner {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            book: LazyHash::new(book),
            whole_book: OnceLock::new(),
            faces,
            chains,
        }))
    }

    /// What tells these faces from others, with `digest` of each file of the user's.
    pub fn fingerprint(&self, digest: impl Fn(&[u8]) -> String) -> String {
        let own = self.0.faces.iter().filter(|face| face.path().is_some());
        let own: Vec<String> = own.map(|face| digest(face.data())).collect();
        let embedded = EMBEDDED.iter().map(|face| (face.data)().len().to_string());
        let all: Vec<String> = embedded.chain(own).collect();
        digest(all.join(" ").as_bytes())
    }

    /// The faces of a role in the order in which they are asked.
    pub(super) fn chain(&self, role: Role) -> &[Link] {
        &self.0.chains[role as usize].1
    }

    pub(super) fn book(&self) -> &LazyHash<FontBook> {
        &self.0.book
    }

    /// The book with the characters of every face, by which pictures find faces for their words.
    /// Counting them takes as long as setting a page.
    pub(super) fn whole_book(&self) -> &LazyHash<FontBook> {
        self.0.whole_book.get_or_init(|| {
            let infos = self.0.faces.iter().map(Face::whole_info);
            LazyHash::new(FontBook::from_infos(infos))
        })
    }

    pub(super) fn font(&self, index: usize) -> Option<Font> {
        Some(self.0.faces.get(index)?.font())
    }

    /// Finds the face that draws `character` in `role`.
    pub(super) fn find(&self, role: Role, character: char) -> Option<Found> {
        self.chain(role)
            .iter()
            .filter(|link| link.covers.is_none_or(|cover| cover.contains(character)))
            .find_map(|link| {
                let glyph = self.0.faces[link.face].glyph(character)?;
                Some(Found {
                    face: link.face,
                    glyph,
                    stand_in: link.stand_in,
                })
            })
    }

    /// Tells whether any face has a character.
    pub(super) fn has(&self, character: char) -> bool {
        let mut faces = self.0.faces.iter();
        faces.any(|face| face.glyph(character).is_some())
    }

    /// The families that a picture's words are set in whose own is not there.
    pub(super) fn of_pictures(&self) -> Vec<String> {
        let chain = self.chain(Role::SongTi).iter();
        chain.map(|link| link.family.clone()).collect()
    }

    /// Tells whether a face of the role has a form of its own for a character and a variation
    /// selector.
    pub(super) fn has_variation(&self, role: Role, character: char, selector: char) -> bool {
        self.find(role, character).is_some_and(|found| {
            self.0.faces[found.face]
                .ttf()
                .glyph_variation_index(character, selector)
                .is_some()
        })
    }

    /// The advance width of `character` in em; 1 where no face has it.
    pub(super) fn advance(&self, role: Role, character: char) -> f64 {
        self.cell(role, character).1
    }

    /// The number of the face that draws `character`, and its advance width in em; 0 and 1 where no
    /// face has it.
    pub(super) fn cell(&self, role: Role, character: char) -> (usize, f64) {
        let Some(found) = self.find(role, character) else {
            return (0, 1.0);
        };
        if is_one_em_in_chinese(character) {
            return (found.face, 1.0);
        }
        let ttf = self.0.faces[found.face].ttf();
        let units = ttf.glyph_hor_advance(found.glyph).unwrap_or_default();
        (found.face, f64::from(units) / f64::from(ttf.units_per_em()))
    }

    /// The edges of a glyph of a face that Typst has used, in the face's units.
    pub(super) fn bounds(&self, font: &Font, glyph: u16) -> Option<Rect> {
        let data = font.data().as_ptr();
        let same = |face: &&Face| face.data().as_ptr() == data;
        self.0.faces.iter().find(same)?.bounds(GlyphId(glyph))
    }

    /// The text, parted where another face draws it; each part with the number of its face.
    pub(super) fn parts(&self, role: Role, text: &str) -> Vec<(usize, String)> {
        let mut parts: Vec<(usize, String)> = Vec::new();
        for character in text.chars() {
            let found = self.find(role, character).map(|found| found.face);
            match parts.last_mut() {
                // What no face has is a selector: it chooses the form of the letter before it.
                Some((face, part)) if found.is_none_or(|found| found == *face) => {
                    part.push(character);
                }
                _ => parts.push((found.unwrap_or(0), character.to_string())),
            }
        }
        parts
    }

    /// The ink of one line of words in em.
    pub(super) fn ink(&self, role: Role, text: &str) -> Ink {
        let mut ink = Ink::default();
        let mut first = true;
        for character in text.chars() {
            let Some(found) = self.find(role, character) else {
                continue;
            };
            let ttf = self.0.faces[found.face].ttf();
            let em = |units: i16| f64::from(units) / f64::from(ttf.units_per_em());
            let advance = self.advance(role, character);
            let glyph = match is_one_em_in_chinese(character) {
                true => self.0.faces[found.face].chinese_glyph(character),
                false => found.glyph,
            };
            if let Some(bounds) = self.0.faces[found.face].bounds(glyph) {
                if first {
                    ink = Ink {
                        left: ink.advance + em(bounds.x_min),
                        top: em(bounds.y_max),
                        bottom: em(bounds.y_min),
                        ..ink
                    };
                    first = false;
                }
                ink.top = ink.top.max(em(bounds.y_max));
                ink.bottom = ink.bottom.min(em(bounds.y_min));
                ink.right = ink.advance + em(bounds.x_max);
            }
            ink.advance += advance;
        }
        ink
    }

    /// Each role with the face that is asked first.
    pub fn roles(&self) -> Vec<RoleFace> {
        let role_face = |role: &'static str, link: &Link| {
            let face = &self.0.faces[link.face];
            RoleFace {
                role,
                face: link.family.clone(),
                source: face.path().unwrap_or("内置").to_owned(),
                coverage: face.whole_info().coverage.iter().count(),
            }
        };
        let mut roles: Vec<RoleFace> = Role::ALL
            .into_iter()
            .filter_map(|role| {
                let whole = self.chain(role).iter().find(|link| link.covers.is_none())?;
                Some(role_face(role.name(), whole))
            })
            .collect();
        let latin = self.chain(Role::FangSong).iter();
        roles.extend(
            latin
                .filter(|link| link.covers == Some(Cover::Latin))
                .map(|link| role_face("数字西文", link)),
        );
        roles
    }
}

/// Faces draw these one em wide, and at another height, among Chinese characters only.
fn is_one_em_in_chinese(character: char) -> bool {
    matches!(character, '—' | '…')
}

fn is_font_file(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| {
            ["ttf", "otf", "ttc"]
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known))
        })
}

#[cfg(test)]
mod tests {
    use typst::text::FontInfo;

    use super::*;

    #[test]
    fn every_role_has_a_built_in_face() {
        let roles = Fonts::embedded().roles();
        let names: Vec<&str> = roles.iter().map(|role| role.role).collect();
        assert_eq!(
            names,
            ["小标宋", "宋体", "黑体", "仿宋", "楷体", "数字西文"]
        );
        assert!(roles.iter().all(|role| role.source == "内置"));
        assert_eq!(roles[3].face, "Zhuque Fangsong (technical preview)");
    }

    #[test]
    fn digits_and_quotation_marks_come_from_their_own_faces() {
        let fonts = Fonts::embedded();
        assert_eq!(fonts.advance(Role::FangSong, '2'), 0.5);
        assert_eq!(fonts.advance(Role::FangSong, '“'), 1.0);
        assert_eq!(fonts.advance(Role::FangSong, '通'), 1.0);
    }

    #[test]
    fn embedded_faces_are_named_as_typst_names_them() {
        for (face, embedded) in BUILT_IN.0.faces.iter().zip(&EMBEDDED) {
            let whole = face.whole_info();
            assert_eq!(whole.family, embedded.family);
            assert_eq!(whole.variant.weight.to_number(), embedded.weight);
            let unread = FontInfo {
                coverage: whole.coverage.clone(),
                ..face.font().info().clone()
            };
            assert_eq!(unread, whole);
        }
    }

    #[test]
    fn faces_with_one_map_draw_what_their_files_draw() {
        for (file, embedded) in [
            ("NotoSerifSC_600SemiBold.ttf", &EMBEDDED[0]),
            ("NotoSerifSC_400Regular.ttf", &EMBEDDED[1]),
            ("LXGWZhuqueFangsong-Regular.ttf", &EMBEDDED[2]),
            ("NotoSansSC_500Medium.ttf", &EMBEDDED[3]),
            ("HanaMinB.ttf", &EMBEDDED[6]),
        ] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
            let data = std::fs::read(path.join(file)).unwrap();
            let whole = ttf_parser::Face::parse(&data, 0).unwrap();
            let carried = ttf_parser::Face::parse((embedded.data)(), 0).unwrap();
            let mut drawn = 0;
            for character in '\0'..='\u{3ffff}' {
                let glyph = |face: &ttf_parser::Face| {
                    let glyph = face.glyph_index(character);
                    glyph.filter(|glyph| glyph.0 != 0)
                };
                assert_eq!(glyph(&carried), glyph(&whole), "{file} {character}");
                drawn += usize::from(glyph(&whole).is_some());
            }
            assert!(drawn > 10_000, "{file}");
            let different = data.iter().zip((embedded.data)()).filter(|(a, b)| a != b);
            assert!(different.count() < 64, "{file}");
        }
    }

    #[test]
    fn boxes_of_glyphs_are_the_edges_of_their_outlines() {
        let faces = BUILT_IN.0.faces.iter().zip(&EMBEDDED);
        for (face, embedded) in faces.filter(|(_, embedded)| embedded.boxed) {
            for glyph in (0..face.ttf().number_of_glyphs()).map(GlyphId) {
                let outline = face.ttf().glyph_bounding_box(glyph);
                assert_eq!(face.bounds(glyph), outline, "{} {glyph:?}", embedded.family);
            }
        }
    }

    #[test]
    fn a_folder_of_faces_is_read_and_a_missing_one_is_a_fault() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("仿宋.ttf");
        std::fs::write(&file, (EMBEDDED[2].data)()).unwrap();
        let fonts = Fonts::with_folder(folder.path()).unwrap();
        // A second copy of the built-in face bears the name of no role: it is asked last.
        let built_in = Fonts::embedded();
        let built_in = built_in.chain(Role::FangSong);
        let chain = fonts.chain(Role::FangSong);
        let places = |chain: &[Link]| chain.iter().map(|link| link.face).collect::<Vec<_>>();
        assert_eq!(places(&chain[..built_in.len()]), places(built_in));
        assert_eq!(chain.last().unwrap().face, EMBEDDED.len());
        assert!(Fonts::with_folder(&folder.path().join("无")).is_err());
    }

    /// A face of the user's whose name is that of no role, with a character that no built-in face has.
    fn rare_face(character: char) -> Vec<u8> {
        let mut face = (EMBEDDED[2].data)().to_vec();
        let map = ttf_parser::RawFace::parse(&face, 0)
            .unwrap()
            .table(ttf_parser::Tag::from_bytes(b"cmap"))
            .unwrap();
        let map = map.as_ptr() as usize - face.as_ptr() as usize;
        let long = |at: usize| u32::from_be_bytes(face[at..at + 4].try_into().unwrap()) as usize;
        // The last of its groups of characters (OpenType, `cmap`, format 12) becomes that character.
        let mut subtables = (map + 4..).step_by(8).map(|record| map + long(record + 4));
        let subtable = subtables.find(|at| face[*at..at + 2] == [0, 12]).unwrap();
        let last = subtable + 16 + 12 * (long(subtable + 12) - 1);
        let code = u32::from(character).to_be_bytes();
        face[last..last + 8].copy_from_slice([code, code].as_flattened());
        face
    }

    #[test]
    fn a_character_that_no_other_face_has_comes_from_any_face_of_the_user() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("生僻字.ttf"), rare_face('\u{31152}')).unwrap();
        let found = |fonts: &Fonts, letter| fonts.find(Role::KaiTi, letter);
        let fonts = Fonts::with_folder(folder.path()).unwrap();
        assert!(found(&Fonts::embedded(), '\u{31152}').is_none());
        let own = found(&fonts, '\u{31152}').unwrap();
        assert!(own.stand_in && own.face == EMBEDDED.len());
        // Of what the built-in faces have, nothing changes.
        let usual = found(&fonts, '镇').unwrap();
        assert!(!usual.stand_in && usual.face < EMBEDDED.len());
    }

    #[test]
    fn a_file_that_is_no_face_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("坏.ttf"), b"no face").unwrap();
        let error = Fonts::with_folder(folder.path()).err().unwrap().to_string();
        assert!(error.contains("坏.ttf"), "{error}");
    }
}
