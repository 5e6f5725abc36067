use super::*;
use crate::read::accumulator::Accumulator;
use crate::read::sink::Account;

fn read_table(text: &str, table: TableOptions) -> Result<(Accumulator, Account), ReadError> {
    let columns = Columns::default();
    let mut gathered = Accumulator::default();
    let mut sink = Sink::new("f", &columns, &mut gathered).with_table(table);
    read(Format::Csv, text, &mut text.as_bytes(), &mut sink)?;
    let account = sink.finish()?;
    Ok((gathered, account))
}

fn gather(text: &str) -> Result<Accumulator, ReadError> {
    read_table(text, TableOptions::default()).map(|(gathered, _)| gathered)
}

fn warnings(text: &str) -> String {
    read_table(text, TableOptions::default()).unwrap().1.warnings.join("\n")
}

fn told(gathered: &Accumulator) -> Vec<(u64, &str, &str)> {
    let roles = gathered.roles.iter();
    roles.map(|r| (r.origin.line, r.title.as_str(), r.description.as_str())).collect()
}

#[test]
fn quoted_values_may_span_lines() {
    let gathered = gather("title,description\r\na,\"one, \"\"two\"\"\nthree\"\n\nb,c\n").unwrap();
    assert_eq!(told(&gathered), [(2, "a", "one, \"two\"\nthree"), (5, "b", "c")]);
}

#[test]
fn ragged_rows_are_kept_where_nothing_moves_and_named() {
    let text = "title,description,x\na,b\nc,d,e\nf,g,h,i\n,,\nj,k,,,\n";
    let gathered = gather(text).unwrap();
    assert_eq!(told(&gathered), [(2, "a", "b"), (3, "c", "d"), (6, "j", "k")]);
    let lines: Vec<u64> = gathered.skipped.iter().map(|s| s.line).collect();
    assert_eq!(lines, [4, 5]);
    assert!(gathered.skipped[0].reason.contains("4 values where the header has 3"));
    let said = warnings(text);
    assert!(said.contains("line 2 has fewer values"), "{said}");
    assert!(said.contains("line 4 has more values"), "{said}");
}

#[test]
fn a_quote_that_never_closes_costs_itself() {
    for (text, expected, line) in [
        (
            "title,description\na,\"never closed\nb,c\nd,e 3\" f\n",
            vec![(2, "a", "never closed"), (3, "b", "c"), (4, "d", "e 3\" f")],
            2,
        ),
        (
            "title,description\na,\"never closed\nb,\"c\"\nd,e\n",
            vec![(2, "a", "never closed"), (3, "b", "c"), (4, "d", "e")],
            2,
        ),
        (
            "title,description\na,b\n\"c,d\ne,\"f, g\"\n",
            vec![(2, "a", "b"), (3, "c", "d"), (4, "e", "f, g")],
            3,
        ),
    ] {
        assert_eq!(told(&gather(text).unwrap()), expected, "{text}");
        let said = warnings(text);
        assert!(said.contains(&format!("the quotes in line {line} do not close")), "{said}");
        // What the csv crate makes of it: the rest of the file stands in one value.
        let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let whole = |r: &::csv::StringRecord| r.len() == 2 && !r[1].contains('\n');
        let rows = reader.records().filter(|row| row.as_ref().is_ok_and(whole)).count();
        assert!(rows < expected.len(), "{rows} rows of {text}");
    }
}

#[test]
fn a_quote_that_opens_late_is_a_quote() {
    let mut text = String::from("title,description\n");
    for i in 0..3_000 {
        text += &format!("role {i},plain text without any quotes\n");
    }
    text += "\"Head, \"\"Night\"\" Shift\",\"one, two\"\n";
    let gathered = gather(&text).unwrap();
    assert_eq!(gathered.roles.len(), 3_001);
    let last = gathered.roles.last().unwrap();
    assert_eq!(
        (last.title.as_str(), last.description.as_str()),
        ("Head, \"Night\" Shift", "one, two")
    );
}

#[test]
fn quotes_are_written_in_several_ways() {
    for text in [
        "title,description\nDriver,\"He said \\\"go\\\", and went\"\nCook,\"Soup, \\\"hot\\\"\"\n",
        "title, description\nDriver, \"He said \"\"go\"\", and went\"\nCook, \"Soup, \"\"hot\"\"\"\n",
        "title,description\nDriver,\"He said \"\"go\"\", and went\" \nCook,\"Soup, \"\"hot\"\"\"\n",
    ] {
        let gathered = gather(text).unwrap();
        let expected = [(2, "Driver", "He said \"go\", and went"), (3, "Cook", "Soup, \"hot\"")];
        assert_eq!(told(&gathered), expected, "{text}");
    }
}

#[test]
fn quotes_within_quotes_need_not_be_doubled() {
    let text =
        "\"title\",\"description\"\n\"Nurse\",\"Cares \"at night\" for all\"\n\"Cook\",\"Cooks\"\n";
    let expected = [(2, "Nurse", "Cares \"at night\" for all"), (3, "Cook", "Cooks")];
    assert_eq!(told(&gather(text).unwrap()), expected);
    assert!(warnings(text).contains("the quotes in line 2 do not close"));
}

#[test]
fn delimiters_are_told() {
    let detect = |text: &str| {
        dialect::detect(text, &TableOptions::default(), &Columns::default()).map(|d| d.delimiter)
    };
    for (text, delimiter) in [
        ("title;text\na, b, c;d\n", b';'),
        ("title\ttext\na, b\tc\n", b'\t'),
        ("title|text\na,b|c\n", b'|'),
        ("sep=;\ntitle;text\n", b';'),
        ("SEP=^\ntitle^text\na, b;c^d\n", b'^'),
        ("\"sep=|\"\ntitle|text\n", b'|'),
        ("title,text\n\"a;b;c\",d\n", b','),
        ("title;text\ra, b, c;d\r", b';'),
        ("Report, as of today\n\n职位;职责\n司机;开车, 送货\n", b';'),
    ] {
        assert_eq!(detect(text), Some(delimiter), "{text}");
    }
    assert_eq!(detect("description\nsome text\n"), None);
    assert_eq!(told(&gather("description\nsome text\n").unwrap()), [(2, "", "some text")]);
    assert_eq!(told(&gather("sep=;\ntitle;text\na;b\n").unwrap()), [(3, "a", "b")]);
    assert_eq!(told(&gather("SEP=^\ntitle^text\na, b;c^d\n").unwrap()), [(3, "a, b;c", "d")]);
}

#[test]
fn lines_above_the_header_are_left_out_aloud() {
    for (text, first) in [
        ("Vacancy report\n\ntitle,description\na,b\n", "lines 1 to 2"),
        ("Stand: 5. Januar\nVertraulich; intern\nStelle;Aufgaben\na;b\n", "lines 1 to 2"),
        ("采集报告,,\n来源,某网站,\n\n岗位名称,岗位职责,薪资\na,b,8k\n", "lines 1 to 3"),
        ("sep=,\n\"Exported by\nHR, Leeds\"\ntitle,description\na,b\n", "lines 2 to 3"),
        ("Openings\rtitle,description\ra,b\r", "line 1"),
    ] {
        let (gathered, account) = read_table(text, TableOptions::default()).unwrap();
        let roles: Vec<(&str, &str)> =
            told(&gathered).into_iter().map(|(_, title, text)| (title, text)).collect();
        assert_eq!(roles, [("a", "b")], "{text}");
        let said = account.warnings.join("\n");
        assert!(said.contains(first) && said.contains("--skip-lines"), "{said}");
    }
}

#[test]
fn where_the_table_begins_can_be_said() {
    let table = TableOptions { no_header: false, skip_lines: 2 };
    let text = "title,description\nold,report\ntitle,description\na,b\n";
    let (gathered, account) = read_table(text, table).unwrap();
    assert_eq!(told(&gathered), [(4, "a", "b")]);
    assert!(account.warnings.is_empty(), "{:?}", account.warnings);

    let long = "x y ".repeat(60);
    let text = format!("Ulm,Fahrer,{long}\nUlm,Koch,{long}\nUlm,Arzt,{long}\n");
    let table = TableOptions { no_header: true, skip_lines: 0 };
    let (gathered, account) = read_table(&text, table).unwrap();
    assert_eq!(gathered.roles.len(), 3);
    assert_eq!((gathered.roles[0].origin.line, gathered.roles[0].title.as_str()), (1, "Fahrer"));
    assert!(account.columns.iter().all(|column| column.name.starts_with("column ")));
}

#[test]
fn unknown_columns_are_an_error_that_lists_them() {
    let error = gather("foo,bar\n1,2\n").unwrap_err().to_string();
    for part in ["\"foo\", \"bar\"", "--title-column", "--no-header", "--skip-lines", "line 1"] {
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[test]
fn a_header_that_repeats_itself_is_no_posting() {
    let text = "title,description\na,b\ntitle,description\nc,d\n";
    assert_eq!(told(&gather(text).unwrap()), [(2, "a", "b"), (4, "c", "d")]);
    assert!(warnings(text).contains("line 3 repeats the header"));
}

#[test]
fn of_two_columns_called_the_same_one_is_taken() {
    for text in [
        "title,description,Description\nNurse,Care for patients,internal\n",
        "title,title,description\nNurse,x-1,Care for patients\n",
        "Title,title,Description,description\nNurse,x-1,Care for patients,short\n",
    ] {
        assert_eq!(told(&gather(text).unwrap()), [(2, "Nurse", "Care for patients")], "{text}");
    }
}
