//! What a sign-in meets at services that are hard on it.

use std::time::Duration;

use renraku_core::contact::Side;
use renraku_core::message::{Failure, FailureCode};
use renraku_sandbox::{Pkce, ScopeSpelling, Traffic};

use super::clients::OauthClient;
use super::device::DeviceLogin;
use super::oauth::Login;
use super::signed_in::SignedIn;
use super::{Endpoints, Tokens};
use crate::auth::data_centre::DataCentre;
use crate::stand_ins::{StandIns, client};
use crate::{Http, RemoteError, Zoho};

/// Signs in at Zoho as a browser would that follows every redirect.
async fn sign_in(world: &StandIns, client: OauthClient) -> Result<SignedIn, Failure> {
    let login = world.begin_at_zoho(client).await?;
    let url = login.url().to_owned();
    let login = login.within(Duration::from_secs(5));
    let browser = tokio::spawn(async move { reqwest::get(url).await });
    let done = login.finish().await;
    browser.abort();
    done
}

fn of(change: impl FnOnce(&mut OauthClient)) -> OauthClient {
    let mut client = client(Side::Zoho);
    change(&mut client);
    client
}

#[tokio::test]
async fn a_sign_in_starts_at_the_data_centre_of_its_client() {
    let http = Http::new(&Endpoints::default());
    for centre in DataCentre::ALL {
        let client = of(|c| c.registered.data_centre = Some(centre));
        let login = Login::zoho(&http, &Endpoints::default(), client).await.expect("a login");
        let start = format!("{}/oauth/v2/auth?", centre.accounts());
        assert!(login.url().starts_with(&start), "{centre:?}: {}", login.url());
    }
}

/// Signs in by a code that is typed on Zoho's page, as a person would at once.
async fn sign_in_by_code(world: &StandIns, client: OauthClient) -> Result<SignedIn, Failure> {
    let login = DeviceLogin::begin(&world.http, &world.endpoints, client).await?;
    let login = login.every(Duration::from_millis(10));
    let page = reqwest::Url::parse(login.url()).expect("an address");
    let answer = page.join("/oauth/consent/device").expect("the form's address");
    let form = [("user_code", login.code().to_owned()), ("answer", "accept".to_owned())];
    reqwest::Client::new().post(answer).form(&form).send().await.expect("the person's answer");
    let waited = login.finish();
    tokio::pin!(waited);
    loop {
        // Zoho takes one question in half a minute.
        world.control.advance(Duration::from_secs(31));
        let soon = Duration::from_millis(10);
        if let Ok(done) = tokio::time::timeout(soon, &mut waited).await {
            return done;
        }
    }
}

/// What the browser shows at the beginning of a sign-in.
async fn first_page(world: &StandIns, client: OauthClient) -> String {
    let login = world.begin_at_zoho(client).await.expect("a login");
    let page = reqwest::get(login.url()).await.expect("a page");
    page.text().await.expect("its text")
}

#[tokio::test]
async fn every_data_centre_signs_its_own_clients_in_and_no_others() {
    let world = StandIns::empty().await;
    let at = |centre| of(|c| c.registered.data_centre = Some(centre));
    let homes = DataCentre::ALL.into_iter().cycle();
    for (centre, other) in DataCentre::ALL.into_iter().zip(homes.skip(3)) {
        // The organisation lives where the client is registered, and somewhere else.
        for home in [centre, other] {
            world.control.set_switches(|s| {
                s.zoho.client_centre = centre.name().to_owned();
                s.zoho.data_centre = home.name().to_owned();
            });
            for done in
                [sign_in(&world, at(centre)).await, sign_in_by_code(&world, at(centre)).await]
            {
                let signed_in = done.unwrap_or_else(|f| panic!("{centre:?}, {home:?}: {f:?}"));
                let grant = signed_in.grant.zoho.expect("Zoho's part");
                assert_eq!(grant.data_centre, home.name(), "a client of {centre:?}");
            }
        }
        let page = first_page(&world, at(other)).await;
        assert!(page.contains("Invalid Client"), "{other:?} does not know {centre:?}'s: {page}");
        let refused = sign_in_by_code(&world, at(other)).await.expect_err("nor by a code");
        assert_eq!(refused.args.get("centre").map(String::as_str), Some(other.name()));
        assert_eq!(refused.code, FailureCode::NoClient, "{centre:?}'s client at {other:?}");
    }
}

#[tokio::test]
async fn a_client_without_its_secret_is_refused() {
    let world = StandIns::empty().await;
    let refused = sign_in(&world, of(|c| c.secret = None)).await.expect_err("no secret");
    assert_eq!(refused.code, FailureCode::NoClient);
    world.control.set_switches(|s| s.zoho.secret_required = false);
    assert!(sign_in(&world, of(|c| c.secret = None)).await.is_ok());
}

#[tokio::test]
async fn a_client_of_either_type_signs_in_at_once() {
    let known = renraku_sandbox::clients();
    let world = StandIns::empty().await;
    assert!(sign_in(&world, client(Side::Zoho)).await.is_ok(), "for mobile and desktop apps");
    // As Connect keeps what is typed there: of the type for servers.
    let draft = crate::auth::draft::ClientDraft {
        client_id: known.zoho_server_client_id.to_owned(),
        client_secret: known.zoho_server_client_secret.to_owned(),
        data_centre: Some(DataCentre::Us),
        redirect: None,
        pkce: false,
    };
    let mut typed = super::clients::of_draft(Side::Zoho, &draft, false).expect("a client");
    typed.registered.redirect.port = 0;
    let done = sign_in(&world, typed.clone()).await;
    assert!(done.is_ok(), "{:?}", done.err());
    typed.registered.pkce = true;
    let page = first_page(&world, typed).await;
    assert!(page.contains("Invalid Request"), "it would wait for a page for ever: {page}");
}

#[tokio::test]
async fn a_sign_in_goes_on_without_pkce_where_that_is_refused() {
    for pkce in [Pkce::Checked, Pkce::RefusedByRedirect, Pkce::RefusedWithTokens] {
        let world = StandIns::empty().await;
        world.control.set_switches(|s| s.zoho.pkce = pkce);
        let done = sign_in(&world, client(Side::Zoho)).await;
        assert!(done.is_ok(), "{pkce:?}: {:?}", done.err());
    }
    let world = StandIns::empty().await;
    world.control.set_switches(|s| s.zoho.pkce = Pkce::RefusedOnPage);
    let done = sign_in(&world, of(|c| c.registered.pkce = false)).await;
    assert!(done.is_ok(), "a page that never comes back is spared: {:?}", done.err());
}

#[tokio::test]
async fn scopes_may_be_spelled_in_any_way_but_the_right_to_contacts_must_be_there() {
    for spelling in [
        ScopeSpelling::Capitals,
        ScopeSpelling::Asked,
        ScopeSpelling::Commas,
        ScopeSpelling::Silent,
    ] {
        let world = StandIns::empty().await;
        world.control.set_switches(|s| s.zoho.scope_spelling = spelling);
        let done = sign_in(&world, client(Side::Zoho)).await;
        assert!(done.is_ok(), "{spelling:?}: {:?}", done.err());
        world.control.set_switches(|s| {
            s.zoho.scopes_dropped = vec!["ZohoCRM.modules.contacts.ALL".to_owned()];
        });
        let told = spelling != ScopeSpelling::Silent;
        let done = sign_in(&world, client(Side::Zoho)).await;
        assert_eq!(done.is_err(), told, "{spelling:?}: what is not told is met later");
        if let Err(failure) = done {
            assert_eq!(failure.code, FailureCode::ScopeMissing, "{spelling:?}");
            let requests = world.control.requests();
            assert!(requests.iter().any(|r| r.path.contains("revoke")), "the grant is taken back");
        }
    }
    let world = StandIns::empty().await;
    world.control.set_switches(|s| {
        s.zoho.scopes_dropped = vec!["ZohoCRM.modules.vendors.ALL".to_owned()];
    });
    let grant = sign_in(&world, client(Side::Zoho)).await.expect("it goes on").grant;
    assert_eq!(super::scopes::missing(&grant.scopes), ["ZohoCRM.modules.vendors.ALL"]);
    world.control.set_switches(|s| {
        s.zoho.scopes_dropped = vec!["ZohoCRM.org.READ".to_owned()];
    });
    let failure = sign_in(&world, client(Side::Zoho)).await.expect_err("nobody knows whose it is");
    assert_eq!(failure.code, FailureCode::ScopeMissing);
}

#[tokio::test]
async fn nobody_but_zoho_is_sent_a_token_or_a_secret() {
    let world = StandIns::empty().await;
    let signed_in = sign_in(&world, client(Side::Zoho)).await.expect("a login");
    let grant = signed_in.grant.zoho.expect("Zoho's part");
    let strange = "http://10.1.2.3:80".to_owned();
    let with = |server: &str, api: &str| {
        let (http, endpoints) = (&world.http, &world.endpoints);
        let secrets = signed_in.secrets.clone();
        let (server, api) = (Some(server), Some(api.to_owned()));
        Tokens::fresh(Side::Zoho, http, endpoints, client(Side::Zoho), server, secrets, api)
    };
    let broken = |error: RemoteError| matches!(error, RemoteError::Broken { .. });
    let away = Zoho::new(&world.http, with(&grant.accounts_server, &strange), world.retry_budget());
    assert!(away.me().await.is_err_and(broken), "an API that is none of Zoho's");
    world.control.advance(Duration::from_secs(4000));
    world.control.clear_requests();
    let away = with(&strange, &grant.api_domain);
    let old = away.access().await;
    let renewed = match old {
        Ok(access) => away.renewed(&access.token).await,
        Err(error) => Err(error),
    };
    assert!(renewed.is_err_and(broken), "an accounts server that is none of Zoho's");
    assert_eq!(world.control.count(renraku_sandbox::Side::Zoho, Traffic::Token), 0);
}
