//! Files that pupils send: how the log names them. Their bytes lie outside the log, under their hash.

use std::fmt;
use std::str::FromStr;

use kernel::AttemptId;
use sha2::{Digest, Sha256};

use super::chain::Hash;

/// Largest file of an answer, in bytes.
pub const FILE_MAXIMUM: usize = 8 * 1024 * 1024;
/// Longest file name that is kept, in characters.
const NAME_MAXIMUM: usize = 80;

/// A file of an answer, as it stands in the log: what was sent is proved by the hash, wherever the bytes are.
///
/// ```
/// use delivery::model::FileReference;
///
/// let reference = FileReference::of("C:\\work\\plan.txt", b"abc").unwrap();
/// assert_eq!(reference.name, "plan.txt");
/// let text = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad;text/plain;3;plan.txt";
/// assert_eq!(reference.to_string(), text);
/// assert_eq!(text.parse(), Ok(reference));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReference {
    /// SHA-256 of the bytes, in hexadecimal.
    pub hash: String,
    /// Media type, found in the bytes, not in the name.
    pub media_type: &'static str,
    /// Bytes.
    pub size: usize,
    /// Its name on the pupil's machine, without folders.
    pub name: String,
}

/// First bytes of the kinds of files that are taken, with their media types.
const KINDS: [(&[u8], usize, &str); 10] = [
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"%PDF-", 0, "application/pdf"),
    (b"PK\x03\x04", 0, "application/zip"),
    (b"ID3", 0, "audio/mpeg"),
    (b"OggS", 0, "audio/ogg"),
    (b"WAVE", 8, "audio/wav"),
    (b"ftyp", 4, "video/mp4"),
];
const TEXT: &str = "text/plain";

/// Documents that are archives inside, by the end of their names.
const ARCHIVES: [(&str, &str); 5] = [
    (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (".odt", "application/vnd.oasis.opendocument.text"),
    (".ods", "application/vnd.oasis.opendocument.spreadsheet"),
];

/// The media type of a file by its bytes; none for programs and everything else that is not taken.
fn media_type(name: &str, content: &[u8]) -> Option<&'static str> {
    let starts = |(sign, at, _): &&(&[u8], usize, &str)| content.get(*at..).is_some_and(|rest| rest.starts_with(sign));
    match KINDS.iter().find(starts) {
        Some((.., "application/zip")) => {
            let lower = name.to_lowercase();
            let document = ARCHIVES.iter().find(|(end, _)| lower.ends_with(end));
            Some(document.map_or("application/zip", |(_, kind)| kind))
        }
        Some((.., kind)) => Some(kind),
        None => std::str::from_utf8(content).is_ok_and(|text| !text.contains('\0')).then_some(TEXT),
    }
}

impl FileReference {
    /// The reference of a file; none when its bytes are of no kind that is taken.
    pub fn of(name: &str, content: &[u8]) -> Option<Self> {
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let name: String = name.chars().filter(|sign| !sign.is_control() && *sign != ';').take(NAME_MAXIMUM).collect();
        let media_type = media_type(&name, content)?;
        let hash = Hash(Sha256::digest(content).into()).to_string();
        Some(Self { hash, media_type, size: content.len(), name })
    }

    /// Where its bytes lie among the files beside the database.
    pub fn path(&self, attempt: AttemptId) -> String {
        format!("answers/{attempt}/{}", self.hash)
    }
}

impl fmt::Display for FileReference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "sha256:{};{};{};{}", self.hash, self.media_type, self.size, self.name)
    }
}

/// The text is not the reference of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a reference of a file: sha256:HASH;TYPE;SIZE;NAME")]
pub struct NotAReference;

impl FromStr for FileReference {
    type Err = NotAReference;

    fn from_str(text: &str) -> Result<Self, NotAReference> {
        let mut parts = text.strip_prefix("sha256:").ok_or(NotAReference)?.splitn(4, ';');
        let mut next = || parts.next().ok_or(NotAReference);
        let (hash, kind, size, name) = (next()?, next()?, next()?, next()?);
        if hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)) {
            return Err(NotAReference);
        }
        let known = KINDS.iter().map(|(.., kind)| *kind).chain(ARCHIVES.iter().map(|(_, kind)| *kind)).chain([TEXT]);
        let media_type = known.into_iter().find(|known| *known == kind).ok_or(NotAReference)?;
        let size = size.parse().map_err(|_error| NotAReference)?;
        Ok(Self { hash: hash.to_owned(), media_type, size, name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_file_is_found_in_its_bytes() {
        let kind = |name: &str, content: &[u8]| FileReference::of(name, content).map(|file| file.media_type);
        assert_eq!(kind("a.txt", b"\x89PNG\r\n\x1a\nrest"), Some("image/png"));
        assert_eq!(kind("a.png", b"plain words"), Some("text/plain"));
        assert_eq!(kind("work.docx", b"PK\x03\x04rest"), Some(ARCHIVES[0].1));
        assert_eq!(kind("a.webp", b"RIFF1234WEBP"), Some("image/webp"));
        assert_eq!(kind("a.exe", b"MZ\x90\x00\xff\xff"), None);
    }

    #[test]
    fn names_cannot_lead_anywhere_or_break_the_reference() {
        let file = FileReference::of("../../etc/pass;wd\n", b"x").unwrap();
        assert_eq!(file.name, "passwd");
        assert_eq!(file.path(AttemptId(7)), format!("answers/7/{}", file.hash));
        assert_eq!(file.to_string().parse(), Ok(file));
        for bad in ["", "sha256:zz;text/plain;1;a", "sha256:;image/png;1;a", "../../x"] {
            assert_eq!(bad.parse::<FileReference>(), Err(NotAReference), "{bad}");
        }
    }
}
