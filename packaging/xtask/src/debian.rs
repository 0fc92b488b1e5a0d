//! Debian packages: what is needed, why, and how it is installed without a question.

use std::process::{Command, Stdio};

/// A Debian package and the sentence that says why it is wanted.
pub(crate) struct Package {
    pub(crate) name: &'static str,
    pub(crate) why: &'static str,
}

const fn package(name: &'static str, why: &'static str) -> Package {
    Package { name, why }
}

/// What the program needs to run here.
pub(crate) const FOR_DEMO: &[Package] = &[
    package("gcc", "SQLite and ring are compiled from C"),
    package("libc6-dev", "headers for the C parts"),
    package("pkg-config", "finds the sound library for the compiler"),
    package("libasound2-dev", "ALSA and its headers: the sound of a new STAT"),
    package("libvulkan1", "the Vulkan loader"),
    package("mesa-vulkan-drivers", "a Vulkan device in software (lavapipe) where there is no GPU"),
    package("libx11-xcb1", "windows on X11"),
    package("libxcursor1", "the mouse on X11"),
    package("libxi6", "mouse and keys on X11"),
    package("libxrandr2", "monitors on X11"),
    package("libxkbcommon-x11-0", "keyboards on X11"),
    package("xvfb", "a screen where there is no display"),
    package("openbox", "its windows"),
    package("xdotool", "its mouse and keys"),
    package("scrot", "its pictures"),
];

/// What the tests hold the program against.
pub(crate) const FOR_TESTS: &[Package] = &[
    package("orthanc", "a real centre"),
    package("orthanc-dicomweb", "its DICOMweb services"),
    package("orthanc-gdcm", "its JPEG 2000"),
    package("dcmtk", "judge: dsrdump, dcm2pnm, dcmdump"),
    package("libcharls2", "judge: CharLS, for JPEG-LS"),
    package("dicom3tools", "judge: dciodvfy"),
    package("pixelmed-apps", "judge: DicomSRValidator"),
    package("libpixelmed-java", "judge: its classes"),
    package("default-jre-headless", "runs PixelMed"),
    package("nginx-light", "stands before the real centre: TLS 1.3, HTTP/2, client certificates"),
    package("openssl", "makes certificates that must be refused"),
    package("rsyslog", "judge: a receiver of the audit trail"),
    package("rsyslog-gnutls", "its TLS"),
    package("jing", "judge: RELAX NG, for audit messages"),
    package("gnome-keyring", "a real key store for the vault's key"),
    package("strace", "records what the program writes, and lets single writes fail"),
    package("dbus-daemon", "the session bus it speaks on"),
    package("python3", "runs pydicom and SimpleITK"),
    package("python3-venv", "keeps them out of the system"),
];

/// Installs what is missing, after saying what and why. On another system it only says what would be used.
pub(crate) fn install(wanted: &[&Package]) -> Result<(), String> {
    if !has_apt() {
        println!("xtask: not a Debian system; what is missing is skipped by name");
        return Ok(());
    }
    let missing: Vec<&&Package> = wanted.iter().filter(|p| !installed(p.name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("xtask: installing with apt-get:");
    for package in &missing {
        println!("  {:22} {}", package.name, package.why);
    }
    apt(&["update", "-qq"])?;
    let mut args = vec!["install", "-y", "-qq", "--no-install-recommends"];
    args.extend(missing.iter().map(|p| p.name));
    apt(&args)
}

/// Whether this system has Debian's package tools.
pub(crate) fn has_apt() -> bool {
    quiet(Command::new("apt-get").arg("--version")) && quiet(Command::new("dpkg").arg("--version"))
}

fn installed(name: &str) -> bool {
    Command::new("dpkg-query")
        .args(["-W", "-f", "${db:Status-Status}", name])
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|out| out.stdout == b"installed")
}

fn apt(args: &[&str]) -> Result<(), String> {
    let root = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n");
    let mut command = if root {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "apt-get"]);
        sudo
    };
    command.args(args).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null()).stdout(Stdio::null());
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(format!("apt-get {} failed; run it as root, then call this again", args.join(" "))),
    }
}

fn quiet(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}
