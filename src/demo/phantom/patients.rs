//! The people of the demo: invented, with names in romaji, kanji and kana as Japanese hospitals write them
//! (PS3.5 6.2.1.2, PS3.5 annex H).

use chrono::{Datelike, NaiveDate};

use crate::dicom::instance::Patient;
use crate::dicom::{PersonName, Phi};

/// One invented person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Person {
    /// Followed for a lung nodule.
    Aoki,
    /// Headaches.
    Kobayashi,
    /// A check-up film.
    Takahashi,
    /// Another man of exactly the same name: another ID, another birth date, a mass.
    OtherTakahashi,
    /// Pain under the right ribs.
    Fujita,
    /// Fell down the stairs at night.
    Morita,
}

/// Who issues the demo's patient IDs.
pub(super) const ISSUER: &str = "DOKUEI-DEMO";

impl Person {
    /// ID, PN value, birth date, sex.
    fn record(self) -> (&'static str, &'static str, (i32, u32, u32), &'static str) {
        let takahashi = "Takahashi^Ichiro=高橋^一郎=たかはし^いちろう";
        match self {
            Self::Aoki => ("DEMO-0001", "Aoki^Kenichi=青木^健一=あおき^けんいち", (1961, 4, 12), "M"),
            Self::Kobayashi => ("DEMO-0002", "Kobayashi^Misaki=小林^美咲=こばやし^みさき", (1988, 9, 3), "F"),
            Self::Takahashi => ("DEMO-0003", takahashi, (1970, 1, 25), "M"),
            Self::OtherTakahashi => ("DEMO-0030", takahashi, (1952, 11, 8), "M"),
            Self::Fujita => ("DEMO-0004", "Fujita^Haruka=藤田^遥=ふじた^はるか", (1995, 6, 17), "F"),
            Self::Morita => ("DEMO-0005", "Morita^Shizue=森田^静江=もりた^しずえ", (1947, 2, 28), "F"),
        }
    }

    /// The Patient module on the day of a study.
    pub(super) fn on(self, day: NaiveDate) -> Patient {
        let (id, name, (year, month, date), sex) = self.record();
        let had_birthday = (day.month(), day.day()) >= (month, date);
        let years = day.year() - year - i32::from(!had_birthday);
        Patient {
            name: Phi::new(PersonName::parse(name)),
            id: Phi::new(id.to_owned()),
            issuer: Phi::new(ISSUER.to_owned()),
            birth_date: Phi::new(format!("{year:04}{month:02}{date:02}")),
            sex: sex.to_owned(),
            age: format!("{:03}Y", years.clamp(0, 999)),
        }
    }
}
