//! A service that answers a byte at a time holds nobody for ever.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use renraku_core::contact::{Module, Side};
use renraku_core::message::FailureCode;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::http::Limits;
use super::stand_ins::StandIns;
use super::{Google, Http, RetryBudget, Zoho};

/// By how much everything here goes faster than for a person, the service and the limits alike.
const FASTER: u32 = 400;

/// Begins an answer that would take a day, a byte every five seconds.
async fn trickle(mut stream: TcpStream) -> std::io::Result<()> {
    let mut request = [0; 1024];
    let _ = stream.read(&mut request).await?;
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 17280\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    loop {
        stream.write_all(b" ").await?;
        tokio::time::sleep(Duration::from_secs(5) / FASTER).await;
    }
}

#[tokio::test]
async fn an_answer_of_a_byte_every_five_seconds_holds_a_call_no_longer_than_its_limit() {
    let world = StandIns::empty().await;
    let tokens = world.tokens(Side::Google).await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("its address"));
    let asked = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&asked);
    let service = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(trickle(stream));
        }
    });
    let Limits { connect, read, whole } = Limits::default();
    let whole = whole / FASTER;
    // On a busy machine the pieces come late: only the limit of the whole is to end this.
    let http = Http::within(&world.endpoints, Limits { connect, read, whole });
    let retry_budget = RetryBudget::default();
    let (total, first) = (retry_budget.total / FASTER, retry_budget.first / FASTER);
    let google = Google::new(&http, &base, tokens, RetryBudget { total, first, ..retry_budget });
    let began = Instant::now();
    let answer = tokio::time::timeout(Duration::from_secs(60), google.account_size()).await;
    let error = answer.expect("it ends").expect_err("nothing has come");
    let failure = error.failure(Side::Google);
    assert_eq!(failure.id, "error-too-slow", "it was there, and is not said to be away: {error}");
    assert_eq!(failure.code, FailureCode::Offline, "it passes");
    assert!(began.elapsed() >= whole, "as much was waited for it as for any answer");
    assert_eq!(asked.load(Ordering::Relaxed), 1, "a try that took so long used the patience up");
    service.abort();
}

#[tokio::test]
async fn a_deleted_list_that_goes_on_is_left_in_time_and_told_of_as_it_comes() {
    let world = StandIns::empty().await;
    let tokens = world.tokens(Side::Zoho).await;
    let page = json!({"data": [{"id": "7", "type": "recycle", "deleted_time": null}],
        "info": {"more_records": true}});
    let answer = json!({"answer": {"status": 200, "json": page}});
    world.fault(Side::Zoho, "GET", "*/deleted*", 1_000, answer);
    // Whoever has no patience waits for no list.
    let retry_budget = RetryBudget { total: Duration::ZERO, ..world.retry_budget() };
    let zoho = Zoho::new(&world.http, tokens, retry_budget);
    let heard = AtomicUsize::new(0);
    let count = |so_far| heard.store(so_far, Ordering::Relaxed);
    let error = zoho.deleted(Module::Contacts, None, &count).await.expect_err("it has no end");
    assert!(error.is_endless(), "{error}");
    assert_eq!((heard.into_inner(), zoho.requests()), (1, 1), "told of, and left");
}
