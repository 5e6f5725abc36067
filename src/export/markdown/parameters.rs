//! Words for the parameters of a clustering.

use super::super::report_text::pick;
use crate::language::Language;

/// What a parameter means; `None` for one this version does not know.
pub(super) fn meaning(language: Language, name: &str) -> Option<&'static str> {
    let known = MEANINGS.iter().find(|(known, ..)| *known == name)?;
    Some(pick(language, known.1, known.2))
}

const MEANINGS: &[(&str, &str, &str)] = &[
    ("k", "细分方向的数目", "number of specialisations"),
    (
        "k_choice",
        "数目由程序选择（auto）还是由 -k 指定（given）",
        "whether the program chose it (auto) or -k did (given)",
    ),
    ("directions", "大方向的数目", "number of directions"),
    ("detail", "粗细：coarse、normal 或 fine", "how fine the groups are: coarse, normal or fine"),
    ("metric", "向量之间的距离", "distance between vectors"),
    ("max_iterations", "中心移动的最多轮数", "rounds of moving the centres at most"),
    ("tolerance", "中心移动小于它就停止", "centres that move less are at rest"),
    (
        "seed",
        "随机数种子；相同的输入与种子给出相同的结果",
        "seed of random choices; equal input and seed give equal results",
    ),
    (
        "inertia",
        "各岗位到所属中心距离的平方和；只可与同样的数据比较",
        "squared distances to the centres added up; to be compared for equal data only",
    ),
    ("iterations", "实际进行的轮数", "rounds it took"),
    ("standard_error", "最佳得分的标准误差", "standard error of the best score"),
    ("device", "计算所用的设备", "device that computed"),
    ("min_cluster_size", "一个方向最少的岗位数", "fewest roles of a specialisation"),
    (
        "min_cluster_size_choice",
        "最少岗位数由程序选择还是指定",
        "whether the program chose it or the user did",
    ),
    (
        "min_samples",
        "用多少个最近的岗位衡量密度（含自身）",
        "nearest roles, itself counted, by which density is told",
    ),
    (
        "min_samples_choice",
        "该数由程序选择还是指定",
        "whether the program chose it or the user did",
    ),
    (
        "selection",
        "如何从密度树中选出方向",
        "how specialisations are taken from the tree of density",
    ),
    ("epsilon", "比这更近的方向不再拆分", "specialisations nearer than this are not split"),
    ("max_cluster_size", "一个方向最多的岗位数", "most roles of a specialisation"),
    (
        "single_cluster",
        "是否允许全部岗位成为一个方向",
        "whether all roles may be one specialisation",
    ),
    ("max_noise", "未归类岗位的最大比例", "largest share of roles in no specialisation"),
    ("reduced_to", "降维后的维数", "dimensions after reduction"),
    ("reduction", "降维的方法", "how dimensions were reduced"),
    ("samples", "重新聚类的抽样份数", "samples that were clustered again"),
    ("tree", "密度树是精确的还是近似的", "whether the tree of density is exact"),
    (
        "noise_share_before_soft_assignment",
        "在把近旁的岗位归入之前，未归类的比例",
        "share in no specialisation before near ones joined the nearest",
    ),
    (
        "language_means",
        "各语言的岗位数；聚类前从向量中减去语言本身带来的部分，使语言不成为方向",
        "roles by language; what a language adds to the vectors is taken out, so that languages make no groups",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_have_words_in_both_languages() {
        assert_eq!(meaning(Language::En, "k"), Some("number of specialisations"));
        assert_eq!(meaning(Language::Zh, "directions"), Some("大方向的数目"));
        assert_eq!(meaning(Language::En, "new"), None);
        for (name, zh, en) in MEANINGS {
            assert!(!zh.contains('|') && !en.contains('|') && zh != en, "{name}");
        }
    }
}
