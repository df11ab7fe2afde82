//! How fast and how large: `cargo run -p documents --release --example speed -- [REPORTS] [THREADS]`.
//!
//! Prints one JSON line for each figure. Each report has its own pupil and its own answers; nothing is rendered twice.

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use documents::report::{IndividualReport, Number, Status};
use documents::{Renderer, samples};
use kernel::Language;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let reports: usize = arguments.next().map_or(Ok(1_000), |text| text.parse())?;
    let threads: usize = arguments.next().map_or(Ok(1), |text| text.parse())?;

    let start = Instant::now();
    let renderer = Renderer::new()?;
    line("renderer made, ms", start.elapsed().as_secs_f64() * 1e3);
    let start = Instant::now();
    renderer.render(&samples::individual(Language::Kk))?;
    line("first individual report, ms", start.elapsed().as_secs_f64() * 1e3);
    line("memory after the first report, MB", memory("VmRSS:"));

    let templates = [samples::individual(Language::Kk), samples::individual(Language::Ru)];
    let (next, bytes) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let slowest = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut slowest = 0.0_f64;
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= reports {
                            return Ok::<f64, documents::DocumentError>(slowest);
                        }
                        // Three classes in Kazakh, then one in Russian, as reports come in a campaign.
                        let report = of_pupil(&templates[usize::from(number / 25 % 4 == 3)], number);
                        let start = Instant::now();
                        let pdf = renderer.render(&report)?;
                        slowest = slowest.max(start.elapsed().as_secs_f64());
                        bytes.fetch_add(pdf.bytes.len(), Ordering::Relaxed);
                    }
                })
            })
            .collect();
        let mut slowest = 0.0_f64;
        for worker in workers {
            slowest = slowest.max(worker.join().map_err(|_panic| "a worker stopped")??);
        }
        Ok::<f64, Box<dyn Error>>(slowest)
    })?;
    let (wall, cpu) = (start.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    line("individual reports", reports as f64);
    line("threads", threads as f64);
    line("wall time, s", wall);
    line("processor time, s", cpu);
    line("reports per second", reports as f64 / wall);
    line("processor time per report, ms", 1e3 * cpu / reports as f64);
    line("slowest report, ms", slowest * 1e3);
    line("mean size, kB", bytes.load(Ordering::Relaxed) as f64 / reports as f64 / 1e3);
    line("largest memory, MB", memory("VmHWM:"));
    Ok(())
}

/// The sample with another pupil's name, answers and places.
fn of_pupil(sample: &IndividualReport, number: usize) -> IndividualReport {
    let mut report = sample.clone();
    let mut state = number as u64 ^ 0x9e37_79b9_7f4a_7c15;
    let mut next = move || {
        // splitmix64 (Steele, Lea, Flood 2014).
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = state;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    };
    let syllables = ["ай", "нұр", "бек", "гүл", "қай", "рат", "әл", "мұх", "тем", "жан", "дос", "ғали", "өмір", "сұлу"];
    let mut name = || (0..3).map(|_| syllables[(next() % 14) as usize]).collect::<String>();
    report.pupil = format!("{} {} {}", name(), name(), name());
    for item in &mut report.items {
        item.status = match next() % 10 {
            0..=5 => Status::Correct,
            6..=8 => Status::Incorrect,
            _ => Status::Skipped,
        };
    }
    report.correct = report.items.iter().filter(|item| item.status == Status::Correct).count() as u32;
    report.score.raw = Number::whole(report.correct);
    report.score.percent = Number::whole(report.correct * 5);
    report.score.low = Some(Number::whole(report.correct.saturating_sub(2)));
    report.score.high = Some(Number::whole((report.correct + 2).min(20)));
    if let Some(place) = &mut report.class_place {
        place.place = (next() % 17) as u32 + 1;
    }
    report
}

fn line(figure: &str, value: f64) {
    println!(r#"{{"figure":"{figure}","value":{value:.2}}}"#);
}

/// A line of `/proc/self/status` in megabytes; 0 where there is none.
fn memory(key: &str) -> f64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|text| {
            text.lines().find_map(|line| line.strip_prefix(key)?.trim().split(' ').next()?.parse::<f64>().ok())
        })
        .map_or(0.0, |kilobytes| kilobytes / 1e3)
}

/// Processor time of this process in seconds, all threads; 0 where the system does not tell.
fn cpu_seconds() -> f64 {
    let Ok(text) = std::fs::read_to_string("/proc/self/stat") else { return 0.0 };
    // Fields 14 and 15, in hundredths of a second, counted behind the name in brackets.
    let Some((_, rest)) = text.rsplit_once(") ") else { return 0.0 };
    rest.split(' ').skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}
