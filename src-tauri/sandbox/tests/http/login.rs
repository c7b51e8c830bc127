//! Logging in.

use renraku_sandbox::People;

use crate::setup::World;

#[tokio::test]
async fn both_sides_give_tokens() {
    let world = World::new(People::Empty).await;
    assert!(world.google_token.starts_with("ya29."));
    assert!(world.zoho_token.starts_with("1000."));
    assert!(!world.zoho.is_empty());
    world.sandbox.stop().await;
}
