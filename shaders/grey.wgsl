// Modality value to grey: the twin is imaging/pipeline.

fn voi_entry(place: i32) -> f32 {
    return f32(textureLoad(voi_table, table_texel(place), 0).x);
}

fn voi_linear(x: f32) -> f32 {
    let center = params.voi_center - 0.5;
    let width = params.voi_width - 1.0;
    if x <= center - width / 2.0 {
        return 0.0;
    }
    if x > center + width / 2.0 {
        return 255.0;
    }
    return ((x - center) / width + 0.5) * 255.0;
}

fn voi_linear_exact(x: f32) -> f32 {
    if x <= params.voi_center - params.voi_width / 2.0 {
        return 0.0;
    }
    if x > params.voi_center + params.voi_width / 2.0 {
        return 255.0;
    }
    return ((x - params.voi_center) / params.voi_width + 0.5) * 255.0;
}

fn voi_sigmoid(x: f32) -> f32 {
    // Past +-80 the curve is flat to any precision, and exp() stays finite.
    let steepness = clamp(-4.0 * (x - params.voi_center) / params.voi_width, -80.0, 80.0);
    return 255.0 / (1.0 + exp(steepness));
}

fn voi_lut(x: f32) -> f32 {
    let last = params.voi_last;
    let place = clamp(x - f32(params.voi_first), 0.0, f32(last));
    let before = i32(floor(place));
    let low = voi_entry(before);
    let high = voi_entry(min(before + 1, last));
    return (low + (high - low) * (place - floor(place))) / params.voi_full * 255.0;
}

fn voi(x: f32) -> f32 {
    switch params.voi_kind {
        case 0: { return voi_linear(x); }
        case 1: { return voi_linear_exact(x); }
        case 2: { return voi_sigmoid(x); }
        default: { return voi_lut(x); }
    }
}

// The real level of a value, turned around where low values are bright.
fn grey_level(value: f32) -> f32 {
    let shown = clamp(voi(value), 0.0, 255.0);
    return select(shown, 255.0 - shown, params.invert == 1);
}

// The level of a value: rounded, then turned around.
fn grey_rounded(value: f32) -> f32 {
    let shown = level(voi(value));
    return select(shown, 255.0 - shown, params.invert == 1);
}

fn grey(value: f32) -> Drawn {
    return Drawn(written(vec3<f32>(grey_rounded(value))), bitcast<u32>(value));
}
