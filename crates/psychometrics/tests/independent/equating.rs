use psychometrics::equating::{Anchor, Joint, NeatMethod, neat};

use crate::plain::close;

/// Two groups under the congeneric model exactly: a test of k parts is k times the true score T plus k independent errors
/// of two coins each. The anchor is one part; form X has three more, form Y two.
struct Parts {
    /// Persons by true score 0..=4.
    true_scores: [usize; 5],
    parts: usize,
}

const X: Parts = Parts { true_scores: [1, 2, 3, 2, 1], parts: 3 };
const Y: Parts = Parts { true_scores: [3, 2, 2, 1, 1], parts: 2 };

fn choose(n: usize, k: usize) -> usize {
    (0..k).fold(1, |product, i| product * (n - i) / (i + 1))
}

impl Parts {
    fn joint(&self, anchor: Anchor) -> Joint {
        let mut pairs = Vec::new();
        for (t, persons) in self.true_scores.iter().enumerate() {
            for error in 0..=2 * self.parts {
                for of_anchor in 0..=2 {
                    let total = self.parts * t + error;
                    let inside = if anchor == Anchor::Internal { t + of_anchor } else { 0 };
                    let times = persons * choose(2 * self.parts, error) * choose(2, of_anchor);
                    pairs.extend(std::iter::repeat_n((total + inside, t + of_anchor), times));
                }
            }
        }
        let own = self.parts + usize::from(anchor == Anchor::Internal);
        Joint::new(pairs, 6 * own, 6).unwrap()
    }

    /// Variance of true scores.
    fn variance(&self) -> f64 {
        let n = self.true_scores.iter().sum::<usize>() as f64;
        let moment = |power: i32| -> f64 {
            self.true_scores.iter().enumerate().map(|(t, w)| *w as f64 * (t as f64).powi(power)).sum::<f64>() / n
        };
        moment(2) - moment(1) * moment(1)
    }
}

#[test]
fn levine_finds_the_line_of_true_scores() {
    for (anchor, other, slope) in
        [(Anchor::External, Anchor::Internal, 2.0 / 3.0), (Anchor::Internal, Anchor::External, 0.75)]
    {
        let (x, y) = (X.joint(anchor), Y.joint(anchor));
        // True scores of X are k (T + 1), so that the line goes through 0.
        let found = neat(&x, &y, NeatMethod::LevineTrue(anchor), 1.0).unwrap();
        found.iter().enumerate().for_each(|(score, y)| close("true scores", *y, slope * score as f64, 1e-9));
        let wrong = neat(&x, &y, NeatMethod::LevineTrue(other), 1.0).unwrap();
        assert!((wrong[12] - slope * 12.0).abs() > 0.02, "{wrong:?}");
    }
}

#[test]
fn levine_for_observed_scores_takes_the_errors_in() {
    let found = neat(&X.joint(Anchor::External), &Y.joint(Anchor::External), NeatMethod::Levine(Anchor::External), 1.0);
    let found = found.unwrap();
    // In the group of form X: variances k^2 Var T + k / 2, the factor n / (n - 1) apart.
    let v = X.variance();
    let slope = ((4.0 * v + 1.0) / (9.0 * v + 1.5)).sqrt();
    close("slope", found[10] - found[9], slope, 2e-4);
    // Means: T has mean 2 there.
    close("mean", found[9], 6.0, 1e-9);
}

#[test]
fn an_anchor_that_goes_against_the_total_is_refused() {
    let pairs = (0..40).map(|p| (p % 5, 4 - p % 5));
    let joint = Joint::new(pairs, 4, 4).unwrap();
    for method in [NeatMethod::Tucker, NeatMethod::Levine(Anchor::Internal), NeatMethod::LevineTrue(Anchor::External)] {
        let wrong = neat(&joint, &joint, method, 1.0).unwrap_err().to_string();
        assert!(wrong.contains("do not go together"), "{wrong}");
    }
}
