//! Blocks to passages: text to be read in one go, with the way back to the user's places.

use crate::diag::Origin;
use crate::document::{Block, Run, Words};

/// A paragraph, with the one behind it where that begins with 其中.
#[derive(Debug, Default)]
pub struct Passage {
    pub text: String,
    /// Where each run starts, and whether it was typed by hand with so many letters of its piece
    /// before it.
    runs: Vec<(usize, Origin, Option<usize>)>,
    /// The runs that show one cell: where they start and end, and the cell.
    cells: Vec<(usize, usize, Origin)>,
}

impl Passage {
    /// The user's place of a byte of the text.
    pub fn place(&self, at: usize) -> Origin {
        let index = self.runs.partition_point(|(start, ..)| *start <= at);
        let Some((start, origin, typed)) = index.checked_sub(1).map(|index| &self.runs[index])
        else {
            return Origin::Program;
        };
        match (origin, typed) {
            (Origin::Text { file, line, column }, Some(before)) => {
                let letters = before + self.text[*start..at].chars().count();
                Origin::text(file, *line, column + letters as u32)
            }
            _ => origin.clone(),
        }
    }

    /// The cell that all of a stretch was printed from, where it is one: that is where to mend it.
    pub fn cell(&self, start: usize, end: usize) -> Option<&Origin> {
        let within = |(from, to, _): &&(usize, usize, Origin)| *from <= start && end <= *to;
        self.cells.iter().find(within).map(|(_, _, cell)| cell)
    }

    /// Tells whether the runs that a stretch touches were all typed by hand.
    pub fn is_typed(&self, start: usize, end: usize) -> bool {
        let last = self
            .runs
            .partition_point(|(from, ..)| *from < end.max(start + 1));
        let first = self.runs.partition_point(|(from, ..)| *from <= start);
        self.runs[first.saturating_sub(1)..last]
            .iter()
            .all(|(_, _, typed)| typed.is_some())
    }

    fn add(&mut self, words: &Words) {
        let mut last: Option<(&Run, usize)> = None;
        for run in &words.0 {
            let typed = run.cells.is_empty() && run.print.is_none();
            let before = match last {
                // Runs of one piece share its place; `**` stands between two styles.
                Some((other, letters)) if other.origin == run.origin => {
                    letters + other.text.chars().count() + 2 * usize::from(other.style != run.style)
                }
                _ => 0,
            };
            self.runs
                .push((self.text.len(), run.origin.clone(), typed.then_some(before)));
            if let [cell] = &*run.cells {
                let end = self.text.len() + run.text.len();
                self.cells.push((self.text.len(), end, cell.clone()));
            }
            // A full stop inside a passage is a full stop; line breaks are not kept in paragraphs.
            self.text.push_str(&run.text);
            last = typed.then_some((run, before));
        }
    }
}

/// The passages of some blocks, in their order.
pub fn passages(blocks: &[Block]) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    let mut goes_on = false;
    for block in blocks {
        let words = match block {
            Block::Paragraph(words) => words,
            Block::Heading { run_in, .. } => run_in,
            _ => {
                goes_on = false;
                continue;
            }
        };
        let heading = matches!(block, Block::Heading { .. });
        if heading || !goes_on || !words.text().starts_with("其中") {
            passages.push(Passage::default());
        }
        goes_on = !words.is_empty();
        if let Some(passage) = passages.last_mut() {
            passage.add(words);
        }
    }
    passages
}

impl Passage {
    /// One line or paragraph.
    pub fn of(words: &Words) -> Self {
        let mut passage = Passage::default();
        passage.add(words);
        passage
    }
}

#[cfg(test)]
impl Passage {
    /// A passage typed by hand at one place.
    pub fn typed(text: &str) -> Self {
        Passage::of(&Words::plain(text, &Origin::text(&"甲.yaml".into(), 1, 1)))
    }
}
