//! Contacts as files that other programs read: tables and address cards, from what was read last.
//! Nothing is asked of the services, so it works offline; 25,000 contacts are never in memory at
//! once.

mod harmless;
#[cfg(test)]
mod properties;
mod vcard;

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use renraku_core::contact::{Card, Pair, RecordId, Side};
use renraku_core::mapping::Mapping;
use renraku_services::{google, zoho};
use renraku_store::{Place, Store, StoreError, SyncRow};
use tempfile::TempPath;

use self::harmless::harmless;
use crate::api::{Failure, FailureCode, FileForm, Whose};

/// How many contacts are taken from the database at a time.
const PAGE: usize = 500;

/// Why an export did not come about.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExportError {
    /// The database could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file could not be written.
    #[error("the file cannot be written: {0}")]
    File(#[from] std::io::Error),
}

impl From<csv::Error> for ExportError {
    fn from(error: csv::Error) -> Self {
        ExportError::File(error.into())
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Store(error) => Failure::from(error),
            ExportError::File(_) => Failure::new(FailureCode::Failed, "error-save"),
        }
    }
}

/// One contact on its way into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    /// Its ids, as far as it has them.
    pub ids: Pair<Option<RecordId>>,
    /// Its name as a person reads it.
    pub name: String,
    /// The mapped fields.
    pub card: Card,
}

impl Person {
    /// A contact of one side; none where its text cannot be read.
    pub(crate) fn read(side: Side, id: RecordId, raw: &str, mapping: &Mapping) -> Option<Person> {
        let (name, card) = parse(side, raw, mapping)?;
        let mut ids = Pair::default();
        ids[side] = Some(id);
        Some(Person { ids, name, card })
    }
}

/// Hands over the text of every contact of a side, a page at a time.
pub(crate) fn received(
    store: &Store,
    sync: &SyncRow,
    side: Side,
    each: &mut dyn FnMut(RecordId, &str) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let place = Place::of(side, sync.setup.module);
    let mut after = RecordId::new();
    loop {
        let page = store.page_here(sync.ledger, place, &after, PAGE)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after.clone_from(last);
        for (id, raw) in page {
            each(id, &raw)?;
        }
    }
}

pub(crate) fn read_side(
    store: &Store,
    sync: &SyncRow,
    mapping: &Mapping,
    side: Side,
    each: &mut dyn FnMut(&Person) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    received(store, sync, side, &mut |id, raw| {
        Person::read(side, id, raw, mapping).map_or(Ok(()), |person| each(&person))
    })
}

/// Pairs in step, with Zoho's value of every field, and Google's where Zoho has none.
pub(crate) fn read_linked(
    store: &Store,
    sync: &SyncRow,
    mapping: &Mapping,
    each: &mut dyn FnMut(&Person) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let place = Place::of(Side::Zoho, mapping.module);
    let mut after = 0;
    loop {
        let page = store.page_linked(sync.id, sync.ledger, place, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.link;
        for pair in &page {
            let zoho = parse(Side::Zoho, &pair.raw.zoho, mapping);
            let google = parse(Side::Google, &pair.raw.google, mapping);
            if let (Some((name, mut card)), Some((_, other))) = (zoho, google) {
                for (mine, theirs) in card.0.iter_mut().zip(other.0) {
                    *mine = mine.take().or(theirs);
                }
                let ids = Pair::of(|side| Some(pair.ids[side].clone()));
                each(&Person { ids, name, card })?;
            }
        }
    }
}

/// Name and mapped fields of a contact as it was received; none where its text cannot be read.
pub(crate) fn parse(side: Side, raw: &str, mapping: &Mapping) -> Option<(String, Card)> {
    match side {
        Side::Zoho => zoho::wire::named(raw, mapping).ok(),
        Side::Google => google::wire::named(raw, mapping).ok(),
    }
    .map(|(name, record)| (name, record.card))
}

/// A file of contacts that is being written: beside its place first, under a name that nobody else
/// has, so that a file that was there is replaced by a whole one or not at all, and an export that
/// fails leaves nothing behind.
pub(crate) struct Sheet<'a> {
    to: &'a Path,
    beside: TempPath,
    whose: Whose,
    mapping: &'a Mapping,
    lines: Lines,
    count: u32,
}

enum Lines {
    Csv(Box<csv::Writer<File>>),
    Vcard(BufWriter<File>),
}

impl<'a> Sheet<'a> {
    pub(crate) fn begin(
        to: &'a Path,
        form: FileForm,
        whose: Whose,
        mapping: &'a Mapping,
    ) -> Result<Sheet<'a>, ExportError> {
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let (mut file, beside) =
            tempfile::Builder::new().prefix(".renraku-").tempfile_in(folder)?.into_parts();
        let lines = match form {
            FileForm::Csv => {
                // Without the mark, spreadsheets take the text for another encoding than UTF-8.
                file.write_all("\u{feff}".as_bytes())?;
                let mut builder = csv::WriterBuilder::new();
                let mut table = builder.terminator(csv::Terminator::CRLF).from_writer(file);
                table.write_record(heads(whose, mapping))?;
                Lines::Csv(Box::new(table))
            }
            FileForm::Vcard => Lines::Vcard(BufWriter::new(file)),
        };
        Ok(Sheet { to, beside, whose, mapping, lines, count: 0 })
    }

    pub(crate) fn add(&mut self, person: &Person) -> Result<(), ExportError> {
        self.count += 1;
        match &mut self.lines {
            Lines::Csv(table) => {
                for cell in cells(self.whose, person) {
                    table.write_field(cell.as_bytes())?;
                }
                // Ends the line.
                table.write_record(None::<&[u8]>)?;
            }
            Lines::Vcard(cards) => cards.write_all(vcard::of(self.mapping, person).as_bytes())?,
        }
        Ok(())
    }

    /// Puts the file into its place; says how many contacts are in it.
    ///
    /// # Errors
    /// [`ExportError::File`]; then what was in its place still is.
    pub(crate) fn finish(self) -> Result<u32, ExportError> {
        let file = match self.lines {
            Lines::Csv(table) => table.into_inner().map_err(|error| error.into_error())?,
            Lines::Vcard(cards) => {
                cards.into_inner().map_err(std::io::IntoInnerError::into_error)?
            }
        };
        file.sync_all()?;
        self.beside.persist(self.to).map_err(|error| error.error)?;
        Ok(self.count)
    }
}

/// A table's columns: the ids, then the fields as their own service calls them.
fn heads(whose: Whose, mapping: &Mapping) -> Vec<String> {
    let ids: &[&str] = match whose {
        Whose::Zoho => &["zoho_id"],
        Whose::Google => &["google"],
        Whose::Linked => &["zoho_id", "google"],
    };
    let fields = mapping.rules().iter().map(|rule| match whose {
        Whose::Zoho | Whose::Linked => rule.zoho.clone(),
        Whose::Google => rule.google.to_string(),
    });
    ids.iter().map(|id| (*id).to_owned()).chain(fields).collect()
}

fn cells(whose: Whose, person: &Person) -> impl Iterator<Item = Cow<'_, str>> {
    let ids: &[Side] = match whose {
        Whose::Zoho => &[Side::Zoho],
        Whose::Google => &[Side::Google],
        Whose::Linked => &Side::BOTH,
    };
    let ids = ids.iter().map(|side| person.ids[*side].as_deref().unwrap_or_default().into());
    ids.chain(person.card.0.iter().map(|value| harmless(value.as_deref().unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use renraku_core::compile::{Compiled, FieldFacts, compile};
    use renraku_core::contact::Module;
    use renraku_core::setup::Setup;

    /// A mapping of these rows, every field a text of the type that its place wants.
    pub(super) fn mapping(rows: &[(&str, &str, &str)]) -> Mapping {
        let facts: Vec<FieldFacts> = rows
            .iter()
            .map(|(zoho, data_type, _)| FieldFacts {
                api_name: (*zoho).to_owned(),
                label: (*zoho).to_owned(),
                data_type: (*data_type).to_owned(),
                length: None,
                mandatory: false,
                writable: true,
                choices: Vec::new(),
                options: std::collections::BTreeMap::new(),
                lookup: None,
            })
            .collect();
        let rows: Vec<serde_json::Value> = rows
            .iter()
            .map(|(zoho, _, google)| serde_json::json!({"zoho": zoho, "google": google}))
            .collect();
        let setup: Setup =
            serde_json::from_value(serde_json::json!({"module": "Contacts", "mapping": rows}))
                .unwrap();
        let rules: Compiled = compile(&setup, &facts, None).unwrap();
        rules.mapping(Module::Contacts)
    }

    fn person(values: &[Option<&str>]) -> Person {
        Person {
            ids: Pair { zoho: Some("57".to_owned()), google: Some("people/c1".to_owned()) },
            name: "Anna Miller".to_owned(),
            card: Card(values.iter().map(|value| value.map(Into::into)).collect()),
        }
    }

    #[test]
    fn a_table_opens_in_a_spreadsheet_as_it_was() {
        let mapping = mapping(&[
            ("Last_Name", "text", "names.familyName"),
            ("Phone", "phone", "phoneNumbers[work]"),
        ]);
        let check = |whose: Whose, values: &[Option<&str>], expected: &str, why: &str| {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("people.csv");
            let mut sheet = Sheet::begin(&file, FileForm::Csv, whose, &mapping).unwrap();
            sheet.add(&person(values)).unwrap();
            assert_eq!(sheet.finish().unwrap(), 1, "{why}");
            let text = std::fs::read_to_string(&file).unwrap();
            assert_eq!(text, format!("\u{feff}{expected}"), "{why}");
            let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
            assert_eq!(files.len(), 1, "nothing is left beside it: {why}");
        };
        check(
            Whose::Zoho,
            &[Some("佐藤"), Some("+81 3-5550-1000")],
            "zoho_id,Last_Name,Phone\r\n57,佐藤,+81 3-5550-1000\r\n",
            "Zoho's names; a telephone number is no formula",
        );
        check(
            Whose::Google,
            &[Some("Miller, \"Jr\""), None],
            "google,names.familyName,phoneNumbers[work]\r\npeople/c1,\"Miller, \"\"Jr\"\"\",\r\n",
            "Google's names; quotes and commas are kept, an empty value stays empty",
        );
        check(
            Whose::Linked,
            &[Some("=HYPERLINK(1)"), Some("+SUM(1)")],
            "zoho_id,google,Last_Name,Phone\r\n57,people/c1,'=HYPERLINK(1),'+SUM(1)\r\n",
            "what a spreadsheet would carry out is told to be text",
        );
        for (text, shown) in [
            ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
            ("+(HYPERLINK(1))", "'+(HYPERLINK(1))"),
            ("＝1+1", "'＝1+1"),
            ("@SUM(1)", "'@SUM(1)"),
            ("+31 (0)20 555-01.03", "+31 (0)20 555-01.03"),
            ("+1 212 555-0147", "+1 212 555-0147"),
            ("+1 (212) 555-0147", "+1 (212) 555-0147"),
            ("+12125550147", "+12125550147"),
            ("-5", "-5"),
            ("+1-2", "'+1-2"),
            ("+1 - 2", "'+1 - 2"),
            ("-1/2", "'-1/2"),
            ("+(1)-2", "'+(1)-2"),
            (" =1+1", "' =1+1"),
            ("\u{a0}@SUM(1)", "'\u{a0}@SUM(1)"),
            ("\u{feff}=1", "'\u{feff}=1"),
            ("\u{200b}\u{202e}+cmd|'x'!A", "'\u{200b}\u{202e}+cmd|'x'!A"),
            ("\u{3000}－1", "'\u{3000}－1"),
            ("\t5", "'\t5"),
            ("  +81 3-5550-1000", "  +81 3-5550-1000"),
            ("x;=1+1", "x;'=1+1"),
            ("x; \u{200b}@SUM(1);y", "x;' \u{200b}@SUM(1);y"),
            ("x\t-2+3", "x\t'-2+3"),
            ("=1;=2", "'=1;'=2"),
            ("+1 212 555-0147; +1 212 555-0148", "+1 212 555-0147; +1 212 555-0148"),
            ("a;b", "a;b"),
            ("\u{fe0f}=1", "'\u{fe0f}=1"),
            ("\u{115f}\u{2800}@SUM(1)", "'\u{115f}\u{2800}@SUM(1)"),
            ("\u{3164}\u{ffa0}+cmd", "'\u{3164}\u{ffa0}+cmd"),
            ("\u{e0020}\u{e0100}=1", "'\u{e0020}\u{e0100}=1"),
            ("\u{2212}2+3", "'\u{2212}2+3"),
            ("x;\u{2800}\u{2212}1", "x;'\u{2800}\u{2212}1"),
            ("\u{fe66}1", "'\u{fe66}1"),
            ("\u{fe62}\u{fe63}", "'\u{fe62}\u{fe63}"),
            ("\u{2764}\u{fe0f}", "\u{2764}\u{fe0f}"),
        ] {
            check(
                Whose::Zoho,
                &[Some(text), None],
                &format!("zoho_id,Last_Name,Phone\r\n57,{shown},\r\n"),
                "only what numbers are written with stays behind a sign",
            );
        }
        check(
            Whose::Zoho,
            &[Some("two\nlines"), None],
            "zoho_id,Last_Name,Phone\r\n57,\"two\nlines\",\r\n",
            "lines stay lines",
        );
        check(
            Whose::Zoho,
            &[Some("two\n=1+1"), Some("x;\"=1+1")],
            "zoho_id,Last_Name,Phone\r\n57,\"two\n'=1+1\",\"x;'\"\"=1+1\"\r\n",
            "a line or a quoted part that may become a cell of its own is told to be text",
        );
    }

    #[test]
    fn a_file_that_was_there_survives_an_export_that_fails() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("people.csv");
        std::fs::write(&file, "old").unwrap();
        let mapping = mapping(&[("Last_Name", "text", "names.familyName")]);
        let mut sheet = Sheet::begin(&file, FileForm::Csv, Whose::Zoho, &mapping).unwrap();
        sheet.add(&person(&[Some("Miller")])).unwrap();
        // The next one cannot be read, so it is not finished.
        drop(sheet);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "old");
        let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(files.len(), 1, "nothing is left beside it");
    }
}
