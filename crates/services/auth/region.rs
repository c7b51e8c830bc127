//! Which of Zoho's data centres this computer's region suggests.

use crate::auth::data_centre::DataCentre;

/// The countries of Zoho's European data centre: the European Economic Area, Switzerland, and who
/// is about to join.
const EUROPE: &str = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI \
                      ES SE IS LI NO CH MC SM AD VA AL BA ME MK RS UA MD";

/// The data centre that this computer's region suggests: by its locale, and by its clock where that
/// only says that nobody chose one.
pub(super) fn suggested(locale: Option<&str>) -> DataCentre {
    // What a person sets for a program counts before the computer's own.
    let told = std::env::var("TZ").ok().map(|zone| zone.trim_start_matches(':').to_owned());
    let told = told.filter(|zone| !zone.is_empty());
    let zone = told.or_else(|| iana_time_zone::get_timezone().ok());
    of(locale, zone.as_deref())
}

fn of(locale: Option<&str>, zone: Option<&str>) -> DataCentre {
    let by_locale = locale.and_then(region).map_or(DataCentre::Us, of_region);
    // Computers come with the United States: then the clock knows more.
    if by_locale == DataCentre::Us { zone.map_or(DataCentre::Us, of_zone) } else { by_locale }
}

/// The region in a tag such as `ja-JP`, `zh-Hans-CN` or `ja_JP.UTF-8`; a language of one country
/// stands for it.
fn region(tag: &str) -> Option<&str> {
    let tag = tag.split(['.', '@']).next()?;
    let mut parts = tag.split(['-', '_']);
    let language = parts.next()?;
    let told = parts.find(|part| part.len() == 2 && part.chars().all(|c| c.is_ascii_alphabetic()));
    told.or((language == "ja").then_some("JP"))
}

fn of_region(region: &str) -> DataCentre {
    let region = region.to_ascii_uppercase();
    match region.as_str() {
        "JP" => DataCentre::Jp,
        "IN" => DataCentre::In,
        "AU" | "NZ" => DataCentre::Au,
        "CA" => DataCentre::Ca,
        "SA" => DataCentre::Sa,
        "AE" => DataCentre::Ae,
        "GB" | "UK" => DataCentre::Uk,
        "CN" => DataCentre::Cn,
        other if EUROPE.split_whitespace().any(|country| country == other) => DataCentre::Eu,
        _ => DataCentre::Us,
    }
}

/// By the time zone of its clock, as far as one lies in one region.
fn of_zone(zone: &str) -> DataCentre {
    let place = zone.rsplit('/').next().unwrap_or(zone);
    match (zone, place) {
        ("Japan", _) | (_, "Tokyo") => DataCentre::Jp,
        (_, "Kolkata" | "Calcutta") => DataCentre::In,
        (_, "Auckland") => DataCentre::Au,
        (_, "Riyadh") => DataCentre::Sa,
        (_, "Dubai") => DataCentre::Ae,
        ("PRC", _) | (_, "Shanghai" | "Chongqing" | "Urumqi") => DataCentre::Cn,
        ("GB", _) | (_, "London" | "Belfast") => DataCentre::Uk,
        (_, "Toronto" | "Montreal" | "Vancouver" | "Edmonton" | "Winnipeg" | "Halifax")
        | (_, "St_Johns" | "Regina") => DataCentre::Ca,
        (_, "Moscow" | "Istanbul" | "Minsk" | "Samara" | "Volgograd") => DataCentre::Us,
        (zone, _) if zone.starts_with("Australia/") => DataCentre::Au,
        (zone, _) if zone.starts_with("Canada/") => DataCentre::Ca,
        (zone, _) if zone.starts_with("Europe/") => DataCentre::Eu,
        _ => DataCentre::Us,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_suggests_the_data_centre() {
        let check = |locale: Option<&str>, zone: Option<&str>, expected: DataCentre, why: &str| {
            assert_eq!(of(locale, zone), expected, "{why}");
        };
        check(Some("ja-JP"), None, DataCentre::Jp, "Japan");
        check(Some("ja_JP.UTF-8"), None, DataCentre::Jp, "as an environment spells it");
        check(Some("ja"), None, DataCentre::Jp, "the language alone");
        check(Some("en-JP"), None, DataCentre::Jp, "English in Japan");
        check(Some("zh-Hans-CN"), None, DataCentre::Cn, "with a script");
        check(Some("de-DE@euro"), None, DataCentre::Eu, "Germany");
        check(Some("fr-CA"), Some("Europe/Paris"), DataCentre::Ca, "what was chosen counts");
        check(Some("en-GB"), None, DataCentre::Uk, "the United Kingdom");
        check(Some("en-NZ"), None, DataCentre::Au, "New Zealand");
        check(Some("ar-SA"), None, DataCentre::Sa, "Saudi Arabia");
        check(Some("ar-AE"), None, DataCentre::Ae, "the Emirates");
        check(Some("hi-IN"), None, DataCentre::In, "India");
        check(Some("en-US"), Some("Asia/Tokyo"), DataCentre::Jp, "a computer as it came, in Tokyo");
        check(Some("en-US"), Some("Asia/Calcutta"), DataCentre::In, "an old name");
        check(Some("en-US"), Some("Australia/Perth"), DataCentre::Au, "Perth");
        check(Some("en-US"), Some("Europe/Madrid"), DataCentre::Eu, "Madrid");
        check(Some("en-US"), Some("America/New_York"), DataCentre::Us, "New York");
        check(Some("C"), Some("Etc/UTC"), DataCentre::Us, "a server");
        check(None, None, DataCentre::Us, "nothing is known");
    }
}
