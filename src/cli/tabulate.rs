//! `rolecluster table`: the roles of a run counted by what they state.

use rolecluster::pipeline::{Content, Measure, Table, TableSettings, table};
use rolecluster::store::RunFolder;
use rolecluster::tabulate::{Cell, CrossTab, Found, Pair, Repeats, Trends};
use rolecluster::text::truncate;

use super::args::TableArgs;
use super::exit_code::ExitCode;
use super::printer::Printer;
use super::table::{Align, aligned, counted, percent, plain};
use super::usage_error::UsageError;

/// Columns of a terminal that a name may take.
const NAME_WIDTH: usize = 32;

/// Prints the table.
pub fn run(args: &TableArgs, printer: &Printer) -> anyhow::Result<ExitCode> {
    if args.by.is_none() && args.values == Measure::Change && args.columns.is_some() {
        let why = "--values change compares periods and has no --columns; leave them out";
        return Err(UsageError(why.into()).into());
    }
    let run = RunFolder::open(&args.dir).map_err(rolecluster::Error::from)?;
    let settings = TableSettings {
        rows: args.rows.clone(),
        columns: args.columns.clone(),
        by: args.by,
        measure: args.values,
        currency: args.currency.clone(),
        floor: args.floor,
        most_rows: args.top,
        today: args.today,
        repeats: if args.with_duplicates { Repeats::Counted } else { Repeats::LeftOut },
    };
    let found = table(&run, &settings)?;
    if args.json {
        printer.json(&found)?;
    } else if args.csv {
        printer.data(&csv(&found)?)?;
    } else {
        printer.data(&text(&found, args.top))?;
    }
    tell(&found, printer);
    Ok(ExitCode::Success)
}

/// Says what is not in the table.
fn tell(found: &Table, printer: &Printer) {
    if found.repeats_left_out > 0 {
        printer.note(format_args!(
            "{} that repeat others are not counted; --with-duplicates counts them",
            counted(found.repeats_left_out, "role")
        ));
    }
    if let Some(n) = found.other_currencies.filter(|&n| n > 0) {
        printer.note(format_args!(
            "{} in other currencies than {} are not counted; --currency chooses one",
            counted(n, "role"),
            found.currency.as_deref().unwrap_or("that of the table")
        ));
    }
    if let Some(n) = found.unclear_pay.filter(|&n| n > 0) {
        printer.note(format_args!(
            "{} whose pay is without a currency, or without the time it is for, are not counted",
            counted(n, "role")
        ));
    }
    match &found.content {
        Content::Cells(cells) => {
            if cells.suppressed > 0 {
                printer.note(format_args!(
                    "{} with fewer than {} roles are suppressed; --floor sets another limit",
                    counted(cells.suppressed, "cell"),
                    cells.floor
                ));
            }
            if cells.without > 0 {
                let pay = found.other_currencies.map(|_| "pay");
                let rows = std::iter::once(found.rows.as_str());
                let asked: Vec<&str> = rows.chain(found.columns.as_deref()).chain(pay).collect();
                printer.note(format_args!(
                    "{} of {} state nothing for {}, and are not counted",
                    cells.without,
                    found.roles,
                    asked.join(" or ")
                ));
            }
        }
        Content::Change(None) => printer.note(
            "there are not two periods with enough roles to compare; a date column is mapped by \
             --date-column, and --by quarter or year makes the periods longer",
        ),
        Content::Change(Some(change)) if change.suppressed > 0 => printer.note(format_args!(
            "{} that too few roles have are left out; --floor sets another limit",
            counted(change.suppressed, "value")
        )),
        Content::Change(_) | Content::Together(_) | Content::Found(_) => {}
    }
}

fn text(found: &Table, most: usize) -> String {
    let (columns, rows) = match &found.content {
        Content::Cells(cells) => cells_text(found, cells),
        Content::Change(None) => return String::new(),
        Content::Change(Some(change)) => change_text(change, most),
        Content::Together(pairs) => pairs_text(pairs),
        Content::Found(found) => found_text(found),
    };
    aligned(&columns, &rows)
}

fn name(text: &str) -> String {
    truncate(&plain(text), NAME_WIDTH).into_owned()
}

fn cells_text(found: &Table, cells: &CrossTab) -> (Vec<Align>, Vec<Vec<String>>) {
    let mut header = vec![match &found.currency {
        Some(currency) => format!("{} ({currency} a month)", found.rows),
        None => found.rows.clone(),
    }];
    header.extend(cells.columns.iter().map(|column| name(column)));
    let mut rows = vec![header];
    for (row, values) in cells.rows.iter().zip(&cells.cells) {
        let mut line = vec![name(row)];
        line.extend(values.iter().map(cell_text));
        rows.push(line);
    }
    let mut total = vec!["roles".to_string()];
    total.extend(cells.column_totals.iter().map(usize::to_string));
    rows.push(total);
    let mut columns = vec![Align::Left];
    columns.extend(cells.columns.iter().map(|_| Align::Right));
    (columns, rows)
}

fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Suppressed => "·".into(),
        Cell::Count(0) => "-".into(),
        Cell::Count(count) => count.to_string(),
        Cell::Share { share, interval, .. } => {
            format!(
                "{} ({:.0}-{:.0})",
                percent(*share),
                interval.low * 100.0,
                interval.high * 100.0
            )
        }
        Cell::Pay { quartiles: [low, middle, high], .. } => {
            format!("{middle:.0} ({low:.0}-{high:.0})")
        }
    }
}

/// The largest rises, then the largest falls.
fn change_text(change: &Trends, most: usize) -> (Vec<Align>, Vec<Vec<String>>) {
    let [first, last] = [change.first.as_str(), change.last.as_str()];
    let header = ["", first, last, "change in points", "95 % interval", "p"];
    let mut rows = vec![header.map(str::to_string).to_vec()];
    let n = change.changes.len();
    let half = most.div_ceil(2);
    let shown = change.changes.iter().enumerate().filter(|(at, _)| *at < half || at + half >= n);
    for (_, one) in shown {
        rows.push(vec![
            name(&one.name),
            percent(one.share_before),
            percent(one.share_after),
            format!("{:+.1}", one.change() * 100.0),
            format!("{:+.1} to {:+.1}", one.difference.low * 100.0, one.difference.high * 100.0),
            p(one.p_adjusted),
        ]);
    }
    let counts = [change.n_first, change.n_last].map(|n| n.to_string());
    rows.push(["roles".to_string()].into_iter().chain(counts).collect());
    let mut columns = vec![Align::Left];
    columns.extend([Align::Right; 5]);
    (columns, rows)
}

/// A p-value in two digits, starred where it is below 5 %.
fn p(value: f64) -> String {
    let star = if value < 0.05 { "*" } else { " " };
    if value < 0.001 { format!("<0.001{star}") } else { format!("{value:.3}{star}") }
}

fn found_text(found: &[Found]) -> (Vec<Align>, Vec<Vec<String>>) {
    let header = ["", "roles", "share"].map(str::to_string).to_vec();
    let row = |one: &Found| vec![one.field.to_string(), one.count.to_string(), percent(one.share)];
    let rows = std::iter::once(header).chain(found.iter().map(row)).collect();
    (vec![Align::Left, Align::Right, Align::Right], rows)
}

fn pairs_text(pairs: &[Pair]) -> (Vec<Align>, Vec<Vec<String>>) {
    let header = ["", "", "roles", "overlap", "lift"].map(str::to_string).to_vec();
    let row = |pair: &Pair| {
        vec![
            name(&pair.first),
            name(&pair.second),
            pair.count.to_string(),
            percent(pair.overlap),
            format!("{:.1}", pair.lift),
        ]
    };
    let rows = std::iter::once(header).chain(pairs.iter().map(row)).collect();
    (vec![Align::Left, Align::Left, Align::Right, Align::Right, Align::Right], rows)
}

/// One line per cell, change or pair: a form that other programs pivot as they like.
fn csv(found: &Table) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    match &found.content {
        Content::Cells(cells) => csv_cells(found, cells, &mut writer)?,
        Content::Change(change) => csv_changes(change.as_ref(), &mut writer)?,
        Content::Found(found) => csv_found(found, &mut writer)?,
        Content::Together(pairs) => {
            writer.write_record(["first", "second", "roles", "overlap", "lift"])?;
            for pair in pairs {
                let [count, overlap, lift] =
                    [pair.count.to_string(), pair.overlap.to_string(), pair.lift.to_string()];
                let names = [harmless(&pair.first), harmless(&pair.second)];
                writer.write_record(names.into_iter().chain([count, overlap, lift]))?;
            }
        }
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn csv_found(found: &[Found], writer: &mut csv::Writer<Vec<u8>>) -> csv::Result<()> {
    writer.write_record(["field", "roles", "share"])?;
    for one in found {
        writer.write_record([one.field, &one.count.to_string(), &one.share.to_string()])?;
    }
    Ok(())
}

fn csv_cells(
    found: &Table,
    cells: &CrossTab,
    writer: &mut csv::Writer<Vec<u8>>,
) -> csv::Result<()> {
    let mut header = vec![found.rows.as_str(), found.columns.as_deref().unwrap_or("all")];
    header.extend(["roles", "of", "share", "low", "high"]);
    header.extend(["pay_lower_quartile", "pay_median", "pay_upper_quartile", "currency"]);
    header.push("suppressed");
    writer.write_record(&header)?;
    for (row, values) in cells.rows.iter().zip(&cells.cells) {
        let named = cells.columns.iter().zip(&cells.column_totals);
        for ((column, total), cell) in named.zip(values) {
            let mut record = vec![harmless(row), harmless(column)];
            record.extend(cell_record(cell, *total, found.currency.as_deref()));
            writer.write_record(&record)?;
        }
    }
    Ok(())
}

fn csv_changes(change: Option<&Trends>, writer: &mut csv::Writer<Vec<u8>>) -> csv::Result<()> {
    let mut header = vec!["name", "first", "last", "roles_first", "roles_last"];
    header.extend(["share_first", "share_last", "difference_low", "difference_high"]);
    header.push("p_adjusted");
    writer.write_record(&header)?;
    for (of, one) in change.iter().flat_map(|c| c.changes.iter().map(move |one| (c, one))) {
        let numbers = [
            one.share_before,
            one.share_after,
            one.difference.low,
            one.difference.high,
            one.p_adjusted,
        ];
        let mut record = vec![harmless(&one.name), of.first.clone(), of.last.clone()];
        record.extend([one.before.to_string(), one.after.to_string()]);
        record.extend(numbers.map(|number| number.to_string()));
        writer.write_record(&record)?;
    }
    Ok(())
}

fn cell_record(cell: &Cell, total: usize, currency: Option<&str>) -> Vec<String> {
    let mut record = vec![String::new(); 10];
    record[1] = total.to_string();
    record[8] = currency.unwrap_or_default().to_string();
    record[9] = (*cell == Cell::Suppressed).to_string();
    match cell {
        Cell::Suppressed => {}
        Cell::Count(count) => record[0] = count.to_string(),
        Cell::Share { count, share, interval } => {
            record[0] = count.to_string();
            record[2] = share.to_string();
            record[3] = interval.low.to_string();
            record[4] = interval.high.to_string();
        }
        Cell::Pay { count, quartiles } => {
            record[0] = count.to_string();
            record[5..8].iter_mut().zip(quartiles).for_each(|(to, value)| *to = value.to_string());
        }
    }
    record
}

/// A name that a spreadsheet does not run as a formula.
fn harmless(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        true => format!("'{text}"),
        false => text.to_string(),
    }
}
