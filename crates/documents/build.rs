//! Finds the fonts of the PDF documents. They come from declared npm packages, not from the repository.

use std::path::{Path, PathBuf};
use std::process::exit;

/// Variable for `include_bytes!`, and the file inside the packages.
const FONTS: [(&str, &str); 4] = [
    ("DOCUMENTS_FONT_REGULAR", "noto-sans/400Regular/NotoSans_400Regular.ttf"),
    ("DOCUMENTS_FONT_BOLD", "noto-sans/700Bold/NotoSans_700Bold.ttf"),
    ("DOCUMENTS_FONT_ITALIC", "noto-sans/400Regular_Italic/NotoSans_400Regular_Italic.ttf"),
    ("DOCUMENTS_FONT_MATH", "noto-sans-math/400Regular/NotoSansMath_400Regular.ttf"),
];
const PACKAGES: &str = "node_modules/@expo-google-fonts";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=package.json");
    if std::env::var_os("CARGO_FEATURE_PDF").is_none() {
        return;
    }
    let here = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    for (variable, file) in FONTS {
        let Some(path) = find(&here, file) else {
            println!("cargo::rerun-if-changed={PACKAGES}");
            println!(
                "cargo::error=The fonts of the PDF documents are missing ({file}). \
                 Install them once: npm ci, in the root of the repository"
            );
            exit(1);
        };
        println!("cargo::rerun-if-changed={}", path.display());
        println!("cargo::rustc-env={variable}={}", path.display());
    }
}

/// Beside this crate, or in a folder above it (a package installed for the whole repository).
fn find(here: &Path, file: &str) -> Option<PathBuf> {
    here.ancestors().take(3).map(|folder| folder.join(PACKAGES).join(file)).find(|path| path.is_file())
}
