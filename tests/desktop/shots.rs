//! Pictures: for whoever reads a failure, and for the documentation.

use std::path::PathBuf;

/// Saves a picture: in `RENRAKU_SCREENSHOTS` where the documentation's are taken anew, else below
/// the target folder.
pub fn keep(name: &str, png: &[u8]) {
    let folder = match std::env::var_os("RENRAKU_SCREENSHOTS") {
        Some(folder) => PathBuf::from(folder),
        None => {
            let built = crate::world::beside_tests();
            built.parent().expect("the target folder").join("artifacts")
        }
    };
    std::fs::create_dir_all(&folder).expect("the folder for pictures is made");
    let file = folder.join(format!("{name}.png"));
    std::fs::write(&file, png).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    println!("picture: {}", file.display());
}

/// Whether the documentation's pictures are taken now.
pub fn kept_for_documentation() -> bool {
    std::env::var_os("RENRAKU_SCREENSHOTS").is_some()
}
