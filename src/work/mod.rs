//! Runs effects, returns events; owns the runtime, the threads and the long-lived machines.
