//! Pick lists: what an option is called now, and what it was called at first.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::fields::FieldDef;
use super::store::{Module, plain};

impl FieldDef {
    /// The actual value of a pick list's option: what it was called at first.
    pub(crate) fn actual<'a>(&'a self, display: &'a str) -> &'a str {
        self.first_names.get(display).map_or(display, String::as_str)
    }

    /// The id of an option, which neither another name nor another place in the list changes.
    pub(crate) fn pick_id(&self, display: &str) -> u64 {
        let first = self.actual(display).bytes();
        let mixed = first
            .fold(self.id, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        self.id + 1 + mixed % 1_000_000_007 * 1000
    }

    /// Gives a pick list these options: a text each, or what it is called now beside its actual value.
    pub(crate) fn set_picks(&mut self, options: &Value) -> Result<(), String> {
        let wrong = || r#"picks must be texts, or {"display": "…", "actual": "…"}"#.to_owned();
        let mut picks = Vec::new();
        let mut first_names = BTreeMap::new();
        for option in options.as_array().ok_or_else(wrong)? {
            let text = |key: &str| option.get(key).and_then(Value::as_str).map(str::to_owned);
            let (display, actual) = match option.as_str() {
                Some(text) => (text.to_owned(), text.to_owned()),
                None => text("display").zip(text("actual")).ok_or_else(wrong)?,
            };
            picks.push(display.clone());
            if display != actual {
                first_names.insert(display, actual);
            }
        }
        (self.picks, self.first_names) = (picks, first_names);
        Ok(())
    }

    /// What the option of an actual value is called now.
    pub(crate) fn display<'a>(&'a self, actual: &'a str) -> &'a str {
        let mut renamed = self.first_names.iter().filter(|(_, first)| *first == actual);
        renamed.next().map_or(actual, |(now, _)| now.as_str())
    }
}

impl Module {
    /// Gives options of a pick list other names, all at once; the records that hold them follow, and
    /// nobody has modified them.
    pub(crate) fn rename_picks(
        &mut self,
        api_name: &str,
        renamed: &BTreeMap<String, String>,
    ) -> Result<(), String> {
        let index = self.index(api_name).ok_or_else(|| format!("there is no {api_name}"))?;
        let field = self.fields.get_mut(index).ok_or_else(|| format!("there is no {api_name}"))?;
        let first: BTreeMap<String, String> = (field.picks.iter())
            .map(|old| {
                let now = renamed.get(old).unwrap_or(old).clone();
                (now, field.actual(old).to_owned())
            })
            .collect();
        field.first_names = first.into_iter().filter(|(now, first)| now != first).collect();
        for pick in &mut field.picks {
            if let Some(now) = renamed.get(pick) {
                pick.clone_from(now);
            }
        }
        for record in self.records.values_mut() {
            let Some(cell) = record.cell(index) else { continue };
            let now = match serde_json::from_str::<Vec<String>>(cell) {
                Ok(several) => {
                    let name = |one: &String| renamed.get(one).unwrap_or(one).clone();
                    json!(several.iter().map(name).collect::<Vec<_>>())
                }
                Err(_) => match renamed.get(&plain(cell)) {
                    Some(now) => json!(now),
                    None => continue,
                },
            };
            record.set(index, Some(now.to_string()));
        }
        Ok(())
    }
}
