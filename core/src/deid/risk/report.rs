//! The reports of a table for people, in Markdown: of one that was assessed, of one that was anonymised. Names of columns
//! and figures; no value of the table.

use super::{AnonymizeTableRequest, AnonymizedTable, RiskReport, SensitiveRisk};

/// The page of a table whose risk was assessed. `quasi` are the names of the columns that others may know.
pub(super) fn assessed<'n>(
    risk: &RiskReport,
    quasi: impl Iterator<Item = &'n str>,
    threshold: f64,
) -> String {
    let mut out = String::from("# Disclosure risk of a table\n\n## Quasi-identifiers\n");
    for name in quasi {
        out.push_str(&format!("- {}\n", cell(name)));
    }
    figures(&mut out, &[("Found", risk)], threshold);
    out
}

/// The page of a table that was anonymised.
pub(super) fn markdown(request: &AnonymizeTableRequest, done: &AnonymizedTable) -> String {
    let mut out = String::from("# Disclosure risk of a table\n\n## Demands\n");
    out.push_str(&format!("- classes of at least {} rows (k-anonymity)\n", request.k));
    if let Some(diversity) = request.l_diversity {
        let by = if diversity.entropy { "by entropy" } else { "by number" };
        out.push_str(&format!("- l-diversity of {} {by}\n", diversity.l));
    }
    if let Some(t) = request.t_closeness {
        out.push_str(&format!("- t-closeness of {t}\n"));
    }
    out.push_str(&format!("- at most {} of the rows suppressed\n", percent(request.suppression)));
    out.push_str(&format!(
        "\n## Result\n{} of {} rows suppressed ({}), loss {:.4}. {} of {} choices of levels were checked; {}.\n",
        done.suppressed,
        done.rows,
        percent(done.suppressed as f64 / done.rows.max(1) as f64),
        done.loss,
        done.checks,
        done.choices,
        if done.optimal { "no other loses less" } else { "the checks ended before all others were ruled out" },
    ));
    out.push_str("\n| Quasi-identifier | Level | Loss |\n|---|---|---|\n");
    for column in &done.levels {
        out.push_str(&format!(
            "| {} | {} of {} | {:.4} |\n",
            cell(&column.name),
            column.level,
            column.levels,
            column.loss
        ));
    }
    figures(&mut out, &[("Before", &done.before), ("After", &done.after)], request.threshold);
    out
}

/// A figure of a report; none where the report has none.
type Figure<'f> = &'f dyn Fn(&RiskReport) -> Option<String>;

/// The table of the figures of one report or several beside each other, and what they do not say.
fn figures(out: &mut String, reports: &[(&str, &RiskReport)], threshold: f64) {
    out.push_str("\n## Risk\n|");
    reports.iter().for_each(|(name, _)| out.push_str(&format!(" | {name}")));
    out.push_str(&format!(" |\n|{}\n", "---|".repeat(reports.len() + 1)));
    let mut row = |name: &str, figure: Figure<'_>| {
        let all: Vec<Option<String>> = reports.iter().map(|(_, risk)| figure(risk)).collect();
        if all.iter().any(Option::is_some) {
            let all: Vec<String> = all.into_iter().map(Option::unwrap_or_default).collect();
            out.push_str(&format!("| {name} | {} |\n", all.join(" | ")));
        }
    };
    let above = format!("rows with a risk above {}", percent(threshold));
    row("rows", &|risk| Some(risk.rows.to_string()));
    row("classes", &|risk| Some(risk.classes.to_string()));
    row("smallest class", &|risk| Some(risk.k.to_string()));
    row("rows of a class on average", &|risk| Some(format!("{:.2}", risk.average_class)));
    row("rows like no other", &|risk| Some(risk.unique_rows.to_string()));
    row("prosecutor, highest", &|risk| Some(percent(risk.prosecutor.highest)));
    row("prosecutor, average (marketer)", &|risk| Some(percent(risk.prosecutor.average)));
    row(&above, &|risk| Some(percent(risk.prosecutor.at_risk)));
    row("journalist, highest", &|risk| Some(percent(risk.journalist?.highest)));
    row("journalist, average", &|risk| Some(percent(risk.journalist?.average)));
    row(&format!("journalist, {above}"), &|risk| Some(percent(risk.journalist?.at_risk)));
    row("probability to be in the table, highest (delta-presence)", &|risk| risk.delta_presence.map(percent));
    row("rows expected to be unique in the population", &|risk| risk.population_uniques.map(percent));
    let columns = reports.first().map(|(_, risk)| risk.sensitive.as_slice()).unwrap_or_default();
    for (at, column) in columns.iter().enumerate() {
        let name = cell(&column.name);
        let mut of = |what: &str, value: &dyn Fn(&SensitiveRisk) -> String| {
            row(&format!("{name}: {what}"), &|risk| risk.sensitive.get(at).map(value));
        };
        of("different values", &|sensitive| sensitive.distinct_l.to_string());
        of("diversity by entropy", &|sensitive| format!("{:.2}", sensitive.entropy_l));
        of("distance (t)", &|sensitive| format!("{:.3}", sensitive.t));
    }
    out.push_str(
        "\nThe figures speak of the quasi-identifiers that were named. Whether others can be known, and to whom the \
         table goes, is for a person to judge (45 CFR 164.514(b)(1)).\n",
    );
}

/// A name as it stands in a table.
fn cell(name: &str) -> String {
    name.replace('|', "\\|").replace(['\r', '\n'], " ")
}

fn percent(part: f64) -> String {
    format!("{:.2} %", part * 100.0)
}
