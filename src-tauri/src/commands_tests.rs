//! The front end's types say what the commands say.

use std::path::Path;

use super::*;

/// The TypeScript side is generated from these types. With `RENRAKU_WRITE_BINDINGS` set the
/// file is written; otherwise it must already say what they say.
#[test]
fn the_generated_typescript_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/lib/backend/bindings.ts");
    let fresh = std::env::temp_dir().join(format!("renraku-bindings-{}.ts", std::process::id()));
    let export = |to: &Path| builder().export(specta_typescript::Typescript::default(), to);
    if std::env::var_os("RENRAKU_WRITE_BINDINGS").is_some() {
        export(&path).unwrap();
    }
    export(&fresh).unwrap();
    let now = std::fs::read_to_string(&path).unwrap_or_default();
    let expected = std::fs::read_to_string(&fresh).unwrap();
    std::fs::remove_file(&fresh).unwrap();
    assert!(
        now == expected,
        "bindings.ts is out of date: RENRAKU_WRITE_BINDINGS=1 cargo test -p renraku typescript"
    );
}
