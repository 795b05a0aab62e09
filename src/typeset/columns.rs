//! Column widths of a table. Comes in: how wide each column's words are. Goes out: widths that fill
//! the type area.

/// What the words of a column ask for, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Demand {
    /// The widest stretch that may not be broken.
    pub least: f64,
    /// The widest cell on one line.
    pub natural: f64,
    /// All cells together, one after the other.
    pub total: f64,
}

/// A column that asks for no more than this part of the width gets it, where room allows.
const MODEST: f64 = 0.24;

/// Divides `width` among the columns: short ones get what they ask for, long ones share the rest by
/// the root of what they hold, which evens out the height of rows.
pub fn widths(demands: &[Demand], width: f64) -> Vec<f64> {
    let natural: f64 = demands.iter().map(|demand| demand.natural).sum();
    if natural <= width {
        return spread(demands, width - natural);
    }
    let mut widths: Vec<Option<f64>> = vec![None; demands.len()];
    loop {
        let taken: f64 = widths.iter().flatten().sum();
        let open: Vec<usize> = (0..demands.len())
            .filter(|index| widths[*index].is_none())
            .collect();
        let weight: f64 = open.iter().map(|index| demands[*index].total.sqrt()).sum();
        let share = |index: usize| (width - taken) * demands[index].total.sqrt() / weight;
        // A column that asks for less than its share, or cannot live with it, is settled first.
        let settled = open.iter().copied().find_map(|index| {
            let demand = demands[index];
            if demand.natural <= share(index).max(width * MODEST) {
                Some((index, demand.natural))
            } else if demand.least > share(index) {
                Some((index, demand.least))
            } else {
                None
            }
        });
        match settled {
            Some((index, width)) => widths[index] = Some(width),
            None => {
                for index in &open {
                    widths[*index] = Some(share(*index).max(1.0));
                }
                break;
            }
        }
        if open.len() == 1 {
            break;
        }
    }
    let widths: Vec<f64> = widths
        .into_iter()
        .map(|width| width.unwrap_or(1.0))
        .collect();
    // Where even the least widths are too much, all shrink alike and words break inside.
    let sum: f64 = widths.iter().sum();
    widths.iter().map(|each| each * width / sum).collect()
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

    fn demand(least: f64, natural: f64, total: f64) -> Demand {
        Demand {
            least,
            natural,
            total,
        }
    }

    #[test]
    fn columns_fill_the_width_whatever_they_hold() {
        let cases = [
            vec![demand(20.0, 20.0, 100.0), demand(20.0, 60.0, 300.0)],
            vec![demand(20.0, 20.0, 100.0), demand(20.0, 900.0, 5000.0)],
            vec![demand(300.0, 900.0, 5000.0), demand(300.0, 900.0, 5000.0)],
            vec![demand(10.0, 10.0, 10.0)],
            vec![demand(10.0, 1000.0, 1000.0)],
        ];
        for demands in cases {
            let sum: f64 = widths(&demands, 442.0).iter().sum();
            assert!((sum - 442.0).abs() < 1e-6, "{demands:?} → {sum}");
        }
    }

    #[test]
    fn a_short_column_stays_narrow_beside_long_ones() {
        let demands = [
            demand(24.0, 24.0, 200.0),
            demand(24.0, 90.0, 700.0),
            demand(24.0, 4000.0, 20000.0),
        ];
        let widths = widths(&demands, 442.0);
        assert_eq!(widths[0], 24.0);
        assert_eq!(widths[1], 90.0);
        assert!(widths[2] > 300.0);
    }
}
