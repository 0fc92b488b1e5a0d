//! Media types and the Accept header (PS3.18 8.7, RFC 9110 12.5.1).

use http::header::{ACCEPT, HeaderMap};

/// A media type or range with its parameters, as in `multipart/related; type="image/jp2"`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct MediaType {
    /// `type/subtype`, lower case.
    pub(super) essence: String,
    /// Parameters with lower-case names, quotes taken off; `q` is not among them.
    parameters: Vec<(String, String)>,
    /// The weight, 0 to 1.
    quality: f32,
}

impl MediaType {
    /// Reads one media type.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut pieces = split_outside_quotes(text, ';');
        let essence = pieces.next()?.trim().to_ascii_lowercase();
        if essence.split('/').count() != 2 || essence.contains(char::is_whitespace) {
            return None;
        }
        let mut parameters = Vec::new();
        let mut quality = 1.0;
        for piece in pieces {
            let Some((name, value)) = piece.split_once('=') else { continue };
            let (name, value) = (name.trim().to_ascii_lowercase(), unquoted(value.trim()));
            match name.as_str() {
                "q" => quality = value.parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q))?,
                _ => parameters.push((name, value)),
            }
        }
        // Some clients put parameters inside the quotes of `type`: type="image/jls; transfer-syntax=*".
        if let Some(at) = parameters.iter().position(|(name, value)| name == "type" && value.contains(';')) {
            let inner = Self::parse(&parameters[at].1)?;
            parameters[at].1 = inner.essence;
            parameters.extend(inner.parameters);
        }
        Some(Self { essence, parameters, quality })
    }

    /// A parameter's value.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Whether the range covers `essence`.
    pub(super) fn covers(&self, essence: &str) -> bool {
        covers(&self.essence, essence)
    }

    /// For a multipart range: whether its `type` parameter (absent: anything) covers `essence`.
    pub(super) fn covers_parts(&self, essence: &str) -> bool {
        self.essence == "multipart/related"
            && self.parameter("type").is_none_or(|inner| covers(&inner.to_ascii_lowercase(), essence))
    }

    /// Whether the `transfer-syntax` parameter allows `uid`. Without one, Explicit VR Little Endian is
    /// asked for (PS3.18 8.7.3.5.2).
    pub(super) fn allows_transfer_syntax(&self, uid: &str) -> bool {
        match self.parameter("transfer-syntax") {
            Some("*") => true,
            Some(wanted) => wanted == uid,
            None => uid == dicom_dictionary_std::uids::EXPLICIT_VR_LITTLE_ENDIAN,
        }
    }
}

/// The Accept header: ranges by falling weight. No header at all means `*/*`.
pub(super) fn accepted(headers: &HeaderMap) -> Vec<MediaType> {
    let mut ranges: Vec<_> = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| split_outside_quotes(text, ','))
        .filter_map(MediaType::parse)
        .filter(|range| range.quality > 0.0)
        .collect();
    if !headers.contains_key(ACCEPT) {
        ranges.extend(MediaType::parse("*/*"));
    }
    ranges.sort_by(|a, b| b.quality.total_cmp(&a.quality));
    ranges
}

fn covers(range: &str, essence: &str) -> bool {
    let whole_type = |range: &str| {
        range.strip_suffix("/*").is_some_and(|kind| essence.split('/').next().is_some_and(|k| k == kind))
    };
    range == "*/*" || range == essence || whole_type(range)
}

fn split_outside_quotes(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c| {
        if c == '"' {
            quoted = !quoted;
        }
        c == separator && !quoted
    })
}

fn unquoted(value: &str) -> String {
    match value.strip_prefix('"').and_then(|v| v.strip_suffix('"')) {
        Some(inner) => inner.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(accept: &str) -> Vec<MediaType> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().unwrap());
        accepted(&headers)
    }

    #[test]
    fn quoted_types_keep_their_commas_and_semicolons() {
        let found = ranges(
            r#"text/html;q=0.2, multipart/related; type="image/jls; transfer-syntax=*", multipart/related;type=application/dicom;q=0.9"#,
        );
        assert_eq!(found.len(), 3);
        assert!(found[0].covers_parts("image/jls") && found[0].allows_transfer_syntax("1.2.3"));
        assert!(found[1].covers_parts("application/dicom") && !found[1].covers_parts("image/jls"));
        assert!(found[2].covers("text/html"));
    }

    #[test]
    fn the_transfer_syntax_is_explicit_little_endian_unless_said() {
        let plain = &ranges(r#"multipart/related; type="application/dicom""#)[0];
        assert!(plain.allows_transfer_syntax("1.2.840.10008.1.2.1"));
        assert!(!plain.allows_transfer_syntax("1.2.840.10008.1.2.4.90"));
        let named =
            &ranges(r#"multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.90"#)
                [0];
        assert!(named.allows_transfer_syntax("1.2.840.10008.1.2.4.90"));
        assert!(!named.allows_transfer_syntax("1.2.840.10008.1.2.1"));
    }

    #[test]
    fn no_header_accepts_everything_and_nonsense_accepts_nothing() {
        assert!(accepted(&HeaderMap::new())[0].covers("image/png"));
        assert!(ranges("nonsense").is_empty());
        assert!(ranges("image/*;q=0").is_empty());
        assert!(ranges("image/*")[0].covers("image/png") && !ranges("image/*")[0].covers("text/html"));
    }
}
