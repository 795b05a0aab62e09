//! A table made ready: the size of its letters, the widths of its columns, the lines of its cells.

use std::sync::Arc;

use super::placed::{At, Placed, PlacedBlock, PlacedLabel};
use super::rows::{self, CellData, Row};
use super::{InkColumn, Maker, Part};
use crate::diag::Origin;
use crate::document::{Cell, HeadGroup, Style, TableBlock, Words};
use crate::typeset::columns::{self, CellDemand, Demand};
use crate::typeset::fonts::Role;
use crate::typeset::lines::{self, Grid, Shape};
use crate::typeset::measures::{MM, measures};
use crate::typeset::setting::{Align, CellLines, Line};

pub struct TableData {
    /// The type size, in points.
    pub size: f64,
    /// The widths of the columns, in points.
    pub widths: Vec<f64>,
    /// One row, or two where columns stand in groups.
    pub head: Vec<Row>,
    pub rows: Vec<Row>,
    /// 续表, which stands above the head where the table goes on.
    pub continued: PlacedBlock,
    /// The least ink distance to what stands above, in millimetres.
    pub above: f64,
    /// Whether the table stays with the block below.
    pub sticky: bool,
    /// Whether the table stays on one page.
    pub whole: bool,
    /// Whether these are the last rows of the table above, carried over to a new page.
    pub carried: bool,
}

/// A column whose widest cell has at most this many characters is centred.
const SHORT: f64 = 9.0;

/// More torn cells than this part of the rows ask for smaller letters.
const MANY_TORN: f64 = 0.3;

/// A cell of at most this many characters is broken by sense.
const FEW: f64 = 16.0;

/// A last line of fewer characters looks torn off.
const LONELY: f64 = 1.9;

/// A word longer than this many characters may be broken to keep its column narrow.
const LONG_WORD: f64 = 8.0;

/// The least width of a column in characters, if its words are not shorter.
const LEAST: f64 = 3.0;

/// A column of long words should hold this many characters.
const NARROW: f64 = 5.0;

/// A table of at least so many lines that smaller letters make lower than this part gets them.
const HIGH: f64 = 30.0;
const LOWER: f64 = 0.75;

/// 小五, for tables of so many columns that the larger sizes leave no room. Practice.
const LEAST_SIZE: f64 = 9.0;

/// A table no higher than this part of the type area is not divided over pages.
const WHOLE: f64 = 0.3;

impl TableData {
    /// Takes the last `count` rows off, to stand on a new page under a head of their own; nothing
    /// where that would divide a cell or leave no row.
    pub fn carry_over(&mut self, count: usize) -> Option<TableData> {
        let split = self.rows.len().checked_sub(count).filter(|at| *at > 0)?;
        let divided = self.rows[split].cells.iter().any(|cell| cell.rows == 0);
        if divided {
            return None;
        }
        Some(TableData {
            rows: self.rows.split_off(split),
            widths: self.widths.clone(),
            head: self.head.clone(),
            continued: self.continued.clone(),
            carried: true,
            sticky: true,
            whole: true,
            ..*self
        })
    }
}

/// The size of a table as wide as `width`, the roomiest that its words fit, and how many characters
/// its columns hold; nothing where they fit none.
fn fitted(demands: &[Demand], width: f64) -> Option<(f64, Vec<f64>)> {
    let measures = measures();
    let roomy = measures.table_size_pt;
    let natural: f64 = demands.iter().map(|demand| demand.natural).sum();
    // Crowded: the words ask for more than four times the width there is.
    let crowded = natural > room(demands.len(), roomy, width) * 4.0;
    let sizes = [roomy, measures.table_crowded_size_pt, LEAST_SIZE];
    let mut sizes = sizes.into_iter().skip(usize::from(crowded));
    let fitted = |size: f64| {
        let room = room(demands.len(), size, width);
        if !columns::fits(demands, room) {
            return None;
        }
        let widths = columns::widths(demands, room);
        let narrow = |(demand, width): (&Demand, &f64)| demand.natural > SHORT && *width < NARROW;
        let reads_well = !demands.iter().zip(&widths).any(narrow);
        reads_well.then_some((size, widths))
    };
    let (size, widths) = sizes.find_map(fitted)?;
    // Where many names and terms are torn that the next size keeps whole, or it takes far fewer lines,
    // it is the better one.
    let rows = demands.iter().map(|demand| demand.cells.len()).max();
    let torn = columns::torn(demands, &widths);
    let many = torn as f64 > MANY_TORN * rows.unwrap_or(0) as f64;
    let lines = columns::lines(demands, &widths);
    let smaller = fitted(measures.table_crowded_size_pt).filter(|(smaller, widths)| {
        let whole = many && columns::torn(demands, widths) * 3 <= torn;
        let lower = lines >= HIGH && columns::lines(demands, widths) < LOWER * lines;
        *smaller < size && (whole || lower)
    });
    Some(smaller.unwrap_or((size, widths)))
}

/// What the insets of a column take, in points.
fn inset() -> f64 {
    const ROUNDING: f64 = 0.5;
    2.0 * measures().table_inset_x_pt + ROUNDING
}

/// How many characters all columns hold together.
fn room(columns: usize, size: f64, width: f64) -> f64 {
    (width - columns as f64 * inset()).max(size) / size
}

impl Maker<'_> {
    pub fn table(&mut self, part: Part, table: &TableBlock) -> TableData {
        let measures = measures();
        let demands = self.demands(table);
        let width = self.area.width * MM;
        let (size, widths) = fitted(&demands, width).unwrap_or_else(|| {
            let room = room(demands.len(), LEAST_SIZE, width);
            (LEAST_SIZE, columns::widths(&demands, room))
        });
        let widths: Vec<f64> = widths
            .into_iter()
            .map(|width| width * size + inset())
            .collect();
        let number = self.sources.len();
        let columns: Vec<Column> = demands
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(index, (demand, width))| Column {
                place: InkColumn {
                    table: number,
                    index,
                    name: table.head[index].text().into(),
                },
                room: width - 2.0 * measures.table_inset_x_pt,
                align: if is_numeric(table, index) {
                    Align::Right
                } else if demand.cells[1..].iter().all(CellDemand::is_short) {
                    Align::Center
                } else {
                    Align::Left
                },
            })
            .collect();
        let face = self.table_face();
        let head = self.head(part, table, &columns, size);
        let mut rows: Vec<Row> = table
            .rows
            .iter()
            .map(|row| {
                let cells = row
                    .iter()
                    .zip(&columns)
                    .map(|(Cell { words, rows }, column)| {
                        self.cell(part, words, *rows, face, column, size)
                    });
                Row::new(cells.collect())
            })
            .collect();
        rows::stretch(&mut rows);
        let height: f64 = rows.iter().map(|row| row.height).sum();
        TableData {
            size,
            widths,
            head,
            continued: self.continued(size),
            sticky: false,
            whole: height <= WHOLE * self.area.height * MM,
            carried: false,
            // In an attachment a table may follow a signature or a list.
            above: match part {
                Part::AttachmentText(_) => measures.one_line,
                _ => 0.0,
            },
            rows,
        }
    }

    /// The head: the columns' names, and above them the headings of their groups.
    fn head(&mut self, part: Part, table: &TableBlock, columns: &[Column], size: f64) -> Vec<Row> {
        let centred = |room: f64, column: &Column| Column {
            place: column.place.clone(),
            room,
            align: Align::Center,
        };
        let mut upper = Vec::new();
        let mut lower = Vec::new();
        for (index, (words, column)) in table.head.iter().zip(columns).enumerate() {
            let within =
                |group: &&HeadGroup| (group.start..group.start + group.count).contains(&index);
            let group = table.groups.iter().find(within);
            if let Some(group) = group {
                let covered = &columns[group.start..group.start + group.count];
                let gaps = (group.count - 1) as f64 * 2.0 * measures().table_inset_x_pt;
                let room = covered.iter().map(|column| column.room).sum::<f64>() + gaps;
                let column = centred(room, column);
                let mut cell = self.cell(part, &group.words, 1, Role::HeiTi, &column, size);
                cell.columns = group.count;
                // Those behind the first of a group are covered by it.
                cell.rows = usize::from(index == group.start);
                upper.push(cell);
            }
            let column = centred(column.room, column);
            let mut cell = self.cell(part, words, 1, Role::HeiTi, &column, size);
            if group.is_none() {
                cell.rows = 2;
                upper.push(cell.clone());
                cell.rows = 0;
            }
            lower.push(cell);
        }
        if table.groups.is_empty() {
            lower.iter_mut().for_each(|cell| cell.rows = 1);
            return vec![Row::new(lower)];
        }
        let mut head = vec![Row::new(upper), Row::new(lower)];
        rows::stretch(&mut head);
        head
    }

    /// 续表 at the right edge, with room below it.
    fn continued(&mut self, size: f64) -> PlacedBlock {
        let measures = measures();
        let words = Words::plain("续表", &Origin::Program);
        let label = self.label(Part::Continued, &words, Role::FangSong);
        let x = self.area.width - label.ink.advance * size / MM;
        let y = measures.ink_top_em * size / MM;
        PlacedBlock {
            items: vec![Placed::Label(PlacedLabel::on(size, label, At::Cell(x), y))],
            height: measures.continued_height_pt / MM,
            above: 0.0,
            sticky: true,
            ..PlacedBlock::default()
        }
    }

    /// Tells whether a table does not fit an upright page.
    pub fn is_wide(&self, table: &TableBlock) -> bool {
        fitted(&self.demands(table), measures().width()).is_none()
    }

    /// The face of the cells.
    fn table_face(&self) -> Role {
        let own = self.profile.table_face.as_ref();
        own.map_or(Role::FangSong, |face| Role::of(face.value))
    }

    /// What the words of each column ask for, in em and without the cells' insets.
    fn demands(&self, table: &TableBlock) -> Vec<Demand> {
        let face = self.table_face();
        let width = |words: &Words, role| lines::widths(self.fonts, words, role);
        (0..table.head.len())
            .map(|index| {
                let head = width(&table.head[index], Role::HeiTi);
                // Two characters side by side, and a unit in brackets whole: （mg/L）.
                const UNIT: f64 = 5.0;
                let head = CellDemand {
                    natural: head.line,
                    word: head.line.min(2.0).max(head.word.min(UNIT)),
                    rows: 1,
                };
                let cells = table.rows.iter().filter_map(|row| row.get(index));
                let cells = cells.map(|Cell { words, rows }| {
                    let widths = width(words, face);
                    CellDemand {
                        natural: widths.line,
                        word: widths.word,
                        rows: *rows,
                    }
                });
                let cells: Vec<CellDemand> = std::iter::once(head).chain(cells).collect();
                let most = |of: fn(&CellDemand) -> f64| cells.iter().map(of).fold(1.0, f64::max);
                let widest = most(CellDemand::wanted);
                let word = most(|cell| cell.word.min(LONG_WORD));
                Demand {
                    least: widest.min(LEAST).max(word),
                    natural: widest,
                    cells,
                }
            })
            .collect()
    }

    fn cell(
        &mut self,
        part: Part,
        words: &Words,
        rows: usize,
        role: Role,
        column: &Column,
        size: f64,
    ) -> CellData {
        let mut lines = self.cell_lines(words, role, column, size);
        let all = Arc::new(words.clone());
        for line in &mut lines {
            line.tag = self.source(part, all.clone(), line.start);
            self.sources[line.tag].column = Some(column.place.clone());
        }
        let measures = measures();
        CellData {
            cell: CellLines {
                lines,
                size,
                pitch: size * measures.table_line_em,
                align: column.align,
                inset: (measures.table_inset_x_pt, measures.table_inset_y_pt),
            },
            rows,
            columns: 1,
        }
    }

    /// Breaks the words of a cell, few words by sense: 新媒体｜名称, not 新媒体名｜称.
    fn cell_lines(&self, words: &Words, role: Role, column: &Column, size: f64) -> Vec<Line> {
        let mut shape = Shape {
            grid: Grid { size, cell: size },
            width: column.room,
            first: 0.0,
            rest: 0.0,
            justify: false,
            names: false,
        };
        let broken =
            |words: &Words, shape: &Shape| lines::break_lines(self.fonts, &[(words, role)], shape);
        let lines = broken(words, &shape);
        let all: f64 = lines.iter().map(|line| line.width).sum();
        let last = lines.last().map_or(0.0, |line| line.width);
        let text = words.text();
        let is_plain = !text.contains('\n') && words.0.iter().all(|run| run.style == Style::Plain);
        if lines.len() < 2 {
            return lines;
        }
        if is_plain && all <= FEW * size {
            let by_sense = self.by_sense(words, role, &shape, lines.len());
            if let Some(by_sense) = by_sense {
                return by_sense;
            }
        }
        if column.align != Align::Center && last >= LONELY * size {
            return lines;
        }
        // No character stands alone below the others: few words get lines of one length, many words
        // lines as long as the last one allows.
        let least = all / lines.len() as f64;
        let steps = ((column.room - least) / (size / 4.0)).ceil().max(0.0) as usize;
        let mut widths: Vec<f64> = (0..steps)
            .map(|step| least + step as f64 * size / 4.0)
            .collect();
        if column.align != Align::Center && all > FEW * size {
            widths.reverse();
        }
        let even = widths.into_iter().find_map(|width| {
            shape.width = width;
            let even = broken(words, &shape);
            let fits = even.iter().all(|line| line.width <= width + 0.01);
            let lonely = even.last().is_none_or(|last| last.width < LONELY * size);
            (even.len() == lines.len() && fits && !lonely).then_some(even)
        });
        even.unwrap_or(lines)
    }
}

/// What a cell needs to know of its column.
struct Column {
    place: InkColumn,
    room: f64,
    align: Align,
}

/// Tells whether a column holds amounts, which stand flush right: numbers with a sign or a fraction,
/// or of many lengths. Counts of few digits, years and telephone numbers do not.
fn is_numeric(table: &TableBlock, index: usize) -> bool {
    const COUNT: usize = 4;
    let cells = table.rows.iter().filter_map(|row| row.get(index));
    let texts: Vec<String> = cells
        .map(|cell| cell.words.text().trim().to_owned())
        .filter(|text| !matches!(text.as_str(), "" | "-" | "—" | "/"))
        .collect();
    let longest = texts.iter().map(String::len).max().unwrap_or(0);
    let shortest = texts.iter().map(String::len).min().unwrap_or(0);
    let plain = |text: &String| text.bytes().all(|byte| byte.is_ascii_digit());
    texts.iter().all(|text| is_number(text))
        && (!texts.iter().all(plain) || longest > COUNT && shortest < longest)
        && texts.len() > 1
}

/// Tells whether a text is a number as 1234, -1.70, +12,345.0 or 87.5%.
fn is_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+', '−', '－', '＋']);
    let digits = digits.trim_end_matches(['%', '％', '‰']);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |text: &str, more: &str| {
        let number = |c: char| c.is_ascii_digit() || more.contains(c);
        text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(number)
    };
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    all(whole, ",") && all(fraction, "") && !leading_zero
}
