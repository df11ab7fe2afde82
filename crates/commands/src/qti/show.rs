//! `zerek qti show`: items as a page, on paper, as Typst source or as XML.

use super::input;
use crate::{BadInput, Outcome};
use base64::Engine as _;
use documents::report::{PaperField, PaperForm, PaperPicture, PaperTask};
use kernel::Language;
use qti::Item;
use qti::catalog::{Need, SUPPORTS};
use qti::render::{Mark, RenderOptions};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What items are shown as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A page a browser can open.
    Html,
    /// A paper form with an answer sheet.
    Pdf,
    /// Source of the printed form.
    Typst,
    /// Items as Zerek writes them.
    Xml,
}

/// How they are shown.
#[derive(Debug)]
pub struct Wishes {
    pub seed: Option<u64>,
    pub language: Option<String>,
    pub needs: Vec<Need>,
}

/// Largest picture that goes on paper.
const MAX_PICTURE: u64 = 16 * 1024 * 1024;

/// Reads `--need`.
pub fn need(text: &str) -> Result<Need, String> {
    Need::parse(text).ok_or_else(|| format!("not a support; one of {}, or ext:NAME", SUPPORTS.join(", ")))
}

/// An item with the files beside it.
struct Shown {
    item: Item,
    options: RenderOptions,
    root: PathBuf,
    path: String,
}

pub fn run(
    paths: &[PathBuf],
    to: Format,
    output: Option<&Path>,
    title: Option<String>,
    wishes: &Wishes,
) -> Result<Outcome, BadInput> {
    let mut warned = false;
    let mut shown = Vec::new();
    for path in paths {
        let (item, findings) = read(path, wishes)?;
        for finding in findings {
            warned = true;
            eprintln!("{}:{}: {}. {}", path.display(), finding.line, finding.message, finding.remedy);
        }
        shown.push(item);
    }
    let bytes = match to {
        Format::Html => page(&shown).into_bytes(),
        Format::Typst => shown.iter().map(|s| qti::render::typst(&s.item, &s.options)).collect::<String>().into_bytes(),
        Format::Xml => shown.iter().map(|s| qti::print_item(&s.item)).collect::<String>().into_bytes(),
        Format::Pdf => {
            let (bytes, missing) = pdf(&shown, title, &mut warned)?;
            if !missing.is_empty() {
                warned = true;
                eprintln!("these signs are in none of the fonts and were replaced: {missing}");
            }
            bytes
        }
    };
    write(output, to, &bytes)?;
    Ok(if warned { Outcome::Warnings } else { Outcome::Done })
}

fn write(output: Option<&Path>, to: Format, bytes: &[u8]) -> Result<(), BadInput> {
    use std::io::IsTerminal as _;
    match output {
        Some(path) => std::fs::write(path, bytes)
            .map_err(|error| BadInput(format!("{}: cannot be written: {error}", path.display()))),
        None if to == Format::Pdf && std::io::stdout().is_terminal() => {
            Err(BadInput("a PDF is no text for a terminal: name a file with --output".to_owned()))
        }
        None => std::io::stdout()
            .write_all(bytes)
            .map_err(|error| BadInput(format!("the standard output cannot be written: {error}"))),
    }
}

fn read(path: &Path, wishes: &Wishes) -> Result<(Shown, Vec<qti::check::Finding>), BadInput> {
    let root = input::root_of(path);
    let inside = input::path_in(&root, path);
    let text = input::text(path)?;
    let mut find = |file: &str| input::text(&root.join(file)).ok();
    let followed = qti::follow::item(&text, &inside, &mut find)
        .map_err(|error| BadInput(format!("{}: {error}", path.display())))?;
    let options = RenderOptions {
        shuffle_seed: wishes.seed,
        template_seed: wishes.seed.unwrap_or(qti::score::DEFAULT_SEED),
        language: wishes.language.clone(),
        needs: wishes.needs.clone(),
        stimuli: followed.stimuli,
        ..RenderOptions::default()
    };
    Ok((Shown { item: followed.item, options, root, path: inside }, followed.findings))
}

fn page(shown: &[Shown]) -> String {
    let first = shown.first().map(|shown| &shown.item);
    let (mut title, mut code) = (String::new(), String::new());
    qti::xml::escape_text(first.map_or("", |item| &item.title), &mut title);
    qti::xml::escape_attribute(first.and_then(|item| item.language.as_deref()).unwrap_or("en"), &mut code);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body>\n"
    );
    for (place, Shown { item, options, .. }) in shown.iter().enumerate() {
        let options = RenderOptions { id_prefix: format!("q{}", place + 1), ..options.clone() };
        let _ = writeln!(out, "<form>{}</form>", qti::render::html(item, &options));
    }
    out.push_str("</body></html>\n");
    out
}

fn language(shown: &Shown) -> Language {
    let code = shown.options.language.as_deref().or(shown.item.language.as_deref()).unwrap_or("");
    match code.split(['-', '_']).next().unwrap_or("") {
        "kk" => Language::Kk,
        "ru" => Language::Ru,
        _ => Language::En,
    }
}

fn pdf(shown: &[Shown], title: Option<String>, warned: &mut bool) -> Result<(Vec<u8>, String), BadInput> {
    let form = form(shown, title, warned);
    let renderer = documents::Renderer::new().map_err(|error| BadInput(error.to_string()))?;
    let pdf = renderer.render(&form).map_err(|error| BadInput(error.to_string()))?;
    Ok((pdf.bytes, pdf.missing))
}

fn form(shown: &[Shown], title: Option<String>, warned: &mut bool) -> PaperForm {
    let mut pictures = BTreeMap::new();
    let mut tasks = Vec::new();
    let mut fields = Vec::new();
    for (place, shown) in shown.iter().enumerate() {
        let number = (place + 1).to_string();
        // Pictures of different items may have one address: the base keeps them apart.
        let base = format!("{number}/");
        let options = RenderOptions { asset_base: base.clone(), ..shown.options.clone() };
        collect_pictures(shown, &base, &mut pictures, warned);
        tasks.push(PaperTask { number: number.clone(), body: qti::render::typst(&shown.item, &options) });
        let sheet = qti::render::sheet(&shown.item, &options);
        let many = sheet.len() > 1;
        for (part, field) in sheet.into_iter().enumerate() {
            let number = if many { format!("{number}.{}", part + 1) } else { number.clone() };
            fields.push(paper_field(number, field.mark));
        }
    }
    let first = shown.first();
    PaperForm {
        language: first.map_or(Language::En, language),
        title: title.or_else(|| first.map(|shown| shown.item.title.clone())).unwrap_or_default(),
        issuer: String::new(),
        tasks,
        fields,
        pictures,
    }
}

fn paper_field(number: String, mark: Mark) -> PaperField {
    let empty = PaperField { number, letters: Vec::new(), several: false, places: 0, lines: 0 };
    match mark {
        Mark::Letters { letters, several } => PaperField { letters, several, ..empty },
        Mark::Places(places) => PaperField { places, ..empty },
        Mark::Lines(lines) => PaperField { lines, ..empty },
        Mark::Page => empty,
    }
}

/// Reads the pictures an item and its stimuli name.
fn collect_pictures(shown: &Shown, base: &str, pictures: &mut BTreeMap<String, PaperPicture>, warned: &mut bool) {
    let mut addresses = Vec::new();
    let roots = shown.item.body.iter().chain(&shown.item.catalogs).chain(&shown.options.stimuli);
    for root in roots {
        root.walk(&mut |element| {
            let named = match element.name.as_str() {
                "img" => element.attribute("src").map(str::to_owned),
                "object" => element.attribute("data").map(str::to_owned),
                "qti-file-href" => Some(element.text().trim().to_owned()),
                _ => None,
            };
            addresses.extend(named);
        });
    }
    for address in addresses {
        if let Some((_, text)) = address.strip_prefix("data:image/").and_then(|rest| rest.split_once(";base64,")) {
            let text: String = text.split_whitespace().collect();
            match base64::engine::general_purpose::STANDARD.decode(text) {
                Ok(bytes) if is_picture(&bytes) => {
                    pictures.insert(address, PaperPicture { bytes });
                }
                _ => *warned = true,
            }
            continue;
        }
        let Some(inside) = qti::package::resolve(&shown.path, &address) else {
            *warned = true;
            eprintln!("{address}: leaves the package; its words stand in its place");
            continue;
        };
        let file = shown.root.join(inside);
        let small = std::fs::metadata(&file).is_ok_and(|metadata| metadata.len() <= MAX_PICTURE);
        let reason = match std::fs::read(&file) {
            Ok(bytes) if small && is_picture(&bytes) => {
                pictures.insert(format!("{base}{address}"), PaperPicture { bytes });
                continue;
            }
            Ok(_) if !small => format!("is larger than {} MB", MAX_PICTURE >> 20),
            Ok(_) => "is no picture that can be printed".to_owned(),
            Err(error) => format!("cannot be read: {error}"),
        };
        *warned = true;
        eprintln!("{}: {reason}; its words stand in its place", file.display());
    }
}

/// PNG, JPEG, GIF, WebP or SVG, by the first bytes.
fn is_picture(bytes: &[u8]) -> bool {
    let starts = |begin: &[u8]| bytes.starts_with(begin);
    let is_svg = || {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
        head.trim_start_matches('\u{feff}').trim_start().starts_with('<') && head.contains("<svg")
    };
    starts(b"\x89PNG") || starts(b"\xff\xd8") || starts(b"GIF8") || starts(b"RIFF") || is_svg()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every item of the engine's suite goes on paper, whatever it holds.
    #[test]
    fn every_item_of_the_suite_is_typeset() {
        let suite = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../qti/suite"));
        let mut folders: Vec<_> =
            std::fs::read_dir(suite).expect("the suite").map(|e| e.expect("an entry").path()).collect();
        folders.sort();
        let wishes =
            Wishes { seed: Some(3), language: None, needs: SUPPORTS.iter().filter_map(|s| Need::parse(s)).collect() };
        let shown: Vec<_> = folders
            .iter()
            .map(|folder| folder.join("item.xml"))
            .filter(|path| path.exists())
            .map(|path| read(&path, &wishes).expect("an item").0)
            .collect();
        assert!(shown.len() > 150);
        let (bytes, missing) = pdf(&shown, Some("Suite".to_owned()), &mut false).expect("typeset");
        assert!(bytes.starts_with(b"%PDF"));
        assert_eq!(missing, "");
    }

    #[test]
    fn text_of_an_item_is_text_whatever_it_holds() {
        let nasty = r#"#panic("x") *b* $a$ \u{41} <m> @r // ] [ " ' `c` #qti-line(9999em);"#;
        let mut escaped = String::new();
        qti::xml::escape_text(nasty, &mut escaped);
        let item = qti::parse_item(&format!(
            r#"<qti-assessment-item identifier="i" title="t" adaptive="false" time-dependent="false"><qti-item-body>
            <p>{escaped}</p><p><math><mi>{escaped}</mi><mfrac><mtext>{escaped}</mtext></mfrac></math></p>
            <p><img src="x.png" alt="a&quot;]#panic()"/></p></qti-item-body></qti-assessment-item>"#
        ))
        .expect("an item");
        let shown = Shown { item, options: RenderOptions::default(), root: PathBuf::new(), path: "i.xml".to_owned() };
        let (bytes, _) = pdf(&[shown], None, &mut false).expect("typeset");
        assert!(bytes.starts_with(b"%PDF"));
    }

    #[test]
    fn the_words_of_the_form_follow_the_language_of_the_item() {
        let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../qti/suite/choice-multiple/item.xml"));
        let wishes = Wishes { seed: None, language: Some("kk".to_owned()), needs: Vec::new() };
        let form = form(&[read(path, &wishes).expect("an item").0], None, &mut false);
        assert_eq!(form.language, Language::Kk);
        assert!(form.fields[0].several && form.fields[0].letters.len() > 1);
        assert!(form.tasks[0].body.contains("#qti-choice(\"A)\""));
    }
}
