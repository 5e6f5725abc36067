//! The interface text of the pages, in Chinese and English.

use rolecluster::language::Language;

/// Labels, hints and messages.
pub struct UiText {
    pub home: &'static str,
    pub map: &'static str,
    pub theme: &'static str,
    pub skip: &'static str,
    pub search: &'static str,
    pub hint: &'static str,
    pub mode: &'static str,
    /// Name and meaning of the modes hybrid, semantic and lexical.
    pub modes: [(&'static str, &'static str); 3],
    pub cluster: &'static str,
    pub section: &'static str,
    pub language: &'static str,
    pub technology: &'static str,
    pub any: &'static str,
    pub no_cluster: &'static str,
    pub no_hits: &'static str,
    pub nothing_near: &'static str,
    pub searched_for: &'static str,
    pub more: &'static str,
    pub score: &'static str,
    pub clusters: &'static str,
    pub technologies: &'static str,
    pub codes: &'static str,
    pub none_near: &'static str,
    pub code_score: &'static str,
    pub terms: &'static str,
    pub exemplars: &'static str,
    pub members: &'static str,
    pub similar: &'static str,
    pub on_the_map: &'static str,
    pub stack: &'static str,
    pub id: &'static str,
    pub strength: &'static str,
    pub shares: &'static str,
    pub certainty: &'static str,
    pub given: &'static str,
    pub repeats: &'static str,
    pub no_title: &'static str,
    pub no_text: &'static str,
    pub keys: &'static str,
    pub failed: &'static str,
    pub unreachable: &'static str,
    pub token: &'static str,
    pub enter: &'static str,
}

const ZH: UiText = UiText {
    home: "搜索",
    map: "地图",
    theme: "深色或浅色",
    skip: "跳到内容",
    search: "搜索岗位",
    hint: "描述想找的岗位，或输入技术名称，任何语言均可",
    mode: "排序依据",
    modes: [("综合", "含义与词语一起决定"), ("含义", "只看含义，可跨语言"), ("词语", "只看用词")],
    cluster: "方向",
    section: "原分类",
    language: "语言",
    technology: "技术",
    any: "不限",
    no_cluster: "未归入任何方向",
    no_hits: "没有符合的岗位",
    nothing_near: "没有接近的岗位",
    searched_for: "已按以下内容搜索：",
    more: "显示更多",
    score: "得分",
    clusters: "方向",
    technologies: "技术",
    codes: "最接近的标准职业（ESCO）",
    none_near: "没有接近的标准职业",
    code_score: "本方向各岗位得分的平均值",
    terms: "关键词",
    exemplars: "最典型的岗位",
    members: "其他岗位",
    similar: "相似岗位",
    on_the_map: "在地图上查看",
    stack: "技术栈",
    id: "编号",
    strength: "归属强度",
    shares: "各方向占比",
    certainty: "稳定度",
    given: "给定",
    repeats: "重复于",
    no_title: "（无标题）",
    no_text: "没有正文",
    keys: "/ 回到搜索框，↑ ↓ 选择，回车打开",
    failed: "未能完成",
    unreachable: "服务没有应答；它可能已经结束。",
    token: "令牌",
    enter: "进入",
};

const EN: UiText = UiText {
    home: "Search",
    map: "Map",
    theme: "Dark or light",
    skip: "Skip to the content",
    search: "Search roles",
    hint: "Say what the role is like, or name technologies, in any language",
    mode: "Ranked by",
    modes: [
        ("Both", "Meaning and words decide together"),
        ("Meaning", "Meaning alone, across languages"),
        ("Words", "Words alone"),
    ],
    cluster: "Specialisation",
    section: "Section",
    language: "Language",
    technology: "Technology",
    any: "any",
    no_cluster: "In no specialisation",
    no_hits: "No role matches",
    nothing_near: "No role is near that",
    searched_for: "Showing results for",
    more: "Show more",
    score: "Score",
    clusters: "Specialisations",
    technologies: "Technologies",
    codes: "Nearest standard occupations (ESCO)",
    none_near: "No standard occupation is near",
    code_score: "Mean of the scores of its roles",
    terms: "About",
    exemplars: "Most typical roles",
    members: "Other roles",
    similar: "Similar roles",
    on_the_map: "Show on the map",
    stack: "Stack",
    id: "Id",
    strength: "Strength",
    shares: "Shares",
    certainty: "certainty",
    given: "given",
    repeats: "Repeats",
    no_title: "(no title)",
    no_text: "No text",
    keys: "/ goes to the search box, ↑ ↓ choose, Enter opens",
    failed: "That did not work",
    unreachable: "The server does not answer; it may have ended.",
    token: "Token",
    enter: "Enter",
};

pub fn ui_text(language: Language) -> &'static UiText {
    match language {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

/// `12 roles`, `1 role`, `12 个岗位`.
pub fn n_roles(language: Language, n: usize) -> String {
    match (language, n) {
        (Language::Zh, _) => format!("{n} 个岗位"),
        (Language::En, 1) => "1 role".into(),
        (Language::En, _) => format!("{n} roles"),
    }
}

/// Above a list that holds as many hits as were asked for; there may be more.
pub fn nearest(language: Language, n: usize) -> String {
    match language {
        Language::Zh => format!("最接近的 {n} 个岗位"),
        Language::En => format!("The {n} nearest roles"),
    }
}

/// The heading of the search page: how much the folder holds.
pub fn title(language: Language, roles: usize, n_clusters: usize) -> String {
    let roles = n_roles(language, roles);
    match (language, n_clusters) {
        (_, 0) => roles,
        (Language::Zh, n) => format!("{roles}，{n} 个方向"),
        (Language::En, 1) => format!("{roles} in 1 specialisation"),
        (Language::En, n) => format!("{roles} in {n} specialisations"),
    }
}

/// Beside a list that shows only some of its entries.
pub fn first_of(language: Language, shown: usize, all: usize) -> String {
    match language {
        Language::Zh => format!("共 {all} 个，此处为前 {shown} 个"),
        Language::En => format!("the first {shown} of {all}"),
    }
}

/// Opens the rest of a list.
pub fn n_more(language: Language, n: usize) -> String {
    match language {
        Language::Zh => format!("另外 {n} 个"),
        Language::En => format!("{n} more"),
    }
}
