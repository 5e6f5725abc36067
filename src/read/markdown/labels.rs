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
    Title,
    Stack,
    Description,
    Id,
    /// A plain fact, such as a place or a salary.
    Field,
    /// Where to apply.
    Contact,
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
    let bracketed = line.strip_prefix('【').and_then(|rest| rest.split_once('】'));
    let (name, value) = bracketed.or_else(|| line.split_once([':', '：']))?;
    let (name, value) = (name.trim(), value.trim().trim_start_matches([':', '：']).trim_start());
    meaning(name).is_some().then_some(Label { name, value, bold: false })
}

/// Whether a line begins with bold text before a colon, however long, and goes on with a list.
pub(super) fn leads_list(line: &str) -> bool {
    let line = crate::text::sentences::without_marker(strip_quote(line.trim()));
    let Some((_, rest)) = line.strip_prefix("**").and_then(|rest| rest.split_once("**")) else {
        return false;
    };
    let list = rest.trim_start().strip_prefix([':', '：']).unwrap_or_default();
    list.contains(['、', ',']) && !list.contains(['。', '.'])
}

fn strip_quote(line: &str) -> &str {
    line.strip_prefix('>').map_or(line, str::trim_start)
}

const TITLE: &str = "|职位|岗位|职位名称|岗位名称|招聘岗位|招聘职位|招聘|应聘岗位|職位|職缺|職稱|ポジション|職種|募集職種|求人|포지션|직무|채용포지션\
    |title|job title|role|position|job|vacancy|opening|role title|position title|we're hiring|hiring|stelle|position|jobtitel|stellenbezeichnung\
    |poste|intitulé du poste|intitulé|puesto|cargo|vaga|vacante|posizione|ruolo|functie|vacature|stanowisko|pozice|tjänst|stilling\
    |должность|вакансия|позиция|посада|вакансія|pozisyon|posisi|vị trí|";

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
    |bonus|bonus points|about us|about the company|about the team|who we are|why us|why join us|the team|our team|what we offer|we offer|benefits\
    |perks|perks and benefits|our offer|compensation and benefits|the company|your profile|your tasks|your role|your mission|job purpose|what you'll bring\
    |what you’ll bring|what you need|what we need|skills and experience|your skills|your benefits|wir bieten|was wir bieten|über uns|das bieten wir\
    |deine benefits|nous offrons|à propos|avantages|ofrecemos|beneficios|oferecemos|benefícios|offriamo|oferujemy|wij bieden|мы предлагаем\
    |关于我们|公司介绍|公司简介|团队介绍|福利|福利待遇|岗位亮点|职位亮点|我们提供|薪资福利|待遇|我们希望你|你需要|你将负责|公司福利|福利厚生|待遇・福利厚生\
    |会社概要|会社紹介|求める人物像|복리후생|혜택|회사 소개|must have|must-have|must haves|aufgaben|deine aufgaben|ihre aufgaben|anforderungen|profil|dein profil|ihr profil\
    |qualifikation|qualifikationen|stellenbeschreibung|beschreibung|das bringst du mit|missions|vos missions|profil recherché|description du poste\
    |funciones|responsabilidades|requisitos|descripción|descrição|responsabilità|obowiązki|zakres obowiązków|wymagania|opis|opis stanowiska\
    |mile widziane|taken|functie-eisen|omschrijving|обязанности|требования|описание|условия|";

const ID: &str = "|id|job id|role id|编号|岗位编号|职位编号|岗位id|职位id|求人番号|공고번호|";

const FIELD: &str = "|地点|工作地点|城市|薪资|薪酬|公司|企业|经验|学历|部门|级别|链接|来源|招聘人数|location|city|salary|compensation|company|employer\
    |team|department|level|seniority|experience|education|type|employment type|link|url|source|date|posted|standort|ort|gehalt|firma\
    |unternehmen|lieu|salaire|entreprise|ubicación|salario|empresa|localização|lokalizacja|wynagrodzenie|firma|勤務地|年収|会社|雇用形態\
    |근무지|연봉|회사|고용형태|office|hours|working hours|workplace|work mode|remote|contract|contract type|start|start date|closing date|deadline\
    |posted on|pay|rate|industry|visa|公司名称|工作性质|工作方式|办公地点|薪资范围|薪资待遇|月薪|年薪|发布时间|更新时间|截止日期|工作年限|学历要求|经验要求\
    |行业|規模|规模|base|工作城市|vertrag|arbeitszeit|beginn|contrat|type de contrat|contrato|jornada|umowa|給与|勤務時間|雇用区分|급여|근무시간|зарплата|город|компания|";

const CONTACT: &str = "|contact|contacts|contact us|how to apply|to apply|apply|apply here|apply now|apply at|apply to|application|applications|interested\
    |email|e-mail|mail|phone|tel|telephone|mobile|website|web|homepage|wechat|telegram|whatsapp|bewerbung|kontakt|ansprechpartner|bewerben|pour postuler\
    |postuler|contacto|contato|contatti|candidature|aplikuj|联系方式|联系|联系人|联系电话|电话|手机|邮箱|电子邮箱|投递邮箱|简历投递|投递方式|投递|投递地址|投递链接|应聘方式\
    |申请方式|微信|微信号|官网|網站|聯絡方式|聯絡|應徵方式|応募方法|応募|連絡先|お問い合わせ|지원방법|지원 방법|문의|연락처|контакты|контакт|почта|телефон|отклик|как откликнуться|";

/// What a known label means.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    let name = crate::text::normalize(name).to_lowercase();
    let name = name.trim_matches(|c: char| {
        matches!(c, ':' | '?' | '!' | '*' | '_' | '#' | '【' | '】' | '[' | ']')
            || c.is_whitespace()
    });
    if name.is_empty() || name.contains('|') {
        return None;
    }
    let wanted = format!("|{name}|");
    [
        (TITLE, Meaning::Title),
        (STACK, Meaning::Stack),
        (DESCRIPTION, Meaning::Description),
        (ID, Meaning::Id),
        (FIELD, Meaning::Field),
        (CONTACT, Meaning::Contact),
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
        assert_eq!(told("【工作地点】上海"), Some(("工作地点", "上海")));
        assert_eq!(told("Anything: b"), None);
        assert_eq!(told("**not a label** at all"), None);
        assert_eq!(told("> **地点**：上海"), Some(("地点", "上海")));
    }

    #[test]
    fn known_labels_have_a_meaning() {
        assert_eq!(meaning("Tech Stack"), Some(Meaning::Stack));
        assert_eq!(meaning("【岗位职责】"), Some(Meaning::Description));
        assert_eq!(meaning("薪资"), Some(Meaning::Field));
        assert_eq!(meaning("职位名称"), Some(Meaning::Title));
        assert_eq!(meaning("How to apply?"), Some(Meaning::Contact));
        assert_eq!(meaning("编程语言"), None);
    }
}
