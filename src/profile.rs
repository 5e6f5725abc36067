//! The description of a cluster: name, terms, technologies, exemplars.

use serde::{Deserialize, Serialize};

use crate::clustering::{ClusterId, DirectionId};
use crate::language::Language;
use crate::role::RoleId;

/// A word or phrase typical of a cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// The word as most roles write it.
    pub term: String,
    /// Class-based TF-IDF weight: higher is more typical.
    pub score: f64,
}

/// How often a technology is asked for, here and over all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TechnologyUse {
    /// Canonical name, such as `Kubernetes`.
    pub name: String,
    /// The name in the language of the report: `High availability` or `高可用`.
    pub label: String,
    /// Kind, such as `language`, `database`, `monitoring`.
    pub kind: String,
    /// Roles that name it (a role counts once).
    pub count: usize,
    /// `count` over the number of roles looked at, in `[0, 1]`.
    pub share: f64,
    /// Share here over share in all roles; 1 is no more than usual.
    pub lift: f64,
}

impl TechnologyUse {
    /// How characteristic the technology is of the group it was counted in: its share times the
    /// logarithm of its lift; 0 when only one role names it.
    pub fn weight(&self) -> f64 {
        if self.count < 2 { 0.0 } else { self.share * self.lift.max(1e-9).ln() }
    }

    /// Whether it is a practice (`High availability`) and not a tool.
    pub fn is_practice(&self) -> bool {
        self.kind == "practice"
    }
}

/// What a person set, see [`crate::corrections`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ByHand {
    /// A person named it.
    Named,
    /// A person put it together.
    Merged,
    /// A person split it off.
    Split,
    /// A person wants its roles together.
    Pinned,
    /// A person moved it here.
    Moved,
}

impl ByHand {
    /// As JSON has it.
    pub fn key(self) -> &'static str {
        match self {
            ByHand::Named => "named",
            ByHand::Merged => "merged",
            ByHand::Split => "split",
            ByHand::Pinned => "pinned",
            ByHand::Moved => "moved",
        }
    }
}

/// Whether a direction was given before clustering, or found by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DirectionSource {
    /// Given, with the name it has.
    Given,
    /// Found.
    Found,
}

impl DirectionSource {
    /// As JSON has it.
    pub fn key(self) -> &'static str {
        match self {
            DirectionSource::Given => "given",
            DirectionSource::Found => "found",
        }
    }
}

/// The description of a cluster (a specialisation).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClusterProfile {
    /// The cluster described.
    pub id: ClusterId,
    /// A short name that no other cluster has.
    pub name: String,
    /// Number of roles.
    pub size: usize,
    /// Most typical words first.
    pub terms: Vec<Term>,
    /// Most asked-for first.
    pub technologies: Vec<TechnologyUse>,
    /// Three of the surer members, those nearest the centre, nearest first; no two are copies.
    pub exemplars: Vec<RoleId>,
    /// The direction it is part of; absent in reports of versions that knew none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<DirectionId>,
    /// How often two of its roles fall together when samples of the roles are clustered, in
    /// `[0, 1]`; absent where there were too few roles to measure it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certainty: Option<f32>,
    /// What a person set about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<ByHand>,
}

#[cfg(test)]
impl ClusterProfile {
    /// One of which nothing else is known.
    pub(crate) fn called(id: u32, name: impl Into<String>, size: usize) -> Self {
        ClusterProfile {
            id: ClusterId(id),
            name: name.into(),
            size,
            terms: vec![],
            technologies: vec![],
            exemplars: vec![],
            direction: None,
            certainty: None,
            by_hand: vec![],
        }
    }
}

/// A group of specialisations that lie near each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Direction {
    /// The direction.
    pub id: DirectionId,
    /// A short name that no other direction has.
    pub name: String,
    /// Number of roles.
    pub size: usize,
    /// Its specialisations, ascending.
    pub clusters: Vec<ClusterId>,
    /// Whether it was given or found; absent where no directions were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<DirectionSource>,
    /// What a person set about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<ByHand>,
}

impl Direction {
    /// Its name, where that was given before clustering.
    pub fn given_name(&self) -> Option<&str> {
        (self.source == Some(DirectionSource::Given)).then_some(self.name.as_str())
    }
}

impl ClusterProfile {
    /// All technologies, most characteristic of this cluster first; practices, which every posting
    /// asks for, come last.
    pub fn telling(&self) -> Vec<&TechnologyUse> {
        let mut telling: Vec<&TechnologyUse> = self.technologies.iter().collect();
        let late = |t: &TechnologyUse| t.is_practice() || t.weight() <= 0.0;
        telling.sort_by(|a, b| {
            let by_weight = b.weight().total_cmp(&a.weight());
            late(a).cmp(&late(b)).then(by_weight).then_with(|| a.name.cmp(&b.name))
        });
        telling
    }
}

/// A kind of technology.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// As [`TechnologyUse::kind`] names it.
    pub key: &'static str,
    english: &'static str,
    chinese: &'static str,
}

impl Kind {
    /// The heading a report gives it.
    pub fn label(&self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.chinese,
            Language::En => self.english,
        }
    }
}

/// Every kind of the lexicon, in the order a report lists them.
pub const KINDS: &[Kind] = &[
    Kind { key: "language", english: "Programming languages", chinese: "编程语言" },
    Kind { key: "backend", english: "Back-end frameworks", chinese: "后端框架" },
    Kind { key: "frontend", english: "Front end", chinese: "前端" },
    Kind { key: "mobile", english: "Mobile and graphics", chinese: "移动端与图形" },
    Kind { key: "database", english: "Databases and search", chinese: "数据库与搜索" },
    Kind { key: "middleware", english: "Middleware", chinese: "中间件" },
    Kind { key: "cloud", english: "Cloud platforms and services", chinese: "云平台与服务" },
    Kind { key: "container", english: "Containers and orchestration", chinese: "容器与编排" },
    Kind {
        key: "gateway",
        english: "Gateways, load balancing and CDN",
        chinese: "网关、负载均衡与 CDN",
    },
    Kind { key: "network", english: "Networking", chinese: "网络" },
    Kind { key: "storage", english: "Storage", chinese: "存储" },
    Kind { key: "virtualisation", english: "Virtualisation", chinese: "虚拟化" },
    Kind {
        key: "system", english: "Operating systems and hardware", chinese: "操作系统与硬件"
    },
    Kind {
        key: "cicd", english: "CI/CD and development tools", chinese: "持续交付与研发工具"
    },
    Kind {
        key: "automation",
        english: "Infrastructure as code and automation",
        chinese: "基础设施即代码与自动化",
    },
    Kind {
        key: "observability",
        english: "Monitoring and observability",
        chinese: "监控与可观测性",
    },
    Kind { key: "security", english: "Security and identity", chinese: "安全与身份" },
    Kind { key: "bigdata", english: "Big data", chinese: "大数据" },
    Kind { key: "scheduler", english: "Scheduling", chinese: "调度" },
    Kind { key: "ml", english: "Machine learning", chinese: "机器学习" },
    Kind { key: "llm", english: "Large models", chinese: "大模型" },
    Kind { key: "gpu", english: "GPUs and accelerators", chinese: "GPU 与加速卡" },
    Kind { key: "embedded", english: "Embedded and IoT", chinese: "嵌入式与物联网" },
    Kind { key: "testing", english: "Testing", chinese: "测试" },
    Kind { key: "business", english: "Business software", chinese: "企业软件" },
    Kind {
        key: "design", english: "Design and engineering tools", chinese: "设计与工程软件"
    },
    Kind { key: "bi", english: "Data analysis and BI", chinese: "数据分析与 BI" },
    Kind { key: "practice", english: "Methods and practices", chinese: "方法与实践" },
    Kind { key: "certificate", english: "Certificates", chinese: "认证" },
];
