//! Reads `select … from … where … [order by …] [limit …]`.

use super::{Cond, Lit, Op, Query, Refused};
use crate::switches::{CoqlBackslash, ZohoSwitches};

/// Words of SQL that no column may be called by without quotes.
const RESERVED: [&str; 16] = [
    "external", "select", "from", "where", "order", "group", "by", "limit", "offset", "user",
    "date", "key", "index", "option", "value", "rank",
];

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Sign(&'static str),
}

fn tokens(text: &str, backslash: CoqlBackslash) -> Result<Vec<Token>, Refused> {
    let mut out = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c.is_whitespace() || c == ';' {
            continue;
        }
        if c == '\'' || c == '"' {
            let mut value = String::new();
            let mut closed = false;
            while let Some((_, inner)) = chars.next() {
                if inner == '\\' {
                    let next = chars.peek().map(|(_, next)| *next);
                    match (backslash, next) {
                        // No quote is escaped like that, whatever else a backslash means.
                        (_, Some('\'' | '"')) | (CoqlBackslash::Refused, _) => {
                            return Err(Refused::Syntax(text.chars().skip(at).take(20).collect()));
                        }
                        (CoqlBackslash::Literal, _) => value.push(inner),
                        (CoqlBackslash::Escape, _) => {
                            value.extend(chars.next().map(|(_, escaped)| escaped));
                        }
                    }
                } else if inner == c && chars.peek().is_some_and(|(_, next)| *next == c) {
                    chars.next();
                    value.push(c);
                } else if inner == c {
                    closed = true;
                    break;
                } else {
                    value.push(inner);
                }
            }
            if !closed {
                return Err(Refused::Syntax(text.chars().skip(at).take(20).collect()));
            }
            out.push(Token::Text(value));
            continue;
        }
        let next = chars.peek().map(|(_, n)| *n);
        let double = match (c, next) {
            ('!', Some('=')) | ('<', Some('>')) => Some("!="),
            ('<', Some('=')) => Some("<="),
            ('>', Some('=')) => Some(">="),
            _ => None,
        };
        if let Some(sign) = double {
            chars.next();
            out.push(Token::Sign(sign));
            continue;
        }
        let single = ["(", ")", ",", "=", "<", ">", "*"].into_iter().find(|s| s.starts_with(c));
        if let Some(sign) = single {
            out.push(Token::Sign(sign));
        } else if c.is_alphanumeric() || "_-.$+:".contains(c) {
            let mut word = String::from(c);
            while let Some((_, inner)) = chars.peek() {
                if inner.is_alphanumeric() || "_-.$+:".contains(*inner) {
                    word.push(*inner);
                    chars.next();
                } else {
                    break;
                }
            }
            out.push(Token::Word(word));
        } else {
            return Err(Refused::Syntax(c.to_string()));
        }
    }
    Ok(out)
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    /// Whether three conditions must be nested in pairs.
    pairs: bool,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn fail<T>(&self) -> Result<T, Refused> {
        let near = match self.tokens.get(self.at.min(self.tokens.len().saturating_sub(1))) {
            Some(Token::Word(text) | Token::Text(text)) => text.clone(),
            Some(Token::Sign(sign)) => (*sign).to_owned(),
            None => String::new(),
        };
        Err(Refused::Syntax(near))
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(w)) if w.eq_ignore_ascii_case(word))
    }

    fn take_word(&mut self, word: &str) -> bool {
        let fits = self.is_word(word);
        self.at += usize::from(fits);
        fits
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let fits = matches!(self.peek(), Some(Token::Sign(s)) if *s == sign);
        self.at += usize::from(fits);
        fits
    }

    fn name(&mut self) -> Result<String, Refused> {
        match self.next() {
            Some(Token::Word(word)) if !RESERVED.contains(&word.to_lowercase().as_str()) => {
                Ok(word)
            }
            Some(Token::Word(_)) => {
                self.at -= 1;
                self.fail()
            }
            Some(Token::Text(_) | Token::Sign(_)) | None => {
                self.at -= 1;
                self.fail()
            }
        }
    }

    /// A column, in quotes or without.
    fn column(&mut self) -> Result<String, Refused> {
        match self.peek() {
            Some(Token::Text(text)) => {
                let name = text.clone();
                self.at += 1;
                Ok(name)
            }
            Some(Token::Word(_) | Token::Sign(_)) | None => self.name(),
        }
    }

    fn literal(&mut self) -> Result<Lit, Refused> {
        match self.next() {
            Some(Token::Word(text) | Token::Text(text)) => Ok(Lit { text }),
            Some(Token::Sign(_)) | None => {
                self.at -= 1;
                self.fail()
            }
        }
    }

    fn any_of(&mut self) -> Result<Cond, Refused> {
        let from = self.at;
        let mut left = self.all_of()?;
        let mut joined = usize::from(self.at > from && matches!(left, Cond::And(..)));
        joined *= usize::from(!matches!(self.tokens.get(from), Some(Token::Sign("("))));
        while self.take_word("or") {
            joined += 1;
            if self.pairs && joined > 1 {
                return self.fail();
            }
            left = Cond::Or(Box::new(left), Box::new(self.all_of()?));
        }
        Ok(left)
    }

    fn all_of(&mut self) -> Result<Cond, Refused> {
        let mut left = self.test()?;
        let mut joined = 0;
        while self.take_word("and") {
            joined += 1;
            if self.pairs && joined > 1 {
                return self.fail();
            }
            left = Cond::And(Box::new(left), Box::new(self.test()?));
        }
        Ok(left)
    }

    fn test(&mut self) -> Result<Cond, Refused> {
        if self.take_sign("(") {
            let inner = self.any_of()?;
            return if self.take_sign(")") { Ok(inner) } else { self.fail() };
        }
        let field = self.column()?;
        for (sign, op) in [
            ("=", Op::Eq),
            ("!=", Op::Ne),
            ("<=", Op::Le),
            (">=", Op::Ge),
            ("<", Op::Lt),
            (">", Op::Gt),
        ] {
            if self.take_sign(sign) {
                return Ok(Cond::Test { field, op, values: vec![self.literal()?] });
            }
        }
        if self.take_word("is") {
            let op = if self.take_word("not") { Op::NotNull } else { Op::Null };
            return if self.take_word("null") {
                Ok(Cond::Test { field, op, values: Vec::new() })
            } else {
                self.fail()
            };
        }
        let not = self.take_word("not");
        if self.take_word("in") {
            if !self.take_sign("(") {
                return self.fail();
            }
            let mut values = vec![self.literal()?];
            while self.take_sign(",") {
                values.push(self.literal()?);
            }
            let op = if not { Op::NotIn } else { Op::In };
            return if self.take_sign(")") {
                Ok(Cond::Test { field, op, values })
            } else {
                self.fail()
            };
        }
        if self.take_word("like") {
            let op = if not { Op::NotLike } else { Op::Like };
            return Ok(Cond::Test { field, op, values: vec![self.literal()?] });
        }
        if self.take_word("between") {
            let low = self.literal()?;
            if !self.take_word("and") {
                return self.fail();
            }
            let op = if not { Op::NotBetween } else { Op::Between };
            return Ok(Cond::Test { field, op, values: vec![low, self.literal()?] });
        }
        self.fail()
    }

    fn number(&mut self) -> Result<usize, Refused> {
        let text = self.name()?;
        text.parse().or_else(|_| {
            self.at -= 1;
            self.fail()
        })
    }
}

/// Reads a whole query.
///
/// # Errors
/// What Zoho refuses: other words or order, no condition, `*`, too many columns, a LIMIT above 2000.
pub(crate) fn query(text: &str, switches: &ZohoSwitches) -> Result<Query, Refused> {
    if switches.coql_chokes_on.iter().any(|odd| text.contains(odd.as_str())) {
        return Err(Refused::Syntax("where".to_owned()));
    }
    let tokens = tokens(text, switches.coql_backslash)?;
    let mut reader = Reader { tokens, at: 0, pairs: true };
    if !reader.take_word("select") {
        return reader.fail();
    }
    if reader.take_sign("*") {
        return Err(Refused::Invalid("*".to_owned()));
    }
    let mut columns = vec![reader.column()?];
    while reader.take_sign(",") {
        columns.push(reader.column()?);
    }
    if columns.len() > switches.coql_columns {
        return Err(Refused::Limit(switches.coql_columns));
    }
    if !reader.take_word("from") {
        return reader.fail();
    }
    let module = reader.name()?;
    if !reader.take_word("where") {
        return reader.fail();
    }
    let condition = reader.any_of()?;
    if condition.tests() > 25 {
        return Err(Refused::Limit(25));
    }
    let mut order = Vec::new();
    if reader.take_word("order") {
        if !reader.take_word("by") {
            return reader.fail();
        }
        loop {
            let field = reader.column()?;
            let down = reader.take_word("desc");
            if !down {
                reader.take_word("asc");
            }
            order.push((field, !down));
            if !reader.take_sign(",") {
                break;
            }
        }
        if order.len() > 10 {
            return Err(Refused::Limit(10));
        }
    }
    let (mut offset, mut limit) = (0, 200);
    if reader.take_word("limit") {
        limit = reader.number()?;
        if reader.take_sign(",") {
            offset = limit;
            limit = reader.number()?;
        }
    }
    if reader.take_word("offset") {
        offset = reader.number()?;
    }
    if reader.peek().is_some() {
        return reader.fail();
    }
    if limit > 2000 {
        return Err(Refused::Limit(2000));
    }
    if offset + limit > 100_000 {
        return Err(Refused::Limit(100_000));
    }
    Ok(Query { columns, module, condition, order, offset, limit })
}

/// Reads a bare condition, as list views hold it.
pub(crate) fn condition(text: &str) -> Result<Cond, Refused> {
    let tokens = tokens(text, CoqlBackslash::Literal)?;
    let mut reader = Reader { tokens, at: 0, pairs: false };
    let condition = reader.any_of()?;
    if reader.peek().is_some() { reader.fail() } else { Ok(condition) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_query() {
        let switches = ZohoSwitches::default();
        for (text, good) in [
            ("select id, Email from Contacts where Email in ('a@b.test', 'c@d.test')", true),
            (
                "SELECT Last_Name FROM Contacts WHERE (id is not null and Email like '%x%') or Phone = '1' ORDER BY id ASC LIMIT 0, 2000",
                true,
            ),
            (
                "select id from Leads where Created_Time between '2025-01-01T00:00:00+00:00' and '2026-01-01T00:00:00+00:00' limit 10 offset 20",
                true,
            ),
            ("select id from Contacts where Email not in ('a') and id > 5120000000000000001", true),
            ("select id from Contacts where Last_Name = 'O''Neil'", true),
            ("select id from Contacts where Last_Name = 'O\\'Neil'", false),
            ("select id from Contacts where Last_Name = 'AC\\DC'", false),
            ("select 'External' from Contacts where 'External' = 'x'", true),
            ("select External from Contacts where id is not null", false),
            ("select id from Contacts where id > 1 and id > 2 and id > 3", false),
            ("select id from Contacts where ((id > 1 and id > 2) and id > 3)", true),
            ("select id from Contacts where id > 1 and id > 2 or id > 3", false),
            ("select id from Contacts where ((id > 1 and id > 2) or id > 3)", true),
            ("select * from Contacts where id is not null", false),
            ("select id from Contacts", false),
            ("select id from Contacts where id is not null limit 2001", false),
            ("select id from Contacts where Email = 'open", false),
            ("select id from Contacts where id is not null limit 2000 offset 99000", false),
            ("delete from Contacts", false),
        ] {
            let read = query(text, &switches);
            assert_eq!(read.is_ok(), good, "{text}: {read:?}");
        }
        let parsed = query("select id from Contacts where id is not null limit 5, 10", &switches)
            .expect("a query");
        assert_eq!((parsed.offset, parsed.limit), (5, 10));
    }
}
