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

@fragment
fn draw(@builtin(position) at: vec4<f32>) -> Drawn {
    let pixel = picture_pixel(at);
    let last = vec3<i32>(params.columns - 1, params.rows - 1, params.slices - 1);
    var count = 0.0;
    var highest = 0.0;
    var lowest = 0.0;
    var mean = 0.0;
    for (var depth = 0; depth < params.depths; depth++) {
        let place = around(sample_position(pixel, depth), last, HULL_TOLERANCE);
        if place.inside {
            let value = value_between_slices(place);
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
