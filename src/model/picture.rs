//! 图: a picture that the page shows, and the seals and signature stamps that are pictures.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::Sourced;

/// How a picture is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PictureFormat {
    Png,
    Jpeg,
    Svg,
    Pdf,
}

impl PictureFormat {
    /// Tells the format by the file's first bytes.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
        match bytes {
            [0x89, b'P', b'N', b'G', ..] => Some(PictureFormat::Png),
            [0xff, 0xd8, 0xff, ..] => Some(PictureFormat::Jpeg),
            _ if bytes.starts_with(b"%PDF-") => Some(PictureFormat::Pdf),
            _ if head.contains("<svg") => Some(PictureFormat::Svg),
            _ => None,
        }
    }

    /// The ending of a file of this format.
    pub fn extension(self) -> &'static str {
        match self {
            PictureFormat::Png => "png",
            PictureFormat::Jpeg => "jpg",
            PictureFormat::Svg => "svg",
            PictureFormat::Pdf => "pdf",
        }
    }
}

/// The file of a picture, read.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Picture {
    /// The path as typed.
    pub path: String,
    pub format: PictureFormat,
    pub data: Arc<[u8]>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}（{}字节）", self.path, self.data.len())
    }
}

/// 印章 of one agency.
#[derive(Clone, Debug, PartialEq)]
pub struct SealPicture {
    pub picture: Sourced<Picture>,
    /// 直径 in millimetres, where the rank of the agency does not say it.
    pub diameter: Option<f64>,
}

impl Hash for SealPicture {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.picture, self.diameter.map(f64::to_bits)).hash(state);
    }
}

/// 签名章 of one signer (GB/T 9704—2012, 7.3.5.3).
#[derive(Clone, Debug, PartialEq)]
pub struct Stamp {
    /// 职务, in full where agencies sign jointly.
    pub office_title: Sourced<String>,
    pub picture: Option<Sourced<Picture>>,
    /// 宽 in millimetres.
    pub width: Option<f64>,
}

impl Hash for Stamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.office_title, &self.picture).hash(state);
        self.width.map(f64::to_bits).hash(state);
    }
}

/// The diameter of an agency's seal in millimetres (国发〔1999〕25号), told by its name.
pub fn seal_diameter(agency: &str) -> f64 {
    let government = agency.ends_with("人民政府");
    let stem = agency.trim_end_matches("人民政府");
    if agency == "国务院" {
        60.0
    } else if government && (stem.ends_with('省') || stem.ends_with("自治区")) {
        50.0
    } else if government && stem.ends_with(['市', '县', '旗', '州', '盟', '区'])
        || agency.ends_with("行政公署")
    {
        45.0
    } else {
        42.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_diameter_of_a_seal_follows_the_rank_of_the_agency() {
        let cases = [
            ("国务院", 60.0),
            ("某某省人民政府", 50.0),
            ("某某自治区人民政府", 50.0),
            ("某某市人民政府", 45.0),
            ("某某旗人民政府", 45.0),
            ("某某区人民政府", 45.0),
            ("某某镇人民政府", 42.0),
            ("某某县人民政府办公室", 42.0),
            ("某某县财政局", 42.0),
        ];
        for (agency, diameter) in cases {
            assert_eq!(seal_diameter(agency), diameter, "{agency}");
        }
    }

    #[test]
    fn the_first_bytes_tell_the_format() {
        assert_eq!(PictureFormat::of(b"%PDF-1.7"), Some(PictureFormat::Pdf));
        let svg = b"<?xml version=\"1.0\"?><svg xmlns=\"\"/>";
        assert_eq!(PictureFormat::of(svg), Some(PictureFormat::Svg));
        assert_eq!(PictureFormat::of(b"GIF89a"), None);
        assert_eq!(PictureFormat::of(b""), None);
    }
}
