//! What is known of a table: labels by its map, chart, paths, edits, irregularities.

use proptest::prelude::*;

use super::*;
use crate::Record;

const SOURCE: &str = "\u{feff}mrn;Name;dob;seen;note;code\r\n7;\"Doe; Jo\";3/14/1967;2025-02-03 09:15;says \"\"hi\"\";E11.9\r\n8;Roe;1950-01-02;;\"two\r\nlines\";\r\n9;Poe\r\n";

fn map() -> TableMap {
    let column = |name: &str, label: &str, field: &str| TableColumn {
        name: name.into(),
        label: label.into(),
        field: (!field.is_empty()).then(|| field.into()),
        ..TableColumn::default()
    };
    let mut columns = vec![
        column("mrn", "medical_record_number", "identifier.value"),
        column("Name", "name", "name.text"),
        column("dob", "birth_date", "birth_date"),
        column("seen", "date", "performed"),
        column("code", "code", "code.code"),
    ];
    columns[4].system = Some("http://hl7.org/fhir/sid/icd-10-cm".into());
    TableMap {
        format: Format::Csv,
        entry: "person".into(),
        delimiter: ';',
        header: true,
        encoding: Encoding::Utf8,
        day_first: false,
        columns,
    }
}

#[test]
fn rows_are_entries_and_columns_fields() {
    let record = Record::parse_table(SOURCE, &map()).unwrap();
    assert_eq!(record.format(), Format::Csv);
    let rows: Vec<_> = record.chart().entries().collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0].text(Field::NameText).as_deref(), Some("Doe; Jo"));
    let date = |row: usize, field: Field| record.iso_date(rows[row].first(field)?).map(Cow::into_owned);
    assert_eq!(date(0, Field::BirthDate).as_deref(), Some("1967-03-14"));
    assert_eq!(date(0, Field::Performed).as_deref(), Some("2025-02-03T09:15"));
    assert_eq!(date(1, Field::Performed), None);
    let coding = rows[0].codings().next().unwrap();
    let parts = record.coding_parts(coding.code.unwrap());
    assert_eq!(record.system_of(&parts).as_deref(), Some("http://hl7.org/fhir/sid/icd-10-cm"));
    let note = record.locate("row[2].column[5]").unwrap();
    assert_eq!(record.tree().node(note).label(), Label::Unrecognised);
    assert_eq!(record.text(note).as_deref(), Some("two\r\nlines"));
    let found: Vec<_> = record.irregularities().iter().map(|one| (one.code, record.path(one.node))).collect();
    assert_eq!(found, [("byte_order_mark", "table".to_owned()), ("ragged_row", "row[3]".to_owned())]);
    let mut paths = record.paths();
    for (id, _) in record.tree().iter() {
        let path = paths.of(id).to_owned();
        assert_eq!(record.locate(&path).unwrap(), id, "{path}");
    }
}

#[test]
fn cells_change_and_go_without_moving_others() {
    let record = Record::parse_table(SOURCE, &map()).unwrap();
    let changed = record.with_replaced("row[2].Name", "O\"Hara; Jr").unwrap();
    assert_eq!(changed.source(), SOURCE.replace("Roe", "\"O\"\"Hara; Jr\"").as_bytes());
    let mut edits = record.edits();
    for path in ["row[1].Name", "row[2].column[5]", "row[3]"] {
        edits.remove(record.locate(path).unwrap());
    }
    let out = edits.finish(|id| record.emptied(id)).unwrap().apply(record.source());
    let expected = SOURCE.replace("\"Doe; Jo\"", "").replace("\"two\r\nlines\"", "").replace("9;Poe\r\n", "");
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn rows_of_json_work_as_well() {
    let source = "{\"mrn\": \"7\", \"Name\": \"Doe\", \"x\": 1}\n\n{\"dob\": \"1967\", \"mrn\": [1]}\n";
    let map = TableMap { format: Format::NdjsonTable, ..map() };
    let record = Record::parse_table(source, &map).unwrap();
    assert_eq!(record.chart().entries().count(), 2);
    assert_eq!(record.text(record.locate("row[1].Name").unwrap()).as_deref(), Some("Doe"));
    assert_eq!(record.path(record.locate("row[2].dob").unwrap()), "row[2].dob");
    assert_eq!(record.irregularities()[0].code, "malformed_cell");
    let mut edits = record.edits();
    edits.remove(record.locate("row[1].Name").unwrap());
    let out = edits.finish(|id| record.emptied(id)).unwrap().apply(record.source());
    assert_eq!(out, source.replace(", \"Name\": \"Doe\"", "").as_bytes());
    let error = Record::parse_table("{}\n[1]\n", &map).unwrap_err();
    assert_eq!((error.code(), error.line()), ("invalid_json", Some(2)));
}

#[test]
fn bad_maps_and_tables_are_errors() {
    let with = |change: fn(&mut TableMap)| {
        let mut map = map();
        change(&mut map);
        Record::parse_table("mrn\n7\n", &map).map(|_| "").unwrap_or_else(|error| error.code())
    };
    assert_eq!(with(|_| ()), "");
    assert_eq!(with(|map| map.entry = "nobody".into()), "invalid_argument");
    assert_eq!(with(|map| map.columns[0].label = "structure".into()), "invalid_argument");
    assert_eq!(with(|map| map.columns[0].field = Some("nothing".into())), "invalid_argument");
    assert_eq!(with(|map| map.columns[1].name = "mrn".into()), "invalid_argument");
    assert_eq!(with(|map| map.delimiter = '"'), "invalid_argument");
    for (source, code) in
        [(b"".as_slice(), "empty_input"), (b"mrn\n\"7\n", "truncated"), (b"mrn\nZo\xeb\n", "invalid_utf8")]
    {
        assert_eq!(
            Record::parse_table(source, &TableMap { delimiter: ',', ..map() }).unwrap_err().code(),
            code
        );
    }
    let named = TableMap { encoding: Encoding::Windows1252, ..map() };
    let record = Record::parse_table(b"mrn;Name\n7;Zo\xeb\n".as_slice(), &named).unwrap();
    assert_eq!(record.text(record.locate("row[1].Name").unwrap()).as_deref(), Some("Zoë"));
}

#[test]
fn a_map_is_suggested() {
    let source = "Patient ID,DOB,SSN,Service Date,x,contact,icd10\n7,1967-03-14,987-65-4320,3/4/2025,17,218-555-0142,E11.9\n";
    let map = suggest(source.as_bytes(), Format::Csv).unwrap();
    let found: Vec<_> =
        map.columns.iter().map(|column| (column.name.as_str(), column.label.as_str())).collect();
    let expected = [
        ("Patient ID", "medical_record_number"),
        ("DOB", "birth_date"),
        ("SSN", "social_security_number"),
        ("Service Date", "date"),
        ("contact", "phone"),
        ("icd10", "code"),
    ];
    assert_eq!(found, expected, "a column of numbers without a known name tells nothing");
    assert!(Record::parse(source, Some(Format::Csv)).is_ok());
}

#[test]
fn the_names_of_columns_are_known_labels_and_fields() {
    let rows = include_str!("../../../data/table/columns.csv").lines().filter(|line| !line.starts_with('#'));
    for row in rows.skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        assert_eq!(cells.len(), 4, "{row}");
        assert!(Label::from_name(cells[1]).is_some(), "{row}");
        assert!(cells[2].is_empty() || Whose::from_name(cells[2]).is_some(), "{row}");
        assert!(cells[3].is_empty() || Field::from_name(cells[3]).is_some(), "{row}");
    }
}

proptest! {
    #![proptest_config(crate::text::cases(256))]

    /// No input makes the reader fail otherwise than with an error; an output without edits is the source, and a cell
    /// that is written reads back.
    #[test]
    fn any_table_is_read(text in "[a-z,;\"\r\n é]{0,80}", value in "[ -~é\n]{0,12}") {
        let source = format!("mrn;Name\n{text}");
        if let Ok(record) = Record::parse_table(source.clone(), &map()) {
            let same = record.edits().finish(|id| record.emptied(id)).unwrap().apply(record.source());
            prop_assert_eq!(same, source.as_bytes());
            for (id, node) in record.tree().iter() {
                let path = record.path(id);
                prop_assert_eq!(record.locate(&path).unwrap(), id);
                if record.text(id).is_some() && node.label() == Label::Name {
                    let changed = record.with_replaced(&path, &value).unwrap();
                    let cell = changed.locate(&path);
                    let now = cell.ok().and_then(|cell| changed.text(cell)).unwrap_or_default().into_owned();
                    prop_assert_eq!(now, value.as_str());
                    break;
                }
            }
        }
    }
}

#[test]
fn a_name_that_looks_like_a_place_misleads_nobody() {
    let source = "a,column[3],dob\n1,2,2001-02-03\n";
    let column =
        |name: &str| TableColumn { name: name.into(), label: "free_text".into(), ..TableColumn::default() };
    let map =
        TableMap { columns: vec![column("column[3]")], ..suggest(source.as_bytes(), Format::Csv).unwrap() };
    let record = Record::parse_table(source, &map).unwrap();
    let mut paths = record.paths();
    for (id, _) in record.tree().iter() {
        let path = paths.of(id).to_owned();
        assert_eq!(record.locate(&path).unwrap(), id, "{path}");
    }
}

#[test]
fn places_in_wide_rows_are_told_without_reading_them_again() {
    for width in [1000, 20_000] {
        let names: Vec<String> = (0..width).map(|at| format!("c{}", at % (width / 2))).collect();
        let cells: Vec<&str> = (0..width).map(|at| ["7", "", "\"a,b\"", "x"][at % 4]).collect();
        let source = format!("{}\n{}\n{}\n", names.join(","), cells.join(","), ",".repeat(width));
        let column = |name: &String| TableColumn {
            name: name.clone(),
            label: "free_text".into(),
            ..TableColumn::default()
        };
        let columns = names.iter().take(width / 2).step_by(3).map(column).collect();
        let map = TableMap { columns, delimiter: ',', ..map() };
        let record = Record::parse_table(source.as_str(), &map).unwrap();
        super::super::places::work::taken();
        let ids: Vec<_> = record.tree().iter().map(|(id, _)| id).collect();
        for id in ids.iter().rev().chain(ids.iter().step_by(7)) {
            let path = record.path(*id);
            // A name stands in the row twice, and the first is found.
            let place = record.locate(&path).unwrap();
            assert!(place == *id || (!path.contains("column[") && record.path(place) == path), "{path}");
        }
        let read = super::super::places::work::taken();
        assert!(read < 64 * source.len(), "{read} bytes read of {}", source.len());
    }
}

#[test]
fn a_table_may_have_more_columns_than_a_map() {
    let names: Vec<String> = (0..MOST_COLUMNS + 7).map(|at| format!("seen on {at}")).collect();
    let source = format!("{}\n{}\n", names.join(","), vec!["2025-02-03"; names.len()].join(","));
    let map = suggest(source.as_bytes(), Format::Csv).unwrap();
    assert_eq!(map.columns.len(), MOST_COLUMNS);
    let record = Record::parse_table(source, &map).unwrap();
    let label = |path: &str| record.tree().node(record.locate(path).unwrap()).label();
    assert_eq!(label("row[1].seen on 59999"), Label::Date);
    assert_eq!(label("row[1].column[60001]"), Label::Unrecognised);
}
