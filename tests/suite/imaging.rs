//! Behaviour of the room `imaging`.

mod frames;
mod judges;
pub(crate) mod made;
mod placement;
mod planes;
mod store;
mod volumes;
