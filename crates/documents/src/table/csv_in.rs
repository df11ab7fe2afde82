//! CSV in: encoding, separator, rows with their line numbers.

use super::read::assemble;
use super::{ReadError, ReadOptions, Table, Value, encoding};

const SEPARATORS: [u8; 4] = [b';', b',', b'\t', b'|'];

pub(super) fn read(bytes: &[u8], filename: &str, options: &ReadOptions) -> Result<Table, ReadError> {
    let (text, encoding) = encoding::decode(bytes);
    if !is_text(&text, bytes) {
        return Err(ReadError::NotATable { file: filename.to_owned() });
    }
    let rows =
        all_records(&text).into_iter().map(|(line, cells)| (line, cells.into_iter().map(value).collect())).collect();
    let mut table = assemble(rows, filename, options)?;
    table.encoding = encoding;
    Ok(table)
}

/// Text has no control characters but line ends and tabs: a picture or a PDF has many.
pub(super) fn is_text(text: &str, bytes: &[u8]) -> bool {
    let strange =
        text.chars().take(10_000).filter(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'));
    strange.count() == 0 && !bytes.starts_with(b"%PDF")
}

/// Records with their lines, cut by the separator that the file names or seems to use.
pub(super) fn all_records(text: &str) -> Vec<(u32, Vec<String>)> {
    // Excel names the separator in a first line of its own.
    let (named, skipped, body) = match text.strip_prefix("sep=").and_then(|rest| rest.split_once('\n')) {
        Some((separator, body)) => (separator.trim_end_matches('\r').bytes().next(), 1, body),
        None => (None, 0, text),
    };
    let separator = named.unwrap_or_else(|| guess(body));
    records(body, separator).map(|(line, cells)| (line + skipped, cells)).collect()
}

fn value(cell: String) -> Value {
    let trimmed = cell.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
    if trimmed.is_empty() {
        Value::Empty
    } else if trimmed.len() == cell.len() {
        Value::Text(cell)
    } else {
        Value::Text(trimmed.to_owned())
    }
}

/// Records with the line on which each begins, from 1.
fn records(text: &str, separator: u8) -> impl Iterator<Item = (u32, Vec<String>)> {
    let reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    // The text is valid UTF-8 and rows may have any length, so that no record can fail.
    reader.into_records().filter_map(Result::ok).map(|record| {
        let (line, byte) = record.position().map_or((1, 0), |position| (position.line(), position.byte()));
        // The position lies before the empty lines that were skipped on the way to the record.
        let ends = text.bytes().skip(byte as usize).take_while(|byte| matches!(byte, b'\n' | b'\r'));
        let skipped = ends.filter(|byte| *byte == b'\n').count();
        (line as u32 + skipped as u32, record.iter().map(str::to_owned).collect())
    })
}

/// The separator that cuts most of the first rows into the same number of cells, more than one. A decimal comma does
/// not cut all rows alike, and words in a title are not cut at all.
fn guess(text: &str) -> u8 {
    let score = |separator: &u8| {
        let widths: Vec<usize> = records(text, *separator).take(50).map(|(_, cells)| cells.len()).collect();
        let usual = widths
            .iter()
            .copied()
            .filter(|width| *width > 1)
            .max_by_key(|width| (widths.iter().filter(|other| *other == width).count(), *width));
        usual.map_or((0, 0), |usual| (widths.iter().filter(|width| **width == usual).count(), usual))
    };
    // With equal scores the first of the list: a semicolon is never part of a number.
    SEPARATORS.into_iter().rev().max_by_key(score).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_seen_behind_decimal_commas_and_titles() {
        for (text, separator) in [
            ("Аты;Балл\nӘлия;12,5\nЕрлан;13,5\n", b';'),
            ("name,score\nA,12.5\nB,13\n", b','),
            ("Аты\tБалл\nӘлия\t12,5\n", b'\t'),
            ("Есеп, 2022 жыл\nАты;Балл;Сынып\nӘлия, Б.;12,5;4\n", b';'),
            ("\"Фамилия, имя\",Балл\n\"Ли, Анна\",5\n", b','),
            ("a|b\n1|2\n", b'|'),
        ] {
            assert_eq!(char::from(guess(text)), char::from(separator), "{text}");
        }
    }

    #[test]
    fn lines_are_counted_as_in_the_file() {
        let text = "Атауы\n\nАты;Балл\n\n\"Екі\nжол\";1\nӘлия;x\n";
        let table = read(text.as_bytes(), "a.csv", &ReadOptions::default()).unwrap();
        assert_eq!((table.head_row, table.heads.clone()), (3, vec!["Аты".to_owned(), "Балл".to_owned()]));
        assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [5, 7]);
        let named = read(b"sep=,\na,b\n1;5,2\n", "a.csv", &ReadOptions::default()).unwrap();
        assert_eq!((named.head_row, named.rows[0].number), (2, 3));
        assert_eq!(named.rows[0].cells[0], Value::Text("1;5".to_owned()));
    }

    #[test]
    fn what_is_not_text_is_refused() {
        for bytes in [&b"%PDF-1.7\nabc"[..], &[0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13][..]] {
            assert_eq!(read(bytes, "x", &ReadOptions::default()), Err(ReadError::NotATable { file: "x".to_owned() }),);
        }
    }
}
