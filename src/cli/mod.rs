//! Headless subcommands, one file each.
