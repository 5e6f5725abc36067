//! Workbooks made here, and one of the old format from `tests/fixtures`.

use std::fs;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use crate::progress::Silent;
use crate::read::{Input, Outcome, ReadError, ReadOptions, read};

type Sheet<'a> = (&'a str, &'a str, &'a [&'a [&'a str]]);

const JOBS: &[&[&str]] = &[
    &["Job Title", "Description", "Openings"],
    &["Nurse", "Care for patients", "2"],
    &["Driver", "Drive a lorry", "1.50"],
];

fn packed(members: &[(&str, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of sheets, each with a name, a state and rows; numbers are written as such.
fn xlsx(sheets: &[Sheet<'_>]) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut members = vec![
        ("[Content_Types].xml".to_string(), "<Types/>".to_string()),
        (
            "_rels/.rels".to_string(),
            format!(
                "<Relationships><Relationship Id=\"rId1\" Type=\"{rel}/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
    ];
    let (mut listed, mut related) = (String::new(), String::new());
    for (at, (name, state, rows)) in sheets.iter().enumerate() {
        let n = at + 1;
        listed +=
            &format!("<sheet name=\"{name}\" sheetId=\"{n}\" state=\"{state}\" r:id=\"rId{n}\"/>");
        related += &format!(
            "<Relationship Id=\"rId{n}\" Type=\"{rel}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
        );
        let row = |(at, cells): (usize, &&[&str])| {
            let cell = |(column, text): (usize, &&str)| {
                let place = format!("{}{}", (b'A' + column as u8) as char, at + 1);
                match text.parse::<f64>() {
                    Ok(_) => format!("<c r=\"{place}\"><v>{text}</v></c>"),
                    Err(_) => {
                        format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
                    }
                }
            };
            let cells: String = cells.iter().enumerate().map(cell).collect();
            format!("<row r=\"{}\">{cells}</row>", at + 1)
        };
        let rows: String = rows.iter().enumerate().map(row).collect();
        members.push((
            format!("xl/worksheets/sheet{n}.xml"),
            format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>"),
        ));
    }
    members.push((
        "xl/workbook.xml".to_string(),
        format!(
            "<workbook xmlns=\"{main}\" xmlns:r=\"{rel}\"><sheets>{listed}</sheets></workbook>"
        ),
    ));
    members.push((
        "xl/_rels/workbook.xml.rels".to_string(),
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{related}</Relationships>"
        ),
    ));
    let members: Vec<(&str, String)> =
        members.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    packed(&members)
}

fn ods(rows: &[&[&str]]) -> Vec<u8> {
    let cell = |text: &&str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let row = |cells: &&[&str]| {
        format!("<table:table-row>{}</table:table-row>", cells.iter().map(cell).collect::<String>())
    };
    let rows: String = rows.iter().map(row).collect();
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\">\
         <office:body><office:spreadsheet><table:table table:name=\"Jobs\">{rows}</table:table></office:spreadsheet></office:body>\
         </office:document-content>"
    );
    let manifest = "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
    packed(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_string()),
        ("content.xml", content),
        ("META-INF/manifest.xml", manifest.to_string()),
    ])
}

fn read_sheet(name: &str, bytes: &[u8], sheet: Option<&str>) -> Result<Outcome, ReadError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let options = ReadOptions { sheet: sheet.map(str::to_string), ..ReadOptions::default() };
    read(&[Input::File(path)], &options, &Silent)
}

fn titles(outcome: &Outcome) -> Vec<&str> {
    outcome.corpus.roles().iter().map(|role| role.title.as_str()).collect()
}

#[test]
fn the_sheet_with_postings_is_read() {
    let about: &[&[&str]] = &[&["Report of the spring"], &["Made by", "me"]];
    let hidden: &[&[&str]] = &[&["Title", "Description"], &["Old", "Gone"]];
    let book =
        xlsx(&[("About", "visible", about), ("Old", "hidden", hidden), ("Jobs", "visible", JOBS)]);
    for name in ["jobs.xlsx", "jobs.csv", "jobs"] {
        let outcome = read_sheet(name, &book, None).unwrap();
        assert_eq!(titles(&outcome), ["Nurse", "Driver"]);
        let roles = outcome.corpus.roles();
        assert_eq!((roles[0].fields["Openings"].as_str(), roles[1].origin.line), ("2", 3));
        assert!(outcome.files[0].file.ends_with(&format!("{name}/Jobs")));
        assert_eq!((outcome.files[0].format.as_str(), outcome.skipped_total), ("xlsx", 0));
        assert_eq!(outcome.set_aside.len(), 2, "{:?}", outcome.set_aside);
    }
    let old = read_sheet("jobs.xlsx", &book, Some("old")).unwrap();
    assert_eq!(titles(&old), ["Old"]);
    assert_eq!(titles(&read_sheet("jobs.xlsx", &book, Some("3")).unwrap()), ["Nurse", "Driver"]);
    let error = read_sheet("jobs.xlsx", &book, Some("None")).unwrap_err().to_string();
    assert!(error.contains("no sheet \"None\"; it has: \"About\", \"Old\", \"Jobs\""), "{error}");
}

#[test]
fn sheets_of_one_kind_are_read_together() {
    let book = xlsx(&[("March", "visible", JOBS), ("April", "visible", JOBS)]);
    let outcome = read_sheet("jobs.xlsx", &book, None).unwrap();
    assert_eq!(titles(&outcome), ["Nurse", "Driver", "Nurse", "Driver"]);
    assert_eq!(outcome.files.len(), 2);
}

#[test]
fn other_formats_of_workbooks() {
    assert_eq!(titles(&read_sheet("a.ods", &ods(JOBS), None).unwrap()), ["Nurse", "Driver"]);
    let path = format!("{}/tests/fixtures/workbooks/jobs.xls", env!("CARGO_MANIFEST_DIR"));
    let outcome = read(&[Input::File(path.into())], &ReadOptions::default(), &Silent).unwrap();
    assert_eq!(titles(&outcome), ["Baker", "烘焙师"]);
    let baker = &outcome.corpus.roles()[0];
    assert_eq!(baker.stack, ["ovens", "dough"]);
    assert!(baker.fields.values().any(|value| value == "2"), "{:?}", baker.fields);
    assert!(outcome.files[0].file.ends_with("jobs.xls/岗位"));
}

#[test]
fn workbooks_that_cannot_be_read_are_an_error_that_says_so() {
    let blank: &[&[&str]] = &[];
    let error = |bytes: &[u8]| read_sheet("a.xlsx", bytes, None).unwrap_err().to_string();
    assert!(error(&xlsx(&[("A", "visible", blank)])).contains("is empty"));
    let header: &[&[&str]] = &[&["Title", "Description"]];
    assert!(error(&xlsx(&[("A", "visible", header)])).contains("holds no role"));
    let broken = packed(&[
        ("[Content_Types].xml", "<Types/>".to_string()),
        ("xl/workbook.xml", "<workbook><sheets>".to_string()),
    ]);
    assert!(error(&broken).contains("as xlsx: "), "{}", error(&broken));
    // A sheet that claims to be as large as can be takes no more memory than its cells.
    let far = "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>title</t></is></c></row>\
         <row r=\"1048576\"><c r=\"A1048576\" t=\"inlineStr\"><is><t>Nurse</t></is></c></row></sheetData></worksheet>";
    let mut whole = xlsx(&[("A", "visible", JOBS)]);
    let place = whole.len();
    whole.truncate(place);
    let mut archive = zip::ZipArchive::new(Cursor::new(whole)).unwrap();
    let mut members: Vec<(String, String)> = Vec::new();
    for at in 0..archive.len() {
        let mut member = archive.by_index(at).unwrap();
        let name = member.name().unwrap().into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut member, &mut text).unwrap();
        members.push((
            name.clone(),
            if name.ends_with("sheet1.xml") { far.to_string() } else { text },
        ));
    }
    let members: Vec<(&str, String)> =
        members.iter().map(|(n, t)| (n.as_str(), t.clone())).collect();
    assert_eq!(titles(&read_sheet("a.xlsx", &packed(&members), None).unwrap()), ["Nurse"]);
}

#[test]
fn sparse_and_repeated_cells_of_an_ods_take_no_room() {
    let sheet = |rows: &str| {
        let content = format!(
            "<office:document-content><office:automatic-styles><style:style style:name=\"h\"><style:table-properties \
             table:display=\"false\"/></style:style></office:automatic-styles><table:table table:name=\"Hidden\" \
             table:style-name=\"h\"><table:table-row><table:table-cell><text:p>Title</text:p></table:table-cell>\
             </table:table-row></table:table><table:table table:name=\"Jobs\">{rows}</table:table></office:document-content>"
        );
        packed(&[
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_string()),
            ("content.xml", content),
        ])
    };
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let row = |cells: String| format!("<table:table-row>{cells}</table:table-row>");
    let header = row(cell("Job title") + &cell("Description") + &cell("Salary"));
    let empty = "<table:table-row table:number-rows-repeated=\"900000\"><table:table-cell \
                 table:number-columns-repeated=\"16384\"/></table:table-row>";
    let pay = "<table:table-cell office:value-type=\"float\" office:value=\"3000\"><text:p>3.000 €</text:p></table:table-cell>";
    let note = "<table:table-cell><office:annotation><text:p>ask Eva</text:p></office:annotation>\
                <text:p>Cares for<text:s text:c=\"2\"/>R&amp;D &#x2013; <text:span>day</text:span></text:p><text:p>and night</text:p></table:table-cell>";
    let job = row(cell("Nurse") + note + pay);
    let outcome = read_sheet("a.ods", &sheet(&(header.clone() + empty + &job)), None).unwrap();
    let role = &outcome.corpus.roles()[0];
    assert_eq!(role.description, "Cares for R&D – day\nand night");
    assert_eq!((role.origin.line, role.facts.pay.as_deref()), (900_002, Some("3000")));
    assert!(outcome.set_aside.iter().any(|block| block.file.ends_with("a.ods/Hidden")));
    // A filled row that claims to be there a thousand million times.
    let many = job.replace(
        "<table:table-row>",
        "<table:table-row table:number-rows-repeated=\"1000000000\">",
    );
    let error = read_sheet("a.ods", &sheet(&(header + &many)), None).unwrap_err().to_string();
    assert!(error.contains("it has more than 20000000 cells up to row"), "{error}");
}

#[test]
fn sheets_of_one_name_are_all_read_and_a_table_in_a_cell_is_its_text() {
    let cell = |content: &str| format!("<table:table-cell>{content}</table:table-cell>");
    let row = |cells: &[String]| format!("<table:table-row>{}</table:table-row>", cells.concat());
    let text = |text: &str| cell(&format!("<text:p>{text}</text:p>"));
    let table = |rows: &[String]| {
        format!("<table:table table:name=\"Jobs\">{}</table:table>", rows.concat())
    };
    let header = row(&[text("Job title"), text("Description")]);
    let shifts = cell(&table(&[row(&[text("Days"), text("Nights")])]));
    let first =
        table(&[header.clone(), row(&[text("Nurse"), shifts]), row(&[text("Cook"), text("Soup")])]);
    let second = table(&[header, row(&[text("Driver"), text("Drives a lorry")])]);
    let outcome = read_sheet("a.ods", &ods_of(&format!("{first}{second}")), None).unwrap();
    let found: Vec<(&str, &str)> = (outcome.corpus.roles().iter())
        .map(|role| (role.title.as_str(), role.description.as_str()))
        .collect();
    let wanted = [("Nurse", "Days\nNights"), ("Cook", "Soup"), ("Driver", "Drives a lorry")];
    assert_eq!(found, wanted);
    assert!(outcome.files[1].file.ends_with("a.ods/Jobs (2)"), "{:?}", outcome.files);
}

/// A workbook of these tables.
fn ods_of(tables: &str) -> Vec<u8> {
    packed(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_string()),
        ("content.xml", format!("<office:document-content>{tables}</office:document-content>")),
    ])
}
