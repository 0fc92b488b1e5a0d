//! Behaviour of the room `imaging`.

mod frames;
mod judges;
mod levels;
pub(crate) mod made;
mod over;
mod placement;
mod planes;
mod store;
mod volumes;
