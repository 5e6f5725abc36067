//! What languages are called.

/// Code, English name and Chinese name of the languages that are told apart.
const LANGUAGES: [[&str; 3]; 24] = [
    ["zh", "chinese", "中文"],
    ["en", "english", "英文"],
    ["ja", "japanese", "日文"],
    ["ko", "korean", "韩文"],
    ["de", "german", "德文"],
    ["fr", "french", "法文"],
    ["es", "spanish", "西班牙文"],
    ["pt", "portuguese", "葡萄牙文"],
    ["it", "italian", "意大利文"],
    ["nl", "dutch", "荷兰文"],
    ["pl", "polish", "波兰文"],
    ["cs", "czech", "捷克文"],
    ["tr", "turkish", "土耳其文"],
    ["sv", "swedish", "瑞典文"],
    ["da", "danish", "丹麦文"],
    ["ru", "russian", "俄文"],
    ["uk", "ukrainian", "乌克兰文"],
    ["el", "greek", "希腊文"],
    ["he", "hebrew", "希伯来文"],
    ["ar", "arabic", "阿拉伯文"],
    ["hi", "hindi", "印地文"],
    ["th", "thai", "泰文"],
    ["mixed", "mixed", "多语"],
    ["unknown", "unknown", "未知"],
];

/// The code of a language, by code or name in lower case. `英语` is `英文`.
pub(super) fn language_code(name: &str) -> Option<&'static str> {
    let name = name.replace(['语', '語'], "文");
    let known = LANGUAGES.iter().find(|names| names.contains(&name.as_str()));
    known.map(|[code, ..]| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_codes() {
        let found = ["zh", "chinese", "中文", "英语", "klingon"].map(language_code);
        assert_eq!(found, [Some("zh"), Some("zh"), Some("zh"), Some("en"), None]);
    }
}
