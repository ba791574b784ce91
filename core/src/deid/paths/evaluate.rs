//! What an expression comes to on a value of a record.

use jiff::Timestamp;

use super::expression::{Expr, Function, Operator, Step, Value};
use super::model::{Index, Model};
use crate::formats::tree::{Kind, NodeId};
use crate::text::{PartialDate, Precision};

/// One of what an expression comes to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item {
    Node(NodeId),
    Value(Value),
}

/// The expression asks for something that its values cannot give, such as whether a word is less than a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mismatch;

type Items = Vec<Item>;

/// What `expr` comes to for `this`, which is the entry whose nodes `index` holds, or a part of it.
pub(super) fn evaluate(
    model: &Model<'_>,
    index: Option<&Index<'_>>,
    expr: &Expr,
    this: &Item,
) -> Result<Items, Mismatch> {
    Evaluator { model, index }.of(expr, std::slice::from_ref(this))
}

/// Whether `expr` holds for `this`: it comes to `true` alone.
pub(super) fn holds(model: &Model<'_>, expr: &Expr, this: &Item) -> Result<bool, Mismatch> {
    let evaluator = Evaluator { model, index: None };
    evaluator.of(expr, std::slice::from_ref(this)).map(|items| evaluator.truth(&items) == Some(true))
}

/// The text of the only value that `expr` comes to for `this`.
pub(super) fn text(model: &Model<'_>, expr: &Expr, this: &Item) -> Result<Option<String>, Mismatch> {
    let evaluator = Evaluator { model, index: None };
    let items = evaluator.of(expr, std::slice::from_ref(this))?;
    evaluator.single(&items).map(|value| value.map(|value| written(&value)))
}

/// A value as a record writes it.
fn written(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Date(text) => text.clone(),
        Value::Number(number) => format!("{number}"),
        Value::Flag(flag) => flag.to_string(),
    }
}

struct Evaluator<'m, 'r> {
    model: &'m Model<'r>,
    index: Option<&'m Index<'r>>,
}

impl Evaluator<'_, '_> {
    fn of(&self, expr: &Expr, this: &[Item]) -> Result<Items, Mismatch> {
        Ok(match expr {
            Expr::This => this.to_vec(),
            Expr::Nothing => Vec::new(),
            Expr::Literal(value) => vec![Item::Value(value.clone())],
            Expr::Path(start, steps) => {
                let mut items = self.of(start, this)?;
                let mut first = **start == Expr::This;
                for step in steps {
                    items = self.step(step, items, first)?;
                    first = false;
                }
                items
            }
            Expr::Union(all) => {
                let mut out = Vec::new();
                for part in all {
                    for item in self.of(part, this)? {
                        if !out.contains(&item) {
                            out.push(item);
                        }
                    }
                }
                out
            }
            Expr::Typed(is, value, name) => {
                let items = self.of(value, this)?;
                if *is {
                    let single = items.first().filter(|_| items.len() == 1);
                    single.map(|item| flag(self.is_of(item, name))).into_iter().collect()
                } else {
                    items.into_iter().filter(|item| self.is_of(item, name)).collect()
                }
            }
            Expr::Minus(value) => match self.single(&self.of(value, this)?)? {
                Some(Value::Number(number)) => vec![Item::Value(Value::Number(-number))],
                Some(_) => return Err(Mismatch),
                None => Vec::new(),
            },
            Expr::Binary(operator, left, right) => self.binary(*operator, left, right, this)?,
        })
    }

    fn is_of(&self, item: &Item, name: &str) -> bool {
        match item {
            Item::Node(id) => self.model.is_of(*id, name),
            Item::Value(value) => {
                let own = match value {
                    Value::Text(_) => "string",
                    Value::Number(_) => "decimal",
                    Value::Flag(_) => "boolean",
                    Value::Date(_) => "date",
                };
                own.eq_ignore_ascii_case(name)
            }
        }
    }

    fn step(&self, step: &Step, items: Items, first: bool) -> Result<Items, Mismatch> {
        match step {
            Step::Index(at) => Ok(items.into_iter().nth(*at).into_iter().collect()),
            Step::Member(name) => {
                // A path may begin with the type of what it is asked of.
                let typed = first && name.starts_with(|c: char| c.is_ascii_uppercase());
                let fits = |item: &Item| matches!(item, Item::Node(id) if self.model.is_of(*id, name));
                if typed && items.iter().all(fits) {
                    return Ok(items);
                }
                Ok(nodes(&items).flat_map(|id| self.model.members(id, name)).map(Item::Node).collect())
            }
            Step::Call(function, arguments) => self.call(*function, arguments, items),
        }
    }

    fn call(&self, function: Function, arguments: &[Expr], items: Items) -> Result<Items, Mismatch> {
        use Function as F;
        let model = self.model;
        let argument = |at: usize| -> Result<Option<Value>, Mismatch> {
            match arguments.get(at) {
                Some(expr) => self.single(&self.of(expr, &items)?),
                None => Ok(None),
            }
        };
        let word = |at: usize| -> Result<String, Mismatch> {
            match argument(at)? {
                Some(Value::Text(text)) => Ok(text),
                _ => Err(Mismatch),
            }
        };
        let kept = |test: &dyn Fn(&Item) -> Result<bool, Mismatch>| -> Result<Items, Mismatch> {
            let mut out = Vec::new();
            for item in &items {
                if test(item)? {
                    out.push(item.clone());
                }
            }
            Ok(out)
        };
        let matching = |item: &Item| match arguments.first() {
            Some(expr) => {
                self.of(expr, std::slice::from_ref(item)).map(|found| self.truth(&found) == Some(true))
            }
            None => Ok(true),
        };
        Ok(match function {
            F::NodesByType | F::NodesByName => {
                let wanted = word(0)?;
                self.found(function == F::NodesByType, &wanted, &items)
            }
            F::Where => kept(&matching)?,
            F::OfType | F::As => {
                let name = word(0)?;
                kept(&|item| Ok(self.is_of(item, &name)))?
            }
            F::Is => {
                let name = word(0)?;
                items.first().map(|item| flag(self.is_of(item, &name))).into_iter().collect()
            }
            F::Exists => vec![flag(!kept(&matching)?.is_empty())],
            F::Empty => vec![flag(items.is_empty())],
            F::Not => self.truth(&items).map(|truth| flag(!truth)).into_iter().collect(),
            F::First => items.into_iter().next().into_iter().collect(),
            F::Last => items.into_iter().next_back().into_iter().collect(),
            F::Count => vec![Item::Value(Value::Number(items.len() as f64))],
            F::Children => nodes(&items)
                .flat_map(|id| model.tree.children(id).collect::<Vec<_>>())
                .filter(|id| !model.is_type_name(*id))
                .flat_map(|id| model.values(id))
                .map(Item::Node)
                .collect(),
            F::Descendants => nodes(&items).flat_map(|id| model.below(id)).map(Item::Node).collect(),
            _ => self.of_text(function, arguments, &items)?,
        })
    }

    /// Functions of one text.
    fn of_text(&self, function: Function, arguments: &[Expr], items: &[Item]) -> Result<Items, Mismatch> {
        use Function as F;
        let Some(value) = self.single(items)? else { return Ok(Vec::new()) };
        let text = written(&value);
        let argument = |at: usize| match arguments.get(at) {
            Some(expr) => self.single(&self.of(expr, items)?),
            None => Ok(None),
        };
        let word = |at: usize| match argument(at)? {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(Mismatch),
        };
        let number = |at: usize| match argument(at)? {
            Some(Value::Number(number)) => Ok(Some(number.max(0.0) as usize)),
            Some(_) => Err(Mismatch),
            None => Ok(None),
        };
        let is_text = matches!(value, Value::Text(_) | Value::Date(_));
        if !is_text && !matches!(function, F::ToText | F::ToInteger | F::ToDecimal) {
            return Err(Mismatch);
        }
        let pattern = |at: usize| regex::Regex::new(&word(at)?).map_err(|_| Mismatch);
        let made = match function {
            F::StartsWith => Value::Flag(text.starts_with(&word(0)?)),
            F::EndsWith => Value::Flag(text.ends_with(&word(0)?)),
            F::ContainsText => Value::Flag(text.contains(&word(0)?)),
            F::Matches => Value::Flag(pattern(0)?.is_match(&text)),
            F::Substring => {
                let from = number(0)?.ok_or(Mismatch)?;
                if from >= text.chars().count() {
                    return Ok(Vec::new());
                }
                let most = number(1)?.unwrap_or(usize::MAX);
                Value::Text(text.chars().skip(from).take(most).collect())
            }
            F::Replace => Value::Text(text.replace(&word(0)?, &word(1)?)),
            F::ReplaceMatches => Value::Text(pattern(0)?.replace_all(&text, word(1)?.as_str()).into_owned()),
            F::Length => Value::Number(text.chars().count() as f64),
            F::Lower => Value::Text(text.to_lowercase()),
            F::Upper => Value::Text(text.to_uppercase()),
            F::ToText => Value::Text(text),
            F::ToInteger => match text.parse::<i64>() {
                Ok(number) => Value::Number(number as f64),
                Err(_) => return Ok(Vec::new()),
            },
            _ => match text.parse::<f64>().ok().filter(|number| number.is_finite()) {
                Some(number) => Value::Number(number),
                None => return Ok(Vec::new()),
            },
        };
        Ok(vec![Item::Value(made)])
    }

    /// The nodes of a type or name among some and below them.
    fn found(&self, by_type: bool, wanted: &str, items: &[Item]) -> Items {
        let model = self.model;
        let mut out = Vec::new();
        for id in nodes(items) {
            if let Some(index) = self.index.filter(|_| model.is_entry(id)) {
                let nodes = if by_type { index.by_type.get(wanted) } else { index.by_name.get(wanted) };
                out.extend(nodes.into_iter().flatten().copied().map(Item::Node));
                continue;
            }
            let fits = |id: &NodeId| {
                if by_type {
                    model.is_of(*id, wanted)
                } else {
                    model.name_of(*id).is_some_and(|name| name == wanted)
                }
            };
            let all = std::iter::once(id).chain(model.below(id));
            out.extend(all.filter(fits).map(Item::Node));
        }
        out
    }

    /// Whether it is `true` or `false`; a single value of another kind is there, and so is true.
    fn truth(&self, items: &[Item]) -> Option<bool> {
        match self.single(items) {
            Ok(Some(Value::Flag(flag))) => Some(flag),
            Ok(Some(_)) => Some(true),
            Ok(None) => None,
            Err(Mismatch) => (items.len() == 1).then_some(true),
        }
    }

    /// The only value; none where there is nothing.
    fn single(&self, items: &[Item]) -> Result<Option<Value>, Mismatch> {
        match items {
            [] => Ok(None),
            [one] => self.value(one).map(Some).ok_or(Mismatch),
            _ => Err(Mismatch),
        }
    }

    fn value(&self, item: &Item) -> Option<Value> {
        let id = match item {
            Item::Value(value) => return Some(value.clone()),
            Item::Node(id) => *id,
        };
        let text = self.model.record.text(id)?;
        Some(match self.model.tree.node(id).kind() {
            Kind::Number => Value::Number(text.parse().ok()?),
            Kind::Flag => Value::Flag(text == "true"),
            _ => match self.model.type_of(id).as_deref() {
                Some("date" | "dateTime" | "instant" | "time") => Value::Date(text.into_owned()),
                _ => Value::Text(text.into_owned()),
            },
        })
    }

    fn binary(
        &self,
        operator: Operator,
        left: &Expr,
        right: &Expr,
        this: &[Item],
    ) -> Result<Items, Mismatch> {
        use Operator as O;
        let left = self.of(left, this)?;
        // What is said already needs no look at the rest.
        match (operator, self.truth(&left)) {
            (O::And, Some(false)) => return Ok(vec![flag(false)]),
            (O::Or, Some(true)) => return Ok(vec![flag(true)]),
            _ => {}
        }
        let right = self.of(right, this)?;
        let told = |truth: Option<bool>| Ok(truth.map(flag).into_iter().collect());
        match operator {
            O::And | O::Or | O::Xor | O::Implies => {
                let (a, b) = (self.truth(&left), self.truth(&right));
                told(match operator {
                    O::And => match (a, b) {
                        (Some(true), Some(true)) => Some(true),
                        (_, Some(false)) => Some(false),
                        _ => None,
                    },
                    O::Or => match (a, b) {
                        (_, Some(true)) => Some(true),
                        (Some(false), Some(false)) => Some(false),
                        _ => None,
                    },
                    O::Xor => a.zip(b).map(|(a, b)| a != b),
                    _ => match (a, b) {
                        (Some(false), _) | (_, Some(true)) => Some(true),
                        (Some(true), Some(false)) => Some(false),
                        _ => None,
                    },
                })
            }
            O::In | O::Contains => {
                let (one, many) = if operator == O::In { (left, right) } else { (right, left) };
                let Some(one) = self.single(&one)? else { return Ok(Vec::new()) };
                let found = many.iter().filter_map(|item| self.value(item)).any(|value| equal(&value, &one));
                told(Some(found))
            }
            O::Equal | O::Unequal => {
                if left.is_empty() || right.is_empty() {
                    return Ok(Vec::new());
                }
                let same = left.len() == right.len()
                    && left.iter().zip(&right).all(|(a, b)| match (self.value(a), self.value(b)) {
                        (Some(a), Some(b)) => equal(&a, &b),
                        _ => a == b,
                    });
                told(Some(same == (operator == O::Equal)))
            }
            _ => {
                let (left, right) = (self.single(&left)?, self.single(&right)?);
                match (left, right) {
                    (Some(left), Some(right)) => reckoned(operator, &left, &right),
                    // An empty text joins to nothing; anything else with nothing is nothing.
                    (Some(value), None) | (None, Some(value)) if operator == O::Join => {
                        Ok(vec![Item::Value(value)])
                    }
                    _ => Ok(Vec::new()),
                }
            }
        }
    }
}

fn nodes(items: &[Item]) -> impl Iterator<Item = NodeId> + '_ {
    items.iter().filter_map(|item| match item {
        Item::Node(id) => Some(*id),
        Item::Value(_) => None,
    })
}

fn flag(flag: bool) -> Item {
    Item::Value(Value::Flag(flag))
}

/// Whether two values are equal; a date that stands as text is one.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Date(a), Value::Text(b)) | (Value::Text(a), Value::Date(b)) => a == b,
        (left, right) => left == right,
    }
}

fn reckoned(operator: Operator, left: &Value, right: &Value) -> Result<Items, Mismatch> {
    use Operator as O;
    use std::cmp::Ordering;
    if matches!(operator, O::Less | O::Greater | O::AtMost | O::AtLeast) {
        let order = match (left, right) {
            (Value::Number(a), Value::Number(b)) => a.partial_cmp(b),
            (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
            (Value::Date(a), Value::Date(b)) => in_time(a, b),
            _ => return Err(Mismatch),
        };
        return Ok(order
            .map(|order| {
                flag(match operator {
                    O::Less => order == Ordering::Less,
                    O::Greater => order == Ordering::Greater,
                    O::AtMost => order != Ordering::Greater,
                    _ => order != Ordering::Less,
                })
            })
            .into_iter()
            .collect());
    }
    let value = match (operator, left, right) {
        (O::Add | O::Join, Value::Text(a), Value::Text(b)) => Value::Text(format!("{a}{b}")),
        (_, Value::Number(a), Value::Number(b)) => {
            let number = match operator {
                O::Add => a + b,
                O::Subtract => a - b,
                O::Multiply => a * b,
                O::Divide => a / b,
                O::DivideWhole => (a / b).trunc(),
                O::Modulo => a % b,
                _ => return Err(Mismatch),
            };
            if !number.is_finite() {
                return Ok(Vec::new());
            }
            Value::Number(number)
        }
        _ => return Err(Mismatch),
    };
    Ok(vec![Item::Value(value)])
}

/// Which of two dates is earlier, as far as both are known; none where what they have in common is the same and one
/// says more.
fn in_time(a: &str, b: &str) -> Option<std::cmp::Ordering> {
    use std::cmp::Ordering;
    if let (Ok(a), Ok(b)) = (a.parse::<Timestamp>(), b.parse::<Timestamp>()) {
        return Some(a.cmp(&b));
    }
    let (first, second) = (PartialDate::parse(a)?, PartialDate::parse(b)?);
    let shared = first.precision().min(second.precision());
    let key = |date: PartialDate| {
        let day = date.earliest();
        match shared {
            Precision::Year => (day.year(), 0, 0),
            Precision::Month => (day.year(), day.month(), 0),
            Precision::Day | Precision::Time => (day.year(), day.month(), day.day()),
        }
    };
    match key(first).cmp(&key(second)) {
        Ordering::Equal if first.precision() != second.precision() => None,
        Ordering::Equal if shared == Precision::Time => None,
        order => Some(order),
    }
}
