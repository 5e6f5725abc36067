//! Whole texts of the kinds that people keep postings in.

use super::super::accumulator::Accumulator;
use super::super::{Columns, sink::Sink};
use super::*;

fn gathered(text: &str, page: bool) -> Accumulator {
    let (columns, mut gathered) = (Columns::default(), Accumulator::default());
    let mut sink = Sink::new("f", &columns, &mut gathered);
    if page {
        read_page(text, &mut sink).unwrap();
    } else {
        read(text, &mut sink);
    }
    sink.finish().unwrap();
    gathered
}

/// Titles with their sections.
fn titles(gathered: &Accumulator) -> Vec<String> {
    let one = |role: &Role| match &role.section {
        Some(section) => format!("{section}: {}", role.title),
        None => role.title.to_string(),
    };
    gathered.roles.iter().map(one).collect()
}

fn of(text: &str) -> Vec<String> {
    titles(&gathered(text, false))
}

fn of_page(text: &str) -> Vec<String> {
    titles(&gathered(text, true))
}

#[test]
fn a_table_gives_a_role_in_each_row() {
    let text = "# Internships\n\nUpdated daily.\n\n## Summer\n\n| Company | Role | Location |\n| --- | --- | --- |\n\
        | Acme | Firmware intern 🔒 | Graz |\n| ↳ | Test engineer | Wien |\n\n## Legend\n\nA lock says that a posting is closed to new candidates.\n";
    let gathered = gathered(text, false);
    assert_eq!(titles(&gathered), ["Summer: Firmware intern", "Summer: Test engineer"]);
    assert_eq!(gathered.roles[1].fields["Company"], "Acme");
    assert_eq!((gathered.roles[1].origin.line, gathered.set_aside.len()), (10, 2));
    let text = "<table>\n<tr><th>公司</th><th>岗位</th></tr>\n<tr><td rowspan=2>甲</td><td>护士</td></tr>\n<tr><td>司机</td></tr>\n</table>\n";
    assert_eq!(of(text), ["护士", "司机"]);
    assert_eq!(of_page(text), ["护士", "司机"]);
}

#[test]
fn a_table_of_what_headings_say_is_an_overview() {
    let text = "# Jobs\n\n| Role | Town |\n|---|---|\n| Cook | Bern |\n| Nurse | Thun |\n\n## Cook\n\nYou cook soups for two hundred guests.\n\n## Nurse\n\nYou care for the patients of the surgical ward.\n";
    assert_eq!(of(text), ["Cook", "Nurse"]);
}

#[test]
fn a_file_with_metadata_is_one_posting_unless_it_is_a_digest() {
    let text = "---\ntitle: Zugführerin\ncompany: Bergbahn\ntags: [Bahn]\n---\n\n<div class=\"x\"><h4>1. Zugführerin</h4></div>\n\n## Aufgaben\n\nZüge führen.\n\n## Was dich erwartet\n\nSchnee.\n";
    let gathered = gathered(text, false);
    assert_eq!(titles(&gathered), ["Zugführerin"]);
    let role = &gathered.roles[0];
    assert_eq!(role.description, "Züge führen.\nWas dich erwartet\nSchnee.");
    assert_eq!(
        (role.stack.join(","), role.fields["company"].as_str()),
        ("Bahn".into(), "Bergbahn")
    );
    let text = "---\ntitle: Openings\n---\n\n## Kitchen\n\n### Cook\n\nYou cook soups for two hundred guests every day.\n\n### Baker\n\nYou bake bread and rolls from four in the morning.\n";
    assert_eq!(of(text), ["Kitchen: Cook", "Kitchen: Baker"]);
    assert_eq!(
        of("Title: Night nurse\nDate: 2024-05-03\n\nYou look after the ward.\n"),
        ["Night nurse"]
    );
}

#[test]
fn a_posting_with_headings_of_its_own_is_one_role() {
    let text = "# Ward Nurse\n\n| Field | Value |\n|---|---|\n| Location | Basel |\n\n**Company:** City Hospital | **Type:** full-time\n\n\
        ## About us\n\nSince 1842.\n\n## Your tasks\n\n- Give medicines\n\n## A garden on the roof\n\nYes.\n\n## How to apply\n\nTo Ana Example\nPhone: +41 61 555 12 34\n";
    let gathered = gathered(text, false);
    assert_eq!(titles(&gathered), ["Ward Nurse"]);
    let role = &gathered.roles[0];
    assert_eq!(role.description, "Since 1842.\nGive medicines\nA garden on the roof\nYes.");
    assert_eq!(role.fields["Location"], "Basel");
    assert_eq!(role.fields["Company"], "City Hospital");
    assert_eq!(role.fields["contact"], "To Ana Example, +41 61 555 12 34");
    assert_eq!(
        of("# Cook\n\n## The kitchen\n\nIt is large.\n\n## The guests\n\nThey are many.\n"),
        ["Cook"]
    );
}

#[test]
fn lists_of_links_give_a_role_in_each_item() {
    let text = "# Remote jobs\n\n## Contents\n\n- [Data](#data)\n- [Food](#food)\n\n## Data\n\n- [Data engineer](https://a.example/1) - Acme\n\
        - [Gamma](https://c.example) | Data analyst | Paris\n\n## Food\n\n* [Baker](https://e.example/4)\n\n## Contributing\n\nPlease open a pull request with one line for each opening.\n";
    let gathered = gathered(text, false);
    assert_eq!(titles(&gathered), ["Data: Data engineer", "Data: Data analyst", "Food: Baker"]);
    assert_eq!(gathered.roles[1].id.as_str(), "1.2");
    assert_eq!(gathered.roles[0].fields["link"], "https://a.example/1");
    let text = "# 招聘\n\n## 在招岗位\n\n- 护士，北京\n- **司机** – 上海\n\n## 福利\n\n- 午餐\n";
    assert_eq!(of(text), ["在招岗位: 护士", "在招岗位: 司机"]);
}

#[test]
fn newsletters_have_titles_above_paragraphs() {
    let text = "# Jobs weekly\n\nHello.\n\n## Kitchen\n\n**[Sous chef](https://e.example/1)** — Harbour Grill\nRuns the evening line.\n\n\
        **[Pastry cook](https://e.example/2)** — Café Lyng\nBakes from four.\n\n## Care\n\n**[Night nurse](https://e.example/3)**\nLooks after the ward.\n\n---\n\n[Unsubscribe](https://e.example/u)\n";
    let gathered = gathered(text, false);
    assert_eq!(
        titles(&gathered),
        ["Kitchen: Sous chef", "Kitchen: Pastry cook", "Care: Night nurse"]
    );
    assert_eq!(gathered.roles[0].description, "Harbour Grill\nRuns the evening line.");
    let text = "Two openings.\n\n**Senior cook**\n\nYou run the kitchen.\n\n**Kitchen helper**\n\nYou wash and carry.\n";
    assert_eq!(of(text), ["Senior cook", "Kitchen helper"]);
}

#[test]
fn threads_have_a_posting_in_each_comment() {
    let text = "# Who is hiring? #42\n\nOne job per comment.\n\n---\n\n**anna-k** commented on May 2, 2024\n\nAcme | Backend engineer | Bern\nWe write the ledger of three banks.\n\n\
        ---\n\n**bob** commented on May 2, 2024\n\n+1\n\n---\n\n**chen** commented on May 3, 2024\n\n### 前端工程师\n\n**地点**：上海\n负责数据看板的开发。\n简历请投递至 hr@example.com\n";
    let gathered = gathered(text, false);
    assert_eq!(titles(&gathered), ["Backend engineer", "前端工程师"]);
    assert_eq!(gathered.roles[1].fields["contact"], "简历请投递至 hr@example.com");
    assert_eq!(gathered.set_aside.len(), 2);
    let text = "## Comment 1 by a (2024-05-01)\n\n**Position**: Welder\nYou weld boats of every size.\n\n## Comment 2 by b (2024-05-01)\n\nHiring: Product designer, and a data analyst. We make software for small farms.\n";
    assert_eq!(of(text), ["Welder", "Product designer"]);
}

#[test]
fn headings_that_name_companies_give_way_to_stated_titles() {
    let text = "# List\n\n## Acme\n\n**Position**: Backend engineer\n\nWrite services in Go that settle card payments between banks.\n\n\
        ## Beta\n\n**职位**：护士\n\n照顾外科病房的病人，并在晚上书写病历与交接班记录，配合医生完成治疗。\n";
    let gathered = gathered(text, false);
    assert_eq!(titles(&gathered), ["Backend engineer", "护士"]);
    assert_eq!(gathered.roles[0].fields["heading"], "Acme");
}

#[test]
fn pages_give_cards_lists_and_single_postings() {
    let head = "<!DOCTYPE html><html><head><title>Jobs</title><script>var a='<h2>x</h2>'</script></head><body><nav><a href=/>Home</a></nav>";
    let cards = "<h1>Openings</h1><div class=job-card><span>Acme</span><h3><a href=/1>Nurse</a></h3><p>Wards.</p></div><div class=job-card><h3>Driver</h3><p>Buses.</p></div>";
    let gathered_cards =
        gathered(&format!("{head}{cards}<footer>Privacy</footer></body></html>"), true);
    assert_eq!(titles(&gathered_cards), ["Nurse", "Driver"]);
    assert_eq!(gathered_cards.roles[0].description, "Acme\nWards.");
    assert!(gathered_cards.set_aside.iter().any(|aside| aside.lines == ["Home", "Privacy"]));
    let list = "<h1>Careers</h1><ul><li><a href=/1>Truck driver</a> — Leeds</li><li><a href=/2>Welder</a></li></ul>";
    assert_eq!(of_page(&format!("{head}{list}")), ["Truck driver", "Welder"]);
    let one = "<h1>Pastry cook</h1><p>Oslo</p><h2>About the job</h2><p>You bake.</p><h2>Requirements</h2><ul><li>Sourdough</ul>";
    assert_eq!(of_page(&format!("{head}{one}")), ["Pastry cook"]);
    let bare =
        "<html><head><title>Welder wanted</title></head><body><p>You weld boats.</p></body></html>";
    assert_eq!(of_page(bare), ["Welder wanted"]);
    let data = "<script type='application/ld+json'>{\"@type\":\"JobPosting\",\"title\":\"Cook\",\"description\":\"<p>Soups</p>\"}</script><h1>Cook (m/f)</h1><p>Soups</p>";
    let linked = gathered(&format!("{head}{data}"), true);
    assert_eq!(titles(&linked), ["Cook"]);
    assert_eq!(linked.roles[0].description, "Soups");
}
