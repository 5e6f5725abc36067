//! Sentences and list items of a text in any script.

use super::script::is_wide;

/// Parentheses longer than this are not trusted to be closed, so they protect nothing.
const LONGEST_ASIDE: usize = 240;

/// The sentences and list items of a text in order, each without the white space, bullet or
/// item number before it; pieces without a letter or digit are left out.
///
/// A sentence ends at a line break, at `。；！？` and at `. ; ! ?` where these end one: not in
/// `Node.js`, `.NET`, `v1.2`, `e.g.`, `Inc.`, nor within parentheses. A list written in one
/// line (`岗位职责：1、负责… 2、熟悉…`) is cut before each number that goes on counting.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for line in text.split(['\n', '\r', '\u{2028}', '\u{2029}']) {
        for item in items(line) {
            let mut rest = item;
            while !rest.is_empty() {
                let (sentence, tail) = rest.split_at(sentence_end(rest));
                let sentence = sentence.trim();
                if sentence.chars().any(char::is_alphanumeric) {
                    out.push(sentence);
                }
                rest = tail;
            }
        }
    }
    out
}

/// A line without the bullet or item number at its start.
pub fn without_marker(line: &str) -> &str {
    let mut rest = line.trim();
    // A bullet may stand before a number, and a number before another.
    for _ in 0..3 {
        let after = match item_number(rest) {
            Some(number) => &rest[number.len..],
            None => match bullet(rest) {
                Some(length) => &rest[length..],
                None => break,
            },
        };
        // `1.、` and the like: a second mark belongs to the number.
        rest =
            after.trim_start_matches(|c: char| c.is_whitespace() || "、，,．：:；;。".contains(c));
    }
    rest
}

fn bullet(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    let after = text[first.len_utf8()..].chars().next();
    let bulleted = match first {
        '•' | '●' | '○' | '■' | '□' | '◆' | '◇' | '★' | '☆' | '▪' | '▫' | '‣' | '⁃' | '∙' | '◦'
        | '➢' | '➤' | '►' | '▶' | '✓' | '✔' | '✅' | '·' | '・' | '※' | '\u{f0b7}' | '\u{f06c}' => {
            true
        }
        '-' | '*' | '+' | '–' | '—' | '－' | '＊' => {
            after.is_none_or(|c| c.is_whitespace() || is_wide(c))
        }
        _ => false,
    };
    bulleted.then(|| first.len_utf8())
}

/// Bullets that are never punctuation, so that they also begin an item inside a line.
fn is_inline_bullet(c: char) -> bool {
    matches!(c, '•' | '●' | '■' | '◆' | '★' | '➢' | '➤' | '►' | '▪' | '✓' | '✔' | '✅' | '\u{f0b7}')
}

struct ItemNumber {
    /// Bytes, the mark after the digits included.
    len: usize,
    value: u32,
    /// A circled digit or a number in brackets: it can hardly be anything else.
    unmistakable: bool,
}

/// `1、` `2.` `3)` `(4)` `（5）` `⑥` `七、` at the start of `text`.
fn item_number(text: &str) -> Option<ItemNumber> {
    let first = text.chars().next()?;
    if let '①'..='⑳' = first {
        let value = first as u32 - '①' as u32 + 1;
        return Some(ItemNumber { len: first.len_utf8(), value, unmistakable: true });
    }
    let bracketed = matches!(first, '(' | '（' | '【' | '[');
    let start = if bracketed { first.len_utf8() } else { 0 };
    let (digits, value) = small_number(&text[start..])?;
    let at = start + digits;
    let mark = text[at..].chars().next()?;
    let after = text[at + mark.len_utf8()..].chars().next();
    let closes = matches!(mark, ')' | '）' | '】' | ']');
    let counts = match mark {
        _ if bracketed => closes,
        ')' | '）' => true,
        '、' | '．' => true,
        '.' | ',' | '，' | ':' | '：' => {
            let next_digit = after.is_some_and(|c| c.is_ascii_digit());
            let spaced = after.is_none_or(|c| c.is_whitespace() || is_wide(c) || c.is_alphabetic());
            spaced && !next_digit && (mark == '.' || mark == '，' || mark == '、')
        }
        _ => false,
    };
    counts.then(|| ItemNumber { len: at + mark.len_utf8(), value, unmistakable: bracketed })
}

/// One or two digits, plain or full-width, or a Chinese numeral up to ten; bytes and value.
fn small_number(text: &str) -> Option<(usize, u32)> {
    let (mut length, mut value, mut count) = (0, 0, 0);
    for c in text.chars() {
        let digit = match c {
            '0'..='9' => c as u32 - '0' as u32,
            '０'..='９' => c as u32 - '０' as u32,
            _ => break,
        };
        (length, value, count) = (length + c.len_utf8(), value * 10 + digit, count + 1);
        if count > 2 {
            return None;
        }
    }
    if count > 0 {
        return Some((length, value));
    }
    let first = text.chars().next()?;
    let value = "一二三四五六七八九十".chars().position(|c| c == first)? as u32 + 1;
    Some((first.len_utf8(), value))
}

/// A line cut before every item number that goes on counting and before every bullet.
fn items(line: &str) -> Vec<&str> {
    let mut cuts = vec![0];
    let mut last = item_number(line.trim_start()).map_or(0, |number| number.value);
    let mut previous = '\0';
    for (at, c) in line.char_indices() {
        let rest = &line[at..];
        let could_begin = c.is_ascii_digit() || matches!(c, '(' | '（' | '①'..='⑳' | '０'..='９');
        if at > 0 && is_inline_bullet(c) {
            cuts.push(at);
        } else if at > 0
            && could_begin
            && !previous.is_ascii_alphanumeric()
            && !matches!(previous, '.' | '-' | '+' | '/' | '(' | '（')
            && let Some(number) = item_number(rest)
        {
            let after_mark = matches!(previous, ':' | '：' | '】' | '。' | ';' | '；' | ']');
            let goes_on = last > 0 && (number.value == last || number.value == last + 1);
            let starts = number.value == 1
                && (after_mark || number.unmistakable || has_second(&rest[number.len..]));
            if goes_on || starts {
                last = number.value;
                cuts.push(at);
            }
        }
        previous = c;
    }
    let ends = cuts.iter().skip(1).copied().chain([line.len()]);
    cuts.iter().zip(ends).map(|(&start, end)| without_marker(&line[start..end])).collect()
}

/// Whether a list that has just begun is seen to go on to its second item soon.
fn has_second(text: &str) -> bool {
    let window = text.char_indices().nth(400).map_or(text, |(at, _)| &text[..at]);
    window.match_indices(['2', '２']).any(|(at, _)| {
        let before = window[..at].chars().next_back();
        before.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '.')
            && item_number(&window[at..]).is_some_and(|number| number.value == 2)
    })
}

/// Bytes of the first sentence of `text`, its closing marks included; never zero.
fn sentence_end(text: &str) -> usize {
    let mut protected = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if at < protected {
            continue;
        }
        if let Some(closing) = closing_of(c) {
            protected = aside_end(&text[end..], c, closing).map_or(protected, |len| end + len);
            continue;
        }
        let ends = match c {
            '。' | '；' | '！' | '？' | '｡' => true,
            ';' => true,
            '!' | '?' => after_run(&text[end..]).is_none_or(|c| c.is_whitespace() || is_wide(c)),
            '.' => dot_ends(&text[..at], &text[end..]),
            _ => false,
        };
        if ends {
            return end + closing_marks(&text[end..]);
        }
    }
    text.len()
}

fn closing_of(c: char) -> Option<char> {
    match c {
        '(' => Some(')'),
        '（' => Some('）'),
        '[' => Some(']'),
        '「' => Some('」'),
        '『' => Some('』'),
        '《' => Some('》'),
        _ => None,
    }
}

/// Bytes up to the end of an aside, if it is closed soon.
fn aside_end(text: &str, opening: char, closing: char) -> Option<usize> {
    let mut depth = 1;
    for (at, c) in text.char_indices().take_while(|(at, _)| *at < LONGEST_ASIDE) {
        // Chinese and Western parentheses are often mixed.
        let closes = c == closing || matches!((closing, c), (')', '）') | ('）', ')'));
        if closes {
            depth -= 1;
        } else if c == opening {
            depth += 1;
        }
        if depth == 0 {
            return Some(at + c.len_utf8());
        }
    }
    None
}

/// The first character after a run of sentence marks and closing marks.
fn after_run(text: &str) -> Option<char> {
    text.chars().find(|c| !matches!(c, '!' | '?' | '！' | '？' | '"' | '”' | ')' | '」'))
}

/// Bytes of quotation marks and further sentence marks that belong to the sentence before.
fn closing_marks(text: &str) -> usize {
    let mark = |c: char| {
        matches!(
            c,
            '”' | '’'
                | '」'
                | '』'
                | ')'
                | '）'
                | '"'
                | '!'
                | '?'
                | '！'
                | '？'
                | '。'
                | '.'
                | ';'
                | '；'
                | '…'
        )
    };
    let end = text.find(|c| !mark(c)).unwrap_or(text.len());
    // `。.NET` and `; "Go"` begin something new.
    if text[end..].chars().next().is_some_and(char::is_alphanumeric)
        && text[..end].ends_with(['.', '"', '’'])
    {
        return 0;
    }
    end
}

/// Words before whose dot no sentence ends, lower case without inner dots.
const ABBREVIATIONS: [&str; 46] = [
    "eg", "ie", "vs", "mr", "mrs", "ms", "dr", "prof", "inc", "ltd", "co", "corp", "no", "approx",
    "incl", "st", "us", "uk", "jr", "sr", "dept", "fig", "vol", "min", "max", "zb", "dh", "bzw",
    "ca", "inkl", "ggf", "ua", "evtl", "sog", "nr", "np", "tj", "tzn", "min", "ul", "pex", "pej",
    "ej", "resp", "dipl", "st",
];

/// Whether a plain dot between `before` and `after` ends a sentence.
fn dot_ends(before: &str, after: &str) -> bool {
    let Some(previous) = before.chars().next_back() else { return false };
    let Some(next) = after.chars().next() else { return true };
    if next == '.' {
        return false;
    }
    let net = after.get(..3).is_some_and(|s| s.eq_ignore_ascii_case("net"));
    if is_wide(previous) {
        return !net;
    }
    if is_wide(next) {
        return true;
    }
    if !next.is_whitespace() {
        return false;
    }
    let Some(start) = after.chars().find(|c| !c.is_whitespace()) else { return true };
    let word =
        before.rsplit(|c: char| c.is_whitespace() || is_wide(c) || c == '(').next().unwrap_or("");
    let bare: String = word.chars().filter(|c| *c != '.').flat_map(char::to_lowercase).collect();
    // `J. Doe` and `z. B.`, but a sentence may well end with `C` or `R`.
    let initial = word.chars().count() == 1
        && word.chars().all(char::is_alphabetic)
        && !matches!(word, "C" | "R");
    if initial || ABBREVIATIONS.contains(&bare.as_str()) {
        return false;
    }
    // `.NET` after a space begins a word of a sentence that goes on, or a new sentence.
    !start.is_lowercase() || is_wide(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(sentences(text), expected, "{text}");
    }

    #[test]
    fn chinese_marks_end_sentences() {
        check(
            "负责平台。熟悉Go；了解K8s！好吗？",
            &["负责平台。", "熟悉Go；", "了解K8s！", "好吗？"],
        );
        check("他说“好。”然后走", &["他说“好。”", "然后走"]);
        check("熟悉调度（如A；B。C）者优先。其他", &["熟悉调度（如A；B。C）者优先。", "其他"]);
        check("熟悉.NET开发.有经验者", &["熟悉.NET开发.", "有经验者"]);
        check("第一行\r\n第二行", &["第一行", "第二行"]);
    }

    #[test]
    fn western_dots_end_only_sentences() {
        check(
            "Use Node.js and ASP.NET v1.2 daily. Know e.g. Go, R etc. We work at Acme Inc. in Berlin. Really?! Yes",
            &[
                "Use Node.js and ASP.NET v1.2 daily.",
                "Know e.g. Go, R etc.",
                "We work at Acme Inc. in Berlin.",
                "Really?!",
                "Yes",
            ],
        );
        check(
            "Wir nutzen z. B. Java bzw. Kotlin. Sie auch.",
            &["Wir nutzen z. B. Java bzw. Kotlin.", "Sie auch."],
        );
        check(
            "Founded in 2024. Grows fast; pays well",
            &["Founded in 2024.", "Grows fast;", "pays well"],
        );
        check("You know C. You know .NET. Fine...", &["You know C.", "You know .NET.", "Fine..."]);
        check("a != b and x?y=1", &["a != b and x?y=1"]);
    }

    #[test]
    fn items_lose_their_numbers_and_bullets() {
        check(
            "1、负责A\n2. 熟悉B\n（3）了解C\n④D类\n- E\n• F\n五、G\n* 1) H",
            &["负责A", "熟悉B", "了解C", "D类", "E", "F", "G", "H"],
        );
        check("- \n***\n---", &[]);
        check("-5度以下；.NET；5G网络", &["-5度以下；", ".NET；", "5G网络"]);
    }

    #[test]
    fn lists_in_one_line_are_cut() {
        check(
            "岗位职责：1.、负责Web 2.0开发2、熟悉C++17；3、掌握Python 3.8以上任职要求1.本科2.三年",
            &[
                "岗位职责：",
                "负责Web 2.0开发",
                "熟悉C++17；",
                "掌握Python 3.8以上任职要求",
                "本科",
                "三年",
            ],
        );
        check("需（1）沟通（2）协作", &["需", "沟通", "协作"]);
        check("we want ● Go ● Rust", &["we want", "Go", "Rust"]);
        check("Java 8.0 and 2.5 years, 10, 20", &["Java 8.0 and 2.5 years, 10, 20"]);
    }

    #[test]
    fn unclosed_asides_protect_nothing() {
        check("做（A。做B", &["做（A。", "做B"]);
        let hostile = "(".repeat(20_000);
        assert!(sentences(&hostile).is_empty());
    }
}
