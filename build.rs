//! What is made before the program is compiled: the faces as it carries them, and how it is linked.

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=fonts");
    faces();
    fixed_place();
}

/// Puts the faces that may be changed where the program takes them from, each with one map from
/// characters to glyphs. Most have the same map two to four times, for systems of long ago, and
/// Typst reads all of them when it first sees a face, which takes longer than setting its pages.
/// (The names 霞鹜 and Liberation are reserved for files that nobody has changed.)
fn faces() {
    let to = std::env::var("OUT_DIR").expect("cargo names the folder");
    for name in [
        "NotoSerifSC_600SemiBold.ttf",
        "NotoSerifSC_400Regular.ttf",
        "LXGWZhuqueFangsong-Regular.ttf",
        "NotoSansSC_500Medium.ttf",
        "HanaMinB.ttf",
    ] {
        let mut face = std::fs::read(Path::new("fonts").join(name)).expect("the face is there");
        keep_one_map(&mut face);
        std::fs::write(Path::new(&to).join(name), face).expect("the folder can be written to");
    }
}

/// Keeps of a face's maps the one of all Unicode and that of the variants (OpenType, `cmap`).
fn keep_one_map(face: &mut [u8]) {
    const RECORD: usize = 8;
    let short = |face: &[u8], at: usize| usize::from(u16::from_be_bytes([face[at], face[at + 1]]));
    let long = |face: &[u8], at: usize| short(face, at) << 16 | short(face, at + 2);
    let tables = (0..short(face, 4)).map(|index| 12 + 16 * index);
    let map = tables
        .into_iter()
        .find(|at| face[*at..].starts_with(b"cmap"));
    let map = long(face, map.expect("a face has a map") + 8);
    let records = (0..short(face, map + 2)).map(|index| map + 4 + RECORD * index);
    let kept: Vec<u8> = records
        .filter(|at| [(0, 5), (3, 10)].contains(&(short(face, *at), short(face, *at + 2))))
        .flat_map(|at| face[at..at + RECORD].to_vec())
        .collect();
    assert!(!kept.is_empty(), "the face has a map of all Unicode");
    face[map + 2..map + 4].copy_from_slice(&((kept.len() / RECORD) as u16).to_be_bytes());
    face[map + 4..map + 4 + kept.len()].copy_from_slice(&kept);
}

/// A program that may lie anywhere in memory corrects some 200,000 addresses in itself, mostly in
/// Typst's tables, each time it starts: more than half of what starting takes.
fn fixed_place() {
    let target = |part| std::env::var(format!("CARGO_CFG_TARGET_{part}"));
    if target("OS").as_deref() == Ok("linux") && target("ENV").as_deref() == Ok("gnu") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
