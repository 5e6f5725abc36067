//! `rolecluster export`.

use serde_json::Value;

use crate::support::Workspace;

#[test]
fn json_holds_every_role_and_its_neighbours() {
    let workspace = Workspace::with_run();
    let args = ["export", "jobs", "--format", "json", "--neighbors", "2"];
    let document: Value = serde_json::from_str(&workspace.done(&args)).unwrap();
    assert_eq!(document["schema"], "rolecluster/assignments");
    assert_eq!(document["schema_version"], 2);
    let roles = document["roles"].as_array().unwrap();
    assert_eq!(roles.len(), 24);
    assert!(roles.iter().all(|role| role["neighbors"].as_array().unwrap().len() == 2));
    assert_eq!(roles[0]["id"], "storage-0");
}

#[test]
fn lines_and_table_say_the_same() {
    let workspace = Workspace::with_run();
    let lines = workspace.done(&["export", "jobs", "--format", "jsonl"]);
    let table = workspace.done(&["export", "jobs", "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let mut n = 0;
    for (record, line) in reader.records().zip(lines.lines()) {
        let (record, role) = (record.unwrap(), serde_json::from_str::<Value>(line).unwrap());
        assert_eq!(record[0], *role["id"].as_str().unwrap());
        assert_eq!(record[5], role["cluster"].as_i64().unwrap_or(-1).to_string());
        assert_eq!(record[3], role["direction"].as_i64().unwrap_or(-1).to_string());
        n += 1;
    }
    assert_eq!(n, 24);
}

#[test]
fn a_file_is_written_in_one_step_and_named() {
    let workspace = Workspace::with_run();
    let said = workspace.said(&["export", "jobs", "--format", "parquet", "--out", "x.parquet"]);
    assert_eq!(said, "exit code 0\n--- stderr\nnote: 24 roles written to x.parquet\n");
    assert_eq!(&workspace.read("x.parquet")[..4], b"PAR1");
    let (code, stderr) =
        workspace.failed(&["export", "jobs", "--format", "csv", "--out", "no/such/x.csv"]);
    assert_eq!(code, 1);
    assert_eq!(stderr, "error: cannot write no/such/x.csv: there is no folder no/such\n");
}

#[test]
fn a_table_for_a_spreadsheet_says_what_it_changed() {
    let workspace = Workspace::new();
    let text = crate::support::postings(3).replace("\"Storage engineer Berlin\"", "\"=1+1\"");
    workspace.write("a.jsonl", text);
    workspace.done(&["run", "a.jsonl", "--out", "jobs", "-k", "2", "--quiet"]);
    let args = ["export", "jobs", "--format", "csv", "--out", "x.csv", "--bom", "--id-prefix", "r"];
    insta::assert_snapshot!(workspace.said(&args), @r"
    exit code 0
    --- stderr
    note: 9 roles written to x.csv
    note: 1 cell that a spreadsheet would run as a formula got an apostrophe in front; --keep-formulas leaves them as they are
    ");
    let table = String::from_utf8(workspace.read("x.csv")).unwrap();
    assert!(
        table.starts_with("\u{feff}id,title,section,direction,direction_name,cluster,"),
        "{table}"
    );
    assert!(table.contains("\nrstorage-0,'=1+1,storage,"), "{table}");
    let (code, stderr) = workspace.failed(&["export", "jobs", "--format", "jsonl", "--bom"]);
    assert!(code == 2 && stderr.contains("--bom is for CSV"), "{stderr}");
    workspace.done(&["export", "jobs", "--format", "xlsx", "--out", "x.xlsx"]);
    assert_eq!(&workspace.read("x.xlsx")[..2], b"PK");
}

#[test]
fn the_map_is_a_picture_too() {
    let workspace = Workspace::with_run();
    let said = workspace.said(&["export", "jobs", "--format", "png", "--out", "map.png"]);
    let note = "exit code 0\n--- stderr\nnote: map of 24 roles written to map.png\n";
    // A machine without fonts says so behind the note.
    assert!(said.starts_with(note), "{said}");
    assert_eq!(&workspace.read("map.png")[..8], b"\x89PNG\r\n\x1a\n");
    let args = ["export", "jobs", "--format", "png", "--neighbors", "3", "--out", "map.png"];
    let (code, stderr) = workspace.failed(&args);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("a picture has no neighbours"), "{stderr}");
}

/// Seven postings of two trades as a digest with tables of its own: two are the same, and two share
/// half of their text.
fn digest() -> String {
    let shared =
        "负责存储系统的架构设计、研发和维护工作，建设一站式的监控与交付平台，及配套的运维体系。";
    format!(
        "# 岗位汇总\n\n## 通用要求\n- 本科及以上学历\n\n## 一、存储\n\n### 岗位1：存储研发 | *A*\n{shared}精通分布式协议与磁盘格式。\n\n**技术栈**：Ceph、Go\n\n\
         ### 岗位2：存储平台\n{shared}熟悉机器学习平台与低代码工具的建设。\n\n**技术栈**：Ceph、Python\n\n\
         ### 岗位3：块存储\n开发块存储的快照与克隆，定位磁盘故障，优化读写延迟。\n\n**技术栈**：Ceph、SPDK\n\n\
         ### 存储技术汇总\n**存储**：Ceph、GlusterFS\n**语言**：Go、Rust\n\n\
         ## 二、前端\n\n### 岗位1：网页前端\n负责页面交互与组件库建设，保证页面在各种浏览器上的表现一致。\n\n**技术栈**：React\n\n\
         ### 岗位2：网页前端开发\n负责页面交互与组件库建设，保证页面在各种浏览器上的表现一致。\n\n**技术栈**：React\n\n\
         ### 岗位3：移动端\n开发手机上的应用，适配各种屏幕，减少启动时间与内存占用。\n\n**技术栈**：Kotlin\n\n\
         ## 技术频率统计\n\n### 存储（约90次）\n- Ceph：约80次\n- GlusterFS：约10次\n"
    )
}

#[test]
fn the_digest_written_anew_is_read_as_the_same_roles() {
    let workspace = Workspace::new();
    workspace.write("a.md", digest());
    let said = workspace.said(&["run", "a.md", "--out", "jobs", "-k", "2"]);
    assert!(said.contains("similar"), "{said}");
    let args = ["export", "jobs", "--format", "markdown", "--out", "b.md"];
    let said = workspace.said(&args);
    assert_eq!(said, "exit code 0\n--- stderr\nnote: digest of 6 roles written to b.md\n");
    let text = String::from_utf8(workspace.read("b.md")).unwrap();
    assert!(text.contains("**来源**：2.1 (a.md:"), "{text}");
    assert!(text.contains("## 相似的岗位（请核对）\n"), "{text}");
    assert!(text.contains("\n- Ceph：3 次（50%）\n"), "{text}");
    workspace.done(&["run", "b.md", "--out", "again", "-k", "2", "--quiet"]);
    let rows = |folder: &str| -> std::collections::BTreeMap<String, (String, String, String)> {
        let lines = workspace.done(&["export", folder, "--format", "jsonl"]);
        let roles = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let text = |role: &Value, name: &str| role[name].to_string();
        roles
            .filter(|role| role["duplicate_of"].is_null())
            .map(|r| {
                (text(&r, "id"), (text(&r, "title"), text(&r, "description"), text(&r, "stack")))
            })
            .collect()
    };
    let before = rows("jobs");
    assert_eq!(before.len(), 5);
    assert_eq!(rows("again"), before);
    let (code, stderr) =
        workspace.failed(&["export", "jobs", "--format", "markdown", "--neighbors", "2"]);
    assert!(code == 2 && stderr.contains("a digest has no neighbours"), "{stderr}");
    let (code, stderr) =
        workspace.failed(&["export", "jobs", "--format", "csv", "--keep-boilerplate"]);
    assert!(code == 2 && stderr.contains("is for --format markdown"), "{stderr}");
}

#[test]
fn the_sample_as_a_digest_is_read_as_the_same_roles() {
    let workspace = Workspace::new();
    let sample = crate::support::sample();
    workspace.done(&["run", sample.to_str().unwrap(), "--out", "jobs", "-k", "6", "--quiet"]);
    for flags in [&["--keep-boilerplate"][..], &[]] {
        let args = ["export", "jobs", "--format", "markdown", "--out", "b.md", "--quiet"];
        workspace.done(&[&args[..], flags].concat());
        workspace.done(&["embed", "b.md", "--out", "again", "--replace", "--quiet"]);
        let read = |path: &str| {
            let run = rolecluster::store::RunFolder::open(&workspace.path().join(path)).unwrap();
            run.roles().unwrap()
        };
        let (before, after) = (read("jobs"), read("again"));
        assert_eq!(before.corpus.len(), after.corpus.len());
        let place: std::collections::HashMap<_, usize> =
            after.corpus.roles().iter().enumerate().map(|(at, r)| (r.id.clone(), at)).collect();
        for (row, role) in before.corpus.roles().iter().enumerate() {
            let at = place[&role.id];
            let again = &after.corpus.roles()[at];
            assert_eq!((&again.title, &again.stack), (&role.title, &role.stack));
            // With boilerplate kept all of the text is the same, else that which is compared.
            match flags.is_empty() {
                true => assert_eq!(again.text(), before.texts[row]),
                false => assert_eq!(again.description, role.description),
            }
        }
    }
}

#[test]
fn the_report_shows_what_the_digest_says_beside_what_its_roles_say() {
    let workspace = Workspace::new();
    workspace.write("a.md", digest());
    workspace.done(&["run", "a.md", "--out", "jobs", "-k", "2", "--quiet"]);
    let report = String::from_utf8(workspace.read("jobs/report.md")).unwrap();
    assert!(
        report.contains(
            "| **存储** | 90 | 3 | |\n| Ceph | 80 | 3 | 50% |\n| GlusterFS | 10 | 0 | 0% |\n"
        ),
        "{report}"
    );
    assert!(report.contains("| 存储 | Ceph 3 | GlusterFS |\n| 语言 | Go 1 | Rust |\n"), "{report}");
    assert!(report.contains("**为什么是 2 个方向**：这个数目由 -k 指定。"), "{report}");
    assert!(report.contains("## 附录：如何得到\n"), "{report}");
    let report: Value = serde_json::from_slice(&workspace.read("jobs/report.json")).unwrap();
    assert_eq!(report["digest_tables"]["summaries"][0]["section"], "存储");
    assert_eq!(report["digest_tables"]["requirements"][0]["text"], "本科及以上学历");
    let pair = &report["intake"]["similar"]["pairs"][0];
    assert_eq!((pair["first"].as_str(), pair["second"].as_str()), (Some("1.1"), Some("1.2")));
    workspace.done(&[
        "run",
        "a.md",
        "--out",
        "jobs",
        "-k",
        "2",
        "--near-duplicates",
        "1",
        "--quiet",
    ]);
    let report: Value = serde_json::from_slice(&workspace.read("jobs/report.json")).unwrap();
    assert_eq!(report["intake"]["similar"]["pairs"].as_array().unwrap().len(), 0);
    let (code, stderr) = workspace.failed(&["run", "a.md", "--out", "x", "--near-duplicates", "2"]);
    assert!(code == 2 && stderr.contains("give a similarity, from 0 to 1"), "{stderr}");
}

#[test]
fn a_folder_not_clustered_yet_says_what_to_run() {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", crate::support::postings(3));
    workspace.done(&["embed", "a.jsonl", "--out", "jobs"]);
    insta::assert_snapshot!(workspace.said(&["export", "jobs", "--format", "csv"]), @r"
    exit code 6
    --- stderr
    error: jobs has no report.json yet; run `rolecluster cluster jobs` first
    ");
}

#[test]
fn an_unknown_format_is_a_usage_error() {
    let workspace = Workspace::with_run();
    let (code, stderr) = workspace.failed(&["export", "jobs", "--format", "xml"]);
    assert_eq!(code, 2);
    assert!(
        stderr.contains("[possible values: json, jsonl, csv, parquet, xlsx, markdown, png]"),
        "{stderr}"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let workspace = Workspace::with_run();
    for format in ["json", "jsonl", "csv", "parquet", "xlsx"] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_rolecluster"))
            .args(["export", "jobs", "--format", format])
            .current_dir(workspace.path())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*stderr), (Some(0), ""), "{format}");
    }
}

#[test]
fn a_full_disk_behind_stdout_is_a_failure() {
    let workspace = Workspace::with_run();
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else { return };
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_rolecluster"))
        .args(["export", "jobs", "--format", "csv"])
        .current_dir(workspace.path())
        .stdout(full)
        .stderr(std::process::Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(1));
}

/// Five trades in three languages and a text that is none.
const TRADES: &str = r#"{"id":"dba","title":"Database administrator","description":"Administers Oracle and PostgreSQL databases: backups, tuning, access rights and upgrades."}
{"id":"nurse","title":"Krankenpfleger (m/w/d)","description":"Sie versorgen Patienten auf der Station, geben Medikamente und dokumentieren die Pflege."}
{"id":"cook","title":"厨师","description":"负责餐厅菜品的烹饪和厨房卫生。"}
{"id":"driver","title":"Truck driver","description":"Drives a lorry with goods across the country and unloads it."}
{"id":"web","title":"Web developer","description":"Builds web pages and their back ends in JavaScript."}
{"id":"weather","title":"今天天气很好","description":"今天天气很好，我们去公园散步。"}
"#;

#[cfg(feature = "bundled-model")]
#[test]
fn roles_get_their_standard_codes_or_none() {
    let workspace = Workspace::new();
    workspace.write("trades.jsonl", TRADES);
    let bundled = ["run", "trades.jsonl", "--out", "jobs", "-k", "2", "--quiet"];
    workspace.done(&[&bundled[..], &["--model", "bundled"]].concat());
    let lines = workspace.done(&["export", "jobs", "--format", "jsonl", "--codes", "isco"]);
    let roles: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let code = |id: &str| roles.iter().find(|role| role["id"] == id).unwrap()["code"].clone();
    for (id, wanted) in [("dba", "2521"), ("cook", "5120"), ("driver", "8332"), ("weather", "")] {
        assert_eq!(code(id).as_str().unwrap_or(""), wanted, "{id}");
    }
    let table = workspace.done(&["export", "jobs", "--format", "csv", "--codes", "esco"]);
    let columns = table.lines().next().unwrap();
    for wanted in [
        ",code,code_title,code_score,code_also,code_also_scores,",
        ",cluster_code,cluster_code_title,cluster_code_score,direction_code,",
    ] {
        assert!(columns.contains(wanted), "{columns}");
    }
    assert!(table.contains(",database administrator,"), "{table}");
    let whole = workspace.done(&["export", "jobs", "--format", "json", "--codes", "isco"]);
    let whole: Value = serde_json::from_str(&whole).unwrap();
    assert_eq!(whole["codes"]["standard"], "isco");
    assert_eq!(whole["codes"]["clusters"].as_array().unwrap().len(), 2);
    let dba = whole["roles"].as_array().unwrap().iter().find(|role| role["id"] == "dba").unwrap();
    let near = &dba["codes"][0];
    assert!(near["code"] == "2521" && near["score"].as_f64().unwrap() >= 0.4, "{near}");
    // A group is as near as its roles are on average, so no nearer than the nearest of them.
    let report: Value = serde_json::from_slice(&workspace.read("jobs/report.json")).unwrap();
    let codes = &report["codes"];
    assert!(codes["standard"] == "esco" && codes["least_score"].as_f64().unwrap() < 0.41);
    for near in codes["clusters"].as_array().unwrap().iter().flat_map(|c| c.as_array().unwrap()) {
        assert!(near["score"].as_f64().unwrap() >= 0.4 && near["isco"].is_string(), "{near}");
    }
    let digest = String::from_utf8(workspace.read("jobs/report.md")).unwrap();
    assert!(digest.contains("ESCO"), "{digest}");
    let groups = workspace.done(&["table", "jobs", "--rows", "isco1", "--floor", "1"]);
    assert!(groups.contains("2 Professionals"), "{groups}");
}

#[test]
fn codes_that_cannot_be_had_are_refused_with_the_reason() {
    let workspace = Workspace::with_run();
    for (args, code, why) in [
        (["csv", "--codes", "onet"], 2, "no rows of O*NET yet"),
        (["markdown", "--codes", "esco"], 2, "a digest has no codes"),
        (["csv", "--codes", "esco"], 6, "--model bundled and a new --out folder"),
    ] {
        let (exit, stderr) =
            workspace.failed(&[&["export", "jobs", "--format"][..], &args].concat());
        assert!(exit == code && stderr.contains(why), "{args:?}: {exit}\n{stderr}");
    }
    let (exit, stderr) = workspace.failed(&["table", "jobs", "--rows", "isco4"]);
    assert!(exit == 6 && stderr.contains("--model bundled"), "{stderr}");
}
