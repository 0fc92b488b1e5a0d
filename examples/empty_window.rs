//! An empty window of the same library: what `cargo xtask bench` holds the program's start against.

use std::io::Write;

struct Empty;

impl eframe::App for Empty {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        ui.label("empty");
        if let Some(mut log) = std::env::var_os("DOKUEI_FRAME_LOG")
            .and_then(|path| std::fs::OpenOptions::new().create(true).append(true).open(path).ok())
        {
            let _ = writeln!(log, "0 0 0 0 0 0");
        }
    }
}

fn main() -> eframe::Result {
    let options = eframe::NativeOptions { renderer: eframe::Renderer::Wgpu, ..Default::default() };
    eframe::run_native("empty", options, Box::new(|_| Ok(Box::new(Empty))))
}
