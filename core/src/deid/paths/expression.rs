//! Expressions over paths: the part of FHIRPath that configurations of rules use, as a tree.
//!
//! Of the grammar (FHIRPath N1): paths, `where`, types, comparisons, logic, sums and the functions of [`Function`]. Any
//! other function is an error where the rules are read, so that none of them is misunderstood where they are used.

use super::tokens::{self, Token};

/// The longest expression, in bytes.
const LONGEST: usize = 1 << 16;
/// How deep parentheses and operators may nest.
const DEEPEST: usize = 64;

/// What is wrong with an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// A character that begins no token, or a text without its end.
    Token,
    /// A token that does not stand there.
    Grammar,
    /// A function that is not among those that are known.
    Function,
    /// A function with too many or too few arguments.
    Arguments,
    /// Longer or deeper than is allowed.
    Large,
}

impl Flaw {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Token => "not an expression: a character or text that is not complete",
            Self::Grammar => "not an expression: something stands where it cannot",
            Self::Function => "a function that is not known",
            Self::Arguments => "a function with too many or too few arguments",
            Self::Large => "an expression that is too long or too deep",
        }
    }
}

/// A value that stands in the expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    Number(f64),
    Flag(bool),
    /// A date, or date and time, as it is written without `@`.
    Date(String),
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    /// What the expression is asked of.
    This,
    /// `{}`.
    Nothing,
    Literal(Value),
    /// Steps from a start.
    Path(Box<Expr>, Vec<Step>),
    /// `a | b | c`.
    Union(Vec<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `as` and `is` with the name of a type.
    Typed(bool, Box<Expr>, String),
    Minus(Box<Expr>),
}

/// A step of a path.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// A member by its name; the first step of a path may name the type of what it begins with.
    Member(String),
    Index(usize),
    Call(Function, Vec<Expr>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Implies,
    Or,
    Xor,
    And,
    In,
    Contains,
    Equal,
    Unequal,
    Less,
    Greater,
    AtMost,
    AtLeast,
    Add,
    Subtract,
    Join,
    Multiply,
    Divide,
    DivideWhole,
    Modulo,
}

macro_rules! functions {
    ($($name:ident = $text:literal, $least:literal..=$most:literal;)*) => {
        /// The functions that are known.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Function { $($name,)* }

        impl Function {
            /// The function of that name, and how many arguments it takes.
            fn named(name: &str) -> Option<(Self, std::ops::RangeInclusive<usize>)> {
                match name { $($text => Some((Self::$name, $least..=$most)),)* _ => None }
            }
        }
    };
}

functions! {
    NodesByType = "nodesByType", 1..=1;
    NodesByName = "nodesByName", 1..=1;
    Where = "where", 1..=1;
    OfType = "ofType", 1..=1;
    As = "as", 1..=1;
    Is = "is", 1..=1;
    Exists = "exists", 0..=1;
    Empty = "empty", 0..=0;
    Not = "not", 0..=0;
    First = "first", 0..=0;
    Last = "last", 0..=0;
    Count = "count", 0..=0;
    Children = "children", 0..=0;
    Descendants = "descendants", 0..=0;
    StartsWith = "startsWith", 1..=1;
    EndsWith = "endsWith", 1..=1;
    ContainsText = "contains", 1..=1;
    Matches = "matches", 1..=1;
    Substring = "substring", 1..=2;
    Replace = "replace", 2..=2;
    ReplaceMatches = "replaceMatches", 2..=2;
    Length = "length", 0..=0;
    Lower = "lower", 0..=0;
    Upper = "upper", 0..=0;
    ToText = "toString", 0..=0;
    ToInteger = "toInteger", 0..=0;
    ToDecimal = "toDecimal", 0..=0;
}

/// Reads an expression.
pub(super) fn read(text: &str) -> Result<Expr, Flaw> {
    if text.len() > LONGEST {
        return Err(Flaw::Large);
    }
    let tokens = tokens::read(text)?;
    let mut reader = Reader { tokens: &tokens, depth: 0 };
    let expr = reader.binary(0)?;
    if reader.tokens.is_empty() { Ok(expr) } else { Err(Flaw::Grammar) }
}

struct Reader<'t> {
    tokens: &'t [Token],
    depth: usize,
}

/// Operators by how strongly they bind, the weakest first. `is`, `as` and `|` stand between comparisons and sums.
const LEVELS: &[&[(&str, Operator)]] = &[
    &[("implies", Operator::Implies)],
    &[("or", Operator::Or), ("xor", Operator::Xor)],
    &[("and", Operator::And)],
    &[("in", Operator::In), ("contains", Operator::Contains)],
    &[("=", Operator::Equal), ("!=", Operator::Unequal)],
    &[("<", Operator::Less), (">", Operator::Greater), ("<=", Operator::AtMost), (">=", Operator::AtLeast)],
    &[("+", Operator::Add), ("-", Operator::Subtract), ("&", Operator::Join)],
    &[
        ("*", Operator::Multiply),
        ("/", Operator::Divide),
        ("div", Operator::DivideWhole),
        ("mod", Operator::Modulo),
    ],
];

/// The level of the sums: above it stand unions and types.
const SUMS: usize = 6;

impl Reader<'_> {
    fn next_is(&self, word: &str) -> bool {
        match self.tokens.first() {
            Some(Token::Symbol(symbol)) => *symbol == word,
            Some(Token::Name(name)) => name == word,
            _ => false,
        }
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.next_is(word);
        if found {
            self.skip();
        }
        found
    }

    fn skip(&mut self) {
        self.tokens = self.tokens.get(1..).unwrap_or_default();
    }

    fn need(&mut self, word: &str) -> Result<(), Flaw> {
        if self.take(word) { Ok(()) } else { Err(Flaw::Grammar) }
    }

    fn name(&mut self) -> Result<String, Flaw> {
        let Some(Token::Name(name)) = self.tokens.first() else { return Err(Flaw::Grammar) };
        let name = name.clone();
        self.skip();
        Ok(name)
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Flaw>) -> Result<T, Flaw> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Flaw::Large);
        }
        let out = read(self);
        self.depth -= 1;
        out
    }

    fn binary(&mut self, level: usize) -> Result<Expr, Flaw> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut left = if level + 1 == SUMS { self.union()? } else { self.binary(level + 1)? };
        let mut many = 0;
        while let Some((_, operator)) = operators.iter().find(|(word, _)| self.next_is(word)) {
            self.skip();
            many += 1;
            if many > DEEPEST {
                return Err(Flaw::Large);
            }
            let right = if level + 1 == SUMS { self.union()? } else { self.binary(level + 1)? };
            left = Expr::Binary(*operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn union(&mut self) -> Result<Expr, Flaw> {
        let first = self.typed()?;
        if !self.next_is("|") {
            return Ok(first);
        }
        let mut all = vec![first];
        while self.take("|") {
            all.push(self.typed()?);
        }
        Ok(Expr::Union(all))
    }

    fn typed(&mut self) -> Result<Expr, Flaw> {
        let value = self.binary(SUMS)?;
        for (word, is) in [("as", false), ("is", true)] {
            if self.take(word) {
                return Ok(Expr::Typed(is, Box::new(value), self.type_name()?));
            }
        }
        Ok(value)
    }

    /// `HumanName`, or `FHIR.HumanName`.
    fn type_name(&mut self) -> Result<String, Flaw> {
        let name = self.name()?;
        if matches!(name.as_str(), "FHIR" | "System") && self.take(".") { self.name() } else { Ok(name) }
    }

    fn unary(&mut self) -> Result<Expr, Flaw> {
        if self.take("-") {
            return self.deeper(|reader| Ok(Expr::Minus(Box::new(reader.unary()?))));
        }
        let (start, mut steps) = self.start()?;
        loop {
            if self.take(".") {
                steps.push(self.step()?);
            } else if self.take("[") {
                let Some(Token::Number(number)) = self.tokens.first() else { return Err(Flaw::Grammar) };
                let index = format!("{number}").parse().map_err(|_| Flaw::Grammar)?;
                self.skip();
                self.need("]")?;
                steps.push(Step::Index(index));
            } else {
                break;
            }
        }
        Ok(if steps.is_empty() { start } else { Expr::Path(Box::new(start), steps) })
    }

    fn start(&mut self) -> Result<(Expr, Vec<Step>), Flaw> {
        let literal = |value| (Expr::Literal(value), Vec::new());
        let start = match self.tokens.first() {
            Some(Token::Text(text)) => literal(Value::Text(text.clone())),
            Some(Token::Number(number)) => literal(Value::Number(*number)),
            Some(Token::Date(date)) => literal(Value::Date(date.clone())),
            Some(Token::This) => (Expr::This, Vec::new()),
            Some(Token::Name(name)) if name == "true" || name == "false" => {
                literal(Value::Flag(name == "true"))
            }
            Some(Token::Name(_)) => return Ok((Expr::This, vec![self.step()?])),
            Some(Token::Symbol("(")) => {
                self.skip();
                let inner = self.deeper(|reader| reader.binary(0))?;
                self.need(")")?;
                return Ok((inner, Vec::new()));
            }
            Some(Token::Symbol("{")) => {
                self.skip();
                self.need("}")?;
                return Ok((Expr::Nothing, Vec::new()));
            }
            _ => return Err(Flaw::Grammar),
        };
        self.skip();
        Ok(start)
    }

    fn step(&mut self) -> Result<Step, Flaw> {
        if self.tokens.first() == Some(&Token::This) {
            return Err(Flaw::Grammar);
        }
        let name = self.name()?;
        if !self.take("(") {
            return Ok(Step::Member(name));
        }
        let (function, takes) = Function::named(&name).ok_or(Flaw::Function)?;
        let mut arguments = Vec::new();
        if !self.take(")") {
            loop {
                arguments.push(match function {
                    Function::OfType | Function::As | Function::Is => {
                        Expr::Literal(Value::Text(self.type_name()?))
                    }
                    _ => self.deeper(|reader| reader.binary(0))?,
                });
                if self.take(")") {
                    break;
                }
                self.need(",")?;
            }
        }
        if takes.contains(&arguments.len()) {
            Ok(Step::Call(function, arguments))
        } else {
            Err(Flaw::Arguments)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_configurations_write_is_read() {
        for text in [
            "Patient.name.family",
            "nodesByType('HumanName').use",
            "Patient.nodesByType(\"Address\").where(city='KeepTest')",
            "FamilyMemberHistory.condition.onset as Age",
            "Device.where(id.exists()).id",
            "$this in ('en-AU' | 'en-CA')",
            "('es-AR' | 'es-ES') contains $this",
            "$this <= @2020-01-01T00:00:00Z and $this >= @1990-01-01",
            "$this.substring(0,3)+'****'",
            "$this>=0 and $this<20",
            "-1 + 2 * (3 - $this[0]) div 4",
            "true",
            "{}",
            "`value`.ofType(FHIR.Quantity) is Quantity",
        ] {
            assert!(read(text).is_ok(), "{text}: {:?}", read(text));
        }
        assert_eq!(read("a or b and c").unwrap(), read("a or (b and c)").unwrap());
        assert_eq!(read("a | b = c").unwrap(), read("(a | b) = c").unwrap());
    }

    #[test]
    fn what_is_no_expression_is_told() {
        for (text, flaw) in [
            ("", Flaw::Grammar),
            ("a.", Flaw::Grammar),
            ("a b", Flaw::Grammar),
            ("(a", Flaw::Grammar),
            ("'a", Flaw::Token),
            ("a ? b", Flaw::Token),
            ("a.resolve()", Flaw::Function),
            ("a.where()", Flaw::Arguments),
            ("a.exists(b, c)", Flaw::Arguments),
        ] {
            assert_eq!(read(text), Err(flaw), "{text}");
        }
        assert_eq!(read(&"(".repeat(100)), Err(Flaw::Large));
        assert_eq!(read(&"1+".repeat(100)), Err(Flaw::Large));
        assert_eq!(read(&"a".repeat(1 << 17)), Err(Flaw::Large));
    }
}
