//! The door, over small corpora whose right answer a person can see.

use super::*;
use crate::intake::{BoilerplateSource, DuplicateKind};
use crate::progress::Silent;
use crate::role::{Role, RoleId};

fn role(id: &str, title: &str, description: &str, stack: &[&str]) -> Role {
    Role {
        id: RoleId::new(id),
        title: title.into(),
        description: description.into(),
        stack: stack.iter().map(|&entry| entry.into()).collect(),
        ..Role::default()
    }
}

fn cleaned(roles: Vec<Role>) -> Cleaned {
    clean(&Corpus::new(roles), &CleanParams::default(), &Silent)
}

/// Twelve jobs that have nothing in common but what a company says under all of them.
fn unlike(extra: &str) -> Vec<Role> {
    [
        ("面点师", "每天清晨制作馒头、包子和花卷，管理面粉与馅料库存。"),
        ("Backend developer", "Write the payment service in Rust and keep its latency low."),
        ("会计", "核对每月账目，编制报表，办理税务申报。"),
        ("园艺师", "修剪公园里的树木，规划花坛，防治病虫害。"),
        ("Nurse", "Care for patients on the cardiology ward, nights included."),
        ("翻译", "把技术手册译成法语，校对同伴的译稿。"),
        ("司机", "驾驶货车往返于两座城市，检查车辆状况。"),
        ("Data analyst", "Find out why customers leave, and draw it so that anyone sees it."),
        ("摄影师", "拍摄商品图片，布置灯光，后期修图。"),
        ("木工", "按图纸制作门窗家具，安装并上漆。"),
        ("律师", "审阅合同条款，代表客户出庭应诉。"),
        ("Pilot", "Fly cargo across the ocean and land it in any weather."),
    ]
    .iter()
    .enumerate()
    .map(|(at, (title, text))| role(&at.to_string(), title, &format!("{text}\n{extra}"), &[]))
    .collect()
}

#[test]
fn what_every_role_says_is_left_out_and_listed_once() {
    let cleaned = cleaned(unlike("星河集团创立于2003年，业务遍及四海。"));
    assert_eq!(cleaned.boilerplate.len(), 1);
    let found = &cleaned.boilerplate[0];
    assert_eq!((found.count, found.source), (12, BoilerplateSource::Recurring));
    assert_eq!(found.sentence, "星河集团创立于2003年，业务遍及四海。");
    assert_eq!(cleaned.texts[0], "面点师\n每天清晨制作馒头、包子和花卷，管理面粉与馅料库存。");
    assert!(cleaned.duplicates.is_empty());
}

#[test]
fn what_recurs_is_not_looked_for_where_all_sentences_are_given() {
    let closing = "星河集团创立于2003年，业务遍及四海。";
    let roles = unlike(&format!("{closing}\nThe office dog greets visitors."));
    let params = CleanParams {
        find_recurring: false,
        boilerplate: vec![closing.to_string()],
        ..CleanParams::default()
    };
    let cleaned = clean(&Corpus::new(roles), &params, &Silent);
    let left_out: Vec<&str> = cleaned.boilerplate.iter().map(|b| b.sentence.as_str()).collect();
    assert_eq!(left_out, [closing]);
    assert!(cleaned.texts.iter().all(|text| text.contains("office dog")));
}

#[test]
fn a_duty_shared_by_roles_that_are_alike_stays() {
    let mut roles = unlike("");
    let stacks = [
        "React, TypeScript",
        "Vue, TypeScript",
        "React, CSS",
        "Vue, Webpack",
        "React, Vite",
        "CSS, Vite",
    ];
    for (at, stack) in stacks.iter().enumerate() {
        let text = format!(
            "负责网页前端页面的开发，使用{stack}实现交互组件与页面动画{at}。\n保证页面兼容主流浏览器。"
        );
        roles.push(role(
            &format!("f{at}"),
            "网页前端开发工程师",
            &text,
            &stack.split(", ").collect::<Vec<_>>(),
        ));
    }
    let cleaned = cleaned(roles);
    assert!(cleaned.boilerplate.is_empty(), "{:?}", cleaned.boilerplate);
}

#[test]
fn the_lexicon_works_on_one_role_and_on_clauses() {
    let description =
        "负责支付网关的开发。本科及以上学历，3年以上Java开发经验；有良好的沟通能力和团队合作精神。";
    let cleaned = cleaned(vec![role("1", "后端", description, &["Java"])]);
    assert_eq!(cleaned.texts[0], "后端\n负责支付网关的开发。3年以上Java开发经验；\nJava");
    let told: Vec<&str> = cleaned.boilerplate.iter().map(|b| b.sentence.as_str()).collect();
    assert_eq!(told, ["本科及以上学历", "有良好的沟通能力和团队合作精神。"]);
}

#[test]
fn list_items_in_one_line_do_not_run_together() {
    let description = "岗位职责：1、负责支付网关2、维护账本3、责任心强";
    let cleaned = cleaned(vec![role("1", "后端", description, &[])]);
    assert_eq!(cleaned.texts[0], "后端\n负责支付网关；维护账本");
}

#[test]
fn no_role_is_emptied() {
    let description = "本科及以上学历。五险一金。";
    let cleaned = cleaned(vec![role("1", "文员", description, &[])]);
    assert_eq!(cleaned.texts[0], format!("文员\n{description}"));
    assert!(cleaned.boilerplate.is_empty());
}

#[test]
fn a_new_role_is_stripped_of_what_the_corpus_knew() {
    let cleaned = cleaned(unlike("星河集团创立于2003年，业务遍及四海。"));
    let new = role("n", "厨师", "掌勺川菜。星河集团创立于2004年，业务遍及四海！有责任心。", &[]);
    assert_eq!(RoleCleaner::new(&cleaned.boilerplate).text(&new), "厨师\n掌勺川菜。");
}

const LONG: &str = "Design the storage layer of the message queue, from the log format on disk to the replication \
    protocol between brokers. Measure tail latency under failure and bring it down. Review designs of neighbouring \
    teams and write down what was learned.";

#[test]
fn copies_are_exact_and_edited_copies_near() {
    let edited = LONG.replace("neighbouring teams", "other teams");
    let cleaned = cleaned(vec![
        role("a", "Storage engineer", LONG, &["Go"]),
        role("b", "Storage Engineer", &LONG.to_uppercase(), &["go"]),
        role("c", "Senior storage engineer", &edited, &["Go"]),
        role("d", "Storage engineer", "Keep disks spinning.", &["Go"]),
    ]);
    assert_eq!(cleaned.representative, [0, 0, 0, 3]);
    let kinds: Vec<(&str, DuplicateKind)> =
        cleaned.duplicates.iter().map(|d| (d.role.as_str(), d.kind)).collect();
    assert_eq!(kinds, [("b", DuplicateKind::Exact), ("c", DuplicateKind::Near)]);
    assert_eq!(cleaned.duplicates[0].similarity, 1.0);
    let near = cleaned.duplicates[1].similarity;
    assert!(near > 0.8 && near < 1.0, "{near}");
}

#[test]
fn a_text_that_holds_another_is_near_only_when_title_or_stack_agree() {
    let longer = format!("{LONG} Carry the pager one week in six.");
    let stack = ["Raft", "NVMe", "Go"];
    let merged = |a: Role, b: Role| cleaned(vec![a, b]).representative == [0, 0];
    assert!(merged(role("a", "Queues", &longer, &stack), role("b", "Brokers", LONG, &stack)));
    assert!(merged(
        role("a", "Queue storage", &longer, &[]),
        role("b", "Senior queue engineer", LONG, &[])
    ));
    assert!(!merged(role("a", "Queues", &longer, &[]), role("b", "Brokers", LONG, &[])));
}

#[test]
fn distinct_jobs_of_one_template_stay_apart() {
    let jobs = [
        ("前端", "React", "页面组件"),
        ("后端", "Spring", "交易接口"),
        ("数据", "Spark", "离线报表"),
        ("安全", "Suricata", "入侵检测"),
        ("测试", "Selenium", "回归用例"),
        ("运维", "Ansible", "主机配置"),
        ("算法", "PyTorch", "排序模型"),
        ("网络", "BGP", "骨干链路"),
        ("嵌入式", "FreeRTOS", "电机驱动"),
        ("数据库", "Oracle", "备份恢复"),
    ];
    let roles: Vec<Role> = jobs
        .iter()
        .enumerate()
        .map(|(at, (field, tool, thing))| {
            let text = format!(
                "在资深同事的指导下，负责公司{field}方向的{thing}建设，参与需求评审、方案设计、代码编写与上线发布的全过程。\
                 使用{tool}完成{thing}的日常迭代，跟踪线上问题并给出改进方案，定期整理技术文档并在组内分享。"
            );
            role(&at.to_string(), &format!("{field}工程师"), &text, &[tool])
        })
        .collect();
    let cleaned = cleaned(roles);
    assert_eq!(cleaned.representative, (0..10).collect::<Vec<_>>());
    assert!(cleaned.texts.iter().zip(jobs).all(|(text, job)| text.contains(job.2)));
}

#[test]
fn a_word_of_the_title_swapped_throughout_makes_another_job() {
    let teacher = |at: usize, subject: &str| {
        let text = format!(
            "You teach {subject} to classes of the upper school and prepare them for their final exams. You plan \
             lessons, mark papers, talk to parents and look after a class of your own. Together with two colleagues \
             you choose the books, keep the collection in order and take the classes out of school once a term. \
             You enjoy explaining {subject} to those who do not like it yet."
        );
        role(&at.to_string(), &format!("{subject} teacher, upper school"), &text, &[])
    };
    let apart: Vec<Role> =
        ["Physics", "Latin", "Music"].into_iter().enumerate().map(|(a, s)| teacher(a, s)).collect();
    assert_eq!(cleaned(apart).representative, [0, 1, 2]);
    let mut cities = vec![teacher(0, "Latin"), teacher(1, "Latin")];
    for (role, city) in cities.iter_mut().zip(["Berlin", "Hamburg"]) {
        role.title = format!("Latin teacher {city}").into();
        role.description = format!("{} The school is in {city}.", role.description).into();
    }
    assert_eq!(cleaned(cities).representative, [0, 0]);
}

#[test]
fn one_text_under_titles_of_other_work_is_listed_and_not_merged() {
    let text = "Conduces un vehículo de la empresa por rutas asignadas, compruebas su estado antes de salir, cargas y \
        descargas lo que llevas y rellenas los partes de cada jornada. Trato amable y puntualidad.";
    let merged = |titles: [&str; 2]| {
        let [a, b] = titles;
        let found = cleaned(vec![role("a", a, text, &[]), role("b", b, text, &[])]);
        assert_eq!(found.similar.pairs.len() + found.duplicates.len(), 1, "{titles:?}");
        !found.duplicates.is_empty()
    };
    for titles in [
        ["Taxista", "Conductor de camión"],
        ["Conductor de taxi", "Conductor de camión"],
        ["Taxi driver", "Truck driver (m/f/d)"],
        ["出租车司机", "货车司机"],
    ] {
        assert!(!merged(titles), "{titles:?}");
    }
    for titles in [
        ["Conductor de camión", "Conductora de camión - Madrid"],
        ["Senior Truck Driver", "Truck driver (m/f/d)"],
        ["Lkw-Fahrer", "Lkw-Fahrer (m/w/d) - Nürnberg"],
        ["Krankenpfleger", "Krankenpflegerin, Nürnberg"],
        ["Krankenpfleger, Fürth", "Krankenpfleger, Erlangen"],
        ["货车司机", "高级货车司机（上海）"],
    ] {
        assert!(merged(titles), "{titles:?}");
    }
}

#[test]
fn endless_texts_are_compared_by_an_excerpt_and_counted() {
    let endless = format!("{LONG} ").repeat(700);
    let data = format!("{LONG} data:image/png;base64,{}", "iVBORw0KGgo+/".repeat(20_000));
    let cleaned = cleaned(vec![
        role("a", "Storage engineer", &endless, &[]),
        role("b", "Cook", "You cook soups.", &[]),
        role("c", "Archivist", &data, &[]),
    ]);
    let told: Vec<(&str, usize)> =
        cleaned.shortened.iter().map(|s| (s.role.as_str(), s.bytes)).collect();
    assert_eq!(told, [("a", endless.len()), ("c", data.len())]);
    assert!(cleaned.shortened.iter().all(|s| s.kept <= crate::text::MAX_TEXT_BYTES));
    assert!(cleaned.texts.iter().all(|text| text.len() < crate::text::MAX_TEXT_BYTES + 100));
    assert_eq!(cleaned.texts[2], format!("Archivist\n{}", LONG));
}

#[test]
fn endless_titles_and_lists_of_technologies_are_shortened_too() {
    let title = "Nurse for the night shift ".repeat(12_000);
    let stack: Vec<String> = (0..40_000).map(|at| format!("tool {at}")).collect();
    let stack: Vec<&str> = stack.iter().map(String::as_str).collect();
    let roles = vec![role("a", &title, LONG, &[]), role("b", "Cook", LONG, &stack)];
    let cleaned = cleaned(roles);
    assert!(cleaned.texts.iter().all(|text| text.len() <= crate::text::MAX_TEXT_BYTES));
    assert_eq!(cleaned.shortened.len(), 2);
    assert!(cleaned.shortened.iter().all(|s| s.bytes > 300_000));
}

#[test]
fn roles_that_share_half_of_their_text_are_listed_and_not_merged() {
    let first = "Design the storage layer of the message queue, from the log format on disk to the \
        replication protocol between brokers & clients.";
    let again = first.replace('&', "and").to_uppercase().replace("LAYER", "ＬＡＹＥＲ");
    let roles = vec![
        role(
            "a",
            "Storage engineer",
            &format!("{first} Measure tail latency under failure and bring it down."),
            &[],
        ),
        role(
            "b",
            "Queue developer",
            &format!("{again} Write the tools that operators use every night, and teach them."),
            &[],
        ),
        role(
            "c",
            "Cook",
            "Prepare the soups of the day and keep the kitchen clean for the guests of the evening, all year round.",
            &[],
        ),
    ];
    let found = cleaned(roles.clone());
    assert!(found.duplicates.is_empty());
    let pairs: Vec<(&str, &str)> =
        found.similar.pairs.iter().map(|p| (p.first.as_str(), p.second.as_str())).collect();
    assert_eq!(pairs, [("a", "b")]);
    let similarity = found.similar.pairs[0].similarity;
    assert!((0.4..0.8).contains(&similarity), "{similarity}");
    for (similar, n) in [(1.0, 0), (similarity, 1), (similarity + 0.01, 0)] {
        let params = CleanParams { similar, ..CleanParams::default() };
        let found = clean(&Corpus::new(roles.clone()), &params, &Silent);
        assert_eq!(found.similar.pairs.len(), n, "{similar}");
    }
}

#[test]
fn threads_make_no_difference_and_nothing_is_nothing() {
    let roles: Vec<Role> = (0..300)
        .map(|at| {
            role(&at.to_string(), "x", &format!("{LONG} Part {} of {}.", at % 40, at % 7), &[])
        })
        .collect();
    let corpus = Corpus::new(roles);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| clean(&corpus, &CleanParams::default(), &Silent))
    };
    assert_eq!(on(1), on(4));
    let similar = crate::intake::SimilarPairs { least: 0.25, ..Default::default() };
    assert_eq!(cleaned(vec![]), Cleaned { similar, ..Cleaned::default() });
}
