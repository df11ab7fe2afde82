//! Writes a sample of every document: `cargo run -p documents --release --example samples -- FOLDER`.

use std::error::Error;
use std::path::{Path, PathBuf};

use documents::{Document, Renderer, samples};
use kernel::Language;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "target/samples".to_owned()));
    std::fs::create_dir_all(&folder)?;
    let renderer = Renderer::new()?;
    for language in Language::ALL {
        write(&renderer, &folder, &format!("individual-{language}"), &samples::individual(language))?;
        write(&renderer, &folder, &format!("weak-{language}"), &samples::weak(language))?;
        write(&renderer, &folder, &format!("class-{language}"), &samples::class(language, 36))?;
        write(&renderer, &folder, &format!("school-{language}"), &samples::school(language))?;
        write(&renderer, &folder, &format!("campaign-{language}"), &samples::campaign(language))?;
        write(&renderer, &folder, &format!("cards-{language}"), &samples::cards(language, 36))?;
        write(&renderer, &folder, &format!("paper-{language}"), &samples::paper(language))?;
    }
    Ok(())
}

fn write<D: Document>(renderer: &Renderer, folder: &Path, name: &str, document: &D) -> Result<(), Box<dyn Error>> {
    let pdf = renderer.render(document)?;
    println!(
        "{name}: {} pages, {} bytes{}",
        pdf.pages,
        pdf.bytes.len(),
        if pdf.missing.is_empty() { "" } else { ", letters missing" }
    );
    std::fs::write(folder.join(format!("{name}.pdf")), pdf.bytes)?;
    Ok(())
}
