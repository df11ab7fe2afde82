//! `zerek psychometrics report`: one self-contained HTML page.

use std::fmt::Write as _;
use std::path::PathBuf;

use psychometrics::irt::Fit;
use psychometrics::{Classical, ClassicalSettings, FitSettings, Model, Responses, classical};

use super::input::{self, DataArguments};
use super::output;
use super::report_words::{Words, words};
use crate::{BadInput, Outcome};

/// Classical analysis, calibration, Wright map and curves as one HTML page.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Model of the calibration
    #[arg(long, default_value = "2pl")]
    model: String,
    /// Language of the page: kk, ru or en
    #[arg(long, default_value = "en")]
    language: String,
    /// Title of the page
    #[arg(long)]
    title: Option<String>,
    /// The page
    #[arg(long, value_name = "REPORT.HTML")]
    out: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, BadInput> {
    let words = words(&arguments.language)
        .ok_or_else(|| BadInput(format!("--language {}: use kk, ru or en", arguments.language)))?;
    let model = Model::from_name(&arguments.model)
        .ok_or_else(|| BadInput(format!("--model {}: not known", arguments.model)))?;
    let data = input::read(&arguments.data)?;
    let refused = |error: psychometrics::Error| BadInput(error.to_string());
    let analysis = classical(&data.responses, &ClassicalSettings::default()).map_err(refused)?;
    let settings = FitSettings { standard_errors: true, ..FitSettings::default() };
    let fitted =
        psychometrics::fit(&data.responses, &vec![model; data.responses.items().len()], &settings).map_err(refused)?;
    let title = arguments.title.clone().unwrap_or_else(|| words.title.to_owned());
    let page = page(&title, &arguments.language, words, &data.responses, &analysis, &fitted, &data.warnings);
    output::write(&arguments.out, page.as_bytes())?;
    Ok(if fitted.converged { Outcome::Done } else { Outcome::Warnings })
}

const STYLE: &str = "body{font:16px/1.45 'Noto Sans',system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;color:#1b1f24;background:#fff}\
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;width:100%;font-size:.88rem}\
th,td{padding:.25rem .5rem;border-bottom:1px solid #d5d9de;text-align:right;vertical-align:top}th{font-weight:600}\
th:first-child,td:first-child,td.text,th.text{text-align:left}svg{max-width:100%;height:auto}.axis{stroke:#8a929b;fill:none}\
.bar{fill:#7a9cc6}.mark{fill:#b4472e}text{font-size:12px;fill:currentColor}.curve{fill:none;stroke:#35618f;stroke-width:1.3;opacity:.65}\
@media(prefers-color-scheme:dark){body{color:#e4e7ea;background:#15181c}th,td{border-color:#333a42}}";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn shown(value: Option<f64>, digits: usize, words: &Words) -> String {
    let Some(value) = value else { return "–".to_owned() };
    let text = format!("{value:.digits$}");
    let text = if words.decimal_comma { text.replace('.', ",") } else { text };
    text.replace('-', "−")
}

fn page(
    title: &str,
    language: &str,
    words: &Words,
    responses: &Responses,
    analysis: &Classical,
    fitted: &Fit,
    notes: &[String],
) -> String {
    let mut out = String::new();
    let _ = write!(
        out,
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{0}</title><style>{STYLE}</style></head><body><h1>{0}</h1>",
        escaped(title)
    );
    summary(&mut out, words, analysis, fitted);
    distribution(&mut out, words, analysis);
    wright_map(&mut out, words, responses, fitted);
    curves(&mut out, words, fitted);
    items(&mut out, words, analysis, fitted);
    let warnings: Vec<String> = notes.iter().cloned().chain(fitted.warnings.iter().map(ToString::to_string)).collect();
    if !warnings.is_empty() {
        let _ = write!(out, "<h2>{}</h2><ul>", words.warnings);
        for warning in warnings {
            let _ = write!(out, "<li>{}</li>", escaped(&warning));
        }
        out.push_str("</ul>");
    }
    out.push_str("</body></html>\n");
    out
}

fn summary(out: &mut String, words: &Words, analysis: &Classical, fitted: &Fit) {
    let test = &analysis.test;
    let rows = [
        (words.persons, test.persons.to_string()),
        (words.items, test.items.to_string()),
        (words.mean, shown(Some(test.mean), 2, words)),
        (words.sd, shown(test.sd, 2, words)),
        ("α", shown(test.reliability.alpha, 3, words)),
        ("λ2", shown(test.reliability.lambda2, 3, words)),
        (words.sem, shown(test.reliability.sem, 2, words)),
        (words.log_likelihood, shown(Some(fitted.log_likelihood), 2, words)),
        ("AIC", shown(Some(fitted.aic()), 1, words)),
        ("BIC", shown(Some(fitted.bic()), 1, words)),
        (words.variance, shown(Some(fitted.latent[0].variance.value), 3, words)),
    ];
    let _ = write!(out, "<h2>{}</h2><table>", words.test);
    for (name, value) in rows {
        let _ = write!(out, "<tr><td>{name}</td><td>{value}</td></tr>");
    }
    out.push_str("</table>");
}

fn distribution(out: &mut String, words: &Words, analysis: &Classical) {
    let counts = &analysis.test.distribution;
    let top = counts.iter().max().copied().unwrap_or(1).max(1) as f64;
    let width = 860.0 / counts.len() as f64;
    let _ =
        write!(out, "<h2>{0}</h2><svg viewBox=\"0 0 900 220\" role=\"img\" aria-label=\"{0}\">", words.distribution);
    for (score, count) in counts.iter().enumerate() {
        let height = 170.0 * *count as f64 / top;
        let x = 30.0 + width * score as f64;
        let _ = write!(
            out,
            "<rect class=\"bar\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{height:.1}\"><title>{score}: {count}</title></rect>",
            185.0 - height,
            (width - 1.0).max(0.5)
        );
    }
    let _ = write!(
        out,
        "<line class=\"axis\" x1=\"30\" y1=\"185\" x2=\"890\" y2=\"185\"/><text x=\"30\" y=\"205\">0</text><text x=\"890\" y=\"205\" text-anchor=\"end\">{}</text></svg>",
        counts.len() - 1
    );
}

/// Persons to the left, item difficulties to the right of one ability axis.
fn wright_map(out: &mut String, words: &Words, responses: &Responses, fitted: &Fit) {
    let (low, high, bins) = (-4.0, 4.0, 32_usize);
    let step = (high - low) / bins as f64;
    let mut counts = vec![0.0_f64; bins];
    for (theta, _) in fitted.eap(responses.persons()).into_iter().flatten() {
        let bin = ((theta - low) / step).floor().clamp(0.0, (bins - 1) as f64) as usize;
        counts[bin] += 1.0;
    }
    let top = counts.iter().copied().fold(1.0, f64::max);
    let y = |theta: f64| 20.0 + 480.0 * (high - theta.clamp(low, high)) / (high - low);
    let _ = write!(out, "<h2>{0}</h2><svg viewBox=\"0 0 900 530\" role=\"img\" aria-label=\"{0}\">", words.wright_map);
    for (bin, count) in counts.iter().enumerate() {
        let width = 260.0 * count / top;
        let theta = low + step * (bin + 1) as f64;
        let _ = write!(
            out,
            "<rect class=\"bar\" x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"14\"><title>{count}</title></rect>",
            300.0 - width,
            y(theta) + 0.5
        );
    }
    out.push_str("<line class=\"axis\" x1=\"310\" y1=\"20\" x2=\"310\" y2=\"500\"/>");
    for tick in -4..=4 {
        let _ = write!(out, "<text x=\"318\" y=\"{:.1}\">{tick}</text>", y(f64::from(tick)) + 4.0);
    }
    let mut marks: Vec<(f64, String)> = Vec::new();
    for (item, parameters) in responses.items().iter().zip(&fitted.items) {
        let Some((_, steps)) = parameters.difficulties() else { continue };
        for (k, b) in steps.iter().enumerate() {
            let name = if steps.len() == 1 { item.name.clone() } else { format!("{}.{}", item.name, k + 1) };
            marks.push((*b, name));
        }
    }
    marks.sort_by(|a, b| b.0.total_cmp(&a.0));
    // Neighbouring labels step to the right so that they can be read.
    let (mut last, mut column) = (f64::NEG_INFINITY, 0);
    for (b, name) in marks {
        let here = y(b);
        column = if here - last < 13.0 { (column + 1) % 8 } else { 0 };
        if column == 0 {
            last = here;
        }
        let _ = write!(
            out,
            "<text x=\"{}\" y=\"{:.1}\"><title>{b:.2}</title>{}</text>",
            350 + 68 * column,
            here + 4.0,
            escaped(&name)
        );
    }
    out.push_str("</svg>");
}

fn curves(out: &mut String, words: &Words, fitted: &Fit) {
    let _ = write!(
        out,
        "<h2>{0}</h2><svg viewBox=\"0 0 900 320\" role=\"img\" aria-label=\"{0}\"><line class=\"axis\" x1=\"40\" y1=\"290\" x2=\"880\" y2=\"290\"/><line class=\"axis\" x1=\"40\" y1=\"20\" x2=\"40\" y2=\"290\"/>",
        words.curves
    );
    for item in &fitted.items {
        let top = (item.categories() - 1) as f64;
        let points: Vec<String> = (0..=80)
            .map(|i| {
                let theta = -4.0 + 0.1 * f64::from(i);
                format!("{:.1},{:.1}", 40.0 + 10.5 * f64::from(i), 290.0 - 270.0 * item.expected_score(theta) / top)
            })
            .collect();
        let _ = write!(out, "<polyline class=\"curve\" points=\"{}\"/>", points.join(" "));
    }
    out.push_str("<text x=\"40\" y=\"308\">−4</text><text x=\"460\" y=\"308\" text-anchor=\"middle\">θ</text><text x=\"880\" y=\"308\" text-anchor=\"end\">4</text><text x=\"34\" y=\"26\" text-anchor=\"end\">1</text><text x=\"34\" y=\"294\" text-anchor=\"end\">0</text></svg>");
}

fn items(out: &mut String, words: &Words, analysis: &Classical, fitted: &Fit) {
    let _ = write!(
        out,
        "<h2>{}</h2><table><thead><tr><th class=\"text\">{}</th><th>n</th><th>{}</th><th>{}</th><th>a (SE)</th><th>b (SE)</th><th class=\"text\">{}</th></tr></thead><tbody>",
        words.items, words.item, words.facility, words.item_rest, words.flags
    );
    for (place, item) in analysis.items.iter().enumerate() {
        let form = fitted.irt_form(place);
        let with_error = |name: &str| -> String {
            let parts: Vec<String> = form
                .iter()
                .filter(|e| e.name.starts_with(name))
                .map(|e| format!("{} ({})", shown(Some(e.value), 2, words), shown(e.se, 2, words)))
                .collect();
            parts.join("<br>")
        };
        let flags: Vec<String> = item.flags.iter().map(|flag| escaped(&words.flag(flag))).collect();
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"text\">{}</td></tr>",
            escaped(&item.item),
            item.n,
            shown(item.facility, 2, words),
            shown(item.item_rest, 2, words),
            with_error("a"),
            with_error("b"),
            flags.join("<br>")
        );
    }
    out.push_str("</tbody></table>");
}
