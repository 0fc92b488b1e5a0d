//! Bytes in memory as openjp2 reads them: its only kind of stream without a file is one of C callbacks.
#![allow(unsafe_code, reason = "openjp2 takes a stream's callbacks and their data through raw pointers only")]

use std::ffi::c_void;
use std::marker::PhantomData;

use openjp2::openjpeg::{
    opj_stream_set_read_function, opj_stream_set_seek_function, opj_stream_set_skip_function,
    opj_stream_set_user_data, opj_stream_set_user_data_length,
};
use openjp2::{Stream, opj_stream_t};

/// What openjp2 asks for at once.
const BUFFER_BYTES: usize = 64 << 10;

/// A stream over borrowed bytes, which it does not outlive.
pub(super) struct Source<'a> {
    stream: Stream,
    bytes: PhantomData<&'a [u8]>,
}

/// Where reading stands.
struct Cursor {
    bytes: *const [u8],
    at: usize,
}

impl<'a> Source<'a> {
    /// A stream that begins at the first of `bytes`.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let mut stream = Stream::new_custom(BUFFER_BYTES, true);
        let cursor = Box::into_raw(Box::new(Cursor { bytes, at: 0 })).cast::<c_void>();
        let handle = (&raw mut stream).cast::<opj_stream_t>();
        // SAFETY: `handle` is a live stream for all five calls. It owns `cursor` from the first on and frees it
        // once, by `free`; the callbacks are given that pointer and nothing else.
        unsafe {
            opj_stream_set_user_data(handle, cursor, Some(free));
            opj_stream_set_user_data_length(handle, bytes.len() as u64);
            opj_stream_set_read_function(handle, Some(read));
            opj_stream_set_skip_function(handle, Some(skip));
            opj_stream_set_seek_function(handle, Some(seek));
        }
        Self { stream, bytes: PhantomData }
    }

    /// The stream, for the decoder.
    pub(super) fn get(&mut self) -> &mut Stream {
        &mut self.stream
    }
}

/// SAFETY: `cursor` must be the pointer that [`Source::new`] made, while its source lives.
unsafe fn cursor<'a>(cursor: *mut c_void) -> (&'a [u8], &'a mut usize) {
    // SAFETY: by the above the cursor is alive and, one callback running at a time, nobody else's; its bytes are
    // borrowed for as long as the source.
    let cursor = unsafe { &mut *cursor.cast::<Cursor>() };
    (unsafe { &*cursor.bytes }, &mut cursor.at)
}

unsafe extern "C" fn read(buffer: *mut c_void, length: usize, data: *mut c_void) -> usize {
    // SAFETY: called by openjp2 with the source's own pointer and a buffer of `length` bytes.
    let (bytes, at) = unsafe { cursor(data) };
    let rest = bytes.get(*at..).unwrap_or_default();
    let count = length.min(rest.len());
    // SAFETY: both regions hold `count` bytes; the decoder's buffer is not part of the code stream.
    unsafe { std::ptr::copy_nonoverlapping(rest.as_ptr(), buffer.cast::<u8>(), count) };
    *at += count;
    count
}

unsafe extern "C" fn skip(count: i64, data: *mut c_void) -> i64 {
    // SAFETY: called by openjp2 with the source's own pointer.
    let (bytes, at) = unsafe { cursor(data) };
    let target = i64::try_from(*at).ok().and_then(|at| at.checked_add(count));
    match target.and_then(|target| usize::try_from(target).ok()).filter(|target| *target <= bytes.len()) {
        Some(target) => {
            *at = target;
            count
        }
        None => -1,
    }
}

unsafe extern "C" fn seek(target: i64, data: *mut c_void) -> i32 {
    // SAFETY: called by openjp2 with the source's own pointer.
    let (bytes, at) = unsafe { cursor(data) };
    match usize::try_from(target).ok().filter(|target| *target <= bytes.len()) {
        Some(target) => {
            *at = target;
            1
        }
        None => 0,
    }
}

unsafe extern "C" fn free(data: *mut c_void) {
    // SAFETY: openjp2 frees its stream's data once, with the pointer that `Box::into_raw` gave.
    drop(unsafe { Box::from_raw(data.cast::<Cursor>()) });
}
