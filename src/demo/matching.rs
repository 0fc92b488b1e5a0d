//! Whether an attribute matches a key (PS3.4 C.2.2.2, PS3.18 8.3.4.1), on DICOM JSON values.
//!
//! | VR | matches |
//! | --- | --- |
//! | UI | any of a list, separated by `,` or `\` |
//! | DA, TM, DT | a value or a range `a-b`, `a-`, `-b`; time zones are not compared |
//! | PN | `*` and `?`, without regard to case, against each of the three groups and the whole |
//! | other text | `*` and `?`, with regard to case; for Modalities in Study (0008,0061) a list as for UI |
//! | numbers | equal numbers |
//! | SQ | an item in which the rest of the path matches |
//!
//! An empty key, and `*`, match everything, absent attributes too (universal matching, C.2.2.2.3).

use serde_json::Value;

use super::attributes::Attributes;

/// Modalities in Study takes a list of values.
const MODALITIES_IN_STUDY: &str = "00080061";

/// Whether the attribute at the end of `path` matches `wanted`.
pub(super) fn matches<'a>(find: &dyn Fn(&str) -> Option<&'a Value>, path: &[String], wanted: &str) -> bool {
    if wanted.is_empty() || wanted == "*" {
        return true;
    }
    let Some((first, rest)) = path.split_first() else { return false };
    let Some(attribute) = find(first) else { return false };
    attribute_matches(attribute, first, rest, wanted)
}

fn attribute_matches(attribute: &Value, key: &str, rest: &[String], wanted: &str) -> bool {
    let Some(values) = attribute.get("Value").and_then(Value::as_array) else { return false };
    if let Some((next, deeper)) = rest.split_first() {
        let items = values.iter().filter_map(Value::as_object);
        return items
            .filter_map(|item: &Attributes| item.get(next))
            .any(|inner| attribute_matches(inner, next, deeper, wanted));
    }
    let vr = attribute.get("vr").and_then(Value::as_str).unwrap_or("UN");
    values.iter().any(|value| value_matches(vr, key, value, wanted))
}

fn value_matches(vr: &str, key: &str, value: &Value, wanted: &str) -> bool {
    match (vr, value) {
        ("PN", Value::Object(groups)) => name_matches(groups, wanted),
        ("UI", Value::String(uid)) => wanted.split([',', '\\']).any(|one| one.trim() == uid),
        ("DA" | "TM" | "DT", Value::String(moment)) => moment_matches(moment, wanted),
        (_, Value::String(text)) if key == MODALITIES_IN_STUDY => {
            wanted.split([',', '\\']).any(|one| wildcard(text, one.trim()))
        }
        (_, Value::String(text)) => wildcard(text, wanted),
        (_, Value::Number(number)) => wanted.trim().parse::<f64>().is_ok_and(|w| number.as_f64() == Some(w)),
        _ => false,
    }
}

/// Each group alone, and the groups joined with `=`.
fn name_matches(groups: &Attributes, wanted: &str) -> bool {
    let group = |name: &str| groups.get(name).and_then(Value::as_str).unwrap_or_default().to_lowercase();
    let groups = ["Alphabetic", "Ideographic", "Phonetic"].map(group);
    let wanted = wanted.to_lowercase();
    let joined = groups.join("=");
    let whole = joined.trim_end_matches('=');
    let mut candidates = groups.iter().map(String::as_str).filter(|g| !g.is_empty()).chain([whole]);
    candidates.any(|candidate| wildcard(candidate, wanted.trim_end_matches('^')))
}

/// Inclusive at both ends; a bound of less precision covers the whole of what it names.
fn moment_matches(moment: &str, wanted: &str) -> bool {
    let digits = |text: &str| text.trim().replace(':', "");
    match wanted.split_once('-') {
        Some((from, to)) => {
            let (from, to) = (digits(from), digits(to));
            let after = moment >= from.get(..moment.len()).unwrap_or(&from);
            let before = moment.get(..to.len()).unwrap_or(moment) <= to.as_str();
            after && (before || to.is_empty())
        }
        None => moment == digits(wanted),
    }
}

/// `*` stands for any run of characters, `?` for one.
fn wildcard(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    let (mut t, mut p) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                t += 1;
                p += 1;
            }
            // No fit here: let the last star swallow one character more.
            _ => match retry {
                Some((star, from)) => {
                    retry = Some((star, from + 1));
                    t = from + 1;
                    p = star + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn hit(vr: &str, value: &Value, wanted: &str) -> bool {
        let attribute = json!({ "vr": vr, "Value": [value] });
        matches(&|_| Some(&attribute), &["00100010".to_owned()], wanted)
    }

    #[test]
    fn each_vr_has_its_way_of_matching() {
        let yamada =
            json!({ "Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎", "Phonetic": "やまだ^たろう" });
        let table = [
            ("PN", yamada.clone(), "yamada^tarou", true),
            ("PN", yamada.clone(), "Yamada^Tarou^^", true),
            ("PN", yamada.clone(), "Yamada", false),
            ("PN", yamada.clone(), "yam*", true),
            ("PN", yamada.clone(), "山田*", true),
            ("PN", yamada.clone(), "*太郎", true),
            ("PN", yamada.clone(), "やまだ^?ろう", true),
            ("PN", yamada.clone(), "Yamada^Tarou=山田*", true),
            ("PN", yamada.clone(), "Suzuki*", false),
            ("PN", yamada, "Yamada^Tarou=鈴木*", false),
            ("UI", json!("1.2.3"), "1.2.3", true),
            ("UI", json!("1.2.3"), "9,1.2.3", true),
            ("UI", json!("1.2.3"), r"9\1.2.3", true),
            ("UI", json!("1.2.3"), "1.2.*", false),
            ("DA", json!("20260115"), "20260115", true),
            ("DA", json!("20260115"), "20260101-20260131", true),
            ("DA", json!("20260115"), "20260115-20260115", true),
            ("DA", json!("20260115"), "-20260114", false),
            ("DA", json!("20260115"), "-20260115", true),
            ("DA", json!("20260115"), "20260115-", true),
            ("DA", json!("20260115"), "20260116-", false),
            ("TM", json!("123000.5"), "1200-1230", true),
            ("TM", json!("123100"), "1200-1230", false),
            ("TM", json!("120000"), "1200-1230", true),
            ("DT", json!("20260115031000+0900"), "20260115-20260116", true),
            ("LO", json!("Chest CT"), "Chest*", true),
            ("LO", json!("Chest CT"), "chest*", false),
            ("LO", json!("Chest CT"), "Chest ?T", true),
            ("LO", json!("Chest CT"), "Chest", false),
            ("IS", json!(3), "3", true),
            ("IS", json!(3), "03", true),
            ("IS", json!(3), "4", false),
            ("US", json!(3), "x", false),
            ("LO", json!(null), "x", false),
        ];
        for (vr, value, wanted, expected) in table {
            assert_eq!(hit(vr, &value, wanted), expected, "{vr} {value} against {wanted}");
        }
    }

    #[test]
    fn an_empty_key_matches_also_what_is_absent() {
        let path = ["00100010".to_owned()];
        assert!(matches(&|_| None, &path, ""));
        assert!(matches(&|_| None, &path, "*"));
        assert!(!matches(&|_| None, &path, "x"));
    }

    #[test]
    fn a_path_goes_down_into_any_item() {
        let sequence = json!({ "vr": "SQ", "Value": [
            { "00400009": { "vr": "SH", "Value": ["A"] } }, { "00400009": { "vr": "SH", "Value": ["B"] } } ] });
        let path = ["00400275".to_owned(), "00400009".to_owned()];
        assert!(matches(&|_| Some(&sequence), &path, "B"));
        assert!(!matches(&|_| Some(&sequence), &path, "C"));
    }

    #[test]
    fn stars_find_the_fit_that_exists() {
        for (text, pattern, expected) in [
            ("aab", "*ab", true),
            ("abcbc", "a*bc", true),
            ("", "*", true),
            ("", "?", false),
            ("abc", "a*d", false),
        ] {
            assert_eq!(wildcard(text, pattern), expected, "{text} {pattern}");
        }
    }
}
