//! Three values: what is known to be true, what is known to be false, and what is not known.

/// A fact's value. Unknown is not no (Kleene's strong logic): a conclusion from facts of which one is unknown is
/// unknown, unless the others settle it alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) enum Tri {
    /// Known not to be so.
    False,
    /// Known to be so.
    True,
    /// Not known.
    #[default]
    Unknown,
}

impl Tri {
    /// All three.
    #[cfg(test)]
    pub(super) const ALL: [Self; 3] = [Self::False, Self::True, Self::Unknown];

    /// Both must hold.
    #[must_use]
    pub(super) const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    /// One must hold.
    #[must_use]
    pub(super) const fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::True, _) | (_, Self::True) => Self::True,
            (Self::False, Self::False) => Self::False,
            _ => Self::Unknown,
        }
    }

    /// The opposite; the opposite of unknown is unknown.
    #[must_use]
    pub(super) const fn negate(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::True => Self::False,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Tri {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

impl From<Option<bool>> for Tri {
    fn from(value: Option<bool>) -> Self {
        value.map_or(Self::Unknown, Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_matters_only_where_it_could_change_the_answer() {
        assert_eq!(Tri::False.and(Tri::Unknown), Tri::False);
        assert_eq!(Tri::True.and(Tri::Unknown), Tri::Unknown);
        assert_eq!(Tri::True.or(Tri::Unknown), Tri::True);
        assert_eq!(Tri::False.or(Tri::Unknown), Tri::Unknown);
        assert_eq!(Tri::Unknown.negate(), Tri::Unknown);
    }

    /// What is concluded while something is unknown stays when it becomes known.
    #[test]
    fn knowing_more_never_takes_a_conclusion_back() {
        let refine = |tri: Tri| if tri == Tri::Unknown { vec![Tri::False, Tri::True] } else { vec![tri] };
        for a in Tri::ALL {
            for b in Tri::ALL {
                for (x, y) in refine(a).into_iter().flat_map(|x| refine(b).into_iter().map(move |y| (x, y))) {
                    for (before, after) in [(a.and(b), x.and(y)), (a.or(b), x.or(y))] {
                        assert!(before == Tri::Unknown || before == after);
                    }
                }
            }
        }
    }
}
