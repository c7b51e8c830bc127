//! The stand-ins in Japanese: their pages, and what Zoho calls its fields. Both services speak the
//! language of the account; here it is the one that the app speaks.

use serde::{Deserialize, Serialize};

/// What the stand-ins speak.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English, as Zoho's published samples.
    #[default]
    En,
    /// Japanese, in the words of Zoho's and Google's own pages.
    Ja,
}

impl Language {
    /// A word of the stand-ins' own in this language; anything else stays as it is.
    pub(crate) fn word(self, text: &str) -> String {
        match self {
            Language::En => text.to_owned(),
            Language::Ja => in_japanese(text),
        }
    }

    /// A page in this language. What is written in fields of a form stays as it is.
    pub(crate) fn page(self, html: &str) -> String {
        match self {
            Language::En => html.to_owned(),
            Language::Ja => page_in_japanese(html),
        }
    }
}

fn known(text: &str) -> Option<&'static str> {
    WORDS.iter().find(|(english, _)| *english == text).map(|(_, japanese)| *japanese)
}

fn in_japanese(text: &str) -> String {
    if let Some(found) = known(text) {
        return found.to_owned();
    }
    if let Some((rest, end)) = ENDINGS
        .iter()
        .find_map(|(english, japanese)| text.strip_suffix(english).map(|rest| (rest, japanese)))
    {
        return format!("{}{end}", in_japanese(rest));
    }
    let begun = BEGINNINGS.iter().find_map(|(english, form)| {
        text.strip_prefix(english).map(|rest| form.replace("{}", &in_japanese(rest)))
    });
    let counted = || {
        // What goes on with anything else is a person's, such as a company that is called All Nippon.
        COUNTED.iter().find_map(|(english, form)| {
            let rest = text.strip_prefix(english)?;
            let number = || rest.parse::<u64>().ok().map(|_| rest);
            Some(form.replace("{}", known(rest).or_else(number)?))
        })
    };
    begun.or_else(counted).unwrap_or_else(|| text.to_owned())
}

/// Elements whose text is a person's or no text at all.
const LEFT_ALONE: [&str; 3] = ["<textarea", "<style", "<script"];

fn page_in_japanese(html: &str) -> String {
    let mut page = String::with_capacity(html.len());
    let mut alone = false;
    for part in html.split_inclusive(['<', '>']) {
        // Either a tag without its first sign, or a text with the first sign of the next one.
        if let Some(tag) = part.strip_suffix('>') {
            let opened = format!("<{tag}");
            alone = LEFT_ALONE.iter().any(|one| opened.starts_with(one));
            page.push_str(&attributes(tag));
            page.push('>');
            continue;
        }
        let (text, next) = part.strip_suffix('<').map_or((part, ""), |text| (text, "<"));
        let bare = text.trim();
        if alone || bare.is_empty() {
            page.push_str(text);
        } else {
            page.push_str(&text.replacen(bare, &in_japanese(bare), 1));
        }
        page.push_str(next);
    }
    page.replacen("<html lang=\"en\">", "<html lang=\"ja\">", 1)
}

/// A tag with what it shows or tells in Japanese.
fn attributes(tag: &str) -> String {
    let mut done = tag.to_owned();
    for name in ["placeholder=\"", "aria-label=\"", "title=\""] {
        let value = tag.split_once(name).and_then(|(_, rest)| rest.split_once('"'));
        if let Some((value, _)) = value.filter(|(value, _)| !value.is_empty()) {
            let (old, new) =
                (format!("{name}{value}\""), format!("{name}{}\"", in_japanese(value)));
            done = done.replacen(&old, &new, 1);
        }
    }
    done
}

/// Texts that begin with something else, which may be a contact's name or a field's.
const ENDINGS: [(&str, &str); 4] = [
    (" *", " *"),
    (" must not be empty.", "を空にすることはできません。"),
    (" \u{2013} Google sandbox", " \u{2013} Google のサンドボックス"),
    (" \u{2013} Zoho sandbox", " \u{2013} Zoho のサンドボックス"),
];

/// Texts that go on with a word of the stand-ins' own, or a number.
const COUNTED: [(&str, &str); 6] = [
    ("Create ", "{}を作成"),
    ("Recycle bin: ", "ごみ箱：{}"),
    ("Address ", "住所（{}）"),
    ("All ", "すべての{}"),
    ("struck: ", "発生回数：{}"),
    ("seconds left: ", "残り {} 秒"),
];

/// Texts that go on with anything else.
const BEGINNINGS: [(&str, &str); 5] = [
    ("Google sandbox \u{2013} ", "Google のサンドボックス \u{2013} {}"),
    ("Zoho sandbox \u{2013} ", "Zoho のサンドボックス \u{2013} {}"),
    ("API requests so far: ", "これまでの API リクエスト：{}"),
    ("API requests so far:", "これまでの API リクエスト：{}"),
    ("Access blocked: ", "アクセスがブロックされました：{}"),
];

const WORDS: &[(&str, &str)] = &[
    ("Contacts", "連絡先"),
    ("contact", "連絡先"),
    ("label", "ラベル"),
    ("Contact", "連絡先"),
    ("Leads", "見込み客"),
    ("Lead", "見込み客"),
    ("Vendors", "仕入先"),
    ("Vendor", "仕入先"),
    ("Accounts", "取引先"),
    ("Account", "アカウント"),
    ("Labels", "ラベル"),
    ("Label", "ラベル"),
    ("Bin", "ごみ箱"),
    ("Faults", "障害"),
    ("Name", "名前"),
    ("E-mail", "メール"),
    ("Phone", "電話"),
    ("Company", "会社"),
    ("All labels", "すべてのラベル"),
    ("Find", "検索"),
    ("Search", "検索"),
    ("Change", "変更"),
    ("Delete", "削除"),
    ("Rename", "名前を変更"),
    ("Restore", "復元"),
    ("Next", "次へ"),
    ("Previous", "前へ"),
    ("Starred", "スター付き"),
    ("My Contacts", "マイ コンタクト"),
    ("New label", "新しいラベル"),
    ("New name", "新しい名前"),
    ("No account", "アカウントがありません"),
    ("Not found", "見つかりません"),
    ("Gone", "削除されています"),
    ("The sandbox has no such page.", "サンドボックスにこのページはありません。"),
    ("This contact does not exist any more.", "この連絡先はもうありません。"),
    ("This record does not exist any more.", "このデータはもうありません。"),
    ("This was not saved", "保存されませんでした"),
    ("There is no such module.", "このタブはありません。"),
    ("There is no organisation.", "組織がありません。"),
    ("(no name)", "（名前なし）"),
    ("Allow", "許可"),
    ("Cancel", "キャンセル"),
    ("Accept", "同意する"),
    ("Reject", "拒否"),
    ("Google sandbox sign-in", "Google のサンドボックスへのサインイン"),
    ("Zoho sandbox sign-in", "Zoho のサンドボックスへのサインイン"),
    ("Google sandbox", "Google のサンドボックス"),
    ("Zoho sandbox", "Zoho のサンドボックス"),
    ("See and download your contacts", "連絡先の表示とダウンロード"),
    (
        "See, edit, download, and permanently delete your contacts",
        "連絡先の表示、編集、ダウンロード、完全な削除",
    ),
    (
        "Nothing leaves this computer: this page belongs to the sandbox.",
        "このページはサンドボックスの一部です。このコンピューターの外には何も送信されません。",
    ),
    (
        "Renraku wants access to your Google Account",
        "Renraku が Google アカウントへのアクセスを求めています",
    ),
    (
        "Renraku would like to access your Zoho CRM",
        "Renraku が Zoho CRM へのアクセスを求めています",
    ),
    ("Select what Renraku can access:", "Renraku がアクセスできる情報を選択してください："),
    ("Read and write the records of your CRM", "CRM のデータの閲覧と編集"),
    ("Read how your CRM is set up", "CRM の設定の閲覧"),
    ("Search and query your CRM", "CRM の検索"),
    ("See who you are and your organisation", "ご本人と組織の情報の閲覧"),
    (
        "This sign-in page is no longer valid. Start again from the app.",
        "このサインイン画面は無効になりました。アプリからやり直してください。",
    ),
    (
        "This page is no longer valid. Start again from the app.",
        "このページは無効になりました。アプリからやり直してください。",
    ),
    (
        "This request cannot be completed. The app is told nothing; close this window.",
        "この要求は完了できません。アプリには何も伝わりません。このウィンドウを閉じてください。",
    ),
    (
        "You can close this window and go back to the app.",
        "このウィンドウを閉じて、アプリに戻ってください。",
    ),
    ("Done", "完了"),
    ("Sign in", "サインイン"),
    ("Organisation", "組織"),
    ("Scopes", "権限"),
    ("Connect a device", "機器の接続"),
    ("Code shown by the app", "アプリに表示されたコード"),
    ("No app waits with this code.", "このコードを待っているアプリはありません。"),
    ("Birthday", "誕生日"),
    ("Custom fields", "カスタム項目"),
    ("Notes", "メモ"),
    ("Move to bin", "ごみ箱に移動"),
    ("Move to recycle bin", "ごみ箱に移動"),
    ("Recycle bin", "ごみ箱"),
    ("Save", "保存"),
    ("City", "市区町村"),
    ("Country", "国"),
    ("Day", "日"),
    ("Month", "月"),
    ("Year", "年"),
    ("Department", "部署"),
    ("First name", "名"),
    ("Last name", "姓"),
    ("Middle name", "ミドルネーム"),
    ("Job title", "役職"),
    ("Nickname", "ニックネーム"),
    ("Phonetic first name", "名のふりがな"),
    ("Phonetic last name", "姓のふりがな"),
    ("Postal code", "郵便番号"),
    ("Prefix", "敬称（前）"),
    ("Suffix", "敬称（後）"),
    ("State", "都道府県"),
    ("Street", "番地"),
    ("Street, line 2", "建物名など"),
    ("Type", "種類"),
    ("Value", "値"),
    ("Website", "ウェブサイト"),
    ("In force", "発生中"),
    ("Too many requests", "「429」を返しています"),
    ("Another answer", "別の応答を返しています"),
    ("The answer is lost", "応答を失わせます"),
    ("Slow answers", "応答を遅くしています"),
    ("Another fault", "その他の障害"),
    (
        "A gateway's HTML page instead of the service.",
        "サービスの代わりに、ゲートウェイの HTML ページを返します。",
    ),
    (
        "A list that is being read has to start again.",
        "読み込み中の一覧は、最初から読み直す必要があります。",
    ),
    ("End all faults", "すべての障害を終わらせる"),
    ("None.", "ありません。"),
    (
        "What can go wrong with the real service, on demand.",
        "実際のサービスで起こりうる障害を、ここで起こせます。",
    ),
    ("Answer 429 for a minute", "1 分間「429」を返す"),
    ("Answer 503 for a minute", "1 分間「503」を返す"),
    (
        "Every API call is refused as too many.",
        "すべての API 呼び出しを、回数が多すぎるとして断ります。",
    ),
    ("Every API call takes two seconds.", "すべての API 呼び出しに 2 秒かかります。"),
    ("Slow answers for a minute", "1 分間、応答を遅くする"),
    ("Lose the next answer", "次の応答を失う"),
    (
        "The next write takes effect, but its answer never arrives.",
        "次の書き込みは反映されますが、応答は届きません。",
    ),
    ("Delete all contacts", "すべての連絡先を削除"),
    ("Moves every contact to the recycle bin.", "すべての連絡先をごみ箱に移動します。"),
    (
        "Moves everybody to the bin (they can be restored one by one).",
        "すべての連絡先をごみ箱に移動します（1 件ずつ復元できます）。",
    ),
    ("Expire the access tokens", "アクセストークンの期限を切らす"),
    ("The app has to renew them.", "アプリは更新する必要があります。"),
    ("Expire the page tokens", "ページトークンの期限を切らす"),
    ("Expire the sync tokens", "同期トークンの期限を切らす"),
    (
        "The next incremental list is refused; a full one is needed.",
        "次の差分の読み込みを断ります。すべてを読み直す必要があります。",
    ),
    ("Revoke the sign-in", "サインインを取り消す"),
    (
        "The app has to ask the person to sign in again.",
        "アプリは、もう一度サインインを求める必要があります。",
    ),
    ("Records", "データ"),
    ("Rights", "権限"),
    ("Views", "ビュー"),
    ("View", "ビュー"),
    ("Tags", "タグ"),
    ("separated by commas", "カンマ区切り"),
    ("name", "名前"),
    ("yyyy-mm-dd", "例：1980-05-17"),
    ("all records", "すべてのデータ"),
    ("locked", "ロック中"),
    ("not shared", "共有なし"),
    ("converted", "変換済み"),
    ("waiting", "承認待ち"),
    ("Convert lead", "見込み客を変換"),
    ("Condition", "条件"),
    ("General", "全般"),
    ("Module", "タブ"),
    ("Save rights", "権限を保存"),
    ("Save view", "ビューを保存"),
    ("Create", "作成"),
    ("Edit", "編集"),
    ("Shown in CRM", "CRM で表示"),
    ("Sync with Google Contact", "Google コンタクトとの同期"),
    ("Zoho CRM API access", "Zoho CRM API へのアクセス"),
    ("Manage profiles (may read them)", "プロファイルの管理（閲覧可）"),
    ("First Name", "名"),
    ("Last Name", "姓"),
    ("Full Name", "氏名"),
    ("First Name Furigana", "名（フリガナ）"),
    ("Last Name Furigana", "姓（フリガナ）"),
    ("Salutation", "敬称"),
    ("Email", "メール"),
    ("Secondary Email", "予備のメール"),
    ("Mobile", "携帯電話"),
    ("Home Phone", "自宅電話"),
    ("Other Phone", "その他の電話"),
    ("Asst Phone", "アシスタントの電話"),
    ("Assistant", "アシスタント"),
    ("Fax", "FAX"),
    ("Account Name", "取引先名"),
    ("Title", "役職"),
    ("Designation", "役職（見込み客）"),
    ("Date of Birth", "生年月日"),
    ("Description", "詳細情報"),
    ("Lead Source", "データ元"),
    ("Lead Status", "見込み客の状況"),
    ("Industry", "業種"),
    ("Annual Revenue", "年間売上"),
    ("No of Employees", "従業員数"),
    ("Rating", "評価"),
    ("Reporting To", "上司"),
    ("Owner", "担当者"),
    ("Created By", "作成者"),
    ("Modified By", "更新者"),
    ("Created Time", "作成日時"),
    ("Modified Time", "更新日時"),
    ("Last Activity Time", "最終活動日時"),
    ("Mailing Street", "町名・番地（郵送先）"),
    ("Mailing City", "市区町村（郵送先）"),
    ("Mailing State", "都道府県（郵送先）"),
    ("Mailing Zip", "郵便番号（郵送先）"),
    ("Mailing Country", "国（郵送先）"),
    ("Other Street", "町名・番地（その他）"),
    ("Other City", "市区町村（その他）"),
    ("Other State", "都道府県（その他）"),
    ("Other Zip", "郵便番号（その他）"),
    ("Other Country", "国（その他）"),
    ("Zip Code", "郵便番号"),
    ("Skype ID", "Skype ID"),
    ("Twitter", "Twitter"),
    ("Email Opt Out", "メール配信停止"),
    ("Unsubscribed Mode", "配信停止の方法"),
    ("Unsubscribed Time", "配信停止日時"),
    ("Tag", "タグ"),
    ("Record Image", "画像"),
    ("Record Status", "データの状態"),
    ("Record Id", "データ ID"),
    ("Layout", "レイアウト"),
    ("Locked", "ロック"),
    ("Vendor Name", "仕入先名"),
    ("Vendor Code", "仕入先コード"),
    ("GL Account", "会計科目"),
    ("Category", "カテゴリー"),
    ("Campaign Code", "キャンペーンコード"),
    ("Customer Rank", "顧客ランク"),
    ("Interests", "関心事"),
    ("Loyalty ID", "会員番号"),
    ("Converted", "変換済み"),
    ("Converted Account", "変換先の取引先"),
    ("Converted Contact", "変換先の連絡先"),
    ("Converted Date Time", "変換日時"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_translated_around_what_people_wrote() {
        let english = "<html lang=\"en\"><h1>Contacts</h1><input value=\"Name\" placeholder=\"Search\"><textarea>Save</textarea><button>Save</button><a>Create contact</a><td>Ann</td>";
        let japanese = "<html lang=\"ja\"><h1>連絡先</h1><input value=\"Name\" placeholder=\"検索\"><textarea>Save</textarea><button>保存</button><a>連絡先を作成</a><td>Ann</td>";
        assert_eq!(Language::Ja.page(english), japanese);
        assert_eq!(Language::En.page(english), english);
    }

    #[test]
    fn every_word_is_there_once() {
        let mut all: Vec<&str> = WORDS.iter().map(|(english, _)| *english).collect();
        all.sort_unstable();
        let before = all.len();
        all.dedup();
        assert_eq!(all.len(), before);
        assert!(WORDS.iter().all(|(_, japanese)| !japanese.is_empty()));
    }

    #[test]
    fn a_title_ends_in_japanese_and_a_name_in_it_stays() {
        for (english, japanese) in [
            ("Contacts \u{2013} Google sandbox", "連絡先 \u{2013} Google のサンドボックス"),
            ("Ann Lee \u{2013} Zoho sandbox", "Ann Lee \u{2013} Zoho のサンドボックス"),
            ("Sign in \u{2013} Google sandbox", "サインイン \u{2013} Google のサンドボックス"),
            ("All Leads", "すべての見込み客"),
            ("All Nippon Trading", "All Nippon Trading"),
            ("Create Vendor", "仕入先を作成"),
            ("Create Ltd", "Create Ltd"),
            ("Address 2", "住所（2）"),
            ("seconds left: 40", "残り 40 秒"),
        ] {
            assert_eq!(Language::Ja.word(english), japanese);
        }
    }

    #[test]
    fn what_zoho_calls_its_fields_is_known() {
        for label in
            ["First Name", "Last Name", "Email", "Mailing Street", "Lead Source", "Vendor Name"]
        {
            assert_ne!(Language::Ja.word(label), label);
        }
        assert_eq!(Language::Ja.word("Shoe size"), "Shoe size", "a name of one's own");
    }
}
