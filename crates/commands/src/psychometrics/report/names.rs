//! Item names where there is little room.

/// Letters that an item's name may take in a chart.
const SHORT: usize = 18;
/// Letters after which a word of a table may be broken.
const RUN: usize = 12;

/// A name cut in the middle: beginnings are often alike, and the end holds the number.
pub fn short(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= SHORT {
        return name.to_owned();
    }
    let half = SHORT / 2;
    let (start, end) = (&letters[..half - 1], &letters[letters.len() - half..]);
    start.iter().chain(&['…']).chain(end).collect()
}

/// The text with places where a long word may be broken, for paper.
pub fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0;
    for letter in text.chars() {
        out.push(letter);
        run = if letter.is_whitespace() { 0 } else { run + 1 };
        if run > 0 && (run % RUN == 0 || matches!(letter, '_' | '/' | '.') && run > 3) {
            out.push('\u{200b}');
        }
    }
    out
}

/// Labels side by side within `room` letters, and how many did not fit.
pub fn side_by_side(labels: &[String], room: usize) -> String {
    let mut text = String::new();
    for (place, label) in labels.iter().enumerate() {
        let left = labels.len() - place;
        let more = if left > 1 { 5 } else { 0 };
        if place > 0 && text.chars().count() + 2 + label.chars().count() + more > room {
            return format!("{text}  +{left}");
        }
        if place > 0 {
            text.push_str("  ");
        }
        text.push_str(label);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_keep_beginning_and_end() {
        assert_eq!(short("q12"), "q12");
        assert_eq!(short("grade08_topic_quadratic_equations_v2_121"), "grade08_…ns_v2_121");
        assert_eq!(short("grade08_topic_quadratic_equations_v2_121").chars().count(), SHORT);
        assert_eq!(breakable("0,85 (0,13)"), "0,85 (0,13)");
        assert_eq!(breakable("topic_of_words"), "topic_\u{200b}of_\u{200b}wor\u{200b}ds");
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let labels: Vec<String> = (1..=9).map(|i| format!("item{i}")).collect();
        assert_eq!(side_by_side(&labels, 100).split("  ").count(), 9);
        assert_eq!(side_by_side(&labels, 24), "item1  item2  item3  +6");
        assert_eq!(side_by_side(&labels[..1], 2), "item1");
    }
}
