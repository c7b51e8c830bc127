//! JSON that a person wrote: read to a bound, and a key that stands twice in one object is a mistake
//! instead of the last one's victory.

use std::cell::RefCell;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

pub use renraku_core::unread::Unread;

/// Nothing that a person writes for this program is longer, in bytes.
const LONGEST: u64 = 1 << 20;

/// What is wrong with a text.
#[derive(Debug, thiserror::Error)]
pub enum Mistake {
    /// A key stands twice in one object: its path from the outermost object on.
    #[error("the key {0} stands there twice")]
    Twice(String),
    /// It is no JSON.
    #[error("it is no JSON ({0})")]
    NoJson(serde_json::Error),
}

/// Reads a text.
///
/// # Errors
/// What is wrong with it and where; also for a key that stands twice.
pub fn parse(text: &str) -> Result<Value, Mistake> {
    let twice = RefCell::new(Vec::new());
    // Some editors begin every text with this mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Strict(&twice).deserialize(&mut reader);
    let read = read.and_then(|value| reader.end().map(|()| value));
    read.map_err(|error| match twice.into_inner() {
        path if path.is_empty() => Mistake::NoJson(error),
        path => Mistake::Twice(path.into_iter().rev().collect::<Vec<_>>().join(".")),
    })
}

/// Reads a file's text; what is no file is not opened, as that alone may wait without an end.
///
/// # Errors
/// Where it cannot be read, is no UTF-8 or longer than a megabyte.
pub fn text_of(file: &Path) -> Result<String, Unread> {
    let why = |error: io::Error| Unread::from(error.kind());
    match std::fs::metadata(file).map_err(why)? {
        about if about.is_dir() => return Err(Unread::Folder),
        about if !about.is_file() => return Err(Unread::NoFile),
        _ => {}
    }
    let opened = File::open(file).map_err(why)?;
    let mut text = String::new();
    let read = opened.take(LONGEST + 1).read_to_string(&mut text).map_err(why)?;
    match u64::try_from(read) {
        Ok(read) if read <= LONGEST => Ok(text),
        Ok(_) | Err(_) => Err(Unread::Long),
    }
}

/// Reads one value. Where a key stands twice, its path is left here, from the key outwards.
#[derive(Clone, Copy)]
struct Strict<'a>(&'a RefCell<Vec<String>>);

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = entries.next_element_seed(self)? {
            list.push(value);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let short = || key.chars().take(80).collect();
            if map.contains_key(&key) {
                self.0.borrow_mut().push(short());
                return Err(de::Error::custom("a key that stands there twice"));
            }
            let value = entries.next_value_seed(self).inspect_err(|_| {
                let mut path = self.0.borrow_mut();
                if !path.is_empty() {
                    path.push(short());
                }
            })?;
            map.insert(key, value);
        }
        Ok(map.into())
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
        assert_eq!(parse(&format!("\u{feff}{all}")).expect("JSON"), plain, "with an editor's mark");
        for (twice, key) in [
            (r#"{"a": 1, "a": 1}"#, "a"),
            (r#"{"z": [{"b": {}, "a": 0, "b": 1}]}"#, "z.b"),
            (r#"{"a": {"b": 1}, "c": {"d": {"b": 1, "b": 2}, "d": 3}}"#, "c.d.b"),
            (r#"{"": 1, "": 1}"#, ""),
        ] {
            let error = parse(twice).expect_err("a key stands there twice").to_string();
            assert_eq!(error, format!("the key {key} stands there twice"));
        }
        for no in ["{} {}", "{", "", r#"{"a": 1, "b""#, r#"{"a": {"b" 1}}"#, "a = 1"] {
            let error = parse(no).expect_err(no).to_string();
            assert!(error.starts_with("it is no JSON (") && error.contains("line"), "{error}");
        }
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

    /// A pipe that nobody writes into.
    #[cfg(unix)]
    fn fifo(folder: &Path) -> std::path::PathBuf {
        let pipe = folder.join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.is_ok_and(|made| made.success()), "a pipe is made");
        pipe
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
            #[cfg(unix)]
            ("/dev/zero".into(), Unread::NoFile),
            #[cfg(unix)]
            (fifo(folder.path()), Unread::NoFile),
            (binary, Unread::NoText),
        ] {
            assert_eq!(text_of(&file), Err(why), "{}", file.display());
        }
        let denied = io::Error::from(io::ErrorKind::PermissionDenied);
        assert_eq!(Unread::from(denied.kind()), Unread::Denied);
        assert_eq!(Unread::from(io::Error::other("EIO").kind()), Unread::Broken);
    }
}
