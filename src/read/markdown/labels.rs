//! Labelled lines, `**技术栈**：a、b` or `Skills: a, b`, and what labels mean.

/// A labelled line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Label<'a> {
    pub name: &'a str,
    pub value: &'a str,
    /// Written in bold, so meant as a label.
    pub bold: bool,
}

/// What a label or a heading below a role introduces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Stack,
    Description,
    Id,
    /// A plain fact, such as a place or a salary.
    Field,
}

/// Longer names are sentences that happen to have a colon.
const LONGEST_NAME: usize = 30;

/// The label of a line, if it begins with one. Without bold, only known names count.
pub(super) fn label(line: &str) -> Option<Label<'_>> {
    let line = crate::text::sentences::without_marker(strip_quote(line.trim()));
    for mark in ["**", "__"] {
        let Some(after) = line.strip_prefix(mark) else { continue };
        let (inside, rest) = after.split_once(mark)?;
        let (name, value) = match inside.trim().strip_suffix([':', '：']) {
            Some(name) => (name, rest),
            None => (inside, rest.trim_start().strip_prefix([':', '：'])?),
        };
        let name = name.trim();
        let fits = !name.is_empty() && name.chars().count() <= LONGEST_NAME;
        return fits.then(|| Label { name, value: value.trim(), bold: true });
    }
    let (name, value) = line.split_once([':', '：'])?;
    let (name, value) = (name.trim(), value.trim());
    meaning(name).is_some().then_some(Label { name, value, bold: false })
}

fn strip_quote(line: &str) -> &str {
    line.strip_prefix('>').map_or(line, str::trim_start)
}

const STACK: &str = "|技术栈|技术|核心技术|主要技术|关键技术|技能|技能栈|技能要求|技能标签|关键词|技术关键词|工具|技術|技術棧|技術スタック\
    |使用技術|スキル|開発環境|기술스택|기술 스택|기술|스킬|사용 기술|tech stack|technology stack|tech|technologies|technology|stack\
    |skills|key skills|required skills|core skills|technical skills|tools|tools and technologies|tools & technologies\
    |tags|keywords|technologien|technologie-stack|tech-stack|kenntnisse|skills & tools|compétences|technologies clés|stack technique\
    |tecnologías|tecnologias|habilidades|competencias|stack tecnológico|tecnologie|competenze|technologie|umiejętności|stos technologiczny\
    |technologieën|vaardigheden|навыки|технологии|стек|";

const DESCRIPTION: &str = "|职责|岗位职责|工作职责|工作内容|职责描述|主要职责|职位描述|岗位描述|描述|任职要求|岗位要求|职位要求|要求|任职资格\
    |任职条件|加分项|优先条件|职责与要求|工作說明|職責|仕事内容|業務内容|職務内容|応募資格|応募条件|必須条件|必須スキル・経験|歓迎条件|概要|募集背景\
    |주요업무|주요 업무|담당업무|담당 업무|자격요건|자격 요건|우대사항|우대 사항|업무 내용|지원자격|description|job description|summary|role summary\
    |overview|role overview|responsibilities|key responsibilities|main responsibilities|your responsibilities|duties|what you will do\
    |what you'll do|what you’ll do|the role|about the role|about the job|about you|who you are|requirements|job requirements|qualifications\
    |minimum qualifications|preferred qualifications|basic qualifications|what you bring|what we expect|what we're looking for|nice to have\
    |bonus|bonus points|must have|must-have|must haves|aufgaben|deine aufgaben|ihre aufgaben|anforderungen|profil|dein profil|ihr profil\
    |qualifikation|qualifikationen|stellenbeschreibung|beschreibung|das bringst du mit|missions|vos missions|profil recherché|description du poste\
    |funciones|responsabilidades|requisitos|descripción|descrição|responsabilità|obowiązki|zakres obowiązków|wymagania|opis|opis stanowiska\
    |mile widziane|taken|functie-eisen|omschrijving|обязанности|требования|описание|условия|";

const ID: &str = "|id|job id|role id|编号|岗位编号|职位编号|岗位id|职位id|求人番号|공고번호|";

const FIELD: &str = "|地点|工作地点|城市|薪资|薪酬|公司|企业|经验|学历|部门|级别|链接|来源|招聘人数|location|city|salary|compensation|company|employer\
    |team|department|level|seniority|experience|education|type|employment type|link|url|source|date|posted|standort|ort|gehalt|firma\
    |unternehmen|lieu|salaire|entreprise|ubicación|salario|empresa|localização|lokalizacja|wynagrodzenie|firma|勤務地|年収|会社|雇用形態\
    |근무지|연봉|회사|고용형태|";

/// What a known label means.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    let name = crate::text::normalize(name).to_lowercase();
    let name = name.trim_matches(|c: char| {
        matches!(c, ':' | '*' | '_' | '#' | '【' | '】' | '[' | ']') || c.is_whitespace()
    });
    if name.is_empty() || name.contains('|') {
        return None;
    }
    let wanted = format!("|{name}|");
    [
        (STACK, Meaning::Stack),
        (DESCRIPTION, Meaning::Description),
        (ID, Meaning::Id),
        (FIELD, Meaning::Field),
    ]
    .into_iter()
    .find(|(list, _)| list.contains(&wanted))
    .map(|(_, meaning)| meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Option<(&str, &str)> {
        label(line).map(|l| (l.name, l.value))
    }

    #[test]
    fn labels_are_seen_in_all_their_dresses() {
        assert_eq!(told("**技术栈**：a、b"), Some(("技术栈", "a、b")));
        assert_eq!(told("**Tech stack:** a"), Some(("Tech stack", "a")));
        assert_eq!(told("- __Skills__: a"), Some(("Skills", "a")));
        assert_eq!(told("技术栈：a"), Some(("技术栈", "a")));
        assert_eq!(told("**Anything**: b"), Some(("Anything", "b")));
        assert_eq!(told("Anything: b"), None);
        assert_eq!(told("**not a label** at all"), None);
        assert_eq!(told("> **地点**：上海"), Some(("地点", "上海")));
    }

    #[test]
    fn known_labels_have_a_meaning() {
        assert_eq!(meaning("Tech Stack"), Some(Meaning::Stack));
        assert_eq!(meaning("【岗位职责】"), Some(Meaning::Description));
        assert_eq!(meaning("薪资"), Some(Meaning::Field));
        assert_eq!(meaning("编程语言"), None);
    }
}
