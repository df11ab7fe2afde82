//! Do the ratings determine the measures?

use super::{FacetWarning, Rating, Ratings};
use crate::Error;
use crate::linalg::Cholesky;

/// Pairs of rater and criterion that occur, sorted.
pub(super) fn pairs(ratings: &Ratings) -> Vec<(u32, u32)> {
    let mut pairs: Vec<(u32, u32)> = ratings.cells.iter().map(|cell| (cell.rater, cell.criterion)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Highest category per criterion (the same for all when they share steps); every score up to it must occur.
pub(super) fn categories(ratings: &Ratings, lowest: u8, by_criterion: bool) -> Result<Vec<usize>, Error> {
    let mut used = vec![[false; 256]; ratings.criteria.len()];
    for cell in &ratings.cells {
        used[cell.criterion as usize][usize::from(cell.score - lowest)] = true;
    }
    if !by_criterion {
        let any = |score: usize| used.iter().any(|used| used[score]);
        let all: Vec<bool> = (0..256).map(any).collect();
        for used in &mut used {
            used.copy_from_slice(&all);
        }
    }
    let one = |(criterion, used): (usize, &[bool; 256])| {
        let top = used.iter().rposition(|used| *used).unwrap_or(0);
        let of = if by_criterion { format!("criterion {}: ", ratings.criteria[criterion]) } else { String::new() };
        if top == 0 || !used[0] {
            let what = format!("{of}all ratings are the same or none is {lowest}; nothing can be compared");
            return Err(Error::Model { what });
        }
        match used[..top].iter().position(|used| !used) {
            None => Ok(top),
            Some(empty) => Err(Error::Model {
                what: format!(
                    "{of}nobody gave a rating of {}; number the ratings that occur without gaps",
                    empty + usize::from(lowest)
                ),
            }),
        }
    };
    used.iter().enumerate().map(one).collect()
}

/// Sets of raters and of criteria that no person links; an error where raters and criteria are confounded.
pub(super) fn unconnected(ratings: &Ratings) -> Result<Vec<FacetWarning>, Error> {
    let mut warnings = Vec::new();
    let by_rater = sets(ratings, &ratings.raters, |cell| cell.rater as usize);
    let by_criterion = sets(ratings, &ratings.criteria, |cell| cell.criterion as usize);
    for (what, sets) in [("raters", by_rater), ("criteria", by_criterion)] {
        if sets.len() > 1 {
            warnings.push(FacetWarning::Disconnected(what, sets));
        }
    }
    if warnings.is_empty() {
        check_confounding(ratings)?;
    }
    Ok(warnings)
}

/// Elements of a facet joined by the persons they share.
fn sets(ratings: &Ratings, names: &[String], of: impl Fn(&Rating) -> usize) -> Vec<Vec<String>> {
    let mut part: Vec<usize> = (0..names.len()).collect();
    let find = |part: &[usize], mut element: usize| {
        while part[element] != element {
            element = part[element];
        }
        element
    };
    // Cells are sorted by person.
    for pair in ratings.cells.windows(2).filter(|pair| pair[0].person == pair[1].person) {
        let (x, y) = (find(&part, of(&pair[0])), find(&part, of(&pair[1])));
        part[x.max(y)] = x.min(y);
    }
    let roots: Vec<usize> = (0..names.len()).map(|element| find(&part, element)).collect();
    let mut sets: Vec<Vec<String>> = vec![Vec::new(); names.len()];
    for (name, root) in names.iter().zip(roots) {
        sets[root].push(name.clone());
    }
    sets.retain(|set| !set.is_empty());
    sets
}

/// Within persons, raters and criteria must vary apart: the cross-products of their indicators (less the last of each),
/// centred within persons, must have full rank.
fn check_confounding(ratings: &Ratings) -> Result<(), Error> {
    let (raters, criteria) = (ratings.raters.len(), ratings.criteria.len());
    let n = raters + criteria - 2;
    if raters < 2 || criteria < 2 {
        return Ok(());
    }
    let mut matrix = vec![0.0; n * n];
    let places = |cell: &Rating| -> Vec<usize> {
        let rater = Some(cell.rater as usize).filter(|r| *r + 1 < raters);
        let criterion = Some(cell.criterion as usize).filter(|c| *c + 1 < criteria).map(|c| raters - 1 + c);
        rater.into_iter().chain(criterion).collect()
    };
    for cells in ratings.cells.chunk_by(|x, y| x.person == y.person) {
        let mut sum = vec![0.0; n];
        for cell in cells {
            let places = places(cell);
            for i in &places {
                sum[*i] += 1.0;
                for j in &places {
                    matrix[i * n + j] += 1.0;
                }
            }
        }
        let used: Vec<usize> = (0..n).filter(|i| sum[*i] > 0.0).collect();
        for i in &used {
            for j in &used {
                matrix[i * n + j] -= sum[*i] * sum[*j] / cells.len() as f64;
            }
        }
    }
    // A little less than the matrix keeps rounding from hiding a deficient rank.
    for i in 0..n {
        matrix[i * n + i] *= 1.0 - 1e-9;
    }
    if Cholesky::new(&matrix, n).is_some() {
        return Ok(());
    }
    Err(Error::Model {
        what: "raters and criteria cannot be told apart: some raters rate only criteria that the others do not rate; let raters share criteria, or leave the criteria out".to_owned(),
    })
}
