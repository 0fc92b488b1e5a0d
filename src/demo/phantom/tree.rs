//! Trees that branch and taper (lung vessels, bronchi, vessels of the liver): every leaf is joined to the tree
//! where the way to it, part of the way already there counted in, is shortest; radii follow from how many
//! leaves a branch feeds (Murray's law).

use glam::Vec3;

use super::noise::unit;
use super::solid::Tube;

/// What to grow.
pub(super) struct Growth {
    /// Where the trunk begins and how it runs before it branches, patient mm.
    pub(super) trunk: Vec<[f32; 3]>,
    /// The region of the leaves.
    pub(super) low: Vec3,
    pub(super) high: Vec3,
    /// How many places are tried; those inside become leaves.
    pub(super) tries: u32,
    /// Radius of a leaf's twig, mm.
    pub(super) leaf_mm: f32,
    /// No branch is thicker, mm.
    pub(super) most_mm: f32,
    pub(super) seed: u32,
}

struct Node {
    at: Vec3,
    parent: usize,
    way: f32,
    leaves: u32,
}

/// How much of the way already there counts.
const WAY_SHARE: f32 = 0.45;
/// Longest straight piece, mm.
const PIECE_MM: f32 = 9.0;

/// Grows a tree; `inside` says where it may go.
pub(super) fn grow(growth: &Growth, inside: impl Fn(Vec3) -> bool) -> Vec<Tube> {
    let mut nodes = Vec::new();
    for (i, at) in growth.trunk.iter().enumerate() {
        let at = Vec3::from(*at);
        let way = nodes.last().map_or(0.0, |n: &Node| n.way + n.at.distance(at));
        nodes.push(Node { at, parent: i.saturating_sub(1), way, leaves: 0 });
    }
    let trunk = nodes.len();
    let root = nodes[trunk - 1].at;
    for leaf in leaves(growth, root, &inside) {
        join(&mut nodes, trunk - 1, leaf, growth.seed, &inside);
    }
    for i in (1..nodes.len()).rev() {
        let (leaves, parent) = (nodes[i].leaves, nodes[i].parent);
        nodes[parent].leaves += leaves;
    }
    let radius = |node: &Node| (growth.leaf_mm * murray(node.leaves)).min(growth.most_mm);
    nodes
        .iter()
        .skip(1)
        .filter(|node| node.leaves > 0)
        .map(|node| {
            let parent = &nodes[node.parent];
            let start = radius(parent).min(radius(node) * 1.25);
            Tube::new(parent.at, node.at, [start, radius(node)])
        })
        .collect()
}

/// `leaves^(3/8)` by square roots, which every machine rounds alike.
fn murray(leaves: u32) -> f32 {
    let eighth = (leaves as f32).sqrt().sqrt().sqrt();
    eighth * eighth * eighth
}

fn leaves(growth: &Growth, root: Vec3, inside: &impl Fn(Vec3) -> bool) -> Vec<Vec3> {
    let size = growth.high - growth.low;
    let place = |i: u32| {
        let part = |axis: i32| unit(growth.seed, i as i32, axis, 0);
        growth.low + size * Vec3::new(part(1), part(2), part(3))
    };
    let mut leaves: Vec<Vec3> = (0..growth.tries).map(place).filter(|p| inside(*p)).collect();
    leaves.sort_by(|a, b| a.distance_squared(root).total_cmp(&b.distance_squared(root)));
    leaves
}

fn join(nodes: &mut Vec<Node>, first: usize, leaf: Vec3, seed: u32, inside: &impl Fn(Vec3) -> bool) {
    let cost = |n: &Node| n.at.distance(leaf) + WAY_SHARE * n.way;
    let nearest = (first..nodes.len()).min_by(|a, b| cost(&nodes[*a]).total_cmp(&cost(&nodes[*b])));
    let Some(mut parent) = nearest else { return };
    let start = nodes[parent].at;
    let length = start.distance(leaf);
    let pieces = (length / PIECE_MM) as usize + 1;
    let point = |i: usize| {
        let t = i as f32 / pieces as f32;
        let sway = |axis| (unit(seed ^ 0x77, nodes.len() as i32 + i as i32, axis, 1) - 0.5) * 3.0;
        let bend = Vec3::new(sway(0), sway(1), sway(2)) * f32::from(u8::from(i < pieces));
        start.lerp(leaf, t) + bend
    };
    let way: Vec<Vec3> = (1..=pieces).map(point).collect();
    let at_root = parent == first;
    if !at_root && way.iter().any(|p| !inside(*p)) {
        return;
    }
    for at in way {
        let so_far = nodes[parent].way + nodes[parent].at.distance(at);
        nodes.push(Node { at, parent, way: so_far, leaves: 0 });
        parent = nodes.len() - 1;
    }
    nodes[parent].leaves = 1;
}
