//! What methods make of the text of one value: masks, bands, codes higher up, numbers that have moved.

/// Letters and digits become one character, apart from the first and the last few.
pub(super) fn mask(text: &str, first: usize, last: usize, with: char) -> String {
    let all = text.chars().filter(|c| c.is_alphanumeric()).count();
    // What would show more than half shows nothing.
    let (first, last) = if 2 * (first + last) > all { (0, 0) } else { (first, last) };
    let mut seen = 0;
    text.chars()
        .map(|c| {
            if !c.is_alphanumeric() {
                return c;
            }
            seen += 1;
            if seen <= first || seen > all - last { c } else { with }
        })
        .collect()
}

/// A number leaf gets the lowest age of its band, a text the band. From `top` on there is one.
pub(super) fn age_band(text: &str, years: u16, top: u16, number: bool) -> Option<String> {
    let age: f64 = text.trim().parse().ok().filter(|age: &f64| age.is_finite() && *age >= 0.0)?;
    let (years, top) = (f64::from(years), f64::from(top));
    if age >= top {
        return Some(if number { format!("{top}") } else { format!("{top}+") });
    }
    let low = (age / years).floor() * years;
    let high = (low + years).min(top) - 1.0;
    Some(if number { format!("{low}") } else { format!("{low}-{high}") })
}

/// A number leaf gets the lower end of its band, a text the band.
pub(super) fn number_band(text: &str, width: f64, number: bool) -> Option<String> {
    let value: f64 = text.trim().parse().ok().filter(|value: &f64| value.is_finite())?;
    let low = (value / width).floor() * width;
    let places = decimals_of(&format!("{width}"));
    let written = |value: f64| format!("{value:.places$}");
    Some(if number { written(low) } else { format!("{}-{}", written(low), written(low + width)) })
}

fn decimals_of(text: &str) -> usize {
    text.split_once('.').map_or(0, |(_, after)| after.bytes().take_while(u8::is_ascii_digit).count())
}

/// The number moved by at most `span`, or by at most that part of itself, with as many decimals as it had.
pub(super) fn perturb(
    text: &str,
    span: f64,
    proportional: bool,
    decimals: Option<u32>,
    secret: u64,
) -> Option<String> {
    let value: f64 = text.trim().parse().ok().filter(|value: &f64| value.is_finite())?;
    // From -1 to 1: the upper 53 bits are what a double holds.
    let unit = (secret >> 11) as f64 / (1u64 << 52) as f64 - 1.0;
    let moved = value + unit * if proportional { value.abs() * span } else { span };
    let places = decimals.map_or_else(|| decimals_of(text), |n| n as usize);
    let written = format!("{moved:.places$}");
    Some(if written.trim_start_matches(['-', '0', '.']).is_empty() {
        written.trim_start_matches('-').to_owned()
    } else {
        written
    })
}

/// A code some levels up: by its dot and characters (ICD), never below three characters.
pub(super) fn parent(code: &str, levels: usize) -> Option<String> {
    let mut code = code.trim().to_owned();
    if !code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.') {
        return None;
    }
    for _ in 0..levels {
        if code.trim_end_matches('.').len() <= 3 {
            break;
        }
        code.pop();
        // A placeholder stands for nothing of its own (ICD-10-CM, section I.A.4).
        while code.len() > 3 && code.ends_with(['.', 'X']) {
            code.pop();
        }
    }
    Some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_shows_what_it_is_told_and_never_most_of_it() {
        assert_eq!(mask("123-45-6789", 0, 4, '*'), "***-**-6789");
        assert_eq!(mask("12-34", 1, 1, '#'), "1#-#4");
        assert_eq!(mask("123", 1, 1, '*'), "***");
        assert_eq!(mask("Ab c", 0, 0, 'x'), "xx x");
    }

    #[test]
    fn bands() {
        assert_eq!(age_band("44", 5, 90, true).unwrap(), "40");
        assert_eq!(age_band("44.5", 5, 90, false).unwrap(), "40-44");
        assert_eq!(age_band("97", 5, 90, true).unwrap(), "90");
        assert_eq!(age_band("97", 5, 90, false).unwrap(), "90+");
        assert_eq!(age_band("88", 10, 85, false).unwrap(), "85+");
        assert_eq!(age_band("-1", 5, 90, true), None);
        assert_eq!(number_band("17.3", 2.5, true).unwrap(), "15.0");
        assert_eq!(number_band("-1", 10.0, false).unwrap(), "-10-0");
    }

    #[test]
    fn a_number_moves_within_its_span() {
        for n in 0..200u64 {
            let secret = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let moved: f64 = perturb("120.5", 3.0, false, None, secret).unwrap().parse().unwrap();
            assert!((117.45..=123.55).contains(&moved));
            let part: f64 = perturb("-200", 0.1, true, None, secret).unwrap().parse().unwrap();
            assert!((-220.0..=-180.0).contains(&part));
        }
        assert_eq!(perturb("0", 0.1, true, Some(1), 7).unwrap(), "0.0");
        assert_eq!(perturb("x", 0.1, true, Some(1), 7), None);
    }

    #[test]
    fn codes_go_up() {
        for (code, levels, expected) in [
            ("E11.65", 1, "E11.6"),
            ("E11.65", 2, "E11"),
            ("E11.65", 5, "E11"),
            ("S52.5X1A", 1, "S52.5X1"),
            ("T36.0X1", 1, "T36.0"),
            ("250.00", 2, "250"),
        ] {
            assert_eq!(parent(code, levels).unwrap(), expected);
        }
        assert_eq!(parent("a b", 1), None);
    }
}
