//! Reads `select … from … where … [order by …] [limit …]`.

use super::{Cond, Lit, Op, Query, Refused};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Sign(&'static str),
}

fn tokens(text: &str) -> Result<Vec<Token>, Refused> {
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
                    value.extend(chars.next().map(|(_, escaped)| escaped));
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
            Some(Token::Word(word)) => Ok(word),
            Some(Token::Text(_) | Token::Sign(_)) | None => {
                self.at -= 1;
                self.fail()
            }
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
        let mut left = self.all_of()?;
        while self.take_word("or") {
            left = Cond::Or(Box::new(left), Box::new(self.all_of()?));
        }
        Ok(left)
    }

    fn all_of(&mut self) -> Result<Cond, Refused> {
        let mut left = self.test()?;
        while self.take_word("and") {
            left = Cond::And(Box::new(left), Box::new(self.test()?));
        }
        Ok(left)
    }

    fn test(&mut self) -> Result<Cond, Refused> {
        if self.take_sign("(") {
            let inner = self.any_of()?;
            return if self.take_sign(")") { Ok(inner) } else { self.fail() };
        }
        let field = self.name()?;
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
pub(crate) fn query(text: &str) -> Result<Query, Refused> {
    let mut reader = Reader { tokens: tokens(text)?, at: 0 };
    if !reader.take_word("select") {
        return reader.fail();
    }
    if reader.take_sign("*") {
        return Err(Refused::Invalid("*".to_owned()));
    }
    let mut columns = vec![reader.name()?];
    while reader.take_sign(",") {
        columns.push(reader.name()?);
    }
    if columns.len() > 50 {
        return Err(Refused::Limit(50));
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
            let field = reader.name()?;
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
    let mut reader = Reader { tokens: tokens(text)?, at: 0 };
    let condition = reader.any_of()?;
    if reader.peek().is_some() { reader.fail() } else { Ok(condition) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_query() {
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
            ("select id from Contacts where Last_Name = 'O\\'Neil'", true),
            ("select * from Contacts where id is not null", false),
            ("select id from Contacts", false),
            ("select id from Contacts where id is not null limit 2001", false),
            ("select id from Contacts where Email = 'open", false),
            ("select id from Contacts where id is not null limit 2000 offset 99000", false),
            ("delete from Contacts", false),
        ] {
            assert_eq!(query(text).is_ok(), good, "{text}: {:?}", query(text));
        }
        let parsed =
            query("select id from Contacts where id is not null limit 5, 10").expect("a query");
        assert_eq!((parsed.offset, parsed.limit), (5, 10));
    }
}
