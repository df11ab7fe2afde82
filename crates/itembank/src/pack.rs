//! Items and forms of a content pack.

use std::collections::BTreeMap;

use kernel::{FormId, ItemId, ItemVersionId, Language, Localized};
use packs::{Campaign, ItemSet, Kind, Kinds, Pack, Row, Test, Text};
use store::Write;

use crate::ItemBankError;
use crate::load::{BankLoad, NewFormItem, NewItemFile, NewItemVersion, load};
use crate::model::{Form, Item, Skill};

/// The forms that were made of a pack, by the code of the test and the language.
pub type PackForms = BTreeMap<(String, Language), FormId>;

/// Brings the items and forms of a campaign's tests into the bank, as part of a write.
///
/// A test with a specification but without contents gets items that have metadata only; a test without a specification
/// gets forms without items: its results are brought in as totals.
///
/// # Errors
/// See [`load`].
pub async fn load_pack(write: &Write, pack: &Pack, campaign: &Campaign) -> Result<PackForms, ItemBankError> {
    let (mut bank, mut forms) = (BankLoad::default(), PackForms::new());
    for test in &campaign.tests {
        let items = items_of(write, pack, test);
        for language in languages(&test.languages) {
            let form = form_of(write, pack, test, language);
            forms.insert((test.code.clone(), language), form.id);
            for (index, item) in items.iter().enumerate() {
                let set =
                    pack.items.get(&test.code).filter(|set| set.languages.iter().any(|has| has == language.code()));
                let version = match set {
                    Some(set) => Some(version_of(write, set, item.id, language, index)?),
                    None => None,
                };
                bank.form_items.push(NewFormItem {
                    form: form.id,
                    position: index + 1,
                    item: item.id,
                    version: version.as_ref().map(|version| version.id),
                    key: set.and_then(|set| set.items.get(index)).map(|item| item.key.clone()),
                    max_score: 1.0,
                });
                bank.versions.extend(version);
            }
            bank.forms.push(form);
        }
        bank.items.extend(items);
    }
    load(write, &bank).await?;
    Ok(forms)
}

/// Brings the demonstration test "Kinds of tasks" into the bank, as part of a write.
///
/// # Errors
/// See [`load`].
pub async fn load_kinds(write: &Write, pack: &Pack) -> Result<PackForms, ItemBankError> {
    let (kinds, mut bank, mut forms) = (&pack.kinds, BankLoad::default(), PackForms::new());
    let items: Vec<Item> = kinds.items.iter().map(|kind| kind_item(write, kinds, kind)).collect();
    for language in languages(&kinds.languages) {
        let form = Form {
            id: FormId(write.next_id()),
            code: format!("{}-{language}", kinds.test),
            name: localized(&kinds.name),
            subject: kinds.subject.clone(),
            grade: kinds.grade,
            language,
        };
        forms.insert((kinds.test.clone(), language), form.id);
        for (item, kind) in items.iter().zip(&kinds.items) {
            let version = NewItemVersion {
                id: ItemVersionId(write.next_id()),
                item: item.id,
                version: 1,
                language,
                qti: kinds.xml(language.code(), kind)?.to_owned(),
            };
            for name in &kind.files {
                let (media_type, content) = Kinds::file(name)?;
                bank.files.push(NewItemFile {
                    version: version.id,
                    path: name.clone(),
                    media_type: media_type.to_owned(),
                    content: content.to_vec(),
                });
            }
            bank.form_items.push(NewFormItem {
                form: form.id,
                position: kind.number,
                item: item.id,
                version: Some(version.id),
                key: None,
                max_score: 1.0,
            });
            bank.versions.push(version);
        }
        bank.forms.push(form);
    }
    bank.items.extend(items);
    load(write, &bank).await?;
    Ok(forms)
}

fn kind_item(write: &Write, kinds: &Kinds, kind: &Kind) -> Item {
    Item {
        id: ItemId(write.next_id()),
        code: format!("{}-{:02}", kinds.test, kind.number),
        subject: kinds.subject.clone(),
        grade: kinds.grade,
        section: localized(&kinds.name),
        topic: localized(&kind.name),
        criterion: localized(&kind.name),
        skill: Skill::A,
        parallel_group: None,
    }
}

fn languages(codes: &[String]) -> impl Iterator<Item = Language> {
    codes.iter().filter_map(|code| code.parse().ok())
}

fn localized(text: &Text) -> Localized {
    Localized::new(&text.kk, &text.ru, &text.en)
}

/// The name of a test of a pack: subject and grade.
pub fn test_name(pack: &Pack, test: &Test) -> Localized {
    let (subject, grade) = (pack.subject(&test.subject), test.grade);
    let name = |language: &str| subject.map_or(test.subject.as_str(), |subject| subject.name.get(language));
    Localized::new(
        format!("{}, {grade}-сынып", name("kk")),
        format!("{}, {grade} класс", name("ru")),
        format!("{}, grade {grade}", name("en")),
    )
}

fn form_of(write: &Write, pack: &Pack, test: &Test, language: Language) -> Form {
    Form {
        id: FormId(write.next_id()),
        code: format!("{}-{language}", test.code),
        name: test_name(pack, test),
        subject: test.subject.clone(),
        grade: test.grade,
        language,
    }
}

fn items_of(write: &Write, pack: &Pack, test: &Test) -> Vec<Item> {
    let rows = pack.specifications.get(&test.code).map(|specification| specification.rows.as_slice());
    let item = |row: &Row| Item {
        id: ItemId(write.next_id()),
        code: format!("{}-{:02}", test.code, row.number),
        subject: test.subject.clone(),
        grade: test.grade,
        section: localized(&row.section),
        topic: localized(&row.topic),
        criterion: localized(&row.criterion),
        skill: match row.skill {
            packs::Skill::A => Skill::A,
            packs::Skill::B => Skill::B,
            packs::Skill::C => Skill::C,
        },
        parallel_group: None,
    };
    rows.unwrap_or_default().iter().map(item).collect()
}

fn version_of(
    write: &Write,
    set: &ItemSet,
    item: ItemId,
    language: Language,
    index: usize,
) -> Result<NewItemVersion, ItemBankError> {
    let qti = set.xml(language.code(), index + 1)?.to_owned();
    Ok(NewItemVersion { id: ItemVersionId(write.next_id()), item, version: 1, language, qti })
}
