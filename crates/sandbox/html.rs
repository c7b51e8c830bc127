//! The look of the stand-ins' pages: one style sheet, a page frame, escaping.

/// Text made safe for HTML, inside elements and quoted attributes.
pub(crate) fn esc(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// The two services' colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Brand {
    Google,
    Zoho,
}

const STYLE: &str = "
:root{--ink:#1f2430;--soft:#5c6475;--line:#dde1ea;--paper:#fff;--ground:#f4f6fa;--hover:#eef2f9;--accent:#2563c9;--danger:#b3261e}
body.zoho{--accent:#c2342b}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,'Noto Sans','Noto Sans CJK JP',sans-serif}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
header.top{background:var(--paper);border-bottom:1px solid var(--line);padding:.7rem 1.5rem;display:flex;gap:1.5rem;align-items:center;flex-wrap:wrap}
header.top b{font-size:1.1rem}header.top .mark{display:inline-block;width:.8rem;height:.8rem;border-radius:50%;background:var(--accent);margin-right:.5rem}
header.top nav{display:flex;gap:1rem;flex-wrap:wrap}header.top nav a.on{font-weight:600;border-bottom:2px solid var(--accent)}
header.top .who{margin-left:auto;color:var(--soft);font-size:.9rem}
main{max-width:72rem;margin:1.5rem auto;padding:0 1.5rem}
h1{font-size:1.4rem;margin:.2rem 0 1rem}h2{font-size:1.05rem;margin:1.4rem 0 .6rem}
.card{background:var(--paper);border:1px solid var(--line);border-radius:.8rem;padding:1.2rem 1.4rem;margin-bottom:1.2rem}
.narrow{max-width:28rem;margin:8vh auto 2rem}
table{border-collapse:collapse;width:100%;background:var(--paper);border:1px solid var(--line);border-radius:.8rem;overflow:hidden}
th,td{text-align:left;padding:.5rem .8rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
th{color:var(--soft);font-size:.82rem;font-weight:600}tr:last-child td{border-bottom:0}tbody tr:hover{background:var(--hover)}
input,select,textarea,button{font:inherit;color:inherit}
input[type=text],input[type=search],input[type=number],select,textarea{border:1px solid #b9c0ce;border-radius:.45rem;padding:.4rem .6rem;background:#fff;width:100%}
textarea{min-height:6rem}
input:focus-visible,select:focus-visible,textarea:focus-visible,button:focus-visible,a:focus-visible{outline:3px solid #9cc0ff;outline-offset:1px}
button,.button{border:1px solid #b9c0ce;border-radius:.45rem;background:#fff;padding:.4rem .9rem;cursor:pointer;display:inline-block;color:var(--ink)}
button.main,.button.main{background:var(--accent);border-color:var(--accent);color:#fff}
button.danger{color:var(--danger);border-color:var(--danger)}
.bar{display:flex;gap:.7rem;align-items:center;flex-wrap:wrap;margin-bottom:1rem}.bar form{display:flex;gap:.5rem;align-items:center}
.bar input[type=search]{width:20rem;max-width:100%}.bar .end{margin-left:auto}
.grid{display:grid;grid-template-columns:10rem 1fr;gap:.55rem 1rem;align-items:center}
.row{display:flex;gap:.5rem;margin-bottom:.4rem}.row>*{flex:1}.row>.kind{flex:0 0 9rem}.row>button{flex:0 0 auto}button{white-space:nowrap}.grid>button{justify-self:start}
.soft{color:var(--soft)}.pill{display:inline-block;background:var(--hover);border:1px solid var(--line);border-radius:1rem;padding:0 .6rem;font-size:.82rem;margin-right:.3rem}
.note{background:#fff8e1;border:1px solid #eedb9b;border-radius:.6rem;padding:.6rem .9rem;margin-bottom:1rem}
label.check{display:flex;gap:.6rem;align-items:flex-start;padding:.7rem;border:1px solid var(--line);border-radius:.6rem;margin:.6rem 0}
label.check input{margin-top:.3rem}
.actions{display:flex;gap:.7rem;justify-content:flex-end;margin-top:1.4rem}
@media(max-width:40rem){.grid{grid-template-columns:1fr}}
";

/// A whole page. `title` and `body` must be safe HTML.
pub(crate) fn page(brand: Brand, title: &str, top: &str, body: &str) -> String {
    let class = match brand {
        Brand::Google => "google",
        Brand::Zoho => "zoho",
    };
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head><body class=\"{class}\">{top}<main>{body}</main></body></html>"
    )
}

/// A page that only says something.
pub(crate) fn notice(brand: Brand, title: &str, text: &str) -> String {
    let body = format!(
        "<div class=\"card narrow\"><h1 id=\"error-title\">{}</h1><p id=\"error-text\">{}</p></div>",
        esc(title),
        esc(text)
    );
    page(brand, &esc(title), "", &body)
}
