//! Media types with their parameters (RFC 9110 8.3.1), as in
//! `multipart/related; type="image/jls; transfer-syntax=1.2"; boundary=x`.

/// A media type. Type, subtype and parameter names are in lower case; parameter values are as given, unquoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaType {
    essence: String,
    params: Vec<(String, String)>,
}

impl MediaType {
    /// Reads the value of a Content-Type header; `None` when it has no type at all. Parameters that cannot be
    /// read end the list: what came before them holds.
    pub fn parse(text: &str) -> Option<Self> {
        let (essence, mut rest) = match text.find(';') {
            Some(at) => (&text[..at], &text[at..]),
            None => (text, ""),
        };
        let essence = essence.trim().to_ascii_lowercase();
        if !essence.contains('/') {
            return None;
        }
        let mut params = Vec::new();
        while let Some((param, left)) = parameter(rest) {
            params.extend(param);
            rest = left;
        }
        Some(Self { essence, params })
    }

    /// Type and subtype, as in `application/dicom`.
    pub fn essence(&self) -> &str {
        &self.essence
    }

    /// The value of a parameter; `name` in lower case.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    /// Whether this is DICOM in JSON (PS3.18 F), also under JSON's general name, which some centres use.
    pub fn is_json(&self) -> bool {
        matches!(self.essence.as_str(), "application/dicom+json" | "application/json")
    }

    /// The `transfer-syntax` parameter (PS3.18 8.7.3.5.2), also where a centre put it inside `type`.
    pub fn transfer_syntax(&self) -> Option<crate::dicom::Uid> {
        let nested = || {
            let inner = Self::parse(self.param("type")?)?;
            inner.param("transfer-syntax").map(str::to_owned)
        };
        let text = self.param("transfer-syntax").map(str::to_owned).or_else(nested)?;
        crate::dicom::Uid::parse(&text).ok()
    }
}

type Parameter = Option<(String, String)>;

/// One `; name=value` from the head of `text`, and what follows; an empty parameter (`;;`) is skipped.
fn parameter(text: &str) -> Option<(Parameter, &str)> {
    let text = text.trim_start().strip_prefix(';')?.trim_start();
    if text.is_empty() || text.starts_with(';') {
        return Some((None, text));
    }
    let (name, rest) = text.split_at(text.find('=')?);
    let name = name.trim().to_ascii_lowercase();
    if name.contains([';', '"']) {
        return None;
    }
    let rest = rest[1..].trim_start();
    let (value, rest) = match rest.strip_prefix('"') {
        Some(quoted) => quoted_string(quoted)?,
        None => {
            let end = rest.find(';').unwrap_or(rest.len());
            (rest[..end].trim_end().to_owned(), &rest[end..])
        }
    };
    Some((Some((name, value)), rest))
}

/// The text up to the closing quote, with `\x` as `x`, and what follows the quote.
fn quoted_string(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(chars.next()?.1),
            c => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_come_plain_quoted_and_nested_in_quotes() {
        let plain = MediaType::parse("Multipart/Related;boundary=ab-c ; TYPE=application/dicom").unwrap();
        assert_eq!(plain.essence(), "multipart/related");
        assert_eq!(plain.param("boundary"), Some("ab-c"));
        assert_eq!(plain.param("type"), Some("application/dicom"));

        let nested = MediaType::parse(
            r#"multipart/related; type="image/jls; transfer-syntax=1.2.840.10008.1.2.4.80"; boundary="a;b=\"c""#,
        )
        .unwrap();
        assert_eq!(nested.param("boundary"), Some("a;b=\"c"));
        assert_eq!(nested.transfer_syntax().unwrap().as_str(), "1.2.840.10008.1.2.4.80");

        let part = MediaType::parse("application/dicom;transfer-syntax=1.2.840.10008.1.2.4.90;").unwrap();
        assert_eq!(part.transfer_syntax().unwrap().as_str(), "1.2.840.10008.1.2.4.90");
    }

    #[test]
    fn broken_media_types_do_no_harm() {
        assert_eq!(MediaType::parse(""), None);
        assert_eq!(MediaType::parse("nonsense; boundary=x"), None);
        for text in ["a/b; x", "a/b; x=\"open", "a/b;;;", "a/b; =", "a/b; x=\"\\", "a/b; \"=\"", "a/b; é=ü"]
        {
            let parsed = MediaType::parse(text).unwrap();
            assert_eq!(parsed.essence(), "a/b", "{text}");
            assert_eq!(parsed.param("boundary"), None);
        }
        assert_eq!(MediaType::parse("a/b; transfer-syntax=*").unwrap().transfer_syntax(), None);
    }
}
