//! Login codes: short, easy to copy from paper, hard to guess, never a word.

use std::fmt;
use std::str::FromStr;

use rand::Rng;

/// Sixteen signs that look the same in Latin and in Cyrillic print and are not taken for each other: no 0 and O, no 1 and
/// I and l, no 3 and З, no 8 and B, no Y beside У, Ү and Ұ. A pupil may type them with either keyboard layout.
const SIGNS: &[u8; 16] = b"ACEHKMPTX2456789";
/// The Cyrillic letters that look like the Latin ones above, in the same order.
const CYRILLIC: &str = "АСЕНКМРТХ";
/// How many signs a code has: 32 random bits. With 12,000 codes in use a guess hits one in 350,000 times, and tries are
/// limited.
pub const CODE_LENGTH: usize = 8;

/// The code on a login card, as it is stored: eight signs without the dash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(String);

/// What was typed cannot be a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Another number of signs.
    #[error("a code has {CODE_LENGTH} letters and digits, not {found}")]
    Length {
        /// How many there were.
        found: usize,
    },
    /// A sign that no code has.
    #[error("no code has the sign \"{sign}\"")]
    Sign {
        /// The first such sign.
        sign: char,
    },
}

impl Code {
    /// A new code. Three letters never stand in a row, so that no code reads as a word in any language.
    pub fn random(rng: &mut (impl Rng + ?Sized)) -> Self {
        loop {
            let bits = rng.next_u32();
            let code: String =
                (0..CODE_LENGTH).map(|place| char::from(SIGNS[(bits >> (4 * place) & 15) as usize])).collect();
            let word = code.as_bytes().windows(3).any(|three| three.iter().all(u8::is_ascii_alphabetic));
            if !word {
                return Self(code);
            }
        }
    }

    /// As stored: eight signs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    /// As printed: `AC7K-4M9X`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (left, right) = self.0.split_at(CODE_LENGTH / 2);
        write!(formatter, "{left}-{right}")
    }
}

impl FromStr for Code {
    type Err = CodeError;

    /// Reads what a pupil typed: any case, any dashes and spaces, Latin or Cyrillic letters.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut code = String::with_capacity(CODE_LENGTH);
        for sign in text.chars().filter(|sign| !sign.is_whitespace() && !"-–—‑_.".contains(*sign)) {
            let upper = sign.to_uppercase().next().unwrap_or(sign);
            let latin = match CYRILLIC.chars().position(|letter| letter == upper) {
                Some(place) => char::from(SIGNS[place]),
                None => upper,
            };
            if !latin.is_ascii() || !SIGNS.contains(&(latin as u8)) {
                return Err(CodeError::Sign { sign });
            }
            code.push(latin);
        }
        match code.len() {
            CODE_LENGTH => Ok(Self(code)),
            found => Err(CodeError::Length { found }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[test]
    fn codes_are_seeded_and_no_words() {
        let (mut one, mut two) = (ChaCha8Rng::seed_from_u64(7), ChaCha8Rng::seed_from_u64(7));
        let mut seen = BTreeSet::new();
        for _ in 0..5_000 {
            let code = Code::random(&mut one);
            assert_eq!(code, Code::random(&mut two));
            assert_eq!(code.as_str().len(), CODE_LENGTH);
            assert!(!code.as_str().as_bytes().windows(3).any(|three| three.iter().all(u8::is_ascii_alphabetic)));
            seen.insert(code);
        }
        assert!(seen.len() > 4_990, "codes repeat: {}", seen.len());
    }

    #[test]
    fn every_sign_turns_up() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let used: BTreeSet<char> =
            (0..500).flat_map(|_| Code::random(&mut rng).as_str().chars().collect::<Vec<_>>()).collect();
        assert_eq!(used.len(), SIGNS.len());
    }

    #[test]
    fn a_code_is_read_as_pupils_type_it() {
        for typed in ["AC7K-4M9X", "ac7k4m9x", " AC7K 4M9X ", "АС7К-4М9Х", "ас7к–4м9х"] {
            let code: Code = typed.parse().unwrap();
            assert_eq!(code.to_string(), "AC7K-4M9X", "{typed}");
        }
    }

    #[test]
    fn what_is_no_code_says_why() {
        assert_eq!("AC7K".parse::<Code>(), Err(CodeError::Length { found: 4 }));
        assert_eq!("".parse::<Code>(), Err(CodeError::Length { found: 0 }));
        assert_eq!("AC7K-4M9Ж".parse::<Code>(), Err(CodeError::Sign { sign: 'Ж' }));
        assert_eq!("0C7K-4M9X".parse::<Code>(), Err(CodeError::Sign { sign: '0' }));
    }
}
