//! The fields of the modules. Names, types and lengths follow Zoho's published samples for v7/v8.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Zoho's `data_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Text,
    Textarea,
    Email,
    Phone,
    Website,
    Picklist,
    Multiselectpicklist,
    Date,
    Datetime,
    Integer,
    Currency,
    Boolean,
    Lookup,
    Ownerlookup,
    Bigint,
    Layout,
    Profileimage,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Textarea => "textarea",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Website => "website",
            Self::Picklist => "picklist",
            Self::Multiselectpicklist => "multiselectpicklist",
            Self::Date => "date",
            Self::Datetime => "datetime",
            Self::Integer => "integer",
            Self::Currency => "currency",
            Self::Boolean => "boolean",
            Self::Lookup => "lookup",
            Self::Ownerlookup => "ownerlookup",
            Self::Bigint => "bigint",
            Self::Layout => "layout",
            Self::Profileimage => "profileimage",
        }
    }

    /// The type of this name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let all = [
            Self::Text,
            Self::Textarea,
            Self::Email,
            Self::Phone,
            Self::Website,
            Self::Picklist,
            Self::Multiselectpicklist,
            Self::Date,
            Self::Datetime,
            Self::Integer,
            Self::Currency,
            Self::Boolean,
            Self::Lookup,
            Self::Ownerlookup,
            Self::Bigint,
            Self::Layout,
            Self::Profileimage,
        ];
        all.into_iter().find(|k| k.name() == name)
    }

    pub(crate) fn json_type(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Currency => "double",
            Self::Lookup | Self::Ownerlookup | Self::Layout => "jsonobject",
            Self::Multiselectpicklist => "jsonarray",
            Self::Text
            | Self::Textarea
            | Self::Email
            | Self::Phone
            | Self::Website
            | Self::Picklist
            | Self::Date
            | Self::Datetime
            | Self::Bigint
            | Self::Profileimage => "string",
        }
    }
}

/// One field of a module.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FieldDef {
    pub(crate) id: u64,
    pub(crate) api_name: String,
    pub(crate) label: String,
    pub(crate) kind: Kind,
    pub(crate) length: usize,
    /// Mandatory for the system, on every layout.
    pub(crate) mandatory: bool,
    /// Mandatory on the standard layout.
    pub(crate) layout_required: bool,
    /// Whether the API may write it.
    pub(crate) writable: bool,
    pub(crate) custom: bool,
    /// Unique, and whether case counts.
    pub(crate) unique: Option<bool>,
    pub(crate) picks: Vec<String>,
    /// What values that were renamed were called at first, by what they are called now.
    #[serde(default)]
    pub(crate) first_names: BTreeMap<String, String>,
    /// Values that were taken out of use.
    pub(crate) unused_picks: Vec<String>,
    pub(crate) lookup: Option<String>,
    /// Whether an administrator removed it.
    #[serde(default)]
    pub(crate) gone: bool,
    /// Whether the user's profile shows it.
    pub(crate) visible: bool,
    /// Whether the user's profile may not write it.
    pub(crate) read_only: bool,
}

/// `name type length flags picks`: flags M mandatory, R layout-required, O read-only, C custom, - none.
const CONTACTS: &str = "\
Owner ownerlookup 120 -
Lead_Source picklist 120 - Advertisement|Cold Call|Employee Referral|External Referral|Online Store|Partner|Seminar|Trade Show|Web Research
First_Name text 40 -
Last_Name text 80 M
Full_Name text 120 O
Salutation picklist 25 - Mr.|Mrs.|Ms.|Dr.|Prof.
Account_Name lookup 120 - Accounts
Vendor_Name lookup 120 - Vendors
Email email 100 -
Secondary_Email email 100 -
Title text 100 -
Department text 50 -
Phone phone 50 -
Home_Phone phone 30 -
Other_Phone phone 30 -
Mobile phone 30 -
Fax text 30 -
Asst_Phone phone 30 -
Assistant text 50 -
Date_of_Birth date 20 -
Reporting_To lookup 120 - Contacts
Email_Opt_Out boolean 5 -
Skype_ID text 50 -
Twitter text 50 -
Mailing_Street text 250 -
Mailing_City text 100 -
Mailing_State text 100 -
Mailing_Zip text 30 -
Mailing_Country text 100 -
Other_Street text 250 -
Other_City text 100 -
Other_State text 100 -
Other_Zip text 30 -
Other_Country text 100 -
Description textarea 32000 -
Loyalty_ID text 40 C
Customer_Rank picklist 120 C VIP|Gold|Silver|Standard
Last_Name_Furigana text 80 C
First_Name_Furigana text 80 C
Interests multiselectpicklist 255 C Golf|Tea|Travel|Music|Football
Tag text 2000 -
Layout layout 50 -
Record_Image profileimage 255 O
Created_By ownerlookup 120 O
Modified_By ownerlookup 120 O
Created_Time datetime 120 O
Modified_Time datetime 120 O
Last_Activity_Time datetime 120 O
Unsubscribed_Mode picklist 120 O
Unsubscribed_Time datetime 120 O
id bigint 18 O
Locked__s boolean 5 O
Record_Status__s picklist 120 O Available|Draft|Trash";

const LEADS: &str = "\
Owner ownerlookup 120 -
Company text 200 R
First_Name text 40 -
Last_Name text 80 M
Designation text 100 -
Email email 100 -
Phone phone 30 -
Fax text 30 -
Mobile phone 30 -
Website website 255 -
Lead_Source picklist 120 - Advertisement|Cold Call|Employee Referral|External Referral|Online Store|Partner|Seminar|Trade Show|Web Research
Lead_Status picklist 120 - Attempted to Contact|Contact in Future|Contacted|Junk Lead|Lost Lead|Not Contacted|Pre-Qualified
Industry picklist 120 - Service Provider|Wholesale|Technology|Manufacturing|Retail
No_of_Employees integer 9 -
Annual_Revenue currency 16 -
Rating picklist 120 - Acquired|Active|Market Failed|Project Cancelled|Shut Down
Created_By ownerlookup 120 O
Modified_By ownerlookup 120 O
Created_Time datetime 120 O
Modified_Time datetime 120 O
Full_Name text 120 O
Street text 250 -
City text 100 -
State text 100 -
Zip_Code text 30 -
Country text 100 -
Description textarea 32000 -
Skype_ID text 50 -
Email_Opt_Out boolean 5 -
Salutation picklist 25 - Mr.|Mrs.|Ms.|Dr.|Prof.
Secondary_Email email 100 -
Last_Activity_Time datetime 120 O
Twitter text 50 -
Campaign_Code text 40 C
Layout layout 50 -
Tag text 2000 -
Record_Image profileimage 255 O
Unsubscribed_Mode picklist 120 O
Unsubscribed_Time datetime 120 O
Converted__s boolean 5 O
Converted_Date_Time datetime 120 O
Converted_Account lookup 120 O Accounts
Converted_Contact lookup 120 O Contacts
id bigint 18 O
Locked__s boolean 5 O
Record_Status__s picklist 120 O Available|Draft|Trash";

const VENDORS: &str = "\
Vendor_Name text 50 M
Owner ownerlookup 120 -
Phone phone 40 -
Email email 100 -
Website website 50 -
GL_Account picklist 120 - Sales-Software|Sales-Hardware|Rental-Income|Interest-Income
Category text 40 -
Street text 250 -
City text 30 -
State text 30 -
Zip_Code text 30 -
Country text 30 -
Description textarea 32000 -
Vendor_Code text 40 C
Email_Opt_Out boolean 5 -
Tag text 2000 -
Layout layout 50 -
Record_Image profileimage 255 O
Created_By ownerlookup 120 O
Modified_By ownerlookup 120 O
Created_Time datetime 120 O
Modified_Time datetime 120 O
id bigint 18 O
Locked__s boolean 5 O";

const ACCOUNTS: &str = "\
Account_Name text 200 M
Owner ownerlookup 120 -
Phone phone 30 -
Website website 255 -
Industry picklist 120 - Service Provider|Wholesale|Technology|Manufacturing|Retail
Description textarea 32000 -
Tag text 2000 -
Layout layout 50 -
Created_By ownerlookup 120 O
Modified_By ownerlookup 120 O
Created_Time datetime 120 O
Modified_Time datetime 120 O
id bigint 18 O
Locked__s boolean 5 O";

/// The modules with their labels: api_name, singular, plural, field table.
pub(crate) const MODULES: [(&str, &str, &str, &str); 4] = [
    ("Contacts", "Contact", "Contacts", CONTACTS),
    ("Leads", "Lead", "Leads", LEADS),
    ("Vendors", "Vendor", "Vendors", VENDORS),
    ("Accounts", "Account", "Accounts", ACCOUNTS),
];

/// The fields that a table describes; ids count up from `first_id`.
pub(crate) fn table(text: &str, first_id: u64) -> Vec<FieldDef> {
    let mut next = first_id;
    text.lines()
        .map(|line| {
            let mut parts = line.splitn(5, ' ');
            let mut part = || parts.next().unwrap_or("");
            let (name, kind, length, flag, picks) = (part(), part(), part(), part(), part());
            let kind = Kind::of(kind).unwrap_or(Kind::Text);
            next += 2;
            FieldDef {
                id: next,
                api_name: name.to_owned(),
                label: if name == "id" {
                    "Record Id".to_owned()
                } else {
                    name.replace("__s", "").replace('_', " ")
                },
                kind,
                length: length.parse().unwrap_or(255),
                mandatory: flag == "M",
                layout_required: flag == "M" || flag == "R",
                writable: flag != "O",
                custom: flag == "C",
                unique: None,
                picks: if kind == Kind::Lookup {
                    Vec::new()
                } else {
                    picks.split('|').filter(|p| !p.is_empty()).map(str::to_owned).collect()
                },
                first_names: BTreeMap::new(),
                unused_picks: Vec::new(),
                lookup: (kind == Kind::Lookup).then(|| picks.to_owned()),
                gone: false,
                visible: true,
                read_only: false,
            }
        })
        .collect()
}
