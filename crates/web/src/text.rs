//! Texts of the interface: Fluent files of `locales/`, kept inside the program.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use include_dir::{Dir, include_dir};
use kernel::Language;
use unic_langid::LanguageIdentifier;

use crate::format;

static LOCALES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../locales");

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<BTreeMap<Language, Bundle>> =
    LazyLock::new(|| Language::ALL.into_iter().map(|language| (language, bundle(language))).collect());

fn bundle(language: Language) -> Bundle {
    let identifier: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![identifier]);
    // Isolation marks would stand in HTML, file names and PDF.
    bundle.set_use_isolating(false);
    // Whole numbers in sentences are written as everywhere else; the plural form is chosen before.
    bundle.set_formatter(Some(match language {
        Language::En => |value, _| whole_number(Language::En, value),
        Language::Kk | Language::Ru => |value, _| whole_number(Language::Ru, value),
    }));
    for file in LOCALES.get_dir(language.code()).map(Dir::files).into_iter().flatten() {
        // A file with a mistake still gives its good messages; a test reads every file without mistakes.
        let text = file.contents_utf8().unwrap_or_default().to_owned();
        let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, _mistakes)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn whole_number(language: Language, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    (number.value.fract() == 0.0 && number.value.abs() < 9e15).then(|| format::whole(language, number.value as i64))
}

/// A message without arguments. A key that no file has gives the key itself; a test finds such keys.
pub fn text(language: Language, key: &str) -> String {
    text_with(language, key, &[])
}

/// A message with arguments.
pub fn text_with(language: Language, key: &str, arguments: &[(&str, FluentValue<'_>)]) -> String {
    let Some(bundle) = BUNDLES.get(&language) else { return key.to_owned() };
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else { return key.to_owned() };
    let mut given = FluentArgs::new();
    for (name, value) in arguments {
        given.set(*name, value.clone());
    }
    let mut mistakes = Vec::new();
    bundle.format_pattern(pattern, Some(&given), &mut mistakes).into_owned()
}

/// Whether a language has a message.
pub fn has(language: Language, key: &str) -> bool {
    BUNDLES.get(&language).is_some_and(|bundle| bundle.has_message(key))
}

/// All files of a language, for tests.
pub fn files(language: Language) -> impl Iterator<Item = (&'static str, &'static str)> {
    let folder = LOCALES.get_dir(language.code());
    folder.into_iter().flat_map(Dir::files).filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
}
