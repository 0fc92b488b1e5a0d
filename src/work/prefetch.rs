//! The prefetch machine: studies come home before anybody opens them.
//!
//! ```text
//!   session: what is wanted, in order ──► plan ──► walk: claimed and begun, the list from its top, their priors
//!                                                   │  one study at a time, whole or as far as it comes
//!   a case is opened ──► ahead > 0 ────────────────►│  stops at once; what is sealed stays; goes on afterwards
//!                                                   ▼
//!                              vault, within the profile's budget (`site::Prefetch`)
//! ```
//!
//! A newer plan takes the place of the one being walked when the study under way is done, and at once where
//! something more urgent stands before it. What the line refuses ends the walk until the next plan, which comes
//! with the next answer of the centre: without a line nobody knocks. What one study alone meets is told on its row
//! and tried again later and later.
//!
//! The walk lives as long as the process, whatever the window does. After a restart the same plan finds what is
//! here and brings the rest. Nothing of it is kept but the instances themselves.

mod failures;
mod priors;
mod room;
mod sink;
mod walk;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use tokio::sync::watch;

use super::ground::Ground;
use super::threads::lock;
use crate::dicom::Uid;
use crate::session::worklist::{self, Row};
use crate::session::{Event, Problem, RequestId};
use failures::Failures;
use walk::Walk;

/// The machine of one process.
pub(super) struct Prefetch {
    slot: Mutex<Slot>,
    /// How many transfers of what is looked at are under way, and whatever else goes before.
    ahead: watch::Sender<usize>,
}

#[derive(Default)]
struct Slot {
    /// A plan that nobody walks yet.
    plan: Option<Plan>,
    walking: bool,
    /// The study under way, and what ends it.
    under_way: Option<(Uid, watch::Sender<bool>)>,
    /// Studies that this walk has looked at.
    looked_at: HashSet<Uid>,
    /// The relevant priors of studies, asked for once.
    priors: HashMap<Uid, Vec<Uid>>,
    failures: Failures,
}

/// What shall be brought.
pub(super) struct Plan {
    pub(super) id: RequestId,
    pub(super) centre: String,
    /// In this order.
    pub(super) rows: Vec<Row>,
}

impl Default for Prefetch {
    fn default() -> Self {
        Self { slot: Mutex::default(), ahead: watch::channel(0).0 }
    }
}

/// Something goes before everything in the background, until this is dropped.
pub(super) struct Ahead(Arc<Ground>);

impl Ahead {
    /// Stops what is under way in the background, and keeps it from going on.
    pub(super) fn of(ground: &Arc<Ground>) -> Self {
        let prefetch = ground.prefetch();
        prefetch.ahead.send_modify(|count| *count += 1);
        prefetch.stop(|_| true);
        Self(Arc::clone(ground))
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.0.prefetch().ahead.send_modify(|count| *count = count.saturating_sub(1));
    }
}

/// Walks this plan, and those that come meanwhile; comes back at once where somebody walks already.
pub(super) async fn run(ground: &Arc<Ground>, plan: Plan) {
    if !ground.prefetch().submit(plan) {
        return;
    }
    let _walking = Walking(ground.prefetch());
    while let Some(plan) = ground.prefetch().next() {
        let id = plan.id;
        let outcome = Walk::new(ground, plan).go().await;
        if let Err(error) = &outcome {
            tracing::info!(%error, "nothing more comes in the background for now");
        }
        // What the line or the centre refuses is told on the row that it met.
        let outcome = match outcome {
            Err(error) if !error.is_of_centre() => Err(Problem::from(&error)),
            _ => Ok(()),
        };
        ground.tell(Event::Worklist(worklist::Event::Rested { id, outcome })).await;
    }
}

/// Somebody walks; also a walk that panics ends.
struct Walking<'a>(&'a Prefetch);

impl Drop for Walking<'_> {
    fn drop(&mut self) {
        let mut slot = lock(&self.0.slot);
        slot.walking = false;
        slot.under_way = None;
    }
}

impl Prefetch {
    /// Takes the plan in; says whether nobody walks, so that the caller must.
    fn submit(&self, plan: Plan) -> bool {
        let mut slot = lock(&self.slot);
        let is_new = |row: &Row| !slot.looked_at.contains(&row.study);
        let overtaken = slot
            .under_way
            .as_ref()
            .is_some_and(|(study, _)| plan.rows.iter().take_while(|row| row.study != *study).any(is_new));
        if overtaken && let Some((_, stop)) = &slot.under_way {
            stop.send_replace(true);
        }
        slot.plan = Some(plan);
        !std::mem::replace(&mut slot.walking, true)
    }

    /// The plan to walk next. Where there is none, nobody walks any more.
    fn next(&self) -> Option<Plan> {
        let mut slot = lock(&self.slot);
        slot.looked_at.clear();
        let plan = slot.plan.take();
        slot.walking = plan.is_some();
        plan
    }

    fn has_newer(&self) -> bool {
        lock(&self.slot).plan.is_some()
    }

    /// Ends the study under way, if it is one of these.
    fn stop(&self, which: impl Fn(&Uid) -> bool) {
        if let Some((study, stop)) = &lock(&self.slot).under_way
            && which(study)
        {
            stop.send_replace(true);
        }
    }

    /// Waits until nothing goes before.
    async fn clear(&self) {
        // Fails only when the sender is gone, and it lives as long as this.
        let _ = self.ahead.subscribe().wait_for(|count| *count == 0).await;
    }

    fn is_clear(&self) -> bool {
        *self.ahead.borrow() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::instance::Patient;
    use crate::session::worklist::{Claim, Folded, Priority, ReadingState};

    fn uid(text: &str) -> Uid {
        Uid::parse(text).unwrap()
    }

    fn plan(studies: &[&str]) -> Plan {
        let row = |study: &&str| Row {
            study: uid(study),
            patient: Patient::default(),
            modality: String::new(),
            description: String::new(),
            date: String::new(),
            time: String::new(),
            instances: None,
            received: 0,
            priority: Priority::Low,
            state: ReadingState::Unread,
            claim: Claim::Nobody,
            grown: 0,
            folded: Folded::default(),
        };
        Plan { id: 1, centre: "c".into(), rows: studies.iter().map(row).collect() }
    }

    /// A walk that has looked at these and has this one under way.
    fn walking(looked_at: &[&str], under_way: &str) -> (Prefetch, watch::Receiver<bool>) {
        let prefetch = Prefetch::default();
        assert!(prefetch.submit(plan(&["1.1"])), "nobody walks yet");
        assert!(prefetch.next().is_some());
        let (stop, stopped) = watch::channel(false);
        let mut slot = lock(&prefetch.slot);
        slot.looked_at.extend(looked_at.iter().map(|study| uid(study)));
        slot.under_way = Some((uid(under_way), stop));
        drop(slot);
        (prefetch, stopped)
    }

    #[test]
    fn a_newer_plan_waits_unless_something_more_urgent_stands_in_it() {
        let cases: [(&[&str], bool); 4] = [
            (&["1.1", "1.2", "1.3"], false),
            (&["1.9", "1.1", "1.2"], true),
            (&["1.1", "1.2", "1.9"], false),
            (&["1.9"], true),
        ];
        for (studies, stops) in cases {
            let (prefetch, stopped) = walking(&["1.1", "1.2"], "1.2");
            assert!(!prefetch.submit(plan(studies)), "somebody walks");
            assert_eq!(*stopped.borrow(), stops, "{studies:?}");
            assert!(prefetch.has_newer());
            assert_eq!(prefetch.next().unwrap().rows.len(), studies.len());
            assert!(prefetch.next().is_none());
            assert!(prefetch.submit(plan(studies)), "the walk has ended");
        }
    }
}
