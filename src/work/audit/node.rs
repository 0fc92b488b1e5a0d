//! What this computer and whoever uses it are called.

use std::sync::OnceLock;

/// The computer's name in its network, or `localhost` where the system does not say it.
pub(super) fn name() -> String {
    static NAME: OnceLock<String> = OnceLock::new();
    let ask = || {
        let file = |path| std::fs::read_to_string(path).ok();
        let said = file("/proc/sys/kernel/hostname").or_else(|| file("/etc/hostname"));
        let said =
            said.or_else(|| std::env::var("COMPUTERNAME").ok()).or_else(|| std::env::var("HOSTNAME").ok());
        said.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
    };
    NAME.get_or_init(|| ask().unwrap_or_else(|| "localhost".to_owned())).clone()
}

/// The account at the operating system, `account@computer`.
pub(super) fn account() -> String {
    let said = ["USER", "USERNAME", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
    format!("{}@{}", said.as_deref().unwrap_or("unknown"), name())
}
