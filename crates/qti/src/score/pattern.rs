//! Regular expressions of XML Schema (part 2, appendix F), as `patternMatch` uses them, written as those of the `regex`
//! crate: linear time, bounded size.

use super::evaluate::Environment;
use std::iter::Peekable;
use std::str::Chars;

/// Classes taken away from classes taken away from classes, at most.
const MAX_DEPTH: usize = 10;

/// The pattern of a `patternMatch`: always about the whole text. It may also be the name of a variable in braces.
///
/// `^` and `$` are plain signs in XML Schema, but authors write them as anchors: a pattern with them matches by either
/// reading.
pub(super) fn pattern(pattern: &str, environment: &dyn Environment) -> Option<regex::Regex> {
    let pattern = match pattern.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) if environment.declaration(name).is_some() => environment.variable(name, None).text(),
        _ => pattern.to_owned(),
    };
    compile(&pattern)
}

/// An expression about a whole text; `None` when it is none.
pub(super) fn compile(pattern: &str) -> Option<regex::Regex> {
    let (plain, anchored) = (translate(pattern, false), translate(pattern, true));
    let inner = if plain == anchored { plain } else { format!("{plain}|{anchored}") };
    regex::RegexBuilder::new(&format!("^(?:{inner})$")).size_limit(1 << 20).dfa_size_limit(1 << 20).build().ok()
}

fn translate(pattern: &str, anchors: bool) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => out.push_str(&escape(&mut letters)),
            '[' => class(&mut letters, &mut out, 0),
            '.' => out.push_str("[^\\n\\r]"),
            '^' | '$' if !anchors => out.extend(['\\', letter]),
            _ => out.push(letter),
        }
    }
    out
}

/// What follows a backslash, as a class or a sign.
fn escape(letters: &mut Peekable<Chars<'_>>) -> String {
    match letters.next() {
        // Signs that may begin a name, and those that may go on with it.
        Some('i') => "[\\p{L}_:]".to_owned(),
        Some('I') => "[^\\p{L}_:]".to_owned(),
        Some('c') => "[\\p{L}\\p{Nd}\\p{Mn}\\p{Mc}._:\\-\\x{B7}]".to_owned(),
        Some('C') => "[^\\p{L}\\p{Nd}\\p{Mn}\\p{Mc}._:\\-\\x{B7}]".to_owned(),
        Some('w') => "[^\\p{P}\\p{Z}\\p{C}]".to_owned(),
        Some('W') => "[\\p{P}\\p{Z}\\p{C}]".to_owned(),
        Some('s') => "[ \\t\\n\\r]".to_owned(),
        Some('S') => "[^ \\t\\n\\r]".to_owned(),
        Some(sign @ ('p' | 'P')) if letters.peek() == Some(&'{') => {
            let mut name = String::new();
            letters.next();
            for letter in letters.by_ref() {
                if letter == '}' {
                    break;
                }
                name.push(letter);
            }
            let block = name.strip_prefix("Is").and_then(|block| BLOCKS.iter().find(|(own, ..)| *own == block));
            match block {
                Some((_, first, last)) => {
                    let not = if sign == 'P' { "^" } else { "" };
                    format!("[{not}\\x{{{first:X}}}-\\x{{{last:X}}}]")
                }
                None => format!("\\{sign}{{{name}}}"),
            }
        }
        Some(sign) => format!("\\{sign}"),
        None => "\\".to_owned(),
    }
}

/// A class after its opening bracket. What it takes away (`[a-z-[aeiou]]`) binds weaker than its `^`, unlike in the
/// `regex` crate, whose signs for sets are plain here.
fn class(letters: &mut Peekable<Chars<'_>>, out: &mut String, depth: usize) {
    let mut inside = String::new();
    if letters.next_if_eq(&'^').is_some() {
        inside.push('^');
    }
    let mut without = String::new();
    let mut closed = false;
    while let Some(letter) = letters.next() {
        match letter {
            ']' => {
                closed = true;
                break;
            }
            '-' if depth < MAX_DEPTH && letters.next_if_eq(&'[').is_some() => class(letters, &mut without, depth + 1),
            _ => {
                inside.push_str(&member(letter, letters));
                let mut ahead = letters.clone();
                let is_range = ahead.next() == Some('-') && !matches!(ahead.next(), None | Some(']' | '['));
                if is_range {
                    letters.next();
                    if let Some(last) = letters.next() {
                        inside.push('-');
                        inside.push_str(&member(last, letters));
                    }
                }
            }
        }
    }
    // A class without an end is no pattern, and must not become one.
    if !closed {
        out.push('[');
        return;
    }
    let parts: &[&str] = if without.is_empty() { &["[", &inside, "]"] } else { &["[[", &inside, "]--", &without, "]"] };
    out.extend(parts.iter().copied());
}

fn member(letter: char, letters: &mut Peekable<Chars<'_>>) -> String {
    match letter {
        '\\' => escape(letters),
        '[' | '^' | '-' | '&' | '~' => format!("\\{letter}"),
        _ => letter.to_string(),
    }
}

/// Blocks of Unicode by the names XML Schema writes after `Is`: those of texts that people here write.
const BLOCKS: &[(&str, u32, u32)] = &[
    ("BasicLatin", 0x0, 0x7f),
    ("Latin-1Supplement", 0x80, 0xff),
    ("LatinExtended-A", 0x100, 0x17f),
    ("LatinExtended-B", 0x180, 0x24f),
    ("IPAExtensions", 0x250, 0x2af),
    ("SpacingModifierLetters", 0x2b0, 0x2ff),
    ("CombiningDiacriticalMarks", 0x300, 0x36f),
    ("Greek", 0x370, 0x3ff),
    ("GreekandCoptic", 0x370, 0x3ff),
    ("Cyrillic", 0x400, 0x4ff),
    ("CyrillicSupplement", 0x500, 0x52f),
    ("Armenian", 0x530, 0x58f),
    ("Hebrew", 0x590, 0x5ff),
    ("Arabic", 0x600, 0x6ff),
    ("Georgian", 0x10a0, 0x10ff),
    ("LatinExtendedAdditional", 0x1e00, 0x1eff),
    ("GreekExtended", 0x1f00, 0x1fff),
    ("GeneralPunctuation", 0x2000, 0x206f),
    ("SuperscriptsandSubscripts", 0x2070, 0x209f),
    ("CurrencySymbols", 0x20a0, 0x20cf),
    ("LetterlikeSymbols", 0x2100, 0x214f),
    ("NumberForms", 0x2150, 0x218f),
    ("Arrows", 0x2190, 0x21ff),
    ("MathematicalOperators", 0x2200, 0x22ff),
    ("GeometricShapes", 0x25a0, 0x25ff),
    ("CJKUnifiedIdeographs", 0x4e00, 0x9fff),
    ("HangulSyllables", 0xac00, 0xd7a3),
    ("PrivateUse", 0xe000, 0xf8ff),
];

#[cfg(test)]
mod tests {
    use super::translate;

    fn matches(pattern: &str, text: &str) -> bool {
        let pattern = format!("^(?:{})$", translate(pattern, false));
        regex::Regex::new(&pattern).unwrap_or_else(|error| panic!("{pattern}: {error}")).is_match(text)
    }

    #[test]
    fn classes_are_those_of_xml_schema() {
        assert!(matches("[a-z-[aeiou]]+", "rhythm") && !matches("[a-z-[aeiou]]+", "rhyme"));
        assert!(matches("[^a-c-[xyz]]", "d") && !matches("[^a-c-[xyz]]", "a") && !matches("[^a-c-[xyz]]", "x"));
        assert!(matches("[a-z-[b-y-[m]]]+", "amz") && !matches("[a-z-[b-y-[m]]]+", "n"));
        assert!(matches("a-[b]", "a-b"), "a hyphen outside a class is itself");
        assert!(matches("[a\\-[b]+", "a-[b"), "an escaped one, too");
        assert!(matches("[+\\-0-9]+", "+1-2") && matches("[-a]+", "-a") && matches("[a-]+", "a-"));
        assert!(matches("[a&&b]+", "&a") && matches("[~~]", "~"), "signs for sets are plain");
        assert!(matches("[+--]+", "+,-") && !matches("[+--]", "."), "a range that ends with a hyphen");
    }

    #[test]
    fn escapes_are_those_of_xml_schema() {
        assert!(matches("\\i\\c*", "_x-1") && !matches("\\i\\c*", "1x"));
        assert!(matches("[\\i-[:]][\\c-[:]]*", "сөз-1") && !matches("[\\i-[:]][\\c-[:]]*", "a:b"));
        assert!(matches("\\w+", "сөз1") && !matches("\\w", "_"), "an underscore is punctuation");
        assert!(matches("\\p{IsCyrillic}+", "сөз") && !matches("\\P{IsCyrillic}", "с"));
        assert!(matches("\\p{Lu}\\p{Ll}*", "Ғалым") && matches("\\$\\^\\.", "$^."));
        assert!(matches("a.c", "a c") && !matches("a.c", "a\nc"));
        assert!(matches("^a$", "^a$") && !matches("^a$", "a"), "no anchors");
    }

    #[test]
    fn any_pattern_is_compiled_or_refused() {
        let signs: Vec<char> = "[]-^\\pP{}iIcCwWsS&~.$|()*+?,1aж\n".chars().collect();
        let mut random = crate::random::Random::new(7);
        for _ in 0..2_000 {
            let length = random.below(16);
            let pattern: String = (0..length).map(|_| signs[random.below(signs.len() as u64) as usize]).collect();
            let _ = super::compile(&pattern);
        }
        assert!(super::compile(&"[a-".repeat(100_000)).is_none(), "nested without end");
    }
}
