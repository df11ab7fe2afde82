//! Writing SVG: few shapes, escaped text, numbers with two decimals at most.

use std::fmt::Write;

use crate::Frame;

/// Font size of labels in drawing units.
pub const FONT: f64 = 12.0;
/// Font size of ticks and n.
pub const SMALL: f64 = 10.5;

/// Colours of series: they differ in lightness, so that they differ in grey print.
pub const SERIES: [&str; 7] = ["#0e5877", "#d9993a", "#6f8f3a", "#8a4a7a", "#8b939e", "#b4533b", "#4d4f8c"];

/// An SVG being written.
pub struct Svg {
    body: String,
    width: f64,
    height: f64,
}

/// Where a text stands relative to its point.
#[derive(Clone, Copy)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Svg {
    pub fn new(width: f64, height: f64) -> Self {
        Self { body: String::new(), width, height }
    }

    /// Sets the height when it is known only after something was drawn.
    pub fn grow(&mut self, height: f64) {
        self.height = height;
    }

    /// A filled area with an outline in the text colour; `outlines` as path commands.
    pub fn area(&mut self, class: &str, fill: &str, outlines: &str) {
        let _ = writeln!(
            self.body,
            r#"<path class="{class}" fill="{fill}" fill-rule="evenodd" stroke="currentColor" stroke-opacity="0.5" stroke-width="1" d="{outlines}"/>"#
        );
    }

    pub fn rect(&mut self, class: &str, fill: &str, [x, y, width, height]: [f64; 4]) {
        let _ = writeln!(
            self.body,
            r#"<rect class="{class}" fill="{fill}" x="{}" y="{}" width="{}" height="{}"/>"#,
            number(x),
            number(y),
            number(width.max(0.0)),
            number(height.max(0.0))
        );
    }

    /// A straight line in the text colour, `opacity` 0..=1.
    pub fn line(&mut self, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64), opacity: f64, width: f64) {
        let _ = writeln!(
            self.body,
            r#"<line class="{class}" stroke="currentColor" stroke-opacity="{}" stroke-width="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>"#,
            number(opacity),
            number(width),
            number(x1),
            number(y1),
            number(x2),
            number(y2)
        );
    }

    /// A dashed line in the text colour: a reference, not data.
    pub fn dashes(&mut self, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        let _ = writeln!(
            self.body,
            r#"<line class="{class}" stroke="currentColor" stroke-width="1.2" stroke-dasharray="4 3" x1="{}" y1="{}" x2="{}" y2="{}"/>"#,
            number(x1),
            number(y1),
            number(x2),
            number(y2)
        );
    }

    pub fn circle(&mut self, class: &str, fill: &str, (x, y): (f64, f64), radius: f64) {
        let _ = writeln!(
            self.body,
            r#"<circle class="{class}" fill="{fill}" cx="{}" cy="{}" r="{}"/>"#,
            number(x),
            number(y),
            number(radius)
        );
    }

    /// A path along points, not filled.
    pub fn path(&mut self, class: &str, stroke: &str, points: &[(f64, f64)]) {
        let mut commands = String::new();
        for (index, (x, y)) in points.iter().enumerate() {
            let _ = write!(commands, "{}{} {}", if index == 0 { "M" } else { "L" }, number(*x), number(*y));
        }
        let _ = writeln!(
            self.body,
            r#"<path class="{class}" fill="none" stroke="{stroke}" stroke-width="2" stroke-linejoin="round" d="{commands}"/>"#
        );
    }

    /// The marker of a series: circle, square, diamond, triangle, and circles again.
    pub fn marker(&mut self, series: usize, (x, y): (f64, f64), size: f64) {
        let fill = SERIES[series % SERIES.len()];
        let class = format!("chart-mark chart-s{}", series % SERIES.len() + 1);
        let points: &[(f64, f64)] = match series % 4 {
            0 => return self.circle(&class, fill, (x, y), size),
            1 => return self.rect(&class, fill, [x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8]),
            2 => &[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)],
            _ => &[(0.0, -1.2), (1.15, 0.9), (-1.15, 0.9)],
        };
        let points: Vec<String> =
            points.iter().map(|(dx, dy)| format!("{},{}", number(x + dx * size), number(y + dy * size))).collect();
        let _ = writeln!(self.body, r#"<polygon class="{class}" fill="{fill}" points="{}"/>"#, points.join(" "));
    }

    pub fn text(&mut self, class: &str, (x, y): (f64, f64), anchor: Anchor, size: f64, text: &str) {
        self.coloured_text(class, "currentColor", (x, y), anchor, size, text);
    }

    pub fn coloured_text(
        &mut self,
        class: &str,
        fill: &str,
        (x, y): (f64, f64),
        anchor: Anchor,
        size: f64,
        text: &str,
    ) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let _ = writeln!(
            self.body,
            r#"<text class="{class}" fill="{fill}" x="{}" y="{}" text-anchor="{anchor}" font-size="{}">{}</text>"#,
            number(x),
            number(y),
            number(size),
            escape(text)
        );
    }

    /// The whole picture, with title and description for those who do not see it.
    pub fn finish(self, frame: &Frame, kind: &str) -> String {
        let id = escape(&frame.id);
        let description = if frame.description.is_empty() {
            String::new()
        } else {
            format!("<desc id=\"{id}-desc\">{}</desc>\n", escape(&frame.description))
        };
        let described = if frame.description.is_empty() { String::new() } else { format!(" {id}-desc") };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart chart-{kind}\" role=\"img\" \
             aria-labelledby=\"{id}-title{described}\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" font-family=\"Noto Sans, sans-serif\">\n\
             <title id=\"{id}-title\">{title}</title>\n{description}{body}</svg>\n",
            width = number(self.width),
            height = number(self.height),
            title = escape(&frame.title),
            body = self.body,
        )
    }
}

/// A coordinate: two decimals at most, no trailing zeros, never `-0`.
pub fn number(value: f64) -> String {
    let hundredths = (value * 100.0).round();
    if !hundredths.is_finite() || hundredths == 0.0 {
        return "0".to_owned();
    }
    let text = format!("{:.2}", hundredths / 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Text for element content and attributes. Control characters, which XML does not allow, become spaces.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            control if control.is_control() || control == '\u{FFFE}' || control == '\u{FFFF}' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

/// About how wide a text is in Noto Sans: there are no font metrics here, so a little too wide rather than too narrow.
pub fn text_width(text: &str, size: f64) -> f64 {
    let ems: f64 = text
        .chars()
        .map(|letter| match letter {
            'i' | 'l' | 'j' | 'і' | 'І' | 'I' | '.' | ',' | ' ' | '|' | '\'' | ':' | ';' | '(' | ')' | '-' => 0.32,
            'm' | 'w' | 'M' | 'W' | 'ш' | 'щ' | 'ж' | 'ю' | 'м' | 'ы' | 'ф' => 0.87,
            'Ш' | 'Щ' | 'Ж' | 'Ю' | 'М' | 'Ы' | 'Ф' | '№' => 0.98,
            upper if upper.is_uppercase() => 0.7,
            _ => 0.58,
        })
        .sum();
    ems * size
}

/// A label in one or two lines of at most this width; what does not fit ends in an ellipsis.
pub fn fit(text: &str, width: f64, size: f64) -> Vec<String> {
    if text_width(text, size) <= width {
        return vec![text.to_owned()];
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut first = String::new();
    let mut taken = 0;
    for word in &words {
        let longer = if first.is_empty() { (*word).to_owned() } else { format!("{first} {word}") };
        if text_width(&longer, size) > width {
            break;
        }
        first = longer;
        taken += 1;
    }
    if taken == 0 {
        return vec![shorten(text, width, size)];
    }
    vec![first, shorten(&words[taken..].join(" "), width, size)]
}

fn shorten(text: &str, width: f64, size: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if text_width(&short, size) + text_width("…", size) + text_width(&letter.to_string(), size) > width {
            break;
        }
        short.push(letter);
    }
    format!("{}…", short.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_texts_are_safe() {
        assert_eq!(number(12.0), "12");
        assert_eq!(number(-0.001), "0");
        assert_eq!(number(1.005_1), "1.01");
        assert_eq!(number(f64::NAN), "0");
        assert_eq!(escape("<a> & \"b\"\u{1}"), "&lt;a&gt; &amp; &quot;b&quot; ");
    }

    #[test]
    fn long_labels_become_two_lines_and_an_ellipsis() {
        assert_eq!(fit("Математика", 200.0, 12.0), ["Математика"]);
        let lines = fit("Қазақ тілі мен әдебиеті (Т2), орыс тілінде оқытатын сыныптар", 150.0, 12.0);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'));
        assert!(lines.iter().all(|line| text_width(line, 12.0) <= 150.0));
        assert_eq!(fit("Ааааааааааааааааааааааааааааа", 60.0, 12.0).len(), 1);
    }
}
