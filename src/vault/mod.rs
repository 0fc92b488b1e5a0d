//! The encrypted local store: keys, index, pixel cache, drafts, outbox, audit trail.
