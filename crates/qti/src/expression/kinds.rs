//! Words that operators are told apart by: modes, shapes, functions.

/// How `equal` compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToleranceMode {
    /// The same number.
    Exact,
    /// Within a distance.
    Absolute,
    /// Within a percentage of the first operand.
    Relative,
}

/// How `equalRounded` and `roundTo` round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundingMode {
    /// To a number of significant figures.
    SignificantFigures,
    /// To a number of decimal places.
    DecimalPlaces,
}

/// An area of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Kind of area.
    pub shape: Shape,
    /// Coordinates as written (`x,y,r` and so on).
    pub coords: String,
}

impl Area {
    /// Its coordinates as numbers; `None` where one of them is none.
    #[must_use]
    pub fn numbers(&self) -> Option<Vec<f64>> {
        coordinates(&self.coords).map(crate::value::parse_float).collect()
    }
}

/// The parts of coordinates, which commas and white space keep apart; authors lay them out on several lines.
pub(crate) fn coordinates(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_whitespace()).filter(|part| !part.is_empty())
}

/// Kinds of areas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Centre and radius.
    Circle,
    /// Left, top, right, bottom.
    Rect,
    /// Corners.
    Poly,
    /// Centre and two radii.
    Ellipse,
    /// Everything.
    Default,
}

macro_rules! names {
    ($type:ty, $($variant:ident => $name:literal),+ $(,)?) => {
        impl $type {
            /// All of them, in the order of the specification.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The name in the specification.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
            /// From the name in the specification.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use names;

names!(ToleranceMode, Exact => "exact", Absolute => "absolute", Relative => "relative");
names!(RoundingMode, SignificantFigures => "significantFigures", DecimalPlaces => "decimalPlaces");
names!(Shape, Circle => "circle", Rect => "rect", Poly => "poly", Ellipse => "ellipse", Default => "default");

/// Statistics of `qti-stats-operator`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say what they are")]
pub enum Statistic {
    Mean,
    SampleVariance,
    SampleSd,
    PopulationVariance,
    PopulationSd,
}
names!(Statistic, Mean => "mean", SampleVariance => "sampleVariance", SampleSd => "sampleSD",
    PopulationVariance => "popVariance", PopulationSd => "popSD");

/// Functions of `qti-math-operator`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say what they are")]
pub enum MathFunction {
    Sin,
    Cos,
    Tan,
    Sec,
    Csc,
    Cot,
    Asin,
    Acos,
    Atan,
    Atan2,
    Asec,
    Acsc,
    Acot,
    Sinh,
    Cosh,
    Tanh,
    Sech,
    Csch,
    Coth,
    Log,
    Ln,
    Exp,
    Abs,
    Signum,
    Floor,
    Ceil,
    ToDegrees,
    ToRadians,
}
names!(MathFunction, Sin => "sin", Cos => "cos", Tan => "tan", Sec => "sec", Csc => "csc", Cot => "cot",
    Asin => "asin", Acos => "acos", Atan => "atan", Atan2 => "atan2", Asec => "asec", Acsc => "acsc",
    Acot => "acot", Sinh => "sinh", Cosh => "cosh", Tanh => "tanh", Sech => "sech", Csch => "csch",
    Coth => "coth", Log => "log", Ln => "ln", Exp => "exp", Abs => "abs", Signum => "signum",
    Floor => "floor", Ceil => "ceil", ToDegrees => "toDegrees", ToRadians => "toRadians");
