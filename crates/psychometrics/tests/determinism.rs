//! The same bytes on every run and any number of threads.

#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use psychometrics::conditional::conditional_rasch;
use psychometrics::facets::{FacetSettings, Ratings, fit_facets};
use psychometrics::fit_statistics::local_dependence;
use psychometrics::simulation::{Generator, simulate};
use psychometrics::{
    CalibratedItem, FitSettings, ItemParameters, LatentChoice, MissingTreatment, Model, Responses, fit,
};

fn responses() -> Responses {
    let item = |i: usize| {
        let (slope, intercept) = (1.0 + 0.03 * i as f64, 3.0 * i as f64 / 11.0 - 1.5);
        let parameters = ItemParameters::Logistic { slope, intercept, lower: 0.0, upper: 1.0 };
        CalibratedItem::new(format!("i{i}"), parameters)
    };
    let items: Vec<CalibratedItem> = (0..12).map(item).collect();
    let mut generator = Generator::new(77);
    let thetas: Vec<f64> = (0..3000).map(|_| generator.normal()).collect();
    simulate(&items, &thetas, &mut generator).unwrap()
}

fn everything(responses: &Responses) -> Vec<String> {
    let mixed: Vec<Model> = (0..12).map(|i| if i % 3 == 0 { Model::Graded } else { Model::TwoPl }).collect();
    let errors = FitSettings { standard_errors: true, sandwich: true, ..FitSettings::default() };
    let histogram = FitSettings { latent: LatentChoice::Histogram, iterations: 20, ..FitSettings::default() };
    let mut out = Vec::new();
    for (models, settings) in
        [(&mixed, &FitSettings::default()), (&vec![Model::TwoPl; 12], &errors), (&vec![Model::TwoPl; 12], &histogram)]
    {
        let fitted = fit(responses, models, settings).unwrap();
        let estimates: Vec<_> = (0..12).map(|item| fitted.slope_intercept(item)).collect();
        out.push(format!("{:x} {estimates:?} {:?}", fitted.log_likelihood.to_bits(), fitted.latent));
        out.push(format!("{:?}", local_dependence(&fitted, responses, MissingTreatment::default())));
    }
    out.push(format!("{:?}", conditional_rasch(responses, MissingTreatment::default()).unwrap()));
    let rating = |person: usize, item: usize, cell| match cell {
        psychometrics::Cell::Score(score) => {
            Some((format!("p{person}"), format!("r{}", item % 4), format!("c{}", item / 4), score))
        }
        _ => None,
    };
    let ratings = (0..300).flat_map(|p| responses.of_person(p).filter_map(move |(item, cell)| rating(p, item, cell)));
    out.push(format!("{:?}", fit_facets(&Ratings::new(ratings).unwrap(), &FacetSettings::default()).unwrap()));
    out
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let responses = responses();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| everything(&responses))
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(7));
}
