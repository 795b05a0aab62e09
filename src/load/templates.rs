//! A unit's own text templates: the folder comes in, the source of each section goes out.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::context::Context;
use crate::diag::{Diagnostic, Origin};
use crate::model::{Circular, SECTIONS, Sourced};

impl Context<'_> {
    /// Reads the `.md` files below 模板目录, or below the folder in it that is named like the kind.
    pub fn own_templates(&mut self, circular: &Circular) -> Vec<(String, Sourced<String>)> {
        let Some(folder) = &circular.template_dir else {
            return Vec::new();
        };
        let of_kind = folder.value.join(&circular.kind.value);
        match of_kind.is_dir() {
            true => self.templates_in(of_kind, folder),
            false => self.templates_in(folder.value.clone(), folder),
        }
    }

    /// Reads the `.md` files of a notice: those of the folder that is named like its kind, below a
    /// 模板目录 that it shares with the circular.
    pub fn notice_templates(
        &mut self,
        notice: &Circular,
        circular: &Circular,
    ) -> Vec<(String, Sourced<String>)> {
        let shared = notice.template_dir == circular.template_dir;
        match &notice.template_dir {
            Some(folder) if shared => {
                let of_kind = folder.value.join(&notice.kind.value);
                self.files.push(of_kind.clone());
                match of_kind.is_dir() {
                    true => self.templates_in(of_kind, folder),
                    false => Vec::new(),
                }
            }
            _ => self.own_templates(notice),
        }
    }

    fn templates_in(
        &mut self,
        path: PathBuf,
        folder: &Sourced<PathBuf>,
    ) -> Vec<(String, Sourced<String>)> {
        self.files.push(path.clone());
        if !path.is_dir() {
            return Vec::new(); // Reported where the key was read.
        }
        let mut files = match path.read_dir() {
            Ok(entries) => entries
                .flatten()
                .map(|entry| entry.path())
                .collect::<Vec<_>>(),
            Err(error) => {
                let message = format!("无法读取模板目录“{}”：{error}", path.display());
                let hint = "用“hongtou template copy”取出内置模板，或删去“模板目录”这一行";
                self.error("template/file/unreadable", &folder.origin, message, hint);
                return Vec::new();
            }
        };
        files.sort();
        for file in &files {
            self.warn_ending(file, &folder.origin);
        }
        files.retain(|file| file.extension().is_some_and(|ending| ending == "md"));
        files
            .iter()
            .filter_map(|file| self.own_template(file, &folder.origin))
            .collect()
    }

    /// A template under another ending, as systems that hide endings make it: `结尾.md.txt`.
    fn warn_ending(&mut self, file: &Path, named_at: &Origin) {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let (section, ending) = name.split_once('.').unwrap_or((&name, ""));
        let taken = file.extension().is_some_and(|ending| ending == "md");
        let backup = ending.ends_with('~') || ending.ends_with("bak");
        if taken || backup || !SECTIONS.contains(&section) || file.is_dir() {
            return;
        }
        let message = format!("模板目录里的“{name}”不是 .md 文件，没有用到");
        let diagnostic = Diagnostic::warning("template/file/unknown", named_at, message);
        self.report(diagnostic.hint(format!("改名为“{section}.md”")));
    }

    fn own_template(
        &mut self,
        file: &Path,
        named_at: &Origin,
    ) -> Option<(String, Sourced<String>)> {
        let name = file.file_stem()?.to_string_lossy().into_owned();
        if !SECTIONS.contains(&name.as_str()) {
            let message = format!("模板目录里的“{name}.md”不是任何一节的名称，没有用到");
            let hint = format!("各节的名称是：{}", SECTIONS.join("、"));
            let diagnostic = Diagnostic::warning("template/file/unknown", named_at, message);
            self.report(diagnostic.hint(hint));
            return None;
        }
        self.files.push(file.to_owned());
        match super::read::bytes(file).and_then(|bytes| super::read::text(file, bytes)) {
            Ok(text) => {
                let shown: Arc<str> = Context::file_name(file);
                self.sources.insert(shown.clone(), text.as_str().into());
                Some((name, Sourced::new(text, Origin::text(&shown, 1, 1))))
            }
            Err(error) => {
                let hint = "检查这个文件，或把它移出模板目录";
                self.error(
                    "template/file/unreadable",
                    named_at,
                    error.to_string(),
                    hint,
                );
                None
            }
        }
    }
}
