// A plane or slab through a volume: stored -> modality -> between voxels -> over the depth -> VOI -> grey.

@group(0) @binding(3) var stored: texture_3d<Texel>;
// Slope and intercept, slice by slice.
@group(0) @binding(4) var rescale: texture_2d<f32>;

fn stored_at(column: i32, row: i32, slice: i32) -> f32 {
    return f32(textureLoad(stored, vec3<i32>(column, row, slice), 0).x);
}

fn value_in_slice(place: Around, slice: i32) -> f32 {
    let a = stored_at(place.low.x, place.low.y, slice);
    let b = stored_at(place.high.x, place.low.y, slice);
    let c = stored_at(place.low.x, place.high.y, slice);
    let d = stored_at(place.high.x, place.high.y, slice);
    let top = a + (b - a) * place.share.x;
    let bottom = c + (d - c) * place.share.x;
    let line = textureLoad(rescale, vec2<i32>(slice, 0), 0);
    return line.x * (top + (bottom - top) * place.share.y) + line.y;
}

fn value_between_slices(place: Around) -> f32 {
    let near = value_in_slice(place, place.low.z);
    if place.share.z == 0.0 {
        return near;
    }
    return near + (value_in_slice(place, place.high.z) - near) * place.share.z;
}

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

// From the grid to the index among slices that lie off it: the twin is imaging/volume/places.rs.
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

@fragment
fn draw(@builtin(position) at: vec4<f32>) -> Drawn {
    let pixel = picture_pixel(at);
    let last = vec3<i32>(params.columns - 1, params.rows - 1, params.slices - 1);
    var count = 0.0;
    var highest = 0.0;
    var lowest = 0.0;
    var mean = 0.0;
    for (var depth = 0; depth < params.depths; depth++) {
        let index = in_index(sample_position(pixel, depth));
        let near = around(index.at, last, HULL_TOLERANCE);
        if near.inside && !index.gap {
            let value = value_between_slices(near);
            highest = select(max(highest, value), value, count == 0.0);
            lowest = select(min(lowest, value), value, count == 0.0);
            count += 1.0;
            // Running, so that long slabs do not add up to numbers too large for their digits.
            mean += (value - mean) / count;
        }
    }
    if count == 0.0 {
        return no_data();
    }
    switch params.slab_mode {
        case 0: { return grey(highest); }
        case 1: { return grey(lowest); }
        default: { return grey(mean); }
    }
}
