//! Which column is what: as the user says, else by the names columns usually have.

use super::path;
use super::sink::Shape;
use crate::text;

/// Names of columns as the user gives them; case, spaces and `_ - .` make no difference.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    /// The title.
    pub title: Option<String>,
    /// The text; several are joined in this order.
    pub description: Vec<String>,
    /// Technologies.
    pub stack: Option<String>,
    /// A coarse label.
    pub section: Option<String>,
    /// The id.
    pub id: Option<String>,
}

impl Columns {
    /// All names given.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let single = [&self.id, &self.title, &self.stack, &self.section].into_iter().flatten();
        single.chain(&self.description).map(String::as_str)
    }
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Target {
    Id,
    Title,
    Description,
    Stack,
    Section,
}

/// Usual names, best first; written as [`key`] writes them.
const USUAL: [(Target, &str); 5] = [
    (
        Target::Id,
        "id jobid postingid roleid positionid vacancyid offerid idoid uid uuid guid 编号 岗位编号 \
         职位编号 职位id 岗位id 編號 序号 stellenid referenznummer refnr identyfikator 求人id 求人番号 番号 \
         번호 공고번호 공고id référence referencia",
    ),
    (
        Target::Title,
        "title jobtitle positiontitle roletitle positionname jobname postingtitle vacancytitle 岗位名称 \
         职位名称 岗位名 职位名 招聘岗位 招聘职位 職位名稱 職缺名稱 職務名稱 岗位 职位 職缺 标题 標題 职务 \
         stellentitel stellenbezeichnung jobtitel berufsbezeichnung titel stelle \
         nazwastanowiska stanowisko tytułoferty tytuł 求人タイトル 職種名 募集職種 職種 ポジション タイトル 求人名 \
         직무명 공고명 공고제목 채용공고 포지션 직무 제목 intituléduposte titreduposte intitulé titre poste \
         títulodelpuesto puesto título titulo cargo vaga titolo posizione functietitel functie \
         position role job name nazwa 名称",
    ),
    (
        Target::Description,
        "description jobdescription positiondescription roledescription descriptionhtml descriptiontext \
         descriptionplain fulldescription jobdesc desc jd \
         jobtext fulltext text content body details jobdetails summary jobsummary overview \
         duties responsibilities jobresponsibilities keyresponsibilities requirements jobrequirements \
         qualifications requiredqualifications minimumqualifications preferredqualifications nicetohave \
         职位描述 岗位描述 描述 职位详情 岗位详情 职位信息 详情 正文 内容 职责 岗位职责 工作职责 职位职责 主要职责 职责描述 工作内容 \
         工作描述 任职要求 岗位要求 职位要求 任职资格 任职条件 要求 職務說明 工作說明 職位描述 工作內容 職責 任職要求 條件要求 \
         stellenbeschreibung beschreibung aufgaben ihreaufgaben deineaufgaben tätigkeiten anforderungen \
         profil ihrprofil deinprofil qualifikationen opisstanowiska opisoferty opis obowiązki \
         zakresobowiązków wymagania 仕事内容 業務内容 職務内容 求人内容 説明 本文 募集要項 応募資格 応募条件 \
         必須条件 必要条件 歓迎条件 상세내용 직무설명 설명 내용 주요업무 담당업무 업무내용 직무내용 자격요건 지원자격 \
         자격조건 우대사항 descriptionduposte missions profilrecherché descripción descripcion funciones \
         requisitos descrição descricao responsabilidades descrizione omschrijving functieomschrijving",
    ),
    (
        Target::Stack,
        "stack techstack technologystack technologies technology tech skills keyskills requiredskills \
         skillset jobskills 技术栈 技术 技术关键词 技能 技能要求 技能标签 技術棧 技術 擅長工具 职位标签 岗位标签 标签 关键词 \
         technologien fähigkeiten kenntnisse technologie umiejętności 技術スタック 使用技術 開発環境 必須スキル \
         スキル 기술스택 기술스택툴 기술 스킬 compétences tecnologías tecnologias habilidades competências \
         competenze vaardigheden keywords tags",
    ),
    (
        Target::Section,
        "section category jobcategory direction track group jobgroup family jobfamily 方向 技术方向 岗位方向 \
         职位方向 类别 岗位类别 职位类别 类目 分类 职能 類別 職務類別 kategorie fachbereich bereich kategoria dział \
         カテゴリ カテゴリー 職種カテゴリ 分野 직군 분야 카테고리 catégorie categoría categoria",
    ),
];

/// A column name without what makes no difference.
pub(super) fn key(name: &str) -> String {
    let name = text::normalize(name).to_lowercase();
    name.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What a column is for and how good its name is (0 is best), or `None` for any other.
pub(super) fn target(
    columns: &Columns,
    shape: Option<&Shape>,
    name: &str,
) -> Option<(Target, usize)> {
    let key_of_name = key(name);
    if key_of_name.is_empty() {
        return None;
    }
    let single = [
        (Target::Id, &columns.id),
        (Target::Title, &columns.title),
        (Target::Stack, &columns.stack),
        (Target::Section, &columns.section),
    ];
    let named = single
        .iter()
        .filter_map(|(target, wanted)| wanted.as_deref().map(|wanted| (*target, 0, wanted)))
        .chain(
            columns
                .description
                .iter()
                .enumerate()
                .map(|(at, w)| (Target::Description, at, w.as_str())),
        );
    let mut stated: Vec<Target> = Vec::new();
    for (target, rank, wanted) in named {
        if key(wanted) == key_of_name {
            return Some((target, rank));
        }
        stated.push(target);
    }
    let open = |target: &Target| !stated.contains(target);
    // A known shape says what all its columns are for.
    if let Some(shape) = shape {
        let mut ranked = shape.columns.iter().enumerate();
        let found = ranked.find(|(_, (path, target))| *path == name && open(target));
        return found.map(|(rank, (_, target))| (*target, rank));
    }
    // What the user has named is not guessed as well.
    let usual = |key: &str| {
        USUAL.iter().filter(|(target, _)| open(target)).find_map(|(target, names)| {
            let rank = names.split_whitespace().position(|usual| usual == key)?;
            Some((*target, rank))
        })
    };
    usual(&key_of_name).or_else(|| path::target(name, key, usual))
}

/// A column the user named that is not among `known`.
pub(super) fn missing(columns: &Columns, known: &[String]) -> Option<String> {
    let keys: Vec<String> = known.iter().map(|name| key(name)).collect();
    let single = [&columns.id, &columns.title, &columns.stack, &columns.section];
    let mut named = single.into_iter().flatten().chain(&columns.description);
    named.find(|wanted| !keys.contains(&key(wanted))).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(name: &str) -> Option<Target> {
        target(&Columns::default(), None, name).map(|(target, _)| target)
    }

    #[test]
    fn usual_names_are_known_however_they_are_written() {
        for (name, expected) in [
            ("Job Title", Target::Title),
            ("job_description", Target::Description),
            ("JD", Target::Description),
            ("岗位 职责", Target::Description),
            ("職種", Target::Title),
            ("기술 스택", Target::Stack),
            ("Opis stanowiska", Target::Description),
            ("Stellenbezeichnung", Target::Title),
            ("_id", Target::Id),
            ("ＴＡＧＳ", Target::Stack),
            ("方向", Target::Section),
        ] {
            assert_eq!(guessed(name), Some(expected), "{name}");
        }
        assert_eq!(guessed("salary"), None);
        assert_eq!(guessed(" - "), None);
    }

    #[test]
    fn the_usual_names_are_written_as_keys() {
        for (_, names) in USUAL {
            let mut seen = std::collections::HashSet::new();
            for name in names.split_whitespace() {
                assert_eq!(key(name), name);
                assert!(seen.insert(name), "{name} is listed twice");
            }
        }
    }

    #[test]
    fn a_shape_says_what_its_columns_are() {
        let shape = Shape { name: "x", columns: &[("text", Target::Title), ("a.b", Target::Id)] };
        let found = |columns: &Columns, name| target(columns, Some(&shape), name).map(|f| f.0);
        let mut columns = Columns::default();
        assert_eq!(found(&columns, "text"), Some(Target::Title));
        assert_eq!(found(&columns, "a.b"), Some(Target::Id));
        assert_eq!(found(&columns, "title"), None);
        columns.title = Some("title".into());
        assert_eq!(found(&columns, "title"), Some(Target::Title));
        assert_eq!(found(&columns, "text"), None);
    }

    #[test]
    fn a_named_column_is_not_guessed_as_well() {
        let columns = Columns { title: Some("Berufs-Name".into()), ..Columns::default() };
        assert_eq!(target(&columns, None, "berufs name"), Some((Target::Title, 0)));
        assert_eq!(target(&columns, None, "title"), None);
        assert_eq!(missing(&columns, &["title".into()]), Some("Berufs-Name".into()));
    }
}
