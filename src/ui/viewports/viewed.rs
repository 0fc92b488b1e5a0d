//! One viewport as it stands on screen: what it shows, and the ways between screen, picture and image.

use egui::{Pos2, Rect, Vec2};
use glam::DVec2;

use super::scene::{Blank, Standing, scene, standing_of, window_of};
use crate::dicom::document::Document;
use crate::imaging::{FrameKey, Placement, Scene, Stores};
use crate::session::case::Case;
use crate::session::viewer::{ImageWindow, Look, Mpr, Shown, ViewportId};
use crate::ui::canvas::Place;

/// One viewport on screen.
pub(crate) struct Viewed<'a> {
    /// The case.
    pub(crate) case: &'a Case,
    /// Its window.
    pub(crate) window: &'a ImageWindow,
    /// Its name.
    pub(crate) id: ViewportId,
    /// All of it, points.
    pub(crate) rect: Rect,
    /// Where its picture goes; `None` when it is too small for one.
    pub(crate) place: Option<Place>,
    /// What it shows, or why not.
    pub(crate) scene: Result<Scene, Blank>,
    /// Its image in the catalogue; `None` for planes.
    pub(crate) standing: Option<Standing<'a>>,
}

impl<'a> Viewed<'a> {
    /// A viewport of `window` that fills `rect`.
    pub(crate) fn new(
        case: &'a Case,
        stores: &Stores,
        window: &'a ImageWindow,
        id: ViewportId,
        rect: Rect,
        pixels_per_point: f32,
    ) -> Self {
        let place = Place::within(rect.shrink(1.0), pixels_per_point);
        let scene = place.map_or(Err(Blank::Empty), |place| scene(case, stores, id, place.size));
        let shown = case.viewer.viewport(id).filter(|_| window.mpr.is_none());
        let standing = shown.and_then(|viewport| standing_of(case, viewport.shown.as_ref()?));
        Self { case, window, id, rect, place, scene, standing }
    }

    /// What it shows of a stack; `None` for planes.
    pub(crate) fn shown(&self) -> Option<&'a Shown> {
        let viewport = self.case.viewer.viewport(self.id).filter(|_| self.window.mpr.is_none());
        viewport.and_then(|viewport| viewport.shown.as_ref())
    }

    /// The document that it shows, if it shows one.
    pub(crate) fn document(&self) -> Option<&'a Document> {
        self.standing?.stack.document()
    }

    /// The document that it shows as text, and where it is scrolled to.
    pub(crate) fn text(&self) -> Option<(Standing<'a>, &'a Document)> {
        let standing = self.standing.filter(|standing| !standing.stack.has_pixels())?;
        Some((standing, standing.stack.document()?))
    }

    /// The planes of its window.
    pub(crate) fn mpr(&self) -> Option<&'a Mpr> {
        self.window.mpr.as_ref()
    }

    /// The key of the frame that is shown.
    pub(crate) fn frame(&self) -> Option<&'a FrameKey> {
        self.shown().map(|shown| &shown.frame)
    }

    /// From a position on screen to the picture (0,0 the centre of its first pixel).
    pub(crate) fn picture(&self, at: Pos2) -> Option<DVec2> {
        let place = self.place?;
        let share = (at - place.rect.min) / place.rect.size();
        Some(DVec2::new(f64::from(share.x), f64::from(share.y)) * place.size.extent() - DVec2::splat(0.5))
    }

    /// From the picture to the screen.
    pub(crate) fn on_screen(&self, picture: DVec2) -> Option<Pos2> {
        let place = self.place?;
        let share = (picture + DVec2::splat(0.5)) / place.size.extent();
        Some(place.rect.min + Vec2::new(share.x as f32, share.y as f32) * place.rect.size())
    }

    /// From a position on screen to image coordinates of drawings; `None` where no frame is shown, and on pages
    /// of documents: nothing is measured or drawn there.
    pub(crate) fn in_image(&self, at: Pos2) -> Option<DVec2> {
        match &self.scene {
            Ok(Scene::Frame(scene)) if self.document().is_none() => {
                Some(scene.view.point_in_image(self.picture(at)?))
            }
            _ => None,
        }
    }

    /// From image coordinates of drawings to the screen.
    pub(crate) fn image_on_screen(&self, image: DVec2) -> Option<Pos2> {
        match &self.scene {
            Ok(Scene::Frame(scene)) => self.on_screen(scene.view.point_on_picture(image)),
            _ => None,
        }
    }

    /// Columns and rows of the frame that is shown.
    pub(crate) fn image_size(&self) -> Option<DVec2> {
        match &self.scene {
            Ok(Scene::Frame(scene)) => {
                Some(DVec2::new(f64::from(scene.frame.columns()), f64::from(scene.frame.rows())))
            }
            _ => None,
        }
    }

    /// How it shows what it shows.
    pub(crate) fn look(&self) -> Option<&'a Look> {
        self.case.viewer.look(self.id)
    }

    /// How it is placed now.
    pub(crate) fn placement(&self) -> Option<Placement> {
        self.look().map(|look| look.placement)
    }

    /// The placement `from` after a drag of so many points.
    pub(crate) fn moved(&self, from: Placement, by: Vec2) -> Option<Placement> {
        let place = self.place?;
        let pixels = by / place.rect.size();
        let pixels = DVec2::new(f64::from(pixels.x), f64::from(pixels.y)) * place.size.extent();
        let units = match self.scene.as_ref().ok()? {
            Scene::Frame(scene) => scene.view.units_from_picture(&scene.frame),
            Scene::Plane(scene) => {
                let kind = Mpr::PLANES.get(usize::from(self.id.place)).copied()?;
                scene.plane.units_from_picture(kind).ok()?
            }
        };
        Some(from.moved(units * pixels))
    }

    /// How far a position is from the middle, in the units of [`Placement::zoomed`].
    pub(crate) fn units_from_middle(&self, at: Pos2) -> Option<DVec2> {
        let picture = self.picture(at)?;
        match self.scene.as_ref().ok()? {
            Scene::Frame(scene) => Some(scene.view.units_from_middle(&scene.frame, picture)),
            Scene::Plane(scene) => {
                let kind = Mpr::PLANES.get(usize::from(self.id.place)).copied()?;
                scene.plane.units_from_middle(kind, picture).ok()
            }
        }
    }

    /// Centre and width of what is shown; `None` where grey values have no window: nothing shown, or colour.
    pub(crate) fn grey_window(&self) -> Option<[f64; 2]> {
        match self.scene.as_ref().ok()? {
            Scene::Frame(scene) => {
                let grey = *scene.frame.colours() == crate::imaging::Colours::Grey;
                grey.then(|| window_of(&scene.grey))
            }
            Scene::Plane(scene) => Some(window_of(&scene.grey)),
        }
    }

    /// The unit of the values shown, or empty.
    pub(crate) fn unit(&self) -> String {
        use crate::dicom::instance::ModalityTransform;
        match &self.scene {
            Ok(Scene::Plane(scene)) => scene.volume.unit().to_owned(),
            Ok(Scene::Frame(scene)) => match &scene.frame.attributes().modality {
                ModalityTransform::Rescale { unit, .. } if unit != "US" => self.named_unit(unit),
                _ => String::new(),
            },
            Err(_) => String::new(),
        }
    }

    /// A CT without Rescale Type is in HU (PS3.3 C.8.2.1); a localiser never is.
    fn named_unit(&self, unit: &str) -> String {
        let (localiser, modality) = self.standing.map_or((false, ""), |standing| {
            (standing.stack.localiser, standing.series.series.modality.as_str())
        });
        match unit {
            _ if localiser => String::new(),
            "" if modality == "CT" => "HU".to_owned(),
            other => other.to_owned(),
        }
    }
}
