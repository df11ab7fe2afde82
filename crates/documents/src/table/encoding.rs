//! From the bytes of a text file to its text.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1251};

/// What KZ-1048 (STRK 1048-2002), the Kazakh variant of windows-1251, has in the places of letters that neither
/// Kazakh nor Russian uses. A file that is not UTF-8 and comes to a school of Kazakhstan is one of the two; where it
/// has these places, it is KZ-1048.
const KAZAKH: [(char, char); 16] = [
    ('Ќ', 'Қ'),
    ('Ћ', 'Һ'),
    ('ќ', 'қ'),
    ('ћ', 'һ'),
    ('Ў', 'Ұ'),
    ('ў', 'ұ'),
    ('Ј', 'Ә'),
    ('Ґ', 'Ө'),
    ('Є', 'Ғ'),
    ('Ї', 'Ү'),
    ('ґ', 'ө'),
    ('є', 'ғ'),
    ('ј', 'ә'),
    ('Ѕ', 'Ң'),
    ('ѕ', 'ң'),
    ('ї', 'ү'),
];

/// The text of a file and the name of its encoding.
pub fn decode(bytes: &[u8]) -> (String, &'static str) {
    if let Some(rest) = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
        return (String::from_utf8_lossy(rest).into_owned(), "UTF-8");
    }
    if let Some(rest) = bytes.strip_prefix(&[0xFF, 0xFE]) {
        return (UTF_16LE.decode_without_bom_handling(rest).0.into_owned(), "UTF-16");
    }
    if let Some(rest) = bytes.strip_prefix(&[0xFE, 0xFF]) {
        return (UTF_16BE.decode_without_bom_handling(rest).0.into_owned(), "UTF-16");
    }
    // UTF-16 without its mark: separators, digits and line ends have a zero as one of their two bytes.
    let start = &bytes[..bytes.len().min(4_096)];
    let zeros = |odd: usize| start.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    if start.len() >= 4 && start.contains(&0) {
        let encoding = if zeros(1) >= zeros(0) { UTF_16LE } else { UTF_16BE };
        return (encoding.decode_without_bom_handling(bytes).0.into_owned(), "UTF-16");
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), "UTF-8");
    }
    let text = WINDOWS_1251.decode_without_bom_handling(bytes).0;
    if !text.contains(|letter| KAZAKH.iter().any(|(place, _)| *place == letter)) {
        return (text.into_owned(), "windows-1251");
    }
    let kazakh = |letter: char| KAZAKH.iter().find(|(place, _)| *place == letter).map_or(letter, |(_, kazakh)| *kazakh);
    (text.chars().map(kazakh).collect(), "KZ-1048")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Аты;Балл\nӘлия Қасымқызы;16\n";

    #[test]
    fn every_usual_encoding_is_seen() {
        let utf_16 = |mark: bool, little: bool| {
            let units = mark.then_some(0xFEFF).into_iter().chain(TEXT.encode_utf16());
            units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect::<Vec<u8>>()
        };
        let with_mark = [&[0xEF, 0xBB, 0xBF], TEXT.as_bytes()].concat();
        for (bytes, name) in [
            (TEXT.as_bytes().to_vec(), "UTF-8"),
            (with_mark, "UTF-8"),
            (utf_16(true, true), "UTF-16"),
            (utf_16(true, false), "UTF-16"),
            (utf_16(false, true), "UTF-16"),
            (utf_16(false, false), "UTF-16"),
        ] {
            assert_eq!(decode(&bytes), (TEXT.to_owned(), name));
        }
    }

    #[test]
    fn old_files_keep_their_kazakh_letters() {
        // "Қазақ ӘҒҢӨҰҮҺІ" in KZ-1048.
        let bytes = [0x8D, 0xE0, 0xE7, 0xE0, 0x9D, 0x20, 0xA3, 0xAA, 0xBD, 0xA5, 0xA1, 0xAF, 0x8E, 0xB2];
        assert_eq!(decode(&bytes), ("Қазақ ӘҒҢӨҰҮҺІ".to_owned(), "KZ-1048"));
        let (bytes, _, _) = WINDOWS_1251.encode("Имя;Балл №5");
        assert_eq!(decode(&bytes), ("Имя;Балл №5".to_owned(), "windows-1251"));
    }
}
