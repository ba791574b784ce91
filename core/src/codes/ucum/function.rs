//! Units that are no multiple of base units: scales with an offset, logarithms, the slope in percent (UCUM, section
//! 4.5 and table of special units).

/// From a number on the scale to a ratio of the unit that the scale is of, and back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Celsius,
    Fahrenheit,
    Reaumur,
    Tangent,
    Logarithm { base: Base, times: i32 },
    HomeopathicPotency { base: i32 },
    Root,
}

/// The base of a logarithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    Two,
    E,
    Ten,
}

const FREEZING_KELVIN: f64 = 273.15;
const FAHRENHEIT_OFFSET: f64 = 459.67;

impl Function {
    /// The function of a name in the unit table.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "Cel" => Self::Celsius,
            "degF" => Self::Fahrenheit,
            "degRe" => Self::Reaumur,
            "tanTimes100" | "100tan" => Self::Tangent,
            "ln" => Self::Logarithm { base: Base::E, times: 1 },
            "lg" => Self::Logarithm { base: Base::Ten, times: 1 },
            "lgTimes2" => Self::Logarithm { base: Base::Ten, times: 2 },
            "ld" => Self::Logarithm { base: Base::Two, times: 1 },
            "pH" => Self::Logarithm { base: Base::Ten, times: -1 },
            "sqrt" => Self::Root,
            "hpX" => Self::HomeopathicPotency { base: 10 },
            "hpC" => Self::HomeopathicPotency { base: 100 },
            "hpM" => Self::HomeopathicPotency { base: 1_000 },
            "hpQ" => Self::HomeopathicPotency { base: 50_000 },
            _ => return None,
        })
    }

    /// From the scale to the ratio.
    pub(super) fn to_ratio(self, scale: f64) -> f64 {
        match self {
            Self::Celsius => scale + FREEZING_KELVIN,
            Self::Fahrenheit => scale + FAHRENHEIT_OFFSET,
            Self::Reaumur => scale + FREEZING_KELVIN * 0.8,
            Self::Tangent => (scale / 100.0).atan(),
            Self::Logarithm { base, times } => {
                let exponent = scale / f64::from(times);
                match base {
                    Base::Two => exponent.exp2(),
                    Base::E => exponent.exp(),
                    Base::Ten => 10f64.powf(exponent),
                }
            }
            Self::HomeopathicPotency { base } => f64::from(base).powf(-scale),
            Self::Root => scale * scale,
        }
    }

    /// From the ratio to the scale.
    pub(super) fn of_ratio(self, ratio: f64) -> f64 {
        match self {
            Self::Celsius => ratio - FREEZING_KELVIN,
            Self::Fahrenheit => ratio - FAHRENHEIT_OFFSET,
            Self::Reaumur => ratio - FREEZING_KELVIN * 0.8,
            Self::Tangent => ratio.tan() * 100.0,
            Self::Logarithm { base, times } => {
                let exponent = match base {
                    Base::Two => ratio.log2(),
                    Base::E => ratio.ln(),
                    Base::Ten => ratio.log10(),
                };
                exponent * f64::from(times)
            }
            Self::HomeopathicPotency { base } => -ratio.ln() / f64::from(base).ln(),
            Self::Root => ratio.sqrt(),
        }
    }
}
