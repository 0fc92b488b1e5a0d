//! The skeleton of a JPEG 2000 code stream (T.800 annex A): headers and tile-parts, no packet.

use crate::dicom::codec::fault::Fault;

const SOC: u16 = 0xFF4F;
const CAP: u16 = 0xFF50;
const SIZ: u16 = 0xFF51;
const COD: u16 = 0xFF52;
const COC: u16 = 0xFF53;
const POC: u16 = 0xFF5F;
const PPM: u16 = 0xFF60;
const PPT: u16 = 0xFF61;
const SOT: u16 = 0xFF90;
const SOD: u16 = 0xFF93;
const EOC: u16 = 0xFFD9;

/// Pcap of CAP with the bit of Part 15 alone, HTJ2K (T.814 A.3).
const PART_15: u32 = 1 << (32 - 15);

/// SPcod's bits for HT code-blocks and for those mixed with code-blocks of Part 1 (T.814 A.4).
const HT_BLOCKS: u8 = 0x40;
const MIXED_BLOCKS: u8 = 0x80;

const SHORT: Fault = Fault::Damaged("a JPEG 2000 code stream is cut short");

/// Part 2 (transfer syntaxes .92 and .93) and what came later are known by name only.
const EXTENDED: Fault = Fault::NotDecoded;

/// What the headers say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Lines of the image area.
    pub(super) rows: u32,
    /// Samples of a line of the image area.
    pub(super) columns: u32,
    /// Components, each at full resolution and of one kind.
    pub(super) components: usize,
    /// Bits of a sample.
    pub(super) precision: u8,
    /// Signed samples.
    pub(super) signed: bool,
    /// A multiple component transform is used.
    pub(super) colour_transform: bool,
    /// The reversible 5/3 wavelet throughout.
    pub(super) reversible: bool,
    /// High-Throughput JPEG 2000 (ISO 15444-15, T.814).
    pub(super) high_throughput: bool,
    /// Where the code stream ends: behind it there is padding at most.
    pub(super) end: usize,
    /// Packets are reordered or their headers stand apart, which no encoder of medical images does.
    rearranged: bool,
    layers: u16,
    tiles: u64,
    tile_sides: (u32, u32),
    styles: Vec<Style>,
}

/// How components are coded (T.800 A.6.1, SPcod): what decides the cost of decoding.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Style {
    levels: u8,
    /// Exponents of the precinct sides by resolution, lowest first; empty for the greatest.
    precincts: Vec<u8>,
}

impl Header {
    /// Reads all headers. Every tile must have its tile-parts within `bytes`.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let mut reader = Reader { rest: bytes };
        if reader.u16()? != SOC || reader.u16()? != SIZ {
            return Err(Fault::Damaged("a JPEG 2000 code stream that does not begin with its size"));
        }
        let mut header = Self::of_size(reader.segment()?)?;
        header.end = end_of(bytes);
        let mut coded = false;
        loop {
            match reader.u16()? {
                SOT => break,
                CAP => header.take_capabilities(reader.segment()?)?,
                COD => {
                    header.colour_transform = header.take_cod(reader.segment()?)?;
                    coded = true;
                }
                COC => header.take_coc(reader.segment()?)?,
                POC | PPM => {
                    header.rearranged = true;
                    reader.segment()?;
                }
                0xFF30..=0xFF3F => {}
                marker if marker < 0xFF00 => {
                    return Err(Fault::Damaged("no JPEG 2000 marker where one must be"));
                }
                _ => drop(reader.segment()?),
            }
        }
        if !coded {
            return Err(Fault::Damaged("a JPEG 2000 code stream without a coding style"));
        }
        header.walk_tile_parts(&mut reader)?;
        Ok(header)
    }

    /// SIZ (T.800 A.5.1).
    fn of_size(body: &[u8]) -> Result<Self, Fault> {
        let mut reader = Reader { rest: body };
        // Rsiz bit 15: capabilities of ISO 15444-2; bit 14: of the parts that CAP names.
        if reader.u16()? & 0x8000 != 0 {
            return Err(EXTENDED);
        }
        let mut sides = [0; 8];
        for side in &mut sides {
            *side = reader.u32()?;
        }
        let [x1, y1, x0, y0, tile_columns, tile_rows, tile_x0, tile_y0] = sides;
        let components = usize::from(reader.u16()?);
        let (kinds, []) = reader.rest.as_chunks::<3>() else { return Err(SHORT) };
        let &[kind, 1, 1] = kinds.first().ok_or(SHORT)? else {
            return Err(Fault::Pixels("JPEG 2000 with subsampled components".to_owned()));
        };
        if kinds.len() != components || kinds.iter().any(|other| *other != [kind, 1, 1]) {
            return Err(Fault::Pixels("JPEG 2000 components of different kinds".to_owned()));
        }
        // The first tile must reach into the image area (T.800 B.3).
        let starts_right = tile_x0 <= x0
            && tile_y0 <= y0
            && u64::from(tile_x0) + u64::from(tile_columns) > u64::from(x0)
            && u64::from(tile_y0) + u64::from(tile_rows) > u64::from(y0);
        let (Some(columns), Some(rows), true) = (x1.checked_sub(x0), y1.checked_sub(y0), starts_right) else {
            return Err(Fault::Damaged("a JPEG 2000 image area that breaks its rules"));
        };
        let tiles =
            u64::from((x1 - tile_x0).div_ceil(tile_columns)) * u64::from((y1 - tile_y0).div_ceil(tile_rows));
        Ok(Self {
            rows,
            columns,
            components,
            precision: (kind & 0x7F) + 1,
            signed: kind & 0x80 != 0,
            colour_transform: false,
            reversible: true,
            high_throughput: false,
            end: 0,
            rearranged: false,
            layers: 0,
            tiles,
            tile_sides: (tile_columns.min(columns), tile_rows.min(rows)),
            styles: Vec::new(),
        })
    }

    /// CAP (T.814 A.3): of the parts beyond the first, only 15 is known here.
    fn take_capabilities(&mut self, body: &[u8]) -> Result<(), Fault> {
        let parts = Reader { rest: body }.u32()?;
        self.high_throughput |= parts & PART_15 != 0;
        if parts & !PART_15 == 0 { Ok(()) } else { Err(EXTENDED) }
    }

    /// COD (T.800 A.6.1): returns whether it asks for a component transform.
    fn take_cod(&mut self, body: &[u8]) -> Result<bool, Fault> {
        let (&[flags, _, layers1, layers0, transform], style) = body.split_first_chunk::<5>().ok_or(SHORT)?;
        self.layers = self.layers.max(u16::from_be_bytes([layers1, layers0]));
        self.take_style(flags, style)?;
        Ok(transform != 0)
    }

    /// COC (T.800 A.6.2).
    fn take_coc(&mut self, body: &[u8]) -> Result<(), Fault> {
        let component_bytes = if self.components < 257 { 1 } else { 2 };
        let (&flags, style) = body.get(component_bytes..).and_then(|rest| rest.split_first()).ok_or(SHORT)?;
        self.take_style(flags, style)
    }

    fn take_style(&mut self, flags: u8, body: &[u8]) -> Result<(), Fault> {
        let (&[levels, _, _, block_style, wavelet], rest) = body.split_first_chunk::<5>().ok_or(SHORT)?;
        if block_style & MIXED_BLOCKS != 0 {
            return Err(Fault::Pixels("HTJ2K with code-blocks of both kinds".to_owned()));
        }
        self.high_throughput |= block_style & HT_BLOCKS != 0;
        if levels > 32 {
            return Err(Fault::Damaged("JPEG 2000 with more than 32 decomposition levels"));
        }
        let precincts =
            if flags & 1 == 0 { Vec::new() } else { rest.get(..=usize::from(levels)).ok_or(SHORT)?.to_vec() };
        self.reversible &= wavelet == 1;
        self.styles.push(Style { levels, precincts });
        Ok(())
    }

    /// All tile-parts (T.800 A.4.2), `reader` standing behind the first SOT. The end of the bytes is as good
    /// as an EOC when every tile has been seen.
    fn walk_tile_parts(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        // A tile-part takes 14 bytes at least: a stream cannot hold more tiles than this.
        if self.tiles > reader.rest.len() as u64 {
            return Err(Fault::Damaged("a JPEG 2000 code stream with fewer tile-parts than tiles"));
        }
        let mut tiles = vec![Parts::default(); self.tiles as usize];
        loop {
            let segment = reader.segment()?;
            let &[index1, index0, l3, l2, l1, l0, _, promised, ..] = segment else { return Err(SHORT) };
            let tile = tiles.get_mut(usize::from(u16::from_be_bytes([index1, index0])));
            tile.ok_or(Fault::Damaged("a JPEG 2000 tile number out of range"))?.count(promised);
            // Psot counts from the SOT marker, which with its segment takes 12 bytes; 0 reaches to the end, which
            // then must be there.
            let part = match u32::from_be_bytes([l3, l2, l1, l0]) {
                0 if ends_with_eoc(reader.rest) => std::mem::take(&mut reader.rest),
                0 => return Err(SHORT),
                length => reader.take((length as usize).checked_sub(12).ok_or(SHORT)?)?,
            };
            self.read_tile_header(part)?;
            match reader.u16() {
                Ok(SOT) => {}
                Ok(EOC) | Err(_) => break,
                Ok(_) => return Err(Fault::Damaged("no JPEG 2000 tile-part where one must be")),
            }
        }
        if tiles.iter().all(Parts::are_complete) {
            Ok(())
        } else {
            Err(Fault::Damaged("a JPEG 2000 code stream in which tiles are missing"))
        }
    }

    /// A tile-part header up to SOD: it may change the coding style, but not the component transform, which
    /// the decoder undoes for all tiles alike.
    fn read_tile_header(&mut self, part: &[u8]) -> Result<(), Fault> {
        let mut reader = Reader { rest: part };
        loop {
            match reader.u16()? {
                SOD => return Ok(()),
                COD => {
                    if self.take_cod(reader.segment()?)? != self.colour_transform {
                        return Err(Fault::Pixels(
                            "JPEG 2000 tiles with different colour transforms".to_owned(),
                        ));
                    }
                }
                COC => self.take_coc(reader.segment()?)?,
                POC | PPT => {
                    self.rearranged = true;
                    reader.segment()?;
                }
                marker if marker < 0xFF00 => {
                    return Err(Fault::Damaged("no JPEG 2000 marker where one must be"));
                }
                0xFF30..=0xFF3F => {}
                _ => drop(reader.segment()?),
            }
        }
    }

    /// Refuses streams whose tiles or precincts are so many that their bookkeeping outweighs the image. To be
    /// called once the image area is known to be the data set's.
    pub(super) fn check_cost(&self) -> Result<(), Fault> {
        let pixels = u64::from(self.rows) * u64::from(self.columns);
        let too_fine = Fault::Damaged("a JPEG 2000 code stream cut finer than any encoder does");
        if self.tiles > 64 + pixels / 1024 || self.styles.len() as u64 > 64 + 4 * self.tiles {
            return Err(too_fine);
        }
        for style in &self.styles {
            let precincts = self.tiles.saturating_mul(self.precincts_of_tile(style));
            if precincts > 4096 + pixels / 16 {
                return Err(too_fine);
            }
        }
        if self.packets() > (1 << 22) + 2 * pixels {
            return Err(too_fine);
        }
        if self.least_packets() > self.end as u64 {
            return Err(Fault::Damaged("a JPEG 2000 code stream too short for the layers that it promises"));
        }
        if self.high_throughput && self.rearranged {
            return Err(Fault::Pixels("HTJ2K with rearranged packets".to_owned()));
        }
        Ok(())
    }

    /// Packets that a decoder keeps books of for one tile: every layer of every precinct, each resolution
    /// taken as the finest (T.800 B.9).
    fn packets(&self) -> u64 {
        let most = |style: &Style| {
            let levels = u64::from(style.levels) + 1;
            levels.saturating_mul(self.precincts_of_tile(style).max(1))
        };
        let of_component = self.styles.iter().map(most).max().unwrap_or(1);
        of_component.saturating_mul(self.components as u64).saturating_mul(u64::from(self.layers) + 1)
    }

    /// Packets that must be there at the least: those of the finest resolution, one for each layer and component of
    /// each tile. Each has a header of its own, which takes a byte also where it says that nothing follows (T.800
    /// B.10.1); decoders take what is missing for nothing, and show a flat picture.
    fn least_packets(&self) -> u64 {
        self.tiles.saturating_mul(self.components as u64).saturating_mul(u64::from(self.layers))
    }

    /// Precincts of one component of a whole tile (T.800 B.6).
    fn precincts_of_tile(&self, style: &Style) -> u64 {
        let side = |length: u32, shrink: usize, exponent: u8| {
            let length = u64::from(length).div_ceil(1 << shrink);
            length.div_ceil(1 << exponent) + 1
        };
        style
            .precincts
            .iter()
            .enumerate()
            .map(|(resolution, &exponents)| {
                let shrink = usize::from(style.levels) - resolution;
                let across = side(self.tile_sides.0, shrink, exponents & 15);
                let down = side(self.tile_sides.1, shrink, exponents >> 4);
                across.saturating_mul(down)
            })
            .fold(0, u64::saturating_add)
    }
}

/// Tile-parts of one tile: those seen, and how many there are to be as far as any of them says (TNsot).
#[derive(Debug, Clone, Copy, Default)]
struct Parts {
    seen: u16,
    promised: u8,
}

impl Parts {
    fn count(&mut self, promised: u8) {
        self.seen = self.seen.saturating_add(1);
        self.promised = self.promised.max(promised);
    }

    fn are_complete(&self) -> bool {
        self.seen >= u16::from(self.promised.max(1))
    }
}

/// Whether an EOC, perhaps with padding behind it, ends the code stream.
fn ends_with_eoc(bytes: &[u8]) -> bool {
    bytes[..end_of(bytes)].ends_with(&EOC.to_be_bytes())
}

/// Where the bytes end without the padding behind an EOC; without an EOC, with what may be padding.
fn end_of(bytes: &[u8]) -> usize {
    let end = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    if bytes[..end].ends_with(&EOC.to_be_bytes()) { end } else { bytes.len() }
}

/// Big-endian numbers from the front of a slice.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(SHORT)?;
        self.rest = rest;
        Ok(taken)
    }

    fn u16(&mut self) -> Result<u16, Fault> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(SHORT)?;
        self.rest = rest;
        Ok(u16::from_be_bytes(*taken))
    }

    fn u32(&mut self) -> Result<u32, Fault> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(SHORT)?;
        self.rest = rest;
        Ok(u32::from_be_bytes(*taken))
    }

    /// The parameters of a marker segment behind its length (T.800 A.1.3).
    fn segment(&mut self) -> Result<&'a [u8], Fault> {
        let length = usize::from(self.u16()?);
        self.take(length.checked_sub(2).ok_or(SHORT)?)
    }
}
