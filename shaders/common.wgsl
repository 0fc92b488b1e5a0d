// What all passes share: parameters, where a fragment samples, and what it writes.
// The file that is put before this one says what `Texel` is: u32 or i32.

struct Params {
    // Target pixel at which the picture starts.
    target_x: i32,
    target_y: i32,
    // Stored samples: columns, rows, slices.
    columns: i32,
    rows: i32,
    slices: i32,
    // 1: the closest sample; 0: between samples.
    nearest: i32,
    // Modality: 0 identity or rescale, 1 table. `float_bits`: texels are the bits of 32-bit floats.
    modality_kind: i32,
    float_bits: i32,
    slope: f32,
    intercept: f32,
    modality_first: i32,
    modality_last: i32,
    // VOI: 0 linear, 1 linear exact, 2 sigmoid, 3 table. `voi_full` is the largest entry of the table.
    voi_kind: i32,
    voi_first: i32,
    voi_last: i32,
    invert: i32,
    voi_center: f32,
    voi_width: f32,
    voi_full: f32,
    // Colour: 0 RGB, 1 YBR_FULL, 2 palette. `colour_full` is the largest sample, `neutral` the level of no chrominance.
    colour_kind: i32,
    colour_full: f32,
    neutral: f32,
    // Depth samples of a slab; 0 highest, 1 lowest, 2 mean.
    depths: i32,
    slab_mode: i32,
    // Padding: 0 none, 1 whole numbers, 2 floats; the lowest and highest stored value that is padding.
    padding_kind: i32,
    padding_low: i32,
    padding_high: i32,
    padding_low_float: f32,
    padding_high_float: f32,
    // What lies over the frame: the marks that are drawn (0: none), and how far around graphics are looked for.
    mark_kinds: i32,
    mark_reach: i32,
    // The levels of what the shutter hides.
    hidden_red: f32,
    hidden_green: f32,
    hidden_blue: f32,
    // 1: stored values from `colour_first` on are colours, the last entry that of `colour_last`.
    supplemented: i32,
    colour_first: i32,
    colour_last: i32,
    // 1: the slices lie off the grid, each where `positions` has it.
    uneven: i32,
    unused_1: i32,
    unused_2: i32,
}

@group(0) @binding(0) var<uniform> params: Params;
// Sample positions as three sums: what the column adds, what the row adds (with the origin), what the depth
// adds; and where slices lie. Row 2n holds whole numbers (the bits of i32), row 2n + 1 fractions in units of 2^-32.
@group(0) @binding(1) var positions: texture_2d<u32>;
@group(0) @binding(2) var voi_table: texture_2d<u32>;

// Tables are laid out in lines of this many entries.
const TABLE_WIDTH: i32 = 2048;
// The bits of a quiet NaN. Floats never take this value here: compilers may assume that there is no NaN.
const NO_VALUE: u32 = 0x7fc00000u;
// As in imaging/sample.rs.
const HULL_TOLERANCE: f32 = 1e-4;
// As in imaging/draw.rs: this close to a sample is on it.
const ON_SAMPLE: f32 = 1e-7;

struct Drawn {
    @location(0) colour: vec4<f32>,
    // The bits of the modality value.
    @location(1) value: u32,
}

// One triangle that covers the target.
@vertex
fn cover(@builtin(vertex_index) i: u32) -> @builtin(position) vec4<f32> {
    return vec4<f32>(f32(i & 1u) * 4.0 - 1.0, f32(i >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}

fn picture_pixel(target_position: vec4<f32>) -> vec2<i32> {
    return vec2<i32>(floor(target_position.xy)) - vec2<i32>(params.target_x, params.target_y);
}

// A position in stored samples: base + share, share in 0..=1.
struct Position {
    base: vec3<i32>,
    share: vec3<f32>,
}

// 1 where adding `part` went past 2^32.
fn carry(sum: vec3<u32>, part: vec3<u32>) -> vec3<i32> {
    return select(vec3<i32>(0), vec3<i32>(1), sum < part);
}

// Whole numbers and fractions are added as integers: exact to 2^-32 of a sample at any distance.
fn sample_position(pixel: vec2<i32>, depth: i32) -> Position {
    var whole = bitcast<vec3<i32>>(textureLoad(positions, vec2<i32>(pixel.x, 0), 0).xyz);
    var part = textureLoad(positions, vec2<i32>(pixel.x, 1), 0).xyz;
    let row_part = textureLoad(positions, vec2<i32>(pixel.y, 3), 0).xyz;
    whole += bitcast<vec3<i32>>(textureLoad(positions, vec2<i32>(pixel.y, 2), 0).xyz);
    part += row_part;
    whole += carry(part, row_part);
    let depth_part = textureLoad(positions, vec2<i32>(depth, 5), 0).xyz;
    whole += bitcast<vec3<i32>>(textureLoad(positions, vec2<i32>(depth, 4), 0).xyz);
    part += depth_part;
    whole += carry(part, depth_part);
    return Position(whole, vec3<f32>(part) * (1.0 / 4294967296.0));
}

// The samples around a position; `share` is the share of `high`.
struct Around {
    low: vec3<i32>,
    high: vec3<i32>,
    share: vec3<f32>,
    inside: bool,
}

// Inside is what lies at most `reach` (under 1) beyond the outermost samples, whose values it then takes.
fn around(at: Position, last: vec3<i32>, reach: f32) -> Around {
    let above = (at.base >= vec3<i32>(0)) | ((at.base == vec3<i32>(-1)) & (at.share >= vec3<f32>(1.0 - reach)));
    let below = (at.base < last) | ((at.base == last) & (at.share <= vec3<f32>(reach)));
    var base = at.base;
    var share = at.share;
    if params.nearest == 1 {
        base += select(vec3<i32>(0), vec3<i32>(1), share >= vec3<f32>(0.5));
        share = vec3<f32>(0.0);
    }
    base += select(vec3<i32>(0), vec3<i32>(1), share > vec3<f32>(1.0 - ON_SAMPLE));
    share = select(share, vec3<f32>(0.0), (share < vec3<f32>(ON_SAMPLE)) | (share > vec3<f32>(1.0 - ON_SAMPLE)));
    share = select(share, vec3<f32>(0.0), (base < vec3<i32>(0)) | (base >= last));
    let low = clamp(base, vec3<i32>(0), last);
    let high = select(min(low + vec3<i32>(1), last), low, share == vec3<f32>(0.0));
    return Around(low, high, share, all(above) && all(below));
}

fn table_texel(i: i32) -> vec2<i32> {
    return vec2<i32>(i % TABLE_WIDTH, i / TABLE_WIDTH);
}

// The real level to the nearest of 0..=255, halves up.
fn level(real: f32) -> f32 {
    return clamp(floor(real + 0.5), 0.0, 255.0);
}

// Whether the target encodes what it is given as sRGB. Then it is given linear light, and its bytes are the levels.
override encoding_target: bool = false;

// What is written for three levels of 0..=255.
fn written(levels: vec3<f32>) -> vec4<f32> {
    let share = levels / 255.0;
    if encoding_target {
        let low = share / 12.92;
        let high = pow((share + vec3<f32>(0.055)) / 1.055, vec3<f32>(2.4));
        return vec4<f32>(select(high, low, share <= vec3<f32>(0.04045)), 1.0);
    }
    return vec4<f32>(share, 1.0);
}

fn no_data() -> Drawn {
    return Drawn(vec4<f32>(0.0, 0.0, 0.0, 1.0), NO_VALUE);
}
