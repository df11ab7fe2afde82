use psychometrics::equating::{
    Anchor, Joint, Method, NeatMethod, ScoreDistribution, equate, irt_true_score, log_linear, neat,
};
use psychometrics::linking::{LinkMethod, LinkSettings, LinkWeights, link};
use psychometrics::{CalibratedItem, ItemParameters};

use crate::data::{Table, close};

fn expect(table: &Table, column: &str, ours: &[f64], tolerance: f64) {
    assert_eq!(table.rows.len(), ours.len());
    for (row, ours) in ours.iter().enumerate() {
        close(&format!("{column} {row}"), *ours, table.number(row, column).unwrap(), tolerance);
    }
}

#[test]
fn random_groups_agree() {
    let (Some(counts), Some(reference)) =
        (Table::read("oracle/equate_ACTmath.csv"), Table::read("oracle/equate_ACTmath_yx.csv"))
    else {
        return;
    };
    let form = |column: &str| {
        ScoreDistribution::new((0..counts.rows.len()).map(|row| counts.number(row, column).unwrap()).collect()).unwrap()
    };
    let (x, y) = (form("xcount"), form("ycount"));
    expect(&reference, "mean", &equate(&x, &y, Method::Mean).unwrap(), 1e-8);
    expect(&reference, "linear", &equate(&x, &y, Method::Linear).unwrap(), 1e-8);
    expect(&reference, "equip", &equate(&x, &y, Method::Equipercentile).unwrap(), 1e-6);
    expect(&reference, "circle", &equate(&x, &y, Method::CircleArc).unwrap(), 1e-8);
    let (sx, sy) = (log_linear(&x, 3).unwrap(), log_linear(&y, 3).unwrap());
    expect(&reference, "equip_loglin3", &equate(&sx, &sy, Method::Equipercentile).unwrap(), 1e-5);
    // The kernel with a small bandwidth is near the smoothed equipercentile function inside the range.
    let kernel = equate(&sx, &sy, Method::Kernel { bandwidth: 0.5 }).unwrap();
    for (row, ours) in kernel.iter().enumerate().take(36).skip(5) {
        close("kernel", *ours, reference.number(row, "equip_loglin3").unwrap(), 0.05);
    }
}

#[test]
fn anchor_designs_agree() {
    let Some(reference) = Table::read("oracle/equate_KBneat_yx.csv") else { return };
    let read = |name: &str| {
        let table = Table::read(name).unwrap();
        let pair =
            |row: usize| (table.number(row, "total").unwrap() as usize, table.number(row, "anchor").unwrap() as usize);
        Joint::new((0..table.rows.len()).map(pair), 36, 12).unwrap()
    };
    let (x, y) = (read("oracle/equate_KBneat_x.csv"), read("oracle/equate_KBneat_y.csv"));
    for (column, method, weight) in [
        ("tucker", NeatMethod::Tucker, 1.0),
        ("tucker_ws0.5", NeatMethod::Tucker, 0.5),
        ("levine", NeatMethod::Levine(Anchor::Internal), 1.0),
        ("chained_lin", NeatMethod::ChainedLinear, 1.0),
        ("braun", NeatMethod::BraunHolland, 1.0),
        ("freq_equip", NeatMethod::FrequencyEstimation, 1.0),
        ("chained_equip", NeatMethod::ChainedEquipercentile, 1.0),
    ] {
        let tolerance = if column == "chained_equip" { 1e-6 } else { 2e-3 };
        expect(&reference, column, &neat(&x, &y, method, weight).unwrap(), tolerance);
    }
}

#[test]
fn true_scores_agree() {
    let (Some(parameters), Some(reference)) =
        (Table::read("oracle/link_KB04_pars.csv"), Table::read("oracle/link_KB04_tse.csv"))
    else {
        return;
    };
    let common = Table::read("oracle/link_KB04_common.csv").unwrap();
    let item = |form: &str, row: usize| {
        let number = |name: &str| parameters.number(row, &format!("{form}_{name}")).unwrap();
        let slope = 1.7 * number("a");
        ItemParameters::Logistic { slope, intercept: -slope * number("b"), lower: number("c"), upper: 1.0 }
    };
    let place = |row: usize, column: &str| common.number(row, column).unwrap() as usize - 1;
    let pairs: Vec<_> = (0..common.rows.len())
        .map(|row| (item("old", place(row, "form2_item")), item("new", place(row, "form1_item"))))
        .collect();
    let settings = LinkSettings { weights: LinkWeights::Uniform, symmetric: false };
    let constants = link(&pairs, LinkMethod::StockingLord, settings).unwrap();
    let n = parameters.rows.len();
    let new: Vec<CalibratedItem> = (0..n)
        .map(|row| CalibratedItem::new(format!("n{row}"), item("new", row).on_scale(constants.scale, constants.shift)))
        .collect();
    let old: Vec<CalibratedItem> = (0..n).map(|row| CalibratedItem::new(format!("o{row}"), item("old", row))).collect();
    let ours = irt_true_score(&new, &old).unwrap();
    for (row, (theta, equivalent)) in ours.iter().enumerate().take(n) {
        close(&format!("score {row}"), *equivalent, reference.number(row, "group2").unwrap(), 0.01);
        if let (Some(ours), Some(theirs)) = (theta, reference.number(row, "theta")) {
            close(&format!("theta {row}"), *ours, theirs, 0.01);
        }
    }
}
