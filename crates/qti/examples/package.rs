//! Memory and speed of a large package: `cargo run -p qti --release --example package -- FILE ITEMS MEGABYTES`.
//!
//! Writes a package of so many items and so many megabytes of films, reads and checks every item, copies every film,
//! and prints items per second and the most memory the process has had. Delete FILE afterwards.

use qti::package::{DocumentKind, Package, PackageError, PackageWriter};
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::time::Instant;

const ITEM: &str = include_str!("../suite/choice-single/item.xml");
/// One film, in megabytes.
const FILM: usize = 256;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("name a file to write")?;
    let items: usize = arguments.next().ok_or("say how many items")?.parse()?;
    let megabytes: usize = arguments.next().ok_or("say how many megabytes of films")?.parse()?;
    write(&file, items, megabytes)?;
    println!("{} MB written", std::fs::metadata(&file)?.len() >> 20);
    let start = Instant::now();
    let mut package = Package::open(BufReader::new(File::open(&file)?))?;
    let (mut read, mut findings, mut bytes) = (0_u32, 0, 0);
    for resource in package.manifest()?.resources {
        let Some(path) = &resource.href else { continue };
        if resource.is_item() {
            let item = qti::parse_item(&package.text(path)?)?;
            findings += qti::check::item(&item).len();
            read += 1;
        } else {
            bytes += package.copy(path, &mut std::io::sink(), 1 << 40)?;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{read} items and {} MB of films in {seconds:.1} s, {findings} findings", bytes >> 20);
    println!("{:.0} items per second, films included", f64::from(read) / seconds);
    // Linux counts the most memory for us.
    let status = std::fs::read_to_string("/proc/self/status")?;
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: not known here"));
    Ok(())
}

fn write(file: &str, items: usize, megabytes: usize) -> Result<(), PackageError> {
    let mut writer = PackageWriter::new(BufWriter::new(File::create(file)?), "large");
    for index in 0..items {
        writer.add(DocumentKind::Item, &format!("i{index}"), &format!("items/i{index}.xml"), ITEM.as_bytes())?;
    }
    let piece = vec![0x5a_u8; 1 << 20];
    for film in 0..megabytes.div_ceil(FILM) {
        let to = writer.begin(DocumentKind::File, &format!("f{film}"), &format!("films/f{film}.mp4"))?;
        for _ in 0..FILM.min(megabytes - film * FILM) {
            to.write_all(&piece)?;
        }
    }
    writer.finish()?;
    Ok(())
}
