//! A text as a reader sees it: what is markup is left out, and every character knows where it stands in the source.

use std::borrow::Cow;
use std::ops::Range;

use super::found::Found;
use super::{html, rtf};
use crate::formats::label::Label;

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Html,
    Rtf,
}

/// A stretch of the plain text and the bytes of the source that it is: byte by byte where they are of one length.
#[derive(Debug, Clone, Copy)]
struct Run {
    plain: usize,
    plain_end: usize,
    source: usize,
    source_end: usize,
}

/// A text without its markup.
pub(in crate::deid) struct Plain<'s> {
    source: &'s str,
    form: Form,
    text: Cow<'s, str>,
    runs: Vec<Run>,
    /// Bytes of the source that are no text and may not stay: pictures, embedded objects, who wrote the file.
    dropped: Vec<(Range<usize>, Label)>,
}

impl<'s> Plain<'s> {
    /// Reads a text by what it begins with.
    pub(in crate::deid) fn of(source: &'s str) -> Self {
        let mut plain = Self {
            source,
            form: Form::Text,
            text: Cow::Borrowed(source),
            runs: Vec::new(),
            dropped: Vec::new(),
        };
        let head = source.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
        if head.starts_with("{\\rtf") {
            plain.form = Form::Rtf;
        } else if head.starts_with('<') && html::begins(head) {
            plain.form = Form::Html;
        } else {
            return plain;
        }
        plain.text = Cow::Owned(String::with_capacity(source.len() / 2));
        if plain.form == Form::Rtf {
            rtf::read(source, &mut plain);
        } else {
            html::read(source, &mut plain);
        }
        plain.dropped.sort_unstable_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut end = 0;
        plain.dropped.retain(|(range, _)| {
            let outside = range.start >= end;
            end = end.max(range.end);
            outside
        });
        plain
    }

    /// What a reader sees.
    pub(in crate::deid) fn text(&self) -> &str {
        &self.text
    }

    /// What may not stay besides the identifiers of the text, in order.
    pub(super) fn dropped(&self) -> &[(Range<usize>, Label)] {
        &self.dropped
    }

    /// Bytes of the source that are text as they stand.
    pub(super) fn keep(&mut self, source: Range<usize>) {
        let Some(text) = self.source.get(source.clone()).filter(|text| !text.is_empty()) else { return };
        let out = self.text.to_mut();
        let plain = out.len();
        out.push_str(text);
        self.join(Run { plain, plain_end: plain + text.len(), source: source.start, source_end: source.end });
    }

    fn join(&mut self, run: Run) {
        let even = |run: &Run| run.plain_end - run.plain == run.source_end - run.source;
        match self.runs.last_mut() {
            Some(last)
                if even(last)
                    && even(&run)
                    && last.plain_end == run.plain
                    && last.source_end == run.source =>
            {
                (last.plain_end, last.source_end) = (run.plain_end, run.source_end);
            }
            _ => self.runs.push(run),
        }
    }

    /// Bytes of the source that stand for a character.
    pub(super) fn character(&mut self, c: char, source: Range<usize>) {
        let out = self.text.to_mut();
        let plain = out.len();
        out.push(c);
        let plain_end = out.len();
        self.runs.push(Run { plain, plain_end, source: source.start, source_end: source.end });
    }

    /// White space that the markup makes.
    pub(super) fn space(&mut self, text: &str) {
        let out = self.text.to_mut();
        if !out.ends_with('\n') || text != "\n" {
            out.push_str(text);
        }
    }

    /// Bytes of the source that go.
    pub(super) fn drop_bytes(&mut self, source: Range<usize>, label: Label) {
        if !source.is_empty() {
            self.dropped.push((source, label));
        }
    }

    /// The bytes of the source over which a stretch of the plain text stands; none where it is all made by markup.
    pub(in crate::deid) fn source_of(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        if self.form == Form::Text {
            return Some((start, end));
        }
        let from = self.runs.get(self.runs.partition_point(|run| run.plain_end <= start))?;
        let to = self.runs.get(self.runs.partition_point(|run| run.plain < end).checked_sub(1)?)?;
        let even = |run: &Run| run.plain_end - run.plain == run.source_end - run.source;
        let first = if even(from) { from.source + start.saturating_sub(from.plain) } else { from.source };
        let last = if even(to) { to.source + end.min(to.plain_end) - to.plain } else { to.source_end };
        (first < last).then_some((first, last))
    }

    /// Findings of the plain text as findings of the source.
    pub(super) fn in_source(&self, mut found: Vec<Found>) -> Vec<Found> {
        if self.form != Form::Text {
            found.retain_mut(|hit| {
                let Some((start, end)) = self.source_of(hit.start, hit.end) else { return false };
                (hit.start, hit.end) = (start, end);
                true
            });
        }
        found
    }

    /// The markup between two bytes of the source, without the text.
    pub(super) fn markup(&self, start: usize, end: usize, out: &mut String) {
        if self.form == Form::Text {
            return;
        }
        let mut at = start;
        let first = self.runs.partition_point(|run| run.source_end <= start);
        for run in self.runs.iter().skip(first).take_while(|run| run.source < end) {
            out.push_str(self.source.get(at..run.source).unwrap_or_default());
            at = run.source_end.max(at);
        }
        out.push_str(self.source.get(at..end).unwrap_or_default());
    }

    /// A text as the source writes it.
    pub(super) fn encoded<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.form {
            Form::Text => Cow::Borrowed(text),
            Form::Html => html::encoded(text),
            Form::Rtf => rtf::encoded(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of every stretch leads back to the source.
    fn texts(source: &str) -> String {
        let plain = Plain::of(source);
        for run in &plain.runs {
            assert!(source.get(run.source..run.source_end).is_some(), "{source}");
            if run.plain_end - run.plain == run.source_end - run.source && run.plain_end - run.plain > 1 {
                assert_eq!(plain.text.get(run.plain..run.plain_end), source.get(run.source..run.source_end));
            }
        }
        assert!(plain.runs.windows(2).all(|pair| pair[0].source_end <= pair[1].source));
        plain.text.into_owned()
    }

    #[test]
    fn html_is_read_as_it_is_seen() {
        let source = "<div class=\"x\"><p>Seen by <b>Dr. Oka</b>for&nbsp;&amp; Ren&eacute;<br/>today</p><td>a</td><td>b</td></div>";
        assert_eq!(texts(source), "\nSeen by Dr. Okafor\u{a0}& Ren\u{e9}\ntoday\n\ta\t\tb\t\n");
        let plain = Plain::of(source);
        let at = plain.text().find("Okafor").unwrap();
        let (start, end) = plain.source_of(at, at + 6).unwrap();
        assert_eq!(&source[start..end], "Oka</b>for");
        let mut markup = String::new();
        plain.markup(start, end, &mut markup);
        assert_eq!(markup, "</b>");
    }

    #[test]
    fn what_stands_beside_the_text_is_text_as_well() {
        for source in [
            "<p title=\"Ada Quen\">x</p>",
            "<p title='Ada Quen'>x</p>",
            "<p title=\"Ada&#32;Quen\">x</p>",
            "<p><!-- Ada Quen -->x</p>",
            "<p><script>Ada Quen</script>x</p>",
            "<p title=\"Ada Quen",
            "<p>Ada Quen",
            "<p>1 < 2 Ada Quen",
        ] {
            assert!(texts(source).contains("Ada Quen"), "{source}");
        }
        let source = "<p><img src=\"data:image/png;base64,iVBORw0KGgo=\" width=\"3\"/></p>";
        assert_eq!(Plain::of(source).dropped(), &[(13..47, Label::Photo)]);
    }

    #[test]
    fn rich_text_is_read_as_it_is_seen() {
        let source = r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\info{\author Ada Quen}}\pard Seen by \b Dr. Oka\b0 for, Ren\'e9\u233?e\par {\pict\pngblip 89504e47}next\tab line\{1\}}";
        assert_eq!(texts(source), "Seen by Dr. Okafor, Ren\u{e9}\u{e9}e\nnext\tline{1}");
        let plain = Plain::of(source);
        let dropped: Vec<&str> = plain.dropped().iter().map(|(at, _)| &source[at.clone()]).collect();
        assert_eq!(dropped, [r"{\author Ada Quen}", "89504e47"]);
    }

    proptest::proptest! {
        #[test]
        fn any_markup_is_read(parts in proptest::collection::vec(proptest::sample::select(vec![
            "<p>", "</p>", "<", ">", "&", ";", "&amp;", "&#x41;", "<!--", "-->", "a", "é", "<b title='", "'", "\"", "=", " ", "/>",
            "{\\rtf1", "{", "}", "\\'e9", "\\u233?", "\\par", "\\", "{\\info", "{\\pict", "\\bin3 ", "\\*", "\u{1F600}", "\n",
        ]), 0..30), rich in proptest::bool::ANY) {
            let source = format!("{}{}", if rich { "{\\rtf1 " } else { "<p>" }, parts.concat());
            texts(&source);
        }
    }
}
