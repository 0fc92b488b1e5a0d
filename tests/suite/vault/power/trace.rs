//! What a process did to files and said on standard output, as strace recorded it.
//!
//! strace and not a layer of ours: what is replayed is what the program, SQLite and the standard library really
//! asked of the operating system.

use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::vault::strace;

/// Every call by which a program changes files or learns which file it changes.
const CALLS: &str = "execve,openat,open,creat,close,write,writev,pwrite64,pwritev,ftruncate,truncate,fallocate,\
                     rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,\
                     fsync,fdatasync,sync,syncfs,dup,dup2,dup3,copy_file_range,sendfile,splice";

/// A call that succeeded.
#[derive(Debug)]
pub(super) struct Call {
    /// Its place in the record when it was begun and when it returned: another thread may have come between.
    pub(super) begun: usize,
    pub(super) ended: usize,
    pub(super) did: Did,
}

/// What a call did.
#[derive(Debug)]
pub(super) enum Did {
    Opened {
        descriptor: i64,
        path: PathBuf,
        makes: bool,
        empties: bool,
    },
    Closed {
        descriptor: i64,
    },
    Copied {
        from: i64,
        to: i64,
    },
    /// At a place, or where the descriptor stands.
    Wrote {
        descriptor: i64,
        at: Option<u64>,
        bytes: Vec<u8>,
    },
    Cut {
        descriptor: i64,
        length: u64,
    },
    Flushed {
        descriptor: i64,
    },
    Renamed {
        from: PathBuf,
        to: PathBuf,
    },
    Removed {
        path: PathBuf,
    },
    MadeFolder {
        path: PathBuf,
    },
    /// Something that the model does not follow, so no file of the disk may be meant.
    Other {
        name: String,
        descriptors: [i64; 2],
    },
}

/// Runs `command` under strace to its end; it must succeed. What it did, in the order of the calls' ends.
pub(super) fn record(command: &Command) -> Vec<Call> {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record");
    let mut traced =
        strace::around(command, &["-xx", "-s", "16777216", "-e", &format!("trace={CALLS}")], &record);
    let output = traced.stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    read(&std::fs::read_to_string(record).unwrap())
}

fn read(record: &str) -> Vec<Call> {
    let mut unfinished: HashMap<&str, (usize, &str)> = HashMap::new();
    let (mut calls, mut programs) = (Vec::new(), 0);
    for (ended, line) in record.lines().enumerate() {
        let (process, text) = line.split_once(' ').unwrap();
        let text = text.trim_start();
        if let Some(begin) = text.strip_suffix("<unfinished ...>") {
            unfinished.insert(process, (ended, begin.trim_end()));
            continue;
        }
        let whole = text.strip_prefix("<... ").map(|text| {
            let (begun, begin) = unfinished.remove(process).unwrap();
            (begun, format!("{begin}{}", text.split_once("resumed>").unwrap().1))
        });
        let (begun, text) = whole.unwrap_or_else(|| (ended, text.to_owned()));
        // An end, or a call that the process's end cut short.
        let Some((call, answer)) = text.rsplit_once(" = ") else { continue };
        let Ok(answer) = answer.split(' ').next().unwrap().parse::<i64>() else { continue };
        let (name, arguments) =
            call.trim_end().strip_suffix(')').and_then(|call| call.split_once('(')).unwrap();
        if answer < 0 {
            continue;
        }
        programs += usize::from(name == "execve");
        calls.extend(did(name, &Arguments::of(arguments), answer).map(|did| Call { begun, ended, did }));
    }
    assert_eq!(programs, 1, "a record of one process, whose descriptors are its own");
    calls
}

fn did(name: &str, arguments: &Arguments<'_>, answer: i64) -> Option<Did> {
    let descriptor = || arguments.number(0);
    Some(match name {
        "execve" => return None,
        "openat" => {
            let flags = arguments.0[2];
            assert_eq!(arguments.0[0], "AT_FDCWD", "paths below a descriptor are not in this model");
            let (makes, empties) = (flags.contains("O_CREAT"), flags.contains("O_TRUNC"));
            assert!(!flags.contains("O_APPEND"), "appending is not in this model");
            Did::Opened { descriptor: answer, path: arguments.path(1), makes, empties }
        }
        "close" => Did::Closed { descriptor: descriptor() },
        "dup" | "dup2" | "dup3" => Did::Copied { from: descriptor(), to: answer },
        "write" => Did::Wrote { descriptor: descriptor(), at: None, bytes: arguments.bytes(1, answer) },
        "pwrite64" => {
            let at = u64::try_from(arguments.number(3)).unwrap();
            Did::Wrote { descriptor: descriptor(), at: Some(at), bytes: arguments.bytes(1, answer) }
        }
        "ftruncate" => {
            Did::Cut { descriptor: descriptor(), length: u64::try_from(arguments.number(1)).unwrap() }
        }
        "fsync" | "fdatasync" => Did::Flushed { descriptor: descriptor() },
        "rename" => Did::Renamed { from: arguments.path(0), to: arguments.path(1) },
        "unlink" => Did::Removed { path: arguments.path(0) },
        "mkdir" => Did::MadeFolder { path: arguments.path(0) },
        "writev" | "pwritev" | "fallocate" | "sendfile" => other(name, arguments, 1),
        "copy_file_range" | "splice" => other(name, arguments, 2),
        other => panic!("{other} is not in this model of a disk"),
    })
}

/// Calls on sockets and pipes, as long as they are.
fn other(name: &str, arguments: &Arguments<'_>, second: usize) -> Did {
    let descriptors =
        [0, second].map(|at| arguments.0.get(at).and_then(|text| text.parse().ok()).unwrap_or(-1));
    Did::Other { name: name.to_owned(), descriptors }
}

/// What stands between the brackets. Every string is in hexadecimal, so that no comma stands in one.
struct Arguments<'a>(Vec<&'a str>);

impl<'a> Arguments<'a> {
    fn of(text: &'a str) -> Self {
        Self(text.split(", ").collect())
    }

    fn number(&self, at: usize) -> i64 {
        self.0[at].parse().unwrap_or_else(|_| panic!("{} is no number", self.0[at]))
    }

    /// The bytes that were taken, which may be fewer than were given.
    fn bytes(&self, at: usize, taken: i64) -> Vec<u8> {
        let mut bytes = unhex(self.0[at]);
        let taken = usize::try_from(taken).unwrap();
        assert!(bytes.len() >= taken, "strace left bytes out");
        bytes.truncate(taken);
        bytes
    }

    /// Absolute, or of the working folder, in which nothing of the vault lies.
    fn path(&self, at: usize) -> PathBuf {
        PathBuf::from(OsString::from_vec(unhex(self.0[at])))
    }
}

fn unhex(quoted: &str) -> Vec<u8> {
    let inner = quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap();
    let pairs = inner.split("\\x").skip(1);
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}
