//! Person names with their three representations (PS3.5 6.2.1.2).

/// A person name: the same person in up to three writings. In Japan the first group is romaji or half-width
/// kana, the second kanji, the third kana.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct PersonName {
    /// First group: single-byte characters.
    pub alphabetic: String,
    /// Second group: ideographic characters.
    pub ideographic: String,
    /// Third group: phonetic characters.
    pub phonetic: String,
}

impl PersonName {
    /// Splits a decoded PN value at `=`; groups beyond the third are ignored, trailing padding is dropped.
    pub fn parse(text: &str) -> Self {
        let mut groups =
            text.trim_end_matches(['\0', ' ']).splitn(4, '=').map(|g| g.trim_end_matches([' ', '^']));
        let mut next = || groups.next().unwrap_or_default().to_owned();
        Self { alphabetic: next(), ideographic: next(), phonetic: next() }
    }

    /// The PN value: groups joined with `=`, empty ones at the end left out.
    pub fn to_dicom(&self) -> String {
        let joined = [self.alphabetic.as_str(), &self.ideographic, &self.phonetic].join("=");
        joined.trim_end_matches('=').to_owned()
    }

    /// Whether both may name one person. Systems leave groups out, pad and capitalise as they like: of the groups
    /// that both have the kanji decide, then the letters, then the kana.
    pub fn may_be(&self, other: &Self) -> bool {
        let parts = |group: &str| {
            let parts = group.split(['^', ' ', '\u{3000}']).filter(|part| !part.is_empty());
            parts.map(str::to_lowercase).collect::<Vec<_>>()
        };
        let groups =
            |name: &Self| [&name.ideographic, &name.alphabetic, &name.phonetic].map(|group| parts(group));
        let mut both = groups(self).into_iter().zip(groups(other));
        both.find(|(a, b)| !a.is_empty() && !b.is_empty()).is_none_or(|(a, b)| a == b)
    }

    /// Whether no group holds anything.
    pub fn is_empty(&self) -> bool {
        self.alphabetic.is_empty() && self.ideographic.is_empty() && self.phonetic.is_empty()
    }
}

/// One group as a person reads it: `family^given^middle^prefix^suffix` (PS3.5 6.2.1.1) becomes
/// `prefix family given middle, suffix`, without what is empty.
pub fn group_for_display(group: &str) -> String {
    let parts: Vec<&str> = group.split('^').map(|part| part.trim_matches(' ')).collect();
    let part = |index: usize| parts.get(index).copied().unwrap_or_default();
    let names = [part(3), part(0), part(1), part(2)];
    let names = names.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    // Components beyond the fifth are none of the standard's; they are shown all the same.
    let suffixes = parts.iter().skip(4).copied().filter(|part| !part.is_empty());
    std::iter::once(names.as_str())
        .filter(|names| !names.is_empty())
        .chain(suffixes)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_is_known_by_any_writing_of_the_name() {
        let may_be = |a: &str, b: &str| PersonName::parse(a).may_be(&PersonName::parse(b));
        for (a, b) in [
            ("Yamada^Tarou=山田^太郎", "YAMADA^TAROU"),
            ("Yamada^Tarou=山田^太郎", "=山田　太郎"),
            ("ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎", "Yamada^Tarou=山田^太郎"),
            ("Doe^Jane^^", "Doe^Jane"),
            ("Doe^Jane", ""),
        ] {
            assert!(may_be(a, b) && may_be(b, a), "{a} {b}");
        }
        assert!(!may_be("Doe^Jane", "Doe^John"));
        assert!(!may_be("Yamada^Tarou=山田^太郎", "Yamada^Tarou=山田^花子"));
    }

    #[test]
    fn three_groups_come_apart_and_together() {
        let text = "Yamada^Tarou=山田^太郎=やまだ^たろう";
        let name = PersonName::parse(text);
        assert_eq!(name.ideographic, "山田^太郎");
        assert_eq!(name.to_dicom(), text);
        assert_eq!(PersonName::parse("DOE^JANE^^").to_dicom(), "DOE^JANE");
        assert_eq!(PersonName::parse("=山田^花子").to_dicom(), "=山田^花子");
        assert_eq!(group_for_display("山田^太郎"), "山田 太郎");
        assert_eq!(
            group_for_display("Adams^John Robert Quincy^^Rev.^B.A. M.Div."),
            "Rev. Adams John Robert Quincy, B.A. M.Div."
        );
        assert_eq!((group_for_display("^^^^様"), group_for_display("^^^")), ("様".into(), String::new()));
    }
}
