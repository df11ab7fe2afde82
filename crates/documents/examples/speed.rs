//! How fast and how large: `cargo run -p documents --release --example speed -- [REPORTS] [THREADS]`.
//!
//! Prints one JSON line for each figure. Each report has its own pupil and its own answers; nothing is rendered twice.

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use documents::report::{ClassReport, IndividualReport, Number, Status};
use documents::samples::{self, Dice};
use documents::{DocumentError, Pdf, Renderer};
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

    let pupils = [samples::individual(Language::Kk), samples::individual(Language::Ru)];
    let individual = run(reports, threads, |number| {
        // Three classes in Kazakh, then one in Russian, as reports come in a campaign.
        renderer.render(&of_pupil(&pupils[usize::from(number / 25 % 4 == 3)], number))
    })?;
    individual.print("individual reports");
    // As many classes as the campaign has for so many reports: 226 for 11,899.
    let samples = [samples::class(Language::Kk, 24), samples::class(Language::Ru, 24)];
    let classes = run((reports * 226).div_ceil(11_899), threads, |number| {
        renderer.render(&of_class(&samples[usize::from(number % 4 == 3)], number))
    })?;
    classes.print("class reports");
    line("threads", threads as f64);
    line("all documents, wall time, s", individual.wall + classes.wall);
    line("all documents, processor time, s", individual.processor + classes.processor);
    line("largest memory, MB", memory("VmHWM:"));
    Ok(())
}

/// What rendering many documents took.
struct Run {
    documents: usize,
    wall: f64,
    processor: f64,
    slowest: f64,
    bytes: usize,
}

impl Run {
    fn print(&self, name: &str) {
        let documents = self.documents as f64;
        line(name, documents);
        line(&format!("{name}, wall time, s"), self.wall);
        line(&format!("{name}, per second"), documents / self.wall);
        line(&format!("{name}, processor time each, ms"), 1e3 * self.processor / documents);
        line(&format!("{name}, slowest, ms"), self.slowest * 1e3);
        line(&format!("{name}, mean size, kB"), self.bytes as f64 / documents / 1e3);
    }
}

fn run(
    documents: usize,
    threads: usize,
    render: impl Fn(usize) -> Result<Pdf, DocumentError> + Sync,
) -> Result<Run, Box<dyn Error>> {
    let (next, bytes) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (start, processor) = (Instant::now(), processor_seconds());
    let work = || {
        let mut slowest = 0.0_f64;
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= documents {
                return Ok::<f64, DocumentError>(slowest);
            }
            let start = Instant::now();
            let pdf = render(number)?;
            slowest = slowest.max(start.elapsed().as_secs_f64());
            bytes.fetch_add(pdf.bytes.len(), Ordering::Relaxed);
        }
    };
    let slowest = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut slowest = 0.0_f64;
        for worker in workers {
            slowest = slowest.max(worker.join().map_err(|_panic| "a worker stopped")??);
        }
        Ok::<f64, Box<dyn Error>>(slowest)
    })?;
    let wall = start.elapsed().as_secs_f64();
    let processor = processor_seconds() - processor;
    Ok(Run { documents, wall, processor, slowest, bytes: bytes.load(Ordering::Relaxed) })
}

/// The sample with other answers.
fn of_class(sample: &ClassReport, number: usize) -> ClassReport {
    let mut report = sample.clone();
    let mut dice = Dice::new(number as u64);
    for pupil in &mut report.pupils {
        for status in &mut pupil.statuses {
            *status = if dice.roll(10) < 6 { Status::Correct } else { Status::Incorrect };
        }
        pupil.name = samples::name(&mut dice, report.imprint.language);
    }
    report
}

/// The sample with another pupil's name, answers and places.
fn of_pupil(sample: &IndividualReport, number: usize) -> IndividualReport {
    let mut report = sample.clone();
    let mut dice = Dice::new(number as u64);
    let syllables = ["ай", "нұр", "бек", "гүл", "қай", "рат", "әл", "мұх", "тем", "жан", "дос", "ғали", "өмір", "сұлу"];
    let mut name = || (0..3).map(|_| syllables[dice.roll(14) as usize]).collect::<String>();
    report.pupil = format!("{} {} {}", name(), name(), name());
    for item in &mut report.items {
        item.status = match dice.roll(10) {
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
        place.place = dice.roll(17) as u32 + 1;
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
fn processor_seconds() -> f64 {
    let Ok(text) = std::fs::read_to_string("/proc/self/stat") else { return 0.0 };
    // Fields 14 and 15, in hundredths of a second, counted behind the name in brackets.
    let Some((_, rest)) = text.rsplit_once(") ") else { return 0.0 };
    rest.split(' ').skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}
