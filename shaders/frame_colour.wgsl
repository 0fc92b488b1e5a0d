// A colour frame: RGB, YBR_FULL or palette -> levels -> between pixels -> rounded.

@group(0) @binding(3) var stored: texture_2d<Texel>;
@group(0) @binding(4) var palette: texture_2d<u32>;

// The inverse of the matrix in PS3.3 C.7.6.3.1.2.
fn rgb_from_ybr(ybr: vec3<f32>) -> vec3<f32> {
    let cb = ybr.y - params.neutral;
    let cr = ybr.z - params.neutral;
    let red = ybr.x + 1.402 * cr;
    let blue = ybr.x + 1.772 * cb;
    let green = (ybr.x - 0.299 * red - 0.114 * blue) / 0.587;
    return clamp(vec3<f32>(red, green, blue), vec3<f32>(0.0), vec3<f32>(255.0));
}

fn rgb_at(column: i32, row: i32) -> vec3<f32> {
    let texel = textureLoad(stored, vec2<i32>(column, row), 0);
    if params.colour_kind == 2 {
        let place = clamp(i32(texel.x), params.modality_first, params.modality_last) - params.modality_first;
        return vec3<f32>(textureLoad(palette, table_texel(place), 0).xyz);
    }
    let levels = vec3<f32>(texel.xyz) / params.colour_full * 255.0;
    if params.colour_kind == 1 {
        return rgb_from_ybr(levels);
    }
    return levels;
}

@fragment
fn draw(@builtin(position) at: vec4<f32>) -> Drawn {
    let last = vec3<i32>(params.columns - 1, params.rows - 1, 0);
    let place = around(sample_position(picture_pixel(at), 0), last, 0.5 + HULL_TOLERANCE);
    if !place.inside {
        return no_data();
    }
    let a = rgb_at(place.low.x, place.low.y);
    let b = rgb_at(place.high.x, place.low.y);
    let c = rgb_at(place.low.x, place.high.y);
    let d = rgb_at(place.high.x, place.high.y);
    let top = a + (b - a) * place.share.x;
    let bottom = c + (d - c) * place.share.x;
    let mixed = top + (bottom - top) * place.share.y;
    let levels = vec3<f32>(level(mixed.x), level(mixed.y), level(mixed.z));
    return Drawn(written(over(levels, nearest_pixel(place))), NO_VALUE);
}
