//! A STAT study that arrives while the reader reads something else.

use dokuei::text::Message;
use egui::Key;

use super::reader::{LANGUAGES, Reader};
use super::town::{self, PASSWORD, Town};

#[test]
fn a_new_stat_is_told_and_asks_for_attention_without_a_name() {
    for language in LANGUAGES {
        let town = Town::new(vec![town::other()]);
        let later = town.another(vec![town::other(), town::stat()], PASSWORD);
        let mut reader = Reader::new(town.home(), language);
        reader.sign_in();
        reader.open_first();
        reader.until_all_here();
        town.connect(&later);
        // The list is asked for anew, and meanwhile reading goes on.
        reader.key(Key::F2);
        reader.key(Key::F5);
        reader.key(Key::F3);
        let notice = reader.saying(&Message::new("worklist-new-stat").with("count", 1));
        reader.until_seen(&notice);
        let asked = reader.asked.clone();
        assert!(asked.contains("RequestUserAttention"), "{asked}");
        assert!(reader.sees_image(), "reading goes on");
        let rows = reader.state().worklist.list.latest().unwrap().rows.clone();
        assert_eq!(rows.len(), 2);
        for row in rows {
            let name = row.patient.name.reveal();
            for part in
                [&name.alphabetic, &name.ideographic, &name.phonetic].into_iter().flat_map(|name| words(name))
            {
                assert!(!asked.contains(&part) && !notice.contains(&part), "{part}");
            }
            assert!(!asked.contains(row.patient.id.reveal()));
        }
        reader.dismiss_all();
        assert!(!reader.sees(&notice));
        reader.key(Key::F2);
        let stat = reader.say("worklist-priority-stat");
        assert!(reader.rows()[0].0.starts_with(&stat), "{:?}", reader.rows());
    }
}

/// The words of one writing of a name.
fn words(writing: &str) -> Vec<String> {
    writing.split(['^', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
