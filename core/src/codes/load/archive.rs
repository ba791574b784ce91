//! Members of zip archives, and bytes as text.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use super::refuse_all;
use crate::error::Result;

/// The most bytes that one member may unfold to; the largest published file is far below.
const LARGEST: u64 = 4 << 30;

/// The file itself, or the first member of an archive whose name fits.
pub(super) fn member(source: &[u8], fits: impl Fn(&str) -> bool) -> Result<Cow<'_, [u8]>> {
    if !is_archive(source) {
        return Ok(Cow::Borrowed(source));
    }
    let damaged = |_| refuse_all("the zip archive is damaged or cut short");
    let mut archive = zip::ZipArchive::new(Cursor::new(source)).map_err(damaged)?;
    let mut names = archive.file_names().flatten().map(std::borrow::Cow::into_owned);
    let name = names.find(|name| fits(&name.to_ascii_lowercase()));
    drop(names);
    let name = name.ok_or_else(|| refuse_all("the zip archive holds no file of this format"))?;
    let member = archive.by_name(&name).map_err(damaged)?;
    let mut bytes = Vec::new();
    let read = member.take(LARGEST).read_to_end(&mut bytes);
    read.map_err(|_| refuse_all("the zip archive is damaged or cut short"))?;
    Ok(Cow::Owned(bytes))
}

pub(super) fn is_archive(source: &[u8]) -> bool {
    source.starts_with(b"PK\x03\x04")
}

/// UTF-8, with or without its mark; what is not is read as Latin-1, which the agencies' older files are in.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
    }
}
