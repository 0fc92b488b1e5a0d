// A monochrome frame: stored -> modality -> between pixels -> VOI -> grey.

@group(0) @binding(3) var stored: texture_2d<Texel>;
@group(0) @binding(4) var modality_table: texture_2d<u32>;

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
    return grey(top + (bottom - top) * place.share.y);
}
