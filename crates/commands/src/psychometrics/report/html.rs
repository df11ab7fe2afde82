//! The report as one page without anything outside it.

use std::fmt::Write as _;

use documents::report::{AnalysisBody, AnalysisChart, AnalysisColumn, TestAnalysis};

const STYLE: &str = "\
:root{--ink:#1b232d;--paper:#fff;--muted:#57616e;--hair:#d5d9de}\
@media(prefers-color-scheme:dark){:root{--ink:#e4e7ea;--paper:#15181c;--muted:#9aa4af;--hair:#333a42}}\
body{font:16px/1.5 'Noto Sans',system-ui,sans-serif;margin:2rem auto;max-width:68rem;padding:0 1rem;color:var(--ink);background:var(--paper)}\
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.2rem;margin-top:2.4rem}.note,.lead{color:var(--muted);max-width:46rem}\
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:1rem;margin:0}\
dl div{border-top:2px solid var(--ink);padding-top:.3rem}dt{font-size:.82rem;color:var(--muted)}dd{margin:0;font-weight:700}\
.charts{display:grid;gap:1.2rem}figure{margin:0;min-width:0}figcaption{overflow-wrap:anywhere;font-weight:600;font-size:.9rem;margin-bottom:.3rem}\
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.86rem}\
th,td{padding:.3rem .5rem;border-bottom:1px solid var(--hair);text-align:left;vertical-align:top;white-space:pre-line}\
thead th,thead .n{border-bottom:2px solid var(--ink);vertical-align:bottom;white-space:normal}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:pre}\
thead th{min-width:4rem}tbody th{font-weight:600;overflow-wrap:anywhere;min-width:6rem}@media(max-width:44rem){.charts{grid-template-columns:minmax(0,1fr)!important}.charts .wide svg{width:34rem;max-width:none}}\
@media print{figure,tr{break-inside:avoid}}";

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

pub fn page(report: &TestAnalysis) -> String {
    let mut out = String::new();
    let _ = write!(
        out,
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{1}</title><style>{2}{STYLE}</style></head><body><main><h1>{1}</h1><p class=\"lead\">{3}</p>",
        report.imprint.language,
        escaped(&report.title),
        charts::CSS,
        escaped(&report.lead)
    );
    for section in &report.sections {
        let _ = write!(out, "<section><h2>{}</h2>", escaped(&section.heading));
        if !section.note.is_empty() {
            let _ = write!(out, "<p class=\"note\">{}</p>", escaped(&section.note));
        }
        match &section.body {
            AnalysisBody::Facts { pairs } => facts(&mut out, pairs),
            AnalysisBody::Charts { columns, charts } => figures(&mut out, &section.heading, *columns, charts),
            AnalysisBody::Table { columns, rows } => table(&mut out, &section.heading, columns, rows),
            AnalysisBody::Lines { lines } => {
                out.push_str("<ul>");
                for line in lines {
                    let _ = write!(out, "<li>{}</li>", escaped(line));
                }
                out.push_str("</ul>");
            }
        }
        out.push_str("</section>");
    }
    out.push_str("</main></body></html>\n");
    out
}

fn facts(out: &mut String, pairs: &[(String, String)]) {
    out.push_str("<dl>");
    for (name, value) in pairs {
        let _ = write!(out, "<div><dt>{}</dt><dd>{}</dd></div>", escaped(name), escaped(value));
    }
    out.push_str("</dl>");
}

fn figures(out: &mut String, heading: &str, columns: usize, charts: &[AnalysisChart]) {
    let _ = write!(out, "<div class=\"charts\" style=\"grid-template-columns:repeat({columns},minmax(0,1fr))\">");
    for chart in charts {
        out.push_str("<figure>");
        if !chart.caption.is_empty() {
            let _ = write!(out, "<figcaption>{}</figcaption>", escaped(&chart.caption));
        }
        // A wide chart keeps its letters readable on a telephone and moves under the finger instead.
        let _ = if columns == 1 {
            let heading = escaped(heading);
            write!(
                out,
                "<div class=\"wide\" role=\"region\" aria-label=\"{heading}\" tabindex=\"0\">{}</div>",
                chart.svg
            )
        } else {
            write!(out, "{}", chart.svg)
        };
        out.push_str("</figure>");
    }
    out.push_str("</div>");
}

fn table(out: &mut String, name: &str, columns: &[AnalysisColumn], rows: &[Vec<String>]) {
    let name = escaped(name);
    let _ = write!(out, "<div class=\"wide\" role=\"region\" aria-label=\"{name}\" tabindex=\"0\"><table><thead><tr>");
    for column in columns {
        let class = if column.numbers { " class=\"n\"" } else { "" };
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", escaped(&column.head));
    }
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for (place, (column, cell)) in columns.iter().zip(row).enumerate() {
            let cell = escaped(cell);
            let _ = match (place, column.numbers) {
                (0, _) => write!(out, "<th scope=\"row\">{cell}</th>"),
                (_, true) => write!(out, "<td class=\"n\">{cell}</td>"),
                (_, false) => write!(out, "<td>{cell}</td>"),
            };
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
}
