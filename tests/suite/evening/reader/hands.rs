//! Keys, mouse and input method.

use egui::accesskit::Role;
use egui::{Event, ImeEvent, Key, Modifiers, PointerButton, Pos2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::Reader;

impl Reader {
    pub(in crate::evening) fn event(&mut self, event: Event) {
        self.harness.event(event);
        self.step();
    }

    pub(in crate::evening) fn press(&mut self, modifiers: Modifiers, key: Key) {
        for pressed in [true, false] {
            let repeat = false;
            self.event(Event::Key { key, physical_key: None, pressed, repeat, modifiers });
        }
        self.step();
    }

    pub(in crate::evening) fn key(&mut self, key: Key) {
        self.press(Modifiers::NONE, key);
    }

    /// Clicks the button whose name contains these words.
    pub(in crate::evening) fn click(&mut self, words: &str) {
        // What has just changed may still move what lies below it.
        self.step();
        self.step();
        let buttons = self.harness.get_all_by_role(Role::Button);
        let named = |node: &egui_kittest::Node<'_>| {
            node.accesskit_node().label().is_some_and(|label| label.contains(words))
        };
        let found: Vec<_> = buttons.filter(named).collect();
        assert_eq!(found.len(), 1, "{words}: {} buttons", found.len());
        found[0].click();
        drop(found);
        self.step();
        self.step();
    }

    pub(in crate::evening) fn write(&mut self, role: Role, field: &str, text: &str) {
        self.focus(role, field);
        self.event(Event::Text(text.to_owned()));
        self.step();
    }

    pub(in crate::evening) fn focus(&mut self, role: Role, field: &str) {
        self.harness.get_by_role_and_label(role, field).focus();
        self.step();
        self.step();
    }

    /// Types as an input method does: composes, then commits.
    pub(in crate::evening) fn compose(&mut self, composed: &[&str], committed: &str) {
        for text in composed {
            let text = (*text).to_owned();
            self.event(Event::Ime(ImeEvent::Preedit { text, active_range_chars: None }));
        }
        self.event(Event::Ime(ImeEvent::Commit(committed.to_owned())));
        self.step();
    }

    pub(in crate::evening) fn hover(&mut self, at: Pos2) {
        self.event(Event::PointerMoved(at));
    }

    /// One notch of the wheel, in one frame.
    pub(in crate::evening) fn notch(&mut self, lines: f32) {
        self.event(Event::MouseWheel {
            unit: egui::MouseWheelUnit::Line,
            delta: vec2(0.0, lines),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Unknown,
            modifiers: Modifiers::NONE,
        });
    }

    pub(in crate::evening) fn drag(&mut self, from: Pos2, to: Pos2) {
        self.hover(from);
        self.button(from, true);
        for share in [0.3, 0.7, 1.0] {
            self.hover(from.lerp(to, share));
        }
        self.button(to, false);
        self.step();
    }

    fn button(&mut self, pos: Pos2, pressed: bool) {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        self.event(Event::PointerButton { pos, button, pressed, modifiers });
    }

    pub(in crate::evening) fn double_click(&mut self, at: Pos2) {
        self.hover(at);
        for pressed in [true, false, true, false] {
            self.button(at, pressed);
        }
        self.step();
    }
}
