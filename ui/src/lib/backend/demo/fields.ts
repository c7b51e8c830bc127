// The fields of the demo's Zoho, and the places in Google that they can take.
import type { Fields, Language, Module, Newcomers, Scopes, ZohoField } from '../door';

const phones = ['work', 'mobile', 'home', 'other', 'main', 'workFax', 'homeFax'].map((kind) => `phoneNumbers[${kind}]`);
const mails = ['work', 'home', 'other'].map((kind) => `emailAddresses[${kind}]`);
const texts = [
  'names.givenName', 'names.familyName', 'names.middleName', 'names.honorificPrefix', 'names.honorificSuffix',
  'names.phoneticGivenName', 'names.phoneticFamilyName', 'nicknames', 'organizations.name', 'organizations.title',
  'organizations.department',
  ...['work', 'home'].flatMap((kind) =>
    ['streetAddress', 'extendedAddress', 'city', 'region', 'postalCode', 'country'].map((part) => `addresses[${kind}].${part}`),
  ),
  'biographies',
];
const urls = ['urls[work]', 'urls[homePage]'];
const places: Record<string, string[]> = { text: texts, email: mails, phone: phones, website: urls, date: ['birthdays'], textarea: ['biographies'], picklist: texts, lookup: ['organizations.name'], boolean: [] };

type Line = [apiName: string, label: string, type: string, google: string | null, more?: Partial<ZohoField>];

const people: Line[] = [
  ['First_Name', 'First Name', 'text', 'names.givenName', { length: 40 }],
  ['Last_Name', 'Last Name', 'text', 'names.familyName', { mandatory: true, length: 80 }],
  ['Email', 'Email', 'email', 'emailAddresses[work]', { length: 100 }],
  ['Secondary_Email', 'Secondary Email', 'email', 'emailAddresses[home]', { length: 100 }],
  ['Phone', 'Phone', 'phone', 'phoneNumbers[work]', { length: 30 }],
  ['Mobile', 'Mobile', 'phone', 'phoneNumbers[mobile]', { length: 30 }],
  ['Fax', 'Fax', 'phone', 'phoneNumbers[workFax]', { length: 30 }],
];

const contacts: Line[] = [
  ...people,
  ['Home_Phone', 'Home Phone', 'phone', 'phoneNumbers[home]', { length: 30 }],
  ['Account_Name', 'Account Name', 'lookup', 'organizations.name'],
  ['Title', 'Title', 'text', 'organizations.title', { length: 100 }],
  ['Department', 'Department', 'text', 'organizations.department', { length: 50 }],
  ['Mailing_Street', 'Mailing Street', 'text', 'addresses[work].streetAddress', { length: 250 }],
  ['Mailing_City', 'Mailing City', 'text', 'addresses[work].city', { length: 100 }],
  ['Mailing_State', 'Mailing State', 'text', 'addresses[work].region', { length: 100 }],
  ['Mailing_Zip', 'Mailing Zip', 'text', 'addresses[work].postalCode', { length: 30 }],
  ['Mailing_Country', 'Mailing Country', 'text', 'addresses[work].country', { length: 100 }],
  ['Date_of_Birth', 'Date of Birth', 'date', 'birthdays'],
  ['Description', 'Description', 'textarea', 'biographies', { length: 32000 }],
  ['Skype_ID', 'Skype ID', 'text', null, { length: 50 }],
  ['Furigana_Sei', 'セイ（フリガナ）', 'text', null, { custom: true, length: 80 }],
  ['Loyalty_ID', 'Loyalty ID', 'text', null, { custom: true, length: 20 }],
  ['Long_Label', 'A custom field with a forty letter name', 'text', null, { custom: true, length: 20 }],
  ['Lead_Source', 'Lead Source', 'picklist', null, { choices: ['Web', 'Partner', '展示会', 'Referral'] }],
  ['Region', 'Sales region', 'picklist', null, { custom: true, mandatory: true, choices: ['東日本', '西日本', 'Overseas'] }],
  ['Email_Opt_Out', 'Email Opt Out', 'boolean', null],
];

const leads: Line[] = [
  ...people,
  ['Company', 'Company', 'text', 'organizations.name', { mandatory: true, length: 100 }],
  ['Designation', 'Title', 'text', 'organizations.title', { length: 100 }],
  ['Website', 'Website', 'website', 'urls[work]', { length: 255 }],
  ['City', 'City', 'text', 'addresses[work].city', { length: 100 }],
  ['Description', 'Description', 'textarea', 'biographies', { length: 32000 }],
];

const vendors: Line[] = [
  ['Vendor_Name', 'Vendor Name', 'text', 'organizations.name', { mandatory: true, length: 120 }],
  ['Email', 'Email', 'email', 'emailAddresses[work]', { length: 100 }],
  ['Phone', 'Phone', 'phone', 'phoneNumbers[work]', { length: 30 }],
  ['Website', 'Website', 'website', 'urls[work]', { length: 255 }],
];

/** Zoho names its fields in the language of the person's account. */
const japanese: Record<string, string> = {
  First_Name: '名', Last_Name: '姓', Email: 'メール', Secondary_Email: '予備のメール', Phone: '電話', Mobile: '携帯電話', Fax: 'FAX',
  Home_Phone: '自宅電話', Account_Name: '取引先名', Title: '役職', Department: '部署', Mailing_Street: '町名・番地（郵送先）',
  Mailing_City: '市区町村（郵送先）', Mailing_State: '都道府県（郵送先）', Mailing_Zip: '郵便番号（郵送先）', Mailing_Country: '国（郵送先）',
  Date_of_Birth: '生年月日', Description: '詳細情報', Loyalty_ID: '会員番号', Long_Label: '展示会で名刺交換したときに伺ったご要望とその後の対応の記録',
  Lead_Source: 'データ元', Region: '営業地域', Email_Opt_Out: 'メール配信停止', Company: '会社', Designation: '役職', Website: 'ウェブサイト',
  City: '市区町村', Vendor_Name: '仕入先名',
};

export function fields(module: Module, language: Language = 'en'): Fields {
  const lines = { Contacts: contacts, Leads: leads, Vendors: vendors }[module];
  const zoho = lines.map(([api_name, label, data_type, default_google, more]) => ({
    api_name,
    label: (language === 'ja' ? japanese[api_name] : undefined) ?? label,
    data_type,
    mandatory: false,
    writable: true,
    custom: false,
    length: null,
    choices: [],
    google: places[data_type] ?? [],
    default_google,
    ...more,
  }));
  const all = [...new Set(Object.values(places).flat())];
  return { module, zoho, google: all.map((path) => ({ path, data_type: 'text', mandatory: false })) };
}

/** What the engine fills in for a module's mandatory fields. */
export const filled: Record<Module, Record<string, string>> = {
  Contacts: { Last_Name: '-' }, Leads: { Last_Name: '-', Company: 'Unknown' }, Vendors: { Vendor_Name: 'Unknown' },
};

/** What a sync can be limited to. */
export const scopes: Omit<Scopes, 'module'> = {
  views: [
    { id: '101', name: 'All Contacts' },
    { id: '102', name: 'My Contacts' },
    { id: '103', name: '今月の展示会で名刺交換した方の一覧（東京・大阪・名古屋）' },
  ],
  labels: [
    { id: 'l1', name: 'Customers', members: 214 },
    { id: 'l2', name: '取引先', members: 1 },
    { id: 'l3', name: 'Empty label', members: 0 },
  ],
  everybody: 351,
  directions: ['two_way', 'zoho_to_google', 'google_to_zoho'],
  limited_because: null,
};

/** Who of them would be new in Zoho. */
export const newcomers: Newcomers = {
  everybody: { people: 351, new: 231 },
  labels: { l1: { people: 214, new: 96 }, l2: { people: 1, new: 0 } },
};
