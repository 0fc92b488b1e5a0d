use std::collections::BTreeSet;

use super::*;

#[test]
fn every_action_has_a_name_of_its_own_a_sentence_and_a_deed() {
    let mut ids = BTreeSet::new();
    for action in all() {
        assert!(!action.id.is_empty() && ids.insert(action.id), "{} stands twice", action.id);
        for language in Language::ALL {
            let label = action.label(language);
            assert!(!label.is_empty() && !label.contains("shell-") && !label.contains('{'), "{label}");
            assert!(!action.tooltip(language).contains("shell-"), "{}", action.id);
        }
    }
}

#[test]
fn names_are_unique_in_each_language() {
    for language in Language::ALL {
        let mut names = BTreeSet::new();
        for action in all() {
            assert!(names.insert(action.label(language)), "{} stands twice", action.label(language));
        }
    }
}

#[test]
fn no_key_does_two_things_on_one_screen() {
    let all: Vec<_> = all().collect();
    for (place, one) in all.iter().enumerate() {
        for other in &all[place + 1..] {
            let apart = matches!(
                (one.place, other.place),
                (Place::Worklist, Place::Reading) | (Place::Reading, Place::Worklist)
            );
            let shared = one
                .keys
                .iter()
                .any(|key| other.keys.iter().any(|k| (k.key, k.modifiers) == (key.key, key.modifiers)));
            assert!(apart || !shared, "{} and {}", one.id, other.id);
        }
    }
}

#[test]
fn every_key_that_works_while_writing_could_not_be_typed() {
    for key in all().flat_map(|action| action.keys).filter(|key| key.while_writing) {
        let function = format!("{:?}", key.key).starts_with('F') && key.key != egui::Key::F;
        assert!(function || key.modifiers.command, "{key:?}");
    }
}

#[test]
fn nothing_is_done_that_is_not_enabled() {
    let state = State::default();
    for action in all().filter(|action| !(action.enabled)(&state)) {
        assert_eq!(action.deeds(&state), Vec::new(), "{}", action.id);
    }
    assert!(!(get("sign").unwrap().enabled)(&state) && (get("help").unwrap().enabled)(&state));
}

#[test]
fn closing_by_key_is_about_the_window_in_which_the_key_was_pressed() {
    let close = get("close-case").unwrap();
    let gone = Deed::Send(Command::Viewer(viewer::Command::CloseWindow(2)));
    assert_eq!(close.deeds_in(&State::default(), 2), [gone]);
    assert_eq!(close.deeds_in(&State::default(), 0), [], "there is no case");
}
