//! Whether a scene is the one that was drawn before.

use std::sync::{Arc, Weak};

use crate::imaging::{
    Frame, FrameScene, FrameView, GreyMapping, Interpolation, Over, Plane, PlaneScene, Scene, Slab, Volume,
};

/// Which pixels. While its weak reference lives, no other frame or volume can have the same address.
#[derive(Debug)]
pub(super) enum Source {
    Frame(Weak<Frame>),
    Volume(Weak<Volume>),
}

/// What a scene was drawn from: its pixels (which it does not hold) and its numbers.
#[derive(Debug)]
pub(super) struct Identity {
    source: Source,
    view: View,
    interpolation: Interpolation,
    grey: GreyMapping,
}

#[derive(Debug, PartialEq)]
enum View {
    Frame(FrameView, Over),
    Plane(Plane, Option<Slab>),
}

impl Source {
    pub(super) fn of(scene: &Scene) -> Self {
        match scene {
            Scene::Frame(scene) => Self::Frame(Arc::downgrade(&scene.frame)),
            Scene::Plane(scene) => Self::Volume(Arc::downgrade(&scene.volume)),
        }
    }

    /// Whether `scene` reads the same pixels, not only equal ones.
    pub(super) fn is_of(&self, scene: &Scene) -> bool {
        match (self, scene) {
            (Self::Frame(frame), Scene::Frame(scene)) => frame.as_ptr() == Arc::as_ptr(&scene.frame),
            (Self::Volume(volume), Scene::Plane(scene)) => volume.as_ptr() == Arc::as_ptr(&scene.volume),
            _ => false,
        }
    }

    pub(super) fn is_alive(&self) -> bool {
        match self {
            Self::Frame(frame) => frame.strong_count() > 0,
            Self::Volume(volume) => volume.strong_count() > 0,
        }
    }
}

impl Identity {
    pub(super) fn of(scene: &Scene) -> Self {
        let (interpolation, grey) = mapping(scene);
        Self { source: Source::of(scene), view: view(scene), interpolation, grey: grey.clone() }
    }

    /// Whether `scene` gives the same picture.
    pub(super) fn is_of(&self, scene: &Scene) -> bool {
        self.source.is_of(scene)
            && self.view == view(scene)
            && (self.interpolation, &self.grey) == mapping(scene)
    }
}

/// Every field of a scene is named here, those too that are compared elsewhere: one that comes to it must not be
/// forgotten, or another picture would be shown.
fn view(scene: &Scene) -> View {
    match scene {
        Scene::Frame(FrameScene { frame: _, view, interpolation: _, grey: _, over }) => {
            View::Frame(*view, *over)
        }
        Scene::Plane(PlaneScene { volume: _, plane, slab, interpolation: _, grey: _ }) => {
            View::Plane(*plane, *slab)
        }
    }
}

fn mapping(scene: &Scene) -> (Interpolation, &GreyMapping) {
    match scene {
        Scene::Frame(scene) => (scene.interpolation, &scene.grey),
        Scene::Plane(scene) => (scene.interpolation, &scene.grey),
    }
}
