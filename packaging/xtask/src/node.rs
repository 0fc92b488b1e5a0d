//! A real identity provider from npm, under `target/`: nothing of it is in the repository.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::python;

const PROVIDER: &str = "oidc-provider@9";

/// Node, and the folder with the provider's modules.
pub(crate) struct Provider {
    pub(crate) node: PathBuf,
    pub(crate) modules: PathBuf,
}

/// Installs it if needed; `None` with a line that says why there is none.
pub(crate) fn provider(target: &Path, python: Option<&Path>) -> Option<Provider> {
    let Some((node, npm)) = python.and_then(python::node) else {
        println!("xtask: no Node; the tests with a real identity provider are skipped by name");
        return None;
    };
    let folder = target.join("npm");
    let (ready, modules) = (folder.join("ready"), folder.join("node_modules"));
    if !std::fs::read_to_string(&ready).is_ok_and(|text| text == PROVIDER) {
        println!("xtask: installing from npm into {}: {PROVIDER} (signs readers in)", folder.display());
        std::fs::create_dir_all(&folder).ok()?;
        let mut install = Command::new(&node);
        install.arg(npm).arg("install").arg("--prefix").arg(&folder);
        install.args([
            "--no-package-lock",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--loglevel=error",
        ]);
        let status = install.arg(PROVIDER).stdin(Stdio::null()).status();
        if !status.is_ok_and(|status| status.success()) {
            println!(
                "xtask: npm did not bring it; the tests with a real identity provider are skipped by name"
            );
            return None;
        }
        std::fs::write(ready, PROVIDER).ok()?;
    }
    Some(Provider { node, modules })
}
