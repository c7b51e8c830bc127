//! JSON that a person wrote: read to a bound, and a key that stands twice in one object is a mistake
//! instead of the last one's victory.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Nothing that a person writes for this program is longer, in bytes.
const LONGEST: u64 = 1 << 20;

/// Reads a text.
///
/// # Errors
/// What is wrong with it and where; also for a key that stands twice.
pub fn parse(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(text).map(|Strict(value)| value)
}

/// Why a file cannot be read, in words instead of the system's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// Nothing is there.
    #[error("there is no such file")]
    Missing,
    /// This user may not read it.
    #[error("this user may not read it")]
    Denied,
    /// A folder is there.
    #[error("it is a folder")]
    Folder,
    /// It is longer than anything that a person writes for this program.
    #[error("it is too long")]
    Long,
    /// Its bytes are no UTF-8.
    #[error("it is no text in UTF-8")]
    NoText,
    /// The disk or whatever it lies on gives it not.
    #[error("the disk does not give it")]
    Broken,
}

impl Unread {
    /// Its word in the catalogue.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Unread::Missing => "missing",
            Unread::Denied => "denied",
            Unread::Folder => "folder",
            Unread::Long => "long",
            Unread::NoText => "text",
            Unread::Broken => "broken",
        }
    }
}

impl From<&io::Error> for Unread {
    fn from(error: &io::Error) -> Unread {
        const KNOWN: [(io::ErrorKind, Unread); 5] = [
            (io::ErrorKind::NotFound, Unread::Missing),
            (io::ErrorKind::NotADirectory, Unread::Missing),
            (io::ErrorKind::PermissionDenied, Unread::Denied),
            (io::ErrorKind::IsADirectory, Unread::Folder),
            (io::ErrorKind::InvalidData, Unread::NoText),
        ];
        let known = KNOWN.into_iter().find(|(kind, _)| *kind == error.kind());
        known.map_or(Unread::Broken, |(_, why)| why)
    }
}

/// Reads a file's text, which may be a device without an end.
///
/// # Errors
/// Where it cannot be read, is no UTF-8 or longer than a megabyte.
pub fn text_of(file: &Path) -> Result<String, Unread> {
    let why = |error: io::Error| Unread::from(&error);
    let opened = File::open(file).map_err(why)?;
    // Not every system says so when it is read.
    if opened.metadata().is_ok_and(|about| about.is_dir()) {
        return Err(Unread::Folder);
    }
    let mut text = String::new();
    let read = opened.take(LONGEST + 1).read_to_string(&mut text).map_err(why)?;
    match u64::try_from(read) {
        Ok(read) if read <= LONGEST => Ok(text),
        Ok(_) | Err(_) => Err(Unread::Long),
    }
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Strict, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Strict;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Strict, E> {
        Ok(Strict(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Strict, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(value)) = entries.next_element()? {
            list.push(value);
        }
        Ok(Strict(list.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Strict, A::Error> {
        let mut map = Map::new();
        while let Some((key, Strict(value))) = entries.next_entry::<String, Strict>()? {
            if map.contains_key(&key) {
                let short: String = key.chars().take(80).collect();
                return Err(de::Error::custom(format!("the key {short} stands there twice")));
            }
            map.insert(key, value);
        }
        Ok(Strict(map.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_what_json_is_and_no_key_twice() {
        let all = r#"{"a": [1, -2, 3.5, "x", true, null, {"a": {}}], "b": {"a": ""}}"#;
        let plain: Value = serde_json::from_str(all).expect("JSON");
        assert_eq!(parse(all).expect("JSON"), plain);
        for twice in [r#"{"a": 1, "a": 1}"#, r#"{"z": [{"b": {}, "a": 0, "b": 1}]}"#] {
            let error = parse(twice).expect_err("a key stands there twice").to_string();
            assert!(error.contains("stands there twice"), "{error}");
        }
        assert!(parse("{} {}").is_err(), "one document");
    }

    #[test]
    fn a_file_is_read_to_a_bound() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        for (length, fits) in [(0, true), (1 << 20, true), ((1 << 20) + 1, false)] {
            std::fs::write(&file, "x".repeat(length)).expect("it is written");
            let long = text_of(&file).err();
            assert_eq!(long, (!fits).then_some(Unread::Long), "{length} bytes");
        }
    }

    #[test]
    fn why_a_file_cannot_be_read_is_told_in_words() {
        let folder = tempfile::tempdir().expect("a folder");
        let binary = folder.path().join("binary");
        std::fs::write(&binary, [0xff, 0xfe, 0x00]).expect("it is written");
        for (file, why) in [
            (folder.path().join("absent"), Unread::Missing),
            (binary.join("below"), Unread::Missing),
            (folder.path().to_owned(), Unread::Folder),
            (binary, Unread::NoText),
        ] {
            assert_eq!(text_of(&file), Err(why), "{}", file.display());
        }
        let denied = io::Error::from(io::ErrorKind::PermissionDenied);
        assert_eq!(Unread::from(&denied), Unread::Denied);
        assert_eq!(Unread::from(&io::Error::other("EIO")), Unread::Broken);
    }
}
