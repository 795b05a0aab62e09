//! 版头: what stands above the red rule of page one (GB/T 9704—2012, 7.2).

use std::fmt;
use std::str::FromStr;

use super::Sourced;

/// 版头.
#[derive(Clone, Debug, Default, Hash)]
pub struct Header {
    pub copy_number: Option<Sourced<CopyNumber>>,
    pub secrecy: Option<Sourced<Secrecy>>,
    pub urgency: Option<Sourced<Urgency>>,
    /// 发文机关标志: the words in red, such as `三明市人民政府办公室文件`.
    /// Of a joint issue the name of 主办机关 alone.
    pub issuer_mark: Option<Sourced<String>>,
    /// The other agencies that 发文机关标志 of a joint issue names, in order.
    pub joint_marks: Vec<Sourced<String>>,
    pub doc_number: Option<Sourced<DocNumber>>,
    /// 发文字号 whose serial is still open, such as `明政办〔2021〕　号`; empty where nothing is written
    /// behind the key.
    pub open_number: Option<Sourced<String>>,
    /// 令号, in place of 发文字号.
    pub order_number: Option<Sourced<OrderNumber>>,
    /// 签发人 of an upward document, in order.
    pub signers: Vec<Sourced<String>>,
}

/// 令号, written `第12号` (10.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OrderNumber(u32);

impl FromStr for OrderNumber {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text
            .strip_prefix('第')
            .and_then(|text| text.strip_suffix('号'));
        let digits = digits.unwrap_or(text);
        let good = !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
        good.then(|| digits.parse().ok())
            .flatten()
            .map(OrderNumber)
            .ok_or(())
    }
}

impl OrderNumber {
    /// The form of a draft.
    pub const OPEN: &str = "第　号";
}

impl fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第{}号", self.0)
    }
}

/// 份号: six digits (7.2.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CopyNumber(u32);

impl FromStr for CopyNumber {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let good = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
        good.then(|| text.parse().ok())
            .flatten()
            .map(CopyNumber)
            .ok_or(())
    }
}

impl CopyNumber {
    /// The number so many copies later; nothing where six digits do not hold it.
    pub fn after(&self, copies: u32) -> Option<CopyNumber> {
        let number = self.0.checked_add(copies)?;
        (number <= 999_999).then_some(CopyNumber(number))
    }
}

impl fmt::Display for CopyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

/// 密级.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecrecyLevel {
    /// 秘密.
    Confidential,
    /// 机密.
    Secret,
    /// 绝密.
    TopSecret,
}

impl SecrecyLevel {
    const ALL: [(SecrecyLevel, &'static str); 3] = [
        (SecrecyLevel::TopSecret, "绝密"),
        (SecrecyLevel::Secret, "机密"),
        (SecrecyLevel::Confidential, "秘密"),
    ];
}

/// 密级和保密期限, written `机密★1年` (7.2.2).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Secrecy {
    pub level: SecrecyLevel,
    /// 保密期限, such as `1年`, `6个月` or `长期`.
    pub period: Option<String>,
}

impl FromStr for Secrecy {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (name, period) = match text.split_once('★') {
            Some((name, period)) => (name, Some(period)),
            None => (text, None),
        };
        let (level, _) = SecrecyLevel::ALL
            .into_iter()
            .find(|(_, n)| *n == name)
            .ok_or(())?;
        let good = |period: &str| {
            let digits = period.trim_end_matches(['年', '月', '日', '天', '个']);
            period == "长期"
                || (!digits.is_empty()
                    && digits.len() < period.len()
                    && digits.bytes().all(|b| b.is_ascii_digit()))
        };
        match period {
            Some(period) if !good(period) => Err(()),
            period => Ok(Secrecy {
                level,
                period: period.map(str::to_owned),
            }),
        }
    }
}

impl fmt::Display for Secrecy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, name) = SecrecyLevel::ALL
            .into_iter()
            .find(|(l, _)| *l == self.level)
            .expect("every level has a name");
        f.write_str(name)?;
        self.period
            .as_ref()
            .map_or(Ok(()), |period| write!(f, "★{period}"))
    }
}

/// 紧急程度 of a paper document (7.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Urgency {
    /// 特急.
    Critical,
    /// 加急.
    Urgent,
}

impl FromStr for Urgency {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "特急" => Ok(Urgency::Critical),
            "加急" => Ok(Urgency::Urgent),
            _ => Err(()),
        }
    }
}

impl fmt::Display for Urgency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Urgency::Critical => "特急",
            Urgency::Urgent => "加急",
        })
    }
}

/// 发文字号, written `明政办〔2021〕12号` (7.2.5).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DocNumber {
    /// 发文机关代字; empty only in 纪要.
    pub agency_code: String,
    pub year: u16,
    /// 发文顺序号.
    pub serial: u32,
}

/// Why a text is no [`DocNumber`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocNumberError {
    /// The year stands in other brackets than 〔〕, or in none.
    Brackets,
    /// The year has not four digits.
    Year,
    /// The serial is padded with zeros, has 第 before it, or is no number.
    Serial,
    /// Nothing stands before the year.
    AgencyCode,
    /// 号 is missing at the end.
    Ending,
}

impl FromStr for DocNumber {
    type Err = DocNumberError;

    fn from_str(text: &str) -> Result<Self, DocNumberError> {
        let number = DocNumber::of_minutes(text)?;
        match number.agency_code.trim().is_empty() {
            true => Err(DocNumberError::AgencyCode),
            false => Ok(number),
        }
    }
}

impl DocNumber {
    /// The number of 纪要, whose form is open (10.3): the mark above it may stand for the agency, as in
    /// `〔2026〕15号`.
    pub fn of_minutes(text: &str) -> Result<Self, DocNumberError> {
        let (agency_code, rest) = text.split_once('〔').ok_or(DocNumberError::Brackets)?;
        let (year, serial) = rest.split_once('〕').ok_or(DocNumberError::Brackets)?;
        let serial = serial.strip_suffix('号').ok_or(DocNumberError::Ending)?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(year) || year.len() != 4 {
            return Err(DocNumberError::Year);
        }
        if !digits(serial) || serial.starts_with('0') {
            return Err(DocNumberError::Serial);
        }
        Ok(DocNumber {
            agency_code: agency_code.to_owned(),
            year: year.parse().map_err(|_| DocNumberError::Year)?,
            serial: serial.parse().map_err(|_| DocNumberError::Serial)?,
        })
    }

    /// The form of a draft: the serial is left open.
    pub fn open(&self) -> String {
        format!("{}〔{}〕　号", self.agency_code, self.year)
    }
}

impl fmt::Display for DocNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}〔{}〕{}号", self.agency_code, self.year, self.serial)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_forms_come_back_as_they_went_in() {
        for text in ["机密★1年", "绝密", "秘密★6个月", "机密★长期"] {
            assert_eq!(text.parse::<Secrecy>().unwrap().to_string(), text);
        }
        for text in ["明政办〔2021〕12号", "鄂前政服发〔2019〕47号"] {
            assert_eq!(text.parse::<DocNumber>().unwrap().to_string(), text);
        }
        for text in ["特急", "加急"] {
            assert_eq!(text.parse::<Urgency>().unwrap().to_string(), text);
        }
        assert_eq!(
            "000012".parse::<CopyNumber>().unwrap().to_string(),
            "000012"
        );
    }

    #[test]
    fn says_what_is_wrong_with_a_document_number() {
        let fault = |text: &str| text.parse::<DocNumber>().unwrap_err();
        assert_eq!(fault("明政办[2021]12号"), DocNumberError::Brackets);
        assert_eq!(fault("明政办〔21〕12号"), DocNumberError::Year);
        assert_eq!(fault("明政办〔2021〕012号"), DocNumberError::Serial);
        assert_eq!(fault("明政办〔2021〕第12号"), DocNumberError::Serial);
        assert_eq!(fault("〔2021〕12号"), DocNumberError::AgencyCode);
        assert_eq!(fault("明政办〔2021〕12"), DocNumberError::Ending);
    }

    #[test]
    fn the_number_of_minutes_needs_no_agency() {
        for text in ["〔2026〕15号", "青政纪〔2026〕15号"] {
            assert_eq!(DocNumber::of_minutes(text).unwrap().to_string(), text);
        }
        assert_eq!(
            DocNumber::of_minutes("第15期"),
            Err(DocNumberError::Brackets)
        );
    }

    #[test]
    fn refuses_other_secrecy_and_copy_numbers() {
        assert!("机密1年".parse::<Secrecy>().is_err());
        assert!("机密★".parse::<Secrecy>().is_err());
        assert!("0000012".parse::<CopyNumber>().is_err());
    }
}
