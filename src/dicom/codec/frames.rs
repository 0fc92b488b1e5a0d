//! Which fragments make a frame (PS3.5 A.4): proof or table or code-stream starts, never a guess.

use std::borrow::Cow;

use bytes::Bytes;

use super::fault::Fault;

/// An item's tag and length before each fragment (PS3.5 7.5), counted by the offset tables.
const ITEM_HEADER: u64 = 8;

/// Where each frame lies among the fragments, found once for all frames of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cut {
    /// One frame owns all fragments.
    Whole,
    /// Each fragment is a frame.
    OneEach,
    /// The fragment that each frame starts with; the last frame goes on to the end.
    Starts(Vec<usize>),
}

impl Cut {
    /// With one frame all fragments are its; with as many fragments as frames each is one, since no frame is
    /// without a fragment. Only otherwise is the Basic or Extended Offset Table asked, and it must name a
    /// fragment's start for every frame, in order. Without a table a fragment that starts like a code stream
    /// starts a frame, and there must be as many of these as frames.
    pub(super) fn of(frames: u32, offsets: &[u64], fragments: &[Bytes]) -> Result<Self, Fault> {
        let frames = frames as usize;
        if fragments.is_empty() {
            return Err(Fault::Damaged("no fragments of pixel data"));
        }
        if fragments.len() < frames {
            return Err(Fault::Contradicts {
                what: "fewer fragments than frames",
                stream: fragments.len() as u64,
                dataset: frames as u64,
            });
        }
        if frames == 1 {
            return Ok(Self::Whole);
        }
        if fragments.len() == frames {
            return Ok(Self::OneEach);
        }
        let starts = if offsets.is_empty() {
            starts_by_codestream(fragments)
        } else {
            starts_by_table(offsets, fragments)?
        };
        if starts.len() != frames || starts.first() != Some(&0) {
            return Err(Fault::Contradicts {
                what: "frames found among the fragments",
                stream: starts.len() as u64,
                dataset: frames as u64,
            });
        }
        Ok(Self::Starts(starts))
    }

    /// The bytes of a frame below the number of frames, borrowed where one fragment holds it. Touches no other
    /// frame's.
    pub(super) fn bytes<'a>(&self, fragments: &'a [Bytes], frame: u32) -> Result<Cow<'a, [u8]>, Fault> {
        let frame = frame as usize;
        let range = match self {
            Self::Whole => 0..fragments.len(),
            Self::OneEach => frame..frame + 1,
            Self::Starts(starts) => {
                let start = starts.get(frame).copied().unwrap_or(fragments.len());
                start..starts.get(frame + 1).copied().unwrap_or(fragments.len())
            }
        };
        match fragments.get(range) {
            Some([one]) => Ok(Cow::Borrowed(one)),
            Some(several) if !several.is_empty() => Ok(Cow::Owned(several.concat())),
            _ => Err(Fault::Damaged("the frames were cut from another object")),
        }
    }
}

/// The fragment each table entry names.
fn starts_by_table(offsets: &[u64], fragments: &[Bytes]) -> Result<Vec<usize>, Fault> {
    let mut starts = Vec::with_capacity(offsets.len().min(fragments.len()));
    let mut wanted = offsets.iter().copied().peekable();
    let mut position = 0_u64;
    for (index, fragment) in fragments.iter().enumerate() {
        if wanted.next_if_eq(&position).is_some() {
            starts.push(index);
        }
        position += ITEM_HEADER + fragment.len() as u64;
    }
    match wanted.next() {
        None => Ok(starts),
        Some(_) => Err(Fault::Damaged("the offset table names a place where no fragment starts")),
    }
}

/// The fragments that begin with JPEG's SOI and a marker, JPEG 2000's SOC and SIZ, JPEG XL's start of code
/// stream, or the signature box of a JP2 or JPEG XL file.
fn starts_by_codestream(fragments: &[Bytes]) -> Vec<usize> {
    let is_start = |bytes: &Bytes| {
        bytes.starts_with(&[0xFF, 0xD8, 0xFF])
            || bytes.starts_with(&[0xFF, 0x4F, 0xFF, 0x51])
            || bytes.starts_with(&[0xFF, 0x0A])
            || bytes.starts_with(b"\0\0\0\x0CjP  ")
            || bytes.starts_with(b"\0\0\0\x0CJXL ")
    };
    fragments.iter().enumerate().filter(|(_, bytes)| is_start(bytes)).map(|(index, _)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a caller of both steps gets.
    fn frame_bytes<'a>(
        frames: u32,
        offsets: &[u64],
        fragments: &'a [Bytes],
        frame: u32,
    ) -> Result<Cow<'a, [u8]>, Fault> {
        Cut::of(frames, offsets, fragments)?.bytes(fragments, frame)
    }

    fn parts(texts: &[&'static [u8]]) -> Vec<Bytes> {
        texts.iter().map(|text| Bytes::from_static(text)).collect()
    }

    #[test]
    fn one_frame_owns_every_fragment_whatever_the_table_says() {
        let fragments = parts(&[b"ab", b"cd", b""]);
        for offsets in [&[][..], &[0], &[99], &[0, 8]] {
            assert_eq!(&*frame_bytes(1, offsets, &fragments, 0).unwrap(), b"abcd");
        }
    }

    #[test]
    fn as_many_fragments_as_frames_leave_no_choice() {
        let fragments = parts(&[b"ab", b"cd"]);
        for offsets in [&[][..], &[0, 10], &[0, 0], &[7]] {
            let frame = frame_bytes(2, offsets, &fragments, 1).unwrap();
            assert!(matches!(frame, Cow::Borrowed(b"cd")));
        }
    }

    #[test]
    fn a_table_cuts_at_fragment_starts_only() {
        let fragments = parts(&[b"ab", b"cd", b"efgh"]);
        assert_eq!(&*frame_bytes(2, &[0, 20], &fragments, 0).unwrap(), b"abcd");
        assert_eq!(&*frame_bytes(2, &[0, 20], &fragments, 1).unwrap(), b"efgh");
        for bad in [
            &[0, 19][..],
            &[0, 21],
            &[0, 32],
            &[0, u64::MAX],
            &[20, 0],
            &[0, 0],
            &[10, 20],
            &[0],
            &[0, 10, 20],
        ] {
            assert!(frame_bytes(2, bad, &fragments, 0).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn without_a_table_code_streams_start_frames() {
        let fragments = parts(&[b"\xFF\xD8\xFF1", b"23", b"\xFF\xD8\xFF4"]);
        assert_eq!(&*frame_bytes(2, &[], &fragments, 0).unwrap(), b"\xFF\xD8\xFF123");
        assert_eq!(&*frame_bytes(2, &[], &fragments, 1).unwrap(), b"\xFF\xD8\xFF4");
        assert!(frame_bytes(2, &[], &parts(&[b"12", b"\xFF\xD8\xFF", b"\xFF\xD8\xFF"]), 0).is_err());
        assert!(frame_bytes(2, &[], &parts(&[b"12", b"34", b"56"]), 0).is_err());
    }

    #[test]
    fn fewer_fragments_than_frames_is_an_error_at_once() {
        assert!(frame_bytes(1_000_000, &[], &parts(&[b"ab"]), 999_999).is_err());
        assert!(frame_bytes(1, &[], &[], 0).is_err());
    }
}
