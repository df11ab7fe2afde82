//! What an answer sheet holds for an item: one field per response, in the order of the page.

use super::{Page, RenderOptions, letter};
use crate::interaction::{ChoiceKind, InteractionKind as K};
use crate::item::Item;

/// How an answer is marked on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// Letters to be marked; several may be, or just one.
    Letters {
        /// The letters, in the order of the page.
        letters: Vec<String>,
        /// Whether several may be marked.
        several: bool,
    },
    /// So many places, each for a letter or a number.
    Places(usize),
    /// Lines to write on.
    Lines(usize),
    /// The answer stands on the page of the task.
    Page,
}

/// The field of one response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The response variable.
    pub response: String,
    /// How it is answered.
    pub mark: Mark,
}

/// The fields of an item. Choices that a template hides have no letter; with a seed the letters are those of the
/// drawn order, as [`super::typst()`] prints them.
#[must_use]
pub fn sheet(item: &Item, options: &RenderOptions) -> Vec<Field> {
    let session = crate::score::Session::start(item, options.template_seed);
    let page = Page::new(item, &session, options);
    let letters = |count: usize| (0..count).map(letter).collect::<Vec<_>>();
    item.interactions()
        .into_iter()
        .filter(|interaction| interaction.kind != K::EndAttempt)
        .map(|interaction| {
            let shown = |kind| page.shown(interaction, kind, 0).len();
            let several = page.is_multiple(interaction);
            let mark = match interaction.kind {
                K::Choice => Mark::Letters { letters: letters(shown(ChoiceKind::SimpleChoice)), several },
                K::Hotspot => Mark::Letters { letters: letters(shown(ChoiceKind::HotspotChoice)), several },
                K::Hottext => Mark::Letters { letters: letters(shown(ChoiceKind::Hottext)), several },
                K::Order => Mark::Places(shown(ChoiceKind::SimpleChoice)),
                K::GraphicOrder => Mark::Places(shown(ChoiceKind::HotspotChoice)),
                K::Associate => Mark::Places(shown(ChoiceKind::SimpleAssociableChoice) / 2),
                K::GraphicAssociate => Mark::Places(shown(ChoiceKind::AssociableHotspot) / 2),
                K::GapMatch => Mark::Places(shown(ChoiceKind::Gap)),
                K::GraphicGapMatch => Mark::Places(shown(ChoiceKind::AssociableHotspot)),
                K::TextEntry | K::InlineChoice | K::Slider => Mark::Lines(1),
                K::ExtendedText => Mark::Lines(interaction.count("expected-lines").unwrap_or(5).clamp(1, 30)),
                _ => Mark::Page,
            };
            Field { response: interaction.response().to_owned(), mark }
        })
        .collect()
}
