//! From the bytes of a file to its text: UTF-8, UTF-16, or the encoding that its XML declaration names.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// How far into a file its XML declaration is looked for.
const DECLARATION: usize = 256;

/// The text of an XML file, without its byte order mark; `None` when its encoding is not said, not known or not kept.
///
/// ```
/// use qti::text::decode;
/// assert_eq!(decode(b"\xef\xbb\xbf<a/>".to_vec()).as_deref(), Some("<a/>"));
/// assert_eq!(decode(b"\xff\xfe<\0a\0/\0>\0".to_vec()).as_deref(), Some("<a/>"));
/// let old = b"<?xml version='1.0' encoding='windows-1251'?><a>\xcf</a>".to_vec();
/// assert!(decode(old).is_some_and(|text| text.ends_with("<a>П</a>")));
/// assert_eq!(decode(b"<a>\xcf</a>".to_vec()), None);
/// ```
#[must_use]
pub fn decode(bytes: Vec<u8>) -> Option<String> {
    let wide = match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => Some((UTF_16LE, rest)),
        [0xfe, 0xff, rest @ ..] => Some((UTF_16BE, rest)),
        // Without a mark: a document begins with `<`.
        [b'<', 0, ..] => Some((UTF_16LE, bytes.as_slice())),
        [0, b'<', ..] => Some((UTF_16BE, bytes.as_slice())),
        _ => None,
    };
    if let Some((encoding, rest)) = wide {
        return encoding.decode_without_bom_handling_and_without_replacement(rest).map(Into::into);
    }
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            Some(text)
        }
        Err(error) => {
            let bytes = error.as_bytes();
            declared(bytes)?.decode_without_bom_handling_and_without_replacement(bytes).map(Into::into)
        }
    }
}

/// The encoding that an XML declaration names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(DECLARATION))?;
    let head = head.strip_prefix(b"<?xml")?;
    let end = head.windows(2).position(|pair| pair == b"?>")?;
    let head = std::str::from_utf8(&head[..end]).ok()?;
    let (_, rest) = head.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let label = rest.strip_prefix(['"', '\''])?.split(['"', '\'']).next()?;
    Encoding::for_label(label.as_bytes())
}
