//! Zoho's sign-in by a code that is typed on another device.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Zoho;
use super::oauth::{To, client, error, grant, is_anothers, scopes, secret_of};
use crate::clock::SECOND;
use crate::http::{Reply, field};
use crate::switches::{DeviceLife, ZohoSwitches};

/// A device that waits for its person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Device {
    pub(crate) user_code: String,
    scopes: Vec<String>,
    lasting: bool,
    expires: i64,
    polled: i64,
    /// Set when the person answered.
    pub(crate) approved: Option<bool>,
    /// The client that asked for it.
    #[serde(default)]
    client: String,
}

/// Gives a device its code.
pub(super) fn code(
    zoho: &mut Zoho,
    form: &[(String, String)],
    switches: &ZohoSwitches,
    centre: &str,
    now: i64,
) -> Reply {
    // The code is asked for without a secret, where the client is registered.
    let known = secret_of(field(form, "client_id")).is_some();
    if !known || centre != switches.client_centre {
        return error(switches, "invalid_client");
    }
    let scopes = scopes(field(form, "scope").unwrap_or(""));
    let user_code = zoho.auth.random.hex(8).to_uppercase();
    let device_code = format!("1004.{}.{}", zoho.auth.random.hex(32), zoho.auth.random.hex(32));
    let base = zoho.hosts.get(centre).map(|h| h.accounts.clone()).unwrap_or_default();
    let lasting = field(form, "access_type") == Some("offline");
    let device = Device {
        user_code: user_code.clone(),
        scopes,
        lasting,
        expires: now + 300 * SECOND,
        polled: 0,
        approved: None,
        client: field(form, "client_id").unwrap_or_default().to_owned(),
    };
    zoho.auth.devices.insert(device_code.clone(), device);
    let unit = match switches.device_life {
        DeviceLife::Milliseconds => 1_000,
        DeviceLife::Seconds => 1,
    };
    Reply::json(
        200,
        &json!({
            "user_code": user_code, "device_code": device_code, "interval": 30 * unit, "expires_in": 300 * unit,
            "verification_url": format!("{base}/oauth/v2/auth/device"),
            "verification_uri_complete": format!("{base}/oauth/v2/auth/device?user_code={user_code}"),
        }),
    )
}

/// Answers a device that asks whether its code was typed.
pub(super) fn token(
    zoho: &mut Zoho,
    form: &[(String, String)],
    switches: &ZohoSwitches,
    centre: &str,
    now: i64,
) -> Reply {
    if let Err(code) = client(form, switches, centre) {
        return error(switches, code);
    }
    let home = switches.data_centre.clone();
    let text = field(form, "code").unwrap_or("").to_owned();
    let device = zoho.auth.devices.get_mut(&text);
    let Some(device) = device.filter(|device| !is_anothers(&device.client, form)) else {
        return error(switches, "invalid_code");
    };
    if now > device.expires {
        zoho.auth.devices.remove(&text);
        return error(switches, "expired");
    }
    if now - device.polled < 30 * SECOND {
        return error(switches, "slow_down");
    }
    device.polled = now;
    match device.approved {
        None => error(switches, "authorization_pending"),
        Some(false) => error(switches, "access_denied"),
        Some(true) if home != centre => Reply::json(
            switches.token_error_status,
            &json!({"error": "other_dc", "user_location": home}),
        ),
        Some(true) => {
            let (client, scopes) = (device.client.clone(), device.scopes.clone());
            let lasting = device.lasting;
            zoho.auth.devices.remove(&text);
            let to = To { client, account: switches.login_as, scopes };
            grant(zoho, to, lasting, centre, switches, now)
        }
    }
}
