//! 联系方式: telephone numbers, addresses of mail and of the web, in words and in cells.

use std::sync::LazyLock;

use regex::Regex;

use crate::diag::Rule;

pub const RULES: &[Rule] = &[EMAIL, PHONE, LINK];

pub const EMAIL: Rule = Rule::new("contact/email/form", "电子邮箱写得不对，发不到")
    .example("邮箱：zwgkbgs163.con", "邮箱：zwgkbgs@163.com");
pub const PHONE: Rule = Rule::new("contact/phone/form", "电话号码的位数不对")
    .example("联系电话：0475-42226", "联系电话：0475-0000000");
pub const LINK: Rule = Rule::new("contact/link/form", "链接写得不对，打不开").example(
    "https;//mp.weixin.qq.com/s/abc",
    "https://mp.weixin.qq.com/s/abc",
);

/// What is wrong with a stretch of a text: where it is, the message and the cure.
pub struct Slip {
    pub rule: Rule,
    pub start: usize,
    pub end: usize,
    pub message: String,
    pub hint: String,
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is sound")
}

/// A pattern where a text may have it: it is made when it is first needed, which takes long, and most
/// papers need none of these.
fn needed<'a>(pattern: &'a LazyLock<Regex>, text: &str, words: &[&str]) -> Option<&'a Regex> {
    let some = words.iter().any(|word| text.contains(word));
    some.then(|| &**pattern)
}

static EMAIL_LABEL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:邮箱|电子邮件|[Ee]-?[Mm]ail)(?:地址)?[：:]\s*([!-~＠]{4,})"));
static EMAIL_LIKE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[A-Za-z0-9._%+-]+[@＠]+[A-Za-z0-9.-]+"));
static EMAIL_BARE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^A-Za-z0-9./@＠_-])([A-Za-z][A-Za-z0-9_]{2,}(?:163|126|139|qq|sina|sohu)\.(?:com|con|cn))(?:[^A-Za-z0-9./]|$)",
    )
});
static EMAIL_GOOD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}$"));
static PHONE_LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:电话|传真|手机号码|手机号|手机)(?:号码)?[：:]\s*((?:[（(]?\+?[0-9][0-9 \-－—–()（）]*[0-9](?:转[0-9]+)?[、，,/;；]?\s*)+)",
    )
});
static PHONE_GOOD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:1[3-9][0-9]{9}|(?:010|02[0-9])-?[0-9]{8}|0[0-9]{3}-?[0-9]{7,8}|[0-9]{7,8}|[48]00-?[0-9]{3,4}-?[0-9]{3,4}|1[0-9]{2}|1[0-9]{4}|9[0-9]{4,5})(?:(?:-|转)[0-9]{1,6})?$",
    )
});
static SCHEME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)(?:h{0,2}t{1,3}p{1,2}|htp)s{0,2}\s?[:：;；]?\s?[/／\\]{1,2}[!-~]*")
});
static WWW: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^!-~])((?:ww|w{4,})\.[A-Za-z0-9-]+\.[a-z]{2,}|www[,，。;；][A-Za-z0-9-]+[.,，。][a-z]{2,})",
    )
});

/// Endings that are slips for .com and .cn.
const ENDINGS: &[&str] = &[
    "con", "cmo", "ocm", "comm", "coom", "vom", "xom", "cim", "cn1", "ch",
];

/// The slips in a text that labels its addresses.
pub fn in_text(text: &str) -> Vec<Slip> {
    let mut slips = Vec::new();
    slips.extend(emails(text));
    slips.extend(links(text));
    let labelled = needed(&PHONE_LABEL, text, &["电话", "传真", "手机"]);
    for found in labelled.iter().flat_map(|label| label.captures_iter(text)) {
        let group = found.get(1).expect("the pattern has it");
        let mut at = group.start();
        for part in group.as_str().split(['、', '，', ',', '/', ';', '；']) {
            slips.extend(phone(part).map(|(message, hint)| Slip {
                rule: PHONE,
                start: at,
                end: at + part.len(),
                message,
                hint,
            }));
            at += part.len()
                + text[at + part.len()..]
                    .chars()
                    .next()
                    .map_or(0, char::len_utf8);
        }
    }
    slips
}

/// The slips of a cell whose column says what it holds.
pub fn in_cell(column: &str, text: &str) -> Vec<Slip> {
    let whole = |rule: Rule, (message, hint): (String, String)| Slip {
        rule,
        start: 0,
        end: text.len(),
        message,
        hint,
    };
    let plain = text.is_ascii() || text.contains(['－', '—', '＠']);
    if ["电话", "手机", "传真"]
        .iter()
        .any(|word| column.contains(word))
        && !column.contains('人')
    {
        let parts = text.split(['、', '，', ',', '/', ';', '；', '\n']);
        return parts
            .filter(|part| plain && part.chars().any(|char| char.is_ascii_digit()))
            .filter_map(|part| phone(part).map(|slip| whole(PHONE, slip)))
            .collect();
    }
    if column.contains("邮箱") || column.contains("邮件") {
        return email(text.trim())
            .filter(|_| plain)
            .map(|slip| whole(EMAIL, slip))
            .into_iter()
            .collect();
    }
    in_text(text)
}

fn emails(text: &str) -> Vec<Slip> {
    let mut slips: Vec<Slip> = Vec::new();
    let mut look = |start: usize, found: &str| {
        let trimmed = found.trim_end_matches(['.', ',', ';', ')', ':']);
        let known = slips
            .iter()
            .any(|slip| start < slip.end && slip.start < start + trimmed.len());
        if !known && let Some((message, hint)) = email(trimmed) {
            slips.push(Slip {
                rule: EMAIL,
                start,
                end: start + trimmed.len(),
                message,
                hint,
            });
        }
    };
    let labelled = needed(&EMAIL_LABEL, text, &["邮", "ail"]);
    let bare = needed(&EMAIL_BARE, text, &[".c"]);
    for found in labelled
        .into_iter()
        .chain(bare)
        .flat_map(|pattern| pattern.captures_iter(text))
    {
        let group = found.get(1).expect("the pattern has it");
        if !group.as_str().contains("//") {
            look(group.start(), group.as_str());
        }
    }
    let like = needed(&EMAIL_LIKE, text, &["@", "＠"]);
    for found in like.iter().flat_map(|pattern| pattern.find_iter(text)) {
        // The name before @ may be that of an account in an address of the web.
        if !text[..found.start()].ends_with('/') {
            look(found.start(), found.as_str());
        }
    }
    slips
}

/// What is wrong with an address of mail.
fn email(text: &str) -> Option<(String, String)> {
    let cure = "查对邮箱，写作“名称@网站.com”".to_owned();
    if text.contains('＠') {
        return Some((
            format!("邮箱“{text}”里的“＠”是全角的"),
            "改为半角的“@”".to_owned(),
        ));
    }
    let Some((_, host)) = text.split_once('@') else {
        return Some((format!("邮箱“{text}”里没有“@”"), cure));
    };
    let ending = host.rsplit('.').next().unwrap_or_default();
    if ENDINGS.contains(&ending.to_lowercase().as_str()) {
        return Some((
            format!("邮箱“{text}”的末尾“.{ending}”疑有误"),
            "查对邮箱，是不是“.com”或“.cn”".to_owned(),
        ));
    }
    (!EMAIL_GOOD.is_match(text)).then(|| (format!("邮箱“{text}”的写法不对"), cure))
}

/// What is wrong with a telephone number.
fn phone(text: &str) -> Option<(String, String)> {
    let plain: String = text
        .chars()
        .filter(|char| !char.is_whitespace())
        .map(|char| {
            if "－—–".contains(char) {
                '-'
            } else {
                char
            }
        })
        .collect();
    let plain = plain.trim_start_matches("+86").trim_matches('-');
    let plain = plain
        .replace(['（', '(', '+'], "")
        .replace(['）', ')'], "-");
    if plain.is_empty() || PHONE_GOOD.is_match(&plain) || plain.contains('×') {
        return None;
    }
    let digits = plain.chars().filter(char::is_ascii_digit).count();
    let hint = match plain.starts_with('1') {
        true => "手机号码是11位".to_owned(),
        false => "区号3位或4位，号码7位或8位，如“0470-0000000”".to_owned(),
    };
    Some((
        format!("电话号码“{}”的位数不对（共{digits}位）", text.trim()),
        hint,
    ))
}

fn links(text: &str) -> Vec<Slip> {
    let mut slips = Vec::new();
    let scheme = needed(&SCHEME, text, &["/", "／", "\\"]);
    for found in scheme.iter().flat_map(|pattern| pattern.find_iter(text)) {
        let (start, end) = (found.start(), found.end());
        if text[..start].ends_with(|char: char| char.is_ascii_alphanumeric()) {
            continue;
        }
        let fault = link(found.as_str()).or_else(|| cut(&text[end..]));
        if let Some((message, hint)) = fault {
            slips.push(Slip {
                rule: LINK,
                start,
                end,
                message,
                hint,
            });
        }
    }
    let www = needed(&WWW, text, &["ww"]);
    for found in www.iter().flat_map(|pattern| pattern.captures_iter(text)) {
        let group = found.get(1).expect("the pattern has it");
        slips.push(Slip {
            rule: LINK,
            start: group.start(),
            end: group.end(),
            message: format!("网址“{}”的开头写得不对", group.as_str()),
            hint: "查对网址，开头是“www.”".to_owned(),
        });
    }
    slips
}

/// What is wrong with an address of the web.
fn link(text: &str) -> Option<(String, String)> {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest else {
        let lower = text.to_lowercase();
        if lower.starts_with("https://") || lower.starts_with("http://") {
            return None;
        }
        let head: String = text
            .chars()
            .take_while(|char| !char.is_ascii_alphanumeric() || "https".contains(*char))
            .collect();
        return Some((
            format!("链接的开头“{head}”写得不对"),
            "写作“https://”或“http://”，冒号和斜线都用半角".to_owned(),
        ));
    };
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.trim_end_matches(['.', ',', ';', ')']);
    let ending = host.rsplit('.').next().unwrap_or_default();
    let numeric = host
        .chars()
        .all(|char| char.is_ascii_digit() || char == '.');
    let good = host.contains('.')
        && (numeric || ending.chars().all(|char| char.is_ascii_alphabetic()) && !ending.is_empty());
    if !good {
        return Some((
            format!("链接的网址“{host}”写得不对"),
            "查对网址；后面接着别的字的，用标点隔开".to_owned(),
        ));
    }
    ENDINGS.contains(&ending).then(|| {
        (
            format!("链接的网址“{host}”末尾疑有误"),
            "查对网址".to_owned(),
        )
    })
}

/// Letters that go on behind a blank, as scanning and copying leave them.
fn cut(rest: &str) -> Option<(String, String)> {
    let tail = rest.strip_prefix(' ')?;
    let end = tail.find(|char: char| !char.is_ascii_alphanumeric() && char != '-' && char != '_');
    let token = &tail[..end.unwrap_or(tail.len())];
    let behind = &tail[token.len()..];
    let next =
        token.starts_with("http") || behind.starts_with(['.', '、', '．', ')', '）', ':', '：']);
    let lone = behind.is_empty() || behind.starts_with(['，', '。', '；', '\n', '）']);
    (!token.is_empty() && !next && lone).then(|| {
        (
            "链接中间有空格".to_owned(),
            format!("删去“{token}”前面的空格；是另外的字就另起一行"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<&'static str> {
        in_text(text).iter().map(|slip| slip.rule.code).collect()
    }

    #[test]
    fn slips_of_addresses_are_found() {
        for text in [
            "邮箱：zwgkbgs163.con",
            "邮箱：zwgk@163.con",
            "邮箱：zwgk＠163.com",
            "请发至zwgk@163com。",
            "材料发zwgkbgs163.com即可",
        ] {
            assert_eq!(codes(text), [EMAIL.code], "{text}");
        }
        for text in [
            "联系电话：0475-42226",
            "电话：1380000000",
            "电话：047-2000000、0475-2000000",
        ] {
            assert_eq!(codes(text), [PHONE.code], "{text}");
        }
        for text in [
            "https;//mp.weixin.qq.com/s/abc",
            "http:/a.cn/b",
            "https：//a.cn",
            "网址为：http://www.etkqq.gov.cn64个",
            "https://mp.weixin.qq.com/s/05L45qoWSu7HdiOGaP9 iA",
        ] {
            assert_eq!(codes(text), [LINK.code], "{text}");
        }
    }

    #[test]
    fn good_addresses_are_left_alone() {
        for text in [
            "邮箱：zwgk@example.cn",
            "邮箱：zw.gk-1@mail.example.gov.cn；电话：0475-0000000",
            "联系电话：（0475）0000000转8001，010-00000000",
            "联系电话：12345、400-000-0000",
            "电话：13800000000 联系人：甲",
            "1.https://a.cn/b 2、 https://a.cn/c",
            "见http://www.a.gov.cn/col/col1.html?id=3。",
            "https://a.cn/b 已删除",
            "比例为3:2，10:30开会",
            "邮箱：见附件",
        ] {
            assert!(codes(text).is_empty(), "{text}");
        }
    }
}
