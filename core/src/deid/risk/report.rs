//! The report of an anonymised table for people, in Markdown. Names of columns and figures; no value of the table.

use super::{AnonymizeTableRequest, AnonymizedTable, RiskReport};

/// The whole page.
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
            column.name.replace('|', "\\|"),
            column.level,
            column.levels,
            column.loss
        ));
    }
    out.push_str("\n## Risk\n| | Before | After |\n|---|---|---|\n");
    let mut row = |name: &str, value: &dyn Fn(&RiskReport) -> String| {
        out.push_str(&format!("| {name} | {} | {} |\n", value(&done.before), value(&done.after)));
    };
    row("rows", &|risk| risk.rows.to_string());
    row("classes", &|risk| risk.classes.to_string());
    row("smallest class", &|risk| risk.k.to_string());
    row("rows of a class on average", &|risk| format!("{:.2}", risk.average_class));
    row("rows like no other", &|risk| risk.unique_rows.to_string());
    row("prosecutor, highest", &|risk| percent(risk.prosecutor.highest));
    row("prosecutor, average (marketer)", &|risk| percent(risk.prosecutor.average));
    row(&format!("rows with a risk above {}", percent(request.threshold)), &|risk| {
        percent(risk.prosecutor.at_risk)
    });
    for (at, column) in done.before.sensitive.iter().enumerate() {
        let name = column.name.replace('|', "\\|");
        let of = |risk: &RiskReport, value: &dyn Fn(&super::SensitiveRisk) -> String| {
            risk.sensitive.get(at).map(value).unwrap_or_default()
        };
        row(&format!("{name}: different values"), &|risk| of(risk, &|s| s.distinct_l.to_string()));
        row(&format!("{name}: diversity by entropy"), &|risk| of(risk, &|s| format!("{:.2}", s.entropy_l)));
        row(&format!("{name}: distance (t)"), &|risk| of(risk, &|s| format!("{:.3}", s.t)));
    }
    out.push_str(
        "\nThe figures speak of the quasi-identifiers that were named. Whether others can be known, and to whom the \
         table goes, is for a person to judge (45 CFR 164.514(b)(1)).\n",
    );
    out
}

fn percent(part: f64) -> String {
    format!("{:.2} %", part * 100.0)
}
