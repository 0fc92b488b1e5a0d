//! The Fluent catalogues, compiled in.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use super::{Language, Message};

macro_rules! catalogue {
    ($tag:literal: $($room:literal),*) => {
        &[$((concat!($room, ".ftl"), include_str!(concat!("../../assets/i18n/", $tag, "/", $room, ".ftl")))),*]
    };
}

type Files = &'static [(&'static str, &'static str)];

const ENGLISH: Files = catalogue!("en-US": "cli", "dicom", "imaging", "report", "render", "centre", "vault", "site", "work", "demo", "shell", "worklist", "viewer", "drawing", "draft", "badge", "document", "lock", "growth", "claim", "trail");
const JAPANESE: Files = catalogue!("ja-JP": "cli", "dicom", "imaging", "report", "render", "centre", "vault", "site", "work", "demo", "shell", "worklist", "viewer", "drawing", "draft", "badge", "document", "lock", "growth", "claim", "trail");

static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 2]> =
    LazyLock::new(|| [bundle(Language::English, ENGLISH), bundle(Language::Japanese, JAPANESE)]);

fn bundle(language: Language, files: Files) -> FluentBundle<FluentResource> {
    let locale = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    bundle.set_use_isolating(false);
    for (_, text) in files {
        // A damaged entry is dropped here and named by the catalogue test; the rest of the file still speaks.
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(partial, _)| partial);
        let _ = bundle.add_resource(resource);
    }
    bundle
}

/// The sentence in `language`. An unknown id comes back as itself, so that nothing is ever silent.
pub fn say(language: Language, message: &Message) -> String {
    let bundle = &BUNDLES[language as usize];
    let Some(pattern) = bundle.get_message(&message.id).and_then(|entry| entry.value()) else {
        return message.id.clone().into_owned();
    };
    let mut args = FluentArgs::new();
    for (name, value) in &message.args {
        args.set(name.as_ref(), value.as_str());
    }
    bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluent_bundle::FluentResource;

    /// The ids of a catalogue and, per id, the arguments it uses.
    fn ids(files: Files) -> Vec<(String, Vec<String>)> {
        let mut found = Vec::new();
        for (name, text) in files {
            let resource = FluentResource::try_new((*text).to_owned())
                .unwrap_or_else(|(_, errors)| panic!("{name}: {errors:?}"));
            drop(resource);
            let mut current: Option<(String, Vec<String>)> = None;
            for line in text.lines() {
                if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                    found.extend(current.take());
                    let id = line.split('=').next().unwrap_or_default().trim().to_owned();
                    current = Some((id, Vec::new()));
                }
                assert_eq!(line.matches('{').count(), line.matches("{ $").count(), "{name}: {line}");
                if let Some((_, args)) = &mut current {
                    for piece in line.split("{ $").skip(1) {
                        args.push(piece.split(' ').next().unwrap_or_default().to_owned());
                    }
                    args.sort();
                    args.dedup();
                }
            }
            found.extend(current);
        }
        found.sort();
        found
    }

    #[test]
    fn both_languages_say_the_same_things_with_the_same_arguments() {
        let (english, japanese) = (ids(ENGLISH), ids(JAPANESE));
        assert_eq!(english, japanese);
        let mut names: Vec<_> = english.iter().map(|(id, _)| id).collect();
        names.dedup();
        assert_eq!(names.len(), english.len(), "an id stands twice");
    }
}
