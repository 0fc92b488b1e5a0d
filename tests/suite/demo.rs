//! Behaviour of the room `demo`: a real listener, real TLS, requests by another HTTP implementation.

mod faults;
mod fixture;
mod judge;
mod retrieve;
mod search;
mod sign_in;
mod store;
mod worklist;
