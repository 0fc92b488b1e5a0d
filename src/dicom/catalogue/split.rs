//! Several images at one place: echoes, b-values, time points. They come apart by whatever attribute does it
//! with the fewest stacks; images that have their place to themselves are never torn apart.

use std::collections::HashMap;

use super::stack::StackImage;

/// Images nearer than this are at one place, mm.
const SAME_PLACE_MM: f64 = 0.01;

/// Sorts along the normal and splits until no two images of a stack share a place, as far as that can be told.
pub(super) fn split(images: Vec<StackImage>) -> Vec<Vec<StackImage>> {
    let mut open = vec![along_normal(images)];
    let mut done = Vec::new();
    while let Some(images) = open.pop() {
        match parts(&images) {
            Some(parts) => open.extend(parts),
            None => done.push(images),
        }
    }
    done.reverse();
    done
}

/// How many images of a sorted stack share their place with the one before.
pub(super) fn doubled(images: &[StackImage]) -> usize {
    images.len() - places(images).len()
}

/// Distance along the normal, mm.
pub(super) fn height(image: &StackImage) -> f64 {
    image.plane().map_or(0.0, |plane| {
        plane.origin_mm.dot(plane.row_direction.cross(plane.column_direction).normalize())
    })
}

fn along_normal(images: Vec<StackImage>) -> Vec<StackImage> {
    let mut keyed: Vec<(f64, StackImage)> = images.into_iter().map(|image| (height(&image), image)).collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.by_number(&b.1)));
    keyed.into_iter().map(|(_, image)| image).collect()
}

/// Runs of images at one place, in a sorted stack.
fn places(images: &[StackImage]) -> Vec<&[StackImage]> {
    images.chunk_by(|a, b| height(b) - height(a) < SAME_PLACE_MM).collect()
}

/// The best split of a stack with doubled places; `None` when there is none.
fn parts(images: &[StackImage]) -> Option<Vec<Vec<StackImage>>> {
    let before = doubled(images);
    if before == 0 {
        return None;
    }
    let places = places(images);
    let most = places.iter().map(|place| place.len()).max().unwrap_or(1);
    let attributes = images.iter().map(StackImage::discriminators).max().unwrap_or(0);
    let mut best: Option<(usize, Vec<Vec<StackImage>>)> = None;
    for k in 0..attributes {
        let groups = group_by(images, k);
        // More groups than images at any place would tear the stack itself apart.
        if groups.len() < 2 || groups.len() > most {
            continue;
        }
        let after = groups.iter().map(|group| doubled(group)).sum();
        if after < before && best.as_ref().is_none_or(|(least, _)| after < *least) {
            best = Some((after, groups));
        }
    }
    best.map(|(_, groups)| groups).or_else(|| by_rank(&places, most))
}

/// By the `k`th attribute, in order of first appearance.
fn group_by(images: &[StackImage], k: usize) -> Vec<Vec<StackImage>> {
    let mut index: HashMap<&str, usize> = HashMap::new();
    let mut groups: Vec<Vec<StackImage>> = Vec::new();
    for image in images {
        let group = *index.entry(image.discriminator(k)).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(image.clone());
    }
    groups
}

/// Where every place holds equally many images and more than one place exists, the first of each are one stack,
/// the second of each another: a time series that names no time.
fn by_rank(places: &[&[StackImage]], most: usize) -> Option<Vec<Vec<StackImage>>> {
    if places.len() < 2 || places.iter().any(|place| place.len() != most) {
        return None;
    }
    Some((0..most).map(|rank| places.iter().map(|place| place[rank].clone()).collect()).collect())
}
