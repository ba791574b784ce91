//! A list of the user's own: CSV with a header. `code` and `title` are needed; `from` and `to` are days (`YYYY-MM-DD`);
//! every other column is an attribute.

use jiff::civil::Date;

use super::archive::{member, text};
use super::clinical::finish;
use super::csv::{Header, quoted};
use super::{refuse, refuse_all};
use crate::codes::lists::{ListRow, ListSource};
use crate::error::Result;

pub(super) fn read(source: &[u8]) -> Result<ListSource> {
    let bytes = member(source, |name| name.ends_with(".csv"))?;
    let records = quoted(&text(&bytes))?;
    let (first, rest) = records.split_first().ok_or_else(|| refuse_all("the file is empty"))?;
    let header = Header::of(first);
    let (code, title) = (header.need("code")?, header.need("title")?);
    let (from, to) = (header.find("from"), header.find("to"));
    let rows = rest.iter().map(|record| {
        header.whole(record)?;
        let day = |at: Option<usize>| match at.map_or("", |at| record.get(at)) {
            "" => Ok(None),
            text => text.parse::<Date>().map(Some).map_err(|_| refuse(record.line, "a day that is none")),
        };
        let own = |at: &usize| ![Some(code), Some(title), from, to].contains(&Some(*at));
        let names = header.names().iter().enumerate().filter(|(at, _)| own(at));
        Ok(ListRow {
            code: record.get(code).to_owned(),
            title: record.get(title).to_owned(),
            from: day(from)?,
            to: day(to)?,
            attributes: names.map(|(at, name)| (name.clone(), record.get(at).to_owned())).collect(),
        })
    });
    finish(rows.collect::<Result<_>>()?)
}
