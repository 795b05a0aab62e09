//! 结构层次序数: `一、` `（一）` `1.` `（1）` (GB/T 9704—2012, 7.3.3).

/// Writes a count in Chinese numerals as ordinals use them (十, 十二, 二十, 一百零五); 0 is 〇.
pub fn chinese_number(number: u32) -> String {
    const DIGITS: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    const PLACES: [&str; 4] = ["", "十", "百", "千"];
    if number == 0 {
        return DIGITS[0].to_owned();
    }
    if number >= 10_000 {
        let (head, tail) = (number / 10_000, number % 10_000);
        let link = if tail == 0 || tail >= 1_000 {
            ""
        } else {
            "零"
        };
        let tail = if tail == 0 {
            String::new()
        } else {
            within_ten_thousand(tail, true)
        };
        return format!("{}万{link}{tail}", chinese_number(head));
    }
    return within_ten_thousand(number, false);

    fn within_ten_thousand(number: u32, after_more: bool) -> String {
        let digits: Vec<u32> = number
            .to_string()
            .bytes()
            .map(|b| u32::from(b - b'0'))
            .collect();
        let mut text = String::new();
        let mut zero = false;
        for (index, digit) in digits.iter().enumerate() {
            let place = digits.len() - 1 - index;
            if *digit == 0 {
                zero = true;
                continue;
            }
            if zero {
                text.push('零');
                zero = false;
            }
            let leading_ten = *digit == 1 && place == 1 && index == 0 && !after_more;
            if !leading_ten {
                text.push_str(DIGITS[*digit as usize]);
            }
            text.push_str(PLACES[place]);
        }
        text
    }
}

/// Gives the mark of the `number`-th heading on `level` 1 to 4.
pub fn level_ordinal(level: u8, number: u32) -> String {
    match level {
        1 => format!("{}、", chinese_number(number)),
        2 => format!("（{}）", chinese_number(number)),
        3 => format!("{number}."),
        _ => format!("（{number}）"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_numerals_as_ordinals_use_them() {
        let table = [
            (0, "〇"),
            (1, "一"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (21, "二十一"),
            (100, "一百"),
            (105, "一百零五"),
            (110, "一百一十"),
            (1010, "一千零一十"),
            (10_000, "一万"),
            (10_010, "一万零一十"),
            (12_345, "一万二千三百四十五"),
        ];
        for (number, text) in table {
            assert_eq!(chinese_number(number), text);
        }
    }

    #[test]
    fn marks_each_level() {
        let marks: Vec<String> = (1..=4).map(|level| level_ordinal(level, 3)).collect();
        assert_eq!(marks, ["三、", "（三）", "3.", "（3）"]);
    }
}
