// A monochrome frame: stored -> modality -> between pixels -> VOI -> grey.

@group(0) @binding(3) var stored: texture_2d<Texel>;
@group(0) @binding(4) var modality_table: texture_2d<u32>;
@group(0) @binding(6) var colours: texture_2d<u32>;

struct Value {
    value: f32,
    known: bool,
}

fn modality_lut(texel: Texel) -> f32 {
    let place = clamp(i32(texel), params.modality_first, params.modality_last) - params.modality_first;
    return f32(textureLoad(modality_table, table_texel(place), 0).x);
}

fn value_at(column: i32, row: i32) -> Value {
    let texel = textureLoad(stored, vec2<i32>(column, row), 0).x;
    if params.modality_kind == 1 {
        return Value(modality_lut(texel), true);
    }
    if params.float_bits == 1 {
        // NaN is told by its bits, before it is a float.
        let bits = bitcast<u32>(texel);
        let known = (bits & 0x7fffffffu) <= 0x7f800000u;
        return Value(params.slope * bitcast<f32>(select(0u, bits, known)) + params.intercept, known);
    }
    return Value(params.slope * f32(texel) + params.intercept, true);
}

fn is_padding(pixel: vec2<i32>) -> bool {
    let texel = textureLoad(stored, pixel, 0).x;
    if params.padding_kind == 1 {
        return i32(texel) >= params.padding_low && i32(texel) <= params.padding_high;
    }
    if params.padding_kind == 2 {
        let value = bitcast<f32>(texel);
        return value >= params.padding_low_float && value <= params.padding_high_float;
    }
    return false;
}

// Real levels of a pixel of a frame with colours: grey below the first value of their tables.
fn supplemented_at(column: i32, row: i32, value: f32) -> vec3<f32> {
    let texel = i32(textureLoad(stored, vec2<i32>(column, row), 0).x);
    if texel >= params.colour_first {
        let place = min(texel, params.colour_last) - params.colour_first;
        return vec3<f32>(textureLoad(colours, table_texel(place), 0).xyz);
    }
    return vec3<f32>(grey_level(value));
}

@fragment
fn draw(@builtin(position) at: vec4<f32>) -> Drawn {
    let last = vec3<i32>(params.columns - 1, params.rows - 1, 0);
    let place = around(sample_position(picture_pixel(at), 0), last, 0.5 + HULL_TOLERANCE);
    if !place.inside {
        return no_data();
    }
    let a = value_at(place.low.x, place.low.y);
    let b = value_at(place.high.x, place.low.y);
    let c = value_at(place.low.x, place.high.y);
    let d = value_at(place.high.x, place.high.y);
    if !(a.known && b.known && c.known && d.known) {
        return no_data();
    }
    let top = a.value + (b.value - a.value) * place.share.x;
    let bottom = c.value + (d.value - c.value) * place.share.x;
    let value = top + (bottom - top) * place.share.y;
    let pixel = nearest_pixel(place);
    var levels = vec3<f32>(grey_rounded(value));
    if params.supplemented == 1 {
        let left = supplemented_at(place.low.x, place.low.y, a.value);
        let right = supplemented_at(place.high.x, place.low.y, b.value);
        let left_below = supplemented_at(place.low.x, place.high.y, c.value);
        let right_below = supplemented_at(place.high.x, place.high.y, d.value);
        let above = left + (right - left) * place.share.x;
        let below = left_below + (right_below - left_below) * place.share.x;
        let mixed = above + (below - above) * place.share.y;
        levels = vec3<f32>(level(mixed.x), level(mixed.y), level(mixed.z));
    }
    if is_padding(pixel) {
        levels = vec3<f32>(0.0);
    }
    return Drawn(written(over(levels, pixel)), bitcast<u32>(value));
}
