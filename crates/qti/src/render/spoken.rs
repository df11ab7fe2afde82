//! `MathML` as a line of text, for places where markup cannot stand: options of lists, names of fields.

use crate::xml::{Element, Node};

/// `1/2`, `x^2`, `√(a + b)`; the author's own words (`alttext`) where there are some.
pub(super) fn mathematics(element: &Element, out: &mut String) {
    out.push_str(&line(element));
}

fn line(element: &Element) -> String {
    if let Some(words) = element.attribute("alttext").filter(|words| !words.trim().is_empty()) {
        return words.to_owned();
    }
    let parts: Vec<&Element> = element.elements().collect();
    let part = |index: usize| parts.get(index).map(|part| grouped(part)).unwrap_or_default();
    let inside = || element.children.iter().map(text_of).collect::<String>();
    match element.local_name() {
        "mfrac" => format!("{}/{}", part(0), part(1)),
        "msup" | "mover" => format!("{}^{}", part(0), part(1)),
        "msub" | "munder" => format!("{}_{}", part(0), part(1)),
        "msubsup" | "munderover" => format!("{}_{}^{}", part(0), part(1), part(2)),
        "mroot" => format!("{}√{}", part(1), part(0)),
        "msqrt" => format!("√{}", in_brackets(inside())),
        "annotation" | "annotation-xml" => String::new(),
        _ => inside(),
    }
}

fn text_of(node: &Node) -> String {
    let mut out = String::new();
    match node {
        Node::Text(text) => out.push_str(text.trim()),
        Node::Element(element) => mathematics(element, &mut out),
        Node::Comment(_) | Node::Instruction(_) => {}
    }
    out
}

fn grouped(element: &Element) -> String {
    let mut out = String::new();
    mathematics(element, &mut out);
    in_brackets(out)
}

/// More than one sign of a number or a name stands in brackets, so that the line reads as it was meant.
fn in_brackets(text: String) -> String {
    let plain = text.chars().all(char::is_alphanumeric)
        || text.chars().all(|sign| sign.is_ascii_digit() || sign == ',' || sign == '.');
    if plain || (text.starts_with('(') && text.ends_with(')')) { text } else { format!("({text})") }
}

#[cfg(test)]
mod tests {
    fn spoken(inside: &str) -> String {
        let text = format!("<math xmlns=\"http://www.w3.org/1998/Math/MathML\">{inside}</math>");
        let document = crate::xml::parse(&text).expect("mathematics");
        let mut out = String::new();
        super::mathematics(&document, &mut out);
        out
    }

    #[test]
    fn fractions_powers_and_roots_read_as_they_were_meant() {
        assert_eq!(spoken("<mfrac><mn>1</mn><mn>12</mn></mfrac>"), "1/12");
        assert_eq!(spoken("<mfrac><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn></mfrac>"), "(x+1)/2");
        assert_eq!(spoken("<msup><mi>x</mi><mn>2</mn></msup><mo>=</mo><mn>9</mn>"), "x^2=9");
        assert_eq!(spoken("<msqrt><mn>2</mn></msqrt>"), "√2");
        assert_eq!(spoken("<msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt>"), "√(a+b)");
    }
}
