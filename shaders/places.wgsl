// From the grid of a volume to the index among its slices: the twin is imaging/volume/places.rs.

// Where a slice lies in the grid, and whether slices are missing before the next.
struct Place {
    at: Position,
    gap: bool,
}

fn place(slice: i32) -> Place {
    let whole = bitcast<vec4<i32>>(textureLoad(positions, vec2<i32>(slice, 6), 0));
    let part = textureLoad(positions, vec2<i32>(slice, 7), 0).xyz;
    return Place(Position(whole.xyz, vec3<f32>(part) * (1.0 / 4294967296.0)), whole.w == 1);
}

fn apart(one: Position, other: Position) -> vec3<f32> {
    return vec3<f32>(other.base - one.base) + (other.share - one.share);
}

// The last slice but one at most whose place a position has reached.
fn slice_before(at: Position) -> i32 {
    var low = 0;
    var high = params.slices - 2;
    while low < high {
        let middle = (low + high + 1) / 2;
        let reached = place(middle).at;
        if reached.base.z < at.base.z || (reached.base.z == at.base.z && reached.share.z <= at.share.z) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

struct InIndex {
    at: Position,
    gap: bool,
}

// Where the slices lie on the grid the two are one.
fn in_index(at: Position) -> InIndex {
    if params.uneven == 0 {
        return InIndex(at, false);
    }
    let slice = slice_before(at);
    let near = place(slice);
    let cell = apart(near.at, place(slice + 1).at);
    var share = apart(near.at, at).z / cell.z;
    var gap = false;
    if near.gap {
        if abs(share) <= HULL_TOLERANCE {
            share = 0.0;
        } else if abs(share - 1.0) <= HULL_TOLERANCE {
            share = 1.0;
        } else {
            gap = share > 0.0 && share < 1.0;
        }
    }
    let rest = vec3<f32>(at.share.xy - near.at.share.xy - share * cell.xy, share);
    let whole = floor(rest);
    let base = vec3<i32>(at.base.xy - near.at.base.xy, slice) + vec3<i32>(whole);
    return InIndex(Position(base, rest - whole), gap);
}
