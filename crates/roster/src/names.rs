//! Names as people look for them and as lists order them.

/// Letters of Kazakh (and Russian within it) in the order of the alphabet.
const ALPHABET: &str = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя";

/// A Kazakh letter as somebody with a Russian keyboard types it.
const fn without_own_letters(letter: char) -> char {
    match letter {
        'ә' => 'а',
        'ғ' => 'г',
        'қ' => 'к',
        'ң' => 'н',
        'ө' => 'о',
        'ұ' | 'ү' => 'у',
        'һ' => 'х',
        'і' => 'и',
        'ё' => 'е',
        other => other,
    }
}

/// The form in which names are searched: lower case, Kazakh letters as their Russian neighbours, one space between words.
///
/// ```
/// assert_eq!(roster::names::folded("  ӘЛІБЕК  Қуаныш"), roster::names::folded("алибек куаныш"));
/// ```
pub fn folded(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split_whitespace().map(|word| word.chars().map(without_own_letters).collect::<String>());
    words.collect::<Vec<_>>().join(" ")
}

/// A key whose byte order is the order of the Kazakh alphabet on every database: two hexadecimal digits a letter, spaces
/// before letters, Latin letters before Cyrillic.
///
/// ```
/// use roster::names::sort_key;
/// let mut names = ["Бекова", "Әлиева", "Ыбырай", "Ибраев", "Ақанов", "Іліясов"];
/// names.sort_by_key(|name| sort_key(name));
/// assert_eq!(names, ["Ақанов", "Әлиева", "Бекова", "Ибраев", "Ыбырай", "Іліясов"]);
/// ```
pub fn sort_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len() * 2);
    for letter in text.to_lowercase().chars() {
        let place = match letter {
            ' ' => 1,
            '0'..='9' => 2 + (u32::from(letter) - u32::from('0')),
            'a'..='z' => 20 + (u32::from(letter) - u32::from('a')),
            _ => ALPHABET.chars().position(|known| known == letter).map_or(15, |place| 60 + place as u32),
        };
        for digit in [place / 16, place % 16] {
            key.push(char::from_digit(digit, 16).unwrap_or('0'));
        }
    }
    key
}
