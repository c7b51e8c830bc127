# 文言の一覧

# 共通
skip = 本文へ移動
loading = 読み込んでいます…
close = 閉じる
cancel = キャンセル
back = 戻る
next = 次へ
later = あとで
save = 保存
saved = 保存しました
try-again = もう一度試す
never = まだありません
edit = 編集
no-name = 名前なし
empty-value = 空欄
filters-off = すべて表示
nothing-found = 該当するものがありません。検索語や絞り込みを変えてください。
found = { $total } 件中 { $count } 件
open-accounts = アカウントを開く
side-zoho = Zoho
side-google = Google
module-Contacts = 連絡先
module-Leads = 見込み客
module-Vendors = 仕入先
module-Contacts-hint = 取引先の担当者です。
module-Leads-hint = これから顧客になる可能性のある人です。
module-Vendors-hint = 仕入先を会社名で同期します。
modules-used = 同期済み：{ $modules }

# 画面の移動
nav-label = 画面
nav-overview = 概要
nav-needs-you = 要確認
nav-needs-you-count = 要確認 { $count } 件
nav-history = 履歴
nav-contacts = 連絡先
nav-settings = 設定
sandbox-title = サンドボックス
sandbox-text = 見本のデータだけです。次のページで編集できます。
link-sandbox_zoho = Zoho のページを開く
link-sandbox_google = Google のページを開く
window-title-sandbox = Renraku – サンドボックス

# 画面を離れるとき
leave-title = 変更を保存しますか？
leave-text = この同期の設定が変更されていますが、まだ保存していません。
leave-discard = 保存しない
leave-stay = 編集を続ける
copy = コピー
copied = コピーしました
unopened-title = ページを開けませんでした
unopened-text = お使いのブラウザーで、次のアドレスを開いてください。
unopened-address = ページのアドレス
unopened-again = アドレスを表示

# 右クリックのメニュー
menu-cut = 切り取り
menu-copy = コピー
menu-paste = 貼り付け
menu-select-all = すべて選択

# ウィンドウを閉じるとき
close-notice-title = Renraku はトレイで動き続けます
close-notice-text = ウィンドウを閉じても同期は続きます。トレイのアイコンのメニューから、いつでも開き直したり終了したりできます。この動作は設定で変えられます。
close-notice-keep = トレイで動かし続ける
close-notice-quit = 終了する
end-title = 同期の途中で終了しますか？
end-text = ウィンドウを閉じると Renraku が終了しますが、同期がまだ続いています。終了しても失われるものはありません。書き込んだ内容はそのまま残り、次に起動したときに続きから再開します。
end-quit = 今すぐ終了
end-stay = 同期を続ける

# 起動できないとき
blocked-title = Renraku のデータを開けません
blocked-lead = Zoho にも Google にも変更は加えていません。
blocked-data = データの保存先：{ $folder }

# ようこそ
welcome-title = Zoho と Google の連絡先をいつも同じに
welcome-lead = 2 つのアカウントを接続し、同期する内容を選び、計画を確かめてから始めます。連絡先は間にサーバーを挟まず、このコンピューターが直接やり取りします。
welcome-sandbox = サンドボックスです。どちらのアカウントも内蔵の見本で、実際のアカウントには触れません。
welcome-try-sandbox = まず試してみたい場合は、サンドボックスを使えます。見本の連絡先が入っていて、アカウントは要りません。
welcome-open-sandbox = サンドボックスを試す
welcome-next = 次に：同期する内容を選ぶ
welcome-next-text = 短い 3 つの手順です。何かを書き込む前に、計画をすべて確認できます。
welcome-start = 同期を設定する
welcome-promise-plan = 計画を承認するまで、何も書き込みません。
welcome-promise-machine = サインイン情報は、このコンピューターの外に出ません。
welcome-promise-undo = すべての変更は履歴に残り、元に戻せます。

# アカウント
account-zoho = Zoho CRM
account-google = Google コンタクト
account-zoho-about = ブラウザーで開く Zoho のページでサインインします。パスワードが Renraku に渡ることはありません。
account-google-about = ブラウザーで開く Google のページでサインインします。連絡先へのアクセスのチェックは外さないでください。
account-connect-zoho = Zoho を接続
account-connect-google = Google を接続
account-zoho-first = 先に Zoho を接続してください。
account-connected = 接続済み
account-other-port = 別のポートを選ぶ
account-other-title = 別のアカウントがサインインしました
account-other-text = { $service } に { $now } がサインインしましたが、接続中のアカウントは { $before } です。何も変更されていません。別のアカウントに切り替えると、{ $before } の設定は再び接続するまで休止し、新しいアカウントの同期を設定するまで何も同期されません。
account-other-take = 別のアカウントに切り替える
account-other-leave = 今のアカウントのまま
account-connected-said = { $service } を接続しました。
account-lost = 再サインインが必要
account-reconnect = もう一度サインインする
account-disconnect = 接続を解除
account-email = アカウント
account-organisation = 組織
account-data-centre = データセンター
account-rights = 権限
account-rights-zoho = 同期するタブのデータの閲覧と編集
account-rights-google = 連絡先とラベルの閲覧と編集
account-without-pkce-ask = Zoho にエラーページが表示されましたか？
account-without-pkce = PKCE を使わずにサインイン
account-waiting = ブラウザーでのサインインを待っています…
account-open-clients = 設定を開く
account-access-page-zoho = Zoho のアクセス許可の一覧
account-access-page-google = Google のアクセス許可の一覧
disconnect-title = { $service } の接続を解除しますか？
disconnect-text = アクセス権を取り消し、サインイン情報を削除します。設定と両方の連絡先はそのまま残ります。もう一度接続するまで、同期は休止します。
data-centre-us = アメリカ
data-centre-eu = ヨーロッパ
data-centre-in = インド
data-centre-au = オーストラリア
data-centre-jp = 日本
data-centre-cn = 中国
data-centre-ca = カナダ
data-centre-uk = イギリス
data-centre-sa = サウジアラビア
data-centre-ae = アラブ首長国連邦
lost-title = { $service } への再サインインが必要です
lost-text = サインインの期限が切れたか、取り消されました。失われたものはなく、サインインすると同期を再開します。

# 登録（OAuth クライアント）を自分で用意する
copy-name = { $name }をコピー
copied-said = { $name }をコピーしました
copy-failed = コピーできませんでした。値を選択したので、キーボードでコピーしてください。
page-address-name = アドレス
guide-title-zoho = Zoho を接続
guide-title-google = Google を接続
guide-step = 手順 { $step } / { $count }
guide-leave = アカウントに戻る
guide-kept = ここで中断しても、後で続きから始められます。
guide-save = 保存して次へ
guide-ways-text-zoho = Zoho に接続できるのは、会社で登録したプログラムだけです。登録は一度だけ、無料で、パスワードを渡すことはありません。次の中から選んでください。
guide-ways-text-google = Google に接続できるのは、会社で登録したプログラムだけです。登録は一度だけ、無料で、パスワードを渡すことはありません。次の中から選んでください。
way-self = 今ここで登録する
way-self-hint-zoho = 一画面ずつ順にご案内します。Zoho にサインインできれば、3 分ほどで終わります。
way-self-hint-google = 一画面ずつ順にご案内します。Google アカウントがあれば、5 分ほどで終わります。
way-self-begin = 始める
way-file = 管理者からもらったファイルがある
way-file-hint = このウィンドウのどこかにドロップするか、ここで選んでください。
way-letter = 管理者に頼む
way-letter-hint = 必要なことをまとめた依頼文です。メールに貼り付けて送れます。
way-letter-open = 依頼文を見る
client-drop = ここにドロップ、または選択
client-file-without = ファイルを読み込みましたが、{ $service } の登録は入っていませんでした。
client-file-other = このファイルには { $service } の登録が入っていません。何も読み込んでいません。
drop-anywhere = 管理者からのファイルをここにドロップ
drop-taken = ファイルを読み込みました
drop-taken-text = 接続できるようになりました：{ $services }
drop-refused = このファイルは読み込めません

guide-zoho-ways = Zoho への登録がまだありません
guide-zoho-country = お使いの Zoho はどの地域ですか
guide-zoho-console = Zoho の API コンソールを開く
guide-zoho-form = Zoho のフォームに入力する
guide-zoho-keys = Zoho に表示された値を貼り付ける
guide-zoho-sign-in = Zoho にサインインする
zoho-country-text = Zoho は地域ごとに分かれています。Zoho CRM を使うときのアドレス（crm.zoho.jp など）の末尾で見分けられます。
zoho-country-legend = 国または地域
zoho-country-suggested = { $domain }（おすすめ）
zoho-console-open = コンソールを開き、Zoho のアカウントでサインインします。
zoho-console-add = 「ADD CLIENT」を押します。初めてのときは「GET STARTED」と表示されます。
zoho-console-kind = 種類の中から「Server-based Applications」を選び、「CREATE NOW」を押します。
zoho-form-text = それぞれの値をコピーし、そのままの形で欄に貼り付けます。
zoho-form-create = 最後に「CREATE」を押します。
zoho-keys-text = 「Client Secret」タブに、クライアント ID とクライアント シークレットが表示されます。両方をコピーして、ここに貼り付けてください。
redirect-other = 別のアドレスを使う
redirect-other-text = サインインの後、ブラウザーはこのアドレスで Renraku に戻ります。このポートがほかのソフトで使われているときだけ変え、Zoho のフォームにも同じものを入れてください。
redirect-host = ホスト名
redirect-port = ポート
client-right = 正しい形です
client-kept = シークレットはこのコンピューターのキーチェーンに保管し、そのサービス以外には送りません。
guide-sign-in-text-zoho = 登録が済みました。ブラウザーで開く Zoho のページで、いつもどおりサインインしてください。
guide-sign-in-text-google = 登録が済みました。ブラウザーで開く Google のページで、いつもどおりサインインしてください。
guide-onward = 概要へ
guide-onward-zoho = Zoho に進む
guide-onward-google = Google に進む

guide-google-ways = Google への登録がまだありません
guide-google-project = プロジェクトを作る
guide-google-api = People API を有効にする
guide-google-consent = サインインできる人を決める
guide-google-publish = 本番環境に公開する
guide-google-client = デスクトップ用のクライアントを作る
guide-google-file = ファイルを Renraku に渡す
guide-google-sign-in = Google にサインインする
google-open-project = Google のコンソールを開き、サインインします。
google-open-api = People API のページを開きます。Renraku はこの API で連絡先を読み書きします。
google-open-consent = ページを開き、「開始」を押します。
google-open-publish = 「対象」のページを開きます。
google-open-client = ページを開き、「クライアントを作成」を押します。
google-project-name = プロジェクトに名前を付けます。どんな名前でもかまいません。
google-project-create = 「作成」を押し、準備ができるまで待ちます。
google-api-project = 作ったプロジェクトが上部で選ばれていることを確かめます。
google-api-enable = 「有効にする」を押します。
google-consent-name = アプリ名と、サポート用に自分のメールアドレスを入力します。
google-consent-audience = 会社が Google Workspace を使っていて、使う人が全員その一員なら「内部」を、そうでなければ「外部」を選びます。
google-consent-create = もう一度メールアドレスを入力し、同意して「作成」を押します。
google-publish-why = 「テスト中」のままだと、サインインは 7 日で切れ、毎週やり直すことになります。本番環境に公開すると、サインインはそのまま続きます。
google-publish-press = 「公開ステータス」の「アプリを公開」を押し、確認します。
google-publish-seen = 「本番環境」に変われば完了です。100 人までなら、Google の審査は要りません。
google-publish-internal = 「内部」を選んだ場合、公開の手順はありません。次に進んでください。
google-client-create = 種類に「デスクトップ アプリ」を選び、名前を付けて「作成」を押します。
google-client-download = 開いた画面で「JSON をダウンロード」を押します。シークレットが表示されるのは、このときだけです。
google-file-text = ダウンロードしたファイルをドロップしてください。名前は client_secret で始まります。
client-drop-google = JSON ファイルをドロップ、または選択
client-paste = または、ファイルの中身を貼り付ける
google-file-none = ファイルがないときは ID とシークレットを入力
unverified-title = 「このアプリは Google で確認されていません」
unverified-text = 先にこの画面が出ることがあります。ご自分の会社の登録を Google が審査していない、という意味だけです。「詳細」、「Renraku に移動」の順に押してください。

drawing-zoho-kinds = Zoho のコンソールの図。右上に「ADD CLIENT」、種類の一覧に「Server-based Applications」があります。
drawing-zoho-form = Zoho のフォームの図。3 つの欄に値が入り、「CREATE」ボタンがあります。
drawing-zoho-keys = 「Client Secret」タブの図。クライアント ID の下にクライアント シークレットがあります。
drawing-google-project = Google の新しいプロジェクトの図。名前の欄と「作成」ボタンがあります。
drawing-google-api = People API のページの図。選ばれたプロジェクトと「有効にする」ボタンがあります。
drawing-google-audience = アプリ名の欄と、「内部」「外部」の選択の図。
drawing-google-publish = 公開ステータス「テスト中」と、その下の「アプリを公開」ボタンの図。
drawing-google-client = 種類「デスクトップ アプリ」と「JSON をダウンロード」ボタンの図。
drawing-unverified = Google の警告の図。「詳細」を押すと「Renraku に移動」のリンクが開きます。
drawn-new-project = 新しいプロジェクト
drawn-project-name = プロジェクト名
drawn-create = 作成
drawn-enable = 有効にする
drawn-app-name = アプリ名
drawn-audience = 対象
drawn-internal = 内部
drawn-external = 外部
drawn-status = 公開ステータス
drawn-testing = テスト中
drawn-publish = アプリを公開
drawn-type = アプリケーションの種類
drawn-desktop = デスクトップ アプリ
drawn-client-name = 名前
drawn-client-made = OAuth クライアントを作成しました
drawn-download = JSON をダウンロード
drawn-unverified = このアプリは Google で確認されていません
drawn-advanced = 詳細
drawn-safety = 安全なページに戻る
drawn-go = Renraku（安全ではないページ）に移動

letter-title = 管理者への依頼文
letter-text = 秘密の情報は入っていません。メールやチャットに貼り付けてお使いください。
letter-copy = 依頼文をコピー
letter-copied = 依頼文をコピーしました。
letter =
    お疲れさまです。

    Renraku というソフトを使いたいので、会社としての登録をお願いできますでしょうか。Renraku は私のコンピューターで動き、Zoho CRM と Google コンタクトの連絡先をいつも同じに保つソフトです。間にサーバーは挟みません。登録は一度だけ、10 分ほどで済み、費用はかかりません。

    1. Zoho：お使いの地域の API コンソール（日本なら https://api-console.zoho.jp/）で、種類が「Server-based Applications」のクライアントを追加してください。
       Client Name： { $name }
       Homepage URL： { $homepage }
       Authorized Redirect URIs： { $redirect }

    2. Google： https://console.cloud.google.com/ でプロジェクトを作り、People API を有効にし、Google Auth Platform でアプリを設定してください（対象は「内部」、または「外部」にして「アプリを公開」）。続いて「デスクトップ アプリ」のクライアントを作り、JSON ファイルをダウンロードしてください。

    3. まとめ：Renraku の設定の「OAuth クライアント」に「同僚用のファイルを作る」があり、renraku-clients.json ができます。受け取った人は、Renraku のウィンドウにドロップするだけで接続できます。

    ファイルにはクライアントのシークレットが入るため、社内の人だけが読める方法でお送りください。ファイルだけではどのデータも見られません。サインインは各自のアカウントで行います。

    よろしくお願いいたします。

client-line-built_in = すぐに接続できます。
client-line-file = 組織の登録を使います。
client-line-settings = ご自分で用意した登録を使います。
client-line-environment = このコンピューターに設定された登録を使います。
client-outranked = 取り込んだファイルには { $service } の別の登録がありますが、このコンピューターに設定された登録（環境変数、または RENRAKU_CLIENTS のファイル）が優先されています。その設定がなくなると、ファイルの登録が使われます。
client-environment-unused = 環境変数 { $variables } は使われていません。{ $why ->
    [id] クライアントについての環境変数は、そのクライアント ID と一緒に設定したときだけ有効です。{ $side ->
        [google] RENRAKU_GOOGLE_CLIENT_ID
       *[zoho] RENRAKU_ZOHO_CLIENT_ID
    } も設定するか、今のクライアントの設定元（ファイルまたは設定画面）で指定してください。
   *[name] この名前の設定項目はありません。使えるのは { $side ->
        [google] RENRAKU_GOOGLE_CLIENT_ID と RENRAKU_GOOGLE_CLIENT_SECRET
       *[zoho] RENRAKU_ZOHO_CLIENT_ID、RENRAKU_ZOHO_CLIENT_SECRET、RENRAKU_ZOHO_DATA_CENTRE、RENRAKU_ZOHO_REDIRECT、RENRAKU_ZOHO_PKCE
    } です。
}
client-line-none = はじめに短い準備があります。順にご案内します。

# 概要
overview-title = 概要
overview-syncs = 同期
overview-runs = 最近の同期
overview-all-runs = すべての履歴
overview-no-runs = 同期はまだ行われていません。計画を承認すると、最初の同期が始まります。
overview-accounts = 接続中のアカウント
sync-now = 今すぐ同期
syncing = 同期しています…
sync-another = 別のタブの同期を追加
sync-done-said = { $count } 件の同期が終わりました。
sentence-syncing = 同期しています。
sentence-signed-out = 現在、同期していません。
sentence-offline = オフラインです。{ $time } まで同期済みです。失われたものはありません。
sentence-throttled = サービスから待つよう求められています。{ $time } まで同期済みです。失われたものはなく、自動で続きます。
sentence-alarm = なくなった連絡先をどうするか、下で選んでください。
sentence-failed = 前回の同期に失敗しました。下の内容は最新でない可能性があります。
sentence-awaiting = 最初の計画ができました。確認と承認をお願いします。まだ何も書き込んでいません。
sentence-off = すべての同期が無効になっています。
sentence-held = 前回の同期は、確認が必要なため止まっています。計画を確認してください。
sentence-never = 最初の同期がまだ終わっていません（{ $modules }）。
sentence-up-to-date = 最新です。{ $time } 時点で { $count } 件の連絡先が一致しています。
sentence-differ = { $time } 時点で最新です。{ $linked } 件が一致し、{ $count } 件は値が異なるままです。
sentence-differ-pairs = { $linked } 件が一致し、{ $count } 件は値が異なるままです。
sentence-waiting = { $time } まで同期済みです。{ $waiting } 件は次回の同期で処理します。
sentence-goes-on = { $time } まで同期済みです。続きは次の同期で行います。
sentence-needs-you = { $time } まで同期済みです。{ $count } 件は確認が必要です。
sentence-waiting-and-needs-you = { $time } まで同期済みです。{ $waiting } 件が待機中、{ $count } 件は確認が必要です。
pause = 一時停止
pause-title = 自動の同期を一時停止
pause-text = 止めている間も「今すぐ同期」は使えます。
resume = 再開
pause-hour = 1 時間だけ
pause-tomorrow = 明日まで
pause-resumed = 再開するまで
paused = 自動の同期を一時停止しています。再開するまで動きません。
paused-until = 自動の同期を { $time } まで一時停止しています。
direction-two_way = 双方向同期
direction-zoho_to_google = 一方向同期（Zoho → Google）
direction-google_to_zoho = 一方向同期（Google → Zoho）
direction-two_way-hint = 変更は項目ごとに、どちらの向きにも反映されます。
direction-zoho_to_google-hint = Zoho の内容を Google に反映します。Zoho には書き込みません。
direction-google_to_zoho-hint = Google の内容を Zoho に反映します。Google の項目には書き込みません。
state-awaiting_approval = 計画の承認待ち
state-up_to_date = 最新
state-syncing = 同期中
state-disabled = 無効
state-waiting = 一部待機中
state-goes-on = 次の同期で続行
state-needs_you = 要確認
state-signed_out = 再サインインが必要
state-offline = オフライン
state-throttled = サービスの制限で待機中
state-alarm = 連絡先がなくなりました
state-failed = 前回は失敗
picture-linked = { $count } 件が一致
picture-differ = { $count } 件は異なるまま
picture-kept-out = { $count } 件は同期の対象外
picture-vanished = { $count } 件がなくなりました
picture-everybody = すべての連絡先
picture-within-zoho = リストビュー：{ $name }
picture-within-google = ラベル：{ $name }
activity-title = この 30 日間
activity-today = 今日
activity-day = { $day }：{ $what }
activity-and = 、
activity-none = 同期なし
activity-quiet = 変更なし
activity-written = 変更 { $count } 件
activity-deleted = 削除 { $count } 件
activity-undone = 取り消し { $count } 件
activity-failed = 失敗 { $count } 回
activity-held = 確認待ち { $count } 回
activity-table = 日ごとの一覧
activity-date = 日付
activity-head-written = 変更
activity-head-deleted = 削除
activity-head-undone = 取り消し
activity-head-failed = 失敗
activity-head-held = 確認待ち
filter-day-off = { $day }：すべての日を表示
fact-last-synced = 最終同期日時
fact-next = 次回の同期
fact-waiting = 待機中
fact-needs-you = 要確認
next-off = 無効
next-asked = 手動のみ
next-paused = 一時停止後
next-signed-out = サインイン後
next-approval = 承認後
next-soon = まもなく
see-plan = 計画を見る
preview-next = 次回の変更を確認
turn-on = 有効にする
turn-off = 無効にする
turn-off-title = { $module }の同期を無効にしますか？
turn-off-text = 両方の連絡先も設定も、そのまま残ります。もう一度有効にすると、重複を作らずに続きから同期します。
alarm-title = { $service } から { $count } 件の連絡先がなくなりました。{ $other } では何も削除していません。
alarm-text = 誤って削除された可能性があります。どうするかを選んでください。選んだ内容はすぐに実行します。
alarm-ring = { $count } 件の連絡先がなくなりました。どうするかを選んでください。
alarm-ring-look = 選ぶ
alarm-put_back = すべて { $service } に戻す
alarm-delete = { $other } の { $count } 件も削除する
alarm-keep = { $other } に残して同期をやめる
alarm-one_by_one = 1 件ずつ決める
alarm-delete-title = { $other } の { $count } 件の連絡先も削除しますか？
alarm-delete-confirm = { $count } 件を削除する
held-title = 計画の確認が必要です（{ $module }）
held-text = 前回の同期は、多くの連絡先を削除するなど普段より大きな変更になるため、何も書き込まずに止まりました。計画を確かめ、正しければ承認してください。
held-first = 最初の計画を確かめて承認するまで、何も書き込みません。

# 進み具合
phase-starting = 始めています…
phase-recovering = 中断した同期の続きを確認しています…
phase-reading = 読み込んでいます…
phase-reading-side = { $service } から読み込んでいます…
phase-planning = 変更内容を調べています…
phase-writing = 書き込んでいます…
phase-writing-side = { $service } に書き込んでいます…
phase-waiting = サービスの応答を待っています…
phase-waiting-until = { $service } から { $time } まで待つよう求められています。その後は自動で続きます。
stop = 停止
stopping = 送信中の分が終わったら停止します…
progress-of = { $done } / { $total } 件
left-under-a-minute = 残り 1 分未満
left-minutes = 残り約 { $count } 分
left-hours = 残り約 { $count } 時間

# 実行
outcome-completed = 完了
outcome-partial = 一部完了
outcome-held = 確認待ち
outcome-failed = 失敗
wrote-create = { $service } に { $count } 件を追加
wrote-update = { $service } の { $count } 件を変更
wrote-delete = { $service } の { $count } 件を削除
run-undo = 取り消し：{ $what }
run-undo-nothing = 取り消し：元に戻すものはありませんでした
run-signed-out = アカウントからサインアウトしていました
run-held = 書き込む前に止まりました
run-nothing = 両方が一致していたため、変更はありません
run-nothing-differ = 変更はありません（{ $count } 件は異なるまま）
run-nothing-asked = 変更はありません（要確認 { $count } 件）
run-title = 同期 #{ $run }
run-lasted = 所要 { $count } 秒
run-lasted-minutes = 所要 { $count } 分
run-requests = リクエスト数：Zoho { $zoho }、Google { $google }
run-empty-title = 書き込みはありませんでした
run-empty-text = 変更するものがなかったか、書き込む前に止まりました。
run-unknown = その同期は見つかりません。
run-list = この同期の連絡先
undo = この同期を取り消す
undo-running = 取り消しています…
undo-title = この同期で書き込んだ内容を取り消しますか？
undo-contact = この連絡先だけ取り消す
undo-contact-title = { $contact }に書き込んだ内容を取り消しますか？
undo-text = 書き込んだ項目を、同期の前の値に戻します。同期の後に編集された項目はそのまま残し、「要確認」に表示します。
undo-reading = 同期の後に編集されたものを調べています…
undo-nothing = 元に戻すものはありません。
undo-back = { $count } 件の連絡先を、同期の前の値に戻します。
undo-again = 削除された { $count } 件の連絡先を作り直します。戻るのは同期している項目だけで、写真やほかのラベルなどは戻りません。
undo-bin = この同期で作成した { $count } 件の連絡先は、ごみ箱に移します。
undo-label = { $count } 件の連絡先を、この同期で付けたラベルから外します。
undo-join = 以前の取り消しでラベルから外した { $count } 件の連絡先を、もう一度ラベルに入れます。
undo-stays = 同期の後に編集されたか、変更できなくなった { $count } か所は、そのまま残します。「要確認」に表示します。
undo-list = 取り消しで変わるもの
undo-confirm-many = { $count } 件を取り消す
undo-confirm = 取り消す
undone-all = 書き込んだ内容を取り消しました。
history-title = 履歴
history-lead = これまでの同期と、書き込んだ項目の記録です。開くと変更前と変更後を確かめたり、取り消したりできます。
history-empty-title = 履歴はまだありません
history-empty-text = 最初の同期が終わると、書き込んだ内容がここに並びます。
history-search = すべての同期を検索
filter-module = タブ
filter-module-all = すべてのタブ
filter-outcome = 結果
filter-outcome-all = すべての結果
filter-wrote = 変更ありのみ
filter-side = 書き込み先
filter-side-all = 両方
filter-writes-to = { $service } への書き込み
filter-kind = 種類
filter-kind-all = すべての種類

# 計画
plan-title-first = 最初の計画（{ $module }）
plan-title = 次回の計画（{ $module }）
plan-lead = まだ何も書き込んでいません。次の内容を書き込みます。チェックを外した連絡先は同期しません。
plan-reading = 両方を読み込んで、計画を立てています…
plan-said = 計画ができました。変更する連絡先は { $count } 件です。
plan-export = 表（CSV）で保存
plan-approve =
    { $deletes ->
        [0] 承認して { $count } 件を同期する
       *[other] { $count ->
            [0] 承認して { $deletes } 件を削除する
           *[other] 承認して { $count } 件を同期し、{ $deletes } 件を削除する
        }
    }
plan-approve-nothing = 同期を始める
plan-approve-nobody = 承認する（同期する連絡先なし）
plan-approve-held = 承認して続ける
plan-approve-answers = 選んだ内容を反映する
plan-running = 承認した内容を書き込んでいます
plan-running-text = この画面を離れたり、ウィンドウを閉じたりしても続きます。中断しても、続きから再開します。
plan-running-text-window = この画面を離れても続きます。中断しても、続きから再開します。
plan-deletes = { $count } 件の連絡先が削除されます。削除したものはサービスのごみ箱に入ります。
plan-agree-title =
    { $count ->
        [0] 両方はすでに一致しています
       *[other] 両方はすでに一致しています：{ $count } 組
    }
plan-agree-text = 書き込むものはありません。
plan-nothing-else = ほかに書き込むものはありません。
plan-nobody-title = 同期する連絡先がまだありません
plan-nobody-text = この同期のラベルとリストビューに入っている連絡先がありません。どちらかに連絡先を追加するか、「編集」で対象を広げてください。
plan-asks = 確認が { $count } 件あります。ご回答いただくまで、その連絡先には何も書き込みません。
plan-answer = 回答する
plan-open-questions = 全 { $count } 件中、未回答 { $open } 件
plan-answered-title = Zoho にも Google にも書き込むものはありません
plan-answered-text = 承認すると、選んだ内容が反映されます。
plan-only-asks-title = 回答するまで、書き込むものはありません
plan-only-asks-text = 「要確認」に { $count } 件あります。
plan-tick = { $contact } を同期する
plan-ticked =
    { $deletes ->
        [0] { $total } 件中 { $count } 件を同期
       *[other] { $total } 件中 { $count } 件に反映（うち { $deletes } 件は削除）
    }
plan-kept-out = { $count } 件は同期から外します。「連絡先」からいつでも戻せます。
plan-stays-out = 同期しない
plan-differs = 値の違い { $count } 件
plan-difference = { $field }：どちらの値にしますか？
plan-renewing = 計画を更新しています…
plan-superseded = この計画を作ったあとに同期が行われ、内容が変わりました。これが今の計画です。確認してから承認してください。
plan-search = 名前や値を検索
plan-list = 予定している変更
plan-tabs = 計画の内容
plan-tab-changes =
    { $count ->
        [0] 変更なし
       *[other] 変更する連絡先 { $count } 件
    }
plan-tab-questions = 要確認 { $count } 件
plan-tab-matches = 対応付け { $count } 組
matches-search = 名前・メールアドレス・電話番号を検索
apart = 別の人です
apart-of = { $contact }：別の人です
apart-title = { $contact } を別の人として扱いますか？
apart-text = 今後は 2 人の別の人として扱い、そのことを覚えておきます。何も削除しません。これまでに書き込んだ内容はそのまま残ります。「履歴」から元に戻せます。
apart-confirm = 別の人として扱う
apart-said = 今後は別の人として扱います。
totals-side = { $service } への書き込み
totals-both = 両方
totals-create = 作成
totals-update = 更新
totals-delete = 削除
totals-to-create = 作成
totals-to-update = 更新
totals-to-delete = 削除
totals-matched = 対応付け
totals-to-match =
    { $count ->
       *[other] 対応付け
    }
totals-conflicts =
    { $count ->
       *[other] 競合
    }
totals-asks = 要確認
totals-waiting = 次回以降
kind-create = 作成
kind-update = 更新
kind-delete = 削除
column-field = 項目
column-before = 変更前
column-after = 変更後
change-gist-more = { $fields } ほか { $count } 項目
overwritten = 採用しなかった値：{ $value }
done-title = 同期の結果（{ $module }）
done-completed = 両方が一致しました
done-differ = 終わりました。{ $count } 件は値が異なるままです
done-asks = 終わりました。確認が必要なものがあります
done-partial = 一部を残して終わりました
done-held = 確認が必要なため止まり、何も書き込みませんでした
done-failed = 最後まで終えられませんでした
done-wrote = { $what }しました。
done-matched = { $count } 組を対応付けました。
done-last-synced = 最終同期日時：{ $time }
done-kept-out = { $count } 件は、選択どおり同期から外しました。「連絡先」からいつでも戻せます。
done-waiting = { $count } 件は次回の同期で処理します。
done-overview = 概要へ
done-review = 要確認 { $count } 件を見る
done-details = 詳細

# ウィザード
wizard-title = 同期の設定
wizard-steps = 手順
wizard-step-1 = 対象と方向
wizard-step-2 = 項目
wizard-step-3 = 初期値
wizard-step-plan = 計画
wizard-step-1-title = 何を、どの方向に同期しますか？
wizard-step-2-title = 項目の関連付け
wizard-step-3-title = Zoho の項目の初期値
wizard-module = Zoho のタブ
wizard-direction = 同期の方向
wizard-winner = 両方で同じ項目が変更されたとき
winner-zoho = Zoho の値を優先する
winner-google = Google の値を優先する
winner-zoho-hint = もう一方の値は履歴に残ります。
winner-google-hint = もう一方の値は履歴に残ります。
winner-ask = そのつど確認する
winner-ask-hint = 値が違う項目は「要確認」に入ります。
wizard-scope = 対象の連絡先
wizard-view = Zoho のリストビュー
wizard-view-hint = このビューの連絡先だけを同期します。
wizard-view-all = Zoho で表示できるすべての連絡先
take-part-title = Google の連絡先
take-part-labelled = ラベルを付けた連絡先だけ（おすすめ）
take-part-labelled-hint = ラベルのない連絡先は、会社の Zoho に入りません。
take-part-labelled-zoho_to_google = Zoho の連絡先にこのラベルが付くので、まとめて探せます。
take-part-everybody = すべての連絡先
take-part-everybody-new =
    { $count ->
        [0] Google の連絡先 { $people } 件は、すべて Zoho にもあります。
       *[other] Google の連絡先 { $people } 件のうち約 { $count } 件が Zoho に新しく登録されます。ご家族やご友人の連絡先があれば、それも含まれます。
    }
take-part-everybody-most = Google の連絡先のうち最大 { $count } 件が Zoho に新しく登録されます。ご家族やご友人の連絡先があれば、それも含まれます。
take-part-everybody-saved = これまでどおり、Google のすべての連絡先が対象です。
take-part-everybody-zoho_to_google = Zoho の連絡先を、ラベルなしで追加します。
wizard-label = ラベル
wizard-label-hint = このラベルの連絡先だけを同期します。Zoho からの新しい連絡先にも付けます。
wizard-label-new = 新しいラベル…
wizard-label-name = 新しいラベルの名前
wizard-label-name-hint = 最初の同期のときに Google コンタクトに作られます。
wizard-label-suggested = Zoho CRM
wizard-label-empty-two_way = このラベルの連絡先はまだありません。追加されるまで、Zoho の連絡先だけを同期します。
wizard-label-empty-zoho_to_google = このラベルの連絡先はまだありません。Zoho の連絡先に付けます。
wizard-label-empty-google_to_zoho = このラベルの連絡先はまだありません。Google コンタクトで誰かに付けるまで、何も同期しません。
wizard-label-with-members = { $name }（{ $count } 件）
wizard-label-with-new = { $name }（{ $people } 件、うち Zoho に新規 { $count } 件）
wizard-frequency = 同期の頻度
wizard-frequency-hint = Renraku の起動中に、この間隔で同期します。
every-15 = 15 分ごと
every-30 = 30 分ごと
every-60 = 1 時間ごと
every-180 = 3 時間ごと
every-720 = 1 日 2 回
every-1440 = 1 日 1 回
every-0 = 手動のみ
every-minutes = { $count } 分ごと
wizard-reading = 両方のアカウントから項目を読み込んでいます…
wizard-kept = 入力内容は保存されています。
wizard-checking = 確認しています…
wizard-to-plan = 計画を見る
wizard-all-used = 連絡先・見込み客・仕入先は、すべて同期しています。
fields-title = 関連付けた項目
fields-lead = Zoho の項目と隣の Google の項目を同じに保ちます。ここにない項目は、どちらの側でも変更しません。
fields-reset = おすすめの関連付けに戻す
fields-zoho = Zoho の項目
fields-google = Google の項目
fields-zoho-row = { $number } 行目の Zoho の項目
fields-google-row = 「{ $field }」に対応する Google の項目
fields-choose = 項目を選ぶ
fields-mandatory = { $field }（必須）
fields-more = 他の項目を関連付ける
fields-remove = 「{ $field }」を外す
fields-unsyncable = 同期できない Zoho の項目が { $count } 個あります
fields-unsyncable-why = Google 側に、その種類の値を入れる場所がありません。
custom-title = カスタム項目
custom-hint = 選んだ項目を、Google のカスタム項目として同期します。
custom-none = このタブには、同期できるカスタム項目がありません。
defaults-lead = Zoho の項目が空になるときだけ、この値を入れます。すでにある値を置き換えることはありません。
defaults-not-needed = この方向では Zoho に書き込まないため、初期値は必要ありません。
defaults-mandatory = Zoho の必須項目です。
defaults-wanted = 空のときに入れます。
defaults-choose = 値を選ぶ
defaults-add = 項目を追加
defaults-add-choose = 項目を選ぶ…
defaults-remove = 「{ $field }」の初期値を外す
mistake-some = 保存していません。印の付いた項目を直して、もう一度保存してください。
mistake-whose = 同期する Google の連絡先を選んでください。
mistake-label-name = 新しいラベルの名前を入力するか、上で別のラベルを選んでください。
mistake-no-zoho = Zoho の項目を選ぶか、行を外してください。
mistake-no-google = Google の項目を選ぶか、行を外してください。
mistake-no-rows = 少なくとも 1 つの項目を関連付けてください。
mistake-default-needed = 「{ $field }」は Zoho の必須項目です。値のない連絡先に入れる値を指定してください。
mistake-too-long = 「{ $field }」は { $max } 文字までです。
mistake-email = 「{ $field }」には name@example.com のようなメールアドレスを入力してください。
mistake-not-in-list = 「{ $field }」は選択肢から選んでください。
mistake-number = 「{ $field }」には 12.5 のような数値を、半角で入力してください。
mistake-date = 「{ $field }」には 2026-04-01 のような日付を入力してください。
flag-true = はい
flag-false = いいえ
mistake-limit = { $min } から { $max } までの整数を入力してください。

# Google の項目名
place-names-givenName = 名
place-names-familyName = 姓
place-names-middleName = ミドルネーム
place-names-honorificPrefix = 敬称（前）
place-names-honorificSuffix = 敬称（後）
place-names-phoneticGivenName = 名のふりがな
place-names-phoneticFamilyName = 姓のふりがな
place-memberships = Google のラベル
place-nicknames = ニックネーム
place-emailAddresses = メール（{ $kind }）
place-phoneNumbers = 電話（{ $kind }）
place-addresses-streetAddress = 番地（{ $kind }）
place-addresses-extendedAddress = 建物名など（{ $kind }）
place-addresses-city = 市区町村（{ $kind }）
place-addresses-region = 都道府県（{ $kind }）
place-addresses-postalCode = 郵便番号（{ $kind }）
place-addresses-country = 国（{ $kind }）
place-organizations-name = 会社
place-organizations-title = 役職
place-organizations-department = 部署
place-birthdays = 誕生日
place-urls = ウェブサイト（{ $kind }）
place-biographies = メモ
place-userDefined = カスタム項目：{ $kind }
place-kind-work = 勤務先
place-kind-home = 自宅
place-kind-mobile = 携帯
place-kind-main = 代表
place-kind-other = その他
place-kind-workFax = 勤務先 FAX
place-kind-homeFax = 自宅 FAX
place-kind-homePage = ホームページ
place-kind-profile = プロフィール
place-kind-blog = ブログ
place-kind-workMobile = 勤務先の携帯
place-kind-otherFax = その他の FAX
place-kind-pager = ポケットベル
place-kind-workPager = 勤務先のポケットベル
place-kind-googleVoice = Google Voice
place-kind-ftp = FTP
place-kind-reservations = 予約
place-kind-appInstallPage = アプリのページ

# 編集
edit-title = 同期の編集（{ $module }）
edit-lead = この同期のすべての設定です。変更は次回の同期から反映されます。
scope-title = この変更で { $count } 件の連絡先が対象から外れます
scope-text = 現在は同期していますが、選んだラベルまたはビューに含まれていません。まだ何も保存していません。
scope-list = 対象から外れる連絡先
scope-question = これらの連絡先をどうしますか？
scope-remove = { $service } から取り除く
scope-decide-remove = 保存して、削除の内容を確認する
scope-reading = 対象から外れる連絡先を調べています…
outsiders-more = 連絡先を表示
outsiders-less = 連絡先を隠す
outsiders-looking = 連絡先を調べています…
outsiders-none = 対象から外れる連絡先は、もうありません。
edit-direction = 方向・対象・頻度
edit-safety = 削除と照合
edit-export = 設定をファイルに保存
load-settings = 設定をファイルから読み込む
load-done = ファイルの設定を表示しました。まだ保存していません。
mistake-file-not-json = JSON ファイルではありません。「設定をファイルに保存」で保存したファイルを選んでください。
mistake-file-other = 同期の設定が入っていません。「設定をファイルに保存」で保存したファイルを選んでください。
mistake-file-key = 不明な項目「{ $key }」があります。何も読み込んでいません。
mistake-file-value = 「{ $key }」の値を使えません。何も読み込んでいません。
mistake-file-module = このファイルは { $module }用です。その同期を開いて読み込んでください。
edit-elsewhere = この画面を開いている間に、コマンドラインなど別の場所で設定が変更されました。保存すると、この画面の内容に置き換わります。
edit-elsewhere-load = 現在の設定を表示
edit-saved = 保存しました。次回の同期から反映されます。
on-delete = 片方で連絡先が削除されたとき
on-delete-ask = 確認する
on-delete-delete = もう片方も削除する
on-delete-keep = もう片方は残す
on-delete-ask-hint = 「要確認」に表示し、決めるまで何も削除しません。
on-delete-delete-hint = サービスのごみ箱に入れます。普段より多いときは止めて確認します。
on-delete-keep-hint = そのまま残し、同期の対象から外します。
match-without-email = メールアドレスのない連絡先を、名前と電話番号で照合する
match-without-email-hint = 確かでない組み合わせは、必ず確認を求めます。
limits-title = 上限
limits-lead = 1 回の同期で書き込む連絡先の上限です。残りは次回に処理します。
limit-first_run = 初回の同期
limit-later_run = 2 回目以降の同期
limit-google_contacts = Google の連絡先
limit-first_run-hint = 書き込む件数の上限です。
limit-later_run-hint = 書き込む件数の上限です。
limit-google_contacts-hint = この件数に達すると Google には追加しません。Google 自体の上限は 25,000 件です。

# 要確認
needs-you-title = 要確認
needs-you-lead = 選んだ内容は、次回の同期で反映されます。
needs-you-empty-title = 確認が必要なものはありません
needs-you-empty-text = 削除の確認、確かでない組み合わせ、同期できない連絡先が見つかると、ここに表示します。
needs-you-search = 名前や理由を検索
review-all = すべての種類
review-deletion = 削除
review-match = 同じ人かどうか
review-invalid = 同期できない値
review-refused = 受け付けられなかった値
review-difference = 値の違い
review-frozen = 元に戻り続ける値
review-scope = 対象外になった連絡先
review-undo = 取り消さなかった項目
review-mass_change = 一度になくなった連絡先
review-unreadable = 読み取れません
bulk-label = まとめて処理
bulk-picked = { $total } 件中 { $count } 件を選択
bulk-choose = { $choice }（{ $count } 件）
bulk-none-in-common = 選んだものに共通の選択肢がありません。
pick = { $contact } を選択
pick-kind = { $kind }：{ $count } 件をすべて選択
chosen = 選択済み：{ $choice }
choose-for = { $contact }：{ $choice }
take-back = 選択を取り消す
take-back-of = { $contact }：選択を取り消す
decided-said = { $count } 件を「{ $choice }」に決めました。
who-more = 両方を比べる
taken-back-said = 選択を取り消しました。
who-this = この連絡先
who-less = 比較を閉じる
who-gone = 削除済み
who-none = { $service } に連絡先がありません
who-changed = { $time } に変更
who-open = { $service } で開く
who-differs = 違い
choice-deletion-delete = 削除する
choice-deletion-keep = 残す
choice-deletion-create = もう一度作成
choice-deletion-leave = そのままにする
choice-deletion-put_back = 元に戻す
choice-mass_change-put_back = すべて元に戻す
choice-mass_change-delete = もう一方も削除する
choice-mass_change-keep = そのままにする
choice-mass_change-one_by_one = 1 件ずつ決める
choice-unreadable-ignore = そのままにする
choice-unreadable-retry = もう一度確認
choice-match-link = 同じ人です
choice-match-separate = 別の人です
choice-match-ignore = 同じ人です（この連絡先は同期しない）
choice-match-keep = 確認しました
choice-difference-zoho = Zoho の値にする
choice-difference-google = Google の値にする
choice-invalid-retry = もう一度試す
choice-invalid-ignore = 対象にしない
choice-refused-link = 同じ人です
choice-refused-retry = もう一度試す
choice-refused-ignore = 対象にしない
choice-frozen-retry = 同期を再開する
choice-frozen-ignore = 変更しない
choice-scope-leave = 外れている間だけ休止
choice-scope-unlink = 同期をやめる
choice-scope-remove = 取り除く
choice-undo-ignore = 確認しました
does-deletion-delete = もう一方も、サービスのごみ箱に入れます。
does-deletion-keep = もう一方は残し、同期をやめます。
does-deletion-create = もう一方の内容から作り直します。
does-deletion-leave = 削除されたままにして、もう一方の同期をやめます。
does-deletion-put_back = 削除された側に作成し直し、同期を続けます。
does-mass_change-put_back = なくなった側に作成し直し、同期を続けます。
does-mass_change-delete = もう一方も、サービスのごみ箱に入れます。前回の同期の後に編集されたものは、1 件ずつ確認します。
does-mass_change-keep = もう一方は残し、同期をやめます。
does-mass_change-one_by_one = 1 件ずつ確認として表示します。
does-unreadable-ignore = この項目は両側ともそのまま残し、今後は確認しません。ほかの項目は同期します。
does-unreadable-retry = 次回の同期でもう一度確認します。それまでは何も変更しません。
does-match-link = 2 件を 1 組にして、項目を一致させます。
does-match-separate = それぞれを別の連絡先として同期します。もう一度尋ねることはありません。
does-match-ignore = この連絡先は同期しません。何も変更しません。
does-match-keep = 何も変更しません。2 件がある側で、ご自身で統合してください。
does-difference-zoho = Zoho の値を Google に書き込みます。
does-difference-google = Google の値を Zoho に書き込みます。
does-invalid-retry = もう一度送ります。先に元の値を直してください。
does-refused-link = この連絡先と、その値を持つデータを 1 組にして、項目を一致させます。
does-refused-retry = もう一度送ります。先にどちらかの値を直してください。
does-refused-ignore = この連絡先のこの項目だけを同期しません。ほかの項目は同期します。
does-invalid-ignore = この連絡先のこの項目だけを同期しません。ほかの項目は同期します。
does-frozen-retry = 次回の同期から、この項目をまた同期します。
does-frozen-ignore = それぞれの値をそのまま残します。
does-scope-leave = どちらの連絡先もそのまま残します。ラベルやビューに戻ると、同期を再開します。
does-scope-unlink = どちらの連絡先もそのまま残します。ラベルやビューに戻っても、「連絡先」で「もう一度同期する」を選ぶまで同期しません。
does-scope-remove = 対象から外れた方は残し、もう一方をそのサービスのごみ箱に移します（どちらで作成したものでも）。
does-undo-ignore = 新しい値を残し、この確認を閉じます。

# 連絡先
contacts-title = 連絡先
contacts-lead = 両側のすべての連絡先について、最後に読み込んだ時点の状態と理由、できることを表示します。
contacts-search = 名前・メール・電話・会社名
contacts-all = すべて
contacts-states = 状態で絞り込む
contacts-said = { $count } 件見つかりました。
contacts-empty-title = まだ連絡先がありません
contacts-empty-text = 同期を設定して両側を読み込むと、ここに連絡先が表示されます。
contacts-none-title = 「{ $query }」に一致する連絡先はありません
contacts-none-text = 追加したばかりの連絡先は、同期してから検索してください。
contacts-none-state = この状態の連絡先はありません
contacts-pick-hint = Shift キーを押しながら選ぶと、間の連絡先もまとめて選べます。
contacts-bulk = 選択した連絡先の操作
contacts-leave-out = 同期から除外（{ $count }）
contacts-take-up = もう一度同期する（{ $count }）
contacts-unpick = 選択を解除
contacts-left-out-said = { $count } 件を同期から除外しました。
contacts-taken-up-said = { $count } 件を次回から同期します。
contact-state-in_step = 一致
contact-state-waiting = 待機中
contact-state-needs_you = 要確認
contact-state-differs = 値が異なる
contact-state-kept_out = 同期から除外
contact-state-unlinked = 対応付け解除
contact-state-failed = 失敗
contact-action-resume = もう一度同期する
contact-action-review = 「要確認」で決める
contact-action-sync = 今すぐ同期
contact-action-enable = 同期を有効にする
contact-action-edit = 同期を編集
contact-action-leave-out = 同期から除外
contact-action-unlink = 対応付けを解除
contact-action-separate = 別の人です
contact-choose = 連絡先を選ぶと、両側の内容と理由、書き込みの履歴を表示します。
contact-close = 閉じる
contact-history = 履歴
contact-history-none = この連絡先に書き込んだ同期はありません。
contact-run = 同期 #{ $run }
contact-run-undo = 取り消し
contact-unlink-title = { $contact } の対応付けを解除しますか？
contact-unlink-text = どちらの連絡先もそのまま残り、今後は同期しません。新しく作り直すこともありません。いつでもここからもう一度同期できます。
contact-unlink-confirm = 解除する
contact-unlinked-said = 対応付けを解除しました。

# 設定
settings-title = 設定
settings-look = 言語と外観
settings-language = 言語
language-system = システム設定
language-ja = 日本語
language-en = English
settings-theme = テーマ
theme-system = システム設定
theme-light = ライト
theme-dark = ダーク
settings-desktop = このコンピューターでの動作
start-at-login = ログイン時に起動する
start-at-login-hint = ウィンドウを開かずにトレイで起動します。
start-at-login-hint-window = ウィンドウを開いて起動します。
close-to-tray = ウィンドウを閉じてもトレイで動かし続ける
close-to-tray-hint = オフにすると、ウィンドウを閉じたときに終了します。
notifications = 通知
notifications-hint = 確認が必要なときと、最初の同期が終わったときだけ通知します。
sync-settings-title = 同期ごとの設定
sync-settings-lead = 方向、項目、初期値、削除の扱い、上限は、同期ごとに設定します。
files-title = 連絡先をファイルに保存
files-lead = 最後に読み込んだ時点の連絡先を、ほかのソフトで使えるファイルにします。同期している項目だけを書き出します。
files-none = 同期を設定すると、ここから連絡先を保存できます。
files-whose = 保存する連絡先
whose-linked = 対応付けた連絡先
whose-linked-hint = 1 組につき 1 行です。
whose-zoho = Zoho
whose-zoho-hint = タブのすべてのデータです。
whose-google = Google
whose-google-hint = アカウントのすべての連絡先です。
files-form = 形式
form-csv = 表（CSV）
form-csv-hint = 表計算ソフトや、Zoho へのインポートに使えます。
form-vcard = 名刺データ（vCard）
form-vcard-hint = 住所録や、Google へのインポートに使えます。
files-save = 連絡先を保存
files-saved = { $count } 件を保存しました
snapshots-title = 最初の同期の前の状態
snapshots-hint = 初めて書き込む直前に、両方の連絡先を表・名刺データ・元のデータとして残します。元に戻したいときは、ファイルを Zoho や Google にインポートしてください。タブごとに新しい 5 件を残します。
snapshots-none = まだありません。最初の同期が書き込みを始めるときに作成します。
snapshot-holds = Zoho { $zoho } 件、Google { $google } 件
snapshot-show = フォルダーを開く
snapshot-show-of = フォルダーを開く：{ $module }、{ $time }
clients-title = サインインのための登録（OAuth クライアント）
clients-lead = サインインには、Zoho と Google で一度だけ作成する「クライアント」を使います。ID やファイルを担当者から受け取った場合は、ここに入れてください。
client-zoho = Zoho のクライアント
client-google = Google のクライアント
client-source = 入手元
client-source-environment = このコンピューターの環境設定（管理者が設定）
client-source-file = 組織のファイル
client-source-settings = この設定
client-source-built_in = このバージョンの Renraku に内蔵
client-source-none = まだありません
client-set-up = 順に登録する
client-redirect = リダイレクト先
client-take = 管理者からのファイル
client-taken = ファイルを読み込みました
client-share = 同僚用のファイルを作る
client-share-text = このファイルを Renraku にドロップすると、それぞれのアカウントですぐに接続できます。クライアントのシークレットが入っているため、社内だけで、ほかの人に読まれない方法で渡してください。
client-share-make = ファイルを作る…
client-pkce = 種類が「Mobile-based Applications」（PKCE でサインイン）
client-pkce-hint = 「接続」の手順で作る「Server-based Applications」では、オフのままにします。
client-advanced = 詳細設定：自分のクライアント
client-advanced-text = ここに入力すると、読み込んだファイルの代わりに使います。環境設定と、Renraku と同じ場所に置かれたファイルは、これより優先されます。
client-remove = このクライアントを削除
client-centre = クライアントを作った地域
client-centre-hint = Zoho のコンソールの国または地域です。
client-centre-named = { $name }（{ $domain }）
client-redirect-alone = ポートだけを変えるときは、クライアント ID とシークレットを空のままにしてください。組織のファイルのものをそのまま使います。Zoho では、クライアントを登録した人が新しいリダイレクト先を追加する必要があります。
client-redirect-hint = Zoho のフォームに、このリダイレクト先をそのまま入れてください：{ $redirect }
client-console-zoho = Zoho の API コンソールを開く
client-console-google = Google のコンソールを開く
client-id = クライアント ID
client-secret = クライアント シークレット
client-secret-keeps = 空のままにすると、保存済みのシークレットをそのまま使います。
retention-title = 履歴の保存期間
retention-lead = 同期の履歴と、削除された連絡先の写しを保存する期間です。期間を過ぎた同期は取り消せなくなります。確認待ちの項目に必要なものは残します。
retention-legend = 保存する期間
retention-days = { $days } 日間
retention-ever = 無期限
forget-title = このコンピューターからすべてのデータを削除
forget-lead = サインインを終了し、設定・履歴・連絡先の写しを削除します。Zoho と Google の連絡先はそのまま残ります。
forget-open = すべて削除…
forget-ask = このコンピューターからすべてのデータを削除しますか？
forget-ask-text = この操作は取り消せません。Zoho と Google の連絡先はそのまま残りますが、Renraku が書き込んだ内容をここから取り消すことはできなくなります。バックアップなど、ご自身で作成したコピーは削除されません。
forget-list = 削除されるもの
forget-now = すべて削除
forgotten-title = 削除しました
forgotten-gone = 削除したもの
forgotten-left = 削除できなかったもの
forgotten-begin = 最初から始める
support-title = サポート
support-lead = 問題の調査に使うファイルを作ります。状態と件数だけで、名前・住所などの連絡先の値は入りません。
support-prepare = サポート用ファイルを作る
support-preview = ファイルの内容
support-preview-text = 保存して渡す前に、内容を確かめてください。
about-title = Renraku について
about-version = バージョン { $version }
about-data = データの保存先：{ $folder }
about-licence = MIT または Apache 2.0 ライセンスの自由ソフトウェアです。

# トレイ
tray-tooltip = Renraku – { $status }
tray-status-blocked = データを開けません
tray-status-set-up = 設定が必要です
tray-status-signed-out = 再サインインが必要です
tray-status-error =
    { $time ->
        [none] 前回の同期に失敗しました
       *[other] 前回の同期に失敗しました（{ $time } まで同期済み）
    }
tray-status-syncing = 同期しています…
tray-status-vanished =
    { $sides ->
        [both] { $service } から { $count } 件、{ $other } から { $there } 件の連絡先がなくなりました（それによる削除はしていません）
       *[one] { $service } から { $count } 件の連絡先がなくなりました（{ $other } では何も削除していません）
    }
tray-status-needs-you =
    { $time ->
        [none] 要確認 { $count } 件
       *[other] 要確認 { $count } 件（{ $time } まで同期済み）
    }
tray-status-paused = 一時停止中
tray-status-paused-until = { $time } まで一時停止中
tray-status-offline =
    { $time ->
        [none] オフライン
       *[other] オフライン（{ $time } まで同期済み）
    }
tray-status-throttled =
    { $time ->
        [none] サービスの制限で待機中
       *[other] サービスの制限で待機中（{ $time } まで同期済み）
    }
tray-status-waiting =
    { $time ->
        [none] { $count ->
            [0] 続きは次の同期で
           *[other] 次回待ち { $count } 件
        }
       *[other] { $count ->
            [0] 続きは次の同期で（{ $time } まで同期済み）
           *[other] 次回待ち { $count } 件（{ $time } まで同期済み）
        }
    }
tray-status-up-to-date =
    { $time ->
        [none] 最新です
       *[other] 最新です（{ $time }）
    }
tray-status-off = 無効
tray-sync-now = 今すぐ同期
tray-open = Renraku を開く
tray-pause = 一時停止
tray-pause-hour = 1 時間
tray-pause-tomorrow = 明日まで
tray-pause-until-resumed = 再開するまで
tray-resume = 再開
tray-needs-you =
    { $count ->
        [0] 要確認
       *[other] 要確認（{ $count }）
    }
tray-settings = 設定
tray-quit = 終了

# 通知
notify-needs-you-title = 確認が必要です
notify-needs-you-body = { $count } 件の連絡先について、確認をお願いします。
notify-vanished-title =
    { $sides ->
        [both] { $service } から { $count } 件、{ $other } から { $there } 件の連絡先がなくなりました
       *[one] { $service } から { $count } 件の連絡先がなくなりました
    }
notify-vanished-body =
    { $sides ->
        [both] それによる削除はしていません。どうするかを Renraku で選んでください。
       *[one] { $other } では何も削除していません。どうするかを Renraku で選んでください。
    }
notify-signed-out-title = 再サインインが必要です
notify-signed-out-body = サインインするまで同期を休止します。
notify-first-run-title = 最初の同期が終わりました
notify-first-run-body = { $count } 件の連絡先を同期しました。
notify-held-title = 同期を保留しました
notify-held-body = 普段より大きな変更のため、何も書き込んでいません。計画を確かめてください。

# エラー
error-told = { $sentence }
error-unexpected = 予期しない問題が起きました：{ $detail }
error-login-cancelled = サインインを取りやめました。何も変更していません。
error-autostart = ログイン時の起動を変更できませんでした。
error-save = ファイルを書き込めませんでした。別の場所を選んでください。
error-open-folder = フォルダーを開けませんでした。場所は画面に表示しています。
error-no-question = 確認 { $item } は見つかりません。すでに回答済みか、不要になりました。一覧を見直してください。
error-no-choice = 確認 { $item } では「{ $choice }」を選べません。次から選んでください：{ $choices }
error-snapshot = 最初の同期の前に、両方の状態を保存できませんでした。何も書き込んでいません。ディスクの空きを確かめてから、もう一度試してください。
error-sandbox = サンドボックスを起動できませんでした：{ $detail }
error-sandbox-start = サンドボックスを開けませんでした。Renraku を --sandbox 付きで起動してください。
lack-some = Zoho のサインインで許可されなかった権限があります（{ $scopes }）。その影響：{ $costs }。それ以外は使えます。失われたものはありません。許可するには、Zoho にもう一度接続し、画面に表示されるすべての権限を許可してください。
lack-and = ／
lack-contacts = 連絡先を同期できません
lack-leads = 見込み客を同期できません
lack-vendors = 仕入先を同期できません
lack-companies = 会社名は Zoho から読み取れますが、Zoho に書き込めません
lack-new-companies = Zoho に取引先がない会社名は Zoho に書き込めません
lack-queries = 読み取りに時間がかかり、Zoho の 1 日の呼び出し回数を多く使います
lack-views = 同期の対象を Zoho のリストビューに絞れません
lack-deletions = Google で削除した連絡先を Zoho から削除できません
lack-setup = 同期を新しく設定したり変更したりできません（設定済みの同期は続きます）
error-account-other = { $service } に { $now } がサインインしましたが、接続中のアカウントは { $before } です。何も変更されておらず、別のアカウントとは同期しません。
error-not-revoked = アクセスの取り消しを { $service } が確認しませんでした。このコンピューターでは接続が解除されています。次回の起動時にもう一度取り消します。確実にするには、こちらで Renraku を削除してください：{ $address }
error-not-revoked-unnoted = アクセスの取り消しを { $service } が確認しませんでした。また、ディスクの空きがないなどの理由で、そのことをこのコンピューターに記録できませんでした。接続済みと表示されたままになることがあります。ほかに変わったものはありません。空き容量を増やして、もう一度接続を解除してください。確実にするには、こちらで Renraku を削除してください：{ $address }
error-parted-unnoted = { $service } 側のアクセスは取り消されましたが、ディスクの空きがないなどの理由で、そのことをこのコンピューターに記録できませんでした。失われたものはありません。接続済みと表示されたままになることがあります。空き容量を増やして、もう一度接続を解除してください。
error-nothing-to-revoke = このコンピューターでは接続を解除しました。キーチェーンにサインイン情報が残っていなかったため、{ $service } 側の許可は取り消せておらず、まだ有効な可能性があります。念のため、次のページで Renraku を削除してください：{ $address }
error-account-full = { $service } のアカウントが上限に達したため、連絡先を追加できません。それ以外は続けます。
error-no-token = { $service } から応答がありましたが、サインインの情報が含まれていませんでした。何も変更しておらず、失われたものもありません。数分後にもう一度試してください。続く場合は、アカウントを接続し直してください。
error-broken-answer = { $service } の応答を読み取れませんでした（{ $what }）。失われたものはなく、次回の同期でもう一度確かめます。
error-busy = 別の同期が進行中です。何も変更していません。終わってからもう一度試してください。
error-client-unknown-there = Zoho のデータセンター { $centre } では、このクライアントでコードによるサインインができません。別のデータセンターに登録されているか（--data-centre で指定できます）、種類が「Non-browser Mobile Application」ではない可能性があります。何も変更していません。
error-redirect-refused = サインインの戻り先アドレス{ $redirect ->
    [none] {""}
   *[other] （{ $redirect }）
}が { $service } に登録されていません。このアドレスをそのまま API コンソールのクライアントに登録するか、コンソールに登録済みのアドレスをここに指定してください。何も変更しておらず、以前の接続もそのままです。
error-service-trouble = { $service } に接続できましたが、現在 { $service } 側で問題が起きています（{ $code }）。失われたものはなく、サインインもそのままです。後でもう一度試します。
error-not-taken = サインインを更新した直後ですが、{ $service } に受け付けられませんでした。失われたものはなく、サインインもそのままです。次回の同期でもう一度試します。続く場合は、アカウントを接続し直してください。
error-page-in-between = サービスの代わりにウェブページが応答しました。ゲスト用ネットワークのログイン画面か、会社のプロキシと思われます。失われたものはありません。ブラウザーでいずれかのページを開いてネットワークにログインし、もう一度試してください。
error-proxy-password = インターネットとの間にあるプロキシが、ユーザー名とパスワードを求めています（407）。何も送信しておらず、失われたものもありません。ネットワークの管理者に確認し、プロキシを http://ユーザー名:パスワード@ホスト:ポート の形で設定してください（Linux では HTTPS_PROXY、それ以外ではシステムの設定）。Windows のサインイン（NTLM や Kerberos）だけを受け付けるプロキシには対応していません。その場合は、Google と Zoho のアドレスをプロキシなしで使えるようにできるか確認してください。
error-proxy-address = Google にも Zoho にも接続できません。環境変数 { $variable } に設定されているプロキシのアドレスが正しくありません。何も送信しておらず、失われたものもありません。http://ホスト:ポート の形に直すか、プロキシがない場合は変数を削除し、Renraku を起動し直してください。
error-token-gone = キーチェーンに { $service } のトークンがありません。キーチェーンが新しく作られたか、別のものになっています。失われたものはありません。{ $service } にもう一度接続してください。
error-proxy-away = このコンピューターに設定されているプロキシが応答しません。何も送信しておらず、失われたものもありません。システムのプロキシ設定（Linux では HTTPS_PROXY）を確かめ、使っていない場合は外してください。
error-proxy-refused = インターネットとの間にあるプロキシが接続を許可しませんでした。何も送信しておらず、失われたものもありません。Google と Zoho への接続を許可するよう、ネットワークの管理者に依頼してください。
error-client-refused = { $service } が OAuth クライアントを受け付けません（{ $code }）。設定で ID とシークレットを確かめてください。{ $side ->
    [google] Google のデスクトップ用クライアントには、シークレットも必要です。
   *[zoho] 別のデータセンターを使う場合は、Zoho の API コンソールで有効にしてください。
}
error-client-changed = { $service } に接続したときの OAuth クライアントが、現在の設定と異なります。サインインを更新できるのは、接続時のクライアントだけです。失われたものはなく、設定と対応関係もすべて残っています。{ $service } にもう一度接続してください。
error-client-elsewhere = Zoho のクライアントが登録されているデータセンターは { $registered } で、{ $wanted } ではありません。何も変更していません。データセンターの指定を外すか、別のクライアントを登録してください。
error-client-environment = 環境変数にある Zoho のクライアントの設定が正しくありません。{ $what ->
    [pkce] RENRAKU_ZOHO_PKCE の「{ $value }」は、true または false にしてください。
   *[centre] RENRAKU_ZOHO_DATA_CENTRE の「{ $value }」は、Zoho のデータセンターではありません。us、eu、in、au、jp、ca、sa、uk、ae、cn のいずれかを指定してください。
}何も変更していません。直してから、Renraku を起動し直してください。
error-client-file = クライアントファイル{ $file }を使えません。{ $what ->
    [key] 不明な項目 { $key } があります。
    [web] ウェブサイト用のクライアントです。種類が「デスクトップ アプリ」のクライアントを作成してください。
    [id-google] { $key } が「{ $value }」ですが、Google のクライアント ID は .apps.googleusercontent.com で終わります。
    [id-zoho] { $key } が「{ $value }」ですが、Zoho のクライアント ID は 1000. で始まり、英数字が続きます。
    [id-of-google] { $key } の「{ $value }」は Google のクライアント ID です。google の下に書いてください。
    [id-of-zoho] { $key } の「{ $value }」は Zoho のクライアント ID です。zoho の下に書いてください。
    [secret-of-google] { $key } が ID ではなく、Google のクライアント シークレットになっています。
    [id-letters] { $key } の「{ $value }」に、空白など、クライアント ID に使われない文字が含まれています。
    [id-as-secret] { $key } がクライアント ID になっています。その ID のシークレットを入れてください。
    [missing] { $key } がありません。
    [blank] { $key } が空です。ID と同じ画面からコピーしてください。
    [blank-centre] { $key } が空です。クライアントを登録したデータセンター（us、eu、in、au、jp、ca、sa、uk、ae、cn のいずれか）を書くか、この行を削除してください。
    [blank-redirect] { $key } が空です。Zoho のコンソールに登録したアドレス（http://localhost:48620/callback など）を書くか、この行を削除してください。
    [redirect-scheme] { $key } の「{ $value }」は http:// で始まっていません。http://localhost:48620/callback のように指定してください。
    [redirect-host] { $key } の「{ $value }」のホストが、localhost でも 127.0.0.1 でもありません。http://localhost:48620/callback のように指定してください。
    [redirect-port] { $key } の「{ $value }」に 1024～65535 のポートがありません。http://localhost:48620/callback のように指定してください。
    [redirect-form] { $key } の「{ $value }」に、ホスト・ポート・パス以外のものが含まれています。http://localhost:48620/callback のように指定してください。
    [redirect-spelling] { $key } の「{ $value }」に、パスより前に大文字があります。Zoho では小文字にする必要があります。http://localhost:48620/callback のように指定してください。
    [centre] { $key } の「{ $value }」は、Zoho のデータセンターではありません。us、eu、in、au、jp、ca、sa、uk、ae、cn のいずれかを指定してください。
    [value] { $key } の値の種類が違います。
    [json] JSON ではありません。
    [twice] 項目 { $key } が 2 回あります。誤っている方を削除してください。
    [long] 長すぎます。
    [empty] クライアントが含まれていません。
    [unread] { $value ->
        [missing] ファイルが見つかりません。
        [denied] このユーザーには読み取る権限がありません。
        [folder] フォルダーです。
        [file] ファイルではなく、デバイスまたはパイプです。
        [text] UTF-8 のテキストではありません。
       *[broken] ディスクから読み取れません。
    }
   *[other] Google と Zoho のクライアントを収めた形式ではありません。
}何も取り込んでいません。
error-client-id-form = { $service } のクライアント ID ではありません。{ $flaw ->
    [id-of-google] これは Google の ID です。Google の欄に入力してください。
    [id-of-zoho] これは Zoho の ID です。Zoho の欄に入力してください。
    [secret-of-google] これは Google のクライアント シークレットです。
    [id-letters] 空白など、クライアント ID に使われない文字が含まれています。
    [id-google] Google の ID は .apps.googleusercontent.com で終わります。
   *[id-zoho] Zoho の ID は 1000. で始まり、英数字が続きます。
}ID 全体をコピーしてください。
error-client-id-missing = { $service } のクライアント ID がありません。シークレットに対応する ID を入力してください。
error-client-redirect = リダイレクト先「{ $redirect }」{ $what ->
    [scheme] は http:// で始まっていません。
    [port] に 1024～65535 のポートがありません。
    [form] に、ホスト・ポート・パス以外のものが含まれています。
    [spelling] には、パスより前に大文字があります。Zoho では小文字にする必要があります。
   *[host] のホストが、localhost でも 127.0.0.1 でもありません。
}http://localhost:48620/callback のように指定してください。
error-client-secret-form = { $service } のクライアント シークレットとして入力されたのは、{ $flaw ->
    [id-of-google] Google のクライアント ID です。
   *[id-of-zoho] Zoho のクライアント ID です。
}何も変更していません。{ $side ->
    [google] GOCSPX- で始まるクライアント シークレットをコピーしてください。
   *[zoho] Client ID の下に表示される Client Secret をコピーしてください。
}
error-client-secret-missing = { $service } のクライアント シークレットがありません。{ $side ->
    [google] Google のデスクトップ用クライアントにも、シークレットが必要です。
   *[zoho] Zoho のクライアントには、種類にかかわらずシークレットが必要です。
}ID と同じページからコピーしてください。
error-data-folder = データの保存先を使えません{ $cause ->
    [denied] （書き込む権限がありません）
    [missing] （上のフォルダーがありません）
    [full] （ディスクがいっぱいです）
    [taken] （その場所にファイルか、リンク先のないリンクがあります）
   *[broken] {""}
}。失われたものはありません。書き込めるフォルダーにしてから、もう一度試してください。
error-database = データベースを使えません。失われたものはありません。ほかの Renraku を終了し、ディスクの空きを確かめてから、もう一度試してください。
error-database-damaged = このコンピューターのデータベースが壊れています。Zoho と Google から失われたものはありません。壊れたファイルは別名で残し、読み取れるアカウントと設定を引き継いで新しく作り直します。もう一度同期すると、書き込む前に計画を確認できます。
error-database-unreadable = データの保存先のデータベースを開けません{ $cause ->
    [denied] （読み書きする権限がありません）
   *[broken] {""}
}。失われたものはなく、ファイルもそのままです。自分のユーザーで読み書きできるようにしてから、もう一度試してください。
error-forget-busy = 同期の実行中です（ほかの Renraku の場合もあります）。何も削除していません。終わるまで待つか停止してから、もう一度試してください。
error-database-newer = データベースは新しいバージョンの Renraku で書かれています。何も変更していません。最新版をインストールしてください。
error-endpoints = サービスのアドレス（RENRAKU_ENDPOINTS）を使えません：{ $why }
error-expired = { $service } に前回の続きの記録がありません。失われたものはなく、次回の同期ですべて読み直します。
error-keychain-absent = サインイン情報を保存するキーチェーンが見つかりません。GNOME Keyring や KWallet などを起動してから、もう一度試してください。失われたものはありません。
error-keychain-empty = このコンピューターのキーチェーンには、サインイン情報を保存する場所（既定のコレクション）がまだなく、作成もできませんでした。{ $desktop ->
    [gnome] 「パスワードと鍵」（Seahorse）で新しいパスワードのキーリングを作成し、「デフォルトとして設定」を選択してください。
    [kde] システム設定で「KDE ウォレット」を有効にし、ウォレットを作成してください。
   *[other] パスワードを管理するアプリ（KeePassXC や「パスワードと鍵」など）で Secret Service を有効にし、既定のコレクションを作成してください。
}その後、もう一度試してください。失われたものはありません。
error-keychain-locked = キーチェーンがロックされています。解除してから、もう一度試してください。失われたものはありません。
error-keychain-late = キーチェーンが応答しません。パスワードの入力を待っている可能性があります。解除してから、もう一度試してください。
error-keychain-refused = キーチェーンがアクセスを拒否しました。Renraku の利用を許可してから、もう一度試してください。
error-login-address = サインインのアドレスを使えません。サービスのアドレスを確かめてください。
error-login-answer = サインインに対する { $service } の応答を使えませんでした（{ $what }）。何も変更しておらず、以前の接続もそのままです。もう一度試してください。繰り返し起こる場合は、この文をサポートの担当者に見せてください。
error-login-throttled = { $service } への要求が多すぎたため、{ $known ->
    [yes] { $until } まで
   *[no] しばらくの間
}サインインできません。何も変更しておらず、以前の接続もそのままです。その後でもう一度接続してください。
error-login-untyped = { $service } のコードが時間内に入力されなかったため、無効になりました。何も変更していません。もう一度接続し、新しいコードを入力してください。
error-centre-unknown = Zoho がサインイン先として「{ $named }」を示しましたが、Renraku は既知の Zoho のデータセンター（RENRAKU_ENDPOINTS のファイルを使う場合は、このコンピューター）以外にはサインインしません。そこには何も送信しておらず、何も変更していません。以前の接続もそのままです。データセンターの指定とそのファイルを確かめてください。Zoho に新しいデータセンターができた場合は、Renraku を更新してください。
error-login-code = { $service } がサインインを受け付けませんでした。時間がかかりすぎた可能性があります。もう一度試してください。
error-login-denied = ブラウザーで { $service } へのアクセスが許可されませんでした。何も変更していません。もう一度試してください。
error-service-disabled = この OAuth クライアントでは People API が無効になっています。何も失われていません。クライアントの所有者が Google のコンソールで有効にすると、数分後に使えるようになります。
error-login-no-code = Google の連絡先にはコードでサインインできません。このコンピューターのブラウザーで接続してください。
error-login-late = { $service } のサインインが { $minutes } 分以内に終わりませんでした。何も変更しておらず、以前の接続もそのままです。ページを閉じたか、別のブラウザーや別のプロファイルで開いた可能性があります。{ $side ->
    [google] アクセスがブロックされている、またはアプリがテスト中だと Google に表示された場合は、クライアントの作成者が Google のコンソールでお使いのアドレスをテストユーザーに追加するか、アプリを公開してください。
   *[zoho] Zoho のエラーページが表示された場合は、Zoho の API コンソールのリダイレクト先が { $redirect } と完全に一致しているか、クライアントがそのページのデータセンターに登録されているかを確かめてください。{ $pkce ->
        [yes] 種類が「Server-based」のクライアントは、PKCE を使うサインインを拒否することがあります。その場合は PKCE を使わずに接続してください。
       *[no] {""}
    }
}もう一度接続し、開いたブラウザーでサインインを終えてください。
error-login-not-lasting = { $service } から継続的なアクセス権を得られませんでした。アカウントの連携アプリから Renraku を削除して、もう一度試してください。
error-no-browser = ブラウザーを開けませんでした。既定のブラウザーを確かめてから、もう一度試してください。
error-no-client = { $service } に接続するための登録（OAuth クライアント）がまだありません。アプリの「接続」画面で登録できます。
error-no-run = 同期 #{ $run } は見つかりません。
error-no-change = 同期 #{ $run } では、この連絡先に何も書き込んでいません。
error-no-contact = 同期の対象に連絡先 { $contact } は見つかりません。連絡先の一覧で確かめてください。
error-no-counterpart = { $contact } には対応する相手がないため、別の人として分ける必要はありません。
error-not-connected = { $service } のアカウントが接続されていません。先に接続してください。
error-not-set-up = { $module }はまだ設定されていません。先に設定してください。
error-nothing-set-up = 接続中のアカウントには、まだ何も設定されていません。先に同期を設定してください。ほかのアカウントの設定は残っています。
error-offline = { $service } に接続できません。失われたものはありません。インターネット接続を確かめてください。
error-port-taken = サインインに使うポート { $port } は使用中です（別のプログラム、または Renraku の別のサインインが使っています）。それを終了してもう一度試すか、Zoho のクライアントのポートを、Zoho とこのアプリの両方で別のものに変えてください。
error-refused = { $service } が要求を拒否しました（{ $code }）。失われたものはありません。続くようなら、設定でサポート用ファイルを作り、担当者に見せてください。
error-rights = { $right ->
    [policy] 組織の設定により、このアプリと { $service } の接続が許可されていません。失われたものはありません。管理者に許可を依頼してください。
    [api] Zoho のプロファイルに「Zoho CRM API Access」の権限がありません。失われたものはありません。Zoho の管理者に依頼してください。
    [sync] Zoho のプロファイルに「Sync with Google Contact」の権限がありません。失われたものはありません。Zoho の管理者に依頼してください。
    [unnamed] { $service } のアカウントに必要な権限がありません（どの権限かは { $service } から示されませんでした）。失われたものはありません。同期するデータの表示・作成・編集・削除の権限を管理者に依頼してください。
   *[other] { $service } のアカウントに権限（{ $service } での名称: { $permission }）がありません。失われたものはありません。管理者に依頼してください。
    [records] Zoho のプロファイルに、{ $area ->
        [Contacts] { module-Contacts }
        [Leads] { module-Leads }
        [Vendors] { module-Vendors }
        [Accounts] 取引先（会社名の保存先）
       *[other] { $area }
    }を{ $verb ->
        [create] 作成
        [edit] 編集
        [delete] 削除
       *[view] 表示
    }する権限がありません。失われたものはありません。Zoho の管理者に依頼してください。
}
error-scope-missing = { $service } で連絡先へのアクセスが許可されませんでした。失われたものはなく、以前の設定もそのままです。もう一度接続し、連絡先のチェックを付けてください。
error-scope-missing-email = メールアドレスを確認する権限が許可されなかったため、Google のどのアカウントか分かりませんでした。失われたものはなく、以前の接続もそのままです。もう一度接続し、すべてのチェックを入れたままにしてください。
error-scope-missing-zoho = { $service } のサインインで、{ $right ->
    [contacts] 連絡先の権限
    [leads] 見込み客の権限
    [vendors] 仕入先の権限
    [accounts] 取引先（会社名の保存先）の権限
    [queries] データを検索する権限
    [views] リストビューを見る権限
    [who] 利用者と組織の情報を見る権限
   *[setup] 同期の設定に必要な、タブ・項目・レイアウトを見る権限
}（{ $scope }）が許可されませんでした。失われたものはなく、以前の設定もそのままです。Zoho にもう一度接続し、画面に表示されるすべての権限を許可してください。この権限が表示されない場合は、Zoho の管理者に相談してください。
error-setup = 保存していません。以前の設定がそのまま有効です。{ $detail }
error-signed-out = { $service } のサインインが切れています。設定と対応関係はすべて残っています。もう一度サインインしてください。
error-sync-off = { $module }の同期は無効です。有効にすると同期できます。
error-throttled = { $service } から待つよう求められています。失われたものはなく、残りは次回以降に処理します。
error-throttled-until = { $service } から { $until } まで待つよう求められています。失われたものはなく、残りはその後に処理します。
error-too-slow = { $service } の応答が遅すぎます。数分待っても最後まで届きませんでした。失われたものはありません。次回の同期でもう一度試します。続くようなら、ほかのページがすぐに開くか確かめてください。
error-untrusted = { $service } に安全に接続できません。応答した相手の証明書を、このコンピューターは信頼していません。何も送信していません。会社のプロキシを経由している場合は、その証明書をこのコンピューターに追加してください。コンピューターの日付が間違っている可能性もあります。
error-certificates = 環境変数 { $variable } に「{ $file }」が設定されていますが、そこから証明書を読み取れないため、どの接続先も確認できません。何も送信しておらず、失われたものはありません。証明書のあるファイルまたはフォルダーを指定し直すか、この変数を削除してから、Renraku を起動し直してください。
error-tls = このコンピューターでは安全な接続を準備できません。

# エンジンの文
engine-changed = { $service } で変更されました。
engine-filled = 空だった項目に { $service } の値を入れます。
engine-won = 両方の値が違うため、この同期で優先する { $service } の値にします。
engine-chosen = 両方の値が違っていて、{ $service } の値を選びました。
engine-new = { $service } の新しい連絡先です。
engine-deleted = { $service } で削除されました。
engine-put-back = { $service } からなくなったため、元に戻しました。
engine-account = この会社の取引先が Zoho にまだないため、新しく追加します。
engine-default = Zoho の必須項目のため、初期値を入れます。
engine-label = この同期のラベルに加えます。
engine-scope = この同期のラベルやビューの対象外のため、選択どおり取り除きます。
engine-echo = Renraku が作成した連絡先の、サービス側でできた重複です。
engine-handed-on = 同じ値は 1 件にしか入れられないため、別の連絡先へ渡す前にいったん空にしました。
engine-undo = 同期の取り消しによる変更です。
engine-first-plan = 最初の計画ができました。確認と承認をお願いします（作成 { $create } 件、更新 { $update } 件、削除 { $delete } 件）。まだ何も書き込んでいません。
engine-changed-setup = 同期の設定が変わったため、この計画の承認が必要です（作成 { $create } 件、更新 { $update } 件、削除 { $delete } 件）。まだ何も書き込んでいません。
engine-came-since = 計画を確認した後に { $contacts } 件の連絡先が変わりました。今回は書き込まず、次回の同期で改めて確認します。
engine-set-aside = このコンピューターのデータベースが壊れていたため、{ $file } という名前で残しました。Zoho と Google から失われたものはありません。{ $kept ->
    [everything] アカウント、設定、同期から除外した連絡先や別の人とした連絡先の指定は引き継ぎました。
    [settings] アカウントと設定は引き継ぎました。同期から除外した連絡先や別の人とした連絡先の指定は読み取れなかったため、次の計画で確認してください。
   *[nothing] アカウントも同期も引き継げませんでした。両方のアカウントを接続し、同期を設定し直してください。
}これまでの履歴は元のファイルにあります。次の同期では両側を読み直し、書き込む前に計画を表示します。
engine-missing = データベースがデータの保存先にありません。削除または移動されたようです。Zoho と Google から失われたものはありません。{ $kept ->
    [everything] アカウント、設定、同期から除外した連絡先や別の人とした連絡先の指定は引き継ぎました。
    [settings] アカウントと設定は引き継ぎました。同期から除外した連絡先や別の人とした連絡先の指定は読み取れなかったため、次の計画で確認してください。
   *[nothing] アカウントも同期も引き継げませんでした。両方のアカウントを接続し、同期を設定し直してください。
}これまでの履歴は残っていません。次の同期では両側を読み直し、書き込む前に計画を表示します。
engine-first-plan-again = このコンピューターのデータベースが壊れていたため、{ $file } という名前で残しました。失われたものはありません。両側を読み直して計画を作りました。確認と承認をお願いします（作成 { $create } 件、更新 { $update } 件、削除 { $delete } 件）。{ $kept ->
    [everything] {""}
   *[other] 同期から除外した連絡先や別の人とした連絡先の指定は読み取れませんでした。計画に含まれていないか確認してください。
}まだ何も書き込んでいません。
engine-first-plan-missing = データベースがデータの保存先にありませんでした。失われたものはありません。両側を読み直して計画を作りました。確認と承認をお願いします（作成 { $create } 件、更新 { $update } 件、削除 { $delete } 件）。{ $kept ->
    [everything] {""}
   *[other] 同期から除外した連絡先や別の人とした連絡先の指定は読み取れませんでした。計画に含まれていないか確認してください。
}まだ何も書き込んでいません。
forget-sign-in = { $service } へのサインイン（{ $account }）：サービス側とキーチェーンの両方
forget-clients = 入力または読み込んだ OAuth クライアントと、キーチェーン内のシークレット
forget-client-file = データの保存先の OAuth クライアントのファイル
forget-snapshots = 最初の同期の前に保存した両側のスナップショット
forget-set-aside = 別名で残した壊れたデータベース
forget-database = データベース：設定、連絡先の対応、履歴、連絡先の写し
forget-left-sign-in = { $service } へのサインイン（{ $account }）：取り消しを { $service } が確認しませんでした。次回の起動時、またはもう一度すべて削除するときに取り消せるよう、キーチェーンに残しています。すぐに確実にするには、こちらで Renraku を削除してください：{ $address }
forget-left-dead-token = キーチェーン内の { $service } へのサインイン情報（{ $account }）：{ $service } 側では取り消し済みで、もう使えませんが、キーチェーンから削除できませんでした。キーチェーンのロックを解除して、もう一度すべて削除してください。次回の起動時にも削除を試みます。
forget-left-keychain = { $service } へのサインイン（{ $account }）：キーチェーンを利用できないため、まだ取り消していません。キーチェーンのロックを解除して、もう一度すべて削除してください。次回の起動時にも取り消しを試みます。すぐに確実にするには、こちらで Renraku を削除してください：{ $address }
forget-left-no-token = { $service } 側に残るサインイン（{ $account }）：このコンピューターのキーチェーンに情報が残っていなかったため取り消せず、まだ有効な可能性があります。このコンピューターには何も残っていません。念のため、次のページで Renraku を削除してください：{ $address }
forget-left-unknown = { $service } へのサインイン（データベースにアカウントの記録がないもの）：キーチェーンからは削除しましたが、{ $service } 側ではまだ有効な可能性があります。念のため、次のページで Renraku を削除してください：{ $address }
forget-left-unknown-keychain = { $service } へのサインイン（データベースにアカウントの記録がないもの）：キーチェーンから削除できませんでした。ロックを解除して、もう一度すべて削除してください。念のため、次のページで Renraku を削除してください：{ $address }
forget-left-number = キーチェーン内の、古いデータベースを見分けるための番号。個人や連絡先の情報は含みません。もう一度すべて削除すると消えます。
forget-left-copies = データフォルダーに手動で作成されたデータベースのコピー（{ $files }）：連絡先を含む可能性があります。Renraku が削除するのは自ら作成したものだけです。不要な場合は削除してください。
forget-login-start = コンピューターへのログイン時に Renraku を起動する設定
engine-older = このコンピューターのデータベースは、バックアップから戻された、または別のコンピューターから移された古い状態のものです。Zoho と Google から失われたものはありません。次の同期では、書き込む前に計画を表示し、両側の値が違う項目は確認をお願いします。
engine-first-plan-older = このコンピューターのデータベースは古い状態のものです。失われたものはありません。「要確認」で選んでいただく違いは { $differences } 件です。計画の確認と承認をお願いします（作成 { $create } 件、更新 { $update } 件、削除 { $delete } 件）。まだ何も書き込んでいません。
engine-mass-change = { $service } から { $contacts } 件の連絡先がなくなりました。{ $other } では何も削除していません。「要確認」で扱いを選んでください。
engine-mass-change-held = { $service } から { $contacts } 件の連絡先がなくなりました。{ $other } では何も削除せず、ほかの書き込みも止めています。「要確認」で扱いを選んでください。
engine-mass-change-over = { $service } から { $contacts } 件の連絡先がなくなりました。この同期では、それによる { $other } での削除はしていません。扱いは選択済みです。
engine-mass-change-both-over = 両側から連絡先がなくなりました（Zoho から { $zoho } 件、Google から { $google } 件）。この同期では、それによる削除はしていません。扱いは選択済みです。
engine-mass-change-both = 両側から連絡先がなくなりました（Zoho から { $zoho } 件、Google から { $google } 件）。それによる削除は何もしていません。「要確認」で扱いを選んでください。
engine-mass-change-both-held = 両側から連絡先がなくなりました（Zoho から { $zoho } 件、Google から { $google } 件）。それによる削除は何もせず、ほかの書き込みも止めています。「要確認」で扱いを選んでください。
engine-stopped-reading = 読み込みの途中で同期を停止しました。まだ何も書き込んでいません。次回の同期で続けます。
engine-stopped = 同期を停止しました。書き込んだ内容はそのままです。残りの { $contacts } 件は次回の同期で続けます。
engine-narrowed = 同期のラベルまたはビューが変わり、対応する { $contacts } 件が対象から外れました。何も書き込んでいません。承認すると、そのまま残します。
engine-scope-removes = 選択に従って、新しいラベルまたはビューの対象外になった { $contacts } 件の相手側の連絡先を、次回の同期でごみ箱に移します（上限を超える分はその後の同期で移します）。対象の連絡先はまだ削除していません。それまでは「要確認」で回答を取り消せます。
engine-scope-removes-held = 新しいラベルまたはビューの対象外になった { $contacts } 件について、相手側の連絡先の削除を選びました。件数が多いため、承認が必要です。対象の連絡先はまだ削除していません。計画を確認して承認するか、「要確認」で回答を取り消してください。
engine-google-full = Google アカウントの連絡先が { $cap } 件に達したため、これ以上は追加しません。それ以外は続けます。
engine-unreadable = Zoho で{ $fields }が表示されなくなりました。失われたものはありません。両側ともそのまま残し、Zoho で再び表示されると自動で同期を再開します。今後使わない場合は、この同期の項目から外してください。
engine-other-type = Zoho で{ $fields }に入る値の種類が変わり、Google の対応する項目に入らなくなりました。失われたものはありません。両側ともそのまま残しています。この同期の項目の設定で、別の対応先を選んでください。
engine-read-only = Zoho で{ $fields }を変更する権限がなくなりました。失われたものはありません。Google に入力した値はそのまま残し、Zoho で再び変更できるようになると自動で反映します。Zoho 側の変更はこれまでどおり Google に届きます。
engine-left-out = { $count } 件の連絡先について、Zoho の応答に項目{ $fields }が含まれていませんでした。両側ともそのまま残し、次回の同期でもう一度確認します。
engine-unsettled = 書き込み { $count } 件の応答が届きませんでした。二重に送ることはありません。次の同期で、書き込まれたかどうかを先に確かめます。
engine-interrupted = この同期は中断しました。失われたものはなく、次の同期が続きから再開します。
engine-undo-interrupted = この取り消しは中断しました。失われたものはなく、続きから自動で再開します。遅くとも次の同期のときに再開します。
engine-ask-deleted-edited = { $service } で削除されましたが、前回の同期の後に { $other } で編集されています。{ $other } でも削除しますか、元に戻しますか、残しますか？
engine-ask-deleted = { $service } で削除されました。{ $other } でも削除しますか、元に戻しますか、残して同期をやめますか？
engine-ask-mass-change =
    { $delete ->
        [yes] 前回の同期から { $service } で { $contacts } 件の連絡先がなくなりました。{ $other } では何も削除していません。元に戻しますか、{ $other } でも削除しますか、1 件ずつ決めますか？
       *[no] 前回の同期から { $service } で { $contacts } 件の連絡先がなくなりました。{ $other } は読み取るだけなので、何も削除しません。元に戻しますか、そのままにしますか、1 件ずつ決めますか？
    }
engine-ask-unreadable = { $service } から届いたこの連絡先の内容を読み取れないため、どちらの側も変更していません。{ $service } で開き、特殊な文字や日付を確かめて保存し直してください。
engine-ask-one-piece = Google では{ $field }が項目に分かれていない一つの文章、または日付の一部だけになっているため、どこに何を入れるか判断できません。両側ともそのまま残し、ほかの項目は同期します。失われたものはありません。Google コンタクトで各項目に入力し直すか、この連絡先では対象から外してください。
engine-ask-recreate = この同期の書き込み先である { $service } で削除されました。もう一度作成しますか、そのままにしますか？
engine-alike =
    { $reason ->
        [mark] 以前 Renraku が対応付けた組み合わせです。
        [email] 主なメールアドレスが同じです。
        [name-and-phone] 名前と電話番号が同じです。
        [name-and-email] 名前と、メールアドレスの 1 つが同じです。
        [shared-email] 名前は違いますが、同じメールアドレスがあります。
        [whole-card] 同期する項目の内容がすべて同じです。
       *[name-only] 名前は同じですが、同じ人かどうかを判断できる情報がほかにありません。
        [unique] この値は Zoho の別のデータですでに使われています。
        [namesakes] 同じ名前の連絡先がいくつかあり、どれが同じ人かを判断できる情報がほかにありません。
        [decided] 手動で対応付けた組み合わせです。
    }
engine-ask-doubtful = { engine-alike }同じ人ですか？
engine-ask-duplicate =
    { $why ->
        [unasked] このメールアドレスの人がすでに Zoho にいるかどうかを確認できなかったため、まだ何も作成していません。Zoho にいる人とは別の人であれば作成します。
        [namesakes] { $other } には、まだ確認していない同じ名前の連絡先があり、同じ人かどうかを判断できる情報がほかにありません。まだ何も作成していません。{ $other } の誰とも別の人であれば作成します。
        [apart] 同期の対象外になっている連絡先と同じ人と思われるため、{ $other } にはコピーしていません。別の連絡先であれば { $other } に作成します。別の連絡先ですか？
       *[twin] 同じ人と思われる別の連絡先が { $service } にあり、すでに同期または確認の対象になっているため、この連絡先はコピーしていません。同じ人ですか？
    }
engine-ask-merged = { $service } で、対応する連絡先を持つ別の連絡先と統合されました。もう一方の 2 件は同じ人です。何も削除していません。そちらで統合してください。
engine-ask-misfit =
    { $named ->
        [no] ある値
       *[yes] { $field }
    }を { $service } に書き込めません。{ $misfit ->
        [too-long] この項目に入る { $detail } 文字を超えています
        [email] Zoho で使えるメールアドレスではありません
        [phone] Zoho で使える電話番号ではありません
        [url] ウェブアドレスではありません
        [date] 日付ではありません
        [no-year] Google では年がなく、月日が Zoho と異なります。Zoho は年のない日付を受け付けません
        [list] 選択肢にありません
        [number] 数値ではありません
        [flag] 「はい」「いいえ」のどちらでもありません
        [required] 必須項目ですが、値も初期値もありません
        [too-many] Google に 100 件以上あり、すべては表示されないため、変更すると一部が失われるおそれがあります
        [employment] 在籍期間のある会社は Google 側で変更できません
        [no-account] Zoho にこの名前の取引先がなく、新しく作ることもできませんでした。Zoho でこの取引先が作成されると、自動で使います
        [accounts-sign-in] 会社名は Zoho の取引先になりますが、その権限がサインインで許可されていません。Zoho にもう一度接続し、画面に表示されるすべての権限を許可してください
        [accounts-sign-in-new] Zoho にこの名前の取引先がなく、取引先を作成する権限がサインインで許可されていません。Zoho にもう一度接続し、画面に表示されるすべての権限を許可してください
        [accounts-rights] 会社名は Zoho の取引先になりますが、取引先を見る権限がありません。Zoho の管理者が許可できます
        [accounts-rights-new] Zoho にこの名前の取引先がなく、取引先を作成する権限もありません。Zoho の管理者が許可できます
        [account-field] Zoho にこの名前の取引先がなく、新しい取引先には「{ $detail }」の入力が必須です
        [account-name] Zoho に取引先「{ $detail }」がなく、取引先の名前としても受け付けられませんでした
        [account-limit] Zoho にこの名前の取引先がなく、組織のデータ件数の上限に達しています
        [account-refused] Zoho にこの名前の取引先がなく、作成も拒否されました。理由は「{ $detail }」です
        [account-not-taken] Zoho の取引先「{ $detail }」が、連絡先の会社として受け付けられませんでした
        [unasked] この名前の取引先が Zoho にあるか確認できなかったため、新しく作っていません
        [accounts-several] 法人格だけが異なる同じ名前の取引先が Zoho に複数あり、どれか判断できないため選んでいません。取引先名のとおりに法人格を付けてください
        [elsewhere] Zoho では同じ値を 1 件しか登録できず、{ $module }のデータがすでに使っています
        [invalid] { $service } では使えない値です
        [not-permitted] { $service } で変更する権限がありません
        [not-allowed] { $service } ではこの変更が許可されていません
        [internal] { $service } の内部でエラーが起きました。もう一度試すと成功することがあります
        [unsaid] 理由はわかりません
       *[refused] { $service } の示す理由は「{ $detail }」です
    }。失われたものはありません。{ $next ->
        [correct] 直してもう一度試すか、この連絡先ではこの項目を対象から外してください。
        [itself] 同期のたびに自動でもう一度試します。ほかに必要な操作はありません。
       *[again] もう一度試すか、この連絡先ではこの項目を対象から外すことができます。
    }
engine-ask-cause =
    { $contacts } 件の連絡先の会社名を書き込めずにいます。会社名は Zoho の取引先になりますが、{ $cause ->
        [accounts-sign-in] 取引先を見る権限（ZohoCRM.modules.accounts.READ）がサインインで許可されていません。Zoho にもう一度接続し、画面に表示されるすべての権限を許可してください。
        [accounts-sign-in-new] Zoho にない会社に必要な、取引先を作成する権限（ZohoCRM.modules.accounts.CREATE）がサインインで許可されていません。Zoho にもう一度接続し、画面に表示されるすべての権限を許可してください。
        [accounts-rights] Zoho のプロファイルに取引先を見る権限（取引先の「表示」）がありません。Zoho の管理者が許可できます。
        [account-field] 新しい取引先には「{ $detail }」の入力が必須で、ここからは入力できません。Zoho で取引先を作成するか、この項目を必須から外すよう Zoho の管理者に依頼してください。
        [account-name] 「{ $detail }」は取引先の名前として受け付けられませんでした。Google で会社名を直すか、Zoho で取引先を作成してください。
        [account-limit] 組織のデータ件数の上限に達しています。Zoho の管理者にご相談ください。
        [account-refused] 取引先の作成が拒否されました。理由は「{ $detail }」です。Zoho で取引先を作成するか、Zoho の管理者にご相談ください。
        [account-not-taken] 「{ $detail }」は連絡先の会社として受け付けられませんでした。項目に絞り込みが設定されている可能性があります。Zoho で会社を選ぶか、Zoho の管理者にご相談ください。
        [unasked] この名前の取引先が Zoho にあるか確認できなかったため、新しく作っていません。
       *[accounts-rights-new] Zoho にない会社に必要な、取引先を作成する権限（取引先の「作成」）が Zoho のプロファイルにありません。Zoho の管理者が許可できます。
    }失われたものはありません。これらの連絡先のほかの項目は同期し、会社名は 1 日以内に自動でもう一度試します。「もう一度試す」を選ぶと、次の同期ですぐに試します。
engine-ask-refused =
    { $service } が{ $named ->
        [no] 値
       *[yes] { $field }の値
    }を受け付けませんでした。同じ値は 1 件にしか入れられず、{ $by ->
        [record] 「{ $who }」
        [module] { $module }の別のデータ
       *[unknown] 別のデータ
    }がすでに使っています。失われたものはありません。そのデータが変わると、自動でもう一度試します。
engine-ask-difference = { $field }の値が違います（Zoho は「{ $zoho }」、Google は「{ $google }」）。選ぶまでどちらも上書きしません。
engine-ask-on-hold =
    Zoho のこのデータは現在変更できません。{ $hold ->
        [review] レビュー中です
        [approval] 承認待ちです
        [blueprint] ブループリントの途中です
       *[locked] ロックされています
    }。失われたものはありません。同期のたびに自動でもう一度試すため、操作は不要です。
engine-ask-frozen = { $field }の値が 2 つの間を行き来しています。別のプログラムが戻している可能性があります。決めるまで変更しません。
engine-ask-undo-left =
    { $obstacle ->
        [read-only] { $field }は Zoho で変更できなくなったため、取り消しでは変更しませんでした。失われたものはありません。元に戻すには、Zoho の管理者に依頼して変更できるようにしてから、もう一度取り消してください。
        [hidden] { $field }は Zoho で表示できなくなったため、取り消しでは変更しませんでした。失われたものはありません。元に戻すには、Zoho の管理者に依頼して表示できるようにしてから、もう一度取り消してください。
        [unmapped] { $field }は同期の対象から外れているため、取り消しでは変更しませんでした。失われたものはありません。元に戻すには、項目の関連付けに加えてから、もう一度取り消してください。
       *[edited] { $field }は同期の後に編集されたため、取り消しでは変更しませんでした。失われたものはありません。
    }
engine-asleep-view = この同期の Zoho のビューに含まれていません。
engine-asleep-label = この同期の Google のラベルが付いていません。
engine-asleep-undone = Google の連絡先をラベルに加えた同期を取り消したため、ラベルの外にあります。もう一度同期するか、Google でラベルを付けると、この 2 件の同期を再開します。
engine-asleep-hidden = 現在 { $service } で表示する権限がありません。
engine-asleep-gone = { $service } で削除されました。「要確認」で決めてください。
engine-asleep-merged = { $service } で別の連絡先と統合されました。
engine-asleep-alarm = 多数の連絡先とともに { $service } からなくなりました。どうするかを選ぶまで、何も書き込みません。
engine-asleep-asked = この連絡先について確認が必要です。
engine-contact-left-out = この連絡先を同期から除外しています。
engine-contact-kept = { $service } で削除され、同期をやめています。もう一度同期すると、書き込める場合は { $service } に作り直します。
engine-contact-undone = { $service } に作成した同期を取り消したため、{ $service } ではごみ箱に入り、同期をやめています。もう一度同期すると、{ $service } に作り直します。
engine-contact-unlinked = 対応付けを解除しています。どちらもそのまま残り、書き込みません。
engine-contact-answered = 決めた内容は次回の同期で反映されます。
engine-contact-left-aside =
    { $named ->
        [no] 両側で異なる値があり、そのままにすることを選びました。ほかは一致しています。
       *[yes] { $field }が両側で異なり、そのままにすることを選びました。ほかは一致しています。
    }
engine-why-off = この同期は無効です。
engine-why-dirty = 同期しています。最新の変更は次回の同期で反映されます。
engine-why-at-rest = Google の{ $field }を今は Zoho に反映できません。失われたものはありません。反映できるようになると自動で反映します。
engine-why-in-step = Zoho と Google の内容は同じです。
engine-why-matched = Zoho と Google の内容は同じです。{ engine-alike }
engine-why-no-place = この同期の項目では、Zoho と Google の内容は同じです。{ $values } は Google だけにあります。この同期には、これを入れられる Zoho の項目が残っていません。内容は失われていません。Zoho にも入れるには、この同期に項目を追加してください。
engine-why-unsure = 作成が中断しました。すでに存在しないことを先に確かめます。
engine-why-elsewhere = 別のタブのデータと同期しています。
engine-why-waits = 次回の同期で処理します。
engine-why-limit = 次回以降の同期で処理します。1 回の同期で書き込むのは最大 { $limit } 件です。
engine-why-full = Google アカウントがいっぱいのため、空きができるまで待っています。
engine-why-ignored = 同じ人と思われる連絡先がほかにあり、この連絡先はそのままにすることを選びました。
engine-why-frozen = { $field }が両側で異なります。値が行き来し続けたため、そのままにしています。ほかは一致しています。
engine-why-unsplit = { $field }が両側で異なります。Google ではこの内容が項目に分かれていない一つの文章として保存されているため、両側ともそのまま残しています。Google コンタクトで各項目に入力し直すと同期されます。
engine-why-closed = { $field }が両側で異なります。Zoho ではこの項目を変更できないため、それぞれの値をそのまま残しています。Google コンタクトで直すか、この同期の項目から外してください。
engine-why-drifted = { $field }が両側で異なります。この同期が書き込むだけの { $service } で編集されたため、その編集を残しています。もう一度同期すると、{ $other } の値を書き込みます。
engine-why-undone = 同期を取り消して元の値に戻したため、{ $field }が両側で異なります。ほかの項目は一致しています。もう一度同期するか、どちらかで編集すると、同じ値になります。
engine-why-differs = { $field }が両側で異なります。その後どちらでも編集されていないため、そのままにしています。もう一度同期するか、どちらかで編集すると、同じ値になります。
engine-why-only-to-google = この同期は Zoho から Google への一方向です。
engine-why-only-to-zoho = この同期は Google から Zoho への一方向です。
engine-why-nothing = 同期する項目に値がありません。
engine-rights-sync = Zoho のプロファイルに「Sync with Google Contact」の権限がありません。Zoho の管理者に依頼してください。
engine-rights-api = Zoho のプロファイルに「Zoho CRM API Access」の権限がありません。Zoho の管理者に依頼してください。
engine-rights-view = Zoho のプロファイルに、{ $module }を表示する権限がありません。Zoho の管理者に依頼してください。
engine-rights-write = Zoho のプロファイルに、{ $module }の{ $rights ->
        [create] 作成
        [edit] 編集
        [delete] 削除
        [create-edit] 作成・編集
        [create-delete] 作成・削除
        [edit-delete] 編集・削除
       *[create-edit-delete] 作成・編集・削除
    }の権限がありません。設定できるのは Zoho から Google への同期だけです。
engine-setup-no-field = { $module }のタブに{ $field }という項目はありません。
engine-setup-no-place = Google に{ $place }という項目はありません。
engine-setup-types = { $field }は種類（{ $type }）が異なるため、{ $place }に関連付けられません。
engine-setup-twice = { $field }が 2 回関連付けられています。どちらかを外してください。
engine-setup-no-default = { $field }は Zoho の必須項目です。初期値を入力してください。
engine-setup-bad-default = { $field }の初期値は、この項目には使えません。
engine-setup-read-only = { $field }には書き込めないため、初期値を設定できません。
engine-setup-no-rows = 関連付けた項目がありません。1 つ以上関連付けてください。
engine-setup-no-mapping = 「{ $mapping }」という関連付けはありません。「default」か、項目の一覧を指定してください。
engine-setup-range = { $entry }の値が、使える範囲にありません。
engine-setup-no-view = { $module }のタブに「{ $view }」というビューはありません。
engine-setup-own-group = 「{ $label }」は Google が用意しているグループのため、同期の範囲には使えません。ご自分のラベルを選ぶか、別の名前を入力してください。
engine-undone = { $all } 件の変更のうち { $done } 件を元に戻しました。
engine-undo-left-some = { $all } 件の変更のうち { $done } 件を元に戻しました。{ $left } 項目はそのまま残し、理由とともに「要確認」に表示しています。
engine-undo-unlabelled = { $people } 件は、今この同期の対象ではない、またはすでにないラベルから外れていたため、ラベルには戻しません。それ以外は何も変更しません。
engine-undo-unlabelled-some = { $all } 件の変更のうち { $done } 件を元に戻しました。{ engine-undo-unlabelled }
engine-undo-nothing = すべてその同期の前の状態に戻っています。元に戻すものはありませんでした。

# コマンドライン
cli-stopping = 送信中の分が終わったら停止します。すぐに停止するには、もう一度 Ctrl-C を押してください。
cli-so-far = { $count } 件まで完了
cli-runs-none = 同期はまだ行われていません。
cli-syncs-none = まだ何も設定されていません。
cli-contacts-none = 該当する連絡先はありません。
cli-preview = 計画
cli-previewed = 何も書き込んでいません。
cli-would-create = { $service } に { $count } 件を追加予定
cli-would-update = { $service } の { $count } 件を変更予定
cli-would-delete = { $service } の { $count } 件を削除予定
cli-conflicts = 競合 { $count } 件を解決
cli-waiting = 次回待ち { $count } 件
cli-failed = 失敗 { $count } 件
cli-approve = 計画を確認する： renraku-cli preview { $name }
    承認する： renraku-cli sync { $name } --approve-held
cli-decide = 要確認の一覧を見る： renraku-cli review
    回答する： renraku-cli resolve 番号 選択肢
cli-answer = 回答する： renraku-cli resolve 番号 選択肢（選んだ内容は、次回の同期で反映されます）
cli-operation = { $service } で{ $kind }：{ $contact }
cli-operation-why = { $service } で{ $kind }：{ $contact }（{ $why }）
cli-outside = { $service } のラベルまたはビューの対象外：{ $contact }
cli-fact = { $name }：{ $value }
cli-commands = コマンド：{ $commands }
cli-side = { $service }
cli-side-gone = { $service }（削除済み）
cli-not-connected = 未接続
cli-read-only = 書き込み不可
cli-mandatory = 必須
cli-labels = Google のラベル
cli-views = Zoho のリストビュー
cli-everybody = Google の「連絡先」にある連絡先：{ $count } 件
cli-members = { $count } 件
cli-centre-suggested = { $name }（このコンピューターの地域からの推定）
cli-pkce = PKCE でサインイン
cli-saved = 保存しました：{ $file }
cli-would-go = ご自身で作ったコピー（バックアップなど）はそのまま残ります。すべて削除するには、--yes を付けてください。
cli-retention =
    { $count ->
        [0] 履歴と、削除された連絡先の写しを無期限に保存します。
       *[other] 履歴と、削除された連絡先の写しを { $count } 日間保存します。
    }
cli-wait-browser = 開いたブラウザーで { $service } にサインインしてください（最大 5 分待ちます）。Ctrl-C で中止でき、その場合は何も変更しません。
cli-wait-address = このコンピューターのブラウザーで上のアドレスを開き、{ $service } にサインインしてください（最大 5 分待ちます）。Ctrl-C で中止でき、その場合は何も変更しません。
cli-wait-code = 上のコードで { $service } にサインインしてください（最大 5 分待ちます）。Ctrl-C で中止でき、その場合は何も変更しません。
cli-wait-pkce = Zoho にエラーページが表示されたときは、中止してから --without-pkce を付けて接続し直してください。種類が「Server-based」のクライアントは、この方法でサインインします。
cli-wait-without-pkce = Zoho にエラーページが表示されたときは、中止してから --without-pkce を付けずに接続し直してください。種類が「Mobile-based」のクライアントは、PKCE を使ってサインインします。
cli-start = クライアントを登録した Zoho のデータセンターが分からないため、このコンピューターの地域から推定した「{ $centre }」でサインインを始めます。違う場合は中止して、--data-centre で指定してください。
cli-open = 次のアドレスを開いて、サインインしてください：
cli-open-code = 次のアドレスを開いて、コード { $code } を入力してください：
cli-no-browser = ブラウザーを開けませんでした。
cli-hint-client = コマンドラインでは、組織のファイルを `renraku-cli clients ファイル` で読み込むか、{ $client }_ID と { $client }_SECRET を設定してください。
cli-hint-port = コマンドラインでは、クライアントファイルの `redirect`、またはクライアント ID とともに指定する RENRAKU_ZOHO_REDIRECT でポートを選びます。
cli-hint-other-account = 別のアカウントに切り替えるには、--other-account を付けてください。
cli-error-folder = フォルダー { $file } を作れませんでした（{ $why }）。何も保存していません。別のフォルダーを指定するか、先に作成してください。
cli-error-zoho-alone = --data-centre と --without-pkce は Zoho 専用です。何も行っていません。
cli-error-no-home = ホームフォルダーがありません。何も変更していません。RENRAKU_DATA_DIR にご自分のフォルダーを設定してください。
cli-error-setup-file = 設定ファイル { $file } を使えません：{ $why }。何も保存していません。以前の設定がそのまま有効です。
cli-error-file-there = ファイル { $file } はすでにあります。そのまま残しました。別の名前を指定するか、移動してください。
cli-error-file = ファイル { $file } を書き込めませんでした（{ $why }）。ほかには何も変更していません。別の場所を指定してください。
cli-error-manual = { $file } にマニュアルを書き込めませんでした（{ $why }）。別のフォルダーを指定してください。
