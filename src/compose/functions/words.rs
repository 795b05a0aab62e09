//! Words made of values: lists, rankings, Chinese numerals, masked numbers.

use minijinja::Error;
use minijinja::value::{Kwargs, Value};

use super::rows::{need_filled, need_no_total, ranked};
use super::{
    Tools, each, fault, item_letters, items, need_column, need_rows, option, rows_of, scalar,
};
use crate::model::chinese_number;

pub fn quoted(value: &Value, tools: &Tools) -> Result<Value, Error> {
    each(value, tools, |text| Ok((format!("“{text}”"), Vec::new())))
}

pub fn join_list(value: &Value, options: &Kwargs, tools: &Tools) -> Result<String, Error> {
    let style = Style::of(options)?;
    options.assert_all_used()?;
    Ok(style.join(&item_words(value, "顿号", tools)?))
}

/// Joins by any words.
pub fn join_with(value: &Value, between: &str, tools: &Tools) -> Result<String, Error> {
    item_words(value, "join", tools).map(|words| words.join(between))
}

/// The letters of the items of a list; their cells are noted.
fn item_words(value: &Value, filter: &str, tools: &Tools) -> Result<Vec<String>, Error> {
    if rows_of(value).is_none() && value.as_str().is_none() && value.try_iter().is_err() {
        return Err(fault(format!("“{filter}”只能用在列表上")));
    }
    let mut words = Vec::new();
    for (item, cells) in items(value)? {
        words.push(item_letters(&item, &cells, tools)?);
        cells.iter().for_each(|cell| tools.reads.note(cell));
    }
    Ok(words)
}

/// Drops blanks, or the given characters, at both ends.
pub fn trim(value: &Value, chars: Option<&str>, tools: &Tools) -> Result<Value, Error> {
    each(value, tools, |text| {
        let trimmed = match chars {
            Some(chars) => text.trim_matches(|char| chars.contains(char)),
            None => text.trim(),
        };
        Ok((trimmed.to_owned(), Vec::new()))
    })
}

/// How a list is written.
#[derive(Default)]
struct Style {
    /// 末: the word between the last two.
    last: Option<String>,
    /// 等: how many are named before 等.
    most: Option<usize>,
    /// 量词: the words behind the number of all.
    measure: Option<String>,
    /// 空: what stands for an empty list.
    empty: String,
}

impl Style {
    fn of(options: &Kwargs) -> Result<Self, Error> {
        let most = option(options, ["等", "most"])?;
        if most == Some(0) {
            return Err(fault("“等”前面至少要有一项"));
        }
        Ok(Style {
            last: option(options, ["末", "last"])?,
            most,
            measure: option(options, ["量词", "measure"])?,
            empty: option(options, ["空", "empty"])?.unwrap_or_default(),
        })
    }

    fn join(&self, items: &[String]) -> String {
        let count = items.len();
        match (self.most, &self.measure) {
            _ if count == 0 => self.empty.clone(),
            (Some(most), measure) if count > most => {
                let named = join(&items[..most], None);
                let number = measure.as_ref().map(|measure| format!("{count}{measure}"));
                format!("{named}等{}", number.unwrap_or_default())
            }
            (_, Some(measure)) if count > 1 => {
                format!("{}{count}{measure}", join(items, self.last.as_deref()))
            }
            _ => join(items, self.last.as_deref()),
        }
    }
}

/// Joins by 顿号, which GB/T 15834—2011 leaves out between neighbouring quotation marks and book
/// titles (`甲、乙`, `“甲”“乙”`).
fn join(items: &[String], last: Option<&str>) -> String {
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        let quoted = text.ends_with(['”', '》']) && item.starts_with(['“', '《']);
        match last {
            _ if index == 0 => {}
            Some(last) if index + 1 == items.len() => text.push_str(last),
            _ if quoted => {}
            _ => text.push('、'),
        }
        text.push_str(item);
    }
    text
}

pub fn unit_list(
    value: &Value,
    (unit, count): (&str, &str),
    measure: Option<String>,
    options: &Kwargs,
    tools: &Tools,
) -> Result<String, Error> {
    let brackets = option(options, ["括号", "brackets"])?.unwrap_or(true);
    // 量词 belongs to the number of all units here, as with 顿号.
    let style = Style::of(options)?;
    options.assert_all_used()?;
    let rows = need_rows(value)?;
    let (unit, count) = (need_column(&rows, unit)?, need_column(&rows, count)?);
    need_filled(&rows, unit, tools)?;
    need_filled(&rows, count, tools)?;
    need_no_total(&rows, &rows.rows, tools)?;
    let measure = measure.unwrap_or_default();
    let item = |row: &usize| {
        let unit = scalar(rows.sheet.read(*row, unit)).text();
        let count = scalar(rows.sheet.read(*row, count)).text();
        match brackets {
            true => format!("{unit}（{count}{measure}）"),
            false => format!("{unit}{count}{measure}"),
        }
    };
    Ok(style.join(&rows.rows.iter().map(item).collect::<Vec<_>>()))
}

/// 甲列第一，乙、丙并列第二: places by competition ranking, ties named together.
pub fn ranking(
    value: &Value,
    unit: &str,
    column: &str,
    options: &Kwargs,
    tools: &Tools,
) -> Result<String, Error> {
    let most: Option<usize> = option(options, ["前", "top"])?;
    let ascending = option(options, ["升序", "ascending"])?.unwrap_or(false);
    options.assert_all_used()?;
    let rows = ranked(&need_rows(value)?, column, ascending, tools)?;
    let (unit, place) = (need_column(&rows, unit)?, need_column(&rows, "名次")?);
    let mut places: Vec<(u32, Vec<String>)> = Vec::new();
    for row in &rows.rows {
        let number = scalar(rows.sheet.cell(*row, place))
            .text()
            .parse()
            .unwrap_or(0);
        if most.is_some_and(|most| number as usize > most) {
            break;
        }
        rows.sheet.read(*row, place);
        let name = scalar(rows.sheet.read(*row, unit)).text().to_owned();
        match places.last_mut() {
            Some((last, names)) if *last == number => names.push(name),
            _ => places.push((number, vec![name])),
        }
    }
    let words = |(place, names): &(u32, Vec<String>)| {
        let tied = if names.len() > 1 { "并" } else { "" };
        format!("{}{tied}列第{}", join(names, None), chinese_number(*place))
    };
    Ok(places.iter().map(words).collect::<Vec<_>>().join("，"))
}

fn whole(value: &Value) -> Result<u32, Error> {
    let number =
        super::decimal(value).and_then(|number| number.normalize().to_string().parse().ok());
    number.ok_or_else(|| fault(format!("“{value}”不是不小于零的整数")))
}

pub fn chinese(value: Value) -> Result<String, Error> {
    whole(&value).map(chinese_number)
}

/// A number before a measure word, where 2 is 两 and 0 is 零.
pub fn measured(value: Value, measure: String) -> Result<String, Error> {
    let number = match whole(&value)? {
        0 => "零".to_owned(),
        2 => "两".to_owned(),
        number => chinese_number(number),
    };
    Ok(format!("{number}{measure}"))
}

pub fn ordinal(value: Value, measure: Option<String>) -> Result<String, Error> {
    match whole(&value)? {
        0 => Err(fault("序数从一算起，不能是0")),
        number => Ok(format!(
            "第{}{}",
            chinese_number(number),
            measure.unwrap_or_default()
        )),
    }
}

/// Digit by digit, as in 二〇二六年.
pub fn digits(value: Value) -> Result<String, Error> {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let text = value.to_string();
    let digit = |char: char| char.to_digit(10).map(|digit| DIGITS[digit as usize]);
    let digits: Option<String> = text.chars().map(digit).collect();
    digits
        .filter(|_| !text.is_empty())
        .ok_or_else(|| fault(format!("“{text}”不都是数字")))
}

pub fn masked(value: &Value, tools: &Tools) -> Result<Value, Error> {
    each(value, tools, |text| Ok((mask(text), Vec::new())))
}

/// How the digits of a number that tells of a person are grouped, and which of them are hidden.
/// Between the groups a hyphen or a blank may stand.
struct Form {
    groups: &'static [usize],
    begins: fn(&[u32]) -> bool,
    hidden: std::ops::Range<usize>,
}

const FORMS: &[Form] = &[
    // 公民身份号码: region, date of birth, serial with check; the date of birth is hidden.
    Form {
        groups: &[6, 8, 4],
        begins: |d| d[0] != 0,
        hidden: 6..14,
    },
    // The older one of fifteen digits.
    Form {
        groups: &[6, 6, 3],
        begins: |d| d[0] != 0,
        hidden: 6..12,
    },
    // Mobile telephones, also behind the country's 86.
    Form {
        groups: &[2, 3, 4, 4],
        begins: |d| d[..3] == [8, 6, 1],
        hidden: 5..9,
    },
    Form {
        groups: &[3, 4, 4],
        begins: |d| d[0] == 1 && d[1] >= 3,
        hidden: 3..7,
    },
    // Telephones with an area code of three or four digits.
    Form {
        groups: &[3, 8],
        begins: |d| d[0] == 0 && (d[1] == 1 || d[1] == 2),
        hidden: 3..7,
    },
    Form {
        groups: &[4, 8],
        begins: |d| d[0] == 0 && d[1] >= 3,
        hidden: 4..8,
    },
    Form {
        groups: &[4, 7],
        begins: |d| d[0] == 0 && d[1] >= 3,
        hidden: 4..7,
    },
];

/// Hides digits of identity and telephone numbers behind asterisks; other words stay.
fn mask(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let inside = at > 0 && digit(chars[at - 1]).is_some();
        let found = FORMS
            .iter()
            .find_map(|form| Some((matched(&chars, at, form)?, form)));
        match found.filter(|_| !inside && digit(chars[at]).is_some()) {
            Some((places, form)) => {
                places[form.hidden.clone()]
                    .iter()
                    .for_each(|place| chars[*place] = '*');
                at = places[places.len() - 1] + 1;
            }
            None => at += 1,
        }
    }
    chars.into_iter().collect()
}

/// The places of the digits of a number of that form that begins at `at`.
fn matched(chars: &[char], at: usize, form: &Form) -> Option<Vec<usize>> {
    let mut places = Vec::new();
    let mut digits = Vec::new();
    let mut next = at;
    let all: usize = form.groups.iter().sum();
    for (number, group) in form.groups.iter().enumerate() {
        if number > 0 && matches!(chars.get(next), Some('-' | ' ' | '－' | '—')) {
            next += 1;
        }
        for _ in 0..*group {
            let char = *chars.get(next)?;
            let check = all == 18 && places.len() == 17 && matches!(char, 'X' | 'x' | 'Ｘ');
            digits.push(digit(char).or(check.then_some(10))?);
            places.push(next);
            next += 1;
        }
    }
    let ends = chars.get(next).is_none_or(|char| digit(*char).is_none());
    (ends && (form.begins)(&digits)).then_some(places)
}

/// The value of a digit, full-width ones too.
fn digit(char: char) -> Option<u32> {
    match char {
        '０'..='９' => Some(u32::from(char) - u32::from('０')),
        char => char.to_digit(10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: &[&str]) -> Vec<String> {
        items.iter().map(|item| (*item).to_owned()).collect()
    }

    #[test]
    fn quoted_neighbours_take_no_mark_between_them() {
        assert_eq!(join(&list(&["甲", "乙", "丙"]), None), "甲、乙、丙");
        assert_eq!(join(&list(&["“甲”", "“乙”", "丙"]), None), "“甲”“乙”、丙");
        assert_eq!(
            join(&list(&["《甲》", "《乙》（三稿）", "《丙》"]), None),
            "《甲》《乙》（三稿）、《丙》"
        );
        assert_eq!(join(&list(&["甲", "乙", "丙"]), Some("和")), "甲、乙和丙");
        assert_eq!(join(&[], Some("和")), "");
    }

    #[test]
    fn long_lists_end_with_their_number() {
        let style = |most| Style {
            most,
            measure: Some("个单位".into()),
            ..Style::default()
        };
        assert_eq!(
            style(Some(2)).join(&list(&["甲", "乙", "丙"])),
            "甲、乙等3个单位"
        );
        assert_eq!(
            style(Some(3)).join(&list(&["甲", "乙", "丙"])),
            "甲、乙、丙3个单位"
        );
        assert_eq!(style(None).join(&list(&["甲"])), "甲");
        let none = Style {
            empty: "无".into(),
            ..Style::default()
        };
        assert_eq!(none.join(&[]), "无");
    }

    #[test]
    fn numbers_that_tell_of_a_person_are_hidden() {
        for (text, expected) in [
            (
                "张三，150123199001011234，住甲镇",
                "张三，150123********1234，住甲镇",
            ),
            ("15012319900101123X", "150123********123X"),
            ("150123900101123", "150123******123"),
            (
                "13812345678、138 1234 5678、86-138-1234-5678",
                "138****5678、138 **** 5678、86-138-****-5678",
            ),
            ("１３８１２３４５６７８", "１３８****５６７８"),
            ("0477-8581234，010-12345678", "0477-***1234，010-****5678"),
            (
                "2026-07-01 2026-07-02，某政办发〔2026〕12号，15785条",
                "2026-07-01 2026-07-02，某政办发〔2026〕12号，15785条",
            ),
            ("", ""),
        ] {
            assert_eq!(mask(text), expected);
        }
    }
}
