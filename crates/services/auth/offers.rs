//! Zoho's data centres as a person chooses among them.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::auth::data_centre::DataCentre;

/// A data centre, and where its clients are registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CentreOffer {
    /// The data centre.
    pub data_centre: DataCentre,
    /// The address of its API console.
    pub console: String,
}

/// The data centres to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DataCentres {
    /// All of them.
    pub centres: Vec<CentreOffer>,
    /// The one of this computer's region.
    pub suggested: DataCentre,
}

/// The data centres to choose from, with the one of this computer's region, whose locale is given.
#[must_use]
pub fn offers(locale: Option<&str>) -> DataCentres {
    let offer =
        |data_centre: DataCentre| CentreOffer { data_centre, console: data_centre.console() };
    DataCentres {
        centres: DataCentre::ALL.map(offer).to_vec(),
        suggested: super::region::suggested(locale),
    }
}
