//! Column widths of a table. Comes in: how wide each column's words are. Goes out: widths that fill
//! the type area.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

/// What the words of a column ask for, in em.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// The least width that still reads well.
    pub least: f64,
    /// The widest cell on one line.
    pub natural: f64,
    /// Each cell, the head first.
    pub cells: Vec<CellDemand>,
}

/// What one cell holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CellDemand {
    /// Its width on one line, in em.
    pub natural: f64,
    /// Its widest stretch that may not be broken, in em.
    pub word: f64,
    /// How many rows it covers.
    pub rows: usize,
}

impl CellDemand {
    /// Whether it holds so little that it looks well in the middle of its cell.
    pub fn is_short(&self) -> bool {
        self.natural <= SHORT_CELL || self.rows > 1
    }

    /// The width that it had better have: one that covers several rows has room below.
    pub fn wanted(&self) -> f64 {
        const NARROW: f64 = 4.0;
        let rows = self.rows.max(1) as f64;
        self.natural
            .min((self.natural / rows).max(NARROW))
            .max(self.word)
    }

    /// How many lines of `width` it takes, a whole number. At the end of a line of many words there is
    /// room that no whole character fits; few words are broken by sense.
    fn lines(&self, width: f64) -> f64 {
        let full = match self.natural > width.max(SHORT_CELL) + ROUNDING {
            true => (width + ROUNDING).floor().max(1.0),
            false => width,
        };
        (self.natural / full - ROUNDING).ceil()
    }

    /// Whether lines of `width` tear what should stand on one.
    fn is_torn(&self, width: f64) -> bool {
        self.rows <= 1 && self.natural <= SHORT_CELL && self.natural > width + ROUNDING
    }
}

const ROUNDING: f64 = 1e-6;

impl Hash for Demand {
    fn hash<H: Hasher>(&self, state: &mut H) {
        [self.least, self.natural].map(f64::to_bits).hash(state);
        for cell in &self.cells {
            [cell.natural, cell.word].map(f64::to_bits).hash(state);
            cell.rows.hash(state);
        }
    }
}

/// Cells of at most this many characters had better stay on one line.
const SHORT: [f64; 7] = [16.0, 12.0, 9.0, 7.0, 6.0, 5.0, 4.0];

/// What each further line of a short cell is worth, in lines of a whole row.
const BROKEN: f64 = 0.6;

/// What each line of any cell is worth, which settles what else is alike.
const EACH: f64 = 0.03;

/// From so many of the best ways to share the width a better one is looked for.
const REFINED: usize = 3;

/// More rows than these are not looked at one by one.
const MOST_ROWS: usize = 200;

/// What counts as a short cell then, in characters.
const SHORT_CELL: f64 = 9.0;

/// Tells whether each column can have what it needs.
pub fn fits(demands: &[Demand], width: f64) -> bool {
    demands.iter().map(|demand| demand.least).sum::<f64>() <= width
}

/// Divides `width` among the columns, so that the table is low and few short cells break.
pub fn widths(demands: &[Demand], width: f64) -> Vec<f64> {
    divided(demands, width.to_bits())
}

/// Remembered, as it takes many tries.
#[comemo::memoize]
fn divided(demands: &[Demand], width: u64) -> Vec<f64> {
    let width = f64::from_bits(width);
    let natural: f64 = demands.iter().map(|demand| demand.natural).sum();
    if natural <= width {
        return spread(demands, width - natural);
    }
    if !fits(demands, width) {
        let least: f64 = demands.iter().map(|demand| demand.least).sum();
        return demands
            .iter()
            .map(|each| each.least * width / least)
            .collect();
    }
    // Candidates: which columns are short enough to be kept whole, and whether the others share by
    // what they hold or by its root, which evens out the height of rows.
    let roots = [0.5, 0.75, 1.0];
    let shorts = SHORT.into_iter().chain([0.0]);
    let mut floors: Vec<Vec<f64>> = shorts.map(|short| floor(demands, short)).collect();
    floors.dedup();
    let candidates = floors
        .iter()
        .flat_map(|floor| roots.map(|root| (floor, root)))
        .filter_map(|(floor, root)| share(demands, width, floor, root));
    let mut costs = Costs::new(demands);
    let mut candidates: Vec<_> = candidates
        .map(|widths| (costs.of(&widths), widths))
        .collect();
    candidates.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    candidates.dedup();
    let refined = candidates.into_iter().take(REFINED);
    let best = refined.map(|candidate| refine(&mut costs, candidate));
    let (_, widths) = best
        .min_by(|(a, _), (b, _)| a.total_cmp(b))
        .expect("what fits can be shared");
    widths
}

/// How many short cells below the head are torn.
pub fn torn(demands: &[Demand], widths: &[f64]) -> usize {
    let torn = |(demand, width): (&Demand, &f64)| {
        let cells = demand.cells.iter().skip(1);
        cells.filter(|cell| cell.is_torn(*width)).count()
    };
    demands.iter().zip(widths).map(torn).sum()
}

/// How many lines the rows of the table are high, all together.
pub fn lines(demands: &[Demand], widths: &[f64]) -> f64 {
    let step = step(demands);
    let columns = demands.iter().zip(widths);
    let columns = columns.map(|(demand, width)| Column::of(demand, *width, step));
    let columns: Vec<Column> = columns.collect();
    rows_lines(&columns.iter().collect::<Vec<_>>())
}

/// Moves room from column to column as long as that helps.
fn refine(costs: &mut Costs, (mut best, mut widths): (f64, Vec<f64>)) -> (f64, Vec<f64>) {
    const STEP: f64 = 0.5;
    const MOST_STEPS: usize = 40;
    for _ in 0..MOST_STEPS {
        let mut better = None;
        let mut tried = widths.clone();
        for from in 0..widths.len() {
            for to in (0..widths.len()).filter(|to| *to != from) {
                for step in [STEP, 2.0 * STEP, 4.0 * STEP] {
                    let step = step.min(widths[from] - costs.demands[from].least);
                    if step <= 0.0 {
                        continue;
                    }
                    tried[from] = widths[from] - step;
                    tried[to] = widths[to] + step;
                    let cost = costs.of(&tried);
                    if cost < best {
                        (best, better) = (cost, Some(tried.clone()));
                    }
                }
                tried[to] = widths[to];
            }
            tried[from] = widths[from];
        }
        match better {
            Some(better) => widths = better,
            None => break,
        }
    }
    (best, widths)
}

/// The least that each column gets if those of at most `short` characters are kept whole.
fn floor(demands: &[Demand], short: f64) -> Vec<f64> {
    let least = |demand: &Demand| match demand.natural <= short {
        true => demand.natural,
        false => demand.least,
    };
    demands.iter().map(least).collect()
}

/// Gives each column at least its `floor` and at most what it asks for. Nothing where the floors leave
/// no room.
fn share(demands: &[Demand], width: f64, floor: &[f64], root: f64) -> Option<Vec<f64>> {
    if floor.iter().sum::<f64>() > width {
        return None;
    }
    let wishes = demands.iter().map(|demand| {
        let total: f64 = demand.cells.iter().map(|cell| cell.natural).sum();
        total.powf(root)
    });
    let wishes: Vec<f64> = wishes.collect();
    let at = |scale: f64| {
        let wished = demands.iter().zip(&wishes).zip(floor);
        wished.map(move |((demand, wish), floor)| (scale * wish).min(demand.natural).max(*floor))
    };
    let (mut low, mut high) = (0.0, width * demands.len() as f64);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if at(middle).sum::<f64>() <= width {
            low = middle;
        } else {
            high = middle;
        }
    }
    let mut widths: Vec<f64> = at(low).collect();
    // What rounding left over, so that the columns fill the width.
    let sum: f64 = widths.iter().sum();
    widths.iter_mut().for_each(|each| *each *= width / sum);
    Some(widths)
}

/// Every which row is looked at.
fn step(demands: &[Demand]) -> usize {
    let rows = demands.iter().map(|demand| demand.cells.len()).max();
    rows.unwrap_or(0) / MOST_ROWS + 1
}

/// A column of some width: what it asks of the rows that are looked at.
struct Column {
    /// How many lines its cell takes in each.
    lines: Vec<f64>,
    /// What its cells cost beside the height of rows.
    own: f64,
}

impl Column {
    fn of(demand: &Demand, width: f64, step: usize) -> Self {
        let mut column = Column {
            lines: Vec::new(),
            own: 0.0,
        };
        for cell in demand.cells.iter().step_by(step) {
            // A word that breaks inside takes a line more.
            let inside = f64::from(cell.word > width + ROUNDING);
            let lines = cell.lines(width) + inside;
            if cell.is_torn(width) {
                column.own += BROKEN * (lines - 1.0);
            }
            column.own += EACH * lines;
            column.lines.push(lines / cell.rows.max(1) as f64);
        }
        column
    }
}

/// How many lines the rows are high, all together.
fn rows_lines(columns: &[&Column]) -> f64 {
    let rows = columns.iter().map(|column| column.lines.len()).max();
    let lines = |row: usize| {
        let of_cells = columns.iter().filter_map(|column| column.lines.get(row));
        of_cells.copied().fold(1.0, f64::max)
    };
    (0..rows.unwrap_or(0)).map(lines).sum()
}

/// What ways to share the width cost. The same columns come with the same widths again and again.
struct Costs<'a> {
    demands: &'a [Demand],
    step: usize,
    known: Vec<HashMap<u64, Column>>,
}

impl<'a> Costs<'a> {
    fn new(demands: &'a [Demand]) -> Self {
        let known = demands.iter().map(|_| HashMap::new()).collect();
        Costs {
            demands,
            step: step(demands),
            known,
        }
    }

    /// How many lines the table takes, with something on top for each short cell that breaks.
    fn of(&mut self, widths: &[f64]) -> f64 {
        let columns = self.known.iter_mut().zip(self.demands).zip(widths);
        let columns = columns.map(|((known, demand), width)| {
            let column = known.entry(width.to_bits());
            &*column.or_insert_with(|| Column::of(demand, *width, self.step))
        });
        let columns: Vec<&Column> = columns.collect();
        let own: f64 = columns.iter().map(|column| column.own).sum();
        // What rounding adds does not choose between two that are alike.
        const GRAIN: f64 = 1e9;
        ((rows_lines(&columns) + own) * GRAIN).round() / GRAIN
    }
}

/// Gives room that is left over to the columns by what they hold on one line; short columns such as
/// 序号 stay narrow.
fn spread(demands: &[Demand], room: f64) -> Vec<f64> {
    let longest = demands
        .iter()
        .map(|demand| demand.natural)
        .fold(0.0, f64::max);
    let weight = |demand: &Demand| {
        if demand.natural < longest / 4.0 {
            demand.natural / 3.0
        } else {
            demand.natural
        }
    };
    let sum: f64 = demands.iter().map(weight).sum();
    demands
        .iter()
        .map(|demand| demand.natural + room * weight(demand) / sum)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A column of ten alike cells.
    fn demand(least: f64, natural: f64) -> Demand {
        Demand {
            least,
            natural,
            cells: vec![
                CellDemand {
                    natural,
                    word: least.min(natural),
                    rows: 1
                };
                10
            ],
        }
    }

    #[test]
    fn columns_fill_the_width_whatever_they_hold() {
        let cases = [
            vec![demand(2.0, 5.0), demand(2.0, 20.0)],
            vec![demand(2.0, 5.0), demand(2.0, 500.0)],
            vec![demand(25.0, 90.0), demand(25.0, 90.0)],
            vec![demand(1.0, 1.0)],
            vec![demand(1.0, 100.0)],
            vec![demand(3.0, 30.0); 30],
        ];
        for demands in cases {
            let sum: f64 = widths(&demands, 36.0).iter().sum();
            assert!((sum - 36.0).abs() < 1e-6, "{demands:?} → {sum}");
        }
    }

    #[test]
    fn a_short_column_stays_whole_beside_long_ones() {
        let widths = widths(
            &[demand(2.0, 2.0), demand(3.0, 7.0), demand(3.0, 210.0)],
            36.0,
        );
        assert!(
            (widths[0] - 2.0).abs() < 0.01 && (widths[1] - 7.0).abs() < 0.01,
            "{widths:?}"
        );
    }

    #[test]
    fn no_column_gives_away_its_least_width_while_others_are_half_empty() {
        let short = [2.0_f64, 5.0, 5.0, 4.0, 5.0, 4.0, 3.0, 6.0]
            .map(|natural| demand(natural.min(3.0), natural));
        let mut demands = short.to_vec();
        demands.push(demand(3.0, 25.0));
        let widths = widths(&demands, 34.0);
        assert!(
            widths
                .iter()
                .zip(&demands)
                .all(|(width, demand)| *width >= demand.least - 1e-6)
        );
        assert!(widths[8] >= 5.0, "{widths:?}");
    }

    #[test]
    fn two_long_columns_get_equally_high() {
        let widths = widths(&[demand(3.0, 30.0), demand(3.0, 120.0)], 36.0);
        assert!(widths[0] >= 6.0 && widths[1] >= 24.0 - 1e-6, "{widths:?}");
    }
}
