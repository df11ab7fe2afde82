//! Says clearly what to do when the browser's files have not been built.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=assets/dist/manifest.json");
    println!("cargo::rerun-if-changed=../../locales");
    if !Path::new("assets/dist/manifest.json").exists() {
        println!("cargo::error=The pages' styles, scripts and fonts are not built. Build them once: scripts/assets");
        std::process::exit(1);
    }
}
