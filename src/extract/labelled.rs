//! Facts that stand behind a label and a colon, such as `工作地点:上海` or `Location: Berlin`.

use super::lexicon::phrases;

/// Longer values are sentences.
const LONGEST: usize = 60;

/// The value behind a label of this name (`place`, `company`, `date`, `seniority`) that begins a
/// segment in one spelling.
pub(super) fn labelled<'a>(segment: &'a str, name: &str) -> Option<&'a str> {
    let (label, value) = segment.split_once(':')?;
    let label = label.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    (phrases("label").whole(&label) == Some(name)).then_some(value.trim())
}

/// [`labelled`] for a name: short, with a letter, no address of a page.
pub(super) fn labelled_name<'a>(segment: &'a str, name: &str) -> Option<&'a str> {
    let value = labelled(segment, name)?;
    let value = value.trim_end_matches(['.', ',', ';']).trim();
    let is_name = value.chars().any(char::is_alphabetic)
        && value.chars().count() <= LONGEST
        && !value.contains("://")
        && !value.contains("www.");
    is_name.then_some(value)
}

/// A date behind a label, with or without a colon: `Posted 3 days ago`.
pub(super) fn dated(segment: &str) -> Option<String> {
    let lower = segment.to_lowercase();
    let found = phrases("label").find(&lower);
    let first = found.first().filter(|found| found.label == "date" && found.start <= 3)?;
    let value = lower[first.end..].trim_start_matches([':', ' ', '-']);
    (value.chars().count() <= LONGEST).then(|| value.to_string())
}

/// The city of a place: its first part, past a province that is written before it.
pub(super) fn city(place: &str) -> Option<String> {
    let mut parts = place
        .split(|c: char| {
            matches!(c, ',' | '·' | '/' | '(' | ';' | '|' | '、') || c == '-' && has_wide(place)
        })
        .map(str::trim)
        .filter(|part| part.chars().any(char::is_alphabetic));
    let first = parts.next()?;
    let is_region = |part: &str| part.ends_with('省') || part.ends_with("自治区") || part == "中国";
    let city = if is_region(first) { parts.next().unwrap_or(first) } else { first };
    let city = match city.find('省').filter(|at| at + '省'.len_utf8() < city.len()) {
        Some(at) => &city[at + '省'.len_utf8()..],
        None => city,
    };
    // `上海市浦东新区` names the city before its district.
    let city = match city.find('市').filter(|&at| at >= 2 * '市'.len_utf8()) {
        Some(at) => &city[..at],
        None => city,
    };
    Some(city.to_string())
}

/// Whether a hyphen parts city and district, as in Chinese, and not a double name.
fn has_wide(place: &str) -> bool {
    place.chars().any(crate::text::script::is_wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_begins_its_segment() {
        assert_eq!(labelled_name("工作地点:上海市", "place"), Some("上海市"));
        assert_eq!(labelled_name("Location: Berlin, Germany", "place"), Some("Berlin, Germany"));
        assert_eq!(labelled_name("Company culture: open", "company"), None);
        assert_eq!(labelled_name("Company: https://a.example", "company"), None);
    }

    #[test]
    fn the_city_is_the_first_part_of_a_place() {
        let cases = [
            ("北京·海淀区", "北京"),
            ("广东省深圳市南山区", "深圳"),
            ("上海市浦东新区", "上海"),
            ("Berlin, Germany", "Berlin"),
            ("Stratford-upon-Avon", "Stratford-upon-Avon"),
            ("杭州-余杭区", "杭州"),
        ];
        for (place, expected) in cases {
            assert_eq!(city(place).as_deref(), Some(expected), "{place}");
        }
    }
}
