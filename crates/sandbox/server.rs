//! The doors: listeners on 127.0.0.1, reading requests, applying rules, writing answers.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::Frame;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::clock::{SECOND, http_date};
use crate::faults::{Action, Answer, Garble};
use crate::http::{Call, Door, Reply};
use crate::log::{End, LogEntry, Side, Traffic};
use crate::world::World;
use crate::{control, google, zoho};

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("connection dropped on purpose")]
struct Dropped;

/// Counts the API calls that are being answered.
#[derive(Debug, Default)]
struct Busy {
    calls: AtomicUsize,
    /// Those of them that are heavy: Zoho's queries and writes.
    heavy: AtomicUsize,
}

struct Guard<'a>(&'a AtomicUsize);

impl<'a> Guard<'a> {
    /// One more, and how many that makes.
    fn enter(count: &'a AtomicUsize) -> (Self, usize) {
        let before = count.fetch_add(1, Ordering::SeqCst);
        (Self(count), before + 1)
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Binds to 127.0.0.1; port 0 takes a free one.
pub(crate) async fn bind(port: u16) -> std::io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves one door until `stop` says so; open connections end with it.
pub(crate) async fn serve(
    world: Arc<World>,
    door: Door,
    listener: TcpListener,
    mut stop: watch::Receiver<bool>,
) {
    let busy = Arc::new(Busy::default());
    let mut connections = JoinSet::new();
    loop {
        let stream = tokio::select! {
            _ = stop.changed() => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => continue,
            },
        };
        // Small answers must not wait for more data.
        let _ = stream.set_nodelay(true);
        let (world, door, busy) = (Arc::clone(&world), door.clone(), Arc::clone(&busy));
        connections.spawn(async move {
            let service = service_fn(move |request| {
                let (world, door, busy) = (Arc::clone(&world), door.clone(), Arc::clone(&busy));
                async move { handle(&world, door, &busy, request.map(Body::new)).await }
            });
            let serving = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service);
            // An error here is a closed connection: nothing is left to answer.
            let _ = serving.await;
        });
    }
    connections.shutdown().await;
}

/// Answers one request; what it changed is kept before the answer leaves.
async fn handle(
    world: &Arc<World>,
    door: Door,
    busy: &Busy,
    request: Request<Body>,
) -> Result<Response<Body>, Dropped> {
    let changes =
        world.is_kept() && (request.method() != "GET" || request.uri().path().starts_with("/o"));
    let answer = answer(world, door, busy, request).await;
    if changes {
        let world = Arc::clone(world);
        // Writing takes a moment: not on the threads that answer.
        let _ = tokio::task::spawn_blocking(move || world.save()).await;
    }
    answer
}

async fn answer(
    world: &Arc<World>,
    door: Door,
    busy: &Busy,
    request: Request<Body>,
) -> Result<Response<Body>, Dropped> {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, 64 << 20).await.map_err(|_| Dropped)?;
    let query = head.uri.query().unwrap_or("");
    let mut call = Call {
        door,
        method: head.method.as_str().to_owned(),
        path: percent_decoded(head.uri.path()),
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        headers: head.headers,
        body,
        in_flight: 0,
        heavy_in_flight: 0,
    };
    if let Some(path) = call.path.strip_prefix("/_sandbox/") {
        let path = path.to_owned();
        return Ok(finish(world, &call, control::http(world, &call, &path)));
    }
    let side = if call.door == Door::Google { Side::Google } else { Side::Zoho };
    if call.path == "/" || call.path.starts_with("/ui/") || call.path == "/favicon.ico" {
        return Ok(finish(world, &call, page(world, &call)));
    }
    let traffic = match side {
        Side::Google => google::traffic(&call.path),
        Side::Zoho => zoho::traffic(&call.path),
    };
    let counted = traffic == Traffic::Api && (side == Side::Zoho || call.method != "GET");
    let _guard = counted.then(|| {
        let (guard, count) = Guard::enter(&busy.calls);
        call.in_flight = count;
        guard
    });
    let _heavy = (counted && side == Side::Zoho && call.method != "GET").then(|| {
        let (guard, count) = Guard::enter(&busy.heavy);
        call.heavy_in_flight = count;
        guard
    });
    let body = if traffic == Traffic::Api { call.body.clone() } else { Bytes::new() };
    let number = world.log().open(entry(world, &call, side, traffic), body);
    let actions = world.rules().strike(side, traffic, &call.method, &call.path, world.clock.now());
    let rules: Vec<u64> = actions.iter().map(|(id, _)| *id).collect();
    let answer =
        act(world, side, &call, actions.into_iter().map(|(_, action)| action).collect()).await;
    let mut end = End { rules, ..End::default() };
    if let Ok(reply) = &answer {
        (end.status, end.bytes) = (reply.status, reply.body.len());
        if traffic == Traffic::Api && world.switches().log_answers {
            end.answer = reply.body.clone();
        }
    }
    world.log().close(number, end);
    answer.map(|reply| finish(world, &call, reply))
}

/// Carries the call out as the rules say.
async fn act(
    world: &World,
    side: Side,
    call: &Call,
    actions: Vec<Action>,
) -> Result<Reply, Dropped> {
    let mut instead = None;
    let (mut drop_after, mut truncate, mut repeat) = (false, false, false);
    let mut trickle = None;
    let mut after = Vec::new();
    let mut garbled = Vec::new();
    for action in actions {
        match action {
            Action::Answer(answer) => return Ok(made_up(&answer)),
            Action::AnswerAfter(answer) => instead = Some(made_up(&answer)),
            Action::DropBefore => return Err(Dropped),
            Action::DropAfter => drop_after = true,
            Action::Truncate => truncate = true,
            Action::Garble(garble) => garbled.push(garble),
            Action::TrickleMs(ms) => trickle = Some(Duration::from_millis(ms)),
            Action::DelayMs(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
            Action::Duplicate => repeat = true,
            Action::TooMany(seconds) => return Ok(too_many(world, side, seconds)),
            Action::HumanBefore(acts) => human(world, side, &acts),
            Action::HumanAfter(acts) => after.extend(acts),
        }
    }
    if repeat {
        dispatch(world, side, call);
    }
    let mut reply = dispatch(world, side, call);
    human(world, side, &after);
    for Garble { this, with } in garbled {
        reply = reply.garbled(&this, &with);
    }
    if drop_after {
        return Err(Dropped);
    }
    if let Some(instead) = instead {
        return Ok(instead);
    }
    if truncate {
        reply.body = reply.body.slice(..reply.body.len() / 2);
    }
    reply.trickle = trickle;
    if world.switches().spaced_json
        && let Ok(body) = serde_json::from_slice::<Value>(&reply.body)
    {
        reply.body = format!("{body:#}").into();
    }
    Ok(reply)
}

fn dispatch(world: &World, side: Side, call: &Call) -> Reply {
    let (switches, now) = (world.switches(), world.clock.now());
    match side {
        Side::Google => google::answer(&mut world.google(), call, &switches.google, now),
        Side::Zoho => zoho::answer(&mut world.zoho(), call, &switches.zoho, now),
    }
}

fn human(world: &World, side: Side, acts: &[Value]) {
    for act in acts {
        // A hook that cannot be done (its contact is gone already) changes nothing.
        let _ = control::human(world, side, act.clone());
    }
}

fn made_up(answer: &Answer) -> Reply {
    let reply = match (&answer.json, &answer.html) {
        (Some(json), _) => Reply::json(answer.status, json),
        (None, Some(html)) => Reply::html(answer.status, html.clone()),
        (None, None) => Reply::empty(answer.status),
    };
    match answer.retry_after {
        Some(seconds) => reply.with("retry-after", seconds.to_string()),
        None => reply,
    }
}

fn too_many(world: &World, side: Side, seconds: Option<u64>) -> Reply {
    let switches = world.switches();
    let reply = match side {
        Side::Google => google::quota::injected().reply(switches.google.old_errors),
        Side::Zoho => zoho::errors::too_many(&switches.zoho.too_many_code).reply(false),
    };
    match seconds {
        Some(seconds) => reply.with("retry-after", seconds.to_string()),
        None => reply,
    }
}

fn page(world: &World, call: &Call) -> Reply {
    if call.path == "/favicon.ico" {
        return Reply::new(
            200,
            "image/svg+xml",
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'><circle cx='4' cy='4' r='4' fill='#2563c9'/></svg>",
        );
    }
    if call.door == Door::Google {
        google::page::answer(world, call)
    } else {
        zoho::page::answer(world, call)
    }
}

/// Percent-decodes a path.
fn percent_decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, tail)) = rest.split_first() {
        let hex = if *first == b'%' {
            tail.get(..2)
                .and_then(|h| std::str::from_utf8(h).ok())
                .and_then(|h| u8::from_str_radix(h, 16).ok())
        } else {
            None
        };
        match hex {
            Some(byte) => {
                out.push(byte);
                rest = tail.get(2..).unwrap_or(&[]);
            }
            None => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

const SECRETS: [&str; 7] = [
    "client_secret",
    "refresh_token",
    "access_token",
    "code",
    "code_verifier",
    "token",
    "device_code",
];

fn entry(world: &World, call: &Call, side: Side, traffic: Traffic) -> LogEntry {
    let hide = |key: &str, value: &str| {
        if traffic != Traffic::Api && SECRETS.contains(&key) {
            "***".to_owned()
        } else {
            value.to_owned()
        }
    };
    let mut query: BTreeMap<String, String> = BTreeMap::new();
    for (key, value) in &call.query {
        let shown = hide(key, value);
        query
            .entry(key.clone())
            .and_modify(|all| *all = format!("{all}\n{shown}"))
            .or_insert(shown);
    }
    let body = if traffic == Traffic::Api {
        Value::Null
    } else {
        let form = url::form_urlencoded::parse(&call.body);
        Value::Object(form.map(|(k, v)| (k.to_string(), Value::String(hide(&k, &v)))).collect())
    };
    let shown = ["if-modified-since", "if-unmodified-since", "accept-encoding", "accept-language"];
    let headers = shown
        .iter()
        .filter_map(|h| call.header(h).map(|v| ((*h).to_owned(), v.to_owned())))
        .collect();
    LogEntry {
        n: 0,
        side,
        traffic,
        method: call.method.clone(),
        path: call.path.clone(),
        query,
        body,
        headers,
        status: 0,
        at: world.clock.now(),
        rules: Vec::new(),
        bytes: 0,
        answer: Value::Null,
    }
}

/// The answer as bytes on the wire: headers, and gzip for who asks for it.
fn finish(world: &World, call: &Call, reply: Reply) -> Response<Body> {
    let reply = reply.spoken(world.switches().zoho.language);
    let skew = if call.door == Door::Google { 0 } else { world.switches().zoho.date_skew_s };
    let mut builder = Response::builder()
        .status(StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        .header("date", http_date(world.clock.now() + skew * SECOND))
        .header("cache-control", "no-store");
    for (name, value) in &reply.headers {
        builder = builder.header(*name, value);
    }
    let wants = call.header("accept-encoding").is_some_and(|h| h.contains("gzip"));
    let body = if wants && reply.body.len() > 1024 {
        match zipped(&reply.body) {
            Some(small) => {
                builder =
                    builder.header("content-encoding", "gzip").header("vary", "accept-encoding");
                small
            }
            None => reply.body,
        }
    } else {
        reply.body
    };
    let body = match reply.trickle {
        Some(time) => trickling(body, time),
        None => Body::from(body),
    };
    builder.body(body).unwrap_or_else(|_| Response::new(Body::empty()))
}

/// A body that comes in pieces, over all of this time.
fn trickling(body: Bytes, time: Duration) -> Body {
    const PIECES: usize = 20;
    let size = body.len().div_ceil(PIECES).max(1);
    let pause = time / u32::try_from(body.len().div_ceil(size).max(1)).unwrap_or(1);
    let (feed, pieces) = tokio::sync::mpsc::channel::<Result<Frame<Bytes>, Infallible>>(1);
    tokio::spawn(async move {
        for start in (0..body.len()).step_by(size) {
            tokio::time::sleep(pause).await;
            let piece = body.slice(start..(start + size).min(body.len()));
            // Nobody reads any more: the rest is not missed.
            if feed.send(Ok(Frame::data(piece))).await.is_err() {
                break;
            }
        }
    });
    Body::new(Pieces(pieces))
}

/// The pieces of a body, as they come.
struct Pieces(tokio::sync::mpsc::Receiver<Result<Frame<Bytes>, Infallible>>);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context)
    }
}

fn zipped(body: &Bytes) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::fast());
    encoder.write_all(body).ok()?;
    encoder.finish().ok().map(Bytes::from)
}
