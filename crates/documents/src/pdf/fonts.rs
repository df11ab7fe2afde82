//! The fonts: Noto Sans in three cuts, and Noto Sans Math for formulas and the signs that the cuts lack, built into the
//! program.

use std::collections::BTreeSet;

use typst::foundations::Bytes;
use typst::text::Font;

use super::DocumentError;

/// Name of each built-in font and its file, in the order of the font book.
pub(super) const FILES: [(&str, &[u8]); 4] = [
    ("Noto Sans Regular", include_bytes!(env!("DOCUMENTS_FONT_REGULAR"))),
    ("Noto Sans Bold", include_bytes!(env!("DOCUMENTS_FONT_BOLD"))),
    ("Noto Sans Italic", include_bytes!(env!("DOCUMENTS_FONT_ITALIC"))),
    ("Noto Sans Math Regular", include_bytes!(env!("DOCUMENTS_FONT_MATH"))),
];

/// How many of [`FILES`] are cuts of the text font.
const CUTS: usize = 3;

/// Printed in place of a letter that no font has.
const REPLACEMENT: char = '\u{FFFD}';

/// The fonts, in the order of [`FILES`].
pub(super) struct Fonts {
    pub fonts: Vec<Font>,
}

impl Fonts {
    pub fn built_in() -> Result<Self, DocumentError> {
        let fonts = FILES
            .iter()
            .map(|(name, file)| Font::new(Bytes::new(*file), 0).ok_or(DocumentError::Font(name)))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self { fonts })
    }

    /// Replaces letters that no font has, so that one odd sign in a name does not stop a report. Gives the text and
    /// the letters replaced.
    pub fn replace_missing(&self, text: String) -> (String, String) {
        let (cuts, others) = self.fonts.split_at(CUTS.min(self.fonts.len()));
        let known = |letter: char| {
            let has = |font: &Font| font.info().coverage.contains(u32::from(letter));
            letter.is_ascii() || cuts.iter().all(has) || others.iter().any(has)
        };
        if text.chars().all(known) {
            return (text, String::new());
        }
        let missing: BTreeSet<char> = text.chars().filter(|letter| !known(*letter)).collect();
        let text = text.chars().map(|letter| if known(letter) { letter } else { REPLACEMENT }).collect();
        (text, missing.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The nine letters that Kazakh adds to Russian, in both cases, and the signs that reports use.
    const NEEDED: &str = "ӘәҒғҚқҢңӨөҰұҮүҺһІі№«»–—−±·×…ЁёЙй\u{FFFD}";

    #[test]
    fn every_cut_has_the_kazakh_letters_and_our_signs() {
        for (name, file) in &FILES[..CUTS] {
            let face = ttf_parser::Face::parse(file, 0).unwrap();
            for letter in NEEDED.chars() {
                assert!(face.glyph_index(letter).is_some_and(|glyph| glyph.0 != 0), "{name}: {letter}");
            }
        }
    }

    #[test]
    fn labels_and_names_need_no_replacement_but_odd_signs_do() {
        let fonts = Fonts::built_in().unwrap();
        for language in kernel::Language::ALL {
            let labels = serde_json::to_string(&crate::Labels::built_in(language)).unwrap();
            assert_eq!(fonts.replace_missing(labels.clone()), (labels, String::new()));
        }
        let signs = "≠ ≤ ≥ √ ∑ ∫ ∞ α β π Ω → ⇒ ⇔ ∈ ∪ ∩ ∅ ∠ ⊥ ∥ △ ′ ∀ ∃ ℝ ✓".to_owned();
        assert_eq!(fonts.replace_missing(signs.clone()), (signs, String::new()));
        let (text, missing) = fonts.replace_missing("Әлия 名 🙂 名".to_owned());
        assert_eq!(text, "Әлия \u{FFFD} \u{FFFD} \u{FFFD}");
        assert_eq!(missing, "名🙂");
    }
}
