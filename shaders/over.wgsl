// What lies over a frame: the twin is imaging/marks.rs and imaging/draw.rs.

@group(0) @binding(5) var marks: texture_2d<u32>;

// As in imaging/marks.rs.
const HIDDEN: u32 = 1u;
const GRAPHICS: u32 = 2u;
const OUTLINE: u32 = 4u;
const GRAPHICS_RGB: vec3<f32> = vec3<f32>(255.0, 191.0, 0.0);
const OUTLINE_RGB: vec3<f32> = vec3<f32>(0.0, 210.0, 255.0);
const NEARER: f32 = 0.499999;

// The pixel that is nearest.
fn nearest_pixel(place: Around) -> vec2<i32> {
    return select(place.low.xy, place.high.xy, place.share.xy >= vec2<f32>(NEARER));
}

fn mark_at(column: i32, row: i32) -> u32 {
    return textureLoad(marks, vec2<i32>(column, row), 0).x;
}

// Levels with what lies over them: graphics over outlines over the shutter.
fn over(levels: vec3<f32>, pixel: vec2<i32>) -> vec3<f32> {
    if params.mark_kinds == 0 {
        return levels;
    }
    let low = max(pixel - vec2<i32>(params.mark_reach), vec2<i32>(0));
    let high = min(pixel + vec2<i32>(params.mark_reach), vec2<i32>(params.columns - 1, params.rows - 1));
    var around_it = 0u;
    for (var row = low.y; row <= high.y; row++) {
        for (var column = low.x; column <= high.x; column++) {
            around_it |= mark_at(column, row);
        }
    }
    let kinds = ((around_it & (GRAPHICS | OUTLINE)) | (mark_at(pixel.x, pixel.y) & HIDDEN)) & u32(params.mark_kinds);
    if (kinds & GRAPHICS) != 0u {
        return GRAPHICS_RGB;
    }
    if (kinds & OUTLINE) != 0u {
        return OUTLINE_RGB;
    }
    if (kinds & HIDDEN) != 0u {
        return vec3<f32>(params.hidden_red, params.hidden_green, params.hidden_blue);
    }
    return levels;
}
