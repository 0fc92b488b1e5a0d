//! The frame store keeps its budget without taking frames from those who look at them.

use std::sync::Arc;

use dokuei::dicom::pixel::Photometric;
use dokuei::dicom::{Samples, Uid};
use dokuei::imaging::{Frame, FrameKey, FrameStore};

use super::made;

fn key(n: u32) -> FrameKey {
    FrameKey { sop_instance: Uid::parse("1.2.3").unwrap(), frame: n }
}

/// A frame of 100 bytes.
fn frame() -> Frame {
    let samples = Samples::U8(vec![0; 100]);
    let image = made::module(10, 10, Photometric::Monochrome2, &samples);
    made::try_frame(&image, samples).unwrap()
}

#[test]
fn past_the_budget_the_frame_used_longest_ago_goes() {
    let store = FrameStore::new(300);
    for n in 0..3 {
        store.insert(key(n), frame());
    }
    assert!(store.get(&key(0)).is_some());
    store.insert(key(3), frame());
    let here: Vec<_> = (0..4).filter(|&n| store.contains(&key(n))).collect();
    assert_eq!(here, [0, 2, 3]);
    assert_eq!((store.bytes(), store.len()), (300, 3));
}

#[test]
fn a_frame_that_someone_holds_stays_and_the_next_oldest_goes() {
    let store = FrameStore::new(200);
    let looked_at = store.insert(key(0), frame());
    store.insert(key(1), frame());
    store.insert(key(2), frame());
    assert!(store.contains(&key(0)) && !store.contains(&key(1)) && store.contains(&key(2)));
    drop(looked_at);
    store.insert(key(3), frame());
    assert!(!store.contains(&key(0)));
}

#[test]
fn a_frame_larger_than_the_budget_is_kept_while_it_is_needed() {
    let store = FrameStore::new(50);
    let held = store.insert(key(0), frame());
    assert!(Arc::ptr_eq(&held, &store.get(&key(0)).unwrap()));
    drop(held);
    store.insert(key(1), frame());
    assert!(!store.contains(&key(0)));
}

#[test]
fn the_same_key_again_replaces_and_counts_once() {
    let store = FrameStore::new(1000);
    store.insert(key(0), frame());
    store.insert(key(0), frame());
    assert_eq!((store.bytes(), store.len()), (100, 1));
    store.clear();
    assert_eq!((store.bytes(), store.is_empty()), (0, true));
}

#[test]
fn many_threads_at_once_leave_the_count_right() {
    let store = FrameStore::new(1500);
    std::thread::scope(|scope| {
        for t in 0..4_u32 {
            let store = &store;
            scope.spawn(move || {
                for n in 0..200 {
                    store.insert(key(t * 1000 + n % 20), frame());
                    store.get(&key(((t + 1) % 4) * 1000 + n % 20));
                }
            });
        }
    });
    assert_eq!(store.bytes(), store.len() * 100);
    store.insert(key(1), frame());
    assert!(store.bytes() <= 1500, "{}", store.bytes());
}
