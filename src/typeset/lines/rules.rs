//! What may stand at the start and the end of a line (GB/T 15834—2011, 5.1).

/// Marks that no line starts with.
const CLOSING: &str = "，。、；：？！”’）〕】》〉」』〗］｝％‰℃°·…—～－／,.;:?!)]}%";
/// Marks that no line ends with.
const OPENING: &str = "“‘（〔【《〈「『〖［｛￥＄￡([{";

/// Letters that keep together with their like: words, numbers and what is written with them.
pub fn is_western(character: char) -> bool {
    matches!(character, ' '..='~' | '\u{a0}'..='\u{24f}')
        && !matches!(character, '\u{b7}' | '\u{b0}' | '\u{d7}' | '\u{f7}')
}

/// Tells whether a line may end between two letters.
pub fn may_break(before: char, after: char) -> bool {
    if CLOSING.contains(after) || OPENING.contains(before) || after == ' ' {
        return false;
    }
    if before == ' ' {
        return true;
    }
    !(is_joined(before) && is_joined(after))
}

/// Letters that a number, a unit or a formula is written with: 23μg/m³, H₂SO₄, 1∶500, 6′30″, ≤35㎡, 3×4.
pub fn is_joined(character: char) -> bool {
    let greek = matches!(character, '\u{370}'..='\u{3ff}' | '\u{2070}'..='\u{209f}');
    let units = matches!(character, '\u{3380}'..='\u{33df}');
    is_western(character) || greek || units || "·′″∶№×÷±≤≥＜＞≈".contains(character)
}

/// Tells by the lengths of the digits before and after a blank whether it groups those of one number:
/// 1 286 000.
pub fn groups_digits(before: usize, after: usize) -> bool {
    (1..=3).contains(&before) && after == 3
}

/// Tells whether an address may be broken between two of its letters: after one of its marks, never
/// before one.
pub fn breaks_address(before: char, after: char) -> bool {
    const MARKS: &str = "/.?&=-_#%+:@";
    MARKS.contains(before) && !MARKS.contains(after)
}

/// Tells whether a long word may be broken between two of its letters in need.
pub fn may_break_inside(before: char, after: char) -> bool {
    !CLOSING.contains(after) && !OPENING.contains(before)
}

/// Tells whether two letters may be moved apart to fill a line: words, numbers, —— and …… stay as
/// they are.
pub fn may_stretch(before: char, after: char) -> bool {
    let joined = before == after && matches!(before, '—' | '…');
    let word = is_western(before) && is_western(after) && before != ' ';
    !joined && !word && after != ' '
}

/// Tells whether no line starts with a mark.
pub fn is_closing(character: char) -> bool {
    CLOSING.contains(character)
}

/// Tells whether no line ends with a mark; its blank half stands before it.
pub fn is_opening(character: char) -> bool {
    OPENING.contains(character)
}

/// Tells whether half of a mark's cell is blank and may be taken away.
pub fn is_half_blank(character: char) -> bool {
    "，。、；：？！”’）〕】》〉」』〗］｝“‘（〔【《〈「『〖［｛".contains(character)
}
