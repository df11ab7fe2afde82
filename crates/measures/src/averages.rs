//! Averages by schools, kept above the schools as facts arrive.
//!
//! The mean of the schools' values cannot be made of the cells above them: each school's value is a quotient of its own.
//! So a question that was asked once (what is divided by what, under which conditions, for which periods and members)
//! is kept with its answer at every place above the schools: how many of them have a value, and the sum of the values.
//! A batch of facts changes the values of the schools it touches. What they were is taken away and what they are is
//! added; sums of decimals are exact, so the kept answer equals reading every school again.

use crate::cube::{Cube, CubeError, KindId, Quantity};
use crate::dimension::{Dimension, Member};
use crate::exact::{ArithmeticError, Exact};
use crate::gather::{Axes, Conditions, Together};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Questions kept at a time; the one asked longest ago goes.
const MOST_QUESTIONS: usize = 48;
/// A batch that touches more schools than this makes the answers be computed again when they are asked.
const MOST_TOUCHED: usize = 256;
/// So few schools are read one by one.
const FEW: usize = 16;
/// Schools read at a time.
const PART: usize = 512;

/// What is read of the facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    pub kind: KindId,
    pub quantity: Quantity,
    /// Digits behind the point of the units that are read.
    pub scale: u32,
    pub conditions: Conditions,
}

/// Which quotients are averaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    pub over: Reading,
    pub under: Reading,
    pub factor: Exact,
    /// The quotients are rounded to so many digits before they are averaged.
    pub rounded: Option<u32>,
    /// Level of the places that count once each.
    pub level: String,
    /// Places that do not count.
    pub without: Vec<Member>,
    pub periods: Vec<Together>,
    pub others: Vec<(usize, Vec<Together>)>,
}

/// How many schools have a value, and the sum of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Moments {
    pub count: i64,
    pub sum: Exact,
}

impl Moments {
    fn changed(self, count: i64, by: Exact) -> Result<Self, ArithmeticError> {
        Ok(Self { count: self.count + count, sum: self.sum.plus(by)? })
    }

    /// The mean; `None` where no school has a value.
    pub(crate) fn mean(self) -> Option<Result<Exact, ArithmeticError>> {
        (self.count > 0).then(|| self.sum.over(Exact::from(self.count)))
    }
}

/// Answers by place, one for each combination of periods and members.
type Answers = BTreeMap<Member, Vec<Moments>>;

#[derive(Debug, Clone)]
struct Kept {
    question: Question,
    answers: Answers,
}

/// Values of schools before a batch of facts.
pub(crate) struct Before {
    question: usize,
    values: Vec<(Member, Vec<Option<Exact>>)>,
}

/// The questions that were asked, with their answers. They follow from the cells, so they make no difference between cubes.
#[derive(Debug, Default)]
pub(crate) struct Averages(Mutex<Vec<Kept>>);

impl Clone for Averages {
    fn clone(&self) -> Self {
        Self(Mutex::new(self.kept().clone()))
    }
}

impl PartialEq for Averages {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Averages {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// What is kept is replaced as a whole, so a panic elsewhere leaves nothing half done.
    fn kept(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, question: &Question, places: &[Member]) -> Option<Answers> {
        let mut kept = self.kept();
        let position = kept.iter().position(|one| one.question == *question)?;
        let found = kept.remove(position);
        let answers = places.iter().filter_map(|place| Some((*place, found.answers.get(place)?.clone()))).collect();
        kept.push(found);
        Some(answers)
    }

    fn keep(&self, question: &Question, answers: Answers) {
        let mut kept = self.kept();
        kept.retain(|one| one.question != *question);
        if kept.len() >= MOST_QUESTIONS {
            kept.remove(0);
        }
        kept.push(Kept { question: question.clone(), answers });
    }
}

fn adds(answers: &mut Answers, place: Member, values: &[Option<Exact>], sign: i64) -> Result<(), ArithmeticError> {
    let moments = answers.entry(place).or_insert_with(|| vec![Moments::default(); values.len()]);
    for (moments, value) in moments.iter_mut().zip(values) {
        if let Some(value) = value {
            let by = if sign < 0 { value.negated() } else { *value };
            *moments = moments.changed(sign, by)?;
        }
    }
    Ok(())
}

/// Places for which a list of schools stands: an ancestor in place of all schools below it, and the schools that remain.
fn covered(tree: &Dimension, question: &Question, together: &[Member]) -> (Vec<Member>, Vec<Member>) {
    let counts = |member: &Member| tree.info(*member).is_some_and(|info| info.level == question.level);
    let (named, above): (Vec<Member>, Vec<Member>) = together.iter().copied().partition(counts);
    let named: Vec<Member> = named.into_iter().filter(|school| !question.without.contains(school)).collect();
    let schools: BTreeSet<Member> = named.iter().copied().collect();
    // A school that is named twice counts twice; few schools are read as fast as anything that stands for them.
    if schools.len() != named.len() || schools.len() < FEW {
        return (above, named);
    }
    let mut below: BTreeMap<Member, usize> = BTreeMap::new();
    let mut chosen: BTreeMap<Member, usize> = BTreeMap::new();
    for school in tree.members().filter(counts).filter(|school| !question.without.contains(school)) {
        for ancestor in tree.lineage(school).skip(1) {
            *below.entry(ancestor).or_default() += 1;
            *chosen.entry(ancestor).or_default() += usize::from(schools.contains(&school));
        }
    }
    let whole = |ancestor: &Member| below.get(ancestor).is_some_and(|all| chosen.get(ancestor) == Some(all));
    let top = |school: &Member| tree.lineage(*school).skip(1).filter(whole).last();
    let tops: BTreeSet<Member> = schools.iter().filter_map(top).collect();
    let single = schools.iter().copied().filter(|school| top(school).is_none()).collect();
    (above.into_iter().chain(tops).collect(), single)
}

impl Cube {
    /// The quotient at each of these places, place by place in the order of the question's periods and members.
    fn quotients(&self, question: &Question, places: &[Member]) -> Result<Vec<Option<Exact>>, CubeError> {
        let axes = Axes {
            places: places.iter().map(|place| vec![*place]).collect(),
            periods: question.periods.clone(),
            others: question.others.clone(),
        };
        let read = |reading: &Reading| -> Result<Vec<Option<Exact>>, CubeError> {
            let units = self.read(reading.kind, &reading.quantity, &axes, &reading.conditions)?;
            Ok(units.into_iter().map(|units| units.map(|units| Exact::new(units, reading.scale))).collect())
        };
        let quotient = |over: Option<Exact>, under: Option<Exact>| {
            let under = under.filter(|under| !under.is_zero())?;
            let value = question.factor.times(over.unwrap_or(Exact::ZERO)).and_then(|over| over.over(under)).ok()?;
            Some(question.rounded.map_or(value, |digits| value.rounded(digits)))
        };
        Ok(read(&question.over)?.into_iter().zip(read(&question.under)?).map(|(a, b)| quotient(a, b)).collect())
    }

    /// Values of each of these schools.
    fn by_school(
        &self,
        question: &Question,
        schools: &[Member],
        mut visit: impl FnMut(Member, &[Option<Exact>]),
    ) -> Result<(), CubeError> {
        let groups = Axes { places: vec![vec![]], periods: question.periods.clone(), others: question.others.clone() };
        let groups = groups.groups().max(1);
        for part in schools.chunks(PART) {
            let values = self.quotients(question, part)?;
            for (school, values) in part.iter().zip(values.chunks(groups)) {
                visit(*school, values);
            }
        }
        Ok(())
    }

    /// Sums of the schools' values, in the order places × periods × others, last fastest.
    pub(crate) fn averages(&self, question: &Question, places: &[Together]) -> Result<Vec<Moments>, CubeError> {
        let tree = &self.schema.place;
        let groups = Axes { places: vec![vec![]], periods: question.periods.clone(), others: question.others.clone() };
        let groups = groups.groups();
        let parts: Vec<(Vec<Member>, Vec<Member>)> =
            places.iter().map(|together| covered(tree, question, together)).collect();
        let above: Vec<Member> = parts.iter().flat_map(|(above, _)| above.iter().copied()).collect();
        let answers = if above.is_empty() { Answers::new() } else { self.answers(question, &above)? };
        let mut moments = Vec::with_capacity(places.len() * groups);
        for (above, single) in &parts {
            let mut sums = Answers::new();
            let mut failed = None;
            self.by_school(question, single, |_, values| {
                failed = failed.take().or_else(|| adds(&mut sums, 0, values, 1).err());
            })?;
            let mut sums = sums.remove(&0).unwrap_or_else(|| vec![Moments::default(); groups]);
            for place in above {
                for (sum, more) in sums.iter_mut().zip(answers.get(place).into_iter().flatten()) {
                    match sum.changed(more.count, more.sum) {
                        Ok(changed) => *sum = changed,
                        Err(error) => failed = Some(error),
                    }
                }
            }
            if let Some(error) = failed {
                return Err(error.into());
            }
            moments.extend(sums);
        }
        Ok(moments)
    }

    fn answers(&self, question: &Question, places: &[Member]) -> Result<Answers, CubeError> {
        if let Some(found) = self.kept_averages().find(question, places) {
            return Ok(found);
        }
        let tree = &self.schema.place;
        let schools: Vec<Member> = tree
            .members()
            .filter(|member| tree.info(*member).is_some_and(|info| info.level == question.level))
            .filter(|school| !question.without.contains(school))
            .collect();
        let (mut answers, mut failed) = (Answers::new(), None);
        self.by_school(question, &schools, |school, values| {
            if values.iter().any(Option::is_some) {
                for place in tree.lineage(school).skip(1) {
                    failed = failed.take().or_else(|| adds(&mut answers, place, values, 1).err());
                }
            }
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
        let wanted = places.iter().filter_map(|place| Some((*place, answers.get(place)?.clone()))).collect();
        self.kept_averages().keep(question, answers);
        Ok(wanted)
    }

    /// Before a batch: what the touched schools answer to the questions that read this kind of fact. Questions that too
    /// many schools would change are forgotten.
    pub(crate) fn before(&self, kind: KindId, places: impl Iterator<Item = Member>) -> Vec<Before> {
        let mut kept = self.kept_averages().kept();
        if kept.iter().all(|one| one.question.over.kind != kind && one.question.under.kind != kind) {
            return Vec::new();
        }
        let tree = &self.schema.place;
        let touched: BTreeSet<Member> = places.collect();
        if touched.len() > MOST_TOUCHED {
            kept.retain(|one| one.question.over.kind != kind && one.question.under.kind != kind);
            return Vec::new();
        }
        let mut before = Vec::new();
        let mut position = 0;
        kept.retain(|one| {
            let question = &one.question;
            if question.over.kind != kind && question.under.kind != kind {
                position += 1;
                return true;
            }
            let school = |place: &Member| {
                let level = |member: &Member| tree.info(*member).is_some_and(|info| info.level == question.level);
                tree.lineage(*place).find(level).filter(|school| !question.without.contains(school))
            };
            let schools: Vec<Member> =
                touched.iter().filter_map(school).collect::<BTreeSet<Member>>().into_iter().collect();
            let mut values = Vec::new();
            let read = self.by_school(question, &schools, |school, own| values.push((school, own.to_vec())));
            if read.is_ok() {
                before.push(Before { question: position, values });
                position += 1;
            }
            read.is_ok()
        });
        before
    }

    /// After the batch: the answers become what they are now.
    pub(crate) fn after(&self, before: Vec<Before>) {
        let mut kept = self.kept_averages().kept();
        let mut lost = Vec::new();
        for Before { question: position, values } in before {
            let Some(one) = kept.get_mut(position) else { continue };
            let Kept { question, answers } = one;
            let schools: Vec<Member> = values.iter().map(|(school, _)| *school).collect();
            let mut failed = false;
            let mut old = values.iter();
            let read = self.by_school(question, &schools, |school, new| {
                let old = old.next().map_or(&[][..], |(_, old)| old.as_slice());
                for place in self.schema.place.lineage(school).skip(1) {
                    failed |= adds(answers, place, old, -1).is_err() || adds(answers, place, new, 1).is_err();
                }
            });
            if failed || read.is_err() {
                lost.push(position);
            }
        }
        for position in lost.into_iter().rev() {
            kept.remove(position);
        }
    }
}
