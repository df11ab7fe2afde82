//! Tables through files: what goes out comes back, and what is wrong is named by row and column.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use documents::table::{
    Cell, Problems, ReadError, ReadOptions, Sheet, SheetColumn, Value, csv_file, read_table, read_table_with, xlsx_file,
};
use rust_xlsxwriter::{Format, Workbook};

fn marks() -> Sheet {
    Sheet {
        name: "Математика".to_owned(),
        title: "Тоқсан бағалары".to_owned(),
        notes: vec!["Демонстрациялық деректер".to_owned()],
        columns: ["Аты-жөні", "Сынып", "Балл", "Пайыз"].map(SheetColumn::new).to_vec(),
        rows: vec![
            vec!["Әбілқайырова Айгерім".into(), "4 «А»".into(), Cell::Whole(16), Cell::Percent(80.0, 1)],
            vec!["=Сұмдық(1)".into(), "4 «А»".into(), Cell::Number(12.5, 1), Cell::Empty],
        ],
    }
}

fn book(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_comes_back_as_it_went_out() {
    let bytes = xlsx_file("Бағалар", "Орталық", &[marks()]).unwrap();
    assert!(bytes == xlsx_file("Бағалар", "Орталық", &[marks()]).unwrap(), "the same tables give the same bytes");
    let table = read_table(&bytes, "marks.xlsx").unwrap();
    assert_eq!(table.sheet, "Математика");
    // Title, note, an empty row, then the head.
    assert_eq!((table.head_row, table.heads.join("|").as_str()), (4, "Аты-жөні|Сынып|Балл|Пайыз"));
    assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [5, 6]);
    assert_eq!(table.rows[0].cells[2..], [Value::Number(16.0), Value::Number(0.8)]);
    assert_eq!(table.rows[1].cells[0], Value::Text("=Сұмдық(1)".to_owned()));
}

#[test]
fn csv_comes_back_with_and_without_mark() {
    for (mark, separator, decimal) in [(true, b';', ','), (false, b',', '.'), (false, b'\t', ',')] {
        let bytes = csv_file(&marks(), mark, separator, decimal).unwrap();
        let table = read_table(&bytes, "marks.csv").unwrap();
        assert_eq!((table.encoding, table.head_row), ("UTF-8", 1));
        let (score, mut problems) = (table.column("балл").unwrap(), Problems::new());
        let scores: Vec<_> = table.rows.iter().map(|row| row.number(&score, &mut problems)).collect();
        assert_eq!((scores, problems.is_empty()), (vec![Some(16.0), Some(12.5)], true));
    }
}

#[test]
fn several_sheets_are_named_and_one_may_be_chosen() {
    let bytes = book(|book| {
        for name in ["4 сынып", "8 сынып", "бос"] {
            let sheet = book.add_worksheet().set_name(name).unwrap();
            if name != "бос" {
                sheet.write_row(0, 0, ["Аты", "Балл"]).unwrap();
                sheet.write_row(1, 0, [name, "5"]).unwrap();
            }
        }
        let hidden = book.add_worksheet().set_name("жасырын").unwrap();
        hidden.set_hidden(true).write_row(0, 0, ["x", "y"]).unwrap();
    });
    let several = ReadError::SeveralSheets {
        file: "a.xlsx".to_owned(),
        sheets: vec!["4 сынып".to_owned(), "8 сынып".to_owned()],
    };
    assert_eq!(read_table(&bytes, "a.xlsx"), Err(several));
    let choose =
        |sheet: &str| read_table_with(&bytes, "a.xlsx", &ReadOptions { sheet: Some(sheet.to_owned()), head_row: None });
    assert_eq!(choose("8 сынып").unwrap().rows[0].cells[0], Value::Text("8 сынып".to_owned()));
    assert_eq!(choose("бос"), Err(ReadError::Empty { file: "a.xlsx".to_owned() }));
    assert!(matches!(choose("9 сынып"), Err(ReadError::NoSuchSheet { sheets, .. }) if sheets.len() == 3));
}

#[test]
fn merged_cells_are_named_but_a_merged_title_does_not_matter() {
    let make = |merge_data: bool| {
        book(|book| {
            let sheet = book.add_worksheet();
            sheet.merge_range(0, 0, 0, 2, "Тоқсан бағалары", &Format::new()).unwrap();
            sheet.write_row(1, 0, ["Сынып", "Аты", "Балл"]).unwrap();
            for row in 2..6 {
                sheet.write_row(row, 0, ["4А", "Әлия", "5"]).unwrap();
            }
            if merge_data {
                sheet.merge_range(2, 0, 4, 0, "4А", &Format::new()).unwrap();
            }
        })
    };
    assert_eq!(read_table(&make(true), "a.xlsx"), Err(ReadError::Merged { cells: vec!["A3:A5".to_owned()] }));
    assert_eq!(read_table(&make(false), "a.xlsx").unwrap().head_row, 2);
}

#[test]
fn all_wrong_cells_are_named_where_people_see_them() {
    let bytes = book(|book| {
        let sheet = book.add_worksheet();
        // The table begins in B3.
        sheet.write_row(2, 1, ["Аты", "Балл", "Тілі"]).unwrap();
        sheet.write_row(3, 1, ["Әлия", "бес", "қазақша"]).unwrap();
        sheet
            .write_string(4, 1, "Ерлан")
            .unwrap()
            .write_number(4, 2, 21.0)
            .unwrap()
            .write_string(4, 3, "Орысша")
            .unwrap();
        sheet.write_string(5, 1, "Айша").unwrap().write_number(5, 2, 4.5).unwrap().write_string(5, 3, "неміс").unwrap();
        sheet.write_string(6, 2, "4,0").unwrap();
    });
    let table = read_table(&bytes, "a.xlsx").unwrap();
    let [name, score, language] = ["Аты", "балл", "ТІЛІ"].map(|head| table.column(head).unwrap());
    let mut problems = Problems::new();
    let mut scores = Vec::new();
    for row in &table.rows {
        row.needed_text(&name, &mut problems);
        scores.push(row.whole_within(&score, 0, 20, &mut problems));
        row.one_of(&language, &["Қазақша", "орысша"], &mut problems);
    }
    assert_eq!(scores, [None, None, None, Some(4)]);
    let texts: Vec<String> = problems.list().iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "row 4, column C (Балл): \"бес\" is not a number",
            "row 5, column C (Балл): 21 is not between 0 and 20",
            "row 6, column C (Балл): 4.5 is not a whole number",
            "row 6, column D (Тілі): \"неміс\" is not one of: Қазақша, орысша",
            "row 7, column B (Аты): the cell is empty",
            "row 7, column D (Тілі): the cell is empty",
        ]
    );
    assert_eq!(problems.clone().or_all(()), Err(problems));
}

#[test]
fn a_separator_inside_a_value_is_found() {
    let table = read_table("Аты;Балл\nӘлия;5\nЛи; Анна;4\n".as_bytes(), "a.csv").unwrap();
    let texts: Vec<String> = table.spilled().list().iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["row 3: 3 cells for 2 columns; put values that contain the separator in quotes"]);
}

#[test]
fn columns_must_be_there_once() {
    let table = read_table("Аты;Балл;балл\nӘлия;5;4\n".as_bytes(), "a.csv").unwrap();
    assert!(matches!(table.column("Сынып"), Err(ReadError::NoColumn { heads, .. }) if heads.len() == 3));
    assert_eq!(
        table.column("Балл"),
        Err(ReadError::ColumnTwice { head: "Балл".to_owned(), columns: vec!["B".to_owned(), "C".to_owned()] }),
    );
    assert_eq!(table.column_of(&["ФИО", "Аты"]).unwrap().index, 0);
    let table = read_table("Аты;Балл\nӘлия;5\nӘлия;4\nЕрлан;4\n".as_bytes(), "a.csv").unwrap();
    assert_eq!(table.repeated(&table.column("Аты").unwrap()), [("Әлия".to_owned(), vec![2, 3])]);
}

#[test]
fn files_that_are_no_tables_say_so() {
    let file = || "x".to_owned();
    assert_eq!(read_table(b"", "x"), Err(ReadError::Empty { file: file() }));
    assert_eq!(read_table(b"a;b\n", "x"), Err(ReadError::Empty { file: file() }));
    assert_eq!(read_table(b"%PDF-1.7\n1 0 obj", "x"), Err(ReadError::NotATable { file: file() }));
    for bytes in [&b"PK\x03\x04 not a zip"[..], &[0xD0, 0xCF, 0x11, 0xE0, 1, 2, 3][..]] {
        let error = read_table(bytes, "x").unwrap_err();
        assert!(matches!(error, ReadError::Damaged { .. } | ReadError::NotATable { .. }), "{error}");
    }
    let cut = &xlsx_file("a", "b", &[marks()]).unwrap()[..1_500];
    let error = read_table(cut, "x").unwrap_err();
    assert!(matches!(error, ReadError::Damaged { .. } | ReadError::NotATable { .. }), "{error}");
}
