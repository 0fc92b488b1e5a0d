//! How closely GPU and twin agree on a scene.

use dokuei::imaging::{PlaneInGrid, Scene, draw};
use dokuei::render::Renderer;
use glam::{DVec2, DVec3};

/// Draws a scene on both and holds every pixel to the limits of DESIGN: modality values within 0.01 stored
/// unit (given here in modality units), grey and colour levels within 1 where `levels`, no outliers. Samples within 0.001
/// voxel of the hull may be data on one side only; they are counted and returned.
pub(crate) fn agree(
    renderer: &mut Renderer,
    name: &str,
    scene: &Scene,
    tolerance: f64,
    levels: bool,
) -> usize {
    let (gpu, twin) = (renderer.draw(scene).unwrap_or_else(|e| panic!("{name}: {e}")), draw(scene));
    assert_eq!((gpu.size, gpu.rgba.len()), (twin.size, twin.rgba.len()), "{name}");
    let near = near_hull(scene);
    let mut excluded = 0;
    let mut compared = 0;
    for i in 0..twin.size.pixels() {
        if near(i) {
            excluded += 1;
            continue;
        }
        if let (Some(gpu), Some(twin)) = (&gpu.values, &twin.values) {
            assert_eq!(gpu[i].is_nan(), twin[i].is_nan(), "{name}: pixel {i}: {} for {}", gpu[i], twin[i]);
            let off = (f64::from(gpu[i]) - f64::from(twin[i])).abs();
            assert!(gpu[i].is_nan() || off <= tolerance, "{name}: pixel {i}: {} for {}", gpu[i], twin[i]);
            compared += usize::from(!twin[i].is_nan());
        }
        let (gpu, twin) = (&gpu.rgba[4 * i..4 * i + 4], &twin.rgba[4 * i..4 * i + 4]);
        let off = gpu.iter().zip(twin).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(!levels || off <= Some(1), "{name}: pixel {i}: {gpu:?} for {twin:?}");
    }
    assert_eq!(gpu.values.is_some(), twin.values.is_some(), "{name}");
    if twin.values.is_some() {
        assert!(compared > twin.size.pixels() / 20, "{name}: only {compared} pixels have data");
    }
    excluded
}

/// Which pixels have a sample within 0.001 of where data ends. A sample on the outermost voxel itself (within
/// 1e-6: rounding of matrices) is data on both sides, and compared.
pub(crate) fn near_hull(scene: &Scene) -> Box<dyn Fn(usize) -> bool + '_> {
    let near = |at: f64, end: f64| (1e-6..1e-3).contains(&(at - end).abs());
    match scene {
        Scene::Frame(scene) => {
            let (view, frame) = (scene.view, &scene.frame);
            let high = DVec2::new(f64::from(frame.columns()), f64::from(frame.rows())) - 0.5;
            Box::new(move |i| {
                let width = view.size.width() as usize;
                let pixel = DVec2::new((i % width) as f64, (i / width) as f64);
                let at = view.image_from_picture.transform_point2(pixel);
                (0..2).any(|axis| near(at[axis], -0.5) || near(at[axis], high[axis]))
            })
        }
        Scene::Plane(scene) => {
            let plane = PlaneInGrid::new(&scene.volume, &scene.plane, scene.slab);
            let last = scene.volume.size().map(|n| f64::from(n - 1));
            let width = scene.plane.size.width();
            Box::new(move |i| {
                let (column, row) = (i as u32 % width, i as u32 / width);
                (0..=2 * plane.depth_reach).map(|depth| plane.position(column, row, depth)).any(|grid| {
                    let index = |beside: f64| scene.volume.index(grid + DVec3::Z * beside);
                    let ends =
                        |at: DVec3| (0..3).any(|axis| near(at[axis], 0.0) || near(at[axis], last[axis]));
                    index(-1e-3).is_some() != index(1e-3).is_some() || index(0.0).is_some_and(ends)
                })
            })
        }
    }
}
