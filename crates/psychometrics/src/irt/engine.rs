//! The expectation step: from curves to expected counts, persons in fixed chunks, sums in order.
//!
//! Two ways. In divide-by-total families (2PL, GPCM, nominal) the likelihood of a person depends on theta only
//! through `exp(A theta)` over a product of totals that is common to the block, where `A` is the sum of the slopes
//! of the categories chosen; and the gradient needs only the expected persons per node and the posterior means.
//! So the work is persons x (items / 8 + nodes), not persons x items x nodes; where all slopes are multiples of
//! one number, persons collapse to weighted sum scores. Every other family adds table rows of code groups.

use rayon::prelude::*;

use super::codes::{CodeGroup, code_groups};
use super::family::{Counts, Curves, Family};
use super::layout::{Layout, MISSING};
use super::regression::Tilt;
use super::simd;
use crate::math::ln;

/// What the expectation step gives.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    pub log_likelihood: f64,
    pub items: Vec<Counts>,
    /// Expected persons per node, by group.
    pub latent: Vec<Vec<f64>>,
    /// With tilts: posterior moments by person position; otherwise empty.
    pub moments: Vec<Option<Moments>>,
}

/// Distribution of ability as the expectation step takes it.
pub(crate) struct LatentWeights<'a> {
    /// Per group ln weight of each padded node.
    pub log_prior: &'a [Vec<f64>],
    /// One per person where ability is regressed on covariates; then no two persons share a row.
    pub tilts: Option<&'a [Tilt]>,
}

/// Posterior mean and variance of theta.
pub(crate) type Moments = (f64, f64);

#[derive(Debug)]
enum Rows {
    Codes(Vec<CodeGroup>),
    /// Weighted sum score of each row and, per item of the block, weight of (category, row).
    Scores {
        scores: Vec<f64>,
        counts: Vec<Vec<f64>>,
        multiple: f64,
    },
}

#[derive(Debug)]
struct EngineBlock {
    group: usize,
    items: Vec<u32>,
    weights: Vec<f64>,
    persons: Vec<(u32, u32)>,
    scattered: bool,
    rows: Rows,
}

/// Data ready for the expectation step.
#[derive(Debug)]
pub(crate) struct Engine {
    linear: bool,
    blocks: Vec<EngineBlock>,
    groups: usize,
    categories: Vec<usize>,
    counts: Vec<Vec<f64>>,
}

/// What one chunk of rows adds.
struct Partial {
    log_likelihood: f64,
    nodes: Vec<f64>,
    /// Linear: per code the sum of posterior means; otherwise per code and node the expected persons.
    tables: Vec<Vec<f64>>,
    moments: Vec<Moments>,
}

/// What the rows of one block share.
struct Shared {
    base: Vec<f64>,
    tables: Vec<Vec<f64>>,
}

impl Engine {
    /// `multiples`: slope of each item as a whole multiple of one common slope, when the model has such slopes.
    pub fn new(layout: &Layout, families: &[Family], multiples: Option<&[f64]>) -> Self {
        let scattered = layout.blocks.iter().any(|block| block.scattered);
        let linear = !scattered && families.iter().all(|family| family.is_linear());
        let limit = if linear { 256 } else { 32 };
        let block = |block: &super::layout::Block| {
            let mut made = EngineBlock {
                group: block.group,
                items: block.items.clone(),
                weights: block.weights.clone(),
                persons: block.persons.clone(),
                scattered: block.scattered,
                rows: Rows::Codes(Vec::new()),
            };
            match multiples.filter(|_| linear) {
                Some(multiples) => collapse_to_scores(block, &layout.categories, multiples, &mut made),
                None => made.rows = Rows::Codes(code_groups(block, &layout.categories, limit)),
            }
            made
        };
        Self {
            linear,
            blocks: layout.blocks.par_iter().map(block).collect(),
            groups: layout.groups,
            categories: layout.categories.clone(),
            counts: layout.counts.clone(),
        }
    }

    /// Whether the cost of a step hardly depends on the number of nodes.
    pub fn is_linear(&self) -> bool {
        self.linear
    }

    fn chunk_rows(&self, rows: usize) -> usize {
        if self.linear { 2048 } else { rows.div_ceil(16).max(512) }
    }

    /// The expectation step; `nodes` padded.
    pub fn expect(
        &self,
        families: &[Family],
        flats: &[&[f64]],
        curves: &[Curves],
        nodes: &[f64],
        latent: &LatentWeights,
    ) -> Expected {
        let shared = self.shared(families, flats, curves, nodes, latent.log_prior);
        let tasks = self.tasks();
        let chunk = |(block, rows): &(usize, std::ops::Range<usize>)| {
            self.chunk(&self.blocks[*block], &shared[*block], nodes, rows.clone(), latent.tilts, true)
        };
        let mut partials: Vec<Partial> = tasks.par_iter().map(chunk).collect();
        let moments = latent.tilts.map(|tilts| self.moments_by_person(&tasks, &mut partials, tilts.len()));
        let expected = self.reduce(families, flats, nodes, &tasks, partials);
        Expected { moments: moments.unwrap_or_default(), ..expected }
    }

    /// Posterior mean and variance of every person that has responses, by person position; `None` for others.
    pub fn moments(
        &self,
        families: &[Family],
        flats: &[&[f64]],
        curves: &[Curves],
        nodes: &[f64],
        latent: &LatentWeights,
        persons: usize,
    ) -> Vec<Option<Moments>> {
        let shared = self.shared(families, flats, curves, nodes, latent.log_prior);
        let tasks = self.tasks();
        let chunk = |(block, rows): &(usize, std::ops::Range<usize>)| {
            self.chunk(&self.blocks[*block], &shared[*block], nodes, rows.clone(), latent.tilts, false)
        };
        let mut partials: Vec<Partial> = tasks.par_iter().map(chunk).collect();
        self.moments_by_person(&tasks, &mut partials, persons)
    }

    /// Takes the moments of rows out of the partial results.
    fn moments_by_person(
        &self,
        tasks: &[(usize, std::ops::Range<usize>)],
        partials: &mut [Partial],
        persons: usize,
    ) -> Vec<Option<Moments>> {
        let mut of_rows: Vec<Vec<Moments>> =
            self.blocks.iter().map(|block| Vec::with_capacity(block.weights.len())).collect();
        for ((block, _), partial) in tasks.iter().zip(partials) {
            of_rows[*block].append(&mut partial.moments);
        }
        let mut out = vec![None; persons];
        for (block, moments) in self.blocks.iter().zip(&of_rows) {
            for (person, row) in &block.persons {
                out[*person as usize] = Some(moments[*row as usize]);
            }
        }
        out
    }

    fn tasks(&self) -> Vec<(usize, std::ops::Range<usize>)> {
        let mut tasks = Vec::new();
        for (block, data) in self.blocks.iter().enumerate() {
            let rows = data.weights.len();
            let step = self.chunk_rows(rows);
            tasks.extend((0..rows).step_by(step).map(|start| (block, start..(start + step).min(rows))));
        }
        tasks
    }

    fn shared(
        &self,
        families: &[Family],
        flats: &[&[f64]],
        curves: &[Curves],
        nodes: &[f64],
        log_prior: &[Vec<f64>],
    ) -> Vec<Shared> {
        self.blocks
            .par_iter()
            .map(|block| self.block_shared(block, families, flats, curves, nodes, log_prior))
            .collect()
    }

    fn block_shared(
        &self,
        block: &EngineBlock,
        families: &[Family],
        flats: &[&[f64]],
        curves: &[Curves],
        nodes: &[f64],
        log_prior: &[Vec<f64>],
    ) -> Shared {
        let mut base = log_prior[block.group].clone();
        let groups = match &block.rows {
            Rows::Codes(groups) => groups.as_slice(),
            Rows::Scores { .. } => &[],
        };
        if self.linear {
            for item in &block.items {
                for (base, total) in base.iter_mut().zip(&curves[*item as usize].log_total) {
                    *base -= total;
                }
            }
            let table = |group: &CodeGroup| {
                let mut table = vec![0.0; group.size];
                group.digits(false, |code, place, category| {
                    let item = block.items[place] as usize;
                    table[code] += families[item].term(flats[item], self.categories[item], category).0;
                });
                table
            };
            if let Rows::Scores { multiple, .. } = block.rows {
                let common = block.items.first().map_or(1.0, |item| flats[*item as usize][0] / multiple);
                return Shared { base, tables: vec![vec![common]] };
            }
            return Shared { base, tables: groups.iter().map(table).collect() };
        }
        let q = nodes.len();
        let table = |group: &CodeGroup| {
            let mut table = vec![0.0; group.size * q];
            group.digits(block.scattered, |code, place, category| {
                let log = &curves[block.items[place] as usize].log[category * q..(category + 1) * q];
                simd::add(&mut table[code * q..(code + 1) * q], log);
            });
            table
        };
        Shared { base, tables: groups.iter().map(table).collect() }
    }

    fn chunk(
        &self,
        block: &EngineBlock,
        shared: &Shared,
        nodes: &[f64],
        rows: std::ops::Range<usize>,
        tilts: Option<&[Tilt]>,
        counting: bool,
    ) -> Partial {
        let q = nodes.len();
        let mut partial = Partial { log_likelihood: 0.0, nodes: vec![0.0; q], tables: Vec::new(), moments: Vec::new() };
        let mut p = vec![0.0; q];
        let tilt = |row: usize| tilts.map(|tilts| tilts[block.persons[row].0 as usize]);
        // Logarithms of the norms of tilted priors.
        let norms = |rows: std::ops::Range<usize>| -> f64 {
            rows.map(|row| block.weights[row] * tilt(row).map_or(0.0, |t| t.log_norm)).sum()
        };
        let groups = match &block.rows {
            Rows::Codes(groups) => groups.as_slice(),
            Rows::Scores { .. } => &[],
        };
        if self.linear {
            let mut slopes = vec![0.0; rows.len()];
            match &block.rows {
                Rows::Codes(groups) => {
                    for (group, table) in groups.iter().zip(&shared.tables) {
                        for (slope, code) in slopes.iter_mut().zip(&group.codes[rows.clone()]) {
                            *slope += table[usize::from(*code)];
                        }
                    }
                }
                Rows::Scores { scores, .. } => {
                    let common = shared.tables[0][0];
                    slopes.iter_mut().zip(&scores[rows.clone()]).for_each(|(slope, score)| *slope = common * score);
                }
            }
            if tilts.is_some() {
                slopes
                    .iter_mut()
                    .zip(rows.clone())
                    .for_each(|(slope, row)| *slope += tilt(row).map_or(0.0, |t| t.slope));
            }
            let mut means = vec![0.0; rows.len()];
            for (i, slope) in slopes.iter().enumerate() {
                let top = simd::line(&shared.base, nodes, *slope, &mut p);
                let (sum, first) = simd::exponentiate(&mut p, nodes, top);
                let weight = block.weights[rows.start + i];
                let mean = first / sum;
                if counting {
                    partial.log_likelihood += weight * (ln(sum) + top);
                    means[i] = weight * mean;
                    simd::add_scaled(&mut partial.nodes, weight / sum, &p);
                }
                if tilts.is_some() || !counting {
                    partial.moments.push((mean, simd::second_moment(&p, nodes, mean) / sum));
                }
            }
            if tilts.is_some() {
                partial.log_likelihood -= norms(rows.clone());
            }
            if counting {
                for group in groups {
                    let mut table = vec![0.0; group.size];
                    for (code, mean) in group.codes[rows.clone()].iter().zip(&means) {
                        table[usize::from(*code)] += mean;
                    }
                    partial.tables.push(table);
                }
                if let Rows::Scores { .. } = block.rows {
                    // Means per unit of weight; the score counts carry the weights.
                    let unit =
                        means.iter().zip(&block.weights[rows]).map(|(mean, w)| if *w > 0.0 { mean / w } else { 0.0 });
                    partial.tables.push(unit.collect());
                }
            }
            return partial;
        }
        if counting {
            partial.tables = groups.iter().map(|group| vec![0.0; group.size * q]).collect();
        }
        if tilts.is_some() {
            partial.log_likelihood -= norms(rows.clone());
        }
        for row in rows {
            p.copy_from_slice(&shared.base);
            if let Some(tilt) = tilt(row) {
                simd::add_scaled(&mut p, tilt.slope, nodes);
            }
            for (group, table) in groups.iter().zip(&shared.tables) {
                let code = usize::from(group.codes[row]);
                if !(block.scattered && code == 0) {
                    simd::add(&mut p, &table[code * q..(code + 1) * q]);
                }
            }
            let top = simd::largest(&p);
            let (sum, first) = simd::exponentiate(&mut p, nodes, top);
            let weight = block.weights[row];
            if tilts.is_some() || !counting {
                let mean = first / sum;
                partial.moments.push((mean, simd::second_moment(&p, nodes, mean) / sum));
            }
            if !counting {
                continue;
            }
            partial.log_likelihood += weight * (ln(sum) + top);
            simd::scale(&mut p, weight / sum);
            simd::add(&mut partial.nodes, &p);
            for (group, table) in groups.iter().zip(&mut partial.tables) {
                let code = usize::from(group.codes[row]);
                if !(block.scattered && code == 0) {
                    simd::add(&mut table[code * q..(code + 1) * q], &p);
                }
            }
        }
        partial
    }

    fn reduce(
        &self,
        families: &[Family],
        flats: &[&[f64]],
        nodes: &[f64],
        tasks: &[(usize, std::ops::Range<usize>)],
        partials: Vec<Partial>,
    ) -> Expected {
        let q = nodes.len();
        let empty = |k: &usize| {
            if self.linear {
                Counts::Linear { theta: vec![0.0; *k], nodes: vec![0.0; q] }
            } else {
                Counts::Full(vec![0.0; k * q])
            }
        };
        let mut expected = Expected {
            log_likelihood: 0.0,
            items: self.categories.iter().map(empty).collect(),
            latent: vec![vec![0.0; q]; self.groups],
            moments: Vec::new(),
        };
        // First the chunks of a block together, then the block to its items.
        let mut partials = partials.into_iter();
        let mut next = 0;
        while next < tasks.len() {
            let block = tasks[next].0;
            let Some(mut sum) = partials.next() else { break };
            next += 1;
            while next < tasks.len() && tasks[next].0 == block {
                let Some(more) = partials.next() else { break };
                sum.log_likelihood += more.log_likelihood;
                simd::add(&mut sum.nodes, &more.nodes);
                if let Rows::Scores { .. } = self.blocks[block].rows {
                    sum.tables[0].extend_from_slice(&more.tables[0]);
                } else {
                    for (table, more) in sum.tables.iter_mut().zip(&more.tables) {
                        table.iter_mut().zip(more).for_each(|(x, y)| *x += y);
                    }
                }
                next += 1;
            }
            Self::unfold(&self.blocks[block], &sum, q, &mut expected);
        }
        if self.linear {
            // The intercepts chosen add the same at every node.
            for (item, counts) in self.counts.iter().enumerate() {
                for (k, count) in counts.iter().enumerate() {
                    expected.log_likelihood += count * families[item].term(flats[item], counts.len(), k).1;
                }
            }
        }
        expected
    }

    fn unfold(block: &EngineBlock, sum: &Partial, q: usize, expected: &mut Expected) {
        expected.log_likelihood += sum.log_likelihood;
        simd::add(&mut expected.latent[block.group], &sum.nodes);
        for item in &block.items {
            if let Counts::Linear { nodes, .. } = &mut expected.items[*item as usize] {
                simd::add(nodes, &sum.nodes);
            }
        }
        match &block.rows {
            Rows::Codes(groups) => {
                for (group, table) in groups.iter().zip(&sum.tables) {
                    group.digits(block.scattered, |code, place, category| {
                        match &mut expected.items[block.items[place] as usize] {
                            Counts::Linear { theta, .. } => theta[category] += table[code],
                            Counts::Full(r) => {
                                simd::add(&mut r[category * q..(category + 1) * q], &table[code * q..(code + 1) * q]);
                            }
                        }
                    });
                }
            }
            Rows::Scores { scores, counts, .. } => {
                for (item, counts) in block.items.iter().zip(counts) {
                    if let Counts::Linear { theta, .. } = &mut expected.items[*item as usize] {
                        for (category, counts) in counts.chunks_exact(scores.len()).enumerate() {
                            theta[category] +=
                                counts.iter().zip(&sum.tables[0]).map(|(count, mean)| count * mean).sum::<f64>();
                        }
                    }
                }
            }
        }
    }
}

fn collapse_to_scores(block: &super::layout::Block, categories: &[usize], multiples: &[f64], made: &mut EngineBlock) {
    let score = |row: usize| -> usize {
        let points = block.items.iter().zip(block.row(row)).filter(|(_, cell)| **cell != MISSING);
        points.map(|(item, cell)| multiples[*item as usize] as usize * usize::from(*cell)).sum()
    };
    let of_rows: Vec<usize> = (0..block.rows()).map(score).collect();
    let mut present: Vec<usize> = of_rows.clone();
    present.sort_unstable();
    present.dedup();
    let mut weights = vec![0.0; present.len()];
    let mut counts: Vec<Vec<f64>> =
        block.items.iter().map(|item| vec![0.0; categories[*item as usize] * present.len()]).collect();
    let place: Vec<usize> = of_rows.iter().map(|score| present.binary_search(score).unwrap_or_default()).collect();
    for (row, place) in place.iter().enumerate() {
        weights[*place] += block.weights[row];
        for (counts, cell) in counts.iter_mut().zip(block.row(row)) {
            counts[usize::from(*cell) * present.len() + place] += block.weights[row];
        }
    }
    let multiple = block.items.first().map_or(1.0, |item| multiples[*item as usize]);
    made.persons = block.persons.iter().map(|(person, row)| (*person, place[*row as usize] as u32)).collect();
    made.weights = weights;
    made.rows = Rows::Scores { scores: present.iter().map(|score| *score as f64).collect(), counts, multiple };
}
