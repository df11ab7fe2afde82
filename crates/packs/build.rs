//! Rebuilds the crate when a file of the pack changes: the macro that embeds the folder cannot say so itself.

fn main() {
    println!("cargo:rerun-if-changed=../../packs/kz");
}
