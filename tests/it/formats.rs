//! The gallery below `examples/formats`: each file builds without a fault, with and without its seals, as
//! a draft, on preprinted paper and as plain text; its pages show what its name says.

use std::path::{Path, PathBuf};

use hongtou::diag::Severity;
use hongtou::model::{Edition, RedHeader};
use hongtou::pipeline::{self, Outcome};
use hongtou::typeset::{InkLine, Pages, Part};

fn gallery() -> Vec<PathBuf> {
    let mut files = crate::entries(&crate::root().join("examples/formats"));
    files.retain(|file| file.extension().is_some_and(|ending| ending == "yaml"));
    files
}

fn name(file: &Path) -> String {
    file.file_stem().unwrap().to_string_lossy().into_owned()
}

fn run(file: &Path, edition: Edition) -> Outcome {
    let outcome = pipeline::run_edition(file, None, edition)
        .unwrap_or_else(|refusal| panic!("{}: {refusal}", file.display()));
    let faults: Vec<_> = outcome
        .diagnostics
        .iter()
        .filter(|fault| fault.severity != Severity::Note)
        .collect();
    assert!(faults.is_empty(), "{}: {faults:#?}", file.display());
    outcome
}

fn pages(name: &str, edition: Edition) -> Pages {
    let file = crate::root()
        .join("examples/formats")
        .join(format!("{name}.yaml"));
    run(&file, edition).pages.unwrap()
}

fn sealed() -> Edition {
    Edition {
        seal: true,
        ..Edition::default()
    }
}

fn has_pictures(file: &Path) -> bool {
    let text = std::fs::read_to_string(file).unwrap();
    text.contains("印章图:") || text.contains("图: 图/签名")
}

#[test]
fn every_file_builds_without_a_fault_in_every_edition() {
    let files = gallery();
    assert!(files.len() >= 15, "{files:?}");
    for file in files {
        let text = run(&file, Edition::default()).document.unwrap().to_string();
        assert!(!text.is_empty());
        for red_header in [RedHeader::Preprinted, RedHeader::None] {
            run(
                &file,
                Edition {
                    red_header: Some(red_header),
                    ..Edition::default()
                },
            );
        }
        if has_pictures(&file) {
            let pages = run(&file, sealed()).pages.unwrap();
            let drawn = pages
                .images()
                .iter()
                .filter(|image| image.part == Part::Seal);
            assert!(drawn.count() > 0, "{}", name(&file));
            assert!(pages.pdf().starts_with(b"%PDF"));
        }
    }
}

#[test]
fn no_seal_is_drawn_unless_it_is_asked_for() {
    for file in gallery() {
        let pages = run(&file, Edition::default()).pages.unwrap();
        let mut seals = pages
            .images()
            .iter()
            .filter(|image| image.part == Part::Seal);
        assert!(seals.next().is_none(), "{}", name(&file));
    }
}

#[test]
fn nothing_lies_outside_the_type_area_but_what_belongs_there() {
    for file in gallery() {
        let pages = run(&file, Edition::default()).pages.unwrap();
        let outside = |line: &&InkLine| {
            !matches!(line.part, Part::PageNumber)
                && (line.left < 27.9
                    || line.right > 184.1
                    || line.top < 36.5
                    || line.bottom > 262.1)
        };
        for line in pages.ink().iter().filter(outside) {
            // The mark of a letter stands above it.
            let letter = name(&file).starts_with("信函") && line.part == Part::IssuerMark;
            assert!(letter, "{}: {line}", name(&file));
        }
    }
}

#[test]
fn the_plain_copy_has_no_red_and_keeps_all_words() {
    let count = |edition| {
        let pages = pages("文件-单一机关-预留印章", edition);
        let red = pages
            .ink()
            .iter()
            .filter(|line| line.fill == "#e60012")
            .count();
        let text = pages
            .ink()
            .iter()
            .filter(|line| line.part == Part::MainText);
        (red, text.map(|line| line.text.clone()).collect::<String>())
    };
    let plain = Edition {
        red_header: Some(RedHeader::None),
        ..Edition::default()
    };
    let ((red, text), (none, same)) = (count(Edition::default()), count(plain));
    assert!(red > 0 && none == 0);
    assert_eq!(text, same);
}
