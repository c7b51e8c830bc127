//! Generates what Tauri needs at compile time from `tauri.conf.json` and `capabilities/`.

fn main() {
    tauri_build::build();
}
