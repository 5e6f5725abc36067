//! JSON of many shapes -> roles.

use super::*;
use crate::read::accumulator::Accumulator;
use crate::read::columns::Columns;

fn read_with(arrangement: Option<Arrangement>, columns: &Columns, text: &str) -> Accumulator {
    let mut gathered = Accumulator::default();
    let mut sink = Sink::new("f", columns, &mut gathered);
    let arrangement = arrangement.or_else(|| super::arrangement(text)).expect("it is JSON");
    read(arrangement, &mut text.as_bytes(), &mut sink).unwrap();
    sink.finish().unwrap();
    gathered
}

fn gather(text: &str) -> Accumulator {
    read_with(None, &Columns::default(), text)
}

fn gather_lines(text: &str) -> Accumulator {
    read_with(Some(Arrangement::Lines), &Columns::default(), text)
}

fn gather_document(text: &str) -> Accumulator {
    read_with(Some(Arrangement::Document), &Columns::default(), text)
}

/// Title and line of every role.
fn titles(gathered: &Accumulator) -> Vec<(&str, u64)> {
    gathered.roles.iter().map(|r| (r.title.as_str(), r.origin.line)).collect()
}

/// Id, title, description, stack and section of every role.
fn told(gathered: &Accumulator) -> Vec<String> {
    let role = |r: &crate::role::Role| {
        let section = r.section.as_deref().unwrap_or("-");
        let text = r.description.replace('\n', " / ");
        format!("{}: {} | {text} | {} | {section}", r.id, r.title, r.stack.join("+"))
    };
    gathered.roles.iter().map(role).collect()
}

fn skipped(gathered: &Accumulator) -> Vec<(u64, &str)> {
    gathered.skipped.iter().map(|s| (s.line, s.reason.as_str())).collect()
}

#[test]
fn bad_lines_cost_themselves_alone() {
    let text = "{\"title\":\"a\"}\n{broken\n\n[1]\r\n\"x\"\n{\"title\":null}\n{\"title\":\"b\"}";
    for gathered in [gather_lines(text), gather(text)] {
        assert_eq!(titles(&gathered), [("a", 1), ("b", 7)]);
        let lines: Vec<u64> = gathered.skipped.iter().map(|s| s.line).collect();
        assert_eq!((lines, gathered.skipped_total), (vec![2, 4, 5, 6], 4));
    }
}

#[test]
fn a_member_said_twice_is_kept_twice() {
    let text = r#"{"title":"Nurse","shift":"night","title":"Ward","shift":"day","text":"looks after the ward"}"#;
    let role = gather(text).roles.remove(0);
    assert_eq!(role.title, "Nurse");
    let fields: Vec<(&str, &str)> =
        role.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(fields, [("shift", "night"), ("shift (2)", "day"), ("title (2)", "Ward")]);
}

#[test]
fn values_of_any_type_become_text() {
    let text = r#"{"id":7,"title":"t","skills":["Go",{"name":"K8s"},null],"pay":{"min":1.50,"ok":true},"x":null}"#;
    let role = gather(text).roles.remove(0);
    assert_eq!(role.id.as_str(), "7");
    assert_eq!(role.stack, ["Go", "K8s"]);
    assert_eq!(role.fields["pay.min"], "1.50");
    assert_eq!(role.fields["pay.ok"], "true");
    assert!(!role.fields.contains_key("x"));
}

#[test]
fn lone_surrogates_are_replaced_and_pairs_kept() {
    let text = r#"{"title":"sre of the \ud83d\ude00 team \ud83d \udc00 \\ud83d engineering"}"#;
    let role = gather(text).roles.remove(0);
    assert_eq!(role.title, "sre of the 😀 team \u{fffd} \u{fffd} \\ud83d engineering");
}

#[test]
fn documents_are_cut_into_records() {
    let array = "[\n {\"title\":\"a\"},\n 5,\n {\"title\":\"b\", \"skills\":[{\"n\":\"]\"}]}\n]";
    for gathered in [gather_document(array), gather(array)] {
        assert_eq!(titles(&gathered), [("a", 2), ("b", 4)]);
        assert_eq!(gathered.skipped_total, 1);
    }

    let envelope =
        "{\"total\": 2,\n\"data\": {\"list\": [\n{\"title\":\"a\"},\n{\"title\":\"b\"}]}}";
    assert_eq!(titles(&gather(envelope)), [("a", 3), ("b", 4)]);

    let one = "{\n\"title\":\"a\",\n\"skills\":[{\"name\":\"Go\"}]\n}\n{\"title\":\"b\"}";
    assert_eq!(titles(&gather(one)), [("a", 1), ("b", 5)]);
}

#[test]
fn a_document_that_breaks_off_keeps_what_came_before() {
    let gathered = gather_document("[{\"title\":\"a\"},\n{\"title\":\"b");
    assert_eq!(titles(&gathered), [("a", 1)]);
    assert_eq!((gathered.skipped_total, gathered.skipped[0].line), (1, 2));
    // A record that is no JSON inside balanced brackets is skipped alone.
    let gathered = gather("[{\"title\":\"a\"},{nonsense},{\"title\":\"b\"}]");
    assert_eq!(titles(&gathered), [("a", 1), ("b", 1)]);
    assert_eq!(gathered.skipped_total, 1);
}

#[test]
fn brackets_and_commas_around_lines() {
    for text in [
        "[\n{\"title\":\"a\"},\n{\"title\":\"b\"},\n]\n",
        "[{\"title\":\"a\"}\n,{\"title\":\"b\"}]\n",
        "{\"title\":\"a\"},\n{\"title\":\"b\"},\n",
        "[\n{\"title\":\"a\"};\n\n{\"title\":\"b\"}\n];\n",
        "[{\"title\":\"a\"},\n {\"title\":\n \"b\"}\n]",
    ] {
        let gathered = gather(text);
        let titles: Vec<&str> = gathered.roles.iter().map(|r| r.title.as_str()).collect();
        assert_eq!((titles, gathered.skipped_total), (vec!["a", "b"], 0), "{text}");
    }
    let broken =
        "[\n{\"title\":\"a\"},\n{\"title\":\"b,\n{\"title\":\"c\"},\n{\"title\":\"d\"}\n]\n";
    let gathered = gather(broken);
    assert_eq!(titles(&gathered), [("a", 2), ("c", 4), ("d", 5)]);
    assert_eq!(skipped(&gathered).len(), 1);
}

#[test]
fn what_programs_write_that_is_nearly_json() {
    for text in [
        "[{\"title\":\"a\",\"pay\":NaN},{\"title\":\"b\",\"pay\":-Infinity}]",
        "{\"title\":\"a\",\"pay\":NaN}\n{\"title\":\"b\",\"pay\":nan}\n",
        "{'title': 'a', 'pay': None}\n{'title': 'b', 'remote': True}\n",
        "window.__JOBS__ = [{\"title\":\"a\"},{\"title\":\"b\"}];\n",
        "jsonp_callback({\"list\":[{\"title\":\"a\"},{\"title\":\"b\"}]});",
        ")]}'\n[{\"title\":\"a\"},{\"title\":\"b\"}]",
        "[{\"title\":\"a\",},{\"title\":\"b\",},]",
        "\u{feff}{\"title\":\"a\"}\r\n\r\n{\"title\":\"b\"}\r\n",
    ] {
        let gathered = gather(text);
        let titles: Vec<&str> = gathered.roles.iter().map(|r| r.title.as_str()).collect();
        assert_eq!((titles, gathered.skipped_total), (vec!["a", "b"], 0), "{text}");
        assert!(gathered.roles.iter().all(|role| !role.fields.contains_key("pay")), "{text}");
    }
}

#[test]
fn pages_of_an_interface_one_in_each_line() {
    let page = |titles: [&str; 2]| {
        let jobs =
            titles.map(|t| format!("{{\"id\":\"{t}\",\"title\":\"{t}\",\"description\":\"d\"}}"));
        format!("{{\"code\":0,\"page\":{{\"items\":[{}]}}}}\n", jobs.join(","))
    };
    let gathered = gather(&(page(["a", "b"]) + &page(["c", "d"])));
    assert_eq!(titles(&gathered), [("a", 1), ("b", 1), ("c", 2), ("d", 2)]);
    assert!(gathered.roles[0].fields.is_empty(), "what a page says is not said by its roles");
}

#[test]
fn wrapped_records_keep_what_stands_beside_them() {
    let text = r#"{"hits":{"hits":[
        {"_id":"x1","_source":{"title":"Nurse","description":"Care"},"_score":1.5},
        {"_id":"x2","_source":{"title":"Driver","description":"Drive"},"_score":1.1}]}}"#;
    let gathered = gather(text);
    assert_eq!(told(&gathered), ["x1: Nurse | Care |  | -", "x2: Driver | Drive |  | -"]);
    assert_eq!(gathered.roles[1].fields["_score"], "1.1");
    assert_eq!(gathered.roles[1].origin.line, 3);

    let by_id =
        r#"{"-Nx1":{"title":"Nurse","text":"Care"},"-Nx2":{"title":"Driver","text":"Drive"}}"#;
    assert_eq!(told(&gather(by_id)), ["-Nx1: Nurse | Care |  | -", "-Nx2: Driver | Drive |  | -"]);

    let groups = r#"[{"name":"Ward","floor":"3","jobs":[{"id":1,"title":"Nurse","text":"Care"}]},
        {"name":"Fleet","jobs":[{"id":2,"title":"Driver","text":"Drive"}]}]"#;
    let gathered = gather(groups);
    assert_eq!(told(&gathered), ["1: Nurse | Care |  | Ward", "2: Driver | Drive |  | Fleet"]);
    assert_eq!(gathered.roles[0].fields["group.floor"], "3");
}

#[test]
fn a_column_named_by_its_whole_path_is_found() {
    let columns = Columns { title: Some("job.heading".into()), ..Columns::default() };
    let text = r#"[{"job":{"heading":"Nurse","description":"Care"},"comp":{"name":"x"}}]"#;
    let gathered = read_with(None, &columns, text);
    assert_eq!(gathered.roles[0].title, "Nurse");
}

#[test]
fn pandas_in_every_orientation() {
    let expected = ["Nurse | Care", "Driver | Drive"];
    for text in [
        r#"{"title":{"0":"Nurse","1":"Driver"},"description":{"0":"Care","1":"Drive"}}"#,
        r#"{"title":["Nurse","Driver"],"description":["Care","Drive"]}"#,
        r#"{"columns":["title","description"],"index":[0,1],"data":[["Nurse","Care"],["Driver","Drive"]]}"#,
        r#"{"0":{"title":"Nurse","description":"Care"},"1":{"title":"Driver","description":"Drive"}}"#,
        r#"{"schema":{"fields":[{"name":"index","type":"integer"}]},"data":[{"index":0,"title":"Nurse","description":"Care"},{"index":1,"title":"Driver","description":"Drive"}]}"#,
        r#"[["title","description"],["Nurse","Care"],["Driver","Drive"]]"#,
        "[\"title\",\"description\"]\n[\"Nurse\",\"Care\"]\n[\"Driver\",\"Drive\"]\n",
        r#"{"meta":{"n":2},"table":{"header":["title","description"],"rows":[["Nurse","Care"],["Driver","Drive"]]}}"#,
    ] {
        let gathered = gather(text);
        let told: Vec<String> =
            gathered.roles.iter().map(|r| format!("{} | {}", r.title, r.description)).collect();
        assert_eq!(told, expected, "{text}");
        assert_eq!(gathered.skipped_total, 0, "{text}");
    }
}

#[test]
fn objects_of_other_types_are_set_aside() {
    let text = r#"{"@context":"https://schema.org","@graph":[
      {"@type":"Organization","name":"Acme"},
      {"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","name":"Jobs"}]},
      {"@type":"JobPosting","title":"Nurse","description":"<p>Care</p>","skills":["triage"],
       "identifier":{"@type":"PropertyValue","name":"Acme","value":"77"},
       "hiringOrganization":{"@type":"Organization","name":"Acme"}},
      {"@type":["JobPosting"],"title":"Driver","description":"Drive"}]}"#;
    let gathered = gather(text);
    assert_eq!(told(&gathered)[0], "77: Nurse | Care | triage | -");
    assert_eq!(titles(&gathered), [("Nurse", 4), ("Driver", 7)]);
    assert_eq!(gathered.skipped_total, 0);
    let asides: Vec<(&str, u64)> =
        gathered.set_aside.iter().map(|s| (s.heading.as_str(), s.line)).collect();
    assert_eq!(asides, [("BreadcrumbList (1)", 3), ("Organization (1)", 2)]);
    assert_eq!(gathered.set_aside[1].lines, ["Acme"]);
}

#[test]
fn answers_of_recruiting_systems() {
    let greenhouse = r#"{"jobs":[{"id":1,"absolute_url":"u","title":"Nurse","location":{"name":"Leeds"},
        "content":"&lt;p&gt;Care for &amp;amp; with patients&lt;/p&gt;","departments":[{"id":5,"name":"Ward"}]}],"meta":{"total":1}}"#;
    assert_eq!(told(&gather(greenhouse)), ["1: Nurse | Care for & with patients |  | Ward"]);

    let departments = r#"{"departments":[{"id":5,"name":"Ward","jobs":[{"id":1,"absolute_url":"u","title":"Nurse","requisition_id":"r"}]}]}"#;
    assert_eq!(told(&gather(departments)), ["1: Nurse |  |  | Ward"]);

    let lever = r#"[{"id":"9f","text":"Nurse","hostedUrl":"u","categories":{"team":"Ward","location":"Leeds"},
        "description":"<div>We care.</div>","descriptionPlain":"We care.","additional":"<b>Apply</b>","additionalPlain":"Apply",
        "lists":[{"text":"Duties","content":"<li>Give medicines</li><li>Check signs</li>"}]}]"#;
    assert_eq!(
        told(&gather(lever)),
        ["9f: Nurse | We care. / Duties / Give medicines / Check signs / Apply |  | Ward"]
    );

    let ashby = r#"{"apiVersion":"1","jobs":[{"id":"a","title":"Nurse","department":"Ward","isListed":true,"jobUrl":"u",
        "descriptionHtml":"<p>Care for patients</p>","descriptionPlain":"Care for patients"}]}"#;
    assert_eq!(told(&gather(ashby)), ["a: Nurse | Care for patients |  | Ward"]);

    let workable = r#"{"name":"Acme","description":"<p>All about Acme</p>","jobs":[
        {"title":"Nurse","shortcode":"AB1","code":"","department":"Ward","description":"<p>Care</p>"}]}"#;
    assert_eq!(told(&gather(workable)), ["AB1: Nurse | Care |  | Ward"]);

    let smart = r#"{"id":"7","name":"Nurse","uuid":"u","refNumber":"R","function":{"id":"h","label":"Health"},
        "jobAd":{"sections":{"companyDescription":{"title":"Us","text":"All about us"},
        "jobDescription":{"title":"Job","text":"<p>Care</p>"},"qualifications":{"title":"You","text":"A licence"}}}}"#;
    assert_eq!(told(&gather(smart)), ["7: Nurse | Care / A licence |  | Health"]);
}

#[test]
fn answers_of_chinese_job_boards() {
    let job51 = r#"{"status":"1","resultbody":{"job":{"totalCount":1,"items":[{"jobId":"15","jobName":"护士",
        "jobTags":["三班倒","护理"],"jobAreaString":"上海","fullCompanyName":"甲","jobDescribe":"病房护理"}]}}}"#;
    assert_eq!(told(&gather(job51)), ["15: 护士 | 病房护理 | 三班倒+护理 | -"]);

    let boss = r#"{"code":0,"zpData":{"resCount":1,"jobList":[{"encryptJobId":"e1","jobName":"护士","brandName":"乙",
        "salaryDesc":"8-10K","skills":["护理","急救"],"jobLabels":["经验不限"]}]}}"#;
    assert_eq!(told(&gather(boss)), ["e1: 护士 |  | 护理+急救 | -"]);

    let liepin = r#"{"flag":1,"data":{"data":{"jobCardList":[
        {"job":{"title":"护士","jobId":"70","labels":["护理"],"dq":"上海"},"comp":{"compName":"丙"},"recruiter":{}}]}}}"#;
    let gathered = gather(liepin);
    assert_eq!(told(&gathered), ["70: 护士 |  | 护理 | -"]);
    assert_eq!(gathered.roles[0].fields["comp.compName"], "丙");

    let lagou = r#"{"content":{"positionResult":{"result":[{"positionId":3,"positionName":"护士","companyFullName":"丁",
        "skillLables":["护理"],"positionDetail":"<p>病房</p>"}]}}}"#;
    assert_eq!(told(&gather(lagou)), ["3: 护士 | 病房 | 护理 | -"]);

    let unnamed = r#"{"rtn":{"pageData":{"vos":[{"postInfo":{"title":"护士","requirement":"病房护理","id":"9"},"corp":{"short":"戊"}},
        {"postInfo":{"title":"司机","requirement":"驾驶","id":"10"},"corp":{"short":"己"}}]}}}"#;
    let titles: Vec<String> = gather(unnamed).roles.iter().map(|r| r.title.to_string()).collect();
    assert_eq!(titles, ["护士", "司机"]);
}

#[test]
fn deep_nesting_and_a_million_members_are_one_skip_each() {
    let deep = format!("{{\"title\":\"a\",\"x\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    let wide: Vec<String> = (0..1_000_000).map(|n| format!("\"c{n}\":1")).collect();
    let text =
        format!("{{\"title\":\"b\"}}\n{deep}\n{{{}}}\n{{\"title\":\"c\"}}\n", wide.join(","));
    let gathered = gather(&text);
    assert_eq!(titles(&gathered), [("b", 1), ("c", 4)]);
    assert_eq!(
        skipped(&gathered),
        [(2, "nests deeper than 128 levels"), (3, "has more than 16384 members")]
    );
}

#[test]
fn postings_in_json_within_texts_are_read() {
    let jobs = |titles: &[&str]| {
        let job = |title: &&str| {
            format!("{{\"title\":\"{title}\",\"description\":\"Works as {title}\\nin shifts\"}}")
        };
        format!("{{\"jobs\":[{}]}}", titles.iter().map(job).collect::<Vec<_>>().join(","))
    };
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let entry = |url: &str, text: &str| {
        format!(
            "{{\"request\":{{\"url\":\"{url}\",\"headers\":[{{\"name\":\"Accept\",\"value\":\"*/*\"}}]}},\"response\":{{\"content\":{{\"mimeType\":\"x\",\"text\":{}}}}}}}",
            quoted(text)
        )
    };
    let har = format!(
        "{{\"log\":{{\"version\":\"1.2\",\"pages\":[{{\"id\":\"page_1\",\"title\":\"Careers\"}}],\"entries\":[{},{},{},{}]}}}}",
        entry("https://x.example/config", "{\"theme\": \"dark\", \"flags\": {\"a\": 1}}"),
        entry("https://x.example/logo", "R0lGODlhAQABAAAAACw="),
        entry("https://x.example/jobs?p=1", &jobs(&["Nurse", "Cook"])),
        entry("https://x.example/jobs?p=2", &jobs(&["Driver"])),
    );
    assert_eq!(told(&gather_document(&har)).len(), 3, "{:?}", told(&gather_document(&har)));
    let found: Vec<String> =
        gather_document(&har).roles.iter().map(|role| role.title.to_string()).collect();
    assert_eq!(found, ["Nurse", "Cook", "Driver"]);
    // A crawler's lines, one without postings.
    let line = |url: &str, text: &str| format!("{{\"url\":\"{url}\",\"body\":{}}}\n", quoted(text));
    let crawl = line("a", &jobs(&["Nurse"]))
        + &line("b", "{\"error\": \"not found\"}")
        + &line("c", &jobs(&["Cook"]));
    let crawl = gather_lines(&crawl);
    assert_eq!(
        crawl.roles.iter().map(|role| role.title.as_str()).collect::<Vec<_>>(),
        ["Nurse", "Cook"]
    );
    // A description that is JSON belongs to its posting.
    let plain = "{\"title\":\"Nurse\",\"company\":\"A\",\"description\":\"{\\\"blocks\\\": [{\\\"text\\\": \\\"Cares for patients\\\"}]}\"}";
    assert_eq!(gather_lines(plain).roles[0].title, "Nurse");
}
