//! The fonts that are shipped, so that nothing is a box on any machine: Noto Sans CJK JP for every text in both
//! languages, Phosphor for signs. The window library finds the system's fonts for other scripts by itself.

use std::sync::Arc;

use egui::{Context, FontData, FontDefinitions, FontFamily};

use super::icons;

const TEXT: &[u8] = include_bytes!("../../assets/fonts/NotoSansCJKjp-Regular.subset.otf");
const SIGNS: &[u8] = include_bytes!("../../assets/fonts/Phosphor.ttf");

/// Gives a window its fonts; they are there from its next pass on.
pub fn install(ctx: &Context) {
    let mut fonts = FontDefinitions::empty();
    for (name, bytes, families) in [
        ("text", TEXT, vec![FontFamily::Proportional, FontFamily::Monospace]),
        ("signs", SIGNS, vec![icons::family()]),
    ] {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
        for family in families {
            fonts.families.insert(family, vec![name.to_owned()]);
        }
    }
    ctx.set_fonts(fonts);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Language, Message, say};

    #[test]
    fn names_in_all_three_scripts_units_and_every_button_have_their_glyphs() {
        let ctx = Context::default();
        install(&ctx);
        ctx.run_ui(egui::RawInput::default(), |_| {}).textures_delta.clear();
        let mut texts = vec![
            "山田^花子 ヤマダ ハナコ やまだ はなこ Yamada Hanako".to_owned(),
            "左右前後頭尾 撮影 肺野 髙橋 渡邊 ㎜ μ ± ° ² ³ × → ≤ … – — „Gruß“ é ñ".to_owned(),
        ];
        for action in crate::ui::actions::all() {
            for language in Language::ALL {
                texts.push(action.label(language));
                texts.push(say(language, &Message::new(action.group.label())));
            }
        }
        for family in [FontFamily::Proportional, FontFamily::Monospace] {
            let font = egui::FontId::new(13.0, family);
            for text in &texts {
                assert!(ctx.fonts_mut(|fonts| fonts.has_glyphs(&font, text)), "{text}");
            }
        }
    }
}
