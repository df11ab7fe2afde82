//! Exact rational arithmetic and a tiny evaluator: + - * / ^, parentheses, functions, letters for numbers, `2x` for a product.

use std::cmp::Ordering;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rational {
    numerator: i128,
    denominator: i128,
}

impl Rational {
    pub fn new(numerator: i128, denominator: i128) -> Self {
        assert_ne!(denominator, 0, "division by zero");
        let divisor = gcd(numerator.abs(), denominator.abs()).max(1) * denominator.signum();
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    pub fn whole(number: i128) -> Self {
        Self::new(number, 1)
    }

    fn apply(self, other: Self, operation: char) -> Self {
        let (a, b, c, d) = (self.numerator, self.denominator, other.numerator, other.denominator);
        match operation {
            '+' => Self::new(a * d + c * b, b * d),
            '-' => Self::new(a * d - c * b, b * d),
            '*' => Self::new(a * c, b * d),
            '/' => Self::new(a * d, b * c),
            other => panic!("operation {other}"),
        }
    }

    fn floor(self) -> Self {
        Self::whole(self.numerator.div_euclid(self.denominator))
    }

    fn order(self, other: Self) -> Ordering {
        (self.numerator * other.denominator).cmp(&(other.numerator * self.denominator))
    }

    fn power(self, exponent: i128) -> Self {
        let base = if exponent < 0 { Self::whole(1).apply(self, '/') } else { self };
        (0..exponent.abs()).fold(Self::whole(1), |product, _| product.apply(base, '*'))
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Numbers for letters.
pub type Letters = BTreeMap<char, Rational>;

/// The value of an expression.
pub fn evaluate(expression: &str, letters: &Letters) -> Rational {
    let symbols: Vec<char> = expression.chars().filter(|symbol| !symbol.is_whitespace()).collect();
    let mut parser = Parser { symbols: &symbols, at: 0, letters };
    let value = parser.sum();
    assert_eq!(parser.at, symbols.len(), "{expression}: something is left over");
    value
}

/// The value of an expression without letters.
pub fn value(expression: &str) -> Rational {
    evaluate(expression, &Letters::new())
}

/// Whether a comparison is true.
pub fn is_true(condition: &str, letters: &Letters) -> bool {
    let at = condition.find(['=', '<', '>']).expect("a comparison has a sign");
    let (left, right) = (evaluate(&condition[..at], letters), evaluate(&condition[at + 1..], letters));
    let wanted = match &condition[at..=at] {
        "=" => Ordering::Equal,
        "<" => Ordering::Less,
        _ => Ordering::Greater,
    };
    left.order(right) == wanted
}

struct Parser<'a> {
    symbols: &'a [char],
    at: usize,
    letters: &'a Letters,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.symbols.get(self.at).copied()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn sum(&mut self) -> Rational {
        let mut value = self.product();
        while let Some(sign @ ('+' | '-')) = self.peek() {
            self.at += 1;
            value = value.apply(self.product(), sign);
        }
        value
    }

    fn product(&mut self) -> Rational {
        let mut value = self.factor();
        loop {
            match self.peek() {
                Some(sign @ ('*' | '/')) => {
                    self.at += 1;
                    value = value.apply(self.factor(), sign);
                }
                Some(symbol) if symbol == '(' || symbol.is_ascii_alphabetic() => {
                    value = value.apply(self.factor(), '*');
                }
                _ => return value,
            }
        }
    }

    fn factor(&mut self) -> Rational {
        if self.take('-') {
            return Rational::whole(0).apply(self.factor(), '-');
        }
        let base = self.atom();
        if !self.take('^') {
            return base;
        }
        let negative = self.take('-');
        let exponent = self.atom();
        assert_eq!(exponent.denominator, 1);
        base.power(if negative { -exponent.numerator } else { exponent.numerator })
    }

    fn atom(&mut self) -> Rational {
        if self.take('(') {
            let value = self.sum();
            assert!(self.take(')'), "a parenthesis is open");
            return value;
        }
        if self.peek().is_some_and(|symbol| symbol.is_ascii_alphabetic()) {
            return self.word();
        }
        let start = self.at;
        while self.peek().is_some_and(|symbol| symbol.is_ascii_digit() || symbol == '.') {
            self.at += 1;
        }
        let text: String = self.symbols[start..self.at].iter().collect();
        decimal(&text)
    }

    fn word(&mut self) -> Rational {
        let rest: String = self.symbols[self.at..].iter().collect();
        let function = ["max", "min", "div", "mod", "median"].into_iter().find(|name| rest.starts_with(name));
        let Some(function) = function else {
            let letter = self.symbols[self.at];
            self.at += 1;
            return *self.letters.get(&letter).unwrap_or_else(|| panic!("no number for {letter} in {rest}"));
        };
        self.at += function.len();
        assert!(self.take('('), "{function} needs arguments");
        let mut arguments = vec![self.sum()];
        while self.take(',') {
            arguments.push(self.sum());
        }
        assert!(self.take(')'), "a parenthesis is open");
        let (first, last) = (arguments[0], arguments[arguments.len() - 1]);
        let quotient = || first.apply(last, '/').floor();
        match function {
            "div" => quotient(),
            "mod" => first.apply(quotient().apply(last, '*'), '-'),
            _ => {
                arguments.sort_by(|a, b| a.order(*b));
                match function {
                    "max" => arguments[arguments.len() - 1],
                    "min" => arguments[0],
                    _ => {
                        assert_eq!(arguments.len() % 2, 1, "the median of an odd number of values");
                        arguments[arguments.len() / 2]
                    }
                }
            }
        }
    }
}

/// A decimal with a point, exactly.
pub fn decimal(text: &str) -> Rational {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits: i128 = format!("{whole}{part}").parse().unwrap_or_else(|_| panic!("not a number: {text:?}"));
    Rational::new(digits, 10_i128.pow(u32::try_from(part.len()).expect("a short number")))
}

/// The numbers in a text for people: grouped by no-break spaces, decimal comma or point, fractions with a slash, minus sign.
pub fn numbers(text: &str) -> Vec<Rational> {
    let symbols: Vec<char> = text.chars().collect();
    let digit = |index: usize| symbols.get(index).is_some_and(char::is_ascii_digit);
    let mut found: Vec<Rational> = Vec::new();
    let mut at = 0;
    while at < symbols.len() {
        if !digit(at) {
            at += 1;
            continue;
        }
        let negative = at > 0
            && matches!(symbols[at - 1], '−' | '-')
            && (at == 1 || matches!(symbols[at - 2], ' ' | '(' | '\u{a0}' | '{'));
        let mut number = String::new();
        loop {
            if digit(at) {
                number.push(symbols[at]);
            } else if digit(at + 1) && matches!(symbols.get(at), Some('\u{a0}')) {
                // Thousands are grouped.
            } else if digit(at + 1) && matches!(symbols.get(at), Some(',' | '.')) && !number.contains('.') {
                number.push('.');
            } else {
                break;
            }
            at += 1;
        }
        let value = decimal(&number);
        let value = if negative { Rational::whole(0).apply(value, '-') } else { value };
        let denominator_follows = symbols.get(at) == Some(&'/') && digit(at + 1);
        if denominator_follows {
            at += 1;
            let start = at;
            while digit(at) {
                at += 1;
            }
            let below: String = symbols[start..at].iter().collect();
            found.push(value.apply(decimal(&below), '/'));
        } else {
            found.push(value);
        }
    }
    found
}

/// An expression for people as one for [`evaluate`]; of an equation `y = ...` the right side.
pub fn from_print(text: &str) -> String {
    let text = text.rsplit('=').next().unwrap_or(text);
    let mut expression = String::new();
    for symbol in text.chars().filter(|symbol| !symbol.is_whitespace()) {
        match symbol {
            '−' => expression.push('-'),
            '·' | '×' => expression.push('*'),
            ':' => expression.push('/'),
            ',' => expression.push('.'),
            '²' => expression.push_str("^2"),
            '³' => expression.push_str("^3"),
            other => expression.push(other),
        }
    }
    expression
}

/// Whether two expressions are equal for several values of their letters; polynomials and fractions of low degree that agree there
/// agree everywhere.
pub fn identical(one: &str, other: &str) -> bool {
    (2..12).all(|n| {
        let letters: Letters =
            [('x', 0), ('a', 3), ('b', 17)].map(|(letter, shift)| (letter, Rational::new(3 * n + shift, 2))).into();
        evaluate(one, &letters) == evaluate(other, &letters)
    })
}

#[test]
fn the_evaluator_is_exact() {
    let is = |expression: &str, numerator, denominator| {
        assert_eq!(value(expression), Rational::new(numerator, denominator), "{expression}");
    };
    is("1/3 + 1/6", 1, 2);
    is("2 - 3*4", -10, 1);
    is("-(2 - 5)^2", -9, 1);
    is("mod(75, 9) + div(75, 9)", 11, 1);
    is("0.1 + 0.2", 3, 10);
    is("max(2, 3)*min(2, 3)", 6, 1);
    is("2*10^-3", 1, 500);
    is("median(5, 14, 10, 8, 5)", 8, 1);
    let a = |number| Letters::from([('a', Rational::whole(number))]);
    assert!(is_true("a^2 = 2*10*5", &a(-10)));
    assert!(!is_true("a^2 = 2*10*5", &a(9)));
    assert!(is_true("a^2 < 70", &a(8)) && is_true("a^2 > 70", &a(9)));
    assert!(identical("(x^2 - 9)/(x^2 + 3x)", "(x - 3)/x"));
    assert!(identical("(a - b)^2", "a^2 - 2ab + b^2"));
    assert!(!identical("(a - b)^2", "a^2 - b^2"));
}

#[test]
fn numbers_are_read_as_printed() {
    let read = |text: &str| numbers(text);
    assert_eq!(read("25\u{a0}040\u{a0}700"), [Rational::whole(25_040_700)]);
    assert_eq!(read("8 (3 қалдық)"), [Rational::whole(8), Rational::whole(3)]);
    assert_eq!(read("0,25 кг"), [Rational::new(1, 4)]);
    assert_eq!(read("9/12"), [Rational::new(3, 4)]);
    assert_eq!(read("−2 нКл"), [Rational::whole(-2)]);
    assert_eq!(read("16:40"), [Rational::whole(16), Rational::whole(40)]);
    assert_eq!(read("46 м²"), [Rational::whole(46)]);
    assert_eq!(value(&from_print("(275 + 400) − 2")), Rational::whole(673));
    assert!(identical(&from_print("y = −2x + 2"), "2 - 2x"));
}
