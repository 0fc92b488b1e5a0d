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

// As in imaging/marks.rs.
const NEARER: f32 = 0.499999;

struct Value {
    value: f32,
    known: bool,
}

fn is_padding(voxel: vec3<i32>) -> bool {
    let texel = i32(textureLoad(stored, voxel, 0).x);
    return texel >= params.padding_low && texel <= params.padding_high;
}

// One of the eight voxels around a position, by the bits of `corner`.
fn is_upper(corner: i32) -> vec3<bool> {
    return vec3<bool>((corner & 1) != 0, (corner & 2) != 0, (corner & 4) != 0);
}

fn value_of(voxel: vec3<i32>) -> f32 {
    let line = textureLoad(rescale, vec2<i32>(voxel.z, 0), 0);
    return line.x * stored_at(voxel.x, voxel.y, voxel.z) + line.y;
}

// The voxels that are padding are left out, the others weigh as much more; where padding is nearest there is no data.
fn value_beside_padding(place: Around) -> Value {
    let nearest = select(place.low, place.high, place.share >= vec3<f32>(NEARER));
    if is_padding(nearest) {
        return Value(0.0, false);
    }
    // Summed as differences, so that large values keep their digits.
    let near = value_of(nearest);
    var sum = 0.0;
    var weights = 0.0;
    for (var corner = 0; corner < 8; corner++) {
        let upper = is_upper(corner);
        let voxel = select(place.low, place.high, upper);
        if !is_padding(voxel) {
            let part = select(vec3<f32>(1.0) - place.share, place.share, upper);
            let weight = part.x * part.y * part.z;
            sum += weight * (value_of(voxel) - near);
            weights += weight;
        }
    }
    return Value(near + sum / weights, true);
}

fn value_at(place: Around) -> Value {
    if params.padding_kind == 1 {
        for (var corner = 0; corner < 8; corner++) {
            if is_padding(select(place.low, place.high, is_upper(corner))) {
                return value_beside_padding(place);
            }
        }
    }
    return Value(value_between_slices(place), true);
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
        let place = around(index.at, last, HULL_TOLERANCE);
        if index.gap || !place.inside {
            continue;
        }
        let found = value_at(place);
        if found.known {
            let value = found.value;
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
