//! HCPCS Level II, the alpha-numeric file: records of 320 characters (CMS, HCPCS record layout).
//!
//! Characters 1 to 5 the code (4 and 5 for a modifier), 6 to 10 a sequence number, 11 the kind of record: 3 and 7 begin
//! a procedure or a modifier, 4 and 8 go on with its long description. 12 to 91 long description, 92 to 119 short one,
//! 230 coverage, 257 to 259 BETOS, 269 to 276 the day it was added, 277 to 284 the day of the last action, 285 to 292
//! the last day of use, 293 the action.

use jiff::civil::Date;

use super::archive::{member, text};
use super::refuse;
use crate::codes::lists::{ListRow, ListSource};
use crate::error::Result;

const WHOLE: usize = 293;

pub(super) fn read(source: &[u8]) -> Result<ListSource> {
    let bytes = member(source, |name| name.contains("anweb") && name.ends_with(".txt"))?;
    let text = text(&bytes);
    let mut rows: Vec<ListRow> = Vec::new();
    let mut before = 0;
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let line_number = at + 1;
        let characters: Vec<char> = line.chars().collect();
        let field = |from: usize, to: usize| -> String {
            let part = characters.get(from - 1..to.min(characters.len())).unwrap_or_default();
            part.iter().collect::<String>().trim().to_owned()
        };
        let sequence = field(6, 10).parse::<u32>();
        let kind = characters.get(10).copied();
        let (Ok(sequence), Some(kind @ ('3' | '4' | '7' | '8'))) = (sequence, kind) else {
            return Err(refuse(line_number, "no record of the HCPCS layout: characters 6 to 11"));
        };
        let code = field(1, 5);
        if matches!(kind, '4' | '8') {
            let open = rows.last_mut().filter(|row| row.code == code && sequence > before);
            let row = open.ok_or_else(|| refuse(line_number, "a description that goes on from nothing"))?;
            row.title.push(' ');
            row.title.push_str(&field(12, 91));
            before = sequence;
            continue;
        }
        if characters.len() < WHOLE - 1 {
            return Err(refuse(line_number, "the record is cut short"));
        }
        before = sequence;
        let attributes = [
            ("kind", if kind == '7' { "modifier" } else { "" }.to_owned()),
            ("short_title", field(92, 119)),
            ("coverage", field(230, 230)),
            ("betos", field(257, 259)),
            ("action", field(293, 293)),
            ("action_from", field(277, 284)),
        ];
        rows.push(ListRow {
            code,
            title: field(12, 91),
            from: day(&field(269, 276), line_number)?,
            to: day(&field(285, 292), line_number)?,
            attributes: attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        });
    }
    Ok(ListSource { rows })
}

/// A day as `YYYYMMDD`, or nothing.
pub(super) fn day(text: &str, line: usize) -> Result<Option<Date>> {
    if text.is_empty() || text.bytes().all(|byte| byte == b'0') {
        return Ok(None);
    }
    Date::strptime("%Y%m%d", text).map(Some).map_err(|_| refuse(line, "a day that is none"))
}
