//! Values of measures over the cells of a cube.

use crate::averages::{Question, Reading};
use crate::cube::{Cube, CubeError, Keeps, Quantity};
use crate::definition::{Averaging, Catalogue, DefinitionError, ExclusionRule, Kind, Measure, Of, Operand, Read};
use crate::dimension::{DimensionError, Member};
use crate::exact::{ArithmeticError, Exact};
use crate::gather::{Axes, Conditions, LeftOut};
use serde::Serialize;
use std::collections::BTreeMap;

pub use crate::derived::ranks;

/// Why a measure has no value at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Absent {
    /// Nothing is recorded there.
    NothingRecorded,
    /// Its denominator is zero.
    DivisionByZero,
    /// There is no period to compare with.
    NoPeriodToCompare,
    /// The numbers are too large to compute with.
    TooLarge,
}

/// Value of a measure at a point.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Value {
    /// Exact value.
    pub exact: Option<Exact>,
    /// As printed: rounded half-up to the measure's decimals.
    pub printed: Option<Exact>,
    /// How many facts (people) stand behind it: the denominator's count.
    pub group: i64,
    /// How many schools were averaged, where schools count once each.
    pub schools: Option<u32>,
    /// How many facts were left out by exclusions.
    pub left_out: i64,
    /// Why there is no value.
    pub absent: Option<Absent>,
    /// A share above 100: the numerator counts what the denominator does not.
    pub over_hundred: bool,
    /// People were counted by sketch ([`ESTIMATE_ERROR`](crate::ESTIMATE_ERROR)).
    pub estimated: bool,
}

impl Value {
    pub(crate) fn none(absent: Absent) -> Self {
        Self { absent: Some(absent), ..Self::default() }
    }

    pub(crate) fn from_computed(computed: Result<Exact, ArithmeticError>, group: i64) -> Self {
        match computed {
            Ok(exact) => Self { exact: Some(exact), group, ..Self::default() },
            Err(ArithmeticError::DivisionByZero) if group == 0 => Self::none(Absent::NothingRecorded),
            Err(ArithmeticError::DivisionByZero) => Self { group, ..Self::none(Absent::DivisionByZero) },
            Err(ArithmeticError::Overflow) => Self { group, ..Self::none(Absent::TooLarge) },
        }
    }

    pub(crate) fn taken(&self, of: Of) -> Option<Exact> {
        match of {
            Of::Exact => self.exact,
            Of::Rounded => self.printed,
        }
    }
}

/// What can go wrong before any number is computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// Cells cannot be read so.
    #[error(transparent)]
    Cube(#[from] CubeError),
    /// No such measure.
    #[error("measure \"{0}\" is not defined")]
    UnknownMeasure(String),
    /// A level that the scale of the facts does not have.
    #[error("facts \"{facts}\" have no level \"{level}\"")]
    UnknownLevel {
        /// Kind of fact.
        facts: String,
        /// Level asked.
        level: String,
    },
    /// A change was asked over several periods taken together.
    #[error("measure \"{0}\" compares periods, so each column or row must be one period")]
    SeveralPeriods(String),
}

impl From<DimensionError> for EvaluationError {
    fn from(error: DimensionError) -> Self {
        Self::Cube(CubeError::Dimension(error))
    }
}

/// Evaluates measures of a catalogue over a cube.
#[derive(Debug, Clone, Copy)]
pub struct Evaluation<'a> {
    /// Cells.
    pub cube: &'a Cube,
    /// Definitions.
    pub catalogue: &'a Catalogue,
}

pub(crate) type Values = Result<Vec<Value>, EvaluationError>;

impl Evaluation<'_> {
    /// Values of a measure for every combination of the axes, in the axes' order (see [`Cube::read`]), for members of
    /// flat dimensions in `only`.
    pub fn values(&self, code: &str, axes: &Axes, only: &[(usize, Vec<Member>)]) -> Values {
        let measure = self.measure(code)?;
        let mut values = match measure.kind {
            Kind::Count | Kind::Event | Kind::Mean | Kind::Share | Kind::Ratio => self.direct(measure, axes, only)?,
            Kind::Change => self.change(measure, axes, only)?,
            Kind::Gap => self.gap(measure, axes, only)?,
            Kind::Average => self.average(measure, axes, only)?,
            Kind::Rank => self.rank(measure, axes, only)?,
            Kind::Status => self.status(measure, axes, only)?,
        };
        let estimated = self.is_estimate(measure);
        for value in &mut values {
            value.estimated = estimated && value.exact.is_some();
            value.printed = value.exact.map(|exact| exact.rounded(measure.decimals));
            value.over_hundred = measure.kind == Kind::Share && value.exact.is_some_and(|exact| exact > Exact::HUNDRED);
        }
        Ok(values)
    }

    /// The same with another averaging than the definition names.
    pub fn values_averaged(
        &self,
        code: &str,
        averaging: Averaging,
        axes: &Axes,
        only: &[(usize, Vec<Member>)],
    ) -> Values {
        let measure = Measure { averaging, ..self.measure(code)?.clone() };
        let mut values = self.direct(&measure, axes, only)?;
        for value in &mut values {
            value.printed = value.exact.map(|exact| exact.rounded(measure.decimals));
        }
        Ok(values)
    }

    /// Whether people that a measure counts, also through the measures it is made of, are counted by sketch.
    fn is_estimate(&self, measure: &Measure) -> bool {
        let sketched = |operand: &Operand| {
            let kind = self.cube.kind(&operand.facts).ok().and_then(|kind| self.cube.kind_info(kind));
            operand.read == Read::Distinct && kind.is_some_and(|kind| kind.keeps == Keeps::SketchedPeople)
        };
        let inner = || measure.made_of().filter_map(|code| self.catalogue.get(code));
        measure.operands().any(sketched) || inner().any(|inner| self.is_estimate(inner))
    }

    pub(crate) fn measure(&self, code: &str) -> Result<&Measure, EvaluationError> {
        self.catalogue.get(code).ok_or_else(|| EvaluationError::UnknownMeasure(code.to_owned()))
    }

    /// Count, share, ratio, mean or event, with the named averaging.
    fn direct(&self, measure: &Measure, axes: &Axes, only: &[(usize, Vec<Member>)]) -> Values {
        if measure.averaging == Averaging::ByPeople || matches!(measure.kind, Kind::Count | Kind::Event) {
            return self.pooled(measure, axes, only);
        }
        let mut values = self.pooled(measure, axes, only)?;
        let Some(question) = self.question(measure, axes, only)? else { return Ok(values) };
        for (value, moments) in values.iter_mut().zip(self.cube.averages(&question, &axes.places)?) {
            if let Some(mean) = moments.mean() {
                let (schools, left_out) = (u32::try_from(moments.count).ok(), value.left_out);
                *value = Value { schools, left_out, ..Value::from_computed(mean, value.group) };
            }
        }
        Ok(values)
    }

    /// The schools' quotients that a measure averages; `None` for measures that are not quotients.
    fn question(
        &self,
        measure: &Measure,
        axes: &Axes,
        only: &[(usize, Vec<Member>)],
    ) -> Result<Option<Question>, EvaluationError> {
        let exclusions = self.exclusions(&measure.exclusions)?;
        let reading = |operand: &Operand, quantity| self.reading(operand, quantity, only, &exclusions);
        let (over, under, factor) = match (measure.kind, &measure.of, &measure.numerator, &measure.denominator) {
            (Kind::Mean, Some(of), ..) => {
                (reading(of, Some(Quantity::Sum))?, reading(of, Some(Quantity::Count))?, Exact::ONE)
            }
            (kind, _, Some(numerator), Some(denominator)) => {
                let factor = if kind == Kind::Share { Exact::HUNDRED } else { measure.per };
                (reading(numerator, None)?, reading(denominator, None)?, factor)
            }
            _ => return Ok(None),
        };
        let tree = &self.cube.schema.place;
        Ok(Some(Question {
            over,
            under,
            factor,
            rounded: (measure.averaging == Averaging::OfRoundedValues).then_some(measure.decimals),
            level: measure.averaging_level.clone(),
            without: measure.averaging_without.iter().map(|code| tree.member(code)).collect::<Result<_, _>>()?,
            periods: axes.periods.clone(),
            others: axes.others.clone(),
        }))
    }

    /// Axes over the schools below each place, and which place each belongs to.
    pub(crate) fn units(&self, measure: &Measure, axes: &Axes) -> Result<(Axes, Vec<usize>), EvaluationError> {
        let tree = &self.cube.schema.place;
        let without: Vec<Member> =
            measure.averaging_without.iter().map(|code| tree.member(code)).collect::<Result<_, _>>()?;
        let mut places = Vec::new();
        let mut owners = Vec::new();
        for (owner, together) in axes.places.iter().enumerate() {
            for unit in together.iter().flat_map(|member| tree.below(*member, &measure.averaging_level)) {
                if !without.contains(&unit) {
                    places.push(vec![unit]);
                    owners.push(owner);
                }
            }
        }
        Ok((Axes { places, ..axes.clone() }, owners))
    }

    /// All facts of a place together.
    fn pooled(&self, measure: &Measure, axes: &Axes, only: &[(usize, Vec<Member>)]) -> Values {
        let exclusions = self.exclusions(&measure.exclusions)?;
        let read =
            |operand: &Operand, quantity: Option<Quantity>| self.read(operand, quantity, axes, only, &exclusions);
        let pair =
            |numerator: Vec<Option<Exact>>, denominator: Vec<Option<Exact>>| numerator.into_iter().zip(denominator);
        let zero = Exact::ZERO;
        let people = measure.people();
        let groups = match people {
            Some(operand) => read(operand, counted(operand))?,
            None => vec![None; axes.groups()],
        };
        let mut values: Vec<Value> = match (measure.kind, &measure.of, &measure.numerator, &measure.denominator) {
            (Kind::Share | Kind::Ratio, _, Some(numerator), Some(denominator)) => {
                let factor = if measure.kind == Kind::Share { Exact::HUNDRED } else { measure.per };
                pair(read(numerator, None)?, read(denominator, None)?)
                    .zip(groups)
                    .map(|((over, under), group)| {
                        let computed =
                            factor.times(over.unwrap_or(zero)).and_then(|over| over.over(under.unwrap_or(zero)));
                        Value::from_computed(computed, whole(group))
                    })
                    .collect()
            }
            (Kind::Mean, Some(of), ..) => {
                let (sum, count) = (Some(Quantity::Sum), Some(Quantity::Count));
                pair(read(of, sum)?, read(of, count)?)
                    .zip(groups)
                    .map(|((sum, count), group)| {
                        Value::from_computed(sum.unwrap_or(zero).over(count.unwrap_or(zero)), whole(group))
                    })
                    .collect()
            }
            (kind, Some(of), ..) => read(of, None)?
                .into_iter()
                .zip(groups)
                .map(|(value, group)| match value {
                    Some(value) if kind == Kind::Event => {
                        let happened = Exact::from(i32::from(!value.is_zero()));
                        Value { exact: Some(happened), group: whole(group), ..Value::default() }
                    }
                    Some(value) => Value { exact: Some(value), group: whole(group), ..Value::default() },
                    None => Value::none(Absent::NothingRecorded),
                })
                .collect(),
            // Definitions are checked when read; an incomplete one has no value.
            _ => vec![Value::none(Absent::NothingRecorded); axes.groups()],
        };
        if !exclusions.is_empty()
            && let Some(operand) = people
        {
            let all = self.read(operand, counted(operand), axes, only, &[])?;
            let kept = self.read(operand, counted(operand), axes, only, &exclusions)?;
            for (value, (all, kept)) in values.iter_mut().zip(all.into_iter().zip(kept)) {
                value.left_out = whole(all) - whole(kept);
            }
        }
        Ok(values)
    }

    fn exclusions(&self, rules: &[ExclusionRule]) -> Result<Vec<LeftOut>, EvaluationError> {
        let schema = &self.cube.schema;
        let rule = |rule: &ExclusionRule| -> Result<Option<LeftOut>, EvaluationError> {
            let periods: Vec<Member> = schema
                .period
                .members()
                .filter(|member| {
                    rule.periods.iter().any(|pattern| matches_pattern(pattern, schema.period.code_of(*member)))
                })
                .collect();
            // Codes that this network does not have leave nothing out: a network without grade 1 needs no exception for
            // it. `unknown_codes` still names them.
            let places: Vec<Member> = rule.places.iter().filter_map(|code| schema.place.member(code).ok()).collect();
            let mut others = Vec::new();
            for (dimension, codes) in &rule.only {
                let other = schema.other(dimension)?;
                let found = schema.dimension(dimension)?;
                others.push((other, codes.iter().filter_map(|code| found.member(code).ok()).collect::<Vec<Member>>()));
            }
            let idle = (!rule.periods.is_empty() && periods.is_empty())
                || (!rule.places.is_empty() && places.is_empty())
                || others.iter().any(|(_, members)| members.is_empty());
            Ok((!idle).then_some(LeftOut { places, periods, others }))
        };
        rules.iter().filter_map(|one| rule(one).transpose()).collect()
    }

    pub(crate) fn members(
        &self,
        only: &BTreeMap<String, Vec<String>>,
    ) -> Result<Vec<(usize, Vec<Member>)>, EvaluationError> {
        only.iter()
            .map(|(dimension, codes)| {
                let other = self.cube.schema.other(dimension)?;
                let members = self.cube.schema.others.get(other).map_or_else(
                    || Ok(Vec::new()),
                    |dimension| codes.iter().map(|code| dimension.member(code)).collect::<Result<_, _>>(),
                )?;
                Ok((other, members))
            })
            .collect()
    }

    fn read(
        &self,
        operand: &Operand,
        quantity: Option<Quantity>,
        axes: &Axes,
        only: &[(usize, Vec<Member>)],
        left_out: &[LeftOut],
    ) -> Result<Vec<Option<Exact>>, EvaluationError> {
        let Reading { kind, quantity, scale, conditions } = self.reading(operand, quantity, only, left_out)?;
        let units = self.cube.read(kind, &quantity, axes, &conditions)?;
        Ok(units.into_iter().map(|units| units.map(|units| Exact::new(units, scale))).collect())
    }

    /// What an operand reads; its own quantity when none is named.
    fn reading(
        &self,
        operand: &Operand,
        quantity: Option<Quantity>,
        only: &[(usize, Vec<Member>)],
        left_out: &[LeftOut],
    ) -> Result<Reading, EvaluationError> {
        let kind = self.cube.kind(&operand.facts)?;
        let keeps = self.cube.kind_info(kind).map(|info| info.keeps.clone());
        let decimals = match &keeps {
            Some(Keeps::Numbers { decimals } | Keeps::Values { decimals }) => *decimals,
            _ => 0,
        };
        let own = match (&operand.levels, operand.between, operand.read) {
            (Some(levels), ..) => Quantity::Levels(Self::levels(operand, keeps.as_ref(), levels)?),
            (None, Some((lowest, highest)), _) => {
                let units = |value: Exact| {
                    value.times(Exact::new(10_i128.pow(decimals), 0)).ok().and_then(|value| value.rounded(0).to_whole())
                };
                let bound =
                    |value: Exact, open: i64| units(value).and_then(|units| i64::try_from(units).ok()).unwrap_or(open);
                Quantity::Between(bound(lowest, i64::MIN), bound(highest, i64::MAX))
            }
            (None, None, Read::Count) => Quantity::Count,
            (None, None, Read::Sum) => Quantity::Sum,
            (None, None, Read::Lowest) => Quantity::Lowest,
            (None, None, Read::Highest) => Quantity::Highest,
            (None, None, Read::Distinct) => Quantity::Distinct,
        };
        // "How many facts" of an operand that takes only some levels means those levels.
        let quantity = match quantity {
            Some(Quantity::Count) if operand.levels.is_some() || operand.between.is_some() => own,
            Some(other) => other,
            None => own,
        };
        let scale = match quantity {
            Quantity::Sum | Quantity::Lowest | Quantity::Highest => decimals,
            _ => 0,
        };
        let mut conditions = Conditions { only: only.to_vec(), left_out: left_out.to_vec() };
        conditions.only.extend(self.members(&operand.only)?);
        Ok(Reading { kind, quantity, scale, conditions })
    }

    fn levels(operand: &Operand, keeps: Option<&Keeps>, levels: &[String]) -> Result<Vec<u8>, EvaluationError> {
        let scale: &[_] = if let Some(Keeps::Scale(scale)) = keeps { scale } else { &[] };
        let find = |level: &String| {
            let position = scale.iter().position(|one| one.code == *level).and_then(|index| u8::try_from(index).ok());
            position.ok_or_else(|| EvaluationError::UnknownLevel { facts: operand.facts.clone(), level: level.clone() })
        };
        levels.iter().map(find).collect()
    }

    /// Codes that definitions name and this cube does not have.
    pub fn unknown_codes(&self) -> Vec<DefinitionError> {
        let mut errors = Vec::new();
        for measure in self.catalogue.measures() {
            let mut unknown = |what: &'static str, code: &str, known: Vec<String>| {
                let (measure, code) = (measure.code.clone(), code.to_owned());
                errors.push(DefinitionError::UnknownCode { measure, what, code, known });
            };
            let conditions = measure.operands().map(|operand| &operand.only);
            let conditions = conditions.chain(measure.exclusions.iter().map(|rule| &rule.only));
            for (dimension, codes) in conditions.chain([&measure.only, &measure.to_where]).flatten() {
                match self.cube.schema.dimension(dimension) {
                    Err(_) => unknown(
                        "dimension",
                        dimension,
                        self.cube.schema.others.iter().map(|d| d.code.clone()).collect(),
                    ),
                    Ok(found) => codes
                        .iter()
                        .filter(|code| found.member(code).is_err())
                        .for_each(|code| unknown("member", code, Vec::new())),
                }
            }
            for operand in measure.operands() {
                let known = || self.cube.kinds().map(|kind| kind.code.clone()).collect();
                match self.cube.kind(&operand.facts).ok().and_then(|kind| self.cube.kind_info(kind)) {
                    None => unknown("kind of fact", &operand.facts, known()),
                    Some(info) => {
                        let scale: Vec<String> = match &info.keeps {
                            Keeps::Scale(levels) => levels.iter().map(|level| level.code.clone()).collect(),
                            _ => Vec::new(),
                        };
                        for level in operand.levels.iter().flatten().filter(|level| !scale.contains(level)) {
                            unknown("level", level, scale.clone());
                        }
                    }
                }
            }
        }
        errors
    }
}

/// How the people behind an operand are counted: those given as numbers (graduates: 41) are as many as the numbers say.
fn counted(operand: &Operand) -> Option<Quantity> {
    match operand.read {
        Read::Sum | Read::Distinct => None,
        Read::Count | Read::Lowest | Read::Highest => Some(Quantity::Count),
    }
}

fn whole(value: Option<Exact>) -> i64 {
    value.and_then(Exact::to_whole).and_then(|whole| i64::try_from(whole).ok()).unwrap_or(0)
}

fn matches_pattern(pattern: &str, code: &str) -> bool {
    pattern.strip_prefix('*').map_or(pattern == code, |end| code.ends_with(end))
}
