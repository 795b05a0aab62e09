//! Column widths of a table. Comes in: how wide each column's words are. Goes out: widths that fill
//! the type area.

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
    let mut candidates: Vec<_> = candidates
        .map(|widths| (cost(demands, &widths), widths))
        .collect();
    candidates.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    candidates.dedup();
    let refined = candidates.into_iter().take(REFINED);
    let best = refined.map(|candidate| refine(demands, candidate));
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
    rows(demands)
        .map(|row| row_lines(demands, widths, row))
        .sum()
}

/// Moves room from column to column as long as that helps.
fn refine(demands: &[Demand], (mut best, mut widths): (f64, Vec<f64>)) -> (f64, Vec<f64>) {
    const STEP: f64 = 0.5;
    const MOST_STEPS: usize = 40;
    for _ in 0..MOST_STEPS {
        let mut better = None;
        for from in 0..widths.len() {
            for to in (0..widths.len()).filter(|to| *to != from) {
                for step in [STEP, 2.0 * STEP, 4.0 * STEP] {
                    let step = step.min(widths[from] - demands[from].least);
                    let mut tried = widths.clone();
                    tried[from] -= step;
                    tried[to] += step;
                    let cost = cost(demands, &tried);
                    if step > 0.0 && cost < best {
                        (best, better) = (cost, Some(tried));
                    }
                }
            }
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

/// The rows that are looked at.
fn rows(demands: &[Demand]) -> impl Iterator<Item = usize> {
    let rows = demands.iter().map(|demand| demand.cells.len()).max();
    let rows = rows.unwrap_or(0);
    (0..rows).step_by(rows / MOST_ROWS + 1)
}

/// The cells of a row, each with the lines that it takes and the width of its column.
fn cells<'a>(
    demands: &'a [Demand],
    widths: &'a [f64],
    row: usize,
) -> impl Iterator<Item = (&'a CellDemand, f64, f64)> {
    demands
        .iter()
        .zip(widths)
        .filter_map(move |(demand, width)| {
            let cell = demand.cells.get(row)?;
            // A word that breaks inside takes a line more.
            let inside = f64::from(cell.word > width + ROUNDING);
            Some((cell, cell.lines(*width) + inside, *width))
        })
}

/// How many lines a row is high.
fn row_lines(demands: &[Demand], widths: &[f64], row: usize) -> f64 {
    let heights =
        cells(demands, widths, row).map(|(cell, lines, _)| lines / cell.rows.max(1) as f64);
    heights.fold(1.0, f64::max)
}

/// How many lines the table takes, with something on top for each short cell that breaks.
fn cost(demands: &[Demand], widths: &[f64]) -> f64 {
    let row_cost = |row: usize| {
        let of_cells = cells(demands, widths, row).map(|(cell, lines, width)| {
            let broken = match cell.is_torn(width) {
                true => BROKEN * (lines - 1.0),
                false => 0.0,
            };
            broken + EACH * lines
        });
        row_lines(demands, widths, row) + of_cells.sum::<f64>()
    };
    rows(demands).map(row_cost).sum()
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
