//! What a process of ours does before anything else: no memory on the disk, logging and the crash hook.

use tracing_subscriber::EnvFilter;

/// Forbids core dumps, sets up logging (`DOKUEI_LOG`, as in `dokuei=info`; off without it, to standard error) and a panic hook that
/// names the place and never the payload, which may quote what was being read.
pub fn prepare_process() {
    forbid_core_dumps();
    if let Ok(wanted) = std::env::var("DOKUEI_LOG") {
        // Only our own targets: the HTTP crates would log addresses with patients' identifiers.
        let ours =
            wanted.split(',').filter(|part| part.trim().starts_with("dokuei")).collect::<Vec<_>>().join(",");
        let filter = EnvFilter::builder().parse_lossy(ours);
        let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    }
    if cfg!(target_os = "linux") && std::env::var_os("XDG_RUNTIME_DIR").is_none() {
        // Without a session Mesa's device chooser looks for a Wayland display and complains on standard error.
        #[allow(unsafe_code, reason = "the process has one thread yet, so nobody reads the environment")]
        unsafe {
            std::env::set_var("NODEVICE_SELECT", "1");
        }
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|l| format!("{}:{}", l.file(), l.line())).unwrap_or_default();
        let thread = std::thread::current().name().unwrap_or_default().to_owned();
        tracing::error!(place, thread, "stopped unexpectedly");
    }));
}

/// A dump of the memory holds images, names and keys. A limit of one byte: unlike none at all it also keeps the
/// kernel from handing the memory to a crash reporter (core(5), "Piping core dumps to a program").
#[cfg(target_os = "linux")]
fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // A lower limit is never refused.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(1), maximum: Some(1) });
}

/// Windows and macOS write none unless somebody has asked the system for them.
#[cfg(not(target_os = "linux"))]
fn forbid_core_dumps() {}
