//! A screen without a monitor: Xvfb with a window manager, real mouse and key events, pictures of what is on it.
//!
//! Where things are is told by the program itself, for made-up patients only: with `DOKUEI_SCREEN_MAP` it writes
//! the accessible name and the place of everything on screen, a line each (`x y width height name`, pixels).

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long something may take to appear: software rendering on two busy cores is slow.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long a hand rests between two things: what comes within one frame of a slow machine is one thing to it.
const HAND: Duration = Duration::from_millis(250);

/// A virtual screen and the program on it.
#[derive(Debug)]
pub struct Screen {
    server: Child,
    manager: Child,
    display: String,
    folder: PathBuf,
    map: PathBuf,
    program: Option<Child>,
    /// Screen pixels for a point of the program's.
    scale: f64,
}

/// A part of the screen, pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// To the right.
    pub width: f64,
    /// Down.
    pub height: f64,
}

impl Area {
    /// A point of the area, by its share of width and height.
    pub fn at(&self, across: f64, down: f64) -> (f64, f64) {
        (self.x + self.width * across, self.y + self.height * down)
    }
}

/// No title bars, every window as large as the screen: what is on the picture is the program.
const MANAGER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew><followMouse>no</followMouse></focus>
  <desktops><number>1</number></desktops>
  <keyboard/>
  <mouse><context name="Client"><mousebind button="Left" action="Press"><action name="Focus"/><action name="Raise"/></mousebind></context></mouse>
  <applications><application class="*"><decor>no</decor><maximized>yes</maximized></application></applications>
</openbox_config>
"#;

impl Screen {
    /// Starts a screen of `width` x `height` pixels, on which a point is `scale` pixels; its files go to
    /// `folder`.
    ///
    /// # Errors
    /// Xvfb or the window manager does not start.
    pub fn start(folder: &Path, width: u32, height: u32, scale: f64) -> Result<Self, String> {
        std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        let size = format!("{width}x{height}x24");
        let mut server = quiet("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &size, "-nolisten", "tcp", "-dpi", "96"])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("Xvfb: {e}"))?;
        let mut number = String::new();
        let told = server.stdout.take().map(|out| BufReader::new(out).read_line(&mut number));
        if !matches!(told, Some(Ok(1..))) {
            let _ = server.kill();
            return Err("Xvfb told no display".to_owned());
        }
        let display = format!(":{}", number.trim());
        let config = folder.join("openbox.xml");
        std::fs::write(&config, MANAGER).map_err(|e| e.to_string())?;
        let manager = quiet("openbox")
            .arg("--config-file")
            .arg(&config)
            .env("DISPLAY", &display)
            .spawn()
            .map_err(|e| format!("openbox: {e}"))?;
        let (folder, map) = (folder.to_owned(), folder.join("screen-map"));
        Ok(Self { server, manager, display, folder, map, program: None, scale })
    }

    /// Starts the program on this screen, in place of one that ran before.
    ///
    /// # Errors
    /// It does not start.
    pub fn open(&mut self, command: &mut Command) -> Result<(), String> {
        self.close();
        let _ = std::fs::remove_file(&self.map);
        let log = std::fs::File::create(self.folder.join("program.log")).map_err(|e| e.to_string())?;
        command
            .env("DISPLAY", &self.display)
            .env("WINIT_X11_SCALE_FACTOR", self.scale.to_string())
            .env("DOKUEI_SCREEN_MAP", &self.map)
            .env("NODEVICE_SELECT", "1")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("WAYLAND_SOCKET")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        self.program = Some(command.spawn().map_err(|e| format!("{:?}: {e}", command.get_program()))?);
        Ok(())
    }

    /// Ends the program as a power cut would.
    pub fn close(&mut self) {
        if let Some(mut program) = self.program.take() {
            let _ = program.kill();
            let _ = program.wait();
        }
    }

    /// The program's process, while it runs.
    pub fn process(&self) -> Option<u32> {
        self.program.as_ref().map(Child::id)
    }

    /// Waits until the program has ended by itself.
    ///
    /// # Errors
    /// It goes on.
    pub fn wait_for_end(&mut self) -> Result<(), String> {
        let Some(program) = &mut self.program else { return Ok(()) };
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if matches!(program.try_wait(), Ok(Some(_))) {
                self.program = None;
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err("the program does not end".to_owned())
    }

    /// Everything on screen with its name.
    pub fn everything(&self) -> Vec<(Area, String)> {
        let text = std::fs::read_to_string(&self.map).unwrap_or_default();
        text.lines().filter_map(entry).collect()
    }

    /// The first place whose name holds `name`, if it is on screen now.
    pub fn look(&self, name: &str) -> Option<Area> {
        let all = self.everything();
        let exact = all.iter().find(|(_, found)| found == name);
        exact.or_else(|| all.iter().find(|(_, found)| found.contains(name))).map(|(area, _)| *area)
    }

    /// The same, the one that stands highest of several.
    ///
    /// # Errors
    /// It does not appear.
    pub fn topmost(&mut self, name: &str) -> Result<Area, String> {
        self.find(name)?;
        let all = self.everything();
        let named = all.iter().filter(|(_, found)| found.contains(name)).map(|(area, _)| *area);
        named.min_by(|a, b| a.y.total_cmp(&b.y)).ok_or_else(|| format!("{name} has gone"))
    }

    /// Waits until something whose name holds `name` is on screen.
    ///
    /// # Errors
    /// It does not appear; the sentence names what is there instead.
    pub fn find(&mut self, name: &str) -> Result<Area, String> {
        self.wait(name, |screen| screen.look(name))
    }

    /// Waits until nothing of that name is on screen.
    ///
    /// # Errors
    /// It stays.
    pub fn gone(&mut self, name: &str) -> Result<(), String> {
        self.wait(&format!("no {name}"), |screen| screen.look(name).is_none().then_some(()))
    }

    fn wait<T>(&mut self, what: &str, found: impl Fn(&Self) -> Option<T>) -> Result<T, String> {
        let begun = Instant::now();
        loop {
            if let Some(found) = found(self) {
                return Ok(found);
            }
            let ended = self.program.as_mut().is_some_and(|p| matches!(p.try_wait(), Ok(Some(_))));
            if ended || begun.elapsed() > PATIENCE {
                let picture = self.shot("lost").unwrap_or_default();
                let names: Vec<String> = self.everything().into_iter().map(|(_, name)| name).collect();
                let ended = if ended { "; the program has ended" } else { "" };
                return Err(format!(
                    "{what} is not on screen{ended} ({picture:?}), but: {}",
                    names.join(" | ")
                ));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Clicks on something by its name.
    ///
    /// # Errors
    /// It does not appear.
    pub fn click(&mut self, name: &str) -> Result<(), String> {
        let area = self.find(name)?;
        self.press_at(area.at(0.5, 0.5), 1, 1)
    }

    /// Double-clicks on something by its name.
    ///
    /// # Errors
    /// It does not appear.
    pub fn double_click(&mut self, name: &str) -> Result<(), String> {
        let area = self.find(name)?;
        self.press_at(area.at(0.5, 0.5), 1, 2)
    }

    /// Presses a mouse button at a place; 4 and 5 are the wheel up and down.
    ///
    /// # Errors
    /// The event cannot be made.
    pub fn press_at(&self, (x, y): (f64, f64), button: u8, times: u32) -> Result<(), String> {
        let (x, y) = (whole(x), whole(y));
        self.xdotool(&["mousemove", &x, &y])?;
        std::thread::sleep(HAND);
        self.xdotool(&["click", "--repeat", &times.to_string(), "--delay", "60", &button.to_string()])?;
        std::thread::sleep(HAND);
        Ok(())
    }

    /// Drags with a button held, in steps as a hand does.
    ///
    /// # Errors
    /// The events cannot be made.
    pub fn drag(&self, from: (f64, f64), to: (f64, f64), button: u8) -> Result<(), String> {
        let button = button.to_string();
        self.xdotool(&["mousemove", &whole(from.0), &whole(from.1)])?;
        std::thread::sleep(HAND);
        self.xdotool(&["mousedown", &button])?;
        std::thread::sleep(HAND);
        for step in 1..=8 {
            let part = f64::from(step) / 8.0;
            let (x, y) = (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
            self.xdotool(&["mousemove", &whole(x), &whole(y)])?;
            std::thread::sleep(Duration::from_millis(30));
        }
        std::thread::sleep(HAND);
        self.xdotool(&["mouseup", &button])?;
        std::thread::sleep(HAND);
        Ok(())
    }

    /// Moves the mouse out of the way.
    ///
    /// # Errors
    /// The event cannot be made.
    pub fn rest(&self) -> Result<(), String> {
        self.xdotool(&["mousemove", "2", "2"])
    }

    /// Presses a key, as in `m`, `Return`, `ctrl+Return`.
    ///
    /// # Errors
    /// The event cannot be made.
    pub fn key(&self, key: &str) -> Result<(), String> {
        self.xdotool(&["key", "--clearmodifiers", key])?;
        std::thread::sleep(HAND);
        Ok(())
    }

    /// Types text.
    ///
    /// # Errors
    /// The events cannot be made.
    pub fn text(&self, text: &str) -> Result<(), String> {
        self.xdotool(&["type", "--clearmodifiers", "--delay", "12", text])
    }

    /// Without xdotool's `--sync`: it waits 15 seconds where the mouse stands already, and the hand rests anyway.
    fn xdotool(&self, args: &[&str]) -> Result<(), String> {
        let status = quiet("xdotool").args(args).env("DISPLAY", &self.display).status();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("xdotool {args:?}: {status}")),
            Err(why) => Err(format!("xdotool: {why}")),
        }
    }

    /// A picture of the whole screen, `NAME.png` in the screen's folder.
    ///
    /// # Errors
    /// It cannot be taken or written.
    pub fn shot(&self, name: &str) -> Result<PathBuf, String> {
        let path = self.folder.join(format!("{name}.png"));
        let _ = std::fs::remove_file(&path);
        // The frame that answers the last event is drawn some time after it.
        std::thread::sleep(Duration::from_millis(400));
        let status = quiet("scrot").arg("--silent").arg(&path).env("DISPLAY", &self.display).status();
        match status {
            Ok(status) if status.success() => Ok(path),
            Ok(status) => Err(format!("scrot: {status}")),
            Err(why) => Err(format!("scrot: {why}")),
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.close();
        for child in [&mut self.manager, &mut self.server] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn entry(line: &str) -> Option<(Area, String)> {
    let mut parts = line.splitn(5, ' ');
    let mut number = || parts.next()?.parse::<f64>().ok();
    let (x, y, width, height) = (number()?, number()?, number()?, number()?);
    let area = Area { x, y, width, height };
    (x.is_finite() && y.is_finite()).then_some((area, parts.next()?.to_owned()))
}

fn whole(pixels: f64) -> String {
    format!("{}", pixels.round())
}

fn quiet(program: &str) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}
