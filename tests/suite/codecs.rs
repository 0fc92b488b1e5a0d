//! Behaviour of the codec door against other toolkits' samples.
