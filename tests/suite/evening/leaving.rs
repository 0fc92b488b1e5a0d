//! Leaving while a report has not arrived.

use dokuei::text::Message;
use egui::accesskit::Role;
use egui::{Key, Modifiers};

use super::reader::{LANGUAGES, Reader};
use super::town::{self, Town};

#[test]
fn who_leaves_with_an_unsent_report_is_asked_and_the_next_start_sends_it() {
    for language in LANGUAGES {
        let town = Town::new(vec![town::other()]);
        let mut reader = Reader::new(town.home(), language);
        reader.sign_in();
        reader.open_first();
        reader.until_all_here();
        let impression = reader.say("draft-impression");
        reader.write(Role::MultilineTextInput, &impression, "No diffusion restriction.");
        town.cut();
        reader.click(&reader.say("draft-sign-final"));
        reader.until_seen(&reader.saying(&Message::new("shell-reports-saved").with("count", 1)));

        let asked = reader.saying(&Message::new("shell-leave-unsent").with("count", 1));
        reader.close_the_window();
        reader.step();
        assert!(reader.sees(&asked) && reader.asked.contains("CancelClose"));
        reader.click(&reader.say("shell-leave-stay"));
        assert!(!reader.sees(&asked) && !reader.state().shell.leaving);
        reader.press(Modifiers::COMMAND, Key::Q);
        assert!(reader.sees(&asked));
        reader.click(&reader.say("shell-leave-anyway"));
        reader.until("it ends", |reader| reader.state().shell.leaving);
        reader.until("the window closes", |reader| reader.asked.ends_with("[Close]\n"));
        drop(reader);
        assert!(town.stored().is_empty());

        town.connect(&town.centre);
        let mut reader = Reader::new(town.home(), language);
        reader.sign_in();
        reader.until_seen(&reader.saying(&Message::new("shell-reports-confirmed").with("count", 1)));
        assert_eq!(town.stored().len(), 1);
        reader.press(Modifiers::COMMAND, Key::Q);
        reader.until("it ends without a question", |reader| reader.state().shell.leaving);
    }
}
