//! A table in a .csv file beside the input: UTF-8 with or without byte order mark, UTF-16 with one,
//! or GB 18030; every cell keeps its line and column. The reader is our own because cells need their
//! place in the file.

use std::path::Path;
use std::sync::Arc;

use super::context::Context;
use super::tables::check_cells;
use super::workbook::{self, Content, Grid, Header, Source, Wanted};
use crate::diag::Origin;
use crate::model::{Aliases, Sourced, Table};

/// Reads the table of a text file.
pub fn table(wanted: Wanted, path: &Path, bytes: &[u8], cx: &mut Context) -> Option<Table> {
    let Some(text) = decode(bytes) else {
        let typed = &wanted.file;
        let message = format!("“{}”既不是 UTF-8 也不是 GB 18030 编码的文字", typed.value);
        let hint = "在电子表格软件里另存为“CSV UTF-8（逗号分隔）”";
        cx.error("tables/file/encoding", &typed.origin, message, hint);
        return None;
    };
    let text: Arc<str> = text.into();
    let file = Context::file_name(path);
    cx.sources.insert(file.clone(), text.clone());
    let records = match records(&text, &file) {
        Ok(records) => records,
        Err(origin) => {
            let hint = "补上另一个半角双引号；格里的双引号要写两个";
            let message = "这里的双引号没有成对";
            cx.error("tables/file/unclosed-quote", &origin, message, hint);
            return None;
        }
    };
    if let Some(only) = wanted.sheet.or(wanted.range) {
        let message = "csv 文件没有工作表和区域";
        cx.error("tables/file/conflict", &only.origin, message, "删去这一行");
    }
    if records.is_empty() {
        let start = Origin::text(&file, 1, 1);
        let hint = "第一行写列名，用半角逗号分隔";
        cx.error(
            "tables/column/missing",
            &start,
            "表格文件是空的，没有列名",
            hint,
        );
        return None;
    }
    let mut grid = Grid::default();
    for (row, record) in (0..).zip(&records) {
        for (column, (text, _)) in (0..).zip(record) {
            let text = text.trim();
            if !text.is_empty() {
                grid.put((row, column), Content::Text(text.to_owned()));
            }
        }
    }
    check_widths(&grid, &records, &wanted.aliases, cx);
    let place = |(row, column): (u32, u32)| {
        let record = records.get(row as usize);
        let cell = record.and_then(|record| record.get(column as usize).or(record.last()));
        cell.map_or(Origin::text(&file, 1, 1), |(_, origin)| origin.clone())
    };
    let source = Source {
        name: wanted.name,
        grid,
        place: &place,
        aliases: wanted.aliases,
    };
    workbook::table(source, cx)
}

type Cell = (String, Origin);

/// Rows of data have as many cells as there are names; a lone cell is a note.
fn check_widths(grid: &Grid, records: &[Vec<Cell>], aliases: &Aliases, cx: &mut Context) {
    let Some(header) = Header::find(grid, &|column| aliases.names(column)) else {
        return;
    };
    let names = &records[header.top as usize];
    let names: Vec<_> = names
        .iter()
        .map(|(name, at)| Sourced::new(name.clone(), at.clone()))
        .collect();
    for record in &records[header.bottom as usize + 1..] {
        if record.len() > 1 || names.len() == 1 {
            check_cells(record.len(), &names, &record[0].1, cx);
        }
    }
}

pub fn decode(bytes: &[u8]) -> Option<String> {
    let text = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, length)) => {
            encoding.decode_without_bom_handling_and_without_replacement(&bytes[length..])
        }
        None => encoding_rs::UTF_8
            .decode_without_bom_handling_and_without_replacement(bytes)
            .or_else(|| {
                encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes)
            }),
    }?;
    (!text.contains('\0')).then(|| text.into_owned())
}

/// Splits a file into records; those without any letters are left out, as spreadsheets append them.
/// The place of a quotation mark without partner is the error.
fn records(text: &str, file: &Arc<str>) -> Result<Vec<Vec<Cell>>, Origin> {
    let first_line = text.lines().next().unwrap_or_default();
    // What spreadsheet programs put between cells, by the settings of the machine.
    let others = ['\t', ';'].into_iter();
    let mut others = others.filter(|mark| first_line.contains(*mark));
    let other = others.next().filter(|_| !first_line.contains(','));
    let mut reader = Reader {
        rest: text,
        separator: other.unwrap_or(','),
        line: 1,
        column: 1,
        file,
    };
    let mut records = Vec::new();
    while !reader.rest.is_empty() {
        let record = reader.record()?;
        if record.iter().any(|(text, _)| !text.trim().is_empty()) {
            records.push(record);
        }
    }
    Ok(records)
}

/// Walks through a file and counts lines and columns.
struct Reader<'a> {
    rest: &'a str,
    separator: char,
    line: u32,
    column: u32,
    file: &'a Arc<str>,
}

impl Reader<'_> {
    fn record(&mut self) -> Result<Vec<Cell>, Origin> {
        let mut record = Vec::new();
        loop {
            record.push(self.cell()?);
            match self.next() {
                Some(c) if c == self.separator => {}
                Some('\r') if self.rest.starts_with('\n') => {
                    self.next();
                    return Ok(record);
                }
                _ => return Ok(record),
            }
        }
    }

    fn cell(&mut self) -> Result<Cell, Origin> {
        let mut text = String::new();
        let start = self.place();
        let quoted = self.rest.starts_with('"');
        if quoted {
            self.next();
        }
        let origin = self.place();
        if quoted {
            loop {
                match self.next().ok_or_else(|| start.clone())? {
                    '"' if self.rest.starts_with('"') => text.extend(self.next()),
                    '"' => break,
                    c => text.push(c),
                }
            }
        }
        while let Some(c) = self.rest.chars().next() {
            if c == self.separator || matches!(c, '\n' | '\r') {
                break;
            }
            text.extend(self.next());
        }
        Ok((text, origin))
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        if c == '\n' || (c == '\r' && !self.rest.starts_with('\n')) {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(c)
    }

    fn place(&self) -> Origin {
        Origin::text(self.file, self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<(String, String)>> {
        let place = |origin: Origin| origin.to_string().replace("甲.csv:", "");
        let records = records(text, &"甲.csv".into()).unwrap();
        records
            .into_iter()
            .map(|record| record.into_iter().map(|(t, o)| (t, place(o))).collect())
            .collect()
    }

    #[test]
    fn every_cell_knows_its_line_and_column() {
        let cells = cells("单位,问题\r\n甲镇,\"一，二\r\n\"\"三\"\"\"\r\n,,\r\n乙镇,四\r\n");
        let pair = |text: &str, place: &str| (text.to_owned(), place.to_owned());
        assert_eq!(
            cells[1],
            [pair("甲镇", "2:1"), pair("一，二\r\n\"三\"", "2:5")]
        );
        assert_eq!(cells[2], [pair("乙镇", "5:1"), pair("四", "5:4")]);
        assert_eq!(cells.len(), 3);
    }

    #[test]
    fn reads_every_encoding_offices_save() {
        let (gb, _, _) = encoding_rs::GB18030.encode("单位,𬭎㛃䶮");
        assert_eq!(decode(&gb).as_deref(), Some("单位,𬭎㛃䶮"));
        assert_eq!(decode("\u{feff}单位".as_bytes()).as_deref(), Some("单位"));
        let utf16: Vec<u8> = [0xfeff_u16, 0x5355, 0x4f4d]
            .iter()
            .flat_map(|u| u.to_le_bytes())
            .collect();
        assert_eq!(decode(&utf16).as_deref(), Some("单位"));
        assert_eq!(decode(&[0xff, 0x00, 0x81]), None);
    }

    #[test]
    fn a_tab_or_semicolon_separates_where_the_header_has_no_comma() {
        assert_eq!(cells("单位\t问题\n甲\t一,二\n")[1][1].0, "一,二");
        assert_eq!(cells("单位;问题\n甲;一,二\n")[1][1].0, "一,二");
    }

    #[test]
    fn names_a_quotation_mark_without_partner() {
        let error = records("甲\n\"乙\n", &"甲.csv".into()).unwrap_err();
        assert_eq!(error.to_string(), "甲.csv:2:1");
    }
}
